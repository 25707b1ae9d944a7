//! Linear Bayes from a joint sample: what data say of a number that was drawn with them.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn, SymmetricEigen};

/// Misses of the model in every draw: a row each, a column for every figure, centred; and their means.
pub(super) struct Ensemble {
    misses: DMatrix<f64>,
    mean: DVector<f64>,
    covariance: DMatrix<f64>,
}

/// The ensemble, once it is known how far the model may miss what nothing is fitted to.
pub(super) struct Given<'a> {
    ensemble: &'a Ensemble,
    whole: Cholesky<f64, Dyn>,
}

/// What the data say of one number, in standard deviations of its prior.
pub(super) struct Told {
    /// The share of the prior variance that they remove; 0 where they remove none.
    pub removed: f64,
    /// Its standard error, from the finite number of draws.
    pub error: f64,
    /// How far the mean moves.
    pub shift: f64,
    /// How the number goes with each figure.
    with: DVector<f64>,
    /// The share of its variance that is explained in the draws themselves.
    explained: f64,
    /// The number in every draw, standardised.
    drawn: DVector<f64>,
}

/// The standard deviations that the discrepancy is looked for among: from a tenth of a per cent to 100%.
const N_STEPS: i32 = 300;

impl Ensemble {
    /// Of the misses of every draw; `None` with no more draws than figures, which tell nothing.
    pub fn of(draws: &[Vec<f64>]) -> Option<Ensemble> {
        let (n, m) = (draws.len(), draws.first().map_or(0, Vec::len));
        if m == 0 || n < 2 * m + 2 {
            return None;
        }
        let mut misses = DMatrix::from_fn(n, m, |row, column| draws[row][column]);
        let mean = misses.row_mean().transpose();
        for mut row in misses.row_iter_mut() {
            row -= mean.transpose();
        }
        let covariance = misses.transpose() * &misses / (n - 1) as f64;
        Some(Ensemble {
            misses,
            mean,
            covariance,
        })
    }

    fn with(&self, discrepancy: f64) -> Option<Cholesky<f64, Dyn>> {
        let n = self.mean.len();
        let own = DMatrix::identity(n, n) * discrepancy.powi(2);
        Cholesky::new(&self.covariance + own)
    }

    /// The discrepancy under which the misses are likeliest: empirical Bayes, by a search over a grid.
    pub fn discrepancy(&self) -> f64 {
        let log_likelihood = |discrepancy: f64| {
            let whole = self.with(discrepancy)?;
            let spread: f64 = whole.l_dirty().diagonal().iter().map(|x| x.ln()).sum();
            Some(-0.5 * self.mean.dot(&whole.solve(&self.mean)) - spread)
        };
        let steps =
            (0..=N_STEPS).map(|step| 10_f64.powf(3.0 * f64::from(step) / f64::from(N_STEPS) - 3.0));
        let scored = steps.filter_map(|step| Some((log_likelihood(step)?, step)));
        let best = scored.max_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or(f64::INFINITY, |(_, step)| step)
    }

    /// What follows where the model misses each figure by this much beyond what draws differ.
    pub fn given(&self, discrepancy: f64) -> Option<Given<'_>> {
        Some(Given {
            ensemble: self,
            whole: self.with(discrepancy)?,
        })
    }
}

impl Given<'_> {
    /// What is left of each mean miss when every number is where the data put it.
    pub fn left(&self) -> Vec<f64> {
        let ensemble = self.ensemble;
        let told = &ensemble.covariance * self.whole.solve(&ensemble.mean);
        (&ensemble.mean - told).iter().copied().collect()
    }

    /// What the data say of a number, of which `drawn` holds the value in every draw.
    ///
    /// The best linear rule `E[x] + C_xy (C_yy + d^2 I)^-1 (0 - E[y])` (Goldstein and Wooff 2007, chapter 3), which is
    /// regression of what was drawn on what was lived. The share of variance is the adjusted one, and predicts: with
    /// the uncertainty of the coefficients in it, so that few draws and many figures do not pretend to know.
    pub fn tell(&self, drawn: &[f64]) -> Told {
        let misses = &self.ensemble.misses;
        let (n, m) = (misses.nrows() as f64, misses.ncols() as f64);
        let mean = drawn.iter().sum::<f64>() / n;
        let centred = DVector::from_iterator(drawn.len(), drawn.iter().map(|x| x - mean));
        let sd = (centred.norm_squared() / (n - 1.0)).sqrt();
        if !(sd.is_finite() && sd > 0.0) {
            return Told {
                removed: 0.0,
                error: 0.0,
                shift: 0.0,
                with: DVector::zeros(misses.ncols()),
                explained: 0.0,
                drawn: DVector::zeros(drawn.len()),
            };
        }
        let drawn = centred / sd;
        let with = misses.transpose() * &drawn / (n - 1.0);
        let slopes = self.whole.solve(&with);
        let explained = with.dot(&slopes).clamp(0.0, 1.0);
        let leverage = self
            .ensemble
            .mean
            .dot(&self.whole.solve(&self.ensemble.mean))
            / n;
        let left = (1.0 - explained) * (n - 1.0) / (n - m - 1.0) * (1.0 + 1.0 / n + leverage);
        Told {
            removed: (1.0 - left).clamp(0.0, 1.0),
            error: 2.0 * explained.sqrt() * (1.0 - explained) / n.sqrt(),
            shift: -slopes.dot(&self.ensemble.mean),
            with,
            explained,
            drawn,
        }
    }

    /// What the data remove of the joint prior of two numbers, which are independent before: minus the covariance of
    /// their standardised values after. Draws that went together by chance are explained together by chance, and both
    /// are taken out.
    pub fn removed_together(&self, a: &Told, b: &Told) -> f64 {
        let before = a.drawn.dot(&b.drawn) / (a.drawn.len() as f64 - 1.0);
        a.with.dot(&self.whole.solve(&b.with)) - before
    }

    /// The correlation of two numbers after the data.
    pub fn correlation(&self, a: &Told, b: &Told) -> f64 {
        let left = |told: &Told| (1.0 - told.explained).max(f64::EPSILON).sqrt();
        (-self.removed_together(a, b) / (left(a) * left(b))).clamp(-1.0, 1.0)
    }
}

/// The directions of a symmetric table, with the largest eigenvalue first: its value, and the weight of each row.
pub(super) fn directions(table: &[Vec<f64>]) -> Vec<(f64, Vec<f64>)> {
    let n = table.len();
    if n == 0 {
        return Vec::new();
    }
    let found = SymmetricEigen::new(DMatrix::from_fn(n, n, |row, column| table[row][column]));
    let vectors = found.eigenvectors.column_iter();
    let mut directions: Vec<(f64, Vec<f64>)> = found
        .eigenvalues
        .iter()
        .zip(vectors)
        .map(|(value, vector)| (*value, vector.iter().copied().collect()))
        .collect();
    directions.sort_by(|a, b| b.0.total_cmp(&a.0));
    directions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, normal_quantile};

    /// The mean misses, and in every draw numbers, and the misses that are these sums of them with luck of this size.
    fn drawn(
        n: usize,
        sums: &[&[f64]],
        luck: f64,
        mean: &[f64],
        seed: u64,
    ) -> (Vec<Vec<f64>>, Vec<Vec<f64>>) {
        let normal = |key: Key| normal_quantile(key.uniform());
        let n_numbers = sums[0].len();
        let of_draw = |draw: usize| {
            let key = Key::new(seed).with(draw as u64);
            let x: Vec<f64> = (0..n_numbers)
                .map(|at| normal(key.named("number").with(at as u64)))
                .collect();
            let miss = |(figure, weights): (usize, &&[f64])| {
                let sum: f64 = weights.iter().zip(&x).map(|(weight, x)| weight * x).sum();
                mean[figure] + sum + luck * normal(key.named("luck").with(figure as u64))
            };
            (sums.iter().enumerate().map(miss).collect(), x)
        };
        (0..n).map(of_draw).unzip()
    }

    fn column(numbers: &[Vec<f64>], at: usize) -> Vec<f64> {
        numbers.iter().map(|row| row[at]).collect()
    }

    /// Two figures of a number with errors of 0.5 and 1: its posterior precision is 1 + 4 + 1. A third number is in no
    /// figure. The share has a standard error of 0.01 over 4,000 draws.
    #[test]
    fn the_conjugate_answer_is_found() {
        let (misses, numbers) = drawn(4000, &[&[1.0, 0.0], &[1.0, 0.0]], 0.3, &[1.2, 0.6], 5);
        let ensemble = Ensemble::of(&misses).unwrap();
        let discrepancy = 0.4;
        let given = ensemble.given(discrepancy).unwrap();
        let told = given.tell(&column(&numbers, 0));
        let precision = 2.0 / (0.3_f64.powi(2) + discrepancy * discrepancy);
        assert!(
            (told.removed - precision / (1.0 + precision)).abs() < 0.01,
            "{}",
            told.removed
        );
        let shift = -(1.2 + 0.6) / 2.0 * precision / (1.0 + precision);
        assert!((told.shift - shift).abs() < 0.05, "{} {shift}", told.shift);
        assert!(given.tell(&column(&numbers, 1)).removed < 0.01);
    }

    /// A figure is the sum of two numbers: each is half known, and they lean against each other.
    #[test]
    fn a_sum_is_known_and_its_parts_are_not() {
        let (misses, numbers) = drawn(
            2000,
            &[&[1.0, 1.0, 0.0], &[0.0, 0.0, 1.0]],
            0.01,
            &[0.0, 0.0],
            6,
        );
        let ensemble = Ensemble::of(&misses).unwrap();
        let given = ensemble.given(0.05).unwrap();
        let told: Vec<Told> = (0..3).map(|at| given.tell(&column(&numbers, at))).collect();
        assert!((told[0].removed - 0.5).abs() < 0.05 && (told[1].removed - 0.5).abs() < 0.05);
        assert!(told[2].removed > 0.98);
        assert!(given.correlation(&told[0], &told[1]) < -0.95);
        // What is known almost exactly goes with nothing but by the noise of the draws.
        assert!(given.correlation(&told[0], &told[2]).abs() < 0.15);
        let together = given.removed_together(&told[0], &told[1]);
        assert!((together - 0.5).abs() < 0.05, "{together}");
        let table = vec![
            vec![told[0].removed, together],
            vec![together, told[1].removed],
        ];
        let known = directions(&table);
        assert!(known[0].0 > 0.95 && known[1].0 < 0.1, "{known:?}");
        assert!((known[0].1[0] - known[0].1[1]).abs() < 0.1);
    }

    /// Null: intervals hold the truth as often as they say. Of 300 truths a 95% interval leaves out 15, give or take 3.8;
    /// more than 34 (alpha 1e-5) are refused, which an interval that is too narrow by a third passes with a chance below 1%.
    #[test]
    fn few_draws_and_many_figures_do_not_pretend_to_know() {
        let sums: Vec<Vec<f64>> = (0..12)
            .map(|figure| {
                (0..6)
                    .map(|at| if figure % 6 == at { 0.3 } else { 0.1 })
                    .collect()
            })
            .collect();
        let sums: Vec<&[f64]> = sums.iter().map(Vec::as_slice).collect();
        let mut outside = 0;
        for seed in 0..300 {
            let (truth, numbers) = drawn(1, &sums, 0.3, &[0.0; 12], 1000 + seed);
            let mean: Vec<f64> = truth[0].iter().map(|miss| -miss).collect();
            let (misses, drawn) = drawn(60, &sums, 0.3, &mean, seed);
            let ensemble = Ensemble::of(&misses).unwrap();
            let told = ensemble.given(1e-3).unwrap().tell(&column(&drawn, 0));
            let z = (numbers[0][0] - told.shift) / (1.0 - told.removed).sqrt();
            outside += usize::from(z.abs() > 1.96);
        }
        assert!(outside <= 34, "{outside} of 300");
    }

    #[test]
    fn the_discrepancy_is_found_and_hostile_misses_are_borne() {
        let normal = |at: u64| normal_quantile(Key::new(9).with(at).uniform());
        let mean: Vec<f64> = (0..40).map(|at| 0.1 * normal(at)).collect();
        let sums: Vec<Vec<f64>> = (0..40).map(|_| vec![0.0]).collect();
        let sums: Vec<&[f64]> = sums.iter().map(Vec::as_slice).collect();
        let (misses, _) = drawn(200, &sums, 0.01, &mean, 3);
        let found = Ensemble::of(&misses).unwrap().discrepancy();
        // The spread of 40 normal misses has a relative error of 11%.
        assert!((found / 0.1 - 1.0).abs() < 0.45, "{found}");
        assert!(Ensemble::of(&[]).is_none());
        assert!(Ensemble::of(&misses[..20]).is_none());
        let same = Ensemble::of(&vec![vec![0.0, 0.0]; 50]).unwrap();
        let given = same.given(same.discrepancy()).unwrap();
        assert_eq!(given.tell(&vec![1.0; 50]).removed, 0.0);
        assert!(given.left().iter().all(|left| *left == 0.0));
    }
}

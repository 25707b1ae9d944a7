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
            };
        }
        let with = misses.transpose() * centred / ((n - 1.0) * sd);
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
        }
    }

    /// What the data remove of the joint prior of two numbers: of the covariance of their standardised values.
    pub fn removed_together(&self, a: &Told, b: &Told) -> f64 {
        a.with.dot(&self.whole.solve(&b.with))
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

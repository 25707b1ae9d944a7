//! What is expected of a number when many others are known, from few draws: linear regression on what each of them and
//! its square say, all coefficients shrunk together as far as predicts best.
//!
//! Numbers enter by their normal scores (Blom 1958) and the second Hermite polynomial of these, so that a skewed or a
//! bent relation is followed too. The penalty is chosen by generalised cross-validation (Golub, Heath and Wahba 1979)
//! that counts each degree of freedom 1.4 times, which keeps it from following noise (Kim and Gu 2004), and so is whether
//! all features are used or only those that are told from chance one by one (sure independence screening, Fan and Lv
//! 2008); where nothing predicts better than a constant, the answer is the constant.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::choice::mean;
use super::curve::CAUTION;
use super::variance::{ranks, smallest};
use crate::random::normal_quantile;

/// Regression on the same numbers for many responses.
pub(super) struct Ridge {
    /// By draw, the features; each has mean 0 and mean square 1.
    rows: Vec<Vec<f64>>,
    /// Sums over draws of the products of each two features, the lower triangle by row.
    products: Vec<Vec<f64>>,
    /// By penalty, falling.
    fits: Vec<Penalised>,
}

/// A regression on some responses.
pub(super) struct Regressed<'a> {
    /// What is expected in every draw.
    pub expected: Vec<f64>,
    /// How probably a regression as free would follow the draws as closely if it had nothing to follow (the F test, with
    /// the degrees of freedom that the penalty leaves); 1 for a constant.
    pub by_chance: f64,
    ridge: &'a Ridge,
    features: Vec<usize>,
    /// `None` for a constant.
    fit: Option<Penalised>,
}

impl Regressed<'_> {
    /// Degrees of freedom, the mean among them.
    pub fn freedom(&self) -> f64 {
        1.0 + self.fit.as_ref().map_or(0.0, |fit| fit.freedom)
    }

    /// Other responses as the same regression has them in every draw.
    pub fn smooth(&self, responses: &[f64]) -> Vec<f64> {
        let level = mean(responses);
        let Some(fit) = &self.fit else {
            return vec![level; responses.len()];
        };
        let along = self.ridge.along(responses, level);
        self.ridge.expected(fit, &self.features, &along, level)
    }
}

/// The equations under one penalty.
#[derive(Clone)]
struct Penalised {
    penalty: f64,
    /// Lower triangle of the Cholesky factor, by row.
    factor: Vec<Vec<f64>>,
    /// Degrees of freedom, the mean not counted.
    freedom: f64,
}

/// Penalties per draw, from one that leaves hardly anything to one that hardly shrinks.
const PENALTIES: [f64; 9] = [30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.001];

impl Ridge {
    /// Prepares regressions on these numbers, each with as many draws.
    pub fn of(numbers: &[Vec<f64>]) -> Ridge {
        let features: Vec<Vec<f64>> = numbers.iter().flat_map(|values| scores(values)).collect();
        let n_draws = numbers.first().map_or(0, Vec::len);
        let row = |draw: usize| features.iter().map(|feature| feature[draw]).collect();
        let rows: Vec<Vec<f64>> = (0..n_draws).map(row).collect();
        let n = features.len();
        let mut products = vec![vec![0.0; n]; n];
        for row in &rows {
            for (i, line) in products.iter_mut().enumerate() {
                for (j, sum) in line.iter_mut().enumerate().take(i + 1) {
                    *sum += row[i] * row[j];
                }
            }
        }
        let fits = PENALTIES.map(|penalty| Penalised::of(&products, penalty * n_draws as f64));
        Ridge {
            rows,
            products,
            fits: fits.into(),
        }
    }

    /// What is expected in every draw, by the penalty and the features that predict best.
    pub fn fit(&self, responses: &[f64]) -> Regressed<'_> {
        let n = responses.len() as f64;
        let level = mean(responses);
        let along = self.along(responses, level);
        let spread: f64 = responses.iter().map(|y| (y - level).powi(2)).sum();
        let n_features = self.products.len();
        let told = smallest(responses.len(), n_features);
        let is_told = |feature: &usize| along[*feature].powi(2) > told * n * spread;
        let screened: Vec<usize> = (0..n_features).filter(is_told).collect();
        let mut choices = vec![(0..n_features).collect::<Vec<usize>>()];
        if (1..n_features).contains(&screened.len()) {
            choices.push(screened);
        }
        let mut best = Regressed {
            expected: vec![level; responses.len()],
            by_chance: 1.0,
            ridge: self,
            features: Vec::new(),
            fit: None,
        };
        let mut least = spread / (1.0 - CAUTION / n).powi(2);
        for features in choices {
            let some;
            let fits = match features.len() == n_features {
                true => &self.fits,
                false => {
                    some = self.among(&features);
                    &some
                }
            };
            for fit in fits {
                let free = CAUTION * (fit.freedom + 1.0) / n;
                if free >= 1.0 {
                    break;
                }
                let expected = self.expected(fit, &features, &along, level);
                let errors = expected.iter().zip(responses);
                let error: f64 = errors.map(|(expected, y)| (y - expected).powi(2)).sum();
                let score = error / (1.0 - free).powi(2);
                if score < least {
                    least = score;
                    best = Regressed {
                        expected,
                        by_chance: by_chance(spread, error, fit.freedom, n),
                        features: features.clone(),
                        fit: Some(fit.clone()),
                        ..best
                    };
                }
            }
        }
        best
    }

    /// Sums over draws of what each feature says times what responses are above their level.
    fn along(&self, responses: &[f64], level: f64) -> Vec<f64> {
        let mut along = vec![0.0; self.products.len()];
        for (row, response) in self.rows.iter().zip(responses) {
            for (sum, feature) in along.iter_mut().zip(row) {
                *sum += feature * (response - level);
            }
        }
        along
    }

    fn expected(&self, fit: &Penalised, features: &[usize], along: &[f64], level: f64) -> Vec<f64> {
        let along: Vec<f64> = features.iter().map(|feature| along[*feature]).collect();
        let slopes = fit.solve(&along);
        let height = |row: &Vec<f64>| {
            let pairs = features.iter().zip(&slopes);
            let sum: f64 = pairs.map(|(feature, slope)| row[*feature] * slope).sum();
            level + sum
        };
        self.rows.iter().map(height).collect()
    }

    /// The equations of some features alone.
    fn among(&self, features: &[usize]) -> Vec<Penalised> {
        let line = |(at, i): (usize, &usize)| -> Vec<f64> {
            let others = features[..=at].iter();
            others.map(|j| self.products[*i][*j]).collect()
        };
        let products: Vec<Vec<f64>> = features.iter().enumerate().map(line).collect();
        let n_draws = self.rows.len() as f64;
        let fits = PENALTIES
            .iter()
            .map(|penalty| Penalised::of(&products, penalty * n_draws));
        fits.collect()
    }
}

impl Penalised {
    /// The Cholesky factor of the products with the penalty on their diagonal (Golub and Van Loan, Matrix Computations,
    /// 4.2.5), which is above 0 in every direction.
    fn of(products: &[Vec<f64>], penalty: f64) -> Penalised {
        let mut factor: Vec<Vec<f64>> = Vec::with_capacity(products.len());
        for (i, line) in products.iter().enumerate() {
            let mut row = vec![0.0; i + 1];
            for j in 0..=i {
                let above: &[f64] = if j < i { &factor[j] } else { &row };
                let rest = line[j] - dot(&row[..j], &above[..j]);
                row[j] = match j == i {
                    true => (rest + penalty).max(f64::MIN_POSITIVE).sqrt(),
                    false => rest / factor[j][j],
                };
            }
            factor.push(row);
        }
        let mut fit = Penalised {
            penalty,
            factor,
            freedom: 0.0,
        };
        fit.freedom = fit.freedom();
        fit
    }

    /// How many features there are, less the penalty times the trace of the inverse.
    fn freedom(&self) -> f64 {
        let n = self.factor.len();
        let mut trace = 0.0;
        for column in 0..n {
            // A column of the inverse of the factor: its square length is what it adds to the trace.
            let mut inverse = vec![0.0; n];
            for i in column..n {
                let own = if i == column { 1.0 } else { 0.0 };
                let known = dot(&self.factor[i][column..i], &inverse[column..i]);
                inverse[i] = (own - known) / self.factor[i][i];
            }
            trace += dot(&inverse, &inverse);
        }
        n as f64 - self.penalty * trace
    }

    fn solve(&self, along: &[f64]) -> Vec<f64> {
        let n = self.factor.len();
        let mut slopes = along.to_vec();
        for i in 0..n {
            let known = dot(&self.factor[i][..i], &slopes[..i]);
            slopes[i] = (slopes[i] - known) / self.factor[i][i];
        }
        for i in (0..n).rev() {
            slopes[i] /= self.factor[i][i];
            let own = slopes[i];
            for (slope, along) in slopes[..i].iter_mut().zip(&self.factor[i]) {
                *slope -= along * own;
            }
        }
        slopes
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The F test of a fit against a constant, given the sums of squared errors of both.
pub(super) fn by_chance(level_error: f64, error: f64, freedom: f64, n_draws: f64) -> f64 {
    let left = n_draws - 1.0 - freedom;
    if freedom <= 0.0 || left <= 0.0 || level_error <= error {
        return 1.0;
    }
    let ratio = ((level_error - error) / freedom) / (error / left);
    match FisherSnedecor::new(freedom, left) {
        Ok(law) if ratio.is_finite() => law.sf(ratio),
        _ => 0.0,
    }
}

/// What a number says by its normal scores and by their squares, each of mean 0 and mean square 1; what never varies
/// says nothing.
fn scores(values: &[f64]) -> Vec<Vec<f64>> {
    let n = values.len() as f64;
    let score = |rank: &f64| normal_quantile((rank - 0.375) / (n + 0.25));
    let scores: Vec<f64> = ranks(values).iter().map(score).collect();
    let squares = scores.iter().map(|score| score * score - 1.0).collect();
    [scores, squares].into_iter().filter_map(standard).collect()
}

fn standard(mut values: Vec<f64>) -> Option<Vec<f64>> {
    let middle = mean(&values);
    values.iter_mut().for_each(|value| *value -= middle);
    let size = (dot(&values, &values) / values.len() as f64).sqrt();
    (size > 1e-9).then(|| values.iter().map(|value| value / size).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Key;

    fn normals(name: &str, n: usize) -> Vec<f64> {
        let key = Key::new(11).named(name);
        (0..n)
            .map(|draw| normal_quantile(key.with(draw as u64).uniform()))
            .collect()
    }

    #[test]
    fn many_small_parts_are_found_together_and_noise_is_not() {
        let n = 200;
        let numbers: Vec<Vec<f64>> = (0..30).map(|i| normals(&format!("x{i}"), n)).collect();
        let sum = |draw: usize| numbers.iter().map(|x| x[draw]).sum::<f64>();
        let whole: Vec<f64> = (0..n).map(|draw| 5.0 + sum(draw)).collect();
        let ridge = Ridge::of(&numbers);
        let Regressed {
            expected,
            by_chance,
            ..
        } = ridge.fit(&whole);
        assert!(by_chance < 1e-6, "{by_chance}");
        let error: f64 = expected
            .iter()
            .zip(&whole)
            .map(|(a, b)| (a - b).powi(2))
            .sum();
        assert!(error < 0.1 * 30.0 * n as f64, "{error}");
        let noise = normals("noise", n);
        let by_chance = ridge.fit(&noise).by_chance;
        assert!(by_chance > 0.01, "{by_chance}");
    }

    /// A constant has the freedom of its mean; a line that is plain to see has nearly that of its slope besides.
    #[test]
    fn freedom_is_of_the_mean_and_of_what_is_told() {
        let numbers = vec![normals("x", 200)];
        let ridge = Ridge::of(&numbers);
        assert_eq!(ridge.fit(&[5.0; 200]).freedom(), 1.0);
        let line: Vec<f64> = numbers[0].iter().map(|x| 3.0 + 2.0 * x).collect();
        let freedom = ridge.fit(&line).freedom();
        assert!(freedom > 1.9, "{freedom}");
        assert!(freedom <= 1.0 + ridge.products.len() as f64, "{freedom}");
    }

    #[test]
    fn what_cannot_be_tested_is_by_chance() {
        let by_chance = |freedom, n_draws| by_chance(10.0, 5.0, freedom, n_draws);
        assert_eq!(by_chance(0.0, 20.0), 1.0);
        assert_eq!(by_chance(19.0, 20.0), 1.0);
        assert_eq!(super::by_chance(5.0, 10.0, 2.0, 20.0), 1.0);
        // R: pf(17/2, 2, 17, lower.tail = FALSE)
        assert!(
            (by_chance(2.0, 20.0) - 0.002_762_1).abs() < 1e-6,
            "{}",
            by_chance(2.0, 20.0)
        );
    }

    #[test]
    fn two_equations_are_solved_as_on_paper() {
        // (4 + 1) a + 2 b = 9 and 2 a + (3 + 1) b = 10 at a = 1, b = 2.
        let fit = Penalised::of(&[vec![4.0], vec![2.0, 3.0]], 1.0);
        let slopes = fit.solve(&[9.0, 10.0]);
        assert!((slopes[0] - 1.0).abs() < 1e-12 && (slopes[1] - 2.0).abs() < 1e-12);
        // The inverse of [[5, 2], [2, 4]] has the trace 9 / 16.
        assert!((fit.freedom - (2.0 - 9.0 / 16.0)).abs() < 1e-12);
    }
}

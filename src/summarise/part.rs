//! A part of a change: measured in some of the draws, brought to all of them, and told apart from the luck of single
//! lives.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Estimate;
use super::estimate::moments;

/// The whole change that parts are parts of.
pub(super) struct Whole {
    /// In each of the draws in which the parts are measured, as the run lived it.
    some: Vec<f64>,
    mean_of_some: f64,
    variance_of_some: f64,
    /// Over every draw of the run: how many, mean and variance.
    n_all: f64,
    mean: f64,
    variance: f64,
}

impl Whole {
    /// Of the change in some draws and in all of them.
    pub fn of(some: Vec<f64>, all: &[f64]) -> Whole {
        let of_some = moments(some.iter().copied());
        let of_all = moments(all.iter().copied());
        Whole {
            some,
            mean_of_some: of_some.0,
            variance_of_some: of_some.1.powi(2),
            n_all: all.len() as f64,
            mean: of_all.0,
            variance: of_all.1.powi(2),
        }
    }

    /// How much of one more in the whole falls to a part. The slopes of all parts sum to one, because the parts sum to
    /// the whole in every draw; where nothing can be told, all of it falls to chance.
    fn slope(&self, part: &[f64], mean: f64, is_chance: bool) -> f64 {
        if !self.has_slope() {
            return f64::from(u8::from(is_chance));
        }
        let pairs = part.iter().zip(&self.some);
        let products = pairs.map(|(part, whole)| (part - mean) * (whole - self.mean_of_some));
        products.sum::<f64>() / (part.len() - 1) as f64 / self.variance_of_some
    }

    fn has_slope(&self) -> bool {
        self.some.len() >= 3 && self.variance_of_some > 0.0
    }

    /// The error of a part that has this standard deviation and slope in the draws in which it is measured: of the line
    /// at the mean of all draws (Cochran 1977, section 7.8), and of that mean itself. Few draws do not know their own spread, so the first is as many
    /// times larger as Student's t is than the normal law at 95%: 1.96 errors are a 95% interval with any number of draws.
    fn error(&self, sd: f64, slope: f64) -> f64 {
        let n = self.some.len() as f64;
        let freedom = if self.has_slope() { n - 2.0 } else { n - 1.0 };
        let squares = (n - 1.0) * (sd.powi(2) - slope.powi(2) * self.variance_of_some).max(0.0);
        let apart = match self.has_slope() {
            true => (self.mean - self.mean_of_some).powi(2) / ((n - 1.0) * self.variance_of_some),
            false => 0.0,
        };
        let law = StudentsT::new(0.0, 1.0, freedom);
        let wider = law.map_or(1.0, |law| law.inverse_cdf(0.975) / NORMAL);
        let of_line = wider.powi(2) * squares / freedom * (1.0 / n + apart);
        (of_line + slope.powi(2) * self.variance / self.n_all).sqrt()
    }
}

/// The standard normal quantile at 97.5%.
const NORMAL: f64 = 1.959_963_984_540_054;

/// Fewer draws than this tell no range.
pub(super) const FEW: usize = 10;

/// A spread below this part of the whole is rounding.
const ROUNDING: f64 = 1e-9;

/// A part in each draw in which it is measured, and how far lives of one draw lie apart.
pub(super) struct Measured {
    /// By draw, the mean over its lives.
    pub means: Vec<f64>,
    /// The variance of such a mean that is the luck of its lives, where that is no part of what is told.
    pub luck: f64,
    /// Whether this is the part of chance.
    pub is_chance: bool,
}

impl Measured {
    /// The part in the run as a whole.
    ///
    /// The mean is the regression estimator of double sampling (Cochran 1977, Sampling Techniques, section 12.6): the
    /// mean over the draws in which the part is measured, and its slope times what the whole change differs in all draws.
    /// The slopes sum to one, so the parts still add up to the change that the run reports. The range is of what is
    /// expected in a draw: what the luck of its lives adds to the spread is taken out of it. Fewer than ten draws have no
    /// range.
    pub fn estimate(&self, whole: &Whole) -> Estimate {
        let (mean, sd) = moments(self.means.iter().copied());
        let slope = whole.slope(&self.means, mean, self.is_chance);
        let moved = mean + slope * (whole.mean - whole.mean_of_some);
        if self.means.len() < 2 {
            return Estimate::point(moved);
        }
        let true_share = match sd > 0.0 {
            true => (1.0 - self.luck / sd.powi(2)).max(0.0).sqrt(),
            false => 1.0,
        };
        let around = self
            .means
            .iter()
            .map(|value| moved + true_share * (value - mean));
        let size = whole.mean.abs() + whole.variance.sqrt();
        let estimate = match self.means.len() < FEW && sd > ROUNDING * size {
            true => Estimate::point(moved),
            false => Estimate::of_column(&mut around.collect::<Vec<f64>>()),
        };
        Estimate {
            mean: moved,
            mc_error: whole.error(sd, slope),
            ..estimate
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_some_draws_add_up_to_the_whole_of_all() {
        let whole = Whole::of(vec![1.0, 4.0, 2.0, 9.0], &[1.0, 4.0, 2.0, 9.0, 30.0, -6.0]);
        let part = |means: [f64; 4], is_chance| Measured {
            means: means.to_vec(),
            luck: 0.0,
            is_chance,
        };
        let parts = [
            part([0.5, 3.0, 1.0, 8.0], false),
            part([0.0; 4], false),
            part([0.5, 1.0, 1.0, 1.0], true),
        ];
        let parts: Vec<Estimate> = parts.iter().map(|part| part.estimate(&whole)).collect();
        let sum: f64 = parts.iter().map(|part| part.mean).sum();
        assert!((sum - 40.0 / 6.0).abs() < 1e-12, "{sum}");
        assert_eq!(
            (parts[1].mean, parts[1].p95, parts[1].mc_error),
            (0.0, 0.0, 0.0)
        );
        // One draw alone tells no slope, and says nothing of uncertainty.
        let one = Whole::of(vec![2.0], &[2.0, 5.0]);
        let of_one = |is_chance| Measured {
            means: vec![1.0],
            luck: 0.0,
            is_chance,
        };
        assert_eq!(of_one(false).estimate(&one).mean, 1.0);
        assert_eq!(of_one(true).estimate(&one).mean, 2.5);
        assert!(!of_one(true).estimate(&one).has_range());
    }

    #[test]
    fn luck_is_taken_out_of_the_range_and_not_out_of_the_error() {
        let means: Vec<f64> = (0..101).map(f64::from).collect();
        let (_, sd) = moments(means.iter().copied());
        let whole = Whole::of(means.clone(), &means);
        let measured = |luck| Measured {
            means: means.clone(),
            luck,
            is_chance: false,
        };
        let (bare, half) = (
            measured(0.0).estimate(&whole),
            measured(0.75 * sd.powi(2)).estimate(&whole),
        );
        assert!((bare.p95 - 95.0).abs() < 1e-9);
        assert!((half.p95 - (50.0 + 45.0 / 2.0)).abs() < 1e-9);
        assert!((half.mc_error - sd / 101.0_f64.sqrt()).abs() < 1e-9);
        let all = measured(2.0 * sd.powi(2)).estimate(&whole);
        assert!((all.p05 - 50.0).abs() < 1e-9 && (all.p95 - 50.0).abs() < 1e-9);
    }
}

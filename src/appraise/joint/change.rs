//! Alone and together: one number of each, their difference, and how sure it is.

use super::verdict::Value;
use crate::compile::Better;
use crate::summarise::Estimate;

/// What somebody has alone and together, and which is better how probably.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Each alone.
    pub alone: Estimate,
    /// Together.
    pub together: Estimate,
    /// Together less alone.
    pub difference: Estimate,
    /// The share of draws in which together is better, ties counting half; not a number without draws.
    pub better: f64,
    /// Which way is better.
    pub direction: Better,
    /// How many draws.
    pub n_draws: usize,
}

/// Fewer draws than this have no 90% range to speak of: one draw in twenty is to be beyond each end.
pub const FEWEST_DRAWS: usize = 20;

impl Change {
    pub(super) fn of(alone: &[f64], together: &[f64], direction: Better) -> Change {
        let difference: Vec<f64> = together.iter().zip(alone).map(|(t, a)| t - a).collect();
        let sign = if direction == Better::Lower {
            -1.0
        } else {
            1.0
        };
        let gains: Vec<f64> = difference.iter().map(|d| sign * d).collect();
        Change {
            alone: Estimate::of_rows(alone),
            together: Estimate::of_rows(together),
            difference: Estimate::of_rows(&difference),
            better: crate::appraise::judge::probability(&gains).mean,
            direction,
            n_draws: alone.len().saturating_sub(1),
        }
    }

    /// Whether together is shown to be better or worse: the 90% interval of the difference leaves 0 out.
    pub fn value(&self) -> Value {
        let sign = if self.direction == Better::Lower {
            -1.0
        } else {
            1.0
        };
        let ends = (sign * self.difference.p05, sign * self.difference.p95);
        match (ends.0.min(ends.1), ends.0.max(ends.1)) {
            _ if self.n_draws < FEWEST_DRAWS => Value::Unknown,
            (low, high) if low.is_nan() || high.is_nan() => Value::Unknown,
            (low, _) if low > 0.0 => Value::Shown,
            (_, high) if high < 0.0 => Value::Lost,
            _ => Value::NotShown,
        }
    }
}

/// The criteria by which a coalition or a partner is better or worse together than alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Criteria {
    /// The cost of the shared services, present value, in pounds; of a partner, its share by the rule of the verdict.
    pub cost: Change,
    /// Needs met.
    pub needs_met: Change,
    /// The mean wait of those who start, in months.
    pub wait: Change,
    /// People with the need who never start.
    pub unmet_need: Change,
    /// Of those who arise with the need, the share who start.
    pub access: Change,
    /// The cost of everything that the model prices.
    pub public_cost: Change,
    /// People who arise with the need.
    pub arising: Change,
    /// The headline measures of the model.
    pub outcomes: Vec<Change>,
}

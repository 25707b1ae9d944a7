//! What one more of an outcome may be worth: where the scenario says so, and where it does not, the range over which the
//! choice changes.

use super::choice::{Choice, Ties, mean};
use super::compare::compare_with;
use super::weighing::at_once;
use crate::compile::{Alternatives, Plan};

/// What one more of an outcome may be worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// In pounds.
    pub gbp: f64,
    /// Why it is looked at.
    pub why: Why,
}

/// Why a worth is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Money alone counts.
    Money,
    /// The scenario gives it.
    Given,
    /// The scenario gives none, and here most would be gained by knowing everything: the choice is least sure.
    LeastSure,
}

/// How many steps a curve has.
const STEPS: usize = 40;

/// Worths in equal steps from 0: to where the scenario says, to twice the largest that it gives, or else to twice the
/// highest price at which one option takes over from another.
pub(super) fn range(plan: &Plan, table: &Alternatives) -> Vec<f64> {
    let judging = &plan.judging;
    let given = judging.worths.last().map(|largest| 2.0 * largest);
    let natural = || {
        let standings = compare_with(table, &at_once(), &[], Ties::First).options;
        let prices = standings.iter().filter_map(|option| option.standing.icer);
        let highest = prices.fold(0.0, f64::max);
        let own = &table.options[table.comparator];
        let each = mean(&own.costs) / mean(&own.outcomes);
        let end = if highest > 0.0 { 2.0 * highest } else { each };
        (end > 0.0 && end.is_finite()).then(|| round_up(end))
    };
    let end = judging
        .up_to
        .or(given)
        .filter(|end| *end > 0.0)
        .or_else(natural);
    let step = |end: f64| (0..=STEPS).map(move |i| end * i as f64 / STEPS as f64);
    end.map_or(Vec::new(), |end| step(end).collect())
}

/// The next of 1, 2, 4 or 8 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powi(value.log10().floor() as i32);
    let steps = [1.0, 2.0, 4.0, 8.0, 10.0];
    let above = steps.into_iter().find(|step| step * power >= value);
    above.unwrap_or(10.0) * power
}

/// Money alone, then what the scenario gives, or else where the choice is least sure.
pub(super) fn worths(plan: &Plan, curve: &[Choice]) -> Vec<Worth> {
    let mut worths = vec![Worth {
        gbp: 0.0,
        why: Why::Money,
    }];
    let given = plan.judging.worths.iter().filter(|gbp| **gbp > 0.0);
    worths.extend(given.map(|gbp| Worth {
        gbp: *gbp,
        why: Why::Given,
    }));
    let least_sure = curve
        .iter()
        .fold(None::<&Choice>, |most, choice| match most {
            Some(most) if choice.evpi.mean <= most.evpi.mean => Some(most),
            _ => Some(choice),
        });
    if let Some(choice) = least_sure.filter(|choice| worths.len() == 1 && choice.threshold > 0.0) {
        worths.push(Worth {
            gbp: choice.threshold,
            why: Why::LeastSure,
        });
    }
    worths
}

//! What changed in the answers, and whether by more than the draws explain.

use std::collections::{BTreeMap, BTreeSet};

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::same_places;
use crate::document::{ResultFolder, ResultRow};

/// An answer that both runs give.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerChange {
    /// Option, area code, measure, breakdown (of the appraisal: whose), period; blank area and period in the appraisal.
    pub key: [String; 5],
    /// The area's name.
    pub area_name: String,
    /// Of the numbers.
    pub unit: String,
    /// Whether the measure is one of those that are told first.
    pub is_headline: bool,
    /// The means.
    pub a: f64,
    /// See there.
    pub b: f64,
    /// The standard error of their difference, were the draws of the two runs unrelated; NaN where either has none.
    pub mc_error: f64,
    /// Whether the difference is larger than the Monte Carlo error explains (at 95%); `None` where nobody can tell.
    pub is_beyond_chance: Option<bool>,
    /// The difference as a share of the 90% range, of the wider one; of the first mean where neither has a range.
    pub shift: f64,
}

/// Options by net present social value for public payers, the best first.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// In the first run: option and value.
    pub a: Vec<(String, f64)>,
    /// In the second.
    pub b: Vec<(String, f64)>,
    /// Whether options that both have stand in another order.
    pub is_changed: bool,
}

/// Which option is best on average at a worth of the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As it is written.
    pub threshold: String,
    /// In the first run.
    pub a: String,
    /// In the second.
    pub b: String,
}

/// A difference of so many standard errors is more than chance would make in nineteen of twenty pairs of runs: Student's
/// t at 97.5%, by the degrees of freedom of Welch (1947) and Satterthwaite (1946), because errors from few draws are
/// themselves not well known. The normal law where a run does not say its draws.
fn reach(errors: [f64; 2], draws: [Option<u64>; 2]) -> f64 {
    let [Some(a), Some(b)] = draws else {
        return NORMAL;
    };
    let part = |error: f64, n: u64| error.powi(4) / (n as f64 - 1.0).max(1.0);
    let of_parts = part(errors[0], a) + part(errors[1], b);
    let freedom = errors[0].hypot(errors[1]).powi(4) / of_parts;
    let law = StudentsT::new(0.0, 1.0, freedom);
    law.map_or(NORMAL, |law| law.inverse_cdf(0.975))
}

/// The standard normal quantile at 97.5%.
const NORMAL: f64 = 1.959_963_984_540_054;

/// The most that two numbers may differ by that were printed with seven digits.
const PRINTED: f64 = 1e-6;

/// The measure that options are ranked by.
const NPSV: [&str; 2] = ["npsv", "public-sector"];

pub(super) fn answers(a: &ResultFolder, b: &ResultFolder) -> Vec<AnswerChange> {
    let mut headline: BTreeSet<&str> = LEADING.into_iter().collect();
    let named = [a, b]
        .into_iter()
        .flat_map(|run| &run.manifest.asked.headline);
    headline.extend(named.map(|(id, _)| id.as_str()));
    // Over other areas the same words say something else: the sum of the areas, and everything in the appraisal.
    let theirs = b.forecast.iter().chain(&b.appraisal);
    let theirs: BTreeMap<&[String; 5], &ResultRow> = theirs.map(|row| (&row.key, row)).collect();
    let means_the_same = same_places(a, b);
    let ours = a.forecast.iter().chain(&a.appraisal);
    let ours = ours.filter(|row| means_the_same(&row.key[1]));
    let draws = [a.manifest.draws, b.manifest.draws];
    let mut changes: Vec<AnswerChange> = ours
        .filter_map(|row| {
            let is_headline = headline.contains(row.key[2].as_str());
            Some(change(row, theirs.get(&row.key)?, draws, is_headline))
        })
        .collect();
    if !changes.iter().any(|change| !change.key[1].is_empty()) {
        return Vec::new();
    }
    // What both lack is no answer.
    changes.retain(|change| change.a.is_finite() || change.b.is_finite());
    changes.sort_by(|a, b| {
        let rank = |change: &AnswerChange| change.is_beyond_chance != Some(true);
        (rank(a).cmp(&rank(b)))
            .then(b.is_headline.cmp(&a.is_headline))
            .then(b.shift.total_cmp(&a.shift))
            .then_with(|| a.key.cmp(&b.key))
    });
    changes
}

/// Measures that are told first beside the headline measures of the model.
const LEADING: [&str; 7] = [
    "need_arising",
    "needs_met",
    "unmet_need",
    "wait_months_p90",
    "reconviction_rate",
    "npsv",
    "present_value_of_cost",
];

fn change(
    a: &ResultRow,
    b: &ResultRow,
    draws: [Option<u64>; 2],
    is_headline: bool,
) -> AnswerChange {
    let difference = (b.mean - a.mean).abs();
    let mc_error = a.mc_error.hypot(b.mc_error);
    let is_same = difference <= PRINTED * a.mean.abs().max(b.mean.abs());
    let is_beyond_chance = match (is_same, mc_error.is_finite() && difference.is_finite()) {
        (true, _) => Some(false),
        (false, true) => Some(difference > reach([a.mc_error, b.mc_error], draws) * mc_error),
        (false, false) => None,
    };
    let width = |row: &ResultRow| row.quantiles[3] - row.quantiles[0];
    let width = [width(a), width(b)]
        .into_iter()
        .filter(|width| *width > 0.0)
        .fold(0.0, f64::max);
    let scale = if width > 0.0 { width } else { a.mean.abs() };
    AnswerChange {
        key: a.key.clone(),
        area_name: a.area_name.clone(),
        unit: a.unit.clone(),
        is_headline,
        a: a.mean,
        b: b.mean,
        mc_error,
        is_beyond_chance,
        shift: if scale > 0.0 && difference.is_finite() {
            difference / scale
        } else {
            0.0
        },
    }
}

pub(super) fn order(a: &ResultFolder, b: &ResultFolder) -> Option<Order> {
    if !same_places(a, b)("") {
        return None;
    }
    let ranked = |run: &ResultFolder| -> Vec<(String, f64)> {
        let of = |row: &&ResultRow| [row.key[2].as_str(), row.key[3].as_str()] == NPSV;
        let values = run
            .appraisal
            .iter()
            .filter(of)
            .filter(|row| row.mean.is_finite());
        let mut options: Vec<(String, f64)> =
            values.map(|row| (row.key[0].clone(), row.mean)).collect();
        // Against itself the comparator gains nothing.
        if !options.is_empty() && !run.manifest.asked.comparator.is_empty() {
            options.push((run.manifest.asked.comparator.clone(), 0.0));
        }
        options.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        options
    };
    let (a, b) = (ranked(a), ranked(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let shared = |of: &[(String, f64)], with: &[(String, f64)]| -> Vec<String> {
        let ids = of.iter().map(|(id, _)| id.clone());
        ids.filter(|id| with.iter().any(|(other, _)| other == id))
            .collect()
    };
    let is_changed = shared(&a, &b) != shared(&b, &a);
    Some(Order { a, b, is_changed })
}

pub(super) fn choices(a: &ResultFolder, b: &ResultFolder) -> Vec<Choice> {
    if !same_places(a, b)("") {
        return Vec::new();
    }
    let theirs: BTreeMap<&str, &str> = b
        .best
        .iter()
        .map(|(threshold, option)| (threshold.as_str(), option.as_str()))
        .collect();
    let shared = a.best.iter().filter_map(|(threshold, option)| {
        Some(Choice {
            threshold: threshold.clone(),
            a: option.clone(),
            b: (*theirs.get(threshold.as_str())?).to_owned(),
        })
    });
    shared.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Quantiles of Student's t from tables, at 1, 7, 8 and very many degrees of freedom.
    #[test]
    fn few_draws_claim_little() {
        for (errors, draws, expected) in [
            ([1.0, 0.0], [Some(2), Some(8)], 12.706),
            ([0.0, 1.0], [Some(2), Some(8)], 2.365),
            ([1.0, 1.0], [Some(5), Some(5)], 2.306),
            ([1.0, 1.0], [Some(100_000), Some(100_000)], 1.960),
            ([1.0, 1.0], [None, Some(5)], 1.960),
        ] {
            let found = reach(errors, draws);
            assert!((found - expected).abs() < 1e-3, "{draws:?}: {found}");
        }
    }
}

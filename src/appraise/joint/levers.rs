//! What would change the verdict: travel, scale and demand, each moved by itself.

use std::collections::BTreeMap;

use super::{Change, Criteria, LivedRow, Numbers, OwnCosts, Rows};
use crate::compile::{Group, Lever, Plan, SharingPlan};

/// The levers that are pulled.
pub const LEVERS: [Lever; 14] = [
    Lever::Travel(1.0),
    Lever::Travel(0.9),
    Lever::Travel(0.8),
    Lever::Travel(0.65),
    Lever::Travel(0.5),
    Lever::Scale(0.5),
    Lever::Scale(0.75),
    Lever::Scale(1.0),
    Lever::Scale(1.25),
    Lever::Scale(1.5),
    Lever::Demand(0.5),
    Lever::Demand(0.75),
    Lever::Demand(1.0),
    Lever::Demand(1.5),
];

/// What everybody together has against everybody alone when a lever is pulled.
#[derive(Debug, Clone)]
pub struct LeverRow {
    /// The lever.
    pub lever: Lever,
    /// Together against alone.
    pub criteria: Criteria,
}

/// The value of a lever at which together is neither better nor worse than alone on a criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct Switching {
    /// `travel`, `scale`, `demand` or `running_cost`.
    pub lever: &'static str,
    /// `cost`, `needs_met` or `wait`.
    pub criterion: &'static str,
    /// The value, between two that were tried; `None` where the mean difference keeps its sign or changes it again.
    pub at: Option<f64>,
    /// How often the sign changes among the values that were tried.
    pub n_changes: usize,
    /// Whether together is better on the mean at the first value that tells; `None` where none does.
    pub is_better_first: Option<bool>,
    /// The values that were tried, least first.
    pub tried: (f64, f64),
}

/// The name of a lever, and what stands for it.
pub fn named(lever: Lever) -> (&'static str, f64) {
    match lever {
        Lever::Travel(by) => ("travel", by),
        Lever::Scale(by) => ("scale", by),
        Lever::Demand(by) => ("demand", by),
    }
}

/// Where each lever changes the sign of a mean difference, on a straight line between the values that were tried. Only
/// differences that 1.96 Monte Carlo errors tell from nothing have a sign.
pub fn switching(rows: &[LeverRow]) -> Vec<Switching> {
    let criteria: [(&str, Of); 3] = [
        ("cost", |criteria| &criteria.cost),
        ("needs_met", |criteria| &criteria.needs_met),
        ("wait", |criteria| &criteria.wait),
    ];
    let mut found = Vec::new();
    for lever in ["travel", "scale", "demand"] {
        let of = rows.iter().filter(|row| named(row.lever).0 == lever);
        let mut tried: Vec<(f64, &Criteria)> =
            of.map(|row| (named(row.lever).1, &row.criteria)).collect();
        tried.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (criterion, change) in criteria {
            let known: Vec<(f64, &Change)> = (tried.iter())
                .map(|(at, criteria)| (*at, change(criteria)))
                .filter(|(_, change)| !change.difference.mean.is_nan())
                .collect();
            let (Some(first), Some(last)) = (known.first(), known.last()) else {
                continue;
            };
            let points: Vec<(f64, f64)> = (known.iter())
                .filter(|(_, change)| tells(change))
                .map(|(at, change)| (*at, gain(change)))
                .collect();
            let (n_changes, at) = crossing(&points);
            found.push(Switching {
                lever,
                criterion,
                at,
                n_changes,
                is_better_first: points.first().map(|point| point.1 > 0.0),
                tried: (first.0, last.0),
            });
        }
    }
    found
}

/// How often the gain changes its sign, and where, if once.
fn crossing(points: &[(f64, f64)]) -> (usize, Option<f64>) {
    let changes = (points.windows(2)).filter(|pair| (pair[0].1 > 0.0) != (pair[1].1 > 0.0));
    let places: Vec<f64> = changes
        .map(|pair| {
            let (low, high) = (pair[0], pair[1]);
            low.0 + (high.0 - low.0) * low.1 / (low.1 - high.1)
        })
        .collect();
    (places.len(), (places.len() == 1).then(|| places[0]))
}

/// Whether the mean difference is told from nothing. One draw has no error and tells what it shows.
fn tells(change: &Change) -> bool {
    let Change { difference, .. } = change;
    let error = if difference.mc_error.is_nan() {
        0.0
    } else {
        difference.mc_error
    };
    difference.mean != 0.0 && difference.mean.abs() > 1.96 * error
}

/// A criterion of all.
type Of = fn(&Criteria) -> &Change;

/// The mean difference, above 0 where together is better.
fn gain(change: &Change) -> f64 {
    match change.direction {
        crate::compile::Better::Lower => -change.difference.mean,
        _ => change.difference.mean,
    }
}

/// Together against alone under each lever, from rows (row 0 first) whose worlds are, lever by lever, everybody alone
/// and everybody together.
pub fn lever_rows(
    plan: &Plan,
    sharing: &SharingPlan,
    rows: &[Vec<Vec<Numbers>>],
    own: &OwnCosts,
) -> Vec<LeverRow> {
    let n = sharing.partners.len();
    let everybody: Group = (1 << n) - 1;
    let under = |(index, lever): (usize, &Lever)| {
        let alone = (0..n).map(|partner| (1 << partner, 2 * index));
        let world_of: BTreeMap<Group, usize> = alone.chain([(everybody, 2 * index + 1)]).collect();
        let lived: Vec<LivedRow> = (rows.iter())
            .map(|taken| LivedRow {
                world_of: world_of.clone(),
                taken: taken.clone(),
                orders: Vec::new(),
            })
            .collect();
        let rows = Rows {
            plan,
            sharing,
            rows: &lived,
            own,
        };
        LeverRow {
            lever: *lever,
            criteria: rows.coalition(everybody).criteria,
        }
    };
    LEVERS.iter().enumerate().map(under).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::Better;

    #[test]
    fn a_value_that_switches_is_told_where_there_is_one() {
        let falls = [(0.5, 3.0), (1.0, 1.0), (1.5, -1.0)];
        assert_eq!(crossing(&falls), (1, Some(1.25)));
        assert_eq!(crossing(&falls[..2]), (0, None));
        let returns = [(0.5, 3.0), (1.0, -1.0), (1.5, 1.0)];
        assert_eq!(crossing(&returns), (2, None));
        assert_eq!(crossing(&[]), (0, None));
        // A value at which nothing is gained is where it switches.
        for sign in [1.0, -1.0] {
            let through = [(0.5, 3.0 * sign), (1.0, 0.0), (1.5, -sign)];
            assert_eq!(crossing(&through), (1, Some(1.0)));
        }
    }

    /// At 0.75 the mean of two draws is half a standard error from nothing, and says nothing of a sign; the straight line
    /// is drawn between the values beside it. A single draw tells what it shows.
    #[test]
    fn only_differences_that_the_draws_tell_have_a_sign() {
        let under = |(by, costs): (f64, &[f64])| {
            let rows: Vec<f64> = std::iter::once(&0.0).chain(costs).copied().collect();
            let change = Change::of(&vec![0.0; rows.len()], &rows, Better::Lower);
            LeverRow {
                lever: Lever::Scale(by),
                criteria: Criteria {
                    cost: change.clone(),
                    needs_met: change.clone(),
                    wait: change.clone(),
                    unmet_need: change.clone(),
                    access: change.clone(),
                    public_cost: change.clone(),
                    arising: change,
                    outcomes: Vec::new(),
                },
            }
        };
        let of = |costs: [(f64, &[f64]); 4]| {
            let found = switching(&costs.map(under));
            let cost = found.into_iter().find(|found| found.criterion == "cost");
            cost.expect("every criterion has its line")
        };
        let found = of([
            (0.5, &[-3.1, -2.9]),
            (0.75, &[3.0, -1.0]),
            (1.0, &[-1.1, -0.9]),
            (1.5, &[0.9, 1.1]),
        ]);
        assert_eq!((found.lever, found.n_changes), ("scale", 1));
        assert!(found.at.is_some_and(|at| (at - 1.25).abs() < 1e-12));
        assert_eq!(found.is_better_first, Some(true));
        assert_eq!(found.tried, (0.5, 1.5));
        let found = of([(0.5, &[-3.0]), (0.75, &[1.0]), (1.0, &[2.0]), (1.5, &[1.0])]);
        assert_eq!(found.at, Some(0.6875));
    }
}

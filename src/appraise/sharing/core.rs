//! Who would leave, and what would keep them.

use microlp::{ComparisonOp, OptimizationDirection};

use super::groups::{members, sums};
use super::nucleolus::Savings;
use super::programme::{Point, Programme, Unsolved, each, with_groups};
use crate::compile::Coalitions;

/// A group and its excess.
#[derive(Debug, Clone, PartialEq)]
pub struct Objection {
    /// The members, in the order of the partners.
    pub members: Vec<usize>,
    /// What they pay less what they would pay by themselves; below 0 where they gain.
    pub excess: f64,
}

/// Payments between partners.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfers {
    /// What passes hands.
    pub total: f64,
    /// What each partner pays more than the rule says, below 0 for less: one way among perhaps many.
    pub payments: Vec<f64>,
}

impl Transfers {
    /// Nothing passes.
    pub fn none(n_partners: usize) -> Transfers {
        Transfers {
            total: 0.0,
            payments: vec![0.0; n_partners],
        }
    }
}

/// The group, of those that are not everybody, with the largest excess. Of groups that differ by rounding only, the
/// smallest, then the first; an excess that is rounding is 0.
pub(super) fn objection(game: &Coalitions, shares: &[f64], rounding: f64) -> Option<Objection> {
    let sums = sums(shares);
    let excess = |group: usize| sums[group] - game.costs[group];
    let groups = 1..game.costs.len() - 1;
    let largest = groups.clone().map(excess).reduce(f64::max)?;
    let group = groups
        .filter(|group| excess(*group) >= largest - rounding)
        .min_by_key(|group| (group.count_ones(), !group.reverse_bits()))?;
    Some(Objection {
        members: members(group).collect(),
        excess: if largest.abs() <= rounding {
            0.0
        } else {
            excess(group)
        },
    })
}

/// Every group but nobody and everybody.
fn groups(game: &Coalitions) -> Vec<bool> {
    let mut open = vec![true; game.costs.len()];
    open[0] = false;
    open[game.costs.len() - 1] = false;
    open
}

/// The smallest payments between partners after which no group pays more than by itself, for shares that pay for
/// everything, given other shares that are in the core.
pub(super) fn transfers(
    game: &Coalitions,
    shares: &[f64],
    in_core: &[f64],
) -> Result<Transfers, Unsolved> {
    // Where the core is next to a point, rounding could leave nothing of it: no group is held to less than it pays
    // there.
    let held: Vec<f64> = (game.costs.iter().zip(sums(in_core)))
        .map(|(cost, paid)| cost.max(paid))
        .collect();
    let room = held
        .iter()
        .zip(sums(shares))
        .map(|(limit, paid)| limit - paid);
    let mut limits: Vec<f64> = room.collect();
    let unit = limits
        .iter()
        .fold(0.0_f64, |most, room| most.max(room.abs()));
    limits.iter_mut().for_each(|limit| *limit /= unit);
    // What rounding has left unpaid, or 0.
    let left = (in_core.iter().sum::<f64>() - shares.iter().sum::<f64>()) / unit;
    let n = shares.len();
    let mut working: Vec<usize> = (0..n).map(|partner| 1 << partner).collect();
    let point = with_groups(&limits, &groups(game), &mut working, |working| {
        let mut programme = Programme::new(OptimizationDirection::Minimize);
        for objective in [1.0, 0.0] {
            for _ in 0..n {
                programme.variable(objective, (0.0, f64::INFINITY));
            }
        }
        let net = |group: usize| each(group, 1.0).chain(each(group << n, -1.0));
        programme.constrain(net(game.costs.len() - 1), ComparisonOp::Eq, left);
        for group in working {
            programme.constrain(net(*group), ComparisonOp::Le, limits[*group]);
        }
        let values = programme.solve()?.values;
        Ok(Point {
            numbers: (0..n)
                .map(|partner| values[partner] - values[n + partner])
                .collect(),
            level: 0.0,
        })
    })?;
    let payments: Vec<f64> = point
        .numbers
        .iter()
        .map(|number| number * unit + 0.0)
        .collect();
    Ok(Transfers {
        total: payments.iter().map(|payment| payment.max(0.0)).sum(),
        payments,
    })
}

/// What all pay together less the most that can be asked of them without a group being better out: the cost of
/// stability of Bachrach et al. (2009).
pub(super) fn subsidy(game: &Coalitions) -> Result<f64, Unsolved> {
    let savings = Savings::of(game);
    let n = game.partners.len();
    let mut working: Vec<usize> = (0..n).map(|partner| 1 << partner).collect();
    let point = with_groups(&savings.limits, &groups(game), &mut working, |working| {
        let mut programme = Programme::new(OptimizationDirection::Maximize);
        for _ in 0..n {
            programme.variable(1.0, (f64::NEG_INFINITY, f64::INFINITY));
        }
        for group in working {
            programme.constrain(each(*group, 1.0), ComparisonOp::Le, savings.limits[*group]);
        }
        Ok(Point {
            numbers: programme.solve()?.values,
            level: 0.0,
        })
    })?;
    Ok(savings.unit * (savings.together() - point.numbers.iter().sum::<f64>()))
}

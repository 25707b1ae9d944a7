//! Who would leave, and what would keep them.

use microlp::{ComparisonOp, OptimizationDirection};

use super::groups::{members, sums};
use super::nucleolus::Savings;
use super::programme::{Point, Programme, Unsolved, each, with_groups};
use super::rounding::Rounding;
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
pub(super) fn objection(
    game: &Coalitions,
    shares: &[f64],
    rounding: Rounding,
) -> Option<Objection> {
    let paid = sums(shares);
    let sizes = sums(&shares.iter().map(|share| share.abs()).collect::<Vec<f64>>());
    let margin = |group: usize| rounding.between([sizes[group], game.costs[group]]);
    let excess = |group: usize| match paid[group] - game.costs[group] {
        excess if excess.abs() <= margin(group) => 0.0,
        excess => excess,
    };
    let groups = 1..game.costs.len() - 1;
    let largest = groups
        .clone()
        .max_by(|a, b| excess(*a).total_cmp(&excess(*b)))?;
    let is_alike =
        |group: &usize| excess(*group) >= excess(largest) - margin(*group).max(margin(largest));
    // No group whose excess is rounding stands for one that has a reason to leave.
    let objects = |group: &usize| (excess(*group) > 0.0) == (excess(largest) > 0.0);
    let group = groups
        .filter(|group| is_alike(group) && objects(group))
        .min_by_key(|group| (group.count_ones(), !group.reverse_bits()))?;
    Some(Objection {
        members: members(group).collect(),
        excess: excess(group),
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
    let gaps: Vec<f64> = in_core.iter().zip(shares).map(|(a, b)| a - b).collect();
    let unit = gaps.iter().fold(0.0_f64, |most, gap| most.max(gap.abs()));
    // How far each group may move up from the shares in the core. Where the core is next to a point, rounding could
    // leave less than nothing.
    let limits: Vec<f64> = (game.costs.iter().zip(sums(in_core)))
        .map(|(cost, paid)| (cost - paid).max(0.0) / unit)
        .collect();
    let n = shares.len();
    let mut working: Vec<usize> = (0..n).map(|partner| 1 << partner).collect();
    let point = with_groups(&limits, &groups(game), &mut working, |working| {
        let mut programme = Programme::new(OptimizationDirection::Minimize);
        for _ in 0..n {
            programme.variable(0.0, (f64::NEG_INFINITY, f64::INFINITY));
        }
        for (partner, gap) in gaps.iter().enumerate() {
            let pays_more = programme.variable(1.0, (0.0, f64::INFINITY));
            let terms = [(pays_more, 1.0), (partner, -1.0)];
            programme.constrain(terms, ComparisonOp::Ge, gap / unit);
        }
        programme.constrain(each(game.costs.len() - 1, 1.0), ComparisonOp::Eq, 0.0);
        for group in working {
            programme.constrain(each(*group, 1.0), ComparisonOp::Le, limits[*group]);
        }
        let mut numbers = programme.solve()?.values;
        numbers.truncate(n);
        Ok(Point {
            numbers,
            level: 0.0,
        })
    })?;
    let moves = gaps.iter().zip(&point.numbers);
    let payments: Vec<f64> = moves.map(|(gap, number)| gap + number * unit).collect();
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

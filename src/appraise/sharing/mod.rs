//! What coalitions cost to fair shares: rules side by side, and whether anybody would be better out. Pure.
//!
//! All rules but `marginal` share the cost of everybody together, `c(N)`. The excess of a group under some shares is
//! what its members pay less what they would pay by themselves, `x(S) - c(S)`: above 0 it is a reason to leave.
//!
//! The rules are those of Young (1985), *Cost Allocation: Methods, Principles, Applications*.

mod core;
mod groups;
mod nucleolus;
mod programme;
mod rounding;
mod rules;
mod span;
#[cfg(test)]
mod tests;

pub use self::core::{Objection, Transfers};
pub use nucleolus::nucleolus;
pub use programme::Unsolved;
pub use rounding::Rounding;
pub(crate) use rules::{in_proportion, remaining_benefits};
pub use rules::{marginal, proportional, separable_costs_remaining_benefits, shapley};

use crate::compile::Coalitions;

/// How a cost may be shared, side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Sharing {
    /// The partners, in the order of every allocation.
    pub partners: Vec<String>,
    /// What each would pay alone.
    pub alone: Vec<f64>,
    /// What all pay together.
    pub together: f64,
    /// The rules: Shapley, nucleolus, separable costs remaining benefits, marginal, equal, then one for each weight.
    pub rules: Vec<Rule>,
    /// The smallest number to which the largest excess of any group can be held by some shares; at most 0 where the
    /// core is not empty. 0 for one partner alone.
    pub least_core: f64,
    /// Whether under all shares some group is better out.
    pub is_core_empty: bool,
    /// The smallest sum of money from outside with which some shares leave no group better out.
    pub subsidy: f64,
}

/// One rule: who pays what, and who objects.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// `shapley`, `nucleolus`, `scrb`, `marginal`, `equal` or the name of a weight.
    pub id: String,
    /// What each partner pays.
    pub shares: Vec<f64>,
    /// The cost of all together less the sum of the shares; 0 but for `marginal`.
    pub unallocated: f64,
    /// Whether nobody pays more than alone, by partner.
    pub is_better_inside: Vec<bool>,
    /// The group with the largest excess, the smallest such group first; `None` for one partner alone.
    pub objection: Option<Objection>,
    /// Whether the shares pay for everything and no group pays more than by itself.
    pub is_in_core: bool,
    /// The smallest sum that must pass between partners so that no group is better out; `None` where the core is
    /// empty or the rule does not share the whole cost.
    pub transfers: Option<Transfers>,
}

impl Rule {
    /// Whether nobody pays more than alone.
    pub fn is_individually_rational(&self) -> bool {
        self.is_better_inside.iter().all(|is_better| *is_better)
    }

    /// What the group that objects most would have to be given to have no reason to leave; 0 where none objects.
    pub fn side_payment(&self) -> f64 {
        let excess = self.objection.as_ref().map_or(0.0, |o| o.excess);
        excess.max(0.0)
    }
}

/// The names of rules that no weight may have.
pub const RULES: [&str; 5] = ["shapley", "nucleolus", "scrb", "marginal", "equal"];

/// Shares the cost by every rule.
///
/// # Errors
/// When a linear programme cannot be solved to the accuracy that is promised.
pub fn share(game: &Coalitions) -> Result<Sharing, Unsolved> {
    let n = game.partners.len();
    let mut allocations = vec![
        shapley(game),
        nucleolus(game)?,
        separable_costs_remaining_benefits(game),
        marginal(game),
        proportional(game, &vec![1.0; n]),
    ];
    allocations.extend(
        game.weights
            .iter()
            .map(|(_, weights)| proportional(game, weights)),
    );
    let ids = RULES.iter().map(|id| (*id).to_owned());
    let ids = ids.chain(game.weights.iter().map(|(name, _)| name.clone()));
    let roundings = Roundings::of(game);
    // The nucleolus is in the core, if there is one.
    let objection = self::core::objection(game, &allocations[1], roundings.of_rule(RULES[1]));
    let most = objection.map_or(0.0, |o| o.excess);
    let is_core_empty = most > 0.0;
    let least_core = match nucleolus::least_core(game)? {
        level if is_core_empty => level.max(0.0),
        level if most == 0.0 || level > 0.0 => 0.0,
        level => level,
    };
    let in_core = (!is_core_empty).then(|| allocations[1].clone());
    let rules = ids
        .zip(allocations)
        .map(|(id, shares)| rule(game, id, shares, (in_core.as_deref(), &roundings)));
    Ok(Sharing {
        partners: game.partners.clone(),
        alone: (0..n).map(|partner| game.costs[1 << partner]).collect(),
        together: game.costs[game.costs.len() - 1],
        rules: rules.collect::<Result<_, _>>()?,
        least_core,
        is_core_empty,
        subsidy: if is_core_empty {
            self::core::subsidy(game)?
        } else {
            0.0
        },
    })
}

/// What is rounding in shares that a formula gives, and in those that linear programmes do.
struct Roundings {
    formula: Rounding,
    programme: Rounding,
}

impl Roundings {
    fn of(game: &Coalitions) -> Roundings {
        let formula = Rounding::of(game.costs.iter().copied());
        let unit = nucleolus::Savings::of(game).unit;
        Roundings {
            formula,
            programme: formula.or(programme::TOLERANCE * unit),
        }
    }

    fn of_rule(&self, id: &str) -> Rounding {
        match id {
            "nucleolus" => self.programme,
            _ => self.formula,
        }
    }
}

fn rule(
    game: &Coalitions,
    id: String,
    shares: Vec<f64>,
    (in_core, roundings): (Option<&[f64]>, &Roundings),
) -> Result<Rule, Unsolved> {
    let rounding = roundings.of_rule(&id);
    let together = game.costs[game.costs.len() - 1];
    let difference = together - shares.iter().sum::<f64>();
    let paid = shares.iter().map(|share| share.abs()).sum();
    let shares_all = difference.abs() <= rounding.between([together, paid]);
    let objection = self::core::objection(game, &shares, rounding);
    let is_stable = objection.as_ref().is_none_or(|o| o.excess <= 0.0);
    let alone = |(partner, share): (usize, &f64)| {
        let cost = game.costs[1 << partner];
        *share <= cost + rounding.between([*share, cost])
    };
    let transfers = match in_core.filter(|_| shares_all) {
        Some(_) if is_stable => Some(Transfers::none(shares.len())),
        Some(in_core) => Some(self::core::transfers(game, &shares, in_core)?),
        None => None,
    };
    Ok(Rule {
        id,
        unallocated: if shares_all { 0.0 } else { difference },
        is_better_inside: shares.iter().enumerate().map(alone).collect(),
        is_in_core: shares_all && is_stable,
        objection,
        transfers,
        shares,
    })
}

//! A shared service, simulated: what every coalition costs and does in every draw, who gains and who loses by joining,
//! how the cost may be shared, and what would change the verdict. Pure.

mod change;
mod levers;
mod own;
mod rows;
mod rules;
mod sample;
mod taking;
#[cfg(test)]
mod tests;
mod verdict;

pub use change::{Change, Criteria, FEWEST_DRAWS};
pub use levers::{LEVERS, LeverRow, Switching, lever_rows, named, switching};
pub use own::OwnCosts;
use rows::Rows;
pub use rules::{JointRule, NO_NUCLEOLUS};
pub use sample::{LivedRow, MOST_EXACT, groups, orders};
pub use taking::{Numbers, Taker, headlines};
pub use verdict::{CITATIONS, Citation, Level, Value, Verdict};

use crate::appraise::sharing::{Sharing, Unsolved};
use crate::compile::{Group, Plan, SharingPlan};

/// A coalition against its members alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Coalition {
    /// The members.
    pub members: Group,
    /// What they have.
    pub criteria: Criteria,
}

/// What sharing a service comes to.
#[derive(Debug, Clone)]
pub struct Joint {
    /// The names of the partners.
    pub partners: Vec<String>,
    /// The titles of the shared services.
    pub services: Vec<String>,
    /// How many draws beside row 0.
    pub n_draws: usize,
    /// Whether all coalitions were lived; if not, those along orders of joining.
    pub is_exact: bool,
    /// How many orders of joining were drawn in all rows.
    pub n_orders: usize,
    /// Coalitions that were lived in every row, single partners included.
    pub coalitions: Vec<Coalition>,
    /// Each partner: alone, and with everybody.
    pub members: Vec<Criteria>,
    /// What options cost by themselves, such as setting the joint service up.
    pub own: OwnCosts,
    /// Shares of the expected cost; `None` where not all coalitions were lived.
    pub expected: Option<Sharing>,
    /// The rules over the draws.
    pub rules: Vec<JointRule>,
    /// By what costs may be shared in proportion, the mean over the draws.
    pub weights: Vec<(String, Vec<f64>)>,
    /// The share of draws in which the core is empty; not a number where that cannot be told.
    pub core_empty: f64,
    /// The largest less the smallest access of any partner.
    pub access_gap: Change,
    /// The longest less the shortest mean wait of any partner.
    pub wait_gap: Change,
    /// Whether the cost that is shared is net of what needs met are worth.
    pub worth: Option<(f64, String)>,
    /// What would change the verdict.
    pub levers: Vec<LeverRow>,
    /// Where it would change.
    pub switching: Vec<Switching>,
    /// The verdict.
    pub verdict: Verdict,
}

/// What sharing comes to, from the rows of the draws (row 0 first) and those in which levers were pulled.
///
/// # Errors
/// When a linear programme of a fair share cannot be solved to the accuracy that is promised.
pub fn joint(
    plan: &Plan,
    sharing: &SharingPlan,
    rows: &[LivedRow],
    own: OwnCosts,
    levers: Vec<LeverRow>,
) -> Result<Joint, Unsolved> {
    let rows = Rows {
        plan,
        sharing,
        rows,
        own: &own,
    };
    let n = rows.n();
    let shared = rules::rules(&rows)?;
    let by_rule = shared.rules.iter().find(|rule| rule.id == sharing.rule);
    let by_rule = by_rule.or(shared.rules.first());
    let nothing = vec![vec![f64::NAN; n]; rows.rows.len()];
    let by_rule = by_rule.map_or(&nothing, |rule| &rule.by_row);
    let members: Vec<Criteria> = (0..n)
        .map(|i| {
            rows.partner(
                i,
                &by_rule.iter().map(|shares| shares[i]).collect::<Vec<_>>(),
            )
        })
        .collect();
    let coalitions = rows.coalitions();
    let whole = coalitions
        .last()
        .map(|coalition| coalition.criteria.clone());
    let mut switching = switching(&levers);
    switching.extend(rows.running_cost());
    let access_gap = rows.gap(Numbers::access);
    Ok(Joint {
        partners: names(plan, sharing),
        services: (sharing.services.iter())
            .map(|service| plan.services[*service].title.clone())
            .collect(),
        n_draws: rows.rows.len().saturating_sub(1),
        is_exact: n <= MOST_EXACT,
        // The central row is no draw, and no mean counts it.
        n_orders: rows.rows.iter().skip(1).map(|row| row.orders.len()).sum(),
        verdict: verdict::verdict(plan, sharing, whole.as_ref(), &members),
        coalitions,
        members,
        expected: shared.expected,
        core_empty: shared.core_empty,
        weights: shared.weights,
        rules: shared.rules,
        wait_gap: rows.gap(Numbers::wait),
        access_gap,
        worth: sharing.need_met.clone(),
        levers,
        switching,
        own,
    })
}

/// The names of the partners; what joins members in tables of coalitions stands in none.
pub fn names(plan: &Plan, sharing: &SharingPlan) -> Vec<String> {
    let partners = sharing.partners.iter();
    partners
        .map(|area| plan.areas[*area].name.replace('+', "&"))
        .collect()
}

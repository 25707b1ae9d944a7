//! A shared service, simulated: what every coalition costs and does in every draw, who gains and who loses by joining,
//! how the cost may be shared, and what would change the verdict. Pure.

mod levers;
mod rules;
mod sample;
mod taking;
mod verdict;

pub use levers::{LEVERS, LeverRow, Switching, lever_rows, named, switching};
pub use rules::{JointRule, NO_NUCLEOLUS};
pub use sample::{LivedRow, MOST_EXACT, groups, orders};
pub use taking::{Numbers, Taker, headlines, one_off};
pub use verdict::{CITATIONS, Citation, Level, Value, Verdict};

use crate::appraise::sharing::{Sharing, Unsolved};
use crate::compile::{Better, Group, Plan, SharingPlan};
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
const FEWEST_DRAWS: usize = 20;

impl Change {
    fn of(alone: &[f64], together: &[f64], direction: Better) -> Change {
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
            better: super::judge::probability(&gains).mean,
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
    /// The titles of the headline measures.
    pub outcomes: Vec<String>,
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
    /// What each partner is charged where it falls when all are together, before anything is shared.
    pub charged: Vec<Estimate>,
    /// What setting the joint service up costs any group, present value.
    pub one_off: f64,
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

/// Rows of coalitions, ready to be looked at one number at a time.
pub(super) struct Rows<'a> {
    pub plan: &'a Plan,
    pub sharing: &'a SharingPlan,
    pub rows: &'a [LivedRow],
    pub one_off: f64,
}

impl Rows<'_> {
    pub fn n(&self) -> usize {
        self.sharing.partners.len()
    }

    pub fn everybody(&self) -> Group {
        (1 << self.n()) - 1
    }

    /// What a coalition pays in a row: the shared services, setting up, less what needs met are worth.
    pub fn cost(&self, row: &LivedRow, group: Group) -> f64 {
        let Some(whole) = row.whole(group) else {
            return f64::NAN;
        };
        let set_up = if group.count_ones() > 1 {
            self.one_off
        } else {
            0.0
        };
        self.net(&whole) + set_up
    }

    pub fn net(&self, numbers: &Numbers) -> f64 {
        let worth = self.sharing.need_met.as_ref().map_or(0.0, |(gbp, _)| *gbp);
        numbers.cost - worth * numbers.needs_met_discounted
    }

    /// The multiple of what running services costs at which together costs what going alone does.
    fn running_cost(&self) -> Option<Switching> {
        let draws = if self.rows.len() > 1 {
            &self.rows[1..]
        } else {
            self.rows
        };
        let (mut running, mut rest) = (0.0, 0.0);
        for row in draws {
            let alone = (0..self.n()).filter_map(|i| row.member(1 << i, i));
            let alone = alone.fold(Numbers::default(), |sum, numbers| sum + numbers);
            let together = row.whole(self.everybody())?;
            running += together.running - alone.running;
            rest += self.cost(row, self.everybody()) - self.net(&alone);
        }
        rest -= running;
        let at = -rest / running;
        (running != 0.0).then_some(Switching {
            lever: "running_cost",
            criterion: "cost",
            at: (at > 0.0 && at.is_finite()).then_some(at),
            is_better_first: rest < 0.0,
            tried: (0.0, f64::INFINITY),
        })
    }

    fn each(&self, value: impl Fn(&LivedRow) -> f64) -> Vec<f64> {
        self.rows.iter().map(value).collect()
    }

    /// A coalition against its members alone, or against itself.
    fn criteria(&self, group: Group, costs: (&[f64], &[f64])) -> Criteria {
        let members: Vec<usize> = (0..self.n()).filter(|i| group >> i & 1 == 1).collect();
        let alone = |row: &LivedRow| {
            let members = members.iter().filter_map(|i| row.member(1 << i, *i));
            members.fold(Numbers::default(), |sum, numbers| sum + numbers)
        };
        let together = |row: &LivedRow| row.whole(group).unwrap_or_default();
        self.compare(&alone, &together, costs)
    }

    fn compare(
        &self,
        alone: &dyn Fn(&LivedRow) -> Numbers,
        together: &dyn Fn(&LivedRow) -> Numbers,
        costs: (&[f64], &[f64]),
    ) -> Criteria {
        let alone: Vec<Numbers> = self.rows.iter().map(alone).collect();
        let together: Vec<Numbers> = self.rows.iter().map(together).collect();
        let change = |value: &dyn Fn(&Numbers) -> f64, better| {
            let of = |numbers: &[Numbers]| numbers.iter().map(value).collect::<Vec<f64>>();
            Change::of(&of(&alone), &of(&together), better)
        };
        let headlines = self
            .plan
            .measures
            .iter()
            .filter(|measure| measure.is_headline);
        let outcomes = headlines.enumerate().map(|(index, measure)| {
            let value =
                |numbers: &Numbers| numbers.outcomes.get(index).copied().unwrap_or(f64::NAN);
            change(&value, measure.better)
        });
        Criteria {
            cost: Change::of(costs.0, costs.1, Better::Lower),
            needs_met: change(&|n| n.needs_met, Better::Higher),
            wait: change(&Numbers::wait, Better::Lower),
            unmet_need: change(&|n| n.unmet_need, Better::Lower),
            access: change(&Numbers::access, Better::Higher),
            public_cost: change(&|n| n.public_cost, Better::Lower),
            arising: change(&|n| n.arising, Better::Neither),
            outcomes: outcomes.collect(),
        }
    }

    fn coalition(&self, group: Group) -> Coalition {
        let members: Vec<usize> = (0..self.n()).filter(|i| group >> i & 1 == 1).collect();
        let alone = self.each(|row| members.iter().map(|i| self.cost(row, 1 << i)).sum());
        let together = self.each(|row| self.cost(row, group));
        Coalition {
            members: group,
            criteria: self.criteria(group, (&alone, &together)),
        }
    }

    /// A partner alone and with everybody, at its share of the cost.
    fn partner(&self, partner: usize, shares: &[f64]) -> Criteria {
        let everybody = self.everybody();
        let alone = self.each(|row| self.cost(row, 1 << partner));
        let of = |row: &LivedRow, group| row.member(group, partner).cloned().unwrap_or_default();
        self.compare(
            &|row| of(row, 1 << partner),
            &|row| of(row, everybody),
            (&alone, shares),
        )
    }

    /// The largest less the smallest number of any partner, alone and with everybody.
    fn gap(&self, value: impl Fn(&Numbers) -> f64) -> Change {
        let spread = |row: &LivedRow, together: bool| {
            let members = (0..self.n()).filter_map(|i| {
                let group = if together { self.everybody() } else { 1 << i };
                row.member(group, i).map(&value)
            });
            let ends = members
                .filter(|v| !v.is_nan())
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                    (low.min(v), high.max(v))
                });
            if ends.0.is_finite() {
                ends.1 - ends.0
            } else {
                f64::NAN
            }
        };
        let alone = self.each(|row| spread(row, false));
        let together = self.each(|row| spread(row, true));
        Change::of(&alone, &together, Better::Lower)
    }
}

/// What sharing comes to, from the rows of the draws (row 0 first) and those in which levers were pulled.
///
/// # Errors
/// When a linear programme of a fair share cannot be solved to the accuracy that is promised.
pub fn joint(
    plan: &Plan,
    sharing: &SharingPlan,
    rows: &[LivedRow],
    one_off: f64,
    levers: Vec<LeverRow>,
) -> Result<Joint, Unsolved> {
    let rows = Rows {
        plan,
        sharing,
        rows,
        one_off,
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
    let everywhere = |group: &Group| rows.rows.iter().all(|row| row.world_of.contains_key(group));
    let known = rows.rows.first().map(|row| row.world_of.keys().copied());
    let mut known: Vec<Group> = known.into_iter().flatten().filter(everywhere).collect();
    known.sort_by_key(|group| (group.count_ones(), !group.reverse_bits()));
    let coalitions: Vec<Coalition> = known.iter().map(|group| rows.coalition(*group)).collect();
    let whole = coalitions
        .last()
        .map(|coalition| coalition.criteria.clone());
    let mut switching = switching(&levers);
    switching.extend(rows.running_cost());
    let access_gap = rows.gap(Numbers::access);
    let charged = (0..n).map(|i| {
        let values = rows.each(|row| {
            row.member(rows.everybody(), i)
                .map_or(f64::NAN, |numbers| numbers.cost)
        });
        Estimate::of_rows(&values)
    });
    Ok(Joint {
        partners: names(plan, sharing),
        services: (sharing.services.iter())
            .map(|service| plan.services[*service].title.clone())
            .collect(),
        outcomes: (plan.measures.iter())
            .filter(|measure| measure.is_headline)
            .map(|measure| measure.title.clone())
            .collect(),
        n_draws: rows.rows.len().saturating_sub(1),
        is_exact: n <= MOST_EXACT,
        n_orders: rows.rows.iter().map(|row| row.orders.len()).sum(),
        charged: charged.collect(),
        one_off,
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
    })
}

/// The names of the partners.
pub fn names(plan: &Plan, sharing: &SharingPlan) -> Vec<String> {
    let partners = sharing.partners.iter();
    partners
        .map(|area| plan.areas[*area].name.clone())
        .collect()
}

//! Rows of the draws in which coalitions were lived, looked at one number at a time.

use super::Coalition;
use super::change::{Change, Criteria};
use super::levers::Switching;
use super::own::OwnCosts;
use super::sample::LivedRow;
use super::taking::Numbers;
use crate::compile::{Better, Group, Plan, SharingPlan};

/// Rows of coalitions, ready to be looked at one number at a time.
pub(super) struct Rows<'a> {
    pub plan: &'a Plan,
    pub sharing: &'a SharingPlan,
    pub rows: &'a [LivedRow],
    pub own: &'a OwnCosts,
}

impl Rows<'_> {
    pub fn n(&self) -> usize {
        self.sharing.partners.len()
    }

    pub fn everybody(&self) -> Group {
        (1 << self.n()) - 1
    }

    /// What a coalition pays in a row: the shared services, what options cost by themselves, less what needs met are worth.
    pub fn cost(&self, row: &LivedRow, group: Group) -> f64 {
        let Some(whole) = row.whole(group) else {
            return f64::NAN;
        };
        self.net(&whole) + self.own.paid(group)
    }

    pub fn net(&self, numbers: &Numbers) -> f64 {
        let worth = self.sharing.need_met.as_ref().map_or(0.0, |(gbp, _)| *gbp);
        numbers.cost - worth * numbers.needs_met_discounted
    }

    /// The multiple of what running services costs at which together costs what going alone does.
    pub fn running_cost(&self) -> Option<Switching> {
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
            let apart: f64 = (0..self.n()).map(|i| self.cost(row, 1 << i)).sum();
            rest += self.cost(row, self.everybody()) - apart;
        }
        rest -= running;
        let at = Some(-rest / running).filter(|at| *at > 0.0 && at.is_finite());
        (running != 0.0).then_some(Switching {
            lever: "running_cost",
            criterion: "cost",
            at,
            n_changes: usize::from(at.is_some()),
            is_better_first: Some(rest < 0.0),
            tried: (0.0, f64::INFINITY),
        })
    }

    pub fn each(&self, value: impl Fn(&LivedRow) -> f64) -> Vec<f64> {
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

    /// Every coalition that was lived in all rows, the smallest first.
    pub fn coalitions(&self) -> Vec<Coalition> {
        let everywhere =
            |group: &Group| self.rows.iter().all(|row| row.world_of.contains_key(group));
        let known = self.rows.first().map(|row| row.world_of.keys().copied());
        let mut known: Vec<Group> = known.into_iter().flatten().filter(everywhere).collect();
        known.sort_by_key(|group| (group.count_ones(), !group.reverse_bits()));
        known.iter().map(|group| self.coalition(*group)).collect()
    }

    pub fn coalition(&self, group: Group) -> Coalition {
        let members: Vec<usize> = (0..self.n()).filter(|i| group >> i & 1 == 1).collect();
        let alone = self.each(|row| members.iter().map(|i| self.cost(row, 1 << i)).sum());
        let together = self.each(|row| self.cost(row, group));
        Coalition {
            members: group,
            criteria: self.criteria(group, (&alone, &together)),
        }
    }

    /// A partner alone and with everybody, at its share of the cost.
    pub fn partner(&self, partner: usize, shares: &[f64]) -> Criteria {
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
    pub fn gap(&self, value: impl Fn(&Numbers) -> f64) -> Change {
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

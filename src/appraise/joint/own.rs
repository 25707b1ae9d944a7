//! What options cost by themselves, such as setting a joint service up, and which groups pay it.

use crate::appraise::Factors;
use crate::appraise::own_cost::worth;
use crate::compile::{Group, OptionCost, Plan, SharingPlan};
use crate::simulate::Layout;

/// Present values of what options cost by themselves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnCosts {
    /// Of the joint service, of no one area: paid once by any group of two or more.
    pub once: f64,
    /// Of the joint service, by partner: paid by every group of two or more to which it belongs.
    pub joining: Vec<f64>,
    /// By partner: paid where it goes alone.
    pub alone: Vec<f64>,
}

impl OwnCosts {
    /// Of the option in which a service is shared, and of that in which each goes alone. What only passes between payers
    /// costs them nothing together, and what belongs to an area that is no partner is not shared.
    pub fn of(plan: &Plan, sharing: &SharingPlan, layout: &Layout) -> OwnCosts {
        let start = plan.start.financial_year();
        let first = layout.years.partition_point(|year| *year < start);
        let years = &layout.years[first..];
        let factors = Factors::of(plan, years.len()).costs;
        let sum = |option: usize, is_meant: &dyn Fn(&OptionCost) -> bool| -> f64 {
            let costs = plan.options[option].costs.iter();
            let spent = costs.filter(|cost| cost.recipient.is_none() && is_meant(cost));
            spent.map(|cost| worth(cost, years, &factors).1).sum()
        };
        let by_partner = |option: usize| -> Vec<f64> {
            let partners = sharing.partners.iter();
            partners
                .map(|area| sum(option, &|cost| cost.area == Some(*area)))
                .collect()
        };
        OwnCosts {
            once: sum(sharing.option, &|cost| cost.area.is_none()),
            joining: by_partner(sharing.option),
            alone: by_partner(sharing.alone),
        }
    }

    /// What a group pays.
    pub(super) fn paid(&self, group: Group) -> f64 {
        let (once, own) = match group.count_ones() {
            0 | 1 => (0.0, &self.alone),
            _ => (self.once, &self.joining),
        };
        let members = own.iter().enumerate();
        let members = members.filter(|(partner, _)| group >> partner & 1 == 1);
        once + members.map(|(_, cost)| cost).sum::<f64>()
    }
}

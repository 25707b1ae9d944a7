//! What the charts of sharing find, in the words of their titles.

use super::JointReport;
use crate::appraise::joint::{Change, Coalition, Criteria};
use crate::report::number::exact;
use crate::summarise::Estimate;

/// How many Monte Carlo errors a mean lies from nothing before a title says that it is not nothing.
const TOLD: f64 = 1.96;

/// Partners are named where there are no more of them than this.
const MOST_NAMED: usize = 3;

impl JointReport<'_> {
    /// For whom more needs are met together.
    pub(super) fn gains_finding(&self) -> String {
        let who = self.who(|partner| is_more(&partner.needs_met.difference));
        format!("More needs are met together than alone, beyond what chance explains, for {who}")
    }

    /// Who pays less together.
    pub(super) fn costs_finding(&self) -> String {
        let who = self.who(|partner| is_less(&partner.cost.difference));
        format!("Sharing costs less than going alone, beyond what chance explains, for {who}")
    }

    /// For whom something is better together in more than half of the draws.
    pub(super) fn likely_finding(&self, what: &str, pick: impl Fn(&Criteria) -> &Change) -> String {
        let who = self.who(|partner| pick(partner).better > 0.5);
        format!("{what}, more probably than not, for {who}")
    }

    /// Where waits are shorter together.
    pub(super) fn waits_finding(&self) -> String {
        let who = self.who(|partner| is_less(&partner.wait.difference));
        format!(
            "Those who start wait less together than alone, beyond what chance explains, for {who}"
        )
    }

    /// Where more of those in need start together.
    pub(super) fn access_finding(&self) -> String {
        let who = self.who(|partner| is_more(&partner.access.difference));
        format!(
            "More of those in need start together than alone, beyond what chance explains, for {who}"
        )
    }

    /// By which rules nobody pays more than alone.
    pub(super) fn shares_finding(&self) -> String {
        let members = &self.joint.members;
        let is_fair = |shares: &[Estimate]| {
            let pairs = shares.iter().zip(members);
            pairs.clone().count() > 0
                && pairs
                    .map(|(share, criteria)| (share.mean, criteria.cost.alone.mean))
                    .all(|(share, alone)| share <= alone * (1.0 + 1e-9))
        };
        let rules = &self.joint.rules;
        let fair: Vec<String> = rules
            .iter()
            .filter(|rule| is_fair(&rule.shares))
            .map(|rule| rule.id.clone())
            .collect();
        let by = match fair.len() {
            0 => {
                return "By every rule somebody pays more than alone, on average over the draws"
                    .to_owned();
            }
            n if n == rules.len() => "every rule".to_owned(),
            n if n <= MOST_NAMED => named(&fair),
            n => format!("{n} of the {} rules", rules.len()),
        };
        format!("On average over the draws nobody pays more than alone by {by}")
    }

    /// How many groups cost less together, and which saves most.
    pub(super) fn ladder_finding(&self, groups: &[&Coalition]) -> String {
        let saved = |group: &&&Coalition| group.criteria.cost.difference.mean;
        let less = groups
            .iter()
            .filter(|group| is_less(&group.criteria.cost.difference));
        let n = less.clone().count();
        let most = less.min_by(|a, b| saved(a).total_cmp(&saved(b)));
        let of = match (n, groups.len()) {
            (_, 1) => "the one group costs less than its".to_owned(),
            (1, all) => format!("one of the {all} groups costs less than its"),
            (n, all) => format!("{n} of the {all} groups cost less than their"),
        };
        match most {
            None => {
                "No group costs less than its members alone, beyond what chance explains".to_owned()
            }
            Some(group) => format!(
                "The ladder of groups: {of} members alone, beyond what chance explains; most is saved by {}, {}",
                self.rung(group),
                exact(-group.criteria.cost.difference.mean, "GBP")
            ),
        }
    }

    /// The partners of whom something is so.
    fn who(&self, is_so: impl Fn(&Criteria) -> bool) -> String {
        let partners = self.joint.partners.iter().zip(&self.joint.members);
        let found: Vec<String> = partners
            .filter(|(_, criteria)| is_so(criteria))
            .map(|(name, _)| name.clone())
            .collect();
        let n_partners = self.joint.partners.len();
        match found.len() {
            0 => "no partner".to_owned(),
            n if n == n_partners => "every partner".to_owned(),
            n if n <= MOST_NAMED => named(&found),
            n => format!("{n} of the {n_partners} partners"),
        }
    }
}

fn is_more(difference: &Estimate) -> bool {
    difference.mean > TOLD * difference.mc_error
}

fn is_less(difference: &Estimate) -> bool {
    difference.mean < -TOLD * difference.mc_error
}

/// Names within a sentence.
fn named(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

//! The coalition ladder: groups from the smallest to the largest, and what each saves.

use super::JointReport;
use super::figures::{chart, of_change, row};
use crate::appraise::joint::Coalition;
use crate::report::chart::Group;
use crate::report::page::view::Figure;

/// More coalitions than this would make a ladder that nobody reads: the best of each size stand for the rest.
const MOST_RUNGS: usize = 34;

/// So many of each size where not all are shown.
const MOST_OF_A_SIZE: usize = 6;

/// The coalitions that are shown: all, or those of each size that save most.
fn shown<'a>(all: &[&'a Coalition]) -> Vec<&'a Coalition> {
    let mut shown = all.to_vec();
    if shown.len() <= MOST_RUNGS {
        return shown;
    }
    let saved = |c: &Coalition| c.criteria.cost.difference.mean;
    shown.sort_by(|a, b| saved(a).total_cmp(&saved(b)));
    shown.sort_by_key(|coalition| coalition.members.count_ones());
    let mut kept: Vec<&Coalition> = Vec::new();
    for coalition in shown {
        let is_alike = |c: &&&Coalition| c.members.count_ones() == coalition.members.count_ones();
        if kept.iter().filter(is_alike).count() < MOST_OF_A_SIZE {
            kept.push(coalition);
        }
    }
    kept
}

impl JointReport<'_> {
    /// Coalitions from the smallest to the largest: what each saves against its members alone.
    pub(super) fn ladder(&self) -> Figure {
        let coalitions = self.joint.coalitions.iter();
        let all: Vec<&Coalition> = coalitions.filter(|c| c.members.count_ones() > 1).collect();
        let mut groups: Vec<Group> = Vec::new();
        for coalition in shown(&all) {
            let label = match self.n_outside(coalition) {
                0 => "All together".to_owned(),
                _ => format!("{} partners", coalition.members.count_ones()),
            };
            if groups.last().is_none_or(|group| group.label != label) {
                let items = Vec::new();
                groups.push(Group { label, items });
            }
            let item = of_change(self.rung(coalition), &coalition.criteria.cost, "GBP");
            if let Some(group) = groups.last_mut() {
                group.items.push(item);
            }
        }
        let mut table = self.change_table(
            "Every coalition that was simulated, against its members alone",
            "Coalition",
        );
        for coalition in &all {
            let name = self.names(coalition.members).join(" + ");
            let named = self.criteria(&coalition.criteria).into_iter().take(5);
            let rows = named.map(|named| row(&name, &named.title, named.change, named.unit));
            table.rows.extend(rows);
        }
        let title = self.ladder_finding(&all);
        let description = "What each group's service costs, less the cost of its members alone. Dots left of zero are groups whose joint service costs less than going alone. Whiskers are 90% ranges.";
        chart("ladder", &title, description, ("GBP", false), groups, table)
    }

    /// How many partners a coalition leaves out.
    fn n_outside(&self, coalition: &Coalition) -> usize {
        self.joint.partners.len() - coalition.members.count_ones() as usize
    }

    /// What a coalition is called on the ladder.
    pub(super) fn rung(&self, coalition: &Coalition) -> String {
        match self.n_outside(coalition) {
            0 => "everybody".to_owned(),
            1 if coalition.members.count_ones() > 2 => {
                let everybody = (1 << self.joint.partners.len()) - 1;
                let left_out = self.short_names(everybody & !coalition.members);
                format!("all but {left_out}")
            }
            _ => self.short_names(coalition.members),
        }
    }

    fn short_names(&self, group: crate::compile::Group) -> String {
        let names = self.names(group);
        let words = names.iter().map(|name| {
            let word = name
                .split_whitespace()
                .find(|word| !["Na", "h-Eileanan"].contains(word));
            word.unwrap_or(name).to_owned()
        });
        words.collect::<Vec<_>>().join(" + ")
    }
}

//! The coalition ladder: groups from the smallest to the largest, and what each saves.

use super::JointReport;
use super::figures::{chart, of_change, row};
use crate::appraise::joint::Coalition;
use crate::report::chart::Group;
use crate::report::page::view::Figure;

/// More coalitions than this would make a ladder that nobody reads: the best of each size stand for the rest.
const MOST_RUNGS: usize = 34;

impl JointReport<'_> {
    /// Coalitions from the smallest to the largest: what each saves against its members alone.
    pub(super) fn ladder(&self) -> Figure {
        let together = self
            .joint
            .coalitions
            .iter()
            .filter(|c| c.members.count_ones() > 1);
        let all: Vec<&Coalition> = together.collect();
        let mut shown = all.clone();
        if shown.len() > MOST_RUNGS {
            shown.sort_by(|a, b| {
                let saved = |c: &Coalition| c.criteria.cost.difference.mean;
                (a.members.count_ones(), saved(a))
                    .partial_cmp(&(b.members.count_ones(), saved(b)))
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            let mut kept: Vec<&Coalition> = Vec::new();
            for coalition in shown {
                let size = coalition.members.count_ones();
                if kept
                    .iter()
                    .filter(|c| c.members.count_ones() == size)
                    .count()
                    < 6
                {
                    kept.push(coalition);
                }
            }
            shown = kept;
        }
        let mut groups: Vec<Group> = Vec::new();
        for coalition in shown {
            let size = coalition.members.count_ones();
            let label = match size as usize == self.joint.partners.len() {
                true => "All together".to_owned(),
                false => format!("{size} partners"),
            };
            if groups.last().is_none_or(|group| group.label != label) {
                groups.push(Group {
                    label: label.clone(),
                    items: Vec::new(),
                });
            }
            let name = match self.joint.partners.len() - size as usize {
                0 => "everybody".to_owned(),
                1 if size > 2 => {
                    let everybody = (1 << self.joint.partners.len()) - 1;
                    format!(
                        "all but {}",
                        self.short_names(everybody & !coalition.members)
                    )
                }
                _ => self.short_names(coalition.members),
            };
            if let Some(group) = groups.last_mut() {
                group
                    .items
                    .push(of_change(name, &coalition.criteria.cost, "GBP"));
            }
        }
        let mut table = self.change_table(
            "Every coalition that was simulated, against its members alone",
            "Coalition",
        );
        for coalition in &all {
            let name = self.names(coalition.members).join(" + ");
            for named in self.criteria(&coalition.criteria).into_iter().take(5) {
                table
                    .rows
                    .push(row(&name, &named.title, named.change, named.unit));
            }
        }
        let title = "The coalition ladder: what each group's service costs, less the cost of its members alone";
        let description = "Dots left of zero are groups whose joint service costs less than going alone. Whiskers are 90% ranges.";
        chart("ladder", title, description, ("GBP", false), groups, table)
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

//! The charts of sharing: who gains, the coalition ladder, shares side by side, waits before and after.

use super::JointReport;
use crate::appraise::joint::Change;
use crate::report::chart::{Group, IntervalChart, Item};
use crate::report::number::{about, chance, exact, range, signed};
use crate::report::page::view::{Figure, Table};
use crate::summarise::Estimate;

/// More partners than this share one chart of shares in their table alone.
const MOST_GROUPS: usize = 12;

impl JointReport<'_> {
    /// Who gains and who loses, by cost and by needs met.
    pub(super) fn gains(&self) -> Figure {
        let groups = |pick: usize| -> Vec<Group> {
            let members = self.joint.partners.iter().zip(&self.joint.members);
            members
                .map(|(name, criteria)| {
                    let named = &self.criteria(criteria)[pick];
                    Group {
                        label: name.clone(),
                        items: vec![of_change(String::new(), named.change, named.unit)],
                    }
                })
                .collect()
        };
        let mut table = self.change_table("Each partner alone and together", "Partner");
        for (name, criteria) in self.joint.partners.iter().zip(&self.joint.members) {
            for named in self.criteria(criteria) {
                table
                    .rows
                    .push(row(name, &named.title, named.change, named.unit));
            }
        }
        let title = self.gains_finding();
        let description = format!(
            "Needs met for people of each partner, together less alone. Dots right of zero are more needs met together than alone, left of it fewer. {}",
            self.by_partner().join(" ")
        );
        chart(
            "gains",
            &title,
            &description,
            ("people", false),
            groups(1),
            table,
        )
    }

    /// What each partner pays alone, and by the rule of the verdict.
    pub(super) fn costs(&self) -> Figure {
        let rule = self.rule_title();
        let members = self.joint.partners.iter().zip(&self.joint.members);
        let mut table = Table::new(
            format!("Cost alone and together, shared by {rule}"),
            &[
                "Partner",
                "Alone",
                "Together",
                "90% range",
                "Difference",
                "Probability of paying less",
            ],
            1,
        );
        let groups: Vec<Group> = members
            .map(|(name, criteria)| {
                let cost = &criteria.cost;
                table.rows.push(vec![
                    name.clone(),
                    exact(cost.alone.mean, "GBP"),
                    exact(cost.together.mean, "GBP"),
                    range(&cost.together, |v| exact(v, "GBP")),
                    signed(cost.difference.mean, |v| exact(v, "GBP")),
                    probability(cost.better),
                ]);
                Group {
                    label: name.clone(),
                    items: vec![
                        of_estimate("alone", 1, &cost.alone, "GBP"),
                        of_estimate("together", 0, &cost.together, "GBP"),
                    ],
                }
            })
            .collect();
        let title = self.costs_finding();
        let description = format!(
            "What each partner pays, alone and together. Present value over the forecast; together, the cost of the joint service is shared by {rule}. Whiskers are 90% ranges."
        );
        chart("costs", &title, &description, ("GBP", true), groups, table)
    }

    /// Rules side by side.
    pub(super) fn shares(&self) -> Figure {
        let rules = &self.joint.rules;
        let mut header = vec!["Partner".to_owned(), "Alone".to_owned()];
        header.extend(rules.iter().map(|rule| rule.id.clone()));
        let mut table = Table {
            caption: "What each partner pays by each rule (mean over the draws)".to_owned(),
            header,
            rows: Vec::new(),
            n_words: 1,
        };
        let mut groups = Vec::new();
        for (at, name) in self.joint.partners.iter().enumerate() {
            let alone = &self.joint.members[at].cost.alone;
            let mut cells = vec![name.clone(), exact(alone.mean, "GBP")];
            cells.extend(rules.iter().map(|rule| exact(rule.shares[at].mean, "GBP")));
            table.rows.push(cells);
            let mut items = vec![of_estimate("alone", 1, alone, "GBP")];
            items.extend(
                rules
                    .iter()
                    .map(|rule| of_estimate(&rule.id, 0, &rule.shares[at], "GBP")),
            );
            if at < MOST_GROUPS {
                groups.push(Group {
                    label: name.clone(),
                    items,
                });
            }
        }
        let mut last = vec!["In the core: probability".to_owned(), String::new()];
        last.extend(rules.iter().map(|rule| probability(rule.in_core)));
        table.rows.push(last);
        let mut last = vec![
            "Nobody pays more than alone: probability".to_owned(),
            String::new(),
        ];
        last.extend(
            rules
                .iter()
                .map(|rule| probability(rule.individually_rational)),
        );
        table.rows.push(last);
        let mut last = vec![
            "What the group that objects most would pay less alone".to_owned(),
            String::new(),
        ];
        last.extend(
            rules
                .iter()
                .map(|rule| exact(rule.side_payment.mean, "GBP")),
        );
        table.rows.push(last);
        let title = self.shares_finding();
        let description = "Fair shares, side by side. Marginal shares leave part of the cost unpaid; all other rules share the whole of it. A share is in the core when no partner and no group would pay less by itself.";
        chart("shares", &title, description, ("GBP", false), groups, table)
    }

    /// Waits before and after.
    pub(super) fn waits(&self) -> Figure {
        let found = self.waits_finding();
        self.before_and_after(
            (2, "waits"),
            &found,
            "Mean wait of those who start, alone and together",
            "In months. Waits change by pooling itself, because random peaks cancel; nothing adds that by hand.",
        )
    }

    /// Access before and after.
    pub(super) fn access(&self) -> Figure {
        let found = self.access_finding();
        self.before_and_after(
            (4, "access"),
            &found,
            "Share of those in need who start, alone and together",
            "A gap between partners that grows is people served less well for where they live.",
        )
    }

    fn before_and_after(
        &self,
        (pick, id): (usize, &str),
        found: &str,
        what: &str,
        note: &str,
    ) -> Figure {
        let mut table = self.change_table(what, "Partner");
        let groups = self.joint.partners.iter().zip(&self.joint.members);
        let groups: Vec<Group> = groups
            .map(|(name, criteria)| {
                let named = &self.criteria(criteria)[pick];
                table
                    .rows
                    .push(row(name, &named.title, named.change, named.unit));
                Group {
                    label: name.clone(),
                    items: vec![
                        of_estimate("alone", 1, &named.change.alone, named.unit),
                        of_estimate("together", 0, &named.change.together, named.unit),
                    ],
                }
            })
            .collect();
        let unit = if pick == 2 { "months" } else { "share" };
        let note = format!("{what}. {note}");
        chart(id, found, &note, (unit, true), groups, table)
    }

    pub(super) fn change_table(&self, caption: &str, first: &str) -> Table {
        let header = [
            first,
            "Measure",
            "Alone",
            "Together",
            "Difference",
            "90% range of the difference",
            "Probability of better",
        ];
        Table::new(caption, &header, 2)
    }

    pub(super) fn rule_title(&self) -> String {
        let rule = self
            .plan
            .sharing
            .as_ref()
            .map_or("shapley", |sharing| sharing.rule.as_str());
        rule_words(rule)
    }
}

/// A rule of sharing within a sentence; what is none of ours is a weight of the partners.
pub(super) fn rule_words(rule: &str) -> String {
    match rule {
        "shapley" => "Shapley's rule".to_owned(),
        "nucleolus" => "the nucleolus".to_owned(),
        "scrb" => "separable costs and remaining benefits".to_owned(),
        "marginal" => "marginal costs".to_owned(),
        "equal" => "equal shares".to_owned(),
        weight => format!("shares by {weight}"),
    }
}

pub(super) fn chart(
    id: &str,
    title: &str,
    description: &str,
    (unit, has_bars): (&str, bool),
    groups: Vec<Group>,
    table: Table,
) -> Figure {
    let id = format!("share-{id}");
    let drawing = IntervalChart {
        id: &id,
        title,
        description,
        unit,
        has_bars,
        groups,
    };
    Figure {
        svg: drawing.svg(),
        id,
        title: title.to_owned(),
        note: description.to_owned(),
        table,
    }
}

pub(super) fn of_estimate(label: &str, style: usize, estimate: &Estimate, unit: &str) -> Item {
    Item {
        label: label.to_owned(),
        style,
        middle: estimate.mean,
        interval: (estimate.p05, estimate.p95),
        words: about(estimate.mean, unit),
    }
}

pub(super) fn of_change(label: String, change: &Change, unit: &str) -> Item {
    Item {
        label,
        style: 0,
        middle: change.difference.mean,
        interval: (change.difference.p05, change.difference.p95),
        words: signed(change.difference.mean, |v| about(v, unit)),
    }
}

pub(super) fn row(name: &str, measure: &str, change: &Change, unit: &str) -> Vec<String> {
    let show = |value: f64| exact(value, unit);
    let is_judged = change.direction != crate::compile::Better::Neither;
    vec![
        name.to_owned(),
        measure.to_owned(),
        show(change.alone.mean),
        show(change.together.mean),
        signed(change.difference.mean, show),
        range(&change.difference, |v| signed(v, show)),
        if is_judged {
            probability(change.better)
        } else {
            String::new()
        },
    ]
}

fn probability(p: f64) -> String {
    if p.is_finite() {
        chance(p)
    } else {
        crate::report::number::MISSING.to_owned()
    }
}

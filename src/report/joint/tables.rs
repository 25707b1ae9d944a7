//! Sharing as CSV: coalitions, which `share --from` reads again, weights, shares, partners and levers.

use super::JointReport;
use crate::appraise::joint::{Change, named};
use crate::report::csv::Csv;
use crate::report::number::plain;

impl JointReport<'_> {
    /// Every table by the name of its file.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut tables = vec![
            ("coalitions.csv", self.coalitions_table()),
            ("partners.csv", self.partners_table()),
            ("shares.csv", self.shares_table()),
            ("rules.csv", self.rules_table()),
            ("weights.csv", self.weights_table()),
        ];
        if !self.joint.levers.is_empty() {
            tables.push(("levers.csv", self.levers_table()));
            tables.push(("switching.csv", self.switching_table()));
        }
        tables
    }

    /// A row for each coalition; `members` and `cost` are what `share --from` reads, the cost in full precision.
    fn coalitions_table(&self) -> Vec<u8> {
        let mut header = vec![
            "members".to_owned(),
            "cost".to_owned(),
            "n_members".to_owned(),
        ];
        let first = self.joint.coalitions.first();
        for named in first.map_or(Vec::new(), |first| self.criteria(&first.criteria)) {
            header.extend(columns(&named.id));
        }
        let mut table = Csv::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
        for coalition in &self.joint.coalitions {
            let mut cells = vec![
                self.names(coalition.members).join("+"),
                format!("{}", coalition.criteria.cost.together.mean),
                coalition.members.count_ones().to_string(),
            ];
            for named in self.criteria(&coalition.criteria) {
                cells.extend(numbers(named.change));
            }
            table.cells(&cells);
        }
        table.into_bytes()
    }

    /// A row for each partner and criterion, its cost being its share by the rule of the verdict.
    fn partners_table(&self) -> Vec<u8> {
        let mut header: Vec<String> = ["partner", "measure", "unit"].map(str::to_owned).to_vec();
        header.extend(columns("").map(|column| column.trim_start_matches('_').to_owned()));
        header.push("value".to_owned());
        let mut table = Csv::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
        for (partner, criteria) in self.joint.partners.iter().zip(&self.joint.members) {
            for named in self.criteria(criteria) {
                let mut cells = vec![partner.clone(), named.id.clone(), named.unit.to_owned()];
                cells.extend(numbers(named.change));
                cells.push(match named.change.direction {
                    crate::compile::Better::Neither => String::new(),
                    _ => named.change.value().words().to_owned(),
                });
                table.cells(&cells);
            }
        }
        table.into_bytes()
    }

    /// A row for each rule and partner: over the draws, and of the expected cost.
    fn shares_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "rule",
            "partner",
            "share_of_expected_cost",
            "share_mean",
            "share_p05",
            "share_p95",
            "share_mc_error",
            "alone_mean",
            "probability_better_inside",
        ]);
        for rule in &self.joint.rules {
            let expected = self.joint.expected.as_ref();
            let expected = expected.and_then(|s| s.rules.iter().find(|r| r.id == rule.id));
            for (at, partner) in self.joint.partners.iter().enumerate() {
                let share = rule.shares[at];
                table.row(
                    [&rule.id, partner],
                    [
                        expected.map_or(f64::NAN, |rule| rule.shares[at]),
                        share.mean,
                        share.p05,
                        share.p95,
                        share.mc_error,
                        self.joint.members[at].cost.alone.mean,
                        rule.better_inside[at],
                    ],
                );
            }
        }
        table.into_bytes()
    }

    fn rules_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "rule",
            "is_in_core_of_expected_cost",
            "probability_in_core",
            "probability_individually_rational",
            "side_payment_of_expected_cost",
            "side_payment_mean",
            "side_payment_p05",
            "side_payment_p95",
            "transfers_of_expected_cost",
            "probability_core_empty",
        ]);
        for rule in &self.joint.rules {
            let expected = self.joint.expected.as_ref();
            let expected = expected.and_then(|s| s.rules.iter().find(|r| r.id == rule.id));
            let in_core = expected.map_or(String::new(), |rule| yes(rule.is_in_core));
            let transfers = expected.and_then(|rule| rule.transfers.as_ref());
            table.row(
                [&rule.id, &in_core],
                [
                    rule.in_core,
                    rule.individually_rational,
                    expected.map_or(f64::NAN, |rule| rule.side_payment()),
                    rule.side_payment.mean,
                    rule.side_payment.p05,
                    rule.side_payment.p95,
                    transfers.map_or(f64::NAN, |transfers| transfers.total),
                    self.joint.core_empty,
                ],
            );
        }
        table.into_bytes()
    }

    /// What `share --from coalitions.csv --weights weights.csv` reads.
    fn weights_table(&self) -> Vec<u8> {
        let weights = &self.joint.weights;
        let header =
            std::iter::once("partner").chain(weights.iter().map(|(name, _)| name.as_str()));
        let mut table = Csv::new(&header.collect::<Vec<_>>());
        for (at, partner) in self.joint.partners.iter().enumerate() {
            let own = weights
                .iter()
                .map(|(_, weights)| format!("{}", weights[at]));
            table.cells(
                &std::iter::once(partner.clone())
                    .chain(own)
                    .collect::<Vec<_>>(),
            );
        }
        table.into_bytes()
    }

    fn levers_table(&self) -> Vec<u8> {
        let mut header: Vec<String> = ["lever", "at", "measure", "unit"]
            .map(str::to_owned)
            .to_vec();
        header.extend(columns("").map(|column| column.trim_start_matches('_').to_owned()));
        let mut table = Csv::new(&header.iter().map(String::as_str).collect::<Vec<_>>());
        for row in &self.joint.levers {
            let (lever, at) = named(row.lever);
            for criterion in self.criteria(&row.criteria) {
                let mut cells = vec![
                    lever.to_owned(),
                    plain(at),
                    criterion.id.clone(),
                    criterion.unit.to_owned(),
                ];
                cells.extend(numbers(criterion.change));
                table.cells(&cells);
            }
        }
        table.into_bytes()
    }

    fn switching_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "lever",
            "measure",
            "is_better_at_the_least",
            "changes",
            "switching_value",
            "least_tried",
            "most_tried",
        ]);
        for switching in &self.joint.switching {
            let words = [switching.lever, switching.criterion].map(str::to_owned);
            let is_better = switching.is_better_first.map_or(String::new(), yes);
            let n_changes = switching.n_changes.to_string();
            table.row(
                [&words[0], &words[1], &is_better, &n_changes],
                [
                    switching.at.unwrap_or(f64::NAN),
                    switching.tried.0,
                    switching.tried.1,
                ],
            );
        }
        table.into_bytes()
    }
}

fn columns(id: &str) -> [String; 9] {
    [
        "alone_mean",
        "together_mean",
        "together_p05",
        "together_p95",
        "difference_mean",
        "difference_p05",
        "difference_p95",
        "difference_mc_error",
        "probability_better",
    ]
    .map(|column| format!("{id}_{column}"))
}

fn numbers(change: &Change) -> [String; 9] {
    let (together, difference) = (&change.together, &change.difference);
    [
        change.alone.mean,
        together.mean,
        together.p05,
        together.p95,
        difference.mean,
        difference.p05,
        difference.p95,
        difference.mc_error,
        match change.direction {
            crate::compile::Better::Neither => f64::NAN,
            _ => change.better,
        },
    ]
    .map(plain)
}

pub(super) fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

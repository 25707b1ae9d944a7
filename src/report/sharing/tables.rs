//! The shares as CSV.

use super::SharingReport;
use crate::report::csv::Csv;

impl SharingReport<'_> {
    /// `shares.csv`, a row for each rule and partner, and `rules.csv`, a row for each rule.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        vec![
            ("shares.csv", self.shares_table()),
            ("rules.csv", self.rules_table()),
        ]
    }

    fn shares_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "rule",
            "partner",
            "is_better_inside",
            "share",
            "alone",
            "saving",
            "pays_more",
        ]);
        for rule in &self.0.rules {
            for (at, partner) in self.0.partners.iter().enumerate() {
                let (share, alone) = (rule.shares[at], self.0.alone[at]);
                let pays_more = rule.transfers.as_ref().map_or(f64::NAN, |t| t.payments[at]);
                let is_better = yes(rule.is_better_inside[at]);
                table.row(
                    [&rule.id, partner, &is_better],
                    [share, alone, alone - share, pays_more],
                );
            }
        }
        table.into_bytes()
    }

    /// Facts of the game are repeated in every row: whether the core is empty, its least level, the subsidy.
    fn rules_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "rule",
            "is_in_core",
            "is_individually_rational",
            "objecting_members",
            "is_core_empty",
            "excess",
            "side_payment",
            "transfers",
            "unallocated",
            "together",
            "least_core",
            "subsidy",
        ]);
        for rule in &self.0.rules {
            let objection = rule.objection.as_ref();
            let members = objection.map_or(String::new(), |o| self.names(o).join("+"));
            let words = [yes(rule.is_in_core), yes(rule.is_individually_rational())];
            table.row(
                [
                    &rule.id,
                    &words[0],
                    &words[1],
                    &members,
                    &yes(self.0.is_core_empty),
                ],
                [
                    objection.map_or(f64::NAN, |o| o.excess),
                    rule.side_payment(),
                    rule.transfers.as_ref().map_or(f64::NAN, |t| t.total),
                    rule.unallocated,
                    self.0.together,
                    self.0.least_core,
                    self.0.subsidy,
                ],
            );
        }
        table.into_bytes()
    }
}

fn yes(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

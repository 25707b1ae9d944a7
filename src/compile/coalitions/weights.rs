//! The weights of partners: one row for each, of which no number is below 0.

use super::Check;
use super::members::few;
use crate::diagnostic::Diagnostic;
use crate::document::{At, PartnerRow, PartnerWeights};

impl<'a> Check<'a> {
    fn of_weights(&mut self, at: At, column: usize, fault: Diagnostic) {
        let place = self.tables.sources.cell(at, column);
        self.faults.push(fault.at(&place));
    }

    /// Each weight's name and its number for each partner, in the order of the partners.
    pub(super) fn weights(
        &mut self,
        partners: &[&str],
        reserved: &[&str],
    ) -> Vec<(String, Vec<f64>)> {
        let tables = self.tables;
        let Some(table) = &tables.content.weights else {
            return Vec::new();
        };
        for (name, column) in &table.names {
            if reserved.contains(&name.as_str()) {
                let fault = Diagnostic::error("E806", format!("a weight is called `{name}`"))
                    .expected("a name that the answer does not use itself")
                    .found(format!("`{name}`"))
                    .hint(format!("rename the column, such as `{name} weight`"));
                self.of_weights(table.header, *column, fault);
            }
        }
        let rows = self.rows_by_partner(partners, table);
        let by_name = table.names.iter().enumerate();
        let by_name = by_name.map(|(index, (name, column))| {
            let values = self.values(table, &rows, index, *column);
            (name.clone(), values)
        });
        by_name.collect()
    }

    /// The row of each partner.
    fn rows_by_partner(
        &mut self,
        partners: &[&str],
        table: &'a PartnerWeights,
    ) -> Vec<Option<&'a PartnerRow>> {
        let mut rows: Vec<Option<&PartnerRow>> = vec![None; partners.len()];
        // Who a row is of may not be told.
        let mut n_unknown = self.n_ragged(table.header.file);
        for row in table.rows.iter().filter(|row| !row.partner.is_empty()) {
            let name = &row.partner;
            let Some(index) = partners.iter().position(|partner| partner == name) else {
                n_unknown += 1;
                // Without partners there is no name that could be meant.
                if !partners.is_empty() {
                    let fault = Diagnostic::error("E805", format!("no partner is called `{name}`"))
                        .expected(format!("one of {}", few(partners)))
                        .found(format!("`{name}`"))
                        .nearest(name, partners.iter().copied())
                        .hint("take the row away where it is of somebody else");
                    self.of_weights(row.at, table.partner_column, fault);
                }
                continue;
            };
            if let Some(first) = rows[index] {
                let line = self.tables.sources.file_and_line(first.at);
                let fault = Diagnostic::error("E701", format!("`{name}` stands twice"))
                    .expected("each partner once")
                    .found(format!("another at {line}"))
                    .hint("take one of the rows away");
                self.of_weights(row.at, table.partner_column, fault);
            }
            rows[index] = Some(row);
        }
        let lacking = partners.iter().zip(&rows).filter(|(_, row)| row.is_none());
        let lacking: Vec<&str> = lacking.map(|(name, _)| *name).collect();
        let has_blanks = table.rows.iter().any(|row| row.partner.is_empty());
        // A misspelt partner is one fault, not an unknown one and a missing one.
        if lacking.len() > n_unknown && !has_blanks {
            let fault = Diagnostic::error("E805", format!("no weights of {}", few(&lacking)))
                .expected("a row for every partner")
                .found(format!(
                    "{} of {} partners",
                    partners.len() - lacking.len(),
                    partners.len()
                ))
                .hint("add the row; a partner who weighs nothing has 0");
            self.of_weights(table.header, usize::MAX, fault);
        }
        rows
    }

    fn values(
        &mut self,
        table: &PartnerWeights,
        rows: &[Option<&PartnerRow>],
        index: usize,
        column: usize,
    ) -> Vec<f64> {
        let name = &table.names[index].0;
        for row in &table.rows {
            if row.weights[index] < 0.0 {
                let message = format!("`{name}` of `{}` is below 0", row.partner);
                let fault = Diagnostic::error("E303", message)
                    .expected("0 or more")
                    .found(row.weights[index].to_string());
                self.of_weights(row.at, column, fault);
            }
        }
        if !table.rows.is_empty() && table.rows.iter().all(|row| row.weights[index] == 0.0) {
            let fault = Diagnostic::error("E806", format!("`{name}` is 0 for everybody"))
                .expected("a weight above 0, by which cost can be shared")
                .found("zeros only")
                .hint("write the weights, or take the column away");
            self.of_weights(table.header, column, fault);
        }
        let value = |row: &Option<&PartnerRow>| row.map_or(f64::NAN, |row| row.weights[index]);
        rows.iter().map(value).collect()
    }
}

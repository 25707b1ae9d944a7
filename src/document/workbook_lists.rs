//! Sheets whose rows are tables of the scenario: options, their changes and costs, and a budget.

use std::collections::BTreeSet;

use super::Shelf;
use super::book::{self, Table};
use super::fields::Fields;
use super::judging_file::{CriterionFile, criterion};
use super::mixing_file::{MixingFile, mixing};
use super::option_file::{ChangeFile, OptionFile, change, option};
use super::scenario_file::ScenarioFile;
use super::scenario_money::{OneOffFile, one_off};
use super::sharing_file::{RunningCostFile, running_cost};
use super::source::Text;
use crate::diagnostic::{Diagnostic, nearest};

/// Sheets whose rows are tables of the scenario, and under which key the reader below finds them.
pub const LISTS: [(&str, &str); 7] = [
    ("Options", "option"),
    ("Changes", "change"),
    ("Option costs", "option_cost"),
    ("Running costs", "running_cost"),
    ("Criteria", "criterion"),
    ("Budget", "optimise"),
    ("Bounds", "optimise.places"),
];

/// What a workbook says of the scenario.
struct ScenarioTables {
    options: Vec<OptionFile>,
    changes: Vec<(Text, ChangeFile)>,
    costs: Vec<(Text, OneOffFile)>,
    running_costs: Vec<RunningCostFile>,
    criteria: Vec<CriterionFile>,
    mixing: Option<MixingFile>,
}

fn scenario_tables(fields: Fields<'_>) -> ScenarioTables {
    let tables = ScenarioTables {
        options: fields.tables("option").into_iter().map(option).collect(),
        changes: of_options(&fields, "change", change),
        costs: of_options(&fields, "option_cost", one_off),
        running_costs: fields
            .tables("running_cost")
            .into_iter()
            .map(running_cost)
            .collect(),
        criteria: fields
            .tables("criterion")
            .into_iter()
            .map(criterion)
            .collect(),
        mixing: fields.optional_table("optimise").map(mixing),
    };
    fields.close();
    tables
}

/// Tables that stand within those of options in a scenario, and name their option in a sheet.
fn of_options<T>(
    fields: &Fields<'_>,
    key: &'static str,
    read: impl Fn(Fields<'_>) -> T,
) -> Vec<(Text, T)> {
    let tables = fields.tables(key).into_iter();
    tables
        .map(|table| (table.text("option"), read(table)))
        .collect()
}

impl Shelf {
    /// Whether every heading is a key of its own. Without that a cell could be passed over.
    pub(super) fn check_keys(&mut self, name: &str, key: &str, table: &Table) -> bool {
        let n_faults = self.documents.faults.len();
        let place = |column: u32, row: u32| crate::diagnostic::Place {
            line: row as usize,
            column: column as usize,
            length: 1,
            ..book::sheet_place(name, &table.sheet)
        };
        for (at, heading) in table.headings.iter().enumerate() {
            let clash = table.headings.iter().enumerate().find(|(index, other)| {
                let rest = other.name.strip_prefix(&heading.name);
                *index < at && rest == Some("") || rest.is_some_and(|rest| rest.starts_with('.'))
            });
            if let Some((_, other)) = clash {
                let fault = Diagnostic::error(
                    "E105",
                    format!("the column `{}` stands twice", heading.name),
                )
                .at(&place(heading.column, table.row))
                .expected("each column once")
                .found(format!("`{}` beside `{}`", heading.name, other.name))
                .hint("take one of them away");
                self.documents.faults.push(fault);
            }
        }
        let is_sound = self.documents.faults.len() == n_faults;
        if key == "optimise" {
            for record in table.records.iter().skip(1) {
                let fault = Diagnostic::error("E109", "a second budget")
                    .at(&place(0, record.row))
                    .expected("one row: what is to be had most of, and what may be spent")
                    .found("another row")
                    .hint("take one of them away");
                self.documents.faults.push(fault);
            }
        }
        if !is_sound {
            self.documents.unread.insert(super::Part::Workbook);
        }
        is_sound
    }

    pub(super) fn take_lists(
        &mut self,
        name: &str,
        lists: &[(&'static str, Table)],
        scenario: &mut ScenarioFile,
    ) {
        if lists.is_empty() {
            return;
        }
        let source = book::as_toml(name, lists);
        let file = self.documents.sources.add(source);
        let n_faults = self.documents.faults.len();
        let read = self.apart(super::Part::Workbook, |shelf| {
            shelf.document_of(file, scenario_tables)
        });
        let Some(tables) = read else {
            return;
        };
        // A heading that is wrong is wrong once, however many rows stand under it.
        let mut faults = self.documents.faults.split_off(n_faults);
        let mut seen = BTreeSet::new();
        faults
            .retain(|fault| seen.insert((fault.code, fault.place.clone(), fault.message.clone())));
        self.documents.faults.append(&mut faults);
        scenario.options.extend(tables.options);
        for (option, change) in tables.changes {
            if let Some(option) = self.option_of(scenario, &option) {
                option.changes.push(change);
            }
        }
        for (option, cost) in tables.costs {
            if let Some(option) = self.option_of(scenario, &option) {
                option.costs.push(cost);
            }
        }
        scenario.running_costs.extend(tables.running_costs);
        scenario.judging.criteria.extend(tables.criteria);
        if let (Some(mixing), Some(sheet)) = (&scenario.mixing, &tables.mixing) {
            let place = self.documents.sources.place(mixing.at);
            let fault = Diagnostic::error("E109", "two budgets")
                .at(&self.documents.sources.place(sheet.at))
                .expected("`[optimise]` in the scenario, or the sheets Budget and Bounds")
                .found(format!("both; the other in {}", place.shown()))
                .hint("take one of them away");
            self.documents.faults.push(fault);
        }
        scenario.mixing = scenario.mixing.take().or(tables.mixing);
    }

    /// The option that a row is about.
    fn option_of<'s>(
        &mut self,
        scenario: &'s mut ScenarioFile,
        named: &Text,
    ) -> Option<&'s mut OptionFile> {
        let known: Vec<&str> = scenario.options.iter().map(|o| o.id.as_str()).collect();
        let index = known.iter().position(|id| *id == named.value);
        if index.is_none() && !named.is_missing() {
            let fault = Diagnostic::error("E210", format!("unknown option `{}`", named.value))
                .at(&self.documents.sources.place(named.at))
                .expected(format!("one of {}", known.join(", ")))
                .found(format!("`{}`", named.value));
            let fault = match nearest(&named.value, known.iter().copied()) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint("add it to the sheet Options"),
            };
            self.documents.faults.push(fault);
        }
        scenario.options.get_mut(index?)
    }
}

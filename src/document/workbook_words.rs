//! Words in the sheets of figures that must be among known ones: a row that nothing reads would be passed over.

use std::collections::BTreeSet;

use super::book::Table;
use super::workbook_file::column_of;
use super::{At, Part, PopulationRow, RecordedRow, Shelf};
use crate::diagnostic::Diagnostic;
use crate::quantity::{FinancialYear, Month};

/// What a population may be.
const STATUSES: [&str; 2] = ["estimate", "projection"];
/// How a figure was published.
const PRECISIONS: [&str; 3] = ["exact", "rounded", "suppressed"];

/// A column whose cells are among known words, and how a cell is told that is not.
struct Words<'a> {
    code: &'static str,
    /// What the words are, in a sentence.
    what: &'static str,
    expected: String,
    column: usize,
    known: BTreeSet<&'a str>,
}

impl Words<'_> {
    /// The first row of each word that is not known, and how that is told.
    fn faults<'r>(&self, cells: impl Iterator<Item = (At, &'r str)>) -> Vec<(At, Diagnostic)> {
        let mut told = BTreeSet::new();
        let unknown = cells.filter(|(_, word)| !self.known.contains(word) && told.insert(*word));
        let fault = |(at, word): (At, &str)| {
            let fault = Diagnostic::error(self.code, format!("unknown {} `{word}`", self.what))
                .expected(self.expected.clone())
                .found(format!("`{word}`"))
                .nearest(word, self.known.iter().copied());
            (at, fault)
        };
        unknown.map(fault).collect()
    }
}

impl Shelf {
    /// Reports rows of the sheet Population with words that are none, and leaves out those of no known sex.
    pub(super) fn check_population_words(&mut self, table: &Table, rows: &mut Vec<PopulationRow>) {
        let before = &self.documents.population;
        let sexes: Vec<&str> = (self.documents.model.sexes.iter())
            .map(|sex| sex.as_str())
            .collect();
        let mut faults = Vec::new();
        let status = Words {
            code: "E111",
            what: "status",
            expected: "estimate, projection or nothing".to_owned(),
            column: column_of(table, "status"),
            known: [""].into_iter().chain(STATUSES).collect(),
        };
        let found = status.faults(rows.iter().map(|row| (row.at, row.status.as_str())));
        faults.extend(
            found
                .into_iter()
                .map(|(at, fault)| (at, status.column, fault)),
        );
        // A model of one sex is about everybody, and one that could not be read says of none what it is called.
        let is_told = sexes.len() > 1 && !self.documents.unread.contains(&Part::Model);
        let sex = Words {
            code: "E209",
            what: "sex",
            expected: format!("one of {}", sexes.join(", ")),
            column: column_of(table, "sex"),
            known: (sexes.iter().copied())
                .chain(before.iter().map(|row| row.sex.as_str()))
                .collect(),
        };
        if is_told {
            let found = sex.faults(rows.iter().map(|row| (row.at, row.sex.as_str())));
            faults.extend(found.into_iter().map(|(at, fault)| (at, sex.column, fault)));
            rows.retain(|row| sex.known.contains(row.sex.as_str()));
        }
        self.report_cells(faults);
    }

    /// Reports rows of the sheet Recorded with words that are none, and leaves out those that could not be told from
    /// others.
    pub(super) fn check_recorded_words(&mut self, table: &Table, rows: &mut Vec<RecordedRow>) {
        let before = &self.documents.recorded;
        let outcomes = &self.documents.outcomes;
        let named = (outcomes
            .measures
            .iter()
            .filter_map(|file| file.recorded.as_ref()))
        .chain(outcomes.recorded.iter().map(|(_, named, _)| named))
        .chain(outcomes.context.iter().map(|(named, _)| named));
        let named = named.map(|text| text.value.split(';').next().unwrap_or(""));
        let measure = Words {
            code: "E204",
            what: "recorded measure",
            expected: "a measure that the profile records, or that the model sets beside its own"
                .to_owned(),
            column: column_of(table, "measure"),
            known: before
                .iter()
                .map(|row| row.measure.as_str())
                .chain(named)
                .chain([""])
                .collect(),
        };
        // To what a figure is rounded may be said.
        let said = rows.iter().map(|row| row.precision.as_str());
        let rounded: Vec<&str> = said
            .filter(|word| word.starts_with("rounded to "))
            .collect();
        let precision = Words {
            code: "E111",
            what: "precision",
            expected: "exact, rounded, suppressed or nothing".to_owned(),
            column: column_of(table, "precision"),
            known: [""].into_iter().chain(PRECISIONS).chain(rounded).collect(),
        };
        let unread = [Part::Recorded, Part::Outcomes];
        let is_told = !unread
            .iter()
            .any(|part| self.documents.unread.contains(part));
        let mut faults = Vec::new();
        let found = precision.faults(rows.iter().map(|row| (row.at, row.precision.as_str())));
        faults.extend(
            found
                .into_iter()
                .map(|(at, fault)| (at, precision.column, fault)),
        );
        if is_told {
            let found = measure.faults(rows.iter().map(|row| (row.at, row.measure.as_str())));
            faults.extend(
                found
                    .into_iter()
                    .map(|(at, fault)| (at, measure.column, fault)),
            );
            rows.retain(|row| measure.known.contains(row.measure.as_str()));
        }
        self.report_cells(faults);
        self.check_periods(table, rows);
    }

    /// Reports periods that are none, and leaves their rows out.
    fn check_periods(&mut self, table: &Table, rows: &mut Vec<RecordedRow>) {
        let before = &self.documents.recorded;
        let mut faults = Vec::new();
        let by_years: BTreeSet<&str> = (before.iter())
            .filter(|row| is_calendar_year(&row.period))
            .map(|row| row.measure.as_str())
            .collect();
        let is_sound = |row: &RecordedRow| {
            let by_year = is_calendar_year(&row.period) && by_years.contains(row.measure.as_str());
            row.period.is_empty() || by_year || is_period(&row.period)
        };
        let column = column_of(table, "period");
        faults.extend(rows.iter().filter(|row| !is_sound(row)).map(|row| {
            let fault = Diagnostic::error("E306", format!("`{}` is not a period", row.period))
                .expected("a financial year such as 2024-25, a month such as 2024-04, or a year where the measure is recorded by years")
                .found(format!("`{}`", row.period));
            (row.at, column, fault)
        }));
        rows.retain(is_sound);
        self.report_cells(faults);
    }

    fn report_cells(&mut self, faults: Vec<(At, usize, Diagnostic)>) {
        for (row, column, fault) in faults {
            let place = self.documents.sources.cell(row, column);
            self.documents.faults.push(fault.at(&place));
        }
    }
}

fn is_period(text: &str) -> bool {
    FinancialYear::parse(text).is_some() || Month::parse(text).is_some()
}

fn is_calendar_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse()
            .is_ok_and(|year: u32| (1900..2200).contains(&year))
}

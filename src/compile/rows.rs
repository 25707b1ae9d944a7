//! One row of a parameter table: its evidence, its keys, its numbers and its law.

use super::law::{DISTRIBUTIONS, law};
use super::names::listed;
use super::{Compiler, Keys, Law};
use crate::diagnostic::Diagnostic;
use crate::document::ParameterRow;
use crate::quantity::{Grade, Month, Unit};

/// The key columns, in the order of the layout.
const KEYS: [&str; 4] = ["area", "sex", "age", "priors"];

/// A row's keys and month once they are known to be sound.
pub(super) struct Address {
    /// The row of the profile, and the indices of sex, age and priors; `None` where blank.
    pub parts: [Option<usize>; 4],
    pub from: Option<Month>,
}

impl Compiler<'_> {
    /// Reports a fault of one cell of a row.
    pub(super) fn report_cell(&mut self, row: &ParameterRow, column: &str, fault: Diagnostic) {
        let place = row.place(&self.documents.sources, column);
        self.faults.push(fault.at(&place));
    }

    /// Unit, period, source and grade: no number goes without them.
    pub(super) fn check_evidence(&mut self, row: &ParameterRow, unit: &Unit) -> Option<Grade> {
        let n_faults = self.faults.len();
        for column in ["unit", "period", "source", "grade"] {
            if row.text(column).is_empty() {
                let fault = Diagnostic::error("E310", format!("a number without {column}"))
                    .expected("every number has a unit, a period, a source and a grade")
                    .found(format!("nothing in `{column}`"))
                    .hint(match column {
                        "grade" => "write `placeholder` where there is no evidence".to_owned(),
                        column => format!("fill in the {column}"),
                    });
                self.report_cell(row, column, fault);
            }
        }
        let word = row.text("unit");
        match Unit::parse(word) {
            None if !word.is_empty() => {
                let fault = Diagnostic::error("E211", format!("unknown unit `{word}`"))
                    .expected(format!("one of {}", Unit::SPELLINGS.join(", ")))
                    .found(format!("`{word}`"))
                    .nearest(word, Unit::SPELLINGS);
                self.report_cell(row, "unit", fault);
            }
            Some(found) if found != *unit => {
                let fault = Diagnostic::error(
                    "E311",
                    format!("the rows of `{}` have different units", row.text("id")),
                )
                .expected(format!("`{unit}`, as in its first row"))
                .found(format!("`{found}`"));
                self.report_cell(row, "unit", fault);
            }
            _ => {}
        }
        let word = row.text("grade");
        let grade = Grade::parse(word);
        if grade.is_none() && !word.is_empty() {
            let grades = Grade::ALL.map(Grade::name);
            let fault = Diagnostic::error("E212", format!("unknown grade `{word}`"))
                .expected(format!("one of {}", grades.join(", ")))
                .found(format!("`{word}`"))
                .nearest(word, grades);
            self.report_cell(row, "grade", fault);
        }
        grade.filter(|_| self.faults.len() == n_faults)
    }

    pub(super) fn address(&mut self, row: &ParameterRow, keys: Keys) -> Option<Address> {
        let mut parts = [None; 4];
        let used = [keys.area, keys.sex, keys.age, keys.priors];
        let mut is_sound = true;
        for ((key, is_used), part) in KEYS.into_iter().zip(used).zip(&mut parts) {
            let word = row.text(key);
            if !is_used {
                continue;
            }
            if word.is_empty() {
                let fault = Diagnostic::error(
                    "E311",
                    format!("the rows of `{}` use different keys", row.text("id")),
                )
                .expected(format!("a value for `{key}`, as in its other rows"))
                .found("nothing, which means all of them");
                self.report_cell(row, key, fault);
            } else {
                *part = self.key_part(row, key, word);
            }
            is_sound &= part.is_some();
        }
        let word = row.text("from");
        let from = Month::parse(word);
        if from.is_none() && !word.is_empty() {
            let fault = Diagnostic::error("E306", "`from` is not a month")
                .expected("a month such as 2025-04")
                .found(format!("`{word}`"));
            self.report_cell(row, "from", fault);
            is_sound = false;
        }
        is_sound.then_some(Address { parts, from })
    }

    fn key_part(&mut self, row: &ParameterRow, key: &'static str, word: &str) -> Option<usize> {
        let strata = &self.plan.strata;
        let names: Vec<&str> = match key {
            "area" => match self.area_names.get(&word.to_lowercase()) {
                Some(found) => return Some(*found),
                None => self
                    .documents
                    .areas
                    .iter()
                    .map(|area| area.name.as_str())
                    .collect(),
            },
            "sex" => strata.sexes.iter().map(String::as_str).collect(),
            "age" => strata.ages.iter().map(|band| band.id.as_str()).collect(),
            _ => strata.priors.iter().map(|band| band.id.as_str()).collect(),
        };
        let found = names
            .iter()
            .position(|name| *name == word)
            .filter(|_| key != "area");
        // A list or a row that could not be read has been reported, and may hold the name.
        let may_be_there = match key {
            "area" => !self.may_report(("E201", "area"), word, &names),
            _ => !self.may_report(("E209", "band"), word, &names),
        };
        if found.is_none() && !may_be_there {
            let (code, what) = match key {
                "area" => ("E201", "area".to_owned()),
                key => ("E209", format!("{key} band")),
            };
            let fault = Diagnostic::error(code, format!("unknown {what} `{word}`"))
                .expected(listed(&what, &names))
                .found(format!("`{word}`"))
                .nearest(word, names.iter().copied());
            self.report_cell(row, key, fault);
        }
        found
    }

    /// Bounds, order of the interval, and the law; `None` when something is wrong.
    pub(super) fn check_numbers(&mut self, row: &ParameterRow, unit: &Unit) -> Option<Law> {
        let n_faults = self.faults.len();
        for (column, number) in [
            ("value", Some(row.value)),
            ("low", row.number("low")),
            ("high", row.number("high")),
        ] {
            if let Some(number) = number
                && let Some(expected) = out_of_bounds(unit, number)
            {
                let fault =
                    Diagnostic::error("E303", format!("`{column}` cannot be {}", number_of(unit)))
                        .expected(expected)
                        .found(number.to_string())
                        .hint("check the number against its unit and its source");
                self.report_cell(row, column, fault);
            }
        }
        let are_possible = self.faults.len() == n_faults;
        let word = row.text("distribution");
        if !word.is_empty() && !DISTRIBUTIONS.contains(&word) {
            let fault = Diagnostic::error("E213", format!("unknown distribution `{word}`"))
                .expected(format!("one of {}", DISTRIBUTIONS.join(", ")))
                .found(format!("`{word}`"))
                .nearest(word, DISTRIBUTIONS);
            self.report_cell(row, "distribution", fault);
        }
        // Where a number cannot be, what lies on the wrong side of it follows from that.
        if are_possible {
            self.check_order(row);
        }
        if self.faults.len() > n_faults || is_unreadable(row) {
            return None;
        }
        match law(row, unit) {
            Ok(law) => Some(law),
            Err(none) => {
                let found = row.number(none.column).map(|number| number.to_string());
                let found = match none.column {
                    "value" => row.value.to_string(),
                    "distribution" => format!("`{}`", row.text("distribution")),
                    _ => found.unwrap_or_else(|| "nothing".to_owned()),
                };
                let fault = Diagnostic::error(none.code, none.message)
                    .expected(none.expected)
                    .found(found);
                self.report_cell(row, none.column, fault);
                None
            }
        }
    }

    fn check_order(&mut self, row: &ParameterRow) {
        let value = row.value;
        for (column, end, is_wrong) in [
            (
                "low",
                row.number("low"),
                row.number("low").is_some_and(|low| low > value),
            ),
            (
                "high",
                row.number("high"),
                row.number("high").is_some_and(|high| high < value),
            ),
        ] {
            if is_wrong {
                let fault = Diagnostic::error(
                    "E304",
                    format!("`{column}` is on the wrong side of `value`"),
                )
                .expected(match column {
                    "low" => format!("at most the value, {value}"),
                    _ => format!("at least the value, {value}"),
                })
                .found(end.unwrap_or_default().to_string());
                self.report_cell(row, column, fault);
            }
        }
    }
}

/// Whether a number of the row could not be read, which has been reported.
pub(super) fn is_unreadable(row: &ParameterRow) -> bool {
    row.value.is_nan() || row.numbers.iter().flatten().any(|number| number.is_nan())
}

/// What would have been within the bounds of the unit, when the number is not.
pub(super) fn out_of_bounds(unit: &Unit, number: f64) -> Option<String> {
    let (low, high) = unit.bounds();
    let is_above_zero = matches!(unit, Unit::OddsRatio | Unit::HazardRatio | Unit::Shape);
    if number.is_nan() || (number >= low && number <= high && !(is_above_zero && number <= 0.0)) {
        return None;
    }
    Some(match unit {
        Unit::Share => "a number from 0 to 1".to_owned(),
        _ if number > high && is_above_zero => format!("a number above 0, up to {high:e}"),
        _ if number > high => format!("a number from 0 to {high:e}"),
        _ if is_above_zero => "a number above 0".to_owned(),
        _ => "0 or more".to_owned(),
    })
}

/// A number of this unit in words, with its article.
pub(super) fn number_of(unit: &Unit) -> String {
    match unit {
        Unit::People | Unit::Places => format!("a count of {unit}"),
        Unit::Time(_) => format!("a time in {unit}"),
        Unit::Per(_) | Unit::PerPersonPerYear => format!("a rate {unit}"),
        Unit::OddsRatio => format!("an {unit}"),
        Unit::Gbp(_) => format!("an amount in {unit}"),
        _ => format!("a {unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_where_a_number_lies_beyond_them() {
        let told = |unit: &Unit, number| out_of_bounds(unit, number).unwrap_or_default();
        assert_eq!(told(&Unit::Share, 1.2), "a number from 0 to 1");
        assert_eq!(told(&Unit::Places, -1.0), "0 or more");
        for unit in [Unit::OddsRatio, Unit::HazardRatio, Unit::Shape] {
            let high = unit.bounds().1;
            assert_eq!(told(&unit, 0.0), "a number above 0");
            assert_eq!(told(&unit, -1.0), "a number above 0");
            assert_eq!(told(&unit, 1.0), "");
            let beyond = format!("a number above 0, up to {high:e}");
            assert_eq!(told(&unit, 2.0 * high), beyond);
        }
        let (low, high) = Unit::Places.bounds();
        assert_eq!(told(&Unit::Places, low), "");
        assert_eq!(told(&Unit::Places, high), "");
        let beyond = format!("a number from 0 to {high:e}");
        assert_eq!(told(&Unit::Places, 2.0 * high), beyond);
    }

    #[test]
    fn units_have_the_article_that_they_are_read_with() {
        let pounds = Unit::Gbp("place-year".to_owned());
        for (unit, words) in [
            (&Unit::People, "a count of people".to_owned()),
            (&Unit::OddsRatio, "an odds ratio".to_owned()),
            (&pounds, format!("an amount in {pounds}")),
            (&Unit::Share, "a share".to_owned()),
        ] {
            assert_eq!(number_of(unit), words);
        }
    }
}

//! Parameter tables to parameters: keys, evidence, laws, and that every combination is there exactly once.

use std::collections::BTreeMap;

use super::law::{DISTRIBUTIONS, interval, law};
use super::names::listed;
use super::{Cell, Compiler, Evidence, Keys, Parameter, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::ParameterRow;
use crate::quantity::{Grade, Month, Unit};

/// The month from which a number without `from` holds: before any run.
pub(super) fn always() -> Month {
    crate::quantity::FinancialYear::starting(1900).first_month()
}

/// The key columns, in the order of the layout.
const KEYS: [&str; 4] = ["area", "sex", "age", "priors"];

/// A row's keys and month once they are known to be sound.
struct Address {
    /// The row of the profile, and the indices of sex, age and priors; `None` where blank.
    parts: [Option<usize>; 4],
    from: Option<Month>,
}

impl Compiler<'_> {
    /// Every parameter and every rule, sorted by id.
    pub(super) fn take_parameters(&mut self) {
        let mut tables: BTreeMap<&str, Vec<&ParameterRow>> = BTreeMap::new();
        for row in &self.documents.parameters {
            if !row.text("id").is_empty() {
                tables.entry(row.text("id")).or_default().push(row);
            }
        }
        let documents = self.documents;
        self.check_unique("rule", documents.rules.iter().map(|rule| &rule.id));
        let mut rules = BTreeMap::new();
        for rule in &documents.rules {
            if tables.contains_key(rule.id.as_str()) {
                let fault = Diagnostic::error(
                    "E109",
                    format!("`{}` is a rule and a parameter", rule.id.value),
                )
                .expected("an id that nothing else has")
                .found("a parameter of the same id");
                self.report(rule.id.at, fault);
            } else if !rule.id.is_missing() {
                rules.insert(rule.id.as_str(), rule);
            }
        }
        let mut ids: Vec<&str> = tables.keys().chain(rules.keys()).copied().collect();
        ids.sort_unstable();
        for id in ids {
            self.parameter_ids
                .insert(id.to_owned(), self.plan.parameters.len());
            match (tables.get(id), rules.get(id)) {
                (Some(rows), _) => self.take_parameter(id, rows),
                (None, Some(rule)) => self.take_rule(rule),
                (None, None) => {}
            }
        }
    }

    fn take_parameter(&mut self, id: &str, rows: &[&ParameterRow]) {
        let n_faults = self.faults.len();
        let is_used = |key: &str| rows.iter().any(|row| !row.text(key).is_empty());
        let keys = Keys {
            area: is_used("area"),
            sex: is_used("sex"),
            age: is_used("age"),
            priors: is_used("priors"),
        };
        let unit = rows.iter().find_map(|row| Unit::parse(row.text("unit")));
        let unit = unit.unwrap_or(Unit::Ratio);
        let index = self.plan.parameters.len();
        let mut cells = vec![Vec::new(); self.plan.size_of(keys)];
        let mut seen = BTreeMap::new();
        for row in rows {
            let grade = self.check_evidence(row, &unit);
            let address = self.address(row, keys);
            let law = self.check_numbers(row, &unit);
            let (Some(grade), Some(address), Some(law)) = (grade, address, law) else {
                continue;
            };
            if let Some(first) = seen.insert((address.parts, address.from), row.at) {
                self.duplicate(id, row, first);
                continue;
            }
            let Some(stratum) = self.stratum(&address) else {
                continue;
            };
            cells[self.plan.index_in(keys, stratum)]
                .push((address.from.unwrap_or(always()), self.plan.cells.len()));
            self.plan.cells.push(Cell {
                parameter: index,
                keys: self.key_words(&address),
                from: address.from,
                value: row.value,
                law,
                interval: interval(law),
                evidence: self.evidence(row, grade),
            });
        }
        cells.iter_mut().for_each(|dated| dated.sort_unstable());
        let at = rows.first().map(|row| row.at).unwrap_or_default();
        let is_broken = self.faults.len() > n_faults || rows.iter().any(|row| is_unreadable(row));
        if !is_broken {
            self.check_complete(id, rows, keys, &cells);
        }
        self.parameter_at.push(at);
        self.is_broken
            .push(self.faults.len() > n_faults || is_broken);
        self.plan.parameters.push(Parameter {
            id: id.to_owned(),
            unit,
            keys,
            cells,
            reaches_everyone: false,
            used_by: Vec::new(),
        });
    }

    /// Reports a fault of one cell of a row.
    fn report_cell(&mut self, row: &ParameterRow, column: &str, fault: Diagnostic) {
        let place = row.place(&self.documents.sources, column);
        self.faults.push(fault.at(&place));
    }

    fn duplicate(&mut self, id: &str, row: &ParameterRow, first: crate::document::At) {
        let fault = Diagnostic::error("E307", format!("a second row for the same keys of `{id}`"))
            .expected("one row for every combination of keys and month")
            .found(format!(
                "the same keys as {}",
                self.documents.sources.file_and_line(first)
            ))
            .hint("take one of the rows away, or tell them apart by a key");
        self.report_cell(row, "id", fault);
    }

    /// Unit, period, source and grade: no number goes without them.
    fn check_evidence(&mut self, row: &ParameterRow, unit: &Unit) -> Option<Grade> {
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

    fn address(&mut self, row: &ParameterRow, keys: Keys) -> Option<Address> {
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
        if found.is_none() {
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

    /// The stratum of a row; `None` for an area that is not in the scenario.
    fn stratum(&self, address: &Address) -> Option<Stratum> {
        let [area, sex, age, priors] = address.parts;
        let area = match area {
            Some(row) => self.scenario_area[row]?,
            None => 0,
        };
        Some(Stratum {
            area,
            sex: sex.unwrap_or(0),
            age: age.unwrap_or(0),
            priors: priors.unwrap_or(0),
        })
    }

    /// The keys other than `from`, joined: part of the address of the random number.
    fn key_words(&self, address: &Address) -> String {
        let [area, sex, age, priors] = address.parts;
        let strata = &self.plan.strata;
        let words = [
            area.map(|row| self.documents.areas[row].code.as_str()),
            sex.map(|sex| strata.sexes[sex].as_str()),
            age.map(|age| strata.ages[age].id.as_str()),
            priors.map(|priors| strata.priors[priors].id.as_str()),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(",")
    }

    fn evidence(&self, row: &ParameterRow, grade: Grade) -> Evidence {
        let text = |column: &str| row.text(column).to_owned();
        Evidence {
            period: text("period"),
            population: text("population"),
            source: text("source"),
            url: text("url"),
            grade,
            note: text("note"),
            place: self.documents.sources.file_and_line(row.at),
        }
    }

    /// Bounds, order of the interval, and the law; `None` when something is wrong.
    fn check_numbers(&mut self, row: &ParameterRow, unit: &Unit) -> Option<super::Law> {
        let n_faults = self.faults.len();
        for (column, number) in [
            ("value", Some(row.value)),
            ("low", row.number("low")),
            ("high", row.number("high")),
        ] {
            if let Some(number) = number
                && let Some(expected) = out_of_bounds(unit, number)
            {
                let fault = Diagnostic::error("E303", format!("`{column}` cannot be a {unit}"))
                    .expected(expected)
                    .found(number.to_string());
                self.report_cell(row, column, fault);
            }
        }
        let word = row.text("distribution");
        if !word.is_empty() && !DISTRIBUTIONS.contains(&word) {
            let fault = Diagnostic::error("E213", format!("unknown distribution `{word}`"))
                .expected(format!("one of {}", DISTRIBUTIONS.join(", ")))
                .found(format!("`{word}`"))
                .nearest(word, DISTRIBUTIONS);
            self.report_cell(row, "distribution", fault);
        }
        self.check_order(row);
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

    /// Names the combinations of keys that no row covers.
    fn check_complete(
        &mut self,
        id: &str,
        rows: &[&ParameterRow],
        keys: Keys,
        cells: &[Vec<(Month, usize)>],
    ) {
        let strata = self.plan.strata_over(keys);
        let missing: Vec<String> = strata
            .iter()
            .filter(|stratum| cells[self.plan.index_in(keys, **stratum)].is_empty())
            .map(|stratum| self.plan.words(keys, *stratum))
            .collect();
        let (Some(first), Some(row)) = (missing.first(), rows.first()) else {
            return;
        };
        let more = match missing.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let fault = Diagnostic::error("E308", format!("`{id}` has no row for {first}{more}"))
            .expected("a row for every combination of the keys in use")
            .found(format!(
                "{} of {} combinations",
                strata.len() - missing.len(),
                strata.len()
            ))
            .hint("add the rows, or leave the key blank in every row");
        self.report_cell(row, "id", fault);
    }

    /// Warns of parameters that nothing uses, and reports those that do not reach back to the run's beginning.
    pub(super) fn check_parameters(&mut self) {
        let begin = self.plan.history_from;
        for index in 0..self.plan.parameters.len() {
            let parameter = &self.plan.parameters[index];
            let (id, at) = (parameter.id.clone(), self.parameter_at[index]);
            let is_used = !parameter.used_by.is_empty();
            let first = parameter
                .cells
                .iter()
                .filter_map(|dated| dated.first())
                .map(|(from, _)| *from)
                .max();
            if !is_used {
                let fault = Diagnostic::warning("E422", format!("nothing uses `{id}`"))
                    .expected("a mention in the model, or no such row")
                    .found("none");
                self.report(at, fault);
            } else if let Some(first) =
                first.filter(|first| *first > begin && !self.is_broken[index])
            {
                let fault = Diagnostic::error(
                    "E309",
                    format!("`{id}` says nothing about the first months of the run"),
                )
                .expected(format!("a `from` of {begin} or earlier, or blank"))
                .found(format!("nothing before {first}"));
                self.report(at, fault);
            }
        }
    }
}

/// Whether a number of the row could not be read, which has been reported.
fn is_unreadable(row: &ParameterRow) -> bool {
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
        _ if is_above_zero => "a number above 0".to_owned(),
        _ => "0 or more".to_owned(),
    })
}

//! Parameter tables to parameters: keys, evidence, laws, and that every combination is there exactly once.

use std::collections::BTreeMap;

use super::law::interval;
use super::rows::{Address, is_unreadable};
use super::{Cell, Compiler, Evidence, Keys, Law, Parameter, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::{ParameterRow, Part};
use crate::quantity::{Grade, Month, Unit};

/// The month from which a number without `from` holds: before any run.
pub(super) fn always() -> Month {
    crate::quantity::FinancialYear::starting(1900).first_month()
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
            let has_duration = |row: &&ParameterRow| !row.text("duration").is_empty();
            if let Some(rows) = tables.get(id).filter(|rows| rows.iter().any(has_duration)) {
                self.take_family(id, rows);
                continue;
            }
            self.parameter_ids
                .insert(id.to_owned(), self.plan.parameters.len());
            match (tables.get(id), rules.get(id)) {
                (Some(rows), _) => self.take_parameter(id, rows),
                (None, Some(rule)) => self.take_rule(rule),
                (None, None) => {}
            }
        }
    }

    pub(super) fn take_parameter(&mut self, id: &str, rows: &[&ParameterRow]) {
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
        let mut is_whole = true;
        for row in rows {
            let grade = self.check_evidence(row, &unit);
            let address = self.address(row, keys);
            let law = self.check_numbers(row, &unit);
            let (Some(grade), Some(address), Some(law)) = (grade, address, law) else {
                is_whole = false;
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
        self.check_walks(&cells, rows);
        let at = rows.first().map(|row| row.at).unwrap_or_default();
        let is_unread = rows.iter().any(|row| is_unreadable(row));
        let is_broken = self.faults.len() > n_faults || is_unread || !is_whole;
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
            is_law: false,
            reaches_everyone: false,
            used_by: Vec::new(),
        });
    }

    /// A walk only ever gets less certain.
    fn check_walks(&mut self, cells: &[Vec<(Month, usize)>], rows: &[&ParameterRow]) {
        let spread = |cell: usize| match self.plan.cells[cell].law {
            Law::Walk(_, spread) => Some(spread),
            _ => None,
        };
        let pairs = cells.iter().flat_map(|dated| dated.windows(2));
        let narrower = pairs.into_iter().find(|pair| {
            let (Some(before), Some(after)) = (spread(pair[0].1), spread(pair[1].1)) else {
                return false;
            };
            // Six printed digits of an interval's ends.
            after < before * (1.0 - 1e-4)
        });
        let Some(&[_, (from, cell)]) = narrower else {
            return;
        };
        let keys = self.plan.cells[cell].keys.clone();
        let fault = Diagnostic::error("E314", "a walk that becomes more certain")
            .expected(
                "an interval that is, on the logarithmic scale, no narrower than the year's before",
            )
            .found(
                format!("a narrower one from {from} on {keys}")
                    .trim_end()
                    .to_owned(),
            );
        let row = rows.iter().find(|row| row.text("from") == from.to_string());
        if let Some(row) = row.or(rows.first()) {
            self.report_cell(row, "low", fault);
        }
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

    /// Names the combinations of keys that no row covers.
    fn check_complete(
        &mut self,
        id: &str,
        rows: &[&ParameterRow],
        keys: Keys,
        cells: &[Vec<(Month, usize)>],
    ) {
        let unread = &self.documents.unread;
        let is_by_band = keys.sex || keys.age || keys.priors;
        if keys.area && unread.contains(&Part::Areas) || is_by_band && unread.contains(&Part::Model)
        {
            return;
        }
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

    /// An id that stands in a workbook alone, and that nothing uses: a number that would be passed over.
    fn unknown_id(&mut self, id: &str) {
        let documents = self.documents;
        let is_known = |row: &&ParameterRow| !documents.new_ids.contains(row.text("id"));
        let known = documents.parameters.iter().filter(is_known);
        let names = known.map(|row| row.text("id"));
        let Some(row) = documents.parameters.iter().find(|row| row.text("id") == id) else {
            return;
        };
        let fault = Diagnostic::error("E203", format!("unknown parameter `{id}`"))
            .expected("an id of the model's or the profile's tables, or one that the model or the scenario names")
            .found(format!("`{id}`"))
            .nearest(id, names);
        self.report_cell(row, "id", fault);
    }

    /// Warns of parameters that nothing uses, and reports those that do not reach back to the run's beginning.
    pub(super) fn check_parameters(&mut self) {
        let begin = self.plan.history_from;
        // Of a run that begins too early no parameter can say anything: that is one fault, of the scenario's `start`.
        let is_early = self.faults.iter().any(|fault| fault.code == "E408");
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
            if !is_used && self.left_out.contains(&index) {
                continue;
            }
            if !is_used && self.documents.new_ids.contains(&id) {
                self.unknown_id(&id);
            } else if !is_used {
                let fault = Diagnostic::warning("E422", format!("nothing uses `{id}`"))
                    .expected("a mention in the model, or no such row")
                    .found("none");
                self.report(at, fault);
            } else if let Some(first) =
                first.filter(|first| *first > begin && !self.is_broken[index] && !is_early)
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

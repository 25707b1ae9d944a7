//! A workbook that a scenario names: its sheets are tables like those of files, and go to the same readers.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{self, Book, Sheet, Table};
use super::figures::{ParameterRow, PopulationRow, RecordedRow};
use super::library::Library;
use super::scenario_file::ScenarioFile;
use super::source::{Source, Text};
use super::workbook_lists::LISTS;
use super::{AreaRow, Part, Shelf, figures};
use crate::diagnostic::Diagnostic;

/// The sheet of the population.
pub const POPULATION_SHEET: &str = "Population";
/// The sheet of recorded figures.
pub const RECORDED_SHEET: &str = "Recorded";

/// Sheets that are for people and are not read; and every sheet whose name begins with the last.
pub const FOR_PEOPLE: [&str; 4] = ["Cover", "Contents", "Instructions", "Notes"];

/// Where a sheet goes.
enum Kind {
    People,
    Population,
    Recorded,
    Parameters,
    List(&'static str),
}

impl Shelf {
    /// Reads the workbook that the scenario names: what stands there comes last, and takes the place of all else.
    pub(super) fn read_workbook(
        &mut self,
        library: &Library,
        named: &Text,
        scenario: &mut ScenarioFile,
    ) {
        let (name, bytes) = match library.file_up_to(&named.value, book::MOST_BYTES) {
            Ok(read) => read,
            Err(fault) => {
                let fault = fault
                    .expected("a workbook, .xlsx or .ods, beside the scenario or in this folder");
                return self.without(&[Part::Workbook], named.at, fault);
            }
        };
        self.note_input(&name, &bytes);
        match book::read(&name, &bytes) {
            Ok(book) => self.read_sheets(&name, book, scenario),
            Err(mut faults) => {
                self.documents.unread.insert(Part::Workbook);
                self.documents.faults.append(&mut faults);
            }
        }
    }

    fn read_sheets(&mut self, name: &str, mut book: Book, scenario: &mut ScenarioFile) {
        if !book.faults.is_empty() {
            self.documents.unread.insert(Part::Workbook);
        }
        self.documents.faults.append(&mut book.faults);
        let mut lists = Vec::new();
        let mut is_budget_sound = true;
        let mut numbers: BTreeMap<String, &str> = BTreeMap::new();
        for sheet in &book.sheets {
            let Some((kind, table)) = self.table_of(name, sheet) else {
                continue;
            };
            match kind {
                Kind::People => {}
                Kind::Population => self.take_population(name, &table),
                Kind::Recorded => self.take_recorded(name, &table),
                Kind::Parameters => {
                    let mut source = book::as_csv(name, &table);
                    source.is_local = true;
                    let rows = self.apart(Part::Parameters, |shelf| {
                        shelf.rows_of(source, figures::parameters)
                    });
                    self.check_one_sheet(&rows, &sheet.name, &mut numbers);
                    self.note_new_ids(&rows);
                    self.take_the_place(rows);
                }
                // Headings alone say nothing yet.
                Kind::List(_) if table.records.is_empty() => {}
                Kind::List(key) => {
                    let is_sound = self.check_keys(name, key, &table);
                    is_budget_sound &= is_sound || !key.starts_with("optimise");
                    if is_sound {
                        lists.push((key, table));
                    }
                }
            }
        }
        // What one sheet of a budget lacks is not said of the other.
        lists.retain(|(key, _)| is_budget_sound || !key.starts_with("optimise"));
        complete_budget(&mut lists);
        self.take_lists(name, &lists, scenario);
    }

    /// Numbers of one id stand in one sheet: those of a copy would silently take the place of the others.
    fn check_one_sheet<'a>(
        &mut self,
        rows: &[ParameterRow],
        sheet: &'a str,
        numbers: &mut BTreeMap<String, &'a str>,
    ) {
        let mut told = BTreeSet::new();
        for row in rows.iter().filter(|row| !row.text("id").is_empty()) {
            let id = row.text("id");
            let first = *numbers.entry(id.to_owned()).or_insert(sheet);
            if first != sheet && told.insert(id) {
                let fault = Diagnostic::error("E307", format!("`{id}` stands in two sheets"))
                    .at(&row.place(&self.documents.sources, "id"))
                    .expected("the numbers of an id in one sheet")
                    .found(format!("`{id}` in `{first}` too"))
                    .hint("delete the rows, or the sheet, that no longer hold");
                self.documents.faults.push(fault);
            }
        }
    }

    /// The table of a sheet and where it goes; `None` where there is none, or a fault that has been reported.
    fn table_of(&mut self, name: &str, sheet: &Sheet) -> Option<(Kind, Table)> {
        let named = named_kind(&sheet.name);
        if matches!(named, Some(Kind::People)) {
            return None;
        }
        let place = book::sheet_place(name, &sheet.name);
        if sheet.is_hidden {
            let fault = Diagnostic::error("E124", format!("the sheet `{}` is hidden", sheet.name))
                .at(&place)
                .expected("sheets that everybody can see")
                .found("a hidden sheet")
                .hint("unhide it (a right click on the tabs), or delete it; notes may stand on a sheet whose name begins with `Notes`");
            self.documents.unread.insert(Part::Workbook);
            self.documents.faults.push(fault);
            return None;
        }
        if sheet.cells.is_empty() {
            return None;
        }
        let n_faults = self.documents.faults.len();
        let table = book::table(name, sheet, &mut self.documents.faults);
        let kind = named.or_else(|| is_of_parameters(table.as_ref()?).then_some(Kind::Parameters));
        if matches!(kind, Some(Kind::Parameters)) {
            let faults = self.documents.faults[n_faults..].iter_mut();
            for place in faults.filter_map(|fault| fault.place.as_mut()) {
                place.is_local = true;
            }
        }
        match (kind, table) {
            (Some(kind), Some(table)) => return Some((kind, table)),
            (Some(_), None) => {
                let fault = Diagnostic::error("E005", "this sheet has no table")
                    .at(&place)
                    .expected("a row of headings, two or more, and the rows below it")
                    .found("no row with two cells")
                    .hint("write the headings, or clear or delete the sheet");
                self.documents.faults.push(fault);
            }
            (None, _) => self.unknown_sheet(name, sheet),
        }
        self.documents.unread.insert(Part::Workbook);
        None
    }

    fn unknown_sheet(&mut self, name: &str, sheet: &Sheet) {
        let names: Vec<&str> = [POPULATION_SHEET, RECORDED_SHEET]
            .into_iter()
            .chain(LISTS.iter().map(|(name, _)| *name))
            .collect();
        let fault = Diagnostic::error("E125", format!("nothing is known of the sheet `{}`", sheet.name))
            .at(&book::sheet_place(name, &sheet.name))
            .expected(format!(
                "a sheet of numbers with the headings id, value, unit, period, source and grade; or one called {}",
                names.join(", ")
            ))
            .found(format!("`{}`", sheet.name))
            .nearest(&sheet.name, names.iter().copied());
        let fault = match fault.hints.is_empty() {
            true => fault.hint(
                "rename it so that its name begins with `Notes`, and it is left alone; or delete it",
            ),
            false => fault,
        };
        self.documents.faults.push(fault);
    }

    /// An area that stands in the sheet is the sheet's wholly.
    fn take_population(&mut self, name: &str, table: &Table) {
        let mut source = book::as_csv(name, table);
        source.is_local = true;
        let column = column_of(table, "area_code");
        let mut rows = self.apart(Part::Population, |shelf| {
            shelf.rows_of(source, figures::population)
        });
        for row in &mut rows {
            row.area = self.code_of(&row.area, (row.at, column));
        }
        self.check_population_words(table, &mut rows);
        let areas: BTreeSet<&str> = rows.iter().map(|row| row.area.as_str()).collect();
        let population = &mut self.documents.population;
        let is_theirs = |row: &PopulationRow| areas.contains(row.area.as_str());
        let replaced = population.iter().filter(|row| is_theirs(row));
        self.documents.replaced.extend(replaced.map(|row| row.at));
        population.retain(|row| !is_theirs(row));
        if !rows.is_empty() {
            self.documents.missing_population = None;
        }
        population.append(&mut rows);
    }

    /// A measure of an area that stands in the sheet is the sheet's wholly.
    fn take_recorded(&mut self, name: &str, table: &Table) {
        let mut source = book::as_csv(name, table);
        source.is_local = true;
        let column = column_of(table, "area_code");
        let mut rows = self.apart(Part::Recorded, |shelf| {
            shelf.rows_of(source, figures::recorded)
        });
        for row in &mut rows {
            row.area = self.code_of(&row.area, (row.at, column));
        }
        // An area that nobody knows has been told.
        let areas = &self.documents.areas;
        let are_known = !self.documents.unread.contains(&Part::Areas);
        let is_known = |code: &str| areas.iter().any(|area| area.code == code);
        rows.retain(|row| !are_known || row.area.is_empty() || is_known(&row.area));
        self.check_recorded_words(table, &mut rows);
        self.check_recorded_once(&mut rows);
        let theirs: BTreeSet<(&str, &str)> = rows
            .iter()
            .map(|row| (row.measure.as_str(), row.area.as_str()))
            .collect();
        let recorded = &mut self.documents.recorded;
        let is_theirs = |row: &RecordedRow| theirs.contains(&(&row.measure, &row.area));
        let replaced = recorded.iter().filter(|row| is_theirs(row));
        self.documents.replaced.extend(replaced.map(|row| row.at));
        recorded.retain(|row| !is_theirs(row));
        recorded.append(&mut rows);
    }

    /// One figure for each area, period and breakdown of a measure; a second is taken away when it has been told.
    fn check_recorded_once(&mut self, rows: &mut Vec<RecordedRow>) {
        let mut seen = BTreeMap::new();
        rows.retain(|row| {
            let keys = [&row.measure, &row.area, &row.period, &row.breakdown].map(Clone::clone);
            let Some(first) = seen.insert(keys, row.at).filter(|_| !row.area.is_empty()) else {
                return true;
            };
            let sources = &self.documents.sources;
            let fault = Diagnostic::error("E307", "a second figure of the same area and period")
                .at(&sources.place(row.at))
                .expected("one row for every area, period and breakdown")
                .found(format!("the same keys as {}", sources.file_and_line(first)))
                .hint("take one of the rows away");
            self.documents.faults.push(fault);
            false
        });
    }

    /// The code of an area that is called by its code, its name or an alias.
    fn code_of(&mut self, word: &str, (row, column): (super::At, usize)) -> String {
        let areas = &self.documents.areas;
        let is_called = |area: &&AreaRow| {
            let names = [&area.code, &area.name].into_iter().chain(&area.aliases);
            names
                .into_iter()
                .any(|name| name.eq_ignore_ascii_case(word))
        };
        let found = areas.iter().find(is_called);
        let is_known = word.is_empty() || self.documents.unread.contains(&Part::Areas);
        if found.is_none() && !is_known {
            let names = areas.iter().flat_map(|area| [&area.code, &area.name]);
            let fault = Diagnostic::error("E201", format!("unknown area `{word}`"))
                .at(&self.documents.sources.cell(row, column))
                .expected("the code or the name of an area; `needscast areas` lists them")
                .found(format!("`{word}`"))
                .nearest(word, names.map(String::as_str));
            self.documents.faults.push(fault);
        }
        found.map_or_else(|| word.to_owned(), |area| area.code.clone())
    }

    /// Reads the rows of a text that was made from a sheet.
    fn rows_of<T>(
        &mut self,
        source: Source,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        let file = self.documents.sources.add(source);
        self.rows(file, read)
    }
}

/// Bounds alone belong to a budget that is missing, and a budget alone is without bounds: the empty half that is put
/// beside it lets the readers of budgets say so.
fn complete_budget(lists: &mut Vec<(&'static str, Table)>) {
    let halves = ["optimise", "optimise.places"];
    let of = |key: &str| lists.iter().find(|(known, _)| *known == key);
    let (missing, other) = match halves.map(of) {
        [Some((_, budget)), None] => (halves[1], budget),
        [None, Some((_, bounds))] => (halves[0], bounds),
        _ => return,
    };
    let records = Vec::new();
    let empty = Table {
        records,
        ..other.clone()
    };
    lists.push((missing, empty));
}

/// Where a sheet goes by its name.
fn named_kind(name: &str) -> Option<Kind> {
    let is = |known: &str| known.eq_ignore_ascii_case(name.trim());
    let begins = name.trim().to_lowercase();
    if FOR_PEOPLE.into_iter().any(is) || begins.starts_with("notes") {
        return Some(Kind::People);
    }
    if is(POPULATION_SHEET) {
        return Some(Kind::Population);
    }
    if is(RECORDED_SHEET) {
        return Some(Kind::Recorded);
    }
    let list = LISTS.into_iter().find(|(known, _)| is(known));
    list.map(|(_, key)| Kind::List(key))
}

/// Whether the headings are those of numbers with their evidence, or nearly.
fn is_of_parameters(table: &Table) -> bool {
    let required = &figures::PARAMETER_COLUMNS[..6];
    let n = required.iter().filter(|name| table.has(name)).count();
    n * 2 > required.len()
}

/// Which of the columns of the table as read has this name.
pub(super) fn column_of(table: &Table, name: &str) -> usize {
    let mut headings = table.headings.iter();
    headings
        .position(|heading| heading.name == name)
        .unwrap_or(usize::MAX)
}

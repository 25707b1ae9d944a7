//! A table of draws made elsewhere: what each option costs and achieves, draw by draw and perhaps year by year.

use std::collections::BTreeMap;
use std::path::Path;

use super::cells::{filled, number, required, whole};
use super::elsewhere::{Desk, Tables};
use super::source::{At, Source};
use super::table::{Shape, read_table};
use crate::diagnostic::Diagnostic;

/// A table of draws as written.
#[derive(Debug, Clone, Default)]
pub struct DrawnTable {
    /// The options' names, as they first appear.
    pub options: Vec<String>,
    /// The draws' names, as they first appear.
    pub draws: Vec<String>,
    /// Every row.
    pub rows: Vec<DrawnRow>,
    /// The name of the column of outcomes.
    pub outcome: String,
    /// Whether there is a column of years.
    pub has_years: bool,
    /// Whether every row says which option, draw and year it is of; if not, nothing can be said of what is missing.
    pub is_whole: bool,
    /// The columns of parameters, by name and row; not a number where a cell is at fault or empty.
    pub parameters: Vec<(String, Vec<f64>)>,
    /// What was asked for: a parameter, or several as one, by index among the parameters.
    pub groups: Vec<(String, Vec<usize>)>,
    /// Where the columns stand in the file.
    pub columns: DrawnColumns,
}

/// A row of the table.
#[derive(Debug, Clone, Copy)]
pub struct DrawnRow {
    /// The row.
    pub at: At,
    /// Index of the option.
    pub option: u32,
    /// Index of the draw.
    pub draw: u32,
    /// Years from the start; 0 without a column of years.
    pub year: u32,
    /// Cost and outcome: `None` where the cell is empty, not a number where it is at fault.
    pub values: [Option<f64>; 2],
}

/// Where each column stands in the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct DrawnColumns {
    /// `option`.
    pub option: usize,
    /// `draw`.
    pub draw: usize,
    /// `cost`.
    pub cost: usize,
    /// The column of outcomes.
    pub outcome: usize,
    /// `year`.
    pub year: usize,
}

/// The order in which the columns are asked for.
const OPTION: usize = 0;
const DRAW: usize = 1;
const COST: usize = 2;
const OUTCOME: usize = 3;
/// What comes first of the years and the parameters.
const FOURTH: usize = 4;

/// No stream is longer.
const LAST_YEAR: f64 = 1000.0;

/// Reads a table of draws. `outcome` is the name of the column of outcomes, `parameters` are the names of further
/// columns of numbers, or several joined by `+` that are looked at together; without `needs_years` the column `year` may be left out.
///
/// # Errors
/// When the file cannot be read as a table with these columns; other faults stand in [`Tables::faults`].
pub fn drawn(
    path: &Path,
    outcome: &str,
    parameters: &[String],
    needs_years: bool,
) -> Result<Tables<DrawnTable>, Vec<Diagnostic>> {
    let mut desk = Desk::new();
    let mut names: Vec<String> = Vec::new();
    for name in parameters.iter().flat_map(|group| group.split('+')) {
        if !names.iter().any(|other| other == name.trim()) {
            names.push(name.trim().to_owned());
        }
    }
    let group = |asked: &String| {
        let members = asked.split('+').map(str::trim);
        let index = |name| names.iter().position(|other| other == name);
        (asked.clone(), members.filter_map(index).collect())
    };
    let groups = parameters.iter().map(group).collect();
    let content = desk.table(path, |source, file, faults| DrawnTable {
        groups,
        ..table(source, file, outcome, &names, needs_years, faults)
    });
    desk.clear(content)
}

/// The columns in the order in which they are asked for, where years and the first parameter stand among them, and how
/// many of them must be there: a column that may be left out comes last.
struct Asked<'a> {
    columns: Vec<&'a str>,
    year: usize,
    first_parameter: usize,
    n_required: usize,
}

impl<'a> Asked<'a> {
    fn of(outcome: &'a str, parameters: &'a [String], needs_years: bool) -> Asked<'a> {
        let mut columns = vec!["option", "draw", "cost", outcome];
        let names = parameters.iter().map(String::as_str);
        if needs_years {
            columns.extend(std::iter::once("year").chain(names));
        } else {
            columns.extend(names.chain(["year"]));
        }
        let (year, first_parameter) = match needs_years {
            true => (FOURTH, FOURTH + 1),
            false => (columns.len() - 1, FOURTH),
        };
        Asked {
            year,
            first_parameter,
            n_required: columns.len() - usize::from(!needs_years),
            columns,
        }
    }
}

fn table(
    source: &Source,
    file: u32,
    outcome: &str,
    parameters: &[String],
    needs_years: bool,
    faults: &mut Vec<Diagnostic>,
) -> DrawnTable {
    let asked = Asked::of(outcome, parameters, needs_years);
    let shape = Shape {
        columns: &asked.columns,
        n_required: asked.n_required,
        is_closed: false,
    };
    let mut read = DrawnTable {
        outcome: outcome.to_owned(),
        is_whole: true,
        parameters: (parameters.iter())
            .map(|name| (name.clone(), Vec::new()))
            .collect(),
        ..DrawnTable::default()
    };
    let (mut options, mut draws) = (Names::default(), Names::default());
    read_table(source, file, &shape, faults, |row, faults| {
        if read.rows.is_empty() {
            read.columns = DrawnColumns {
                option: row.column(OPTION),
                draw: row.column(DRAW),
                cost: row.column(COST),
                outcome: row.column(OUTCOME),
                year: row.column(asked.year),
            };
            read.has_years = read.columns.year != usize::MAX;
        }
        let n_faults = faults.len();
        let option = options.index(&filled(source, row, OPTION, "option", faults));
        let draw = draws.index(&filled(source, row, DRAW, "draw", faults));
        let year = (read.has_years)
            .then(|| whole(source, row, (asked.year, "year"), (0.0, LAST_YEAR), faults))
            .flatten();
        read.is_whole &= faults.len() == n_faults;
        let values = [(COST, "cost"), (OUTCOME, outcome)]
            .map(|(wanted, name)| number(source, row, wanted, name, faults));
        for (index, (name, values)) in read.parameters.iter_mut().enumerate() {
            let wanted = asked.first_parameter + index;
            values.push(required(source, row, wanted, name, faults));
        }
        read.rows.push(DrawnRow {
            at: row.at,
            option,
            draw,
            year: year.unwrap_or(0.0) as u32,
            values,
        });
    });
    read.is_whole &= !faults.iter().any(|fault| fault.code == "E106");
    if read.rows.is_empty() && faults.is_empty() {
        faults.push(no_rows(source));
    }
    (read.options, read.draws) = (options.names, draws.names);
    read
}

fn no_rows(source: &Source) -> Diagnostic {
    Diagnostic::error("E005", "this table has no rows")
        .at(&source.place(0, 0))
        .expected("a row for every option and draw")
        .found("a header and no rows")
        .hint("write the rows below the header, such as `regional,1,120000,34`")
}

/// Names by index, as they first appear.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    indices: BTreeMap<String, u32>,
    last: usize,
}

impl Names {
    fn index(&mut self, name: &str) -> u32 {
        // Rows mostly stand in order, so that the name is the last one again or the one after it.
        for near in [self.last, self.last + 1] {
            if self.names.get(near).is_some_and(|known| known == name) {
                self.last = near;
                return near as u32;
            }
        }
        let new = self.names.len() as u32;
        let index = match self.indices.get(name) {
            Some(index) => *index,
            None => {
                self.indices.insert(name.to_owned(), new);
                self.names.push(name.to_owned());
                new
            }
        };
        self.last = index as usize;
        index
    }
}

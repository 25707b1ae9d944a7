//! A table of figures to panels: everything that can be wrong with it is found here, in one pass. Pure.

mod breaks;
mod editions;
mod periods;
mod strata;

use std::collections::{BTreeMap, BTreeSet};

use super::panel::{Panel, Strand, are_whole};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{SeriesFile, SeriesRow};
use editions::Editions;
use periods::Grid;

/// The panels of a table, and what was made of it that its author may not expect.
#[derive(Debug, Clone, Default)]
pub struct Panels {
    /// One for every series, by name.
    pub panels: Vec<Panel>,
    /// Sentences for the reader.
    pub notes: Vec<String>,
}

/// The fewest periods with a record from which anything can be learned and checked: two to learn from and one more.
const FEWEST: usize = 3;

/// Turns a table into panels, the order of its rows aside.
///
/// # Errors
/// Every fault that was found, those of the reading included: numbers that cannot be, periods that are none or of
/// different lengths, a second figure of a period, mixed units, or nothing long enough to back-test.
pub fn compile_series(file: &SeriesFile) -> Result<Panels, Vec<Diagnostic>> {
    let mut found = Panels::default();
    let mut faults = file.faults.clone();
    let mut short = Vec::new();
    for (name, rows) in meant(file, &mut found.notes, &mut faults) {
        let mut series = Series {
            file,
            name: &name,
            rows,
            faults: &mut faults,
            notes: &mut found.notes,
        };
        match series.panel() {
            Some(panel) if n_recorded(&panel) < FEWEST => short.push(name),
            Some(panel) => found.panels.push(panel),
            None => {}
        }
    }
    let is_error = |fault: &Diagnostic| fault.severity == Severity::Error;
    if !faults.iter().any(is_error) && found.panels.is_empty() {
        faults.push(nothing_left(file));
    }
    if faults.iter().any(is_error) {
        return Err(faults);
    }
    for name in short {
        found.notes.push(format!(
            "{name}: left out, because no area has {FEWEST} recorded periods"
        ));
    }
    Ok(found)
}

/// The rows of each series that was asked for, by name. A series whose periods are written in two ways, such as years
/// and months, is two.
fn meant<'a>(
    file: &'a SeriesFile,
    notes: &mut Vec<String>,
    faults: &mut Vec<Diagnostic>,
) -> Vec<(String, Vec<&'a SeriesRow>)> {
    let mut by_name: BTreeMap<&str, Vec<&SeriesRow>> = BTreeMap::new();
    for row in &file.rows {
        by_name.entry(name_of(file, row)).or_default().push(row);
    }
    for asked in &file.asked {
        if !by_name.contains_key(asked.as_str()) {
            let names: Vec<&str> = by_name.keys().copied().collect();
            let whole = file.sources.get(0).map(|source| source.whole());
            faults.push(
                Diagnostic::error("E610", format!("no series is called `{asked}`"))
                    .at(&whole.unwrap_or_default())
                    .expected(format!("one of {}", names.join(", ")))
                    .found(format!("`{asked}`"))
                    .nearest(asked, names.iter().copied()),
            );
        }
    }
    if !file.asked.is_empty() {
        by_name.retain(|name, _| file.asked.iter().any(|asked| asked == name));
    }
    let mut meant = Vec::new();
    for (name, rows) in by_name {
        let kinds = periods::kinds(&rows);
        if kinds.is_empty() {
            meant.push((name.to_owned(), rows));
            continue;
        }
        let names: Vec<&str> = kinds.iter().map(|(form, _)| form.name()).collect();
        notes.push(format!(
            "{name}: periods are written as {}; each is a series of its own",
            names.join(" and as ")
        ));
        let parts = kinds.into_iter();
        meant.extend(parts.map(|(form, rows)| (format!("{name} ({})", form.name()), rows)));
    }
    meant
}

fn name_of<'a>(file: &'a SeriesFile, row: &'a SeriesRow) -> &'a str {
    match row.series.is_empty() {
        true => &file.stem,
        false => &row.series,
    }
}

/// The most periods that any strand has a record of.
fn n_recorded(panel: &Panel) -> usize {
    let of_strand = |strand: &Strand| strand.values.iter().filter(|v| !v.is_nan()).count();
    panel.strands.iter().map(of_strand).max().unwrap_or(0)
}

fn nothing_left(file: &SeriesFile) -> Diagnostic {
    let whole = file.sources.get(0).map(|source| source.whole());
    Diagnostic::error("E608", "there is nothing to back-test")
        .at(&whole.unwrap_or_default())
        .expected(format!(
            "an area with at least {FEWEST} recorded periods: two to learn from and one to be forecast"
        ))
        .found(match file.rows.len() {
            0 => "a header and no rows".to_owned(),
            n => format!("{n} rows"),
        })
        .hint("add earlier or later periods")
}

/// One series while its panel is being made.
struct Series<'a> {
    file: &'a SeriesFile,
    name: &'a str,
    rows: Vec<&'a SeriesRow>,
    faults: &'a mut Vec<Diagnostic>,
    notes: &'a mut Vec<String>,
}

/// What the rows of one area and stratum say, in the file's order: the period's place and the edition with each.
type StrandRows<'a> = BTreeMap<(&'a str, String), Vec<(usize, u32, &'a SeriesRow)>>;

impl<'a> Series<'a> {
    fn panel(&mut self) -> Option<Panel> {
        let n_faults = self.faults.len();
        let unit = self.unit();
        self.check_numbers();
        let (grid, firsts) = periods::read(self.file, &self.rows, self.faults);
        let grid = grid?;
        let editions = Editions::read(self.file, &self.rows, self.faults);
        let kept = strata::needed(self.file, &self.rows, &firsts, self.notes, self.name);
        let mut strands: StrandRows<'a> = BTreeMap::new();
        for (row, first) in self.rows.iter().zip(&firsts) {
            if let Some(period) = first.and_then(|first| grid.index(first)) {
                let key = (area_of(row), strata::label(self.file, row, &kept));
                let edition = editions.number(&row.edition);
                strands.entry(key).or_default().push((period, edition, row));
            }
        }
        self.check_twice(&strands, &grid);
        if self.faults.len() > n_faults {
            return None;
        }
        self.tell_order(&firsts);
        self.assemble(unit, &grid, strands)
    }

    /// The one unit of the values.
    fn unit(&mut self) -> String {
        let mut units: BTreeMap<&str, &SeriesRow> = BTreeMap::new();
        for row in self.rows.iter().filter(|row| !row.unit.is_empty()) {
            units.entry(&row.unit).or_insert(row);
        }
        let mut by_line: Vec<&SeriesRow> = units.into_values().collect();
        by_line.sort_by_key(|row| row.at);
        let Some((first, others)) = by_line.split_first() else {
            return String::new();
        };
        for row in others {
            self.faults.push(
                Diagnostic::error("E606", format!("`{}` has values of two units", self.name))
                    .at(&self.file.place(row, "unit"))
                    .expected(format!(
                        "`{}`, as in line {}",
                        first.unit,
                        self.file.line(first.at)
                    ))
                    .found(format!("`{}`", row.unit))
                    .hint("give every unit a `series` of its own, or take other units away"),
            );
        }
        first.unit.clone()
    }

    fn check_numbers(&mut self) {
        let file = self.file;
        let is_count = are_whole(self.rows.iter().filter_map(|row| row.value.as_ref()));
        for row in &self.rows {
            let mut fault = |code, message: &str, column, expected: &str, found: f64| {
                self.faults.push(
                    Diagnostic::error(code, message)
                        .at(&file.place(row, column))
                        .expected(expected)
                        .found(format!("{found}")),
                );
            };
            if let Some(value) = row.value.filter(|value| *value < 0.0) {
                fault("E604", "`value` is negative", "value", "0 or more", value);
            }
            let Some(exposure) = row.exposure.filter(|exposure| !exposure.is_nan()) else {
                continue;
            };
            // Where nobody was exposed nothing can have happened, and nothing is learnt.
            let is_empty = exposure == 0.0 && row.value.is_none_or(|value| value == 0.0);
            if exposure <= 0.0 && !is_empty {
                let expected = "a number above 0, or 0 where the value is 0";
                fault(
                    "E604",
                    "`exposure` must be above 0",
                    "exposure",
                    expected,
                    exposure,
                );
            } else if let Some(value) = row.value.filter(|v| is_count && *v > exposure) {
                let expected = format!("at least the value, {value}");
                fault(
                    "E605",
                    "fewer are exposed than are counted",
                    "exposure",
                    &expected,
                    exposure,
                );
            }
        }
    }

    /// No figure stands twice.
    fn check_twice(&mut self, strands: &StrandRows<'_>, grid: &Grid) {
        for ((area, stratum), rows) in strands {
            let mut first: BTreeMap<(usize, u32), &SeriesRow> = BTreeMap::new();
            for (period, edition, row) in rows {
                let Some(earlier) = first.insert((*period, *edition), row) else {
                    continue;
                };
                let (earlier, later) = (earlier.at.min(row.at), earlier.at.max(row.at));
                let what = [area, stratum.as_str()].join(" ");
                let label = &grid.labels[*period];
                let fault = Diagnostic::error(
                    "E603",
                    format!("a second figure of {label} for {}", what.trim_end()),
                )
                .at(&self.file.sources.place(later))
                .expected("one row for every area, stratum and period")
                .found(format!(
                    "lines {} and {}",
                    self.file.line(earlier),
                    self.file.line(later)
                ));
                self.faults.push(match self.file.unused.is_empty() {
                    true => fault.hint("take one of the rows away"),
                    false => fault.hint(format!(
                        "take one away, or name the columns that tell them apart: `--by {}`",
                        self.file.unused.join(",")
                    )),
                });
            }
        }
    }

    fn tell_order(&mut self, firsts: &[Option<crate::quantity::Month>]) {
        let mut last = BTreeMap::new();
        let mut is_sorted = true;
        for (row, first) in self.rows.iter().zip(firsts) {
            let earlier = last.insert((area_of(row), &row.strata, &row.edition), *first);
            is_sorted &= earlier.is_none_or(|earlier| earlier <= *first);
        }
        if !is_sorted {
            self.notes.push(format!(
                "{}: rows do not stand in the order of periods; they were sorted",
                self.name
            ));
        }
    }

    fn assemble(&mut self, unit: String, grid: &Grid, strands: StrandRows<'_>) -> Option<Panel> {
        let n_editions = strands
            .values()
            .flatten()
            .map(|(_, edition, _)| *edition)
            .collect::<BTreeSet<u32>>()
            .len();
        let mut made: Vec<Strand> = strands
            .iter()
            .map(|(key, rows)| editions::strand(key, rows, grid.labels.len(), n_editions > 1))
            .collect();
        made.retain(|strand| strand.values.iter().any(|value| !value.is_nan()));
        let (from, to) = recorded_range(&made)?;
        for strand in &mut made {
            editions::cut(strand, from, to);
        }
        let values = || made.iter().flat_map(|strand| &strand.values);
        let is_count = are_whole(values());
        let resolution = match is_count {
            true => 1.0,
            false => resolution(&self.rows, values()),
        };
        let periods = grid.labels[from..to].to_vec();
        self.tell_gaps(&made);
        // A part of a series has the breaks of the whole.
        let whole = self
            .rows
            .first()
            .map_or(self.name, |row| name_of(self.file, row));
        let breaks = breaks::of_series(self.file, whole, grid, (from, to), self.faults);
        let first_editions = editions::firsts(&made, periods.len());
        Some(Panel {
            series: self.name.to_owned(),
            unit,
            cadence: grid.cadence,
            periods,
            strands: made,
            is_count,
            resolution,
            breaks,
            first_editions,
        })
    }

    fn tell_gaps(&mut self, strands: &[Strand]) {
        let gaps = strands
            .iter()
            .flat_map(|strand| &strand.values)
            .filter(|value| value.is_nan())
            .count();
        if gaps > 0 {
            let figures = match gaps {
                1 => "1 figure is not recorded; it is".to_owned(),
                n => format!("{n} figures are not recorded; they are"),
            };
            self.notes.push(format!(
                "{}: {figures} neither learned from nor scored",
                self.name
            ));
        }
    }
}

/// What an area is called: its code, or its name where there is none.
fn area_of(row: &SeriesRow) -> &str {
    match row.area_code.is_empty() {
        true => &row.area_name,
        false => &row.area_code,
    }
}

/// From the first period that any strand has a record of to after the last.
fn recorded_range(strands: &[Strand]) -> Option<(usize, usize)> {
    let is_recorded = |value: &f64| !value.is_nan();
    let from = strands
        .iter()
        .filter_map(|s| s.values.iter().position(is_recorded));
    let to = strands
        .iter()
        .filter_map(|s| s.values.iter().rposition(is_recorded));
    Some((from.min()?, to.max()? + 1))
}

/// The step of values that are not whole: the last digit written, but not finer than a thousandth of the median value,
/// because many digits tell of a computation and not of a measurement.
fn resolution<'a>(rows: &[&SeriesRow], values: impl Iterator<Item = &'a f64>) -> f64 {
    let digits = rows.iter().map(|row| row.decimals).max().unwrap_or(0);
    let mut above: Vec<f64> = values.copied().filter(|value| *value > 0.0).collect();
    above.sort_by(f64::total_cmp);
    let median = above.get(above.len() / 2).copied().unwrap_or(1.0);
    let finest = (median / 1000.0).log10().floor() as i32;
    10f64.powi(finest.max(-(digits.min(300) as i32)))
}

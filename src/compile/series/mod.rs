//! A table of figures to panels: everything that can be wrong with it is found here, in one pass. Pure.

mod breaks;
mod checks;
mod editions;
mod periods;
mod strata;

pub(super) use breaks::months;

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
    breaks::of_no_series(file, &mut found.notes);
    breaks::of_no_area(file, &mut found.notes);
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
        let table = file.sources.get(0).map(|source| source.whole().file);
        found.notes.push(format!(
            "{name}: left out, because no area of {} has {FEWEST} recorded periods",
            table.unwrap_or_default()
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

pub(super) fn name_of<'a>(file: &'a SeriesFile, row: &'a SeriesRow) -> &'a str {
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
        self.tell_odd_period(&grid, &firsts);
        self.assemble(unit, &grid, strands)
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
        self.tell_gaps(&made, &strands, (grid, from));
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

//! Declared breaks, set on the periods of a series.

use std::collections::BTreeSet;

use super::super::panel::{Break, BreakKind};
use super::periods::{EXPECTED, Grid};
use super::{area_of, name_of};
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{BreakRow, SeriesFile};
use crate::quantity::{Month, Period, PeriodForm};

/// The breaks of a series whose periods from `from` on, before `to`, are kept.
///
/// A break touches every period that shares a month with it. One that lies wholly before or after the series, or is of
/// another series, is none of it.
pub(super) fn of_series(
    file: &SeriesFile,
    series: &str,
    grid: &Grid,
    (from, to): (usize, usize),
    faults: &mut Vec<Diagnostic>,
) -> Vec<Break> {
    let mut found = Vec::new();
    for row in &file.breaks {
        let mut names = row.series.split(';').map(str::trim);
        let is_ours = row.series.is_empty() || names.any(|name| name == series);
        let (begin, end) = match months(row) {
            Ok(months) => months,
            Err(fault) => {
                let fault = (*fault).at(&file.sources.place(row.at));
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
                continue;
            }
        };
        let first = begin.since(grid.first).div_euclid(grid.step) - from as i32;
        let last = end.map_or(i32::MAX, |end| {
            (end.since(grid.first) - 1).div_euclid(grid.step) - from as i32
        });
        let kind = BreakKind::parse(&row.kind);
        let n = (to - from) as i32;
        // A level that changed before the series begins is the level of the series.
        let is_inside = first < n && last >= 0 && (kind != BreakKind::Level || first > 0);
        if is_ours && is_inside {
            found.push(Break {
                area_code: Some(row.area_code.clone()).filter(|code| !code.is_empty()),
                from: first.max(0) as usize,
                to: last.min(n - 1) as usize,
                kind,
                reason: row.reason.clone(),
                source: row.source.clone(),
            });
        }
    }
    found.sort_by(|a, b| {
        let key = |b: &Break| (b.from, b.to, b.kind, b.area_code.clone(), b.reason.clone());
        key(a).cmp(&key(b))
    });
    found
}

/// Says which declared breaks are of no series of the table: where a name looks like a slip, with its place. A table of
/// breaks may serve several tables, so that this is no fault.
pub(super) fn of_no_series(file: &SeriesFile, notes: &mut Vec<String>) {
    let names: BTreeSet<&str> = file.rows.iter().map(|row| name_of(file, row)).collect();
    if names.is_empty() {
        return;
    }
    let forms = PeriodForm::ALL.map(|form| format!(" ({})", form.name()));
    let is_known = |name: &str| {
        let plain = forms
            .iter()
            .find_map(|form| name.strip_suffix(form.as_str()));
        names.contains(name) || plain.is_some_and(|plain| names.contains(plain))
    };
    let mut others: BTreeSet<&str> = BTreeSet::new();
    for row in file.breaks.iter().filter(|row| !row.series.is_empty()) {
        for name in row.series.split(';').map(str::trim) {
            if name.is_empty() || is_known(name) {
                continue;
            }
            match nearest(name, names.iter().copied()) {
                Some(near) => {
                    let place = file.sources.place(row.at);
                    notes.push(format!(
                        "{}:{}: no series is called `{name}`, so this break is of none; did you mean `{near}`?",
                        place.file, place.line
                    ));
                }
                None => {
                    others.insert(name);
                }
            }
        }
    }
    if !others.is_empty() {
        let named: Vec<&str> = others.iter().copied().take(MOST_NAMED).collect();
        let more = match others.len() - named.len() {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        notes.push(format!(
            "breaks of series that this table does not have are passed over: {}{more}",
            named.join(", ")
        ));
    }
}

/// How many names a note has at most.
const MOST_NAMED: usize = 3;

/// Says which declared breaks are of an area that their series do not have, with their places.
pub(super) fn of_no_area(file: &SeriesFile, notes: &mut Vec<String>) {
    let mut n_more = 0;
    let mut told = BTreeSet::new();
    for found in file.breaks.iter().filter(|row| !row.area_code.is_empty()) {
        let is_of = |name: &str| {
            let mut names = found.series.split(';').map(str::trim);
            found.series.is_empty() || names.any(|named| named == name)
        };
        let rows = file.rows.iter().filter(|row| is_of(name_of(file, row)));
        let areas: BTreeSet<&str> = rows.map(area_of).collect();
        let code = found.area_code.as_str();
        if areas.is_empty() || areas.contains(code) || !told.insert(code) {
            continue;
        }
        if told.len() > MOST_NAMED {
            n_more += 1;
            continue;
        }
        let place = file.sources.place(found.at);
        let near = nearest(code, areas.iter().copied());
        let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        notes.push(format!(
            "{}:{}: no area is called `{code}`, so this break is of none{near}",
            place.file, place.line
        ));
    }
    if n_more > 0 {
        notes.push(format!(
            "breaks of {n_more} more areas that this table does not have are passed over"
        ));
    }
}

/// The first month of a break and the month after its last, `None` where it goes on; or what is wrong with it, without
/// its place.
pub(in crate::compile) fn months(
    row: &BreakRow,
) -> Result<(Month, Option<Month>), Box<Diagnostic>> {
    let read = |text: &str| {
        // A text that may be a financial year or a month stands for the year, as in a column of years.
        let period = Period::readings(text).into_iter().next();
        let wrong = Diagnostic::error("E601", "this is not a period")
            .expected(EXPECTED)
            .found(format!("`{text}`"));
        period.ok_or_else(|| Box::new(wrong))
    };
    let from = read(&row.from)?.first;
    if row.to.is_empty() {
        return Ok((from, None));
    }
    let last = read(&row.to)?;
    let to = last.first.plus(last.form.cadence().months());
    if to <= from {
        return Err(Box::new(
            Diagnostic::error("E609", "a break that ends before it begins")
                .expected(format!("an end after {}, or none", row.from))
                .found(format!("`{}`", row.to)),
        ));
    }
    Ok((from, Some(to)))
}

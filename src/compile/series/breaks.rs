//! Declared breaks, set on the periods of a series.

use super::super::panel::{Break, BreakKind};
use super::periods::{EXPECTED, Grid};
use crate::diagnostic::Diagnostic;
use crate::document::{BreakRow, SeriesFile};
use crate::quantity::{Month, Period};

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
        let Some((begin, end)) = months(file, row, faults) else {
            continue;
        };
        let first = begin.since(grid.first).div_euclid(grid.step) - from as i32;
        let last = end.map_or(i32::MAX, |end| {
            (end.since(grid.first) - 1).div_euclid(grid.step) - from as i32
        });
        let kind = match row.kind.as_str() {
            "level" => BreakKind::Level,
            _ => BreakKind::Disrupted,
        };
        let n = (to - from) as i32;
        // A level that changed before the series begins is the level of the series.
        let is_inside = first < n && last >= 0 && (kind == BreakKind::Disrupted || first > 0);
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

/// The first month of a break and the month after its last; a break without an end goes on.
fn months(
    file: &SeriesFile,
    row: &BreakRow,
    faults: &mut Vec<Diagnostic>,
) -> Option<(Month, Option<Month>)> {
    let mut read = |text: &str| {
        // A text that may be a financial year or a month stands for the year, as in a column of years.
        let period = Period::readings(text).into_iter().next();
        if period.is_none() && !text.is_empty() {
            let fault = Diagnostic::error("E601", "this is not a period")
                .at(&file.sources.place(row.at))
                .expected(EXPECTED)
                .found(format!("`{text}`"));
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        period.map(|period| {
            (
                period.first,
                period.first.plus(period.form.cadence().months()),
            )
        })
    };
    let from = read(&row.from)?;
    let to = match row.to.is_empty() {
        true => None,
        false => Some(read(&row.to)?.1),
    };
    if to.is_some_and(|to| to <= from.0) {
        let fault = Diagnostic::error("E609", "a break that ends before it begins")
            .at(&file.sources.place(row.at))
            .expected(format!("an end after {}, or none", row.from))
            .found(format!("`{}`", row.to));
        if !faults.contains(&fault) {
            faults.push(fault);
        }
        return None;
    }
    Some((from.0, to))
}

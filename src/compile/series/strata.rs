//! Which columns tell the parts of an area apart.

use std::collections::BTreeSet;

use super::area_of;
use crate::document::{SeriesFile, SeriesRow};
use crate::quantity::Month;

/// The columns that are needed to tell rows of one area and period apart, and those that were asked for.
///
/// A column such as `status` often marks later figures as provisional. It then differs between the periods of one and
/// the same series, and parting the series by it would leave pieces that follow each other in time.
pub(super) fn needed(
    file: &SeriesFile,
    rows: &[&SeriesRow],
    firsts: &[Option<Month>],
    notes: &mut Vec<String>,
    name: &str,
) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..file.strata.len()).collect();
    if !are_apart(rows, firsts, &kept) {
        // Rows that stand twice are reported; which columns are needed cannot be told.
        return kept;
    }
    let n_recognised = file.strata.len() - file.n_asked;
    for column in (0..n_recognised).rev() {
        let others: Vec<usize> = kept.iter().copied().filter(|k| *k != column).collect();
        if !are_apart(rows, firsts, &others) {
            continue;
        }
        if differs_within(rows, &others, column) {
            notes.push(format!(
                "{name}: `{}` never tells two figures of one period apart, so it does not part the series; `--by {}` would",
                file.strata[column], file.strata[column]
            ));
        }
        kept = others;
    }
    kept
}

/// Whether no two rows are of the same area, stratum, period and edition.
fn are_apart(rows: &[&SeriesRow], firsts: &[Option<Month>], kept: &[usize]) -> bool {
    let mut seen = BTreeSet::new();
    rows.iter()
        .zip(firsts)
        .all(|(row, first)| seen.insert((area_of(row), texts(row, kept), first, &row.edition)))
}

/// Whether a column has two values for the same area and stratum.
fn differs_within(rows: &[&SeriesRow], kept: &[usize], column: usize) -> bool {
    let strands: BTreeSet<_> = rows
        .iter()
        .map(|row| (area_of(row), texts(row, kept)))
        .collect();
    let parts: BTreeSet<_> = rows
        .iter()
        .map(|row| (area_of(row), texts(row, kept), &row.strata[column]))
        .collect();
    parts.len() > strands.len()
}

fn texts<'a>(row: &'a SeriesRow, kept: &[usize]) -> Vec<&'a str> {
    kept.iter()
        .map(|column| row.strata[*column].as_str())
        .collect()
}

/// `sex=men; age=16-20`. A column that already holds such pairs, or names no property, gives its text alone.
pub(super) fn label(file: &SeriesFile, row: &SeriesRow, kept: &[usize]) -> String {
    let part = |column: &usize| {
        let (name, text) = (&file.strata[*column], &row.strata[*column]);
        match text.as_str() {
            "" => None,
            text if ["breakdown", "stratum"].contains(&name.as_str()) => Some(text.to_owned()),
            text => Some(format!("{name}={text}")),
        }
    };
    kept.iter().filter_map(part).collect::<Vec<_>>().join("; ")
}

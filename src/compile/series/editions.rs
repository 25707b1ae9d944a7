//! The same figure published several times: what was known when.

use std::collections::BTreeMap;

use super::super::panel::{Published, Strand};
use crate::diagnostic::Diagnostic;
use crate::document::{SeriesFile, SeriesRow};
use crate::quantity::{Month, Period};

/// The editions of a series, numbered in order of publication.
pub(super) struct Editions<'a> {
    numbers: BTreeMap<&'a str, u32>,
}

/// When an edition came out: by its month and then by its text, so that days of a month are in order; or a number.
#[derive(PartialEq, PartialOrd)]
enum When {
    Period(Month),
    Number(f64),
}

impl<'a> Editions<'a> {
    /// Reads the editions; a figure without one has been known from the outset.
    pub fn read(
        file: &SeriesFile,
        rows: &[&'a SeriesRow],
        faults: &mut Vec<Diagnostic>,
    ) -> Editions<'a> {
        let mut first_rows: BTreeMap<&str, &SeriesRow> = BTreeMap::new();
        for row in rows.iter().filter(|row| !row.edition.is_empty()) {
            first_rows.entry(&row.edition).or_insert(row);
        }
        let is_numbered = first_rows.keys().all(|text| number(text).is_some());
        let are_periods = first_rows.keys().all(|text| period(text).is_some());
        let when = |text: &str| match are_periods || !is_numbered {
            true => period(text).map(When::Period),
            false => number(text).map(When::Number),
        };
        let mut known: Vec<(When, &str)> = Vec::new();
        for (text, row) in &first_rows {
            match when(text) {
                Some(when) => known.push((when, text)),
                None => faults.push(
                    Diagnostic::error("E607", "this edition cannot be put in order")
                        .at(&file.edition_place(row))
                        .expected("a day 2019-04-01, a month, a year, or a number for all editions")
                        .found(format!("`{text}`"))
                        .hint("write when the figure was published"),
                ),
            }
        }
        known.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        let numbers = known.into_iter().zip(1..).map(|((_, text), n)| (text, n));
        Editions {
            numbers: numbers.chain([("", 0)]).collect(),
        }
    }

    pub fn number(&self, text: &str) -> u32 {
        self.numbers.get(text).copied().unwrap_or(0)
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn period(text: &str) -> Option<Month> {
    let first_word = text.split_whitespace().next().unwrap_or_default();
    Period::readings(first_word)
        .first()
        .map(|period| period.first)
}

/// The values of one area and stratum: of every period the latest edition that gives a value.
pub(super) fn strand(
    (area, stratum): &(&str, String),
    rows: &[(usize, u32, &SeriesRow)],
    n_periods: usize,
    are_editions: bool,
) -> Strand {
    let mut figures: Vec<Published> = rows
        .iter()
        .filter_map(|(period, edition, row)| {
            Some(Published {
                period: *period,
                edition: *edition,
                value: row.value?,
                exposure: row.exposure.unwrap_or(f64::NAN),
            })
        })
        .collect();
    figures.sort_by_key(|figure| (figure.period, figure.edition));
    let mut values = vec![f64::NAN; n_periods];
    let mut exposures = vec![f64::NAN; n_periods];
    for figure in &figures {
        values[figure.period] = figure.value;
        exposures[figure.period] = figure.exposure;
    }
    let is_exposed = exposures.iter().any(|exposure| !exposure.is_nan());
    let names = rows.iter().map(|(_, _, row)| row.area_name.as_str());
    Strand {
        area_code: (*area).to_owned(),
        // Names may be spelt in several ways; the choice must not depend on the order of the rows.
        area_name: names.min().unwrap_or_default().to_owned(),
        stratum: stratum.clone(),
        values,
        exposure: is_exposed.then_some(exposures),
        published: if are_editions { figures } else { Vec::new() },
    }
}

/// Leaves out the periods before `from` and from `to` on.
pub(super) fn cut(strand: &mut Strand, from: usize, to: usize) {
    for all in std::iter::once(&mut strand.values).chain(&mut strand.exposure) {
        all.truncate(to);
        all.drain(..from);
    }
    // An edition may say of a period that nothing is known of it, before the first record or after the last.
    strand
        .published
        .retain(|figure| (from..to).contains(&figure.period));
    for figure in &mut strand.published {
        figure.period -= from;
    }
}

/// For every period the edition that gave the first figure of it; empty where all is of one edition. A period without
/// figures is over when the one before it is.
pub(super) fn firsts(strands: &[Strand], n_periods: usize) -> Vec<u32> {
    let mut firsts: Vec<Option<u32>> = vec![None; n_periods];
    for figure in strands.iter().flat_map(|strand| &strand.published) {
        let first = &mut firsts[figure.period];
        *first = Some(first.map_or(figure.edition, |known| known.min(figure.edition)));
    }
    if firsts.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut last = 0;
    let filled = firsts.into_iter().map(|first| {
        last = first.unwrap_or(last);
        last
    });
    filled.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_a_number_where_it_is_written_as_one() {
        assert_eq!(number("2019"), Some(2019.0));
        assert_eq!(number("1.5"), Some(1.5));
        assert_eq!(["", "inf", "NaN", "2019-04"].map(number), [None; 4]);
        assert_eq!(period("2019-04-01 late"), Month::new(2019, 4));
        assert_eq!(period("first"), None);
    }
}

//! The periods of a series: what the texts mean, how long a period is, and every period between the first and the last.

use std::collections::{BTreeMap, BTreeSet};

use super::FEWEST;
use crate::diagnostic::Diagnostic;
use crate::document::{SeriesFile, SeriesRow};
use crate::quantity::{Cadence, Month, Period, PeriodForm};

/// Every period from the first to the last.
pub(super) struct Grid {
    pub first: Month,
    /// How many months lie between the beginnings of two periods.
    pub step: i32,
    pub cadence: Cadence,
    pub labels: Vec<String>,
}

impl Grid {
    /// The place of the period that begins in a month.
    pub fn index(&self, first: Month) -> Option<usize> {
        let months = first.since(self.first);
        let index = usize::try_from(months / self.step).ok()?;
        (months % self.step == 0 && index < self.labels.len()).then_some(index)
    }

    /// The one period without which the others, three at least, would be years or quarters apart, where these are
    /// longer than the series' own periods; and which of the two.
    pub fn odd_one(&self, months: &BTreeSet<Month>) -> Option<(Month, Cadence)> {
        [Cadence::Year, Cadence::Quarter]
            .into_iter()
            .filter(|cadence| cadence.months() > self.step)
            .find_map(|cadence| {
                let mut by_rest: BTreeMap<i32, Vec<Month>> = BTreeMap::new();
                for month in months {
                    let rest = month.since(self.first).rem_euclid(cadence.months());
                    by_rest.entry(rest).or_default().push(*month);
                }
                let rests: Vec<&Vec<Month>> = by_rest.values().collect();
                match rests[..] {
                    [one, others] | [others, one] if one.len() == 1 && others.len() >= FEWEST => {
                        Some((one[0], cadence))
                    }
                    _ => None,
                }
            })
    }
}

/// The grid of a series, and the first month of each row's period; `None` for what is reported as a fault.
pub(super) fn read(
    file: &SeriesFile,
    rows: &[&SeriesRow],
    faults: &mut Vec<Diagnostic>,
) -> (Option<Grid>, Vec<Option<Month>>) {
    let readings: Vec<Vec<Period>> = rows
        .iter()
        .map(|row| Period::readings(&row.period))
        .collect();
    for (row, readings) in rows.iter().zip(&readings) {
        if readings.is_empty() && !row.period.is_empty() {
            faults.push(not_a_period(file, row));
        }
    }
    let Some(form) = common_form(&readings) else {
        return (None, vec![None; rows.len()]);
    };
    tell_others(file, rows, &readings, form, faults);
    let firsts: Vec<Option<Month>> = readings
        .iter()
        .map(|readings| readings.iter().find(|p| p.form == form).map(|p| p.first))
        .collect();
    let mut months: Vec<Month> = firsts.iter().flatten().copied().collect();
    months.sort();
    months.dedup();
    (grid(form, &months), firsts)
}

/// The rows of a series by how their periods are written, where several ways are meant: each has a row of at least
/// three periods that cannot be read in another way. Empty where one way is meant.
pub(super) fn kinds<'a>(rows: &[&'a SeriesRow]) -> Vec<(PeriodForm, Vec<&'a SeriesRow>)> {
    let readings: Vec<Vec<Period>> = rows
        .iter()
        .map(|row| Period::readings(&row.period))
        .collect();
    let mut certain: BTreeMap<PeriodForm, BTreeSet<Month>> = BTreeMap::new();
    for readings in &readings {
        if let [only] = readings[..] {
            certain.entry(only.form).or_default().insert(only.first);
        }
    }
    certain.retain(|_, firsts| firsts.len() >= FEWEST);
    if certain.len() < 2 {
        return Vec::new();
    }
    let mut kinds: Vec<(PeriodForm, Vec<&SeriesRow>)> =
        certain.into_keys().map(|form| (form, Vec::new())).collect();
    for (row, readings) in rows.iter().zip(&readings) {
        let is_of = |form: PeriodForm| readings.iter().any(|period| period.form == form);
        // A row of no kind is reported with the first.
        let kind = kinds.iter().position(|(form, _)| is_of(*form)).unwrap_or(0);
        kinds[kind].1.push(row);
    }
    kinds
}

/// The form that most rows may have; where two fit as well, the earlier of [`PeriodForm`], because financial years from
/// 2000-01 to 2011-12 all look like months and no series is recorded every thirteenth month.
fn common_form(readings: &[Vec<Period>]) -> Option<PeriodForm> {
    let forms = [
        PeriodForm::CalendarYear,
        PeriodForm::FinancialYear,
        PeriodForm::Quarter,
        PeriodForm::Month,
    ];
    let n_of = |form: PeriodForm| {
        let has = |readings: &&Vec<Period>| readings.iter().any(|period| period.form == form);
        readings.iter().filter(has).count()
    };
    let best = forms.into_iter().rev().max_by_key(|form| n_of(*form))?;
    (n_of(best) > 0).then_some(best)
}

/// Reports the first row of every other form.
fn tell_others(
    file: &SeriesFile,
    rows: &[&SeriesRow],
    readings: &[Vec<Period>],
    form: PeriodForm,
    faults: &mut Vec<Diagnostic>,
) {
    let has = |readings: &[Period]| readings.iter().any(|period| period.form == form);
    let usual = rows
        .iter()
        .zip(readings)
        .find(|(_, readings)| has(readings));
    let usual = usual.map_or(String::new(), |(row, _)| {
        format!(
            "{}, such as `{}` in line {}",
            form.name(),
            row.period,
            file.line(row.at)
        )
    });
    let mut told = Vec::new();
    for (row, readings) in rows.iter().zip(readings) {
        let Some(other) = readings.first().filter(|_| !has(readings)) else {
            continue;
        };
        if told.contains(&other.form) {
            continue;
        }
        told.push(other.form);
        faults.push(
            Diagnostic::error("E602", "periods of two kinds in one series")
                .at(&file.place(row, "period"))
                .expected(usual.clone())
                .found(format!("`{}`, one of {}", row.period, other.form.name()))
                .hint("give them a `series` of their own"),
        );
    }
}

pub(super) fn not_a_period(file: &SeriesFile, row: &SeriesRow) -> Diagnostic {
    Diagnostic::error("E601", "this is not a period")
        .at(&file.place(row, "period"))
        .expected(EXPECTED)
        .found(format!("`{}`", row.period))
}

/// Every way of writing a period.
pub(super) const EXPECTED: &str = "a year 2019, a financial year 2019-20, a quarter 2019-Q1, a month 2019-04 or a day 2019-04-01, from 1900 to 2200";

/// Every period between the first and the last. Months that are all years or quarters apart are periods of that length,
/// written by the month that they begin with.
fn grid(form: PeriodForm, months: &[Month]) -> Option<Grid> {
    let (first, last) = (*months.first()?, *months.last()?);
    let apart = months.windows(2).map(|pair| pair[1].since(pair[0]));
    let common = apart.fold(0, greatest_common_divisor);
    let usual = form.cadence();
    // Two periods that are far apart say nothing of how long they are.
    let cadence = match common {
        _ if months.len() < 3 => usual,
        common if common % 12 == 0 => Cadence::Year,
        common if common % 3 == 0 => Cadence::Quarter,
        _ => Cadence::Month,
    };
    let step = cadence.months();
    let n = last.since(first) / step + 1;
    let label = |index: i32| {
        let first = first.plus(index * step);
        Period { form, first }.to_string()
    };
    Some(Grid {
        first,
        step,
        cadence,
        labels: (0..n).map(label).collect(),
    })
}

fn greatest_common_divisor(a: i32, b: i32) -> i32 {
    match b {
        0 => a,
        _ => greatest_common_divisor(b, a % b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form_of(texts: &[&str]) -> PeriodForm {
        let readings: Vec<_> = texts.iter().map(|text| Period::readings(text)).collect();
        common_form(&readings).unwrap()
    }

    #[test]
    fn what_looks_like_both_is_decided_by_the_whole_column() {
        assert_eq!(
            form_of(&["2009-10", "2010-11", "2011-12"]),
            PeriodForm::FinancialYear
        );
        assert_eq!(form_of(&["2011-12", "2012-13"]), PeriodForm::FinancialYear);
        assert_eq!(
            form_of(&["2009-09", "2009-10", "2009-11"]),
            PeriodForm::Month
        );
    }

    #[test]
    fn months_that_are_years_apart_are_years() {
        let month = |text: &str| Month::parse(text).unwrap();
        let years = [month("2019-03"), month("2020-03"), month("2023-03")];
        let found = grid(PeriodForm::Month, &years).unwrap();
        assert_eq!((found.cadence, found.labels.len()), (Cadence::Year, 5));
        assert_eq!(found.labels[4], "2023-03");
        assert_eq!(found.index(month("2023-03")), Some(4));
        assert_eq!(found.index(month("2022-04")), None);
        let quarters = [month("2019-03"), month("2019-06"), month("2019-12")];
        assert_eq!(
            grid(PeriodForm::Month, &quarters).unwrap().cadence,
            Cadence::Quarter
        );
        assert_eq!(
            grid(PeriodForm::Month, &years[..2]).unwrap().cadence,
            Cadence::Month
        );
    }
}

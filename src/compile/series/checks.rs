//! What is wrong with the rows of a series, and what is only unusual.

use std::collections::{BTreeMap, BTreeSet};

use super::super::panel::{Strand, are_whole};
use super::periods::Grid;
use super::{Series, StrandRows, area_of};
use crate::diagnostic::Diagnostic;
use crate::document::SeriesRow;
use crate::quantity::Month;

impl Series<'_> {
    /// The one unit of the values.
    pub(super) fn unit(&mut self) -> String {
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

    pub(super) fn check_numbers(&mut self) {
        let file = self.file;
        let is_count = are_whole(self.rows.iter().filter_map(|row| row.value.as_ref()));
        for row in &self.rows {
            let mut fault = |code, message: &str, column, expected: &str, found: f64| {
                self.faults.push(
                    Diagnostic::error(code, message)
                        .at(&file.place(row, column))
                        .expected(expected.to_owned())
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
    pub(super) fn check_twice(&mut self, strands: &StrandRows<'_>, grid: &Grid) {
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

    pub(super) fn tell_order(&mut self, firsts: &[Option<Month>]) {
        let mut last = BTreeMap::new();
        let mut late: Option<&SeriesRow> = None;
        for (row, first) in self.rows.iter().zip(firsts) {
            let earlier = last.insert((area_of(row), &row.strata, &row.edition), *first);
            if earlier.is_some_and(|earlier| earlier > *first) {
                late = late.or(Some(row));
            }
        }
        if let Some(row) = late {
            let place = self.file.sources.place(row.at);
            self.notes.push(format!(
                "{}:{}: {}: rows do not stand in the order of periods, this one first; they were sorted",
                place.file, place.line, self.name
            ));
        }
    }

    /// How many figures are not recorded, and where the first of them should stand.
    pub(super) fn tell_gaps(
        &mut self,
        strands: &[Strand],
        rows: &StrandRows<'_>,
        (grid, from): (&Grid, usize),
    ) {
        let gaps = strands.iter().flat_map(|strand| {
            let values = strand.values.iter().enumerate();
            let gaps = values.filter(|(_, value)| value.is_nan());
            gaps.map(move |(period, _)| (strand, from + period))
        });
        let gaps: Vec<(&Strand, usize)> = gaps.collect();
        let Some((strand, period)) = gaps.first() else {
            return;
        };
        let key = (strand.area_code.as_str(), strand.stratum.clone());
        let of_strand = rows.get(&key).into_iter().flatten();
        let row = of_strand.into_iter().find(|(at, _, _)| at == period);
        let place = match row {
            Some((_, _, row)) => {
                let place = self.file.sources.place(row.at);
                format!("{}:{}", place.file, place.line)
            }
            None => {
                let whole = self.file.sources.get(0).map(|source| source.whole().file);
                whole.unwrap_or_default()
            }
        };
        let of_stratum = match strand.stratum.as_str() {
            "" => String::new(),
            stratum => format!(", {stratum}"),
        };
        let which = format!(
            "{}{of_stratum}, {}{}",
            strand.area_code,
            grid.labels[*period],
            if row.is_none() { " (no row)" } else { "" }
        );
        let figures = match gaps.len() {
            1 => format!("1 figure is not recorded: {which}; it is"),
            n => format!("{n} figures are not recorded, the first of {which}; they are"),
        };
        self.notes.push(format!(
            "{place}: {}: {figures} neither learned from nor scored",
            self.name
        ));
    }

    /// Says which one period keeps a series from being one of quarters or of years.
    pub(super) fn tell_odd_period(&mut self, grid: &Grid, firsts: &[Option<Month>]) {
        let months: BTreeSet<Month> = firsts.iter().flatten().copied().collect();
        let Some((odd, others)) = grid.odd_one(&months) else {
            return;
        };
        let found = self.rows.iter().zip(firsts);
        let Some((row, _)) = found.into_iter().find(|(_, first)| **first == Some(odd)) else {
            return;
        };
        let place = self.file.sources.place(row.at);
        self.notes.push(format!(
            "{}:{}: {}: without `{}` this were a series of {}; with it, it is one of {}",
            place.file,
            place.line,
            self.name,
            row.period,
            others.name(),
            grid.cadence.name()
        ));
    }
}

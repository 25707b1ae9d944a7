//! One change and its parts in words.

use super::super::Run;
use super::super::adding::{Adding, magnitude};
use super::super::number;
use crate::compile::{Between, Driver, Moved};
use crate::simulate::Series;
use crate::summarise::{Driven, Estimate, Part};

/// How an end of a change is called.
pub(super) struct Ends {
    /// Where it begins.
    pub before: String,
    /// Where it ends.
    pub after: String,
    /// Whether between two years.
    pub is_in_time: bool,
    /// Under which option, or when.
    pub where_and_when: String,
}

impl Ends {
    /// Of a comparison.
    pub fn of(run: &Run, between: Between) -> Ends {
        let quoted = |option: usize| format!("“{}”", run.name(option));
        match between {
            Between::Years { option, from, to } => Ends {
                before: from.to_string(),
                after: to.to_string(),
                is_in_time: true,
                where_and_when: match option == run.plan.comparator {
                    true => String::new(),
                    false => format!(" under {}", quoted(option)),
                },
            },
            Between::Options {
                option,
                against,
                year,
            } => Ends {
                before: quoted(against),
                after: quoted(option),
                is_in_time: false,
                where_and_when: match year {
                    Some(year) => format!(", {year}"),
                    None => format!(", {}", run.horizon_name()),
                },
            },
        }
    }

    /// `from 2025-26 to 2034-35`.
    pub fn between(&self) -> String {
        let Ends {
            before,
            after,
            where_and_when,
            ..
        } = self;
        format!("from {before} to {after}{where_and_when}")
    }

    /// `in 2034-35 than in 2025-26`.
    fn compared(&self) -> String {
        let Ends {
            before,
            after,
            where_and_when,
            ..
        } = self;
        let word = if self.is_in_time { "in" } else { "under" };
        format!("{word} {after} than {word} {before}{where_and_when}")
    }
}

/// A change in words.
pub(super) struct Told<'a> {
    /// What is told.
    pub driven: &'a Driven,
    /// Of which series.
    pub series: &'a Series,
    /// Between what.
    pub ends: Ends,
    /// The numbers as they are shown, in hundredths for a share.
    pub shown: Adding,
}

impl<'a> Told<'a> {
    /// Of a change.
    pub fn of(run: &'a Run, driven: &'a Driven) -> Told<'a> {
        let series = &run.forecast.layout.series[driven.series];
        let size = scale(series);
        let parts: Vec<f64> = driven.parts.iter().map(|(_, e)| e.mean * size).collect();
        let largest = parts.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        let before = driven.before.mean * size;
        let most = if before.abs() >= 100.0 { 1 } else { 2 };
        Told {
            driven,
            series,
            ends: Ends::of(run, run.plan.comparisons[driven.comparison].between),
            shown: Adding::of(before, &parts, (1 - magnitude(largest)).clamp(0, most)),
        }
    }

    /// The level before, in words.
    pub fn before(&self) -> String {
        self.level(self.shown.before)
    }

    /// The level after, in words.
    pub fn after(&self) -> String {
        self.level(self.shown.after)
    }

    /// A part, with its sign.
    pub fn part(&self, index: usize) -> String {
        match self.shown.parts[index] {
            0 => "0".to_owned(),
            units => self.signed(self.shown.value(units)),
        }
    }

    /// A level in words.
    pub fn level(&self, units: i64) -> String {
        let text = number::grouped(self.shown.value(units), self.shown.digits());
        match self.series.unit.as_str() {
            "share" => format!("{text}%"),
            unit if unit.starts_with("GBP") => format!("£{text}"),
            _ => text,
        }
    }

    /// A part of the change in words.
    pub fn signed(&self, value: f64) -> String {
        number::signed(value, |value| number::grouped(value, self.shown.digits()))
    }

    /// The range of a part.
    pub fn range(&self, estimate: &Estimate) -> String {
        let size = scale(self.series);
        match estimate.p05 == 0.0 && estimate.p95 == 0.0 {
            true => "0".to_owned(),
            false => number::range(estimate, |value| self.signed(value * size)),
        }
    }

    /// The parts that are not nothing, the largest first.
    fn by_size(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.shown.parts.len()).collect();
        order.retain(|&index| self.shown.parts[index] != 0);
        let size = |index: usize| self.driven.parts[index].1.mean.abs();
        order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
        order
    }

    /// Whether a part is clear of the Monte Carlo error. Chance is nothing in expectation, and never clear.
    fn is_clear(&self, index: usize) -> bool {
        let (part, estimate) = &self.driven.parts[index];
        let is_near = estimate.mean.abs() < CLEAR * estimate.mc_error;
        *part != Part::Chance && !is_near
    }

    /// `31 higher in 2034-35 than in 2025-26; the largest part is law (−40)`.
    pub fn title(&self) -> String {
        let units = self.shown.after - self.shown.before;
        let size = number::grouped(self.shown.value(units.abs()), self.shown.digits());
        let way = if units > 0 { "higher" } else { "lower" };
        let title = &self.series.title;
        let compared = self.ends.compared();
        if units == 0 {
            return format!("{title}: no change {}", self.ends.between());
        }
        let change = format!("{title}: {size}{} {way} {compared}", points(self.series));
        let Some(&first) = self.by_size().first() else {
            return change;
        };
        let unsure = match self.driven.parts[first].0 {
            Part::Chance => ", the luck of the draws",
            _ if self.is_clear(first) => "",
            _ => ", which cannot be told from nothing",
        };
        let name = within(self.driven.parts[first].0);
        format!(
            "{change}; the largest part is {name} ({}){unsure}",
            self.part(first)
        )
    }

    /// Every part in a sentence: how much those do that are clear of the Monte Carlo error, and which are not.
    pub fn sentence(&self) -> String {
        let (before, after) = (self.before(), self.after());
        let ends = &self.ends;
        let from = format!("{before} ({}) and {after} ({})", ends.before, ends.after);
        let tell = |index: usize| {
            let (part, units) = (self.driven.parts[index].0, self.shown.parts[index]);
            let verb = match (units > 0, is_plural(part)) {
                (true, true) => "add",
                (true, false) => "adds",
                (false, true) => "take off",
                (false, false) => "takes off",
            };
            let size = number::grouped(self.shown.value(units.abs()), self.shown.digits());
            format!("{} {verb} {size}", within(part))
        };
        let order = self.by_size();
        let (clear, unclear): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(|&index| self.is_clear(index));
        let is_chance = |index: &usize| self.driven.parts[*index].0 == Part::Chance;
        let (chance, near): (Vec<usize>, Vec<usize>) = unclear.into_iter().partition(is_chance);
        let sized = |index: &usize| {
            let name = within(self.driven.parts[*index].0);
            format!("{name} ({})", self.part(*index))
        };
        let near: Vec<String> = near.iter().map(sized).collect();
        let clear: Vec<String> = clear.into_iter().map(tell).collect();
        let mut told = Vec::new();
        if !clear.is_empty() {
            told.push(number::list(&clear));
        }
        if !near.is_empty() {
            told.push(format!(
                "{} cannot be told from nothing",
                number::list(&near)
            ));
        }
        if let Some(&chance) = chance.first() {
            told.push(format!("the luck of the draws is {}", self.part(chance)));
        }
        match told.is_empty() {
            true => format!("Nothing lies between {from}."),
            false => format!("Between {from}, {}.", told.join("; ")),
        }
    }
}

/// A part is clear of the Monte Carlo error when it is more than so many times as large.
const CLEAR: f64 = 2.0;

/// Shares are told in hundredths.
pub(super) fn scale(series: &Series) -> f64 {
    if series.unit == "share" { 100.0 } else { 1.0 }
}

/// The unit of the numbers as they are shown.
pub(super) fn shown_unit(series: &Series) -> &str {
    match series.unit.as_str() {
        "share" => "per cent",
        unit => unit,
    }
}

/// What changes are counted in, where that is not the unit of the level.
pub(super) fn points(series: &Series) -> &'static str {
    match series.unit.as_str() {
        "share" => " percentage points",
        _ => "",
    }
}

/// A part as charts and tables name it.
pub(super) fn name(part: Part) -> &'static str {
    match part {
        Part::Driver(Driver::Population) => "Population",
        Part::Driver(Driver::Rates) => "Rates",
        Part::Driver(Driver::Law) => "Law",
        Part::Driver(Driver::Services) => "Services",
        Part::CarriedOver => "Carried over",
        Part::Chance => "Chance",
    }
}

/// A part within a sentence.
fn within(part: Part) -> String {
    match part {
        Part::CarriedOver => "what is carried over".to_owned(),
        other => name(other).to_lowercase(),
    }
}

fn is_plural(part: Part) -> bool {
    matches!(part, Part::Driver(Driver::Rates | Driver::Services))
}

/// What moves in a part: of a group, or what is dated within the first year and carried over.
pub(super) fn moved_in<'a>(run: &Run<'a>, comparison: usize, part: Part) -> Vec<&'a Moved> {
    let (all, driver) = match part {
        Part::Driver(driver) => (&run.drivers.moved, Some(driver)),
        Part::CarriedOver => (&run.drivers.moved_before, None),
        Part::Chance => return Vec::new(),
    };
    let moved = all.get(comparison).into_iter().flatten();
    moved
        .filter(|moved| driver.is_none_or(|driver| moved.driver == driver))
        .collect()
}

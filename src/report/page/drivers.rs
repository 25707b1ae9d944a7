//! What drives a change: a waterfall with its table for every measure, and what moves in each group of inputs.

use serde::Serialize;

use super::super::Run;
use super::super::adding::{Adding, magnitude};
use super::super::chart::{Step, WaterfallChart};
use super::super::number;
use super::view::{Figure, Table};
use crate::compile::{Between, Driver};
use crate::simulate::Series;
use crate::summarise::{Driven, Estimate, Part};

/// One comparison in one place.
#[derive(Debug, Clone, Serialize)]
pub(super) struct DriversView {
    /// What is compared.
    title: String,
    /// Every measure in a line.
    table: Table,
    /// How to read it.
    note: String,
    /// The first measure that changes, as a chart.
    first: Option<Figure>,
    /// The others.
    others: Vec<Figure>,
    /// What moves, by group of inputs.
    moved: Vec<(String, Vec<String>)>,
}

/// Comparisons of two years, in a place; as charts too, where it is told in full.
pub(super) fn of_years(run: &Run, area: usize, code: &str, in_full: bool) -> Vec<DriversView> {
    let is_meant = |between| matches!(between, Between::Years { .. });
    views(run, (area, code), in_full, is_meant)
}

/// Comparisons of two options, over all areas.
pub(super) fn of_options(run: &Run) -> Vec<DriversView> {
    let is_meant = |between| matches!(between, Between::Options { .. });
    views(run, (run.total(), "all"), true, is_meant)
}

fn views(
    run: &Run,
    (area, code): (usize, &str),
    in_full: bool,
    is_meant: impl Fn(Between) -> bool,
) -> Vec<DriversView> {
    let comparisons = run.plan.comparisons.iter().enumerate();
    let meant = comparisons.filter(|(_, comparison)| is_meant(comparison.between));
    meant
        .filter_map(|(index, comparison)| {
            let changes = run.drivers.changes.iter();
            let told: Vec<Told> = changes
                .filter(|driven| driven.comparison == index && driven.area == area)
                .filter(|driven| driven.change.mean.is_finite())
                .map(|driven| Told::of(run, driven, comparison.between))
                .collect();
            (!told.is_empty()).then(|| view(run, index, &told, (code, in_full)))
        })
        .collect()
}

fn view(run: &Run, index: usize, told: &[Told], (code, in_full): (&str, bool)) -> DriversView {
    let ends = &told[0].ends;
    let mut charts = told.iter().filter(|told| told.driven.change.mean != 0.0);
    let id = |told: &Told| format!("drivers-{code}-{index}-{}", told.driven.series);
    let figure = |told: &Told| told.figure(run, id(told));
    let first = charts.next().filter(|_| in_full).map(figure);
    DriversView {
        title: format!("What drives the change {}", ends.between()),
        table: table(told),
        note: note(run, told),
        first,
        others: charts.filter(|_| in_full).map(figure).collect(),
        moved: moved(run, index),
    }
}

/// How an end of a change is called.
struct Ends {
    before: String,
    after: String,
    /// Where both are of one time.
    when: String,
}

impl Ends {
    fn of(run: &Run, between: Between) -> Ends {
        match between {
            Between::Years { option, from, to } => Ends {
                before: from.to_string(),
                after: to.to_string(),
                when: match option == run.plan.comparator {
                    true => String::new(),
                    false => format!(", “{}”", run.name(option)),
                },
            },
            Between::Options {
                option,
                against,
                year,
            } => Ends {
                before: run.name(against),
                after: run.name(option),
                when: match year {
                    Some(year) => format!(", {year}"),
                    None => format!(", {}", run.horizon_name()),
                },
            },
        }
    }

    fn between(&self) -> String {
        format!("from {} to {}{}", self.before, self.after, self.when)
    }
}

/// A change in words.
struct Told<'a> {
    driven: &'a Driven,
    series: &'a Series,
    ends: Ends,
    /// The numbers as they are shown, in hundredths for a share.
    shown: Adding,
}

impl<'a> Told<'a> {
    fn of(run: &'a Run, driven: &'a Driven, between: Between) -> Told<'a> {
        let series = &run.forecast.layout.series[driven.series];
        let size = scale(series);
        let parts: Vec<f64> = driven.parts.iter().map(|(_, e)| e.mean * size).collect();
        let largest = parts.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        let digits = (1 - magnitude(largest)).clamp(0, 3);
        Told {
            driven,
            series,
            ends: Ends::of(run, between),
            shown: Adding::of(driven.before.mean * size, &parts, digits),
        }
    }

    /// A level, in words.
    fn level(&self, units: i64) -> String {
        let text = number::grouped(self.shown.value(units), self.shown.digits());
        match self.series.unit.as_str() {
            "share" => format!("{text}%"),
            unit if unit.starts_with("GBP") => format!("£{text}"),
            _ => text,
        }
    }

    /// A part of the change, in words.
    fn step(&self, value: f64) -> String {
        number::signed(value, |value| number::grouped(value, self.shown.digits()))
    }

    fn part(&self, index: usize) -> String {
        self.step(self.shown.value(self.shown.parts[index]))
    }

    fn range(&self, estimate: &Estimate) -> String {
        let size = scale(self.series);
        number::range(estimate, |value| self.step(value * size))
    }

    /// The parts that are not nothing, the largest first.
    fn largest(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.shown.parts.len()).collect();
        order.retain(|&index| self.shown.parts[index] != 0);
        order.sort_by_key(|&index| -self.shown.parts[index].abs());
        order
    }

    fn title(&self) -> String {
        let change = self.step(self.shown.value(self.shown.after - self.shown.before));
        let what = format!(
            "{}: {change}{} {}",
            self.series.title,
            points(self.series),
            self.ends.between()
        );
        match self.largest().first() {
            Some(&first) if self.shown.after != self.shown.before => {
                let name = number::lower_first(&name(self.driven.parts[first].0));
                format!("{what}, most of all by {name} ({})", self.part(first))
            }
            _ => what,
        }
    }

    /// Every part in a sentence.
    fn sentence(&self) -> String {
        let levels = [self.shown.before, self.shown.after].map(|units| self.level(units));
        let [before, after] = levels;
        let ends = format!(
            "{before} ({}) and {after} ({})",
            self.ends.before, self.ends.after
        );
        let told: Vec<String> = self
            .largest()
            .into_iter()
            .map(|index| {
                let (part, size) = (self.driven.parts[index].0, self.shown.parts[index]);
                let verb = if size > 0 { "adds" } else { "takes off" };
                let size = number::grouped(self.shown.value(size.abs()), self.shown.digits());
                format!("{} {verb} {size}", number::lower_first(&name(part)))
            })
            .collect();
        match told.is_empty() {
            true => format!("Nothing lies between {ends}."),
            false => format!("Between {ends}, {}.", number::list(&told)),
        }
    }

    fn figure(&self, run: &Run, id: String) -> Figure {
        let title = self.title();
        let size = scale(self.series);
        let parts = self.driven.parts.iter().enumerate();
        let steps = parts
            .map(|(index, (part, estimate))| Step {
                label: name(*part),
                by: self.shown.value(self.shown.parts[index]),
                interval: (estimate.p05 * size, estimate.p95 * size),
                words: match estimate.has_range() && estimate.p05 < estimate.p95 {
                    true => format!("{} ({})", self.part(index), self.range(estimate)),
                    false => self.part(index),
                },
            })
            .collect();
        let end = |label: &String, units: i64| {
            (label.clone(), self.shown.value(units), self.level(units))
        };
        let sentence = self.sentence();
        let chart = WaterfallChart {
            id: &id,
            title: &title,
            description: &format!(
                "Waterfall chart. {title}. {sentence} The table after the chart has every number."
            ),
            unit: match self.series.unit.as_str() {
                "share" => "per cent",
                unit => unit,
            },
            before: end(&self.ends.before, self.shown.before),
            steps,
            after: end(&self.ends.after, self.shown.after),
        };
        let mut note = sentence;
        note += " Whiskers are 90% ranges, those of the chance of a single future among them.";
        if chart.is_cut() {
            note += " The axis does not begin at zero.";
        }
        Figure {
            svg: chart.svg(),
            title,
            note,
            table: self.table(run),
            id,
        }
    }

    /// Every number of the chart.
    fn table(&self, run: &Run) -> Table {
        let caption = format!(
            "{} ({}) {}",
            self.series.title,
            match self.series.unit.as_str() {
                "share" => "per cent",
                unit => unit,
            },
            self.ends.between()
        );
        let header = [
            "Part",
            "Size",
            "90% range",
            "Monte Carlo error",
            "What moves",
        ];
        let mut table = Table::new(caption, &header, 1);
        let end = |label: &String, units: i64, estimate: &Estimate| {
            let size = scale(self.series);
            let show = |value: f64| number::grouped(value * size, self.shown.digits());
            let error = error_words(estimate, size);
            vec![
                label.clone(),
                self.level(units),
                number::range(estimate, show),
                error,
                String::new(),
            ]
        };
        let driven = self.driven;
        table
            .rows
            .push(end(&self.ends.before, self.shown.before, &driven.before));
        for (index, (part, estimate)) in driven.parts.iter().enumerate() {
            table.rows.push(vec![
                name(*part),
                self.part(index),
                self.range(estimate),
                error_words(estimate, scale(self.series)),
                in_short(run, driven.comparison, *part),
            ]);
        }
        table
            .rows
            .push(end(&self.ends.after, self.shown.after, &driven.after));
        table
    }
}

/// Shares are told in hundredths.
fn scale(series: &Series) -> f64 {
    if series.unit == "share" { 100.0 } else { 1.0 }
}

fn points(series: &Series) -> &'static str {
    if series.unit == "share" {
        " percentage points"
    } else {
        ""
    }
}

fn error_words(estimate: &Estimate, size: f64) -> String {
    let error = estimate.mc_error * size;
    match error.is_finite() {
        true => number::grouped(error, (1 - magnitude(error)).clamp(0, 4) as usize),
        false => number::MISSING.to_owned(),
    }
}

/// A part as charts and tables name it.
fn name(part: Part) -> String {
    let name = match part {
        Part::Driver(Driver::Population) => "Population",
        Part::Driver(Driver::Rates) => "Rates",
        Part::Driver(Driver::Law) => "Law",
        Part::Driver(Driver::Services) => "Services",
        Part::CarriedOver => "What is carried over",
        Part::Chance => "Chance",
    };
    name.to_owned()
}

/// Every measure in a line.
fn table(told: &[Told]) -> Table {
    let ends = &told[0].ends;
    let mut header = vec!["Measure".to_owned(), ends.before.clone()];
    header.extend(told[0].driven.parts.iter().map(|(part, _)| name(*part)));
    header.push(ends.after.clone());
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Table::new(
        format!("The parts of the change {}", ends.between()),
        &header,
        1,
    );
    for told in told {
        let unit = points(told.series);
        let mut row = vec![match unit {
            "" => told.series.title.clone(),
            unit => format!("{} ({})", told.series.title, unit.trim()),
        }];
        row.push(told.level(told.shown.before));
        row.extend((0..told.shown.parts.len()).map(|index| told.part(index)));
        row.push(told.level(told.shown.after));
        table.rows.push(row);
    }
    table
}

/// How the parts are measured, and how exactly.
fn note(run: &Run, told: &[Told]) -> String {
    let drivers = run.drivers;
    let is_in_time = told[0]
        .driven
        .parts
        .iter()
        .any(|(part, _)| *part == Part::CarriedOver);
    let mut note = "Each group of inputs is moved in every order in turn, and its part is the mean of what it adds. ".to_owned();
    if is_in_time {
        note += &format!(
            "What is held stays as it was at the end of {}. What is carried over would have come with every input held: people who \
             were in the system, and changes before, working their way through. ",
            told[0].ends.before
        );
    }
    note += "Chance is the luck of single lives: nothing in expectation, and its range is that of one future. ";
    note += &match (drivers.n_draws, drivers.n_lives) {
        (0, 1) => "Parts are of the central parameters.".to_owned(),
        (0, lives) => format!("Parts are means of {lives} lives with the central parameters."),
        (draws, 1) => format!("Parts are measured in {draws} draws."),
        (draws, lives) => format!("Parts are measured in {draws} draws, each lived {lives} times."),
    };
    note
}

/// What moves in a part, in a few words.
fn in_short(run: &Run, comparison: usize, part: Part) -> String {
    let Part::Driver(driver) = part else {
        return String::new();
    };
    const MOST: usize = 2;
    let lines = lines(run, comparison, driver);
    match lines.len() {
        0 => "nothing".to_owned(),
        n if n <= MOST => lines.join("; "),
        n => format!("{}; and {} more", lines[..MOST].join("; "), n - MOST),
    }
}

fn lines(run: &Run, comparison: usize, driver: Driver) -> Vec<String> {
    let moved = run.drivers.moved.get(comparison).into_iter().flatten();
    let of_driver = moved.filter(|(moved, _)| *moved == driver);
    of_driver
        .map(|(_, words)| super::options::upper_first(words))
        .collect()
}

fn moved(run: &Run, comparison: usize) -> Vec<(String, Vec<String>)> {
    let drivers = Driver::ALL.into_iter();
    drivers
        .map(|driver| (name(Part::Driver(driver)), lines(run, comparison, driver)))
        .collect()
}

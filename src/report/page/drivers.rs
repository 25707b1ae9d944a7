//! What drives changes: every comparison in a table, its measures as waterfalls, and what moves in each group of inputs.

use serde::Serialize;

use super::super::Run;
use super::super::number;
use super::options::upper_first;
use super::told::{Ends, Told, moved_in, name, points};
use super::view::{Figure, Table};
use crate::compile::{Between, Driver, Moved};
use crate::quantity::{FinancialYear, Month};
use crate::summarise::{Driven, Part};

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
    moved: Vec<(&'static str, Vec<String>)>,
}

/// Comparisons of two years, in a place; as charts too, where it is told in full.
pub(super) fn of_years(run: &Run, area: usize, code: &str, in_full: bool) -> Vec<DriversView> {
    let is_meant = |between: &Between| matches!(between, Between::Years { .. });
    views(run, (area, code), in_full, is_meant)
}

/// Comparisons of two options, over all areas.
pub(super) fn of_options(run: &Run) -> Vec<DriversView> {
    let is_meant = |between: &Between| matches!(between, Between::Options { .. });
    views(run, (run.total(), "all"), true, is_meant)
}

/// For the summary: the first change between years of all areas together, in a sentence.
pub(super) fn in_brief(run: &Run) -> Option<String> {
    let mut changes = run.drivers.changes.iter();
    let first = changes.find(|driven| {
        let between = run.plan.comparisons[driven.comparison].between;
        let is_in_time = matches!(between, Between::Years { .. });
        is_in_time && driven.area == run.total() && driven.change.mean.is_finite()
    })?;
    let told = Told::of(run, first);
    let sentence = told.sentence();
    Some(format!(
        "{}: {}",
        told.series.title,
        number::lower_first(&sentence)
    ))
}

fn views(
    run: &Run,
    place: (usize, &str),
    in_full: bool,
    is_meant: impl Fn(&Between) -> bool,
) -> Vec<DriversView> {
    let comparisons = run.plan.comparisons.iter().enumerate();
    let meant = comparisons.filter(|(_, comparison)| is_meant(&comparison.between));
    let views = meant.filter_map(|(index, _)| view(run, index, place, in_full));
    views.collect()
}

/// A change between options that is smaller than this share of the level is left out, unless it was asked for.
const HARDLY: f64 = 0.01;

fn view(
    run: &Run,
    index: usize,
    (area, code): (usize, &str),
    in_full: bool,
) -> Option<DriversView> {
    let comparison = &run.plan.comparisons[index];
    let changes = run.drivers.changes.iter();
    let of_place = changes.filter(|driven| driven.comparison == index && driven.area == area);
    let (known, unknown): (Vec<&Driven>, Vec<&Driven>) =
        of_place.partition(|driven| driven.change.mean.is_finite());
    let n_known = known.len();
    let shown = |told: &Told| {
        let (change, level) = (told.driven.change.mean.abs(), told.driven.before.mean.abs());
        told.ends.is_in_time || !comparison.is_usual || change > HARDLY * level
    };
    let told = known.into_iter().map(|driven| Told::of(run, driven));
    let told: Vec<Told> = told.filter(shown).collect();
    let left_out = (n_known - told.len(), unknown.len());
    let ends = Ends::of(run, comparison.between);
    let mut charts = told
        .iter()
        .filter(|told| told.driven.change.mean != 0.0 && in_full);
    let figure = |told: &Told| {
        let id = format!("drivers-{code}-{index}-{}", told.driven.series);
        told.figure(run, id)
    };
    (n_known > 0).then(|| DriversView {
        title: format!("What drives the change {}", ends.between()),
        table: table(&ends, &told),
        note: note(run, &ends, left_out),
        first: charts.next().map(figure),
        others: charts.map(figure).collect(),
        moved: moved(run, index, area),
    })
}

/// Every measure in a line.
fn table(ends: &Ends, told: &[Told]) -> Table {
    let mut header: Vec<&str> = vec!["Measure", &ends.before];
    let drivers = Driver::ALL.into_iter().map(Part::Driver);
    let carried = ends.is_in_time.then_some(Part::CarriedOver);
    header.extend(
        drivers
            .chain(carried)
            .chain([Part::Chance])
            .map(|part| name(part)),
    );
    header.push(&ends.after);
    let mut table = Table::new(
        format!("Parts of the change {}", ends.between()),
        &header,
        1,
    );
    for told in told {
        let title = match points(told.series) {
            "" => told.series.title.clone(),
            points => format!("{} (in{points})", told.series.title),
        };
        let parts = (0..told.driven.parts.len()).map(|index| told.part(index));
        let cells = [title, told.before()].into_iter().chain(parts);
        table.rows.push(cells.chain([told.after()]).collect());
    }
    table
}

/// How the parts are measured, and how exactly.
fn note(run: &Run, ends: &Ends, (n_small, n_unknown): (usize, usize)) -> String {
    let drivers = run.drivers;
    let mut note = "The groups of inputs are moved one after the other, in every order; the part of a group is the mean of what it \
                    adds. "
        .to_owned();
    if ends.is_in_time {
        note += &format!(
            "What is not moved stays as it was at the end of {}. What is carried over comes even then: people who were in the \
             system, and changes before, working their way through. ",
            ends.before
        );
    }
    if drivers.n_lives > 1 {
        note += "Chance is the luck of single lives: nothing in expectation, but for the luck that the draws of this report had. ";
    }
    note += &match (drivers.n_draws, drivers.n_lives) {
        (0, 1) => "Parts are measured with the central parameters.".to_owned(),
        (0, lives) => format!("Parts are measured in {lives} lives with the central parameters."),
        (draws, 1) => format!("Parts are measured in {draws} draws."),
        (draws, 2) => {
            format!("Parts are measured in {draws} draws, each lived twice with other luck.")
        }
        (draws, lives) => {
            format!(
                "Parts are measured in {draws} draws, each lived {lives} times with other luck."
            )
        }
    };
    if drivers.n_draws > 0 {
        note += " 1.96 Monte Carlo errors of a part, which stand in the tables, are a 95% interval; a part with a range has it \
                 from ten draws or more.";
    }
    let left_out = [
        (n_small, "changes by less than 1%", "change by less than 1%"),
        (
            n_unknown,
            "is not known at both ends",
            "are not known at both ends",
        ),
    ];
    for (n, one, several) in left_out {
        note += &match n {
            0 => String::new(),
            1 => format!(" One more measure {one}: see drivers.csv."),
            n => format!(" {n} more measures {several}: see drivers.csv."),
        };
    }
    note
}

/// What moves, by group, for a place.
fn moved(run: &Run, comparison: usize, area: usize) -> Vec<(&'static str, Vec<String>)> {
    let between = run.plan.comparisons[comparison].between;
    let line = |part: Part, moved: &Moved| {
        let words = match (part, between) {
            (Part::Driver(Driver::Population), Between::Years { from, to, .. }) => {
                let last = |year: FinancialYear| year.plus(1).first_month().plus(-1);
                population(run, area, [last(from), last(to)])
            }
            _ => upper_first(&moved.words),
        };
        match moved.source.as_str() {
            "" => words,
            source => format!("{words} ({source})"),
        }
    };
    let of = |part: Part, heading: &'static str| -> (&'static str, Vec<String>) {
        let moved = moved_in(run, comparison, part).into_iter();
        (heading, moved.map(|moved| line(part, moved)).collect())
    };
    let drivers = Driver::ALL.into_iter().map(Part::Driver);
    let mut moved: Vec<_> = drivers.map(|part| of(part, name(part))).collect();
    let carried = of(
        Part::CarriedOver,
        "Carried over: what is dated within the first year",
    );
    if matches!(between, Between::Years { .. }) {
        moved.push(carried);
    }
    moved
}

/// How many people there are in two months, of the ages that the model follows.
fn population(run: &Run, area: usize, months: [Month; 2]) -> String {
    let n_areas = run.plan.areas.len();
    let people = |month: Month| {
        let strata = run.plan.strata_of_people().into_iter();
        let here = strata.filter(|stratum| area == n_areas || stratum.area == area);
        let people = here.map(|stratum| run.plan.people(stratum, month)).sum();
        number::grouped(people, 0)
    };
    let [from, to] = months;
    let (before, after) = (people(from), people(to));
    format!("The population by sex and age: {before} people in {from}, {after} in {to}")
}

//! What people will need: each need in its own right, and how many needs come together.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item, UpsetChart};
use super::super::number;
use super::mean_and_range;
use super::view::{Figure, Table};
use crate::compile::need_sets;
use crate::summarise::Estimate;

/// The figures about needs in one area.
pub(super) fn needs(run: &Run, area: usize, code: &str) -> Vec<Figure> {
    if run.plan.needs.is_empty() || run.first_and_last().is_empty() {
        return Vec::new();
    }
    let first = [by_need(run, area, code), by_number(run, area, code)];
    first.into_iter().chain(together(run, area, code)).collect()
}

/// How many people have each combination of needs, where sets are told apart and there is anybody.
fn together(run: &Run, area: usize, code: &str) -> Option<Figure> {
    let needs = &run.plan.needs;
    let year = run.forecast.years.start;
    let of = |set: &String| {
        let breakdown = format!("needs={set}");
        run.estimate(
            run.plan.comparator,
            area,
            "people_by_needs",
            &breakdown,
            year,
        )
    };
    let mut sets: Vec<(usize, Estimate)> = need_sets(needs).iter().map(of).enumerate().collect();
    // Who has none of the needs is told by the chart before, and would dwarf the others.
    let none = sets.first()?.1;
    sets.retain(|(set, count)| *set > 0 && count.mean > 0.0);
    sets.sort_by(|a, b| b.1.mean.total_cmp(&a.1.mean));
    let (most, count) = *sets.first()?;
    let title = format!(
        "The most frequent combination of these needs is {}{}: {} in {}",
        match most.count_ones() {
            1 => "one alone, ",
            _ => "",
        },
        set_name(run, most),
        number::with_range(&count, "people"),
        run.year_name(year)
    );
    let id = format!("sets-{code}");
    let names: Vec<String> = needs.iter().map(|need| need.title.clone()).collect();
    let bar = |(set, e): &(usize, Estimate)| {
        (
            *set,
            e.mean,
            (e.p05, e.p95),
            number::about(e.mean, "people"),
        )
    };
    let chart = UpsetChart {
        id: &id,
        title: &title,
        description: "Intersection chart: a bar with its 90% range for each combination of needs, the most frequent first; the marks below each bar say which needs are in it. The table after the chart has every number.",
        sets: &names,
        bars: sets.iter().map(bar).collect(),
    };
    let svg = chart.svg();
    sets.insert(0, (0, none));
    Some(Figure {
        table: table_of_sets(run, &sets),
        id,
        title,
        svg,
        note: "Each person who arises is in one bar: the one with exactly their needs. Those with none of these needs are in the table.".to_owned(),
    })
}

/// The needs of a set, joined.
fn set_name(run: &Run, set: usize) -> String {
    let own = run.plan.needs.iter().enumerate();
    let own = own.filter(|(bit, _)| set >> bit & 1 == 1);
    let titles: Vec<String> = own
        .map(|(_, need)| number::lower_first(&need.title))
        .collect();
    match titles.is_empty() {
        true => "none of these needs".to_owned(),
        false => titles.join(" + "),
    }
}

fn table_of_sets(run: &Run, sets: &[(usize, Estimate)]) -> Table {
    let caption = format!(
        "People arising by exactly which needs they have, {}",
        run.year_name(run.forecast.years.start)
    );
    let mut table = Table::new(caption, &["Needs", "Mean", "90% range"], 1);
    for (set, count) in sets {
        let name = std::iter::once(set_name(run, *set));
        table
            .rows
            .push(name.chain(mean_and_range(count, "people")).collect());
    }
    table
}

fn by_need(run: &Run, area: usize, code: &str) -> Figure {
    let rows: Vec<_> = run
        .plan
        .needs
        .iter()
        .map(|need| (need.title.clone(), format!("need={}", need.id)))
        .collect();
    let first = run.forecast.years.start;
    let size = |row: &(String, String)| {
        run.estimate(run.plan.comparator, area, "need_arising", &row.1, first)
            .mean
    };
    let largest = rows.iter().max_by(|a, b| size(a).total_cmp(&size(b)));
    let title = largest.map_or(String::new(), |row| {
        let estimate = run.estimate(run.plan.comparator, area, "need_arising", &row.1, first);
        format!(
            "The need that most people arise with is “{}”: {} people in {}",
            row.0.to_lowercase(),
            number::with_range(&estimate, "people"),
            run.year_name(first)
        )
    });
    let note = "People are counted when they arise with the need: on leaving prison, starting an order, and the other points \
                at which the model draws needs. Somebody may arise with several needs, and more than once.";
    let bars = Bars {
        id: format!("needs-{code}"),
        title,
        measure: "need_arising",
        heading: "Need",
        rows,
        note,
    };
    bars.figure(run, area)
}

fn by_number(run: &Run, area: usize, code: &str) -> Figure {
    let name = |n: usize| match n {
        0 => "None of these needs".to_owned(),
        1 => "One need".to_owned(),
        n => format!("{n} needs"),
    };
    let rows: Vec<_> = (0..=run.plan.needs.len())
        .map(|n| (name(n), format!("needs={n}")))
        .collect();
    let first = run.forecast.years.start;
    let count = |row: &(String, String)| {
        run.estimate(
            run.plan.comparator,
            area,
            "people_by_number_of_needs",
            &row.1,
            first,
        )
        .mean
    };
    let all: f64 = rows.iter().map(count).sum();
    let several: f64 = rows.iter().skip(2).map(count).sum();
    let title = if all > 0.0 {
        format!(
            "{} of people arise with two needs or more at once ({})",
            number::percent(several / all, 0),
            run.year_name(first)
        )
    } else {
        "Nobody arises with needs".to_owned()
    };
    let note =
        "Services that each see one need see the same people: this is how far needs come together.";
    let measure = "people_by_number_of_needs";
    let bars = Bars {
        id: format!("number-{code}"),
        title,
        measure,
        heading: "Needs together",
        rows,
        note,
    };
    bars.figure(run, area)
}

/// A bar for each row in the first and the last year.
struct Bars {
    id: String,
    title: String,
    measure: &'static str,
    heading: &'static str,
    /// Labels and breakdowns.
    rows: Vec<(String, String)>,
    note: &'static str,
}

impl Bars {
    fn figure(self, run: &Run, area: usize) -> Figure {
        let caption = format!(
            "People arising by {}, {}",
            self.heading.to_lowercase(),
            run.comparator_name().to_lowercase()
        );
        let header = [
            self.heading,
            "Year",
            "Mean",
            "90% range",
            "Monte Carlo error",
        ];
        let mut table = Table::new(caption, &header, 2);
        let mut groups = Vec::new();
        for (label, breakdown) in &self.rows {
            let mut items = Vec::new();
            for (style, &year) in run.first_and_last().iter().enumerate() {
                let estimate =
                    run.estimate(run.plan.comparator, area, self.measure, breakdown, year);
                items.push(item(&run.year_name(year), style, &estimate));
                let [mean, range] = mean_and_range(&estimate, "people");
                let error = number::exact(estimate.mc_error, "people");
                table
                    .rows
                    .push(vec![label.clone(), run.year_name(year), mean, range, error]);
            }
            groups.push(Group {
                label: label.clone(),
                items,
            });
        }
        let description = format!(
            "Bar chart with 90% ranges for the first and last year of the forecast. {}. The table after the chart has every number.",
            self.title
        );
        let chart = IntervalChart {
            id: &self.id,
            title: &self.title,
            description: &description,
            unit: "people",
            has_bars: true,
            groups,
        };
        let svg = chart.svg();
        Figure {
            id: self.id,
            title: self.title,
            svg,
            note: self.note.to_owned(),
            table,
        }
    }
}

/// An amount of people with its words.
pub(super) fn item(label: &str, style: usize, estimate: &Estimate) -> Item {
    let words = if estimate.has_range() {
        format!(
            "{} ({})",
            number::about(estimate.mean, "people"),
            number::range(estimate, |v| number::about(v, "people"))
        )
    } else {
        number::about(estimate.mean, "people")
    };
    Item {
        label: label.to_owned(),
        style,
        middle: estimate.mean,
        interval: (estimate.p05, estimate.p95),
        words,
    }
}

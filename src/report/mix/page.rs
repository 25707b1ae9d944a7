//! The page of a choice of places: one page that needs nothing but itself.

use serde::Serialize;
use serde_json::{Value, json};

use super::{MixReport, tables};
use crate::appraise::mix::{Mix, Next};
use crate::report::chart::{Group, IntervalChart, Item, Point, ScatterChart};
use crate::report::number::{exact, grouped, percent, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table};
use crate::report::{Manifest, VERSION, commit};

pub(super) fn html(report: &MixReport, manifest: &Manifest) -> Result<String, minijinja::Error> {
    let template = include_str!("../mix.html");
    render("mix.html", template, Page::of(report, manifest))
}

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    asked: String,
    found: Vec<String>,
    places: Table,
    next: Figure,
    frontier: Figure,
    apart: String,
    rivals: Option<Table>,
    mixes: Table,
    n_left_out: usize,
    method: Vec<String>,
    sources: Table,
    notes: Vec<String>,
    repeat: Value,
}

/// How many mixes the page lists; all stand in the table beside it.
const MOST_LISTED: usize = 30;

/// How many rivals the page lists.
const MOST_RIVALS: usize = 10;

impl Page {
    fn of(report: &MixReport, manifest: &Manifest) -> Page {
        let goal = if report.is_more_better() {
            "most"
        } else {
            "least"
        };
        let listed = listed(report);
        Page {
            title: report.plan.title.clone(),
            asked: format!(
                "Which places of each service, in each area or pool, give the {goal} of “{}” over {} for {}?",
                report.outcome(),
                report.years(),
                report.budget()
            ),
            found: vec![
                format!(
                    "{}: {}, {}.",
                    report.outcome(),
                    report.measured(&report.choice().outcome, &report.unit()),
                    report.gain()
                ),
                report.spending(),
                report.sureness(),
            ],
            places: places(report),
            next: next(report),
            frontier: frontier(report),
            apart: report.apart(),
            rivals: rivals(report),
            n_left_out: report.mixed.mixes.len() - listed.len(),
            mixes: mixes(report, &listed),
            method: method(report),
            sources: sources(report),
            notes: report.plan.notes.clone(),
            repeat: repeat(manifest),
        }
    }
}

/// The choice beside today's places.
fn places(report: &MixReport) -> Table {
    let header = [
        "Service", "Area", "Chosen", "Today", "Change", "At least", "At most",
    ];
    let mut table = Table::new("Places chosen, and today's", &header, 2);
    for (site, &places) in report.mixing.sites.iter().zip(&report.choice().places) {
        let change = f64::from(places) - f64::from(site.today);
        table.rows.push(vec![
            report.service(site).to_owned(),
            report.areas(site),
            grouped(f64::from(places), 0),
            grouped(f64::from(site.today), 0),
            signed(change, |value| grouped(value, 0)),
            grouped(f64::from(site.least), 0),
            grouped(f64::from(site.most), 0),
        ]);
    }
    table
}

/// A number, or nothing where there is none.
fn shown(report: &MixReport, value: f64) -> String {
    match value.is_finite() {
        true => report.value(value),
        false => String::new(),
    }
}

/// What the next pounds bring, by service and area.
fn next(report: &MixReport) -> Figure {
    let title = format!("What the next £10,000{} would bring", report.per());
    let less = match report.is_more_better() {
        true => "",
        false => " Bars to the right are fewer, which is better.",
    };
    let chart = IntervalChart {
        id: "next",
        title: &title,
        description: "A bar for each service and area with its 90% range; the table below holds the numbers.",
        unit: &report.unit(),
        has_bars: true,
        groups: next_groups(report),
    };
    Figure {
        id: "next".to_owned(),
        svg: chart.svg(),
        note: format!(
            "“{}” over all the years, for £10,000{} on top of the chosen places, measured with as many places as that buys; whiskers are 90% of the draws.{less} Where sites differ much, the bounds or whole places hold the choice there.",
            report.outcome(),
            report.per()
        ),
        table: next_table(report, &title),
        title,
    }
}

fn next_table(report: &MixReport, title: &str) -> Table {
    let header = [
        "Service",
        "Area",
        "Brings",
        "90% range",
        "Monte Carlo error",
        "Tried with",
        "Note",
    ];
    let mut table = Table::new(title, &header, 2);
    for margin in &report.mixed.margins {
        let site = &report.mixing.sites[margin.site];
        let gain = margin.gain;
        let range = match gain.has_range() {
            true => format!("{} to {}", report.value(gain.p05), report.value(gain.p95)),
            false => String::new(),
        };
        let places = signed(margin.step as f64, |value| grouped(value, 0));
        table.rows.push(vec![
            report.service(site).to_owned(),
            report.areas(site),
            shown(report, gain.mean),
            range,
            shown(report, gain.mc_error),
            format!("{places} places, £{}", grouped(margin.cost, 0)),
            tables::note(margin).to_owned(),
        ]);
    }
    table
}

fn next_groups(report: &MixReport) -> Vec<Group> {
    let mut groups: Vec<(usize, Group)> = Vec::new();
    for margin in &report.mixed.margins {
        let site = &report.mixing.sites[margin.site];
        let gain = margin.gain;
        if groups
            .last()
            .is_none_or(|(service, _)| *service != site.service)
        {
            let label = report.service(site).to_owned();
            let items = Vec::new();
            groups.push((site.service, Group { label, items }));
        }
        if let Some((_, group)) = groups.last_mut() {
            group.items.push(Item {
                label: report.areas(site),
                style: usize::from(margin.next == Next::Last),
                middle: gain.mean,
                interval: (gain.p05, gain.p95),
                words: match margin.next {
                    Next::More => shown(report, gain.mean),
                    Next::Last => format!("{} (the last)", shown(report, gain.mean)),
                    Next::Little => "no more can be bought".to_owned(),
                    Next::Empty => "would stand empty".to_owned(),
                    Next::Fixed => "nothing to choose".to_owned(),
                },
            });
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// Mixes measured in the draws held back that no other beats at no more cost, from the cheapest on.
fn undominated(report: &MixReport) -> Vec<usize> {
    let sign = if report.is_more_better() { 1.0 } else { -1.0 };
    let all = report.mixed.mixes.iter().enumerate();
    let mut order: Vec<(usize, &Mix)> = all.filter(|(_, mix)| mix.is_held_back).collect();
    order.sort_by(|(_, a), (_, b)| {
        let outcome = (sign * b.outcome.mean).total_cmp(&(sign * a.outcome.mean));
        a.cost.mean.total_cmp(&b.cost.mean).then(outcome)
    });
    let mut most = f64::NEG_INFINITY;
    let mut found = Vec::new();
    for (index, mix) in order {
        if sign * mix.outcome.mean > most {
            most = sign * mix.outcome.mean;
            found.push(index);
        }
    }
    found
}

/// Cost and outcome of the mixes measured in the draws held back.
fn frontier(report: &MixReport) -> Figure {
    let line = undominated(report);
    let unit = report.unit();
    let outcome = report.outcome();
    let cost = format!("Cost{}", report.per());
    let all = report.mixed.mixes.iter().enumerate();
    let held_back = || all.clone().filter(|(_, mix)| mix.is_held_back);
    let point = |(index, mix): (usize, &Mix)| {
        let (style, label) = match report.role(index) {
            "choice" => (1, "chosen"),
            "today" => (2, "today's places"),
            _ => (0, ""),
        };
        Point {
            at: (mix.cost.mean, mix.outcome.mean),
            style,
            label: label.to_owned(),
        }
    };
    let at = |mix: &usize| {
        let mix = &report.mixed.mixes[*mix];
        (mix.cost.mean, mix.outcome.mean)
    };
    let title = "What more money, or less, would buy".to_owned();
    let chart = ScatterChart {
        id: "frontier",
        title: &title,
        description: "Points for mixes, cost along the bottom and the outcome up the side; the table below holds the numbers.",
        axes: [(&cost, "GBP"), (&outcome, &unit)],
        points: held_back().map(point).collect(),
        line: line.iter().map(at).collect(),
        limit: (report.mixing.budget.pounds, "the budget"),
    };
    let header = [
        "Mix",
        "Part",
        "Cost",
        "Outcome",
        "Monte Carlo error",
        "On the frontier",
    ];
    let mut table = Table::new("Mixes measured in the draws held back", &header, 2);
    let mut order: Vec<(usize, &Mix)> = held_back().collect();
    order.sort_by(|(_, a), (_, b)| a.cost.mean.total_cmp(&b.cost.mean));
    for (index, mix) in order {
        table.rows.push(vec![
            report.name(index),
            report.role(index).to_owned(),
            exact(mix.cost.mean, "GBP"),
            report.value(mix.outcome.mean),
            report.value(mix.outcome.mc_error),
            if line.contains(&index) { "yes" } else { "no" }.to_owned(),
        ]);
    }
    let cut = if chart.is_cut() {
        " An axis does not begin at zero."
    } else {
        ""
    };
    Figure {
        id: "frontier".to_owned(),
        svg: chart.svg(),
        title,
        note: format!(
            "Each point is a mix, the square the one chosen, the triangle today's places. The line joins the mixes that no other beats at no more cost. All are measured in the same draws, none of which any mix was chosen by.{cut}"
        ),
        table,
    }
}

/// What the choice cannot be told apart from.
fn rivals(report: &MixReport) -> Option<Table> {
    let header = [
        "Mix",
        "Differs from the choice by",
        "Cost",
        "Outcome",
        "Measured in",
        "Probability best",
    ];
    let mut table = Table::new(
        "Mixes that cannot be told apart from the choice",
        &header,
        2,
    );
    for &index in report.mixed.rivals.iter().take(MOST_RIVALS) {
        let mix = &report.mixed.mixes[index];
        table.rows.push(vec![
            report.name(index),
            report.difference(mix, report.choice()),
            exact(mix.cost.mean, "GBP"),
            report.value(mix.outcome.mean),
            tables::measured_in(mix).to_owned(),
            percent(mix.probability_best, 0),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The mixes that the page lists: the choice, today's places, then the most probable, then the best measured.
fn listed(report: &MixReport) -> Vec<usize> {
    let sign = if report.is_more_better() { 1.0 } else { -1.0 };
    let rank = |index: &usize| {
        let mix = &report.mixed.mixes[*index];
        let part = match report.role(*index) {
            "choice" => 0,
            "today" => 1,
            _ if mix.is_held_back => 2,
            _ => 3,
        };
        (part, -sign * mix.outcome.mean)
    };
    let mut order: Vec<usize> = (0..report.mixed.mixes.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (rank(a), rank(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    order.truncate(MOST_LISTED);
    order
}

fn mixes(report: &MixReport, listed: &[usize]) -> Table {
    let mut header = vec!["Mix".to_owned(), "Part".to_owned()];
    header.extend(
        report
            .mixing
            .sites
            .iter()
            .map(|site| format!("{}, {}", report.service(site), report.areas(site))),
    );
    let last = [
        "Cost",
        "Outcome",
        "Draws",
        "Measured in",
        "Within the budget",
        "Over the budget in",
        "Probability best",
    ];
    header.extend(last.map(str::to_owned));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Table::new("Mixes tried", &header, 2);
    for &index in listed {
        let mix = &report.mixed.mixes[index];
        let mut row = vec![report.name(index), report.role(index).to_owned()];
        row.extend(
            mix.places
                .iter()
                .map(|places| grouped(f64::from(*places), 0)),
        );
        row.extend([
            exact(mix.cost.mean, "GBP"),
            report.value(mix.outcome.mean),
            mix.n_draws.to_string(),
            tables::measured_in(mix).to_owned(),
            if mix.is_within { "yes" } else { "no" }.to_owned(),
            percent(mix.over_budget, 0),
            match mix.probability_best.is_finite() {
                true => percent(mix.probability_best, 0),
                false => String::new(),
            },
        ]);
        table.rows.push(row);
    }
    table
}

fn method(report: &MixReport) -> Vec<String> {
    let mixed = report.mixed;
    vec![
        format!(
            "{} mixes were tried, in {} lives of a mix in a draw. Every mix met the same people with the same luck, so that what differs between two mixes is what their places do.",
            grouped(mixed.mixes.len() as f64, 0),
            grouped(mixed.n_lives as f64, 0)
        ),
        format!(
            "Mixes were chosen by {} draws. What is said of the choice, of today's places, of the next £10,000 and of the frontier was measured in {} other draws: luck that helped to choose a mix is no part of what is said of it.",
            mixed.n_chosen_by, mixed.n_held_back
        ),
        format!(
            "Costs are those of the services whose places are chosen, as the model charges them, {}; they are told as the same sum in every year that has the same present value. Whether a mix is within the budget is judged at the mean prices, brought to all draws by what today's places cost in them; the ranges are at the prices of the draws. One-off costs, and what other services and prisons cost or save, stand outside the budget.",
            mixed.discounting
        ),
    ]
}

/// Who says what the budget and the bounds are.
fn sources(report: &MixReport) -> Table {
    let mut table = Table::new("What was given", &["What", "How much", "Source"], 3);
    table.rows.push(vec![
        "Budget".to_owned(),
        report.budget(),
        report.mixing.budget.source.clone(),
    ]);
    for site in &report.mixing.sites {
        table.rows.push(vec![
            format!("{}, {}", report.service(site), report.areas(site)),
            format!("{} to {} places", site.least, site.most),
            site.source.clone(),
        ]);
    }
    table
}

fn repeat(manifest: &Manifest) -> Value {
    let mut inputs = Table::new(
        "Input files and their fingerprints",
        &["File", "SHA-256"],
        2,
    );
    let files = manifest.inputs.iter();
    inputs
        .rows
        .extend(files.map(|(name, sha256)| vec![name.clone(), sha256.clone()]));
    json!({
        "command": manifest.command_line,
        "version": VERSION,
        "commit": commit(),
        "threads": manifest.threads,
        "started": manifest.started,
        "seconds": grouped(manifest.seconds, 1),
        "inputs": inputs,
    })
}

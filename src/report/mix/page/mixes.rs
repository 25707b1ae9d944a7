//! The mixes that were tried: what more money would buy, the rivals of the choice, and the best of the rest.

use super::super::{MixReport, tables};
use crate::appraise::mix::Mix;
use crate::report::chart::{Point, ScatterChart};
use crate::report::number::{exact, grouped, percent};
use crate::report::page::view::{Figure, Table};

/// How many mixes the page lists; all stand in the table beside it.
const MOST_LISTED: usize = 30;

/// How many rivals the page lists.
const MOST_RIVALS: usize = 10;

/// Cost and outcome of the mixes measured in the draws held back.
pub(super) fn frontier(report: &MixReport) -> Figure {
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

/// What the choice cannot be told apart from.
pub(super) fn rivals(report: &MixReport) -> Option<Table> {
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

pub(super) fn mixes(report: &MixReport, listed: &[usize]) -> Table {
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

/// The mixes that the page lists: the choice, today's places, then the most probable, then the best measured.
pub(super) fn listed(report: &MixReport) -> Vec<usize> {
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

//! What the next pounds would bring, by service and area.

use super::super::{MixReport, tables};
use crate::appraise::mix::Next;
use crate::report::chart::{Group, IntervalChart, Item};
use crate::report::number::{grouped, signed};
use crate::report::page::view::{Figure, Table};

/// What the next pounds bring, by service and area.
pub(super) fn next(report: &MixReport) -> Figure {
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

/// A number, or nothing where there is none.
fn shown(report: &MixReport, value: f64) -> String {
    match value.is_finite() {
        true => report.value(value),
        false => String::new(),
    }
}

//! Need against capacity: what services take up of the need that arises, and how long people wait.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item, Line, TimeChart};
use super::super::number;
use super::view::{Figure, Table};
use crate::compile::Service;
use crate::summarise::Estimate;

/// The figures about services in one area.
pub(super) fn services(run: &Run, area: usize, code: &str) -> Vec<Figure> {
    if run.plan.services.is_empty() || run.forecast.years.is_empty() {
        return Vec::new();
    }
    let capacity = run
        .plan
        .services
        .iter()
        .map(|service| capacity(run, area, code, service));
    capacity
        .chain(std::iter::once(waits(run, area, code)))
        .collect()
}

/// What is drawn of a service: measure, label.
const FLOWS: [(&str, &str); 4] = [
    ("need_arising", "Arise with the need"),
    ("starts", "Start"),
    ("unmet_need", "Never start"),
    ("needs_met", "Need met"),
];

fn capacity(run: &Run, area: usize, code: &str, service: &Service) -> Figure {
    let capacity = Capacity::of(run, area, service);
    let id = format!("service-{code}-{}", service.id);
    let show = |flow: usize| number::about(capacity.flows[flow][0].mean, "people");
    let title = format!(
        "{}: of about {} people who arise with the need in {}, {} start and {} never do",
        service.title,
        show(0),
        capacity.periods[0],
        show(1),
        show(2)
    );
    let description = format!(
        "Line chart by financial year, {}. {title}. The table after the chart has every number.",
        run.horizon_name()
    );
    let chart = TimeChart {
        id: &id,
        title: &title,
        description: &description,
        unit: "people",
        periods: &capacity.periods,
        start: None,
        lines: capacity.lines(),
    };
    let svg = chart.svg();
    let cut = if chart.is_cut() {
        " The upright axis does not begin at zero."
    } else {
        ""
    };
    let note = format!(
        "{}, means of the draws. Those who neither start nor are counted as never starting are still waiting, or were referred earlier.{cut}",
        run.comparator_name()
    );
    let table = capacity.table(run, service);
    Figure {
        id,
        title,
        svg,
        note,
        table,
    }
}

/// A service's years under the comparator.
struct Capacity {
    periods: Vec<String>,
    /// In the order of [`FLOWS`], by year.
    flows: Vec<Vec<Estimate>>,
    places: Vec<Estimate>,
    occupancy: Vec<Estimate>,
}

impl Capacity {
    fn of(run: &Run, area: usize, service: &Service) -> Capacity {
        let years = run.forecast.years.clone();
        let of = |measure: &str| -> Vec<Estimate> {
            let breakdown = match measure {
                "need_arising" => format!("need={}", run.plan.needs[service.need].id),
                _ => format!("service={}", service.id),
            };
            let at = |year| run.estimate(run.plan.comparator, area, measure, &breakdown, year);
            years.clone().map(at).collect()
        };
        Capacity {
            periods: years.clone().map(|year| run.year_name(year)).collect(),
            flows: FLOWS.iter().map(|(measure, _)| of(measure)).collect(),
            places: of("places"),
            occupancy: of("occupancy"),
        }
    }

    fn lines(&self) -> Vec<Line> {
        let line = |(style, (_, label)): (usize, &(&str, &str))| Line {
            label: (*label).to_owned(),
            style,
            values: self.flows[style].iter().map(|e| e.mean).collect(),
            bands: Vec::new(),
            outline: None,
        };
        FLOWS.iter().enumerate().map(line).collect()
    }

    fn table(&self, run: &Run, service: &Service) -> Table {
        let caption = format!(
            "{}: need and capacity, {}",
            service.title,
            run.comparator_name().to_lowercase()
        );
        let mut header = vec!["Year"];
        header.extend(FLOWS.iter().flat_map(|(_, label)| [label, "90% range"]));
        header.extend(["Places", "Occupancy"]);
        let mut table = Table::new(caption, &header, 1);
        for (y, period) in self.periods.iter().enumerate() {
            let mut row = vec![period.clone()];
            row.extend(
                self.flows
                    .iter()
                    .flat_map(|flow| super::mean_and_range(&flow[y], "people")),
            );
            row.push(number::exact(self.places[y].mean, "places"));
            row.push(number::exact(self.occupancy[y].mean, "share"));
            table.rows.push(row);
        }
        table
    }
}

/// What is drawn of waits: measure, label.
const WAITS: [(&str, &str); 2] = [
    ("wait_months_p50", "half"),
    ("wait_months_p90", "nine in ten"),
];

fn waits(run: &Run, area: usize, code: &str) -> Figure {
    let year = run.forecast.years.end - 1;
    let name = run.year_name(year);
    let header = [
        "Service",
        "Option",
        "Half wait no longer than",
        "90% range",
        "Nine in ten wait no longer than",
        "90% range",
    ];
    let mut table = Table::new(format!("Months waited before starting, {name}"), &header, 2);
    let mut groups = Vec::new();
    for service in &run.plan.services {
        let mut items = Vec::new();
        for option in 0..run.plan.options.len() {
            let mut row = vec![service.title.clone(), run.name(option)];
            for (style, (measure, label)) in WAITS.iter().enumerate() {
                let estimate = run.estimate(
                    option,
                    area,
                    measure,
                    &format!("service={}", service.id),
                    year,
                );
                items.push(wait_item(
                    &format!("{}: {label}", run.name(option)),
                    style,
                    &estimate,
                ));
                row.extend(super::mean_and_range(&estimate, "months"));
            }
            table.rows.push(row);
        }
        groups.push(Group {
            label: service.title.clone(),
            items,
        });
    }
    let (id, title) = (format!("waits-{code}"), longest_wait(run, area, year));
    let description = format!(
        "Chart of median and 90th percentile waits by service and option with 90% ranges. {title}. The table after the chart has every number."
    );
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &description,
        unit: "months",
        has_bars: false,
        groups,
    };
    let svg = chart.svg();
    let note = format!(
        "Months waited by those who start in {name}; the whiskers are the 90% range of the draws."
    );
    Figure {
        id,
        title,
        svg,
        note,
        table,
    }
}

fn longest_wait(run: &Run, area: usize, year: usize) -> String {
    let of = |service: &Service| {
        let breakdown = format!("service={}", service.id);
        run.estimate(
            run.plan.comparator,
            area,
            "wait_months_p90",
            &breakdown,
            year,
        )
        .mean
    };
    let waits = run
        .plan
        .services
        .iter()
        .map(|service| (of(service), &service.title));
    let longest = waits
        .filter(|(wait, _)| *wait > 0.0)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    longest.map_or("Nobody who starts has waited".to_owned(), |(wait, title)| {
        format!(
            "The longest waits are for {}: nine in ten who start in {} have waited {} months or less",
            number::lower_first(title),
            run.year_name(year),
            number::about(wait, "months")
        )
    })
}

fn wait_item(label: &str, style: usize, estimate: &Estimate) -> Item {
    let words = if estimate.has_range() {
        format!(
            "{} ({})",
            number::about(estimate.mean, "months"),
            number::range(estimate, |v| number::about(v, "months"))
        )
    } else {
        number::about(estimate.mean, "months")
    };
    Item {
        label: label.to_owned(),
        style,
        middle: estimate.mean,
        interval: (estimate.p05, estimate.p95),
        words,
    }
}

/// Every service by option, first and last year, in one table.
pub(super) fn service_table(run: &Run, area: usize) -> Option<Table> {
    if run.plan.services.is_empty() || run.forecast.years.is_empty() {
        return None;
    }
    const COLUMNS: [(&str, &str, &str); 8] = [
        ("referrals", "Join the queue", "people"),
        ("starts", "Start", "people"),
        ("needs_met", "Need met", "people"),
        ("unmet_need", "Never start", "people"),
        ("places", "Places", "places"),
        ("occupancy", "Places in use", "share"),
        ("wait_months_p50", "Median wait, months", "months"),
        ("wait_months_p90", "90th percentile wait, months", "months"),
    ];
    let mut header = vec!["Service", "Option", "Year", "Arise with the need"];
    header.extend(COLUMNS.iter().map(|(_, heading, _)| *heading));
    let mut table = Table::new(
        "Services by option: means, with 90% ranges in brackets for people",
        &header,
        3,
    );
    for service in &run.plan.services {
        for option in 0..run.plan.options.len() {
            for year in run.first_and_last() {
                let need = format!("need={}", run.plan.needs[service.need].id);
                let mut row = vec![service.title.clone(), run.name(option), run.year_name(year)];
                row.push(cell(
                    &run.estimate(option, area, "need_arising", &need, year),
                    "people",
                ));
                for (measure, _, unit) in COLUMNS {
                    let estimate = run.estimate(
                        option,
                        area,
                        measure,
                        &format!("service={}", service.id),
                        year,
                    );
                    row.push(cell(&estimate, unit));
                }
                table.rows.push(row);
            }
        }
    }
    Some(table)
}

fn cell(estimate: &Estimate, unit: &str) -> String {
    let mean = number::exact(estimate.mean, unit);
    if unit == "people" && estimate.has_range() {
        format!(
            "{mean} ({})",
            number::range(estimate, |v| number::about(v, unit))
        )
    } else {
        mean
    }
}

//! A place at a glance: every headline measure, need and service in the first and the last year.

use super::super::{Run, number};
use super::fan::headline;
use super::mean_with_range;
use super::view::Table;

/// The table; nothing where the forecast has no year.
pub(super) fn glance(run: &Run, area: usize, name: &str) -> Option<Table> {
    let years = run.first_and_last();
    let names: Vec<String> = years.iter().map(|year| run.year_name(*year)).collect();
    let mut header = vec!["Measure"];
    header.extend(names.iter().map(String::as_str));
    let has_range = run.forecast.n_draws > 0;
    let caption = format!(
        "{name} at a glance, {}: means{}",
        number::lower_first(&run.comparator_name()),
        if has_range { " with 90% ranges" } else { "" }
    );
    let mut table = Table::new(caption, &header, 1);
    let mut row = |title: String, measure: &str, breakdown: &str, unit: &str| {
        let of = |year: &usize| {
            mean_with_range(
                &run.estimate(run.plan.comparator, area, measure, breakdown, *year),
                unit,
            )
        };
        let cells = std::iter::once(title).chain(years.iter().map(of));
        table.rows.push(cells.collect());
    };
    for at in headline(run) {
        let led = &run.forecast.layout.series[at];
        let title = match led.unit.as_str() {
            "people" | "share" => led.title.clone(),
            unit => format!("{} ({unit})", led.title),
        };
        row(title, &led.measure, "", &led.unit);
    }
    for need in &run.plan.needs {
        let breakdown = format!("need={}", need.id);
        let title = format!("{}: people who arise with the need", need.title);
        row(title, "need_arising", &breakdown, "people");
    }
    for service in &run.plan.services {
        let breakdown = format!("service={}", service.id);
        for (measure, what) in [
            ("starts", "people who start"),
            ("unmet_need", "people with the need who never start"),
        ] {
            let title = format!("{}: {what}", service.title);
            row(title, measure, &breakdown, "people");
        }
    }
    (!years.is_empty()).then_some(table)
}

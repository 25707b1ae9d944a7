//! Resources: places, what is known of staff, and who pays.

use serde::Serialize;

use super::super::{Run, number};
use super::view::Table;
use crate::appraise::PUBLIC_SECTOR;
use crate::compile::Law;
use crate::quantity::Grade;
use crate::summarise::reported_areas;

/// The section; the money has charts of its own.
#[derive(Serialize)]
pub(super) struct ResourcesView {
    /// Places, staff and money in words.
    sentences: Vec<String>,
    /// Places by service and area.
    places: Option<Table>,
}

/// What there is to meet need with, as things are.
pub(super) fn resources(run: &Run) -> ResourcesView {
    let services = run.plan.services.iter().enumerate();
    let mut sentences: Vec<String> = services.filter_map(|(s, _)| in_words(run, s)).collect();
    sentences.push(staff(run));
    sentences.extend(money(run));
    ResourcesView {
        sentences,
        places: places(run),
    }
}

/// The places of a service and how far they are used.
fn in_words(run: &Run, service: usize) -> Option<String> {
    let year = *run.first_and_last().first()?;
    let named = &run.plan.services[service];
    let breakdown = format!("service={}", named.id);
    let of = |measure| run.estimate(run.plan.comparator, run.total(), measure, &breakdown, year);
    let (places, used) = (of("places"), of("occupancy"));
    let evidence = match rests_on_nothing(run, service) {
        true => " The number of places is a placeholder: put in how many there are.",
        false => "",
    };
    let used = match used.mean.is_finite() {
        true => format!(
            ", of which {} are in use on average",
            number::about(used.mean, "share")
        ),
        false => String::new(),
    };
    Some(format!(
        "{}: about {} places in {}{used}.{evidence}",
        named.title,
        number::about(places.mean, "places"),
        run.year_name(year)
    ))
}

fn rests_on_nothing(run: &Run, service: usize) -> bool {
    let factors = &run.plan.quantities[run.plan.services[service].places].factors;
    run.plan.cells.iter().any(|cell| {
        factors.contains(&cell.parameter)
            && cell.evidence.grade == Grade::Placeholder
            && cell.law != Law::Fixed
    })
}

/// Staff enter the model through what it costs to run a service, if at all.
fn staff(run: &Run) -> String {
    let told: Vec<String> = run
        .plan
        .running_costs
        .iter()
        .map(|cost| cost.words())
        .collect();
    match told.is_empty() {
        true => format!(
            "Staff: no numbers of staff are among the inputs ({}).",
            number::MISSING
        ),
        false => format!("Staff and running costs: {}", told.join(" ")),
    }
}

fn money(run: &Run) -> Option<String> {
    let row = run.row(run.plan.comparator, "present_value_of_cost", PUBLIC_SECTOR)?;
    let range = number::range(&row.estimate, |v| number::exact(v, "GBP"));
    let range = match row.estimate.has_range() {
        true => format!(" (90% range {range})"),
        false => String::new(),
    };
    Some(format!(
        "Money: as things are, the costs that the model counts come to {}{range} for all public payers together over {}, in present value.",
        number::exact(row.estimate.mean, "GBP"),
        run.horizon_name()
    ))
}

fn places(run: &Run) -> Option<Table> {
    let years = run.first_and_last();
    let first = *years.first()?;
    if run.plan.services.is_empty() {
        return None;
    }
    let areas = reported_areas(run.plan);
    let header = [
        "Service",
        "Place",
        "Year",
        "Evidence",
        "Places",
        "In use",
        "People in support at a time",
    ];
    let caption = format!("Places, {}", number::lower_first(&run.comparator_name()));
    let mut table = Table::new(caption, &header, 4);
    for (service, named) in run.plan.services.iter().enumerate() {
        let breakdown = format!("service={}", named.id);
        let evidence = match rests_on_nothing(run, service) {
            true => "placeholder",
            false => "from the inputs",
        };
        for area in std::iter::once(run.total()).chain(0..run.total()) {
            let of = |measure, unit| {
                let estimate = run.estimate(run.plan.comparator, area, measure, &breakdown, first);
                number::exact(estimate.mean, unit)
            };
            table.rows.push(vec![
                named.title.clone(),
                areas[area].name.clone(),
                run.year_name(first),
                evidence.to_owned(),
                of("places", "places"),
                of("occupancy", "share"),
                of("in_support", "people"),
            ]);
        }
    }
    Some(table)
}

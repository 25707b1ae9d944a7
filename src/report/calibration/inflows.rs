//! What each inflow has beside its multipliers: overdispersion and season, by the record and as drawn.

use super::CalibrationRun;
use crate::calibrate::InflowRecord;
use crate::compile::{Plan, QuantityIdx};
use crate::quantity::MONTHS_FROM_APRIL;
use crate::report::csv::Csv;
use crate::report::number::{grouped, percent, plain};
use crate::report::page::view::Table;

/// The central value of a number without keys; `None` where there is none, or where it differs between people.
fn value(plan: &Plan, quantity: Option<QuantityIdx>) -> Option<f64> {
    let factors = &plan.quantities[quantity?].factors;
    let one = |parameter: &usize| {
        let cells = &plan.parameters[*parameter].cells;
        let latest = cells.first().filter(|_| cells.len() == 1)?.last()?;
        Some(plan.cells[latest.1].value)
    };
    factors.iter().map(one).product()
}

fn of_dispersion(record: &InflowRecord) -> &'static str {
    match (&record.dispersion, record.parameter) {
        (None, _) => "not identified: too few areas or years with a record",
        (Some(found), _) if !found.is_supported() => "none beyond chance",
        (Some(_), None) => "supported, not drawn",
        (Some(_), Some(_)) => "fitted",
    }
}

fn of_season(record: &InflowRecord) -> &'static str {
    let season = &record.season;
    match (season.n_months, &season.months) {
        (0, _) => "not identified: no record by month",
        (..36, _) => "not identified: less than three years of months",
        (_, None) => "none beyond chance",
        _ if season.drawn_by.is_none() => "supported, not drawn",
        _ if season.is_own => "fitted",
        _ => "supported, rows stand",
    }
}

/// What the ids of the numbers that draw a season begin with.
fn season_drawn(plan: &Plan, record: &InflowRecord) -> Option<String> {
    let [april, ..] = record.season.drawn_by?;
    let id = plan.parameters[april].id.rsplit_once('.')?;
    Some(id.0.to_owned())
}

/// One row for each inflow.
pub(super) fn table(run: &CalibrationRun) -> Vec<u8> {
    let words = [
        "inflow",
        "title",
        "measure",
        "walk",
        "overdispersion_drawn",
        "n_areas",
        "n_years",
        "overdispersion",
        "low",
        "high",
        "overdispersion_verdict",
        "season_drawn",
        "n_months",
        "season_verdict",
    ];
    let header: Vec<&str> = words.into_iter().chain(MONTHS_FROM_APRIL).collect();
    let mut table = Csv::new(&header);
    for record in run.inflows {
        let inflow = &run.after.inflows[record.inflow];
        let drawn = [inflow.walk, inflow.overdispersion]
            .map(|of| value(run.after, of).map_or(String::new(), plain));
        let mut cells = vec![
            inflow.id.clone(),
            inflow.title.clone(),
            record.measure.clone().unwrap_or_default(),
        ];
        cells.extend(drawn);
        cells.extend(match &record.dispersion {
            Some(found) => {
                let reach = 1.96 * found.error;
                let ends = [found.excess, found.excess - reach, found.excess + reach];
                let [excess, low, high] = ends.map(plain);
                let [areas, years] = [found.n_areas, found.n_years].map(|n| n.to_string());
                [areas, years, excess, low, high]
            }
            None => Default::default(),
        });
        cells.push(of_dispersion(record).to_owned());
        cells.push(season_drawn(run.after, record).unwrap_or_default());
        cells.push(record.season.n_months.to_string());
        cells.push(of_season(record).to_owned());
        cells.extend(match record.season.months {
            Some(months) => months.map(|month| plain(month.centre())),
            None => Default::default(),
        });
        table.cells(&cells);
    }
    table.into_bytes()
}

/// The same for a page.
pub(super) fn shown(run: &CalibrationRun) -> Table {
    let header = [
        "Inflow",
        "Walk of a year",
        "Overdispersion by the record",
        "Drawn",
        "Season by the record",
        "Season drawn",
    ];
    let mut table = Table::new("What inflows have of their own", &header, 1);
    for record in run.inflows {
        let inflow = &run.after.inflows[record.inflow];
        let walk = value(run.after, inflow.walk);
        let drawn = value(run.after, inflow.overdispersion);
        table.rows.push(vec![
            inflow.title.clone(),
            walk.map_or("none".to_owned(), |walk| percent(walk, 1)),
            of_dispersion(record).to_owned(),
            drawn.map_or("none".to_owned(), |drawn| grouped(drawn, 4)),
            of_season(record).to_owned(),
            season_drawn(run.after, record).unwrap_or("none".to_owned()),
        ]);
    }
    table
}

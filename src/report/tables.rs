//! The tables, as CSV: the same bytes for any number of threads.

use super::Run;
use super::adding::Adding;
use super::csv::Csv;
use super::number::plain;
use crate::compile::Between;
use crate::simulate::Series;
use crate::summarise::{Estimate, Fit, Span, reported_areas};

/// The columns of an estimate.
const ESTIMATE: [&str; 14] = [
    "option",
    "area_code",
    "area_name",
    "measure",
    "breakdown",
    "period",
    "unit",
    "mean",
    "p05",
    "p25",
    "p50",
    "p75",
    "p95",
    "mc_error",
];

/// Every estimate.
pub(super) fn forecast(run: &Run) -> Vec<u8> {
    let mut table = Csv::to(&ESTIMATE, run.digits());
    let layout = &run.forecast.layout;
    for (option, named) in run.plan.options.iter().enumerate() {
        for (area, place) in reported_areas(run.plan).into_iter().enumerate() {
            let answers = layout.series.iter().enumerate();
            for (index, series) in answers.filter(|(_, series)| series.account.is_none()) {
                for period in 0..series.n_periods {
                    let e = run.forecast.at(option, area, index, period);
                    let name = layout.period_name(index, period);
                    let words = [
                        &named.id,
                        &place.code,
                        &place.name,
                        &series.measure,
                        &series.breakdown,
                        &name,
                        &series.unit,
                    ];
                    table.row(
                        words,
                        [e.mean, e.p05, e.p25, e.p50, e.p75, e.p95, e.mc_error],
                    );
                }
            }
        }
    }
    table.into_bytes()
}

/// The places that would close the gap, in the columns of the forecast.
pub(super) fn gap(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&ESTIMATE);
    for (option, named) in run.plan.options.iter().enumerate() {
        for (area, place) in reported_areas(run.plan).into_iter().enumerate() {
            for (index, service) in run.plan.services.iter().enumerate() {
                for year in run.forecast.years.clone() {
                    let found = run.forecast.outlook.places(option, area, index, year);
                    let rows = [
                        ("support_load", "people", &found.load),
                        ("places_needed", "places", &found.needed),
                        ("places_short", "places", &found.more),
                    ];
                    let breakdown = format!("service={}", service.id);
                    let period = run.forecast.layout.years[year].to_string();
                    for (measure, unit, e) in rows {
                        let words = [
                            &*named.id,
                            &place.code,
                            &place.name,
                            measure,
                            &breakdown,
                            &period,
                            unit,
                        ];
                        table.row(
                            words,
                            [e.mean, e.p05, e.p25, e.p50, e.p75, e.p95, e.mc_error],
                        );
                    }
                }
            }
        }
    }
    table.into_bytes()
}

/// The gap of every month of the forecast; nothing where months are not told.
pub(super) fn gap_by_month(run: &Run) -> Option<Vec<u8>> {
    let (layout, outlook) = (&run.forecast.layout, &run.forecast.outlook);
    let mut table = Csv::new(&ESTIMATE);
    for (option, named) in run.plan.options.iter().enumerate() {
        for (area, place) in reported_areas(run.plan).into_iter().enumerate() {
            for (service, known) in run.plan.services.iter().enumerate() {
                let breakdown = format!("service={}", known.id);
                let never = layout.find_monthly("unmet_need", &breakdown)?;
                let mut row = |measure: &str, unit: &str, month: usize, e: Estimate| {
                    let period = layout.months[month].to_string();
                    let words = [
                        &named.id,
                        &place.code,
                        &place.name,
                        measure,
                        &breakdown,
                        &period,
                        unit,
                    ];
                    table.row(
                        words,
                        [e.mean, e.p05, e.p25, e.p50, e.p75, e.p95, e.mc_error],
                    );
                };
                for month in 0..layout.months.len() {
                    let unmet = run.forecast.at(option, area, never, month);
                    row("unmet_need", "people", month, unmet);
                }
                for month in 0..layout.months.len() {
                    let short = outlook.month(option, area, service, month);
                    row("places_short", "places", month, short.more);
                }
            }
        }
    }
    (!layout.months.is_empty()).then(|| table.into_bytes())
}

/// Every option against the comparator.
pub(super) fn contrasts(run: &Run) -> Vec<u8> {
    let header = [
        "option",
        "comparator",
        "area_code",
        "area_name",
        "measure",
        "period",
        "unit",
        "mean",
        "p05",
        "p50",
        "p95",
        "mc_error",
        "probability_better",
    ];
    let mut table = Csv::to(&header, run.digits());
    let (layout, areas) = (&run.forecast.layout, reported_areas(run.plan));
    let comparator = &run.plan.options[run.plan.comparator].id;
    for contrast in &run.forecast.contrasts {
        let (series, place, e) = (
            &layout.series[contrast.series],
            areas[contrast.area],
            &contrast.difference,
        );
        let measure = named(series);
        let period = contrast.span.name(layout, &run.forecast.years);
        let option = &run.plan.options[contrast.option].id;
        // One row alone tells a difference but no probability.
        let better = if run.forecast.n_draws > 0 {
            contrast.probability_better
        } else {
            f64::NAN
        };
        let words = [
            option,
            comparator,
            &place.code,
            &place.name,
            &measure,
            &period,
            &series.unit,
        ];
        table.row(words, [e.mean, e.p05, e.p50, e.p95, e.mc_error, better]);
    }
    table.into_bytes()
}

/// What drives changes, part by part; the parts lead from before to after in the digits that are printed.
pub(super) fn drivers(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "from",
        "to",
        "area_code",
        "area_name",
        "measure",
        "driver",
        "unit",
        "mean",
        "p05",
        "p95",
        "mc_error",
    ]);
    let (layout, areas) = (&run.forecast.layout, reported_areas(run.plan));
    for driven in &run.drivers.changes {
        let (series, place) = (&layout.series[driven.series], areas[driven.area]);
        let [option, comparator, from, to] =
            compared(run, run.plan.comparisons[driven.comparison].between);
        let measure = named(series);
        let means: Vec<f64> = driven.parts.iter().map(|(_, e)| e.mean).collect();
        let is_known = driven.change.mean.is_finite();
        let exact = is_known.then(|| Adding::exact(driven.before.mean, &means));
        let mut row = |driver: &str, units: Option<i64>, e: &Estimate| {
            let mean = exact.as_ref().zip(units);
            let mut cells = [&option, &comparator, &from, &to, &place.code, &place.name]
                .map(String::clone)
                .to_vec();
            cells.extend([measure.clone(), driver.to_owned(), series.unit.clone()]);
            cells.push(mean.map_or(String::new(), |(exact, units)| exact.plain(units)));
            cells.extend([e.p05, e.p95, e.mc_error].map(plain));
            table.cells(&cells);
        };
        let units = |of: fn(&Adding) -> i64| exact.as_ref().map(of);
        row("before", units(|exact| exact.before), &driven.before);
        for (index, (part, estimate)) in driven.parts.iter().enumerate() {
            let units = exact.as_ref().map(|exact| exact.parts[index]);
            row(part.id(), units, estimate);
        }
        row(
            "change",
            units(|exact| exact.after - exact.before),
            &driven.change,
        );
        row("after", units(|exact| exact.after), &driven.after);
    }
    table.into_bytes()
}

/// Option, comparator, first and last time of a comparison; blank where there is none.
fn compared(run: &Run, between: Between) -> [String; 4] {
    let id = |option: usize| run.plan.options[option].id.clone();
    match between {
        Between::Years { option, from, to } => {
            [id(option), String::new(), from.to_string(), to.to_string()]
        }
        Between::Options {
            option,
            against,
            year,
        } => {
            let years = &run.forecast.years;
            let all = Span::Horizon.name(&run.forecast.layout, years);
            let when = year.map_or(all, |year| year.to_string());
            [id(option), id(against), String::new(), when]
        }
    }
}

/// A measure with its breakdown.
fn named(series: &Series) -> String {
    match series.breakdown.as_str() {
        "" => series.measure.clone(),
        breakdown => format!("{}[{breakdown}]", series.measure),
    }
}

/// Options side by side.
pub(super) fn appraisal(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "measure",
        "perspective",
        "unit",
        "mean",
        "p05",
        "p50",
        "p95",
        "mc_error",
        "note",
    ]);
    let comparator = &run.plan.options[run.plan.comparator].id;
    for row in &run.appraisal.rows {
        let (option, e) = (&run.plan.options[row.option].id, &row.estimate);
        let mut cells: Vec<_> = [
            option,
            comparator,
            &row.measure,
            &row.perspective,
            &row.unit,
        ]
        .into_iter()
        .cloned()
        .collect();
        cells.extend(
            [e.mean, e.p05, e.p50, e.p95, e.mc_error].map(|value| run.digits().plain(value)),
        );
        cells.push(row.note.clone());
        table.cells(&cells);
    }
    table.into_bytes()
}

/// Every number that went in, with its evidence.
pub(super) fn assumptions(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "id",
        "keys",
        "from",
        "value",
        "low",
        "high",
        "interval",
        "unit",
        "period",
        "population",
        "source",
        "url",
        "grade",
        "note",
        "used_by",
        "share_of_variance",
    ]);
    for cell in &run.plan.cells {
        let parameter = &run.plan.parameters[cell.parameter];
        if parameter.used_by.is_empty() {
            continue;
        }
        let share = run
            .appraisal
            .variance
            .by_parameter
            .get(cell.parameter)
            .copied()
            .flatten();
        let (low, high) = cell
            .interval
            .map_or((String::new(), String::new()), |(low, high)| {
                (plain(low), plain(high))
            });
        let evidence = &cell.evidence;
        table.cells(&[
            parameter.id.clone(),
            cell.keys.clone(),
            cell.from.map_or(String::new(), |month| month.to_string()),
            plain(cell.value),
            low,
            high,
            cell.interval.map_or("", |_| "95%").to_owned(),
            parameter.unit.to_string(),
            evidence.period.clone(),
            evidence.population.clone(),
            evidence.source.clone(),
            evidence.url.clone(),
            evidence.grade.name().to_owned(),
            evidence.note.clone(),
            parameter.used_by.join("; "),
            share.map_or(String::new(), plain),
        ]);
    }
    table.into_bytes()
}

/// What stands in a table in the place of a number that disclosure control keeps back.
pub(super) const CONFIDENTIAL: &str = "[c]";

/// The hindcast beside what was recorded.
pub(super) fn fit(fit: &Fit) -> Vec<u8> {
    let mut table = Csv::new(&[
        "measure",
        "area_code",
        "area_name",
        "period",
        "unit",
        "recorded",
        "modelled",
        "relative_error",
        "p05",
        "p95",
        "inside_90",
    ]);
    for line in fit.lines.iter().chain(&fit.withheld) {
        let e = &line.modelled;
        let mut cells: Vec<_> = [
            &line.measure,
            &line.area.code,
            &line.area.name,
            &line.period,
            &line.unit,
        ]
        .into_iter()
        .cloned()
        .collect();
        let of_recorded = |value: f64| match line.recorded.is_nan() {
            true => CONFIDENTIAL.to_owned(),
            false => plain(value),
        };
        cells.extend([of_recorded(line.recorded), plain(e.mean)]);
        cells.push(of_recorded(line.relative_error));
        cells.extend([e.p05, e.p95].map(plain));
        cells.push(
            line.is_inside
                .map_or(String::new(), |is_inside| is_inside.to_string()),
        );
        table.cells(&cells);
    }
    table.into_bytes()
}

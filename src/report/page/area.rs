//! Place by place: who lives there, what is coming, what people will need and what services will meet.

use super::super::Run;
use super::super::chart::{Group, IntervalChart};
use super::super::number;
use super::super::profile::{age_name, people};
use super::data::distinct;
use super::glance::glance;
use super::months::months;
use super::needs::item;
use super::view::{AreaView, Figure, Table};
use super::{drivers, fan, needs, services};
use crate::compile::{Context, ContextFigure};
use crate::summarise::{Estimate, Span, reported_areas};

/// Beyond this many areas, all but the total are told more briefly, to keep the page light.
const IN_FULL: usize = 6;

/// Every area, the total first.
pub(super) fn areas(run: &Run) -> Vec<AreaView> {
    let named = reported_areas(run.plan);
    let total = named.len() - 1;
    let order = std::iter::once(total).chain(0..total);
    order
        .map(|area| {
            let code = &named[area].code;
            let in_full = area == total || named.len() <= IN_FULL;
            AreaView {
                id: code.clone(),
                name: named[area].name.clone(),
                is_first: area == total,
                glance: glance(run, area, &named[area].name),
                context: context(run, area, code),
                profile: population(run, area, code).into_iter().collect(),
                forecasts: fan::forecasts(run, area, code),
                drivers: drivers::of_years(run, area, code, in_full),
                needs: needs::needs(run, area, code),
                services: match in_full {
                    true => of_services(run, area, code),
                    false => Vec::new(),
                },
                service_table: services::service_table(run, area),
                contrasts: contrasts(run, area),
            }
        })
        .collect()
}

/// Need, capacity and waits, and of a place among others its gap by month, which of all together stands elsewhere.
fn of_services(run: &Run, area: usize, code: &str) -> Vec<Figure> {
    let mut figures = services::services(run, area, code);
    if area != run.total() {
        figures.extend(months(run, area));
    }
    figures
}

/// People by age band at the start and the end of the forecast.
fn population(run: &Run, area: usize, code: &str) -> Option<Figure> {
    let (start, end) = (run.plan.start.year(), run.plan.end.plus(-1).year());
    let mut table = Table::new(
        "People of the population by age",
        &["Age", &start.to_string(), &end.to_string(), "Change"],
        1,
    );
    let (mut groups, mut sums) = (Vec::new(), (0.0, 0.0));
    for (age, band) in run.plan.strata.ages.iter().enumerate() {
        let (now, then) = (people(run, area, age, start)?, people(run, area, age, end)?);
        sums = (sums.0 + now, sums.1 + then);
        let label = age_name(band);
        let change = number::signed(then / now - 1.0, |v| number::percent(v, 1));
        let numbers = [number::grouped(now, 0), number::grouped(then, 0), change];
        table
            .rows
            .push(std::iter::once(label.clone()).chain(numbers).collect());
        let items = [(0, start, now), (1, end, then)];
        let items = items
            .map(|(style, year, people)| item(&year.to_string(), style, &Estimate::point(people)));
        groups.push(Group {
            label,
            items: items.into(),
        });
    }
    let change = sums.1 / sums.0 - 1.0;
    let title = if !change.is_finite() || change.abs() < 0.005 {
        format!(
            "The population aged {} stays about level, near {}",
            ages(run),
            number::about(sums.0, "people")
        )
    } else {
        let verb = if change > 0.0 { "grows" } else { "shrinks" };
        let size = number::percent(change.abs(), 1);
        format!(
            "The population aged {} {verb} by {size} from {start} to {end}",
            ages(run)
        )
    };
    let id = format!("population-{code}");
    let description = format!(
        "Bar chart of the population by age band in {start} and {end}. {title}. The table after the chart has every number."
    );
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &description,
        unit: "people",
        has_bars: true,
        groups,
    };
    let svg = chart.svg();
    let note =
        "Published estimates and projections, both sexes, of the ages that the model follows."
            .to_owned();
    Some(Figure {
        id,
        title,
        svg,
        note,
        table,
    })
}

/// What the place is like: the first and the latest published figure of each series, and the country's latest beside
/// it; for several areas together, the latest of each.
fn context(run: &Run, area: usize, code: &str) -> Option<Table> {
    let plan = run.plan;
    let own = area < plan.areas.len() || code.starts_with('S');
    let codes: Vec<(&str, &str)> = if own {
        vec![(code, "Latest")]
    } else if plan.areas.len() <= IN_FULL {
        plan.areas
            .iter()
            .map(|a| (a.code.as_str(), a.name.as_str()))
            .collect()
    } else {
        return None;
    };
    let mut header = vec!["Figure", "Unit", "Period", "Source"];
    header.extend(codes.iter().map(|(_, name)| *name));
    header.extend(own.then_some("First published"));
    header.extend((code != COUNTRY).then_some("Scotland"));
    let mut table = Table::new(
        "What the place is like: published figures, the latest of each",
        &header,
        4,
    );
    for series in &plan.context {
        let Some(latest) = figures_of(series, codes[0].0).max_by_key(|figure| &figure.period)
        else {
            continue;
        };
        let at =
            |code: &&str| figures_of(series, code).find(|figure| figure.period == latest.period);
        let first = figures_of(series, code).min_by_key(|figure| &figure.period);
        let mut shown: Vec<Option<&ContextFigure>> =
            codes.iter().map(|(code, _)| at(code)).collect();
        shown.extend(own.then_some(first));
        shown.extend((code != COUNTRY).then(|| at(&COUNTRY)));
        let known = || shown.iter().flatten();
        let mut row = vec![
            series.title.clone(),
            distinct(known().map(|figure| figure.unit.as_str())),
            latest.period.clone(),
            distinct(known().map(|figure| figure.source.as_str())),
        ];
        row.extend(shown.iter().enumerate().map(|(column, figure)| {
            let is_first = own && column == codes.len();
            match figure {
                Some(figure) if is_first => {
                    format!("{} ({})", shown_as(figure.value), figure.period)
                }
                Some(figure) => shown_as(figure.value),
                None => "[x]".to_owned(),
            }
        }));
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The figures of an area.
fn figures_of<'a>(
    series: &'a Context,
    code: &str,
) -> impl Iterator<Item = &'a ContextFigure> + use<'a> {
    let code = code.to_owned();
    let figures = series.figures.iter();
    figures.filter(move |figure| figure.area_code == code)
}

/// The country's code.
const COUNTRY: &str = "S92000003";

fn shown_as(value: f64) -> String {
    let digits = match value.abs() {
        whole if whole.fract() == 0.0 => 0,
        share if share < 1.0 => 3,
        small if small < 100.0 => 1,
        _ => 0,
    };
    number::grouped(value, digits)
}

fn ages(run: &Run) -> String {
    let ages = &run.plan.strata.ages;
    match (ages.first(), ages.last().and_then(|band| band.to)) {
        (Some(first), Some(last)) => format!("{} to {last}", first.from),
        (Some(first), None) => format!("{} and over", first.from),
        _ => String::new(),
    }
}

/// What the options change in one area over the whole forecast.
fn contrasts(run: &Run, area: usize) -> Option<Table> {
    let layout = &run.forecast.layout;
    let mut table = Table::new(
        format!(
            "Change against {}, {}",
            run.comparator_name().to_lowercase(),
            run.horizon_name()
        ),
        &[
            "Measure",
            "Option",
            "Change",
            "90% range",
            "Probability that it is better",
        ],
        2,
    );
    for contrast in &run.forecast.contrasts {
        let series = &layout.series[contrast.series];
        let is_led = run
            .plan
            .measures
            .iter()
            .any(|measure| measure.is_headline && measure.id == series.measure);
        let is_of_service =
            ["needs_met", "unmet_need", "wait_months_p90"].contains(&series.measure.as_str());
        let is_still = contrast.difference.mean == 0.0 && !contrast.difference.has_range();
        if contrast.area != area
            || contrast.span != Span::Horizon
            || !(is_led || is_of_service)
            || is_still
        {
            continue;
        }
        let show = |value| number::signed(value, |v| number::exact(v, &series.unit));
        let better = if contrast.probability_better.is_nan() || !contrast.difference.has_range() {
            number::MISSING.to_owned()
        } else {
            number::chance(contrast.probability_better)
        };
        table.rows.push(vec![
            series.title.clone(),
            run.name(contrast.option),
            show(contrast.difference.mean),
            number::range(&contrast.difference, show),
            better,
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

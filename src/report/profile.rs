//! What the areas are like: `profile.csv`, the population by age and the published figures beside the forecast.

use super::Run;
use super::csv::Csv;
use crate::compile::Band;
use crate::summarise::reported_areas;

/// Every band, area and year of the run's population, then every published figure; nothing where there is neither.
pub(super) fn table(run: &Run) -> Option<Vec<u8>> {
    let plan = run.plan;
    if plan.context.is_empty() && plan.population.is_empty() {
        return None;
    }
    let mut table = Csv::new(&[
        "area_code",
        "area_name",
        "figure",
        "breakdown",
        "period",
        "unit",
        "source",
        "value",
    ]);
    let areas = reported_areas(plan);
    for (area, named) in areas.iter().enumerate() {
        for (age, band) in plan.strata.ages.iter().enumerate() {
            for year in plan.start.year()..=plan.end.plus(-1).year() {
                let Some(people) = people(run, area, age, year) else {
                    continue;
                };
                let breakdown = format!("age={}", band.id);
                let words = [
                    named.code.as_str(),
                    &named.name,
                    "Population",
                    &breakdown,
                    &year.to_string(),
                    "people",
                    "population.csv of the profile, whose SOURCES.md names the publication, or the sheet Population",
                ];
                table.row(words, [people]);
            }
        }
    }
    for series in &plan.context {
        for figure in &series.figures {
            let named = areas.iter().find(|area| area.code == figure.area_code);
            let words = [
                figure.area_code.as_str(),
                named.map_or("", |area| area.name.as_str()),
                &series.title,
                "",
                &figure.period,
                &figure.unit,
                &figure.source,
            ];
            table.row(words, [figure.value]);
        }
    }
    Some(table.into_bytes())
}

/// People of an age band in a year, both sexes; nothing outside the years that the plan has.
pub(super) fn people(run: &Run, area: usize, age: usize, year: i32) -> Option<f64> {
    let plan = run.plan;
    let index = usize::try_from(year - plan.population_from).ok()?;
    let areas = if area < plan.areas.len() {
        area..area + 1
    } else {
        0..plan.areas.len()
    };
    let bands = plan
        .population
        .get(areas)?
        .iter()
        .flatten()
        .map(|ages| ages.get(age));
    bands
        .map(|years| years.and_then(|years| years.get(index)))
        .sum()
}

/// The ages of a band, for people.
pub(super) fn age_name(band: &Band) -> String {
    match band.to {
        Some(to) => format!("{} to {to}", band.from),
        None => format!("{} and over", band.from),
    }
}

//! The hindcast beside what was recorded: how well the model tells the past.

use std::collections::BTreeMap;

use super::{Estimate, draws_of, reported_areas};
use crate::compile::{Area, Plan};
use crate::document::Withheld;
use crate::simulate::{Series, Trajectories, Value};

/// National series that say how many of the arrivals have a known residence; councils' figures leave out the rest.
const KNOWN: (&str, &str) = ("prison_arrivals_known_residence", "prison_arrivals");
/// A fit further off than this is an exception to be explained.
const TOLERANCE: f64 = 0.2;

/// How far the whole may be from its published figure.
const TOLERANCE_OF_THE_WHOLE: f64 = 0.05;
/// Years of the headline, and years over which small areas are averaged.
const LAST: usize = 3;

/// How the hindcast compares with what was recorded.
#[derive(Debug, Clone, Default)]
pub struct Fit {
    /// The whole, measure by measure, for the last published years.
    pub headline: Vec<FitLine>,
    /// Each area: the mean of its last published years.
    pub areas: Vec<FitLine>,
    /// Every published number that the model has an answer to.
    pub lines: Vec<FitLine>,
    /// What that comes to.
    pub verdicts: Vec<Verdict>,
    /// Numbers that disclosure control keeps back, with the model's; what was recorded is NaN.
    pub withheld: Vec<FitLine>,
    /// Whether areas' arrivals were scaled to those with a known residence.
    pub is_scaled_to_known_residence: bool,
}

/// One published number and the model's.
#[derive(Debug, Clone)]
pub struct FitLine {
    /// The measure's id.
    pub measure: String,
    /// For people.
    pub title: String,
    /// Of both numbers.
    pub unit: String,
    /// Where.
    pub area: Area,
    /// A financial year, or the first and last of several.
    pub period: String,
    /// What was published (a mean, over several years).
    pub recorded: f64,
    /// What the model says.
    pub modelled: Estimate,
    /// Modelled over recorded, less one.
    pub relative_error: f64,
    /// Whether what was recorded lies between the 5% and 95% quantiles; `None` without draws.
    pub is_inside: Option<bool>,
    /// The 95% half-width of the published count, were it Poisson, as a share of it; `None` for a share.
    pub chance: Option<f64>,
}

/// A count of areas, and every exception to it.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// For example `prison arrivals: 30 of 32 areas within 20%`.
    pub text: String,
    /// A sentence each.
    pub exceptions: Vec<String>,
}

/// Compares the comparator's hindcast with [`Plan::recorded`].
pub fn fit<N: Value>(plan: &Plan, trajectories: &Trajectories<N>) -> Fit {
    let sources = Sources::of(plan, trajectories);
    let mut fit = Fit::default();
    let areas = reported_areas(plan);
    for (index, series) in trajectories.layout.series.iter().enumerate() {
        if series.is_monthly || !series.breakdown.is_empty() {
            continue;
        }
        let mut of_areas = Vec::new();
        for (area, named) in areas.iter().enumerate() {
            fit.withheld
                .extend(sources.withheld(series, index, (area, named)));
            let Some(recorded) = sources
                .recorded
                .get(&(series.measure.as_str(), named.code.as_str()))
            else {
                continue;
            };
            let compare =
                |years: &[(usize, f64)]| sources.compare(series, index, area, named, years);
            let lines: Vec<_> = recorded.iter().map(|year| compare(&[*year])).collect();
            let last = recorded.len().saturating_sub(LAST);
            if area + 1 == areas.len() {
                fit.headline.extend(lines[last..].iter().cloned());
            } else {
                of_areas.push(compare(&recorded[last..]));
            }
            fit.is_scaled_to_known_residence |= sources.is_scaled(series, named);
            fit.lines.extend(lines);
        }
        if !of_areas.is_empty() {
            fit.verdicts.push(verdict(&series.title, &of_areas));
            fit.areas.append(&mut of_areas);
        }
    }
    if !fit.headline.is_empty() {
        fit.verdicts.push(whole(plan, &fit.headline));
    }
    fit
}

/// How many figures of the whole are near, and why the others are not, so far as the fitting tells.
fn whole(plan: &Plan, lines: &[FitLine]) -> Verdict {
    let last = plan.fittings.iter().map(|fitting| fitting.years.1).max();
    let told = |line: &FitLine| {
        let sentence = exception_of(line, 1);
        match last.filter(|last| line.period > last.to_string()) {
            Some(last) => format!(
                "{sentence} Nothing is fitted to figures later than {last}: here the model is a forecast."
            ),
            None => format!(
                "{sentence} Multipliers are fitted to that year, so the difference is the model's."
            ),
        }
    };
    let far = |line: &&FitLine| line.relative_error.abs() > TOLERANCE_OF_THE_WHOLE;
    let exceptions: Vec<_> = lines.iter().filter(far).map(told).collect();
    Verdict {
        text: format!(
            "{}: {} of {} figures within {:.0}% of what was recorded",
            plan.total.name,
            lines.len() - exceptions.len(),
            lines.len(),
            TOLERANCE_OF_THE_WHOLE * 100.0
        ),
        exceptions,
    }
}

/// What a comparison draws on.
struct Sources<'a, N> {
    plan: &'a Plan,
    trajectories: &'a Trajectories<N>,
    /// By measure and area code: years of the layout and values, rising.
    recorded: BTreeMap<(&'a str, &'a str), Vec<(usize, f64)>>,
    /// By year of the layout: the share of national arrivals whose residence is known.
    known: BTreeMap<usize, f64>,
    /// The code of the country, where that share is published.
    country: Option<&'a str>,
}

impl<'a, N: Value> Sources<'a, N> {
    fn of(plan: &'a Plan, trajectories: &'a Trajectories<N>) -> Sources<'a, N> {
        let layout = &trajectories.layout;
        let mut recorded: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for record in &plan.recorded {
            if let Some(year) = layout
                .years
                .iter()
                .position(|y| y.to_string() == record.period)
            {
                let key = (record.measure.as_str(), record.area_code.as_str());
                recorded.entry(key).or_default().push((year, record.value));
            }
        }
        for years in recorded.values_mut() {
            years.sort_by_key(|(year, _)| *year);
        }
        let (mut known, mut country) = (BTreeMap::new(), None);
        for ((measure, area), years) in &recorded {
            let all = recorded
                .get(&(KNOWN.1, *area))
                .filter(|_| *measure == KNOWN.0);
            for (year, all) in all.into_iter().flatten() {
                if let Some((_, with)) =
                    years.iter().find(|(y, _)| y == year).filter(|_| *all > 0.0)
                {
                    known.insert(*year, with / all);
                    country = Some(*area);
                }
            }
        }
        Sources {
            plan,
            trajectories,
            recorded,
            known,
            country,
        }
    }

    /// Arrivals of areas and of their sum, of every legal status; the country's figure counts everybody.
    fn is_scaled(&self, series: &Series, area: &Area) -> bool {
        let is_part = self.country.is_some_and(|country| country != area.code);
        series.measure.starts_with(KNOWN.1) && is_part
    }

    /// What the model says of numbers that are kept back.
    fn withheld(
        &self,
        series: &Series,
        index: usize,
        (area, named): (usize, &Area),
    ) -> Vec<FitLine> {
        let years = &self.trajectories.layout.years;
        let withheld = self.plan.disclosure.withheld.iter();
        let of_it =
            withheld.filter(|it| it.measure == series.measure && it.area_code == named.code);
        let year = |it: &Withheld| years.iter().position(|year| year.to_string() == it.period);
        of_it
            .filter_map(year)
            .map(|year| FitLine {
                is_inside: None,
                ..self.compare(series, index, area, named, &[(year, f64::NAN)])
            })
            .collect()
    }

    /// The mean of these years, published and modelled.
    fn compare(
        &self,
        series: &Series,
        index: usize,
        area: usize,
        named: &Area,
        years: &[(usize, f64)],
    ) -> FitLine {
        let layout = &self.trajectories.layout;
        let n = years.len() as f64;
        let recorded = years.iter().map(|(_, value)| value).sum::<f64>() / n;
        let is_scaled = self.is_scaled(series, named);
        let mut column: Vec<N> = draws_of(self.trajectories)
            .iter()
            .map(|row| {
                let value = |year: usize| {
                    let value: f64 =
                        row.values[layout.at(self.plan.comparator, area, index, year)].into();
                    let factor = self.known.get(&year).filter(|_| is_scaled).unwrap_or(&1.0);
                    value * factor
                };
                N::of(years.iter().map(|(year, _)| value(*year)).sum::<f64>() / n)
            })
            .collect();
        let modelled = Estimate::of_column(&mut column);
        let first = layout.years[years[0].0];
        let last = layout.years[years[years.len() - 1].0];
        FitLine {
            measure: series.measure.clone(),
            title: series.title.clone(),
            unit: series.unit.clone(),
            area: named.clone(),
            period: if first == last {
                first.to_string()
            } else {
                format!("{first} to {last}")
            },
            recorded,
            relative_error: modelled.mean / recorded - 1.0,
            is_inside: modelled
                .has_range()
                .then_some(modelled.p05 <= recorded && recorded <= modelled.p95),
            modelled,
            chance: (series.unit != "share" && recorded > 0.0)
                .then(|| 1.96 / (recorded * n).sqrt()),
        }
    }
}

fn verdict(title: &str, areas: &[FitLine]) -> Verdict {
    let exceptions: Vec<_> = areas
        .iter()
        // A year without people has no relative error, and is no exception.
        .filter(|line| line.relative_error.abs() > TOLERANCE)
        .map(exception)
        .collect();
    Verdict {
        text: format!(
            "{title}: {} of {} areas within {:.0}% of what was recorded",
            areas.len() - exceptions.len(),
            areas.len(),
            TOLERANCE * 100.0
        ),
        exceptions,
    }
}

/// The exception of a figure of the whole: its measure, what was recorded and modelled.
fn exception_of(line: &FitLine, digits: usize) -> String {
    let share = if line.unit == "share" { 3 } else { 0 };
    format!(
        "{}, {}: the model says {:.share$} and {:.share$} was recorded ({:+.digits$}%).",
        line.title,
        line.period,
        line.modelled.mean,
        line.recorded,
        line.relative_error * 100.0
    )
    .replace("(-", "(−")
}

fn exception(line: &FitLine) -> String {
    let digits = match line.unit.as_str() {
        "share" => 3,
        _ if line.recorded >= 100.0 => 0,
        _ => 1,
    };
    let told = format!(
        "{}: the model says {:.digits$} and {:.digits$} was recorded ({}), {}",
        line.area.name,
        line.modelled.mean,
        line.recorded,
        percent(line.relative_error),
        line.period
    );
    match line.chance {
        Some(chance) if chance >= line.relative_error.abs() => format!(
            "{told}. Small numbers: chance alone moves the published count by ±{:.0}% (95%).",
            chance * 100.0
        ),
        Some(chance) => format!(
            "{told}. Chance alone moves the published count by ±{:.0}% (95%), so the rest is the model's.",
            chance * 100.0
        ),
        None => format!("{told}."),
    }
}

fn percent(share: f64) -> String {
    format!("{:+.0}%", share * 100.0).replace('-', "−")
}

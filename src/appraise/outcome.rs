//! What each option achieves for people over the forecast, in every draw.

use std::ops::Range;

use super::Factors;
use super::table::{Table, Weighed};
use crate::compile::{Better, Measure, Plan};
use crate::simulate::{Trajectories, Value};

/// An outcome over the horizon, all areas together.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// Of the appraisal table.
    pub id: String,
    /// For people.
    pub title: String,
    /// Of the values.
    pub unit: String,
    /// Which way is better.
    pub better: Better,
    /// Whether options are ranked on it.
    pub is_criterion: bool,
    /// Whether the model asks for it to be summed over the years.
    pub is_summed: bool,
    /// What the reader should know.
    pub note: String,
    /// `[option][row]`; row 0 is central.
    pub values: Vec<Vec<f64>>,
}

/// Services' outcomes that add up over services: id, title, which way is better.
const OF_SERVICES: [(&str, &str, Better); 5] = [
    ("needs_met", "Needs met by services", Better::Higher),
    ("completions", "People who complete support", Better::Higher),
    ("starts", "People who start with a service", Better::Higher),
    (
        "unmet_need",
        "People with a need who never start",
        Better::Lower,
    ),
    ("gave_up", "People who give up waiting", Better::Lower),
];

impl Outcome {
    pub fn new(
        id: &str,
        title: &str,
        unit: &str,
        better: Better,
        values: Vec<Vec<f64>>,
    ) -> Outcome {
        Outcome {
            id: id.to_owned(),
            title: title.to_owned(),
            unit: unit.to_owned(),
            better,
            is_criterion: true,
            is_summed: false,
            note: String::new(),
            values,
        }
    }

    /// Told, but not ranked on: it would count another outcome twice.
    pub fn told_only(self) -> Outcome {
        Outcome {
            is_criterion: false,
            ..self
        }
    }
}

/// The outcomes of a run, most asked for first.
pub(super) fn outcomes<N: Value>(
    plan: &Plan,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    factors: &Factors,
) -> Vec<Outcome> {
    let table = Table {
        trajectories,
        years,
    };
    let mut found = of_services(plan, &table, factors);
    let summed = plan.measures.iter().filter(|measure| measure.is_summed);
    for measure in summed {
        found.extend(of_summed(measure, plan, &table, factors));
    }
    if let Some(prison) = trajectories.layout.find("prison_population", "") {
        let title = "Months spent in prison";
        let weighed = Weighed::of(&table, &[prison], 12.0, false, factors);
        found.extend(weighed.outcomes("prison_months", title, "months", Better::Lower));
    }
    if let Some(people) = table.reconvictions(|_| 1.0) {
        let discounted = table.reconvictions(|year| factors.standard[year]);
        let weighed = Weighed {
            plain: people,
            discounted: discounted.unwrap_or_default(),
            note: &factors.standard_words,
        };
        let title = "People reconvicted within the published time";
        found.extend(weighed.outcomes("reconvictions", title, "people", Better::Lower));
    }
    let headline = plan
        .measures
        .iter()
        .filter(|measure| measure.is_headline && !measure.is_summed);
    for outcome in headline.filter_map(|measure| of_headline(measure, &table)) {
        // A measure of the model may have the name of one that every run has.
        let is_taken = found.iter().any(|told| told.id == outcome.id);
        let id = match is_taken {
            true => format!("{}_in_all", outcome.id),
            false => outcome.id.clone(),
        };
        found.push(Outcome { id, ..outcome });
    }
    add_indicators(plan, &table, factors, &mut found);
    found
}

/// National indicators: their numbers over all years. One that is told already is told to be one.
fn add_indicators<N: Value>(
    plan: &Plan,
    table: &Table<N>,
    factors: &Factors,
    found: &mut Vec<Outcome>,
) {
    let layout = &table.trajectories.layout;
    let outcomes = plan.duties.outcomes.iter();
    let measures = outcomes.flat_map(|outcome| {
        let of = outcome.indicators.iter().flat_map(|own| &own.measures);
        of.map(move |measure| (outcome, measure))
    });
    for (outcome, (measure, breakdown)) in measures {
        let note = format!(
            "national indicator of {} ({})",
            outcome.id,
            outcome.citation.trim_end_matches('.')
        );
        let Some(series) = layout.find(measure, breakdown) else {
            continue;
        };
        let own = &layout.series[series];
        let id = match breakdown.as_str() {
            "" => measure.clone(),
            breakdown => format!("{measure}[{breakdown}]"),
        };
        if let Some(told) = found.iter_mut().find(|outcome| outcome.id == id) {
            told.note = note;
            continue;
        }
        let mut measures = plan.measures.iter();
        let is_health = measures.any(|own| own.is_health && own.id == *measure);
        if own.is_flow {
            let weighed = Weighed::of(table, &[series], 1.0, is_health, factors);
            let outcomes = weighed.outcomes(&id, &own.title, &own.unit, own.better);
            let [plain, discounted] = outcomes.map(Outcome::told_only);
            found.push(Outcome { note, ..plain });
            found.push(discounted);
        } else {
            let weight = 1.0 / table.years.len().max(1) as f64;
            let values = table.mean(series, weight);
            let title = format!("{}, mean of the years", own.title);
            let outcome = Outcome::new(&id, &title, &own.unit, own.better, values);
            found.push(Outcome {
                note,
                ..outcome.told_only()
            });
        }
    }
}

/// What services achieve; needs met by a service of health are discounted at the rate of health.
fn of_services<N: Value>(plan: &Plan, table: &Table<N>, factors: &Factors) -> Vec<Outcome> {
    let layout = &table.trajectories.layout;
    let is_health = |series: usize| {
        let of = &layout.series[series].breakdown;
        let mut services = plan.services.iter();
        services.any(|s| s.is_health && of.strip_prefix("service=") == Some(s.id.as_str()))
    };
    let mut found = Vec::new();
    for (id, title, better) in OF_SERVICES {
        let series = table.all(id);
        let (health, other): (Vec<usize>, Vec<usize>) =
            series.iter().partition(|series| is_health(**series));
        if series.is_empty() {
            continue;
        }
        let mut weighed = Weighed::of(table, &other, 1.0, false, factors);
        let both;
        if !health.is_empty() {
            weighed.add(Weighed::of(table, &health, 1.0, true, factors));
            both = format!("{}; health {}", weighed.note, factors.health_words);
            weighed.note = &both;
        }
        let [plain, discounted] = weighed.outcomes(id, title, "people", better);
        let is_told_only = ["starts", "completions"].contains(&id);
        found.push(if is_told_only {
            plain.told_only()
        } else {
            plain
        });
        if ["needs_met", "completions"].contains(&id) {
            found.push(discounted);
        }
    }
    if let Some(values) = table.mean_wait() {
        let title = "Mean wait of those who start";
        let (id, unit) = ("wait_months_mean", "months");
        found.push(Outcome::new(id, title, unit, Better::Lower, values));
    }
    found
}

/// A measure over all years, discounted where the scenario says so, a stock in person-years; of health, where the
/// scenario says nothing, also discounted as health is.
fn of_summed<N: Value>(
    measure: &Measure,
    plan: &Plan,
    table: &Table<N>,
    factors: &Factors,
) -> Vec<Outcome> {
    let layout = &table.trajectories.layout;
    let Some(series) = layout.find(&measure.id, "") else {
        return Vec::new();
    };
    let unit = match layout.series[series].is_flow {
        true => measure.unit.clone(),
        false => format!("{}-years", measure.unit),
    };
    let own = &plan.discounting;
    let (rates, by) = match measure.is_health {
        true => (
            own.health.as_ref().or(own.outcomes.as_ref()),
            &factors.summed_health,
        ),
        false => (own.outcomes.as_ref(), &factors.outcomes),
    };
    let discounted = match rates {
        Some(rates) if !rates.is_none() => format!(", discounted at {}", rates.edition),
        _ => String::new(),
    };
    let title = format!("{}, over all years{discounted}", measure.title);
    let account = table.account(series, plan.summed_account(measure));
    let values = account.unwrap_or_else(|| table.sum(&[series], |year| by[year]));
    let mut found = vec![Outcome {
        is_summed: true,
        ..Outcome::new(&measure.id, &title, &unit, measure.better, values)
    }];
    if measure.is_health && rates.is_none() {
        let weighed = Weighed::of(table, &[series], 1.0, true, factors);
        let [_, twin] = weighed.outcomes(&measure.id, &measure.title, &unit, measure.better);
        found.push(twin);
    }
    found
}

fn of_headline<N: Value>(measure: &Measure, table: &Table<N>) -> Option<Outcome> {
    let layout = &table.trajectories.layout;
    let series = layout.find(&measure.id, "")?;
    let (weight, over) = if layout.series[series].is_flow {
        (1.0, "all years")
    } else {
        (1.0 / table.years.len() as f64, "mean of the years")
    };
    let title = format!("{}, {over}", measure.title);
    let values = table.sum(&[series], |_| weight);
    Some(Outcome::new(&measure.id, &title, &measure.unit, measure.better, values).told_only())
}

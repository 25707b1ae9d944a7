//! What each option achieves for people over the forecast, in every draw.

use std::ops::Range;

use super::Factors;
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
    /// `[option][row]`; row 0 is central.
    pub values: Vec<Vec<f64>>,
}

/// Services' outcomes that add up over services: id, title, which way is better.
const OF_SERVICES: [(&str, &str, Better); 4] = [
    ("needs_met", "Needs met by services", Better::Higher),
    ("starts", "People who start with a service", Better::Higher),
    (
        "unmet_need",
        "People with a need who never start",
        Better::Lower,
    ),
    ("gave_up", "People who give up waiting", Better::Lower),
];

impl Outcome {
    fn new(id: &str, title: &str, unit: &str, better: Better, values: Vec<Vec<f64>>) -> Outcome {
        Outcome {
            id: id.to_owned(),
            title: title.to_owned(),
            unit: unit.to_owned(),
            better,
            is_criterion: true,
            is_summed: false,
            values,
        }
    }

    /// Told, but not ranked on: it would count another outcome twice.
    fn told_only(self) -> Outcome {
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
    let mut found = of_services(&table, &factors.costs);
    let summed = plan.measures.iter().filter(|measure| measure.is_summed);
    found.extend(summed.filter_map(|measure| of_summed(measure, plan, &table, factors)));
    if let Some(prison) = trajectories.layout.find("prison_population", "") {
        let values = table.sum(&[prison], |_| 12.0);
        found.push(Outcome::new(
            "prison_months",
            "Months spent in prison",
            "months",
            Better::Lower,
            values,
        ));
    }
    if let Some(values) = table.reconvictions() {
        let title = "People reconvicted within the published time";
        found.push(Outcome::new(
            "reconvictions",
            title,
            "people",
            Better::Lower,
            values,
        ));
    }
    let headline = plan
        .measures
        .iter()
        .filter(|measure| measure.is_headline && !measure.is_summed);
    found.extend(headline.filter_map(|measure| of_headline(measure, &table)));
    found
}

fn of_services<N: Value>(table: &Table<N>, factors: &[f64]) -> Vec<Outcome> {
    let mut found = Vec::new();
    for (id, title, better) in OF_SERVICES {
        let series = table.all(id);
        if series.is_empty() {
            continue;
        }
        let outcome = Outcome::new(id, title, "people", better, table.sum(&series, |_| 1.0));
        found.push(if id == "starts" {
            outcome.told_only()
        } else {
            outcome
        });
        if id == "needs_met" {
            let values = table.sum(&series, |year| factors[year]);
            let title = "Needs met, discounted as money is";
            found.push(
                Outcome::new("needs_met_discounted", title, "people", better, values).told_only(),
            );
        }
    }
    if let Some(values) = table.mean_wait() {
        let title = "Mean wait of those who start";
        found.push(Outcome::new(
            "wait_months_mean",
            title,
            "months",
            Better::Lower,
            values,
        ));
    }
    found
}

/// A measure over all years, discounted where the scenario says so; a stock in person-years.
fn of_summed<N: Value>(
    measure: &Measure,
    plan: &Plan,
    table: &Table<N>,
    factors: &Factors,
) -> Option<Outcome> {
    let layout = &table.trajectories.layout;
    let series = layout.find(&measure.id, "")?;
    let unit = match layout.series[series].is_flow {
        true => measure.unit.clone(),
        false => format!("{}-years", measure.unit),
    };
    let discounted = match plan.discounting.outcomes {
        Some(rate) if rate > 0.0 => format!(", discounted at {}% a year", 100.0 * rate),
        _ => String::new(),
    };
    let title = format!("{}, over all years{discounted}", measure.title);
    let values = table.sum(&[series], |year| factors.outcomes[year]);
    Some(Outcome {
        is_summed: true,
        ..Outcome::new(&measure.id, &title, &unit, measure.better, values)
    })
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

/// Yearly values of the forecast, all areas together.
struct Table<'a, N> {
    trajectories: &'a Trajectories<N>,
    years: Range<usize>,
}

impl<N: Value> Table<'_, N> {
    fn at(&self, row: usize, option: usize, series: usize, year: usize) -> f64 {
        let layout = &self.trajectories.layout;
        let at = layout.at(option, layout.n_areas - 1, series, year);
        self.trajectories.rows[row].values[at].into()
    }

    /// Every yearly series of a measure.
    fn all(&self, measure: &str) -> Vec<usize> {
        let series = self.trajectories.layout.series.iter().enumerate();
        series
            .filter(|(_, s)| !s.is_monthly && s.measure == measure)
            .map(|(index, _)| index)
            .collect()
    }

    fn by_option_and_row(&self, value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        let n_rows = self.trajectories.rows.len();
        (0..self.trajectories.layout.n_options)
            .map(|option| (0..n_rows).map(|row| value(option, row)).collect())
            .collect()
    }

    /// The weighted sum over series and years; weights are by year of the forecast. Missing values count nothing.
    fn sum(&self, series: &[usize], weight: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
        self.by_option_and_row(|option, row| {
            let mut sum = 0.0;
            for (index, year) in self.years.clone().enumerate() {
                for &series in series {
                    let value = self.at(row, option, series, year);
                    sum += if value.is_nan() {
                        0.0
                    } else {
                        value * weight(index)
                    };
                }
            }
            sum
        })
    }

    /// Over all services and years, each wait weighted by those who started.
    fn mean_wait(&self) -> Option<Vec<Vec<f64>>> {
        let (waits, starts) = (self.all("wait_months_mean"), self.all("starts"));
        (!waits.is_empty()).then(|| self.weighted_mean(&waits, &starts))
    }

    fn weighted_mean(&self, values: &[usize], weights: &[usize]) -> Vec<Vec<f64>> {
        self.by_option_and_row(|option, row| {
            let (mut sum, mut of) = (0.0, 0.0);
            for (&value, &weight) in values.iter().zip(weights) {
                for year in self.years.clone() {
                    let (v, w) = (
                        self.at(row, option, value, year),
                        self.at(row, option, weight, year),
                    );
                    if v.is_finite() && w > 0.0 {
                        sum += v * w;
                        of += w;
                    }
                }
            }
            sum / of
        })
    }

    fn reconvictions(&self) -> Option<Vec<Vec<f64>>> {
        let layout = &self.trajectories.layout;
        let cohort = layout.find("reconviction_cohort", "")?;
        let rate = layout.find("reconviction_rate", "")?;
        Some(self.by_option_and_row(|option, row| {
            let people =
                |year| self.at(row, option, cohort, year) * self.at(row, option, rate, year);
            self.years
                .clone()
                .map(people)
                .filter(|people| !people.is_nan())
                .sum()
        }))
    }
}

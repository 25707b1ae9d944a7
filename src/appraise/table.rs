//! Yearly values of the forecast added up: plain, weighted, discounted.

use std::ops::Range;

use super::Factors;
use super::outcome::Outcome;
use crate::compile::{Account, Better};
use crate::simulate::{Trajectories, Value};

/// Yearly values of the forecast, all areas together.
pub(super) struct Table<'a, N> {
    /// What happened.
    pub trajectories: &'a Trajectories<N>,
    /// The years of the forecast.
    pub years: Range<usize>,
}

impl<N: Value> Table<'_, N> {
    fn at(&self, row: usize, option: usize, series: usize, year: usize) -> f64 {
        let layout = &self.trajectories.layout;
        let at = layout.at(option, layout.n_areas - 1, series, year);
        self.trajectories.rows[row].values[at].into()
    }

    /// Every yearly series of a measure.
    pub fn all(&self, measure: &str) -> Vec<usize> {
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
    pub fn sum(&self, series: &[usize], weight: impl Fn(usize) -> f64) -> Vec<Vec<f64>> {
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

    /// The sum over the years of an account of a series; `None` where it is not kept.
    pub fn account(&self, series: usize, account: Account) -> Option<Vec<Vec<f64>>> {
        let layout = &self.trajectories.layout;
        let twin = layout.account(series, account)?;
        let years = self.years.clone();
        let periods: Vec<usize> = years
            .flat_map(|year| layout.periods_in(twin, year))
            .map(|(period, _)| period)
            .collect();
        Some(self.by_option_and_row(|option, row| {
            let values = periods
                .iter()
                .map(|&period| self.at(row, option, twin, period));
            values.filter(|value| !value.is_nan()).sum()
        }))
    }

    /// Over all services and years, each wait weighted by those who started.
    pub fn mean_wait(&self) -> Option<Vec<Vec<f64>>> {
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

    /// The mean of a share or a stock over the years in which it is known.
    pub fn mean(&self, series: usize, weight: f64) -> Vec<Vec<f64>> {
        self.by_option_and_row(|option, row| {
            let values = self
                .years
                .clone()
                .map(|year| self.at(row, option, series, year));
            let known: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
            match known.len() {
                0 => f64::NAN,
                n if n == self.years.len() => weight * known.iter().sum::<f64>(),
                n => known.iter().sum::<f64>() / n as f64,
            }
        })
    }

    pub fn reconvictions(&self, weight: impl Fn(usize) -> f64) -> Option<Vec<Vec<f64>>> {
        let layout = &self.trajectories.layout;
        let cohort = layout.find("reconviction_cohort", "")?;
        let rate = layout.find("reconviction_rate", "")?;
        Some(self.by_option_and_row(|option, row| {
            let people = |(index, year)| {
                let weight = weight(index);
                self.at(row, option, cohort, year) * self.at(row, option, rate, year) * weight
            };
            self.years
                .clone()
                .enumerate()
                .map(people)
                .filter(|people| !people.is_nan())
                .sum()
        }))
    }
}

/// Something that adds up over the years, plain and discounted.
pub(super) struct Weighed<'a> {
    /// `[option][row]`.
    pub plain: Vec<Vec<f64>>,
    /// The same, discounted.
    pub discounted: Vec<Vec<f64>>,
    /// How.
    pub note: &'a str,
}

impl<'a> Weighed<'a> {
    pub fn of<N: Value>(
        table: &Table<N>,
        series: &[usize],
        weight: f64,
        is_health: bool,
        factors: &'a Factors,
    ) -> Weighed<'a> {
        let (by, note) = match is_health {
            true => (&factors.health, &factors.health_words),
            false => (&factors.standard, &factors.standard_words),
        };
        Weighed {
            plain: table.sum(series, |_| weight),
            discounted: table.sum(series, |year| weight * by[year]),
            note,
        }
    }

    pub fn add(&mut self, other: Weighed<'a>) {
        let add = |ours: &mut Vec<Vec<f64>>, theirs: Vec<Vec<f64>>| {
            let pairs = ours.iter_mut().flatten().zip(theirs.into_iter().flatten());
            pairs.for_each(|(ours, theirs)| *ours += theirs);
        };
        add(&mut self.plain, other.plain);
        add(&mut self.discounted, other.discounted);
    }

    pub fn outcomes(self, id: &str, title: &str, unit: &str, better: Better) -> [Outcome; 2] {
        let (of, discounted) = (format!("{id}_discounted"), format!("{title}, discounted"));
        let twin = Outcome::new(&of, &discounted, unit, better, self.discounted);
        [
            Outcome::new(id, title, unit, better, self.plain),
            Outcome {
                note: self.note.to_owned(),
                ..twin.told_only()
            },
        ]
    }
}

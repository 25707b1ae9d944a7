//! The figures that numbers are learned from: how far the model misses the level of each recorded series.

use super::super::ahead::breaks;
use crate::compile::{BreakKind, Plan};
use crate::quantity::FinancialYear;
use crate::simulate::{Layout, Trajectory};

/// A recorded series of the whole, and how far the model is from it.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The measure.
    pub measure: String,
    /// For people.
    pub title: String,
    /// The financial years that count: recorded, not after the last fitted one, not declared disrupted, and not before the last declared
    /// change of level.
    pub years: Vec<FinancialYear>,
    /// Whether it is a share, of which hazards are compared.
    pub is_share: bool,
    /// Whether a multiplier is fitted to it.
    pub is_fitted: bool,
    /// The mean over the years, and over the draws of the prior, of the logarithm of modelled over recorded.
    pub miss: f64,
    /// What is left of it where the data put every number.
    pub left: f64,
    series: usize,
    periods: Vec<(usize, f64)>,
}

/// Every series of the whole that the record has figures of.
pub(super) fn evidence(plan: &Plan, layout: &Layout) -> Vec<Evidence> {
    let last = plan.fittings.iter().map(|fit| fit.years.1).max();
    let all = layout.series.iter().enumerate();
    let yearly = all.filter(|(_, series)| !series.is_monthly && series.breakdown.is_empty());
    let found = yearly.filter_map(|(index, series)| {
        let broken = breaks(plan, &series.measure, &layout.years);
        let counts = |period: usize| {
            let mut here = broken.iter().filter(|found| {
                found
                    .area_code
                    .as_ref()
                    .is_none_or(|code| *code == plan.total.code)
            });
            here.all(|found| match found.kind {
                BreakKind::Disrupted | BreakKind::Ending => {
                    period < found.from || period > found.to
                }
                BreakKind::Level => period >= found.from,
            })
        };
        let value = |year: FinancialYear| {
            let period = year.to_string();
            let mut rows = plan.recorded.iter();
            let row = rows.find(|row| {
                row.measure == series.measure
                    && row.area_code == plan.total.code
                    && row.period == period
            });
            row.map(|row| row.value).filter(|value| *value > 0.0)
        };
        let years = layout.years.iter().copied().enumerate();
        let known =
            years.filter(|(period, year)| last.is_none_or(|last| *year <= last) && counts(*period));
        let periods: Vec<(usize, f64)> = known
            .filter_map(|(period, year)| Some((period, value(year)?)))
            .collect();
        (!periods.is_empty()).then(|| Evidence {
            measure: series.measure.clone(),
            title: series.title.clone(),
            years: periods
                .iter()
                .map(|(period, _)| layout.years[*period])
                .collect(),
            is_share: series.unit == "share",
            is_fitted: plan
                .fittings
                .iter()
                .any(|fit| fit.measure == series.measure),
            miss: f64::NAN,
            left: f64::NAN,
            series: index,
            periods,
        })
    });
    found.collect()
}

impl Evidence {
    /// How far one row of the draws is off, or no number where nothing was modelled.
    pub(super) fn miss_of(&self, layout: &Layout, row: &Trajectory) -> f64 {
        let on_scale = |value: f64| match self.is_share {
            true => (-(1.0 - value).ln()).ln(),
            false => value.ln(),
        };
        let off = self.periods.iter().map(|&(period, recorded)| {
            let at = layout.at(0, layout.n_areas - 1, self.series, period);
            on_scale(f64::from(row.values[at])) - on_scale(recorded)
        });
        off.sum::<f64>() / self.periods.len() as f64
    }
}

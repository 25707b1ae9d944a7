//! What the record by month says of the season of an inflow.

use std::collections::BTreeMap;

use super::forecast::monthly_season;
use super::{OnScale, Scale};
use crate::compile::{Inflow, ParameterIdx, Plan};
use crate::quantity::{FinancialYear, Month, TimeUnit};

/// What a record by month says of an inflow's season, and what draws one.
#[derive(Debug, Clone, Default)]
pub struct SeasonRecord {
    /// Of how many months there is a record of the whole.
    pub n_months: usize,
    /// From April on, a month's mean over the mean of the twelve, lognormal; `None` where the record does not know it
    /// better than chance.
    pub months: Option<[OnScale; 12]>,
    /// The numbers that draw a season, from April on; `None` where the inflow has none.
    pub drawn_by: Option<[ParameterIdx; 12]>,
    /// Whether these numbers are of this inflow alone and without keys, so that a record of the whole tells all of them.
    pub is_own: bool,
}

/// Of an inflow whose arrivals a measure counts.
pub(super) fn season_record(plan: &Plan, inflow: &Inflow, measure: Option<&str>) -> SeasonRecord {
    let (n_months, months) = measure.map_or((0, None), |measure| of_measure(plan, measure));
    let drawn_by = inflow.season.and_then(|season| parameters(plan, &season));
    let is_its = |other: &&Inflow| other.season.and_then(|s| parameters(plan, &s)) == drawn_by;
    let has_keys = |parameter: &ParameterIdx| plan.parameters[*parameter].cells.len() > 1;
    SeasonRecord {
        n_months,
        months,
        drawn_by,
        is_own: drawn_by.is_some_and(|of| !of.iter().any(has_keys))
            && plan.inflows.iter().filter(is_its).count() == 1,
    }
}

/// The one factor of each month.
fn parameters(plan: &Plan, season: &[usize; 12]) -> Option<[ParameterIdx; 12]> {
    let first = |of: &usize| plan.quantities[*of].factors.first().copied();
    let found: Vec<ParameterIdx> = season.iter().filter_map(first).collect();
    found.try_into().ok()
}

/// How many months of the whole are recorded, and the season in them.
fn of_measure(plan: &Plan, measure: &str) -> (usize, Option<[OnScale; 12]>) {
    // A lone area is the whole.
    let whole = match &plan.areas[..] {
        [area] => &area.code,
        _ => &plan.total.code,
    };
    let of_whole = plan
        .recorded
        .iter()
        .filter(|row| row.measure == measure && row.area_code == *whole);
    // `2009-10` is a financial year.
    let months = of_whole.filter(|row| FinancialYear::parse(&row.period).is_none());
    let known: BTreeMap<Month, f64> = months
        .filter_map(|row| Some((Month::parse(&row.period)?, row.value)))
        .collect();
    let (Some(first), Some(last)) = (known.keys().next(), known.keys().next_back()) else {
        return (0, None);
    };
    let all: Vec<Month> = (0..=last.since(*first)).map(|at| first.plus(at)).collect();
    let value = |month: &Month| known.get(month).copied().unwrap_or(f64::NAN);
    let values: Vec<f64> = all.iter().map(value).collect();
    // Where steps are days a season is of the rate of a day, and a long month has more of them.
    let exposure = |month: &Month| match plan.step {
        TimeUnit::Day => f64::from(month.n_days()),
        TimeUnit::Month | TimeUnit::Year => 1.0,
    };
    let exposures: Vec<f64> = all.iter().map(exposure).collect();
    let found = monthly_season(&values, &exposures).map(|effects| {
        let mut from_april = [OnScale {
            scale: Scale::Log,
            mean: 0.0,
            sd: 0.0,
        }; 12];
        for (at, effect) in effects.into_iter().enumerate() {
            let month = &mut from_april[first.plus(at as i32).of_financial_year()];
            (month.mean, month.sd) = (effect.mean, effect.sd);
        }
        over_their_mean(from_april)
    });
    (known.len(), found)
}

/// What is believed of twelve factors, each over the mean of their central values.
fn over_their_mean(mut months: [OnScale; 12]) -> [OnScale; 12] {
    let mean = months.iter().map(|month| month.centre()).sum::<f64>() / 12.0;
    for month in &mut months {
        month.mean -= mean.ln();
    }
    months
}

impl SeasonRecord {
    /// The numbers that draw the season and their laws by the record; none where the record knows of no season, or does
    /// not tell the numbers that draw one.
    pub fn fitted(&self) -> Vec<(ParameterIdx, OnScale)> {
        match (self.drawn_by, self.months) {
            (Some(drawn_by), Some(months)) if self.is_own => {
                drawn_by.into_iter().zip(months).collect()
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Key, poisson_quantile};

    /// Six years of monthly counts of 300, with fewer in December by this share.
    fn months(fewer: f64) -> Vec<f64> {
        let month = |at: u64| {
            let mean = if at % 12 == 8 {
                300.0 * (1.0 - fewer)
            } else {
                300.0
            };
            poisson_quantile(Key::new(4).with(at).uniform(), mean) as f64
        };
        (0..72).map(month).collect()
    }

    fn found(values: &[f64]) -> Option<Vec<super::super::forecast::Effect>> {
        monthly_season(values, &vec![1.0; values.len()])
    }

    #[test]
    fn a_season_is_seen_where_there_is_one() {
        assert_eq!(found(&months(0.0)), None);
        let season = found(&months(0.3)).unwrap();
        let least = (0..12).min_by(|a, b| season[*a].mean.total_cmp(&season[*b].mean));
        assert_eq!(least, Some(8));
        // Six months of 210 have an error of 3%, and what looks like chance is drawn towards 1.
        let december = season[8].mean.exp();
        assert!((0.65..0.85).contains(&december), "{season:?}");
        assert!((0.01..0.06).contains(&season[8].sd), "{season:?}");
        assert_eq!(found(&months(0.3)[..30]), None);
        assert_eq!(found(&[]), None);
    }

    /// Months of the same rate for each day have no season of days.
    #[test]
    fn long_months_are_no_season_of_days() {
        let of_days: Vec<f64> = (0..72)
            .map(|at| f64::from(Month::EPOCH.plus(at).n_days()))
            .collect();
        let counts: Vec<f64> = of_days.iter().map(|days| 1000.0 * days).collect();
        assert_eq!(monthly_season(&counts, &of_days), None);
        let of_months = found(&counts).unwrap();
        let february = of_months[1].mean.exp();
        assert!((0.90..0.95).contains(&february), "{of_months:?}");
    }
}

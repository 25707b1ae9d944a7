//! What the record says of each inflow by itself: how much areas' years vary beyond Poisson, and what seasons do to it.

use std::collections::BTreeMap;

use super::forecast::monthly_season;
use super::{Dispersion, OnScale, Scale};
use crate::compile::{Counts, ParameterIdx, Plan};
use crate::quantity::{FinancialYear, Grade, Month};

/// What is known of one inflow beside its multipliers.
#[derive(Debug, Clone)]
pub struct InflowRecord {
    /// Its place among the inflows of the plan.
    pub inflow: usize,
    /// The measure that counts everybody who enters where the inflow does, where there is one: the first.
    pub measure: Option<String>,
    /// What its record by area says of overdispersion; `None` where there is too little.
    pub dispersion: Option<Dispersion>,
    /// The number that draws overdispersion; `None` where the inflow has none, or where it is a product.
    pub parameter: Option<ParameterIdx>,
    /// Of how many months there is a record of the whole.
    pub n_months: usize,
    /// By what each month's mean is multiplied, from April on, where the record knows it better than chance.
    pub season: Option<[f64; 12]>,
}

/// Of every inflow, in order. `dispersions` are those of the plan.
pub fn inflow_records(plan: &Plan, dispersions: &[Dispersion]) -> Vec<InflowRecord> {
    let record = |(index, inflow): (usize, &crate::compile::Inflow)| {
        let counts_it = |counts: &Counts| match counts {
            Counts::Entries(into) => {
                into[inflow.into] && into.iter().filter(|is_in| **is_in).count() == 1
            }
            _ => false,
        };
        let counting = plan.measures.iter().filter(|m| counts_it(&m.counts));
        let measure = counting.map(|measure| measure.id.clone()).next();
        let of_measure =
            |found: &&Dispersion| measure.as_ref().is_some_and(|id| *id == found.measure);
        let factors = inflow
            .overdispersion
            .map(|at| &plan.quantities[at].factors[..]);
        let (n_months, season) = measure.as_ref().map_or((0, None), |id| season(plan, id));
        InflowRecord {
            inflow: index,
            dispersion: dispersions.iter().find(of_measure).cloned(),
            measure,
            parameter: match factors {
                Some([parameter]) => Some(*parameter),
                _ => None,
            },
            n_months,
            season,
        }
    };
    plan.inflows.iter().enumerate().map(record).collect()
}

/// How many months of the whole are recorded, and the season in them.
fn season(plan: &Plan, measure: &str) -> (usize, Option<[f64; 12]>) {
    let of_whole = plan
        .recorded
        .iter()
        .filter(|row| row.measure == measure && row.area_code == plan.total.code);
    // `2009-10` is a financial year.
    let months = of_whole.filter(|row| FinancialYear::parse(&row.period).is_none());
    let known: BTreeMap<Month, f64> = months
        .filter_map(|row| Some((Month::parse(&row.period)?, row.value)))
        .collect();
    let (Some(first), Some(last)) = (known.keys().next(), known.keys().next_back()) else {
        return (0, None);
    };
    let values: Vec<f64> = (0..=last.since(*first))
        .map(|at| known.get(&first.plus(at)).copied().unwrap_or(f64::NAN))
        .collect();
    let found = monthly_season(&values).map(|indices| {
        let mut from_april = [1.0; 12];
        for (at, index) in indices.into_iter().enumerate() {
            from_april[(first.month() as usize + 8 + at) % 12] = index;
        }
        from_april
    });
    (known.len(), found)
}

impl InflowRecord {
    /// The number that draws overdispersion, and its law by the record: lognormal, with the record's error; `None` where
    /// the record supports none, or nothing draws it.
    pub fn fitted(&self) -> Option<(ParameterIdx, OnScale)> {
        let found = self.dispersion.as_ref().filter(|of| of.is_supported())?;
        // The mean of a lognormal number is its median times this.
        let sd = (found.error / found.excess).powi(2).ln_1p().sqrt();
        let law = OnScale {
            scale: Scale::Log,
            mean: found.excess.ln() - 0.5 * sd * sd,
            sd,
        };
        Some((self.parameter?, law))
    }
}

/// The plan with the overdispersion of every inflow as its record has it.
pub fn carry_dispersion(records: &[InflowRecord], plan: &mut Plan) {
    for record in records {
        let (Some((parameter, law)), Some(found)) = (record.fitted(), &record.dispersion) else {
            continue;
        };
        let cells: Vec<usize> = plan.parameters[parameter]
            .cells
            .iter()
            .flatten()
            .map(|(_, cell)| *cell)
            .collect();
        for cell in cells {
            let cell = &mut plan.cells[cell];
            cell.evidence.note = format!(
                "Fitted by needscast calibrate to {} of {} areas in {} years: what is neither Poisson nor still there \
                 the year after. Before: {}, graded {}. {}",
                found.measure,
                found.n_areas,
                found.n_years,
                cell.value,
                cell.evidence.grade.name(),
                cell.evidence.note
            );
            cell.evidence.grade = Grade::Study;
            cell.value = law.centre();
            cell.law = law.law();
            cell.interval = Some(law.interval());
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

    #[test]
    fn a_season_is_seen_where_there_is_one() {
        assert_eq!(monthly_season(&months(0.0)), None);
        let season = monthly_season(&months(0.3)).unwrap();
        let least = (0..12).min_by(|a, b| season[*a].total_cmp(&season[*b]));
        assert_eq!(least, Some(8));
        // Six months of 210 have an error of 3%, and what looks like chance is drawn towards 1.
        assert!((0.65..0.85).contains(&season[8]), "{season:?}");
        assert_eq!(monthly_season(&months(0.3)[..30]), None);
        assert_eq!(monthly_season(&[]), None);
    }
}

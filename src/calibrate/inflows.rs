//! What the record says of each inflow by itself: how much areas' years vary beyond Poisson, and what seasons do to it.

use super::season::season_record;
use super::{Dispersion, OnScale, Scale, SeasonRecord};
use crate::compile::{Counts, ParameterIdx, Plan};
use crate::quantity::Grade;

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
    /// What its record by month says of its season.
    pub season: SeasonRecord,
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
        InflowRecord {
            inflow: index,
            dispersion: dispersions.iter().find(of_measure).cloned(),
            season: season_record(plan, inflow, measure.as_deref()),
            measure,
            parameter: match factors {
                Some([parameter]) => Some(*parameter),
                _ => None,
            },
        }
    };
    plan.inflows.iter().enumerate().map(record).collect()
}

impl InflowRecord {
    /// Every number of the inflow that is known by the record, and its law.
    pub fn fitted(&self) -> Vec<(ParameterIdx, OnScale)> {
        let dispersion = self.fitted_dispersion();
        dispersion.into_iter().chain(self.season.fitted()).collect()
    }

    /// The number that draws overdispersion, and its law by the record: lognormal, with the record's error; `None` where
    /// the record supports none, or nothing draws it.
    fn fitted_dispersion(&self) -> Option<(ParameterIdx, OnScale)> {
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

/// The plan with the overdispersion and the season of every inflow as its record has them.
pub fn carry_inflows(records: &[InflowRecord], plan: &mut Plan) {
    for record in records {
        if let (Some(fitted), Some(found)) = (record.fitted_dispersion(), &record.dispersion) {
            let words = format!(
                "{} of {} areas in {} years: what is neither Poisson nor still there the year after",
                found.measure, found.n_areas, found.n_years
            );
            carry(plan, fitted, &words);
        }
        let measure = record.measure.as_deref().unwrap_or("");
        let words = format!(
            "{measure} in {} months: a month of the year over the mean of the twelve",
            record.season.n_months
        );
        for fitted in record.season.fitted() {
            carry(plan, fitted, &words);
        }
    }
}

/// Gives every row of a parameter its law by the record; the source of what was there stays, and the note says what it
/// was.
fn carry(plan: &mut Plan, (parameter, law): (ParameterIdx, OnScale), words: &str) {
    let cells = plan.parameters[parameter].cells.iter().flatten();
    let cells: Vec<usize> = cells.map(|(_, cell)| *cell).collect();
    for cell in cells {
        let cell = &mut plan.cells[cell];
        cell.evidence.note = format!(
            "Fitted by needscast calibrate to {words}. Before: {}, graded {}. {}",
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

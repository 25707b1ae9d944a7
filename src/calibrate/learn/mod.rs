//! What the record says of numbers that nobody publishes: lengths, hazards and shares that several published figures
//! depend on together.
//!
//! The uncertain numbers of the model are drawn from their laws (the prior), the yearly multipliers that are fitted
//! from wide ones, and the recorded years are lived in every draw. From this joint sample the best linear rule is
//! taken by which the misses of the model tell of each number (linear Bayes; in ensembles, the analysis step of the
//! Kalman filter: Evensen 1994). One figure counts for each recorded series of the whole: the mean over its years. How
//! far the model misses what nothing is fitted to is estimated from the misses themselves, so that eleven years of one
//! series, which share their faults, do not count as eleven. Areas' series are left out: their multipliers meet them.

mod bayes;
mod evidence;
mod groups;
mod scale;

pub use evidence::Evidence;
pub use groups::Apart;
pub use scale::{OnScale, Scale};

use std::collections::BTreeMap;

use bayes::{Ensemble, Told};

use super::{Effort, hindcast_plan};
use crate::compile::{CellIdx, Law, Plan};
use crate::draw::{Draws, draw};
use crate::quantity::{Grade, Unit};
use crate::simulate::{Layout, simulate_rows};

/// What was learned.
#[derive(Debug, Clone, Default)]
pub struct Learned {
    /// Every uncertain number of the model that has a law in the recorded years, by id and keys; then the multipliers.
    pub numbers: Vec<Number>,
    /// What the data know together and cannot tell apart.
    pub apart: Vec<Apart>,
    /// The figures.
    pub evidence: Vec<Evidence>,
    /// The standard deviation of what the model misses beyond draws and chance, of a logarithm; infinite where there
    /// are too few figures to tell.
    pub discrepancy: f64,
    /// How many draws it rests on.
    pub n_draws: usize,
}

/// One uncertain number: the cells that share one random number.
#[derive(Debug, Clone)]
pub struct Number {
    /// Those of a table that differ only in the month from which they hold.
    pub cells: Vec<CellIdx>,
    /// Whether it is a multiplier that is fitted year by year, which was given room to move.
    pub is_multiplier: bool,
    /// The share of the prior variance that the data remove.
    pub removed: f64,
    /// Its standard error.
    pub removed_error: f64,
    /// How far the mean moves, in standard deviations of the prior.
    pub shift: f64,
    /// The number it moves with most after the data, by place among the numbers, and their correlation.
    pub moves_with: Option<(usize, f64)>,
    /// What comes of it.
    pub verdict: Learnt,
}

impl Number {
    /// Whether the data say anything of it that draws alone would not seem to.
    pub fn is_told(&self) -> bool {
        self.removed >= LEAST && self.removed >= ERRORS * self.removed_error
    }
}

/// What comes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learnt {
    /// The data tell more of it than the prior does: it is fitted.
    Fitted,
    /// They tell more of it together with others, but not of which. The prior stands.
    NotAlone,
    /// They tell less of it than the prior does, which stands.
    Stands,
    /// It is a multiplier, which is fitted year by year.
    Multiplier,
}

/// So much of a variance the data may seem to remove where they tell nothing.
const LEAST: f64 = 0.1;

/// Standard errors from none.
const ERRORS: f64 = 3.0;

/// From this share of the variance on, the data tell more than the prior.
pub const MORE_THAN_PRIOR: f64 = 0.5;

/// Numbers that move together more than this after the data are not told apart.
pub const TOGETHER: f64 = 0.7;

/// The standard deviation of the logarithm of a multiplier while others are learned: far wider than the record leaves it.
const ROOM: f64 = 0.2;

/// How many rows are lived at a time.
const BLOCK: usize = 40;

/// Learns from the record. The plan covers every area with a recorded figure, and its multipliers are fitted.
pub fn learn(plan: &Plan, n_draws: usize, row_done: &(dyn Fn() + Sync)) -> Learned {
    let (probe, numbers) = probe(plan, n_draws);
    let draws = draw(&probe);
    let figures = evidence::evidence(&probe, &Layout::of(&probe));
    let (figures, misses) = live(&probe, &draws, figures, row_done);
    let mut learned = Learned {
        numbers,
        apart: Vec::new(),
        evidence: figures,
        discrepancy: f64::INFINITY,
        n_draws,
    };
    let n_free = learned
        .numbers
        .iter()
        .filter(|number| number.is_multiplier)
        .count();
    let is_enough = learned.evidence.len() >= n_free + SPARE;
    if let Some(ensemble) = Ensemble::of(&misses).filter(|_| is_enough) {
        learned.hear(&ensemble, &probe, &draws);
    }
    learned
}

/// Lives every draw of the recorded years: the figures that the model has an answer to in all of them, and how far it
/// is off.
fn live(
    probe: &Plan,
    draws: &Draws,
    figures: Vec<Evidence>,
    row_done: &(dyn Fn() + Sync),
) -> (Vec<Evidence>, Vec<Vec<f64>>) {
    let mut columns: Vec<Vec<f64>> = vec![Vec::new(); figures.len()];
    for first in (1..=probe.n_draws).step_by(BLOCK) {
        let rows: Vec<usize> = (first..=probe.n_draws.min(first + BLOCK - 1)).collect();
        let lived = simulate_rows(probe, draws, &rows, row_done);
        for (figure, column) in figures.iter().zip(&mut columns) {
            let rows = lived.rows.iter();
            column.extend(rows.map(|row| figure.miss_of(&lived.layout, row)));
        }
    }
    let known = figures
        .into_iter()
        .zip(columns)
        .filter(|(_, column)| column.iter().all(|miss| miss.is_finite()));
    let (mut figures, columns): (Vec<Evidence>, Vec<Vec<f64>>) = known.unzip();
    for (figure, column) in figures.iter_mut().zip(&columns) {
        figure.miss = column.iter().sum::<f64>() / column.len() as f64;
        figure.left = figure.miss;
    }
    let row = |draw: usize| columns.iter().map(|column| column[draw]).collect();
    (figures, (0..probe.n_draws).map(row).collect())
}

/// So many figures more than multipliers tell how far the model misses.
const SPARE: usize = 3;

/// The plan of the recorded years with the uncertain numbers drawn and the multipliers free, and these numbers.
fn probe(plan: &Plan, n_draws: usize) -> (Plan, Vec<Number>) {
    let replicates = n_draws + 1;
    let mut probe = hindcast_plan(
        plan,
        &plan.fittings,
        Effort {
            rounds: 0,
            replicates,
        },
    );
    // A parameter of which fitted years are fixed is a multiplier; what it has of later years follows them.
    let is_multiplier = |parameter: usize| {
        let mut fits = plan.fittings.iter();
        let mut cells = plan.parameters[parameter].cells.iter().flatten();
        fits.any(|fit| fit.parameter == parameter && !fit.is_by_area)
            && cells.any(|(_, cell)| plan.cells[*cell].law == Law::Fixed)
    };
    let are_multipliers: Vec<bool> = (0..plan.parameters.len()).map(is_multiplier).collect();
    let mut numbers: BTreeMap<(bool, &str, &str), Vec<CellIdx>> = BTreeMap::new();
    for (index, cell) in plan.cells.iter().enumerate() {
        let parameter = &plan.parameters[cell.parameter];
        let is_multiplier = are_multipliers[cell.parameter] && cell.value > 0.0;
        let law = match cell.law {
            _ if is_multiplier => Law::LogNormal(cell.value.ln(), ROOM),
            Law::Fixed | Law::Walk(..) => continue,
            law => law,
        };
        if parameter.is_law || matches!(parameter.unit, Unit::Gbp(_)) {
            continue;
        }
        probe.cells[index].law = law;
        if is_multiplier || OnScale::of(cell, &parameter.unit).is_some() {
            let key = (is_multiplier, parameter.id.as_str(), cell.keys.as_str());
            numbers.entry(key).or_default().push(index);
        }
    }
    let number = |((is_multiplier, ..), cells): ((bool, &str, &str), Vec<CellIdx>)| Number {
        cells,
        is_multiplier,
        removed: 0.0,
        removed_error: 0.0,
        shift: 0.0,
        moves_with: None,
        verdict: if is_multiplier {
            Learnt::Multiplier
        } else {
            Learnt::Stands
        },
    };
    (probe, numbers.into_iter().map(number).collect())
}

impl Learned {
    /// Takes in what the ensemble says.
    fn hear(&mut self, ensemble: &Ensemble, probe: &Plan, draws: &Draws) {
        self.discrepancy = ensemble.discrepancy();
        let Some(given) = ensemble.given(self.discrepancy) else {
            return;
        };
        let drawn = |number: &Number| -> Vec<f64> {
            let cell = number.cells[0];
            let of = &probe.cells[cell];
            let on_scale = OnScale::of(of, &probe.parameters[of.parameter].unit);
            let scale = on_scale.map_or(Scale::Log, |law| law.scale);
            let rows = 1..=probe.n_draws;
            rows.map(|row| scale.to(draws.cells(row)[cell])).collect()
        };
        let told: Vec<Told> = self
            .numbers
            .iter()
            .map(|number| given.tell(&drawn(number)))
            .collect();
        for (number, told) in self.numbers.iter_mut().zip(&told) {
            number.removed = told.removed;
            number.removed_error = told.error;
            number.shift = told.shift;
        }
        for (figure, left) in self.evidence.iter_mut().zip(given.left()) {
            figure.left = left;
        }
        let removed = |a: usize, b: usize| given.removed_together(&told[a], &told[b]);
        let correlation = |a: usize, b: usize| given.correlation(&told[a], &told[b]);
        self.apart = groups::tell_apart(&mut self.numbers, &removed, &correlation);
    }

    /// The law of a cell after the data; `None` where it is not fitted.
    pub fn posterior(&self, plan: &Plan, cell: CellIdx) -> Option<OnScale> {
        let fitted =
            |number: &&Number| number.verdict == Learnt::Fitted && number.cells.contains(&cell);
        let number = self.numbers.iter().find(fitted)?;
        let of = &plan.cells[cell];
        let prior = OnScale::of(of, &plan.parameters[of.parameter].unit)?;
        Some(prior.told(number.shift, number.removed))
    }

    /// The plan with every fitted number as the data have it, and the others as they were.
    pub fn carried_by(&self, plan: &Plan) -> Plan {
        let mut carrying = plan.clone();
        for (index, cell) in carrying.cells.iter_mut().enumerate() {
            let Some(posterior) = self.posterior(plan, index) else {
                continue;
            };
            let (low, high) = cell.interval.unwrap_or((f64::NAN, f64::NAN));
            let evidence = &mut cell.evidence;
            evidence.note = format!(
                "Fitted by needscast calibrate to {} recorded series together, in {} draws. Before: {} ({} to {}), \
                 graded {}. {}",
                self.evidence.len(),
                self.n_draws,
                rounded(cell.value),
                rounded(low),
                rounded(high),
                evidence.grade.name(),
                evidence.note
            );
            evidence.grade = Grade::Study;
            cell.value = posterior.centre();
            cell.law = posterior.law();
            cell.interval = Some(posterior.interval());
        }
        carrying
    }
}

/// Four significant digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

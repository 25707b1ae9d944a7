//! Trajectories to a Forecast: for every option, area, measure and period, what to expect and how sure we are.

mod contrast;
mod drivers;
mod estimate;
mod fit;
mod outlook;
mod part;
mod runs;
mod shapley;

pub use contrast::{Contrast, Span};
pub use drivers::{Driven, Drivers, Part, drivers};
pub use estimate::Estimate;
pub use fit::{Fit, FitLine, Verdict, fit};
pub use outlook::{ENOUGH, Outlook, PlacesNeeded, Shortage, Trend};
pub use runs::{
    AnswerChange, Choice, FileChange, Order, ParameterChange, RunChanges, Setting, Track,
    TrackLine, Tracked, changes,
};

use std::ops::Range;

use crate::compile::{Area, Plan};
use crate::simulate::{Layout, Trajectories, Trajectory, Value};

/// What to expect, laid out as the trajectories are.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// Where each estimate stands: [`Layout::at`] indexes [`Forecast::estimates`].
    pub layout: Layout,
    /// One for every value of a trajectory.
    pub estimates: Vec<Estimate>,
    /// Every option against the comparator, draw by draw.
    pub contrasts: Vec<Contrast>,
    /// Where measures are heading, and the places that would do.
    pub outlook: Outlook,
    /// How many draws beside row 0.
    pub n_draws: usize,
    /// The years of the layout that belong to the forecast.
    pub years: Range<usize>,
}

impl Forecast {
    /// The estimate of one value.
    pub fn at(&self, option: usize, area: usize, series: usize, period: usize) -> Estimate {
        self.estimates[self.layout.at(option, area, series, period)]
    }
}

/// Reduces trajectories to estimates and contrasts. Quantiles are exact over draws 1 to N; with no draws the
/// estimate is row 0 alone and says nothing of uncertainty.
pub fn summarise<N: Value>(plan: &Plan, trajectories: &Trajectories<N>) -> Forecast {
    let layout = trajectories.layout.clone();
    let rows = draws_of(trajectories);
    let mut estimates = Vec::with_capacity(layout.n_values());
    // Neighbouring values share a line of memory, so columns are gathered a block at a time.
    const BLOCK: usize = 64;
    let mut block = vec![N::MISSING; BLOCK * rows.len()];
    let mut first = 0;
    while first < layout.n_values() {
        let width = BLOCK.min(layout.n_values() - first);
        for (r, row) in rows.iter().enumerate() {
            for (c, &value) in row.values[first..first + width].iter().enumerate() {
                block[c * rows.len() + r] = value;
            }
        }
        for column in block.chunks_mut(rows.len()).take(width) {
            estimates.push(Estimate::of_column(column));
        }
        first += width;
    }
    let years = forecast_years(plan, &layout);
    let contrasts = contrast::contrasts(plan, &layout, rows, years.clone());
    let outlook = outlook::outlook(plan, &layout, rows, years.clone());
    Forecast {
        n_draws: trajectories.rows.len().saturating_sub(1),
        layout,
        estimates,
        contrasts,
        outlook,
        years,
    }
}

/// The rows that estimates are made from: the draws, or row 0 when there are none.
pub(crate) fn draws_of<N>(trajectories: &Trajectories<N>) -> &[Trajectory<N>] {
    let rows = &trajectories.rows;
    if rows.len() > 1 { &rows[1..] } else { rows }
}

/// The years of the layout from the one in which the forecast starts.
pub fn forecast_years(plan: &Plan, layout: &Layout) -> Range<usize> {
    let start = plan.start.financial_year();
    let first = layout.years.partition_point(|year| *year < start);
    first..layout.years.len()
}

/// The areas as trajectories lay them out: the scenario's, then their total when there are several.
pub fn reported_areas(plan: &Plan) -> Vec<&Area> {
    let total = (plan.areas.len() > 1).then_some(&plan.total);
    plan.areas.iter().chain(total).collect()
}

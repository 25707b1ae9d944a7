//! What a mix achieves and costs in a draw: asked of the people engine, or of a function in a test.

use std::ops::Range;

use super::super::bill::Bill;
use super::super::cost::bills;
use super::super::discount::Factors;
use crate::compile::{self, Better, CellIdx, Mixing, Plan};
use crate::draw::{self, Draws};
use crate::simulate::{Layout, Trajectories, simulate_rows};
use crate::summarise::forecast_years;

/// Places of every site.
pub(super) type Places = Vec<u32>;

/// What a mix comes to in one draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The outcome; its negative where less is better, so that more is always better.
    pub gain: f64,
    /// The present value of its cost at mean prices.
    pub cost: f64,
    /// The same at the prices of the draw.
    pub priced: f64,
}

/// Whoever can say what mixes come to.
pub(super) trait Lives {
    /// By mix, then by row of the draws.
    fn live(&self, mixes: &[Places], rows: &[usize]) -> Vec<Vec<Sample>>;
}

/// The people engine.
pub(super) struct People<'a> {
    plan: &'a Plan,
    mixing: &'a Mixing,
    draws: &'a Draws,
    /// The years in which the budget is spent, and their factors.
    years: Range<usize>,
    costs: Vec<f64>,
    outcomes: Vec<f64>,
    words: String,
    /// What prices are in the mean.
    prices: Vec<(CellIdx, f64)>,
    lived: &'a (dyn Fn(usize) + Sync),
}

/// How many mixes are lived in one pass.
const PASS: usize = 60;

/// How much memory the trajectories of a pass may take, in bytes.
const MOST_BYTES: usize = 256 << 20;

impl<'a> People<'a> {
    /// `lived` is told how many lives of a mix in a draw have been lived since it was last told.
    pub fn new(
        plan: &'a Plan,
        mixing: &'a Mixing,
        draws: &'a Draws,
        lived: &'a (dyn Fn(usize) + Sync),
    ) -> People<'a> {
        let layout = Layout::of(plan);
        let forecast = forecast_years(plan, &layout);
        let all = Factors::of(plan, forecast.len());
        let is_before = |year: &usize| layout.years[*year].first_month() < mixing.from;
        let n_before = forecast.clone().filter(is_before).count();
        let units = mixing.costs.iter();
        let quantities = units.map(|cost| &plan.quantities[plan.costs[*cost].unit_cost]);
        let factors = quantities.flat_map(|quantity| &quantity.factors);
        let cells = factors.flat_map(|factor| plan.parameters[*factor].cells.iter().flatten());
        let mut prices: Vec<CellIdx> = cells.map(|(_, cell)| *cell).collect();
        prices.sort_unstable();
        prices.dedup();
        People {
            plan,
            mixing,
            draws,
            years: forecast.start + n_before..forecast.end,
            costs: all.costs[n_before..].to_vec(),
            outcomes: all.outcomes[n_before..].to_vec(),
            words: all.words,
            prices: prices
                .into_iter()
                .map(|cell| (cell, draw::mean(plan, cell)))
                .collect(),
            lived,
        }
    }

    /// What a pound in every year is worth when the forecast begins.
    pub fn annuity(&self) -> f64 {
        self.costs.iter().sum()
    }

    /// How many years the budget is spent in.
    pub fn n_years(&self) -> usize {
        self.years.len()
    }

    /// How money is discounted, in words.
    pub fn words(&self) -> &str {
        &self.words
    }

    fn samples(&self, mixed: &Plan, lived: &Trajectories, rows: &[usize]) -> Vec<Vec<Sample>> {
        let costs = |draws: &Draws| -> Vec<Vec<f64>> {
            let (bills, _) = bills(mixed, draws, lived, self.years.clone(), &self.costs);
            let of_row = |payers: &[Bill], row: usize| {
                let sums = payers
                    .iter()
                    .map(|bill| bill.cashable[row] + bill.other[row]);
                sums.sum::<f64>()
            };
            let each = bills.iter();
            each.map(|payers| (0..rows.len()).map(|row| of_row(payers, row)).collect())
                .collect()
        };
        let priced = costs(&self.draws.of_rows(rows, &[]));
        let mean = costs(&self.draws.of_rows(rows, &self.prices));
        let mix = |mix: usize| -> Vec<Sample> {
            let row = |row: usize| Sample {
                gain: self.gain(lived, mix, row),
                cost: mean[mix][row],
                priced: priced[mix][row],
            };
            (0..rows.len()).map(row).collect()
        };
        (0..mixed.options.len()).map(mix).collect()
    }

    /// The sum of a flow over the years, the mean of a level; all areas together.
    fn gain(&self, lived: &Trajectories, mix: usize, row: usize) -> f64 {
        let layout = &lived.layout;
        let mut total = 0.0;
        for (measure, breakdown) in &self.mixing.outcome.series {
            let Some(series) = layout.find(measure, breakdown) else {
                continue;
            };
            let (mut sum, mut n) = (0.0, 0.0);
            for (year, factor) in self.years.clone().zip(&self.outcomes) {
                let at = layout.at(mix, layout.n_areas - 1, series, year);
                let value = f64::from(lived.rows[row].values[at]);
                if value.is_finite() {
                    sum += value * factor;
                    n += factor;
                }
            }
            total += match layout.series[series].is_flow {
                true => sum,
                false if n > 0.0 => sum / n,
                false => 0.0,
            };
        }
        match self.mixing.outcome.better {
            Better::Lower => -total,
            _ => total,
        }
    }
}

impl Lives for People<'_> {
    fn live(&self, mixes: &[Places], rows: &[usize]) -> Vec<Vec<Sample>> {
        let mut found = Vec::with_capacity(mixes.len());
        for pass in mixes.chunks(PASS) {
            let mixed = compile::mixes(self.plan, self.mixing, pass);
            let bytes = 4 * Layout::of(&mixed).n_values().max(1);
            let together = (MOST_BYTES / bytes).clamp(4, 256);
            let mut samples = vec![Vec::with_capacity(rows.len()); pass.len()];
            for rows in rows.chunks(together) {
                let lived = simulate_rows(&mixed, self.draws, rows, &|| (self.lived)(pass.len()));
                for (all, new) in samples.iter_mut().zip(self.samples(&mixed, &lived, rows)) {
                    all.extend(new);
                }
            }
            found.extend(samples);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::tests::tiny;
    use crate::compile::{Budget, Sought};
    use crate::simulate::Trajectory;

    /// 10, 20, 30, 40 and 50 people in the five years: 150 who pass, or 30 who are there.
    #[test]
    fn a_mix_gains_the_sum_of_a_flow_and_the_mean_of_a_level() {
        let plan = tiny();
        let draws = draw::draw(&plan);
        let layout = Layout::of(&plan);
        let mut values = vec![0.0_f32; layout.n_values()];
        let years = forecast_years(&plan, &layout);
        assert_eq!(years.len(), 5);
        for measure in ["convictions", "prison_population"] {
            let series = layout.find(measure, "").expect("it is told");
            for (n, year) in years.clone().enumerate() {
                let at = layout.at(1, layout.n_areas - 1, series, year);
                values[at] = 10.0 * (n + 1) as f32;
            }
        }
        let lived = Trajectories {
            layout,
            rows: vec![Trajectory { values }],
            shared: Vec::new(),
        };
        for (measure, better, expected) in [
            ("convictions", Better::Higher, 150.0),
            ("convictions", Better::Lower, -150.0),
            ("prison_population", Better::Higher, 30.0),
            ("prison_population", Better::Lower, -30.0),
        ] {
            let mixing = Mixing {
                outcome: Sought {
                    id: measure.to_owned(),
                    series: vec![(measure.to_owned(), String::new())],
                    better,
                },
                from: plan.start,
                option: 0,
                costs: Vec::new(),
                budget: Budget {
                    pounds: 0.0,
                    is_yearly: true,
                    source: String::new(),
                    place: Default::default(),
                },
                sites: Vec::new(),
            };
            let people = People::new(&plan, &mixing, &draws, &|_| {});
            assert_eq!(people.gain(&lived, 1, 0), expected, "{measure}");
        }
    }
}

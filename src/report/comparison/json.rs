//! Everything that is known of the comparison, for a machine.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::{ComparisonReport, Threshold};
use crate::appraise::{Certainty, Choice, Compared, Increment, Learning, Leverage};
use crate::summarise::Estimate;

/// Values by worth of an outcome, under the words the user chose.
struct ByThreshold<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for ByThreshold<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    options: Vec<Entry<'a>>,
    evpi: ByThreshold<'a, f64>,
    evpi_mc_error: ByThreshold<'a, f64>,
    evpi_interval: ByThreshold<'a, [f64; 2]>,
    best: ByThreshold<'a, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parameters: Vec<ParameterEntry<'a>>,
    comparator: &'a str,
    outcome: &'a str,
    draws: usize,
    discounting: Option<DiscountingEntry<'a>>,
}

#[derive(Serialize)]
struct ParameterEntry<'a> {
    id: &'a str,
    evppi: ByThreshold<'a, f64>,
    evppi_mc_error: ByThreshold<'a, f64>,
    evppi_interval: ByThreshold<'a, [f64; 2]>,
    increments: Vec<LeverageEntry<'a>>,
}

/// What a parameter has to do with the net benefit of one option over the comparator.
#[derive(Serialize)]
struct LeverageEntry<'a> {
    id: &'a str,
    rank_correlation: ByThreshold<'a, f64>,
    rank_correlation_mc_error: ByThreshold<'a, f64>,
    rank_correlation_interval: ByThreshold<'a, [f64; 2]>,
    told_from_chance: ByThreshold<'a, bool>,
    net_benefit_low_and_high: ByThreshold<'a, [f64; 2]>,
    net_benefit_low_and_high_mc_error: ByThreshold<'a, [f64; 2]>,
    switching_values: ByThreshold<'a, &'a [f64]>,
    switching_values_mc_error: ByThreshold<'a, &'a [f64]>,
    switching_value_beyond_draws: ByThreshold<'a, Option<f64>>,
}

#[derive(Serialize)]
struct DiscountingEntry<'a> {
    costs: &'a str,
    outcomes: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    cost_mean: f64,
    cost_mc_error: f64,
    outcome_mean: f64,
    outcome_mc_error: f64,
    dominance: &'static str,
    frontier: bool,
    icer: Option<f64>,
    icer_mc_error: f64,
    icer_interval: [f64; 2],
    probability_best: ByThreshold<'a, f64>,
    probability_best_mc_error: ByThreshold<'a, f64>,
    probability_best_interval: ByThreshold<'a, [f64; 2]>,
    net_benefit_mean: ByThreshold<'a, f64>,
    net_benefit_mc_error: ByThreshold<'a, f64>,
    expected_regret: ByThreshold<'a, f64>,
    expected_regret_mc_error: ByThreshold<'a, f64>,
    maximum_regret: ByThreshold<'a, f64>,
    increment: Option<IncrementEntry<'a>>,
}

#[derive(Serialize)]
struct IncrementEntry<'a> {
    cost: EstimateEntry,
    outcome: EstimateEntry,
    net_benefit: ByThreshold<'a, EstimateEntry>,
    cost_per_outcome: EstimateEntry,
    cost_per_outcome_interval: [f64; 2],
    cost_per_outcome_note: &'a str,
    probability_better: ByThreshold<'a, f64>,
    probability_better_mc_error: ByThreshold<'a, f64>,
    probability_better_interval: ByThreshold<'a, [f64; 2]>,
    benefit_cost_ratio: ByThreshold<'a, Option<f64>>,
    benefit_cost_ratio_mc_error: ByThreshold<'a, f64>,
    benefit_cost_ratio_interval: ByThreshold<'a, [f64; 2]>,
}

#[derive(Serialize)]
struct EstimateEntry {
    mean: f64,
    p05: f64,
    p50: f64,
    p95: f64,
    mc_error: f64,
}

impl From<&Estimate> for EstimateEntry {
    fn from(estimate: &Estimate) -> EstimateEntry {
        EstimateEntry {
            mean: estimate.mean,
            p05: estimate.p05,
            p50: estimate.p50,
            p95: estimate.p95,
            mc_error: estimate.mc_error,
        }
    }
}

impl<'a> ComparisonReport<'a> {
    /// Everything, in full precision; what cannot be had is `null`.
    pub fn json(&self) -> String {
        let comparison = self.comparison;
        let options = comparison.options.iter().enumerate();
        let whole = Whole {
            options: options
                .map(|(index, option)| self.entry(index, option))
                .collect(),
            evpi: self.by_threshold(|_, choice| choice.evpi.mean),
            evpi_mc_error: self.by_threshold(|_, choice| choice.evpi.mc_error),
            evpi_interval: self.by_threshold(|_, c| Certainty::of_worth(&c.evpi).interval),
            best: self.by_threshold(|_, choice| self.id(choice.best)),
            parameters: (comparison.learnings.iter())
                .map(|(name, learnings)| self.parameter(name, learnings))
                .collect(),
            comparator: self.id(comparison.comparator),
            outcome: &comparison.outcome,
            draws: comparison.n_draws,
            discounting: comparison.discounting.as_ref().map(|d| DiscountingEntry {
                costs: &d.costs.edition,
                outcomes: &d.outcomes.edition,
            }),
        };
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    /// How sure a share of the draws is.
    fn share(&self, share: f64) -> Certainty {
        Certainty::of_share(share, self.comparison.n_draws)
    }

    fn entry(&self, index: usize, option: &'a Compared) -> Entry<'a> {
        let best = |choice: &Choice| self.share(choice.probability_best[index]);
        Entry {
            id: &option.id,
            cost_mean: option.cost.mean,
            cost_mc_error: option.cost.mc_error,
            outcome_mean: option.outcome.mean,
            outcome_mc_error: option.outcome.mc_error,
            dominance: option.standing.dominance.word(),
            frontier: option.standing.is_on_frontier(),
            icer: option.standing.icer,
            icer_mc_error: option.icer.mc_error,
            icer_interval: option.icer.interval,
            probability_best: self.by_threshold(|_, choice| choice.probability_best[index]),
            probability_best_mc_error: self.by_threshold(|_, choice| best(choice).mc_error),
            probability_best_interval: self.by_threshold(|_, choice| best(choice).interval),
            net_benefit_mean: self.by_threshold(|_, choice| choice.net_benefit[index].mean),
            net_benefit_mc_error: self.by_threshold(|_, c| c.net_benefit[index].mc_error),
            expected_regret: self.by_threshold(|_, choice| choice.expected_regret[index]),
            expected_regret_mc_error: self.by_threshold(|_, choice| choice.regret_error[index]),
            maximum_regret: self.by_threshold(|_, choice| choice.maximum_regret[index]),
            increment: option.increment.as_ref().map(|own| self.increment(own)),
        }
    }

    fn increment(&self, increment: &'a Increment) -> IncrementEntry<'a> {
        let better = |at: usize| self.share(increment.probability_better[at]);
        let ratio = |at: usize| increment.benefit_cost_ratio_certainty[at];
        IncrementEntry {
            cost: (&increment.cost).into(),
            outcome: (&increment.outcome).into(),
            net_benefit: self.by_threshold(|at, _| (&increment.net_benefit[at]).into()),
            cost_per_outcome: (&increment.cost_per_outcome).into(),
            cost_per_outcome_interval: increment.cost_per_outcome_certainty.interval,
            cost_per_outcome_note: increment.cost_per_outcome_note,
            probability_better: self.by_threshold(|at, _| increment.probability_better[at]),
            probability_better_mc_error: self.by_threshold(|at, _| better(at).mc_error),
            probability_better_interval: self.by_threshold(|at, _| better(at).interval),
            benefit_cost_ratio: self.by_threshold(|at, _| increment.benefit_cost_ratio[at]),
            benefit_cost_ratio_mc_error: self.by_threshold(|at, _| ratio(at).mc_error),
            benefit_cost_ratio_interval: self.by_threshold(|at, _| ratio(at).interval),
        }
    }

    fn parameter(&self, name: &'a str, learnings: &'a [Learning]) -> ParameterEntry<'a> {
        let of_option = |option: usize| {
            let all = learnings.iter().map(|l| l.leverage[option].as_ref());
            let all: Option<Vec<&'a Leverage>> = all.collect();
            all.map(|leverages| self.leverage(option, &leverages))
        };
        let worth = |at: usize| Certainty::of_worth(&learnings[at].evppi);
        ParameterEntry {
            id: name,
            evppi: self.by_threshold(|at, _| learnings[at].evppi.mean),
            evppi_mc_error: self.by_threshold(|at, _| learnings[at].evppi.mc_error),
            evppi_interval: self.by_threshold(|at, _| worth(at).interval),
            increments: (0..self.comparison.options.len())
                .filter_map(of_option)
                .collect(),
        }
    }

    fn leverage(&self, option: usize, own: &[&'a Leverage]) -> LeverageEntry<'a> {
        let ranks = |at: usize| {
            Certainty::of_rank_correlation(own[at].rank_correlation, self.comparison.n_draws)
        };
        LeverageEntry {
            id: self.id(option),
            rank_correlation: self.by_threshold(|at, _| own[at].rank_correlation),
            rank_correlation_mc_error: self.by_threshold(|at, _| ranks(at).mc_error),
            rank_correlation_interval: self.by_threshold(|at, _| ranks(at).interval),
            told_from_chance: self.by_threshold(|at, _| own[at].is_told),
            net_benefit_low_and_high: self.by_threshold(|at, _| own[at].low_and_high),
            net_benefit_low_and_high_mc_error: self
                .by_threshold(|at, _| own[at].low_and_high_errors),
            switching_values: self.by_threshold(|at, _| own[at].switching_values.as_slice()),
            switching_values_mc_error: self
                .by_threshold(|at, _| own[at].switching_errors.as_slice()),
            switching_value_beyond_draws: self
                .by_threshold(|at, _| own[at].switching_value_beyond_draws),
        }
    }

    fn by_threshold<T>(&self, of: impl Fn(usize, &'a Choice) -> T) -> ByThreshold<'a, T> {
        let pairs = self
            .thresholds
            .iter()
            .zip(&self.comparison.choices)
            .enumerate();
        let entry = |(index, (threshold, choice)): (usize, (&'a Threshold, &'a Choice))| {
            (threshold.written.as_str(), of(index, choice))
        };
        ByThreshold(pairs.map(entry).collect())
    }
}

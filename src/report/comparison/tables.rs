//! The comparison as CSV.

use super::ComparisonReport;
use crate::appraise::{Certainty, Choice, Increment, Leverage};
use crate::report::csv::Csv;
use crate::report::number::plain;
use crate::summarise::Estimate;

impl ComparisonReport<'_> {
    /// `options.csv` and `increments.csv`, `choices.csv` where a worth of an outcome is given, `parameters.csv` and
    /// `information.csv` where parameters are named.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut tables = vec![
            ("options.csv", self.options_table()),
            ("increments.csv", increments_table(&[self])),
        ];
        if !self.thresholds.is_empty() {
            let choices = self.thresholds.iter().zip(&self.comparison.choices);
            let choices: Vec<_> = choices
                .map(|(t, choice)| (t.written.clone(), choice))
                .collect();
            tables.push(("choices.csv", self.choices_table(&choices)));
        }
        if !self.comparison.learnings.is_empty() {
            tables.push(("parameters.csv", self.parameters_table()));
            tables.push(("information.csv", self.information_table()));
        }
        tables
    }

    /// What options cost and achieve, where they stand, and how they differ from the comparator.
    pub(in crate::report) fn options_table(&self) -> Vec<u8> {
        let plain = |value| self.digits.plain(value);
        let mut table = Csv::new(&[
            "option",
            "dominance",
            "icer",
            "cost_mean",
            "cost_p05",
            "cost_p95",
            "cost_mc_error",
            "outcome_mean",
            "outcome_p05",
            "outcome_p95",
            "outcome_mc_error",
            "comparator",
            "cost_increment_mean",
            "cost_increment_p05",
            "cost_increment_p95",
            "outcome_increment_mean",
            "outcome_increment_p05",
            "outcome_increment_p95",
            "icer_mc_error",
            "icer_mc_low",
            "icer_mc_high",
        ]);
        let comparator = self.id(self.comparison.comparator);
        for option in &self.comparison.options {
            let (cost, outcome) = (&option.cost, &option.outcome);
            let mut cells = vec![
                option.id.clone(),
                option.standing.dominance.word().to_owned(),
            ];
            cells.push(plain(option.standing.icer.unwrap_or(f64::NAN)));
            for estimate in [cost, outcome] {
                let numbers = [estimate.mean, estimate.p05, estimate.p95, estimate.mc_error];
                cells.extend(numbers.map(plain));
            }
            cells.push(comparator.to_owned());
            let increment = option.increment.as_ref();
            let increment = increment.map_or([Estimate::NONE; 2], |i| [i.cost, i.outcome]);
            for estimate in increment {
                cells.extend([estimate.mean, estimate.p05, estimate.p95].map(plain));
            }
            cells.extend(certainty(&option.icer));
            table.cells(&cells);
        }
        table.into_bytes()
    }

    /// The acceptability curve over these worths as they are written, with its frontier where `is_best` is `yes`.
    pub(in crate::report) fn choices_table(&self, choices: &[(String, &Choice)]) -> Vec<u8> {
        let mut table = Csv::new(&[
            "threshold",
            "option",
            "is_best",
            "net_benefit_mean",
            "net_benefit_p05",
            "net_benefit_p95",
            "net_benefit_mc_error",
            "probability_best",
            "expected_regret",
            "maximum_regret",
            "evpi",
            "evpi_mc_error",
            "probability_best_mc_error",
            "probability_best_mc_low",
            "probability_best_mc_high",
            "expected_regret_mc_error",
            "evpi_mc_low",
            "evpi_mc_high",
        ]);
        for (written, choice) in choices {
            for (index, option) in self.comparison.options.iter().enumerate() {
                let benefit = &choice.net_benefit[index];
                let is_best = if index == choice.best { "yes" } else { "no" };
                let share = choice.probability_best[index];
                let share = Certainty::of_share(share, self.comparison.n_draws);
                let [low, high] = share.interval;
                let [evpi_low, evpi_high] = Certainty::of_worth(&choice.evpi).interval;
                table.row(
                    [written, &option.id, &is_best.to_owned()],
                    [
                        benefit.mean,
                        benefit.p05,
                        benefit.p95,
                        benefit.mc_error,
                        choice.probability_best[index],
                        choice.expected_regret[index],
                        choice.maximum_regret[index],
                        choice.evpi.mean,
                        choice.evpi.mc_error,
                        share.mc_error,
                        low,
                        high,
                        choice.regret_error[index],
                        evpi_low,
                        evpi_high,
                    ],
                );
            }
        }
        table.into_bytes()
    }

    /// One row for each parameter, worth of an outcome and option but the comparator; several switching values are
    /// separated by spaces.
    fn parameters_table(&self) -> Vec<u8> {
        let mut header = vec!["parameter", "threshold", "option"];
        header.extend(LEVERAGE);
        header.extend(["evppi", "evppi_mc_error", "evppi_mc_low", "evppi_mc_high"]);
        let mut table = Csv::new(&header);
        for (name, learnings) in &self.comparison.learnings {
            for (threshold, learning) in self.thresholds.iter().zip(learnings) {
                for (option, leverage) in self.comparison.options.iter().zip(&learning.leverage) {
                    let Some(leverage) = leverage else { continue };
                    let words = [name, &threshold.written, &option.id].map(String::clone);
                    let mut cells = words.to_vec();
                    cells.extend(of_leverage(leverage, self.comparison.n_draws));
                    cells.push(plain(learning.evppi.mean));
                    cells.extend(certainty(&Certainty::of_worth(&learning.evppi)));
                    table.cells(&cells);
                }
            }
        }
        table.into_bytes()
    }

    /// What it is worth to know each parameter, or group of them, and everything.
    pub(in crate::report) fn information_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "known",
            "threshold",
            "worth",
            "mc_error",
            "share_of_all",
            "worth_mc_low",
            "worth_mc_high",
        ]);
        for (at, (threshold, choice)) in self
            .thresholds
            .iter()
            .zip(&self.comparison.choices)
            .enumerate()
        {
            let all = choice.evpi.mean;
            let mut row = |known: &String, e: &Estimate| {
                let share = if all > 0.0 { e.mean / all } else { f64::NAN };
                let [low, high] = Certainty::of_worth(e).interval;
                let numbers = [e.mean, e.mc_error, share, low, high];
                table.row([known, &threshold.written], numbers);
            };
            row(&"everything".to_owned(), &choice.evpi);
            for (name, learnings) in &self.comparison.learnings {
                row(name, &learnings[at].evppi);
            }
        }
        table.into_bytes()
    }
}

/// Columns of [`increments_table`].
const INCREMENTS: [&str; 20] = [
    "option",
    "comparator",
    "measure",
    "threshold",
    "mean",
    "p05",
    "p50",
    "p95",
    "mc_error",
    "probability_better",
    "benefit_cost_ratio",
    "note",
    "probability_better_mc_error",
    "probability_better_mc_low",
    "probability_better_mc_high",
    "benefit_cost_ratio_mc_error",
    "benefit_cost_ratio_mc_low",
    "benefit_cost_ratio_mc_high",
    "mean_mc_low",
    "mean_mc_high",
];

/// Every option less the comparator of each report, draw by draw.
pub(in crate::report) fn increments_table(reports: &[&ComparisonReport]) -> Vec<u8> {
    let mut table = Csv::new(&INCREMENTS);
    for report in reports {
        let plain = |value| report.digits.plain(value);
        let comparator = report.id(report.comparison.comparator);
        for option in &report.comparison.options {
            let Some(own) = &option.increment else {
                continue;
            };
            let mut row = |measure: &str, threshold: &str, e: &Estimate, last: Vec<String>| {
                let words = [&option.id, comparator, measure, threshold];
                let mut cells: Vec<String> = words.into_iter().map(str::to_owned).collect();
                cells.extend([e.mean, e.p05, e.p50, e.p95, e.mc_error].map(plain));
                cells.extend(last);
                table.cells(&cells);
            };
            let ends = |e: &Estimate| Certainty::of_mean(e).interval;
            row("cost", "", &own.cost, alone("", ends(&own.cost)));
            row("outcome", "", &own.outcome, alone("", ends(&own.outcome)));
            let interval = own.cost_per_outcome_certainty.interval;
            let last = alone(own.cost_per_outcome_note, interval);
            row("cost_per_outcome", "", &own.cost_per_outcome, last);
            for (at, threshold) in report.thresholds.iter().enumerate() {
                let last = report.of_net_benefit(own, at);
                row(
                    "net_benefit",
                    &threshold.written,
                    &own.net_benefit[at],
                    last,
                );
            }
        }
    }
    table.into_bytes()
}

/// The cells after the estimate of a number that is neither likely to be better nor a ratio of benefit to cost: a note,
/// and the ends of the interval of the mean.
fn alone(note: &str, interval: [f64; 2]) -> Vec<String> {
    let mut cells = vec![String::new(); 9];
    cells[2] = note.to_owned();
    cells.extend(interval.map(plain));
    cells
}

impl ComparisonReport<'_> {
    /// The cells after the estimate of an extra net benefit.
    fn of_net_benefit(&self, increment: &Increment, at: usize) -> Vec<String> {
        let is_worth = self.thresholds[at].value > 0.0;
        let ratio = increment.benefit_cost_ratio[at].filter(|_| is_worth);
        let (note, sure) = match ratio {
            Some(_) => ("", increment.benefit_cost_ratio_certainty[at]),
            None if is_worth => (NO_RATIO, Certainty::NONE),
            None => ("", Certainty::NONE),
        };
        let share = increment.probability_better[at];
        let mut cells = [share, ratio.unwrap_or(f64::NAN)].map(plain).to_vec();
        cells.push(note.to_owned());
        let better = Certainty::of_share(share, self.comparison.n_draws);
        cells.extend(certainty(&better));
        cells.extend(certainty(&sure));
        let benefit = Certainty::of_mean(&increment.net_benefit[at]);
        cells.extend(benefit.interval.map(plain));
        cells
    }
}

/// What is told of a parameter and an option, see [`of_leverage`].
pub(in crate::report) const LEVERAGE: [&str; 12] = [
    "net_benefit_increment_low",
    "net_benefit_increment_high",
    "rank_correlation",
    "told_from_chance",
    "switching_values",
    "switching_value_beyond_draws",
    "switching_values_mc_error",
    "net_benefit_increment_low_mc_error",
    "net_benefit_increment_high_mc_error",
    "rank_correlation_mc_error",
    "rank_correlation_mc_low",
    "rank_correlation_mc_high",
];

/// Cells of [`LEVERAGE`]; several switching values, and their errors, are separated by spaces.
pub(in crate::report) fn of_leverage(leverage: &Leverage, n_draws: usize) -> Vec<String> {
    let list = |values: &[f64]| -> String {
        let values: Vec<String> = values.iter().map(|value| plain(*value)).collect();
        values.join(" ")
    };
    let mut cells = leverage.low_and_high.map(plain).to_vec();
    cells.push(plain(leverage.rank_correlation));
    cells.push(if leverage.is_told { "yes" } else { "no" }.to_owned());
    cells.push(list(&leverage.switching_values));
    let beyond = leverage.switching_value_beyond_draws;
    cells.push(plain(beyond.unwrap_or(f64::NAN)));
    cells.push(list(&leverage.switching_errors));
    cells.extend(leverage.low_and_high_errors.map(plain));
    let ranks = Certainty::of_rank_correlation(leverage.rank_correlation, n_draws);
    cells.extend(certainty(&ranks));
    cells
}

/// The Monte Carlo error and the ends of its interval.
fn certainty(told: &Certainty) -> [String; 3] {
    let [low, high] = told.interval;
    [told.mc_error, low, high].map(plain)
}

/// Why a ratio of benefit to cost is left out.
pub(in crate::report) const NO_RATIO: &str = "no ratio: the option costs no more";

//! The comparison as CSV.

use super::ComparisonReport;
use crate::report::csv::Csv;
use crate::report::number::plain;
use crate::summarise::Estimate;

impl ComparisonReport<'_> {
    /// `options.csv`, `choices.csv` where a worth of an outcome is given, `parameters.csv` where parameters are named.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut tables = vec![("options.csv", self.options_table())];
        if !self.thresholds.is_empty() {
            tables.push(("choices.csv", self.choices_table()));
        }
        if !self.comparison.learnings.is_empty() {
            tables.push(("parameters.csv", self.parameters_table()));
        }
        tables
    }

    fn options_table(&self) -> Vec<u8> {
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
            table.cells(&cells);
        }
        table.into_bytes()
    }

    /// The acceptability curve, with its frontier where `is_best` is `yes`.
    fn choices_table(&self) -> Vec<u8> {
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
        ]);
        for (threshold, choice) in self.thresholds.iter().zip(&self.comparison.choices) {
            for (index, option) in self.comparison.options.iter().enumerate() {
                let benefit = &choice.net_benefit[index];
                let is_best = if index == choice.best { "yes" } else { "no" };
                table.row(
                    [&threshold.written, &option.id, &is_best.to_owned()],
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
                    ],
                );
            }
        }
        table.into_bytes()
    }

    /// One row for each parameter, worth of an outcome and option but the comparator; several switching values are
    /// separated by spaces.
    fn parameters_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "parameter",
            "threshold",
            "option",
            "switching_values",
            "rank_correlation",
            "net_benefit_increment_low",
            "net_benefit_increment_high",
            "evppi",
            "evppi_mc_error",
        ]);
        for (name, learnings) in &self.comparison.learnings {
            for (threshold, learning) in self.thresholds.iter().zip(learnings) {
                for (option, leverage) in self.comparison.options.iter().zip(&learning.leverage) {
                    let Some(leverage) = leverage else { continue };
                    let switching: Vec<String> = leverage
                        .switching_values
                        .iter()
                        .map(|value| plain(*value))
                        .collect();
                    let [low, high] = leverage.low_and_high;
                    table.row(
                        [name, &threshold.written, &option.id, &switching.join(" ")],
                        [
                            leverage.rank_correlation,
                            low,
                            high,
                            learning.evppi.mean,
                            learning.evppi.mc_error,
                        ],
                    );
                }
            }
        }
        table.into_bytes()
    }
}

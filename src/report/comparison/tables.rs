//! The comparison as CSV.

use super::ComparisonReport;
use crate::appraise::Choice;
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
        ]);
        for (written, choice) in choices {
            for (index, option) in self.comparison.options.iter().enumerate() {
                let benefit = &choice.net_benefit[index];
                let is_best = if index == choice.best { "yes" } else { "no" };
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

    /// What it is worth to know each parameter, or group of them, and everything.
    pub(in crate::report) fn information_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&["known", "threshold", "worth", "mc_error", "share_of_all"]);
        for (at, (threshold, choice)) in self
            .thresholds
            .iter()
            .zip(&self.comparison.choices)
            .enumerate()
        {
            let all = choice.evpi.mean;
            let mut row = |known: &String, e: &Estimate| {
                let share = if all > 0.0 { e.mean / all } else { f64::NAN };
                table.row([known, &threshold.written], [e.mean, e.mc_error, share]);
            };
            row(&"everything".to_owned(), &choice.evpi);
            for (name, learnings) in &self.comparison.learnings {
                row(name, &learnings[at].evppi);
            }
        }
        table.into_bytes()
    }
}

/// Every option less the comparator of each report, draw by draw.
pub(in crate::report) fn increments_table(reports: &[&ComparisonReport]) -> Vec<u8> {
    let mut table = Csv::new(&[
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
    ]);
    for report in reports {
        let comparator = report.id(report.comparison.comparator).to_owned();
        for option in &report.comparison.options {
            let Some(increment) = &option.increment else {
                continue;
            };
            let mut row = |measure: &str, threshold: &str, e: &Estimate, last: [String; 3]| {
                let words = [&option.id, comparator.as_str(), measure, threshold];
                let numbers = [e.mean, e.p05, e.p50, e.p95, e.mc_error].map(plain);
                let words = words.into_iter().map(str::to_owned);
                let cells: Vec<String> = words.chain(numbers).chain(last).collect();
                table.cells(&cells);
            };
            let nothing = || [const { String::new() }; 3];
            row("cost", "", &increment.cost, nothing());
            row("outcome", "", &increment.outcome, nothing());
            for (at, threshold) in report.thresholds.iter().enumerate() {
                let ratio = increment.benefit_cost_ratio[at].filter(|_| threshold.value > 0.0);
                let last = [
                    plain(increment.probability_better[at]),
                    plain(ratio.unwrap_or(f64::NAN)),
                    match ratio {
                        None if threshold.value > 0.0 => NO_RATIO,
                        _ => "",
                    }
                    .to_owned(),
                ];
                row(
                    "net_benefit",
                    &threshold.written,
                    &increment.net_benefit[at],
                    last,
                );
            }
        }
    }
    table.into_bytes()
}

/// Why a ratio of benefit to cost is left out.
pub(in crate::report) const NO_RATIO: &str = "no ratio: the option costs no more";

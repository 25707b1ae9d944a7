//! `needscast appraise --from`: options appraised from tables made elsewhere.

use std::path::{Path, PathBuf};

use clap::Args;

use super::answer::{Answer, Format, deliver};
use super::{Failure, tell};
use crate::appraise::{Discounting, GREEN_BOOK_2026, RATES, Schedule, compare, value};
use crate::compile;
use crate::document;
use crate::report::{ComparisonReport, Digits, Threshold, ValuationReport};

/// Which tables, and how to look at them.
#[derive(Debug, Args)]
pub struct AppraiseArguments {
    /// A table of draws with the columns option, draw, cost and outcome, and year where they are streams; or, with
    /// --weights, of scores
    #[arg(long, value_name = "CSV")]
    from: PathBuf,
    /// What one more of the outcome is worth, as numbers of 0 or more separated by commas
    #[arg(long, value_delimiter = ',', value_parser = threshold, allow_hyphen_values = true)]
    threshold: Vec<Threshold>,
    /// The column of outcomes
    #[arg(long, value_name = "COLUMN", default_value = "outcome")]
    outcome: String,
    /// Columns of uncertain numbers behind the draws, separated by commas: what it would be worth to know each of them;
    /// several joined by + are known together
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        requires = "threshold"
    )]
    parameter: Vec<String>,
    /// The option that others are compared with [default: the first]
    #[arg(long, value_name = "OPTION")]
    comparator: Option<String>,
    /// How costs by year are discounted: a rate such as 0.035 or 3.5%, steps such as 3.5%,31:3%,76:2.5%, green-book or
    /// green-book-health [default where there is a year: green-book]
    #[arg(long, value_name = "RATE", value_parser = Schedule::parse, allow_hyphen_values = true)]
    cost_rate: Option<Schedule>,
    /// How outcomes by year are discounted, in the same words [default: not at all]
    #[arg(long, value_name = "RATE", value_parser = Schedule::parse, allow_hyphen_values = true)]
    outcome_rate: Option<Schedule>,
    /// The weights of the criteria, with the columns criterion and weight: values options by their scores
    #[arg(long, value_name = "CSV", conflicts_with_all = ["threshold", "outcome", "parameter", "comparator", "cost_rate", "outcome_rate"])]
    weights: Option<PathBuf>,
    /// Take weights as people judged them and scale them to sum to one
    #[arg(long, requires = "weights")]
    scale_weights: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also write tables to this folder; an earlier report there is replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

fn threshold(written: &str) -> Result<Threshold, String> {
    let written = written.trim();
    match written.parse::<f64>() {
        Ok(value) if (0.0..=compile::LARGEST).contains(&value) => Ok(Threshold {
            written: written.to_owned(),
            value,
        }),
        _ => Err(
            "what one more of the outcome is worth is a number from 0 to 1e30, such as 250"
                .to_owned(),
        ),
    }
}

pub(super) fn run(arguments: &AppraiseArguments) -> Result<(), Failure> {
    deliver(
        arguments.out.as_deref(),
        arguments.format,
        || match &arguments.weights {
            Some(weights) => valued(arguments, weights),
            None => compared(arguments),
        },
    )
}

fn compared(arguments: &AppraiseArguments) -> Result<Answer, Failure> {
    let needs_years = arguments.cost_rate.is_some() || arguments.outcome_rate.is_some();
    let table = document::drawn(
        &arguments.from,
        &arguments.outcome,
        &arguments.parameter,
        needs_years,
    )?;
    let alternatives = compile::alternatives(&table, arguments.comparator.as_deref())?;
    let discounting = Discounting {
        costs: arguments
            .cost_rate
            .clone()
            .unwrap_or_else(|| GREEN_BOOK_2026.clone()),
        outcomes: arguments
            .outcome_rate
            .clone()
            .unwrap_or_else(|| Schedule::constant(0.0)),
    };
    if alternatives.has_years {
        tell(&format!(
            "note: costs by year are discounted ({}), outcomes are discounted ({}); --cost-rate and --outcome-rate take {RATES}",
            discounting.costs.edition, discounting.outcomes.edition
        ));
    }
    let thresholds = distinct(&arguments.threshold);
    let values: Vec<f64> = thresholds.iter().map(|threshold| threshold.value).collect();
    let comparison = compare(&alternatives, &discounting, &values);
    let report = ComparisonReport {
        comparison: &comparison,
        thresholds: &thresholds,
        digits: Digits::Seven,
    };
    Ok(Answer {
        text: report.text(),
        json: report.json(),
        tables: report.tables(),
        inputs: table.inputs,
    })
}

/// Each worth once, as it was first written.
fn distinct(thresholds: &[Threshold]) -> Vec<Threshold> {
    let mut kept: Vec<Threshold> = Vec::new();
    for threshold in thresholds {
        if !kept.iter().any(|other| other.written == threshold.written) {
            kept.push(threshold.clone());
        }
    }
    kept
}

fn valued(arguments: &AppraiseArguments, weights: &Path) -> Result<Answer, Failure> {
    let tables = document::scored(&arguments.from, weights)?;
    let scores = compile::scores(&tables, arguments.scale_weights)?;
    let valuation = value(&scores);
    let report = ValuationReport(&valuation);
    Ok(Answer {
        text: report.text(),
        json: report.json(),
        tables: report.tables(),
        inputs: tables.inputs,
    })
}

//! A run's options on money and one outcome, and by criteria, as CSV.

use super::Run;
use super::comparison::{ComparisonReport, LEVERAGE, Threshold, increments_table, of_leverage};
use super::csv::Csv;
use super::number::plain;
use super::valuation::ValuationReport;
use crate::appraise::{Choice, Judged, Weighing, Worth, quarters};

/// Every table of the appraisal beside `appraisal.csv`: `options.csv`, `increments.csv`,
/// `choices.csv`, `plane.csv`, and where there are
/// draws enough `sensitivity.csv` and `information.csv`; with criteria `criteria.csv` and `crossovers.csv`.
pub(super) fn tables(run: &Run) -> Vec<(&'static str, Vec<u8>)> {
    let mut tables = Vec::new();
    if let Some(weighing) = &run.appraisal.weighing {
        tables.extend(of_weighing(run, weighing));
    }
    if !run.appraisal.fixed.is_empty() {
        tables.push(("switching.csv", switching(run)));
    }
    if !run.appraisal.variances.is_empty() {
        tables.push(("variance.csv", variance(run)));
    }
    if let Some(judged) = &run.appraisal.judged {
        tables.push(("criteria.csv", criteria(run, judged)));
        let crossovers = ValuationReport(&judged.valuation).crossovers_table();
        tables.push(("crossovers.csv", crossovers));
    }
    tables
}

fn of_weighing(run: &Run, weighing: &Weighing) -> Vec<(&'static str, Vec<u8>)> {
    let thresholds: Vec<Threshold> = weighing.worths.iter().map(threshold).collect();
    let report = ComparisonReport {
        comparison: &weighing.comparison,
        thresholds: &thresholds,
        digits: run.digits(),
    };
    let against = weighing
        .do_minimum
        .as_ref()
        .map(|comparison| ComparisonReport {
            comparison,
            thresholds: &thresholds,
            digits: run.digits(),
        });
    let reports: Vec<&ComparisonReport> = [&report].into_iter().chain(&against).collect();
    let mut tables = vec![
        ("options.csv", report.options_table()),
        ("increments.csv", increments_table(&reports)),
        ("choices.csv", report.choices_table(&choices(weighing))),
    ];
    tables.push(("plane.csv", plane(run, weighing)));
    if !weighing.inputs.is_empty() {
        tables.push(("sensitivity.csv", sensitivity(run, weighing)));
        tables.push(("information.csv", report.information_table()));
    }
    tables
}

/// For every option but the comparator the share of the draws that are drawn in each quarter of the plane.
fn plane(run: &Run, weighing: &Weighing) -> Vec<u8> {
    let quarters_of_it = [
        "more, dearer",
        "more, no dearer",
        "no more, dearer",
        "no more, no dearer",
    ];
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "quarter",
        "n_draws",
        "share_of_draws",
    ]);
    let comparator = &run.plan.options[weighing.comparison.comparator].id;
    for (option, cloud) in run.plan.options.iter().zip(&weighing.clouds) {
        if option.id == *comparator {
            continue;
        }
        for (quarter, share) in quarters_of_it.iter().zip(quarters(cloud)) {
            let words = [&option.id, comparator, &(*quarter).to_owned()];
            table.row(words, [cloud.len() as f64, share]);
        }
    }
    table.into_bytes()
}

fn threshold(worth: &Worth) -> Threshold {
    Threshold {
        written: plain(worth.gbp),
        value: worth.gbp,
    }
}

/// Along the curve and where the scenario asks, rising and each once.
fn choices(weighing: &Weighing) -> Vec<(String, &Choice)> {
    let all = weighing.comparison.choices.iter().chain(&weighing.curve);
    let mut choices: Vec<(String, &Choice)> = all
        .map(|choice| (plain(choice.threshold), choice))
        .collect();
    choices.sort_by(|a, b| a.1.threshold.total_cmp(&b.1.threshold));
    choices.dedup_by(|a, b| a.0 == b.0);
    choices
}

/// What each input does to the net benefit of each option over the comparator.
fn sensitivity(run: &Run, weighing: &Weighing) -> Vec<u8> {
    let mut header = vec!["parameter", "unit", "option", "comparator", "threshold"];
    header.extend(["parameter_low", "parameter_high"]);
    header.extend(LEVERAGE);
    let mut table = Csv::new(&header);
    let comparator = &run.plan.options[run.plan.comparator].id;
    let n_draws = weighing.comparison.n_draws;
    let inputs = weighing.inputs.iter().zip(&weighing.comparison.learnings);
    for (input, (_, learnings)) in inputs.filter(|(input, _)| !input.is_group) {
        for (worth, learning) in weighing.worths.iter().zip(learnings) {
            for (option, leverage) in run.plan.options.iter().zip(&learning.leverage) {
                let Some(leverage) = leverage else { continue };
                let words = [&input.id, &input.unit, &option.id, comparator].map(String::clone);
                let mut cells = words.to_vec();
                cells.push(plain(worth.gbp));
                cells.extend(input.low_and_high().map(plain));
                cells.extend(of_leverage(leverage, n_draws));
                table.cells(&cells);
            }
        }
    }
    table.into_bytes()
}

/// Money that is given and not drawn: where the mean NPSV passes through 0.
fn switching(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "input",
        "input_name",
        "unit",
        "given",
        "switching_values",
        "note",
    ]);
    let comparator = &run.plan.options[run.plan.comparator].id;
    for fixed in &run.appraisal.fixed {
        let values: Vec<String> = fixed.switching_values.iter().map(|v| plain(*v)).collect();
        table.cells(&[
            run.plan.options[fixed.option].id.clone(),
            comparator.clone(),
            fixed.input.to_owned(),
            fixed.title.clone(),
            fixed.unit.to_owned(),
            plain(fixed.value),
            values.join(" "),
            fixed.note.clone(),
        ]);
    }
    table.into_bytes()
}

/// How much of the variance of each option's NPSV rests on each grade of evidence.
fn variance(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "grade",
        "parameters",
        "parameters_drawn",
        "share_of_variance",
        "share_of_variance_mc_error",
        "smallest_share",
    ]);
    let comparator = &run.plan.options[run.plan.comparator].id;
    for shares in &run.appraisal.variances {
        let option = shares.option.unwrap_or(run.plan.comparator);
        let option = &run.plan.options[option].id;
        for ((grade, n, n_drawn, share), error) in shares.by_grade.iter().zip(&shares.errors) {
            let share = if shares.is_known { *share } else { f64::NAN };
            let mut cells = vec![option.clone(), comparator.clone(), grade.name().to_owned()];
            cells.extend([*n, *n_drawn].map(|n| n.to_string()));
            cells.extend([share, *error, shares.smallest].map(plain));
            table.cells(&cells);
        }
    }
    table.into_bytes()
}

/// A row for each option and criterion, and one for the sum.
fn criteria(run: &Run, judged: &Judged) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "criterion",
        "unit",
        "score_mean",
        "score_p05",
        "score_p95",
        "score_mc_error",
        "weight",
        "value",
        "value_p05",
        "value_p95",
        "value_mc_error",
        "adds_to_value",
        "rank",
        "probability_first",
        "cost_mean",
        "dominance",
        "icer",
    ]);
    for (option, valued) in judged.valuation.options.iter().enumerate() {
        let id = &run.plan.options[option].id;
        let weights = judged.criteria.iter().zip(&judged.valuation.weights);
        for ((scored, (criterion, _, weight)), part) in weights.zip(&valued.parts) {
            let e = &scored.scores[option];
            let mut cells = [id, criterion, &scored.unit].map(String::clone).to_vec();
            let numbers = [
                e.mean,
                e.p05,
                e.p95,
                e.mc_error,
                *weight,
                scored.values[option],
            ];
            cells.extend(numbers.map(plain));
            cells.extend([const { String::new() }; 3]);
            cells.push(plain(*part));
            cells.extend([const { String::new() }; 5]);
            table.cells(&cells);
        }
        let e = &judged.values[option];
        let mut cells = [id.as_str(), "all", "value"].map(str::to_owned).to_vec();
        cells.extend([const { String::new() }; 5]);
        cells.extend([e.mean, e.p05, e.p95, e.mc_error, valued.value].map(plain));
        cells.push(valued.rank.to_string());
        cells.push(plain(judged.probability_first[option]));
        cells.push(plain(valued.cost.unwrap_or(f64::NAN)));
        let dominance = valued.standing.map(|standing| standing.dominance.word());
        cells.push(dominance.unwrap_or_default().to_owned());
        let icer = valued.standing.and_then(|standing| standing.icer);
        cells.push(plain(icer.unwrap_or(f64::NAN)));
        table.cells(&cells);
    }
    table.into_bytes()
}

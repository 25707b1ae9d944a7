//! Every mix tried, and what the next pounds bring, as CSV.

use super::MixReport;
use crate::appraise::mix::{Margin, Mix, Next};
use crate::report::csv::Csv;
use crate::report::number::plain;

/// `mixes.csv`: a row for each mix, in the order in which they were tried.
pub(super) fn mixes(report: &MixReport) -> Vec<u8> {
    let mut header: Vec<String> = vec!["mix".to_owned(), "role".to_owned()];
    header.extend(report.mixing.sites.iter().map(|site| {
        let service = &report.plan.services[site.service].id;
        format!("places_{service}_{}", report.plan.areas[site.host].code)
    }));
    header.extend(
        [
            "cost_mean",
            "cost_p05",
            "cost_p95",
            "cost_mc_error",
            "outcome_mean",
            "outcome_p05",
            "outcome_p95",
            "outcome_mc_error",
            "draws",
            "measured_in",
            "probability_best",
            "probability_best_held_back",
            "is_within_budget",
            "share_of_draws_over_budget",
        ]
        .map(str::to_owned),
    );
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Csv::new(&header);
    for (index, mix) in report.mixed.mixes.iter().enumerate() {
        table.cells(&row(report, index, mix));
    }
    table.into_bytes()
}

fn row(report: &MixReport, index: usize, mix: &Mix) -> Vec<String> {
    let mut row = vec![report.name(index), report.role(index).to_owned()];
    row.extend(mix.places.iter().map(u32::to_string));
    for estimate in [mix.cost, mix.outcome] {
        row.extend([estimate.mean, estimate.p05, estimate.p95, estimate.mc_error].map(plain));
    }
    row.push(mix.n_draws.to_string());
    row.push(measured_in(mix).to_owned());
    row.push(plain(mix.probability_best));
    row.push(plain(mix.probability_best_held_back));
    row.push(if mix.is_within { "yes" } else { "no" }.to_owned());
    row.push(plain(mix.over_budget));
    row
}

/// Which half of the draws a mix was measured in.
pub(super) fn measured_in(mix: &Mix) -> &'static str {
    match mix.is_held_back {
        true => "held back",
        false => "chosen by",
    }
}

/// `marginal.csv`: a row for each service and area.
pub(super) fn margins(report: &MixReport) -> Vec<u8> {
    let mut table = Csv::new(&[
        "service",
        "area_code",
        "area_name",
        "is_best_of_service",
        "note",
        "places",
        "step",
        "step_cost",
        "mean",
        "p05",
        "p95",
        "mc_error",
        "step_gain_mean",
        "step_gain_p05",
        "step_gain_p95",
        "step_gain_mc_error",
    ]);
    for margin in &report.mixed.margins {
        let site = &report.mixing.sites[margin.site];
        let area = &report.plan.areas[site.host];
        let is_best = if margin.is_best_of_service {
            "yes"
        } else {
            "no"
        };
        let places = report.choice().places[margin.site];
        let gain = margin.gain;
        table.row(
            [
                &report.plan.services[site.service].id,
                &area.code,
                &report.areas(site),
                &is_best.to_owned(),
                &note(margin).to_owned(),
            ],
            [
                f64::from(places),
                margin.step as f64,
                margin.cost,
                gain.mean,
                gain.p05,
                gain.p95,
                gain.mc_error,
                margin.gain_of_step.mean,
                margin.gain_of_step.p05,
                margin.gain_of_step.p95,
                margin.gain_of_step.mc_error,
            ],
        );
    }
    table.into_bytes()
}

/// What can be said of the next pounds, in words.
pub(super) fn note(margin: &Margin) -> &'static str {
    match margin.next {
        Next::More => "",
        Next::Last => "no room for more places: what the last £10,000 brought",
        Next::Little => {
            "no more can be bought: what there is room for costs less than half of £10,000, or is used in too few draws to tell of"
        }
        Next::Empty => "more places would stand empty",
        Next::Fixed => "nothing to choose",
    }
}

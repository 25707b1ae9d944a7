//! The same luck for every option: pairing by address cuts the variance of every shipped contrast.

use needscast::compile::Plan;
use needscast::draw::draw;
use needscast::simulate::{Trajectories, simulate};
use needscast::summarise::forecast_years;

use crate::laws::shipped;
use crate::support::question::fresh_seed;
use crate::support::statistics::check_below;

const N_DRAWS: usize = 22;

/// A shipped scenario with a year of the past and three of the future, and the same with another seed.
fn with_another_seed(name: &str) -> (Plan, Plan) {
    let mut plan = shipped(name, N_DRAWS);
    plan.seed += fresh_seed();
    plan.history_from = plan.start.plus(-12);
    plan.end = plan.start.plus(36);
    let mut other = plan.clone();
    other.seed += 1;
    (plan, other)
}

/// For every option and series: the variance of the paired contrast over that of one whose comparator has another
/// seed, and of one unpaired contrast over another; nothing where neither varies. All areas, summed over the forecast.
fn ratios(plan: &Plan, ours: &Trajectories, apart: &Trajectories) -> Vec<(usize, usize, f64, f64)> {
    let mut found = Vec::new();
    for option in (0..plan.options.len()).filter(|option| *option != plan.comparator) {
        for series in (0..ours.layout.series.len()).filter(|&s| !ours.layout.series[s].is_monthly) {
            let contrast = |own: &Trajectories, usual: &Trajectories| {
                let own = horizon(plan, own, option, series);
                let usual = horizon(plan, usual, plan.comparator, series);
                variance(own.iter().zip(usual).map(|(own, usual)| own - usual))
            };
            let unpaired = contrast(ours, apart);
            let ratio = contrast(ours, ours) / unpaired;
            if !ratio.is_nan() {
                found.push((option, series, ratio, contrast(apart, ours) / unpaired));
            }
        }
    }
    found
}

fn horizon(plan: &Plan, out: &Trajectories, option: usize, series: usize) -> Vec<f64> {
    let layout = &out.layout;
    let years = forecast_years(plan, layout);
    let sum = |values: &[f32]| {
        let year = |year| f64::from(values[layout.at(option, layout.n_areas - 1, series, year)]);
        years.clone().map(year).sum()
    };
    out.rows[1..].iter().map(|row| sum(&row.values)).collect()
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    values.map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

/// The standard deviation of the logarithm of a ratio of two sample variances of normal numbers.
fn spread() -> f64 {
    (4.0 / (N_DRAWS as f64 - 1.0)).sqrt()
}

/// The most contrasts that one scenario has.
const MANY: f64 = 300.0;

/// Null: the ratio is at most 1/50 for every contrast but those of the service that the options change, and the
/// logarithm of its estimate is normal around it. Error: pairing is lost and the ratio of one contrast is 1. It is
/// planted by comparing two sets of draws that are both unpaired.
///
/// The contrasts of the changed service itself share less luck (up to a third of the variance is left for the median
/// wait), because its places decide who is served; returned is the mean logarithm of their ratios.
fn pairing_cuts(name: &str, verdict: &'static str, changed: &str) -> f64 {
    let (plan, other) = with_another_seed(name);
    let ours = simulate(&plan, &draw(&plan), &|| {});
    let apart = simulate(&other, &draw(&other), &|| {});
    let (mut elsewhere, mut of_service, mut lost) = (0.0_f64, Vec::new(), 0.0_f64);
    for (option, series, ratio, unpaired) in ratios(&plan, &ours, &apart) {
        let described = &ours.layout.series[series];
        let option = &plan.options[option].id;
        println!(
            "{name}, {option}, {} {}: {ratio:.3}",
            described.measure, described.breakdown
        );
        if described.breakdown == changed {
            of_service.push(ratio.max(0.01).ln());
        } else {
            elsewhere = elsewhere.max(ratio);
            lost = lost.max(unpaired);
        }
    }
    let mean = of_service.iter().sum::<f64>() / of_service.len() as f64;
    println!(
        "{name}: at most {elsewhere:.3} elsewhere, {:.3} of the service; unpaired {lost:.3}",
        mean.exp()
    );
    let (null, bound, spread) = (0.02_f64.ln(), 0.3_f64.ln(), spread());
    check_below(
        verdict,
        elsewhere.ln(),
        bound,
        ((bound - null) / spread, MANY),
        -bound / spread,
    );
    assert!(
        lost.ln() > bound,
        "{name}: pairing that was lost passed: {lost}"
    );
    mean
}

#[test]
fn pairing_cuts_the_variance_of_every_contrast_of_the_release_point() {
    pairing_cuts(
        "release-point",
        "pairing of the release point",
        "no service",
    );
}

/// Of the changed service. Null: the geometric mean of its ratios is 0.15 at most, its logarithm normal with no more
/// than the variance of one. Error: luck that is shared the wrong way round, so that it is 3.
#[test]
fn pairing_cuts_the_variance_of_every_contrast_of_the_throughcare_options() {
    let changed = "service=throughcare";
    let mean = pairing_cuts(
        "tayside-throughcare",
        "pairing of throughcare elsewhere",
        changed,
    );
    let spread = spread();
    let (null, error) = (0.15_f64.ln(), 3.0_f64.ln());
    check_below(
        "pairing of throughcare itself",
        mean,
        0.0,
        (-null / spread, 1.0),
        error / spread,
    );
}

//! Whether an engine follows the twin's law: the means of its totals against the means of many runs of the twin.

use crate::twin::NAMES;
use needscast::random::normal_quantile;

/// The chance that engines which all follow one law fail the check, over all totals of all engines.
const ALPHA: f64 = 1e-3;

/// Compares the mean of every total of `runs` with that of `reference`.
///
/// Null: both follow one law, so that the difference over its standard error is Normal(0, 1), with the standard
/// deviation of one run taken from the reference; two-sided, Bonferroni over totals and engines. Prints the largest
/// score and the smallest relative error in the number of events that would be caught at 99% power.
pub fn check(name: &str, runs: &[Vec<f64>], reference: &[Vec<f64>], engines: usize) -> bool {
    let labels: Vec<String> = NAMES
        .iter()
        .flat_map(|(name, n)| (1..=*n).map(move |i| format!("{name} {i}")))
        .collect();
    let limit = -normal_quantile(ALPHA / 2.0 / (labels.len() * engines) as f64);
    let per_run = (1.0 / runs.len() as f64 + 1.0 / reference.len() as f64).sqrt();
    let mut scores = Vec::new();
    for (total, label) in labels.iter().enumerate() {
        let (expected, deviation) = moments(reference, total);
        let difference = moments(runs, total).0 - expected;
        let score = if difference == 0.0 {
            0.0
        } else {
            difference / (deviation * per_run)
        };
        scores.push((score, label, difference / expected));
    }
    let (events, deviation) = moments(reference, labels.len() - 1);
    let caught = (limit + normal_quantile(0.99)) * deviation * per_run / events;
    let agrees = scores.iter().all(|(score, ..)| score.abs() <= limit);
    let largest = scores.iter().max_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    let Some((score, label, relative)) = largest else {
        return false;
    };
    println!(
        "{name:<10} {} in {} means of {} runs: largest score {score:+.2} of {limit:.2} ({label}, {:+.2}%); an error of {:.2}% in events is caught at 99% power",
        if agrees { "agrees" } else { "DIFFERS" },
        labels.len(),
        runs.len(),
        relative * 100.0,
        caught * 100.0,
    );
    for (score, label, relative) in scores.iter().filter(|(score, ..)| score.abs() > limit) {
        println!("  {label}: score {score:+.1}, {:+.2}%", relative * 100.0);
    }
    agrees
}

/// The mean and the standard deviation of a total over runs.
fn moments(runs: &[Vec<f64>], total: usize) -> (f64, f64) {
    let n = runs.len() as f64;
    let mean = runs.iter().map(|run| run[total]).sum::<f64>() / n;
    let squares = runs
        .iter()
        .map(|run| (run[total] - mean).powi(2))
        .sum::<f64>();
    (mean, (squares / (n - 1.0).max(1.0)).sqrt())
}

//! What a statistical test may cost and what it must catch.
//!
//! Seeds are fixed, so the suite gives the same verdict every time; alpha is the chance that *right* code fails after
//! a change that moves every random number. All of the suite's tests together may fail right code once in a thousand
//! such changes. The budget is split evenly over the tests that are listed here, each of which takes a verdict once.
//!
//! Each test gives its law as a function of the size of an error, and the smallest error that it catches. The claim is
//! itself checked: the power of the test against the law with that error, worked out from the noncentral law of the
//! statistic, is at least 99%. Then the model is run with a larger error planted, so large that missing it is as
//! unlikely as failing right code, and must be refused.
//!
//! On a failure: run it again with `FRESH_SEED=1` … `FRESH_SEED=10` in the environment before touching code. Never
//! change a seed or loosen a bound to pass.

use std::collections::BTreeSet;
use std::sync::Mutex;

use statrs::distribution::{ChiSquared, ContinuousCDF, Discrete, Normal, Poisson};

/// The chance that right code fails any statistical test of the suite.
pub const BUDGET: f64 = 1e-3;

/// How many verdicts the suite takes: one for each name listed, and those of unit tests.
pub const N_STATISTICAL_TESTS: usize = LISTED.len() + N_UNIT_VERDICTS;

/// Unit tests that take verdicts of their own at `alpha 1e-5`, which is less than each may spend: the file, how often it
/// says so, and how many verdicts that makes.
const UNIT_TESTS: [(&str, usize, usize); 16] = [
    ("src/calibrate/dispersion.rs", 1, 6),
    ("src/calibrate/forecast/luck.rs", 1, 1),
    ("src/calibrate/learn/bayes.rs", 1, 1),
    ("src/random/mod.rs", 2, 8),
    ("src/simulate/stay/tests.rs", 1, 1),
    ("src/simulate/tests/exact.rs", 4, 4),
    ("tests/backtest/nominal.rs", 1, 6),
    ("tests/backtest/seasons.rs", 1, 1),
    ("tests/distribution/inflow.rs", 1, 1),
    ("tests/elsewhere/chance.rs", 1, 3),
    ("tests/expected.rs", 2, 2),
    ("tests/share/arrangements.rs", 1, 1),
    ("tests/share/queue.rs", 2, 5),
    ("tests/share/sampled.rs", 1, 7),
    ("tests/textbook/queue.rs", 1, 10),
    ("tests/walks.rs", 1, 3),
];

const N_UNIT_VERDICTS: usize = 60;

/// The chance that right code fails one test.
pub const ALPHA: f64 = BUDGET / N_STATISTICAL_TESTS as f64;

/// The chance of catching the error that a test states.
pub const POWER: f64 = 0.99;

/// Every test that takes a verdict here, by the name it takes it under.
pub const LISTED: [&str; 40] = [
    "stay and exit",
    "two stays running",
    "strata in halves",
    "pairing of the release point",
    "pairing of throughcare elsewhere",
    "pairing of throughcare itself",
    "four times the mean",
    "half the coefficient of variation",
    "return clock",
    "clock under support",
    "take-up, completion and success",
    "length of support",
    "binomial survival",
    "binomial of a binomial",
    "multinomial split",
    "luck of their own",
    "Poisson stock",
    "part of a person",
    "needs together",
    "competing hazards",
    "open stay",
    "Poisson arrivals",
    "random walk",
    "first step of the walk",
    "overdispersed arrivals",
    "people waiting",
    "first come, first served",
    "fixed stay",
    "geometric stay",
    "exponential stay",
    "gamma stay",
    "Weibull stay",
    "lognormal stay",
    "rest of a fixed stay",
    "rest of an exponential stay",
    "rest of a gamma stay",
    "rest of a Weibull stay",
    "rest of a lognormal stay",
    "EVPI of a normal increment",
    "EVPI of a run",
];

/// Takes the one verdict that a name has; a second one would spend the budget twice.
fn spend(name: &'static str) {
    static TAKEN: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    assert!(LISTED.contains(&name), "{name} is not listed in the budget");
    assert!(
        TAKEN.lock().unwrap().insert(name),
        "{name} takes a second verdict"
    );
}

/// Judges counts over the cells of a law by Pearson's chi-square.
///
/// `law(error)` is the exact law (chances by cell) of the model with an error of that size, and 0 the null;
/// `counts(error)` is what a model with that error gives. Fails unless the counts follow the law, the error `smallest`
/// is caught with a power of 99%, and a larger one is refused when it is planted.
pub fn check_law(
    name: &'static str,
    smallest: f64,
    law: impl Fn(f64) -> Vec<f64>,
    counts: impl Fn(f64) -> Vec<f64>,
) {
    spend(name);
    let null = law(0.0);
    let seen = counts(0.0);
    let n: f64 = seen.iter().sum();
    let verdict = chi_square(&null, &seen);
    let power = |error: f64| power(&null, &law(error), n);
    println!(
        "{name}: chi-square {:.1} on {} degrees, critical {:.1}, n {n}; power against {smallest} is {:.4}",
        verdict.statistic,
        verdict.degrees,
        verdict.critical,
        power(smallest)
    );
    assert!(
        verdict.statistic < verdict.critical,
        "{name}: {verdict:?}\nseen {seen:?}\nlaw {:?}",
        null.iter().map(|p| p * n).collect::<Vec<_>>()
    );
    check_smallest(name, smallest, &power);
    let planted = large_enough(name, smallest, &power);
    let caught = chi_square(&null, &counts(planted));
    assert!(
        caught.statistic > caught.critical,
        "{name}: an error of {planted} was planted and passed: {caught:?}"
    );
}

/// Judges a statistic that is standard normal under the null. `score(error)` is its value for a model with an error of
/// that size, and `shift(error)` its mean.
pub fn check_normal(
    name: &'static str,
    smallest: f64,
    score: impl Fn(f64) -> f64,
    shift: impl Fn(f64) -> f64,
) {
    spend(name);
    let normal = Normal::standard();
    let critical = -normal.inverse_cdf(ALPHA / 2.0);
    let power = |error: f64| normal.cdf(shift(error).abs() - critical);
    let found = score(0.0);
    println!(
        "{name}: {found:.2} standard errors, critical {critical:.2}; power against {smallest} is {:.4}",
        power(smallest)
    );
    assert!(found.abs() < critical, "{name}: {found} standard errors");
    check_smallest(name, smallest, &power);
    let planted = large_enough(name, smallest, &power);
    let caught = score(planted);
    assert!(
        caught.abs() > critical,
        "{name}: an error of {planted} was planted and passed: {caught} standard errors"
    );
}

/// Judges whether a number stays below a bound. Under the null it is normal and the bound is `room` of its standard
/// deviations above it, for each of so many numbers of which it is the largest; under the smallest error it is normal
/// and `reach` above the bound.
pub fn check_below(
    name: &'static str,
    value: f64,
    bound: f64,
    (room, many): (f64, f64),
    reach: f64,
) {
    spend(name);
    let normal = Normal::standard();
    println!("{name}: {value:.2}, bound {bound:.2}");
    assert!(
        many * normal.sf(room) <= ALPHA,
        "{name} fails right code too often"
    );
    assert!(
        normal.cdf(reach) >= POWER,
        "{name} catches its error too seldom"
    );
    assert!(value < bound, "{name}: {value} is not below {bound}");
}

/// The claim of a test is true, and no bolder claim would be by much.
fn check_smallest(name: &str, smallest: f64, power: &dyn Fn(f64) -> f64) {
    assert!(
        power(smallest) >= POWER,
        "{name}: an error of {smallest} is caught with a power of {} only",
        power(smallest)
    );
    assert!(
        power(0.7 * smallest) < POWER,
        "{name}: an error much smaller than {smallest} is caught"
    );
}

/// An error that is missed as seldom as right code is failed.
fn large_enough(name: &str, smallest: f64, power: &dyn Fn(f64) -> f64) -> f64 {
    [1.0, 1.25, 1.5, 2.0, 3.0, 4.0]
        .map(|times| times * smallest)
        .into_iter()
        .find(|&error| power(error) >= 1.0 - ALPHA)
        .unwrap_or_else(|| panic!("{name}: no error large enough to be sure of"))
}

/// What Pearson's statistic says of some counts.
#[derive(Debug)]
pub struct ChiSquare {
    /// The statistic.
    pub statistic: f64,
    /// Cells less one, after pooling.
    pub degrees: usize,
    /// What it stays below but once in 1 / alpha.
    pub critical: f64,
}

/// Pearson's statistic over cells pooled from left to right until each expects five or more.
pub fn chi_square(law: &[f64], counts: &[f64]) -> ChiSquare {
    assert_eq!(law.len(), counts.len(), "as many cells as the law has");
    let total: f64 = law.iter().sum();
    assert!((total - 1.0).abs() < 1e-9, "the law sums to {total}");
    let n: f64 = counts.iter().sum();
    let pooled = pool(law, n);
    let statistic = pooled
        .iter()
        .map(|cells| {
            let sum = |of: &[f64]| cells.iter().map(|&cell| of[cell]).sum::<f64>();
            let expected = n * sum(law);
            (sum(counts) - expected).powi(2) / expected
        })
        .sum();
    let degrees = pooled.len() - 1;
    ChiSquare {
        statistic,
        degrees,
        critical: critical(degrees),
    }
}

fn critical(degrees: usize) -> f64 {
    ChiSquared::new(degrees as f64)
        .unwrap()
        .inverse_cdf(1.0 - ALPHA)
}

/// Groups of neighbouring cells that each expect at least five of `n`.
fn pool(law: &[f64], n: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (mut group, mut expected) = (Vec::new(), 0.0);
    for (cell, p) in law.iter().enumerate() {
        group.push(cell);
        expected += n * p;
        if expected >= 5.0 {
            groups.push(std::mem::take(&mut group));
            expected = 0.0;
        }
    }
    match groups.last_mut() {
        Some(last) => last.append(&mut group),
        None => groups.push(group),
    }
    assert!(groups.len() > 1, "n = {n} is too few for this law");
    groups
}

/// The chance that Pearson's test refuses `wrong` for `law` when `n` are seen: its statistic is then noncentral
/// chi-square, a Poisson mixture of central ones (Cramér, Mathematical Methods of Statistics, section 30).
pub fn power(law: &[f64], wrong: &[f64], n: f64) -> f64 {
    let pooled = pool(law, n);
    let sum = |of: &[f64], cells: &[usize]| cells.iter().map(|&cell| of[cell]).sum::<f64>();
    let noncentrality: f64 = pooled
        .iter()
        .map(|cells| {
            let (right, off) = (sum(law, cells), sum(wrong, cells));
            n * (off - right).powi(2) / right
        })
        .sum();
    let degrees = pooled.len() - 1;
    noncentral_above(critical(degrees), degrees as f64, noncentrality)
}

/// The chance that a noncentral chi-square exceeds a value.
fn noncentral_above(value: f64, degrees: f64, noncentrality: f64) -> f64 {
    if noncentrality <= 0.0 {
        return ChiSquared::new(degrees).unwrap().sf(value);
    }
    let half = noncentrality / 2.0;
    let spread = 12.0 * half.sqrt() + 40.0;
    let (first, last) = ((half - spread).max(0.0) as u64, (half + spread) as u64);
    let mixture = Poisson::new(half).unwrap();
    let above: f64 = (first..=last)
        .map(|j| {
            let central = ChiSquared::new(degrees + 2.0 * j as f64).unwrap();
            mixture.pmf(j) * central.sf(value)
        })
        .sum();
    above.min(1.0)
}

#[test]
fn every_verdict_is_counted() {
    let n_unit: usize = UNIT_TESTS.iter().map(|(.., verdicts)| verdicts).sum();
    assert_eq!(n_unit, N_UNIT_VERDICTS);
    assert_eq!(LISTED.iter().collect::<BTreeSet<_>>().len(), LISTED.len());
    let here = "tests/support/statistics.rs";
    let files: Vec<(String, String)> = ["src", "tests"]
        .into_iter()
        .flat_map(crate::tidy::under)
        .map(|(path, text)| {
            let path = path
                .strip_prefix(env!("CARGO_MANIFEST_DIR"))
                .unwrap()
                .to_owned();
            (path.to_string_lossy().replace('\\', "/"), text)
        })
        .filter(|(path, _)| path != here)
        .collect();
    for name in LISTED {
        let quoted = format!("{name:?}");
        let found: usize = files
            .iter()
            .map(|(_, text)| text.matches(&quoted).count())
            .sum();
        assert_eq!(found, 1, "{name} is named once where its verdict is taken");
    }
    for (path, text) in &files {
        let says = text.matches("alpha 1e-5").count();
        let listed = UNIT_TESTS.iter().find(|(file, ..)| file == path);
        assert_eq!(
            says,
            listed.map_or(0, |(_, says, _)| *says),
            "verdicts in {path}"
        );
    }
    const { assert!(ALPHA >= 1e-5, "unit tests spend 1e-5 each") };
}

#[test]
fn the_noncentral_chi_square_agrees_with_the_normal_and_with_the_tables() {
    // On one degree it is the square of a shifted normal.
    let normal = Normal::standard();
    for (value, shift) in [(3.84, 1.0), (15.0, 3.0), (20.0, 8.0)] {
        let root = f64::sqrt(value);
        let exact = normal.sf(root - shift) + normal.cdf(-root - shift);
        let found = noncentral_above(value, 1.0, shift * shift);
        assert!((found - exact).abs() < 1e-9, "{found} is not {exact}");
    }
    // Haynam, Govindarajulu and Leone (1970): what gives a power of 90% at alpha 5%.
    for (degrees, noncentrality) in [(1.0, 10.507), (2.0, 12.654), (5.0, 16.470)] {
        let value = ChiSquared::new(degrees).unwrap().inverse_cdf(0.95);
        let found = noncentral_above(value, degrees, noncentrality);
        assert!((found - 0.9).abs() < 1e-4, "{degrees}: {found}");
    }
}

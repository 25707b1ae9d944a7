//! How a number is drawn, from what its row says: one rule for every table.

use super::Law;
use crate::document::ParameterRow;
use crate::quantity::Unit;
use crate::random::normal_quantile;

/// Why no law fits: the column at fault, what was expected, and what is there.
pub(super) struct NoLaw {
    pub code: &'static str,
    pub column: &'static str,
    pub message: String,
    pub expected: String,
}

fn no_law(column: &'static str, message: &str, expected: impl Into<String>) -> NoLaw {
    NoLaw {
        code: "E314",
        column,
        message: message.to_owned(),
        expected: expected.into(),
    }
}

/// The names that `distribution` may have.
pub(super) const DISTRIBUTIONS: [&str; 8] = [
    "fixed",
    "beta",
    "gamma",
    "lognormal",
    "logit-normal",
    "normal",
    "uniform",
    "walk",
];

/// How far `value` may lie from `events / n`, relative to the larger: rounding to two figures.
const ROUNDING: f64 = 0.02;
/// And absolutely, for small shares published to a whole per cent.
const ROUNDING_SHARE: f64 = 0.005;

/// The law of a row whose numbers are known to be in order and within the unit's bounds.
pub(super) fn law(row: &ParameterRow, unit: &Unit) -> Result<Law, NoLaw> {
    let value = row.value;
    let interval = match (row.number("low"), row.number("high")) {
        (Some(low), Some(high)) => Some((low, high)),
        (None, None) => None,
        (low, _) => {
            let column = if low.is_none() { "low" } else { "high" };
            return Err(no_law(
                column,
                "half an interval",
                "both `low` and `high`, or neither",
            ));
        }
    };
    let z = normal_quantile(0.5 + level(row)? / 2.0);
    let events = row.number("events");
    check_events(row, unit)?;
    let named = row.text("distribution");
    let kind = match named {
        "" if events.is_some() && *unit == Unit::Share => "beta",
        "" if events.is_some() => "gamma",
        "" if interval.is_some() => by_interval(unit, value, interval),
        "" => "fixed",
        named => named,
    };
    match (kind, interval) {
        ("fixed", _) => Ok(Law::Fixed),
        ("beta", _) if events.is_some() => {
            let (events, n) = (events.unwrap_or(0.0), row.number("n").unwrap_or(0.0));
            Ok(Law::Beta(events + 0.5, n - events + 0.5))
        }
        ("gamma", _) if events.is_some() => Ok(Law::Gamma(events.unwrap_or(0.0) + 0.5, value)),
        (_, None) => Err(no_law(
            "low",
            "a distribution without a width",
            "`low` and `high`, or `events` and `n`",
        )),
        // An interval of no width is a number that is known.
        (_, Some((low, high))) if low == high => Ok(Law::Fixed),
        (kind, Some((low, high))) => from_interval(kind, value, low, high, z),
    }
}

fn level(row: &ParameterRow) -> Result<f64, NoLaw> {
    let level = match row.number("level") {
        None => 0.95,
        Some(level) if level > 1.0 => level / 100.0,
        Some(level) => level,
    };
    match level {
        level if level > 0.0 && level < 1.0 => Ok(level),
        _ => Err(no_law(
            "level",
            "`level` is outside its limits",
            "a level such as 90 or 0.9",
        )),
    }
}

fn check_events(row: &ParameterRow, unit: &Unit) -> Result<(), NoLaw> {
    let (events, n) = match (row.number("events"), row.number("n")) {
        (None, None) => return Ok(()),
        (Some(events), Some(n)) => (events, n),
        (events, _) => {
            let column = if events.is_none() { "events" } else { "n" };
            return Err(no_law(
                column,
                "half a count",
                "both `events` and `n`, or neither",
            ));
        }
    };
    let fault = |column, message: &str, expected: String| {
        Err(NoLaw {
            code: "E305",
            ..no_law(column, message, expected)
        })
    };
    if events < 0.0 || n <= 0.0 {
        return fault(
            "events",
            "counts that cannot be",
            "`events` of 0 or more and `n` above 0".into(),
        );
    }
    if *unit != Unit::Share {
        return Ok(());
    }
    if events > n {
        return fault(
            "events",
            "more events than people",
            format!("at most n = {n}"),
        );
    }
    let share = events / n;
    let gap = (row.value - share).abs();
    if gap > ROUNDING * share.max(row.value) && gap > ROUNDING_SHARE {
        let expected = format!("{share:.4}, which is {events} / {n}");
        return fault(
            "value",
            "`value` does not agree with `events` / `n`",
            expected,
        );
    }
    Ok(())
}

/// The law of an interval when none is named: an end on the edge of what is possible leaves only the uniform.
fn by_interval(unit: &Unit, value: f64, interval: Option<(f64, f64)>) -> &'static str {
    let (low, high) = interval.unwrap_or((value, value));
    match unit {
        _ if low <= 0.0 => "uniform",
        Unit::Share if high >= 1.0 => "uniform",
        Unit::Share => "logit-normal",
        _ => "lognormal",
    }
}

fn from_interval(kind: &str, value: f64, low: f64, high: f64, z: f64) -> Result<Law, NoLaw> {
    let sd = (high - low) / (2.0 * z);
    match kind {
        "uniform" => Ok(Law::Uniform(low, high)),
        "normal" => Ok(Law::Normal(value, sd)),
        "lognormal" | "walk" if low > 0.0 => {
            let spread = (high.ln() - low.ln()) / (2.0 * z);
            // The mean of a lognormal law lies above its median by this factor.
            let centre = value.ln() - 0.5 * spread * spread;
            Ok(match kind {
                "walk" => Law::Walk(centre, spread),
                _ => Law::LogNormal(centre, spread),
            })
        }
        "logit-normal" if low > 0.0 && high < 1.0 => {
            let spread = (logit(high) - logit(low)) / (2.0 * z);
            Ok(Law::LogitNormal(centre(value, spread), spread))
        }
        "gamma" if value > 0.0 => Ok(Law::Gamma((value / sd).powi(2), value)),
        "beta" if value > 0.0 && value < 1.0 && sd * sd < value * (1.0 - value) => {
            let weight = value * (1.0 - value) / (sd * sd) - 1.0;
            Ok(Law::Beta(value * weight, (1.0 - value) * weight))
        }
        "logit-normal" | "beta" => Err(no_law(
            "distribution",
            "this law needs room on both sides",
            "`low` above 0 and `high` below 1, or `uniform`",
        )),
        _ => Err(no_law(
            "distribution",
            "this law is above 0",
            "`low` above 0, or `uniform`",
        )),
    }
}

/// The 95% interval of a law.
pub(super) fn interval(law: Law) -> Option<(f64, f64)> {
    let z = normal_quantile(0.975);
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some(match law {
        Law::Fixed => return None,
        Law::LogNormal(mean, sd) | Law::Walk(mean, sd) => {
            ((mean - z * sd).exp(), (mean + z * sd).exp())
        }
        Law::LogitNormal(mean, sd) => (logistic(mean - z * sd), logistic(mean + z * sd)),
        Law::Normal(mean, sd) => (mean - z * sd, mean + z * sd),
        Law::Uniform(low, high) => (low + 0.025 * (high - low), high - 0.025 * (high - low)),
        Law::Beta(a, b) => {
            let below = |x: f64| statrs::function::beta::checked_beta_reg(a, b, x).unwrap_or(x);
            let sd = (a * b / (a + b + 1.0)).sqrt() / (a + b);
            search(below, (a / (a + b), sd), 1.0)
        }
        Law::Gamma(shape, mean) => {
            let below = |x: f64| {
                statrs::function::gamma::checked_gamma_lr(
                    shape,
                    (x * shape / mean).max(f64::MIN_POSITIVE),
                )
                .unwrap_or(1.0)
            };
            if mean <= 0.0 {
                return Some((0.0, 0.0));
            }
            search(
                below,
                (mean, mean / shape.sqrt()),
                mean * (20.0 + 40.0 / shape),
            )
        }
    })
}

fn logit(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

/// The centre of a logit-normal law with this spread whose mean is `value`. The median of a small share lies below its
/// mean, and a table of many such shares would otherwise draw too many events.
fn centre(value: f64, spread: f64) -> f64 {
    let steps = steps(spread);
    let odds = steps.map(|step| (-step).exp());
    let reach = steps[0].abs();
    let is_below = |centre: f64| {
        // With one exponential rather than one of each step, the mean is the same to 13 digits as long as none of them
        // overflows, so that the slow one is asked where the two may differ.
        if centre.abs() + reach < 700.0 {
            let scale = (-centre).exp();
            let mean = odds
                .map(|odds| 1.0 / (1.0 + scale * odds))
                .iter()
                .sum::<f64>()
                / POINTS;
            if (mean - value).abs() > 1e-12 * value {
                return mean < value;
            }
        }
        mean(&steps, centre) < value
    };
    halved(value, is_below)
}

/// How many equally likely steps stand for a normal law.
const POINTS: f64 = 64.0;

fn steps(spread: f64) -> [f64; POINTS as usize] {
    std::array::from_fn(|i| spread * normal_quantile((i as f64 + 0.5) / POINTS))
}

/// The mean of a logit-normal law with this centre and these steps from it.
fn mean(steps: &[f64], centre: f64) -> f64 {
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let shares = steps.iter().map(|step| logistic(centre + step));
    shares.sum::<f64>() / POINTS
}

/// Where it is no longer below, to the last digit, among the centres that a share of this size may have.
fn halved(value: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (logit(value) - 40.0, logit(value) + 40.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let end = match is_below(middle) {
            true => &mut low,
            false => &mut high,
        };
        // Between two numbers that follow each other there is none.
        if *end == middle {
            break;
        }
        *end = middle;
    }
    0.5 * (low + high)
}

/// Shapes above this are so narrow that the normal law serves, and the incomplete beta function loses digits.
const NARROW: f64 = 5e-3;

/// The two quantiles of a rising distribution function on 0 to `most`, to four figures, which is what a table shows.
fn search(below: impl Fn(f64) -> f64, (mean, sd): (f64, f64), most: f64) -> (f64, f64) {
    let z = normal_quantile(0.975);
    if sd < NARROW * mean.min((most - mean).max(mean * f64::EPSILON)) {
        return (mean - z * sd, mean + z * sd);
    }
    let quantile = |p: f64| {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if below(middle) < p {
                low = middle;
            } else {
                high = middle;
            }
            if high - low <= 1e-4 * high {
                break;
            }
        }
        0.5 * (low + high)
    };
    (quantile(0.025), quantile(0.975))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quick_mean_finds_the_same_centre_to_the_last_bit() {
        let mut n = 0;
        for spread in [1e-9, 1e-3, 0.05, 0.3, 1.0, 2.5, 6.0, 30.0, 250.0, 5e3, 1e6] {
            let steps = steps(spread);
            for near in [
                1e-320, 1e-300, 1e-80, 1e-12, 1e-5, 0.003, 0.05, 0.21, 0.5, 0.77,
            ] {
                for part in 0..40 {
                    let value = near * (1.0 + f64::from(part) / 97.0);
                    for value in [value, 1.0 - value] {
                        let slow = halved(value, |centre| mean(&steps, centre) < value);
                        let quick = centre(value, spread);
                        assert_eq!(slow.to_bits(), quick.to_bits(), "{value} {spread}");
                        n += 1;
                    }
                }
            }
        }
        assert_eq!(n, 8800);
    }

    #[test]
    fn halving_ends_where_it_ended_with_every_step() {
        let every_step = |value: f64, root: f64| {
            let (mut low, mut high) = (logit(value) - 40.0, logit(value) + 40.0);
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if middle < root {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            0.5 * (low + high)
        };
        for value in [1e-9, 0.02, 0.4, 0.5, 0.93] {
            for part in -200..200 {
                let root = logit(value) + f64::from(part) / 7.0;
                let ended = halved(value, |centre| centre < root);
                assert_eq!(ended.to_bits(), every_step(value, root).to_bits());
            }
        }
    }

    /// That two numbers are the same, but for a few parts of what they are.
    fn close(found: f64, expected: f64, parts: f64) {
        let gap = (found - expected).abs();
        assert!(gap <= parts * expected.abs(), "{found}, not {expected}");
    }

    fn both((low, high): (f64, f64), expected: (f64, f64), parts: f64) {
        close(low, expected.0, parts);
        close(high, expected.1, parts);
    }

    const Z: f64 = 1.959_963_984_540_054;

    #[test]
    fn intervals_are_those_of_the_laws() {
        let of = |law| interval(law).unwrap();
        let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
        assert_eq!(interval(Law::Fixed), None);
        both(
            of(Law::Normal(3.0, 2.0)),
            (3.0 - 2.0 * Z, 3.0 + 2.0 * Z),
            1e-9,
        );
        both(of(Law::Uniform(2.0, 6.0)), (2.1, 5.9), 1e-12);
        for law in [Law::LogNormal(0.5, 0.3), Law::Walk(0.5, 0.3)] {
            both(
                of(law),
                ((0.5 - 0.3 * Z).exp(), (0.5 + 0.3 * Z).exp()),
                1e-9,
            );
        }
        let share = of(Law::LogitNormal(0.5, 0.3));
        both(
            share,
            (logistic(0.5 - 0.3 * Z), logistic(0.5 + 0.3 * Z)),
            1e-9,
        );
        // Of Beta(a, 1) a share of x to the power of a lies below x, and of a gamma of shape 1 it is the exponential.
        let square = of(Law::Beta(2.0, 1.0));
        both(square, (0.025_f64.sqrt(), 0.975_f64.sqrt()), 1e-4);
        let exponential = of(Law::Gamma(1.0, 4.0));
        both(
            exponential,
            (-4.0 * 0.975_f64.ln(), -4.0 * 0.025_f64.ln()),
            1e-4,
        );
        assert_eq!(interval(Law::Gamma(2.0, 0.0)), Some((0.0, 0.0)));
        // What is very narrow is as good as normal.
        let sd = 0.5 / 2_000_001_f64.sqrt();
        both(of(Law::Beta(1e6, 1e6)), (0.5 - Z * sd, 0.5 + Z * sd), 1e-9);
        let sd = 7.0 / 1e3;
        both(of(Law::Gamma(1e6, 7.0)), (7.0 - Z * sd, 7.0 + Z * sd), 1e-9);
        // But not where there is no room on one side.
        let near_all = of(Law::Beta(200.0, 1.0));
        both(
            near_all,
            (0.025_f64.powf(0.005), 0.975_f64.powf(0.005)),
            1e-4,
        );
    }

    #[test]
    fn laws_of_an_interval_have_its_mean_and_its_width() {
        let of = |kind, value, low, high| from_interval(kind, value, low, high, Z).ok().unwrap();
        assert_eq!(of("uniform", 3.0, 2.0, 5.0), Law::Uniform(2.0, 5.0));
        let Law::Normal(mean, sd) = of("normal", 3.0, 2.0, 2.0 + 2.0 * Z) else {
            panic!("normal")
        };
        assert_eq!(mean, 3.0);
        close(sd, 1.0, 1e-12);
        let (Law::LogNormal(centre, spread), Law::Walk(walked, step)) =
            (of("lognormal", 3.0, 2.0, 5.0), of("walk", 3.0, 2.0, 5.0))
        else {
            panic!("lognormal and walk")
        };
        assert_eq!((centre, spread), (walked, step));
        close((centre + spread * spread / 2.0).exp(), 3.0, 1e-12);
        close((2.0 * Z * spread).exp(), 2.5, 1e-12);
        let Law::Gamma(shape, mean) = of("gamma", 3.0, 2.0, 2.0 + 2.0 * Z) else {
            panic!("gamma")
        };
        assert_eq!(mean, 3.0);
        close(shape, 9.0, 1e-12);
        let Law::Beta(a, b) = of("beta", 0.25, 0.1, 0.1 + 0.2 * Z) else {
            panic!("beta")
        };
        close(a / (a + b), 0.25, 1e-12);
        close(a * b / ((a + b).powi(2) * (a + b + 1.0)), 0.01, 1e-12);
    }

    #[test]
    fn the_mean_of_a_logit_normal_law_is_the_value() {
        let law = from_interval("logit-normal", 0.02, 0.005, 0.08, Z)
            .ok()
            .unwrap();
        let Law::LogitNormal(centre, spread) = law else {
            panic!("logit-normal")
        };
        let logit = |p: f64| (p / (1.0 - p)).ln();
        close(2.0 * Z * spread, logit(0.08) - logit(0.005), 1e-12);
        // Simpson's rule on what the law says, far into both tails, which the 64 points of the program leave out.
        let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let worth = |x: f64| density(x) / (1.0 + (-centre - spread * x).exp());
        let (steps, most) = (4000, 10.0);
        let width = 2.0 * most / f64::from(steps);
        let weight = |i: i32| match i {
            0 => 1.0,
            i if i == steps => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let each = (0..=steps).map(|i| weight(i) * worth(-most + f64::from(i) * width));
        close(each.sum::<f64>() * width / 3.0, 0.02, 0.01);
        // As the program says it, the mean is the value to the last digits.
        let points = (0..64).map(|i| {
            let step = normal_quantile((f64::from(i) + 0.5) / 64.0);
            1.0 / (1.0 + (-centre - spread * step).exp())
        });
        close(points.sum::<f64>() / 64.0, 0.02, 1e-9);
    }

    #[test]
    fn laws_without_room_are_refused() {
        let fault = |kind, value, low, high| {
            let fault = from_interval(kind, value, low, high, Z).err().unwrap();
            (fault.code, fault.column, fault.message)
        };
        let sides = "this law needs room on both sides".to_owned();
        let above = "this law is above 0".to_owned();
        for (kind, value, low, high, said) in [
            ("logit-normal", 0.5, 0.0, 0.8, &sides),
            ("logit-normal", 0.5, 0.2, 1.0, &sides),
            ("beta", 0.0, 0.0, 0.5, &sides),
            ("beta", 1.0, 0.5, 1.0, &sides),
            // As wide as a law on two points, or wider.
            ("beta", 0.5, 0.0, 2.0 * Z * 0.5, &sides),
            ("lognormal", 1.0, 0.0, 2.0, &above),
            ("walk", 1.0, 0.0, 2.0, &above),
            ("gamma", 0.0, 0.0, 2.0, &above),
        ] {
            assert_eq!(
                fault(kind, value, low, high),
                ("E314", "distribution", said.clone()),
                "{kind}"
            );
        }
        assert!(from_interval("beta", 0.5, 0.0, 2.0 * Z * 0.49, Z).is_ok());
    }
}

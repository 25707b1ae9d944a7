//! How a number is drawn, from what its row says: one rule for every table.

mod interval;
mod logit_normal;

use super::Law;
use crate::document::ParameterRow;
use crate::quantity::Unit;
use crate::random::normal_quantile;
use logit_normal::{centre, logit};

pub(super) use interval::interval;

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

#[cfg(test)]
mod tests;

//! How the scores of a criterion become values: as they stand, on a scale from worst to best, or by points.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::document::WeightRow;

/// What the better end of a scale is worth; the other end is worth nothing.
const FULL: f64 = 100.0;

/// A fault, and the column in which it stands.
pub(super) struct Wrong {
    pub column: &'static str,
    pub fault: Box<Diagnostic>,
}

/// Scores and their values, rising by score; empty where scores are values already.
pub(super) fn value_function(row: &WeightRow) -> Result<Vec<(f64, f64)>, Wrong> {
    let is_lower = is_lower(row)?;
    if !row.points.is_empty() {
        if row.ends != [None, None] || !row.direction.is_empty() {
            let expected = "either `points`, or `low` and `high` with a direction";
            return Err(wrong(
                row,
                "points",
                "two value functions",
                expected,
                "both",
            ));
        }
        let expected =
            "two or more scores and their values, rising by score, such as `0:0 40:80 60:100`";
        let found = format!("`{}`", row.points);
        return points(&row.points)
            .ok_or_else(|| wrong(row, "points", "the value function", expected, &found));
    }
    let (worst, best) = if is_lower { (FULL, 0.0) } else { (0.0, FULL) };
    match row.ends {
        [None, None] if !is_lower => Ok(Vec::new()),
        // An end that is no number has been reported where it was read.
        [Some(low), Some(high)] if low.is_nan() || high.is_nan() => Ok(Vec::new()),
        [Some(low), Some(high)] if low < high => Ok(vec![(low, worst), (high, best)]),
        [Some(low), Some(high)] => Err(wrong(
            row,
            "high",
            "the ends of the scale",
            "`low` below `high`; where less is better say `lower` under `direction`",
            &format!("{low} to {high}"),
        )),
        _ => Err(wrong(
            row,
            "low",
            "half a scale",
            "both `low` and `high`: the scores between which values go from 0 to 100",
            "one of them, or neither beside `lower`",
        )),
    }
}

fn is_lower(row: &WeightRow) -> Result<bool, Wrong> {
    match row.direction.as_str() {
        "" | "higher" => Ok(false),
        "lower" => Ok(true),
        other => Err(Wrong {
            column: "direction",
            fault: Box::new(
                Diagnostic::error("E111", format!("unknown direction `{other}`"))
                    .expected("`higher` or `lower`")
                    .found(format!("`{other}`"))
                    .nearest(other, ["higher", "lower"]),
            ),
        }),
    }
}

fn wrong(
    row: &WeightRow,
    column: &'static str,
    message: &str,
    expected: impl Into<Cow<'static, str>>,
    found: &str,
) -> Wrong {
    let fault = Diagnostic::error("E708", format!("{message} of `{}`", row.criterion))
        .expected(expected)
        .found(found);
    Wrong {
        column,
        fault: Box::new(fault),
    }
}

/// `0:0 40:80 60:100`, rising by score.
fn points(text: &str) -> Option<Vec<(f64, f64)>> {
    let point = |word: &str| -> Option<(f64, f64)> {
        let (score, value) = word.split_once(':')?;
        let number = |text: &str| text.parse().ok().filter(|n: &f64| n.is_finite());
        Some((number(score)?, number(value)?))
    };
    let points: Option<Vec<_>> = text.split_whitespace().map(point).collect();
    points.filter(|p| p.len() > 1 && p.windows(2).all(|pair| pair[0].0 < pair[1].0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_rise_by_score() {
        assert_eq!(points("0:5 2:1"), Some(vec![(0.0, 5.0), (2.0, 1.0)]));
        for wrong in ["0:5", "0:5 0:6", "2:5 0:6", "0:5 2", "0:5 inf:6", ""] {
            assert_eq!(points(wrong), None, "{wrong}");
        }
    }
}

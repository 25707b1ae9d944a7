//! Local counts among the parameters: events among so many, people, and people who enter per time.

use std::collections::BTreeSet;

use super::touched::Touched;
use super::words::without_numbers;
use crate::document::disclosure::Rule;
use crate::document::figures::ParameterRow;
use crate::document::source::At;
use crate::document::{Documents, published};
use crate::quantity::{TimeUnit, Unit};

pub(super) fn protect_parameters(
    documents: &mut Documents,
    rule: Option<Rule>,
    is_local: &impl Fn(At) -> bool,
    touched: &mut Touched,
) {
    let inflows = documents.model.inflows.iter();
    let arrivals: BTreeSet<String> = inflows
        .filter(|inflow| inflow.is_of_people)
        .flat_map(|inflow| inflow.rate.names.iter().map(|name| name.value.clone()))
        .collect();
    for row in &mut documents.parameters {
        if !is_local(row.at) || published::has_parameter(row) {
            continue;
        }
        let is_arrivals = arrivals.contains(row.text("id"));
        let stand_in = rule.unwrap_or(Rule {
            below: 0.0,
            round_to: 1.0,
        });
        let Some(safe) = Safe::of(row, is_arrivals, stand_in) else {
            continue;
        };
        if rule.is_some() {
            safe.put(row);
        }
        let number = |column| row.number(column).map_or(String::new(), |n| n.to_string());
        let mut cells = vec![("value", row.value.to_string())];
        cells
            .extend(["low", "high", "level", "events", "n"].map(|column| (column, number(column))));
        let words = ["distribution", "population", "source", "note"];
        cells.extend(words.map(|column| (column, row.text(column).to_owned())));
        touched.add(row.at, safe.is_withheld, cells);
    }
}

/// What stands in a row of parameters in the place of its numbers.
struct Safe {
    value: f64,
    /// `low`, `high`, `level`, `events`, `n`.
    numbers: [Option<f64>; 5],
    distribution: &'static str,
    is_withheld: bool,
}

impl Safe {
    /// Nothing where the row holds no count, or is at fault, which is reported where its numbers are looked at.
    fn of(row: &ParameterRow, is_arrivals: bool, rule: Rule) -> Option<Safe> {
        let [low, high, level, events, n] = row.numbers;
        let has_nan = row.numbers.iter().flatten().any(|number| number.is_nan());
        let is_disordered = low.is_some_and(|low| low > row.value)
            || high.is_some_and(|high| high < row.value)
            || low.is_some() != high.is_some()
            || level.is_some_and(|level| level <= 0.0);
        if !row.value.is_finite() || row.value < 0.0 || has_nan || is_disordered {
            return None;
        }
        let unit = Unit::parse(row.text("unit"))?;
        match (events, n) {
            (Some(events), Some(n)) if events >= 0.0 && n > 0.0 => {
                Safe::of_events(row, &unit, (events, n), rule)
            }
            (None, None) => {
                let per_count = match unit {
                    Unit::People | Unit::Count => 1.0,
                    // So many a year.
                    Unit::Per(time) if is_arrivals => TimeUnit::Year.months() / time.months(),
                    _ => return None,
                };
                (row.value > 0.0).then(|| Safe::of_people(row, per_count, rule))
            }
            _ => None,
        }
    }

    fn of_events(row: &ParameterRow, unit: &Unit, counts: (f64, f64), rule: Rule) -> Option<Safe> {
        let (events, n) = counts;
        let rate = events / n;
        let is_share = *unit == Unit::Share;
        let is_the_rate = (row.value - rate).abs() <= 0.02 * rate.max(row.value)
            || is_share && (row.value - rate).abs() <= 0.005;
        if is_share && (events > n || !is_the_rate) {
            return None;
        }
        let (used, whole, is_withheld) = match is_share {
            true => rule.share(events, n),
            false => {
                let whole = rule.rounded(n.max(rule.below));
                (rule.used(events), whole, rule.is_small(events))
            }
        };
        let least = match is_share {
            true => used.min(whole - used),
            false => used,
        };
        let worth = if is_withheld { rule.worth(least) } else { 1.0 };
        let value = match is_the_rate || events == 0.0 {
            true if events == 0.0 && !is_share => row.value,
            true => used / whole,
            // The scale is the author's own: two digits say nothing of the count.
            false => two_digits(row.value * (used / events) * (n / whole)),
        };
        Some(Safe {
            value,
            numbers: [None, None, None, Some(used * worth), Some(whole * worth)],
            distribution: if row.text("distribution") == "fixed" {
                "fixed"
            } else {
                ""
            },
            is_withheld,
        })
    }

    fn of_people(row: &ParameterRow, per_count: f64, rule: Rule) -> Safe {
        let [low, high, level, ..] = row.numbers;
        let count = row.value * per_count;
        let is_withheld = rule.is_small(count);
        if is_withheld {
            // Any of the counts that are withheld may stand for it.
            let ends = [1.0, rule.below - 1.0].map(|end| Some(end / per_count));
            return Safe {
                value: rule.middle() / per_count,
                numbers: [ends[0], ends[1], None, None, None],
                distribution: "uniform",
                is_withheld,
            };
        }
        let base = rule.round_to;
        let value = rule.rounded(count);
        let has_width = low != high;
        let down = |end: f64| match end > 0.0 {
            true => ((end / base).floor() * base).clamp(1.0, value),
            false => 0.0,
        };
        let up = |end: f64| ((end / base).ceil() * base).max(value);
        let end = |end: Option<f64>, of: &dyn Fn(f64) -> f64| {
            let other = |end: f64| {
                if has_width {
                    of(end * per_count)
                } else {
                    value
                }
            };
            end.map(|end| other(end) / per_count)
        };
        Safe {
            value: value / per_count,
            numbers: [end(low, &down), end(high, &up), level, None, None],
            distribution: "as written",
            is_withheld,
        }
    }

    fn put(&self, row: &mut ParameterRow) {
        row.value = self.value;
        row.numbers = self.numbers;
        if self.distribution != "as written" {
            row.set_text("distribution", self.distribution.to_owned());
        }
        for column in ["population", "source", "note"] {
            let words = without_numbers(row.text(column));
            row.set_text(column, words);
        }
        let told = match self.is_withheld {
            true => "Local count, withheld [c]: the middle of what it may have been stands here.",
            false => "Local count, rounded.",
        };
        let note = format!("{} {told}", row.text("note"));
        row.set_text("note", note.trim_start().to_owned());
    }
}

fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

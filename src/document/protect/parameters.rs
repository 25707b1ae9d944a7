//! Local counts among the parameters: events among so many, people, and people who enter per time.

use std::collections::BTreeSet;

use super::events::Events;
use super::touched::Touched;
use super::words::{period_without_numbers, url_without_numbers, without_numbers};
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
        let words = [
            "distribution",
            "period",
            "population",
            "source",
            "url",
            "note",
        ];
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
    /// Whether the value is the author's own, and events only say how sure it is.
    is_own: bool,
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
        let per_count = match unit {
            Unit::People | Unit::Count => Some(1.0),
            // So many a year.
            Unit::Per(time) if is_arrivals => Some(TimeUnit::Year.months() / time.months()),
            _ => None,
        };
        match (events, n) {
            (Some(events), Some(n)) if events >= 0.0 && n > 0.0 => match unit {
                Unit::Share => Safe::of_share(row, (events, n), rule),
                _ => Some(Safe::of_events(row, &unit, per_count, (events, n), rule)),
            },
            (None, None) if row.value > 0.0 => {
                per_count.map(|per_count| Safe::of_people(row, per_count, rule))
            }
            _ => None,
        }
    }

    fn of_share(row: &ParameterRow, (events, n): (f64, f64), rule: Rule) -> Option<Safe> {
        let rate = events / n;
        let gap = (row.value - rate).abs();
        let is_the_rate = gap <= 0.02 * rate.max(row.value) || gap <= 0.005;
        if events > n || !is_the_rate {
            return None;
        }
        let (used, whole, is_withheld) = rule.share(events, n);
        let worth = match is_withheld {
            true => rule.worth(used.min(whole - used)),
            false => 1.0,
        };
        Some(Safe::drawn(
            row,
            used / whole,
            [used, whole, worth],
            is_withheld,
        ))
    }

    /// A number that is no share: the record of its events, of people who are counted, or the author's own.
    fn of_events(
        row: &ParameterRow,
        unit: &Unit,
        per_count: Option<f64>,
        (events, n): (f64, f64),
        rule: Rule,
    ) -> Safe {
        let counts = Events::of(events, n, rule);
        let mut is_withheld = counts.is_withheld;
        let record = match events > 0.0 {
            true => counts.value(row.value, unit),
            false => None,
        };
        let (value, whole) = match (record, per_count) {
            (Some(value), _) => (value, counts.whole),
            (None, Some(per_count)) => {
                let people = row.value * per_count;
                is_withheld |= rule.is_small(people);
                (rule.used(people) / per_count, counts.whole_unsaid())
            }
            (None, None) => (row.value, counts.whole_unsaid()),
        };
        let worth = match is_withheld {
            true => rule.worth(counts.used),
            false => 1.0,
        };
        Safe {
            is_own: record.is_none() && per_count.is_none(),
            ..Safe::drawn(row, value, [counts.used, whole, worth], is_withheld)
        }
    }

    /// A value that is drawn as widely as events among so many, each worth so much, make it.
    fn drawn(row: &ParameterRow, value: f64, counts: [f64; 3], is_withheld: bool) -> Safe {
        let [events, whole, worth] = counts;
        Safe {
            value,
            numbers: [None, None, None, Some(events * worth), Some(whole * worth)],
            distribution: if row.text("distribution") == "fixed" {
                "fixed"
            } else {
                ""
            },
            is_withheld,
            is_own: false,
        }
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
                is_own: false,
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
            is_own: false,
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
        row.set_text("period", period_without_numbers(row.text("period")));
        row.set_text("url", url_without_numbers(row.text("url")));
        let told = match (self.is_withheld, self.is_own) {
            (true, false) => {
                "Local count, withheld [c]: the middle of what it may have been stands here."
            }
            (true, true) => "The value as written; the local count behind it is withheld [c].",
            (false, false) => "Local count, rounded.",
            (false, true) => "The value as written; the local count behind it is rounded.",
        };
        let note = format!("{} {told}", row.text("note"));
        row.set_text("note", note.trim_start().to_owned());
    }
}

//! Local counts and rates among the recorded series.

use std::collections::BTreeMap;

use super::MARK;
use super::touched::{Cells, Touched};
use super::units::{Of, of_people};
use super::words::{period_without_numbers, without_numbers};
use crate::document::disclosure::{Rule, Withheld};
use crate::document::figures::RecordedRow;
use crate::document::source::At;
use crate::document::{Documents, published};

pub(super) fn protect_recorded(
    documents: &mut Documents,
    rule: Option<Rule>,
    is_local: &impl Fn(At) -> bool,
    touched: &mut Touched,
) {
    let rows = std::mem::take(&mut documents.recorded);
    let (local, mut open): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| {
        let is_of_people = of_people(&row.unit) != Of::Other || row.n.is_some();
        is_local(row.at) && is_of_people && !row.value.is_nan() && !published::has_recorded(row)
    });
    let Some(rule) = rule else {
        for row in &local {
            touched.add(row.at, false, Vec::new());
        }
        open.extend(local);
        open.sort_by_key(|row| row.at);
        documents.recorded = open;
        return;
    };
    let withheld = withheld(&local, rule);
    for (mut row, is_withheld) in local.into_iter().zip(withheld) {
        row.source = without_numbers(&row.source);
        row.period = period_without_numbers(&row.period);
        if is_withheld {
            touched.add(row.at, true, cells(&row, MARK, MARK));
            documents.disclosure.withheld.push(Withheld {
                measure: row.measure,
                breakdown: row.breakdown,
                area_code: row.area,
                period: row.period,
            });
            continue;
        }
        row.value = safe_value(&row, rule);
        row.n = row.n.map(|n| rule.rounded(n));
        row.precision = format!("rounded to {}", rule.round_to);
        let n = row.n.map_or(String::new(), |n| n.to_string());
        touched.add(row.at, false, cells(&row, &row.value.to_string(), &n));
        open.push(row);
    }
    open.sort_by_key(|row| row.at);
    documents.recorded = open;
}

fn cells(row: &RecordedRow, value: &str, n: &str) -> Cells {
    vec![
        ("value", value.to_owned()),
        ("n", n.to_owned()),
        ("source", row.source.clone()),
        ("period", row.period.clone()),
    ]
}

/// The value of a row that is not withheld.
fn safe_value(row: &RecordedRow, rule: Rule) -> f64 {
    match (of_people(&row.unit), row.n) {
        (Of::Count, _) => rule.rounded(row.value),
        (Of::Rate(per), Some(n)) => {
            let (events, whole, _) = rate(row.value / per, n, rule);
            events / whole * per
        }
        (Of::Share, Some(n)) => {
            let (events, whole, _) = rate(row.value, n, rule);
            events / whole
        }
        _ => row.value,
    }
}

/// What stands for so many events among so many people, and whether either is withheld. Events of a rate may be more than
/// the people.
fn rate(rate: f64, n: f64, rule: Rule) -> (f64, f64, bool) {
    // A whole number that was divided and multiplied again is whole.
    let events = (rate * n * 1e9).round() / 1e9;
    match events <= n {
        true => rule.share(events, n),
        false => {
            let is_few = rule.is_small(events) || rule.is_small(n);
            (rule.used(events), rule.rounded(n.max(rule.below)), is_few)
        }
    }
}

/// Which rows are withheld. Where only one of a measure and a period is, the smallest other one is too, because a whole
/// that is published elsewhere would give it by subtraction.
fn withheld(rows: &[RecordedRow], rule: Rule) -> Vec<bool> {
    let is_small = |row: &RecordedRow| match (of_people(&row.unit), row.n) {
        (Of::Count, _) => rule.is_small(row.value),
        (Of::Other, _) => false,
        // Of how many people it is nobody says, so nobody knows whether they are few.
        (_, None) => true,
        (Of::Rate(per), Some(n)) => rate(row.value / per, n, rule).2,
        // Above 1 it is per some number of people that nobody says.
        (Of::Share, Some(n)) => row.value > 1.0 || rate(row.value, n, rule).2,
        (Of::Length, Some(n)) => n < rule.below,
    };
    let mut withheld: Vec<bool> = rows.iter().map(is_small).collect();
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if of_people(&row.unit) == Of::Count && row.value > 0.0 {
            groups
                .entry((&row.measure, &row.period))
                .or_default()
                .push(index);
        }
    }
    for group in groups.values() {
        let (hidden, seen): (Vec<usize>, Vec<usize>) = group.iter().partition(|i| withheld[**i]);
        let smallest = seen
            .into_iter()
            .min_by(|a, b| rows[*a].value.total_cmp(&rows[*b].value));
        if let (1, Some(smallest)) = (hidden.len(), smallest) {
            withheld[smallest] = true;
        }
    }
    withheld
}

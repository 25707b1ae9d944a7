//! Local counts and rates among the recorded series.

use std::collections::BTreeMap;

use super::MARK;
use super::touched::Touched;
use super::words::without_numbers;
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
        is_local(row.at)
            && !is_money_or_places(&row.unit)
            && !row.value.is_nan()
            && !published::has_recorded(row)
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
        if is_withheld {
            touched.add(
                row.at,
                true,
                vec![("value", MARK.to_owned()), ("n", MARK.to_owned())],
            );
            documents.disclosure.withheld.push(Withheld {
                measure: row.measure,
                breakdown: row.breakdown,
                area_code: row.area,
                period: row.period,
            });
            continue;
        }
        row.source = without_numbers(&row.source);
        let n = row.n.map(|n| rule.rounded(n));
        row.value = match (row.n, of_people(&row.unit)) {
            (_, Of::Count) => rule.rounded(row.value),
            (Some(people), Of::Share(scale)) => {
                let (events, whole, _) = rule.share(row.value * scale * people, people);
                events / whole / scale
            }
            _ => row.value,
        };
        row.precision = format!("rounded to {}", rule.round_to);
        let n_cell = n.map_or(String::new(), |n| n.to_string());
        touched.add(
            row.at,
            false,
            vec![
                ("value", row.value.to_string()),
                ("n", n_cell),
                ("source", row.source.clone()),
            ],
        );
        row.n = n;
        open.push(row);
    }
    open.sort_by_key(|row| row.at);
    documents.recorded = open;
}

/// Which rows are withheld. Where only one of a measure and a period is, the smallest other one is too, because a whole
/// that is published elsewhere would give it by subtraction.
fn withheld(rows: &[RecordedRow], rule: Rule) -> Vec<bool> {
    let is_small = |row: &RecordedRow| match (of_people(&row.unit), row.n) {
        (Of::Count, _) => rule.is_small(row.value),
        // Of how many people it is nobody says, so nobody knows whether they are few.
        (_, None) => true,
        (Of::Share(scale), Some(n)) => rule.share(row.value * scale * n, n).2,
        (Of::Other, Some(n)) => n < rule.below,
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

/// What a recorded figure is of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Of {
    /// People or things that happened to them, counted.
    Count,
    /// A share of people, as so many times a share from 0 to 1.
    Share(f64),
    /// A rate or a mean.
    Other,
}

fn of_people(unit: &str) -> Of {
    let unit = unit.to_lowercase();
    let has = |word: &str| {
        unit.split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
    };
    match unit.as_str() {
        "percent" | "percentage" | "%" => Of::Share(0.01),
        "share" | "proportion" => Of::Share(1.0),
        _ if [
            "per", "rate", "ratio", "index", "mean", "average", "days", "months", "years",
        ]
        .into_iter()
        .any(has) =>
        {
            Of::Other
        }
        _ => Of::Count,
    }
}

/// Money and places are nobody's record.
fn is_money_or_places(unit: &str) -> bool {
    unit.starts_with("GBP") || matches!(unit, "places" | "beds" | "staff")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_say_what_is_counted() {
        assert_eq!(of_people("people"), Of::Count);
        assert_eq!(of_people("orders"), Of::Count);
        assert_eq!(of_people("percent"), Of::Share(0.01));
        assert_eq!(of_people("per 1,000 population"), Of::Other);
        assert_eq!(of_people("reconvictions per person"), Of::Other);
        assert_eq!(of_people("days"), Of::Other);
        assert!(is_money_or_places("GBP thousand") && !is_money_or_places("people"));
    }
}

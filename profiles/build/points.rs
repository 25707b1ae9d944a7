//! The prison population month by month: the published averages, then what was said of single days.

use crate::histories::Known;
use crate::prisons;
use crate::tidy::Tidy;
use std::collections::BTreeMap;
use std::path::Path;

/// Statements and reports of the Scottish Government.
const GOVERNMENT: &str = "sg-prison-days";
/// Press reports.
const PRESS: &str = "press-prison-days";

/// Days after March 2024 on which a population was stated: day (or month), breakdown, people, and who said so. What is
/// "about" so many people is as it was said.
const DAYS: &[(&str, &str, f64, &str)] = &[
    ("2024-04-30", "", 8_250.0, GOVERNMENT),
    ("2024-05-14", "", 8_361.0, GOVERNMENT),
    ("2024-05-16", "", 8_348.0, GOVERNMENT),
    ("2024-05-29", "", 8_313.0, PRESS),
    ("2024-06-12", "", 8_294.0, PRESS),
    ("2024-09-01", "", 8_151.0, GOVERNMENT),
    ("2024-10-01", "", 8_347.0, GOVERNMENT),
    ("2024-10-02", "", 8_319.0, PRESS),
    ("2024-10-10", "", 8_322.0, GOVERNMENT),
    ("2024-12-06", "", 8_260.0, GOVERNMENT),
    ("2025-02-18", "", 8_375.0, GOVERNMENT),
    ("2025-03-21", "", 8_170.0, GOVERNMENT),
    ("2025-04-04", "", 8_138.0, GOVERNMENT),
    ("2025-09", "", 8_359.0, PRESS),
    ("2025-10-01", "", 8_363.0, GOVERNMENT),
    ("2025-10-02", "", 8_363.0, GOVERNMENT),
    ("2024-05-14", "legal_status=remand", 2_360.0, GOVERNMENT),
    ("2024-10-01", "legal_status=remand", 2_293.0, GOVERNMENT),
    ("2025-01-01", "legal_status=remand", 2_124.0, GOVERNMENT),
    ("2025-03-25", "legal_status=remand", 2_289.0, GOVERNMENT),
    ("2025-10-01", "legal_status=remand", 2_096.0, GOVERNMENT),
    ("2024-06-21", "legal_status=sentenced", 6_056.0, GOVERNMENT),
    ("2025-10-01", "legal_status=sentenced", 6_267.0, GOVERNMENT),
];

/// A day and how many people there were.
type Day = (&'static str, f64);

/// Months of table X1 to March 2024, then the means of the days that are known of a month, with gaps. The press is
/// heard only of months of which nobody else has spoken.
pub fn months(folder: &Path) -> Result<Vec<Known>, String> {
    let mut known: Vec<Known> = prisons::months(folder)?
        .into_iter()
        .map(Known::from)
        .collect();
    let mut by_month: BTreeMap<(&str, &str, bool), Vec<Day>> = BTreeMap::new();
    for (day, breakdown, people, source) in DAYS {
        let month = day.get(..7).unwrap_or(day);
        let of_month = by_month.entry((month, breakdown, *source == PRESS));
        of_month.or_default().push((day, *people));
    }
    for ((month, breakdown, is_press), days) in &by_month {
        if *is_press && by_month.contains_key(&(*month, *breakdown, false)) {
            continue;
        }
        let mean = days.iter().map(|(_, people)| people).sum::<f64>() / days.len() as f64;
        let source = if *is_press { PRESS } else { GOVERNMENT };
        let tidy = Tidy::national("prison_population", month, mean, "people", source);
        let said = days.iter().map(|(day, people)| format!("{day}: {people}"));
        known.push(Known {
            note: said.collect::<Vec<_>>().join("; "),
            ..Known::from(tidy.of(*breakdown).rounded_if(true))
        });
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_in_order_of_breakdown_and_time() {
        let keys: Vec<_> = DAYS.iter().map(|(day, part, ..)| (part, day)).collect();
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

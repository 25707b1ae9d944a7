//! The series of justice social work, published for Scotland only.

use crate::table::{Row, read_table};
use crate::tidy::{Tidy, age, sex, slug};
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &["justice_social_work_national_series_2005_2024.csv"];

/// Published measures, the ids they become and the key under which their
/// categories, other than `All`, are stated.
const MEASURES: &[(&str, &str, &str)] = &[
    (
        "Average length of unpaid work requirement",
        "unpaid_work_mean_hours",
        "",
    ),
    (
        "Bail supervision cases commenced",
        "bail_supervision_cases_commenced",
        "",
    ),
    (
        "Bail supervision individuals",
        "bail_supervision_individuals",
        "",
    ),
    ("CJSW reports requested", "jsw_reports_requested", ""),
    ("CJSW reports submitted", "jsw_reports_submitted", ""),
    (
        "CJSW reports: main outcome",
        "jsw_reports_outcome",
        "outcome",
    ),
    (
        "CPO commencements with unpaid work requirement: time to start placement",
        "cpo_unpaid_work_time_to_start",
        "time",
    ),
    ("CPO requirements", "cpo_requirements", "requirement"),
    (
        "CPOs in force at 31 March (end of year)",
        "cpo_orders_in_force",
        "",
    ),
    ("CPOs terminated", "cpo_orders_terminated", ""),
    (
        "CPOs with unpaid work Level 1 (100 hours or less)",
        "cpo_unpaid_work_level_1",
        "",
    ),
    (
        "CPOs with unpaid work Level 2 (over 100 - 300 hours)",
        "cpo_unpaid_work_level_2",
        "",
    ),
    (
        "CPOs with unpaid work/other activity requirement",
        "cpo_unpaid_work_orders",
        "",
    ),
    (
        "Community payback orders commenced",
        "cpo_orders_commenced",
        "",
    ),
    (
        "Community service orders commenced",
        "cso_orders_commenced",
        "",
    ),
    ("Completion/discharge rate, CPOs", "cpo_completion_rate", ""),
    (
        "Completion/discharge rate, all orders",
        "all_orders_completion_rate",
        "",
    ),
    (
        "DTTOs in force at 31 March (end of year)",
        "dtto_orders_in_force",
        "",
    ),
    ("DTTOs terminated", "dtto_orders_terminated", ""),
    (
        "Diversion from prosecution cases commenced",
        "diversion_cases_commenced",
        "",
    ),
    (
        "Drug treatment and testing orders commenced",
        "dtto_orders_commenced",
        "",
    ),
    (
        "Fiscal work orders commenced",
        "fiscal_work_orders_commenced",
        "",
    ),
    (
        "Fiscal work orders terminated",
        "fiscal_work_orders_terminated",
        "",
    ),
    (
        "Home detention curfew assessment individuals",
        "hdc_assessment_individuals",
        "",
    ),
    (
        "Home detention curfew assessment reports",
        "hdc_assessment_reports",
        "",
    ),
    ("Home leave reports", "home_leave_reports", ""),
    (
        "Individuals with CJSW reports submitted",
        "jsw_reports_individuals",
        "",
    ),
    (
        "Individuals with CPO commenced",
        "cpo_individuals_commenced",
        "",
    ),
    (
        "Individuals with DTTO commenced",
        "dtto_individuals_commenced",
        "",
    ),
    (
        "Individuals with orders commenced",
        "all_orders_individuals_commenced",
        "",
    ),
    (
        "Justice social work reports submitted (incl. supplementary)",
        "jsw_reports_submitted_with_supplementary",
        "",
    ),
    ("Parole/non-parole reports", "parole_reports", ""),
    ("Post sentence interviews", "post_sentence_interviews", ""),
    (
        "Probation orders commenced",
        "probation_orders_commenced",
        "",
    ),
    (
        "Probation orders with unpaid work commenced",
        "probation_unpaid_work_orders_commenced",
        "",
    ),
    (
        "Requests from court for bail information",
        "bail_information_requests",
        "",
    ),
    ("Same day reports", "same_day_reports", ""),
    ("Social work orders commenced", "all_orders_commenced", ""),
    ("Social work orders terminated", "all_orders_terminated", ""),
    (
        "Statutory throughcare in community: cases commenced",
        "statutory_throughcare_community_cases_commenced",
        "",
    ),
    (
        "Statutory throughcare in custody: cases commenced",
        "statutory_throughcare_custody_cases_commenced",
        "",
    ),
    (
        "Structured deferred sentences imposed",
        "structured_deferred_sentences",
        "",
    ),
    (
        "Supervised attendance orders commenced",
        "sao_orders_commenced",
        "",
    ),
    (
        "Supplementary CJSW reports submitted",
        "jsw_supplementary_reports_submitted",
        "",
    ),
    (
        "Voluntary throughcare cases commenced",
        "voluntary_throughcare_cases_commenced",
        "",
    ),
    (
        "Voluntary throughcare cases commenced (incl. addiction services)",
        "voluntary_throughcare_cases_commenced_with_addiction_services",
        "",
    ),
    (
        "Voluntary throughcare individuals assisted (incl. addiction services)",
        "voluntary_throughcare_individuals_with_addiction_services",
        "",
    ),
];

/// Categories of employment and ethnicity in table 8 of 2020-21.
const EMPLOYMENT: &[&str] = &[
    "Economically inactive",
    "Employed/self employed",
    "Employment status not known",
    "Full-time education",
    "Government training scheme",
    "Other employment status",
    "Unemployed",
];
const ETHNICITY: &[&str] = &[
    "African, Caribbean or Black",
    "Asian",
    "Ethnicity not known/provided",
    "Mixed",
    "Other ethnicity",
    "White",
];

/// The best published number of every series and year.
///
/// The same year stands in several editions. An exact number is preferred to a
/// rounded one, and among those the latest edition, which holds the revisions.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = [
        "year",
        "measure",
        "category",
        "value",
        "unit",
        "precision",
        "edition_table",
    ];
    let mut best: BTreeMap<[String; 3], ((bool, String), Tidy)> = BTreeMap::new();
    for row in read_table(folder, FILES[0], &columns)? {
        let (rank, tidy) = (rank(&row)?, number(&row)?);
        let key = [&tidy.measure, &tidy.period, &tidy.breakdown].map(Clone::clone);
        match best.get(&key) {
            Some((held, _)) if *held >= rank => {}
            _ => {
                best.insert(key, (rank, tidy));
            }
        }
    }
    Ok(best.into_values().map(|(_, tidy)| tidy).collect())
}

/// What makes one edition's number better than another's: exact, then late.
fn rank(row: &Row) -> Result<(bool, String), String> {
    let exact = row.text("precision")? == "exact";
    Ok((exact, edition(row.text("edition_table")?)))
}

/// The year of the edition; the answer to a request for information of 2024
/// counts as late as the edition of that year.
fn edition(label: &str) -> String {
    match label.strip_prefix("FOI/") {
        Some(number) => format!("foi-{}", number.get(..4).unwrap_or(number)),
        None => label.get(..7).unwrap_or(label).to_owned(),
    }
}

/// One number of the series under its id and breakdown.
fn number(row: &Row) -> Result<Tidy, String> {
    let published = row.text("measure")?;
    let (_, id, part) = MEASURES
        .iter()
        .find(|(label, ..)| *label == published)
        .ok_or_else(|| row.fault(&format!("unknown measure '{published}'")))?;
    let unit = match row.text("unit")? {
        "count" => count(id),
        other => other,
    };
    let source = format!("jsw-{}", edition(row.text("edition_table")?));
    let (year, value) = (row.text("year")?, row.number("value")?);
    let tidy = Tidy::national(id, year, value, unit, &source);
    let rounded = row.text("precision")? != "exact";
    Ok(tidy
        .of(breakdown(row.text("category")?, part))
        .rounded_if(rounded))
}

/// What one unit of a count is; orders, cases, people and reports differ.
fn count(id: &str) -> &'static str {
    if id.contains("individuals") {
        "people"
    } else if id.contains("cases") {
        "cases"
    } else if id.contains("report") {
        "reports"
    } else if id.contains("interviews") {
        "interviews"
    } else if id.contains("requests") {
        "requests"
    } else if id == "cpo_requirements" {
        "requirements"
    } else {
        "orders"
    }
}

/// A category as a breakdown: sex, age, employment, ethnicity or the part that
/// the measure names.
fn breakdown(category: &str, part: &str) -> String {
    let whole = category == "All" || category == "All orders";
    if whole {
        String::new()
    } else if let Some(sex) = sex(category) {
        format!("sex={sex}")
    } else if category.starts_with("Age ") {
        format!("age={}", age(category))
    } else if EMPLOYMENT.contains(&category) {
        format!("employment={}", slug(category))
    } else if ETHNICITY.contains(&category) {
        format!("ethnicity={}", slug(category))
    } else {
        let key = if part.is_empty() { "part" } else { part };
        format!("{key}={}", slug(category))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows kept from lines of year, value, precision and edition.
    fn kept(lines: &str) -> Vec<Tidy> {
        let folder = tempfile::tempdir().unwrap();
        let mut text = String::from("year,measure,category,value,unit,precision,edition_table\n");
        for line in lines.lines() {
            let (year, rest) = line.trim().split_once(',').unwrap();
            let (value, rest) = rest.split_once(',').unwrap();
            text +=
                &format!("{year},Community payback orders commenced,All,{value},count,{rest}\n");
        }
        std::fs::write(folder.path().join(FILES[0]), text).unwrap();
        national(folder.path()).unwrap()
    }

    #[test]
    fn the_latest_exact_edition_is_kept() {
        let rows = kept(
            "2019-20,16710,exact,2019-20 Table 2
             2019-20,16825,exact,2020-21 Table 8
             2019-20,16800,rounded (bulletin text),2022-23 text
             2022-23,14700,rounded (bulletin text),2022-23 text",
        );
        assert_eq!(rows[0].value, Some(16_825.0));
        assert_eq!(rows[0].source, "jsw-2020-21");
        assert_eq!(rows[1].precision, crate::tidy::Precision::Rounded);
        assert_eq!(rows[1].measure, "cpo_orders_commenced");
    }

    #[test]
    fn categories_become_breakdowns() {
        assert_eq!(breakdown("All", "outcome"), "");
        assert_eq!(breakdown("Male", ""), "sex=men");
        assert_eq!(breakdown("Age 16-17", ""), "age=16-17");
        assert_eq!(breakdown("Unemployed", ""), "employment=unemployed");
        assert_eq!(breakdown("Custody", "outcome"), "outcome=custody");
    }
}

//! What became of people reported, prosecuted and convicted in Scotland.

use crate::table::{Row, read_table};
use crate::tidy::{Tidy, age, join, sex, slug};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[PROCEEDINGS, EARLIER];
const PROCEEDINGS: &str = "criminal_proceedings_national_2013_2022.csv";
const EARLIER: &str = "criminal_proceedings_national_2002_2013_earlier_editions.csv";

/// Main penalties of table 7a and the measures they become.
const PENALTIES: &[(&str, &str)] = &[
    ("Total", "people_convicted"),
    ("All custody", "custody_disposals"),
    ("All community sentences", "community_disposals"),
    ("Community payback order", "cpo_disposals"),
    ("Restriction of liberty order", "rlo_disposals"),
    ("Drug treatment & testing order", "dtto_disposals"),
    ("Community service order", "cso_disposals"),
    (
        "Probation and other community sentences",
        "probation_and_other_community_disposals",
    ),
    ("All financial penalties", "financial_disposals"),
    ("All other sentences", "other_disposals"),
    ("Admonition", "admonition_disposals"),
];

/// Lines of table 1, which prints thousands, and the measures they become.
const ACTIONS: &[(&str, &str, &str)] = &[
    (
        "Total criminal reports received  (COPFS cases)",
        "criminal_reports_received",
        "cases",
    ),
    ("Fiscal fines (COPFS cases)", "fiscal_fines", "cases"),
    (
        "Fiscal fixed penalties (COPFS cases)",
        "fiscal_fixed_penalties",
        "cases",
    ),
    (
        "Compensation orders (COPFS cases)",
        "fiscal_compensation_orders",
        "cases",
    ),
    (
        "Combined fiscal fines/compensation orders (COPFS cases)",
        "fiscal_combined_fines_and_compensation",
        "cases",
    ),
    ("Fiscal warnings (COPFS cases)", "fiscal_warnings", "cases"),
    ("No action (COPFS cases)", "fiscal_no_action", "cases"),
    (
        "Other non-court disposals (COPFS cases)",
        "fiscal_other_non_court_disposals",
        "cases",
    ),
    (
        "Offence referrals to Reporter to Children's Panel",
        "offence_referrals_to_childrens_reporter",
        "referrals",
    ),
];

/// The court and pre-court series of Scotland.
pub fn national(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, PROCEEDINGS, &["table", "category", "year", "value"])? {
        let category = row.text("category")?;
        let tidy = match row.text("table")? {
            "Table_1" => action(&row, category)?,
            "Table_3" => part(
                &row,
                "people_convicted",
                category,
                "All court types",
                "court",
            )?,
            "Table_4a" => group(&row, "people_proceeded_against", category, true)?,
            "Table_4b" => group(&row, "people_convicted", category, false)?,
            "Table_5a" => by_age(&row, category)?,
            "Table_7a" => penalty(&row, category)?,
            "Table_10d" => part(&row, "custody_disposals", category, "Total", "length")?,
            "Table_11" => penalty_by_age(&row, category)?,
            "Table_14" if category == "Total" => {
                Some(line(&row, "bail_orders_made", "orders", "cp-t14")?)
            }
            "Table_16" => undertakings(&row, category)?,
            "Table_17" => disposals(&row, "police_disposals", category, "cp-t17")?,
            "Table_20" => disposals(&row, "copfs_disposals", category, "cp-t20")?,
            _ => None,
        };
        rows.extend(tidy);
    }
    rows.extend(charge_proved(folder)?);
    Ok(rows)
}

/// One number of a row.
fn line(row: &Row, measure: &str, unit: &str, source: &str) -> Result<Tidy, String> {
    let (year, value) = (row.text("year")?, row.number("value")?);
    Ok(Tidy::national(measure, year, value, unit, source))
}

/// Table 1 prints thousands with three decimals in later years and whole
/// thousands in earlier ones; whole thousands are rounded numbers.
fn action(row: &Row, category: &str) -> Result<Option<Tidy>, String> {
    let Some((_, measure, unit)) = ACTIONS.iter().find(|(label, ..)| *label == category) else {
        return Ok(None);
    };
    let thousands = row.number("value")?;
    let year = row.text("year")?;
    let value = (thousands * 1000.0).round();
    let tidy = Tidy::national(measure, year, value, unit, "cp-t1");
    Ok(Some(tidy.rounded_if(thousands.fract() == 0.0)))
}

/// A part of a total that stands elsewhere, under the given breakdown.
fn part(
    row: &Row,
    measure: &str,
    category: &str,
    total: &str,
    breakdown: &str,
) -> Result<Option<Tidy>, String> {
    if category == total {
        return Ok(None);
    }
    let source = source(row)?;
    let tidy = line(row, measure, "people", &source)?;
    Ok(Some(tidy.of(format!("{breakdown}={}", slug(category)))))
}

/// The key of the table a row comes from.
fn source(row: &Row) -> Result<String, String> {
    let table = row.text("table")?;
    Ok(format!("cp-{}", table.replace("Table_", "t")))
}

/// Tables 4a and 4b: the total and the groups of crime and offence.
fn group(row: &Row, measure: &str, category: &str, total: bool) -> Result<Option<Tidy>, String> {
    const GROUPS: &[&str] = &[
        "All crimes",
        "Non-sexual crimes of violence",
        "Sexual crimes",
        "Crimes of dishonesty",
        "Damage and reckless behaviour",
        "Crimes against society",
        "All offences",
        "Coronavirus restrictions",
        "Antisocial offences",
        "Miscellaneous offences",
        "Road traffic offences",
    ];
    let breakdown = match category {
        "All crimes and offences" if total => String::new(),
        label if GROUPS.contains(&label) => format!("crime={}", slug(label)),
        _ => return Ok(None),
    };
    let source = source(row)?;
    Ok(Some(line(row, measure, "people", &source)?.of(breakdown)))
}

/// Table 5a: people convicted by sex and age. Its total leaves out a few
/// people of unknown sex or age; the total is taken from table 7a.
fn by_age(row: &Row, category: &str) -> Result<Option<Tidy>, String> {
    let Some((who, band)) = category.split_once(" | ") else {
        return Err(row.fault(&format!("no age in '{category}'")));
    };
    let sex = sex(who).map(|s| format!("sex={s}"));
    let age = (band != "Total").then(|| format!("age={}", age(band)));
    if sex.is_none() && age.is_none() {
        return Ok(None);
    }
    let tidy = line(row, "people_convicted", "people", "cp-t5a")?;
    Ok(Some(tidy.of(join(&[sex, age]))))
}

/// Table 7a: people convicted by main penalty, and the mean custodial sentence.
fn penalty(row: &Row, category: &str) -> Result<Option<Tidy>, String> {
    if category == "Custody (average in days)" {
        return Ok(Some(line(row, "custody_mean_days", "days", "cp-t7a")?));
    }
    match PENALTIES.iter().find(|(label, _)| *label == category) {
        Some((_, measure)) => Ok(Some(line(row, measure, "people", "cp-t7a")?)),
        None => Ok(None),
    }
}

/// Table 11: main penalty by sex and broad age. People convicted by sex and
/// age are in table 5a, in finer bands.
fn penalty_by_age(row: &Row, category: &str) -> Result<Option<Tidy>, String> {
    let parts: Vec<&str> = category.split('|').map(str::trim).collect();
    let [penalty, who, band] = parts[..] else {
        return Err(row.fault(&format!("not penalty, sex and age: '{category}'")));
    };
    let measure = match penalty {
        "Custody" => "custody_disposals",
        "Community sentence" => "community_disposals",
        "Financial Penalty" => "financial_disposals",
        "Other sentence" => "other_disposals",
        _ => return Ok(None),
    };
    let Some(sex) = sex(who) else { return Ok(None) };
    let age = (band != "Total").then(|| format!("age={}", age(band)));
    let tidy = line(row, measure, "people", "cp-t11")?;
    Ok(Some(tidy.of(join(&[Some(format!("sex={sex}")), age]))))
}

/// Table 16: undertakings to appear, by sex and by age.
fn undertakings(row: &Row, category: &str) -> Result<Option<Tidy>, String> {
    let breakdown = match category {
        "Total undertakings" => String::new(),
        "Male" | "Female" => format!("sex={}", sex(category).unwrap_or_default()),
        band if band.starts_with("Age ") && !band.ends_with(')') => format!("age={}", age(band)),
        _ => return Ok(None),
    };
    let tidy = line(row, "undertakings", "undertakings", "cp-t16")?;
    Ok(Some(tidy.of(breakdown)))
}

/// Tables 17 and 20: disposals by the police and by the procurator fiscal.
fn disposals(
    row: &Row,
    measure: &str,
    category: &str,
    source: &str,
) -> Result<Option<Tidy>, String> {
    let tidy = line(row, measure, "people", source)?;
    Ok(Some(if category.starts_with("All ") {
        tidy
    } else {
        tidy.of(format!("disposal={}", slug(category)))
    }))
}

/// The longer history by main penalty, under an id of its own: the earlier
/// editions count people with a charge proved, with later revisions missing.
fn charge_proved(folder: &Path) -> Result<Vec<Tidy>, String> {
    let columns = ["edition", "table", "section", "category", "year", "value"];
    let kept = [
        "Custody",
        "Community sentence",
        "Community payback order",
        "Probation",
        "Community service order",
        "Restriction of liberty order",
        "Drug treatment & testing order",
        "Financial penalty",
        "Other sentence",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, EARLIER, &columns)? {
        let here = row.text("edition")? == "2013-14" && row.text("table")? == "Table 7";
        let category = row.text("category")?;
        if !here || !row.text("section")?.is_empty() {
            continue;
        }
        let breakdown = match category {
            "Total" => String::new(),
            label if kept.contains(&label) => format!("penalty={}", slug(label)),
            _ => continue,
        };
        let tidy = line(&row, "people_with_charge_proved", "people", "cp-2013-14-t7")?;
        rows.push(tidy.of(breakdown));
    }
    Ok(rows)
}

#[cfg(test)]
#[path = "courts_tests.rs"]
mod tests;

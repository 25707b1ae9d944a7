//! What councils spent on justice social work and homelessness.

use crate::areas::Areas;
use crate::table::{Row, read_table};
use crate::tidy::Tidy;
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &["council_spend_criminal_justice_social_work_2012_2021.csv"];

/// Gross, income and net of one council, year and service.
type Account = BTreeMap<&'static str, f64>;

/// Gross expenditure, income as a positive amount, and net expenditure.
pub fn councils(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = ["area_code", "year", "service", "measure_group", "value"];
    let mut rows = Vec::new();
    let mut accounts: BTreeMap<[String; 3], Account> = BTreeMap::new();
    for row in read_table(folder, FILES[0], &columns)? {
        let service = match row.text("service")? {
            "Criminal justice social work services" => "justice_social_work",
            "Homelessness" => "homelessness",
            _ => continue,
        };
        let Some((kind, value)) = amount(&row)? else {
            continue;
        };
        let (area, period) = (areas.of(&row)?, row.text("year")?);
        let key = [area.0, period, service].map(str::to_owned);
        accounts.entry(key).or_default().insert(kind, value);
        let about = ("GBP thousand", "lgfs-lfr3");
        let measure = format!("{service}_{kind}");
        rows.push(Tidy::area(&measure, area, period, Some(value), about));
    }
    accounts.iter().try_for_each(check)?;
    Ok(rows)
}

/// The kind of amount and its value. Income was printed as a negative number
/// from 2014-15 to 2018-19 and as a positive one in other years, so the sign
/// is turned in those five years and left alone otherwise.
fn amount(row: &Row) -> Result<Option<(&'static str, f64)>, String> {
    let value = row.number("value")?;
    let printed_negative = ("2014-15"..="2018-19").contains(&row.text("year")?);
    Ok(match row.text("measure_group")? {
        "gross_expenditure" => Some(("gross_expenditure", value)),
        "net_revenue_expenditure" => Some(("net_revenue_expenditure", value)),
        "income" => Some(("income", if printed_negative { -value } else { value })),
        _ => None,
    })
}

/// Fails unless gross less income is net, within £2 thousand of rounding: a
/// wrong sign of income would show here.
fn check((key, account): (&[String; 3], &Account)) -> Result<(), String> {
    let get = |kind: &str| {
        account
            .get(kind)
            .copied()
            .ok_or_else(|| format!("{}: {key:?} has no {kind}", FILES[0]))
    };
    let (gross, income) = (get("gross_expenditure")?, get("income")?);
    let net = get("net_revenue_expenditure")?;
    if (gross - income - net).abs() > 2.0 {
        return Err(format!(
            "{}: {key:?}: gross {gross} less income {income} is not net {net}",
            FILES[0]
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs the module over one account in the given year.
    fn spend(year: &str, income: &str) -> Result<Vec<Tidy>, String> {
        let folder = tempfile::tempdir().unwrap();
        let mut text = String::from("area_code,year,service,measure_group,value\n");
        let parts = [
            ("gross_expenditure", "100"),
            ("income", income),
            ("net_revenue_expenditure", "10"),
        ];
        for (group, value) in parts {
            text += &format!("A,{year},Homelessness,{group},{value}\n");
        }
        std::fs::write(folder.path().join(FILES[0]), text).unwrap();
        councils(folder.path(), &Areas::of_codes(&["A"]))
    }

    #[test]
    fn income_is_positive_whatever_sign_was_printed() {
        for (year, printed) in [("2013-14", "90"), ("2016-17", "-90"), ("2019-20", "90")] {
            let rows = spend(year, printed).unwrap();
            let income = rows.iter().find(|r| r.measure.ends_with("income")).unwrap();
            assert_eq!(income.value, Some(90.0), "{year}");
        }
    }

    #[test]
    fn a_sign_against_the_rule_is_refused() {
        assert!(spend("2016-17", "90").unwrap_err().contains("is not net"));
    }
}

//! Conversions between what the model counts (people) and what is published (disposals, orders), and prices.

use super::Evidence;
use crate::parameters::accounts::{Account, period};
use crate::parameters::cell::{Cell, digits};
use crate::parameters::sources::{SOCIAL_WORK, TOGETHER, evidence};
use crate::parameters::strata::FIRST;
use crate::table::{put, writer};
use std::collections::BTreeMap;
use std::path::Path;

/// The table `weights.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let accounts = &evidence_of.accounts;
    let mut cells: Vec<Cell> = accounts.iter().map(custody).collect();
    for account in accounts {
        cells.push(orders(evidence_of, account)?);
    }
    cells.extend(accounts.iter().map(acquittals));
    Ok(cells)
}

fn custody(account: &Account) -> Cell {
    let note = "People given custody by the courts (Criminal Proceedings, Table 7a; 2023-24 from the headline findings \
                of that year's edition) over custodial sentences begun by people not already serving one: transitions \
                from remand (Prison Population Statistics, Table O2) and sentenced arrivals (Table O1) less recalls \
                and breaches of orders. Above one, because many disposals fall on people already in prison.";
    let population = "custodial disposals in Scotland";
    let year = period(account.year);
    let source = evidence("ratio", &year, population, TOGETHER, "official", note);
    let value = account.custody_weight();
    Cell::new("custodial_disposals_per_start", value, &source).from(account.year)
}

fn orders(evidence_of: &Evidence, account: &Account) -> Result<Cell, String> {
    let (grade, note) = match account.year {
        2021 => (
            "judgement",
            "Orders commenced in 2021-22 are not published here: the mean of 2020-21 and 2022-23.",
        ),
        2022 | 2023 => (
            "official",
            "Orders commenced (rounded to hundreds) over people whose main penalty was an order. 2023-24 repeats \
             2022-23: people were not read for that year.",
        ),
        _ => (
            "official",
            "Orders commenced (Justice Social Work Statistics) over people whose main penalty was an order (Criminal \
             Proceedings, Table 7a).",
        ),
    };
    let population = "community payback orders in Scotland";
    let year = period(account.year);
    let source = evidence("ratio", &year, population, SOCIAL_WORK, grade, note);
    let value = orders_per_person(evidence_of, account.year)?;
    Ok(Cell::new("cpo_orders_per_person", value, &source).from(account.year))
}

fn acquittals(account: &Account) -> Cell {
    let note = "Acquittals per conviction (from charge_proved): the return clock counts convictions only, and this \
                many people who are being followed return to court for each and are acquitted.";
    let population = "people proceeded against in Scotland";
    let year = period(account.year);
    let source = evidence("ratio", &year, population, TOGETHER, "official", note);
    let value = 1.0 / account.courts.proved - 1.0;
    Cell::new("acquittals_per_return", value, &source).from(account.year)
}

/// Community payback orders commenced per person given one by a court.
pub fn orders_per_person(evidence_of: &Evidence, year: u16) -> Result<f64, String> {
    let of = |year: u16| -> Result<f64, String> {
        let orders = evidence_of
            .published
            .orders("Community payback orders commenced", year)?;
        let people = evidence_of.accounts.get(usize::from(year - FIRST));
        Ok(orders / people.map_or(f64::NAN, |a| a.courts.cpo))
    };
    match year {
        2021 => Ok((of(2020)? + of(2022)?) / 2.0),
        _ => of(year),
    }
}

/// Writes the deflator by financial year: the mean of its four quarters.
pub fn write_deflators(evidence_of: &Evidence, model: &Path) -> Result<(), String> {
    let mut quarters: BTreeMap<u16, Vec<f64>> = BTreeMap::new();
    for (path, value) in evidence_of.published.below("prices/") {
        let Some((year, quarter)) = path.split_once("-Q") else {
            continue;
        };
        let year: u16 = year.parse().map_err(|_| format!("{path}: not a quarter"))?;
        let start = if quarter == "1" { year - 1 } else { year };
        quarters.entry(start).or_default().push(value);
    }
    let file = "deflators.csv";
    let mut writer = writer(model, file)?;
    put(&mut writer, file, &["year", "index", "source"])?;
    let source = "Office for National Statistics, GDP implied deflator at market prices, seasonally adjusted (YBGB, 2022 = 100): mean of the four quarters of the financial year, quarters to 2025 Q1; read in the copy of Defra-Data-Science-Centre-of-Excellence/DefraUtils, data/gdp_deflators.rda, commit 8a30bca, which gives no date of release. https://www.ons.gov.uk/economy/grossdomesticproductgdp/timeseries/ybgb";
    for (year, values) in quarters.iter().filter(|(_, values)| values.len() == 4) {
        let index = digits(values.iter().sum::<f64>() / 4.0);
        put(&mut writer, file, &[&period(*year), &index, source])?;
    }
    writer.flush().map_err(|e| format!("{file}: {e}"))
}

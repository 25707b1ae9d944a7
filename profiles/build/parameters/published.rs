//! The published numbers that parameters are made of, each found by its table, row and year.

use crate::parameters::cell::financial_year;
use crate::table::read_table;
use std::collections::BTreeMap;
use std::path::Path;

/// Published tables read here, for the digests.
pub const FILES: &[&str] = &[
    COURTS, EARLIER, SENTENCES, STATUSES, AGE_SEX, REMAND, ARRIVALS, OFFENCES, COUNCILS, ORDERS,
    COHORTS, LENGTHS, RESIDENCE, DEATHS, PRICES,
];

const COURTS: &str = "criminal_proceedings_national_2013_2022.csv";
const EARLIER: &str = "criminal_proceedings_national_2002_2013_earlier_editions.csv";
const SENTENCES: &str = "prison_population_national_index_sentence.csv";
const STATUSES: &str = "prison_population_national_legal_status_age_sex.csv";
const AGE_SEX: &str = "prison_population_national_age_sex_2009_2023.csv";
const REMAND: &str = "prison_time_on_remand_national.csv";
const ARRIVALS: &str = "prison_arrivals_by_council_legal_status_2009_2023.csv";
const OFFENCES: &str = "prison_arrivals_national_by_status_deprivation_nfa_offence.csv";
const COUNCILS: &str = "prison_arrivals_by_council_2009_2023.csv";
const ORDERS: &str = "justice_social_work_national_series_2005_2024.csv";
const COHORTS: &str = "reconviction_national_age_sex_1997_2020.csv";
const LENGTHS: &str = "reconviction_national_series_1997_2017.csv";
const RESIDENCE: &str = "reconviction_council_2016_2017_cohorts.csv";
const DEATHS: &str = "drug_misuse_deaths_national_age_sex_2000_2023.csv";
const PRICES: &str = "gdp_deflator_quarterly_1997_2025.csv";

/// Every published number, by a path such as `courts/Table_7a/All custody/2013-14`.
pub struct Published {
    numbers: BTreeMap<String, f64>,
}

impl Published {
    /// Reads the tables in a folder.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut published = Self {
            numbers: BTreeMap::new(),
        };
        published.take(folder, COURTS, "courts", &["table", "category", "year"])?;
        let earlier = ["table", "edition", "category", "year"];
        published.take(folder, EARLIER, "earlier", &earlier)?;
        let sentences = ["index_sentence", "sex", "measure", "year"];
        published.take(folder, SENTENCES, "sentences", &sentences)?;
        let statuses = ["legal_status", "sex", "age", "measure", "year"];
        published.take(folder, STATUSES, "statuses", &statuses)?;
        published.take(
            folder,
            AGE_SEX,
            "people",
            &["sex", "age", "measure", "year"],
        )?;
        let endings = [
            "journey_type_2",
            "journey_type",
            "liberation",
            "measure",
            "year",
        ];
        published.take(folder, REMAND, "remand", &endings)?;
        let arrivals = ["area_name", "legal_status", "measure", "year"];
        published.take(folder, ARRIVALS, "arrivals", &arrivals)?;
        published.take_offences(folder)?;
        published.take(
            folder,
            COUNCILS,
            "councils",
            &["area_code", "measure", "year"],
        )?;
        published.take(
            folder,
            COHORTS,
            "cohorts",
            &["sex", "age", "measure", "cohort"],
        )?;
        let lengths = ["table", "category", "measure", "cohort"];
        published.take(folder, LENGTHS, "reconviction", &lengths)?;
        let residence = ["basis", "area_name", "measure", "cohort"];
        published.take(folder, RESIDENCE, "residence", &residence)?;
        published.take(folder, DEATHS, "deaths", &["sex", "age", "year"])?;
        published.take(folder, PRICES, "prices", &["quarter"])?;
        published.take_orders(folder)?;
        Ok(published)
    }

    /// The number at a path.
    pub fn get(&self, path: &str) -> Result<f64, String> {
        self.find(path)
            .ok_or_else(|| format!("no published number for '{path}'"))
    }

    /// The number at a path, if there is one.
    pub fn find(&self, path: &str) -> Option<f64> {
        self.numbers.get(path).copied()
    }

    /// A number of Criminal Proceedings in Scotland 2022-23.
    pub fn court(&self, table: &str, row: &str, year: u16) -> Result<f64, String> {
        self.get(&format!("courts/{table}/{row}/{}", financial_year(year)))
    }

    /// A number of the prison population by index sentence.
    pub fn sentence(&self, band: &str, measure: &str, year: u16) -> Result<f64, String> {
        let year = financial_year(year);
        self.get(&format!("sentences/{band}/All/{measure}/{year}"))
    }

    /// People whose time on remand ended by this journey, such as `UA_`.
    pub fn remand(&self, journey: &str, year: u16) -> Result<f64, String> {
        let (two, liberation) = match journey.ends_with('S') {
            true => ("RS", "(Transition)"),
            false => ("R_", ""),
        };
        let year = financial_year(year);
        self.get(&format!(
            "remand/{two}/{journey}/{liberation}/Departures & Transitions/{year}"
        ))
    }

    /// Arrivals in Scotland by legal status.
    pub fn arrivals(&self, status: &str, year: u16) -> Result<f64, String> {
        let year = financial_year(year);
        self.get(&format!("arrivals/All/{status}/arrivals/{year}"))
    }

    /// A number of Justice Social Work Statistics, latest edition.
    pub fn orders(&self, measure: &str, year: u16) -> Result<f64, String> {
        self.get(&format!("orders/{measure}/{}", financial_year(year)))
    }

    /// Quarters of an index, by path, in order of time.
    pub fn below(&self, start: &str) -> impl Iterator<Item = (&str, f64)> {
        let length = start.len();
        self.numbers
            .range(start.to_owned()..)
            .take_while({
                let start = start.to_owned();
                move |(path, _)| path.starts_with(&start)
            })
            .map(move |(path, value)| (&path[length..], *value))
    }

    fn take(&mut self, folder: &Path, file: &str, name: &str, keys: &[&str]) -> Result<(), String> {
        let column = match name {
            "deaths" => "deaths",
            "prices" => "index_2022_100",
            _ => "value",
        };
        for row in read_table(folder, file, keys)? {
            let Some(value) = row.optional_number(column)? else {
                continue;
            };
            let mut path = name.to_owned();
            for key in keys {
                path.push('/');
                path.push_str(row.text(key)?);
            }
            self.numbers.insert(path, value);
        }
        Ok(())
    }

    fn take_offences(&mut self, folder: &Path) -> Result<(), String> {
        for row in read_table(folder, OFFENCES, &["index_offence", "year"])? {
            let is_sentenced = row.text("legal_status")? == "Sentenced";
            if !is_sentenced || row.text("measure")? != "arrivals" {
                continue;
            }
            let (offence, year) = (row.text("index_offence")?, row.text("year")?);
            if let (Some((number, _)), Some(value)) =
                (offence.split_once(':'), row.optional_number("value")?)
            {
                self.numbers
                    .insert(format!("offences/{number}/{year}"), value);
            }
        }
        Ok(())
    }

    /// Later editions replace earlier ones, and exact numbers replace rounded ones.
    fn take_orders(&mut self, folder: &Path) -> Result<(), String> {
        let mut best: BTreeMap<String, (bool, String)> = BTreeMap::new();
        for row in read_table(folder, ORDERS, &["measure", "category", "year"])? {
            if row.text("category")? != "All" {
                continue;
            }
            let path = format!("orders/{}/{}", row.text("measure")?, row.text("year")?);
            let rank = (
                row.text("precision")? == "exact",
                row.text("edition_table")?.to_owned(),
            );
            if best.get(&path).is_none_or(|known| *known < rank) {
                self.numbers.insert(path.clone(), row.number("value")?);
                best.insert(path, rank);
            }
        }
        Ok(())
    }
}

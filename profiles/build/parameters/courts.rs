//! What the courts did in a year, split into what the reconviction definition covers and the rest.

use crate::parameters::published::Published;
use crate::parameters::sheet::Sheet;
use crate::parameters::strata::{Groups, LAST, SEXES, court_age, each};
use std::path::Path;

/// Outside the definition: road traffic and miscellaneous offences.
const OUTSIDE: [&str; 2] = ["Miscellaneous offences", "Road traffic offences"];

/// People convicted and given custody in 2023-24, from the headline findings of Criminal
/// Proceedings in Scotland 2023-24; the tables of that edition are not among those read here.
const HEADLINE: (f64, f64) = (63_486.0, 10_094.0);
/// Community payback orders commenced in 2023-24 over 2022-23 (Justice Social Work Statistics, rounded).
const ORDERS_GROWTH: f64 = 15_100.0 / 14_700.0;

/// People by what happened to them in court in one financial year.
#[derive(Clone, Debug, Default)]
pub struct Courts {
    pub convicted: f64,
    /// Convicted within the definition, or given custody or a community sentence.
    pub relevant: f64,
    /// Of people proceeded against within the definition, the share convicted.
    pub proved: f64,
    /// The same outside it.
    pub minor_proved: f64,
    pub custody: f64,
    pub cpo: f64,
    pub rlo: f64,
    pub dtto: f64,
    /// Other sentences of people within the definition; the rest are fined.
    pub other: f64,
}

impl Courts {
    /// People convicted of something outside the definition and fined or admonished.
    pub fn minor(&self) -> f64 {
        self.convicted - self.relevant
    }
}

/// The parts of each disposal given for offences outside the definition (2022-23, Table 8a).
pub struct Outside {
    pub community: f64,
    pub other: f64,
    pub financial: f64,
    /// By sex and age: people convicted outside the definition, of all convicted (Tables 6b and 6c).
    pub people: Groups,
}

impl Outside {
    /// Reads the worksheets.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let penalties = Sheet::read(folder, "crimproc202223_Table_8a.csv")?;
        let part = |columns: std::ops::RangeInclusive<usize>| -> Result<f64, String> {
            let sum = |label: &str| -> Result<f64, String> {
                columns.clone().map(|c| penalties.of(label, c)).sum()
            };
            let outside: f64 = OUTSIDE.into_iter().map(sum).sum::<Result<f64, String>>()?;
            Ok(outside / sum("All crimes and offences")?)
        };
        let mut people = [[0.0; 5]; 2];
        for (sex, letter) in ["c", "b"].into_iter().enumerate() {
            let sheet = Sheet::read(folder, &format!("crimproc202223_Table_6{letter}.csv"))?;
            for (age, column) in [1, 2, 2, 3, 4].into_iter().enumerate() {
                let outside: f64 = OUTSIDE
                    .into_iter()
                    .map(|label| sheet.of(label, column))
                    .sum::<Result<f64, String>>()?;
                people[sex][age] = outside / sheet.of("All crimes and offences", column)?;
            }
        }
        Ok(Self {
            community: part(6..=10)?,
            financial: part(11..=12)?,
            other: part(13..=16)?,
            people,
        })
    }
}

/// The courts in each year from 2013-14.
pub fn read(published: &Published, outside: &Outside) -> Result<Vec<Courts>, String> {
    let mut years: Vec<Courts> = (crate::parameters::strata::FIRST..LAST)
        .map(|year| published_year(published, outside, year))
        .collect::<Result<_, _>>()?;
    let latest = years.last().cloned().unwrap_or_default();
    years.push(headline_year(&latest));
    Ok(years)
}

/// A year of Criminal Proceedings in Scotland 2022-23.
fn published_year(from: &Published, outside: &Outside, year: u16) -> Result<Courts, String> {
    let (all, crimes, anti) = (
        "All crimes and offences",
        "All crimes",
        "Antisocial offences",
    );
    let convicted = from.court("Table_4b", all, year)?;
    let proceeded = from.court("Table_4a", all, year)?;
    let inside = from.court("Table_4b", crimes, year)? + from.court("Table_4b", anti, year)?;
    let tried = from.court("Table_4a", crimes, year)? + from.court("Table_4a", anti, year)?;
    let custody_outside: f64 = OUTSIDE
        .into_iter()
        .map(|row| from.court("Table_9a", row, year))
        .sum::<Result<f64, String>>()?;
    let community = from.court("Table_7a", "All community sentences", year)?;
    let custody = from.court("Table_7a", "All custody", year)?;
    let relevant = inside + custody_outside + outside.community * community;
    let cpo = from.court("Table_7a", "Community payback order", year)?
        + from.court("Table_7a", "Community service order", year)?
        + from.court("Table_7a", "Probation and other community sentences", year)?;
    let other = from.court("Table_7a", "All other sentences", year)? * (1.0 - outside.other);
    Ok(Courts {
        convicted,
        relevant,
        proved: inside / tried,
        minor_proved: (convicted - inside) / (proceeded - tried),
        custody,
        cpo,
        rlo: from.court("Table_7a", "Restriction of liberty order", year)?,
        dtto: from.court("Table_7a", "Drug treatment & testing order", year)?,
        other,
    })
}

/// 2023-24: the headline totals, divided as the year before.
fn headline_year(latest: &Courts) -> Courts {
    let (convicted, custody) = HEADLINE;
    let scale = (convicted - custody) / (latest.convicted - latest.custody);
    let relevant = custody + (latest.relevant - latest.custody) * scale;
    let cpo = latest.cpo * ORDERS_GROWTH;
    let (rlo, dtto) = (latest.rlo * scale, latest.dtto * scale);
    let other = latest.other * scale;
    Courts {
        convicted,
        relevant,
        custody,
        cpo,
        rlo,
        dtto,
        other,
        ..latest.clone()
    }
}

/// People convicted by sex and age band (Table 5a); people aged 21 to 30 are divided as the offenders of the
/// reconviction cohort of that year, or the latest.
pub fn convicted(from: &Published, year: u16) -> Result<Groups, String> {
    let mut people = [[0.0; 5]; 2];
    for (sex, (_, word, population_word)) in SEXES.into_iter().enumerate() {
        let ages = |labels: &[&str]| -> Result<f64, String> {
            labels
                .iter()
                .map(|label| from.court("Table_5a", &format!("{word} | {label}"), year))
                .sum()
        };
        let cohort = crate::parameters::cell::financial_year(year.min(2020));
        let offenders = |band: &str| {
            from.get(&format!(
                "cohorts/{population_word}/{band}/number_of_offenders/{cohort}"
            ))
        };
        let (younger, older) = (offenders("21 to 25")?, offenders("26 to 30")?);
        let twenties = ages(&["21-30"])?;
        people[sex] = [
            ages(&["16-17", "18-20"])?,
            twenties * younger / (younger + older),
            twenties * older / (younger + older),
            ages(&["31-40"])?,
            ages(&["41-50", "51-60", "Over 60"])?,
        ];
    }
    Ok(people)
}

/// People by main penalty, sex and the age groups of Table 11, over the last three years; both bands of the
/// twenties hold the group of 21 to 30.
pub fn penalties(from: &Published, penalty: &str) -> Groups {
    each(|sex, age| {
        let word = SEXES[sex].1;
        (LAST - 3..LAST)
            .filter_map(|year| {
                let year = crate::parameters::cell::financial_year(year);
                let row = format!("{penalty} | {word} | {}", court_age(age));
                from.find(&format!("courts/Table_11/{row}/{year}"))
            })
            .sum()
    })
}

//! The population by council, sex and age band, and people convicted per head of it.

use crate::parameters::strata::{AGES, Groups, SEXES};
use crate::table::read_table;
use std::collections::BTreeMap;
use std::path::Path;

/// Mid-year population by council code and year.
pub struct People {
    groups: BTreeMap<(String, u16), Groups>,
}

impl People {
    /// Reads the estimates.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let file = "population_estimates_council_age_sex_2001_2023.csv";
        let mut groups: BTreeMap<(String, u16), Groups> = BTreeMap::new();
        for row in read_table(
            folder,
            file,
            &["area_code", "year", "sex", "age", "population"],
        )? {
            let year = row.year("year")?;
            let single = row.text("age")?.trim_end_matches('+').parse::<usize>();
            let single = single.map_err(|_| row.fault("an age is not a number"))?;
            let sex = SEXES
                .iter()
                .position(|s| s.2 == row.text("sex").unwrap_or(""));
            let age = AGES.iter().position(|a| (a.1..=a.2).contains(&single));
            if let (Some(sex), Some(age), true) = (sex, age, year >= 2012) {
                let of = groups.entry((row.text("area_code")?.to_owned(), year));
                of.or_insert([[0.0; 5]; 2])[sex][age] += row.number("population")?;
            }
        }
        Ok(Self { groups })
    }

    /// People of an area by sex and age band in a year.
    pub fn of(&self, code: &str, year: u16) -> Result<&Groups, String> {
        self.groups
            .get(&(code.to_owned(), year))
            .ok_or_else(|| format!("no population for {code} in {year}"))
    }
}

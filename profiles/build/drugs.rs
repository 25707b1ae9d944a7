//! Drug misuse deaths of councils, and of Scotland by sex and age.

use crate::areas::Areas;
use crate::table::read_table;
use crate::tidy::{Tidy, age, join, sex};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[DRUG_COUNCIL, DRUG_NATIONAL];
const DRUG_COUNCIL: &str = "drug_misuse_deaths_council_2010_2023.csv";
const DRUG_NATIONAL: &str = "drug_misuse_deaths_national_age_sex_2000_2023.csv";

/// Drug misuse deaths by council and sex, and of Scotland by sex and age.
pub fn all(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = ["area_code", "year", "sex", "measure", "value", "unit"];
    let mut rows = Vec::new();
    for row in read_table(folder, DRUG_COUNCIL, &columns)? {
        let published = row.text("measure")?;
        // The limits of intervals, and five-year totals that the years here add
        // up to, stay in the publication.
        let sums = published.ends_with("_5yr_total") && row.text("year")? >= "2010";
        if published.ends_with("95") || sums {
            continue;
        }
        let (measure, band, table) = match published.split_once(" Age ") {
            Some((measure, band)) => (measure, Some(band.replace(' ', "")), "nrs-drd-c5"),
            None if published == "drug_misuse_deaths" => (published, None, "nrs-drd-c1"),
            None => (published, None, "nrs-drd-c4"),
        };
        let id = match measure {
            "drug_misuse_deaths" | "drug_misuse_deaths_5yr_total" => {
                "drug_misuse_deaths".to_owned()
            }
            "age_specific_rate_annual_average" => "drug_misuse_death_rate".to_owned(),
            rate => format!("drug_misuse_death_{}", rate.replace("_5yr", "")),
        };
        // Five years pooled are stated at the last of them.
        let year = row.text("year")?;
        let (period, years) = match year.split_once('-') {
            Some((_, last)) => (last, Some(format!("years={year}"))),
            None => (year, None),
        };
        let sex = sex(row.text("sex")?).map(|s| format!("sex={s}"));
        let age = band.map(|band| format!("age={band}"));
        let about = (row.text("unit")?, table);
        let value = row.optional_number("value")?;
        let tidy = Tidy::area(&id, areas.of(&row)?, period, value, about);
        rows.push(tidy.of(join(&[sex, age, years])));
    }
    rows.extend(drug_deaths_by_age(folder)?);
    Ok(rows)
}

/// Table 4: deaths of Scotland by sex and age. The totals by sex from 2010 are
/// in the council table; those before it are taken from here.
fn drug_deaths_by_age(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, DRUG_NATIONAL, &["year", "sex", "age", "deaths"])? {
        let (year, band) = (row.text("year")?, row.text("age")?);
        // The two "under" groups and the two broad ones repeat the five-year ages.
        let repeats = ["under 25", "under 35", "35-54", "55+"].contains(&band);
        if repeats || (band == "All ages" && year >= "2010") {
            continue;
        }
        let (measure, unit) = match band {
            "Average age" => ("drug_misuse_deaths_mean_age", "years"),
            _ => ("drug_misuse_deaths", "deaths"),
        };
        let whole = band == "All ages" || band == "Average age";
        let sex = sex(row.text("sex")?).map(|s| format!("sex={s}"));
        let age = (!whole).then(|| format!("age={}", age(band)));
        let value = row.number("deaths")?;
        rows.push(Tidy::national(measure, year, value, unit, "nrs-drd-t4").of(join(&[sex, age])));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_years_are_stated_at_the_last() {
        let folder = tempfile::tempdir().unwrap();
        let text = "area_code,year,sex,measure,value,unit\n\
                    A,2005-2009,Persons,drug_misuse_deaths_5yr_total,7,deaths\n";
        std::fs::write(folder.path().join(DRUG_COUNCIL), text).unwrap();
        let national = "year,sex,age,deaths\n2023,Males,90+,1\n";
        std::fs::write(folder.path().join(DRUG_NATIONAL), national).unwrap();
        let rows = all(folder.path(), &Areas::of_codes(&["A"])).unwrap();
        assert_eq!(rows[0].period, "2009");
        assert_eq!(rows[0].breakdown, "years=2005-2009");
        assert_eq!(rows[1].breakdown, "sex=men;age=90-and-over");
    }
}

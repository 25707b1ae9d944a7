//! Population by council, sex and age band: estimates to 2023, then the
//! 2018-based council projection made to meet the estimates and the newer
//! 2022-based projection of Scotland.

use crate::adjust::{adjustments, error, extremes, label, rake, swings};
use crate::areas::{Areas, SCOTLAND};
use crate::cohorts::{AGES, BANDS, BASE, Column, OPEN, Rule, age_ratios, band_sum, base_ratios};
use crate::table::{put, read_table, writer};
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[ESTIMATES, COUNCIL_PROJECTION, NATIONAL_PROJECTION];
const ESTIMATES: &str = "population_estimates_council_age_sex_2001_2023.csv";
const COUNCIL_PROJECTION: &str = "population_projections_2018based_council_age_sex_2018_2043.csv";
const NATIONAL_PROJECTION: &str = "population_projections_2022based_scotland_age_sex_2022_2047.csv";

/// The first year written, that of the first prison series.
const FIRST: u16 = 2009;
/// The first year of the council projection, from which the method is tested.
const LAUNCH: u16 = 2018;
/// The last year of the council projection.
pub const LAST: u16 = 2043;
/// People by area, sex (as the profiles name it) and year.
pub type People = BTreeMap<(String, &'static str, u16), Column>;

/// Builds `population.csv` and says what it took to meet the totals.
pub fn build(folder: &Path, areas: &Areas, out: &Path) -> Result<String, String> {
    let estimates = read_people(folder, ESTIMATES, FIRST, BASE)?;
    let projection = read_people(folder, COUNCIL_PROJECTION, LAUNCH, LAST)?;
    let national = read_people(folder, NATIONAL_PROJECTION, BASE + 1, LAST)?;
    check_sums(&estimates, areas, ESTIMATES)?;
    check_sums(&projection, areas, COUNCIL_PROJECTION)?;
    let tested = test(&estimates, &projection, areas)?;
    let mut carried = carry(&estimates, &projection, areas, BASE, Rule::Mean)?;
    let factors = rake(&mut carried, &national, areas)?;
    let adjusted = adjustments(&estimates, &carried, &projection, areas)?;
    let swings = swings(&carried, &projection, areas)?;
    write(&estimates, &carried, &national, areas, out)?;
    Ok(format!(
        "{tested}population: corrections of bands (result / 2018-based projection)\n{}\n\
         population: last step, factors to the 2022-based Scotland by sex and single age\n{}\n{swings}",
        extremes(adjusted),
        extremes(factors)
    ))
}

/// Makes 2023 from the ratios of the launch year by every rule, and says how far
/// each is from the estimate; 26 to 30 apart, where students settle or leave.
fn test(estimates: &People, projection: &People, areas: &Areas) -> Result<String, String> {
    let mut text = format!("population: test, {BASE} from {LAUNCH}: mean error of a band\n");
    let mut say = |name: &str, made: &People| -> Result<(), String> {
        let all = error(made, estimates, areas, &BANDS)?;
        let settling = error(made, estimates, areas, &[(26, 30)])?;
        text.push_str(&format!("  {all:.2}% ({settling:.2}% at 26-30) {name}\n"));
        Ok(())
    };
    for (name, rule) in [
        ("cohort ratios", Rule::Cohort),
        ("age-fixed ratios", Rule::Age),
        ("geometric mean of the two (used)", Rule::Mean),
    ] {
        say(name, &carry(estimates, projection, areas, LAUNCH, rule)?)?;
    }
    say("uncorrected", projection)?;
    Ok(text)
}

/// Reads a table of single ages; every area, sex and year must have all ages.
fn read_people(folder: &Path, file: &str, from: u16, to: u16) -> Result<People, String> {
    let columns = ["area_code", "year", "sex", "age", "population"];
    let mut people = People::new();
    let mut seen: BTreeMap<(String, &str, u16), usize> = BTreeMap::new();
    for row in read_table(folder, file, &columns)? {
        let year = row.year("year")?;
        if !(from..=to).contains(&year) {
            continue;
        }
        let sex = crate::tidy::sex(row.text("sex")?)
            .ok_or_else(|| row.fault("column 'sex' is neither Female nor Male"))?;
        let age = match row.text("age")? {
            "90+" => OPEN,
            text => text.parse().ok().filter(|age| *age < OPEN).ok_or_else(|| {
                row.fault(&format!("column 'age' holds '{text}', not 0 to 89 or 90+"))
            })?,
        };
        let key = (row.text("area_code")?.to_owned(), sex, year);
        people.entry(key.clone()).or_insert([0.0; AGES])[age] = row.number("population")?;
        *seen.entry(key).or_default() += 1;
    }
    match seen.iter().find(|(_, ages)| **ages != AGES) {
        Some((key, ages)) => Err(format!("{file}: {key:?} has {ages} ages, not {AGES}")),
        None => Ok(people),
    }
}

/// The ages of one area, sex and year, which must be there.
pub fn column<'a>(
    people: &'a People,
    area: &str,
    sex: &'static str,
    year: u16,
) -> Result<&'a Column, String> {
    people
        .get(&(area.to_owned(), sex, year))
        .ok_or_else(|| format!("population of {area}, {sex}, {year} is missing"))
}

/// The councils added up, at one sex and year.
pub fn council_sum(
    people: &People,
    areas: &Areas,
    sex: &'static str,
    year: u16,
) -> Result<Column, String> {
    let mut sum = [0.0; AGES];
    for area in areas.councils() {
        let ages = column(people, area, sex, year)?;
        sum.iter_mut().zip(ages).for_each(|(s, a)| *s += a);
    }
    Ok(sum)
}

/// Fails unless the published councils add to the published Scotland.
fn check_sums(people: &People, areas: &Areas, file: &str) -> Result<(), String> {
    for ((_, sex, year), scotland) in people.iter().filter(|((area, ..), _)| area == SCOTLAND) {
        let sum = council_sum(people, areas, sex, *year)?;
        for age in 0..AGES {
            if (sum[age] - scotland[age]).abs() > 0.5 {
                let (sum, whole) = (sum[age], scotland[age]);
                return Err(format!(
                    "{file}: {sex} aged {age} in {year}: councils add to {sum}, Scotland is {whole}"
                ));
            }
        }
    }
    Ok(())
}

/// The council projection with the corrections of one year carried along from
/// that year by a rule.
fn carry(
    estimates: &People,
    projection: &People,
    areas: &Areas,
    from: u16,
    rule: Rule,
) -> Result<People, String> {
    let mut carried = People::new();
    for area in areas.councils() {
        for sex in ["women", "men"] {
            let estimate = column(estimates, area, sex, from)?;
            let base = base_ratios(estimate, column(projection, area, sex, from)?);
            let mut cohorts = base;
            for year in from + 1..=LAST {
                let before = column(projection, area, sex, year - 1)?;
                cohorts = age_ratios(&cohorts, before, base[0]);
                let ratios = rule.ratios(&cohorts, &base);
                let projected = column(projection, area, sex, year)?;
                let people = std::array::from_fn(|age| projected[age] * ratios[age]);
                carried.insert((area.to_owned(), sex, year), people);
            }
        }
    }
    Ok(carried)
}

/// Writes the bands. Scotland is the sum of the councils as written, so that
/// nobody who adds the file up finds a difference.
fn write(
    estimates: &People,
    carried: &People,
    national: &People,
    areas: &Areas,
    out: &Path,
) -> Result<(), String> {
    let file = "population.csv";
    let mut writer = writer(out, file)?;
    let header = "area_code,year,sex,age_from,age_to,population,status";
    put(&mut writer, file, &header.split(',').collect::<Vec<_>>())?;
    let mut scotland: BTreeMap<(u16, &str, usize), u64> = BTreeMap::new();
    let codes: Vec<&str> = areas.councils().chain([SCOTLAND]).collect();
    for area in codes {
        for year in FIRST..=LAST {
            for sex in ["women", "men"] {
                let source = if year <= BASE { estimates } else { carried };
                for (at, band) in BANDS.into_iter().enumerate() {
                    let sum = scotland.entry((year, sex, at)).or_default();
                    if area != SCOTLAND {
                        let people = band_sum(column(source, area, sex, year)?, band);
                        let tenths = (people * 10.0).round() as u64;
                        *sum += tenths;
                        line(&mut writer, file, area, year, sex, band, tenths)?;
                        continue;
                    }
                    let whole = if year <= BASE { estimates } else { national };
                    let target = band_sum(column(whole, SCOTLAND, sex, year)?, band);
                    check_whole(*sum as f64 / 10.0, target, sex, band, year)?;
                    line(&mut writer, file, area, year, sex, band, *sum)?;
                }
            }
        }
    }
    writer.flush().map_err(|e| format!("{file}: {e}"))
}

/// Fails unless the written councils add to Scotland but for rounding, at most
/// a twentieth of a person in each of 32 councils.
fn check_whole(
    sum: f64,
    target: f64,
    sex: &str,
    band: (usize, usize),
    year: u16,
) -> Result<(), String> {
    if (sum - target).abs() > 32.0 * 0.05 + 1e-6 {
        let band = label(band);
        return Err(format!(
            "population.csv: {sex} {band} in {year}: councils add to {sum}, Scotland is {target}"
        ));
    }
    Ok(())
}

/// Writes one band of one area, sex and year, given in tenths of a person.
fn line<W: std::io::Write>(
    writer: &mut csv::Writer<W>,
    file: &str,
    area: &str,
    year: u16,
    sex: &str,
    (from, to): (usize, usize),
    tenths: u64,
) -> Result<(), String> {
    let upper = if to == OPEN {
        String::new()
    } else {
        to.to_string()
    };
    let status = if year <= BASE {
        "estimate"
    } else {
        "projection"
    };
    let people = crate::tidy::number(tenths as f64 / 10.0);
    let (year, from) = (year.to_string(), from.to_string());
    put(
        writer,
        file,
        &[area, &year, sex, &from, &upper, &people, status],
    )
}

#[cfg(test)]
#[path = "population_tests.rs"]
mod tests;

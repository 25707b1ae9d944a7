//! Indicators of the places people live in: deprivation and homelessness.

use crate::areas::Areas;
use crate::table::{Row, read_table};
use crate::tidy::{Tidy, join, sex};
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &[SIMD, SCOTPHO, HOMELESSNESS];
const SIMD: &str = "simd2020_council_summary.csv";
const SCOTPHO: &str = "scotpho_profile_snapshot_council.csv";
const HOMELESSNESS: &str = "homelessness_national_series.csv";

/// The indicators kept: name, id, period as published, the period as written
/// here (the last year where several are pooled), and the years pooled.
const INDICATORS: &[[&str; 5]] = &[
    [
        "Adults assessed as homeless",
        "adults_assessed_as_homeless",
        "Financial year (2021/22)",
        "2021-22",
        "",
    ],
    [
        "Alcohol-related hospital admissions",
        "alcohol_related_hospital_admissions",
        "2022/23 financial year",
        "2022-23",
        "",
    ],
    [
        "Alcohol-specific deaths",
        "alcohol_specific_deaths",
        "2018 to 2022 calendar years; 5-year aggregates",
        "2022",
        "2018-2022",
    ],
    [
        "Crime rate",
        "scotpho_crime_rate",
        "2017 calendar year",
        "2017",
        "",
    ],
    [
        "Deaths from suicide (16+ years)",
        "suicide_deaths_16_and_over",
        "2018 to 2022 calendar years; 5-year aggregates",
        "2022",
        "2018-2022",
    ],
    [
        "Domestic abuse",
        "domestic_abuse_incidents",
        "2021/22 financial year",
        "2021-22",
        "",
    ],
    [
        "Drug crimes recorded",
        "drug_crimes_recorded",
        "2021/22 financial year",
        "2021-22",
        "",
    ],
    [
        "Drug-related hospital admissions",
        "drug_related_hospital_admissions",
        "2020/21 to 2022/23 financial years; 3-year aggregates",
        "2022-23",
        "2020-21/2022-23",
    ],
    [
        "Population income deprived",
        "population_income_deprived",
        "2017 calendar year",
        "2017",
        "",
    ],
    [
        "Population prescribed drugs for anxiety/depression/psychosis",
        "prescribed_for_anxiety_depression_psychosis",
        "2021/22 financial year",
        "2021-22",
        "",
    ],
    [
        "Prisoner population",
        "prisoner_population_rate",
        "31st March 2014 snapshot",
        "2014-03",
        "",
    ],
    [
        "Problem drug use, females",
        "problem_drug_use",
        "2012/13 financial year",
        "2012-13",
        "",
    ],
    [
        "Problem drug use, males",
        "problem_drug_use",
        "2012/13 financial year",
        "2012-13",
        "",
    ],
    [
        "Psychiatric patient hospitalisations",
        "psychiatric_hospitalisations",
        "2020/21 to 2022/23 financial years; 3-year aggregates",
        "2022-23",
        "2020-21/2022-23",
    ],
    [
        "Single adult dwellings",
        "single_adult_dwellings",
        "2023 calendar year",
        "2023",
        "",
    ],
    [
        "Violent crime",
        "violent_crime",
        "2020/21 financial year",
        "2020-21",
        "",
    ],
    [
        "Working age population employment deprived",
        "working_age_employment_deprived",
        "2017 calendar year",
        "2017",
        "",
    ],
    [
        "Young people in prison, aged 16-24 years",
        "young_people_in_prison_16_24",
        "2012 to 2014 March snapshot; 3-year average",
        "2014-03",
        "2012/2014",
    ],
];

/// Deprivation by council: a summary of SIMD 2020 and chosen indicators.
pub fn deprivation(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(folder, SIMD, &["area_code", "measure", "value"])? {
        let published = row.text("measure")?;
        let (domain, kind) = match published.split_once('_') {
            Some((domain, kind)) => (format!("domain={}", domain.to_lowercase()), kind),
            None => (String::new(), published),
        };
        let measure = match kind {
            "Proportion" => "simd2020_share_most_deprived",
            "Extent" => "simd2020_extent",
            other => return Err(row.fault(&format!("unknown measure '{other}'"))),
        };
        let about = ("proportion", "simd-2020-summary");
        let value = row.optional_number("value")?;
        rows.push(Tidy::area(measure, areas.of(&row)?, "2020", value, about).of(domain));
    }
    rows.extend(indicators(folder, areas)?);
    Ok(rows)
}

/// The chosen indicators: the rate, and the number of people where published.
fn indicators(folder: &Path, areas: &Areas) -> Result<Vec<Tidy>, String> {
    let columns = [
        "area_code",
        "indicator",
        "period",
        "value",
        "unit",
        "numerator",
    ];
    let mut rows = Vec::new();
    for row in read_table(folder, SCOTPHO, &columns)? {
        let name = row.text("indicator")?;
        let Some([_, id, published, period, years]) = INDICATORS.iter().find(|i| i[0] == name)
        else {
            continue;
        };
        check_period(&row, published)?;
        let sex = match name.rsplit_once(", ") {
            Some((_, who)) => sex(who).map(|s| format!("sex={s}")),
            None => None,
        };
        let years = (!years.is_empty()).then(|| format!("years={years}"));
        let breakdown = join(&[sex, years]);
        let area = areas.of(&row)?;
        let about = (row.text("unit")?, "scotpho");
        let value = row.optional_number("value")?;
        rows.push(Tidy::area(id, area, period, value, about).of(breakdown.clone()));
        if let Some(count) = row.optional_number("numerator")? {
            let id = format!("{id}_count");
            let tidy = Tidy::area(&id, area, period, Some(count), ("count", "scotpho"));
            rows.push(tidy.of(breakdown));
        }
    }
    Ok(rows)
}

/// Fails when an indicator's period has moved on, because the period is
/// written down here and would be wrong.
fn check_period(row: &Row, wanted: &str) -> Result<(), String> {
    let found = row.text("period")?;
    if found == wanted {
        return Ok(());
    }
    Err(row.fault(&format!("period is '{found}', not '{wanted}'")))
}

/// Homelessness of Scotland. Applications were printed to the nearest hundred
/// before 2002-03.
pub fn homelessness(folder: &Path) -> Result<Vec<Tidy>, String> {
    let mut rows = Vec::new();
    for row in read_table(
        folder,
        HOMELESSNESS,
        &["year", "measure", "category", "value"],
    )? {
        let measure = match row.text("measure")? {
            "homelessness applications" | "homelessness applications by household type" => {
                "homelessness_applications"
            }
            "homelessness applications: from prison" => "homelessness_applications_from_prison",
            "households assessed as homeless" => "households_assessed_as_homeless",
            "households in temporary accommodation at 31 March" => {
                "households_in_temporary_accommodation"
            }
            "open homelessness applications at 31 March" => "open_homelessness_applications",
            other => return Err(row.fault(&format!("unknown measure '{other}'"))),
        };
        let breakdown = match row.text("category")? {
            "All" => String::new(),
            kind => format!("household={}", crate::tidy::slug(kind)),
        };
        let (year, value) = (row.text("year")?, row.number("value")?);
        let tidy = Tidy::national(measure, year, value, "households", "sg-homelessness");
        rows.push(tidy.of(breakdown).rounded_if(year < "2002-03"));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_indicator_whose_period_moved_on_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = "area_code,indicator,period,value,unit,numerator\n\
                    A,Violent crime,2022/23 financial year,1.5,rate,10\n";
        std::fs::write(folder.path().join(SCOTPHO), text).unwrap();
        let error = indicators(folder.path(), &Areas::of_codes(&["A"])).unwrap_err();
        assert!(error.contains("line 2: period is '2022/23"), "{error}");
    }
}

//! The publications that numbers come from, spelt once.

use crate::parameters::cell::Evidence;

/// Scottish Government, Criminal Proceedings in Scotland 2022-23.
pub const COURTS: (&str, &str) = (
    "Scottish Government, Criminal Proceedings in Scotland 2022-23",
    "https://www.gov.scot/publications/criminal-proceedings-scotland-2022-23/",
);
/// Scottish Government, Scottish Prison Population Statistics 2023-24.
pub const PRISONS: (&str, &str) = (
    "Scottish Government, Scottish Prison Population Statistics 2023-24, supplementary tables",
    "",
);
/// Scottish Government, Reconviction Rates in Scotland 2017-18.
pub const COHORT: (&str, &str) = (
    "Scottish Government, Reconviction Rates in Scotland: 2017-18 Offender Cohort",
    "https://www.gov.scot/publications/reconviction-rates-scotland-2017-18-offender-cohort/",
);
/// Scottish Government, Justice Social Work Statistics.
pub const SOCIAL_WORK: (&str, &str) = (
    "Scottish Government, Justice Social Work Statistics in Scotland (criminal justice social work statistics before 2021-22)",
    "https://www.gov.scot/publications/justice-social-work-statistics-scotland-2023-24-part-2/",
);
/// Several of them together.
pub const TOGETHER: (&str, &str) = (
    "Scottish Government, Criminal Proceedings in Scotland 2022-23; Scottish Prison Population Statistics 2023-24; Reconviction Rates in Scotland: 2017-18 Offender Cohort",
    "https://www.gov.scot/publications/criminal-proceedings-scotland-2022-23/",
);
/// National Records of Scotland, drug deaths.
pub const DRUG_DEATHS: (&str, &str) = (
    "National Records of Scotland, Drug-related Deaths in Scotland in 2023, deaths by sex and age; mid-year population estimates",
    "",
);

/// Evidence about Scotland.
pub fn evidence(
    unit: &'static str,
    period: &str,
    population: &'static str,
    (source, url): (&'static str, &'static str),
    grade: &'static str,
    note: &str,
) -> Evidence {
    Evidence {
        unit,
        period: period.to_owned(),
        population,
        source,
        url,
        grade,
        note: note.to_owned(),
    }
}

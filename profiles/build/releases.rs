//! Figures read in news releases and web pages that no table here holds yet.

use crate::tidy::Tidy;

/// Criminal Proceedings in Scotland 2023-24, news release of 9 December 2025.
const PROCEEDINGS: &str = "cp-2023-24-news";
/// Scottish Prison Population Statistics 2024-25, as reported.
const PRISONS: &str = "pps-2024-25-reported";

/// The figures, each with the unit and the source that printed it.
pub fn national() -> Vec<Tidy> {
    [
        (
            "people_proceeded_against",
            "2023-24",
            73_224.0,
            "people",
            PROCEEDINGS,
        ),
        (
            "people_convicted",
            "2023-24",
            63_486.0,
            "people",
            PROCEEDINGS,
        ),
        (
            "custody_disposals",
            "2023-24",
            10_094.0,
            "people",
            PROCEEDINGS,
        ),
        ("prison_population", "2024-25", 8_216.0, "people", PRISONS),
    ]
    .into_iter()
    .map(|(measure, period, value, unit, source)| {
        Tidy::national(measure, period, value, unit, source)
    })
    .collect()
}

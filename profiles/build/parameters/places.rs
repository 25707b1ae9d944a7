//! Places in services by council. No council's places are published; these share a national figure, or a
//! placeholder, by arrivals in prison or by people convicted.

use super::Evidence;
use crate::parameters::cell::{self, Cell};
use crate::parameters::inflow::Inflow;
use crate::parameters::sources::{COHORT, PRISONS, SOCIAL_WORK, evidence};
use crate::parameters::strata::LAST;

/// Voluntary throughcare cases commenced in 2023-24.
const THROUGHCARE_CASES: f64 = 1_870.0;
/// Years that somebody is in support: six months, the least that the evaluation of mentoring calls for, of the third
/// who stay to the end, and half of that, on average, of those who leave early.
const THROUGHCARE_YEARS: f64 = 0.5 * (0.33 + 0.67 / 2.0);
/// Placeholders: people with the need who would join in a year, half of whom are to be served, for so many years.
const HOUSING: f64 = 4_000.0 * 0.5 * 0.5;
const EMPLOYABILITY: f64 = 5_600.0 * 0.5 * 0.5;
const HEALTH: f64 = 5_200.0 * 0.5 * 0.75;

/// The table `places.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let (arrivals, offenders) = (arrivals(evidence_of)?, offenders(evidence_of)?);
    let placeholder = "No count of places is published. Set so that about half of the need that arises and would take \
                       up an offer could be served, and shared over councils by people convicted (Reconviction Rates \
                       2017-18, Table 13). Replace locally.";
    let throughcare = "Voluntary throughcare cases commenced in 2023-24 (1,870) times the mean time in support: six \
                       months for the third who stay to the end (see throughcare_length, throughcare_completion), half \
                       of that for the others. Shared over councils by arrivals in prison 2021-22 to 2023-24. No \
                       council's places are published. Replace locally.";
    let tables = [
        (
            "throughcare_places",
            THROUGHCARE_CASES * THROUGHCARE_YEARS,
            &arrivals,
            throughcare,
            SOCIAL_WORK,
        ),
        (
            "housing_support_places",
            HOUSING,
            &arrivals,
            placeholder,
            PRISONS,
        ),
        (
            "employability_places",
            EMPLOYABILITY,
            &offenders,
            placeholder,
            COHORT,
        ),
        (
            "health_recovery_places",
            HEALTH,
            &offenders,
            placeholder,
            COHORT,
        ),
    ];
    let mut cells = Vec::new();
    for (id, places, shares, note, source) in tables {
        let note = match id {
            "housing_support_places" => note.replace(
                "people convicted (Reconviction Rates 2017-18, Table 13)",
                "arrivals in prison 2021-22 to 2023-24 (Table C2)",
            ),
            _ => note.to_owned(),
        };
        let source = evidence(
            "places",
            "2023-24",
            "services in Scotland",
            source,
            "placeholder",
            &note,
        );
        for ((code, _), share) in evidence_of.councils.iter().zip(shares) {
            let here = (places * share).round().max(1.0);
            let cell = Cell::new(id, here, &source);
            cells.push(cell.area(code).between(here * 0.4, here * 2.5));
        }
    }
    Ok(cells)
}

/// Councils' shares of arrivals in prison over three years.
fn arrivals(evidence_of: &Evidence) -> Result<Vec<f64>, String> {
    let mut people = Vec::new();
    for (code, _) in &evidence_of.councils {
        let mut here = 0.0;
        for year in LAST - 2..=LAST {
            let name = cell::financial_year(year);
            here += evidence_of
                .published
                .get(&format!("councils/{code}/prison_arrivals/{name}"))?;
        }
        people.push(here);
    }
    Ok(shares(people))
}

/// Councils' shares of people convicted.
fn offenders(evidence_of: &Evidence) -> Result<Vec<f64>, String> {
    let inflow = Inflow::read(evidence_of)?;
    let people = (0..evidence_of.councils.len())
        .map(|at| Ok(inflow.council(evidence_of, at)?.1))
        .collect::<Result<Vec<f64>, String>>()?;
    Ok(shares(people))
}

fn shares(people: Vec<f64>) -> Vec<f64> {
    let all: f64 = people.iter().sum();
    people.into_iter().map(|here| here / all).collect()
}

//! The multipliers that calibration moves: one for each flow and year, and one for each council and year.
//!
//! What is written here are starting values that make the flows of each year's account agree on paper. Running the
//! model then shows what lags and re-entry change, and calibration moves these numbers, and no others, until the
//! hindcast meets the records.

use super::Evidence;
use crate::parameters::accounts::{Account, DEFERRED_WELL, period};
use crate::parameters::ahead;
use crate::parameters::cell::{self, Cell};
use crate::parameters::custody::Bands;
use crate::parameters::inflow::{self, Inflow};
use crate::parameters::sources::{COHORT, PRISONS, TOGETHER, evidence};
use crate::parameters::strata::{FIRST, LAST};

/// A share of a flow in a year.
type Level = fn(&Account) -> f64;

/// Flows whose shares have a base by sex and age (in another table) and a multiplier by year here.
const MULTIPLIERS: [(&str, Level, &str); 9] = [
    (
        "minor_year",
        |a| a.minor_tried() / a.reported(),
        "people tried outside the reconviction definition, of people reported",
    ),
    (
        "remand_year",
        |a| a.remand,
        "untried arrivals in prison, of people who come to court",
    ),
    (
        "remand_awaiting_sentence_year",
        awaiting,
        "arrivals awaiting sentence, of people sentenced",
    ),
    (
        "custody_direct_year",
        direct,
        "arrivals with a sentence, less recalls and breaches of orders, of people sentenced",
    ),
    (
        "cpo_year",
        cpo,
        "community payback orders, of people sentenced to something other than custody",
    ),
    (
        "rlo_year",
        rlo,
        "restriction of liberty orders, of people sentenced to something other than custody",
    ),
    (
        "dtto_year",
        dtto,
        "drug treatment and testing orders, of people sentenced to something other than custody",
    ),
    (
        "deferred_year",
        deferred,
        "structured deferred sentences, of people sentenced to something other than custody",
    ),
    (
        "other_year",
        other,
        "admonitions and other sentences, of people sentenced to something other than custody",
    ),
];

/// Arrivals awaiting sentence, of people sentenced.
pub fn awaiting(account: &Account) -> f64 {
    account.awaiting / account.sentencing
}

/// Arrivals with a sentence, of people sentenced.
pub fn direct(account: &Account) -> f64 {
    account.direct / account.sentencing
}

/// Community payback orders that do not follow a deferred sentence, of community disposals.
pub fn cpo(account: &Account) -> f64 {
    (account.courts.cpo - (1.0 - DEFERRED_WELL) * account.deferred) / account.community
}

/// Restriction of liberty orders, of community disposals.
pub fn rlo(account: &Account) -> f64 {
    account.courts.rlo / account.community
}

/// Drug treatment and testing orders, of community disposals.
pub fn dtto(account: &Account) -> f64 {
    account.courts.dtto / account.community
}

/// Structured deferred sentences, of community disposals.
pub fn deferred(account: &Account) -> f64 {
    account.deferred / account.community
}

/// Other sentences that do not follow a deferred sentence, of community disposals.
pub fn other(account: &Account) -> f64 {
    (account.courts.other - DEFERRED_WELL * account.deferred) / account.community
}

/// The account that multipliers are relative to: 2022-23, the last with full court tables.
pub fn reference(evidence: &Evidence) -> Result<&Account, String> {
    let found = evidence.accounts.iter().find(|a| a.year == LAST - 1);
    found.ok_or_else(|| "no account of the reference year".to_owned())
}

/// The table `fitted.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let inflow = Inflow::read(evidence_of)?;
    let mut cells = reports(evidence_of, &inflow)?;
    cells.extend(outcomes(evidence_of));
    for (id, level, what) in MULTIPLIERS {
        let reference = level(reference(evidence_of)?);
        for account in &evidence_of.accounts {
            let note =
                format!("{what}, in this year over 2022-23. Starting value; calibration moves it.");
            let source = evidence(
                unit_of(id),
                &period(account.year),
                "Scotland",
                TOGETHER,
                "study",
                &sentence(&note),
            );
            let ratio = level(account) / reference;
            cells.push(Cell::new(id, ratio, &source).from(account.year));
        }
    }
    cells.extend(Bands::read(evidence_of)?.share_cells(evidence_of));
    cells.extend(returns(evidence_of)?);
    cells.extend(councils(evidence_of, &inflow)?);
    let ahead = ahead::cells(&cells, LAST);
    cells = ahead::recorded(cells);
    cells.extend(ahead);
    Ok(cells)
}

/// With a capital letter.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// What splits cases acts on odds, so that no share passes one however often a council's people are held.
fn unit_of(id: &str) -> &'static str {
    match id {
        "minor_year" | "remand_year" | "remand_awaiting_sentence_year" | "custody_direct_year" => {
            "odds ratio"
        }
        _ => "ratio",
    }
}

fn reports(evidence_of: &Evidence, inflow: &Inflow) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    for account in &evidence_of.accounts {
        let expected = inflow::expected_in_scotland(evidence_of, inflow, account.year)?;
        let source = evidence(
            "ratio",
            &period(account.year),
            "people reported in Scotland",
            TOGETHER,
            "study",
            "Reports of people not being followed over those expected at the rates of 2021-22 to 2022-23, from the \
             October before the year, because people are convicted half a year after they are reported. Closed courts \
             are told as fewer reports. Starting value; calibration moves it.",
        );
        let report = Cell::new("report_year", account.reported() / expected, &source);
        cells.push(report.clone().autumn_before(account.year));
        if account.year == LAST {
            let note =
                "Beyond the last published year: the mean of the last two. Calibration moves it.";
            cells.push(report.again(report.value(), note).autumn_before(LAST + 1));
        }
    }
    Ok(cells)
}

/// How reports end short of court.
fn outcomes(evidence_of: &Evidence) -> Vec<Cell> {
    let kinds: [(&str, Level, &str); 3] = [
        (
            "no_action_share",
            |a| a.no_action / a.reported(),
            "Cases with no action (Criminal Proceedings, Table 1)",
        ),
        (
            "out_of_court_share",
            |a| a.out_of_court / a.reported(),
            "People given fiscal fines, fixed penalties and compensation, cases given warnings and other disposals out of court, less diversion (Criminal Proceedings, Table 1)",
        ),
        (
            "diversion_share",
            |a| a.diverted / a.reported(),
            "Diversion cases commenced (Justice Social Work Statistics, rounded)",
        ),
    ];
    let mut cells = Vec::new();
    for (id, level, what) in kinds {
        for account in &evidence_of.accounts {
            let is_interpolated = id.starts_with("diversion") && account.interpolated[0];
            let grade = if is_interpolated {
                "judgement"
            } else {
                "study"
            };
            let more = match (is_interpolated, account.year) {
                (true, _) => {
                    " Not published for this year: a straight line between the years that are."
                }
                (false, LAST) if !id.starts_with("diversion") => " 2023-24 repeats 2022-23.",
                _ => "",
            };
            let note = format!("{what}, over people reported as this model counts them.{more}");
            let source = evidence(
                "share",
                &period(account.year),
                "people reported in Scotland",
                TOGETHER,
                grade,
                &note,
            );
            cells.push(Cell::new(id, level(account), &source).from(account.year));
        }
    }
    cells
}

/// The level of reconviction by year, and its mean over years without the pandemic from then on.
fn returns(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let rate = |cohort: u16| -> Result<f64, String> {
        let year = period(cohort);
        let (mut back, mut all) = (0.0, 0.0);
        for (path, value) in evidence_of.published.below("cohorts/") {
            if path.ends_with(&year) {
                back += if path.contains("number_reconvicted") {
                    value
                } else {
                    0.0
                };
                all += if path.contains("number_of_offenders") {
                    value
                } else {
                    0.0
                };
            }
        }
        Ok(back / all)
    };
    let hazard = |rate: f64| -(1.0 - rate).ln();
    let base = hazard(rate(2017)?);
    let usual = [2016, 2017, 2018]
        .into_iter()
        .map(rate)
        .collect::<Result<Vec<_>, _>>()?;
    let usual = usual.into_iter().map(hazard).sum::<f64>() / 3.0 / base;
    let mut cells = Vec::new();
    for year in FIRST..=LAST {
        let (ratio, note) = match year {
            ..=2020 => (
                hazard(rate(year)?) / base,
                "Logarithm of the share not reconvicted within a year, over that of the 2017-18 cohort.",
            ),
            _ => (
                usual,
                "No cohort after 2020-21 is published here: the mean of 2016-17 to 2018-19, before the courts closed.",
            ),
        };
        let grade = if year <= 2020 { "study" } else { "judgement" };
        let note = format!("{note} Starting value; calibration moves it.");
        let source = evidence(
            "hazard ratio",
            &period(year.min(2020)),
            "people convicted in Scotland",
            COHORT,
            grade,
            &note,
        );
        let mut cell = Cell::new("return_year", ratio, &source).from(year);
        if year == LAST {
            cell = cell.between(ratio * 0.92, ratio * 1.08);
        }
        cells.push(cell);
    }
    Ok(cells)
}

/// How much more or less often people of a council arrive in prison than its reports would give.
fn councils(evidence_of: &Evidence, inflow: &Inflow) -> Result<Vec<Cell>, String> {
    let mut areas = Vec::new();
    for at in 0..evidence_of.councils.len() {
        areas.push(inflow.council(evidence_of, at)?.0);
    }
    let mut cells = Vec::new();
    for year in FIRST..=LAST {
        let name = cell::financial_year(year);
        let mut rows = Vec::new();
        for ((code, _), ratio) in evidence_of.councils.iter().zip(&areas) {
            let seen = evidence_of
                .published
                .get(&format!("councils/{code}/prison_arrivals/{name}"))?;
            rows.push((
                code,
                seen,
                inflow.expected(evidence_of, code, year)? * ratio,
            ));
        }
        let scale = rows.iter().map(|r| r.1).sum::<f64>() / rows.iter().map(|r| r.2).sum::<f64>();
        let source = evidence(
            "odds ratio",
            &name,
            "arrivals in prison, by council of residence",
            PRISONS,
            "study",
            "Arrivals of people whose council is known (Table C2) over those expected if its people reported were \
             held as often as Scotland's. Starting value; calibration moves it.",
        );
        for (code, seen, expected) in rows {
            let expected = expected * scale;
            let cell = Cell::new("custody_area", seen / expected, &source).counted(seen, expected);
            cells.push(cell.area(code).from(year));
        }
    }
    Ok(cells)
}

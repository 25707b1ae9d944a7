//! Sentences in the community: who is given them, how long they last and how they end.

use super::Evidence;
use crate::parameters::accounts::{BREACH_TO_CUSTODY, period};
use crate::parameters::cell::{Cell, Evidence as Source};
use crate::parameters::courts::penalties;
use crate::parameters::fitted;
use crate::parameters::sources::{COURTS, SOCIAL_WORK, evidence};
use crate::parameters::strata::{AGES, FIRST, Groups, LAST, SEXES, each, groups, total};

/// Share of people unemployed at the start of a community payback order, 2019-20.
const UNEMPLOYED: f64 = 0.599;
/// Share of orders completed by people in work, and by others, 2017-18.
const COMPLETED: (f64, f64) = (0.84, 0.64);
/// Supervision requirements of 2013-14 by length: middle of the class in months, and how many.
const LENGTHS: [(f64, f64); 5] = [
    (3.0, 689.0),
    (9.0, 4_694.0),
    (15.0, 2_242.0),
    (21.0, 1_423.0),
    (30.0, 365.0),
];

/// The table `community.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let mut cells = shares(evidence_of)?;
    cells.extend(bail(evidence_of));
    cells.extend(stays(evidence_of)?);
    cells.extend(completion(evidence_of)?);
    Ok(cells)
}

/// Shares of disposals other than custody, by sex and age, at the level of 2022-23.
fn shares(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let reference = fitted::reference(evidence_of)?;
    let (community, other) = disposals(evidence_of);
    let note = "Level of 2022-23 (Table 7a); by sex and age as in the last three years (Table 11), people convicted \
                outside the reconviction definition taken out of fines and admonitions (Tables 6b, 6c, 8a). People \
                aged 21 to 30 are one group. The base that the yearly multiplier scales.";
    let source = evidence(
        "share",
        "2020-21 to 2022-23",
        "people sentenced to something other than custody in Scotland",
        COURTS,
        "study",
        note,
    );
    let mut cells = Vec::new();
    let tables = [
        ("cpo_share", fitted::cpo(reference), &community),
        ("rlo_share", fitted::rlo(reference), &community),
        ("other_share", fitted::other(reference), &other),
    ];
    for (id, level, by) in tables {
        for (sex, age) in groups() {
            let cell = Cell::new(id, level * by[sex][age], &source);
            cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0));
        }
    }
    let note =
        "Level of 2022-23 (Table 7a), alike for all. The base that the yearly multiplier scales.";
    let source = Source {
        note: note.to_owned(),
        ..source
    };
    cells.push(Cell::new("dtto_share", fitted::dtto(reference), &source));
    let note = "Structured deferred sentences imposed, 2022-23 (rounded), over people sentenced to something other \
                than custody. The base that the yearly multiplier scales.";
    let source = evidence(
        "share",
        "2022-23",
        "people sentenced to something other than custody in Scotland",
        SOCIAL_WORK,
        "study",
        note,
    );
    cells.push(Cell::new(
        "deferred_share",
        fitted::deferred(reference),
        &source,
    ));
    Ok(cells)
}

/// Community sentences and other sentences by sex and age, relative to the mean of everybody not sent to custody.
fn disposals(evidence_of: &Evidence) -> (Groups, Groups) {
    let all = |penalty: &str| penalties(&evidence_of.published, penalty);
    let (community, fines) = (all("Community sentence"), all("Financial Penalty"));
    let (other, convicted) = (all("Other sentence"), all("Convicted"));
    let outside = &evidence_of.outside;
    let other = other.map(|ages| ages.map(|people| people * (1.0 - outside.other)));
    // The group of 21 to 30 stands in both bands of the twenties; in each it is halved for the sums.
    let weight = |age: usize| if age == 1 || age == 2 { 0.5 } else { 1.0 };
    let minor = each(|s, a| convicted[s][a] * outside.people[s][a]);
    let weighted = |of: &Groups| total(&each(|s, a| of[s][a] * weight(a)));
    let minor_fined = outside.financial * weighted(&fines) / weighted(&minor);
    let people = each(|s, a| {
        let fined = (fines[s][a] - minor[s][a] * minor_fined).max(0.15 * fines[s][a]);
        community[s][a] + other[s][a] + fined
    });
    let relative = |of: &Groups| {
        let mean = weighted(of) / weighted(&people);
        each(|s, a| of[s][a] / people[s][a] / mean)
    };
    (relative(&community), relative(&other))
}

/// Bail supervision, of people who come to court.
fn bail(evidence_of: &Evidence) -> Vec<Cell> {
    let mut cells = Vec::new();
    for account in &evidence_of.accounts {
        let (grade, note) = match account.interpolated[2] {
            true => (
                "judgement",
                "No national figure for this year: a straight line between the years that have one.",
            ),
            false => (
                "study",
                "Bail supervision cases commenced over people who came to court.",
            ),
        };
        let source = evidence(
            "share",
            &period(account.year),
            "people who come to court in Scotland",
            SOCIAL_WORK,
            grade,
            note,
        );
        let share = account.supervised_bail / account.tried;
        cells.push(Cell::new("bail_supervision_share", share, &source).from(account.year));
    }
    cells
}

/// How long orders last: the mean stock over the orders ended.
fn stays(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    let mut drug = (0.0, 0.0);
    for year in FIRST..=LAST {
        let known = year.min(2019);
        let orders = |measure: &str, year: u16| evidence_of.published.orders(measure, year);
        let held = |measure: &str| -> Result<f64, String> {
            Ok((orders(measure, known - 1)? + orders(measure, known)?) / 2.0)
        };
        let years =
            held("CPOs in force at 31 March (end of year)")? / orders("CPOs terminated", known)?;
        if year == known {
            drug.0 += held("DTTOs in force at 31 March (end of year)")?;
            drug.1 += orders("DTTOs terminated", year)?;
        }
        let (grade, note) = match year == known {
            true => (
                "official",
                "Mean of orders in force at 31 March before and after, over orders terminated.",
            ),
            false => (
                "judgement",
                "Orders in force and terminated are not published here after 2019-20, which is repeated.",
            ),
        };
        let source = evidence(
            "years",
            &period(known),
            "community payback orders in Scotland",
            SOCIAL_WORK,
            grade,
            note,
        );
        cells.push(Cell::new("cpo_stay", years, &source).from(year));
    }
    let note = "Mean squared over variance of the supervision lengths of 2013-14, each class at its middle.";
    let source = evidence(
        "shape",
        "2013-14",
        "community payback orders with supervision in Scotland",
        SOCIAL_WORK,
        "official",
        note,
    );
    cells.push(Cell::new("cpo_shape", length_shape(), &source).between(2.5, 7.0));
    let note = "Mean of orders in force at 31 March before and after, over orders terminated, 2013-14 to 2019-20 together.";
    let source = evidence(
        "years",
        "2013-14 to 2019-20",
        "drug treatment and testing orders in Scotland",
        SOCIAL_WORK,
        "official",
        note,
    );
    let years = drug.0 / drug.1;
    cells.push(Cell::new("dtto_stay", years, &source).between(years * 0.9, years * 1.1));
    Ok(cells)
}

/// Gamma shape of supervision lengths.
fn length_shape() -> f64 {
    let n: f64 = LENGTHS.iter().map(|(_, n)| n).sum();
    let mean = LENGTHS.iter().map(|(x, n)| x * n).sum::<f64>() / n;
    let squares = LENGTHS
        .iter()
        .map(|(x, n)| (x - mean).powi(2) * n)
        .sum::<f64>()
        / n;
    mean * mean / squares
}

/// How community payback orders end.
fn completion(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let odds = |share: f64| share / (1.0 - share);
    let ratio = odds(COMPLETED.1) / odds(COMPLETED.0);
    let mut cells = Vec::new();
    for year in FIRST..=LAST {
        let known = if year == 2020 || year == 2021 {
            2019
        } else {
            year
        };
        let rate = evidence_of
            .published
            .orders("Completion/discharge rate, CPOs", known)?
            / 100.0;
        let grade = if year == known { "study" } else { "judgement" };
        let note = "Chance that an order ends completed or discharged early, for people without an employability need: \
                    the published rate of all, undone for the 59.9% unemployed at the start (2019-20) with the odds \
                    ratio of cpo_completion_employability. No rate is published here for 2020-21 and 2021-22; 2019-20 \
                    is repeated.";
        let source = evidence(
            "share",
            &period(known),
            "community payback orders ended in Scotland",
            SOCIAL_WORK,
            grade,
            note,
        );
        let share = without_need(rate, ratio);
        cells.push(Cell::new("cpo_completion", share, &source).from(year));
    }
    let note = "Completed by people unemployed or inactive (64%) over people employed (84%), as odds. An association: \
                it does not say what finding work would do.";
    let source = evidence(
        "odds ratio",
        "2017-18",
        "community payback orders ended in Scotland",
        SOCIAL_WORK,
        "official",
        note,
    );
    cells.push(Cell::new("cpo_completion_employability", ratio, &source).between(0.28, 0.41));
    let note = "3,300 breach applications in 2022-23, custody the outcome of 23% (reported by The Herald), over 14,700 orders commenced.";
    let source = evidence(
        "share",
        "2022-23",
        "community payback orders in Scotland",
        SOCIAL_WORK,
        "study",
        note,
    );
    cells.push(Cell::new("cpo_breach_to_custody", BREACH_TO_CUSTODY, &source).between(0.03, 0.09));
    Ok(cells)
}

/// The share of people without the need that makes everybody's share this.
fn without_need(everybody: f64, ratio: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let share: f64 = (low + high) / 2.0;
        let odds = share / (1.0 - share) * ratio;
        let mean = (1.0 - UNEMPLOYED) * share + UNEMPLOYED * odds / (1.0 + odds);
        match mean < everybody {
            true => low = share,
            false => high = share,
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_both_groups_is_the_published_rate() {
        let share = without_need(0.7, 0.34);
        let odds = share / (1.0 - share) * 0.34;
        let mean = (1.0 - UNEMPLOYED) * share + UNEMPLOYED * odds / (1.0 + odds);
        assert!((mean - 0.7).abs() < 1e-9);
    }

    #[test]
    fn supervision_lengths_are_less_spread_than_exponential() {
        assert!(length_shape() > 3.0 && length_shape() < 6.0);
    }
}

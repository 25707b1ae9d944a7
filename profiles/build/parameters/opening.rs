//! Who was in each state on 1 April 2013.

use super::Evidence;
use crate::parameters::accounts::{entries, on_april};
use crate::parameters::cell::{self, Cell};
use crate::parameters::custody::{LICENCE_YEARS, LONG, SHORT, exempt_arrivals};
use crate::parameters::sources::{COHORT, COURTS, PRISONS, SOCIAL_WORK, TOGETHER, evidence};
use crate::parameters::strata::{AGES, FIRST, PRIORS, SEXES, ages, spread};
use crate::parameters::{courts, weights};

/// The mean wait for trial in the hand-made table, and the placeholder for lengths that nobody publishes.
const TRIAL_DAYS: f64 = 230.0;
const PLACEHOLDER_YEARS: f64 = 4.0 / 12.0;

/// The table `opening.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let mut cells = prison(evidence_of)?;
    cells.extend(orders(evidence_of)?);
    cells.extend(flows(evidence_of)?);
    cells.extend(mix(evidence_of)?);
    cells.extend(areas(evidence_of)?);
    Ok(cells)
}

fn prison(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let note = "Mean of the average populations of 2012-13 and 2013-14 (Table M3), for 1 April between them.";
    let source = evidence(
        "people",
        "2012-13 to 2013-14",
        "people in prison in Scotland",
        PRISONS,
        "official",
        note,
    );
    let april = |band: &str| on_april(&evidence_of.published, band, FIRST);
    let row = |id: &str, people: f64| Cell::new(&format!("opening_{id}"), people, &source);
    let mut cells = vec![
        row("untried", april("Untried")?),
        row("awaiting_sentence", april("CAS")?),
    ];
    let first = evidence_of.accounts.first().ok_or("no accounts")?;
    let exempt = exempt_arrivals(evidence_of, FIRST) / first.sentenced;
    for (id, parts) in SHORT {
        let people: f64 = parts
            .iter()
            .map(|part| april(part))
            .sum::<Result<f64, String>>()?;
        cells.push(row(id, people * (1.0 - exempt)));
        cells.push(row(&format!("{id}_exempt"), people * exempt));
    }
    for (id, band) in LONG {
        cells.push(row(id, april(band)?));
    }
    cells.push(row("life", april("Life")? + april("Indeterminate")?));
    cells.push(row("recalled", april("Recall")?));
    Ok(cells)
}

/// People on orders, which are counted.
fn orders(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let from = &evidence_of.published;
    let held = |measure: &str| from.orders(measure, FIRST - 1);
    let payback = held("CPOs in force at 31 March (end of year)")?
        / weights::orders_per_person(evidence_of, FIRST)?;
    let drug = held("DTTOs in force at 31 March (end of year)")?;
    let source = |note: &str| {
        let population = "people on orders in Scotland";
        evidence(
            "people",
            "31 March 2013",
            population,
            SOCIAL_WORK,
            "official",
            note,
        )
    };
    let note = "Community payback orders in force, over orders per person given one (cpo_orders_per_person).";
    Ok(vec![
        Cell::new("opening_cpo", payback, &source(note)),
        Cell::new(
            "opening_dtto",
            drug,
            &source("Drug treatment and testing orders in force."),
        ),
    ])
}

/// People elsewhere in the community, whom nobody counts: a year's flow times the stay.
fn flows(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let first = evidence_of.accounts.first().ok_or("no accounts")?;
    let at_liberty = 1.0 - first.remand * evidence_of.priors.custody_of_entrants;
    let waiting = first.tried * at_liberty - first.supervised_bail;
    let long: f64 = LONG
        .iter()
        .map(|(_, band)| entries(&evidence_of.published, band, FIRST))
        .sum::<Result<f64, String>>()?;
    let rows = [
        (
            "awaiting_trial",
            waiting * TRIAL_DAYS / 365.25,
            COURTS,
            "People who come to court in a year, less remand and supervised bail, times the mean of awaiting_trial_stay.",
        ),
        (
            "rlo",
            first.courts.rlo * PLACEHOLDER_YEARS,
            COURTS,
            "Restriction of liberty orders of 2013-14 times the placeholder length of four months.",
        ),
        (
            "licence",
            (long + first.recalled) * LICENCE_YEARS,
            PRISONS,
            "Long sentences begun (for those ended) and recalls of 2013-14, times the mean licence.",
        ),
        (
            "bail_supervision",
            first.supervised_bail * PLACEHOLDER_YEARS,
            SOCIAL_WORK,
            "Cases commenced in 2013-14 times the placeholder length of four months.",
        ),
        (
            "diversion",
            first.diverted * PLACEHOLDER_YEARS,
            SOCIAL_WORK,
            "Cases commenced in 2013-14 (interpolated) times the placeholder length of four months.",
        ),
    ];
    let cell = |(id, people, source, note)| {
        let population = "people in the justice system in Scotland";
        let source = evidence("people", "2013-14", population, source, "judgement", note);
        Cell::new(&format!("opening_{id}"), people, &source)
    };
    Ok(rows.map(cell).into())
}

/// How opening people are shared over sexes, ages and previous convictions.
fn mix(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let from = &evidence_of.published;
    let prison = evidence(
        "share",
        "2013-14",
        "people in prison in Scotland",
        PRISONS,
        "official",
        "Average population by sex and by age (Table B2); ages that cross a band are divided evenly.",
    );
    let people = |sex: &str, age: &str| from.get(&format!("people/{sex}/{age}/average/2013-14"));
    let (women, men) = (people("Women", "All")?, people("Men", "All")?);
    let mut by_age = [0.0; 5];
    for (path, value) in from.below("people/All/") {
        let label = path.split('/').next().unwrap_or("");
        if let (Some(range), true) = (ages(label), path.ends_with("/average/2013-14")) {
            for (band, share) in by_age.iter_mut().zip(spread(range)) {
                *band += value * share;
            }
        }
    }
    let convicted = courts::convicted(from, FIRST)?;
    let court = evidence(
        "share",
        "2013-14",
        "people convicted in Scotland",
        COURTS,
        "official",
        "People convicted by sex and age (Table 5a); people aged 21 to 30 are divided as the offenders of the reconviction cohort.",
    );
    let by_sex = convicted.map(|ages| ages.iter().sum::<f64>());
    let court_ages: [f64; 5] = std::array::from_fn(|age| convicted[0][age] + convicted[1][age]);
    let mut cells = Vec::new();
    for (kind, sexes, ages_of, source) in [
        ("prison", [women, men], by_age, &prison),
        ("community", by_sex, court_ages, &court),
    ] {
        for (share, (sex, _, _)) in sexes.iter().zip(SEXES) {
            let share = share / sexes.iter().sum::<f64>();
            cells.push(Cell::new(&format!("opening_{kind}_sex"), share, source).sex(sex));
        }
        for (share, (age, ..)) in ages_of.iter().zip(AGES) {
            let share = share / ages_of.iter().sum::<f64>();
            cells.push(Cell::new(&format!("opening_{kind}_age"), share, source).age(age));
        }
    }
    cells.extend(previous(evidence_of));
    Ok(cells)
}

fn previous(evidence_of: &Evidence) -> Vec<Cell> {
    let note = "People whose last sentence in 2018-19 was custody, and a community sentence, by convictions in ten years before it (Table 20).";
    let source = evidence(
        "share",
        "2018-19",
        "people convicted in Scotland",
        COHORT,
        "judgement",
        note,
    );
    let kinds = [
        ("opening_prison_priors", evidence_of.priors.last_custody),
        (
            "opening_community_priors",
            evidence_of.priors.last_community,
        ),
    ];
    let mut cells = Vec::new();
    for (id, shares) in kinds {
        for (band, share) in PRIORS.iter().zip(shares) {
            cells.push(Cell::new(id, share, &source).priors(band));
        }
    }
    cells
}

/// How opening people are shared over councils.
fn areas(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let note = "Arrivals in prison of people whose council is known, 2012-13 and 2013-14 (Table C2). It stands in for people on orders and before the courts too.";
    let source = evidence(
        "share",
        "2012-13 to 2013-14",
        "arrivals in prison, by council of residence",
        TOGETHER,
        "study",
        note,
    );
    let mut arrivals = Vec::new();
    for (code, _) in &evidence_of.councils {
        let mut people = 0.0;
        for year in [FIRST - 1, FIRST] {
            let name = cell::financial_year(year);
            people += evidence_of
                .published
                .get(&format!("councils/{code}/prison_arrivals/{name}"))?;
        }
        arrivals.push((code, people));
    }
    let all: f64 = arrivals.iter().map(|(_, people)| people).sum();
    Ok(arrivals
        .into_iter()
        .map(|(code, people)| Cell::new("opening_area", people / all, &source).area(code))
        .collect())
}

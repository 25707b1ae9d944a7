//! Who was in each state on 1 April 2013.

use super::Evidence;
use crate::parameters::accounts::{BREACH_TO_CUSTODY, on_april};
use crate::parameters::cell::{self, Cell};
use crate::parameters::custody::{LICENCE_YEARS, LONG, SHORT};
use crate::parameters::sources::{COHORT, COURTS, PRISONS, SOCIAL_WORK, TOGETHER, evidence};
use crate::parameters::strata::{AGES, FIRST, PRIORS, SEXES, ages, spread};
use crate::parameters::{courts, weights};

/// The table `opening.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let mut cells = prison(evidence_of)?;
    cells.extend(community(evidence_of)?);
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
    let kept = evidence_of.published.get("offences/08/2013-14")?;
    let exempt: f64 = ["09", "10", "11", "13", "14", "15"]
        .into_iter()
        .filter_map(|offence| {
            evidence_of
                .published
                .find(&format!("offences/{offence}/2013-14"))
        })
        .sum::<f64>();
    let exempt = (kept + exempt) / first.sentenced;
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

fn community(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let first = evidence_of.accounts.first().ok_or("no accounts")?;
    let from = &evidence_of.published;
    let orders = from.orders("CPOs in force at 31 March (end of year)", FIRST - 1)?;
    let note = "Orders in force on 31 March 2013, over orders per person given one (cpo_orders_per_person).";
    let order = evidence(
        "people",
        "31 March 2013",
        "people on community payback orders in Scotland",
        SOCIAL_WORK,
        "official",
        note,
    );
    let per_person = weights::orders_per_person(evidence_of, FIRST)?;
    let drug = from.orders("DTTOs in force at 31 March (end of year)", FIRST - 1)?;
    let note = "Orders in force on 31 March 2013.";
    let drug_source = evidence(
        "people",
        "31 March 2013",
        "people on drug treatment and testing orders in Scotland",
        SOCIAL_WORK,
        "official",
        note,
    );
    let flow = |note: &str, source| {
        evidence(
            "people",
            "2013-14",
            "people before the courts in Scotland",
            source,
            "judgement",
            note,
        )
    };
    let waiting = flow(
        "People who come to court in a year, less remand and supervised bail, times the mean wait of awaiting_trial_stay (230 days).",
        COURTS,
    );
    let open = first.tried - 0.85 * first.untried - first.supervised_bail;
    let curfew = flow(
        "Restriction of liberty orders of 2013-14 times the placeholder length of four months.",
        COURTS,
    );
    let licence = flow(
        "Recalls and releases from sentences of four years and over in a year, times the mean licence.",
        PRISONS,
    );
    let supervised = flow(
        "Cases commenced in 2013-14 times the placeholder length of four months.",
        SOCIAL_WORK,
    );
    let diverted = flow(
        "Cases commenced in 2013-14 (interpolated) times the placeholder length of four months.",
        SOCIAL_WORK,
    );
    let releases = 400.0 + first.recalled;
    Ok(vec![
        Cell::new(
            "opening_cpo",
            orders / per_person * (1.0 - BREACH_TO_CUSTODY / 2.0),
            &order,
        ),
        Cell::new("opening_dtto", drug, &drug_source),
        Cell::new("opening_awaiting_trial", open * 230.0 / 365.25, &waiting),
        Cell::new("opening_rlo", first.courts.rlo / 3.0, &curfew),
        Cell::new("opening_licence", releases * LICENCE_YEARS * 0.85, &licence),
        Cell::new(
            "opening_bail_supervision",
            first.supervised_bail / 3.0,
            &supervised,
        ),
        Cell::new("opening_diversion", first.diverted / 3.0, &diverted),
    ])
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

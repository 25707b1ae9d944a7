//! Remand and custody: chances of being held, how long people stay, and the mix of sentence lengths.

use super::Evidence;
use crate::parameters::accounts::{Account, BREACH_TO_CUSTODY, entries, on_april, period};
use crate::parameters::cell::{self, Cell};
use crate::parameters::courts::penalties;
use crate::parameters::fitted;
use crate::parameters::sources::{COHORT, COURTS, PRISONS, TOGETHER, evidence};
use crate::parameters::strata::{
    AGES, FIRST, Groups, LAST, PRIORS, SEXES, ages, each, groups, spread, total,
};

/// Days of a year, for turning a stock over a flow into days.
const DAYS: f64 = 365.25;
/// Sentence bands under four years: id of the model, and the bands of the published table.
pub const SHORT: [(&str, &[&str]); 5] = [
    ("0_3m", &["0<=3 months"]),
    ("3_6m", &["3<=6 months"]),
    ("6_12m", &["6<=12 months"]),
    ("12_24m", &["12<=18 months", "18<=24 months"]),
    ("2_4y", &["2<=4 yrs"]),
];
/// Sentence bands of four years and over that end.
pub const LONG: [(&str, &str); 2] = [("4_10y", "4 < 10 yrs"), ("10y_plus", "10+ yrs")];
/// The share of a short sentence that was served until February 2025.
const HALF: f64 = 0.5;

/// Entries into sentence bands by year.
pub struct Bands {
    /// By year from 2013-14: people entering each band under four years, as published.
    short: Vec<[f64; 5]>,
    /// The same for the bands of four years and over.
    long: Vec<[f64; 2]>,
    /// People given a life sentence or an order for lifelong restriction.
    life: Vec<f64>,
    /// What published short entries are multiplied by to meet all sentences begun.
    repeat: Vec<f64>,
}

impl Bands {
    /// Reads the stocks and works the entries out.
    pub fn read(evidence: &Evidence) -> Result<Self, String> {
        let from = &evidence.published;
        let mut bands = Self {
            short: Vec::new(),
            long: Vec::new(),
            life: Vec::new(),
            repeat: Vec::new(),
        };
        for account in &evidence.accounts {
            let year = account.year;
            let mut short = [0.0; 5];
            for (entering, (_, parts)) in short.iter_mut().zip(SHORT) {
                for part in parts {
                    *entering += entries(from, part, year)?;
                }
            }
            let long = [
                entries(from, LONG[0].1, year)?,
                entries(from, LONG[1].1, year)?,
            ];
            let court = year.min(LAST - 1);
            let life = from.court("Table_10d", "Life", court)?
                + from.court("Table_7a", "Order for life-long restriction", court)?;
            let begun = account.starts + BREACH_TO_CUSTODY * account.courts.cpo;
            let rest = begun - long.iter().sum::<f64>() - life;
            bands.repeat.push(rest / short.iter().sum::<f64>());
            bands.short.push(short);
            bands.long.push(long);
            bands.life.push(life);
        }
        Ok(bands)
    }

    /// The mix of sentences by year, for `fitted.csv`.
    pub fn share_cells(&self, evidence_of: &Evidence) -> Vec<Cell> {
        let mut cells = Vec::new();
        let row = |id: String, account: &Account, value: f64, note: &str| {
            let source = evidence(
                "share",
                &period(account.year),
                "custodial sentences begun",
                PRISONS,
                "study",
                note,
            );
            Cell::new(&id, value, &source).from(account.year)
        };
        let note = "People held at some time in the year under an index sentence of this length, less those held on \
                    1 April (mean of two years' average population), over custodial sentences begun. Starting value; \
                    calibration moves it.";
        for (band, (id, _)) in LONG.iter().enumerate() {
            for (at, account) in evidence_of.accounts.iter().enumerate() {
                let share = self.long[at][band] / account.starts;
                cells.push(row(format!("band_{id}"), account, share, note));
            }
        }
        for (at, account) in evidence_of.accounts.iter().enumerate() {
            let note = "People given a life sentence (Criminal Proceedings, Table 10d) or an order for lifelong \
                        restriction (Table 7a; 2023-24 repeats 2022-23), over custodial sentences begun. Starting \
                        value; calibration moves it.";
            let share = self.life[at] / account.starts;
            cells.push(row("band_life".to_owned(), account, share, note));
        }
        for (band, (id, _)) in SHORT.iter().enumerate().take(4) {
            for (at, account) in evidence_of.accounts.iter().enumerate() {
                let share = self.short[at][band] / self.short[at].iter().sum::<f64>();
                let note = note.replace(
                    "custodial sentences begun",
                    "the same of all lengths under four years",
                );
                cells.push(row(format!("band_{id}"), account, share, &note));
            }
        }
        cells
    }

    /// Days served in a short band around a year: the stock over the flow, over three years.
    fn days(&self, evidence: &Evidence, band: usize, at: usize) -> Result<f64, String> {
        let (mut held, mut entering) = (0.0, 0.0);
        for near in at.saturating_sub(1)..=(at + 1).min(self.short.len() - 1) {
            for part in SHORT[band].1 {
                held += evidence
                    .published
                    .sentence(part, "average", FIRST + near as u16)?;
            }
            entering += self.short[near][band] * self.repeat[near];
        }
        Ok(held / entering * DAYS)
    }

    /// Years served in long bands: the stock over the mean of entries and exits, all years together.
    fn years(&self, evidence: &Evidence, bands: &[&str]) -> Result<f64, String> {
        let (mut held, mut moved) = (0.0, 0.0);
        for band in bands {
            for year in FIRST..=LAST {
                held += evidence.published.sentence(band, "average", year)?;
                moved += entries(&evidence.published, band, year)?;
            }
            let (first, last) = (
                on_april(&evidence.published, band, FIRST)?,
                on_april(&evidence.published, band, LAST)?,
            );
            moved -= (last - first) / 2.0;
        }
        Ok(held / moved)
    }
}

/// The table `custody.csv`.
pub fn cells(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let bands = Bands::read(evidence_of)?;
    let mut cells = held(evidence_of)?;
    cells.extend(gradients(evidence_of));
    cells.extend(remand(evidence_of)?);
    cells.extend(exempt(evidence_of)?);
    cells.extend(lengths(evidence_of, &bands)?);
    cells.extend(long(evidence_of, &bands)?);
    Ok(cells)
}

/// Chances of being held, by sex and age, at the level of 2022-23.
fn held(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let reference = fitted::reference(evidence_of)?;
    let custody = penalties(&evidence_of.published, "Custody");
    let convicted = penalties(&evidence_of.published, "Convicted");
    let inside = each(|s, a| convicted[s][a] * (1.0 - evidence_of.outside.people[s][a]));
    let chance = relative(
        &each(|s, a| custody[s][a] / inside[s][a]),
        &evidence_of.convicted,
    );
    let remanded = remanded(evidence_of)?;
    let kinds = [
        (
            "remand_share",
            reference.remand,
            &remanded,
            "Untried arrivals of 2022-23 over people who came to court; by sex and age as people held untried in the year (Prison Population Statistics, Table M1) stand to people convicted.",
        ),
        (
            "remand_awaiting_sentence_share",
            fitted::awaiting(reference),
            &chance,
            "Arrivals awaiting sentence of 2022-23 over people sentenced; by sex and age as people given custody stand to people convicted within the reconviction definition (Criminal Proceedings, Tables 11, 6b and 6c, last three years).",
        ),
        (
            "custody_direct_share",
            fitted::direct(reference),
            &chance,
            "Arrivals with a sentence in 2022-23, less recalls and breaches, over people sentenced; by sex and age as people given custody stand to people convicted within the reconviction definition (Criminal Proceedings, Tables 11, 6b and 6c, last three years).",
        ),
    ];
    let mut cells = Vec::new();
    for (id, level, by, note) in kinds {
        let note = format!(
            "{note} Women and men aged 21 to 30 are one group in the court tables. The base that the yearly multiplier scales."
        );
        let source = evidence(
            "share",
            "2020-21 to 2022-23",
            "people before the courts in Scotland",
            TOGETHER,
            "study",
            &note,
        );
        for (sex, age) in groups() {
            let cell = Cell::new(id, level * by[sex][age], &source);
            cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0));
        }
    }
    Ok(cells)
}

/// Scaled to mean one over these people.
fn relative(chance: &Groups, people: &Groups) -> Groups {
    let mean = total(&each(|s, a| chance[s][a] * people[s][a])) / total(people);
    each(|s, a| chance[s][a] / mean)
}

/// People held untried in 2022-23 by sex and by age, against people convicted.
fn remanded(evidence_of: &Evidence) -> Result<Groups, String> {
    let year = cell::financial_year(LAST - 1);
    let of = |sex: &str, age: &str| format!("statuses/Untried/{sex}/{age}/individuals/{year}");
    let mut by_age = [0.0; 5];
    for (path, value) in evidence_of.published.below("statuses/Untried/All/") {
        let mut parts = path.split('/');
        let (label, measure) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if let (Some(range), "individuals", true) = (ages(label), measure, path.ends_with(&year)) {
            for (band, share) in by_age.iter_mut().zip(spread(range)) {
                *band += value * share;
            }
        }
    }
    let women = evidence_of.published.get(&of("Women", "All"))?;
    let men = evidence_of.published.get(&of("Men", "All"))?;
    let people = &evidence_of.convicted;
    let ratio = each(|sex, age| {
        let all_of_sex: f64 = people[sex].iter().sum();
        let all_of_age = people[0][age] + people[1][age];
        [women, men][sex] / all_of_sex * by_age[age] / all_of_age
    });
    Ok(relative(&ratio, people))
}

/// The gradient of custody by previous convictions.
fn gradients(evidence_of: &Evidence) -> Vec<Cell> {
    let note = "Share whose last sentence was custody, by convictions in ten years before it, over the share of \
                everybody (Table 20), scaled to mean one over people convicted.";
    let custody = evidence(
        "odds ratio",
        "2018-19",
        "people convicted in Scotland",
        COHORT,
        "study",
        note,
    );
    let note = format!(
        "{note} Remand by previous convictions is not published: the gradient of custody stands in."
    );
    let remand = evidence(
        "odds ratio",
        "2018-19",
        "people convicted in Scotland",
        COHORT,
        "judgement",
        &note,
    );
    let mut cells = Vec::new();
    for (id, source) in [("custody_priors", &custody), ("remand_priors", &remand)] {
        for (band, ratio) in PRIORS.iter().zip(evidence_of.priors.custody) {
            cells.push(Cell::new(id, ratio, source).priors(band));
        }
    }
    cells
}

/// Stays on remand and how they end, by year.
fn remand(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let (share, days) = ("share", "days");
    let mut cells = Vec::new();
    for account in &evidence_of.accounts {
        let (year, e) = (account.year, &account.endings);
        let held = |band: &str| evidence_of.published.sentence(band, "average", year);
        let rows = [
            (
                "untried_stay",
                held("Untried")? / account.untried * DAYS,
                days,
                "Average population untried (Table M3) over untried arrivals (Table O1).",
                None,
            ),
            (
                "awaiting_sentence_stay",
                held("CAS")? / e.awaiting() * DAYS,
                days,
                "Average population convicted awaiting sentence (Table M3) over people whose wait there ended (Table O2).",
                None,
            ),
            (
                "convicted_on_remand_share",
                e.convicted() / e.untried(),
                share,
                "Untried people who went on to await sentence or to a sentence without leaving prison, over all whose untried time ended (Table O2, journeys U__, UA_, U_S, UAS).",
                Some((e.convicted(), e.untried())),
            ),
            (
                "held_for_sentence_share",
                e.held_on(),
                share,
                "Of people convicted on remand, those who awaited sentence there (Table O2, journeys UA_ and UAS, of these and U_S).",
                Some((e.ua_out + e.ua_sentence, e.convicted())),
            ),
            (
                "awaiting_to_custody_share",
                e.awaiting_sentenced() / e.awaiting(),
                share,
                "Of people who awaited sentence in prison, those who stayed with a sentence (Table O2, journeys _AS and UAS, of these, _A_ and UA_).",
                Some((e.awaiting_sentenced(), e.awaiting())),
            ),
        ];
        for (id, value, unit, note, counted) in rows {
            let source = evidence(
                unit,
                &period(year),
                "people in prison in Scotland",
                PRISONS,
                "official",
                note,
            );
            let cell = Cell::new(id, value, &source).from(year);
            cells.push(match counted {
                Some((events, n)) => cell.counted(events, n),
                None => cell,
            });
        }
    }
    cells.sort_by(|a, b| a.id().cmp(b.id()));
    Ok(cells)
}

/// Sentenced arrivals whose index offence is sexual or under the Domestic Abuse (Scotland) Act 2018.
pub fn exempt_arrivals(evidence_of: &Evidence, year: u16) -> f64 {
    let name = cell::financial_year(year);
    ["06", "08", "09", "10", "11", "12", "13", "14", "15"]
        .into_iter()
        .filter_map(|offence| {
            evidence_of
                .published
                .find(&format!("offences/{offence}/{name}"))
        })
        .sum()
}

/// Sentences that keep release at the half: sexual crimes, and the Domestic Abuse (Scotland) Act 2018.
fn exempt(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    for account in &evidence_of.accounts {
        let name = cell::financial_year(account.year);
        let kept = exempt_arrivals(evidence_of, account.year);
        let source = evidence(
            "share",
            &name,
            "people who arrive in prison sentenced",
            PRISONS,
            "official",
            "Sentenced arrivals whose index offence is sexual (08 to 15) or under the Domestic Abuse (Scotland) Act \
             2018 (06), over all sentenced arrivals (Table O1), taken alike for every length under four years. \
             Offences with a domestic aggravation are not visible in the table, so this understates.",
        );
        let cell = Cell::new("exempt_share", kept / account.sentenced, &source);
        cells.push(cell.from(account.year).counted(kept, account.sentenced));
    }
    Ok(cells)
}

/// Effective lengths of sentences under four years: what they would be if half were served.
fn lengths(evidence_of: &Evidence, bands: &Bands) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    for (band, (id, _)) in SHORT.iter().enumerate() {
        for (at, account) in evidence_of.accounts.iter().enumerate() {
            let source = evidence(
                "days",
                &period(account.year),
                "people in prison in Scotland",
                PRISONS,
                "study",
                "Average population under the index sentence (Table M3) over entries to it, this year and one either \
                 side, divided by the half that was then served. Entries are people held at some time in the year \
                 less those held on 1 April, scaled by one factor so that all lengths under four years meet the \
                 sentences begun (a person who enters twice in a year is counted once in the table). Shorter than \
                 the sentence given: time on remand counts, and curfew releases come before the half.",
            );
            let days = bands.days(evidence_of, band, at)? / HALF;
            cells.push(
                Cell::new(&format!("sentence_length_{id}"), days, &source).from(account.year),
            );
        }
    }
    Ok(cells)
}

/// The financial year from which automatic release from a long sentence comes six months before its end (Prisoners
/// (Control of Release) (Scotland) Act 2015, for sentences given from 1 February 2016).
const LATER_RELEASE: u16 = 2016;

/// Long sentences, recall and licence.
fn long(evidence_of: &Evidence, bands: &Bands) -> Result<Vec<Cell>, String> {
    let from = &evidence_of.published;
    let all = "2013-14 to 2023-24";
    let note = "Average population under the index sentence (Table M3) over the mean of entries and exits, eleven years together. Sentences of four years and more given from 1 February 2016 end, without parole, six months before the whole term instead of at two thirds of it, so that people sentenced since stay longer: the second value is fitted to the stock of the last three years.";
    let stock = evidence(
        "years",
        all,
        "people in prison in Scotland",
        PRISONS,
        "study",
        note,
    );
    let mut cells = Vec::new();
    for (id, band) in LONG {
        let years = bands.years(evidence_of, &[band])?;
        let stay =
            Cell::new(&format!("stay_{id}"), years, &stock).between(years * 0.9, years * 1.25);
        cells.push(stay.clone().from(FIRST));
        cells.push(stay.from(LATER_RELEASE));
    }
    let mut held = 0.0;
    for year in FIRST..=LAST {
        held += from.sentence("Life", "average", year)?
            + from.sentence("Indeterminate", "average", year)?;
    }
    let note = "Average population serving life or an order for lifelong restriction (Prison Population Statistics, Table M3) over people given either (Criminal Proceedings, Tables 10d and 7a).";
    let life = evidence(
        "years",
        all,
        "people in prison in Scotland",
        COURTS,
        "study",
        note,
    );
    let years = held / bands.life.iter().sum::<f64>();
    cells.push(Cell::new("stay_life", years, &life).between(years * 0.85, years * 1.2));
    let recall = bands.years(evidence_of, &["Recall"])?;
    cells.push(Cell::new("recall_stay", recall, &stock).between(recall * 0.85, recall * 1.15));
    let recalls: f64 = evidence_of.accounts.iter().map(|a| a.recalled).sum();
    let released: f64 = bands.long.iter().flatten().sum::<f64>() + recalls;
    cells.extend(licence(recalls / released));
    Ok(cells)
}

/// Years on licence: a caseload of 2,494 in the community over 1,100 cases begun.
pub const LICENCE_YEARS: f64 = 5_800.0 * 0.43 / 1_100.0;

/// The licence, and the hazard of recall that sends this share of people back.
fn licence(recalled: f64) -> Vec<Cell> {
    let source = evidence(
        "years",
        "2016-17 to 2017-18",
        "people under statutory throughcare in the community in Scotland",
        crate::parameters::sources::SOCIAL_WORK,
        "judgement",
        "Statutory throughcare caseload in the community (5,800, of whom 57% in custody, 2017) over community cases \
         commenced (1,100, 2016-17). Covers more than long sentences.",
    );
    let hazard = evidence(
        "per year",
        "2013-14 to 2023-24",
        "people on licence in Scotland",
        PRISONS,
        "judgement",
        "Recalls (entries under the index sentence 'Recall', Table M3) over releases from long sentences and recall: \
         the hazard that sends that share back from a licence of this length with a gamma shape of 2.",
    );
    let rate = 2.0 * ((1.0 - recalled).powf(-0.5) - 1.0) / LICENCE_YEARS;
    vec![
        Cell::new("licence_stay", LICENCE_YEARS, &source).between(1.2, 4.0),
        Cell::new("recall_hazard", rate, &hazard).between(rate * 0.7, rate * 1.4),
    ]
}

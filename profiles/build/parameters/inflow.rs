//! Who is reported to the procurator fiscal: rates per head by sex and age, how ages have shifted since 2013, and the
//! councils' relative rates.

use super::Evidence;
use crate::parameters::accounts::{Account, period};
use crate::parameters::cell::Cell;
use crate::parameters::courts;
use crate::parameters::sources::{COHORT, COURTS, TOGETHER, evidence};
use crate::parameters::strata::{AGES, FIRST, Groups, LAST, PRIORS, SEXES, each, groups, total};

/// Scotland among the areas of the population tables.
const SCOTLAND: &str = "S92000003";

/// What the inflow is made of, in the reference years 2021-22 and 2022-23.
pub struct Inflow {
    /// Reports per person of the population per year.
    pub rate: Groups,
    /// Of them, the share tried for something outside the reconviction definition.
    pub minor: Groups,
}

impl Inflow {
    /// Works the rates out from convictions by sex and age.
    pub fn read(evidence: &Evidence) -> Result<Self, String> {
        let reference: Vec<&Account> = evidence
            .accounts
            .iter()
            .filter(|a| (LAST - 2..LAST).contains(&a.year))
            .collect();
        let sum = |of: fn(&Account) -> f64| -> f64 { reference.iter().map(|a| of(a)).sum() };
        let (mut population, mut minor) = ([[0.0; 5]; 2], [[0.0; 5]; 2]);
        for account in &reference {
            let convicted = courts::convicted(&evidence.published, account.year)?;
            let people = evidence.people.of(SCOTLAND, account.year)?;
            for (sex, age) in groups() {
                population[sex][age] += people[sex][age];
                minor[sex][age] += convicted[sex][age] * evidence.outside.people[sex][age];
            }
        }
        let first = each(|sex, age| {
            evidence.convicted[sex][age] * (1.0 - evidence.priors.followed[sex][age])
        });
        let tried = scaled(&first, sum(|a| a.tried));
        let minor = scaled(&minor, sum(Account::minor_tried));
        let others = sum(|a| a.no_action + a.out_of_court + a.diverted);
        let more = 1.0 + others / (total(&tried) + total(&minor));
        let reported = each(|sex, age| (tried[sex][age] + minor[sex][age]) * more);
        Ok(Self {
            rate: each(|sex, age| reported[sex][age] / population[sex][age]),
            minor: each(|sex, age| minor[sex][age] / (tried[sex][age] + minor[sex][age])),
        })
    }

    /// How the rate of each sex and age stood to the whole in a year, against the reference years: people
    /// convicted per head, scaled so that the whole is unchanged.
    pub fn shift(&self, evidence: &Evidence, year: u16) -> Result<Groups, String> {
        let per_head = |year: u16| -> Result<Groups, String> {
            let convicted = courts::convicted(&evidence.published, year)?;
            let people = evidence.people.of(SCOTLAND, year)?;
            Ok(each(|sex, age| convicted[sex][age] / people[sex][age]))
        };
        let (now, before, last) = (
            per_head(year.min(LAST - 1))?,
            per_head(LAST - 2)?,
            per_head(LAST - 1)?,
        );
        let raw = each(|sex, age| 2.0 * now[sex][age] / (before[sex][age] + last[sex][age]));
        let people = evidence.people.of(SCOTLAND, year)?;
        let plain = total(&each(|s, a| people[s][a] * self.rate[s][a]));
        let shifted = total(&each(|s, a| people[s][a] * self.rate[s][a] * raw[s][a]));
        Ok(each(|sex, age| raw[sex][age] * plain / shifted))
    }

    /// Reports expected in an area in a year if it had the national rates of the reference years.
    pub fn expected(&self, evidence: &Evidence, code: &str, year: u16) -> Result<f64, String> {
        let (people, shift) = (evidence.people.of(code, year)?, self.shift(evidence, year)?);
        Ok(total(&each(|s, a| {
            people[s][a] * self.rate[s][a] * shift[s][a]
        })))
    }

    /// Offenders resident in a council over those expected there, and both numbers, 2017-18 cohort.
    pub fn council(&self, evidence: &Evidence, at: usize) -> Result<(f64, f64, f64), String> {
        let offenders = |name: &str| {
            let name = name
                .replace(" and ", " & ")
                .replace("City of Edinburgh", "Edinburgh, City of");
            evidence.published.get(&format!(
                "residence/residence of offender/{name}/number_of_offenders/2017-18"
            ))
        };
        let (mut seen, mut expected) = (0.0, 0.0);
        for (code, name) in &evidence.councils {
            seen += offenders(name)?;
            expected += self.expected(evidence, code, 2017)?;
        }
        let (code, name) = &evidence.councils[at];
        let here = offenders(name)?;
        let expected = self.expected(evidence, code, 2017)? * seen / expected;
        Ok((here / expected, here, expected))
    }
}

/// The same proportions with this total.
fn scaled(groups_of: &Groups, to: f64) -> Groups {
    let factor = to / total(groups_of);
    groups_of.map(|ages| ages.map(|value| value * factor))
}

/// Reports expected in Scotland in a year at the rates of the reference years.
pub fn expected_in_scotland(
    evidence: &Evidence,
    inflow: &Inflow,
    year: u16,
) -> Result<f64, String> {
    inflow.expected(evidence, SCOTLAND, year)
}

/// The table `inflow.csv`.
pub fn cells(evidence: &Evidence) -> Result<Vec<Cell>, String> {
    let inflow = Inflow::read(evidence)?;
    let mut cells = rates(&inflow);
    cells.extend(shifts(evidence, &inflow)?);
    cells.extend(entrants(evidence));
    cells.extend(councils(evidence, &inflow)?);
    cells.extend(courts_by_year(evidence));
    cells.push(walk(evidence)?);
    Ok(cells)
}

fn rates(inflow: &Inflow) -> Vec<Cell> {
    let rate = evidence(
        "per person per year",
        "2021-22 to 2022-23",
        "people aged 16 and over in Scotland who are not being followed after a conviction",
        TOGETHER,
        "study",
        "People convicted by sex and age (Criminal Proceedings, Tables 5a, 6b, 6c), less those being followed after \
         an earlier conviction, divided by the share convicted; plus people tried for minor offences; plus reports \
         that ended out of court (Table 1), shared in proportion; per head of the mid-year population. Reports out \
         of court are counted here even where the person is being followed. The interval is a judgement (10% either \
         way): sampling error is negligible, the allocation is not.",
    );
    let minor = evidence(
        "share",
        "2021-22 to 2022-23",
        "people reported",
        COURTS,
        "study",
        "People convicted of road traffic and miscellaneous offences (Tables 6b, 6c), divided by the share convicted \
         (Tables 4a, 4b), over people tried of the same sex and age. They are outside the reconviction definition \
         and leave the model on conviction.",
    );
    let mut cells = Vec::new();
    for (sex, age) in groups() {
        let value = inflow.rate[sex][age];
        let cell = Cell::new("report_rate", value, &rate).between(value * 0.9, value * 1.1);
        cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0));
    }
    for (sex, age) in groups() {
        let cell = Cell::new("minor_share", inflow.minor[sex][age], &minor);
        cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0));
    }
    cells
}

fn shifts(evidence_of: &Evidence, inflow: &Inflow) -> Result<Vec<Cell>, String> {
    let mut cells = Vec::new();
    for year in FIRST..=LAST {
        let shift = inflow.shift(evidence_of, year)?;
        let source = evidence(
            "ratio",
            &period(year.min(LAST - 1)),
            "people convicted in Scotland",
            COURTS,
            "official",
            "People convicted per head by sex and age (Table 5a) in this year over the same in 2021-22 to 2022-23, \
             scaled so that all ages together are unchanged: only the shift between ages is here. 2023-24 repeats \
             2022-23. People aged 21 to 30 are divided as the offenders of the reconviction cohort.",
        );
        for (sex, age) in groups() {
            let cell = Cell::new("report_age_year", shift[sex][age], &source);
            cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0).from(year));
        }
    }
    Ok(cells)
}

fn entrants(evidence_of: &Evidence) -> Vec<Cell> {
    let source = evidence(
        "share",
        "2017-18 and 2018-19",
        "people convicted in Scotland who were not convicted in the two years before",
        COHORT,
        "judgement",
        "No distribution by sex, age and previous convictions is published. Table 20 gives it by sex and by age (ten \
         years back); it is tilted by the least that makes the rates of Table 11 average to the published rate of \
         that sex and age, and people reconvicted within two years are taken out.",
    );
    let mut cells = Vec::new();
    for (sex, age) in groups() {
        let shares = evidence_of.priors.entrants[sex][age];
        for (band, share) in PRIORS.iter().zip(shares) {
            let cell = Cell::new("entrant_priors", share, &source);
            cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0).priors(band));
        }
    }
    cells
}

fn councils(evidence_of: &Evidence, inflow: &Inflow) -> Result<Vec<Cell>, String> {
    let source = evidence(
        "ratio",
        "2017-18",
        "people convicted, by council of residence",
        COHORT,
        "official",
        "Offenders resident in the council (Table 13, experimental; one in five has no known residence and is taken \
         to be spread like the rest) over the number expected from its population by sex and age.",
    );
    let mut cells = Vec::new();
    for (at, (code, _)) in evidence_of.councils.iter().enumerate() {
        let (ratio, seen, expected) = inflow.council(evidence_of, at)?;
        let cell = Cell::new("report_area", ratio, &source);
        cells.push(cell.area(code).counted(seen, expected));
    }
    Ok(cells)
}

fn courts_by_year(evidence_of: &Evidence) -> Vec<Cell> {
    let mut cells = Vec::new();
    for account in &evidence_of.accounts {
        let note = |text: &str| match account.year {
            LAST => format!("{text} 2023-24 repeats 2022-23."),
            _ => text.to_owned(),
        };
        let year = period(account.year.min(LAST - 1));
        let proved = note(
            "Convicted over proceeded against, crimes and antisocial offences only (Tables 4a and 4b).",
        );
        let proved = evidence(
            "share",
            &year,
            "people proceeded against",
            COURTS,
            "official",
            &proved,
        );
        let minor = note(
            "Convicted over proceeded against, road traffic and miscellaneous offences (Tables 4a and 4b).",
        );
        let minor = evidence(
            "share",
            &year,
            "people proceeded against",
            COURTS,
            "official",
            &minor,
        );
        cells.push(Cell::new("charge_proved", account.courts.proved, &proved).from(account.year));
        let cell = Cell::new("minor_charge_proved", account.courts.minor_proved, &minor);
        cells.push(cell.from(account.year));
    }
    cells.sort_by(|a, b| a.id().cmp(b.id()));
    cells
}

/// How much the number of people convicted wanders from year to year.
fn walk(evidence_of: &Evidence) -> Result<Cell, String> {
    let mut people: Vec<f64> = Vec::new();
    for year in 2002..=2019u16 {
        let (edition, name) = (
            if year < 2004 { "2011-12" } else { "2013-14" },
            period(year),
        );
        people.push(match year {
            2013.. => evidence_of.published.court("Table_7a", "Total", year)?,
            _ => evidence_of
                .published
                .get(&format!("earlier/Table 7/{edition}/Total/{name}"))?,
        });
    }
    let steps: Vec<f64> = people.windows(2).map(|w| (w[1] / w[0]).ln()).collect();
    let mean = steps.iter().sum::<f64>() / steps.len() as f64;
    let squares: f64 = steps.iter().map(|step| (step - mean).powi(2)).sum();
    let sd = (squares / (steps.len() - 1) as f64).sqrt();
    let source = evidence(
        "shape",
        "2002-03 to 2019-20",
        "people convicted in Scotland",
        (
            "Scottish Government, Criminal Proceedings in Scotland 2011-12, 2013-14 and 2022-23, Tables 7 and 7a",
            COURTS.1,
        ),
        "official",
        "Standard deviation of the yearly change in the logarithm of people with a charge proved; the years of the \
         pandemic are left out. The step from 2012-13 to 2013-14 is across editions, which differ by 0.1%.",
    );
    Ok(Cell::new("report_walk", sd, &source))
}

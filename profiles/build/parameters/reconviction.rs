//! Reconviction within a year by sex, age and previous convictions, for each disposal; and deaths.

use super::Evidence;
use crate::parameters::cell::Cell;
use crate::parameters::priors;
use crate::parameters::sheet::Sheet;
use crate::parameters::sources::{COHORT, DRUG_DEATHS, evidence};
use crate::parameters::strata::{AGES, PRIORS, SEXES, ages, groups, spread};
use std::path::Path;

/// Disposals: id, the row of Table 11, the row of Table 9.
const DISPOSALS: [(&str, &str, &str); 6] = [
    (
        "custody",
        "Discharged from custody",
        "Discharged from Custody",
    ),
    (
        "rlo",
        "Restriction of Liberty Order",
        "Restriction of Liberty Order",
    ),
    ("cpo", "Community Payback Orders", "Community Payback Order"),
    (
        "dtto",
        "Drug Treatment and Testing Order",
        "Drug Treatment and Testing Order",
    ),
    ("monetary", "Monetary", "Monetary Disposal"),
    ("other", "Other", "Other Disposal"),
];
/// Custodial lengths: id, and the row of Table 10a.
const LENGTHS: [(&str, &str); 6] = [
    ("0_3m", "3 months or less"),
    ("3_6m", "Over 3 months to 6 months"),
    ("6_12m", "Over 6 months to 1 year"),
    ("12_24m", "Over 1 year to 2 years"),
    ("2_4y", "Over 2 years  to less than 4 years"),
    ("long", "Over 4 years"),
];
/// Events that pull a council's rate towards Scotland's.
const PULL: f64 = 40.0;

/// The table `reconviction.csv`.
pub fn cells(folder: &Path, evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let sheet = Sheet::read(folder, "reconv201718_Table_11.csv")?;
    let mut cells = Vec::new();
    for disposal in DISPOSALS {
        cells.extend(probabilities(&sheet, evidence_of, disposal)?);
    }
    cells.extend(lengths(evidence_of)?);
    cells.push(shape(evidence_of)?);
    cells.extend(councils(evidence_of)?);
    cells.extend(deaths(evidence_of)?);
    Ok(cells)
}

/// One disposal's block of Table 11 beside the block of all disposals.
struct Block<'a> {
    sheet: &'a Sheet,
    here: usize,
    all: usize,
}

impl Block<'_> {
    /// The published rate, or nothing where it is suppressed; `age` is nothing for all ages.
    fn rate(&self, start: usize, sex: usize, age: Option<usize>, band: usize) -> Option<f64> {
        let row = start + age.map_or(0, |age| age + 1);
        let rate = self.sheet.number(row, [5, 1][sex] + band)? / 100.0;
        (rate > 0.0).then_some(rate)
    }

    /// The rate of a stratum for all disposals.
    fn pattern(&self, sex: usize, age: Option<usize>, band: usize) -> Result<f64, String> {
        self.rate(self.all, sex, age, band)
            .ok_or_else(|| "Table 11 has no rate for all disposals".to_owned())
    }

    /// How the disposal's hazard stands to that of all disposals: this band at all ages, or else every cell there is.
    fn level(&self, sex: usize, band: usize) -> Result<f64, String> {
        let hazard = |rate: f64| -(1.0 - rate).ln();
        if let Some(rate) = self.rate(self.here, sex, None, band) {
            return Ok(hazard(rate) / hazard(self.pattern(sex, None, band)?));
        }
        let (mut seen, mut expected) = (0.0, 0.0);
        for other in 0..4 {
            if let Some(rate) = self.rate(self.here, sex, None, other) {
                seen += hazard(rate);
                expected += hazard(self.pattern(sex, None, other)?);
            }
        }
        Ok(if expected > 0.0 { seen / expected } else { 1.0 })
    }

    /// The rate of a stratum, and whether it was published.
    fn filled(&self, sex: usize, age: usize, band: usize) -> Result<(f64, bool), String> {
        if let Some(rate) = self.rate(self.here, sex, Some(age), band) {
            return Ok((rate, true));
        }
        let pattern = self.pattern(sex, Some(age), band)?;
        let rate = 1.0 - (1.0 - pattern).powf(self.level(sex, band)?);
        Ok((rate.clamp(0.005, 0.95), false))
    }
}

fn probabilities(
    sheet: &Sheet,
    evidence_of: &Evidence,
    (id, row, total): (&str, &str, &str),
) -> Result<Vec<Cell>, String> {
    let all = sheet.find("All", sheet.find("Index disposal", 0)?)?;
    let block = Block {
        sheet,
        here: sheet.find(row, all)?,
        all,
    };
    let from = &evidence_of.published;
    let n = from.get(&format!(
        "reconviction/Table 9/{total}/number_of_offenders/2017-18"
    ))?;
    let cohort = from.get("reconviction/Table 1/All/number_of_offenders/2017-18")?;
    let note = "Table 11. The interval is approximate, because numbers per cell are not published: it takes the \
                disposal's offenders (Table 9) shared by the sex and age of the whole cohort (Tables 4 and 5) and by \
                previous convictions as in entrant_priors.";
    let published = evidence(
        "share",
        "2017-18 cohort, one year",
        "people convicted in Scotland",
        COHORT,
        "official",
        note,
    );
    let note = format!(
        "Suppressed or nil in Table 11: the hazard of the disposal at all ages over that of all disposals, times the hazard of all disposals at this age. {note} A quarter of those numbers, at most 20, is taken for the interval."
    );
    let filled = evidence(
        "share",
        "2017-18 cohort, one year",
        "people convicted in Scotland",
        COHORT,
        "judgement",
        &note,
    );
    let mut cells = Vec::new();
    for (sex, age) in groups() {
        let (word, label) = (SEXES[sex].2, AGES[age].3);
        let here = from.get(&format!(
            "cohorts/{word}/{label}/number_of_offenders/2017-18"
        ))?;
        for (band, name) in PRIORS.iter().enumerate() {
            let people = n * here / cohort * evidence_of.priors.convicted[sex][age][band];
            let (rate, is_published) = block.filled(sex, age, band)?;
            let (source, people) = match is_published {
                true => (&published, people.max(10.0)),
                false => (&filled, (people / 4.0).clamp(4.0, 20.0)),
            };
            let (low, high) = wilson(rate, people);
            let cell = Cell::new(&format!("reconviction_{id}"), rate, source).between(low, high);
            cells.push(cell.sex(SEXES[sex].0).age(AGES[age].0).priors(name));
        }
    }
    Ok(cells)
}

/// Wilson's 95% interval for a share seen among so many.
fn wilson(share: f64, n: f64) -> (f64, f64) {
    const Z: f64 = 1.96;
    let centre = share + Z * Z / (2.0 * n);
    let half = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let (low, high) = ((centre - half) / scale, (centre + half) / scale);
    (low.max(0.001), high.min(0.995))
}

/// How the hazard after each custodial length stands to that after custody of any length.
fn lengths(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let from = &evidence_of.published;
    let hazard = |percent: f64| -(1.0 - percent / 100.0).ln();
    let all = hazard(
        from.get("reconviction/Table 9/Discharged from Custody/reconviction_rate_1yr/2017-18")?,
    );
    let note = "Logarithm of the share not reconvicted within a year after this length (Table 10a) over the same for \
                custody of any length (Table 9). Short sentences are also given to people with more convictions, so \
                part of this is counted twice; return_year takes up the level.";
    let source = evidence(
        "hazard ratio",
        "2017-18 cohort, one year",
        "people released from custody in Scotland",
        COHORT,
        "official",
        note,
    );
    let mut cells = Vec::new();
    for (id, row) in LENGTHS {
        let of =
            |measure: &str| from.get(&format!("reconviction/Table 10a/{row}/{measure}/2017-18"));
        let (n, percent) = (of("number_of_offenders")?, of("reconviction_rate_1yr")?);
        let ratio = hazard(percent) / all;
        let (low, high) = wilson(percent / 100.0, n);
        let cell = Cell::new(&format!("return_length_{id}"), ratio, &source);
        cells.push(cell.between(hazard(100.0 * low) / all, hazard(100.0 * high) / all));
    }
    Ok(cells)
}

fn shape(evidence_of: &Evidence) -> Result<Cell, String> {
    let value = priors::shape(&evidence_of.published)?;
    let note = "From the shares reconvicted within one year (27.3%, Table 1) and two years (37.2%, Table 14): the \
                logarithm of the ratio of their hazards over the logarithm of two. Below one: the risk is highest at \
                first. A linkage of sentenced releases of 2001 has the same ratio of one year to two.";
    let source = evidence(
        "shape",
        "2016-17 cohort",
        "people convicted in Scotland",
        COHORT,
        "official",
        note,
    );
    Ok(Cell::new("return_shape", value, &source).between(value - 0.04, value + 0.04))
}

/// The councils' relative hazards, drawn towards one.
fn councils(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let name_of = |name: &str| {
        name.replace(" and ", " & ")
            .replace("City of Edinburgh", "Edinburgh, City of")
    };
    let of = |name: &str, measure: &str| {
        let name = name_of(name);
        evidence_of.published.get(&format!(
            "residence/residence of offender/{name}/{measure}/2017-18"
        ))
    };
    let hazard = |percent: f64| -(1.0 - percent / 100.0).ln();
    let (mut people, mut events) = (0.0, 0.0);
    for (_, name) in &evidence_of.councils {
        let n = of(name, "number_of_offenders")?;
        people += n;
        events += n * hazard(of(name, "reconviction_rate_1yr")?);
    }
    let base = events / people;
    let note = "Hazard of residents' reconviction within a year over Scotland's (Table 13, experimental), drawn \
                towards one by 40 events: (events + 40) / (expected + 40). One offender in five has no known \
                residence. Not adjusted for age or previous convictions.";
    let source = evidence(
        "hazard ratio",
        "2017-18 cohort, one year",
        "people convicted, by council of residence",
        COHORT,
        "study",
        note,
    );
    let mut cells = Vec::new();
    for (code, name) in &evidence_of.councils {
        let n = of(name, "number_of_offenders")?;
        let seen = n * hazard(of(name, "reconviction_rate_1yr")?) + PULL;
        let ratio = seen / (n * base + PULL);
        let spread = (1.96 / seen.sqrt()).exp();
        let cell = Cell::new("return_area", ratio, &source).between(ratio / spread, ratio * spread);
        cells.push(cell.area(code));
    }
    Ok(cells)
}

/// Drug misuse deaths per head: a floor for deaths of the people followed.
fn deaths(evidence_of: &Evidence) -> Result<Vec<Cell>, String> {
    let note = "Drug misuse deaths of the whole population by sex and age, 2021 to 2023, per head. A lower bound \
                twice over: other causes are left out, and people in the justice system die more often. The interval \
                reaches far upwards for that reason. Replace locally.";
    let source = evidence(
        "per person per year",
        "2021 to 2023",
        "the population of Scotland",
        DRUG_DEATHS,
        "transferred",
        note,
    );
    let mut deaths = [[0.0; 5]; 2];
    let mut people = [[0.0; 5]; 2];
    for year in 2021..=2023u16 {
        for (sex, word) in ["Females", "Males"].into_iter().enumerate() {
            for (path, value) in evidence_of.published.below(&format!("deaths/{word}/")) {
                let parts: Vec<&str> = path.split('/').collect();
                if let ([label, at], true) = (&parts[..], path.ends_with(&year.to_string())) {
                    // '35-54' is a sum of bands that are there themselves.
                    let range = if *label == "35-54" { None } else { ages(label) };
                    let shares = range.filter(|r| r.1 - r.0 < 5 && at.len() == 4).map(spread);
                    for (band, share) in deaths[sex].iter_mut().zip(shares.unwrap_or_default()) {
                        *band += value * share;
                    }
                }
            }
        }
        let population = evidence_of.people.of("S92000003", year)?;
        for (sex, age) in groups() {
            people[sex][age] += population[sex][age];
        }
    }
    Ok(groups()
        .map(|(sex, age)| {
            let rate = deaths[sex][age] / people[sex][age];
            let cell = Cell::new("death_rate", rate, &source).between(rate * 0.8, rate * 12.0);
            cell.sex(SEXES[sex].0).age(AGES[age].0)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_holds_the_share() {
        let (low, high) = wilson(0.3, 100.0);
        assert!(low < 0.3 && 0.3 < high);
        assert!((low - 0.219).abs() < 0.001 && (high - 0.396).abs() < 0.001);
    }
}

//! The population by the model's age bands.

use std::collections::BTreeMap;

use super::{Band, Compiler};
use crate::diagnostic::{Diagnostic, Place};
use crate::document::PopulationRow;

/// How far sums over one band may be searched for a gap; no age is above this.
const OLDEST: u32 = 130;

impl Compiler<'_> {
    /// Sums the population table over the model's bands and proves that it covers the run.
    pub(super) fn take_population(&mut self) {
        if !self.are_bands_sound
            || !self
                .plan
                .inflows
                .iter()
                .any(|inflow| inflow.is_of_population)
        {
            return;
        }
        if let Some(shown) = &self.documents.missing_population {
            return self.no_population(shown);
        }
        let rows = &self.documents.population;
        let Some(band_of) = self.map_bands(rows) else {
            return;
        };
        let sexes = self.plan.strata.sexes.clone();
        let (n_sexes, n_ages) = (sexes.len(), self.plan.strata.ages.len());
        let years: Vec<i32> = rows.iter().map(|row| row.year).collect();
        let (Some(&first), Some(&last)) = (years.iter().min(), years.iter().max()) else {
            return;
        };
        let n_years = usize::try_from(last - first + 1).unwrap_or(0).min(1000);
        let mut sums =
            vec![vec![vec![vec![f64::NAN; n_years]; n_ages]; n_sexes]; self.plan.areas.len()];
        let index: BTreeMap<&str, usize> = self
            .plan
            .areas
            .iter()
            .enumerate()
            .map(|(i, area)| (area.code.as_str(), i))
            .collect();
        for row in rows {
            let Some(area) = index.get(row.area.as_str()).copied() else {
                continue;
            };
            let Some(Some(band)) = band_of.get(&(row.from, row.to)).copied() else {
                continue;
            };
            // A model with one sex is about everybody.
            let sex = match n_sexes {
                1 => Some(0),
                _ => sexes.iter().position(|sex| *sex == row.sex),
            };
            let year = usize::try_from(row.year - first).unwrap_or(usize::MAX);
            if let Some(slot) = sex.and_then(|sex| sums[area][sex][band].get_mut(year)) {
                *slot = if slot.is_nan() {
                    row.people
                } else {
                    *slot + row.people
                };
            }
        }
        self.check_years(first, last);
        let in_table = |fault: &Diagnostic| {
            fault
                .place
                .as_ref()
                .is_some_and(|p| p.file.contains("population.csv"))
        };
        // A row that could not be read leaves a gap that is no second fault.
        if !self.faults.iter().any(in_table) {
            self.check_gaps(&sums, first);
        }
        self.plan.population = sums;
        self.plan.population_from = first;
    }

    fn no_population(&mut self, shown: &str) {
        let place = Place {
            file: shown.to_owned(),
            ..Place::default()
        };
        let fault = Diagnostic::error("E001", format!("cannot read `{shown}`"))
            .at(&place)
            .expected("a population table, of which the model's inflows are a share")
            .found("no such file, or no rows in it")
            .hint("add population.csv beside areas.csv, or give the inflow's `people` outright");
        self.faults.push(fault);
    }

    /// The model's band of each band of the table; `None` for ages that the model leaves out.
    #[allow(clippy::type_complexity)]
    fn map_bands(
        &mut self,
        rows: &[PopulationRow],
    ) -> Option<BTreeMap<(u32, Option<u32>), Option<usize>>> {
        let bands = self.plan.strata.ages.clone();
        let mut map = BTreeMap::new();
        let mut is_sound = true;
        for row in rows {
            if map.contains_key(&(row.from, row.to)) {
                continue;
            }
            let top = row.to.unwrap_or(OLDEST);
            let touched: Vec<usize> = (0..bands.len())
                .filter(|band| touches(&bands[*band], row.from, top))
                .collect();
            let inside = touched.iter().copied().find(|band| {
                let band = &bands[*band];
                band.from <= row.from && top <= band.to.unwrap_or(OLDEST)
            });
            if let (Some(band), None) = (touched.first(), inside) {
                let straddled = bands[*band].id.clone();
                let shown = match row.to {
                    Some(to) => format!("ages {} to {to}", row.from),
                    None => format!("ages {} and over", row.from),
                };
                let fault = Diagnostic::error(
                    "E409",
                    format!("a population band straddles the model's band `{straddled}`"),
                )
                .expected("bands that lie wholly in one band of the model")
                .found(shown)
                .hint("choose the model's age bands from those of the population table");
                self.report(row.at, fault);
                is_sound = false;
            }
            map.insert((row.from, row.to), inside);
        }
        is_sound.then_some(map)
    }

    fn check_years(&mut self, first: i32, last: i32) {
        let (from, to) = (self.plan.history_from, self.last_month());
        // A start that is too early has been reported where it stands.
        let is_reported = self.faults.iter().any(|fault| fault.code == "E408");
        if from.year() < first && !is_reported {
            let at = self
                .documents
                .model
                .history_from
                .as_ref()
                .map(|from| from.at)
                .unwrap_or_default();
            let fault = Diagnostic::error("E408", "the run begins before the population table")
                .expected(format!("a history_from in {first} or later"))
                .found(from.to_string());
            self.report(at, fault);
        }
        if to.year() > last && self.are_months_known {
            let at = self
                .documents
                .scenario
                .years
                .as_ref()
                .map(|years| years.at)
                .unwrap_or_default();
            let fault = Diagnostic::error("E407", "the forecast ends after the population table")
                .expected(format!("a last month in {last} or earlier"))
                .found(to.to_string())
                .hint("ask for fewer years, or add projections to the profile's population.csv");
            self.report(at, fault);
        }
    }

    /// Names the first year, area and band without people, of the years that the run needs.
    fn check_gaps(&mut self, sums: &[Vec<Vec<Vec<f64>>>], first: i32) {
        let years = self.plan.history_from.year().max(first)..=self.last_month().year();
        for (area, by_sex) in sums.iter().enumerate() {
            for (sex, by_age) in by_sex.iter().enumerate() {
                for (age, people) in by_age.iter().enumerate() {
                    let is_gap = |year: &i32| {
                        let index = usize::try_from(*year - first).unwrap_or(0);
                        people.get(index).is_some_and(|people| people.is_nan())
                    };
                    let Some(year) = years.clone().find(is_gap) else {
                        continue;
                    };
                    let found = format!(
                        "none for {}, {}, age {}, {year}",
                        self.plan.areas[area].name,
                        self.plan.strata.sexes[sex],
                        self.plan.strata.ages[age].id
                    );
                    let at = self
                        .documents
                        .population
                        .first()
                        .map(|row| row.at)
                        .unwrap_or_default();
                    let fault = Diagnostic::error("E411", "the population table has a gap")
                        .expected("people for every area, sex, age band and year of the run")
                        .found(found)
                        .hint("the model's sexes and the table's must be spelt alike");
                    self.report(at, fault);
                    return;
                }
            }
        }
    }
}

fn touches(band: &Band, from: u32, to: u32) -> bool {
    band.from <= to && from <= band.to.unwrap_or(OLDEST)
}

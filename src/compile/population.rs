//! The population by the model's age bands.

use std::collections::BTreeMap;

use super::{Band, Compiler};
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{At, POPULATION_SHEET, PopulationRow};

/// How far sums over one band may be searched for a gap; no age is above this.
const OLDEST: u32 = 130;

/// A table whose last ages are below this leaves people out: published ones go up to 75 and over at the least.
const YOUNGEST_LAST: u32 = 75;

/// The model's band of each band of the table; `None` for ages that the model leaves out.
type BandOf = BTreeMap<(u32, Option<u32>), Option<usize>>;

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
        let years: Vec<i32> = rows.iter().map(|row| row.year).collect();
        let (Some(&first), Some(&last)) = (years.iter().min(), years.iter().max()) else {
            return;
        };
        self.check_years(first, last);
        let Some(band_of) = self.map_bands(rows) else {
            return;
        };
        let broken = self.broken_rows();
        self.check_overlaps(rows);
        self.check_holes(rows, &band_of, &broken);
        let sexes = self.plan.strata.sexes.clone();
        let (n_sexes, n_ages) = (sexes.len(), self.plan.strata.ages.len());
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
        self.check_gaps(&sums, first, &broken);
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
    fn map_bands(&mut self, rows: &[PopulationRow]) -> Option<BandOf> {
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

    /// Everybody is counted once: no two rows of one area, year and sex hold the same age.
    fn check_overlaps(&mut self, rows: &[PopulationRow]) {
        let mut bands: BTreeMap<(&str, i32, &str), Vec<&PopulationRow>> = BTreeMap::new();
        for row in rows {
            let before = bands.entry((&row.area, row.year, &row.sex)).or_default();
            let top = |row: &PopulationRow| row.to.unwrap_or(u32::MAX);
            let twice = before
                .iter()
                .find(|other| other.from <= top(row) && row.from <= top(other));
            if let Some(other) = twice {
                let fault = Diagnostic::error("E307", "the same people stand in two rows")
                    .expected("one row for every area, year, sex and age")
                    .found(format!(
                        "ages that {} holds too",
                        self.documents.sources.file_and_line(other.at)
                    ))
                    .hint("take one of the rows away, or let their ages follow each other");
                self.report(row.at, fault);
            }
            before.push(row);
        }
    }

    /// Nobody between the lowest and the highest age of a band is left out, which no sum would show.
    fn check_holes(&mut self, rows: &[PopulationRow], band_of: &BandOf, broken: &[Vec<String>]) {
        let mut cells: BTreeMap<(&str, i32, &str, usize), Vec<&PopulationRow>> = BTreeMap::new();
        for row in rows {
            if let Some(band) = band_of.get(&(row.from, row.to)).copied().flatten() {
                let cell = cells.entry((&row.area, row.year, &row.sex, band));
                cell.or_default().push(row);
            }
        }
        for ((area, year, sex, band), mut rows) in cells {
            let says = |cells: &Vec<String>, word: &str| cells.iter().any(|cell| cell == word);
            let is_explained = broken.iter().any(|cells| {
                says(cells, area) && (says(cells, &year.to_string()) || says(cells, sex))
            });
            if is_explained {
                continue;
            }
            rows.sort_by_key(|row| row.from);
            let band = self.plan.strata.ages[band].clone();
            let mut next = band.from;
            for row in &rows {
                if row.from > next {
                    self.leaves_out(row, next, &format!("one that begins at age {}", row.from));
                }
                next = next.max(row.to.map_or(u32::MAX, |to| to + 1));
            }
            let top = band.to.unwrap_or(YOUNGEST_LAST);
            if let Some(last) = rows.last().filter(|_| next <= top) {
                self.leaves_out(last, next, "no row of these ages");
            }
        }
    }

    fn leaves_out(&mut self, row: &PopulationRow, next: u32, found: &str) {
        let fault = Diagnostic::error("E411", "the population table leaves out ages")
            .expected(format!(
                "a row of {}, {}, that begins at age {next}",
                row.sex, row.year
            ))
            .found(found)
            .hint("add the ages that are missing, or let the bands follow each other");
        self.report(row.at, fault);
    }

    /// Names the first year without people for every area, sex and band of which there is none, in the years that the
    /// run needs, at a row of that area and sex where there is one.
    fn check_gaps(&mut self, sums: &[Vec<Vec<Vec<f64>>>], first: i32, broken: &[Vec<String>]) {
        let years = self.plan.history_from.year().max(first)..=self.last_month().year();
        let mut gaps: Vec<([usize; 3], i32)> = Vec::new();
        for (area, by_sex) in sums.iter().enumerate() {
            for (sex, by_age) in by_sex.iter().enumerate() {
                // A sex that could not be read has been reported.
                if self.plan.strata.sexes[sex].is_empty() {
                    continue;
                }
                for (age, people) in by_age.iter().enumerate() {
                    let is_gap = |year: &i32| {
                        let index = usize::try_from(*year - first).unwrap_or(0);
                        people.get(index).is_some_and(|people| people.is_nan())
                            && !self.is_explained([area, sex, age], *year, broken)
                    };
                    gaps.extend(years.clone().find(is_gap).map(|y| ([area, sex, age], y)));
                }
            }
        }
        let more = match gaps.len() {
            0 | 1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let Some((whose, year)) = gaps.first().copied() else {
            return;
        };
        let [area, sex, age] = whose;
        let found = format!(
            "none for {}, {}, age {}, {year}{more}",
            self.plan.areas[area].name, self.plan.strata.sexes[sex], self.plan.strata.ages[age].id
        );
        let fault = Diagnostic::error("E411", "the population table has a gap")
            .expected("people for every area, sex, age band and year of the run")
            .found(found)
            .hint("add the rows; the model's sexes and the table's must be spelt alike");
        self.report(self.nearest_row(whose), fault);
    }

    /// The row that is most like those of an area, a sex and a band; the first where none is like them.
    fn nearest_row(&self, [area, sex, age]: [usize; 3]) -> At {
        let code = &self.plan.areas[area].code;
        let (sex, band) = (&self.plan.strata.sexes[sex], &self.plan.strata.ages[age]);
        let likeness = |row: &PopulationRow| {
            let is_of_band = touches(band, row.from, row.to.unwrap_or(OLDEST));
            let is_of_area = row.area == *code;
            4 * u8::from(is_of_area) + 2 * u8::from(row.sex == *sex) + u8::from(is_of_band)
        };
        let rows = self.documents.population.iter().rev();
        rows.max_by_key(|row| likeness(row))
            .map(|row| row.at)
            .unwrap_or_default()
    }

    /// The cells of the rows of the table that have been reported.
    fn broken_rows(&self) -> Vec<Vec<String>> {
        let places = self.faults.iter().filter_map(|fault| fault.place.as_ref());
        places
            .filter(|place| {
                place.file.ends_with("population.csv") || place.sheet == POPULATION_SHEET
            })
            .map(|place| place.text.split(',').map(|c| c.trim().to_owned()).collect())
            .collect()
    }

    /// Whether a reported row would have filled a gap: it says all but one of its area, year, sex and age.
    fn is_explained(
        &self,
        [area, sex, age]: [usize; 3],
        year: i32,
        broken: &[Vec<String>],
    ) -> bool {
        let strata = &self.plan.strata;
        let year = year.to_string();
        broken.iter().any(|cells| {
            let says = |word: &str| cells.iter().any(|cell| cell == word);
            let ages = cells.iter().filter_map(|cell| cell.parse::<u32>().ok());
            let said = [
                says(&self.plan.areas[area].code),
                says(&year),
                strata.sexes.len() == 1 || says(&strata.sexes[sex]),
                ages.into_iter()
                    .any(|from| touches(&strata.ages[age], from, from)),
            ];
            said.into_iter().filter(|is_said| *is_said).count() >= 3
        })
    }
}

fn touches(band: &Band, from: u32, to: u32) -> bool {
    band.from <= to && from <= band.to.unwrap_or(OLDEST)
}

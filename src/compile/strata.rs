//! Sexes, ages and priors bands, and the walk over strata.

use super::{Band, Compiler, Keys, Plan, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::BandFile;

impl Compiler<'_> {
    /// The strata of the model.
    pub(super) fn take_strata(&mut self) {
        let model = &self.documents.model;
        self.check_unique("sex", model.sexes.iter());
        self.check_unique("age band", model.ages.iter().map(|band| &band.id));
        self.check_unique("priors band", model.priors.iter().map(|band| &band.id));
        self.plan.strata.sexes = model.sexes.iter().map(|sex| sex.value.clone()).collect();
        self.plan.strata.ages = self.bands("age", &model.ages);
        self.plan.strata.priors = self.bands("priors", &model.priors);
        let first = model.priors.first();
        if let Some((band, from)) = first.and_then(|band| Some((band, band.from.as_ref()?)))
            && from.value != 0
        {
            let fault = Diagnostic::error("E410", "the first priors band does not begin at 0")
                .expected("from = 0")
                .found(format!("from = {}", from.value));
            self.report(band.at, fault);
        }
    }

    fn bands(&mut self, what: &str, files: &[BandFile]) -> Vec<Band> {
        let mut bands: Vec<Band> = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let from = file.from.as_ref().map(|from| from.value);
            let to = file.to.as_ref().map(|to| to.value);
            let expected = match (index, bands.last()) {
                (0, _) => from.unwrap_or(0).max(0),
                (_, Some(Band { to: Some(to), .. })) => i64::from(*to) + 1,
                _ => i64::MAX,
            };
            let is_wrong =
                from.is_some_and(|from| from != expected) || to.is_some_and(|to| to < expected);
            if is_wrong {
                self.are_bands_sound = false;
                let fault =
                    Diagnostic::error("E410", format!("the {what} bands do not follow each other"))
                        .expected(match expected {
                            i64::MAX => "no band after one without `to`".to_owned(),
                            expected => format!("from = {expected}, and `to` not below it"),
                        })
                        .found(format!("from = {}", from.unwrap_or(0)));
                self.report(file.at, fault);
            }
            bands.push(Band {
                id: file.id.value.clone(),
                from: u32::try_from(from.unwrap_or(0)).unwrap_or(0),
                to: to.and_then(|to| u32::try_from(to).ok()),
            });
        }
        bands
    }
}

impl Keys {
    /// The keys of either.
    pub fn or(self, other: Keys) -> Keys {
        Keys {
            area: self.area || other.area,
            sex: self.sex || other.sex,
            age: self.age || other.age,
            priors: self.priors || other.priors,
        }
    }
}

impl Plan {
    /// Every stratum that differs in these keys; the others stand at 0.
    pub(super) fn strata_over(&self, keys: Keys) -> Vec<Stratum> {
        let length = |is_used: bool, n: usize| if is_used { n } else { 1 };
        let mut strata = Vec::new();
        for area in 0..length(keys.area, self.areas.len()) {
            for sex in 0..length(keys.sex, self.strata.sexes.len()) {
                for age in 0..length(keys.age, self.strata.ages.len()) {
                    for priors in 0..length(keys.priors, self.strata.priors.len()) {
                        strata.push(Stratum {
                            area,
                            sex,
                            age,
                            priors,
                        });
                    }
                }
            }
        }
        strata
    }

    /// A stratum in words, by the keys that matter.
    pub(super) fn words(&self, keys: Keys, stratum: Stratum) -> String {
        let mut words = Vec::new();
        let name =
            |names: Vec<&str>, index: usize| names.get(index).copied().unwrap_or("?").to_owned();
        if keys.area {
            words.push(name(
                self.areas.iter().map(|a| a.name.as_str()).collect(),
                stratum.area,
            ));
        }
        if keys.sex {
            words.push(name(
                self.strata.sexes.iter().map(String::as_str).collect(),
                stratum.sex,
            ));
        }
        if keys.age {
            let ids = self
                .strata
                .ages
                .iter()
                .map(|band| band.id.as_str())
                .collect();
            words.push(format!("age {}", name(ids, stratum.age)));
        }
        if keys.priors {
            let ids = self
                .strata
                .priors
                .iter()
                .map(|band| band.id.as_str())
                .collect();
            words.push(format!("{} priors", name(ids, stratum.priors)));
        }
        match words.is_empty() {
            true => "everyone".to_owned(),
            false => words.join(", "),
        }
    }

    /// Where a stratum stands in a table laid out over these keys.
    pub fn index_in(&self, keys: Keys, stratum: Stratum) -> usize {
        let mut index = 0;
        for (is_used, length, position) in [
            (keys.area, self.areas.len(), stratum.area),
            (keys.sex, self.strata.sexes.len(), stratum.sex),
            (keys.age, self.strata.ages.len(), stratum.age),
            (keys.priors, self.strata.priors.len(), stratum.priors),
        ] {
            if is_used {
                index = index * length + position;
            }
        }
        index
    }

    /// How many combinations a table over these keys has.
    pub(super) fn size_of(&self, keys: Keys) -> usize {
        let length = |is_used: bool, n: usize| if is_used { n } else { 1 };
        length(keys.area, self.areas.len())
            * length(keys.sex, self.strata.sexes.len())
            * length(keys.age, self.strata.ages.len())
            * length(keys.priors, self.strata.priors.len())
    }
}

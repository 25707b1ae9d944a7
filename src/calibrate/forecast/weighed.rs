//! Rates of one kind, filtered in every setting and weighed together.

use super::filter::{Filtered, Seen};
use super::futures::Kind;
use super::season::{Effect, Season, Seasons};
use super::settings::{Grain, Setting};
use super::weights::weights;

/// Rates of one kind in every setting.
pub(super) struct Weighed {
    /// Every setting with every season.
    pub settings: Vec<Setting>,
    /// By rate and setting; `None` where nothing is recorded.
    pub filtered: Vec<Vec<Option<Filtered>>>,
    /// By rate and setting; those of a rate add to 1.
    pub weights: Vec<Vec<f64>>,
}

impl Kind<'_> {
    /// Every rate filtered in every setting that is likely enough to be forecast by, and the weights of these.
    pub fn weigh(&self, rates: &[&Seen]) -> Weighed {
        self.weighed(rates, Grain::Fine, &self.likely_seasons(rates))
    }

    /// The seasons that some of these rates may have, with their weights before anything is seen: such as are unlikely
    /// for all of them over a coarse grid of the other settings are left out.
    fn likely_seasons(&self, rates: &[&Seen]) -> Vec<(Option<Season>, f64)> {
        let all = Season::ways(self.cadence);
        if all.len() == 1 {
            return all;
        }
        let weighed = self.weighed(rates, Grain::Coarse, &all);
        let n_of_way = weighed.settings.len() / all.len();
        let weight = |row: &Vec<f64>, way: usize| -> f64 {
            row[way * n_of_way..(way + 1) * n_of_way].iter().sum()
        };
        let of_way = |way: usize| weighed.weights.iter().map(move |row| weight(row, way));
        let ways = all.iter().enumerate();
        ways.filter(|(at, (season, _))| {
            season.is_none() || of_way(*at).any(|weight| weight > LEAST_WEIGHT)
        })
        .map(|(_, way)| *way)
        .collect()
    }

    /// Every rate filtered in every setting, and the weights of these: seasons are judged by all values, everything else
    /// by the last ones. `seasons` have weights before anything is seen, in any unit.
    fn weighed(&self, rates: &[&Seen], grain: Grain, seasons: &[(Option<Season>, f64)]) -> Weighed {
        let (settings, within): (Vec<Setting>, Vec<f64>) =
            self.law.settings(self.cadence, grain).into_iter().unzip();
        let of_season = |season| settings.iter().map(move |&of| Setting { season, ..of });
        let all: Vec<Setting> = seasons.iter().flat_map(|(s, _)| of_season(*s)).collect();
        let likely: f64 = seasons.iter().map(|(_, weight)| weight).sum();
        let prior = seasons.iter().flat_map(|(_, weight)| {
            let of_it = within.iter();
            of_it.map(move |part| weight / likely * part)
        });
        let prior: Vec<f64> = prior.collect();
        let filter = |seen: &&Seen| -> Vec<Option<Filtered>> {
            let filtered = all.iter().map(|setting| seen.filter(setting, self.law));
            filtered.collect()
        };
        let filtered: Vec<Vec<Option<Filtered>>> = rates.iter().map(filter).collect();
        let likelihoods: Vec<Vec<f64>> = filtered.iter().map(|row| judged(row, &within)).collect();
        Weighed {
            // Seasons that were left out were possible, too.
            weights: weights(&prior, &likelihoods, Season::ways(self.cadence).len()),
            settings: all,
            filtered,
        }
    }

    /// What is believed of a year's seasons, from that of the first period on, if there are any; `None` where the record
    /// does not make them likelier than none by 20 to 1.
    pub fn season(&self, seen: &Seen) -> Option<Vec<Effect>> {
        let weighed = self.weigh(&[seen]);
        let weights = weighed.weights.first()?;
        let seasonal = weighed.filtered.first()?.iter().zip(weights);
        let seasonal: Vec<(&Seasons, f64)> = seasonal
            .filter_map(|(found, weight)| Some((&found.as_ref()?.seasons, *weight)))
            .filter(|(seasons, _)| seasons.n() > 0)
            .collect();
        let likely: f64 = seasonal.iter().map(|(_, weight)| weight).sum();
        if likely < PROVEN {
            return None;
        }
        // The mean and the mean square of a mixture of normal beliefs.
        let mut moments = vec![(0.0, 0.0); self.cadence.seasons()];
        for (seasons, weight) in seasonal {
            for (of_season, (mean, variance)) in moments.iter_mut().zip(seasons.centred()) {
                of_season.0 += weight / likely * mean;
                of_season.1 += weight / likely * (variance + mean * mean);
            }
        }
        let effect = |(mean, square): (f64, f64)| Effect {
            mean,
            sd: (square - mean * mean).max(0.0).sqrt(),
        };
        Some(moments.into_iter().map(effect).collect())
    }
}

/// The logarithm of the likelihood of a rate's record in each of its settings, which come `within.len()` by
/// `within.len()`, one season after the other: within a season that of the last values, from one season to another that
/// of all of them, averaged by the weights `within`. A single season needs no comparing.
fn judged(row: &[Option<Filtered>], within: &[f64]) -> Vec<f64> {
    let of = |of: &dyn Fn(&Filtered) -> f64| -> Vec<f64> {
        let all = row.iter().map(|found| found.as_ref().map_or(0.0, of));
        all.collect()
    };
    let (recent, whole) = (of(&|found| found.recent), of(&|found| found.whole));
    if row.len() == within.len() {
        return recent;
    }
    let seasons = recent.chunks(within.len()).zip(whole.chunks(within.len()));
    let judged = seasons.flat_map(|(recent, whole)| {
        let instead = log_mean(within, whole) - log_mean(within, recent);
        recent.iter().map(move |seen| seen + instead)
    });
    judged.collect()
}

/// Seasons that are less likely than this for every rate are left out.
const LEAST_WEIGHT: f64 = 0.01;

/// How likely seasons must be to be told as a fact: 20 to 1.
const PROVEN: f64 = 20.0 / 21.0;

/// The logarithm of the weighted sum of what these are the logarithms of.
fn log_mean(weights: &[f64], logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let terms = weights.iter().zip(logs);
    let sum: f64 = terms.map(|(weight, log)| weight * (log - most).exp()).sum();
    most + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::super::luck::Luck;
    use super::super::settings::Law;
    use super::*;
    use crate::quantity::Cadence;

    #[test]
    fn a_mean_of_what_cannot_be_written_down_has_its_logarithm() {
        let of = |logs: &[f64]| log_mean(&[0.25, 0.75], logs);
        assert!((of(&[2.0_f64.ln(), 4.0_f64.ln()]) - 3.5_f64.ln()).abs() < 1e-12);
        let expected = -5000.0 + (0.25 + 0.75 * (-1.0_f64).exp()).ln();
        assert!((of(&[-5000.0, -5001.0]) - expected).abs() < 1e-9);
        assert!((of(&[f64::NEG_INFINITY, 0.0]) - 0.75_f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn how_likely_seasons_are_may_be_said_in_any_unit() {
        let luck = Luck::new();
        let kind = Kind {
            law: &Law::STRAND,
            cadence: Cadence::Quarter,
            horizons: 1,
            luck: &luck,
        };
        let seen = Seen {
            values: &[40.0, 52.0, 37.0, 45.0, 44.0, 49.0, 41.0, 47.0],
            exposures: &[1.0; 8],
            breaks: &[None; 8],
            cadence: Cadence::Quarter,
        };
        let season = Season::ways(Cadence::Quarter)[3].0;
        let weights = |unit: f64| {
            let seasons = [(None, 3.0 * unit), (season, unit)];
            kind.weighed(&[&seen], Grain::Coarse, &seasons).weights
        };
        let (shares, percents) = (weights(0.25), weights(25.0));
        for (share, percent) in shares[0].iter().zip(&percents[0]) {
            assert!((share - percent).abs() < 1e-12, "{share} {percent}");
        }
    }
}

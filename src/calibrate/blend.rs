//! Other methods take a share of our forecasts where they have done better so far: learnt from what was known, never from
//! what came after.
//!
//! Quantiles are averaged, not probabilities (Vincent 1912; Lichtendahl, Grushka-Cockayne and Winkler 2013,
//! doi 10.1287/mnsc.1120.1667): a mixture of two forecasts that differ is wider than either, their mean is not.

use std::collections::BTreeMap;

use super::backtest::Ours;
use super::forecast::SELDOM;
use super::{LEVELS, Method, Predictive, Scored};
use crate::compile::Panel;
use crate::random::normal_quantile;

/// Shares are learnt in tenths.
const PARTS: usize = 10;

/// Before anything is learnt our own method has everything, as if it had done as well as any other at so many origins.
const ORIGINS_BEFORE: f64 = 1.0;

/// How much the squared distance from our own method alone counts: that of a normal prior with a standard deviation of
/// two fifths in every share.
const DISTANCE: f64 = 3.0;

/// How much the square of the trend's share counts where several strands tell its weights.
const TREND_DISTANCE: f64 = 1.5;

/// A method takes part where its own loss so far is at most so many times ours: a tenth of a forecast that is far off may
/// have made up for an error of ours by chance, and would be far off again.
const WORST: f64 = 1.5;

/// How much of the integral over all levels each of [`LEVELS`] stands for.
const SPANS: [f64; 7] = [0.0625, 0.1125, 0.2, 0.25, 0.2, 0.1125, 0.0625];

/// How many values stand for a forecast of which our own has no share.
const VALUES: usize = 1000;

/// How many methods share.
const N: usize = Method::SHARING.len();

/// What each method has of a forecast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Blend {
    /// In tenths, in the order of [`Method::SHARING`].
    parts: [usize; N],
}

/// Whether noughts are recorded so often that normal intervals are no law of the values: those of a few events a year
/// reach below 0, where nothing is, and not as far up as what comes.
fn are_rare(values: &[f64]) -> bool {
    let recorded = values.iter().filter(|value| !value.is_nan());
    let noughts = recorded.clone().filter(|value| **value == 0.0);
    SELDOM * noughts.count() >= recorded.count()
}

/// What every method forecast of one value.
#[derive(Debug, Clone)]
pub(super) struct Foretold {
    origin: usize,
    strand: usize,
    horizon: usize,
    quantiles: [[f64; 7]; N],
}

impl Foretold {
    /// The forecasts of which every method made one, by origin, strand and horizon.
    pub fn of<'a>(scored: impl Iterator<Item = &'a Scored>) -> Vec<Foretold> {
        let mut found: BTreeMap<_, [Option<[f64; 7]>; N]> = BTreeMap::new();
        for one in scored {
            let of = found.entry((one.origin, one.strand, one.horizon));
            of.or_default()[one.method as usize] = Some(one.quantiles);
        }
        let whole = |((origin, strand, horizon), of): (_, [Option<[f64; 7]>; N])| {
            let foretold = Foretold {
                origin,
                strand,
                horizon,
                quantiles: of.map(|quantiles| quantiles.unwrap_or([f64::NAN; 7])),
            };
            of.iter().all(Option::is_some).then_some(foretold)
        };
        found.into_iter().filter_map(whole).collect()
    }

    /// What is known of the value by now, if it is.
    fn recorded(&self, known: &Panel) -> Option<f64> {
        let values = &known.strands.get(self.strand)?.values;
        let recorded = values.get(self.origin + self.horizon - 1)?;
        Some(*recorded).filter(|value| !value.is_nan())
    }
}

impl Blend {
    /// The shares that would have done best until now; `None` where our own method is best left alone.
    ///
    /// With *n* origins whose targets are known and *r* the blend's mean loss over them as a multiple of ours alone,
    /// they minimise (1 + n) ln((1 + n r) / (1 + n)) + 3 d², where d² is the squared distance of the shares from all
    /// for ours (for the trend, where there are several strands, half of it). The first term is minus the logarithm of the likelihood of Laplace errors of unknown scale, one an
    /// origin and one more at which nothing differed; the second that of a normal prior. The loss is the mean quantile
    /// score at [`LEVELS`], an approximation of half the CRPS; areas are summed, because areas of one origin share its
    /// shocks. A method that did far worse than ours takes no part, and strands of rare events are left to ours.
    pub(super) fn learnt(known: &Panel, foretold: &[Foretold]) -> Option<Blend> {
        let strands = known.strands.iter();
        let is_rare: Vec<bool> = strands.map(|strand| are_rare(&strand.values)).collect();
        let is_over = |one: &&Foretold| one.origin + one.horizon <= known.periods.len();
        let over = foretold.iter().filter(is_over);
        let over = over.filter(|one| is_rare.get(one.strand) == Some(&false));
        let over: Vec<(&Foretold, f64)> = over
            .filter_map(|one| Some((one, one.recorded(known)?)))
            .collect();
        let mut origins: Vec<usize> = over.iter().map(|(one, _)| one.origin).collect();
        origins.dedup();
        let n = origins.len() as f64;
        let loss = |blend: &Blend| -> f64 { over.iter().map(|one| blend.loss(one)).sum() };
        let ours = Blend::only(Method::Needscast);
        let alone = loss(&ours);
        if alone <= 0.0 {
            return None;
        }
        let has_strands = known.strands.len() > 1;
        let cost = |blend: &Blend| {
            let same = (ORIGINS_BEFORE + n * loss(blend) / alone) / (ORIGINS_BEFORE + n);
            (ORIGINS_BEFORE + n) * same.ln() + blend.distance(has_strands)
        };
        let takes_part = Method::SHARING.map(|method| match method {
            Method::Needscast => true,
            // Without seasons it is the last value, and the trend knows none.
            Method::SeasonalNaive if known.cadence.seasons() == 1 => false,
            Method::Trend if known.cadence.seasons() > 1 => false,
            _ => loss(&Blend::only(method)) <= WORST * alone,
        });
        let best = Blend::all(takes_part)
            .into_iter()
            .map(|blend| (cost(&blend), blend))
            .reduce(|a, b| if b.0 < a.0 { b } else { a });
        best.map(|(_, blend)| blend).filter(|best| *best != ours)
    }

    /// Everything for one method.
    fn only(method: Method) -> Blend {
        let mut parts = [0; N];
        parts[method as usize] = PARTS;
        Blend { parts }
    }

    /// Every way to share among the methods that take part, ours alone first.
    fn all(takes_part: [bool; N]) -> Vec<Blend> {
        let mut found = vec![([0; N], PARTS)];
        for (method, takes_part) in takes_part.into_iter().enumerate() {
            let more = |(parts, left): ([usize; N], usize)| {
                let most = if takes_part { left } else { 0 };
                (0..=most).rev().map(move |part| {
                    let mut parts = parts;
                    parts[method] = part;
                    (parts, left - part)
                })
            };
            found = found.into_iter().flat_map(more).collect();
        }
        let whole = found.into_iter().filter(|(_, left)| *left == 0);
        whole.map(|(parts, _)| Blend { parts }).collect()
    }

    /// The share of a method, from 0 to 1.
    pub fn share(&self, method: Method) -> f64 {
        self.parts[method as usize] as f64 / PARTS as f64
    }

    /// The distance of the shares from all for ours, as what it costs. The trend is our own too: where several strands
    /// tell its weights it may stand for the rest of ours, at less than what another method's share costs.
    fn distance(&self, has_strands: bool) -> f64 {
        let of_trend = self.share(Method::Trend);
        let baselines = Method::BASELINES.map(|method| self.share(method).powi(2));
        let (ours, of_trend) = match has_strands {
            true => (
                self.share(Method::Needscast) + of_trend,
                TREND_DISTANCE * of_trend.powi(2),
            ),
            false => (self.share(Method::Needscast), DISTANCE * of_trend.powi(2)),
        };
        let others = (1.0 - ours).powi(2) + baselines.iter().sum::<f64>();
        DISTANCE * others + of_trend
    }

    /// The mean quantile score of the blend of some forecasts.
    fn loss(&self, (foretold, recorded): &(&Foretold, f64)) -> f64 {
        let mut blended = [0.0; 7];
        for (method, quantiles) in Method::SHARING.iter().zip(&foretold.quantiles) {
            let share = self.share(*method);
            if share > 0.0 {
                for (sum, quantile) in blended.iter_mut().zip(quantiles) {
                    *sum += share * quantile;
                }
            }
        }
        let of_level = |at: usize| {
            let (missed, level) = (recorded - blended[at].max(0.0), LEVELS[at]);
            SPANS[at] * (level * missed).max((level - 1.0) * missed)
        };
        (0..LEVELS.len()).map(of_level).sum()
    }

    /// The blended forecasts of a panel, by strand and period ahead: never below 0, which is the least that is recorded.
    pub(super) fn forecasts(
        &self,
        known: &Panel,
        horizons: usize,
        ours: Ours<'_>,
    ) -> Vec<Vec<Predictive>> {
        let own = ours(known, horizons);
        let others = Method::SHARING[1..].iter().copied();
        let others = others.filter(|method| self.share(*method) > 0.0);
        let others: Vec<(f64, Vec<Vec<Predictive>>)> = others
            .map(|method| (self.share(method), method.forecasts(known, horizons, ours)))
            .collect();
        let blended = |(strand, ahead): (usize, usize), own: &Predictive| {
            let theirs = others
                .iter()
                .map(|(share, of)| (*share, &of[strand][ahead]));
            let parts = [(self.share(Method::Needscast), own)].into_iter();
            mean_of(&parts.chain(theirs).collect::<Vec<_>>())
        };
        let strands = own.into_iter().enumerate().map(|(strand, own)| {
            if are_rare(&known.strands[strand].values) {
                return own;
            }
            let ahead = own.iter().enumerate();
            ahead
                .map(|(ahead, own)| blended((strand, ahead), own))
                .collect()
        });
        strands.collect()
    }
}

/// The forecast of which every quantile is the mean of the others', by their shares.
fn mean_of(parts: &[(f64, &Predictive)]) -> Predictive {
    let sizes = parts.iter().filter_map(|(_, part)| match part {
        Predictive::Sample(values) => Some(values.len()),
        Predictive::Normal { .. } => None,
    });
    let n = sizes.max().unwrap_or(VALUES);
    let level = |index: usize| (index as f64 + 0.5) / n as f64;
    let mut sums = vec![0.0; n];
    for (share, part) in parts {
        for (index, sum) in sums.iter_mut().enumerate() {
            *sum += share
                * match part {
                    Predictive::Sample(values) if values.len() == n => values[index],
                    Predictive::Sample(_) => part.quantile(level(index)),
                    Predictive::Normal { mean, sd } => mean + sd * normal_quantile(level(index)),
                };
        }
    }
    sums.iter_mut().for_each(|value| *value = value.max(0.0));
    Predictive::Sample(sums)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibrate::specimen;

    fn panel(values: &[f64]) -> Panel {
        specimen::panel(&[("S12000042", "", values)])
    }

    #[test]
    fn the_trend_stands_for_the_rest_of_ours_where_strands_share_it() {
        let mut parts = [0; N];
        parts[Method::Needscast as usize] = PARTS / 2;
        parts[Method::Trend as usize] = PARTS - PARTS / 2;
        let blend = Blend { parts };
        let (ours, trend) = (blend.share(Method::Needscast), blend.share(Method::Trend));
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12);
        close(blend.distance(true), TREND_DISTANCE * trend * trend);
        let alone = DISTANCE * ((1.0 - ours).powi(2) + trend * trend);
        close(blend.distance(false), alone);
    }

    /// Forecasts one period ahead from origins 3 to 9 of what is always 100: ours are `ours` too high, the last value
    /// and drift `naive` and `drift`, the others far off.
    fn foretold(ours: f64, naive: f64, drift: f64) -> Vec<Foretold> {
        let of = |origin: usize| Foretold {
            origin,
            strand: 0,
            horizon: 1,
            quantiles: [ours, naive, drift, 900.0, 900.0, 900.0].map(|error| [100.0 + error; 7]),
        };
        (3..10).map(of).collect()
    }

    #[test]
    fn whoever_does_better_gains_a_share_that_grows() {
        let foretold = foretold(10.0, 1.0, 30.0);
        let learnt = |n: usize| Blend::learnt(&panel(&vec![100.0; n]), &foretold);
        assert_eq!(learnt(3), None);
        let shares = (4..=10).map(|n| learnt(n).unwrap().share(Method::Naive));
        let shares: Vec<f64> = shares.collect();
        assert!(shares.is_sorted() && shares[0] < 0.5, "{shares:?}");
        assert_eq!(shares[6], 1.0);
        assert_eq!(learnt(10).unwrap().share(Method::Drift), 0.0);
    }

    #[test]
    fn errors_in_opposite_directions_are_shared_and_a_worse_method_gets_nothing() {
        let known = panel(&[100.0; 10]);
        let blend = Blend::learnt(&known, &foretold(10.0, -10.0, 30.0)).unwrap();
        let shares = [Method::Needscast, Method::Naive].map(|method| blend.share(method));
        assert!(shares[0] >= 0.5 && shares[1] > 0.3, "{shares:?}");
        // Two fifths of a forecast that is 14 too low would do as well, were it not so far off.
        assert!(Blend::learnt(&known, &foretold(10.0, -14.0, 40.0)).is_some());
        assert_eq!(Blend::learnt(&known, &foretold(10.0, -16.0, 40.0)), None);
        assert_eq!(Blend::learnt(&known, &foretold(10.0, 10.0, 10.0)), None);
        assert_eq!(Blend::learnt(&known, &foretold(0.0, 1.0, 1.0)), None);
    }

    #[test]
    fn what_was_not_known_yet_is_not_learnt_from() {
        let foretold = foretold(10.0, 1.0, 30.0);
        let mut known = panel(&[100.0; 10]);
        let all = Blend::learnt(&known, &foretold);
        known.strands[0].values[3..].fill(f64::NAN);
        assert_eq!(Blend::learnt(&known, &foretold), None);
        assert_ne!(all, None);
        // A figure as it stood then, not as it was revised: ours was right about that.
        known.strands[0].values[3..].fill(110.0);
        assert_eq!(Blend::learnt(&known, &foretold), None);
    }

    #[test]
    fn strands_of_rare_events_are_left_to_ours() {
        let foretold = foretold(10.0, 1.0, 30.0);
        let mut known = panel(&[100.0; 10]);
        let blend = Blend::learnt(&known, &foretold).unwrap();
        let ours = |_: &Panel, _: usize| vec![vec![Predictive::Sample(vec![90.0, 94.0])]];
        assert_ne!(blend.forecasts(&known, 1, &ours), ours(&known, 1));
        // One nought among nine others is more than one in twenty.
        known.strands[0].values[2] = 0.0;
        assert_eq!(Blend::learnt(&known, &foretold), None);
        assert_eq!(blend.forecasts(&known, 1, &ours), ours(&known, 1));
    }

    #[test]
    fn every_way_to_share_is_there_once_and_whole() {
        let all = Blend::all([true, true, true, false, true, false]);
        // Tenths among four: three bars between ten stars.
        assert_eq!(all.len(), 286);
        assert_eq!(all[0], Blend::only(Method::Needscast));
        assert!(
            all.iter()
                .all(|blend| blend.parts[3] == 0 && blend.parts[5] == 0)
        );
        assert!(all.iter().all(|b| b.parts.iter().sum::<usize>() == PARTS));
        assert!(all.iter().enumerate().all(|(i, b)| !all[..i].contains(b)));
    }

    #[test]
    fn quantiles_are_averaged_and_never_below_nought() {
        let normal = |mean, sd| Predictive::Normal { mean, sd };
        let half = mean_of(&[(0.5, &normal(100.0, 10.0)), (0.5, &normal(140.0, 30.0))]);
        // The mean of normal quantiles is a normal quantile: mean 120, standard deviation 20.
        // Between a thousand values of it the outermost levels are off by less than a hundredth of that.
        for level in [0.025, 0.1, 0.5, 0.9, 0.975] {
            let exact = 120.0 + 20.0 * normal_quantile(level);
            assert!((half.quantile(level) - exact).abs() < 0.2, "{level}");
        }
        let sample = Predictive::Sample(vec![0.0, 10.0, 20.0, 30.0]);
        let none = mean_of(&[(0.1, &sample), (0.9, &normal(-20.0, 1.0))]);
        assert_eq!(none, Predictive::Sample(vec![0.0; 4]));
        let mixed = mean_of(&[(0.5, &sample), (0.5, &normal(40.0, 0.0))]);
        assert_eq!(mixed, Predictive::Sample(vec![20.0, 25.0, 30.0, 35.0]));
    }
}

//! Where a baseline has been better so far, it is followed: chosen by what was known, never by what came after.

use std::collections::BTreeMap;

use super::skill::student;
use super::{Method, Scored};

/// From how many origins on a baseline's record is trusted.
const LEAST_ORIGINS: usize = 8;

/// The baseline that is followed at each origin, where there is one: such as had, over all forecasts whose targets were
/// over by then, a mean CRPS below ours by more than chance explains (one-sided, 97.5%, Student's t over origins,
/// because areas of one origin share its shocks); of several the best. `forecasts` holds our own and the baselines'.
pub(super) fn fallbacks(forecasts: &[Scored]) -> BTreeMap<usize, Method> {
    let mut origins: Vec<usize> = forecasts.iter().map(|scored| scored.origin).collect();
    origins.sort_unstable();
    origins.dedup();
    let followed = origins.iter().filter_map(|&origin| {
        let is_over = |scored: &&Scored| scored.origin + scored.horizon <= origin;
        let known: Vec<&Scored> = forecasts.iter().filter(is_over).collect();
        Some((origin, better(&known)?))
    });
    followed.collect()
}

/// Our forecasts of the origins at which a baseline is followed, replaced by its own.
pub(super) fn follow(forecasts: &mut [Scored], followed: &BTreeMap<usize, Method>) {
    let address = |scored: &Scored| (scored.origin, scored.strand, scored.horizon);
    let theirs: BTreeMap<_, Scored> = forecasts
        .iter()
        .filter(|scored| followed.get(&scored.origin) == Some(&scored.method))
        .map(|scored| (address(scored), scored.clone()))
        .collect();
    let ours = forecasts.iter_mut();
    for scored in ours.filter(|scored| scored.method == Method::Needscast) {
        if let Some(their) = theirs.get(&address(scored)) {
            *scored = Scored {
                method: Method::Needscast,
                ..their.clone()
            };
        }
    }
}

fn better(known: &[&Scored]) -> Option<Method> {
    let lead = |baseline: Method| {
        let mut by_origin: BTreeMap<usize, f64> = BTreeMap::new();
        for scored in known.iter().filter(|scored| scored.method == baseline) {
            *by_origin.entry(scored.origin).or_default() -= scored.crps;
        }
        let ours = known.iter().filter(|s| s.method == Method::Needscast);
        for scored in ours {
            // An origin at which the baseline made no forecast says nothing of it.
            if let Some(sum) = by_origin.get_mut(&scored.origin) {
                *sum += scored.crps;
            }
        }
        let leads: Vec<f64> = by_origin.into_values().collect();
        let n = leads.len() as f64;
        if leads.len() < LEAST_ORIGINS {
            return None;
        }
        let mean = leads.iter().sum::<f64>() / n;
        let square: f64 = leads.iter().map(|lead| (lead - mean).powi(2)).sum();
        let error = (square / (n - 1.0) / n).sqrt();
        (mean > student(leads.len() - 1) * error).then_some((baseline, mean))
    };
    // Of equals the simplest: of yearly series the same season last year is the last value.
    let leads = Method::BASELINES.into_iter().rev().filter_map(lead);
    leads
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(baseline, _)| baseline)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scored(method: Method, origin: usize, crps: f64) -> Scored {
        Scored {
            method,
            strand: 0,
            origin,
            horizon: 1,
            recorded: 0.0,
            quantiles: [0.0; 7],
            crps,
            log_score: 0.0,
            scaled_error: f64::NAN,
            pit: 0.5,
            is_disrupted: false,
        }
    }

    /// Ten origins at which the last value is better than ours by about 1.
    fn worse() -> Vec<Scored> {
        let of = |origin: usize| {
            let ours = 3.0 + 0.1 * (origin % 3) as f64;
            [
                scored(Method::Needscast, origin, ours),
                scored(Method::Naive, origin, 2.0),
                scored(Method::Drift, origin, 5.0),
                scored(Method::SeasonalNaive, origin, 2.0),
            ]
        };
        (6..16).flat_map(of).collect()
    }

    #[test]
    fn a_baseline_is_followed_once_it_has_been_better_often_enough() {
        let found = fallbacks(&worse());
        // At origin 14 the targets of origins 6 to 13 are over.
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), [14, 15]);
        assert!(found.values().all(|method| *method == Method::Naive));
    }

    #[test]
    fn what_comes_later_changes_no_earlier_choice() {
        let mut later = worse();
        for scored in later.iter_mut().filter(|s| s.origin >= 14) {
            scored.crps = 100.0 - scored.crps;
        }
        assert_eq!(fallbacks(&later).get(&14), fallbacks(&worse()).get(&14));
    }

    #[test]
    fn the_forecasts_of_the_baseline_stand_in_ours() {
        let mut forecasts = worse();
        let found = fallbacks(&forecasts);
        follow(&mut forecasts, &found);
        let ours: Vec<&Scored> = forecasts
            .iter()
            .filter(|scored| scored.method == Method::Needscast)
            .collect();
        assert_eq!(ours.len(), 10);
        assert!(ours.iter().all(|s| (s.crps == 2.0) == (s.origin >= 14)));
    }
}

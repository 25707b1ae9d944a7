//! Where to look from a mix: steps of single sites, exchanges of two, and the best mix if sites add up.

use super::curve::{Curve, Knot};
use super::knapsack;
use super::lives::Places;
use super::search::{Bounds, Problem};
use std::collections::BTreeSet;

/// From one site of the centre a step, to another what that and so much money `left` pay for: the pairs that promise
/// most.
pub(super) fn exchanges(
    problem: &Problem,
    curves: &[Curve],
    centre: &Places,
    (round, left): (usize, f64),
) -> Vec<Places> {
    let steps: Vec<u32> = problem.sites.iter().map(|site| step(site, round)).collect();
    let mut pairs: Vec<(f64, Places)> = Vec::new();
    for (from, site) in problem.sites.iter().enumerate() {
        let fewer = centre[from].saturating_sub(steps[from]).max(site.least);
        if fewer == centre[from] {
            continue;
        }
        let given = curves[from].at(fewer);
        for to in (0..centre.len()).filter(|to| *to != from) {
            let pays = |places: &u32| curves[to].at(*places).cost + given.cost <= left;
            let farthest = centre[to].saturating_add(4 * steps[to]);
            let farthest = farthest.min(problem.sites[to].most);
            if let Some(more) = (centre[to] + 1..=farthest).rev().find(pays) {
                let mut places = centre.clone();
                (places[from], places[to]) = (fewer, more);
                pairs.push((given.gain + curves[to].at(more).gain, places));
            }
        }
    }
    pairs.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
    let best = pairs.into_iter().take(N_EXCHANGES);
    best.map(|(_, places)| places).collect()
}

/// How many exchanges between two sites are tried in a round.
const N_EXCHANGES: usize = 8;

/// One step up and one down from the centre, by site.
pub(super) fn near(sites: &[Bounds], centre: &Places, round: usize) -> Vec<Vec<u32>> {
    let sites = sites.iter().zip(centre);
    let near = sites.map(|(site, &here)| {
        let step = step(site, round);
        let down = here.saturating_sub(step).max(site.least);
        let up = here.saturating_add(step).min(site.most);
        let mut near = vec![down, up];
        near.retain(|places| *places != here);
        near
    });
    near.collect()
}

/// Whether every step of a round is a single place, or a twentieth of what there may be.
pub(super) fn is_fine(sites: &[Bounds], round: usize) -> bool {
    let is_fine = |site: &Bounds| step(site, round) <= (1).max((site.most - site.least) / 20);
    sites.iter().all(is_fine)
}

/// Into how many parts the bounds are cut in a round.
fn round_share(round: usize) -> u32 {
    8 << (2 * round)
}

fn step(site: &Bounds, round: usize) -> u32 {
    ((site.most - site.least) / round_share(round)).max(1)
}

/// So many whole numbers from the first to the last, evenly.
pub(super) fn spread(first: u32, last: u32, n: u32) -> Vec<u32> {
    let range = u64::from(last - first);
    let n = u64::from(n).min(range + 1);
    let at = |index: u64| {
        first
            + ((2 * index * range + n.saturating_sub(1)) / (2 * n.saturating_sub(1).max(1))) as u32
    };
    let mut places: Vec<u32> = (0..n).map(at).collect();
    places.dedup();
    places
}

/// How many numbers of places of a site the knapsack chooses from.
const N_CHOICES: u32 = 48;

/// The best mixes if sites add up, for so much more money each than the centre costs; within two steps of the centre,
/// if a round is given. Where even the fewest places cost more there is none.
pub(super) fn best_from(
    problem: &Problem,
    curves: &[Curve],
    centre: &Places,
    (near, sums): (Option<usize>, &[f64]),
) -> Vec<Places> {
    let sites = problem.sites.iter().zip(centre).zip(curves);
    let knots = sites.map(|((site, &here), curve)| {
        let reach = near.map_or(u32::MAX, |round| 2 * step(site, round));
        let least = here.saturating_sub(reach).max(site.least);
        let most = here.saturating_add(reach).min(site.most);
        let mut places: BTreeSet<u32> = spread(least, most, N_CHOICES).into_iter().collect();
        places.extend(
            curve
                .tried()
                .filter(|places| (least..=most).contains(places)),
        );
        places.extend(here.saturating_sub(4).max(least)..=here.saturating_add(4).min(most));
        places.into_iter().map(|places| curve.at(places)).collect()
    });
    let knots: Vec<Vec<Knot>> = knots.collect();
    knapsack::best(&knots, sums).into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bounds are cut into 8 parts, then into 32: steps of 2 of 19 places, 4 of 39 and 12 of 100 are coarse, steps of a
    /// single place and of 3 of 100 are not.
    #[test]
    fn steps_are_fine_from_a_single_place_or_a_twentieth_on() {
        let are_fine = |mosts: &[u32], round| {
            let site = |most: &u32| Bounds {
                least: 0,
                most: *most,
                today: 0,
            };
            is_fine(&mosts.iter().map(site).collect::<Vec<_>>(), round)
        };
        assert!(are_fine(&[8, 15], 0));
        assert!(!are_fine(&[19], 0) && !are_fine(&[39], 0) && !are_fine(&[100], 0));
        assert!(are_fine(&[19], 1) && are_fine(&[39], 1) && are_fine(&[100], 1));
        // One site that may still move far is enough.
        assert!(!are_fine(&[8, 100], 0));
    }
}

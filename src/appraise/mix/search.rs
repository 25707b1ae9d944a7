//! The search: curves of single sites, the best mix if sites add up, and what the people engine says of it; again from
//! there, in more draws and with finer steps.

use super::archive::{Archive, Means, is_within};
use super::curve::{Curve, Knot};
use super::knapsack;
use super::lives::{Lives, Places};
use super::odds::{Odds, odds};
use std::collections::BTreeSet;

/// Within which bounds places are chosen, and what there is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub least: u32,
    pub most: u32,
    pub today: u32,
}

/// What is to be found.
pub(super) struct Problem<'a> {
    pub sites: &'a [Bounds],
    /// In present value.
    pub budget: f64,
    /// How many rows mixes are chosen by: 1 to this.
    pub n_rows: usize,
    /// Where the random numbers of [`odds`] begin.
    pub seed: u64,
    pub lives: &'a dyn Lives,
}

/// What was found.
pub(super) struct Found {
    pub archive: Archive,
    /// The choice.
    pub choice: usize,
    /// In how many rows the choice and its rivals were compared.
    pub n_rows: usize,
    /// How sure it is that nothing tried is better.
    pub odds: Odds,
    /// What single sites add to the choice.
    pub curves: Vec<Curve>,
    /// Whether the search ended because it was sure enough, rather than out of draws.
    pub is_sure: bool,
}

/// The share of the draws that each round compares mixes in.
const ROUNDS: [f64; 4] = [0.25, 0.4, 0.7, 1.0];

/// The share of the draws without which nothing is sure: what mixes cost has to be known too.
const FEWEST_SHARE: f64 = 0.5;

/// The fewest draws that say anything.
const FEWEST_ROWS: usize = 8;

/// How many mixes go through to a round with more draws.
const N_ELITE: usize = 8;

/// How many mixes single sites are first tried with.
const N_FIRST: usize = 60;

/// The shares of the budget that are proposed for, because what sites cost together is not quite their sum.
const SHARES: [f64; 4] = [1.0, 0.99, 0.975, 1.005];

/// How many exchanges between two sites are tried in a round.
const N_EXCHANGES: usize = 8;

/// How sure the choice has to be.
pub const SURE: f64 = 0.95;

/// Searches; or, where even the fewest places cost more than the budget, what they cost.
pub(super) fn search(problem: &Problem) -> Result<Found, f64> {
    let first = problem.rows_of(ROUNDS[0]);
    let mut search = Search {
        problem,
        archive: Archive::default(),
        curves: Vec::new(),
        n_known: first,
        centre: Vec::new(),
    };
    let mut choice = search.begin(first)?;
    let mut is_sure = false;
    let mut n_rows = first;
    for (round, share) in ROUNDS.into_iter().enumerate() {
        n_rows = problem.rows_of(share);
        let before = choice;
        choice = search.round(round, n_rows)?;
        let is_still = before == choice && share >= FEWEST_SHARE && (search.is_fine(round) || round + 1 == ROUNDS.len());
        if is_still && search.odds(choice, n_rows).as_good >= SURE {
            is_sure = true;
            break;
        }
    }
    search.look_from(choice);
    let odds = search.odds(choice, n_rows);
    Ok(Found {
        is_sure: is_sure || odds.as_good >= SURE,
        odds,
        choice,
        n_rows,
        curves: search.curves,
        archive: search.archive,
    })
}

impl Problem<'_> {
    fn rows_of(&self, share: f64) -> usize {
        let rows = (share * self.n_rows as f64).ceil() as usize;
        rows.max(FEWEST_ROWS).min(self.n_rows)
    }

    /// Everywhere so much of the way from the fewest places to the most.
    fn on_the_way(&self, share: f64) -> Places {
        let places = |site: &Bounds| {
            site.least + (share * f64::from(site.most - site.least)).round() as u32
        };
        self.sites.iter().map(places).collect()
    }

    /// Today's places as far as the bounds allow.
    fn today(&self) -> Places {
        let within = |site: &Bounds| site.today.clamp(site.least, site.most);
        self.sites.iter().map(within).collect()
    }
}

struct Search<'a> {
    problem: &'a Problem<'a>,
    archive: Archive,
    /// By site, as seen from the centre.
    curves: Vec<Curve>,
    /// In how many rows the curves were last made to fit.
    n_known: usize,
    centre: Places,
}

impl Search<'_> {
    /// Everything a little, everything more, today's places; then single sites from the best of these.
    fn begin(&mut self, n_rows: usize) -> Result<usize, f64> {
        let mut mixes: Vec<Places> = (0..=8)
            .map(|eighths| self.problem.on_the_way(f64::from(eighths) / 8.0))
            .collect();
        mixes.push(self.problem.today());
        let at = self.archive.try_in(self.problem.lives, &mixes, n_rows);
        let centre = self.best(n_rows, at[0])?;
        self.centre = self.archive.tried[centre].places.clone();
        let n_levels = (N_FIRST / self.centre.len().max(1)).clamp(3, 8) as u32;
        let levels = |site: &Bounds| -> Vec<u32> { spread(site.least, site.most, n_levels) };
        let levels: Vec<Vec<u32>> = self.problem.sites.iter().map(levels).collect();
        self.curves = self.knots(&levels, n_rows).into_iter().map(Curve::new).collect();
        self.best(n_rows, at[0])
    }

    fn best(&self, n_rows: usize, fewest: usize) -> Result<usize, f64> {
        let best = self.archive.best(n_rows, self.problem.budget);
        best.ok_or_else(|| self.archive.tried[fewest].means(n_rows).cost)
    }

    /// By site, knots at these numbers of places, as seen from the centre.
    fn knots(&mut self, levels: &[Vec<u32>], n_rows: usize) -> Vec<Vec<Knot>> {
        let mut mixes = vec![self.centre.clone()];
        for (site, levels) in levels.iter().enumerate() {
            mixes.extend(levels.iter().map(|places| self.moved(&[(site, *places)])));
        }
        let at = self.archive.try_in(self.problem.lives, &mixes, n_rows);
        let means = |index: usize| self.archive.tried[at[index]].means(n_rows);
        let here = means(0);
        let mut next = 0;
        let mut found = Vec::with_capacity(levels.len());
        for (site, levels) in levels.iter().enumerate() {
            let knot = |places: u32, there: Means| Knot {
                places,
                gain: there.gain - here.gain,
                cost: there.cost - here.cost,
            };
            let mut knots = vec![knot(self.centre[site], here)];
            for &places in levels {
                next += 1;
                knots.push(knot(places, means(next)));
            }
            found.push(knots);
        }
        found
    }

    fn moved(&self, to: &[(usize, u32)]) -> Places {
        let mut places = self.centre.clone();
        for &(site, n) in to {
            places[site] = n;
        }
        places
    }

    /// One round: those that did best meet in more draws, and what the curves then propose is tried; from the best of
    /// that, sites are looked at closely, and what seems better from there is tried too.
    fn round(&mut self, round: usize, n_rows: usize) -> Result<usize, f64> {
        let elite = self.elite();
        let fewest = self.archive.place(&self.problem.on_the_way(0.0));
        let before = self.lift(&elite, fewest, self.n_known);
        let mixes: Vec<Places> = std::iter::once(&fewest)
            .chain(&elite)
            .map(|mix| self.archive.tried[*mix].places.clone())
            .collect();
        self.archive.try_in(self.problem.lives, &mixes, n_rows);
        let after = self.lift(&elite, fewest, n_rows);
        let scale = (ratio(after.gain, before.gain), ratio(after.cost, before.cost));
        self.curves.iter_mut().for_each(|curve| curve.scale(scale));
        self.n_known = n_rows;
        self.look_from(self.nearest(&elite, n_rows).unwrap_or(fewest));
        let proposed = self.proposed(n_rows, None);
        self.archive.try_in(self.problem.lives, &proposed, n_rows);
        let best = self.best(n_rows, fewest)?;
        self.look_from(best);
        let near = self.near(round);
        let knots = self.knots(&near, n_rows);
        for (curve, new) in self.curves.iter_mut().zip(knots) {
            curve.learn(new);
        }
        let mut mixes = self.proposed(n_rows, None);
        mixes.extend(self.proposed(n_rows, Some(round)));
        mixes.extend(self.exchanges(round, self.here(n_rows).cost));
        self.archive.try_in(self.problem.lives, &mixes, n_rows);
        self.best(n_rows, fewest)
    }

    /// What mixes add to the fewest places, summed, in the first so many rows.
    fn lift(&self, mixes: &[usize], fewest: usize, n_rows: usize) -> Means {
        let mut sum = Means {
            gain: 0.0,
            cost: 0.0,
        };
        for &mix in mixes {
            let tried = &self.archive.tried[mix];
            let n = n_rows.min(tried.chosen_by.len());
            let (own, other) = (tried.means(n), self.archive.tried[fewest].means(n));
            sum.gain += own.gain - other.gain;
            sum.cost += own.cost - other.cost;
        }
        sum
    }

    /// The best of these within the budget; if more draws have made all of them dearer than that, the cheapest.
    fn nearest(&self, mixes: &[usize], n_rows: usize) -> Option<usize> {
        let means = |mix: usize| self.archive.tried[mix].means(n_rows);
        let within = mixes.iter().copied().filter(|mix| is_within(means(*mix).cost, self.problem.budget));
        let best = within.max_by(|a, b| means(*a).gain.total_cmp(&means(*b).gain));
        let cheapest = mixes.iter().copied().min_by(|a, b| means(*a).cost.total_cmp(&means(*b).cost));
        best.or(cheapest)
    }

    /// What the centre comes to.
    fn here(&self, n_rows: usize) -> Means {
        let centre = self.archive.find(&self.centre).unwrap_or(0);
        self.archive.tried[centre].means(n_rows)
    }

    /// The best so far, a little over the budget among them: what mixes cost is not quite known yet.
    fn elite(&self) -> Vec<usize> {
        let means = |mix: usize| {
            let tried = &self.archive.tried[mix];
            tried.means(tried.chosen_by.len())
        };
        let mixes = (0..self.archive.tried.len()).filter(|mix| !self.archive.tried[*mix].chosen_by.is_empty());
        let mut mixes: Vec<(usize, Means)> = mixes
            .map(|mix| (mix, means(mix)))
            .filter(|(_, means)| is_within(means.cost, 1.01 * self.problem.budget))
            .collect();
        mixes.sort_by(|(_, a), (_, b)| b.gain.total_cmp(&a.gain));
        mixes.into_iter().take(N_ELITE).map(|(mix, _)| mix).collect()
    }

    /// The curves are seen from this mix from now on.
    fn look_from(&mut self, mix: usize) {
        let centre = self.archive.tried[mix].places.clone();
        for (curve, places) in self.curves.iter_mut().zip(&centre) {
            *curve = curve.seen_from(*places);
        }
        self.centre = centre;
    }

    /// The step of each site in a round.
    fn steps(&self, round: usize) -> Vec<u32> {
        let sites = self.problem.sites.iter();
        sites.map(|site| step(site, round)).collect()
    }

    /// Whether every step is a single place, or as fine as they get.
    fn is_fine(&self, round: usize) -> bool {
        let share = |site: &Bounds| f64::from(step(site, round)) / f64::from((site.most - site.least).max(1));
        let sites = self.problem.sites.iter();
        sites.zip(self.steps(round)).all(|(site, step)| step <= 1 || share(site) <= 0.05)
    }

    /// One step up and one down from the centre, by site.
    fn near(&self, round: usize) -> Vec<Vec<u32>> {
        let sites = self.problem.sites.iter().zip(&self.centre).zip(self.steps(round));
        let near = sites.map(|((site, &here), step)| {
            let (down, up) = (here.saturating_sub(step).max(site.least), (here + step).min(site.most));
            let mut near = vec![down, up];
            near.retain(|places| *places != here);
            near.dedup();
            near
        });
        near.collect()
    }

    /// The best mixes if sites add up, for about the budget; within two steps of the centre, if a round is given.
    fn proposed(&self, n_rows: usize, near: Option<usize>) -> Vec<Places> {
        let here = self.here(n_rows).cost;
        let sums = SHARES.map(|share| share * self.problem.budget - here);
        best_from(self.problem, &self.curves, &self.centre, (near, &sums))
    }

    /// From one site a step, to another what that pays for: the pairs that promise most.
    fn exchanges(&self, round: usize, here: f64) -> Vec<Places> {
        let left = self.problem.budget - here;
        let steps = self.steps(round);
        let mut pairs: Vec<(f64, Places)> = Vec::new();
        for (from, site) in self.problem.sites.iter().enumerate() {
            let fewer = self.centre[from].saturating_sub(steps[from]).max(site.least);
            if fewer == self.centre[from] {
                continue;
            }
            let given = self.curves[from].at(fewer);
            for to in (0..self.centre.len()).filter(|to| *to != from) {
                let most = self.problem.sites[to].most;
                let pays = |places: &u32| self.curves[to].at(*places).cost + given.cost <= left;
                let farthest = most.min(self.centre[to].saturating_add(4 * steps[to]));
                let more = (self.centre[to] + 1..=farthest).rev().find(pays);
                if let Some(more) = more {
                    let gain = given.gain + self.curves[to].at(more).gain;
                    pairs.push((gain, self.moved(&[(from, fewer), (to, more)])));
                }
            }
        }
        pairs.sort_by(|(a, first), (b, second)| b.total_cmp(a).then(first.cmp(second)));
        pairs.into_iter().take(N_EXCHANGES).map(|(_, places)| places).collect()
    }

    fn odds(&self, choice: usize, n_rows: usize) -> Odds {
        let fewest = self.problem.on_the_way(0.0);
        let fewest = self.archive.find(&fewest);
        odds(&self.archive, (choice, fewest), n_rows, self.problem)
    }
}

/// By what a sum has changed; hardly at all where there was none, and never beyond double or half.
fn ratio(after: f64, before: f64) -> f64 {
    match before.abs() > 1e-9 * after.abs() {
        true => (after / before).clamp(0.5, 2.0),
        false => 1.0,
    }
}

/// Into how many parts the bounds are cut in a round.
fn round_share(round: usize) -> u32 {
    8 << (2 * round)
}

fn step(site: &Bounds, round: usize) -> u32 {
    ((site.most - site.least) / round_share(round)).max(1)
}

/// So many whole numbers from the first to the last, evenly.
fn spread(first: u32, last: u32, n: u32) -> Vec<u32> {
    let range = u64::from(last - first);
    let n = u64::from(n).min(range + 1);
    let at = |index: u64| first + ((2 * index * range + n.saturating_sub(1)) / (2 * n.saturating_sub(1).max(1))) as u32;
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
        places.extend(curve.tried().filter(|places| (least..=most).contains(places)));
        places.extend(here.saturating_sub(4).max(least)..=here.saturating_add(4).min(most));
        places.into_iter().map(|places| curve.at(places)).collect()
    });
    let knots: Vec<Vec<Knot>> = knots.collect();
    knapsack::best(&knots, sums).into_iter().flatten().collect()
}

//! The search: curves of single sites, the best mix if sites add up, and what the people engine says of it; again from
//! there, in more draws and with finer steps.

use super::archive::{Archive, Means, is_within};
use super::curve::{Curve, Knot, ratio};
use super::lives::{Lives, Places};
use super::odds::{Odds, TOLD_APART, odds};
use super::steps::{best_from, exchanges, is_fine, near, spread};

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
    /// How many rows there are, those that are held back among them.
    pub n_all: usize,
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

/// How often such mixes meet the choice at the end of a round.
const N_CONTESTS: usize = 2;

/// How many mixes single sites are first tried with.
const N_FIRST: usize = 60;

/// The shares of the budget that are proposed for, because what sites cost together is not quite their sum.
const SHARES: [f64; 4] = [1.0, 0.99, 0.975, 1.005];

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
    search
        .archive
        .refer_to(problem.lives, &problem.today(), problem.n_all);
    let mut choice = search.begin(first)?;
    let mut is_sure = false;
    let mut n_rows = first;
    for (round, share) in ROUNDS.into_iter().enumerate() {
        n_rows = problem.rows_of(share);
        let before = choice;
        choice = search.round((round, choice), n_rows)?;
        if share >= FEWEST_SHARE {
            choice = search.contest(choice, n_rows);
        }
        let is_still = before == choice
            && share >= FEWEST_SHARE
            && (is_fine(problem.sites, round) || round + 1 == ROUNDS.len());
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
        let places =
            |site: &Bounds| site.least + (share * f64::from(site.most - site.least)).round() as u32;
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
        self.curves = self
            .knots(&levels, n_rows)
            .into_iter()
            .map(Curve::new)
            .collect();
        self.best(n_rows, at[0])
    }

    fn best(&self, n_rows: usize, fewest: usize) -> Result<usize, f64> {
        let best = self.archive.best(n_rows, self.problem.budget);
        best.ok_or_else(|| self.archive.means(fewest, n_rows).cost)
    }

    /// By site, knots at these numbers of places, as seen from the centre.
    fn knots(&mut self, levels: &[Vec<u32>], n_rows: usize) -> Vec<Vec<Knot>> {
        let mut mixes = vec![self.centre.clone()];
        for (site, levels) in levels.iter().enumerate() {
            mixes.extend(levels.iter().map(|places| self.moved(&[(site, *places)])));
        }
        let at = self.archive.try_in(self.problem.lives, &mixes, n_rows);
        let means = |index: usize| self.archive.means(at[index], n_rows);
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
    fn round(&mut self, (round, choice): (usize, usize), n_rows: usize) -> Result<usize, f64> {
        let elite = self.elite(choice);
        let fewest = self.archive.place(&self.problem.on_the_way(0.0));
        let before = self.lift(&elite, fewest, self.n_known);
        let mixes: Vec<Places> = std::iter::once(&fewest)
            .chain(&elite)
            .map(|mix| self.archive.tried[*mix].places.clone())
            .collect();
        self.archive.try_in(self.problem.lives, &mixes, n_rows);
        let after = self.lift(&elite, fewest, n_rows);
        let scale = (
            ratio(after.gain, before.gain),
            ratio(after.cost, before.cost),
        );
        self.curves.iter_mut().for_each(|curve| curve.scale(scale));
        self.n_known = n_rows;
        self.look_from(self.nearest(&elite, n_rows).unwrap_or(fewest));
        let proposed = self.proposed(n_rows, None);
        self.archive.try_in(self.problem.lives, &proposed, n_rows);
        let best = self.best(n_rows, fewest)?;
        self.look_from(best);
        let near = near(self.problem.sites, &self.centre, round);
        let knots = self.knots(&near, n_rows);
        for (curve, new) in self.curves.iter_mut().zip(knots) {
            curve.learn(new);
        }
        let mut mixes = self.proposed(n_rows, None);
        mixes.extend(self.proposed(n_rows, Some(round)));
        let left = self.problem.budget - self.here(n_rows).cost;
        mixes.extend(exchanges(
            self.problem,
            &self.curves,
            &self.centre,
            (round, left),
        ));
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
            let (own, other) = (self.archive.means(mix, n), self.archive.means(fewest, n));
            sum.gain += own.gain - other.gain;
            sum.cost += own.cost - other.cost;
        }
        sum
    }

    /// The best of these within the budget; if more draws have made all of them dearer than that, the cheapest.
    fn nearest(&self, mixes: &[usize], n_rows: usize) -> Option<usize> {
        let means = |mix: usize| self.archive.means(mix, n_rows);
        let within = mixes
            .iter()
            .copied()
            .filter(|mix| is_within(means(*mix).cost, self.problem.budget));
        let best = within.max_by(|a, b| means(*a).gain.total_cmp(&means(*b).gain));
        let cheapest = mixes
            .iter()
            .copied()
            .min_by(|a, b| means(*a).cost.total_cmp(&means(*b).cost));
        best.or(cheapest)
    }

    /// What the centre comes to.
    fn here(&self, n_rows: usize) -> Means {
        let centre = self.archive.find(&self.centre).unwrap_or(0);
        self.archive.means(centre, n_rows)
    }

    /// The best so far, a little over the budget among them: what mixes cost is not quite known yet.
    fn elite(&self, choice: usize) -> Vec<usize> {
        let n_rows = self.archive.tried[choice].chosen_by.len();
        let tried = self.archive.tried.iter().enumerate();
        let tried = tried.filter(|(_, tried)| !tried.chosen_by.is_empty());
        let mut mixes: Vec<(usize, Means)> = tried
            .map(|(mix, _)| (mix, self.archive.brought(mix, choice, n_rows)))
            .filter(|(_, means)| is_within(means.cost, 1.01 * self.problem.budget))
            .collect();
        mixes.sort_by(|(_, a), (_, b)| b.gain.total_cmp(&a.gain));
        let best = mixes.into_iter().take(N_ELITE);
        best.map(|(mix, _)| mix).collect()
    }

    /// Mixes that were tried in fewer draws and may be better than the choice meet it in all of them, the most probable
    /// first, until none is left or it goes on too long; returns what is then chosen.
    fn contest(&mut self, mut choice: usize, n_rows: usize) -> usize {
        for _ in 0..N_CONTESTS {
            let odds = self.odds(choice, n_rows);
            let is_short = |mix: &usize| self.archive.tried[*mix].chosen_by.len() < n_rows;
            let mixes = 0..self.archive.tried.len();
            let mut rivals: Vec<usize> = mixes
                .filter(|mix| is_short(mix) && odds.no_worse[*mix] > TOLD_APART)
                .collect();
            rivals.sort_by(|a, b| odds.no_worse[*b].total_cmp(&odds.no_worse[*a]));
            let rivals = rivals.into_iter().take(N_ELITE);
            let places: Vec<Places> = rivals
                .map(|mix| self.archive.tried[mix].places.clone())
                .collect();
            if places.is_empty() {
                break;
            }
            self.archive.try_in(self.problem.lives, &places, n_rows);
            choice = self
                .archive
                .best(n_rows, self.problem.budget)
                .unwrap_or(choice);
        }
        choice
    }

    /// The curves are seen from this mix from now on.
    fn look_from(&mut self, mix: usize) {
        let centre = self.archive.tried[mix].places.clone();
        for (curve, places) in self.curves.iter_mut().zip(&centre) {
            *curve = curve.seen_from(*places);
        }
        self.centre = centre;
    }

    /// The best mixes if sites add up, for about the budget; within two steps of the centre, if a round is given.
    fn proposed(&self, n_rows: usize, near: Option<usize>) -> Vec<Places> {
        let here = self.here(n_rows).cost;
        let sums = SHARES.map(|share| share * self.problem.budget - here);
        best_from(self.problem, &self.curves, &self.centre, (near, &sums))
    }

    fn odds(&self, choice: usize, n_rows: usize) -> Odds {
        let fewest = self.problem.on_the_way(0.0);
        let fewest = self.archive.find(&fewest);
        odds(&self.archive, (choice, fewest), n_rows, self.problem)
    }
}

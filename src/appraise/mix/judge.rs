//! What is told of the mixes: measured in the draws that no mix was chosen by.

use super::archive::{Archive, is_within, means};
use super::lives::{Places, Sample};
use super::odds::{Odds, moments};
use super::search::{Found, Problem, best_from};
use crate::compile::{Better, Mixing};
use crate::summarise::Estimate;

/// Places for a budget: what was found.
#[derive(Debug, Clone)]
pub struct Mixed {
    /// Every mix tried, in the order in which they were first tried.
    pub mixes: Vec<Mix>,
    /// The mix chosen, of [`Mixed::mixes`].
    pub choice: usize,
    /// Today's places, whatever the bounds say.
    pub today: usize,
    /// The mixes that cannot be told apart from the choice, the most promising first.
    pub rivals: Vec<usize>,
    /// What the choice adds to today's places, in the draws held back.
    pub more: Estimate,
    /// The probability that nothing tried is better by more than [`Mixed::margin`].
    pub as_good: f64,
    /// How much of the outcome the choice is expected to fall short of the best of those tried.
    pub shortfall: f64,
    /// What counts as equally good, in units of the outcome.
    pub margin: f64,
    /// Whether the search ended because it was sure enough, rather than out of draws.
    pub is_sure: bool,
    /// By site, what the next pounds bring.
    pub margins: Vec<Margin>,
    /// How many lives of a mix in a draw were lived to choose.
    pub n_lives: usize,
    /// In how many draws the choice was compared.
    pub n_chosen_by: usize,
    /// In how many draws it was judged.
    pub n_held_back: usize,
    /// What a pound of the budget is in present value: costs are told in the budget's own terms.
    pub present_value: f64,
    /// How money is discounted, in words.
    pub discounting: String,
}

/// A mix that was tried.
#[derive(Debug, Clone)]
pub struct Mix {
    /// Places of every site.
    pub places: Vec<u32>,
    /// The outcome.
    pub outcome: Estimate,
    /// The cost in the budget's terms: the mean and its Monte Carlo error at mean prices, the quantiles at the prices
    /// of the draws.
    pub cost: Estimate,
    /// In how many draws it was measured.
    pub n_draws: usize,
    /// Whether these were the draws held back, or those it was chosen by.
    pub is_held_back: bool,
    /// Whether its mean cost in these draws is within the budget.
    pub is_within: bool,
    /// The share of these draws in which it costs more than the budget.
    pub over_budget: f64,
    /// The probability that it is the best of those tried; 0 beyond the budget, NaN where it was no candidate.
    pub probability_best: f64,
}

/// What the next pounds bring at a site.
#[derive(Debug, Clone)]
pub struct Margin {
    /// The site.
    pub site: usize,
    /// How many places more, or, where there is no room for more, fewer.
    pub step: i64,
    /// What that costs, in the budget's terms; below 0 for fewer.
    pub cost: f64,
    /// What [`Next::POUNDS`] more bring of the outcome, or the last of them did; a good change is above 0.
    pub gain: Estimate,
    /// What can be said of it.
    pub next: Next,
    /// Whether this is where the service would spend them best, by the draws that mixes were chosen by.
    pub is_best_of_service: bool,
}

/// What can be said of the next pounds at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// They buy more places.
    More,
    /// There is no room for more: this is what the last pounds brought.
    Last,
    /// More places would stand empty.
    Empty,
    /// Nothing can be chosen.
    Fixed,
}

impl Next {
    /// Of how many pounds the value is told.
    pub const POUNDS: f64 = 10_000.0;
}

/// Shares of the budget for which further mixes are lived, so that a frontier can be drawn.
const LADDER: [f64; 7] = [0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5];

/// How many rivals are lived in the draws held back.
const N_RIVALS: usize = 6;

/// A mix that is as good as the choice with no more probability than this can be told apart from it.
pub(super) const TOLD_APART: f64 = 0.05;

/// A place that costs less than this share of the pounds in question is one that nobody uses.
const EMPTY: f64 = 1e-3;

/// Judges what was found. A pound of the budget is `present_value` in present value.
pub(super) fn judge(
    problem: &Problem,
    found: Found,
    rows: &[usize],
    (present_value, words, mixing): (f64, &str, &Mixing),
) -> Mixed {
    let Found { mut archive, choice, odds, curves, n_rows, is_sure } = found;
    let centre = archive.tried[choice].places.clone();
    let bounds = |of: fn(&super::search::Bounds) -> u32| -> Places { problem.sites.iter().map(of).collect() };
    let n_tried = archive.tried.len();
    let rivals = rivals(&odds, choice);
    let here = archive.tried[choice].means(n_rows).cost;
    let sums = LADDER.map(|share| share * problem.budget - here);
    let mut asked = vec![centre.clone(), bounds(|site| site.today), bounds(|site| site.least), bounds(|site| site.most)];
    asked.extend(best_from(problem, &curves, &centre, (None, &sums)));
    asked.extend(rivals.iter().take(N_RIVALS).map(|mix| archive.tried[*mix].places.clone()));
    let steps: Vec<i64> = (0..centre.len())
        .map(|site| step(problem, (&curves[site], site, centre[site]), Next::POUNDS * present_value))
        .collect();
    let moved = |(site, step): (usize, &i64)| -> Places {
        let mut places = centre.clone();
        places[site] = (i64::from(places[site]) + step) as u32;
        places
    };
    let n_asked = asked.len();
    asked.extend(steps.iter().enumerate().map(moved));
    let at = archive.judge(problem.lives, &asked, rows);
    let teller = Teller {
        archive: &archive,
        problem,
        sign: if mixing.outcome.better == Better::Lower { -1.0 } else { 1.0 },
        present_value,
    };
    let chosen = &archive.tried[choice].held_back;
    let margins = steps.iter().enumerate().map(|(site, step)| {
        let there = &archive.tried[at[n_asked + site]].held_back;
        teller.margin((site, *step), (chosen, there))
    });
    let mut margins: Vec<Margin> = margins.collect();
    mark_best(&mut margins, mixing, |site, step| {
        let there = curves[site].at((i64::from(centre[site]) + step) as u32);
        there.gain / there.cost
    });
    let today = &archive.tried[at[1]].held_back;
    Mixed {
        mixes: (0..archive.tried.len()).map(|mix| teller.mix(mix, (n_tried, &odds))).collect(),
        choice,
        today: at[1],
        rivals,
        more: teller.more(chosen, today),
        as_good: odds.as_good,
        shortfall: odds.shortfall,
        margin: odds.margin,
        is_sure,
        margins,
        n_lives: archive.n_lives,
        n_chosen_by: n_rows,
        n_held_back: rows.len(),
        present_value,
        discounting: words.to_owned(),
    }
}

/// The mixes that are as good as the choice with some probability, the most probable first.
fn rivals(odds: &Odds, choice: usize) -> Vec<usize> {
    let mixes = 0..odds.no_worse.len();
    let mut rivals: Vec<usize> = mixes
        .filter(|mix| *mix != choice && odds.no_worse[*mix] > TOLD_APART)
        .collect();
    rivals.sort_by(|a, b| odds.no_worse[*b].total_cmp(&odds.no_worse[*a]));
    rivals
}

/// How many places so many pounds in present value buy, at least one; where there is no room, how many fewer save them.
fn step(
    problem: &Problem,
    (curve, site, here): (&super::curve::Curve, usize, u32),
    pounds: f64,
) -> i64 {
    let bounds = problem.sites[site];
    if here < bounds.most {
        let buys = |places: &u32| curve.at(*places).cost >= pounds;
        let to = (here + 1..=bounds.most).find(buys).unwrap_or(bounds.most);
        return i64::from(to) - i64::from(here);
    }
    let saves = |places: &u32| -curve.at(*places).cost >= pounds;
    let to = (bounds.least..here).rev().find(saves).unwrap_or(bounds.least);
    i64::from(to) - i64::from(here)
}

/// Marks for each service the site where the next pounds promised most.
fn mark_best(margins: &mut [Margin], mixing: &Mixing, promised: impl Fn(usize, i64) -> f64) {
    for service in 0..mixing.sites.iter().map(|site| site.service + 1).max().unwrap_or(0) {
        let of = |margin: &&Margin| mixing.sites[margin.site].service == service && margin.next == Next::More;
        let best = margins
            .iter()
            .filter(of)
            .map(|margin| (promised(margin.site, margin.step), margin.site))
            .filter(|(promise, _)| promise.is_finite())
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, site)) = best {
            margins[site].is_best_of_service = true;
        }
    }
}

struct Teller<'a> {
    archive: &'a Archive,
    problem: &'a Problem<'a>,
    /// What turns more of the outcome into better.
    sign: f64,
    present_value: f64,
}

impl Teller<'_> {
    fn mix(&self, mix: usize, (n_tried, odds): (usize, &Odds)) -> Mix {
        let tried = &self.archive.tried[mix];
        let is_held_back = !tried.held_back.is_empty();
        let samples = match is_held_back {
            true => &tried.held_back,
            false => &tried.chosen_by,
        };
        let n = samples.len() as f64;
        let of = |value: fn(&Sample) -> f64| -> Vec<f64> { samples.iter().map(value).collect() };
        let (mean, error) = moments(&of(|sample| sample.cost));
        let over = samples.iter().filter(|sample| !is_within(sample.priced, self.problem.budget));
        let priced = self.scaled(of(|sample| sample.priced), 1.0 / self.present_value);
        Mix {
            places: tried.places.clone(),
            outcome: self.scaled(of(|sample| sample.gain), self.sign),
            cost: Estimate {
                mean: mean / self.present_value,
                mc_error: error / self.present_value,
                ..priced
            },
            n_draws: samples.len(),
            is_held_back,
            is_within: is_within(means(samples).cost, self.problem.budget),
            over_budget: over.count() as f64 / n,
            probability_best: if mix < n_tried { odds.best[mix] } else { f64::NAN },
        }
    }

    /// What the second adds to the outcome of the first.
    fn more(&self, ours: &[Sample], theirs: &[Sample]) -> Estimate {
        let pairs = ours.iter().zip(theirs);
        self.scaled(pairs.map(|(ours, theirs)| ours.gain - theirs.gain).collect(), self.sign)
    }

    fn scaled(&self, mut values: Vec<f64>, by: f64) -> Estimate {
        values.iter_mut().for_each(|value| *value *= by);
        Estimate::of_column(&mut values)
    }

    /// The ratio of the mean gain to the mean cost; its Monte Carlo error is that of a ratio of means (Cochran 1977,
    /// Sampling Techniques, section 6.4), its quantiles are those of the gain for the mean cost.
    fn margin(&self, (site, step): (usize, i64), (here, there): (&[Sample], &[Sample])) -> Margin {
        let less = |of: fn(&Sample) -> f64| -> Vec<f64> {
            let pairs = there.iter().zip(here);
            pairs.map(|(there, here)| of(there) - of(here)).collect()
        };
        let (gains, costs) = (less(|sample| sample.gain), less(|sample| sample.cost));
        let (gain, cost) = (moments(&gains).0, moments(&costs).0);
        let pounds = Next::POUNDS * self.present_value;
        let next = match step {
            0 => Next::Fixed,
            _ if cost * step.signum() as f64 <= EMPTY * pounds => Next::Empty,
            step if step < 0 => Next::Last,
            _ => Next::More,
        };
        let gain = match next {
            Next::Fixed | Next::Empty => Estimate::NONE,
            Next::More | Next::Last => {
                let ratio = gain / cost;
                let pairs = gains.iter().zip(&costs);
                let residuals: Vec<f64> = pairs.map(|(gain, cost)| gain - ratio * cost).collect();
                let scale = pounds / cost;
                Estimate {
                    mc_error: moments(&residuals).1 * scale.abs(),
                    ..self.scaled(gains, scale)
                }
            }
        };
        Margin {
            site,
            step,
            cost: cost / self.present_value,
            gain,
            next,
            is_best_of_service: false,
        }
    }
}

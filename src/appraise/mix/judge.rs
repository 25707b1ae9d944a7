//! What is told of the mixes: measured in the draws that no mix was chosen by.

use super::curve::Curve;
use super::lives::Places;
use super::odds::{Odds, TOLD_APART};
use super::search::{Bounds, Found, Problem};
use super::steps::best_from;
use super::told::{Teller, mark_best, step};
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
    /// What costs in the draws that mixes were chosen by are multiplied by to be those of all draws.
    pub cost_scale: f64,
    /// How many lives of a mix in a draw were lived to choose.
    pub n_lives: usize,
    /// The rows of the draws that the choice was compared in.
    pub chosen_by: Vec<usize>,
    /// The rows in which it was judged.
    pub held_back: Vec<usize>,
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

/// Judges what was found. A pound of the budget is `present_value` in present value.
pub(super) fn judge(
    problem: &Problem,
    found: Found,
    rows: &[usize],
    (present_value, words, mixing): (f64, &str, &Mixing),
) -> Mixed {
    let Found {
        mut archive,
        choice,
        odds,
        curves,
        n_rows,
        is_sure,
    } = found;
    let centre = archive.tried[choice].places.clone();
    let n_tried = archive.tried.len();
    let rivals = rivals(&odds, choice);
    let here = archive.means(choice, n_rows).cost;
    let mut asked = landmarks(problem, &curves, &centre, here);
    asked.extend(
        rivals
            .iter()
            .take(N_RIVALS)
            .map(|mix| archive.tried[*mix].places.clone()),
    );
    let steps = steps(problem, &curves, &centre, Next::POUNDS * present_value);
    let n_asked = asked.len();
    let sites = steps.iter().enumerate();
    asked.extend(sites.map(|(site, step)| moved(&centre, site, *step)));
    let at = archive.judge(problem.lives, &asked, rows);
    let teller = Teller {
        archive: &archive,
        problem,
        sign: sign(mixing),
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
        mixes: (0..archive.tried.len())
            .map(|mix| teller.mix(mix, (n_tried, &odds)))
            .collect(),
        choice,
        today: at[1],
        rivals,
        more: teller.more(chosen, today),
        as_good: odds.as_good,
        shortfall: odds.shortfall,
        margin: odds.margin,
        is_sure,
        margins,
        cost_scale: archive.scale(0..n_rows),
        n_lives: archive.n_lives,
        chosen_by: Vec::new(),
        held_back: Vec::new(),
        n_chosen_by: n_rows,
        n_held_back: rows.len(),
        present_value,
        discounting: words.to_owned(),
    }
}

/// What turns a gain into the outcome.
fn sign(mixing: &Mixing) -> f64 {
    match mixing.outcome.better {
        Better::Lower => -1.0,
        Better::Higher | Better::Neither => 1.0,
    }
}

/// By site, how many places so many pounds buy.
fn steps(problem: &Problem, curves: &[Curve], centre: &Places, pounds: f64) -> Vec<i64> {
    let sites = curves.iter().zip(centre).enumerate();
    sites
        .map(|(site, (curve, places))| step(problem, (curve, site, *places), pounds))
        .collect()
}

/// A mix with so many more places at one site.
fn moved(centre: &Places, site: usize, step: i64) -> Places {
    let mut places = centre.clone();
    places[site] = (i64::from(places[site]) + step) as u32;
    places
}

/// The centre, today's places, the fewest and the most; then the best mixes for more money and for less, if sites add
/// up. `here` is what the centre costs.
fn landmarks(problem: &Problem, curves: &[Curve], centre: &Places, here: f64) -> Vec<Places> {
    let all = |of: fn(&Bounds) -> u32| -> Places { problem.sites.iter().map(of).collect() };
    let mut asked = vec![
        centre.clone(),
        all(|site| site.today),
        all(|site| site.least),
        all(|site| site.most),
    ];
    let sums = LADDER.map(|share| share * problem.budget - here);
    asked.extend(best_from(problem, curves, centre, (None, &sums)));
    asked
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

//! What it would be worth to know one uncertain number, or several, before choosing, and what the choice makes of it.
//!
//! The expected value of partial perfect information is that of the best choice for each value of the number, less that
//! of the best single choice. What is expected of an option at each value is a curve fitted to the draws themselves, so
//! that no model has to be run again (Strong, Oakley and Brennan 2014, "Estimating multiparameter partial expected value
//! of perfect information from a probabilistic sensitivity analysis sample").

use super::choice::{Choice, difference, mean, net_benefits};
use super::curve::{Fitted, Smoother};
use super::present::PresentValues;
use super::ridge::{Regressed, Ridge};
use super::variance::{correlation, ranks};
use crate::summarise::Estimate;

/// What an uncertain number, or several as one, has to do with the choice at one worth of an outcome.
#[derive(Debug, Clone)]
pub struct Learning {
    /// What it would be worth to know it: from 0 to what it would be worth to know everything. The Monte Carlo error
    /// counts that the curves are fitted to the same draws.
    pub evppi: Estimate,
    /// By option; `None` for the comparator, and for several numbers as one.
    pub leverage: Vec<Option<Leverage>>,
}

/// What an uncertain number has to do with the net benefit of one option over the comparator.
#[derive(Debug, Clone)]
pub struct Leverage {
    /// The correlation of their ranks (Spearman), from -1 to 1.
    pub rank_correlation: f64,
    /// Whether the draws tell what is expected of the increment apart from a constant: the F test by which
    /// [`Learning::evppi`] is told. Where they do not, what follows is left out.
    pub is_told: bool,
    /// What is expected of the increment where the number is low (one draw in twenty is lower) and high.
    pub low_and_high: [f64; 2],
    /// Their Monte Carlo errors.
    pub low_and_high_errors: [f64; 2],
    /// The values of the number, among those drawn, at which the expected increment passes through 0: rising.
    pub switching_values: Vec<f64>,
    /// Their Monte Carlo errors: that of the increment there over the slope.
    pub switching_errors: Vec<f64>,
    /// Where the increment is expected on one straight line that passes through 0 at no value drawn: where it would, if
    /// it went on. Nobody drew such a value, so nothing but the line speaks for it.
    pub switching_value_beyond_draws: Option<f64>,
}

/// A number's draws, or those of several as one, looked at once for every option and worth.
pub(super) struct Drawn {
    method: Method,
    /// Of a number that stands alone.
    alone: Option<Alone>,
}

/// How it is found what is expected when numbers are known.
enum Method {
    /// A curve of one number.
    Curve(Smoother),
    /// A sum of curves of each number and of each pair's product, where there are draws enough for them.
    Curves(Vec<Smoother>),
    /// A regression whose coefficients are shrunk together.
    Ridge(Ridge),
}

struct Alone {
    ranks: Vec<f64>,
    /// One draw in twenty is lower than the first, one in twenty higher than the second.
    low_and_high: [f64; 2],
}

/// How often the curves of a group are fitted to what the others leave.
const ROUNDS: usize = 12;

/// How many draws a group has for each of its curves, if curves are to be fitted.
const DRAWS_PER_CURVE: usize = 200;

/// How probably any of all numbers that tell nothing is taken to tell something (Bonferroni).
const FALSE_FIND: f64 = 0.05;

impl Drawn {
    pub fn of(numbers: &[Vec<f64>]) -> Drawn {
        let n_draws = numbers.first().map_or(0, Vec::len);
        let n_curves = numbers.len() * (numbers.len() + 1) / 2;
        let method = match numbers {
            [values] => Method::Curve(Smoother::of(values)),
            _ if n_draws >= DRAWS_PER_CURVE * n_curves => Method::Curves(curves(numbers)),
            _ => Method::Ridge(Ridge::of(numbers)),
        };
        let alone = match numbers {
            [values] => {
                let spread = Estimate::of_column(&mut values.clone());
                Some(Alone {
                    ranks: ranks(values),
                    low_and_high: [spread.p05, spread.p95],
                })
            }
            _ => None,
        };
        Drawn { method, alone }
    }

    /// What is expected in every draw when the numbers are known.
    fn known(&self, responses: &[f64]) -> Known<'_> {
        match &self.method {
            Method::Curve(smoother) => Known::Curve(smoother.fit(responses)),
            Method::Curves(smoothers) => Known::Curves(smoothers, backfitted(smoothers, responses)),
            Method::Ridge(ridge) => Known::Ridge(ridge.fit(responses)),
        }
    }

    /// What knowing the number would be worth: what the best option would lose to the one that is best for each value.
    /// What chance would lead to as probably as `level` says nothing.
    fn evppi(&self, over_best: &[Vec<f64>], choice: &Choice, level: f64) -> Estimate {
        let others = (0..over_best.len()).filter(|option| *option != choice.best);
        let gains: Vec<&[f64]> = others.map(|option| over_best[option].as_slice()).collect();
        let known: Vec<Known> = gains.iter().map(|gains| self.known(gains)).collect();
        let is_told: Vec<bool> = known
            .iter()
            .map(|known| known.by_chance() < level)
            .collect();
        let expected = |other: usize| match is_told[other] {
            true => known[other].expected().to_vec(),
            false => vec![mean(gains[other]); gains[other].len()],
        };
        let told: Vec<Vec<f64>> = (0..known.len()).map(expected).collect();
        let told = Losses::of(&told);
        let error = match is_told.contains(&true) {
            true => told.error(&known, &gains, &is_told),
            false => self.error_untold(known, &gains),
        };
        let mut losses = told.most;
        Estimate {
            mean: mean(&losses).min(choice.evpi.mean),
            mc_error: error,
            ..Estimate::of_column(&mut losses)
        }
    }

    /// The Monte Carlo error where nothing is told from chance: that of the curves that were set aside, one straight line
    /// each where they are of one number. What the draws may have missed is of this size.
    fn error_untold(&self, known: Vec<Known>, gains: &[&[f64]]) -> f64 {
        let known = match &self.method {
            Method::Curve(smoother) => {
                let line = |gains: &&[f64]| Known::Curve(smoother.line(gains));
                gains.iter().map(line).collect()
            }
            _ => known,
        };
        let expected: Vec<Vec<f64>> = known.iter().map(|k| k.expected().to_vec()).collect();
        Losses::of(&expected).error(&known, gains, &vec![true; known.len()])
    }

    fn leverage(&self, increments: &[f64], ranks: &[f64], level: f64) -> Option<Leverage> {
        let (Some(alone), Method::Curve(smoother)) = (&self.alone, &self.method) else {
            return None;
        };
        let fitted = smoother.fit(increments);
        let is_told = fitted.by_chance < level;
        let told = |value: f64| if is_told { value } else { f64::NAN };
        let switching_values = match is_told {
            true => fitted.curve.roots(),
            false => Vec::new(),
        };
        let error = |root: &f64| fitted.error_at(*root) / fitted.curve.slope_at(*root).abs();
        Some(Leverage {
            rank_correlation: correlation(&alone.ranks, ranks),
            is_told,
            low_and_high: alone.low_and_high.map(|value| told(fitted.curve.at(value))),
            low_and_high_errors: alone.low_and_high.map(|value| told(fitted.error_at(value))),
            switching_errors: switching_values.iter().map(error).collect(),
            switching_value_beyond_draws: fitted.curve.root_beyond().filter(|_| is_told),
            switching_values,
        })
    }
}

/// What is expected of one option over another when numbers are known.
enum Known<'a> {
    Curve(Fitted<'a>),
    Curves(&'a [Smoother], Vec<f64>),
    Ridge(Regressed<'a>),
}

impl Known<'_> {
    fn expected(&self) -> &[f64] {
        match self {
            Known::Curve(fitted) => &fitted.expected,
            Known::Curves(_, expected) => expected,
            Known::Ridge(regressed) => &regressed.expected,
        }
    }

    /// How probably chance alone would be followed as closely; a sum of curves is fitted to many draws only, and each of
    /// its curves tells itself from a constant.
    fn by_chance(&self) -> f64 {
        match self {
            Known::Curve(fitted) => fitted.by_chance,
            Known::Curves(..) => 0.0,
            Known::Ridge(regressed) => regressed.by_chance,
        }
    }

    /// Other responses as the same fit has them in every draw.
    fn smooth(&self, responses: &[f64]) -> Vec<f64> {
        match self {
            Known::Curve(fitted) => fitted.smooth(responses),
            Known::Curves(smoothers, _) => backfitted(smoothers, responses),
            Known::Ridge(regressed) => regressed.smooth(responses),
        }
    }

    /// By what a residual is less than the error it stands for, because the fit follows the draws.
    fn widened(&self) -> f64 {
        let n = self.expected().len() as f64;
        let freedom = match self {
            Known::Curve(fitted) => fitted.freedom(),
            Known::Curves(smoothers, _) => smoothers.len() as f64 + 1.0,
            Known::Ridge(regressed) => regressed.freedom(),
        };
        (n / (n - freedom).max(1.0)).sqrt()
    }
}

/// What the best option would lose in every draw to the one that is best when the numbers are known.
struct Losses {
    most: Vec<f64>,
    /// Which other option that is, of those that would gain anything.
    by: Vec<Option<usize>>,
}

impl Losses {
    fn of(expected: &[Vec<f64>]) -> Losses {
        let n_draws = expected.first().map_or(0, Vec::len);
        let mut losses = Losses {
            most: vec![0.0; n_draws],
            by: vec![None; n_draws],
        };
        for (other, gains) in expected.iter().enumerate() {
            for (draw, gain) in gains.iter().enumerate() {
                if *gain > losses.most[draw] {
                    losses.most[draw] = *gain;
                    losses.by[draw] = Some(other);
                }
            }
        }
        losses
    }

    /// The Monte Carlo error of the mean loss by the infinitesimal jackknife (Jaeckel 1972, "The infinitesimal
    /// jackknife"; Efron 1982, "The jackknife, the bootstrap and other resampling plans", chapter 6): by how much the
    /// answer would change if a draw counted a little more, which bends the curves too. A fit is a linear smoother that
    /// is symmetric, so how a draw moves it where an option is best is the smoother's own curve of where it is best.
    fn error(&self, known: &[Known], gains: &[&[f64]], is_told: &[bool]) -> f64 {
        let n = self.most.len() as f64;
        let middle = mean(&self.most);
        let mut influences: Vec<f64> = self.most.iter().map(|loss| loss - middle).collect();
        for (other, (known, gains)) in known.iter().zip(gains).enumerate() {
            let is_best = |by: &Option<usize>| f64::from(u8::from(*by == Some(other)));
            let best: Vec<f64> = self.by.iter().map(is_best).collect();
            if best.iter().all(|is_best| *is_best == 0.0) {
                continue;
            }
            let level = mean(gains);
            let (weights, by) = match is_told[other] {
                true => (known.smooth(&best), known.widened()),
                false => (vec![mean(&best); best.len()], 1.0),
            };
            let draws = influences.iter_mut().zip(&weights);
            for (draw, (influence, weight)) in draws.enumerate() {
                let expected = match is_told[other] {
                    true => known.expected()[draw],
                    false => level,
                };
                *influence += weight * by * (gains[draw] - expected);
            }
        }
        let squares: f64 = influences.iter().map(|influence| influence.powi(2)).sum();
        match self.most.len() {
            0 | 1 => f64::NAN,
            _ => (squares / (n - 1.0) / n).sqrt(),
        }
    }
}

/// Curves of each number, then of the product of each pair.
fn curves(numbers: &[Vec<f64>]) -> Vec<Smoother> {
    let mut smoothers: Vec<Smoother> = numbers.iter().map(|values| Smoother::of(values)).collect();
    for (index, ours) in numbers.iter().enumerate() {
        let theirs = numbers.iter().skip(index + 1);
        smoothers.extend(theirs.map(|theirs| Smoother::of(&product(ours, theirs))));
    }
    smoothers
}

/// A sum of curves, fitted in turn to what the others leave (backfitting, Hastie and Tibshirani 1990, "Generalized additive
/// models", section 4.4).
fn backfitted(smoothers: &[Smoother], responses: &[f64]) -> Vec<f64> {
    let mut parts = vec![vec![0.0; responses.len()]; smoothers.len()];
    let mut total = vec![mean(responses); responses.len()];
    for _ in 0..ROUNDS {
        for (smoother, part) in smoothers.iter().zip(&mut parts) {
            let others = difference(&total, part);
            let mut next = smoother.fit(&difference(responses, &others)).expected;
            let middle = mean(&next);
            next.iter_mut().for_each(|value| *value -= middle);
            for ((total, other), value) in total.iter_mut().zip(others).zip(&next) {
                *total = other + value;
            }
            *part = next;
        }
    }
    total
}

/// The product of two numbers about their means, so that it tells only what they do together.
fn product(ours: &[f64], theirs: &[f64]) -> Vec<f64> {
    let (our_mean, their_mean) = (mean(ours), mean(theirs));
    let pairs = ours.iter().zip(theirs);
    pairs
        .map(|(ours, theirs)| (ours - our_mean) * (theirs - their_mean))
        .collect()
}

/// What each number has to do with the choice.
pub(super) fn learnings(
    numbers: &[Drawn],
    options: &[PresentValues],
    comparator: usize,
    choice: &Choice,
) -> Vec<Learning> {
    if numbers.is_empty() {
        return Vec::new();
    }
    let benefits: Vec<Vec<f64>> = options
        .iter()
        .map(|option| net_benefits(&option.costs, &option.outcomes, choice.threshold))
        .collect();
    let over = |theirs: usize| -> Vec<Vec<f64>> {
        let less = |ours: &Vec<f64>| difference(ours, &benefits[theirs]);
        benefits.iter().map(less).collect()
    };
    let (over_best, over_comparator) = (over(choice.best), over(comparator));
    let ranked: Vec<Vec<f64>> = over_comparator.iter().map(|gains| ranks(gains)).collect();
    let n_alone = numbers
        .iter()
        .filter(|number| number.alone.is_some())
        .count();
    let n_curves = n_alone.max(1) * (options.len() - 1).max(1);
    let level = FALSE_FIND / n_curves as f64;
    let learning = |number: &Drawn| Learning {
        evppi: number.evppi(&over_best, choice, level),
        leverage: (over_comparator.iter().zip(&ranked).enumerate())
            .map(|(option, (gains, ranks))| {
                let is_other = option != comparator;
                is_other
                    .then(|| number.leverage(gains, ranks, level))
                    .flatten()
            })
            .collect(),
    };
    numbers.iter().map(learning).collect()
}

#[cfg(test)]
mod tests;

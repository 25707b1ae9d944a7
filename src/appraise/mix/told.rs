//! Samples to what is told of them: mixes, and what the next pounds bring.

use super::archive::{Archive, is_within};
use super::curve::Curve;
use super::judge::{Margin, Mix, Next};
use super::lives::Sample;
use super::odds::{Odds, moments};
use super::search::Problem;
use crate::compile::Mixing;
use crate::summarise::Estimate;

/// A place that costs less than this share of the pounds in question is one that nobody uses.
const EMPTY: f64 = 1e-3;

/// In so few draws a step changes anything that its error says nothing.
const FEWEST_CHANGED: usize = 5;

/// Whether a step costs too little to be scaled up to these pounds, or changes too few draws to be told of.
fn is_little(cost: f64, pounds: f64, gains: &[f64], costs: &[f64]) -> bool {
    let pairs = gains.iter().zip(costs);
    let n_changed = pairs
        .filter(|(gain, cost)| **gain != 0.0 || **cost != 0.0)
        .count();
    cost.abs() * Next::MOST_SCALE < pounds || n_changed < FEWEST_CHANGED.min(gains.len())
}

/// How many places so many pounds in present value buy, at least one; where there is no room, how many fewer save them.
pub(super) fn step(
    problem: &Problem,
    (curve, site, here): (&Curve, usize, u32),
    pounds: f64,
) -> i64 {
    let bounds = problem.sites[site];
    if here < bounds.most {
        let buys = |places: &u32| curve.at(*places).cost >= pounds;
        let to = (here + 1..=bounds.most).find(buys).unwrap_or(bounds.most);
        return i64::from(to) - i64::from(here);
    }
    let saves = |places: &u32| -curve.at(*places).cost >= pounds;
    let to = (bounds.least..here)
        .rev()
        .find(saves)
        .unwrap_or(bounds.least);
    i64::from(to) - i64::from(here)
}

/// Marks for each service the site where the next pounds promised most.
pub(super) fn mark_best(
    margins: &mut [Margin],
    mixing: &Mixing,
    promised: impl Fn(usize, i64) -> f64,
) {
    for service in 0..mixing
        .sites
        .iter()
        .map(|site| site.service + 1)
        .max()
        .unwrap_or(0)
    {
        let of = |margin: &&Margin| {
            mixing.sites[margin.site].service == service && margin.next == Next::More
        };
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

/// What tells of mixes in the terms of the question.
pub(super) struct Teller<'a> {
    pub archive: &'a Archive,
    pub problem: &'a Problem<'a>,
    /// What turns a gain into the outcome: -1 where less is better.
    pub sign: f64,
    /// What a pound of the budget is in present value.
    pub present_value: f64,
}

impl Teller<'_> {
    /// A mix, of which the first `n_tried` were candidates.
    pub fn mix(&self, mix: usize, (n_tried, odds, later): (usize, &Odds, &Odds)) -> Mix {
        let tried = &self.archive.tried[mix];
        let is_held_back = !tried.held_back.is_empty();
        let samples = match is_held_back {
            true => &tried.held_back,
            false => &tried.chosen_by,
        };
        let n = samples.len() as f64;
        let of = |value: fn(&Sample) -> f64| -> Vec<f64> { samples.iter().map(value).collect() };
        let (mean, error) = self.cost(samples, is_held_back);
        let over = samples
            .iter()
            .filter(|sample| !is_within(sample.priced, self.problem.budget));
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
            is_within: is_within(mean, self.problem.budget),
            over_budget: over.count() as f64 / n,
            probability_best: if mix < n_tried {
                odds.best[mix]
            } else {
                f64::NAN
            },
            probability_best_held_back: if mix < n_tried && is_held_back {
                later.best[mix]
            } else {
                f64::NAN
            },
        }
    }

    /// The mean cost, brought to all draws, and its Monte Carlo error: that of a ratio of means.
    fn cost(&self, samples: &[Sample], is_held_back: bool) -> (f64, f64) {
        let first = if is_held_back { self.problem.n_rows } else { 0 };
        let rows = first..first + samples.len();
        let costs: Vec<f64> = samples.iter().map(|sample| sample.cost).collect();
        let (mean, error) = moments(&costs);
        let reference = self.archive.reference(rows.clone());
        let sum: f64 = reference.iter().sum();
        if sum <= 0.0 {
            return (mean, error);
        }
        let by = self.archive.scale(rows);
        let ratio = mean * samples.len() as f64 / sum;
        let pairs = costs.iter().zip(reference);
        let residuals: Vec<f64> = pairs.map(|(cost, other)| cost - ratio * other).collect();
        let all = self.archive.reference(0..self.problem.n_all);
        let common = ratio * moments(all).1;
        (mean * by, (by * moments(&residuals).1).hypot(common))
    }

    /// What the second adds to the outcome of the first.
    pub fn more(&self, ours: &[Sample], theirs: &[Sample]) -> Estimate {
        let pairs = ours.iter().zip(theirs);
        self.scaled(
            pairs
                .map(|(ours, theirs)| ours.gain - theirs.gain)
                .collect(),
            self.sign,
        )
    }

    fn scaled(&self, mut values: Vec<f64>, by: f64) -> Estimate {
        values.iter_mut().for_each(|value| *value *= by);
        Estimate::of_column(&mut values)
    }

    /// The ratio of the mean gain to the mean cost; its Monte Carlo error is that of a ratio of means (Cochran 1977,
    /// Sampling Techniques, section 6.4), its quantiles are those of the gain for the mean cost.
    pub fn margin(
        &self,
        (site, step): (usize, i64),
        (here, there): (&[Sample], &[Sample]),
    ) -> Margin {
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
            _ if is_little(cost, pounds, &gains, &costs) => Next::Little,
            step if step < 0 => Next::Last,
            _ => Next::More,
        };
        let sign = step.signum() as f64;
        let gain_of_step = self.scaled(gains.clone(), sign);
        let gain = match next {
            Next::Fixed | Next::Empty | Next::Little => Estimate::NONE,
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
            gain_of_step,
            next,
            is_best_of_service: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::curve::Knot;
    use super::super::lives::{Lives, Places};
    use super::super::search::Bounds;
    use super::*;

    /// Whoever is never asked.
    struct Nobody;

    impl Lives for Nobody {
        fn live(&self, _: &[Places], _: &[usize]) -> Vec<Vec<Sample>> {
            Vec::new()
        }
    }

    fn problem(sites: &[Bounds]) -> Problem<'_> {
        Problem {
            sites,
            budget: 0.0,
            n_rows: 5,
            n_all: 5,
            seed: 1,
            lives: &Nobody,
        }
    }

    const SITE: [Bounds; 1] = [Bounds {
        least: 0,
        most: 10,
        today: 0,
    }];

    /// Ten places for 20 pounds.
    #[test]
    fn pounds_buy_as_many_places_as_it_takes_to_spend_them() {
        let end = |places, cost| Knot {
            places,
            gain: 0.0,
            cost,
        };
        let curve = Curve::new(vec![end(0, 0.0), end(10, 20.0)]);
        let step = |here, pounds| step(&problem(&SITE), (&curve.seen_from(here), 0, here), pounds);
        assert_eq!([step(0, 5.0), step(0, 6.0), step(4, 5.0)], [3, 3, 3]);
        assert_eq!([step(0, 99.0), step(7, 99.0)], [10, 3]);
        // There is no room for more, so that places are given up.
        assert_eq!([step(10, 5.0), step(10, 99.0)], [-3, -10]);
    }

    /// A step costs 20,000 in present value and gains 1, 2, 3, 4 and 5; 10,000 pounds of the budget are 40,000, which
    /// doubles it: 6, with twice the standard error of the mean of these five numbers.
    #[test]
    fn what_the_next_pounds_bring_is_the_step_scaled_up_with_its_error() {
        let archive = Archive::default();
        let teller = Teller {
            archive: &archive,
            problem: &problem(&SITE),
            sign: 1.0,
            present_value: 4.0,
        };
        let sample = |gain, cost| Sample {
            gain,
            cost,
            priced: cost,
        };
        let here = [sample(7.0, 500.0); 5];
        let there = [1.0, 2.0, 3.0, 4.0, 5.0].map(|gain| sample(7.0 + gain, 20_500.0));
        let found = teller.margin((0, 2), (&here, &there));
        assert_eq!((found.next, found.cost), (Next::More, 5_000.0));
        assert_eq!((found.gain.mean, found.gain_of_step.mean), (6.0, 3.0));
        let error = 2.0 * (2.5_f64 / 5.0).sqrt();
        assert!((found.gain.mc_error - error).abs() < 1e-12, "{found:?}");
    }
}

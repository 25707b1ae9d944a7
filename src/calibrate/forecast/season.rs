//! Seasons: what is believed of the months or quarters of a year, learnt along with level and slope.
//!
//! Every season of the year has an effect on the logarithm of a rate. Together with level and slope the effects are one
//! normal belief that each value updates (the seasonal factors of West and Harrison 1997, *Bayesian Forecasting and
//! Dynamic Models*, section 8.4), so that what is not known of a season is not known in its forecasts either.

use std::f64::consts::PI;

use super::belief::Belief;
use crate::quantity::Cadence;

/// How much seasons differ before anything has been seen, on the logarithmic scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Season {
    /// Standard deviation of the effects of a year's seasons.
    pub sd: f64,
    /// Standard deviation of the change of one effect from a year to the next.
    pub change_sd: f64,
    /// Whether neighbouring seasons resemble each other, or each is its own.
    pub is_smooth: bool,
}

/// Standard deviations of effects: months that differ by a few per cent, by an eighth, by half, and such as fireworks in
/// November.
const SDS: [f64; 4] = [0.04, 0.13, 0.45, 1.5];

/// What part of its standard deviation an effect changes by in a year.
const CHANGES: [f64; 2] = [0.05, 0.3];

/// How likely it is that a rate by month or quarter has seasons.
const SEASONAL: f64 = 0.5;

/// The distance in years over which smooth seasons resemble each other, times pi.
const REACH: f64 = 1.0;

impl Season {
    /// The seasons that rates of a cadence may have, with their weights before anything is seen; the weights add to 1.
    pub fn ways(cadence: Cadence) -> Vec<(Option<Season>, f64)> {
        let shapes: &[bool] = match cadence {
            Cadence::Year => return vec![(None, 1.0)],
            // Of four seasons each has its opposite and two neighbours, which is hardly a shape.
            Cadence::Quarter => &[false],
            Cadence::Month => &[false, true],
        };
        let n = (SDS.len() * CHANGES.len() * shapes.len()) as f64;
        let mut ways = vec![(None, 1.0 - SEASONAL)];
        for sd in SDS {
            for change in CHANGES {
                for &is_smooth in shapes {
                    let season = Season {
                        sd,
                        change_sd: change * sd,
                        is_smooth,
                    };
                    ways.push((Some(season), SEASONAL / n));
                }
            }
        }
        ways
    }

    /// The covariance of `n` effects, by rows: they add to nought, and their mean variance is `sd` squared.
    fn covariance(&self, n: usize) -> Vec<f64> {
        let alike = |apart: usize| match self.is_smooth {
            // The periodic covariance of MacKay 1998, *Introduction to Gaussian processes*, section 5.2.
            true => (-2.0 * (PI * apart as f64 / n as f64).sin().powi(2) / REACH.powi(2)).exp(),
            false => f64::from(u8::from(apart == 0)),
        };
        let by_distance: Vec<f64> = (0..n).map(alike).collect();
        let mean = by_distance.iter().sum::<f64>() / n as f64;
        let scale = self.sd.powi(2) / (1.0 - mean);
        let cells = (0..n * n).map(|cell| {
            let apart = (cell / n).abs_diff(cell % n);
            scale * (by_distance[apart] - mean)
        });
        cells.collect()
    }
}

/// What is believed of the effects of a year's seasons: means, and covariances with each other, the level and the slope.
/// All are empty where there are no seasons.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seasons {
    means: Vec<f64>,
    covariance: Vec<f64>,
    with_level: Vec<f64>,
    with_slope: Vec<f64>,
    change_variance: f64,
}

/// What is believed of the season of one period.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SeasonSeen {
    pub mean: f64,
    pub variance: f64,
    pub with_level: f64,
    pub with_slope: f64,
}

/// What is believed of the effect of one season on the logarithm of a rate, less the mean of all: mean and standard
/// deviation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    pub mean: f64,
    pub sd: f64,
}

/// What a value says, if one thing has happened in its period.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gain {
    /// By how much the mean of the logarithm moves, over its variance.
    pub shift: f64,
    /// The part of the variance that goes, over the variance.
    pub kept: f64,
    /// The move of the level.
    pub of_level: f64,
    /// The move of the slope.
    pub of_slope: f64,
    /// `kept` times the covariance of the level with what is seen.
    pub kept_level: f64,
    /// The same of the slope.
    pub kept_slope: f64,
}

/// What a value says of every season, for each unit of the season's covariance with what is seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lesson {
    shift: f64,
    spread: f64,
    with_level: f64,
    with_slope: f64,
}

impl Lesson {
    /// Of a mixture of what may have happened, by its moments.
    pub fn of(parts: &[(Gain, f64)]) -> Lesson {
        let mean =
            |of: &dyn Fn(&Gain) -> f64| -> f64 { parts.iter().map(|(g, w)| w * of(g)).sum() };
        let shift = mean(&|g| g.shift);
        let (level, slope) = (mean(&|g| g.of_level), mean(&|g| g.of_slope));
        Lesson {
            shift,
            spread: mean(&|g| (g.shift - shift).powi(2) - g.kept),
            with_level: mean(&|g| (g.of_level - level) * g.shift - g.kept_level),
            with_slope: mean(&|g| (g.of_slope - slope) * g.shift - g.kept_slope),
        }
    }
}

impl Seasons {
    /// Before anything is seen but the first value, which is level and season together: what the season had more, the
    /// level has less.
    pub fn begin(season: Option<Season>, cadence: Cadence, first: usize) -> Seasons {
        let n = season.map_or(0, |_| cadence.seasons());
        let covariance = season.map_or(Vec::new(), |season| season.covariance(n));
        let with_level = (0..n).map(|at| -covariance[at * n + first % n]).collect();
        Seasons {
            means: vec![0.0; n],
            covariance,
            with_level,
            with_slope: vec![0.0; n],
            change_variance: season.map_or(0.0, |season| season.change_sd.powi(2)),
        }
    }

    /// How many there are in a year; 0 without seasons.
    pub fn n(&self) -> usize {
        self.means.len()
    }

    /// What is believed of the season of a period.
    pub fn seen(&self, period: usize) -> SeasonSeen {
        let n = self.n();
        if n == 0 {
            return SeasonSeen::default();
        }
        let at = period % n;
        SeasonSeen {
            mean: self.means[at],
            variance: self.covariance[at * n + at],
            with_level: self.with_level[at],
            with_slope: self.with_slope[at],
        }
    }

    /// On to a period: the slope has gone into the level, and the season is a year older.
    pub fn after_a_period(&mut self, damping: f64, period: usize) {
        for (level, slope) in self.with_level.iter_mut().zip(&mut self.with_slope) {
            *level += *slope;
            *slope *= damping;
        }
        let n = self.n();
        if n > 0 {
            let at = period % n;
            self.covariance[at * n + at] += self.change_variance;
        }
    }

    /// Takes in what the value of a period says.
    pub fn learn(&mut self, period: usize, lesson: &Lesson) {
        let n = self.n();
        if n == 0 {
            return;
        }
        let at = period % n;
        let with_seen: Vec<f64> = (0..n)
            .map(|k| self.with_level[k] + self.covariance[k * n + at])
            .collect();
        for (row, of_row) in self.covariance.chunks_mut(n).zip(&with_seen) {
            for (cell, of_column) in row.iter_mut().zip(&with_seen) {
                *cell += of_row * of_column * lesson.spread;
            }
        }
        for (k, with_seen) in with_seen.into_iter().enumerate() {
            self.means[k] += with_seen * lesson.shift;
            self.with_level[k] += with_seen * lesson.with_level;
            self.with_slope[k] += with_seen * lesson.with_slope;
        }
    }

    /// The effects less their mean: the mean and the variance of each.
    pub fn centred(&self) -> Vec<(f64, f64)> {
        let n = self.n().max(1);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / n as f64;
        let centre = mean(&self.means);
        let with_centre: Vec<f64> = self.covariance.chunks(n).map(mean).collect();
        let of_centre = mean(&with_centre);
        let effects = self.means.iter().zip(&with_centre).enumerate();
        effects
            .map(|(at, (effect, with))| {
                let variance = self.covariance[at * n + at] - 2.0 * with + of_centre;
                (effect - centre, variance.max(0.0))
            })
            .collect()
    }

    /// How slope and seasons of the next `horizons` periods are spread, the first of them being `next`.
    pub fn ahead(&self, belief: &Belief, next: usize, horizons: usize) -> Ahead {
        let n = self.n();
        let seasons: Vec<usize> = (0..horizons.min(n))
            .map(|ahead| (next + ahead) % n)
            .collect();
        let with_level = seasons.iter().map(|&at| self.with_level[at]);
        let with_level: Vec<f64> = [belief.covariance].into_iter().chain(with_level).collect();
        let level_sd = belief.level_variance.max(1e-12).sqrt();
        let of_level: Vec<f64> = with_level.iter().map(|with| with / level_sd).collect();
        let size = of_level.len();
        let covariance = |row: usize, column: usize| match (row, column) {
            (0, 0) => belief.slope_variance,
            (row, 0) => self.with_slope[seasons[row - 1]],
            (row, column) => self.covariance[seasons[row - 1] * n + seasons[column - 1]],
        };
        let mut root = vec![vec![0.0; size]; size];
        for row in 0..size {
            for column in 0..=row {
                let known: f64 = (0..column).map(|k| root[row][k] * root[column][k]).sum();
                let left = covariance(row, column) - of_level[row] * of_level[column] - known;
                root[row][column] = match (row == column, root[column][column] > 0.0) {
                    (true, _) => left.max(0.0).sqrt(),
                    (false, true) => left / root[column][column],
                    (false, false) => 0.0,
                };
            }
        }
        let means = seasons.iter().map(|&at| self.means[at]);
        Ahead {
            means: [belief.slope].into_iter().chain(means).collect(),
            of_level,
            root,
            change_sd: self.change_variance.sqrt(),
        }
    }
}

/// The joint normal law of a slope and the seasons that come next, given the level.
pub(super) struct Ahead {
    means: Vec<f64>,
    of_level: Vec<f64>,
    /// Of the covariance that is left when the level is known, lower triangular.
    root: Vec<Vec<f64>>,
    /// Of a season's change in a year.
    pub change_sd: f64,
}

impl Ahead {
    /// The slope, then the effects of the next seasons, at the level's standardised value and as many normal numbers.
    pub fn drawn(&self, of_level: f64, normals: impl Fn(usize) -> f64) -> (f64, Vec<f64>) {
        let normals: Vec<f64> = (0..self.means.len()).map(normals).collect();
        let rows = self.root.iter().zip(&self.means).zip(&self.of_level);
        let one = |((row, mean), with): ((&Vec<f64>, &f64), &f64)| {
            let rest: f64 = row.iter().zip(&normals).map(|(r, z)| r * z).sum();
            mean + with * of_level + rest
        };
        let mut drawn = rows.map(one);
        (drawn.next().unwrap_or(0.0), drawn.collect())
    }

    /// How many seasons are drawn: those of the periods ahead, or all of a year.
    pub fn n_seasons(&self) -> usize {
        self.means.len() - 1
    }
}

#[cfg(test)]
mod tests;

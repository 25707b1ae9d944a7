//! Seasons against a Kalman filter written out with whole matrices, and what is believed of them before anything is seen.

use super::super::filter::Seen;
use super::super::settings::{Law, Odds, Setting};
use super::*;

const QUARTERS: Setting = Setting {
    level_sd: 0.02,
    slope_sd: 0.01,
    damping: 0.7,
    dispersion: 1.0,
    season: Some(Season {
        sd: 0.1,
        change_sd: 0.03,
        is_smooth: false,
    }),
};

/// A Kalman filter of level, slope and four seasons, written out with whole matrices.
struct Kalman {
    means: [f64; 6],
    covariance: [[f64; 6]; 6],
}

impl Kalman {
    fn see(&mut self, period: usize, log: f64, variance: f64) {
        let seen = |at: usize| self.covariance[at][0] + self.covariance[at][2 + period % 4];
        let with_seen = [0, 1, 2, 3, 4, 5].map(seen);
        let total = with_seen[0] + with_seen[2 + period % 4] + variance;
        let miss = log - self.means[0] - self.means[2 + period % 4];
        for row in 0..6 {
            self.means[row] += with_seen[row] * miss / total;
            for column in 0..6 {
                self.covariance[row][column] -= with_seen[row] * with_seen[column] / total;
            }
        }
    }

    fn go_on(&mut self, setting: &Setting, period: usize) {
        let mut moves = [[0.0; 6]; 6];
        (0..6).for_each(|at| moves[at][at] = 1.0);
        (moves[0][1], moves[1][1]) = (1.0, setting.damping);
        let before = self.covariance;
        self.means = moves.map(|row| (0..6).map(|k| row[k] * self.means[k]).sum());
        for row in 0..6 {
            for column in 0..6 {
                let cells = (0..36).map(|cell| (cell / 6, cell % 6));
                let moved = cells.map(|(i, j)| moves[row][i] * before[i][j] * moves[column][j]);
                self.covariance[row][column] = moved.sum();
            }
        }
        self.covariance[0][0] += setting.level_sd.powi(2);
        self.covariance[1][1] += setting.slope_sd.powi(2);
        let change = setting.season.map_or(0.0, |season| season.change_sd);
        self.covariance[2 + period % 4][2 + period % 4] += change.powi(2);
    }
}

/// Of many counts the filter is nearly linear, and must agree with matrices.
#[test]
fn level_slope_and_seasons_are_learnt_as_by_a_kalman_filter() {
    let setting = QUARTERS;
    let values = [
        1e6, 1.2e6, 0.9e6, 1.05e6, 1.02e6, 1.25e6, 0.95e6, 1.1e6, 1.08e6, 1.27e6,
    ];
    let odds = Odds {
        jump: 0.0,
        turn: 0.0,
        upheaval: 0.0,
        outlier: 0.0,
    };
    let seen = Seen {
        values: &values,
        exposures: &[1.0; 10],
        breaks: &[None; 10],
        cadence: Cadence::Quarter,
    };
    let found = seen.filter(&setting, &Law { odds, ..Law::ROOT }).unwrap();
    let prior = setting.season.unwrap().covariance(4);
    let mut kalman = Kalman {
        means: [values[0].ln(), 0.0, 0.0, 0.0, 0.0, 0.0],
        covariance: [[0.0; 6]; 6],
    };
    for row in 0..4 {
        for column in 0..4 {
            kalman.covariance[2 + row][2 + column] = prior[row * 4 + column];
        }
        // The first value is level and season together.
        kalman.covariance[0][2 + row] = -prior[row * 4];
        kalman.covariance[2 + row][0] = -prior[row * 4];
    }
    kalman.covariance[0][0] = prior[0] + 1e-6 + setting.level_sd.powi(2);
    kalman.covariance[1][1] = setting.slope_variance();
    for (period, value) in values.iter().enumerate().skip(1) {
        kalman.go_on(&setting, period);
        kalman.see(period, value.ln(), 1.0 / value);
    }
    let means = [found.belief.level, found.belief.slope];
    let means: Vec<f64> = means
        .into_iter()
        .chain(found.seasons.means.clone())
        .collect();
    for (found, expected) in means.iter().zip(kalman.means) {
        assert!(
            (found - expected).abs() < 1e-3,
            "{means:?} {:?}",
            kalman.means
        );
    }
    let covariance = |row: usize, column: usize| kalman.covariance[row][column];
    let pairs = [
        (found.belief.level_variance, covariance(0, 0)),
        (found.belief.covariance, covariance(0, 1)),
        (found.belief.slope_variance, covariance(1, 1)),
        (found.seasons.with_level[2], covariance(0, 4)),
        (found.seasons.with_slope[3], covariance(1, 5)),
        (found.seasons.covariance[1], covariance(2, 3)),
        (found.seasons.covariance[10], covariance(4, 4)),
    ];
    for (found, expected) in pairs {
        let reach = 0.02 * expected.abs() + 1e-6;
        assert!((found - expected).abs() < reach, "{found} {expected}");
    }
    draws_are_spread_as_believed(&found.belief, &found.seasons);
}

/// The law of what is drawn has the variances that are believed: of a season, and of its sum with the level.
fn draws_are_spread_as_believed(belief: &Belief, seasons: &Seasons) {
    let ahead = seasons.ahead(belief, 10, 3);
    assert_eq!(ahead.n_seasons(), 3);
    let level_sd = belief.level_variance.sqrt();
    // The tenth period (from 0) is a third quarter; the weights of independent normal numbers, squared.
    let of_season: f64 = ahead.root[1].iter().map(|weight| weight * weight).sum();
    let alone = of_season + ahead.of_level[1].powi(2);
    let together = of_season + (ahead.of_level[1] + level_sd).powi(2);
    let believed = seasons.seen(10);
    assert!((alone / believed.variance - 1.0).abs() < 1e-9);
    let sum = believed.variance + 2.0 * believed.with_level + belief.level_variance;
    assert!((together / sum - 1.0).abs() < 1e-9);
}

#[test]
fn effects_before_anything_is_seen_add_to_nought_and_vary_as_stated() {
    for is_smooth in [false, true] {
        let season = Season {
            sd: 0.3,
            change_sd: 0.0,
            is_smooth,
        };
        let covariance = season.covariance(12);
        for row in covariance.chunks(12) {
            assert!(row.iter().sum::<f64>().abs() < 1e-12);
        }
        let mean = (0..12).map(|at| covariance[at * 13]).sum::<f64>() / 12.0;
        assert!((mean - 0.09).abs() < 1e-12);
        // Less their mean, which is certain, they vary as much; what they all have in common goes.
        let mut begun = Seasons::begin(Some(season), Cadence::Month, 0);
        for common in [0.0, 0.5] {
            begun.covariance.iter_mut().for_each(|cell| *cell += common);
            begun.means.iter_mut().for_each(|mean| *mean += common);
            for (at, (mean, variance)) in begun.centred().into_iter().enumerate() {
                assert!(mean.abs() < 1e-12 && (variance - covariance[at * 13]).abs() < 1e-12);
            }
        }
        // Neighbours resemble each other where the season is smooth.
        assert_eq!(covariance[1] > 0.5 * covariance[0], is_smooth);
    }
}

#[test]
fn the_chances_of_seasons_add_to_one_and_years_have_none() {
    for (cadence, n) in [
        (Cadence::Year, 1),
        (Cadence::Quarter, 9),
        (Cadence::Month, 17),
    ] {
        let ways = Season::ways(cadence);
        assert_eq!(ways.len(), n);
        let total: f64 = ways.iter().map(|(_, weight)| weight).sum();
        assert!((total - 1.0).abs() < 1e-12);
    }
}

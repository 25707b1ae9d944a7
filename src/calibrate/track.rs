//! Scores against their history: the change since the last run and since the best, and the tolerances that are broken.

use crate::document::HistoryFile;

/// Which way a score is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// More is better.
    More,
    /// Less is better.
    Less,
    /// Nearer to this is better.
    At(f64),
}

/// One number of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The column of the history.
    pub name: String,
    /// The value; NaN where there is none.
    pub value: f64,
    /// Which way it is better.
    pub aim: Aim,
    /// Whether it is a time, which only the same machine can be asked for again.
    pub is_speed: bool,
    /// The least and the largest value that are tolerated.
    pub bounds: [Option<f64>; 2],
    /// By how much it may be worse than the best of the history: a share of that where it is a time, else a difference.
    pub may_fall: Option<f64>,
}

/// A score and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// The score.
    pub score: Score,
    /// Its last value before, on this machine where it is a time.
    pub last: Option<f64>,
    /// The best value before, likewise.
    pub best: Option<f64>,
    /// Whether there are earlier times, all of other machines.
    pub elsewhere: bool,
    /// What is broken.
    pub broken: Vec<Broken>,
}

/// A tolerance that does not hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Broken {
    /// Below the least.
    Below(f64),
    /// Above the largest.
    Above(f64),
    /// Worse than the best by more than is tolerated.
    Worse {
        /// The best so far.
        best: f64,
        /// What is tolerated.
        by: f64,
    },
}

/// Sets scores beside a history, on a machine and its number of cores.
pub fn track(scores: Vec<Score>, history: &HistoryFile, machine: [&str; 2]) -> Vec<Tracked> {
    let tracked = scores.into_iter().map(|score| {
        let all: Vec<_> = history.of_score(&score.name).collect();
        let is_meant = |is_ours: bool| is_ours || !score.is_speed;
        let known = all
            .iter()
            .filter(|(line, _)| is_meant(line.machine() == machine));
        let known: Vec<f64> = known.map(|(_, value)| *value).collect();
        let best = known.iter().copied().reduce(|a, b| score.aim.better(a, b));
        Tracked {
            last: known.last().copied(),
            best,
            elsewhere: known.is_empty() && !all.is_empty(),
            broken: score.broken(best),
            score,
        }
    });
    tracked.collect()
}

impl Aim {
    /// How bad a value is.
    fn distance(self, value: f64) -> f64 {
        match self {
            Aim::More => -value,
            Aim::Less => value,
            Aim::At(aim) => (value - aim).abs(),
        }
    }

    fn better(self, a: f64, b: f64) -> f64 {
        if self.distance(b) < self.distance(a) {
            b
        } else {
            a
        }
    }
}

impl Score {
    /// A score that nothing is asked of.
    pub fn of(name: String, value: f64, aim: Aim) -> Score {
        Score {
            name,
            value,
            aim,
            is_speed: false,
            bounds: [None; 2],
            may_fall: None,
        }
    }

    fn broken(&self, best: Option<f64>) -> Vec<Broken> {
        let [least, most] = self.bounds;
        let below = least.filter(|least| self.value < *least).map(Broken::Below);
        let above = most.filter(|most| self.value > *most).map(Broken::Above);
        let worse = best.zip(self.may_fall).filter(|(best, by)| {
            let allowed = if self.is_speed { by * best } else { *by };
            self.aim.distance(self.value) - self.aim.distance(*best) > allowed
        });
        let worse = worse.map(|(best, by)| Broken::Worse { best, by });
        below.into_iter().chain(above).chain(worse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{HISTORY_COLUMNS, HistoryLine};

    fn history(lines: &[(&str, f64)]) -> HistoryFile {
        let columns = HISTORY_COLUMNS.iter().chain(&["x"]);
        let line = |(machine, score): &(&str, f64)| HistoryLine {
            words: ["0", "c", "d", machine, "2"].map(str::to_owned),
            scores: vec![*score],
        };
        HistoryFile {
            columns: columns.map(|name| (*name).to_owned()).collect(),
            lines: lines.iter().map(line).collect(),
            text: String::new(),
        }
    }

    fn one(score: Score, lines: &[(&str, f64)]) -> Tracked {
        track(vec![score], &history(lines), ["ours", "2"]).remove(0)
    }

    #[test]
    fn times_of_other_machines_are_not_compared() {
        let time = |value| Score {
            is_speed: true,
            may_fall: Some(0.1),
            ..Score::of("x".to_owned(), value, Aim::Less)
        };
        let lines = [("ours", 2.0), ("ours", 3.0), ("theirs", 1.0)];
        let found = one(time(2.1), &lines);
        assert_eq!((found.last, found.best), (Some(3.0), Some(2.0)));
        assert!(found.broken.is_empty() && !found.elsewhere);
        let slower = one(time(2.3), &lines).broken;
        assert_eq!(slower, [Broken::Worse { best: 2.0, by: 0.1 }]);
        let new = one(time(9.0), &lines[2..]);
        assert!(new.elsewhere && new.broken.is_empty());
        // What is no time is the same everywhere.
        let skill = Score::of("x".to_owned(), 1.0, Aim::More);
        assert_eq!(one(skill, &lines).best, Some(3.0));
    }

    #[test]
    fn bounds_and_falls_are_each_reported() {
        let skill = Score {
            bounds: [Some(0.1), Some(0.5)],
            may_fall: Some(0.02),
            ..Score::of("x".to_owned(), 0.09, Aim::More)
        };
        let both = [
            Broken::Below(0.1),
            Broken::Worse {
                best: 0.12,
                by: 0.02,
            },
        ];
        assert_eq!(
            one(skill.clone(), &[("a", 0.12), ("a", f64::NAN)]).broken,
            both
        );
        assert_eq!(
            one(
                Score {
                    value: 0.6,
                    ..skill
                },
                &[]
            )
            .broken,
            [Broken::Above(0.5)]
        );
        let cover = Score {
            may_fall: Some(0.1),
            ..Score::of("x".to_owned(), 0.7, Aim::At(0.8))
        };
        assert_eq!(one(cover, &[("a", 0.95), ("a", 0.81)]).best, Some(0.81));
    }
}

//! Multi-criteria values: the weighted sum of values by criterion, and the weights at which ranks change.
//!
//! The weighted additive model with swing weights (Department for Communities and Local Government 2009, "Multi-criteria
//! analysis: a manual", chapter 6). Cost is no criterion: it is set against the value, on a frontier of its own.

use super::frontier::{ROUNDING, Standing, frontier};
use crate::compile::{Criterion, Scores};

/// Options by their value.
#[derive(Debug, Clone)]
pub struct Valuation {
    /// In the order of the table.
    pub options: Vec<Valued>,
    /// By criterion: name, the share of all weights from 0 to 1, and the weight as written.
    pub weights: Vec<(String, f64, f64)>,
    /// Where ranks change, by criterion and rising by weight.
    pub crossovers: Vec<Crossover>,
}

/// One option.
#[derive(Debug, Clone)]
pub struct Valued {
    /// Its name.
    pub id: String,
    /// The weighted sum of its values, on the scale of the values.
    pub value: f64,
    /// 1 is best; options of the same value share the better rank.
    pub rank: usize,
    /// By criterion: what it adds to the value.
    pub parts: Vec<f64>,
    /// What it costs, where that is known.
    pub cost: Option<f64>,
    /// Where it stands by cost and value, where costs are known.
    pub standing: Option<Standing>,
}

/// The weight of one criterion at which two options are worth the same, the others keeping their proportions.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossover {
    /// The criterion.
    pub criterion: usize,
    /// The weight, on the scale on which weights are written.
    pub weight: f64,
    /// The option that is ahead at smaller weights.
    pub ahead_below: usize,
    /// The option that is ahead at larger weights.
    pub ahead_above: usize,
    /// Whether no other option is worth more there, so that the first rank changes hands.
    pub changes_best: bool,
}

/// Values options by the weights as shares of their sum.
pub fn value(scores: &Scores) -> Valuation {
    let shares: Vec<f64> = scores
        .criteria
        .iter()
        .map(|criterion| criterion.weight / scores.total)
        .collect();
    let values: Vec<Vec<f64>> = scores
        .scores
        .iter()
        .map(|row| {
            let pairs = row.iter().zip(&scores.criteria);
            pairs
                .map(|(score, criterion)| worth(*score, criterion))
                .collect()
        })
        .collect();
    let totals: Vec<f64> = values.iter().map(|row| weigh(row, &shares)).collect();
    let standings = scores.costs.as_ref().map(|costs| frontier(costs, &totals));
    let options = (0..values.len()).map(|option| Valued {
        id: scores.options[option].clone(),
        value: totals[option],
        rank: rank(&totals, option),
        parts: values[option]
            .iter()
            .zip(&shares)
            .map(|(value, share)| value * share)
            .collect(),
        cost: scores.costs.as_ref().map(|costs| costs[option]),
        standing: standings.as_ref().map(|standings| standings[option]),
    });
    let whole = written_whole(scores.total);
    Valuation {
        options: options.collect(),
        weights: (scores.criteria.iter().zip(&shares))
            .map(|(criterion, share)| (criterion.id.clone(), *share, criterion.weight))
            .collect(),
        crossovers: (0..shares.len())
            .flat_map(|criterion| crossovers(&values, &shares, criterion, whole))
            .collect(),
    }
}

/// What a weight of everything is written as: rounding left aside, 1 or 100, or what the weights sum to.
fn written_whole(total: f64) -> f64 {
    let near = [1.0, 100.0]
        .into_iter()
        .find(|whole| (total / whole - 1.0).abs() < 1e-6);
    near.unwrap_or(total)
}

/// The value of a score by straight lines between the points of the criterion; beyond them the last line goes on.
pub(super) fn worth(score: f64, criterion: &Criterion) -> f64 {
    let points = &criterion.points;
    let lines = points.windows(2);
    let line = lines
        .clone()
        .find(|line| score <= line[1].0)
        .or(lines.last());
    line.map_or(score, |line| {
        let (from, to) = (line[0], line[1]);
        from.1 + (score - from.0) * (to.1 - from.1) / (to.0 - from.0)
    })
}

fn weigh(values: &[f64], shares: &[f64]) -> f64 {
    values
        .iter()
        .zip(shares)
        .map(|(value, share)| value * share)
        .sum()
}

/// Values whose difference is smaller than this share of the larger one are the same, and share a rank.
pub const RANK_ROUNDING: f64 = ROUNDING;

fn rank(totals: &[f64], option: usize) -> usize {
    let own = totals[option];
    let is_above = |total: &&f64| **total - own > RANK_ROUNDING * total.abs().max(own.abs());
    1 + totals.iter().filter(is_above).count()
}

/// As the share `w` of one criterion varies, an option is worth `w` times its value there plus `1 - w` times the
/// weighted mean of its values elsewhere: a straight line, and two of them cross once at most.
fn crossovers(values: &[Vec<f64>], shares: &[f64], criterion: usize, whole: f64) -> Vec<Crossover> {
    let others: f64 = shares.iter().sum::<f64>() - shares[criterion];
    if others <= ROUNDING {
        return Vec::new();
    }
    let line = |row: &Vec<f64>| {
        let rest = (weigh(row, shares) - row[criterion] * shares[criterion]) / others;
        (rest, row[criterion])
    };
    let lines: Vec<(f64, f64)> = values.iter().map(line).collect();
    let at = |(rest, own): (f64, f64), share: f64| rest + share * (own - rest);
    let mut found = Vec::new();
    for (a, first) in lines.iter().enumerate() {
        for (b, second) in lines.iter().enumerate().skip(a + 1) {
            let size = first.0.abs() + first.1.abs() + second.0.abs() + second.1.abs();
            let (gap, turn) = (
                first.0 - second.0,
                (second.1 - second.0) - (first.1 - first.0),
            );
            if turn.abs() <= ROUNDING * size {
                continue;
            }
            let share = gap / turn;
            if share <= ROUNDING || share >= 1.0 - ROUNDING {
                continue;
            }
            let (ahead_below, ahead_above) = if turn > 0.0 { (a, b) } else { (b, a) };
            let level = at(*first, share);
            let is_above = |line: &(f64, f64)| at(*line, share) - level > ROUNDING * size;
            found.push(Crossover {
                criterion,
                weight: share * whole,
                ahead_below,
                ahead_above,
                changes_best: !lines.iter().any(is_above),
            });
        }
    }
    found.sort_by(|a, b| a.weight.total_cmp(&b.weight));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(rows: &[&[f64]], weights: &[f64]) -> Scores {
        Scores {
            options: (0..rows.len()).map(|o| format!("o{o}")).collect(),
            criteria: weights
                .iter()
                .map(|weight| Criterion {
                    id: weight.to_string(),
                    weight: *weight,
                    points: Vec::new(),
                })
                .collect(),
            total: weights.iter().sum(),
            scores: rows.iter().map(|row| row.to_vec()).collect(),
            costs: None,
        }
    }

    #[test]
    fn weights_that_are_a_whole_but_for_rounding_are_written_as_one() {
        assert_eq!(written_whole(1.0 + 1e-9), 1.0);
        assert_eq!(written_whole(100.0 - 1e-9), 100.0);
        assert_eq!(written_whole(7.0), 7.0);
    }

    #[test]
    fn lines_cross_where_they_meet() {
        let found = value(&scores(&[&[100.0, 0.0], &[40.0, 50.0]], &[0.6, 0.4]));
        assert!((found.options[0].value - 60.0).abs() < 1e-12);
        assert!((found.options[1].value - 44.0).abs() < 1e-12);
        // 100 w = 40 w + 50 (1 - w) at w = 5 / 11.
        let crossover = &found.crossovers[0];
        assert!((crossover.weight - 5.0 / 11.0).abs() < 1e-12);
        assert_eq!((crossover.ahead_below, crossover.ahead_above), (1, 0));
        assert!(crossover.changes_best);
        assert!((found.crossovers[1].weight - 6.0 / 11.0).abs() < 1e-12);
        assert_eq!(found.crossovers.len(), 2);
    }

    #[test]
    fn options_of_one_value_share_a_rank_and_never_cross() {
        let found = value(&scores(
            &[&[1.0, 3.0], &[1.0, 3.0], &[0.0, 1.0]],
            &[50.0, 50.0],
        ));
        let ranks: Vec<_> = found.options.iter().map(|option| option.rank).collect();
        assert_eq!(ranks, [1, 1, 3]);
        assert!(found.crossovers.is_empty());
    }

    /// Two options cross below a third; with other weights three meet in one point. No unit of the scores says otherwise.
    #[test]
    fn ranks_change_hands_at_the_same_weights_in_any_unit() {
        for unit in [1e-9, 1.0, 1e9] {
            let of = |rows: [[f64; 2]; 3]| {
                let rows = rows.map(|row| row.map(|score| score * unit));
                let rows = [&rows[0][..], &rows[1], &rows[2]];
                let crossovers = value(&scores(&rows, &[0.5, 0.5])).crossovers;
                let own = crossovers.into_iter().filter(|found| found.criterion == 0);
                own.map(|found| ((found.weight * 1e6).round() / 1e6, found.changes_best))
                    .collect::<Vec<_>>()
            };
            let below = [[4.0, 0.0], [0.0, 4.0], [3.0, 3.0]];
            let expected = [(0.25, true), (0.5, false), (0.75, true)];
            assert_eq!(of(below), expected, "{unit}");
            // 0.3 and 0.1 + 0.2 are one number but for rounding.
            let level = 0.1 + 0.2;
            let together = [[0.6, 0.0], [0.0, 0.6], [level, level]];
            assert_eq!(of(together), [(0.5, true); 3], "{unit}");
        }
    }

    #[test]
    fn values_lie_on_the_lines_between_points() {
        let criterion = Criterion {
            id: String::new(),
            weight: 1.0,
            points: vec![(0.0, 0.0), (40.0, 80.0), (60.0, 100.0)],
        };
        for (score, expected) in [
            (0.0, 0.0),
            (20.0, 40.0),
            (40.0, 80.0),
            (50.0, 90.0),
            (60.0, 100.0),
        ] {
            assert_eq!(worth(score, &criterion), expected);
        }
    }
}

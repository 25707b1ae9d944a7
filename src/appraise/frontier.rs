//! Which options are worth choosing at some price of an outcome: dominance, the efficiency frontier, and the cost of
//! one more along it.
//!
//! The frontier is the lower convex hull of the options in the plane of outcome and cost, from the cheapest (of several
//! as cheap, the one that achieves most) to the one that achieves most. Options that cost and achieve the same stand or
//! fall together, as in heemod's `get_frontier`; options on a straight line between two others stay, because at that
//! one price they are as good (dampack's `calculate_icers` and heemod agree).

use std::cmp::Ordering;

/// Why an option is not worth choosing at any price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dominance {
    /// It is worth choosing at some price.
    None,
    /// Another option costs no more and achieves no less, and is better in one of them.
    Strong,
    /// A mix of two other options achieves more at no more cost.
    Extended,
}

impl Dominance {
    /// As in the tables.
    pub fn word(self) -> &'static str {
        match self {
            Dominance::None => "none",
            Dominance::Strong => "strong",
            Dominance::Extended => "extended",
        }
    }
}

/// Where one option stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Whether something is better whatever an outcome is worth.
    pub dominance: Dominance,
    /// The extra cost of one more outcome against the next cheaper option on the frontier: above 0. `None` off the
    /// frontier and for its cheapest options, to which nothing is compared.
    pub icer: Option<f64>,
}

impl Standing {
    /// Whether the option is on the frontier.
    pub fn is_on_frontier(&self) -> bool {
        self.dominance == Dominance::None
    }
}

/// Where options stand by what they cost and achieve, both finite and of any sign; more of an outcome is better.
pub fn frontier(costs: &[f64], outcomes: &[f64]) -> Vec<Standing> {
    let (cost_ranks, outcome_ranks) = (levels(costs), levels(outcomes));
    let mut order: Vec<usize> = (0..costs.len()).collect();
    let by_cost = |a: &usize, b: &usize| -> Ordering {
        (cost_ranks[*a].cmp(&cost_ranks[*b])).then(outcome_ranks[*b].cmp(&outcome_ranks[*a]))
    };
    order.sort_by(by_cost);
    let mut standings = vec![
        Standing {
            dominance: Dominance::Strong,
            icer: None,
        };
        costs.len()
    ];
    // Options that are one point in the plane, from the cheapest, each achieving more than those before.
    let mut hull: Vec<&[usize]> = Vec::new();
    let mut most = None;
    for point in order.chunk_by(|a, b| by_cost(a, b) == Ordering::Equal) {
        let outcome = outcome_ranks[point[0]];
        if most.is_some_and(|most| outcome <= most) {
            continue;
        }
        most = Some(outcome);
        while let [.., before, last] = hull.as_slice() {
            let at = |point: &[usize]| (outcomes[point[0]], costs[point[0]]);
            if !is_above(at(before), at(last), at(point)) {
                break;
            }
            for option in *last {
                standings[*option].dominance = Dominance::Extended;
            }
            hull.pop();
        }
        hull.push(point);
    }
    for (index, point) in hull.iter().enumerate() {
        let before = index.checked_sub(1).map(|before| hull[before][0]);
        let icer = before.map(|before| {
            (costs[point[0]] - costs[before]) / (outcomes[point[0]] - outcomes[before])
        });
        for option in *point {
            standings[*option] = Standing {
                dominance: Dominance::None,
                icer,
            };
        }
    }
    standings
}

/// By option of the frontier the next cheaper one there, to which its cost of one more is compared.
pub(super) fn cheaper(
    costs: &[f64],
    outcomes: &[f64],
    standings: &[Standing],
) -> Vec<Option<usize>> {
    let before = |option: usize| {
        let others = (0..costs.len()).filter(|other| standings[*other].is_on_frontier());
        let less = others.filter(|other| outcomes[*other] < outcomes[option]);
        // Points of the frontier that are one point have one price.
        let apart = less.filter(|other| costs[*other] < costs[option]);
        apart.max_by(|a, b| outcomes[*a].total_cmp(&outcomes[*b]).then(b.cmp(a)))
    };
    let options = standings.iter().enumerate();
    options
        .map(|(option, standing)| standing.icer.and_then(|_| before(option)))
        .collect()
}

/// The share of its size by which a number may be off from rounding alone.
pub(super) const ROUNDING: f64 = 1e-12;

/// How far rounding alone may part a number from one like it, when the largest number around is `largest`.
fn slack(number: f64, largest: f64) -> f64 {
    ROUNDING * number.abs() + 1e-14 * largest
}

/// Ranks of values from the smallest, those that only rounding parts being the same.
fn levels(values: &[f64]) -> Vec<usize> {
    let largest = values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()));
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut levels = vec![0; values.len()];
    let mut level = 0;
    for pair in order.windows(2) {
        let (below, above) = (values[pair[0]], values[pair[1]]);
        level += usize::from(above - below > slack(above.abs().max(below.abs()), largest));
        levels[pair[1]] = level;
    }
    levels
}

/// Whether the middle point lies above the straight line between the others, by more than rounding.
fn is_above(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> bool {
    let (first, second) = ((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
    let (steep, flat) = (first.1 * second.0, second.1 * first.0);
    let outcome = a.0.abs().max(b.0.abs()).max(c.0.abs());
    let cost = a.1.abs().max(b.1.abs()).max(c.1.abs());
    let rounding = outcome * (first.1 + second.1) + cost * (first.0 + second.0);
    steep - flat > ROUNDING * rounding
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a straight line is off by where numbers are large, and where they differ little from each other.
    #[test]
    fn a_straight_line_has_no_point_above_it() {
        for (cost, outcome) in [(1e9, 0.0), (0.0, 1e9), (0.0, 0.0)] {
            for (rise, run) in [(1.0, 1.0), (1e6, 1.0), (1e-6, 1.0), (1.0, 1e6)] {
                for step in 1..500 {
                    let at = |n: f64| {
                        let t = n * 0.1 * f64::from(step);
                        (outcome + run * t, cost + rise * t)
                    };
                    let (a, b, c) = (at(0.3), at(1.0), at(2.3));
                    assert!(!is_above(a, b, c), "{a:?} {b:?} {c:?}");
                }
            }
        }
        // A thousandth of the way above it is no rounding.
        assert!(is_above((1.0, 1e6), (2.0, 2.001e6), (3.0, 3e6)));
    }

    #[test]
    fn what_rounding_parts_grows_with_the_number_and_with_the_largest_around_it() {
        for (number, largest, expected) in
            [(0.0, 1e6, 1e-8), (-3.0, 0.0, 3e-12), (1.0, 1e3, 1.1e-11)]
        {
            let found = slack(number, largest);
            assert!((found / expected - 1.0_f64).abs() < 1e-9, "{found}");
        }
    }

    fn on_frontier(costs: &[f64], outcomes: &[f64]) -> Vec<usize> {
        let standings = frontier(costs, outcomes);
        (0..costs.len())
            .filter(|option| standings[*option].is_on_frontier())
            .collect()
    }

    #[test]
    fn twins_stand_together_and_share_their_icer() {
        let standings = frontier(&[10.0, 30.0, 30.0, 40.0], &[1.0, 2.0, 2.0, 2.0]);
        assert_eq!(standings[1], standings[2]);
        assert_eq!(standings[1].icer, Some(20.0));
        assert_eq!(standings[3].dominance, Dominance::Strong);
    }

    #[test]
    fn decimal_fractions_on_a_line_are_on_it() {
        let costs = [60.0, 70.0, 80.0, 90.0];
        assert_eq!(on_frontier(&costs, &[0.6, 0.7, 0.8, 0.9]), [0, 1, 2, 3]);
        let thirds = (0.1 + 0.2 + 0.3) / 3.0;
        assert_ne!(thirds, 0.2);
        assert_eq!(on_frontier(&[5.0, 5.0], &[thirds, 0.2]), [0, 1]);
    }

    #[test]
    fn savings_and_losses_have_a_frontier_too() {
        let standings = frontier(&[-5.0, -1.0, 0.0, 3.0], &[-3.0, -2.5, 0.0, -1.0]);
        let words: Vec<_> = standings.iter().map(|s| s.dominance.word()).collect();
        assert_eq!(words, ["none", "extended", "none", "strong"]);
        assert_eq!(standings[2].icer, Some(5.0 / 3.0));
        assert_eq!(standings[0].icer, None);
    }
}

//! Laws that hold for any table: whatever the options, draws and prices.

use needscast::appraise::{Comparison, Discounting, Schedule, compare, frontier};
use needscast::compile::{Alternative, Alternatives, alternatives};
use needscast::document;
use proptest::prelude::*;

const THRESHOLDS: [f64; 4] = [0.0, 1.0, 7.5, 250.0];

/// Options on a coarse grid, so that ties and twins are common.
fn coarse() -> impl Strategy<Value = Alternatives> {
    table(-4..=4_i32).prop_map(|grid| alternatives_of(&grid, f64::from))
}

/// Options that no rounding brings together.
fn fine() -> impl Strategy<Value = Alternatives> {
    table(-1_000_000..=1_000_000_i32)
        .prop_map(|grid| alternatives_of(&grid, |n| f64::from(n) / 977.0))
}

/// By option, draw and year: cost and outcome.
type Grid = Vec<Vec<Vec<(i32, i32)>>>;

fn table(range: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = Grid> {
    (1..6_usize, 1..6_usize, 1..4_usize).prop_flat_map(move |(options, draws, years)| {
        let cell = (range.clone(), range.clone());
        use proptest::collection::vec;
        vec(vec(vec(cell, years), draws), options)
    })
}

fn alternatives_of(grid: &Grid, number: impl Fn(i32) -> f64) -> Alternatives {
    let option = |(index, draws): (usize, &Vec<Vec<(i32, i32)>>)| Alternative {
        id: format!("o{index}"),
        years: (0..draws[0].len()).collect(),
        costs: draws
            .iter()
            .flatten()
            .map(|(cost, _)| number(*cost))
            .collect(),
        outcomes: draws
            .iter()
            .flatten()
            .map(|(_, outcome)| number(*outcome))
            .collect(),
    };
    Alternatives {
        options: grid.iter().enumerate().map(option).collect(),
        n_draws: grid[0].len(),
        comparator: 0,
        parameters: Vec::new(),
        outcome: "outcome".to_owned(),
        has_years: true,
    }
}

fn rates(costs: f64, outcomes: f64) -> Discounting {
    Discounting {
        costs: Schedule::constant(costs),
        outcomes: Schedule::constant(outcomes),
    }
}

fn plain(alternatives: &Alternatives) -> Comparison {
    compare(alternatives, &rates(0.0, 0.0), &THRESHOLDS)
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// The table as a file, its rows in any order.
fn written(alternatives: &Alternatives, order: &[usize]) -> String {
    let mut rows = Vec::new();
    for option in &alternatives.options {
        let n_years = option.years.len();
        for (index, (cost, outcome)) in option.costs.iter().zip(&option.outcomes).enumerate() {
            let (draw, year) = (index / n_years, option.years[index % n_years]);
            rows.push(format!("{},{draw},{year},{cost},{outcome}\n", option.id));
        }
    }
    let mut sorted: Vec<usize> = (0..rows.len()).collect();
    sorted.sort_by_key(|row| order.get(*row).copied().unwrap_or(0));
    let rows: String = sorted.iter().map(|row| rows[*row].as_str()).collect();
    format!("option,draw,year,cost,outcome\n{rows}")
}

fn read(table: &str) -> Alternatives {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draws.csv");
    std::fs::write(&path, table).unwrap();
    alternatives(&document::drawn(&path, "outcome", &[], true).unwrap(), None).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn regret_and_information_are_never_negative(alternatives in coarse()) {
        for choice in &plain(&alternatives).choices {
            prop_assert!(choice.evpi.mean >= 0.0);
            let total: f64 = choice.probability_best.iter().sum();
            prop_assert!((total - 1.0).abs() < 1e-12);
            for (expected, most) in choice.expected_regret.iter().zip(&choice.maximum_regret) {
                prop_assert!(*expected >= 0.0 && expected <= most);
                prop_assert!(choice.evpi.mean <= expected + 1e-9);
            }
            // What would be gained over the best mean, by its definition.
            let best = choice.net_benefit.iter().map(|benefit| benefit.mean).fold(f64::NEG_INFINITY, f64::max);
            prop_assert!(near(choice.net_benefit[choice.best].mean, best));
            if alternatives.n_draws == 1 || alternatives.options.len() == 1 {
                prop_assert_eq!(choice.evpi.mean, 0.0);
            }
        }
    }

    #[test]
    fn standings_are_what_their_definitions_say(
        points in proptest::collection::vec((-4..=4_i32, -4..=4_i32), 1..9),
    ) {
        let (costs, outcomes): (Vec<f64>, Vec<f64>) =
            points.iter().map(|(cost, outcome)| (f64::from(*cost), f64::from(*outcome))).unzip();
        let standings = frontier(&costs, &outcomes);
        for (standing, (cost, outcome)) in standings.iter().zip(&points) {
            let is_strong = points.iter().any(|(c, e)| c <= cost && e >= outcome && (c, e) != (cost, outcome));
            // A mix of a cheaper and a dearer option that costs less for as much, in whole numbers.
            let is_mixed = points.iter().any(|(c, e)| points.iter().any(|(d, f)| {
                e < outcome && outcome < f && (d - c) * (outcome - e) < (cost - c) * (f - e)
            }));
            let expected = match (is_strong, is_mixed) {
                (true, _) => "strong",
                (false, true) => "extended",
                (false, false) => "none",
            };
            prop_assert_eq!(standing.dominance.word(), expected);
            prop_assert!(standing.icer.is_none_or(|icer| icer > 0.0 && standing.is_on_frontier()));
        }
        // Ratios rise along the frontier, and its cheapest options have none.
        let mut members: Vec<_> = (0..points.len()).filter(|o| standings[*o].is_on_frontier()).collect();
        members.sort_by_key(|option| points[*option]);
        prop_assert!(!members.is_empty() && standings[members[0]].icer.is_none());
        for pair in members.windows(2) {
            let (before, after) = (standings[pair[0]].icer, standings[pair[1]].icer);
            prop_assert!(before.unwrap_or(0.0) <= after.unwrap_or(0.0) + 1e-12);
            prop_assert_eq!(points[pair[0]] == points[pair[1]], before == after && points[pair[0]] == points[pair[1]]);
        }
    }

    #[test]
    fn prices_times_k_are_money_times_k(alternatives in fine(), k in 0.01..100.0_f64) {
        let mut dearer = alternatives.clone();
        for cost in dearer.options.iter_mut().flat_map(|option| &mut option.costs) {
            *cost *= k;
        }
        let ours = plain(&alternatives);
        let theirs = compare(&dearer, &rates(0.0, 0.0), &THRESHOLDS.map(|threshold| threshold * k));
        for (ours, theirs) in ours.options.iter().zip(&theirs.options) {
            prop_assert_eq!(ours.standing.dominance, theirs.standing.dominance);
            prop_assert!(near(ours.cost.mean * k, theirs.cost.mean));
            let icers = (ours.standing.icer.unwrap_or(0.0) * k, theirs.standing.icer.unwrap_or(0.0));
            prop_assert!(near(icers.0, icers.1));
        }
        for (ours, theirs) in ours.choices.iter().zip(&theirs.choices) {
            prop_assert_eq!(&ours.probability_best, &theirs.probability_best);
            prop_assert!(near(ours.evpi.mean * k, theirs.evpi.mean));
            for (ours, theirs) in ours.net_benefit.iter().zip(&theirs.net_benefit) {
                prop_assert!(near(ours.mean * k, theirs.mean));
            }
        }
    }

    #[test]
    fn swapping_the_comparator_flips_every_sign(alternatives in fine()) {
        let mut swapped = alternatives.clone();
        swapped.comparator = alternatives.options.len() - 1;
        prop_assume!(swapped.comparator > 0);
        let (ours, theirs) = (plain(&alternatives), plain(&swapped));
        let ours = ours.options[swapped.comparator].increment.as_ref().unwrap();
        let theirs = theirs.options[0].increment.as_ref().unwrap();
        prop_assert_eq!(ours.cost.mean, -theirs.cost.mean);
        prop_assert_eq!(ours.outcome.mean, -theirs.outcome.mean);
        for (ours, theirs) in ours.net_benefit.iter().zip(&theirs.net_benefit) {
            prop_assert!(near(ours.mean, -theirs.mean));
            prop_assert!(ours.p05.is_nan() || near(ours.p05, -theirs.p95));
        }
        for (ours, theirs) in ours.probability_better.iter().zip(&theirs.probability_better) {
            prop_assert!((ours + theirs) <= 1.0 + 1e-12);
        }
    }

    #[test]
    fn a_rate_of_nothing_is_a_plain_sum_and_a_higher_rate_is_worth_less(
        alternatives in fine(), rate in 0.001..0.5_f64,
    ) {
        let plain = plain(&alternatives);
        for (compared, option) in plain.options.iter().zip(&alternatives.options) {
            let total: f64 = option.costs.iter().sum::<f64>() / alternatives.n_draws as f64;
            prop_assert!(near(compared.cost.mean, total));
        }
        let mut positive = alternatives.clone();
        for value in positive.options.iter_mut().flat_map(|option| &mut option.outcomes) {
            *value = value.abs();
        }
        let now = compare(&positive, &rates(0.0, 0.0), &[]);
        let later = compare(&positive, &rates(0.0, rate), &[]);
        for (now, later) in now.options.iter().zip(&later.options) {
            prop_assert!(later.outcome.mean <= now.outcome.mean);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Options come out in the order in which they first appear, and every number of theirs to the last bit.
    #[test]
    fn the_order_of_rows_changes_no_number(
        alternatives in fine(), order in proptest::collection::vec(0..1000_usize, 80),
    ) {
        let (ours, theirs) = (read(&written(&alternatives, &[])), read(&written(&alternatives, &order)));
        let (ours, mut theirs) = (ours, theirs);
        theirs.comparator = theirs.options.iter().position(|option| option.id == "o0").unwrap();
        let (ours, theirs) = (plain(&ours), plain(&theirs));
        for (index, option) in ours.options.iter().enumerate() {
            let there = theirs.options.iter().position(|other| other.id == option.id).unwrap();
            // Missing numbers are equal as text and not as numbers.
            prop_assert_eq!(format!("{option:?}"), format!("{:?}", theirs.options[there]));
            for (ours, theirs) in ours.choices.iter().zip(&theirs.choices) {
                prop_assert_eq!(ours.evpi.mean, theirs.evpi.mean);
                prop_assert_eq!(ours.net_benefit[index].mean, theirs.net_benefit[there].mean);
                prop_assert_eq!(ours.expected_regret[index], theirs.expected_regret[there]);
            }
        }
    }
}

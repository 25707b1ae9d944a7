//! Many partners: Shapley's shares along orders of joining are those of all coalitions, within the error that is stated.

use needscast::appraise::joint::{LivedRow, OwnCosts, Taker, groups, joint, orders};
use needscast::appraise::sharing::shapley;
use needscast::compile::{Coalitions, Plan, SharingPlan, coalition_worlds};
use needscast::draw::{Draws, draw};
use needscast::simulate::{Layout, simulate_each};

use super::question::{options, question};

const N: usize = 7;
const DRAWS: usize = 60;

fn lived(plan: &Plan, sharing: &SharingPlan, draws: &Draws, row: usize, all: bool) -> LivedRow {
    let orders = orders(N, plan.seed, row);
    let wanted = if all {
        (1..1 << N).collect()
    } else {
        groups(N, &orders)
    };
    let worlds = coalition_worlds(plan, &wanted).unwrap();
    let take = |layout: &Layout, values: &[f32]| {
        Taker::new((&worlds.plan, sharing), draws, row, (layout, values)).take()
    };
    LivedRow {
        taken: simulate_each(&worlds.plan, draws, &[row], take)
            .pop()
            .unwrap(),
        world_of: worlds.world_of,
        orders,
    }
}

/// Null: in every draw the mean of a partner's shares over random orders is Shapley's share of that draw's game.
/// Statistic: for each of 7 partners the mean of 60 paired differences over its standard error; alpha 1e-5 two-sided,
/// 4.42 errors; a bias of a fifth of the mean share is seen with a power of 99%, which the test proves.
#[test]
fn orders_of_joining_give_shapleys_shares() {
    let areas = ["A", "B", "C", "D", "E", "F", "G"];
    let running = "[[running_cost]]\ntitle = \"A manager\"\nservice = \"help\"\npayer = \"council\"\ngbp = 1000\nprice_year = \"2024-25\"\nsource = \"a test\"\n\
                   [[running_cost]]\ntitle = \"A team\"\nservice = \"help\"\npayer = \"council\"\ngbp = 700\nevery_places = 4\nprice_year = \"2024-25\"\nsource = \"a test\"\n";
    let text = options(&areas, "A", "") + running;
    let plan = question(&areas).options(&text).draws(DRAWS).years(2).plan();
    let sharing = plan.sharing.clone().unwrap();
    let draws = draw(&plan);
    let own = OwnCosts::of(&plan, &sharing, &Layout::of(&plan));
    let rows: Vec<LivedRow> = (0..=DRAWS)
        .map(|row| lived(&plan, &sharing, &draws, row, false))
        .collect();
    let found = joint(&plan, &sharing, &rows, own, Vec::new()).unwrap();
    assert!(!found.is_exact && found.expected.is_none());
    assert!(found.rules.iter().all(|rule| rule.id != "nucleolus"));
    let rule = &found.rules[0];
    assert_eq!(rule.id, "shapley");
    let mut differences = vec![Vec::new(); N];
    for row in 1..=DRAWS {
        let all = lived(&plan, &sharing, &draws, row, true);
        let cost = |group: u64| all.whole(group).unwrap().cost;
        let game = Coalitions {
            partners: areas.iter().map(|area| (*area).to_owned()).collect(),
            costs: std::iter::once(0.0).chain((1..1 << N).map(cost)).collect(),
            weights: Vec::new(),
        };
        for (partner, exact) in shapley(&game).into_iter().enumerate() {
            differences[partner].push(rule.by_row[row][partner] - exact);
        }
        let sum: f64 = rule.by_row[row].iter().sum();
        assert!((sum - cost(127)).abs() < 1e-6 * sum, "all is paid");
    }
    for (partner, differences) in differences.iter().enumerate() {
        let n = DRAWS as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let error = (variance / n).sqrt();
        assert!(
            mean.abs() < 4.42 * error,
            "{partner}: {mean}, error {error}"
        );
        let smallest = (4.42 + 2.33) * error / rule.shares[partner].mean;
        assert!(
            smallest < 0.2,
            "{partner}: errors below {smallest:.3} go unseen"
        );
    }
}

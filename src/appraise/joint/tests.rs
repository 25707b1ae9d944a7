//! Partners whose numbers are made up, so that every answer can be worked by hand.

use std::collections::BTreeMap;

use super::rules::rules;
use super::*;
use crate::appraise::tests::tiny;
use crate::draw::draw;
use crate::simulate::Layout;

/// Two partners, each alone in the first world and together in the second.
fn two(alone: [Numbers; 2], together: [Numbers; 2]) -> LivedRow {
    LivedRow {
        world_of: BTreeMap::from([(1, 0), (2, 0), (3, 1)]),
        taken: vec![alone.into(), together.into()],
        orders: Vec::new(),
    }
}

fn paid(cost: f64, running: f64) -> Numbers {
    Numbers {
        cost,
        running,
        ..Numbers::default()
    }
}

fn close(found: &[f64], expected: &[f64]) {
    let is_close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
    assert!(
        found.len() == expected.len() && found.iter().zip(expected).all(is_close),
        "{found:?}, not {expected:?}"
    );
}

#[test]
fn a_joint_service_is_set_up_once_and_joined_by_each() {
    let own = OwnCosts {
        once: 100.0,
        joining: vec![10.0, 20.0, 30.0],
        alone: vec![1.0, 2.0, 4.0],
    };
    let groups = [0, 0b001, 0b100, 0b011, 0b101, 0b111];
    let expected = [0.0, 1.0, 4.0, 130.0, 140.0, 160.0];
    close(&groups.map(|group| own.paid(group)), &expected);
}

/// Together 14 pounds are saved. Running the service costs 30 less of that, so that all else costs 16 more: where running
/// cost 16 thirtieths of what it does, together and alone would cost the same.
#[test]
fn running_costs_switch_the_verdict_where_they_save_what_else_is_lost() {
    let plan = tiny();
    let sharing = plan.sharing.clone().expect("its options show it");
    let own = OwnCosts {
        once: 40.0,
        joining: vec![1.0, 2.0],
        alone: vec![3.0, 4.0],
    };
    let alone = || [paid(100.0, 40.0), paid(200.0, 60.0)];
    let central = two(alone(), [paid(1.0, 1.0), paid(1.0, 1.0)]);
    let draw = two(alone(), [paid(130.0, 30.0), paid(120.0, 40.0)]);
    let rows = [central, draw.clone(), draw];
    let of = |rows| Rows {
        plan: &plan,
        sharing: &sharing,
        rows,
        own: &own,
    };
    let found = of(&rows).running_cost().expect("running costs differ");
    close(&[found.at.unwrap_or(f64::NAN)], &[16.0 / 30.0]);
    assert_eq!(found.is_better_first, Some(false));
    // Two draws alike say what one row does.
    assert_eq!(of(&rows[1..2]).running_cost(), Some(found));
}

/// Together costs more and so does running it: no multiple of what running costs mends that.
#[test]
fn running_costs_that_only_add_to_what_is_lost_switch_nothing() {
    let plan = tiny();
    let sharing = plan.sharing.clone().expect("its options show it");
    let own = OwnCosts {
        once: 0.0,
        joining: vec![0.0; 2],
        alone: vec![0.0; 2],
    };
    let rows = |together: [Numbers; 2]| [two([paid(100.0, 40.0), paid(200.0, 60.0)], together)];
    let of = |rows: &[LivedRow; 1]| {
        let rows = Rows {
            plan: &plan,
            sharing: &sharing,
            rows,
            own: &own,
        };
        rows.running_cost().expect("running costs differ")
    };
    // All else costs 5 more, and running 10.
    let lost = of(&rows([paid(115.0, 50.0), paid(200.0, 60.0)]));
    assert_eq!((lost.at, lost.n_changes), (None, 0));
    // All else costs the same: only where running cost nothing would they be level.
    let level = of(&rows([paid(110.0, 50.0), paid(200.0, 60.0)]));
    assert_eq!((level.at, level.n_changes), (None, 0));
}

#[test]
fn numbers_of_partners_add_up_one_by_one() {
    let made = |of: f64| Numbers {
        cost: of,
        running: 2.0 * of,
        public_cost: 3.0 * of,
        arising: 5.0 * of,
        starts: 7.0 * of,
        needs_met: 11.0 * of,
        needs_met_discounted: 13.0 * of,
        unmet_need: 17.0 * of,
        gave_up: 19.0 * of,
        waited: 23.0 * of,
        outcomes: vec![29.0 * of, 31.0 * of],
    };
    assert_eq!(made(1.0) + &made(2.0), made(3.0));
    assert_eq!(made(1.0) + &made(4.0), made(5.0));
}

/// The game of expected costs, and what costs are shared by: means over the draws, of which the central row is none.
#[test]
fn expected_costs_and_weights_are_means_of_the_draws() {
    let plan = tiny();
    let sharing = plan.sharing.clone().expect("its options show it");
    let own = OwnCosts {
        alone: vec![3.0, 4.0],
        joining: vec![1.0, 2.0],
        once: 0.0,
    };
    let used = |cost, arising, starts| Numbers {
        cost,
        arising,
        starts,
        ..Numbers::default()
    };
    let row = |by: f64| {
        let alone = [used(10.0 * by, 0.0, 0.0), used(20.0 * by, 0.0, 0.0)];
        let together = [
            used(12.0 * by, 5.0 + by, 3.0 * by),
            used(9.0 * by, 7.0, 1.0),
        ];
        two(alone, together)
    };
    let lived = [row(50.0), row(1.0), row(4.0)];
    let rows = Rows {
        plan: &plan,
        sharing: &sharing,
        rows: &lived,
        own: &own,
    };
    let found = rules(&rows).expect("two partners have a solution");
    let expected = found.expected.expect("all coalitions were lived");
    close(&expected.alone, &[25.0 + 3.0, 50.0 + 4.0]);
    close(&[expected.together], &[52.5 + 3.0]);
    // Shapley gives each half of what is saved.
    close(
        &expected.rules[0].shares,
        &[28.0 - 26.5 / 2.0, 54.0 - 26.5 / 2.0],
    );
    let names: Vec<&str> = found
        .weights
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["population", "need", "use"]);
    close(&found.weights[1].1, &[7.5, 7.0]);
    close(&found.weights[2].1, &[7.5, 1.0]);
    // What a partner pays in the verdict is what the named rule gives it.
    let paid = |rule: &str| {
        let named = SharingPlan {
            rule: rule.to_owned(),
            ..sharing.clone()
        };
        let joint = joint(&plan, &named, &lived, own.clone(), Vec::new()).expect("as before");
        let members = joint.members.iter();
        members
            .map(|member| member.cost.together.mean)
            .collect::<Vec<_>>()
    };
    close(&paid("shapley"), &[28.0 - 26.5 / 2.0, 54.0 - 26.5 / 2.0]);
    close(&paid("equal"), &[55.5 / 2.0, 55.5 / 2.0]);
}

/// Seven partners with one cost that any of them has to pay, the same for every group, beside costs of their own: Shapley
/// and separable costs, remaining benefits share it equally, and nobody objects. In seven orders of joining each is the
/// first once.
#[test]
fn a_common_cost_is_shared_equally_among_many() {
    let plan = tiny();
    let mut sharing = plan.sharing.clone().expect("its options show it");
    // Where the partners are decides nothing here.
    sharing.partners = vec![0, 1, 0, 1, 0, 1, 0];
    let own = OwnCosts {
        once: 0.0,
        joining: vec![0.0; 7],
        alone: vec![0.0; 7],
    };
    let separable = [1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0];
    let world = |group: Group| {
        let common = 70.0 / f64::from(group.count_ones());
        let members = separable.iter();
        members.map(|cost| paid(cost + common, 0.0)).collect()
    };
    let row = LivedRow {
        world_of: (1..128).map(|group| (group, group as usize - 1)).collect(),
        taken: (1..128).map(world).collect(),
        orders: (0..7)
            .map(|first| (0..7).map(|next| (first + next) % 7).collect())
            .collect(),
    };
    let rows = Rows {
        plan: &plan,
        sharing: &sharing,
        rows: &[row.clone(), row],
        own: &own,
    };
    let found = rules(&rows).expect("formulas alone");
    let fair = separable.map(|cost| cost + 10.0);
    let equal = [123.0 / 7.0; 7];
    // By equal shares the six who need least pay 738 / 7 for what they could have for 102.
    for (id, expected, in_core, objection) in [
        ("shapley", fair, 1.0, 0.0),
        ("scrb", fair, 1.0, 0.0),
        // It leaves the common cost unpaid.
        ("marginal", separable, 0.0, 0.0),
        ("equal", equal, 0.0, 24.0 / 7.0),
        // Nobody is in need, and nobody starts.
        ("use", equal, 0.0, 24.0 / 7.0),
    ] {
        let rule = found.rules.iter().find(|rule| rule.id == id);
        let rule = rule.unwrap_or_else(|| panic!("no {id}"));
        close(&rule.by_row[1], &expected);
        let means: Vec<f64> = rule.shares.iter().map(|share| share.mean).collect();
        close(&means, &expected);
        // Alone each would pay at least the whole common cost.
        assert_eq!(rule.individually_rational, 1.0, "{id}");
        assert_eq!(rule.in_core, in_core, "{id}");
        close(&[rule.side_payment.mean], &[objection]);
    }
}

/// Three people who waited two months and one who waited six: months add up to twelve and the mean wait is three.
#[test]
fn months_waited_are_those_of_everybody_who_starts() {
    let plan = tiny();
    let sharing = plan.sharing.clone().expect("its options show it");
    let draws = draw(&plan);
    let layout = Layout::of(&plan);
    let mut values = vec![0.0_f32; layout.n_values()];
    let first = forecast_first(&plan, &layout);
    for (measure, numbers) in [
        ("starts", [3.0, 1.0, 0.0]),
        ("wait_months_mean", [2.0, 6.0, f32::NAN]),
    ] {
        let series = layout.find(measure, "service=homes").expect("it is told");
        for (year, number) in numbers.into_iter().enumerate() {
            values[layout.at(0, 0, series, first + year)] = number;
        }
    }
    let taker = Taker::new((&plan, &sharing), &draws, 0, (&layout, &values));
    let taken = &taker.take()[0][0];
    assert_eq!((taken.starts, taken.waited, taken.wait()), (4.0, 12.0, 3.0));
}

fn forecast_first(plan: &Plan, layout: &Layout) -> usize {
    crate::summarise::forecast_years(plan, layout).start
}

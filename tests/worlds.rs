//! All options of a draw are lived in one pass, and each is what its own separate run would have been, bit for bit.

use needscast::compile::{Change, Operation, Plan, PlanOption, Stay, Target};
use needscast::draw::draw;
use needscast::quantity::Month;
use needscast::simulate::simulate;

use crate::laws::{bits, option_bits, shipped};

/// An option in which one quantity changes from a month on.
fn option(plan: &Plan, id: &str, quantity: usize, operation: Operation, from: Month) -> PlanOption {
    let base = &plan.options[plan.comparator];
    let mut option = PlanOption {
        id: id.to_owned(),
        differs_from: Some(from),
        ..base.clone()
    };
    option.changes.push(Change {
        from,
        target: Target::Quantity(quantity),
        area: None,
        sex: None,
        age: None,
        priors: None,
        operation,
        reaches_everyone: false,
        source: "test".to_owned(),
        words: id.to_owned(),
    });
    option
}

/// Tayside from three years before the forecast to four years into it, with an option for everything that an option can
/// change.
fn plan(seed: u64) -> Plan {
    let mut plan = shipped("tayside-throughcare", 1);
    plan.seed = seed;
    plan.history_from = plan.start.plus(-36);
    plan.end = plan.start.plus(48);
    let from = plan.start.plus(7);
    let custody = |stay: &Stay| stay.mean().is_some();
    let kept = plan
        .states
        .iter()
        .find(|s| s.group == "custody" && custody(&s.stay));
    let stay = kept
        .and_then(|state| state.stay.mean())
        .expect("a stay in custody");
    let service = plan.services[1].clone();
    let clock = plan.clock.clone().expect("a clock");
    let share = plan
        .states
        .iter()
        .flat_map(|s| &s.exits)
        .find_map(|exit| exit.share);
    let times = |by: f64| Operation::Multiply(by);
    let length = service.support.mean().expect("a length of support");
    let changes = [
        ("places", service.places, times(1.5)),
        ("fewer places", service.places, times(0.5)),
        ("uptake", service.uptake, times(0.8)),
        ("patience", service.patience, times(2.0)),
        ("length", length, times(0.7)),
        ("completion", service.completion, times(0.9)),
        ("meets", service.meets_need, times(0.5)),
        ("effect", service.hazard_ratio, times(0.9)),
        ("after", service.effect_after, times(9.0)),
        ("clock", clock.starts[0].probability, times(0.9)),
        ("arrivals", plan.inflows[0].rate, times(1.02)),
        ("priors", plan.inflows[0].priors, times(0.9)),
        ("exits", share.expect("a share"), times(1.05)),
        ("needs", plan.prevalences[0].share, times(0.9)),
        ("stay", stay, times(0.9)),
    ];
    let mut options = vec![plan.options[plan.comparator].clone()];
    for (id, quantity, operation) in changes {
        options.push(option(&plan, id, quantity, operation, from));
    }
    // Shares that all change alike are the same shares.
    let of_priors = options.iter_mut().find(|option| option.id == "priors");
    of_priors.expect("it is there").changes[0].priors = Some(1);
    let mut law = option(&plan, "law", stay, times(0.8), from);
    law.changes[0].reaches_everyone = true;
    let mut access = option(&plan, "access", service.uptake, times(0.7), from);
    access.changes[0].area = Some(vec![1]);
    let mut men = option(&plan, "men", service.uptake, times(0.7), from);
    men.changes[0].sex = Some(1);
    let mut pooled = option(&plan, "pooled", service.places, times(1.1), from);
    pooled.pools[1].push((plan.start.plus(9), vec![2; 3]));
    pooled.pools[1].push((plan.start.plus(20), vec![0, 1, 1]));
    pooled.pools[0].push((plan.start.plus(3), vec![1, 1, 2]));
    pooled.differs_from = Some(plan.start.plus(3));
    options.extend([law, access, men, pooled]);
    plan.options = options;
    plan.comparator = 0;
    plan
}

#[test]
fn every_world_of_a_pass_is_its_own_separate_run_whatever_an_option_changes() {
    let mut idle: Vec<String> = plan(1)
        .options
        .into_iter()
        .map(|option| option.id)
        .collect();
    for seed in [1, 2, 3] {
        let plan = plan(seed);
        let together = simulate(&plan, &draw(&plan), &|| {});
        for option in 0..plan.options.len() {
            let mut alone = plan.clone();
            alone.options = vec![plan.options[option].clone()];
            alone.options[0].differs_from = Some(plan.history_from);
            let separate = simulate(&alone, &draw(&alone), &|| {});
            for row in 0..together.rows.len() {
                let own = option_bits(&together, row, option);
                let id = &plan.options[option].id;
                assert!(
                    own == bits(&separate.rows[row].values),
                    "{id} in row {row} of seed {seed} is not its own run"
                );
                idle.retain(|idle| idle != id || own == option_bits(&together, row, 0));
            }
        }
    }
    // Every option but the comparator changes something, or the test would show nothing.
    assert_eq!(idle, [plan(1).options[0].id.clone()]);
}

#[test]
fn more_options_than_one_pass_holds_are_lived_all_the_same() {
    let mut plan = plan(4);
    plan.end = plan.start.plus(12);
    plan.n_draws = 0;
    let few = simulate(&plan, &draw(&plan), &|| {});
    let n = plan.options.len();
    let options = plan.options.clone();
    plan.options = (0..70).map(|at| options[at % n].clone()).collect();
    let many = simulate(&plan, &draw(&plan), &|| {});
    for option in 0..70 {
        assert_eq!(
            option_bits(&many, 0, option),
            option_bits(&few, 0, option % n)
        );
    }
}

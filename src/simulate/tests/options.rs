//! Options that are lived in one pass: each is what its own run would be, and they share what none of them touches.

use super::*;

#[test]
fn an_option_lived_from_the_fork_equals_its_own_separate_run() {
    let both = with_service(8.0);
    let together = run(&both);
    let mut alone = both.clone();
    alone.options = vec![both.options[1].clone()];
    alone.options[0].differs_from = Some(alone.history_from);
    let separate = run(&alone);
    let n = separate.layout.n_values();
    let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(
        bits(&together.rows[0].values[n..]),
        bits(&separate.rows[0].values)
    );
    assert_ne!(
        bits(&together.rows[0].values[..n]),
        bits(&together.rows[0].values[n..])
    );
}

#[test]
fn every_option_of_one_pass_equals_its_own_run_over_many_seeds() {
    let mut both = with_service(5.0);
    both.end = both.start.plus(60);
    let from = both.start.plus(17);
    let change = |target: QuantityIdx, area: Option<Vec<usize>>, by: f64| Change {
        from,
        target: Target::Quantity(target),
        area,
        sex: None,
        age: None,
        priors: None,
        operation: Operation::Multiply(by),
        reaches_everyone: false,
        source: "test".to_owned(),
        words: "test".to_owned(),
    };
    for quantity in 0..both.quantities.len() {
        for (area, by) in [(None, 0.7), (Some(vec![1]), 1.3)] {
            let mut option = option(&format!("{quantity} {by}"));
            option.pools = both.options[0].pools.clone();
            option.differs_from = Some(from);
            option.changes.push(change(quantity, area, by));
            both.options.push(option);
        }
    }
    let bits = |values: &[f32]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    for seed in 0..40 {
        both.seed = seed;
        let together = run(&both);
        let n = together.layout.n_areas * together.layout.n_slots;
        for at in 0..both.options.len() {
            let mut alone = both.clone();
            alone.options = vec![both.options[at].clone()];
            alone.options[0].differs_from = Some(alone.history_from);
            let separate = run(&alone);
            assert!(
                bits(&together.rows[0].values[at * n..(at + 1) * n])
                    == bits(&separate.rows[0].values),
                "seed {seed}, option {}",
                both.options[at].id
            );
        }
    }
}

#[test]
fn what_touches_everybody_shares_nothing_and_says_so() {
    let some = with_service(8.0);
    let shared = run(&some).shared;
    assert!(
        shared.iter().all(|share| (0.3..1.0).contains(share)),
        "{shared:?}"
    );
    // Another chance of returning is another clock for everybody who is at liberty.
    let mut all = some.clone();
    let clock = all.clock.as_ref().unwrap().starts[0].probability;
    all.options[1].changes[0].target = Target::Quantity(clock);
    all.options[1].changes[0].from = all.start;
    all.options[1].differs_from = Some(all.start);
    assert_eq!(run(&all).shared, [0.0, 0.0]);
    // Alone, and where nobody is, there is nothing to share.
    all.options.truncate(1);
    assert_eq!(run(&all).shared, [0.0]);
    all.inflows.clear();
    assert!(run(&all).shared[0].is_nan());
}

#[test]
fn an_option_that_tells_newcomers_apart_tells_nobody_else_apart() {
    // Newcomers pass through the first state as numbers. An option for men without previous convictions in one area
    // makes theirs matter there; everybody else, and business as usual, must have the luck they had without it.
    let mut build = Build::new(60);
    let (stay, share) = (build.number(5.0), build.number(0.4));
    let held = build.state(
        "held",
        Stay::Geometric(stay),
        &[(Destination::Leaves, None)],
    );
    let exits = [
        (Destination::State(held), Some(share)),
        (Destination::Leaves, None),
    ];
    let passing = build.state("passing", Stay::None, &exits);
    build.inflow(passing, 0.02);
    let mut entries = vec![false; 2];
    entries[held] = true;
    build.measure("entries", Counts::Entries(entries));
    let mut plan = build.plan();
    let mut changed = option("some");
    changed.differs_from = Some(plan.start.plus(24));
    changed.changes.push(Change {
        from: plan.start.plus(24),
        target: Target::Quantity(share),
        area: Some(vec![0]),
        sex: Some(1),
        age: None,
        priors: Some(0),
        operation: Operation::Multiply(0.5),
        reaches_everyone: false,
        source: "test".to_owned(),
        words: "half as many".to_owned(),
    });
    plan.options.push(changed);
    let together = run(&plan);
    let n = together.layout.n_areas * together.layout.n_slots;
    for at in 0..2 {
        let mut alone = plan.clone();
        alone.options = vec![plan.options[at].clone()];
        let alone = run(&alone);
        assert!(
            together.rows[0].values[at * n..(at + 1) * n] == alone.rows[0].values,
            "{at}"
        );
    }
    let entered = |option, area, year| {
        let series = together.layout.find("entries", "").unwrap();
        together.rows[0].values[together.layout.at(option, area, series, year)]
    };
    for year in 0..5 {
        assert_eq!(entered(0, 1, year), entered(1, 1, year), "the other area");
        assert_eq!(
            entered(0, 0, year) == entered(1, 0, year),
            year < 2,
            "the area"
        );
    }
    // A third of the men, who are half of all, come in half as often: a twelfth fewer. Of the 1,150 people of three years
    // that is 96 with a standard deviation of 9, so that chance leaves these bounds once in more than a million runs.
    let in_three_years = |option| (2..5).map(|year| entered(option, 0, year)).sum::<f32>();
    let left = in_three_years(1) / in_three_years(0);
    assert!((0.87..0.96).contains(&left), "{left}");
}

#[test]
fn an_option_that_moves_deaths_lets_fewer_people_stay_where_it_holds() {
    let mut build = birth_and_death(36);
    let from = build.0.start.plus(12);
    let hazard = build.dated(Unit::Per(TimeUnit::Month), &[(Month::EPOCH, 0.05)]);
    build.0.death = Some(hazard);
    let mut plan = build.plan();
    let mut deadlier = option("deadlier");
    deadlier.differs_from = Some(from);
    deadlier.changes.push(Change {
        from,
        target: Target::Quantity(hazard),
        area: Some(vec![1]),
        sex: None,
        age: None,
        priors: None,
        operation: Operation::Multiply(2.0),
        reaches_everyone: false,
        source: "test".to_owned(),
        words: "twice as many".to_owned(),
    });
    plan.options.push(deadlier);
    let together = run(&plan);
    let series = together.layout.find("stock-here", "").unwrap();
    let stock = |option, area, year| {
        together.rows[0].values[together.layout.at(option, area, series, year)]
    };
    for year in 0..3 {
        assert_eq!(stock(0, 0, year), stock(1, 0, year), "the other area");
        // Whoever dies has not died later with the higher hazard, because both have one random number.
        assert_eq!(stock(1, 1, year) < stock(0, 1, year), year > 0, "the area");
    }
}

//! A service with places and a queue: everybody who is referred is accounted for, and places never do harm.

use super::*;

/// A clock that entering the first state starts.
fn clock(
    (probability, shape, ends_after): (usize, usize, usize),
    fires_to: StateIdx,
    runs_in: Vec<bool>,
) -> Clock {
    Clock {
        title: "Reconviction".to_owned(),
        within: 12.0,
        ends_after,
        shape,
        fires_to,
        runs_in,
        started_by: vec![Some(0), None],
        starts: vec![ClockStart {
            probability,
            hazard_ratio: None,
            ends_after,
        }],
        modifiers: Vec::new(),
    }
}

/// A plan with a service, a clock and needs, whose option changes places half-way.
pub(super) fn with_service(places: f64) -> Plan {
    let mut build = Build::new(120);
    let follow_up = build.number(24.0);
    let shape = build.number(0.6);
    let probability = build.number(0.4);
    let need = build.number(0.6);
    let one = build.number(1.0);
    let half = build.number(0.5);
    let patience = build.number(4.0);
    let length = build.number(6.0);
    let effect = build.number(0.5);
    let after = build.number(6.0);
    let places = build.number(places);
    let free = build.state("free", Stay::Clock, &[(Destination::Leaves, None)]);
    let convicted = build.state("convicted", Stay::None, &[(Destination::State(free), None)]);
    build.0.states[convicted].convicts = true;
    build.inflow(convicted, 0.005);
    let only = |state: StateIdx| (0..2).map(|s| s == state).collect::<Vec<bool>>();
    build.0.clock = Some(clock(
        (probability, shape, follow_up),
        convicted,
        only(free),
    ));
    build.0.prevalences.push(Prevalence {
        entering: only(convicted),
        need: 0,
        share: need,
    });
    build.0.services.push(Service {
        id: "support".to_owned(),
        title: "Support".to_owned(),
        need: 0,
        refers_on: only(convicted),
        stays_in: only(free),
        uptake: half,
        patience,
        support: Stay::Geometric(length),
        completion: half,
        meets_need: half,
        hazard_ratio: effect,
        effect_after: after,
        places,
        is_health: false,
    });
    let _ = one;
    let own = vec![(Month::EPOCH, vec![0, 1])];
    build.0.options[0].pools = vec![own.clone()];
    let mut changed = option("more");
    changed.pools = vec![vec![own[0].clone(), (build.0.start.plus(60), vec![0, 0])]];
    changed.differs_from = Some(build.0.start.plus(40));
    changed.changes.push(Change {
        from: build.0.start.plus(40),
        target: Target::Quantity(places),
        area: None,
        sex: None,
        age: None,
        priors: None,
        operation: Operation::Multiply(2.0),
        reaches_everyone: false,
        source: "test".to_owned(),
        words: "twice the places".to_owned(),
    });
    build.0.options.push(changed);
    build.plan()
}

#[test]
fn everybody_referred_is_accounted_for() {
    let plan = with_service(8.0);
    let out = run(&plan);
    let by = "service=support";
    let sum = |measure: &str| {
        let series = out.layout.find(measure, by).unwrap();
        (0..10)
            .map(|year| f64::from(out.rows[0].values[out.layout.at(0, 2, series, year)]))
            .sum::<f64>()
    };
    let last = |measure: &str| {
        let series = out
            .layout
            .series
            .iter()
            .position(|s| s.is_monthly && s.measure == measure)
            .unwrap();
        f64::from(out.rows[0].values[out.layout.at(0, 2, series, 119)])
    };
    let left_waiting = sum("unmet_need") - sum("declined") - sum("gave_up");
    assert_eq!(
        sum("referrals"),
        sum("starts") + sum("gave_up") + left_waiting + last("waiting")
    );
    let left_support = sum("dropped_out") - left_waiting;
    assert_eq!(
        sum("starts"),
        sum("completions") + left_support + last("in_support")
    );
    assert!(last("in_support") <= 16.0 && sum("gave_up") > 0.0 && sum("needs_met") > 0.0);
    assert_eq!(sum("places") / 10.0, 16.0);
}

#[test]
fn more_places_never_start_fewer_people_in_the_same_draw() {
    let starts = |places: f64| {
        let plan = with_service(places);
        let out = run(&plan);
        let series = out.layout.find("starts", "service=support").unwrap();
        (0..10)
            .map(|year| out.rows[0].values[out.layout.at(0, 2, series, year)])
            .sum::<f32>()
    };
    let by_places: Vec<f32> = [0.0, 2.0, 4.0, 8.0, 16.0].into_iter().map(starts).collect();
    assert!(by_places.is_sorted(), "{by_places:?}");
    assert_eq!(by_places[0], 0.0);
}

//! The people engine against answers that are known exactly, on plans built by hand.

mod shared;
mod ways;

use super::*;
use crate::compile::*;
use crate::draw::draw;
use crate::quantity::{Grade, Month, TimeUnit, Unit};

/// Two sexes, two age bands, three bands of previous convictions.
fn strata() -> Strata {
    let band = |id: &str, from, to| Band {
        id: id.to_owned(),
        from,
        to,
    };
    Strata {
        sexes: vec!["women".to_owned(), "men".to_owned()],
        ages: vec![band("16-20", 16, Some(20)), band("over-20", 21, None)],
        priors: vec![
            band("0", 0, Some(0)),
            band("1-2", 1, Some(2)),
            band("over-2", 3, None),
        ],
    }
}

/// A plan in the making.
struct Build(Plan);

impl Build {
    fn new(months: i32) -> Build {
        let area = |code: &str| Area {
            code: code.to_owned(),
            name: code.to_owned(),
        };
        let start = Month::new(2024, 4).unwrap();
        Build(Plan {
            step: TimeUnit::Month,
            discounting: Discounting {
                costs: None,
                outcomes: None,
                health: None,
                each: Each::Year,
                first: 0.0,
                source: String::new(),
            },
            title: "test".to_owned(),
            seed: 1,
            n_draws: 0,
            luck: 0,
            history_from: start,
            start,
            end: start.plus(months),
            areas: vec![area("A1"), area("A2")],
            total: area("total"),
            strata: strata(),
            needs: vec![Named {
                id: "housing".to_owned(),
                title: "Housing".to_owned(),
            }],
            cells: Vec::new(),
            parameters: Vec::new(),
            quantities: Vec::new(),
            population: vec![vec![vec![vec![1000.0; 40]; 2]; 2]; 2],
            population_from: 2020,
            inflows: Vec::new(),
            states: Vec::new(),
            clock: None,
            death: None,
            prevalences: Vec::new(),
            associations: Vec::new(),
            services: Vec::new(),
            flows: Vec::new(),
            measures: Vec::new(),
            costs: Vec::new(),
            payers: Vec::new(),
            options: vec![option("bau")],
            comparator: 0,
            price_year: 2024,
            sharing: None,
            running_costs: Vec::new(),
            comparisons: Vec::new(),
            mixing: None,
            breaks: Vec::new(),
            recorded: Vec::new(),
            context: Vec::new(),
            optimism: None,
            weights: None,
            fittings: Vec::new(),
            duties: Default::default(),
            judging: Default::default(),
            disclosure: Default::default(),
            notes: Vec::new(),
        })
    }

    /// A quantity with one dated parameter of its own.
    fn dated(&mut self, unit: Unit, values: &[(Month, f64)]) -> QuantityIdx {
        let parameter = self.0.parameters.len();
        let cells = values.iter().map(|&(from, value)| {
            self.0.cells.push(cell(parameter, value));
            (from, self.0.cells.len() - 1)
        });
        let cells = vec![cells.collect()];
        self.0.parameters.push(Parameter {
            id: format!("p{parameter}"),
            unit: unit.clone(),
            keys: Keys::default(),
            cells,
            is_law: false,
            reaches_everyone: false,
            used_by: Vec::new(),
        });
        let id = format!("q{}", self.0.quantities.len());
        self.0.quantities.push(Quantity {
            id,
            factors: vec![parameter],
            scale: 1.0,
            keys: Keys::default(),
            unit,
        });
        self.0.quantities.len() - 1
    }

    fn number(&mut self, value: f64) -> QuantityIdx {
        self.dated(Unit::Count, &[(Month::EPOCH, value)])
    }

    fn state(
        &mut self,
        id: &str,
        stay: Stay,
        exits: &[(Destination, Option<QuantityIdx>)],
    ) -> StateIdx {
        let exit = |&(to, share)| Exit {
            stay: None,
            to,
            share,
            modifiers: Vec::new(),
            counts: None,
        };
        self.0.states.push(State {
            chances: Vec::new(),
            id: id.to_owned(),
            title: id.to_owned(),
            group: "community".to_owned(),
            stay,
            exits: exits.iter().map(exit).collect(),
            hazards: Vec::new(),
            convicts: false,
            opening: None,
        });
        let n = self.0.states.len();
        let stock = (0..n).map(|s| s == n - 1).collect();
        self.measure(&format!("stock-{id}"), Counts::Stock(stock));
        let entries = (0..n).map(|s| s == n - 1).collect();
        self.measure(&format!("into-{id}"), Counts::Entries(entries));
        n - 1
    }

    fn measure(&mut self, id: &str, counts: Counts) {
        self.0.measures.push(Measure {
            counted: Counted::End,
            is_summed: false,
            is_health: false,
            id: id.to_owned(),
            title: id.to_owned(),
            unit: "people".to_owned(),
            better: Better::Lower,
            counts,
            weights: Vec::new(),
            is_headline: false,
            is_monthly: false,
        });
    }

    fn inflow(&mut self, into: StateIdx, per_person_per_month: f64) {
        let rate = self.number(per_person_per_month);
        let priors = self.number(1.0 / 3.0);
        self.0.inflows.push(Inflow {
            is_of_population: true,
            id: "in".to_owned(),
            title: "in".to_owned(),
            into,
            rate,
            priors,
            walk: None,
            overdispersion: None,
            season: None,
        });
    }

    /// Every state list as long as the states now are.
    fn plan(mut self) -> Plan {
        let n = self.0.states.len();
        for measure in &mut self.0.measures {
            if let Counts::Stock(states) | Counts::Entries(states) = &mut measure.counts {
                states.resize(n, false);
            }
        }
        self.0
    }
}

fn option(id: &str) -> PlanOption {
    PlanOption {
        id: id.to_owned(),
        title: id.to_owned(),
        changes: Vec::new(),
        pools: Vec::new(),
        guaranteed: Vec::new(),
        pooled_places: Vec::new(),
        costs: Vec::new(),
        differs_from: None,
    }
}

fn cell(parameter: ParameterIdx, value: f64) -> Cell {
    Cell {
        parameter,
        keys: String::new(),
        from: None,
        value,
        law: Law::Fixed,
        interval: None,
        evidence: Evidence {
            period: "2024".to_owned(),
            population: String::new(),
            source: "test".to_owned(),
            url: String::new(),
            grade: Grade::Placeholder,
            note: String::new(),
            place: String::new(),
        },
    }
}

fn run(plan: &Plan) -> Trajectories {
    simulate(plan, &draw(plan), &|| {})
}

fn total(plan: &Plan, out: &Trajectories, option: usize, measure: &str, year: usize) -> f64 {
    let series = out.layout.find(measure, "").expect("a series of that name");
    f64::from(out.rows[0].values[out.layout.at(option, plan.areas.len(), series, year)])
}

/// 8,000 people of the population in eight cells, 0.0375 a month each: 300 arrivals a month, mean stay 10.
fn birth_and_death(months: i32) -> Build {
    let mut build = Build::new(months);
    let mean = build.number(10.0);
    let stays = build.state(
        "here",
        Stay::Geometric(mean),
        &[(Destination::Leaves, None)],
    );
    build.inflow(stays, 0.0375);
    build
}

#[test]
fn poisson_arrivals_with_geometric_stays_make_a_poisson_stock() {
    let plan = birth_and_death(240).plan();
    let out = run(&plan);
    // Null: the month-end stock is Poisson with mean 300 * 9 = 2,700 (those who leave in the month of counting are
    // gone; a stay of k months is counted at k month ends, mean 10, so 3,000). The mean of the last ten years has
    // sd sqrt(3000 / (120 / (2 * 9.5))) ~ 22; alpha 1e-5 is 4.42 sd = 97; an error of 5% is caught at 99% power.
    let mean: f64 = (10..20)
        .map(|year| total(&plan, &out, 0, "stock-here", year))
        .sum::<f64>()
        / 10.0;
    assert!((mean - 3000.0).abs() < 97.0, "mean stock {mean}");
    // Arrivals: Poisson with mean 3,600 a year; twenty years 72,000, sd 268; alpha 1e-5.
    let arrivals: f64 = (0..20)
        .map(|year| total(&plan, &out, 0, "into-here", year))
        .sum();
    assert!(
        (arrivals - 72_000.0).abs() < 4.42 * 268.4,
        "arrivals {arrivals}"
    );
}

#[test]
fn shares_split_as_they_say_and_the_rest_takes_the_rest() {
    let mut build = Build::new(120);
    let third = build.number(0.3);
    let a = build.state("a", Stay::None, &[(Destination::Leaves, None)]);
    let b = build.state("b", Stay::None, &[(Destination::Leaves, None)]);
    let split = build.state(
        "split",
        Stay::None,
        &[
            (Destination::State(a), Some(third)),
            (Destination::State(b), None),
        ],
    );
    build.inflow(split, 0.01);
    let plan = build.plan();
    let out = run(&plan);
    let sum = |measure: &str| {
        (0..10)
            .map(|year| total(&plan, &out, 0, measure, year))
            .sum::<f64>()
    };
    assert_eq!(sum("into-a") + sum("into-b"), sum("into-split"));
    // Null: binomial with share 0.3 of about 9,600: sd 45; alpha 1e-5; an error of 0.03 in the share is caught.
    let n = sum("into-split");
    assert!((sum("into-a") - 0.3 * n).abs() < 4.42 * (n * 0.21).sqrt());
}

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
fn with_service(places: f64) -> Plan {
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
fn a_cohort_is_reconvicted_as_often_as_published() {
    let mut plan = with_service(0.0);
    plan.services.clear();
    for option in &mut plan.options {
        option.pools.clear();
        option.guaranteed.clear();
    }
    plan.options.truncate(1);
    let out = run(&plan);
    let series = out.layout.find("reconviction_rate", "").unwrap();
    let cohort = total(&plan, &out, 0, "reconviction_cohort", 5);
    let rate = f64::from(out.rows[0].values[out.layout.at(0, 2, series, 5)]);
    // Null: each of the cohort is reconvicted within twelve months with chance 0.4, whatever the months' rounding:
    // binomial; alpha 1e-5; with a cohort near 500 an error of 0.12 is caught at 99% power.
    assert!(cohort > 300.0, "cohort {cohort}");
    assert!(
        (rate - 0.4).abs() < 4.42 * (0.24 / cohort).sqrt(),
        "rate {rate} of {cohort}"
    );
}

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

#[test]
fn a_law_that_reaches_everyone_releases_people_who_are_there() {
    // R11's shape: 100 a month, everybody stays four months; from month 12 half as long.
    let release = |everyone: bool| {
        let mut build = Build::new(24);
        let start = build.0.start;
        let stay = build.dated(Unit::Count, &[(Month::EPOCH, 4.0), (start.plus(13), 2.0)]);
        build.0.parameters[0].reaches_everyone = everyone;
        let here = build.state("here", Stay::Fixed(stay), &[(Destination::Leaves, None)]);
        build.inflow(here, 0.0125);
        build.0.measures[0].is_monthly = true;
        let plan = build.plan();
        let out = run(&plan);
        let series = out
            .layout
            .series
            .iter()
            .position(|s| s.is_monthly && s.measure == "stock-here")
            .unwrap();
        let stock: Vec<f32> = (0..24)
            .map(|m| out.rows[0].values[out.layout.at(0, 2, series, m)])
            .collect();
        let into = out.layout.find("into-here", "").unwrap();
        (stock, out.rows[0].values[out.layout.at(0, 2, into, 0)])
    };
    let (entrants, _) = release(false);
    let (everyone, arrivals) = release(true);
    assert_eq!(entrants[..13], everyone[..13]);
    // About 400 are there before and 200 after; at once if it reaches everyone, two months later if only entrants.
    let month = arrivals / 12.0;
    assert!((everyone[12] / month - 4.0).abs() < 0.6 && (everyone[13] / month - 2.0).abs() < 0.6);
    assert!((entrants[13] / month - 4.0).abs() < 0.6 && (entrants[16] / month - 2.0).abs() < 0.6);
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
}

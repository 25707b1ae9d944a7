//! Coalitions live in few worlds, and each as in a run of its own.

use needscast::compile::{Group, Plan, coalition_worlds};
use needscast::draw::draw;
use needscast::simulate::{Layout, Trajectories, simulate};

use super::question::{AREAS, options, pooled, question};

fn live(plan: &Plan) -> Trajectories {
    simulate(plan, &draw(plan), &|| {})
}

/// Everything about an area under an option, to the bit, in every row.
fn of_area(out: &Trajectories, option: usize, area: usize) -> Vec<u32> {
    let from = (option * out.layout.n_areas + area) * out.layout.n_slots;
    let rows = out.rows.iter();
    rows.flat_map(|row| {
        row.values[from..from + out.layout.n_slots]
            .iter()
            .map(|v| v.to_bits())
    })
    .collect()
}

fn groups(n: usize) -> Vec<Group> {
    (1..1 << n).collect()
}

#[test]
fn five_partners_live_in_seventeen_worlds_and_six_in_one_pass() {
    for (n, expected) in [(2, 2), (3, 5), (4, 9), (5, 17), (6, 33)] {
        let areas: Vec<String> = (0..n).map(|i| format!("A{i}")).collect();
        let areas: Vec<&str> = areas.iter().map(String::as_str).collect();
        let plan = question(&areas).options(&options(&areas, "A0", "")).plan();
        let worlds = coalition_worlds(&plan, &groups(n)).unwrap();
        assert_eq!(worlds.plan.options.len(), expected, "{n} partners");
        assert_eq!(worlds.world_of.len(), (1 << n) - 1);
        // A partner alone is lived once, for all partners.
        assert!((0..n).all(|partner| worlds.world_of[&(1 << partner)] == 0));
    }
}

/// What a pool of these partners would be as an option of its own, written in a scenario.
#[test]
fn every_coalition_lives_as_in_a_run_of_its_own() {
    let joint = options(&AREAS, "North", "");
    let plan = question(&AREAS).options(&joint).plan();
    let worlds = coalition_worlds(&plan, &groups(4)).unwrap();
    let lived = live(&worlds.plan);
    let mut n_differ = 0;
    for group in 1..16_u64 {
        let members: Vec<usize> = (0..4).filter(|i| group >> i & 1 == 1).collect();
        let names: Vec<&str> = members.iter().map(|i| AREAS[*i]).collect();
        let own = match names.len() {
            1 => String::new(),
            _ => options(&names, names[0], ""),
        };
        let own = live(&question(&AREAS).options(&own).plan());
        let option = usize::from(names.len() > 1);
        for &area in &members {
            let found = of_area(&lived, worlds.world_of[&group], area);
            assert_eq!(
                found,
                of_area(&own, option, area),
                "{names:?}, {}",
                AREAS[area]
            );
            n_differ += usize::from(found != of_area(&lived, 0, area));
        }
    }
    assert!(n_differ > 20, "pooling changes something: {n_differ}");
}

#[test]
fn everybody_together_is_the_option_itself_and_each_alone_the_comparator() {
    let more = "places = { set = 11, source = \"a test\" }\naccess = { \"South\" = { multiply = 0.5, source = \"a test\" } }\nuptake = { multiply = 0.9, source = \"a test\" }";
    let later = pooled(
        "2026-10",
        &AREAS,
        "East",
        "places = { add = -2, source = \"a test\" }",
    );
    let text = options(&AREAS[..3], "North", more) + &later;
    let plan = question(&AREAS).options(&text).plan();
    let worlds = coalition_worlds(&plan, &groups(4)).unwrap();
    let (lived, run) = (live(&worlds.plan), live(&plan));
    for area in 0..4 {
        assert_eq!(
            of_area(&lived, worlds.world_of[&15], area),
            of_area(&run, 1, area),
            "{area}"
        );
        assert_eq!(of_area(&lived, 0, area), of_area(&run, 0, area), "{area}");
    }
}

#[test]
fn a_member_that_joins_later_is_alone_until_then() {
    let text = options(&AREAS[..2], "North", "") + &pooled("2026-10", &AREAS[..3], "North", "");
    let plan = question(&AREAS).options(&text).plan();
    assert_eq!(
        plan.sharing.as_ref().unwrap().partners,
        [0, 1, 2],
        "West does not share"
    );
    let worlds = coalition_worlds(&plan, &[0b101]).unwrap();
    let pair = &worlds.plan.options[worlds.world_of[&0b101]];
    let month = |text: &str| needscast::quantity::Month::parse(text).unwrap();
    assert_eq!(pair.hosts(0, month("2025-06")), [0, 1, 2, 3]);
    assert_eq!(pair.hosts(0, month("2026-10")), [0, 1, 0, 3]);
}

#[test]
fn a_smaller_pool_has_what_its_members_bring_and_its_host_no_distance() {
    let more = "places = { set = 28, source = \"a test\" }\naccess = { \"East\" = { multiply = 0.5, source = \"a test\" }, \"South\" = { multiply = 0.5, source = \"a test\" } }";
    let text = options(&AREAS, "North", more) + "[share]\nhosts = [\"South\"]\n";
    let plan = question(&AREAS).options(&text).plan();
    // Places alone are 2, 3, 4 and 5: of 28 the partners bring 4, 6, 8 and 10.
    let worlds = coalition_worlds(&plan, &[0b0110]).unwrap();
    let layout = Layout::of(&worlds.plan);
    let out = live(&worlds.plan);
    let series = layout.find("places", "service=help").unwrap();
    let places = |area| out.rows[0].values[layout.at(1, area, series, 3)];
    assert_eq!([0, 1, 2, 3].map(places), [2.0, 0.0, 14.0, 5.0]);
    let pair = &worlds.plan.options[1];
    let uptake = needscast::compile::Target::Quantity(plan.services[0].uptake);
    let access: Vec<_> = pair.changes.iter().filter(|c| c.target == uptake).collect();
    assert_eq!(access.len(), 1, "{access:?}");
    assert_eq!(
        access[0].area,
        Some(vec![1]),
        "East is at a distance, South hosts"
    );
}

/// Pooling alone makes and unmakes no place, however the places of each round: 2.4 and 2.4 are four places alone, and
/// four together. Nobody is in support where there is no place.
#[test]
fn pooling_makes_no_place() {
    let text = question(&AREAS)
        .text("model/parameters/numbers.csv")
        .to_owned();
    let mut parts = question(&AREAS);
    for (index, area) in AREAS.iter().enumerate() {
        let row = |places: f64| format!("places,{area},,,,,{places},places");
        let whole = 2 + index;
        assert!(text.contains(&row(whole as f64)), "{text}");
        let (whole, part) = (row(whole as f64), row([1.5, 2.4, 2.4, 0.5][index]));
        parts = parts.edit("model/parameters/numbers.csv", &whole, &part);
    }
    let plan = parts.options(&options(&AREAS, "North", "")).plan();
    let worlds = coalition_worlds(&plan, &groups(4)).unwrap();
    let out = live(&worlds.plan);
    let find = |measure| out.layout.find(measure, "service=help").unwrap();
    let places = |world, area, year| -> f32 {
        out.rows[0].values[out.layout.at(world, area, find("places"), year)]
    };
    let alone: Vec<f32> = (0..4).map(|area| places(0, area, 3)).collect();
    assert_eq!(alone, [2.0, 2.0, 2.0, 1.0]);
    for group in groups(4) {
        let world = worlds.world_of[&group];
        let members: Vec<usize> = (0..4).filter(|area| group >> area & 1 == 1).collect();
        let brought: f32 = members.iter().map(|area| alone[*area]).sum();
        let pooled: f32 = members.iter().map(|area| places(world, *area, 3)).sum();
        assert_eq!(pooled, brought, "{members:?}");
        for area in members {
            let at = out.layout.at(world, area, find("occupancy"), 3);
            let used = out.rows[0].values[at];
            assert!(used <= 1.0, "{used}");
        }
    }
}

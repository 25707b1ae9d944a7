//! Who shares a service changes who is helped and when, and nobody's need.

use std::path::Path;

use needscast::compile::{Plan, coalition_worlds};
use needscast::draw::draw;
use needscast::simulate::{Trajectories, simulate};

use super::question::{AREAS, options, question};
use crate::support::question::{Question, fresh_seed, plan_of};

/// What tells of people in need.
const IN_NEED: [&str; 3] = [
    "need_arising",
    "people_by_number_of_needs",
    "people_by_needs",
];

/// Nobody's need depends on who shares a service: people in need are those of going alone, in every world, exactly.
#[test]
fn pooling_changes_nobody_who_is_in_need() {
    holds_need_whoever_shares(question(&AREAS));
}

/// Nor where a need that was met, or was not, is brought along to where another is found.
#[test]
fn pooling_changes_nobody_whose_need_is_brought_along() {
    let seen = "[[need]]\nid = \"work\"\ntitle = \"Work\"\n[[state]]\nid = \"seen\"\ntitle = \"Seen\"\ngroup = \"liberty\"\nstay = { fixed = \"long\" }\nexits = [{ to = \"leaves\", share = \"rest\" }]\n[[prevalence]]\nentering = [\"seen\"]\nneed = \"work\"\nshare = [\"most\"]\n";
    let brought = question(&AREAS)
        .edit(
            "model/model.toml",
            "fixed = \"long\"",
            "fixed = \"patience\"",
        )
        .edit("model/model.toml", "to = \"leaves\"", "to = \"seen\"")
        .more("model/model.toml", seen)
        .edit(
            "model/services.toml",
            "stays_in = [\"free\"]",
            "stays_in = [\"free\", \"seen\"]",
        );
    holds_need_whoever_shares(brought);
}

fn holds_need_whoever_shares(question: Question) {
    let more = "places = { set = 9, source = \"a test\" }\naccess = { \"South\" = { multiply = 0.2, source = \"a test\" } }";
    let mut plan = question.options(&options(&AREAS, "North", more)).plan();
    plan.seed += fresh_seed();
    let found = Differing::of(&plan);
    assert_eq!(found.in_need, 0);
    assert!(found.starts > 200, "but starts differ: {}", found.starts);
}

/// The model of Scotland says by what help acts on the journey: ratios on the hazard of reconviction for those who have
/// had it, and on outcomes of those with a need. Without these, pooling changes the need of nobody in any month; with
/// them it does, by those who come back or not.
#[test]
fn pooling_in_scotland_changes_needs_by_what_help_does_alone() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/tayside-throughcare.toml");
    let mut plan = plan_of(&scenario);
    plan.n_draws = 2;
    plan.seed += fresh_seed();
    let with_effect = Differing::of(&plan);
    assert!(with_effect.in_need > 0, "help acts on who comes back");
    let without_effect = Differing::of(&without_effect(plan));
    assert_eq!(without_effect.in_need, 0);
    assert!(without_effect.starts > 100, "{}", without_effect.starts);
}

/// The same model in which help changes nothing of anybody's journey.
fn without_effect(mut plan: Plan) -> Plan {
    // The product of no factors is 1.
    for service in &plan.services {
        plan.quantities[service.hazard_ratio].factors.clear();
    }
    for state in &mut plan.states {
        state
            .exits
            .iter_mut()
            .for_each(|exit| exit.modifiers.clear());
        state
            .chances
            .iter_mut()
            .for_each(|leaving| leaving.modifiers.clear());
    }
    plan.clock
        .iter_mut()
        .for_each(|clock| clock.modifiers.clear());
    plan
}

/// In how many draws, areas, worlds and periods people in need and those who start are not those of going alone.
struct Differing {
    in_need: usize,
    starts: usize,
}

impl Differing {
    fn of(plan: &Plan) -> Differing {
        let n_partners = plan.areas.len();
        let worlds = coalition_worlds(plan, &(1..1 << n_partners).collect::<Vec<_>>()).unwrap();
        let out = simulate(&worlds.plan, &draw(&worlds.plan), &|| {});
        let count = |measures: &[&str]| {
            let series = out.layout.series.iter().enumerate();
            let named = series.filter(|(_, series)| measures.contains(&&*series.measure));
            let slots =
                named.flat_map(|(index, series)| (0..series.n_periods).map(move |n| (index, n)));
            let slots: Vec<(usize, usize)> = slots.collect();
            assert!(!slots.is_empty());
            n_differing(&out, n_partners, &slots)
        };
        Differing {
            in_need: count(&IN_NEED),
            starts: count(&["starts"]),
        }
    }
}

/// How many values of these series and periods differ between the first world and another, over areas and draws.
fn n_differing(out: &Trajectories, n_areas: usize, slots: &[(usize, usize)]) -> usize {
    let mut n_differ = 0;
    for row in &out.rows {
        for area in 0..n_areas {
            for &(series, period) in slots {
                let value = |world| row.values[out.layout.at(world, area, series, period)];
                let others = 1..out.layout.n_options;
                n_differ += others.filter(|world| value(*world) != value(0)).count();
            }
        }
    }
    n_differ
}

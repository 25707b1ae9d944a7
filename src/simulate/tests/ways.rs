//! Where exits lead, what is counted on the way, and that a way is the walk through the states that it passes.

use super::super::study::Study;
use super::super::ways::Way;
use super::*;

/// States of a plan of ways: `here` is left by every kind of way, `there` by one of them again.
const HERE: usize = 0;
const THERE: usize = 1;
const KEEP: usize = 2;
const HALL: usize = 3;
const STAIRS: usize = 4;
const FORK: usize = 5;
const DOOR: usize = 6;

/// With `is_walked` the hall and the stairs have a second exit, which nobody takes, so that people choose there.
fn plan(is_walked: bool) -> Plan {
    let mut build = Build::new(24);
    let (stay, share) = (build.number(3.0), build.number(0.2));
    let (half, none) = (build.number(0.5), build.number(0.0));
    let to = |state: usize, share| (Destination::State(state), share);
    let out = |share| (Destination::Leaves, share);
    let stays = Stay::Geometric(stay);
    let on = |next: usize| match is_walked {
        true => vec![to(next, None), out(Some(none))],
        false => vec![to(next, None)],
    };
    let from_here = [
        to(KEEP, Some(share)),
        to(HALL, Some(share)),
        to(FORK, Some(share)),
        to(DOOR, Some(share)),
        out(None),
    ];
    build.state("here", stays, &from_here);
    build.state("there", stays, &[to(HALL, Some(half)), to(STAIRS, None)]);
    build.state("keep", stays, &[to(THERE, Some(half)), out(None)]);
    build.state("hall", Stay::None, &on(STAIRS));
    build.state("stairs", Stay::None, &on(KEEP));
    build.state("fork", Stay::None, &[to(KEEP, Some(half)), out(None)]);
    build.state("door", Stay::None, &[out(None)]);
    build.measure(
        "moves",
        Counts::Moves(vec![(HERE, KEEP), (HERE, HALL), (STAIRS, KEEP)]),
    );
    build.measure("departures", Counts::Departures(vec![(HERE, 4), (DOOR, 0)]));
    build.inflow(HERE, 0.01);
    build.plan()
}

/// What is asked of a way.
fn asked<T>(what: impl Fn(&Study, &dyn Fn(usize, usize) -> Way) -> T) -> T {
    let plan = plan(false);
    let layout = Layout::of(&plan);
    let study = Study::new(&plan, &draw(&plan), &layout);
    what(&study, &|state, exit| study.ways[state][exit])
}

/// What is counted of somebody who takes a way, in order.
fn counted(study: &Study, way: Way) -> Vec<usize> {
    let mut counters = vec![0; study.counters.all];
    counters[way.counter as usize] = 1;
    study.counters.tell_apart(&mut counters);
    let is_read = |&at: &usize| counters[at] > 0 && (at < study.counters.deaths);
    (0..counters.len()).filter(is_read).collect()
}

fn sorted(mut counters: Vec<usize>) -> Vec<usize> {
    counters.sort_unstable();
    counters.dedup();
    counters
}

#[test]
fn a_way_ends_where_people_stay_or_choose_or_leave() {
    asked(|_, way| {
        let end = |state: usize, exit: usize| (way(state, exit).to(), way(state, exit).passed);
        // It keeps them at once, after the hall and the stairs, or only after it has been chosen on at the fork.
        assert_eq!(end(HERE, 0), (Some(KEEP), 0));
        assert_eq!(end(HERE, 1), (Some(KEEP), 2));
        assert_eq!(end(HERE, 2), (Some(FORK), 1));
        // Through the door and out, or out at once.
        assert_eq!(end(HERE, 3), (None, 1));
        assert_eq!(end(HERE, 4), (None, 0));
        // The states that are passed have ways of their own.
        assert_eq!(end(HALL, 0), (Some(KEEP), 1));
        assert_eq!(end(STAIRS, 0), (Some(KEEP), 0));
        assert_eq!(end(FORK, 1), (None, 0));
    });
}

#[test]
fn everything_that_is_passed_on_a_way_is_counted_once_with_it() {
    asked(|study, way| {
        let counters = &study.counters;
        let entry = |state: usize| counters.entries + state;
        let moved = |from: usize, to: usize| counters.of_move(from, to) as usize;
        let nowhere = counters.nowhere as usize;
        let out = |state: usize, exit: usize| counters.of_exit(state, exit) as usize;
        let of = |state: usize, exit: usize| counted(study, way(state, exit));
        // A state that keeps people counts its own entries.
        assert_eq!(of(HERE, 0), [moved(HERE, KEEP)]);
        // From the hall to the stairs is no move that any measure counts.
        assert_eq!(moved(HALL, STAIRS), nowhere);
        let through = [
            moved(HERE, HALL),
            entry(HALL),
            nowhere,
            entry(STAIRS),
            moved(STAIRS, KEEP),
        ];
        assert_eq!(of(HERE, 1), sorted(through.to_vec()));
        assert_eq!(of(HERE, 2), sorted(vec![nowhere, entry(FORK)]));
        assert_eq!(
            of(HERE, 3),
            sorted(vec![nowhere, entry(DOOR), out(DOOR, 0)])
        );
        assert_eq!(of(HERE, 4), [out(HERE, 4)]);
        assert!(out(HERE, 4) != nowhere && out(HERE, 4) != out(DOOR, 0));
    });
}

#[test]
fn ways_share_a_counter_where_the_same_is_counted_on_them_and_nowhere_else() {
    asked(|study, way| {
        // Of the moves to the stairs no measure tells from where they are.
        assert_eq!(way(THERE, 1).counter, way(HALL, 0).counter);
        assert_ne!(way(HERE, 1).counter, way(THERE, 0).counter);
        let nowhere = Way::nowhere(&study.counters);
        assert_eq!((nowhere.to(), nowhere.passed), (None, 0));
        assert_eq!(nowhere.counter, study.counters.nowhere);
        assert_eq!(way(FORK, 1).counter, nowhere.counter);
    });
}

#[test]
fn a_way_through_states_that_pass_people_on_is_the_walk_through_them() {
    let (through, walked) = (run(&plan(false)), run(&plan(true)));
    assert_eq!(through.rows, walked.rows);
    // Whoever walks through a state has come into it, with a way of its own or not.
    let events = |plan: Plan| person_events(&plan, &draw(&plan), 0);
    let (of_through, of_walked) = (events(plan(false)), events(plan(true)));
    assert_eq!(of_through, of_walked);
    // Eighty arrive in each of 24 months, and each comes into a state at least.
    assert!(of_through > 1_500, "{of_through}");
    let entered = |id: &str| total(&plan(false), &through, 0, &format!("into-{id}"), 1);
    for id in ["hall", "stairs", "fork", "door", "keep"] {
        assert!(entered(id) > 50.0, "{id}: {}", entered(id));
    }
    assert!(entered("stairs") > entered("hall"));
}

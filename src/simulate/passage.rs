//! People who only pass through states that change nobody: they are counted, and nobody is told apart until something
//! about them matters.

use super::inflow::Cell;
use super::laws::Laws;
use super::versions::{Worlds, each};
use super::world::World;

/// The states that newcomers pass through before anything about them matters in the model as it stands, and those in
/// which it then begins to. An option may make it begin sooner for some of them, and for no others.
pub struct Passage {
    /// In an order in which every state comes after those that lead to it.
    passed: Vec<usize>,
    ends: Vec<usize>,
}

/// How many of a month's newcomers enter each state in which they begin to matter, in some worlds.
#[derive(Default)]
pub struct Share {
    worlds: Worlds,
    entering: Vec<u64>,
}

impl Passage {
    /// The way in from a state.
    pub fn of(laws: &Laws, into: usize) -> Passage {
        let mut passage = Passage {
            passed: Vec::new(),
            ends: Vec::new(),
        };
        let mut is_seen = vec![false; laws.states.len()];
        passage.walk(laws, into, &mut is_seen);
        passage.passed.reverse();
        passage
    }

    fn walk(&mut self, laws: &Laws, state: usize, is_seen: &mut [bool]) {
        if std::mem::replace(&mut is_seen[state], true) {
            return;
        }
        let law = &laws.states[state];
        if !law.passes_strangers {
            return self.ends.push(state);
        }
        for way in &law.exits.ways {
            if let Some(to) = way.to() {
                self.walk(laws, to, is_seen);
            }
        }
        self.passed.push(state);
    }

    /// The worlds in which people of an area may take other ways.
    fn differs(&self, laws: &Laws, area: usize) -> Worlds {
        let exits = self.passed.iter().map(|&state| &laws.states[state].exits);
        exits.fold(0, |worlds, exits| worlds | exits.differs(area))
    }

    /// So many people of a cell go their ways in some worlds, of which the first stands for all.
    fn follow(
        &self,
        world: &mut World,
        laws: &Laws,
        cell: &Cell,
        (n, worlds): (u64, Worlds),
        share: &mut Share,
    ) {
        let (first, counters) = (worlds.trailing_zeros() as usize, &laws.study.counters);
        share.worlds = worlds;
        let entering = &mut share.entering;
        entering.clear();
        entering.resize(laws.states.len(), 0);
        entering[cell.inflow.into] = n;
        for &state in &self.passed {
            let exits = &laws.states[state].exits;
            let n_priors = laws.plan.strata.priors.len();
            if entering[state] == 0 || !exits.passes_strangers(first, cell.number, n_priors) {
                continue;
            }
            let n = std::mem::take(&mut entering[state]);
            if state == cell.inflow.into {
                world.tally.count_many(worlds, counters.entries + state, n);
                world.tally.events += n;
            }
            let address = cell.address.with(laws.study.state_names[state]);
            exits.split(first, cell.number, n, address, |way, n| {
                if n == 0 {
                    return;
                }
                world.tally.count_many(worlds, way.counter as usize, n);
                world.tally.events += n * u64::from(way.passed);
                match way.to() {
                    Some(to) => entering[to] += n,
                    None => world.tally.events += n,
                }
            });
        }
    }

    /// The newcomers of a cell go their ways: `counts` are by the worlds that they hold in. Then `arrive` is called for
    /// everybody who begins to matter, with the state, a number among those who enter it, and the worlds.
    pub fn lead(
        &self,
        world: &mut World,
        laws: &Laws,
        cell: &Cell,
        counts: impl Iterator<Item = (u64, Worlds)>,
        mut arrive: impl FnMut(&mut World, usize, u64, Worlds),
    ) {
        let differs = self.differs(laws, cell.stratum.area);
        let mut scratch = std::mem::take(&mut world.shares);
        let mut n_shares = 0;
        for (n, worlds) in counts {
            let alike = worlds & !differs;
            let alike = (alike != 0).then_some(alike);
            for worlds in alike
                .into_iter()
                .chain(each(worlds & differs).map(|own| 1 << own))
            {
                if n_shares == scratch.len() {
                    scratch.push(Share::default());
                }
                self.follow(world, laws, cell, (n, worlds), &mut scratch[n_shares]);
                n_shares += 1;
            }
        }
        let shares = &scratch[..n_shares];
        for &state in self.passed.iter().chain(&self.ends) {
            let most = shares.iter().map(|share| share.entering[state]).max();
            for number in 0..most.unwrap_or(0) {
                let there = shares.iter().filter(|share| number < share.entering[state]);
                let worlds = there.fold(0, |worlds, share| worlds | share.worlds);
                arrive(world, state, number, worlds);
            }
        }
        world.shares = scratch;
    }
}

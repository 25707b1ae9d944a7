//! The journey as a fixed list of places where people of one kind stand: made once from the Plan, without a number.
//!
//! A kind tells apart what the future depends on and nothing else: whether somebody has been convicted, which of
//! their needs still matter, and which clock runs. Previous convictions, area, sex and age are lanes within a place.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::Drawn;
use super::values::Timeline;
use crate::compile::{Destination, Leaving, Plan, Stay};

/// The clock that runs: how it was started, and what its ratio was worked out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Running {
    /// Index into the clock's starts.
    pub start: usize,
    /// The needs that its ratio answers to.
    pub needs: u8,
    /// The priors band at the start, where it is no longer that of now.
    pub band: Option<usize>,
}

/// People of one kind in or before a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    /// The state.
    pub state: usize,
    /// Whether they have been convicted since entering the model.
    pub convicted: bool,
    /// The needs that still matter.
    pub needs: u8,
    /// The clock, where one runs.
    pub clock: Option<Running>,
    /// The exit that was chosen on entering, where exits have stays of their own.
    pub exit: Option<usize>,
}

/// What entering a state makes of some of those who enter.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch {
    /// Where they are held.
    pub held: usize,
    /// Only those of this priors band.
    pub band: Option<usize>,
    /// Only those whose drawn needs that matter are these.
    pub drawn: Option<u8>,
    /// Only those who choose this exit.
    pub exit: Option<usize>,
}

/// People about to enter a state.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Who.
    pub kind: Kind,
    /// Whether their previous convictions rise by one.
    pub rises: bool,
    /// Whether it draws needs.
    pub draws: bool,
    /// Whether it starts the clock.
    pub starts: bool,
    /// What becomes of them.
    pub branches: Vec<Branch>,
}

/// People in a state, whether it keeps them or not.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// Who.
    pub kind: Kind,
    /// How long they stay.
    pub stay: Stay,
    /// By exit: where they enter, `None` out of the model.
    pub exits: Vec<Option<usize>>,
    /// By hazard: the same.
    pub hazards: Vec<Option<usize>>,
    /// By chance of leaving: the same.
    pub chances: Vec<Option<usize>>,
    /// Where they enter when the clock fires.
    pub fires_to: Option<usize>,
    /// The same people once the clock has run out.
    pub expired: usize,
}

/// Where opening people are when the run begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Start {
    /// About to enter, in the step before the run.
    Entering(usize),
    /// There already.
    There(usize),
}

/// A place in the order in which a month is worked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Node {
    /// People entering.
    Entry(usize),
    /// People whose stay is over.
    Exit(usize),
}

/// Every place, and the order in which a month is worked through.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// Places before a state.
    pub entries: Vec<Entry>,
    /// Places in a state.
    pub held: Vec<Held>,
    /// An order in which people mostly move forward.
    pub order: Vec<Node>,
    /// By state: the needs drawn on entering it.
    pub drawn: Vec<Drawn>,
    /// By state: the needs that matter to what is chosen on entering it or later.
    pub matters_before: Vec<u8>,
    /// By state: the needs that matter from then on.
    pub matters_within: Vec<u8>,
    /// Where each inflow enters.
    pub inflows: Vec<usize>,
    /// By state: where its opening people are.
    pub openings: Vec<Option<Start>>,
    /// Needs that the clock's ratio answers to.
    pub clock_needs: u8,
    entry_of: BTreeMap<Kind, usize>,
    held_of: BTreeMap<Kind, usize>,
}

impl Program {
    /// The program of a Plan.
    pub fn of(timeline: &Timeline) -> Program {
        let plan = timeline.plan;
        let mut program = Program::default();
        for state in 0..plan.states.len() {
            program.drawn.push(Drawn::on_entering(timeline, state));
        }
        let modifiers = plan.clock.iter().flat_map(|clock| &clock.modifiers);
        program.clock_needs = bits(modifiers.map(|(need, _)| *need));
        program.find_what_matters(plan);
        for inflow in &plan.inflows {
            let entry = program.entry(plan, inflow.into, false, 0, None);
            program.inflows.push(entry);
        }
        for (state, described) in plan.states.iter().enumerate() {
            let held = described.opening.is_some().then(|| {
                let kind = Kind {
                    state,
                    convicted: true,
                    needs: 0,
                    clock: None,
                    exit: None,
                };
                program.opening(plan, kind)
            });
            program.openings.push(held);
        }
        program.sort();
        program
    }

    fn opening(&mut self, plan: &Plan, kind: Kind) -> Start {
        let opening = plan.states[kind.state].opening.as_ref();
        match opening.is_some_and(|opening| opening.is_fresh) {
            true => Start::Entering(self.entry(plan, kind.state, false, 0, None)),
            false => Start::There(self.held(plan, kind)),
        }
    }

    /// Backwards from where needs are used to where they are drawn, until nothing is added.
    fn find_what_matters(&mut self, plan: &Plan) {
        let n = plan.states.len();
        self.matters_before = vec![0; n];
        self.matters_within = vec![0; n];
        loop {
            let before = (self.matters_before.clone(), self.matters_within.clone());
            for (state, described) in plan.states.iter().enumerate() {
                let mut within = 0;
                if let Some(clock) = &plan.clock {
                    within |= self.matters_before[clock.fires_to];
                    if clock.started_by[state].is_some() {
                        within |= self.clock_needs;
                    }
                }
                let exits = described.exits.iter().map(|exit| exit.to);
                let hazards = described.hazards.iter().map(|(to, _)| *to);
                let chances = described.chances.iter().map(|leaving| leaving.to);
                for to in exits.chain(hazards).chain(chances) {
                    if let Destination::State(next) = to {
                        within |= self.matters_before[next];
                    }
                }
                within |= exit_needs(plan, state);
                self.matters_within[state] = within;
                self.matters_before[state] = within & !self.drawn[state].mask;
            }
            if before == (self.matters_before.clone(), self.matters_within.clone()) {
                return;
            }
        }
    }

    fn entry(
        &mut self,
        plan: &Plan,
        state: usize,
        convicted: bool,
        needs: u8,
        clock: Option<Running>,
    ) -> usize {
        let kind = Kind {
            state,
            convicted,
            needs: needs & self.matters_before[state],
            clock,
            exit: None,
        };
        if let Some(&known) = self.entry_of.get(&kind) {
            return known;
        }
        let index = self.entries.len();
        let starts = plan
            .clock
            .as_ref()
            .and_then(|clock| clock.started_by[state]);
        self.entry_of.insert(kind, index);
        self.entries.push(Entry {
            kind,
            rises: plan.states[state].convicts && convicted,
            draws: self.drawn[state].mask != 0,
            starts: starts.is_some(),
            branches: Vec::new(),
        });
        let branches = self.branches(plan, index, starts);
        self.entries[index].branches = branches;
        index
    }

    fn branches(&mut self, plan: &Plan, entry: usize, starts: Option<usize>) -> Vec<Branch> {
        let Entry { kind, rises, .. } = self.entries[entry];
        let state = kind.state;
        let drawn = self.drawn[state].mask & self.matters_within[state];
        let is_split = rises && starts.is_none() && kind.clock.is_some_and(|c| c.band.is_none());
        let bands: Vec<Option<usize>> = if is_split {
            (0..plan.strata.priors.len()).map(Some).collect()
        } else {
            vec![None]
        };
        let mut branches = Vec::new();
        for band in bands {
            for new in subsets(drawn) {
                let needs =
                    (new | kind.needs & !self.drawn[state].mask) & self.matters_within[state];
                let clock = match starts {
                    Some(start) => Some(Running {
                        start,
                        needs: needs & self.clock_needs,
                        band: None,
                    }),
                    None => kind.clock.map(|clock| Running {
                        band: clock.band.or(band),
                        ..clock
                    }),
                };
                let is_passed = matches!(plan.states[state].stay, Stay::None);
                let runs = plan
                    .clock
                    .as_ref()
                    .is_some_and(|clock| clock.runs_in[state]);
                for exit in choices(plan, state) {
                    let held = Kind {
                        state,
                        convicted: kind.convicted || plan.states[state].convicts,
                        needs,
                        clock: clock.filter(|_| is_passed || runs),
                        exit,
                    };
                    branches.push(Branch {
                        held: self.held(plan, held),
                        band,
                        drawn: (drawn != 0).then_some(new),
                        exit,
                    });
                }
            }
        }
        branches
    }

    fn held(&mut self, plan: &Plan, kind: Kind) -> usize {
        if let Some(&known) = self.held_of.get(&kind) {
            return known;
        }
        let index = self.held.len();
        self.held_of.insert(kind, index);
        let stay = stay_of(plan, (kind.state, kind.exit));
        self.held.push(Held {
            kind,
            stay,
            exits: Vec::new(),
            hazards: Vec::new(),
            chances: Vec::new(),
            fires_to: None,
            expired: index,
        });
        let state = &plan.states[kind.state];
        let mut next = |to: Destination, clock: Option<Running>| match to {
            Destination::State(next) => {
                Some(self.entry(plan, next, kind.convicted, kind.needs, clock))
            }
            Destination::Leaves => None,
        };
        let exits: Vec<_> = state
            .exits
            .iter()
            .map(|exit| next(exit.to, kind.clock))
            .collect();
        let hazards: Vec<_> = state
            .hazards
            .iter()
            .map(|(to, _)| next(*to, kind.clock))
            .collect();
        let to = |leaving: &Leaving| leaving.to;
        let chances: Vec<_> = state
            .chances
            .iter()
            .map(|c| next(to(c), kind.clock))
            .collect();
        let fires_to = plan
            .clock
            .as_ref()
            .filter(|_| kind.clock.is_some())
            .and_then(|clock| next(Destination::State(clock.fires_to), None));
        let unclocked = Kind {
            clock: None,
            ..kind
        };
        let expired = match kind.clock {
            Some(_) => self.held(plan, unclocked),
            None => index,
        };
        self.held[index] = Held {
            kind,
            stay,
            exits,
            hazards,
            chances,
            fires_to,
            expired,
        };
        index
    }

    /// Depth first, last finished first: forward along every way that is not part of a ring.
    fn sort(&mut self) {
        let mut done = BTreeSet::new();
        let mut finished = Vec::new();
        let starts = (0..self.entries.len()).map(|e| (true, e));
        for root in starts.chain((0..self.held.len()).map(|h| (false, h))) {
            let mut stack = vec![(root, false)];
            while let Some((node, is_left)) = stack.pop() {
                if is_left {
                    finished.push(node);
                } else if done.insert(node) {
                    stack.push((node, true));
                    let next: Vec<(bool, usize)> = match node {
                        (true, entry) => {
                            let branches = self.entries[entry].branches.iter();
                            branches.map(|branch| (false, branch.held)).collect()
                        }
                        (false, held) => {
                            let exits = self.held[held].exits.iter();
                            exits.flatten().map(|&entry| (true, entry)).collect()
                        }
                    };
                    stack.extend(next.into_iter().map(|node| (node, false)));
                }
            }
        }
        let node = |(is_entry, index)| match is_entry {
            true => Node::Entry(index),
            false => Node::Exit(index),
        };
        self.order = finished.into_iter().rev().map(node).collect();
    }
}

/// The needs that the exits and the chances of leaving of a state answer to.
pub(super) fn exit_needs(plan: &Plan, state: usize) -> u8 {
    let state = &plan.states[state];
    let of_exits = state.exits.iter().flat_map(|exit| &exit.modifiers);
    let of_chances = state.chances.iter().flat_map(|leaving| &leaving.modifiers);
    bits(of_exits.chain(of_chances).map(|(need, _)| *need))
}

/// The stay of a state, or of the exit that was chosen on entering it.
pub(super) fn stay_of(plan: &Plan, (state, exit): (usize, Option<usize>)) -> Stay {
    let described = &plan.states[state];
    match (described.stay, exit) {
        (Stay::OfExit, Some(exit)) => described.exits[exit].stay.unwrap_or(Stay::None),
        (stay, _) => stay,
    }
}

/// The exits that may be chosen on entering, or one that is not chosen yet.
fn choices(plan: &Plan, state: usize) -> Vec<Option<usize>> {
    let state = &plan.states[state];
    match state.stay {
        Stay::OfExit => (0..state.exits.len()).map(Some).collect(),
        _ => vec![None],
    }
}

fn bits(needs: impl Iterator<Item = usize>) -> u8 {
    needs.fold(0, |bits, need| bits | 1 << need)
}

/// Every set of these bits.
fn subsets(mask: u8) -> Vec<u8> {
    (0..=mask).filter(|set| set & !mask == 0).collect()
}

//! Expected people of one kind of history, in every place: who is where since when.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::{Cell, at};
use super::counters::Counters;
use super::lanes::Lane;
use super::laws::{Curves, Laws, Rows};
use super::numbers::Numbers;
use super::precision::Number;
use super::program::Program;
use super::shape::Shape;
use super::vectors::{Pile, Spare, add, add_lanes, add_share, push_product};
use crate::compile::{Plan, Stay};

/// Why these people are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Everybody: they are counted.
    All,
    /// Those of them who have been convicted in the cohort's year.
    Tagged,
    /// Those whose index conviction was in a step of this year, until they are reconvicted or join another cohort.
    Followed(usize),
}

/// Everything a month needs to know.
pub(super) struct Month<'a, N> {
    /// The question.
    pub plan: &'a Plan,
    /// The places.
    pub program: &'a Program,
    /// How values are laid out.
    pub shape: &'a Shape,
    /// Who.
    pub lanes: &'a [Lane],
    /// This month's chances.
    pub numbers: &'a Numbers<N>,
    /// The chances of every step so far, from the one before the run.
    pub history: &'a [Arc<Numbers<N>>],
    /// The chances of leaving a state, for people with these needs, so many steps after entering.
    pub leaving: &'a dyn Fn(usize, u8, i32) -> Vec<Rows<N>>,
    /// The step.
    pub now: i32,
}

/// People who start the clock, by the place that then holds them.
pub(super) type Starts<N> = BTreeMap<usize, Vec<N>>;

/// Expected people in every place.
#[derive(Debug, Clone)]
pub(super) struct Crowd<N> {
    /// Why.
    pub role: Role,
    pub(super) cells: Vec<Vec<Cell<N>>>,
    /// By place and lane: how many are there, where everybody is followed.
    pub(super) there: Vec<Vec<f64>>,
    pub(super) entering: Vec<Pile<N>>,
    pub(super) exiting: Vec<Pile<N>>,
    /// Those who started the clock this month.
    pub starts: Starts<N>,
    pub(super) spare: Spare<N>,
    pub(super) spare_lanes: Spare<f64>,
}

/// The new laws of a place, from the old ones and the steps since entry.
type NewLaws<'a> = dyn FnMut(usize, &Arc<Laws>, usize) -> Arc<Laws> + 'a;

impl<N: Number> Crowd<N> {
    /// Nobody yet.
    pub fn new(program: &Program, role: Role) -> Crowd<N> {
        Crowd {
            role,
            cells: vec![Vec::new(); program.held.len()],
            there: vec![Vec::new(); program.held.len()],
            entering: vec![Vec::new(); program.entries.len()],
            exiting: vec![Vec::new(); program.held.len()],
            starts: Starts::new(),
            spare: Spare::default(),
            spare_lanes: Spare::default(),
        }
    }

    /// Nobody any more in the places of which this is true.
    pub fn clear(&mut self, mut is_meant: impl FnMut(usize) -> bool) {
        for (held, cells) in self.cells.iter_mut().enumerate() {
            if is_meant(held) {
                cells.clear();
            }
        }
    }

    /// People arrive from outside, about to enter a place.
    pub fn arrive(&mut self, entry: usize, expected: &[f64]) {
        let mut people = self.spare.empty();
        people.extend(expected.iter().map(|people| N::of(*people)));
        self.spare.put(&mut self.entering[entry], 0, people);
    }

    /// Opening people, kept by laws of their own.
    pub fn open(&mut self, shape: &Shape, held: usize, expected: &[f64], laws: Laws) {
        let people: Vec<N> = expected.iter().map(|people| N::of(*people)).collect();
        let mut there = people.clone();
        for run in &laws.runs {
            let stays = N::of(at(&run.kernel.present, 0));
            there[run.range.clone()]
                .iter_mut()
                .for_each(|people| *people *= stays);
        }
        self.note_there(shape, held, &there);
        let mut cell = Cell {
            entered: 0,
            started: i32::MIN,
            people,
            laws: Arc::new(laws),
            curves: None,
            sums: Vec::new(),
        };
        cell.sum_up(self.role == Role::All);
        self.cells[held].push(cell);
    }

    /// So many more are in a place, where everybody is followed.
    fn note_there(&mut self, shape: &Shape, held: usize, people: &[N]) {
        if self.role == Role::All {
            let there = &mut self.there[held];
            there.resize(shape.n_lanes, 0.0);
            add_lanes(shape, there, people);
        }
    }

    /// So many are not in a place after all.
    fn note_gone(&mut self, shape: &Shape, held: usize, people: &[N]) {
        if self.role == Role::All {
            let mut lanes = self.spare_lanes.zeros(shape.n_lanes);
            add_lanes(shape, &mut lanes, people);
            add_share(&mut self.there[held], &lanes, -1.0);
            self.spare_lanes.give(lanes);
        }
    }

    /// A state keeps people, but for those whose stay is over at once.
    pub fn keep(&mut self, month: &Month<N>, held: usize, months: usize, mut people: Vec<N>) {
        let place = &month.program.held[held];
        let stay = place.stay;
        let laws = match (stay, &month.numbers.laws[held]) {
            (Stay::None, _) | (_, None) => {
                return self.spare.put(&mut self.exiting[held], months, people);
            }
            (Stay::Clock, _) if place.kind.clock.is_none() => {
                return self.spare.put(&mut self.exiting[held], 0, people);
            }
            (_, Some(laws)) => laws.clone(),
        };
        self.note_there(month.shape, held, &people);
        let mut started = i32::MIN;
        let mut curves = None;
        if place.kind.clock.is_some() {
            started = month.now - months as i32;
            let found = month.history[(started + 1) as usize].curves[held].clone();
            if let Some(found) = &found {
                self.undo_clock(month, held, months, &mut people, (&laws, found));
            }
            curves = found;
        }
        if laws.some_pass {
            self.pass_at_once(month, held, months, &people, &laws, curves.as_deref());
        }
        let is_clock = curves.is_some() && stay == Stay::Clock;
        let new = Cell {
            entered: if is_clock { started } else { month.now },
            started,
            people,
            laws,
            curves,
            sums: Vec::new(),
        };
        self.add_cell(held, new);
    }

    /// As many people as there would have had to be when the clock started, or had it not fired; those for whom it has
    /// run out go on.
    fn undo_clock(
        &mut self,
        month: &Month<N>,
        held: usize,
        months: usize,
        people: &mut [N],
        (laws, curves): (&Laws, &Curves<N>),
    ) {
        if months == 0 && curves.begins_whole {
            return;
        }
        let (place, shape) = (&month.program.held[held], month.shape);
        let is_clock = place.stay == Stay::Clock;
        let survival = &curves.survival[months.min(curves.survival.len() - 1)];
        if is_clock && curves.last.iter().any(|last| months >= *last) {
            let mut over = self.spare.zeros(people.len());
            for (at, last) in curves.last.iter().enumerate() {
                if months >= *last {
                    over[at] = std::mem::take(&mut people[at]);
                }
            }
            self.note_gone(shape, held, &over);
            shape.age(&mut over, months);
            self.spare.put(&mut self.exiting[place.expired], 0, over);
        }
        for run in &laws.runs {
            // A stay that lasts as long as the clock is told from the clock's start.
            let stays = match is_clock {
                true => N::of(at(&run.kernel.present, months)),
                false => N::of(1.0),
            };
            let range = run.range.clone();
            for (people, survival) in people[range.clone()].iter_mut().zip(&survival[range]) {
                let left = *survival * stays;
                if left > N::default() {
                    *people /= left;
                }
            }
        }
    }

    /// Those whose stay rounds to no month at all.
    fn pass_at_once(
        &mut self,
        month: &Month<N>,
        held: usize,
        months: usize,
        people: &[N],
        laws: &Laws,
        curves: Option<&Curves<N>>,
    ) {
        let mut passing = self.spare.empty();
        for run in &laws.runs {
            let (share, range) = (run.kernel.ends[0], run.range.clone());
            let people = &people[range.clone()];
            match curves {
                None => passing.extend(people.iter().map(|people| N::of(share) * *people)),
                Some(curves) => {
                    let survival = &curves.survival[months.min(curves.survival.len() - 1)];
                    push_product(&mut passing, people, &survival[range], share);
                }
            }
        }
        self.note_gone(month.shape, held, &passing);
        self.spare.put(&mut self.exiting[held], months, passing);
    }

    fn add_cell(&mut self, held: usize, mut new: Cell<N>) {
        new.sum_up(self.role == Role::All);
        let is_same = |cell: &&mut Cell<N>| {
            cell.started == new.started
                && cell.entered == new.entered
                && Arc::ptr_eq(&cell.laws, &new.laws)
        };
        match self.cells[held].iter_mut().rev().find(is_same) {
            Some(cell) => {
                add(&mut cell.people, &new.people);
                add(&mut cell.sums, &new.sums);
                self.spare.give(new.people);
            }
            None => self.cells[held].push(new),
        }
    }

    /// Counts who is where at the end of the step.
    pub fn count(&self, month: &Month<N>, counters: &mut Counters) {
        for (held, there) in self.there.iter().enumerate() {
            counters.stay(month.lanes, month.program.held[held].kind.state, there);
        }
    }

    /// Present stays in some states take new laws: `new_laws` says which, from the old ones and the months since entry.
    pub fn rescale(&mut self, month: &Month<N>, states: &[usize], new_laws: &mut NewLaws<'_>) {
        let is_asked = self.role == Role::All;
        for (held, cells) in self.cells.iter_mut().enumerate() {
            if !states.contains(&month.program.held[held].kind.state) {
                continue;
            }
            for cell in cells {
                cell.laws = new_laws(held, &cell.laws, cell.age(month.now));
                cell.sum_up(is_asked);
            }
        }
    }
}

/// Whether cells hold the people who are there now, rather than those who entered: a stay until a chance is taken is
/// the same from one step to the next.
pub(super) fn is_counted_down<N>(month: &Month<N>, held: usize) -> bool {
    !month.program.held[held].chances.is_empty()
}

//! What people told apart by age band have in common: they pass into the next band once a year, and those who have
//! been somewhere for long are followed together with who entered a little sooner or later.

use std::sync::Arc;

use super::cell::{Cell, at};
use super::crowd::{Crowd, Month, Role, is_counted_down};
use super::laws::Run;
use super::precision::Number;

/// By how long people have been somewhere at least: how many steps of entry are followed together. An odd number has a
/// middle.
const TOGETHER: [(i32, i32); 2] = [(6, 3), (24, 9)];

/// The same for those on the clock, whose chances fall fast and who leave together when it runs out.
const TOGETHER_ON_THE_CLOCK: [(i32, i32); 1] = [(3, 3)];

impl<N: Number> Crowd<N> {
    /// Where bands are followed together: a birthday, if it is the day, and old cells joined. Whoever is on the clock
    /// grows older when it is over.
    pub(super) fn grow_older(&self, month: &Month<N>, held: usize, cells: &mut Vec<Cell<N>>) {
        if !month.shape.is_coarse {
            return;
        }
        let (is_down, is_clocked) = (
            is_counted_down(month, held),
            month.program.held[held].kind.clock.is_some(),
        );
        let is_asked = self.role == Role::All;
        let steps = month.plan.steps_per_year().round().max(1.0) as i32;
        let is_birthday = month.now % steps == steps / 2;
        if is_birthday && !is_clocked && month.shape.passes() {
            for cell in cells.iter_mut() {
                cell.pass(month, is_down, f64::from(steps));
                cell.sum_up(is_asked);
            }
        }
        if !is_down {
            let spans: &[(i32, i32)] = match is_clocked {
                true => &TOGETHER_ON_THE_CLOCK,
                false => &TOGETHER,
            };
            for &(age, steps) in spans {
                join_old(month, cells, age, steps, is_asked);
            }
        }
    }
}

impl<N: Number> Cell<N> {
    /// Some pass into the next band, and take on its law from now on.
    fn pass(&mut self, month: &Month<N>, is_counted_down: bool, steps: f64) {
        let (shape, n) = (month.shape, month.shape.n_of_group());
        let age = match is_counted_down {
            true => 0,
            false => self.age(month.now - 1),
        };
        for row in shape.rows.iter().rev() {
            let share = shape.passed(row.lane / shape.width, steps);
            if share == 0.0 {
                continue;
            }
            let (mut from, end) = (row.start, row.start + shape.width);
            while from < end {
                let (younger, older) = (self.laws.run(from), self.laws.run(from + n));
                let to = end.min(younger.range.end).min(older.range.end - n);
                let there = |run: &Run| at(&run.kernel.present, age);
                let ratio = match there(older) {
                    there_older if !is_counted_down && there_older > 0.0 => {
                        there(younger) / there_older
                    }
                    _ => 1.0,
                };
                let (share, ratio) = (N::of(share), N::of(ratio));
                let (low, high) = self.people.split_at_mut(from + n);
                for (low, high) in low[from..to].iter_mut().zip(high) {
                    let passing = share * *low;
                    *low -= passing;
                    *high += passing * ratio;
                }
                from = to;
            }
        }
    }

    /// As many people as would have had to enter at another step for as many to be there now.
    fn entered_at(&mut self, entered: i32, now: i32) {
        let (was, is) = (self.age(now), (now - entered) as usize);
        for run in &self.laws.runs {
            let present = &run.kernel.present;
            let ratio = match at(present, is) {
                there if there > 0.0 => at(present, was) / there,
                _ => 0.0,
            };
            let people = &mut self.people[run.range.clone()];
            let ratio = N::of(ratio);
            people.iter_mut().for_each(|people| *people *= ratio);
        }
        if let Some(curves) = &self.curves {
            let started = self.started + entered - self.entered;
            let left = |started: i32| {
                let months = (now - started) as usize;
                &curves.survival[months.min(curves.survival.len() - 1)]
            };
            let each = self
                .people
                .iter_mut()
                .zip(left(self.started))
                .zip(left(started));
            for ((people, was), is) in each {
                *people *= if *is > N::default() {
                    *was / *is
                } else {
                    N::default()
                };
            }
            self.started = started;
        }
        self.entered = entered;
    }

    /// Whether what becomes of people differs by no more than when they entered.
    fn is_like(&self, other: &Cell<N>) -> bool {
        let is_same_clock = match (&self.curves, &other.curves) {
            (None, None) => true,
            (Some(one), Some(two)) => {
                Arc::ptr_eq(one, two)
                    && self.entered - self.started == other.entered - other.started
            }
            _ => false,
        };
        is_same_clock && self.laws.is_same(&other.laws)
    }
}

/// Joins cells that entered within so many steps of one another, once they all have been there for long enough.
fn join_old<N: Number>(
    month: &Month<N>,
    cells: &mut Vec<Cell<N>>,
    age: i32,
    steps: i32,
    is_asked: bool,
) {
    let before = month.now - 1;
    let span = |cell: &Cell<N>| cell.entered.div_euclid(steps);
    let is_old = |span: i32| before - (span + 1) * steps >= age;
    if cells.len() < 2 || !is_old(span(&cells[0])) {
        return;
    }
    let mut joined: Vec<Cell<N>> = Vec::with_capacity(cells.len());
    for mut cell in cells.drain(..) {
        let own = span(&cell);
        let known = joined
            .last_mut()
            .filter(|known| is_old(own) && span(known) == own && known.is_like(&cell));
        let Some(known) = known else {
            joined.push(cell);
            continue;
        };
        let middle = own * steps + steps / 2;
        known.entered_at(middle, before);
        cell.entered_at(middle, before);
        super::vectors::add(&mut known.people, &cell.people);
        known.sum_up(is_asked);
    }
    *cells = joined;
}

//! Places that people leave by chances that are read anew at every step.

use std::sync::Arc;

use super::cell::{Cell, Tick};
use super::crowd::{Crowd, Month, Role};
use super::laws::Rows;
use super::precision::Number;
use super::program::exit_needs;
use super::release::{Going, tick};
use super::vectors::add;
use crate::compile::Chance;

impl<N: Number> Crowd<N> {
    /// Where chances are read anew at every step.
    pub(super) fn release_by_chance(
        &mut self,
        month: &Month<N>,
        cell: &mut Cell<N>,
        going: &mut Going<N>,
    ) {
        let (n, held) = (month.shape.n_values(), going.held);
        let place = &month.program.held[held];
        let needs = place.kind.needs & exit_needs(month.plan, place.kind.state);
        let chances = (month.leaving)(place.kind.state, needs, month.now - cell.entered);
        let curves = cell.curves.clone();
        let elapsed = curves
            .as_ref()
            .map_or(0, |_| (month.now - cell.started) as usize);
        let tick = curves.as_deref().map(|curves| tick(curves, elapsed, 1));
        let mut leaving: Vec<Vec<N>>;
        match &tick {
            Some(tick) => {
                let there = std::mem::take(&mut going.ticked.there);
                going.ticked = self.ticked(month);
                going.ticked.there = Vec::new();
                cell.fire(tick, elapsed, &mut going.ticked);
                going.ticked.there = there;
                self.go_fired(month, going);
                leaving = cell.leave_on_clock(tick, place.hazards.len(), &mut self.spare);
            }
            None => {
                let hazards = place.hazards.iter();
                leaving = hazards.map(|_| self.spare.zeros(n)).collect();
                cell.leave(1, &mut vec![N::default(); n], &mut leaving);
            }
        }
        cell.stay();
        let mut taken = take(cell, &chances, tick.as_ref());
        cell.sum_up(self.role == Role::All);
        if let (Some(tick), Role::All) = (&tick, self.role) {
            going.ticked.there.resize(n, N::default());
            let now = Tick { age: 0, ..*tick };
            cell.stand(&now, &mut going.ticked.there);
        }
        let is_past = curves.is_some_and(|curves| elapsed + 1 >= curves.survival.len());
        let from = if is_past { place.expired } else { held };
        if is_past {
            let all = leaving.iter_mut().chain(&mut taken);
            all.for_each(|people| month.shape.age(people, elapsed));
        }
        let months = if is_past { 0 } else { elapsed };
        self.go_by_hazards(month, from, months, leaving, going);
        let source = &month.program.held[from];
        let n_exits = month.plan.states[place.kind.state].exits.len();
        for (index, (people, entry)) in taken.into_iter().zip(&source.chances).enumerate() {
            let exit = (n_exits + index, *entry);
            self.note_left(going, &people);
            self.depart(month, from, exit, months, people, going.counters);
        }
    }
}

/// Takes people out by each chance, those whose clock has not fired.
fn take<N: Number>(cell: &mut Cell<N>, chances: &[Rows<N>], tick: Option<&Tick<N>>) -> Vec<Vec<N>> {
    let mut taken = vec![vec![N::default(); cell.people.len()]; chances.len()];
    for (value, people) in cell.people.iter_mut().enumerate() {
        let there = *people;
        let is = tick.map_or(N::of(1.0), |tick| tick.is[value]);
        let mut left = there;
        for (taken, chances) in taken.iter_mut().zip(chances) {
            taken[value] = there * chances[value] * is;
            left -= there * chances[value];
        }
        *people = left.or_nought();
    }
    taken
}

/// Joins cells whose future is the same, because every list of chances has come to its end.
pub(super) fn join<N: Number>(month: &Month<N>, held: usize, cells: Vec<Cell<N>>) -> Vec<Cell<N>> {
    let chances = &month.plan.states[month.program.held[held].kind.state].chances;
    let lists = chances.iter().map(|leaving| match leaving.chance {
        Chance::Listed(list) => list.from + list.n as i32 - 1,
        _ => i32::MAX,
    });
    let Some(longest) = lists.max().filter(|longest| *longest < i32::MAX) else {
        return cells;
    };
    let mut joined: Vec<Cell<N>> = Vec::new();
    for cell in cells {
        let is_settled = |cell: &Cell<N>| month.now - cell.entered + 1 >= longest;
        let known = joined.iter_mut().find(|known| {
            is_settled(&cell)
                && is_settled(known)
                && known.started == cell.started
                && Arc::ptr_eq(&known.laws, &cell.laws)
        });
        match known {
            Some(known) => {
                add(&mut known.people, &cell.people);
                add(&mut known.sums, &cell.sums);
            }
            None => joined.push(cell),
        }
    }
    joined
}

//! Whoever is due in a month leaves the place that held them.

use std::sync::Arc;

use super::cell::{Cell, Tick, at};
use super::chances::join;
use super::counters::Counters;
use super::crowd::{Crowd, Month, Role, is_counted_down};
use super::laws::Curves;
use super::precision::Number;
use super::vectors::{Ticked, add, add_lanes, add_share};
use crate::compile::Stay;

/// A month of one place.
pub(super) struct Going<'a, N> {
    pub held: usize,
    /// What the clock does.
    pub ticked: Ticked<N>,
    /// Who left alive, where it is asked.
    left: Vec<N>,
    /// Those whose clock has run out for everybody, and who now stay without one.
    expired: Vec<Cell<N>>,
    pub counters: &'a mut Counters,
}

impl<N: Number> Crowd<N> {
    /// Whoever is due this month leaves the place that held them.
    pub fn release(&mut self, month: &Month<N>, counters: &mut Counters) {
        let mut deaths = vec![0.0; month.shape.n_lanes];
        let mut expired = Vec::new();
        for held in 0..self.cells.len() {
            if self.cells[held].is_empty() {
                continue;
            }
            let mut cells = std::mem::take(&mut self.cells[held]);
            self.grow_older(month, held, &mut cells);
            let mut going = Going {
                held,
                ticked: Ticked::default(),
                left: match self.role {
                    Role::All => self.spare.zeros(month.shape.n_values()),
                    _ => Vec::new(),
                },
                expired: Vec::new(),
                counters,
            };
            let place = &month.program.held[held];
            if !place.chances.is_empty() {
                for cell in &mut cells {
                    self.release_by_chance(month, cell, &mut going);
                }
            } else if place.kind.clock.is_some() {
                self.release_clocked(month, &mut cells, &mut going);
            } else {
                self.release_plain(month, &cells, &mut going);
            }
            let (spare, now, role) = (&mut self.spare, month.now, self.role);
            cells.retain_mut(|cell| {
                let lasts = cell.lasts(now) && role.asks_for(month, cell);
                if !lasts {
                    spare.give(std::mem::take(&mut cell.people));
                }
                lasts
            });
            if self.role == Role::All {
                self.take_stock(month, &cells, &mut going, &mut deaths);
            }
            let over = going.expired.into_iter().map(|cell| (place.expired, cell));
            expired.extend(over);
            self.cells[held] = join(month, held, cells);
        }
        for (held, cell) in expired {
            self.keep_expired(month, held, cell);
        }
        if self.role == Role::All {
            counters.die(month.lanes, &deaths);
        }
    }

    /// Who is there now; whoever has neither stayed nor left has died.
    fn take_stock(
        &mut self,
        month: &Month<N>,
        cells: &[Cell<N>],
        going: &mut Going<N>,
        deaths: &mut [f64],
    ) {
        let mut there = self.spare_lanes.zeros(month.shape.n_lanes);
        if !going.ticked.there.is_empty() {
            add_lanes(month.shape, &mut there, &going.ticked.there);
        }
        let is_down = is_counted_down(month, going.held);
        for cell in cells {
            let age = if is_down { 0 } else { cell.age(month.now) };
            cell.add_sums(&mut there, |kernel| at(&kernel.present, age));
        }
        let before = std::mem::replace(&mut self.there[going.held], there);
        add(deaths, &before);
        add_share(deaths, &self.there[going.held], -1.0);
        let mut left = self.spare_lanes.zeros(month.shape.n_lanes);
        add_lanes(month.shape, &mut left, &going.left);
        add_share(deaths, &left, -1.0);
        self.spare_lanes.give(before);
        self.spare_lanes.give(left);
        self.spare.give(std::mem::take(&mut going.left));
        self.spare.give(std::mem::take(&mut going.ticked.there));
    }

    /// Those whose clock has run out stay on without it.
    fn keep_expired(&mut self, month: &Month<N>, held: usize, mut cell: Cell<N>) {
        if self.role == Role::All {
            let mut there = self.spare_lanes.zeros(month.shape.n_lanes);
            cell.sum_up(true);
            let age = cell.age(month.now);
            cell.add_sums(&mut there, |kernel| at(&kernel.present, age));
            self.there[held].resize(there.len(), 0.0);
            add(&mut self.there[held], &there);
            self.spare_lanes.give(there);
        }
        self.cells[held].push(cell);
    }

    /// Notes who leaves a place alive.
    pub(super) fn note_left(&self, going: &mut Going<N>, people: &[N]) {
        if self.role == Role::All {
            add(&mut going.left, people);
        }
    }

    fn release_plain(&mut self, month: &Month<N>, cells: &[Cell<N>], going: &mut Going<N>) {
        let (n, place) = (month.shape.n_values(), &month.program.held[going.held]);
        let mut ended = self.spare.zeros(n);
        let hazards = place.hazards.iter();
        let mut leaving: Vec<Vec<N>> = hazards.map(|_| self.spare.zeros(n)).collect();
        for cell in cells {
            cell.leave(cell.age(month.now), &mut ended, &mut leaving);
        }
        self.note_left(going, &ended);
        self.spare.put(&mut self.exiting[going.held], 0, ended);
        self.go_by_hazards(month, going.held, 0, leaving, going);
    }

    pub(super) fn go_by_hazards(
        &mut self,
        month: &Month<N>,
        from: usize,
        months: usize,
        leaving: Vec<Vec<N>>,
        going: &mut Going<N>,
    ) {
        for (entry, people) in month.program.held[from].hazards.iter().zip(leaving) {
            self.note_left(going, &people);
            self.go(month, from, *entry, months, people, going.counters);
        }
    }

    /// Where a clock runs every lane goes its own way.
    fn release_clocked(&mut self, month: &Month<N>, cells: &mut [Cell<N>], going: &mut Going<N>) {
        let place = &month.program.held[going.held];
        let is_clock = place.stay == Stay::Clock;
        going.ticked = self.ticked(month);
        for cell in cells {
            let Some(curves) = cell.curves.clone() else {
                continue;
            };
            let elapsed = (month.now - cell.started) as usize;
            let tick = tick(&curves, elapsed, cell.age(month.now));
            cell.fire(&tick, elapsed, &mut going.ticked);
            let is_over = is_clock && curves.last.iter().any(|last| elapsed >= *last);
            self.end(month, cell, (&tick, &curves, is_over), going);
            let is_past = elapsed + 1 >= curves.survival.len();
            if is_past && !is_clock {
                self.expire(month, cell, (&tick, elapsed), going);
            }
        }
        self.go_fired(month, going);
    }

    pub(super) fn ticked(&mut self, month: &Month<N>) -> Ticked<N> {
        let n = month.shape.n_values();
        let is_older = month.shape.passes() && !matches!(self.role, Role::Followed(_));
        let mut zeros_if = |asked: bool| match asked {
            true => self.spare.zeros(n),
            false => Vec::new(),
        };
        Ticked {
            fired: zeros_if(true),
            weighted: zeros_if(is_older),
            there: zeros_if(self.role == Role::All),
        }
    }

    /// Those whose clock has fired move; of those who are followed it is only counted.
    pub(super) fn go_fired(&mut self, month: &Month<N>, going: &mut Going<N>) {
        let mut fired = std::mem::take(&mut going.ticked.fired);
        let weighted = std::mem::take(&mut going.ticked.weighted);
        self.note_left(going, &fired);
        if let Role::Followed(year) = self.role {
            let mut lanes = self.spare_lanes.zeros(month.shape.n_lanes);
            add_lanes(month.shape, &mut lanes, &fired);
            going.counters.reconvict(month.lanes, year, &lanes);
            self.spare_lanes.give(lanes);
            return self.spare.give(fired);
        }
        month.shape.age_by(&mut fired, &weighted);
        self.spare.give(weighted);
        let to = month.program.held[going.held].fires_to;
        self.go(month, going.held, to, 0, fired, going.counters);
    }

    /// Those whose stay is over, and those whom a hazard took, go on with their clock as it stands.
    fn end(
        &mut self,
        month: &Month<N>,
        cell: &mut Cell<N>,
        (tick, curves, is_over): (&Tick<N>, &Arc<Curves<N>>, bool),
        going: &mut Going<N>,
    ) {
        let (n, held) = (month.shape.n_values(), going.held);
        let place = &month.program.held[held];
        let is_clock = place.stay == Stay::Clock;
        let elapsed = (month.now - cell.started) as usize;
        let mut leaving = cell.leave_on_clock(tick, place.hazards.len(), &mut self.spare);
        let mut ended = match (is_clock, is_over) {
            (false, _) => cell.end_on_clock(tick, &mut self.spare),
            (true, true) => self.spare.zeros(n),
            (true, false) => Vec::new(),
        };
        if is_clock && is_over {
            cell.run_out(tick, |at| elapsed >= curves.last[at], &mut ended);
            // They are there no more.
            if self.role == Role::All {
                add_share(&mut going.ticked.there, &ended, -1.0);
            }
        }
        self.note_left(going, &ended);
        // Once the longest clock has run out it makes no difference any more.
        let is_past = elapsed + 1 >= curves.survival.len();
        let from = if is_past { place.expired } else { held };
        let mut months = elapsed;
        if is_past {
            let shape = month.shape;
            leaving
                .iter_mut()
                .for_each(|people| shape.age(people, elapsed));
            months = 0;
        }
        if !ended.is_empty() {
            let is_lost = is_past || is_clock;
            if is_lost {
                month.shape.age(&mut ended, elapsed);
            }
            let over = if is_clock { place.expired } else { from };
            let months = if is_lost { 0 } else { elapsed };
            self.spare.put(&mut self.exiting[over], months, ended);
        }
        self.go_by_hazards(month, from, months, leaving, going);
    }

    /// A cell whose clock has run out for everybody goes on without one: it will never fire.
    fn expire(
        &mut self,
        month: &Month<N>,
        cell: &mut Cell<N>,
        (tick, elapsed): (&Tick<N>, usize),
        going: &mut Going<N>,
    ) {
        let mut people = std::mem::take(&mut cell.people);
        super::vectors::multiply(&mut people, tick.is);
        month.shape.age(&mut people, elapsed);
        let over = Cell {
            entered: cell.entered,
            started: i32::MIN,
            people,
            laws: cell.laws.clone(),
            curves: None,
            sums: Vec::new(),
        };
        if over.lasts(month.now) {
            // They are there no more, but in the place without a clock.
            let mut there = self.spare.zeros(month.shape.n_values());
            for run in &over.laws.runs {
                let stays = at(&run.kernel.present, over.age(month.now));
                let range = run.range.clone();
                add_share(&mut there[range.clone()], &over.people[range], stays);
            }
            if self.role == Role::All {
                add_share(&mut going.ticked.there, &there, -1.0);
                add(&mut going.left, &there);
            }
            self.spare.give(there);
            going.expired.push(over);
        }
    }
}

/// Where a clock stands in the step so many months after it started.
pub(super) fn tick<N>(curves: &Curves<N>, elapsed: usize, age: usize) -> Tick<'_, N> {
    let longest = curves.survival.len() - 1;
    Tick {
        age,
        was: &curves.survival[elapsed.saturating_sub(1).min(longest)],
        is: &curves.survival[elapsed.min(longest)],
    }
}

impl Role {
    /// Whether anything is still asked of people in a cell: of those who are followed, whether their clock fires in
    /// time.
    fn asks_for<N>(self, month: &Month<N>, cell: &Cell<N>) -> bool {
        let within = || month.plan.clock.as_ref().map_or(0.0, |clock| clock.within);
        match self {
            Role::Followed(_) if cell.curves.is_some() => {
                f64::from(month.now - cell.started) < within()
            }
            _ => true,
        }
    }
}

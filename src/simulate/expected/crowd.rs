//! Expected people of one kind of history, in every place: who is where since when, and one month of their journey.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::counters::Counters;
use super::kernel::Kernel;
use super::lanes::Lane;
use super::numbers::{Curves, Laws, Numbers, Rows, Shape, stay_of};
use super::program::{Entry, Node, Program};
use crate::compile::{Chance, Plan, Stay};

/// People who entered a place in the same step, or whose future is the same.
#[derive(Debug, Clone)]
struct Cell {
    entered: i32,
    /// When their clock started, where one runs.
    started: i32,
    /// How many entered, by previous convictions and lane; where a clock runs, as many as there would be had it not
    /// fired by then.
    people: Vec<f64>,
    laws: Arc<Laws>,
    curves: Option<Arc<Curves>>,
    /// People by kernel and lane, for what needs no more than their number.
    sums: Vec<Sum>,
}

#[derive(Debug, Clone)]
struct Sum {
    kernel: Arc<Kernel>,
    first: usize,
    people: Vec<f64>,
}

/// People on the move within the month: by months since their clock started, where one runs.
type Pile = Vec<Vec<f64>>;

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
pub(super) struct Month<'a> {
    /// The question.
    pub plan: &'a Plan,
    /// The places.
    pub program: &'a Program,
    /// How values are laid out.
    pub shape: &'a Shape,
    /// Who.
    pub lanes: &'a [Lane],
    /// This month's chances.
    pub numbers: &'a Numbers,
    /// The chances of every step so far, from the one before the run.
    pub history: &'a [Arc<Numbers>],
    /// The chances of leaving a state, for people with these needs, so many steps after entering.
    pub leaving: &'a dyn Fn(usize, u8, i32) -> Vec<Rows>,
    /// The step.
    pub now: i32,
}

/// People who start the clock, by the place that then holds them.
pub(super) type Starts = BTreeMap<usize, Vec<f64>>;

/// Expected people in every place.
#[derive(Debug, Clone)]
pub(super) struct Crowd {
    /// Why.
    pub role: Role,
    cells: Vec<Vec<Cell>>,
    entering: Vec<Pile>,
    exiting: Vec<Pile>,
    /// Those who started the clock this month.
    pub starts: Starts,
}

/// The new laws of a state and exit, from the old ones and the steps since entry.
type NewLaws<'a> = dyn FnMut((usize, Option<usize>), &Arc<Laws>, usize) -> Arc<Laws> + 'a;

/// A journey within a month has at most so many rounds through the places.
const MOST_ROUNDS: usize = 64;

impl Crowd {
    /// Nobody yet.
    pub fn new(program: &Program, role: Role) -> Crowd {
        Crowd {
            role,
            cells: vec![Vec::new(); program.held.len()],
            entering: vec![Vec::new(); program.entries.len()],
            exiting: vec![Vec::new(); program.held.len()],
            starts: Starts::new(),
        }
    }

    /// Nobody any more.
    pub fn clear(&mut self) {
        for cells in &mut self.cells {
            cells.clear();
        }
    }

    /// People arrive from outside, about to enter a place.
    pub fn arrive(&mut self, entry: usize, people: &[f64]) {
        add_to(&mut self.entering[entry], 0, people, 1.0);
    }

    /// Opening people, kept by laws of their own.
    pub fn open(&mut self, shape: &Shape, held: usize, people: Vec<f64>, laws: Laws) {
        let laws = Arc::new(laws);
        self.cells[held].push(Cell::new(shape, 0, i32::MIN, people, laws, None, self.role));
    }

    /// Whoever is due this month leaves the place that held them.
    pub fn release(&mut self, month: &Month, counters: &mut Counters) {
        for held in 0..self.cells.len() {
            if self.cells[held].is_empty() {
                continue;
            }
            let mut cells = std::mem::take(&mut self.cells[held]);
            let mut sums = Sums::default();
            for cell in &mut cells {
                if !month.program.held[held].chances.is_empty() {
                    self.release_by_chance(month, held, cell, counters);
                } else if cell.curves.is_some() {
                    self.release_clocked(month, held, cell, (&mut sums, counters));
                } else {
                    self.release_plain(month, held, cell, counters);
                }
            }
            for (lane, people) in sums.deaths.iter().enumerate() {
                counters.die(month.lanes[lane].area, *people);
            }
            if !sums.fired.is_empty() {
                self.fire(month, held, &sums.fired, counters);
            }
            cells.retain(|cell| cell.lasts(month.now));
            self.cells[held] = join(month, held, cells);
        }
    }

    fn release_plain(&mut self, month: &Month, held: usize, cell: &Cell, counters: &mut Counters) {
        let age = (month.now - cell.entered) as usize;
        let place = &month.program.held[held];
        if cell.laws.runs.iter().all(|run| age > run.kernel.months()) {
            return;
        }
        let out = slot(&mut self.exiting[held], 0, month.shape.n_values());
        for run in &cell.laws.runs {
            let share = at(&run.kernel.ends, age);
            if share != 0.0 {
                let range = run.range.clone();
                for (out, people) in out[range.clone()].iter_mut().zip(&cell.people[range]) {
                    *out += share * people;
                }
            }
        }
        for (hazard, entry) in place.hazards.iter().enumerate() {
            let mut leaving = vec![0.0; month.shape.n_values()];
            for run in &cell.laws.runs {
                let share = at(&run.kernel.leaves[hazard], age);
                for at in run.range.clone() {
                    leaving[at] = share * cell.people[at];
                }
            }
            self.go(month, held, *entry, 0, &leaving, counters);
        }
        for sum in &cell.sums {
            let share = at(&sum.kernel.dies, age);
            if share > 0.0 {
                for (index, people) in sum.people.iter().enumerate() {
                    counters.die(month.lanes[sum.first + index].area, share * people);
                }
            }
        }
    }

    /// Where a clock runs every lane goes its own way.
    fn release_clocked(
        &mut self,
        month: &Month,
        held: usize,
        cell: &mut Cell,
        (sums, counters): (&mut Sums, &mut Counters),
    ) {
        let (place, Some(curves)) = (&month.program.held[held], cell.curves.clone()) else {
            return;
        };
        let is_clock = month.plan.states[place.kind.state].stay == Stay::Clock;
        let age = cell.age(month, is_clock);
        let ticks = cell.ticks(month);
        let (was, is) = ticks.rows(&curves);
        let n = month.shape.n_values();
        let is_over = is_clock && curves.last.iter().any(|last| ticks.elapsed >= *last);
        let mut ended = vec![0.0; if is_over || !is_clock { n } else { 0 }];
        let mut leaving = vec![vec![0.0; n]; place.hazards.len()];
        sums.begin(month.shape, self.role);
        let laws = cell.laws.clone();
        for (range, kernel, first) in
            segments(&laws, month.shape, place.kind.clock.and_then(|c| c.band))
        {
            let rows = first..first + range.len();
            let (was, is, people) = (
                &was[rows.clone()],
                &is[rows.clone()],
                &mut cell.people[range.clone()],
            );
            let may_fire = at(&kernel.may_fire, age);
            let fired = &mut sums.fired[range.clone()];
            for (((fired, people), was), is) in fired.iter_mut().zip(&*people).zip(was).zip(is) {
                *fired += people * may_fire * (was - is);
            }
            sums.die(
                first % month.shape.n_lanes,
                at(&kernel.dies, age),
                people,
                was,
            );
            for (hazard, leaving) in leaving.iter_mut().enumerate() {
                let share = at(&kernel.leaves[hazard], age);
                for ((leaving, people), is) in
                    leaving[range.clone()].iter_mut().zip(&*people).zip(is)
                {
                    *leaving = people * share * is;
                }
            }
            let (ends, stays) = (at(&kernel.ends, age), at(&kernel.present, age));
            if !is_clock {
                for ((ended, people), is) in ended[range].iter_mut().zip(&*people).zip(is) {
                    *ended = people * ends * is;
                }
            } else if is_over {
                let is_out = |at: usize| ticks.elapsed >= curves.last[rows.start + at];
                for (index, ((ended, people), is)) in
                    ended[range].iter_mut().zip(people).zip(is).enumerate()
                {
                    *people *= stays;
                    if is_out(index) {
                        *ended = std::mem::take(people) * is;
                    }
                }
            } else if stays != 1.0 {
                people.iter_mut().for_each(|people| *people *= stays);
            }
        }
        let ended = (!ended.is_empty()).then_some(ended);
        self.send(month, held, &ticks, (ended, &leaving), counters);
    }

    /// Those whose stay is over, and those whom a hazard took, go on with their clock as it stands.
    fn send(
        &mut self,
        month: &Month,
        held: usize,
        ticks: &Ticks,
        (ended, leaving): (Option<Vec<f64>>, &[Vec<f64>]),
        counters: &mut Counters,
    ) {
        let place = &month.program.held[held];
        let is_clock = month.plan.states[place.kind.state].stay == Stay::Clock;
        // Once the longest clock has run out it makes no difference any more.
        let (from, steps) = match ticks.is_past() {
            true => (place.expired, 0),
            false => (held, ticks.elapsed),
        };
        if let Some(ended) = ended {
            let (over, steps) = if is_clock {
                (place.expired, 0)
            } else {
                (from, steps)
            };
            add_to(&mut self.exiting[over], steps, &ended, 1.0);
        }
        for (people, entry) in leaving.iter().zip(&month.program.held[from].hazards) {
            self.go(month, from, *entry, steps, people, counters);
        }
    }

    /// Where chances are read anew at every step.
    fn release_by_chance(
        &mut self,
        month: &Month,
        held: usize,
        cell: &mut Cell,
        counters: &mut Counters,
    ) {
        let place = &month.program.held[held];
        let (state, ticks, n) = (place.kind.state, cell.ticks(month), month.shape.n_values());
        let needs = place.kind.needs & super::program::exit_needs(month.plan, state);
        let chances = (month.leaving)(state, needs, month.now - cell.entered);
        let mut fired = vec![0.0; n];
        let mut leaving = vec![vec![0.0; n]; place.hazards.len()];
        let mut taken = vec![vec![0.0; n]; chances.len()];
        let laws = cell.laws.clone();
        for (range, kernel, first) in segments(&laws, month.shape, None) {
            for (offset, value) in range.enumerate() {
                let people = cell.people[value];
                let band = place.kind.clock.and_then(|clock| clock.band);
                let (was, is) = ticks.at(band, month.shape, first + offset);
                fired[value] = people * at(&kernel.may_fire, 1) * (was - is);
                let lane = (first + offset) % month.shape.n_lanes;
                if self.role == Role::All {
                    counters.die(month.lanes[lane].area, people * at(&kernel.dies, 1) * was);
                }
                for (hazard, leaving) in leaving.iter_mut().enumerate() {
                    leaving[value] = people * at(&kernel.leaves[hazard], 1) * is;
                }
                let there = people * at(&kernel.present, 1);
                let mut left = there;
                for (taken, rows) in taken.iter_mut().zip(&chances) {
                    taken[value] = there * rows[first + offset] * is;
                    left -= there * rows[first + offset];
                }
                cell.people[value] = left.max(0.0);
            }
        }
        self.fire(month, held, &fired, counters);
        let is_past = ticks.is_past();
        let from = if is_past { place.expired } else { held };
        let steps = if is_past { 0 } else { ticks.elapsed };
        let source = &month.program.held[from];
        for (people, entry) in leaving.iter().zip(&source.hazards) {
            self.go(month, from, *entry, steps, people, counters);
        }
        let n_exits = month.plan.states[state].exits.len();
        for (index, (people, entry)) in taken.iter().zip(&source.chances).enumerate() {
            self.depart(
                month,
                from,
                (n_exits + index, *entry),
                steps,
                people,
                counters,
            );
        }
    }

    fn fire(&mut self, month: &Month, held: usize, fired: &[f64], counters: &mut Counters) {
        if let Role::Followed(year) = self.role {
            for (lane, people) in by_lane(month.shape, fired).into_iter().enumerate() {
                counters.reconvict(month.lanes[lane].area, year, people);
            }
            return;
        }
        self.go(
            month,
            held,
            month.program.held[held].fires_to,
            0,
            fired,
            counters,
        );
    }

    /// People leave a place for another state, or the model.
    fn go(
        &mut self,
        month: &Month,
        from: usize,
        entry: Option<usize>,
        months: usize,
        people: &[f64],
        counters: &mut Counters,
    ) {
        let Some(entry) = entry else { return };
        let (from, to) = (
            month.program.held[from].kind.state,
            month.program.entries[entry].kind,
        );
        let pair = counters
            .pair(from, to.state)
            .filter(|_| self.role == Role::All);
        if let Some(pair) = pair {
            for (lane, people) in by_lane(month.shape, people).into_iter().enumerate() {
                counters.step(month.lanes[lane].area, pair, people);
            }
        }
        let months = if to.clock.is_some() { months } else { 0 };
        add_to(&mut self.entering[entry], months, people, 1.0);
    }

    /// Everybody on the move goes on until a state keeps them.
    pub fn settle(&mut self, month: &Month, year: Option<usize>, counters: &mut Counters) {
        self.starts.clear();
        for _ in 0..MOST_ROUNDS {
            let mut is_moving = false;
            for &node in &month.program.order {
                match node {
                    Node::Entry(entry) => {
                        let pile = std::mem::take(&mut self.entering[entry]);
                        is_moving |= !pile.is_empty();
                        self.enter(month, entry, pile, year, counters);
                    }
                    Node::Exit(held) => {
                        let pile = std::mem::take(&mut self.exiting[held]);
                        is_moving |= !pile.is_empty();
                        for (months, people) in
                            pile.iter().enumerate().filter(|(_, p)| !p.is_empty())
                        {
                            self.exit(month, held, months, people, counters);
                        }
                    }
                }
            }
            if !is_moving {
                return;
            }
        }
    }

    fn enter(
        &mut self,
        month: &Month,
        entry: usize,
        pile: Pile,
        year: Option<usize>,
        counters: &mut Counters,
    ) {
        let place = &month.program.entries[entry];
        let pile = if place.starts { merged(pile) } else { pile };
        for (months, people) in pile.into_iter().enumerate().filter(|(_, p)| !p.is_empty()) {
            if self.role == Role::All {
                for (lane, people) in by_lane(month.shape, &people).into_iter().enumerate() {
                    counters.enter(month.lanes[lane].area, place.kind.state, people);
                }
                if place.draws {
                    self.count_needs(month, place, &people, counters);
                }
            }
            for branch in &place.branches {
                let mut some = of_band(month.shape, &people, branch.band);
                if place.rises {
                    some = risen(month.shape, &some);
                }
                if let Some(drawn) = branch.drawn {
                    multiply(
                        month.shape,
                        &mut some,
                        &month.numbers.drawn[&(place.kind.state, drawn)],
                    );
                }
                if let Some(exit) = branch.exit {
                    let needs = month.program.held[branch.held].kind.needs;
                    let needs = needs & super::program::exit_needs(month.plan, place.kind.state);
                    if let Some(chances) = month.numbers.exits.get(&(place.kind.state, needs)) {
                        multiply(month.shape, &mut some, &chances[exit]);
                    }
                }
                if place.starts {
                    self.start(month, branch.held, some, year);
                } else {
                    self.keep(month, branch.held, months, some);
                }
            }
        }
    }

    fn count_needs(&self, month: &Month, place: &Entry, people: &[f64], counters: &mut Counters) {
        let state = place.kind.state;
        let kept = place.kind.needs & !month.program.drawn[state].mask;
        let risen = if place.rises {
            risen(month.shape, people)
        } else {
            people.to_vec()
        };
        let mut banded = vec![0.0; month.shape.n_bands * month.shape.n_lanes];
        for (range, band) in month.shape.rows() {
            let sums = &mut banded[band * month.shape.n_lanes..(band + 1) * month.shape.n_lanes];
            for (sum, people) in sums.iter_mut().zip(&risen[range]) {
                *sum += people;
            }
        }
        for (which, rows) in month.numbers.arising[&(state, kept)].iter().enumerate() {
            for (index, (people, share)) in banded.iter().zip(rows).enumerate() {
                let area = month.lanes[index % month.shape.n_lanes].area;
                counters.arise(area, which, people * share);
            }
        }
    }

    /// The clock starts. Whoever is followed from an earlier year joins the new cohort and is followed no more; the
    /// tagged are set apart, because all who start are tagged.
    fn start(&mut self, month: &Month, held: usize, people: Vec<f64>, year: Option<usize>) {
        let is_index = year.is_some();
        let joins = match self.role {
            Role::All => {
                add_into(self.starts.entry(held).or_default(), &people);
                false
            }
            Role::Tagged if is_index => {
                add_into(self.starts.entry(held).or_default(), &people);
                true
            }
            Role::Followed(own) => is_index && year != Some(own),
            Role::Tagged => false,
        };
        if !joins {
            self.keep(month, held, 0, people);
        }
    }

    /// A state keeps people, but for those whose stay is over at once.
    pub fn keep(&mut self, month: &Month, held: usize, months: usize, mut people: Vec<f64>) {
        let place = &month.program.held[held];
        let key = (place.kind.state, place.kind.exit);
        let stay = stay_of(month.plan, key);
        let laws = match (stay, month.numbers.laws.get(&key)) {
            (Stay::None, _) | (_, None) => {
                return add_to(&mut self.exiting[held], months, &people, 1.0);
            }
            (Stay::Clock, _) if place.kind.clock.is_none() => {
                return add_to(&mut self.exiting[held], 0, &people, 1.0);
            }
            (_, Some(laws)) => laws.clone(),
        };
        let mut started = i32::MIN;
        let mut curves = None;
        if let Some(running) = place.kind.clock {
            started = month.now - months as i32;
            let then = &month.history[(started + 1) as usize];
            let found = &then.curves[&(running.start, running.needs)];
            let is_clock = stay == Stay::Clock;
            let (mut over, mut some_over) = (vec![0.0; people.len()], false);
            let survival = &found.survival[months.min(found.survival.len() - 1)];
            for (range, band) in month.shape.rows() {
                let first = running.band.unwrap_or(band) * month.shape.n_lanes;
                for (offset, at) in range.enumerate() {
                    if is_clock && months >= found.last[first + offset] {
                        over[at] = std::mem::take(&mut people[at]);
                        some_over |= over[at] > 0.0;
                    } else if survival[first + offset] > 0.0 {
                        people[at] /= survival[first + offset];
                    }
                }
            }
            if some_over {
                add_to(&mut self.exiting[place.expired], 0, &over, 1.0);
            }
            curves = Some(found.clone());
        }
        self.pass_at_once(month, held, months, &people, &laws, curves.as_deref());
        self.add_cell(month, held, (started, people, laws, curves));
    }

    /// Those whose stay rounds to no month at all.
    fn pass_at_once(
        &mut self,
        month: &Month,
        held: usize,
        months: usize,
        people: &[f64],
        laws: &Laws,
        curves: Option<&Curves>,
    ) {
        if laws.runs.iter().all(|run| run.kernel.ends[0] == 0.0) {
            return;
        }
        let band = month.program.held[held]
            .kind
            .clock
            .and_then(|clock| clock.band);
        let mut passing = vec![0.0; people.len()];
        for (range, kernel, first) in segments(laws, month.shape, band) {
            for (offset, at) in range.enumerate() {
                let survival = curves.map_or(1.0, |curves| {
                    curves.survival[months.min(curves.survival.len() - 1)][first + offset]
                });
                passing[at] = people[at] * kernel.ends[0] * survival;
            }
        }
        add_to(&mut self.exiting[held], months, &passing, 1.0);
    }

    fn add_cell(
        &mut self,
        month: &Month,
        held: usize,
        entered: (i32, Vec<f64>, Arc<Laws>, Option<Arc<Curves>>),
    ) {
        let (started, people, laws, curves) = entered;
        let is_clock = month.plan.states[month.program.held[held].kind.state].stay == Stay::Clock;
        for cell in &mut self.cells[held] {
            let is_same = cell.started == started
                && (is_clock || cell.entered == month.now)
                && Arc::ptr_eq(&cell.laws, &laws);
            if is_same {
                add_into(&mut cell.people, &people);
                cell.sum_up(month.shape, self.role);
                return;
            }
        }
        let cell = Cell::new(
            month.shape,
            month.now,
            started,
            people,
            laws,
            curves,
            self.role,
        );
        self.cells[held].push(cell);
    }

    fn exit(
        &mut self,
        month: &Month,
        held: usize,
        months: usize,
        people: &[f64],
        counters: &mut Counters,
    ) {
        let place = &month.program.held[held];
        let state = place.kind.state;
        let needs = place.kind.needs & super::program::exit_needs(month.plan, state);
        let chances = month.numbers.exits.get(&(state, needs));
        for (index, &entry) in place.exits.iter().enumerate() {
            if place.kind.exit.is_some_and(|chosen| chosen != index) {
                continue;
            }
            let is_counted = self.role == Role::All && counters.exit(state, index).is_some();
            if entry.is_none() && !is_counted {
                continue;
            }
            let mut some = people.to_vec();
            if let Some(chances) = chances.filter(|_| place.kind.exit.is_none()) {
                multiply(month.shape, &mut some, &chances[index]);
            }
            self.depart(month, held, (index, entry), months, &some, counters);
        }
    }

    /// People leave by an exit, or by a chance of leaving, which are numbered after the exits.
    fn depart(
        &mut self,
        month: &Month,
        held: usize,
        (exit, entry): (usize, Option<usize>),
        months: usize,
        people: &[f64],
        counters: &mut Counters,
    ) {
        let state = month.program.held[held].kind.state;
        let counted = counters
            .exit(state, exit)
            .filter(|_| self.role == Role::All);
        if let Some(counted) = counted.filter(|_| entry.is_none()) {
            for (lane, people) in by_lane(month.shape, people).into_iter().enumerate() {
                counters.depart(month.lanes[lane].area, counted, people);
            }
        }
        self.go(month, held, entry, months, people, counters);
    }

    /// Counts who is where at the end of the step.
    pub fn count(&self, month: &Month, counters: &mut Counters) {
        let n_states = month.plan.states.len();
        for (held, cells) in self.cells.iter().enumerate() {
            let place = month.program.held[held].kind;
            for cell in cells {
                let is_down = is_counted_down(month, held, cell);
                let age = if is_down {
                    0
                } else {
                    (month.now - cell.entered).max(0) as usize
                };
                let mut add = |lane: usize, people: f64| {
                    counters.stock[month.lanes[lane].area * n_states + place.state] += people;
                };
                if cell.curves.is_none() && !is_down {
                    for sum in &cell.sums {
                        let share = at(&sum.kernel.present, age);
                        for (index, people) in sum.people.iter().enumerate() {
                            add(sum.first + index, share * people);
                        }
                    }
                    continue;
                }
                let (ticks, curves) = (cell.ticks(month), cell.curves.as_ref());
                let mut lanes = vec![0.0; month.shape.n_lanes];
                for (range, kernel, first) in
                    segments(&cell.laws, month.shape, place.clock.and_then(|c| c.band))
                {
                    let share = at(&kernel.present, age);
                    let lane = first % month.shape.n_lanes;
                    let sums = lanes[lane..lane + range.len()].iter_mut();
                    let people = &cell.people[range.clone()];
                    match curves {
                        None => sums
                            .zip(people)
                            .for_each(|(sum, people)| *sum += share * people),
                        Some(curves) => {
                            let is = &ticks.rows(curves).1[first..first + range.len()];
                            sums.zip(people)
                                .zip(is)
                                .for_each(|((sum, n), is)| *sum += share * is * n);
                        }
                    }
                }
                lanes
                    .into_iter()
                    .enumerate()
                    .for_each(|(lane, people)| add(lane, people));
            }
        }
    }

    /// Present stays in some states take new laws: `new_laws` says which, from the old ones and the months since entry.
    pub fn rescale(&mut self, month: &Month, states: &[usize], new_laws: &mut NewLaws<'_>) {
        for (held, cells) in self.cells.iter_mut().enumerate() {
            let kind = month.program.held[held].kind;
            if !states.contains(&kind.state) {
                continue;
            }
            for cell in cells {
                let age = (month.now - cell.entered) as usize;
                cell.laws = new_laws((kind.state, kind.exit), &cell.laws, age);
                cell.sum_up(month.shape, self.role);
            }
        }
    }
}

impl Cell {
    fn new(
        shape: &Shape,
        entered: i32,
        started: i32,
        people: Vec<f64>,
        laws: Arc<Laws>,
        curves: Option<Arc<Curves>>,
        role: Role,
    ) -> Cell {
        let mut cell = Cell {
            entered,
            started,
            people,
            laws,
            curves,
            sums: Vec::new(),
        };
        cell.sum_up(shape, role);
        cell
    }

    /// Whether anybody may be left after a step.
    fn lasts(&self, now: i32) -> bool {
        ((now - self.entered) as usize) < self.laws.months
            && self.people.iter().any(|people| *people != 0.0)
    }

    /// Steps since entry; always one where the cell holds the people who are there now.
    fn age(&self, month: &Month, is_clock: bool) -> usize {
        if is_clock {
            return 1;
        }
        (month.now - self.entered) as usize
    }

    /// Where the clock of these people stands in this step, if one runs.
    fn ticks(&self, month: &Month) -> Ticks {
        Ticks {
            curves: self.curves.clone(),
            elapsed: match &self.curves {
                Some(_) => (month.now - self.started) as usize,
                None => 0,
            },
        }
    }

    fn sum_up(&mut self, shape: &Shape, role: Role) {
        self.sums.clear();
        if role != Role::All || self.curves.is_some() {
            return;
        }
        for (range, kernel, _) in segments(&self.laws, shape, None) {
            let first = range.start % shape.n_lanes;
            let known = self.sums.iter_mut().find(|sum| {
                sum.first == first
                    && sum.people.len() == range.len()
                    && Arc::ptr_eq(&sum.kernel, kernel)
            });
            match known {
                Some(sum) => add_into(&mut sum.people, &self.people[range]),
                None => self.sums.push(Sum {
                    kernel: kernel.clone(),
                    first,
                    people: self.people[range].to_vec(),
                }),
            }
        }
    }
}

/// Where a clock stands.
struct Ticks {
    curves: Option<Arc<Curves>>,
    /// Steps since it started.
    elapsed: usize,
}

impl Ticks {
    /// The chances, by band and lane, that it had not fired a step ago, and that it has not fired now.
    fn rows<'a>(&self, curves: &'a Curves) -> (&'a Rows, &'a Rows) {
        let longest = curves.survival.len() - 1;
        let before = self.elapsed.saturating_sub(1).min(longest);
        (
            &curves.survival[before],
            &curves.survival[self.elapsed.min(longest)],
        )
    }

    /// The same for a place in rows by band and lane, unless the band is that of the start. Without a clock nothing
    /// fires.
    fn at(&self, band: Option<usize>, shape: &Shape, place: usize) -> (f64, f64) {
        let Some(curves) = &self.curves else {
            return (1.0, 1.0);
        };
        let place = band.map_or(place, |band| band * shape.n_lanes + place % shape.n_lanes);
        let (was, is) = self.rows(curves);
        (was[place], is[place])
    }

    /// Whether it has run out for everybody.
    fn is_past(&self) -> bool {
        self.curves
            .as_ref()
            .is_some_and(|curves| self.elapsed + 1 >= curves.survival.len())
    }
}

/// What the cells of a place have in common in a step: who fires, by value, and who dies, by lane.
#[derive(Default)]
struct Sums {
    fired: Vec<f64>,
    deaths: Vec<f64>,
}

impl Sums {
    fn die(&mut self, lane: usize, share: f64, people: &[f64], was: &[f64]) {
        if share > 0.0 && !self.deaths.is_empty() {
            let deaths = self.deaths[lane..lane + people.len()].iter_mut();
            for ((deaths, people), was) in deaths.zip(people).zip(was) {
                *deaths += people * share * was;
            }
        }
    }

    fn begin(&mut self, shape: &Shape, role: Role) {
        self.fired.resize(shape.n_values(), 0.0);
        if role == Role::All {
            self.deaths.resize(shape.n_lanes, 0.0);
        }
    }
}

/// Whether a cell holds the people who are there now, rather than those who entered: a stay that lasts as long as the
/// clock, or until a chance is taken, is the same from one step to the next.
fn is_counted_down(month: &Month, held: usize, cell: &Cell) -> bool {
    let state = &month.plan.states[month.program.held[held].kind.state];
    !state.chances.is_empty() || state.stay == Stay::Clock && cell.curves.is_some()
}

/// Joins cells whose future is the same, because every list of chances has come to its end.
fn join(month: &Month, held: usize, cells: Vec<Cell>) -> Vec<Cell> {
    let chances = &month.plan.states[month.program.held[held].kind.state].chances;
    let lists = chances.iter().map(|leaving| match leaving.chance {
        Chance::Listed(list) => list.from + list.n as i32 - 1,
        _ => i32::MAX,
    });
    let Some(longest) = lists.max().filter(|longest| *longest < i32::MAX) else {
        return cells;
    };
    let mut joined: Vec<Cell> = Vec::new();
    for cell in cells {
        let is_settled = |cell: &Cell| month.now - cell.entered + 1 >= longest;
        let known = joined.iter_mut().find(|known| {
            is_settled(&cell)
                && is_settled(known)
                && known.started == cell.started
                && Arc::ptr_eq(&known.laws, &cell.laws)
        });
        match known {
            Some(known) => add_into(&mut known.people, &cell.people),
            None => joined.push(cell),
        }
    }
    joined
}

/// Stretches of values that share a kernel and a number of previous convictions; with where the first of them stands
/// in rows by band and lane.
fn segments<'a>(
    laws: &'a Laws,
    shape: &'a Shape,
    band: Option<usize>,
) -> impl Iterator<Item = (std::ops::Range<usize>, &'a Arc<Kernel>, usize)> {
    laws.runs.iter().flat_map(move |run| {
        let n = shape.n_lanes;
        let numbers = run.range.start / n..run.range.end.div_ceil(n);
        numbers.map(move |number| {
            let from = run.range.start.max(number * n);
            let to = run.range.end.min((number + 1) * n);
            let row = band.unwrap_or(shape.bands[number]);
            (from..to, &run.kernel, row * n + from - number * n)
        })
    })
}

fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.0)
}

fn slot(pile: &mut Pile, months: usize, n: usize) -> &mut Vec<f64> {
    if pile.len() <= months {
        pile.resize(months + 1, Vec::new());
    }
    if pile[months].is_empty() {
        pile[months] = vec![0.0; n];
    }
    &mut pile[months]
}

fn add_to(pile: &mut Pile, months: usize, people: &[f64], share: f64) {
    // Nobody moves nowhere: a ring of places would hand noughts round for ever.
    if people.iter().all(|people| *people == 0.0) {
        return;
    }
    let slot = slot(pile, months, people.len());
    for (sum, more) in slot.iter_mut().zip(people) {
        *sum += share * more;
    }
}

fn add_into(sums: &mut Vec<f64>, people: &[f64]) {
    if sums.is_empty() {
        sums.extend(people);
        return;
    }
    for (sum, more) in sums.iter_mut().zip(people) {
        *sum += more;
    }
}

/// People whatever the months since their clock started.
fn merged(pile: Pile) -> Pile {
    let mut all = Vec::new();
    for people in pile.iter().filter(|people| !people.is_empty()) {
        add_into(&mut all, people);
    }
    if all.is_empty() {
        Vec::new()
    } else {
        vec![all]
    }
}

fn by_lane(shape: &Shape, people: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; shape.n_lanes];
    for row in people.chunks(shape.n_lanes) {
        for (sum, people) in sums.iter_mut().zip(row) {
            *sum += people;
        }
    }
    sums
}

fn multiply(shape: &Shape, people: &mut [f64], rows: &[f64]) {
    for (range, band) in shape.rows() {
        let row = &rows[band * shape.n_lanes..(band + 1) * shape.n_lanes];
        for (people, share) in people[range].iter_mut().zip(row) {
            *people *= share;
        }
    }
}

fn of_band(shape: &Shape, people: &[f64], band: Option<usize>) -> Vec<f64> {
    let mut some = people.to_vec();
    if let Some(meant) = band {
        for (range, band) in shape.rows() {
            if band != meant {
                some[range].fill(0.0);
            }
        }
    }
    some
}

/// One more previous conviction each; the highest number stands for all above it.
fn risen(shape: &Shape, people: &[f64]) -> Vec<f64> {
    let n = shape.n_lanes;
    let mut risen = vec![0.0; people.len()];
    for (number, row) in people.chunks(n).enumerate() {
        let to = (number + 1).min(shape.n_priors - 1) * n;
        for (sum, people) in risen[to..to + n].iter_mut().zip(row) {
            *sum += people;
        }
    }
    risen
}

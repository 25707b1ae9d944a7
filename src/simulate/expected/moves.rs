//! People on the move within a month: into states, through those that keep nobody, and out of them.

use super::counters::Counters;
use super::crowd::{Crowd, Month, Role};
use super::precision::Number;
use super::program::{Entry, Node};
use super::vectors::{Pile, add, add_exact, add_lanes, add_product, keep_band, multiply, rise};

/// A journey within a month has at most so many rounds through the places.
const MOST_ROUNDS: usize = 64;

impl<N: Number> Crowd<N> {
    /// People leave a place for another state, or the model.
    pub(super) fn go(
        &mut self,
        month: &Month<N>,
        from: usize,
        entry: Option<usize>,
        months: usize,
        people: Vec<N>,
        counters: &mut Counters,
    ) {
        let Some(entry) = entry else {
            return self.spare.give(people);
        };
        let from = month.program.held[from].kind.state;
        let to = month.program.entries[entry].kind;
        let pair = counters.pair(from, to.state);
        if let Some(pair) = pair.filter(|_| self.role == Role::All) {
            let lanes = self.by_lane(month, &people);
            counters.step(month.lanes, pair, &lanes);
            self.spare_lanes.give(lanes);
        }
        // Where the clock is lost its months say only how much older people are.
        let is_told = to.clock.is_some() || month.shape.passes();
        let months = if is_told { months } else { 0 };
        self.spare.put(&mut self.entering[entry], months, people);
    }

    fn by_lane(&mut self, month: &Month<N>, people: &[N]) -> Vec<f64> {
        let mut lanes = self.spare_lanes.zeros(month.shape.n_lanes);
        add_lanes(month.shape, &mut lanes, people);
        lanes
    }

    /// Everybody on the move goes on until a state keeps them.
    pub fn settle(&mut self, month: &Month<N>, year: Option<usize>, counters: &mut Counters) {
        self.starts.clear();
        for _ in 0..MOST_ROUNDS {
            let mut is_moving = false;
            for &node in &month.program.order {
                let pile = match node {
                    Node::Entry(entry) => std::mem::take(&mut self.entering[entry]),
                    Node::Exit(held) => std::mem::take(&mut self.exiting[held]),
                };
                if pile.is_empty() {
                    continue;
                }
                is_moving = true;
                match node {
                    Node::Entry(entry) => self.enter(month, entry, pile, year, counters),
                    Node::Exit(held) => {
                        for (months, people) in pile.into_iter().enumerate() {
                            if !people.is_empty() {
                                self.exit(month, held, months, people, counters);
                            }
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
        month: &Month<N>,
        entry: usize,
        pile: Pile<N>,
        year: Option<usize>,
        counters: &mut Counters,
    ) {
        let place = &month.program.entries[entry];
        let pile = match place.starts || place.kind.clock.is_none() {
            true => self.spare.merged(month.shape, pile),
            false => pile,
        };
        if self.role == Role::All && (place.draws || counters.counts_entries(place.kind.state)) {
            self.count_entry(month, entry, &pile, counters);
        }
        for (months, people) in pile.into_iter().enumerate() {
            if !people.is_empty() {
                self.branch(month, place, (months, people), year);
            }
        }
    }

    fn count_entry(
        &mut self,
        month: &Month<N>,
        entry: usize,
        pile: &Pile<N>,
        counters: &mut Counters,
    ) {
        let place = &month.program.entries[entry];
        let mut all = self.spare.zeros(month.shape.n_values());
        for people in pile {
            add(&mut all, people);
        }
        if counters.counts_entries(place.kind.state) {
            let lanes = self.by_lane(month, &all);
            counters.enter(month.lanes, place.kind.state, &lanes);
            self.spare_lanes.give(lanes);
        }
        if place.draws {
            self.count_needs(month, entry, &all, counters);
        }
        self.spare.give(all);
    }

    /// What entering a state makes of people.
    fn branch(
        &mut self,
        month: &Month<N>,
        place: &Entry,
        (months, people): (usize, Vec<N>),
        year: Option<usize>,
    ) {
        let (shape, state) = (month.shape, place.kind.state);
        let mut left = people;
        for (index, branch) in place.branches.iter().enumerate() {
            let mut some = match index + 1 == place.branches.len() {
                true => std::mem::take(&mut left),
                false => self.spare.copy(&left),
            };
            if let Some(band) = branch.band {
                keep_band(shape, &mut some, band);
            }
            if place.rises {
                rise(shape, &mut some);
            }
            if let Some(drawn) = branch.drawn {
                multiply(&mut some, &month.numbers.drawn[&(state, drawn)]);
            }
            let chances = month.numbers.exits[branch.held].as_ref();
            if let (Some(exit), Some(chances)) = (branch.exit, chances) {
                multiply(&mut some, &chances[exit]);
            }
            if place.starts {
                self.start(month, branch.held, some, year);
            } else {
                self.keep(month, branch.held, months, some);
            }
        }
    }

    fn count_needs(
        &mut self,
        month: &Month<N>,
        entry: usize,
        people: &[N],
        counters: &mut Counters,
    ) {
        let (shape, place) = (month.shape, &month.program.entries[entry]);
        let mut banded = self.spare_lanes.zeros(shape.n_bands * shape.n_lanes);
        for row in &shape.rows {
            let number = row.number + usize::from(place.rises);
            let band = shape.bands[number.min(shape.n_priors - 1)];
            let first = band * shape.n_lanes + row.lane;
            let people = &people[row.start..row.start + shape.width];
            add_exact(&mut banded[first..first + shape.width], people, 1.0);
        }
        let mut lanes = self.spare_lanes.zeros(shape.n_lanes);
        for (which, rows) in month.numbers.arising[entry].iter().enumerate() {
            lanes.fill(0.0);
            let bands = banded.chunks(shape.n_lanes).zip(rows.chunks(shape.n_lanes));
            for (people, chances) in bands {
                add_product(&mut lanes, people, chances, 1.0);
            }
            counters.arise(month.lanes, which, &lanes);
        }
        self.spare_lanes.give(lanes);
        self.spare_lanes.give(banded);
    }

    /// The clock starts. Whoever is followed from an earlier year joins the new cohort and is followed no more; the
    /// tagged are set apart, because all who start are tagged.
    fn start(&mut self, month: &Month<N>, held: usize, people: Vec<N>, year: Option<usize>) {
        let is_index = year.is_some();
        let joins = match self.role {
            Role::All => {
                self.note_start(held, &people);
                false
            }
            Role::Tagged if is_index => {
                self.note_start(held, &people);
                true
            }
            Role::Followed(own) => is_index && year != Some(own),
            Role::Tagged => false,
        };
        if joins {
            self.spare.give(people);
        } else {
            self.keep(month, held, 0, people);
        }
    }

    fn note_start(&mut self, held: usize, people: &[N]) {
        let starts = self.starts.entry(held).or_default();
        if starts.is_empty() {
            starts.extend(people);
        } else {
            add(starts, people);
        }
    }

    fn exit(
        &mut self,
        month: &Month<N>,
        held: usize,
        months: usize,
        people: Vec<N>,
        counters: &mut Counters,
    ) {
        let place = &month.program.held[held];
        let chances = month.numbers.exits[held].as_ref();
        let chances = chances.filter(|_| place.kind.exit.is_none());
        let mut left = people;
        let n_exits = place.exits.len();
        for (index, &entry) in place.exits.iter().enumerate() {
            if place.kind.exit.is_some_and(|chosen| chosen != index) {
                continue;
            }
            let is_counted =
                self.role == Role::All && counters.exit(place.kind.state, index).is_some();
            if entry.is_none() && !is_counted {
                continue;
            }
            let chances = chances.map(|chances| &chances[index]);
            let some = match (index + 1 == n_exits, chances) {
                (false, Some(chances)) => self.spare.product(&left, chances),
                (false, None) => self.spare.copy(&left),
                (true, chances) => {
                    let mut some = std::mem::take(&mut left);
                    chances
                        .iter()
                        .for_each(|chances| multiply(&mut some, chances));
                    some
                }
            };
            self.depart(month, held, (index, entry), months, some, counters);
        }
        self.spare.give(left);
    }

    /// People leave by an exit, or by a chance of leaving, which are numbered after the exits.
    pub(super) fn depart(
        &mut self,
        month: &Month<N>,
        held: usize,
        (exit, entry): (usize, Option<usize>),
        months: usize,
        people: Vec<N>,
        counters: &mut Counters,
    ) {
        let state = month.program.held[held].kind.state;
        let counted = counters.exit(state, exit);
        let is_counted = self.role == Role::All && entry.is_none();
        if let Some(counted) = counted.filter(|_| is_counted) {
            let lanes = self.by_lane(month, &people);
            counters.depart(month.lanes, counted, &lanes);
            self.spare_lanes.give(lanes);
        }
        self.go(month, held, entry, months, people, counters);
    }
}

//! Sums and products of the values of a place, in buffers that are used again.

use super::precision::Number;
use super::shape::Shape;

/// People on the move within the month: by months since their clock started, where one runs or ran.
pub(super) type Pile<N> = Vec<Vec<N>>;

/// Buffers that are not in use.
#[derive(Debug, Default)]
pub(super) struct Spare<N>(Vec<Vec<N>>);

impl<N> Clone for Spare<N> {
    /// What is not in use is not worth a copy.
    fn clone(&self) -> Spare<N> {
        Spare(Vec::new())
    }
}

impl<N: Number> Spare<N> {
    /// A buffer of nothing, to be filled.
    pub fn empty(&mut self) -> Vec<N> {
        let mut buffer = self.0.pop().unwrap_or_default();
        buffer.clear();
        buffer
    }

    /// A buffer of noughts.
    pub fn zeros(&mut self, n: usize) -> Vec<N> {
        let mut buffer = self.empty();
        buffer.resize(n, N::default());
        buffer
    }

    /// A buffer that holds a copy.
    pub fn copy(&mut self, values: &[N]) -> Vec<N> {
        let mut buffer = self.empty();
        buffer.extend_from_slice(values);
        buffer
    }

    /// A buffer that holds everybody's number times their chance.
    pub fn product(&mut self, people: &[N], chances: &[N]) -> Vec<N> {
        let mut buffer = self.empty();
        push_product(&mut buffer, people, chances, 1.0);
        buffer
    }

    /// Takes a buffer back.
    pub fn give(&mut self, buffer: Vec<N>) {
        if buffer.capacity() > 0 {
            self.0.push(buffer);
        }
    }

    /// Puts people on a pile.
    pub fn put(&mut self, pile: &mut Pile<N>, months: usize, people: Vec<N>) {
        // Nobody moves nowhere: a ring of places would hand noughts round for ever.
        if is_nobody(&people) {
            return self.give(people);
        }
        if pile.len() <= months {
            pile.resize(months + 1, Vec::new());
        }
        if pile[months].is_empty() {
            pile[months] = people;
        } else {
            add(&mut pile[months], &people);
            self.give(people);
        }
    }

    /// The people of a pile, each as old as they are by now, whatever the months since their clock started.
    pub fn merged(&mut self, shape: &Shape, pile: Pile<N>) -> Pile<N> {
        let mut all = Vec::new();
        for (months, mut people) in pile.into_iter().enumerate() {
            if people.is_empty() {
                continue;
            }
            shape.age(&mut people, months);
            if all.is_empty() {
                all = people;
            } else {
                add(&mut all, &people);
                self.give(people);
            }
        }
        if all.is_empty() {
            Vec::new()
        } else {
            vec![all]
        }
    }
}

/// Whether all are nought.
pub(super) fn is_nobody<N: Number>(people: &[N]) -> bool {
    people.iter().all(|people| *people == N::default())
}

/// `sums += more`.
pub(super) fn add<N: Number>(sums: &mut [N], more: &[N]) {
    let n = sums.len().min(more.len());
    let (sums, more) = (&mut sums[..n], &more[..n]);
    for at in 0..n {
        sums[at] += more[at];
    }
}

/// `sums += share * people`.
pub(super) fn add_share<N: Number>(sums: &mut [N], people: &[N], share: f64) {
    let share = N::of(share);
    let n = sums.len().min(people.len());
    let (sums, people) = (&mut sums[..n], &people[..n]);
    for at in 0..n {
        sums[at] += share * people[at];
    }
}

/// `sums += share * people * chances`.
pub(super) fn add_product<N: Number>(sums: &mut [N], people: &[N], chances: &[N], share: f64) {
    let share = N::of(share);
    let n = people.len();
    let (sums, chances) = (&mut sums[..n], &chances[..n]);
    for at in 0..n {
        sums[at] += share * people[at] * chances[at];
    }
}

/// `share * people * chances` behind what is there.
pub(super) fn push_product<N: Number>(
    buffer: &mut Vec<N>,
    people: &[N],
    chances: &[N],
    share: f64,
) {
    let (share, pairs) = (N::of(share), people.iter().zip(chances));
    buffer.extend(pairs.map(|(people, chance)| share * *people * *chance));
}

/// Sums over the cells of a place in which a clock runs.
#[derive(Debug, Default)]
pub(super) struct Ticked<N> {
    /// Whose clock has fired.
    pub fired: Vec<N>,
    /// The same times the months since it started; empty where nobody grows older.
    pub weighted: Vec<N>,
    /// Who is there at the end of the step; empty where nobody asks.
    pub there: Vec<N>,
}

impl<N: Number> Ticked<N> {
    /// Adds some neighbouring values, from `first` on: `fired += fires * people * (was - is)`, and
    /// `there += stays * people * is`.
    pub fn add(
        &mut self,
        first: usize,
        people: &[N],
        (was, is): (&[N], &[N]),
        (fires, stays, months): (f64, f64, f64),
    ) {
        let (fires, months) = (N::of(fires), N::of(months));
        let n = people.len();
        let (was, is, fired) = (&was[..n], &is[..n], &mut self.fired[first..first + n]);
        if self.weighted.is_empty() {
            for at in 0..n {
                fired[at] += fires * people[at] * (was[at] - is[at]);
            }
        } else {
            let weighted = &mut self.weighted[first..first + n];
            for at in 0..n {
                let firing = fires * people[at] * (was[at] - is[at]);
                fired[at] += firing;
                weighted[at] += months * firing;
            }
        }
        if !self.there.is_empty() && stays != 0.0 {
            add_product(&mut self.there[first..first + n], people, is, stays);
        }
    }
}

/// Sums over previous convictions, by lane, added to `lanes`.
pub(super) fn add_lanes<N: Number>(shape: &Shape, lanes: &mut [f64], people: &[N]) {
    for row in &shape.rows {
        let sums = &mut lanes[row.lane..row.lane + shape.width];
        add_exact(sums, &people[row.start..row.start + shape.width], 1.0);
    }
}

/// `sums += share * people`, in double precision.
pub(super) fn add_exact<N: Number>(sums: &mut [f64], people: &[N], share: f64) {
    let n = sums.len().min(people.len());
    let (sums, people) = (&mut sums[..n], &people[..n]);
    for at in 0..n {
        sums[at] += share * people[at].exact();
    }
}

/// Everybody's number times their chance.
pub(super) fn multiply<N: Number>(people: &mut [N], chances: &[N]) {
    let n = people.len();
    let chances = &chances[..n];
    for at in 0..n {
        people[at] *= chances[at];
    }
}

/// Only those of a priors band.
pub(super) fn keep_band<N: Number>(shape: &Shape, people: &mut [N], band: usize) {
    for row in &shape.rows {
        if shape.bands[row.number] != band {
            people[row.start..row.start + shape.width].fill(N::default());
        }
    }
}

/// One more previous conviction each; the highest class stands for all above it.
pub(super) fn rise<N: Number>(shape: &Shape, people: &mut [N]) {
    let width = shape.width;
    for group in people.chunks_mut(shape.n_of_group()) {
        for class in (1..shape.n_priors).rev() {
            let share = N::of(shape.rising(class - 1));
            let (lower, higher) = group.split_at_mut(class * width);
            let lower = &mut lower[(class - 1) * width..];
            for (higher, lower) in higher[..width].iter_mut().zip(lower) {
                let rising = share * *lower;
                *higher += rising;
                *lower -= rising;
            }
        }
    }
}

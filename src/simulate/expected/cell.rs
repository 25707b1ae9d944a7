//! People who entered a place in the same step, and how many of them go in a step of their stay.

use std::sync::Arc;

use super::kernel::Kernel;
use super::laws::{Curves, Laws};
use super::precision::Number;
use super::vectors::{
    Spare, Ticked, add, add_exact, add_product, add_share, is_nobody, push_product,
};

/// People who entered a place in the same step, or whose future is the same.
#[derive(Debug, Clone)]
pub(super) struct Cell<N> {
    /// When they entered.
    pub entered: i32,
    /// When their clock started, where one runs.
    pub started: i32,
    /// How many entered, by previous convictions and lane; where a clock runs, as many as there would be had it not
    /// fired by then.
    pub people: Vec<N>,
    /// What becomes of them.
    pub laws: Arc<Laws>,
    /// Their clock, where one runs.
    pub curves: Option<Arc<Curves<N>>>,
    /// People whatever their previous convictions, as [`Laws::sums`] lays them out; empty where nobody asks.
    pub sums: Vec<N>,
}

/// A step of a stay on the clock.
pub(super) struct Tick<'a, N> {
    /// Steps since entry; one where a cell holds the people who are there now.
    pub age: usize,
    /// The chance not to have fired a step ago.
    pub was: &'a [N],
    /// The chance not to have fired now.
    pub is: &'a [N],
}

impl<N: Number> Cell<N> {
    /// Steps since entry.
    pub fn age(&self, now: i32) -> usize {
        (now - self.entered).max(0) as usize
    }

    /// Whether anybody may be left after a step.
    pub fn lasts(&self, now: i32) -> bool {
        self.age(now) < self.laws.months && !is_nobody(&self.people)
    }

    /// Sums up, where somebody asks.
    pub fn sum_up(&mut self, is_asked: bool) {
        self.sums.clear();
        if !is_asked || self.curves.is_some() {
            return;
        }
        self.sums.resize(self.laws.n_sums, N::default());
        for segment in &self.laws.segments {
            add(
                &mut self.sums[segment.sums()],
                &self.people[segment.range()],
            );
        }
    }

    /// Adds a share of the sums to lanes, the share being what the kernel says.
    pub fn add_sums(&self, lanes: &mut [f64], share_of: impl Fn(&Kernel) -> f64) {
        if self.sums.is_empty() {
            return;
        }
        for sum in &self.laws.sums {
            let share = share_of(&self.laws.runs[sum.run].kernel);
            if share != 0.0 {
                let lanes = &mut lanes[sum.lane..sum.lane + sum.n];
                add_exact(lanes, &self.sums[sum.start..sum.start + sum.n], share);
            }
        }
    }

    /// Whoever ends the stay, without a clock, and whom each hazard takes.
    pub fn leave(&self, age: usize, ended: &mut [N], leaving: &mut [Vec<N>]) {
        for run in &self.laws.runs {
            let share = at(&run.kernel.ends, age);
            if share != 0.0 {
                let range = run.range.clone();
                add_share(&mut ended[range.clone()], &self.people[range], share);
            }
            for (hazard, leaving) in leaving.iter_mut().enumerate() {
                let share = at(&run.kernel.leaves[hazard], age);
                let range = run.range.clone();
                add_share(&mut leaving[range.clone()], &self.people[range], share);
            }
        }
    }

    /// Whose clock fires in a step, so many months after it started, and who is there at its end.
    pub fn fire(&self, tick: &Tick<N>, months: usize, ticked: &mut Ticked<N>) {
        for run in &self.laws.runs {
            let (range, kernel) = (run.range.clone(), &run.kernel);
            let clock = (&tick.was[range.clone()], &tick.is[range.clone()]);
            let shares = (
                at(&kernel.may_fire, tick.age),
                at(&kernel.present, tick.age),
                months as f64,
            );
            ticked.add(range.start, &self.people[range], clock, shares);
        }
    }

    /// Whoever ends the stay with the clock still running.
    pub fn end_on_clock(&self, tick: &Tick<N>, spare: &mut Spare<N>) -> Vec<N> {
        self.on_clock(tick, spare, |kernel| kernel.ends.as_slice())
    }

    /// Whom each hazard takes with the clock still running.
    pub fn leave_on_clock(&self, tick: &Tick<N>, n: usize, spare: &mut Spare<N>) -> Vec<Vec<N>> {
        let taken =
            |hazard: usize| self.on_clock(tick, spare, |kernel| kernel.leaves[hazard].as_slice());
        (0..n).map(taken).collect()
    }

    /// The share that a kernel says of those whose clock has not fired. Runs follow each other without gaps.
    fn on_clock(
        &self,
        tick: &Tick<N>,
        spare: &mut Spare<N>,
        shares: impl Fn(&Kernel) -> &[f64],
    ) -> Vec<N> {
        let mut some = spare.empty();
        for run in &self.laws.runs {
            let (range, share) = (run.range.clone(), at(shares(&run.kernel), tick.age));
            push_product(
                &mut some,
                &self.people[range.clone()],
                &tick.is[range],
                share,
            );
        }
        some
    }

    /// Adds who is there at the end of a step.
    pub fn stand(&self, tick: &Tick<N>, there: &mut [N]) {
        for run in &self.laws.runs {
            let range = run.range.clone();
            let stays = at(&run.kernel.present, tick.age);
            let (people, is) = (&self.people[range.clone()], &tick.is[range.clone()]);
            add_product(&mut there[range], people, is, stays);
        }
    }

    /// Where a cell holds the people who are there now: those who are still there after a step, the clock aside.
    pub fn stay(&mut self) {
        for run in &self.laws.runs {
            let stays = at(&run.kernel.present, 1);
            if stays != 1.0 {
                let people = &mut self.people[run.range.clone()];
                let stays = N::of(stays);
                people.iter_mut().for_each(|people| *people *= stays);
            }
        }
    }

    /// Takes out those whose clock has run out without firing.
    pub fn run_out(&mut self, tick: &Tick<N>, is_out: impl Fn(usize) -> bool, ended: &mut [N]) {
        for run in &self.laws.runs {
            let stays = N::of(at(&run.kernel.present, tick.age));
            for at in run.range.clone().filter(|at| is_out(*at)) {
                ended[at] += std::mem::take(&mut self.people[at]) * stays * tick.is[at];
            }
        }
    }
}

/// The value at an index, nought beyond the end.
pub(super) fn at(values: &[f64], index: usize) -> f64 {
    values.get(index).copied().unwrap_or(0.0)
}

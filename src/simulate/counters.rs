//! Where everything that is counted stands.

use crate::compile::tells_sets;

/// What a service counts in a month.
pub mod flow {
    /// Joined the queue.
    pub const REFERRALS: usize = 0;
    /// Had the need and did not take it up.
    pub const DECLINED: usize = 1;
    /// Started.
    pub const STARTS: usize = 2;
    /// Completed.
    pub const COMPLETIONS: usize = 3;
    /// Had the need met.
    pub const NEEDS_MET: usize = 4;
    /// Gave up waiting.
    pub const GAVE_UP: usize = 5;
    /// Left the queue for another reason.
    pub const DROPPED_WAITING: usize = 6;
    /// Left support before completing it.
    pub const DROPPED_SUPPORT: usize = 7;
    /// How many there are.
    pub const N: usize = 8;
    /// By flow, whether it is an event of its own: a referral is part of entering a state, a need met of completing.
    pub const IS_EVENT: [bool; N] = [false, false, true, true, false, true, true, true];
    /// By flow, how it changes the number of those who wait.
    pub const WAITING: [i32; N] = [1, 0, -1, 0, 0, -1, -1, 0];
    /// By flow, how it changes the number of those in support.
    pub const IN_SUPPORT: [i32; N] = [0, 0, 1, -1, 0, 0, 0, -1];
}

/// What a service counts by group of people and year.
pub mod of_group {
    /// Had the need where the service takes people on.
    pub const NEED: usize = 0;
    /// Had the need met.
    pub const NEEDS_MET: usize = 1;
    /// Had the need and never started.
    pub const UNMET_NEED: usize = 2;
    /// How many there are.
    pub const N: usize = 3;
}

/// Waits longer than this many steps are counted as this long.
pub const LONGEST_WAIT: usize = 120;

/// Where each counter of an area stands. Those of the month come first and are cleared when it closes.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    n_states: usize,
    n_years: usize,
    n_groups: usize,
    /// `(from, to)` pairs that a measure counts.
    pub pairs: Vec<(usize, usize)>,
    /// `[from][to]`: the counter of that move.
    pair_of: Vec<u32>,
    /// By state and exit: the counter of those who leave by it.
    exit_of: Vec<Vec<u32>>,
    /// Where everything is counted that no measure counts, so that counting needs no question.
    pub nowhere: u32,
    /// Entries by state.
    pub entries: usize,
    /// Needs drawn, by need.
    pub arising: usize,
    /// By set of needs, its bits being needs: the counter of people whose needs are drawn and are these, or where sets
    /// are not told apart, are so many.
    pub of_needs: Vec<u32>,
    /// `[service][flow]`.
    pub flows: usize,
    /// Deaths.
    pub deaths: usize,
    /// Counters each of which stands for others, which are counted when the step closes.
    together: Vec<(usize, Vec<u32>)>,
    first_together: usize,
    /// Where counters begin that are not cleared.
    pub lasting: usize,
    /// By state, who was there when the step began.
    pub stock_before: usize,
    /// By state, who is there.
    pub stock: usize,
    /// By service, who waits.
    pub waiting: usize,
    /// By service, who is in support.
    pub in_support: usize,
    /// People in the model.
    pub inside: usize,
    /// By year, the cohort and those of it who were reconvicted in time.
    pub cohort: usize,
    /// See `cohort`.
    pub reconvicted: usize,
    /// Counters of an area that are read every month.
    pub n: usize,
    /// `[service][year][wait]` beyond them.
    pub waits: usize,
    /// `[service][year][group][of_group]` beyond them.
    pub groups: usize,
    /// All counters of an area.
    pub all: usize,
}

/// How many there are of what is counted.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// States.
    pub n_states: usize,
    /// Needs.
    pub n_needs: usize,
    /// Services.
    pub n_services: usize,
    /// Whole years.
    pub n_years: usize,
    /// Sexes times age bands.
    pub n_groups: usize,
    /// States that only pass people on.
    pub n_passing: usize,
}

impl Counters {
    /// The counters that a plan's measures, needs and services ask for.
    pub fn new(sizes: Sizes, pairs: Vec<(usize, usize)>, exits: &[(usize, usize)]) -> Counters {
        let Sizes {
            n_states,
            n_needs,
            n_services,
            n_years,
            n_groups,
            n_passing,
        } = sizes;
        // What is counted with a move depends on its pair if a measure counts that, and on where it leads.
        let n_together = pairs.len() + n_passing;
        let mut next = 0;
        let mut take = |n: usize| {
            next += n;
            next - n
        };
        let entries = take(n_states);
        let moves = take(pairs.len());
        let departures = take(exits.len());
        let nowhere = take(1) as u32;
        let mut pair_of = vec![nowhere; n_states * n_states];
        for (pair, &(from, to)) in pairs.iter().enumerate() {
            pair_of[from * n_states + to] = (moves + pair) as u32;
        }
        let mut exit_of = vec![Vec::new(); n_states];
        for (index, &(state, exit)) in exits.iter().enumerate() {
            let of_state: &mut Vec<u32> = &mut exit_of[state];
            of_state.resize(of_state.len().max(exit + 1), nowhere);
            of_state[exit] = (departures + index) as u32;
        }
        let arising = take(n_needs);
        let n_told = if tells_sets(n_needs) {
            1 << n_needs
        } else {
            n_needs + 1
        };
        let first = take(n_told);
        let counter = |set: u32| match tells_sets(n_needs) {
            true => first as u32 + set,
            false => first as u32 + set.count_ones(),
        };
        Counters {
            n_states,
            n_years,
            n_groups,
            pairs,
            pair_of,
            exit_of,
            nowhere,
            entries,
            arising,
            of_needs: (0..1 << n_needs).map(counter).collect(),
            flows: take(n_services * flow::N),
            deaths: take(1),
            together: Vec::with_capacity(n_together),
            first_together: take(n_together),
            lasting: take(0),
            stock_before: take(n_states),
            stock: take(n_states),
            waiting: take(n_services),
            in_support: take(n_services),
            inside: take(1),
            cohort: take(n_years),
            reconvicted: take(n_years),
            n: take(0),
            waits: take(n_services * n_years * (LONGEST_WAIT + 1)),
            groups: take(n_services * n_years * n_groups * of_group::N),
            all: take(0),
        }
    }

    /// The counter of moves from one state to another, which nobody reads if no measure counts them.
    #[inline]
    pub fn of_move(&self, from: usize, to: usize) -> u32 {
        self.pair_of[from * self.n_states + to]
    }

    /// A counter that stands for others: moves of a pair, or that no measure counts, to a state that only passes people on,
    /// and what follows from there. There is one for every such list.
    pub fn stand_for(&mut self, others: Vec<u32>) -> u32 {
        let counter = self.first_together + self.together.len();
        self.together.push((counter, others));
        counter as u32
    }

    /// What has been counted for several is counted for each of them, in the counters of an area.
    pub fn tell_apart(&self, counted: &mut [i32]) {
        for (counter, others) in &self.together {
            let n = counted[*counter];
            others
                .iter()
                .for_each(|&other| counted[other as usize] += n);
        }
    }

    /// The counter of departures by an exit, which nobody reads if no measure counts them.
    #[inline]
    pub fn of_exit(&self, state: usize, exit: usize) -> u32 {
        let known = self.exit_of[state].get(exit);
        known.copied().unwrap_or(self.nowhere)
    }

    /// Where the waits of those who started with a service in a year begin.
    pub fn waits_of(&self, service: usize, year: usize) -> usize {
        self.waits + (service * self.n_years + year) * (LONGEST_WAIT + 1)
    }

    /// What a service counts of a group of people in a year.
    pub fn of_group(&self, service: usize, year: usize, group: usize, what: usize) -> usize {
        let cell = (service * self.n_years + year) * self.n_groups + group;
        self.groups + cell * of_group::N + what
    }
}

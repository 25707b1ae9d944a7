//! Scratch: what is counted, once for what all worlds share and by world for the rest.

use super::person::{Return, Step};
use super::study::Study;
use super::versions::{Worlds, each};

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

/// Waits longer than this many steps are counted as this long.
pub const LONGEST_WAIT: usize = 120;

/// Where each counter of an area stands. Those of the month come first and are cleared when it closes.
#[derive(Debug, Clone, Default)]
pub struct Counters {
    n_states: usize,
    n_years: usize,
    /// `(from, to)` pairs that a measure counts.
    pub pairs: Vec<(usize, usize)>,
    /// `[from][to]`: the counter of that move; none where no measure counts it.
    pair_of: Vec<Option<u32>>,
    /// By state and exit: the counter of those who leave by it.
    exit_of: Vec<Vec<Option<u32>>>,
    /// Entries by state.
    pub entries: usize,
    /// Needs drawn, by need.
    pub arising: usize,
    /// People whose needs are drawn, by how many they have.
    pub by_number: usize,
    /// `[service][flow]`.
    pub flows: usize,
    /// Deaths.
    pub deaths: usize,
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
    /// All counters of an area.
    pub all: usize,
}

impl Counters {
    /// The counters that a plan's measures, needs and services ask for.
    pub fn new(
        sizes: (usize, usize, usize, usize),
        pairs: Vec<(usize, usize)>,
        exits: &[(usize, usize)],
    ) -> Counters {
        let (n_states, n_needs, n_services, n_years) = sizes;
        let mut next = 0;
        let mut take = |n: usize| {
            next += n;
            next - n
        };
        let entries = take(n_states);
        let moves = take(pairs.len());
        let departures = take(exits.len());
        let mut pair_of = vec![None; n_states * n_states];
        for (pair, &(from, to)) in pairs.iter().enumerate() {
            pair_of[from * n_states + to] = Some((moves + pair) as u32);
        }
        let mut exit_of = vec![Vec::new(); n_states];
        for (index, &(state, exit)) in exits.iter().enumerate() {
            let of_state: &mut Vec<Option<u32>> = &mut exit_of[state];
            of_state.resize(of_state.len().max(exit + 1), None);
            of_state[exit] = Some((departures + index) as u32);
        }
        Counters {
            n_states,
            n_years,
            pairs,
            pair_of,
            exit_of,
            entries,
            arising: take(n_needs),
            by_number: take(n_needs + 1),
            flows: take(n_services * flow::N),
            deaths: take(1),
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
            all: take(0),
        }
    }

    /// The counter of moves from one state to another, if a measure counts them.
    #[inline]
    pub fn of_move(&self, from: usize, to: usize) -> Option<u32> {
        self.pair_of[from * self.n_states + to]
    }

    /// The counter of departures by an exit, if a measure counts them.
    #[inline]
    pub fn of_exit(&self, state: usize, exit: usize) -> Option<u32> {
        self.exit_of[state].get(exit).copied().flatten()
    }

    /// Where the waits of those who started with a service in a year begin.
    pub fn waits_of(&self, service: usize, year: usize) -> usize {
        self.waits + (service * self.n_years + year) * (LONGEST_WAIT + 1)
    }
}

/// Counters of a row, `[area][counter]`: what all worlds share, and what each has beyond it.
pub struct Tally {
    shared: Vec<i32>,
    own: Vec<Vec<i32>>,
    everywhere: Worlds,
    size: usize,
}

impl Tally {
    /// Empty counters.
    pub fn new(study: &Study, n_worlds: usize) -> Tally {
        let size = study.counters.all;
        let n = size * study.plan.areas.len();
        let n_own = if n_worlds > 1 { n_worlds } else { 0 };
        Tally {
            shared: vec![0; n],
            own: vec![vec![0; n]; n_own],
            everywhere: super::versions::all(n_worlds),
            size,
        }
    }

    /// Adds to counters of an area in some worlds.
    #[inline]
    fn add(&mut self, worlds: Worlds, area: usize, counts: &[u32]) {
        let first = area * self.size;
        let others = self.everywhere & !worlds;
        if others == 0 {
            add(&mut self.shared[first..first + self.size], counts, 1);
        } else {
            self.add_to_some(first, worlds, others, counts);
        }
    }

    fn add_to_some(&mut self, first: usize, worlds: Worlds, others: Worlds, counts: &[u32]) {
        if others.count_ones() < worlds.count_ones() {
            add(&mut self.shared[first..first + self.size], counts, 1);
            each(others).for_each(|world| add(&mut self.own[world][first..], counts, -1));
        } else {
            each(worlds).for_each(|world| add(&mut self.own[world][first..], counts, 1));
        }
    }

    /// How many are in support in an area and world, this month's starts and ends included.
    pub fn in_support(
        &self,
        counters: &Counters,
        world: usize,
        area: usize,
        service: usize,
    ) -> i32 {
        let first = counters.flows + service * flow::N;
        let changes = (0..flow::N).map(|what| match flow::IN_SUPPORT[what] {
            0 => 0,
            change => change * self.get(world, area, first + what),
        });
        self.get(world, area, counters.in_support + service) + changes.sum::<i32>()
    }

    /// This month's flows reach the numbers of those who wait and are in support.
    pub fn close(&mut self, area: usize, counters: &Counters) {
        let first = area * self.size;
        for all in self.own.iter_mut().chain([&mut self.shared]) {
            let here = &mut all[first..first + self.size];
            for service in 0..counters.in_support - counters.waiting {
                let flows = counters.flows + service * flow::N;
                for what in 0..flow::N {
                    here[counters.waiting + service] += flow::WAITING[what] * here[flows + what];
                    here[counters.in_support + service] +=
                        flow::IN_SUPPORT[what] * here[flows + what];
                }
            }
        }
    }

    /// A counter of an area in a world.
    #[inline]
    pub fn get(&self, world: usize, area: usize, counter: usize) -> i32 {
        let at = area * self.size + counter;
        self.shared[at] + self.own.get(world).map_or(0, |own| own[at])
    }

    /// The first `n` counters of an area in a world.
    pub fn read(&self, world: usize, area: usize, n: usize, into: &mut Vec<i32>) {
        let range = area * self.size..area * self.size + n;
        into.clear();
        into.extend_from_slice(&self.shared[range.clone()]);
        if let Some(own) = self.own.get(world) {
            for (sum, more) in into.iter_mut().zip(&own[range]) {
                *sum += more;
            }
        }
    }

    /// A step begins: what was counted in the one before is cleared, and the stocks are what it begins with.
    pub fn turn(&mut self, area: usize, counters: &Counters) {
        let first = area * self.size;
        let stock = first + counters.stock..first + counters.waiting;
        for all in self.own.iter_mut().chain([&mut self.shared]) {
            all[first..first + counters.lasting].fill(0);
            all.copy_within(stock.clone(), first + counters.stock_before);
        }
    }
}

#[inline]
fn add(counters: &mut [i32], counts: &[u32], sign: i32) {
    for &count in counts {
        // 1 or -1, without a branch that nothing could foretell.
        let more = 1 - 2 * (count >> 31) as i32;
        counters[(count & !LESS) as usize] += sign * more;
    }
}

/// Marks a counter that falls by one instead of rising.
const LESS: u32 = 1 << 31;

/// What has happened to one person this month, to be counted when it is known in which worlds.
#[derive(Default)]
pub struct Log {
    counts: Vec<u32>,
    /// Arrivals, transitions, starts and ends of support, and those who gave up or were dropped.
    pub events: u64,
}

impl Log {
    /// Counts one.
    #[inline]
    pub fn count(&mut self, counter: usize) {
        self.counts.push(counter as u32);
    }

    /// Counts one less.
    #[inline]
    pub fn uncount(&mut self, counter: usize) {
        self.counts.push(counter as u32 | LESS);
    }

    /// Somebody enters a state.
    #[inline]
    pub fn enter(&mut self, counters: &Counters, from: Option<usize>, state: usize) {
        self.events += 1;
        self.count(counters.entries + state);
        if let Some(pair) = from.and_then(|from| counters.of_move(from, state)) {
            self.count(pair as usize);
        }
    }

    /// Somebody leaves the model by an exit.
    #[inline]
    pub fn depart(&mut self, counters: &Counters, state: usize, exit: usize) {
        if let Some(counter) = counters.of_exit(state, exit) {
            self.count(counter as usize);
        }
    }

    /// Somebody's needs are drawn.
    pub fn arise(&mut self, counters: &Counters, needs: u8) {
        each(Worlds::from(needs)).for_each(|need| self.count(counters.arising + need));
        self.count(counters.by_number + needs.count_ones() as usize);
    }

    /// Something happens to somebody in a service.
    pub fn service(&mut self, counters: &Counters, service: usize, what: usize) {
        self.count(counters.flows + service * flow::N + what);
        self.events += u64::from(flow::IS_EVENT[what]);
    }

    /// Somebody starts support after waiting.
    pub fn start(&mut self, study: &Study, service: usize, now: Step, wait: Step) {
        self.service(&study.counters, service, flow::STARTS);
        if let Some(year) = study.year(now) {
            let wait = (wait.max(0) as usize).min(LONGEST_WAIT);
            self.count(study.counters.waits_of(service, year) + wait);
        }
    }

    /// Somebody's clock starts: their index conviction, if it is their first of the year.
    pub fn index(&mut self, study: &Study, back: &mut Return, now: Step) {
        let Some(year) = study.year(now) else { return };
        if back.cohort != year as i16 {
            back.cohort = year as i16;
            back.cohort_step = now;
            back.in_cohort = true;
            self.count(study.counters.cohort + year);
        }
    }

    /// Writes everything down for an area in some worlds, and forgets it.
    #[inline]
    pub fn settle(&mut self, tally: &mut Tally, worlds: Worlds, area: usize) {
        tally.add(worlds, area, &self.counts);
        self.counts.clear();
    }
}

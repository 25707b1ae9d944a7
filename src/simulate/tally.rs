//! Scratch: what is counted, once for what all worlds share and by world for the rest.

use super::counters::{Counters, LONGEST_WAIT, flow};
use super::person::{Return, Step};
use super::scope::StratumIdx;
use super::study::Study;
use super::versions::{Worlds, each};
use super::ways::Way;

/// Counters of a row, `[area][counter]`: what all worlds share, and what each has beyond it.
pub struct Tally {
    shared: Vec<i32>,
    own: Vec<Vec<i32>>,
    everywhere: Worlds,
    size: usize,
    /// Whether nothing can part the worlds now, so that what happens in one happens in all.
    is_together: bool,
    /// Where the counters of the area begin in which something happens.
    here: usize,
    /// What has happened to the person in hand, to be counted when it is known in which worlds.
    log: Vec<u32>,
    /// Arrivals, transitions, starts and ends of support, and those who gave up or were dropped.
    pub events: u64,
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
            is_together: false,
            here: 0,
            log: Vec::new(),
            events: 0,
        }
    }

    /// From now on worlds can be parted, or not.
    pub fn part(&mut self, can_part: bool) {
        self.is_together = !can_part || self.own.is_empty();
    }

    /// Whether nothing can part the worlds now.
    #[inline]
    pub fn is_together(&self) -> bool {
        self.is_together
    }

    /// What is counted next happens in an area.
    #[inline]
    pub fn turn_to(&mut self, area: usize) {
        self.here = area * self.size;
    }

    /// Counts one.
    #[inline]
    pub fn count(&mut self, counter: usize) {
        if self.is_together {
            self.shared[self.here + counter] += 1;
        } else {
            self.log.push(counter as u32);
        }
    }

    /// Counts one less.
    #[inline]
    pub fn uncount(&mut self, counter: usize) {
        if self.is_together {
            self.shared[self.here + counter] -= 1;
        } else {
            self.log.push(counter as u32 | LESS);
        }
    }

    /// What has happened to the person in hand is counted in the worlds in which it did.
    #[inline(always)]
    pub fn settle(&mut self, worlds: Worlds) {
        if !self.log.is_empty() {
            self.settle_log(worlds);
        }
    }

    fn settle_log(&mut self, worlds: Worlds) {
        let (here, others) = (self.here, self.everywhere & !worlds);
        if others == 0 {
            add(&mut self.shared[here..here + self.size], &self.log, 1);
        } else if others.count_ones() < worlds.count_ones() {
            add(&mut self.shared[here..here + self.size], &self.log, 1);
            each(others).for_each(|world| add(&mut self.own[world][here..], &self.log, -1));
        } else {
            each(worlds).for_each(|world| add(&mut self.own[world][here..], &self.log, 1));
        }
        self.log.clear();
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

    /// What stands for several counters is told apart, and this month's flows reach the numbers of those who wait and
    /// are in support.
    pub fn close(&mut self, area: usize, counters: &Counters) {
        let first = area * self.size;
        for all in self.own.iter_mut().chain([&mut self.shared]) {
            let here = &mut all[first..first + self.size];
            counters.tell_apart(here);
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

    /// Adds the counters of an area in a world from one on.
    pub fn add_to(&self, world: usize, area: usize, counter: usize, sums: &mut [i32]) {
        let at = area * self.size + counter;
        let counted = [Some(&self.shared), self.own.get(world)];
        for counters in counted.into_iter().flatten() {
            for (sum, count) in sums.iter_mut().zip(&counters[at..]) {
                *sum += count;
            }
        }
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

/// What can happen to somebody.
impl Tally {
    /// Counts many, in some worlds.
    pub fn count_many(&mut self, worlds: Worlds, counter: usize, n: u64) {
        let (at, n) = (self.here + counter, n as i32);
        if worlds == self.everywhere {
            self.shared[at] += n;
        } else {
            each(worlds).for_each(|world| self.own[world][at] += n);
        }
    }

    /// Somebody enters a state.
    #[inline]
    pub fn enter(&mut self, counters: &Counters, state: usize) {
        self.events += 1;
        self.count(counters.entries + state);
    }

    /// Somebody goes from a state to another or out of the model.
    #[inline]
    pub fn go(&mut self, counter: u32) {
        self.count(counter as usize);
    }

    /// Somebody takes a way, and enters the states that it passes through.
    #[inline]
    pub fn take(&mut self, way: Way) {
        self.events += u64::from(way.passed);
        self.go(way.counter);
    }

    /// Somebody's needs are drawn.
    #[inline]
    pub fn arise(&mut self, counters: &Counters, needs: u8) {
        each(Worlds::from(needs)).for_each(|need| self.count(counters.arising + need));
        self.count(counters.of_needs[usize::from(needs)] as usize);
    }

    /// Something happens to somebody in a service.
    #[inline]
    pub fn service(&mut self, counters: &Counters, service: usize, what: usize) {
        self.count(counters.flows + service * flow::N + what);
        self.events += u64::from(flow::IS_EVENT[what]);
    }

    /// Something happens to somebody in a service that is told by sex and age.
    pub fn group(
        &mut self,
        study: &Study,
        (service, now): (usize, Step),
        who: StratumIdx,
        what: usize,
    ) {
        if let Some(year) = study.year(now) {
            let group = study.group(who);
            self.count(study.counters.of_group(service, year, group, what));
        }
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
}

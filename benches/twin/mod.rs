//! Workload P written by hand, without any of the product's generality: the floor that the library is held to.
//!
//! The same law, month order and counters as the library, from the same figures, with what the library cannot take
//! for granted: one option, values that never change, 16 bytes a person, one stream of random numbers.

mod counts;
pub mod inputs;
mod tables;

pub use counts::{Counts, NAMES};
use inputs::{AREAS, Inputs, NEEDS, STATES};
use tables::{NEVER, Tables, exit_row};

const GONE: u8 = STATES as u8;
const STRATA: usize = 40;

/// One person.
#[derive(Clone, Copy)]
struct Person {
    /// The clock fires in the first month whose power reaches this, at the present ratio.
    target: f32,
    /// Month of birth.
    born: i16,
    stay_due: u8,
    /// When the clock fires.
    fires: u8,
    state: u8,
    area: u8,
    /// Bit 0 the sex, bit 1 whether convicted in the model.
    sex: u8,
    priors: u8,
    /// Bits 0 to 3 needs, 4 to 7 services whose effect holds.
    holds: u8,
    /// Bits 0 to 3 waiting, 4 to 7 in support.
    served: u8,
    /// When the clock started.
    started: u8,
    /// Rises when the slot is used again.
    serial: u8,
}

#[derive(Clone, Copy)]
struct Entry {
    slot: u32,
    order: u32,
    serial: u8,
    joined: u8,
    gives_up: u8,
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Stream(u64);

impl Stream {
    #[inline]
    fn next(&mut self) -> (u32, u32) {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^= bits >> 31;
        ((bits >> 32) as u32, bits as u32)
    }
}

/// Workload P, ready to be lived many times.
pub struct Twin {
    tables: Tables,
}

struct Life<'a> {
    tables: &'a Tables,
    stream: Stream,
    now: u8,
    people: Vec<Person>,
    free: Vec<u32>,
    calendar: Vec<Vec<u32>>,
    /// `(slot, serial, service)` by month.
    support_ends: Vec<Vec<(u32, u8, u8)>>,
    /// By slot and service: when somebody who waits joined, or when support ends: entries and ends that no longer hold
    /// are known by it.
    since: Vec<[u8; NEEDS]>,
    queues: [[Vec<Entry>; NEEDS]; AREAS],
    joining: [[Vec<Entry>; NEEDS]; AREAS],
    counts: Counts,
}

impl Twin {
    /// The twin of these inputs.
    pub fn of(inputs: &Inputs) -> Twin {
        assert!(inputs.needs.len() == STRATA && inputs.months < usize::from(NEVER));
        Twin {
            tables: Tables::of(inputs),
        }
    }

    /// One run, from nobody to the end.
    pub fn run(&self, seed: u64) -> Counts {
        let months = self.tables.months;
        let mut life = Life {
            tables: &self.tables,
            stream: Stream(seed.wrapping_mul(0xd134_2543_de82_ef95)),
            now: 0,
            people: Vec::new(),
            free: Vec::new(),
            calendar: vec![Vec::new(); months],
            support_ends: vec![Vec::new(); months],
            since: Vec::new(),
            queues: Default::default(),
            joining: Default::default(),
            counts: Counts::new(months),
        };
        for month in 0..months {
            life.now = month as u8;
            life.arrive();
            for slot in std::mem::take(&mut life.calendar[month]) {
                life.happen(slot);
            }
            life.end_supports();
            life.serve();
            life.counts.close_month();
        }
        life.counts
    }
}

impl Life<'_> {
    fn arrive(&mut self) {
        let tables = self.tables;
        for (cell, law) in tables.arrivals.iter().enumerate() {
            let (area, age) = (cell / (2 * tables.n_ages), cell % tables.n_ages);
            let sex = cell / tables.n_ages % 2;
            for _ in 0..law.at(self.stream.next().0) {
                let ((a, b), (c, d)) = (self.stream.next(), self.stream.next());
                let band = tables.arrival_priors.at(a) as usize;
                let (from, width) = tables.priors[band];
                let (youngest, years) = tables.ages[age];
                let older = (f64::from(years) * f64::from(c) / 4_294_967_296.0) as f32;
                let stratum = (sex * tables.n_ages + age) * tables.priors.len() + band;
                let needs = tables.needs[stratum].at(d) as u8;
                let person = Person {
                    target: 0.0,
                    born: i16::from(self.now) - (youngest + older) as i16,
                    stay_due: NEVER,
                    fires: NEVER,
                    state: GONE,
                    area: area as u8,
                    sex: sex as u8,
                    priors: (from + ((u64::from(b) * u64::from(width)) >> 32) as u32) as u8,
                    holds: needs,
                    served: 0,
                    started: 0,
                    serial: 0,
                };
                self.counts.arise(area, needs);
                let slot = self.admit(person);
                self.enter(slot, 0);
            }
        }
    }

    fn admit(&mut self, mut person: Person) -> u32 {
        if let Some(slot) = self.free.pop() {
            person.serial = self.people[slot as usize].serial.wrapping_add(1);
            self.people[slot as usize] = person;
            return slot;
        }
        self.people.push(person);
        self.since.push([NEVER; NEEDS]);
        (self.people.len() - 1) as u32
    }

    #[inline]
    fn stratum(&self, person: &Person) -> usize {
        let age = self.tables.age_band[(i16::from(self.now) - person.born) as usize];
        let priors = self.tables.priors_band[usize::from(person.priors)];
        (usize::from(person.sex & 1) * 5 + usize::from(age)) * 4 + usize::from(priors)
    }

    #[inline]
    fn exit(&self, person: &Person, state: usize, uniform: u32) -> usize {
        let row = exit_row(state, self.stratum(person), STRATA, person.holds & 15);
        self.tables.exits[row].at(uniform)
    }

    fn happen(&mut self, slot: u32) {
        let person = self.people[slot as usize];
        if person.state == GONE || person.stay_due.min(person.fires) != self.now {
            return;
        }
        let state = usize::from(person.state);
        self.counts.stock[usize::from(person.area)][state] -= 1;
        let next = if person.fires == self.now {
            self.tables.fires_to
        } else {
            let uniform = self.stream.next().0;
            self.exit(&person, state, uniform)
        };
        self.enter(slot, next);
    }

    /// A person enters a state, and goes on at once from stays of no month.
    fn enter(&mut self, slot: u32, mut state: usize) {
        let tables = self.tables;
        let mut person = self.people[slot as usize];
        let area = usize::from(person.area);
        loop {
            person.fires = NEVER;
            if state == STATES {
                self.drop_out(&mut person);
                person.state = GONE;
                self.people[slot as usize] = person;
                self.free.push(slot);
                self.counts.left[area] += 1;
                return;
            }
            self.counts.entries[area][state] += 1;
            if tables.convicts[state] {
                person.priors = person.priors.saturating_add(person.sex >> 1);
                person.sex |= 2;
            }
            if tables.is_free[state] {
                self.refer(&mut person, slot);
            } else {
                self.drop_out(&mut person);
            }
            let (exit, length) = self.stream.next();
            let mut stay = tables.lengths[state].at(length);
            if tables.is_clocked[state] {
                self.start_clock(&mut person, state);
                if stay == 0 {
                    stay = u32::from(tables.ends_after[state]);
                }
            }
            if stay > 0 {
                person.state = state as u8;
                person.stay_due = (u32::from(self.now) + stay).min(u32::from(NEVER)) as u8;
                self.people[slot as usize] = person;
                self.counts.stock[area][state] += 1;
                return self.schedule(slot, person.stay_due.min(person.fires));
            }
            state = self.exit(&person, state, exit);
        }
    }

    #[inline]
    fn schedule(&mut self, slot: u32, due: u8) {
        if let Some(bucket) = self.calendar.get_mut(usize::from(due)) {
            bucket.push(slot);
        }
    }

    fn start_clock(&mut self, person: &mut Person, state: usize) {
        let uniform = (self.stream.next().0 as f32 + 0.5) / 4_294_967_296.0;
        let threshold =
            -uniform.ln() * self.tables.patience_of_clock[state * STRATA + self.stratum(person)];
        person.started = self.now;
        person.target = threshold / self.tables.ratios[usize::from(person.holds)];
        person.fires = self.firing(person);
    }

    /// The first month after the start whose power reaches the target.
    fn firing(&self, person: &Person) -> u8 {
        let months = self
            .tables
            .powers
            .partition_point(|&power| power < person.target);
        if months < self.tables.powers.len() {
            person.started.saturating_add(months.max(1) as u8)
        } else {
            NEVER
        }
    }

    /// The needs or effects of a person in `slot` become `holds`, and the clock goes on at the new ratio.
    fn hold(&mut self, slot: u32, holds: u8) {
        let now = self.now;
        let person = &mut self.people[slot as usize];
        let ratios = &self.tables.ratios;
        let change = ratios[usize::from(person.holds)] / ratios[usize::from(holds)];
        person.holds = holds;
        if !self.tables.is_clocked[usize::from(person.state)] {
            return;
        }
        let reached = self.tables.powers[usize::from(now - person.started)];
        person.target = reached + (person.target - reached).max(0.0) * change;
        let before = person.fires;
        let person = *person;
        let fires = self.firing(&person).max(now + 1);
        self.people[slot as usize].fires = fires;
        if fires != before && fires <= person.stay_due {
            self.schedule(slot, fires);
        } else if before < person.stay_due && person.stay_due < fires {
            self.schedule(slot, person.stay_due);
        }
    }

    fn refer(&mut self, person: &mut Person, slot: u32) {
        let mut wanted = person.holds & !(person.served | person.served >> 4) & 15;
        let area = usize::from(person.area);
        while wanted != 0 {
            let service = wanted.trailing_zeros() as usize;
            wanted &= wanted - 1;
            let (take, wait) = self.stream.next();
            if take >= self.tables.uptake {
                self.counts.services[area][service].declined += 1;
                continue;
            }
            let gives_up = u32::from(self.now) + self.tables.patience.at(wait);
            let entry = Entry {
                slot,
                order: self.stream.next().0,
                serial: person.serial,
                joined: self.now,
                gives_up: gives_up.min(u32::from(NEVER)) as u8,
            };
            self.since[slot as usize][service] = self.now;
            // A new referral ends the effect of the support before.
            person.holds &= !(16 << service);
            person.served |= 1 << service;
            let counts = &mut self.counts.services[area][service];
            counts.referrals += 1;
            counts.waiting += 1;
            self.joining[area][service].push(entry);
        }
    }

    /// Somebody in custody, or leaving, drops out of every queue, support and effect.
    fn drop_out(&mut self, person: &mut Person) {
        let counts = &mut self.counts.services[usize::from(person.area)];
        let mut served = person.served;
        while served != 0 {
            let bit = served.trailing_zeros() as usize;
            served &= served - 1;
            counts[bit % NEEDS].dropped += 1;
            *(if bit < NEEDS {
                &mut counts[bit].waiting
            } else {
                &mut counts[bit - NEEDS].in_support
            }) -= 1;
        }
        person.served = 0;
        person.holds &= 15;
    }

    fn end_supports(&mut self) {
        for (slot, serial, service) in std::mem::take(&mut self.support_ends[usize::from(self.now)])
        {
            let person = self.people[slot as usize];
            let bit = 16 << service;
            let is_due = self.since[slot as usize][usize::from(service)] == self.now;
            if person.serial != serial || person.served & bit == 0 || !is_due {
                continue;
            }
            self.people[slot as usize].served &= !bit;
            let counts = &mut self.counts.services[usize::from(person.area)][usize::from(service)];
            counts.in_support -= 1;
            counts.completions += 1;
            if self.stream.next().0 < self.tables.meets_need {
                counts.needs_met += 1;
                self.hold(slot, person.holds & !(1 << service));
            }
        }
    }

    /// The queue pass: joiners in a random order behind those who wait; then those whose patience has ended leave,
    /// and free places are filled.
    fn serve(&mut self) {
        for area in 0..AREAS {
            for service in 0..NEEDS {
                let mut queue = std::mem::take(&mut self.queues[area][service]);
                let joining = &mut self.joining[area][service];
                joining.sort_unstable_by_key(|entry| entry.order);
                queue.append(joining);
                let busy = self.counts.services[area][service].in_support;
                let mut free = self.tables.places[area][service] - busy;
                queue.retain(|entry| self.stays_in_queue(entry, area, service, &mut free));
                self.queues[area][service] = queue;
            }
        }
    }

    fn stays_in_queue(
        &mut self,
        entry: &Entry,
        area: usize,
        service: usize,
        free: &mut i32,
    ) -> bool {
        // Somebody who dropped out keeps no other from a place, so nobody looks until there is one.
        if *free <= 0 && entry.gives_up > self.now {
            return true;
        }
        let person = &mut self.people[entry.slot as usize];
        let bit = 1 << service;
        let is_stale = self.since[entry.slot as usize][service] != entry.joined;
        if person.serial != entry.serial || person.served & bit == 0 || is_stale {
            return false;
        }
        if entry.gives_up <= self.now {
            person.served &= !bit;
            self.counts.services[area][service].gave_up += 1;
            self.counts.services[area][service].waiting -= 1;
            return false;
        }
        *free -= 1;
        person.served ^= bit | bit << 4;
        let holds = person.holds | bit << 4;
        let until = u32::from(self.now) + self.tables.support.at(self.stream.next().0);
        self.since[entry.slot as usize][service] = until.min(u32::from(NEVER)) as u8;
        if let Some(bucket) = self.support_ends.get_mut(until as usize) {
            bucket.push((entry.slot, entry.serial, service as u8));
        }
        self.counts
            .start(area, service, usize::from(self.now - entry.joined));
        self.hold(entry.slot, holds);
        false
    }
}

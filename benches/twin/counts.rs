//! What the twin counts, month by month, and the totals that engines are compared by.

use super::inputs::{AREAS, COMBINATIONS, NEEDS, STATES};

/// Waits longer than this many months are counted as this long.
const LONGEST_WAIT: usize = 120;

/// One service of one area.
#[derive(Clone, Copy, Default)]
pub struct OfService {
    pub referrals: i32,
    pub declined: i32,
    pub starts: i32,
    pub completions: i32,
    pub needs_met: i32,
    pub gave_up: i32,
    pub dropped: i32,
    pub waiting: i32,
    pub in_support: i32,
}

/// One area in one month: flows of the month, stocks at its end.
#[derive(Clone, Copy, Default)]
struct Month {
    entries: [i32; STATES],
    stock: [i32; STATES],
    left: i32,
    arising: [i32; COMBINATIONS],
    services: [OfService; NEEDS],
}

/// The counters of one run.
pub struct Counts {
    pub entries: [[i32; STATES]; AREAS],
    pub stock: [[i32; STATES]; AREAS],
    pub left: [i32; AREAS],
    arising: [[i32; COMBINATIONS]; AREAS],
    pub services: [[OfService; NEEDS]; AREAS],
    /// `[year][area][service][wait]`.
    waits: Vec<i32>,
    months: Vec<[Month; AREAS]>,
}

/// What [`Counts::totals`] holds, by name and how many.
pub const NAMES: [(&str, usize); 15] = [
    ("entries", STATES),
    ("mean stock", STATES),
    ("needs on arrival", NEEDS),
    ("referrals", NEEDS),
    ("starts", NEEDS),
    ("completions", NEEDS),
    ("needs met", NEEDS),
    ("gave up", NEEDS),
    ("dropped out", NEEDS),
    ("mean waiting", NEEDS),
    ("mean in support", NEEDS),
    ("months waited by starters", NEEDS),
    ("starts by area", AREAS),
    ("people at the end by area", AREAS),
    ("events", 1),
];

impl Counts {
    pub(super) fn new(months: usize) -> Counts {
        Counts {
            entries: Default::default(),
            stock: Default::default(),
            left: Default::default(),
            arising: Default::default(),
            services: Default::default(),
            waits: vec![0; months.div_ceil(12) * AREAS * NEEDS * (LONGEST_WAIT + 1)],
            months: Vec::with_capacity(months),
        }
    }

    /// Somebody arrives with these needs.
    pub fn arise(&mut self, area: usize, needs: u8) {
        self.arising[area][usize::from(needs)] += 1;
    }

    /// Somebody starts support after waiting.
    pub fn start(&mut self, area: usize, service: usize, wait: usize) {
        let counts = &mut self.services[area][service];
        counts.starts += 1;
        counts.waiting -= 1;
        counts.in_support += 1;
        let cell = (self.months.len() / 12 * AREAS + area) * NEEDS + service;
        self.waits[cell * (LONGEST_WAIT + 1) + wait.min(LONGEST_WAIT)] += 1;
    }

    /// The month is kept, and its flows begin again.
    pub fn close_month(&mut self) {
        self.months.push(std::array::from_fn(|area| Month {
            entries: std::mem::take(&mut self.entries[area]),
            stock: self.stock[area],
            left: std::mem::take(&mut self.left[area]),
            arising: std::mem::take(&mut self.arising[area]),
            services: self.services[area],
        }));
        for service in self.services.iter_mut().flatten() {
            *service = OfService {
                waiting: service.waiting,
                in_support: service.in_support,
                ..OfService::default()
            };
        }
    }

    /// Totals over the run and the areas (means over months for stocks), in the order of [`NAMES`].
    pub fn totals(&self) -> Vec<f64> {
        let sum = |f: &dyn Fn(&Month) -> i32| {
            self.months
                .iter()
                .flatten()
                .map(|m| f64::from(f(m)))
                .sum::<f64>()
        };
        let n = self.months.len() as f64;
        let service =
            |f: fn(&OfService) -> i32| (0..NEEDS).map(move |s| sum(&|m| f(&m.services[s])));
        let need = |need| {
            sum(&|m| {
                (0..COMBINATIONS)
                    .filter(|c| c >> need & 1 == 1)
                    .map(|c| m.arising[c])
                    .sum()
            })
        };
        let waits = self.waits.chunks(LONGEST_WAIT + 1);
        let waits: Vec<f64> = waits
            .map(|c| {
                c.iter()
                    .enumerate()
                    .map(|(w, &k)| w as f64 * f64::from(k))
                    .sum()
            })
            .collect();
        let in_area = |area: usize, f: fn(&Month) -> i32| {
            self.months
                .iter()
                .map(move |months| f64::from(f(&months[area])))
        };
        let mut totals: Vec<f64> = (0..STATES).map(|s| sum(&|m| m.entries[s])).collect();
        totals.extend((0..STATES).map(|s| sum(&|m| m.stock[s]) / n));
        totals.extend((0..NEEDS).map(need));
        totals.extend(service(|s| s.referrals));
        totals.extend(service(|s| s.starts));
        totals.extend(service(|s| s.completions));
        totals.extend(service(|s| s.needs_met));
        totals.extend(service(|s| s.gave_up));
        totals.extend(service(|s| s.dropped));
        totals.extend(service(|s| s.waiting).map(|total| total / n));
        totals.extend(service(|s| s.in_support).map(|total| total / n));
        totals.extend((0..NEEDS).map(|s| waits.iter().skip(s).step_by(NEEDS).sum::<f64>()));
        totals.extend(
            (0..AREAS)
                .map(|a| in_area(a, |m| m.services.iter().map(|s| s.starts).sum()).sum::<f64>()),
        );
        totals.extend((0..AREAS).map(|a| {
            in_area(a, |m| m.stock.iter().sum())
                .next_back()
                .unwrap_or(0.0)
        }));
        totals.push(sum(&|m| m.events()));
        totals
    }
}

impl Month {
    /// Arrivals, transitions, starts and ends of support, people who give up or drop out.
    fn events(&self) -> i32 {
        let of = |s: &OfService| s.starts + s.completions + s.gave_up + s.dropped;
        self.entries.iter().sum::<i32>() + self.left + self.services.iter().map(of).sum::<i32>()
    }
}

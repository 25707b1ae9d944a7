//! The counters, kept as a data plugin, and their totals in the order of benches/twin/counts.rs.

use crate::inputs::{AREAS, NEEDS, STATES, inputs};
use ixa::prelude::*;

const LONGEST_WAIT: usize = 120;

#[derive(Clone, Copy, Default)]
pub struct OfService {
    pub referrals: i32,
    pub starts: i32,
    pub completions: i32,
    pub needs_met: i32,
    pub gave_up: i32,
    pub dropped: i32,
    pub waiting: i32,
    pub in_support: i32,
}

/// One area: flows of a month, stocks at its end.
#[derive(Clone, Copy, Default)]
pub struct Month {
    pub entries: [i32; STATES],
    pub stock: [i32; STATES],
    pub left: i32,
    pub arising: [i32; NEEDS],
    pub services: [OfService; NEEDS],
}

#[derive(Default)]
pub struct Counts {
    pub now: [Month; AREAS],
    waits: Vec<[[[i32; LONGEST_WAIT + 1]; NEEDS]; AREAS]>,
    months: Vec<[Month; AREAS]>,
}

define_data_plugin!(CountsPlugin, Counts, Counts::default());

/// The counters of a context.
pub fn counts(context: &mut Context) -> &mut Counts {
    context.get_data_mut(CountsPlugin)
}

impl Counts {
    pub fn wait(&mut self, area: usize, service: usize, wait: i32) {
        let year = self.months.len() / 12;
        if self.waits.len() <= year {
            self.waits.resize(year + 1, [[[0; LONGEST_WAIT + 1]; NEEDS]; AREAS]);
        }
        self.waits[year][area][service][(wait as usize).min(LONGEST_WAIT)] += 1;
    }

    pub fn close_month(&mut self) {
        self.months.push(self.now);
        for area in &mut self.now {
            let Month { stock, services, .. } = *area;
            *area = Month { stock, ..Month::default() };
            for (new, old) in area.services.iter_mut().zip(services) {
                (new.waiting, new.in_support) = (old.waiting, old.in_support);
            }
        }
    }

    pub fn totals(&self) -> Vec<f64> {
        let sum = |f: &dyn Fn(&Month) -> i32| self.months.iter().flatten().map(|m| f64::from(f(m))).sum::<f64>();
        let n = inputs().months as f64;
        let flows: [fn(&OfService) -> i32; 6] =
            [|s| s.referrals, |s| s.starts, |s| s.completions, |s| s.needs_met, |s| s.gave_up, |s| s.dropped];
        let ends = |s: &OfService| s.starts + s.completions + s.gave_up + s.dropped;
        let waited = |service: usize| {
            let histograms = self.waits.iter().flatten().map(move |area| &area[service]);
            histograms.flat_map(|h| h.iter().enumerate()).map(|(wait, &k)| wait as f64 * f64::from(k)).sum::<f64>()
        };
        let mut totals: Vec<f64> = (0..STATES).map(|s| sum(&|m| m.entries[s])).collect();
        totals.extend((0..STATES).map(|s| sum(&|m| m.stock[s]) / n));
        totals.extend((0..NEEDS).map(|need| sum(&|m| m.arising[need])));
        for flow in flows {
            totals.extend((0..NEEDS).map(|service| sum(&|m| flow(&m.services[service]))));
        }
        totals.extend((0..NEEDS).map(|service| sum(&|m| m.services[service].waiting) / n));
        totals.extend((0..NEEDS).map(|service| sum(&|m| m.services[service].in_support) / n));
        totals.extend((0..NEEDS).map(waited));
        for area in 0..AREAS {
            let starts = self.months.iter().flat_map(|m| m[area].services.iter().map(|s| f64::from(s.starts)));
            totals.push(starts.sum());
        }
        totals.extend(self.months.last().unwrap().map(|m| f64::from(m.stock.iter().sum::<i32>())));
        totals.push(sum(&|m| m.entries.iter().sum::<i32>() + m.left + m.services.iter().map(ends).sum::<i32>()));
        totals
    }
}

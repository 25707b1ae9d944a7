//! Dates that reach everyone: present stays are cut, stretched or read anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::block::Block;
use super::cohorts::Cohorts;
use super::crowd::Month;
use super::laws::Laws;
use crate::compile::{Stay, Stratum};

impl Block<'_> {
    /// A date that reaches everyone multiplies whole stays, or has them read anew from a table.
    pub(super) fn rescale(&mut self, month: &Month, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = &values.snapshots[values.snapshot_at(self.now)];
        if snapshot.from != self.now || snapshot.reached.is_empty() {
            return;
        }
        let (lanes, ages, kernels) = (self.lanes, &self.ages, self.question.kernels);
        let now = self.now;
        let mut known: BTreeMap<(usize, usize, usize, u64), _> = BTreeMap::new();
        let mut ratios: BTreeMap<(usize, usize, usize), f64> = BTreeMap::new();
        let mut laws: Vec<(Arc<Laws>, usize, Arc<Laws>)> = Vec::new();
        let mut new_laws = |held: usize, old: &Arc<Laws>, age: usize| {
            let same =
                |(law, steps, _): &&(Arc<Laws>, usize, _)| Arc::ptr_eq(law, old) && *steps == age;
            if let Some((_, _, new)) = laws.iter().find(same) {
                return new.clone();
            }
            let stay = month.program.held[held].stay;
            let new = Arc::new(Laws::new(month.shape, |number, lane| {
                let at = month.shape.at(number, lane);
                let kernel = old.kernel(at);
                let stratum = Stratum {
                    area: lanes[lane].area,
                    sex: lanes[lane].sex,
                    age: ages[lane].band,
                    priors: month.shape.bands[number],
                };
                if let (Stay::Listed(_), Some(new)) = (stay, &month.numbers.laws[held]) {
                    let key = (
                        Arc::as_ptr(kernel) as usize,
                        age,
                        Arc::as_ptr(new.kernel(at)) as usize,
                        0,
                    );
                    let make = || kernels.reread(kernel, new.kernel(at), age);
                    return known.entry(key).or_insert_with(make).clone();
                }
                let who = (held, month.shape.bands[number], lane);
                let ratio = || values.everyone_ratio(stay, stratum, now);
                let ratio = *ratios.entry(who).or_insert_with(ratio);
                let key = (Arc::as_ptr(kernel) as usize, age, 0, ratio.to_bits());
                let make = || kernels.rescaled(kernel, age, ratio);
                known.entry(key).or_insert_with(make).clone()
            }));
            laws.push((old.clone(), age, new.clone()));
            new
        };
        let cohorts = self.cohorts.iter_mut().flat_map(Cohorts::crowds);
        for crowd in std::iter::once(&mut self.all).chain(cohorts) {
            crowd.rescale(month, &snapshot.reached, &mut new_laws);
        }
    }
}

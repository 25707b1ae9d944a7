//! Dates that reach everyone: present stays are cut, stretched or read anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::block::Block;
use super::cohorts::Cohorts;
use super::crowd::Month;
use super::kernel::Kernel;
use super::laws::Laws;
use super::precision::Number;
use super::shape::Shape;
use crate::compile::{Stay, Stratum};

/// Old laws and what they become. The old ones are kept, so that no others can stand where they stood.
type Changed = (Arc<Laws>, Arc<Laws>);

impl<N: Number> Block<'_, N> {
    /// A date that reaches everyone multiplies whole stays, or has them read anew from a table.
    pub(super) fn rescale(&mut self, month: &Month<N>, timeline: usize) {
        let values = &self.question.timelines[timeline];
        let snapshot = &values.snapshots[values.snapshot_at(self.now)];
        if snapshot.from != self.now || snapshot.reached.is_empty() {
            return;
        }
        let (lanes, ages, kernels) = (self.lanes, &self.ages, self.question.kernels);
        let (shape, now) = (month.shape, self.now);
        let ratio_of = |held: usize, band: usize, lane: usize| {
            let stratum = Stratum {
                area: lanes[lane].area,
                sex: lanes[lane].sex,
                age: ages[lane].band,
                priors: band,
            };
            values.everyone_ratio(month.program.held[held].stay, stratum, now)
        };
        // By place: how much longer stays become, by priors band and lane.
        let mut ratios: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        let mut known: BTreeMap<(usize, usize, u64), Arc<Kernel>> = BTreeMap::new();
        let mut laws: BTreeMap<(usize, usize, usize), Changed> = BTreeMap::new();
        let mut new_laws = |held: usize, old: &Arc<Laws>, age: usize| {
            let key = (held, Arc::as_ptr(old) as usize, age);
            if let Some((_, new)) = laws.get(&key) {
                return new.clone();
            }
            let is_listed = matches!(month.program.held[held].stay, Stay::Listed(_));
            let tables = month.numbers.laws[held].as_ref().filter(|_| is_listed);
            let ratios = ratios.entry(held).or_insert_with(|| match tables {
                Some(_) => Vec::new(),
                None => by_band_and_lane(shape, |band, lane| ratio_of(held, band, lane)),
            });
            let (mut run, mut last) = (0, None);
            let new = Arc::new(Laws::new(shape, |number, lane| {
                let at = shape.at(number, lane);
                // Values are asked for in their order, most of them with the kernel and the ratio of the one before.
                while old.runs[run].range.end <= at {
                    run += 1;
                }
                let kernel = &old.runs[run].kernel;
                let (table, ratio) = match tables {
                    Some(tables) => (Some(tables.kernel(at)), 0.0),
                    None => (None, ratios[shape.bands[number] * shape.n_lanes + lane]),
                };
                let becomes = table.map_or(ratio.to_bits(), |table| Arc::as_ptr(table) as u64);
                let key = (Arc::as_ptr(kernel) as usize, age, becomes);
                match &last {
                    Some((of, new)) if *of == key => Arc::clone(new),
                    _ => {
                        let new = known.entry(key).or_insert_with(|| match table {
                            Some(table) => kernels.reread(kernel, table, age),
                            None => kernels.rescaled(kernel, age, ratio),
                        });
                        last = Some((key, new.clone()));
                        new.clone()
                    }
                }
            }));
            laws.insert(key, (old.clone(), new.clone()));
            new
        };
        let cohorts = self.cohorts.iter_mut().flat_map(Cohorts::crowds);
        for crowd in std::iter::once(&mut self.all).chain(cohorts) {
            crowd.rescale(month, &snapshot.reached, &mut new_laws);
        }
    }
}

fn by_band_and_lane(shape: &Shape, of: impl Fn(usize, usize) -> f64) -> Vec<f64> {
    let bands =
        (0..shape.n_bands).flat_map(|band| (0..shape.n_lanes).map(move |lane| (band, lane)));
    bands.map(|(band, lane)| of(band, lane)).collect()
}

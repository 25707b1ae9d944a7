//! The needs that are drawn on entering a state, and how many people arise with how many needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::atoms::{Joints, margins};
use super::counters::n_arising;
use super::lanes::{Age, Lane};
use super::laws::Rows;
use super::numbers::{Maker, Numbers};
use super::precision::Number;
use super::vectors::add_share;
use crate::compile::Stratum;

/// Whether a set of needs is meant.
type Meant<'a> = dyn Fn(u8) -> bool + 'a;

impl Maker<'_> {
    /// What is drawn on entering each state that draws needs, and what is counted there.
    pub(super) fn add_needs<N: Number>(
        &self,
        numbers: &mut Numbers<N>,
        snapshot: usize,
        ages: &[Age],
    ) {
        let mut joints = Joints::default();
        let mut arising: BTreeMap<usize, Arc<Vec<Rows<f64>>>> = BTreeMap::new();
        for entry in &self.program.entries {
            if !entry.draws {
                numbers.arising.push(Arc::default());
                continue;
            }
            let state = entry.kind.state;
            let known = arising.entry(state).or_insert_with(|| {
                let drawn = &self.program.drawn[state];
                let given = self.given(&mut joints, snapshot, ages, state);
                let matters = drawn.mask & self.program.matters_within[state];
                for new in (0..=matters).filter(|new| new & !matters == 0) {
                    let chance = given.sum(&|combination| drawn.bits(combination) & matters == new);
                    let rows = self.shape.spread(&chance, None);
                    numbers.drawn.insert((state, new), rows);
                }
                let sum = |is_meant: &Meant<'_>| given.sum(&|one| is_meant(drawn.bits(one)));
                Arc::new(self.counted(&sum))
            });
            numbers.arising.push(known.clone());
        }
    }

    /// For each need the chance of having it, then of having 0, 1, … needs, then of having exactly each set of them
    /// where sets are told apart.
    fn counted(&self, sum: &dyn Fn(&Meant<'_>) -> Rows<f64>) -> Vec<Rows<f64>> {
        let n_needs = self.timeline.plan.needs.len();
        let by_need = (0..n_needs).map(|need| sum(&|had| had >> need & 1 == 1));
        let by_number = (0..=n_needs).map(|n| sum(&|had| had.count_ones() as usize == n));
        let n_sets = n_arising(n_needs) - (2 * n_needs + 1);
        let by_set = (0..n_sets).map(|set| sum(&|had| usize::from(had) == set));
        by_need.chain(by_number).chain(by_set).collect()
    }

    /// The chance of every combination of needs on entering a state, for every band and lane.
    fn given(&self, joints: &mut Joints, snapshot: usize, ages: &[Age], state: usize) -> Given {
        let plan = self.timeline.plan;
        let mut prevalences = plan.prevalences.iter();
        let is_by_area = prevalences.any(|one| plan.quantities[one.share].keys.area);
        let mut given = Given::default();
        let mut known: Vec<(Vec<u64>, usize)> = Vec::new();
        for band in 0..self.shape.n_bands {
            for (lane, &age) in ages.iter().enumerate() {
                let who = |lane: usize| (ages[lane], self.lanes[lane].sex, &self.lanes[lane].atom);
                if !is_by_area && lane > 0 && who(lane - 1) == who(lane) {
                    given.of.extend(given.of.last().copied());
                    continue;
                }
                let parts = self.parts(lane, age, band);
                let margins = |&(share, stratum): &(f64, Stratum)| {
                    let of = margins(self.timeline, snapshot, state, stratum);
                    [share].into_iter().chain(of).map(f64::to_bits)
                };
                let mut key: Vec<u64> = parts.iter().flat_map(margins).collect();
                let atom = &self.lanes[lane].atom;
                key.extend(atom.bits());
                if let Some((_, law)) = known.iter().find(|(known, _)| *known == key) {
                    given.of.push(*law);
                    continue;
                }
                let mut law = Vec::new();
                for (share, stratum) in parts {
                    let drawn = &self.program.drawn[state];
                    let whole = joints.law(self.timeline, snapshot, state, drawn, stratum);
                    let part = atom.given(&whole);
                    law.resize(part.len(), 0.0);
                    add_share(&mut law, &part, share);
                }
                known.push((key, given.laws.len()));
                given.of.push(given.laws.len());
                given.laws.push(law);
            }
        }
        given
    }

    /// The strata of a lane, with the share of its people in each.
    fn parts(&self, lane: usize, age: Age, priors: usize) -> Vec<(f64, Stratum)> {
        let Lane { area, sex, .. } = self.lanes[lane];
        let stratum = |age| Stratum {
            area,
            sex,
            age,
            priors,
        };
        let above = (age.above > 0.0).then(|| (age.above, stratum(age.band + 1)));
        let below = (1.0 - age.above, stratum(age.band));
        [below].into_iter().chain(above).collect()
    }
}

/// The chances of every combination of needs: a few laws, and which of them each band and lane has.
#[derive(Default)]
struct Given {
    laws: Vec<Vec<f64>>,
    of: Vec<usize>,
}

impl Given {
    /// The chance of the combinations that are meant.
    fn sum(&self, is_meant: &dyn Fn(usize) -> bool) -> Rows<f64> {
        let one = |law: &Vec<f64>| -> f64 {
            let each = law.iter().enumerate();
            each.filter(|(combination, _)| is_meant(*combination))
                .map(|(_, p)| p)
                .sum()
        };
        let sums: Vec<f64> = self.laws.iter().map(one).collect();
        self.of.iter().map(|law| sums[*law]).collect()
    }
}

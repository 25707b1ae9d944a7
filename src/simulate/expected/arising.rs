//! The needs that are drawn on entering a state, and how many people arise with how many needs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::atoms::{Atom, Joints, margins};
use super::counters::n_arising;
use super::lanes::{Age, Lane};
use super::laws::Rows;
use super::numbers::{Maker, Numbers};
use super::vectors::add_share;
use crate::compile::Stratum;

/// Whether a set of needs is meant.
type Meant<'a> = dyn Fn(u8) -> bool + 'a;

impl Maker<'_> {
    /// What is drawn on entering each state that draws needs, and what is counted there.
    pub(super) fn add_needs(&self, numbers: &mut Numbers, snapshot: usize, ages: &[Age]) {
        let (mut joints, mut given) = (Joints::default(), BTreeMap::new());
        let mut arising: BTreeMap<(usize, u8), Arc<Vec<Rows>>> = BTreeMap::new();
        let is_anew = self.lanes.iter().all(|lane| lane.atom == Atom::whole());
        for entry in &self.program.entries {
            if !entry.draws {
                numbers.arising.push(Arc::default());
                continue;
            }
            let state = entry.kind.state;
            let drawn = &self.program.drawn[state];
            let given = given
                .entry(state)
                .or_insert_with(|| self.given(&mut joints, (snapshot, ages, state), None));
            let matters = drawn.mask & self.program.matters_within[state];
            for new in (0..=matters).filter(|new| new & !matters == 0) {
                let chance = || given.sum(&|combination| drawn.bits(combination) & matters == new);
                let rows = || self.shape.spread(&chance(), None);
                numbers.drawn.entry((state, new)).or_insert_with(rows);
            }
            let kept = entry.kind.needs & !drawn.mask;
            let had = |combination| drawn.bits(combination) | kept;
            let mut make = || {
                if kept == 0 || !self.shape.is_coarse || !is_anew {
                    return Arc::new(
                        self.counted(&|is_meant| given.sum(&|one| is_meant(had(one)))),
                    );
                }
                // Needs that are drawn anew are tied to those that are kept by the uniform they share; whoever keeps
                // none makes up for it, so that all together have what is drawn.
                let kept_of = (self.program.matters_before[state] & !drawn.mask, kept);
                let tied = self.given(&mut joints, (snapshot, ages, state), Some(kept_of));
                Arc::new(self.counted(&|is_meant| {
                    let bare = |one| is_meant(drawn.bits(one));
                    let sums = [tied.sum(&|one| is_meant(had(one))), given.sum(&bare)];
                    let less = tied.sum(&bare);
                    let each = sums[0].iter().zip(&sums[1]).zip(&less);
                    each.map(|((kept, anew), less)| kept + anew - less)
                        .collect()
                }))
            };
            let rows = arising
                .entry((state, kept))
                .or_insert_with(&mut make)
                .clone();
            numbers.arising.push(rows);
        }
    }

    /// For each need the chance of having it, then of having 0, 1, … needs, then of having exactly each set of them
    /// where sets are told apart.
    fn counted(&self, sum: &dyn Fn(&Meant<'_>) -> Rows) -> Vec<Rows> {
        let n_needs = self.timeline.plan.needs.len();
        let by_need = (0..n_needs).map(|need| sum(&|had| had >> need & 1 == 1));
        let by_number = (0..=n_needs).map(|n| sum(&|had| had.count_ones() as usize == n));
        let n_sets = n_arising(n_needs) - (2 * n_needs + 1);
        let by_set = (0..n_sets).map(|set| sum(&|had| usize::from(had) == set));
        by_need.chain(by_number).chain(by_set).collect()
    }

    /// The chance of every combination of needs on entering a state, for every band and lane; of those alone who have
    /// `kept` the second of some needs, the first, if that is given.
    fn given(
        &self,
        joints: &mut Joints,
        (snapshot, ages, state): (usize, &[Age], usize),
        kept: Option<(u8, u8)>,
    ) -> Given {
        let of_kept = |other: &usize| {
            kept.is_some_and(|(needs, _)| self.program.drawn[*other].mask & needs == needs)
        };
        let others: Vec<usize> = (0..self.program.drawn.len()).filter(of_kept).collect();
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
                    let states = [state].into_iter().chain(others.iter().copied());
                    let of = move |state| margins(self.timeline, snapshot, state, stratum);
                    let all = [share].into_iter().chain(states.flat_map(of));
                    all.map(f64::to_bits)
                };
                let mut key: Vec<u64> = parts.iter().flat_map(margins).collect();
                let atom = &self.lanes[lane].atom;
                key.extend(atom.bits());
                if let Some((_, law)) = known.iter().find(|(known, _)| *known == key) {
                    given.of.push(*law);
                    continue;
                }
                let mut law = Vec::new();
                for part in parts {
                    let of = (snapshot, state, part);
                    self.add_law(&mut law, joints, of, (atom, kept, &others));
                }
                known.push((key, given.laws.len()));
                given.of.push(given.laws.len());
                given.laws.push(law);
            }
        }
        given
    }

    /// Adds a share of a stratum's chances: those of an atom, or where needs are kept the mean over the states that
    /// may have drawn them, of what is drawn by those who had them there.
    fn add_law(
        &self,
        law: &mut Vec<f64>,
        joints: &mut Joints,
        (snapshot, state, (share, stratum)): (usize, usize, (f64, Stratum)),
        (atom, kept, others): (&Atom, Option<(u8, u8)>, &[usize]),
    ) {
        let drawn = &self.program.drawn[state];
        let whole = joints.law(self.timeline, snapshot, state, drawn, stratum);
        let atoms: Vec<Atom> = match kept {
            Some((needs, kept)) if !others.is_empty() => {
                let of = |other: &usize| {
                    let drawn = &self.program.drawn[*other];
                    let law = joints.law(self.timeline, snapshot, *other, drawn, stratum);
                    Atom::of(&law, |one| drawn.bits(one) & needs == kept)
                };
                others.iter().map(of).collect()
            }
            _ => vec![atom.clone()],
        };
        let share = share / atoms.len() as f64;
        for atom in atoms {
            let part = match atom.weight() > 0.0 {
                true => atom.given(&whole),
                false => whole.clone(),
            };
            law.resize(part.len(), 0.0);
            add_share(law, &part, share);
        }
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
    fn sum(&self, is_meant: &dyn Fn(usize) -> bool) -> Rows {
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

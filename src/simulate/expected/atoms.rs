//! Needs as expectations.
//!
//! A person's needs at every entry come from one uniform that belongs to the person, so they are the same random
//! number read in different tables. The uniform's interval is cut where any need that matters later changes: within
//! such an *atom* everything that happens is independent of where exactly the uniform lies, and the atoms are
//! propagated apart. What is only counted is taken as its mean over the atom.

use std::collections::BTreeMap;

use super::values::{FIRST, Timeline};
use crate::compile::{Prevalence, Stratum};
use crate::simulate::needs::joint;

/// The needs drawn on entering a state, under a timeline: the same in every snapshot, but for the numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawn {
    /// The needs, in the order of the joint law's bits.
    pub needs: Vec<usize>,
    /// The same as bits.
    pub mask: u8,
}

impl Drawn {
    /// What entering `state` draws.
    pub fn on_entering(timeline: &Timeline, state: usize) -> Drawn {
        let needs = drawn_by(timeline, state)
            .map(|p| p.need)
            .collect::<Vec<_>>();
        let mask = needs.iter().fold(0, |mask, need| mask | 1 << need);
        Drawn { needs, mask }
    }

    /// A combination of the joint law as bits of needs.
    pub fn bits(&self, combination: usize) -> u8 {
        let has = self.needs.iter().enumerate();
        has.filter(|(position, _)| combination >> position & 1 == 1)
            .fold(0, |bits, (_, need)| bits | 1 << need)
    }
}

/// Joint laws of needs, fitted once for each set of margins.
#[derive(Default)]
pub(super) struct Joints(BTreeMap<(usize, Vec<u64>), Vec<f64>>);

impl Joints {
    /// The chance of every combination on entering `state`, in a snapshot.
    pub fn law(
        &mut self,
        timeline: &Timeline,
        snapshot: usize,
        state: usize,
        drawn: &Drawn,
        stratum: Stratum,
    ) -> Vec<f64> {
        let margins: Vec<f64> = margins(timeline, snapshot, state, stratum).collect();
        let odds = odds_ratios(timeline, snapshot, &drawn.needs);
        let numbers = margins.iter().chain(odds.iter().flatten());
        let key = (margins.len(), numbers.map(|x| x.to_bits()).collect());
        self.0
            .entry(key)
            .or_insert_with(|| joint(&margins, &odds))
            .clone()
    }
}

/// The chance of each need that entering `state` draws.
pub(super) fn margins(
    timeline: &Timeline,
    snapshot: usize,
    state: usize,
    stratum: Stratum,
) -> impl Iterator<Item = f64> {
    drawn_by(timeline, state).map(move |p| timeline.value(snapshot, p.share, stratum))
}

/// What entering a state draws, in the order of the people engine: that of the needs' ids, whatever the file's.
fn drawn_by<'a>(timeline: &Timeline<'a>, state: usize) -> impl Iterator<Item = &'a Prevalence> {
    let plan = timeline.plan;
    let mut drawn: Vec<_> = plan
        .prevalences
        .iter()
        .filter(|p| p.entering[state])
        .collect();
    drawn.sort_by_key(|prevalence| &plan.needs[prevalence.need].id);
    drawn.into_iter()
}

fn odds_ratios(timeline: &Timeline, snapshot: usize, needs: &[usize]) -> Vec<Vec<f64>> {
    let mut odds = vec![vec![1.0; needs.len()]; needs.len()];
    for &(first, second, quantity) in &timeline.plan.associations {
        let position = |need| needs.iter().position(|&n| n == need);
        if let (Some(a), Some(b)) = (position(first), position(second)) {
            let value = timeline.value(snapshot, quantity, FIRST);
            odds[a][b] = value;
            odds[b][a] = value;
        }
    }
    odds
}

/// A part of the uniform's interval: intervals, rising.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Atom(Vec<(f64, f64)>);

impl Atom {
    /// The whole interval.
    pub fn whole() -> Atom {
        Atom(vec![(0.0, 1.0)])
    }

    /// The same for the same atom and for no other.
    pub fn bits(&self) -> impl Iterator<Item = u64> {
        self.0
            .iter()
            .flat_map(|(low, high)| [low.to_bits(), high.to_bits()])
    }

    /// How much of the interval it is.
    pub fn weight(&self) -> f64 {
        self.0.iter().map(|(low, high)| high - low).sum()
    }

    /// The chance of every combination of a joint law for somebody in the atom.
    pub fn given(&self, law: &[f64]) -> Vec<f64> {
        let (weight, mut low) = (self.weight(), 0.0);
        let last = law.len().saturating_sub(1);
        let parts = law.iter().enumerate().map(|(index, p)| {
            // What rounding leaves over falls to the last combination.
            let high = if index == last { 1.0 } else { low + p };
            let overlap = |&(a, b): &(f64, f64)| (high.min(b) - f64::max(low, a)).max(0.0);
            let part = self.0.iter().map(overlap).sum::<f64>() / weight;
            low = high;
            part
        });
        parts.collect()
    }

    /// The atoms in which each of the laws, read through its own map of combinations, is constant.
    pub fn cut(laws: &[(Vec<f64>, Vec<u8>)]) -> Vec<Atom> {
        let mut cuts = vec![0.0, 1.0];
        for (law, _) in laws {
            let mut sum = 0.0;
            cuts.extend(law.iter().take(law.len().saturating_sub(1)).map(|p| {
                sum += p;
                sum
            }));
        }
        cuts.retain(|cut| (0.0..=1.0).contains(cut));
        cuts.sort_by(f64::total_cmp);
        let mut atoms: BTreeMap<Vec<u8>, Vec<(f64, f64)>> = BTreeMap::new();
        for pair in cuts.windows(2).filter(|pair| pair[1] - pair[0] > 1e-15) {
            let middle = 0.5 * (pair[0] + pair[1]);
            let signature = laws.iter().map(|(law, bits)| bits[find(law, middle)]);
            let parts = atoms.entry(signature.collect()).or_default();
            match parts.last_mut() {
                Some(last) if pair[0] - last.1 <= 1e-15 => last.1 = pair[1],
                _ => parts.push((pair[0], pair[1])),
            }
        }
        atoms.into_values().map(Atom).collect()
    }
}

fn find(law: &[f64], u: f64) -> usize {
    let mut sum = 0.0;
    let reached = law.iter().position(|p| {
        sum += p;
        u < sum
    });
    reached.unwrap_or(law.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_share_out_the_interval_and_every_law_is_constant_in_each() {
        let laws = [
            (vec![0.4, 0.1, 0.3, 0.2], vec![0, 1, 0, 1]),
            (vec![0.7, 0.3], vec![0, 2]),
        ];
        let atoms = Atom::cut(&laws);
        let weight: f64 = atoms.iter().map(Atom::weight).sum();
        assert!((weight - 1.0).abs() < 1e-12);
        for (law, bits) in &laws {
            let mut total = vec![0.0; law.len()];
            for atom in &atoms {
                let given = atom.given(law);
                let with = |bit: u8| -> f64 {
                    let each = given.iter().zip(bits).filter(|(_, b)| **b == bit);
                    each.map(|(p, _)| p).sum()
                };
                assert!(bits.iter().any(|bit| (with(*bit) - 1.0).abs() < 1e-12));
                for (total, p) in total.iter_mut().zip(&given) {
                    *total += p * atom.weight();
                }
            }
            for (total, p) in total.iter().zip(law) {
                assert!((total - p).abs() < 1e-12);
            }
        }
    }
}

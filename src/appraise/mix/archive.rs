//! The mixes tried, and what each came to in the draws that it was tried in.

use std::collections::BTreeMap;

use super::lives::{Lives, Places, Sample};

/// A mix that has been tried.
#[derive(Debug, Clone)]
pub(super) struct Tried {
    /// Its places.
    pub places: Places,
    /// In the first rows of the half that mixes are chosen by; as many as it was tried in.
    pub chosen_by: Vec<Sample>,
    /// In every row of the half that is held back, or in none.
    pub held_back: Vec<Sample>,
}

/// Every mix tried, in the order in which they were first tried.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// The mixes.
    pub tried: Vec<Tried>,
    index: BTreeMap<Places, usize>,
    /// How many lives of a mix in a draw it took to choose.
    pub n_lives: usize,
    /// What a mix that nobody chose costs in every row of both halves, from row 1 on.
    reference: Vec<f64>,
}

/// Means over the first rows of a mix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Means {
    pub gain: f64,
    pub cost: f64,
}

/// Means over samples, costs as they are.
fn means(samples: &[Sample]) -> Means {
    let n = samples.len() as f64;
    Means {
        gain: samples.iter().map(|sample| sample.gain).sum::<f64>() / n,
        cost: samples.iter().map(|sample| sample.cost).sum::<f64>() / n,
    }
}

impl Archive {
    /// Lives a mix that was chosen by nothing in every row of both halves, so that costs in some of the rows can be
    /// brought to all of them.
    pub fn refer_to(&mut self, lives: &dyn Lives, places: &Places, n_all: usize) {
        let rows: Vec<usize> = (1..=n_all).collect();
        let samples = lives.live(std::slice::from_ref(places), &rows);
        self.n_lives += n_all;
        self.reference = samples.iter().flatten().map(|sample| sample.cost).collect();
    }

    /// What costs in these rows, counted from 0, are multiplied by to be those of all rows: the ratio estimator (Cochran
    /// 1977, Sampling Techniques, chapter 6). What draws do to the costs of all mixes alike is then no error of theirs,
    /// and both halves tell costs on the same footing.
    pub fn scale(&self, rows: std::ops::Range<usize>) -> f64 {
        let mean = |costs: &[f64]| costs.iter().sum::<f64>() / costs.len() as f64;
        let some = self.reference.get(rows).map_or(f64::NAN, mean);
        match some > 0.0 {
            true => mean(&self.reference) / some,
            false => 1.0,
        }
    }

    /// The cost of the mix that costs are referred to, in these rows, counted from 0.
    pub fn reference(&self, rows: std::ops::Range<usize>) -> &[f64] {
        self.reference.get(rows).unwrap_or(&[])
    }

    /// Means of a mix over the first `n` rows that it has been tried in, costs brought to all rows.
    pub fn means(&self, mix: usize, n: usize) -> Means {
        let samples = &self.tried[mix].chosen_by;
        let n = n.min(samples.len());
        let means = means(&samples[..n]);
        Means {
            cost: means.cost * self.scale(0..n),
            ..means
        }
    }

    /// Where a mix stands, if it is there.
    pub fn find(&self, places: &Places) -> Option<usize> {
        self.index.get(places).copied()
    }

    /// Where a mix stands; it is added if it is new.
    pub fn place(&mut self, places: &Places) -> usize {
        if let Some(&found) = self.index.get(places) {
            return found;
        }
        let new = self.tried.len();
        self.index.insert(places.clone(), new);
        self.tried.push(Tried {
            places: places.clone(),
            chosen_by: Vec::new(),
            held_back: Vec::new(),
        });
        new
    }

    /// Tries mixes in the first `n_rows` rows, as far as they have not been; returns where they stand. What has been
    /// tried in as many rows is lived together.
    pub fn try_in(&mut self, lives: &dyn Lives, mixes: &[Places], n_rows: usize) -> Vec<usize> {
        let at: Vec<usize> = mixes.iter().map(|places| self.place(places)).collect();
        let mut short: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &mix in &at {
            let n_tried = self.tried[mix].chosen_by.len();
            let group = short.entry(n_tried).or_default();
            if n_tried < n_rows && !group.contains(&mix) {
                group.push(mix);
            }
        }
        for (n_tried, group) in short.into_iter().filter(|(_, group)| !group.is_empty()) {
            let rows: Vec<usize> = (n_tried + 1..=n_rows).collect();
            let places: Vec<Places> = group
                .iter()
                .map(|mix| self.tried[*mix].places.clone())
                .collect();
            self.n_lives += rows.len() * places.len();
            for (mix, samples) in group.iter().zip(lives.live(&places, &rows)) {
                self.tried[*mix].chosen_by.extend(samples);
            }
        }
        at
    }

    /// Lives mixes in the rows that are held back, as far as they have not been; returns where they stand.
    pub fn judge(&mut self, lives: &dyn Lives, mixes: &[Places], rows: &[usize]) -> Vec<usize> {
        let at: Vec<usize> = mixes.iter().map(|places| self.place(places)).collect();
        let mut new = at.clone();
        new.sort_unstable();
        new.dedup();
        new.retain(|mix| self.tried[*mix].held_back.is_empty());
        let places: Vec<Places> = new
            .iter()
            .map(|mix| self.tried[*mix].places.clone())
            .collect();
        for (mix, samples) in new.iter().zip(lives.live(&places, rows)) {
            self.tried[*mix].held_back = samples;
        }
        at
    }

    /// What a mix would come to in the first `n_rows` rows, brought there from the rows that it was tried in by what a
    /// mix that was tried in all of them came to in both: gains by the difference, costs by the ratio (Cochran 1977,
    /// Sampling Techniques, chapters 6 and 7).
    pub fn brought(&self, mix: usize, reference: usize, n_rows: usize) -> Means {
        let n = self.tried[mix].chosen_by.len().min(n_rows);
        let own = self.means(mix, n);
        if n == n_rows {
            return own;
        }
        let (there, here) = (self.means(reference, n_rows), self.means(reference, n));
        let by = if here.cost > 0.0 {
            there.cost / here.cost
        } else {
            1.0
        };
        Means {
            gain: own.gain + there.gain - here.gain,
            cost: own.cost * by,
        }
    }

    /// Of the mixes tried in `n_rows` rows that cost no more than the budget, the best: the highest mean gain; of
    /// equals the cheapest, then the one with the fewest places, then the first in order of places.
    pub fn best(&self, n_rows: usize, budget: f64) -> Option<usize> {
        let mut best: Option<(usize, Means)> = None;
        for (mix, tried) in self.tried.iter().enumerate() {
            if tried.chosen_by.len() < n_rows {
                continue;
            }
            let own = self.means(mix, n_rows);
            if is_within(own.cost, budget)
                && best.is_none_or(|(other, means)| self.is_better((mix, own), (other, means)))
            {
                best = Some((mix, own));
            }
        }
        best.map(|(mix, _)| mix)
    }

    fn is_better(&self, (ours, own): (usize, Means), (theirs, other): (usize, Means)) -> bool {
        let size = own.gain.abs().max(other.gain.abs());
        if (own.gain - other.gain).abs() > ROUNDING * size {
            return own.gain > other.gain;
        }
        let size = own.cost.abs().max(other.cost.abs());
        if (own.cost - other.cost).abs() > ROUNDING * size {
            return own.cost < other.cost;
        }
        let places = |mix: usize| {
            let places = &self.tried[mix].places;
            (places.iter().map(|n| u64::from(*n)).sum::<u64>(), places)
        };
        places(ours) < places(theirs)
    }
}

/// Sums are equal to so many digits.
const ROUNDING: f64 = 1e-12;

/// Whether a cost is within a budget, to rounding.
pub(super) fn is_within(cost: f64, budget: f64) -> bool {
    cost <= budget * (1.0 + 1e-9)
}

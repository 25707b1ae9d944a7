//! How the values of a place are laid out, and how people pass from one age band to the next.

use super::precision::Number;

/// How the values of a place are laid out: `[group][previous convictions][lane of the group]`. The lanes of a group are
/// of the same age, so that whatever they share is one stretch of values.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Lanes of a group.
    pub width: usize,
    /// Lanes.
    pub n_lanes: usize,
    /// Classes of previous convictions.
    pub n_priors: usize,
    /// From and to which number each class goes, the last of them standing for all above too.
    pub classes: Vec<(u32, u32)>,
    /// The priors band of each class.
    pub bands: Vec<usize>,
    /// How many bands.
    pub n_bands: usize,
    /// Stretches of one group and number, in the order of the values.
    pub rows: Vec<Row>,
    /// Whether much is approximate, for the sake of speed.
    pub is_coarse: bool,
    /// By group: the share that passes into the next group in a step, where groups are age bands; otherwise empty.
    passing: Vec<f64>,
}

/// Neighbouring values of one group and number of previous convictions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The first value.
    pub start: usize,
    /// Its lane.
    pub lane: usize,
    /// The class of previous convictions.
    pub number: usize,
    /// Where the first value's chance stands in rows by priors band and lane.
    pub first: usize,
}

impl Shape {
    /// The layout of so many lanes in equal groups, with classes of previous convictions and the priors band of each.
    pub fn new(
        (n_lanes, n_groups): (usize, usize),
        classes: Vec<(u32, u32)>,
        bands: Vec<usize>,
        n_bands: usize,
    ) -> Shape {
        let width = n_lanes / n_groups.max(1);
        let n_priors = bands.len();
        let row = |index: usize| {
            let (group, number) = (index / n_priors, index % n_priors);
            let lane = group * width;
            Row {
                start: index * width,
                lane,
                number,
                first: bands[number] * n_lanes + lane,
            }
        };
        Shape {
            width,
            n_lanes,
            n_priors,
            classes,
            rows: (0..n_groups * n_priors).map(row).collect(),
            bands,
            n_bands,
            is_coarse: false,
            passing: Vec::new(),
        }
    }

    /// The same where much is approximate and people pass from each group to the next: `passing` has the share in a
    /// step.
    pub fn coarse(self, passing: Vec<f64>) -> Shape {
        Shape {
            is_coarse: true,
            passing,
            ..self
        }
    }

    /// Values of one place.
    pub fn n_values(&self) -> usize {
        self.n_priors * self.n_lanes
    }

    /// Where the value of a lane with so many previous convictions stands.
    pub fn at(&self, number: usize, lane: usize) -> usize {
        let (group, offset) = (lane / self.width, lane % self.width);
        (group * self.n_priors + number) * self.width + offset
    }

    /// What is given by priors band and lane, for every value of a place; or what one band has, for all.
    pub fn spread<N: Number>(&self, banded: &[f64], band: Option<usize>) -> Vec<N> {
        let mut values = Vec::with_capacity(self.n_values());
        for row in &self.rows {
            let first = band.map_or(row.first, |band| band * self.n_lanes + row.lane);
            let row = banded[first..first + self.width].iter();
            values.extend(row.map(|value| N::of(*value)));
        }
        values
    }

    /// The share of a class that rises into the next with a conviction.
    pub fn rising(&self, class: usize) -> f64 {
        let (from, to) = self.classes[class];
        1.0 / f64::from(to - from + 1)
    }

    /// Whether people pass from one group to the next.
    pub fn passes(&self) -> bool {
        !self.passing.is_empty()
    }

    /// Values of one group.
    pub fn n_of_group(&self) -> usize {
        self.n_priors * self.width
    }

    /// The share of a group's people who have passed into the next after so many steps.
    pub fn passed(&self, group: usize, steps: f64) -> f64 {
        (self.passing[group] * steps).min(1.0)
    }

    /// People grow older by so many steps.
    pub fn age<N: Number>(&self, people: &mut [N], steps: usize) {
        if !self.passes() || steps == 0 {
            return;
        }
        let n = self.n_of_group();
        for group in (1..self.passing.len()).rev() {
            let share = N::of(self.passed(group - 1, steps as f64));
            let (younger, older) = people[(group - 1) * n..(group + 1) * n].split_at_mut(n);
            for (older, younger) in older.iter_mut().zip(younger) {
                let passing = share * *younger;
                *older += passing;
                *younger -= passing;
            }
        }
    }

    /// People grow older, each by as many steps as `weighted` has for each of `people`.
    pub fn age_by<N: Number>(&self, people: &mut [N], weighted: &[N]) {
        if !self.passes() {
            return;
        }
        let n = self.n_of_group();
        for group in 0..self.passing.len() - 1 {
            let rate = N::of(self.passing[group]);
            let (younger, older) = people[group * n..(group + 2) * n].split_at_mut(n);
            let weighted = &weighted[group * n..(group + 1) * n];
            for ((younger, older), weighted) in younger.iter_mut().zip(older).zip(weighted) {
                let passing = rate * *weighted;
                *younger -= passing;
                *older += passing;
            }
        }
    }
}

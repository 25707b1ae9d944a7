//! Which strata a number depends on, and where the value of each stands.

use crate::compile::{Keys, Plan, Stratum};

/// The first stratum, for numbers that do not depend on any.
pub const FIRST: Stratum = Stratum {
    area: 0,
    sex: 0,
    age: 0,
    priors: 0,
};

/// Cells over areas, sexes, ages and priors bands, as far as they matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scope {
    /// How far apart the cells of neighbours stand, by area, sex, age and priors; 0 where it does not matter.
    pub strides: [usize; 4],
    lengths: [usize; 4],
    /// How many cells.
    pub n_cells: usize,
}

impl Scope {
    /// The cells over the keys in use, the last key running fastest.
    pub fn new(plan: &Plan, keys: Keys) -> Scope {
        let lengths = [
            (keys.area, plan.areas.len()),
            (keys.sex, plan.strata.sexes.len()),
            (keys.age, plan.strata.ages.len()),
            (keys.priors, plan.strata.priors.len()),
        ];
        let lengths = lengths.map(|(is_used, n)| if is_used { n } else { 1 });
        let mut strides = [0; 4];
        let mut n_cells = 1;
        for position in (0..4).rev() {
            if lengths[position] > 1 {
                strides[position] = n_cells;
            }
            n_cells *= lengths[position];
        }
        Scope {
            strides,
            lengths,
            n_cells,
        }
    }

    /// The cell of a stratum.
    #[inline]
    pub fn cell(&self, stratum: Stratum) -> usize {
        let [area, sex, age, priors] = self.strides;
        stratum.area * area + stratum.sex * sex + stratum.age * age + stratum.priors * priors
    }

    /// The stratum of a cell, the first of those that share it.
    pub fn stratum(&self, cell: usize) -> Stratum {
        let index = |position: usize| match self.strides[position] {
            0 => 0,
            stride => cell / stride % self.lengths[position],
        };
        Stratum {
            area: index(0),
            sex: index(1),
            age: index(2),
            priors: index(3),
        }
    }

    /// The areas that share the cells of an area: those cells, as a range.
    pub fn cells_of(&self, area: usize) -> std::ops::Range<usize> {
        match self.strides[0] {
            0 => 0..self.n_cells,
            stride => area * stride..(area + 1) * stride,
        }
    }
}

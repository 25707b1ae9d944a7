//! Which strata a number depends on, and where the value of each stands.

use crate::compile::{Keys, Plan, Stratum};
use std::sync::Arc;

/// The number of a stratum among all: by area, sex, age and priors, the last running fastest.
pub type StratumIdx = usize;

/// Every stratum of a plan by its number, and the scopes over any of their keys.
pub struct Strata {
    lengths: [usize; 4],
    scopes: Vec<Scope>,
}

/// Cells over areas, sexes, ages and priors bands, as far as they matter.
#[derive(Debug, Clone)]
pub struct Scope {
    keys: Keys,
    /// By stratum, its cell.
    cells: Arc<[u32]>,
    /// By cell, the first stratum that shares it.
    firsts: Arc<[u32]>,
}

/// Something for every stratum, kept once for strata that share it.
#[derive(Debug, Clone)]
pub struct ByStratum<T> {
    scope: Scope,
    values: Vec<T>,
}

impl Strata {
    /// The strata of a plan.
    pub fn of(plan: &Plan) -> Strata {
        let strata = &plan.strata;
        let lengths = [
            plan.areas.len(),
            strata.sexes.len(),
            strata.ages.len(),
            strata.priors.len(),
        ];
        let scope = |mask: usize| Scope::new(lengths, keys(mask));
        Strata {
            lengths,
            scopes: (0..16).map(scope).collect(),
        }
    }

    /// The cells over the keys in use.
    pub fn scope(&self, keys: Keys) -> &Scope {
        &self.scopes[mask(keys)]
    }

    /// The number of a stratum.
    pub fn number(&self, stratum: Stratum) -> StratumIdx {
        let [_, sexes, ages, priors] = self.lengths;
        ((stratum.area * sexes + stratum.sex) * ages + stratum.age) * priors + stratum.priors
    }

    /// The stratum of a number.
    pub fn stratum(&self, number: StratumIdx) -> Stratum {
        let [_, sexes, ages, priors] = self.lengths;
        Stratum {
            area: number / (priors * ages * sexes),
            sex: number / (priors * ages) % sexes,
            age: number / priors % ages,
            priors: number % priors,
        }
    }

    /// The strata of an area, in their order.
    pub fn of_area(&self, area: usize) -> impl Iterator<Item = Stratum> + '_ {
        (self.first_of(area)..self.first_of(area + 1)).map(|number| self.stratum(number))
    }

    /// The first stratum of an area.
    pub fn first_of(&self, area: usize) -> StratumIdx {
        area * self.lengths[1] * self.lengths[2] * self.lengths[3]
    }
}

impl Scope {
    fn new(lengths: [usize; 4], keys: Keys) -> Scope {
        let used = [keys.area, keys.sex, keys.age, keys.priors];
        let mut strides = [0; 4];
        let mut n_cells = 1;
        for position in (0..4).rev() {
            if used[position] {
                strides[position] = n_cells;
                n_cells *= lengths[position];
            }
        }
        let n_strata = lengths.iter().product();
        let mut cells = Vec::with_capacity(n_strata);
        let mut firsts = vec![u32::MAX; n_cells];
        for stratum in 0..n_strata {
            let (mut left, mut cell) = (stratum, 0);
            for position in (0..4).rev() {
                cell += left % lengths[position] * strides[position];
                left /= lengths[position];
            }
            cells.push(cell as u32);
            firsts[cell] = firsts[cell].min(stratum as u32);
        }
        Scope {
            keys,
            cells: cells.into(),
            firsts: firsts.into(),
        }
    }

    /// The cell of a stratum.
    #[inline]
    pub fn cell(&self, stratum: StratumIdx) -> usize {
        self.cells[stratum] as usize
    }

    /// By stratum, its cell.
    pub fn cells(&self) -> Arc<[u32]> {
        Arc::clone(&self.cells)
    }

    /// How many cells.
    pub fn n_cells(&self) -> usize {
        self.firsts.len()
    }

    /// By cell, the first of the strata that share it.
    pub fn strata(&self) -> impl Iterator<Item = StratumIdx> + Clone + '_ {
        self.firsts.iter().map(|&first| first as StratumIdx)
    }

    /// The cells that strata of an area have, of `n_areas`.
    pub fn cells_of(&self, area: usize, n_areas: usize) -> std::ops::Range<usize> {
        let n = self.n_cells();
        match self.keys.area {
            true => area * n / n_areas..(area + 1) * n / n_areas,
            false => 0..n,
        }
    }
}

impl<T> ByStratum<T> {
    /// The value of every cell, from the first of the strata that share it.
    pub fn of(scope: &Scope, value: impl FnMut(StratumIdx) -> T) -> ByStratum<T> {
        ByStratum {
            scope: scope.clone(),
            values: scope.strata().map(value).collect(),
        }
    }

    /// The value for a stratum.
    #[inline]
    pub fn at(&self, stratum: StratumIdx) -> &T {
        &self.values[self.scope.cell(stratum)]
    }

    /// Every value once.
    pub fn each(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }

    /// Whether the values of an area differ from those of another table of the same scope.
    pub fn differs_in(&self, other: &ByStratum<T>, area: usize, n_areas: usize) -> bool
    where
        T: PartialEq,
    {
        let cells = self.scope.cells_of(area, n_areas);
        self.values[cells.clone()] != other.values[cells]
    }
}

fn mask(keys: Keys) -> usize {
    let used = [keys.area, keys.sex, keys.age, keys.priors];
    used.iter()
        .fold(0, |mask, &is_used| mask << 1 | usize::from(is_used))
}

fn keys(mask: usize) -> Keys {
    Keys {
        area: mask & 8 != 0,
        sex: mask & 4 != 0,
        age: mask & 2 != 0,
        priors: mask & 1 != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_has_a_cell_and_every_cell_its_first_stratum() {
        let lengths = [3, 2, 5, 4];
        for mask in 0..16 {
            let scope = Scope::new(lengths, keys(mask));
            let n: usize = (0..4)
                .filter(|i| mask >> (3 - i) & 1 == 1)
                .map(|i| lengths[i])
                .product();
            assert_eq!(scope.n_cells(), n);
            for (cell, first) in scope.strata().enumerate() {
                assert_eq!(scope.cell(first), cell);
                assert!((0..first).all(|stratum| scope.cell(stratum) != cell));
            }
        }
        let all = Scope::new(lengths, keys(15));
        assert!((0..120).all(|stratum| all.cell(stratum) == stratum));
        assert_eq!(all.cells_of(1, 3), 40..80);
    }
}

//! Which groups' sums follow from sums that are settled: vectors of noughts and ones, and what they span.

use super::groups::{members, sums};

/// Groups whose members' sum is settled, none of which follows from the others, with the sum of each.
#[derive(Debug, Clone)]
pub struct Settled {
    n: usize,
    /// The groups, with the sum that is settled.
    pub groups: Vec<(usize, f64)>,
    /// Reduced rows of the settled groups: the column in which a row alone has a 1, the row, its sum.
    rows: Vec<(usize, Vec<f64>, f64)>,
}

/// Entries of reduced rows are ratios of whole numbers below a few thousand, so what is smaller than this is 0.
const NOTHING: f64 = 1e-8;

impl Settled {
    pub fn new(n: usize) -> Settled {
        Settled {
            n,
            groups: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Whether every partner's number is settled.
    pub fn is_complete(&self) -> bool {
        self.rows.len() == self.n
    }

    /// Settles the sum of a group, unless it follows already; whether it did not.
    pub fn settle(&mut self, group: usize, sum: f64) -> bool {
        let mut row = vec![0.0; self.n];
        for member in members(group) {
            row[member] = 1.0;
        }
        let mut left = sum;
        for (pivot, known, known_sum) in &self.rows {
            left -= subtract(&mut row, *pivot, known) * known_sum;
        }
        let pivot = (0..self.n).max_by(|a, b| row[*a].abs().total_cmp(&row[*b].abs()));
        let Some(pivot) = pivot.filter(|pivot| row[*pivot].abs() > NOTHING) else {
            return false;
        };
        let scale = row[pivot];
        row.iter_mut().for_each(|entry| *entry /= scale);
        left /= scale;
        for (_, known, known_sum) in &mut self.rows {
            *known_sum -= subtract(known, pivot, &row) * left;
        }
        self.rows.push((pivot, row, left));
        self.groups.push((group, sum));
        true
    }

    /// For every group whether its sum is still open: no combination of what is settled. Nobody's never is.
    pub fn open(&self) -> Vec<bool> {
        let mut open = vec![false; 1 << self.n];
        let is_pivot = |column: &usize| self.rows.iter().any(|(pivot, _, _)| pivot == column);
        for free in (0..self.n).filter(|column| !is_pivot(column)) {
            // A direction in which the partners' numbers can move while every settled sum stands.
            let mut direction = vec![0.0; self.n];
            direction[free] = 1.0;
            for (pivot, row, _) in &self.rows {
                direction[*pivot] = -row[free];
            }
            for (is_open, moved) in open.iter_mut().zip(sums(&direction)) {
                *is_open |= moved.abs() > NOTHING;
            }
        }
        open
    }

    /// Every partner's number, once all are settled; 0 for one that is not.
    pub fn values(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.n];
        for (pivot, _, sum) in &self.rows {
            values[*pivot] = *sum;
        }
        values
    }
}

/// Takes `known` from `row` as often as makes `row` 0 at the pivot, and says how often.
fn subtract(row: &mut [f64], pivot: usize, known: &[f64]) -> f64 {
    let times = row[pivot];
    if times != 0.0 {
        for (entry, other) in row.iter_mut().zip(known) {
            *entry -= times * other;
        }
        row[pivot] = 0.0;
    }
    times
}

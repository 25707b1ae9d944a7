//! The places that members bring to a pool whose places were set as a whole.

use super::worlds::Maker;
use crate::compile::{Change, Operation, PlanOption, PooledPlaces};

impl Maker<'_> {
    /// A group has the places that its members would bring to the whole pool: the pool's places shared by what each has
    /// alone then, in whole numbers by largest remainders.
    pub fn give_places(&self, pooled: &PooledPlaces, group: &[usize], option: &mut PlanOption) {
        let brought = self.brought(pooled);
        let members: Vec<usize> = group
            .iter()
            .copied()
            .filter(|area| pooled.members.contains(area))
            .collect();
        if members.is_empty() {
            return;
        }
        let host = self.host(pooled.service, pooled.from, &members);
        let sum = |areas: &[usize]| -> f64 {
            let places = pooled.members.iter().zip(&brought);
            places
                .filter(|(area, _)| areas.contains(area))
                .map(|(_, n)| n)
                .sum()
        };
        let others: Vec<usize> = members
            .iter()
            .copied()
            .filter(|area| *area != host)
            .collect();
        let given = |areas: Vec<usize>, places: f64| Change {
            area: Some(areas),
            operation: Operation::Set(places),
            ..pooled.change.clone()
        };
        option.changes.push(given(vec![host], sum(&members)));
        if !others.is_empty() {
            option.changes.push(given(others, 0.0));
        }
    }

    /// By member of a pool, its part of the pool's places.
    fn brought(&self, pooled: &PooledPlaces) -> Vec<f64> {
        let alone = |area: &usize| {
            let areas = [*area];
            self.plan
                .pool_places(pooled.service, &areas, pooled.from, &self.alone.changes)
        };
        let mut weights: Vec<f64> = pooled.members.iter().map(alone).collect();
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            weights.fill(1.0);
        }
        apportion(pooled.places, &weights)
    }
}

/// A whole number in whole parts as near to the weights as can be: largest remainders, the first of equals.
fn apportion(whole: f64, weights: &[f64]) -> Vec<f64> {
    let sum: f64 = weights.iter().sum();
    let exact: Vec<f64> = weights.iter().map(|weight| whole * weight / sum).collect();
    let mut parts: Vec<f64> = exact.iter().map(|part| part.floor()).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| (exact[*b] - parts[*b]).total_cmp(&(exact[*a] - parts[*a])));
    let left = (whole - parts.iter().sum::<f64>()).round() as usize;
    for &index in order.iter().take(left) {
        parts[index] += 1.0;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shared_in_whole_numbers() {
        assert_eq!(apportion(10.0, &[1.0, 1.0, 1.0]), [4.0, 3.0, 3.0]);
        assert_eq!(apportion(7.0, &[5.0, 0.0, 2.0]), [5.0, 0.0, 2.0]);
        assert_eq!(apportion(0.0, &[5.0, 1.0]), [0.0, 0.0]);
        assert_eq!(apportion(3.0, &[0.3, 0.3, 0.3, 0.1]), [1.0, 1.0, 1.0, 0.0]);
    }
}

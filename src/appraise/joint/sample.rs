//! Which coalitions are lived: all of them for few partners, and for many those along orders of joining drawn at random.

use std::collections::BTreeMap;

use super::taking::Numbers;
use crate::compile::{Group, MOST_EXACT_PARTNERS};
use crate::random::Key;

/// The most partners all of whose coalitions are lived.
pub const MOST_EXACT: usize = MOST_EXACT_PARTNERS;

/// Draws have their orders of joining in so many pairs, as far as their coalitions live in one pass.
const MOST_PAIRS: usize = 3;

/// Worlds that one pass holds.
const WORLDS: usize = 63;

/// The orders of joining in a row of the draws: each drawn at random and followed by its reverse, so that who comes
/// early in one comes late in the other. None where all coalitions are lived.
///
/// Castro, Gómez & Tejada (2009), with antithetic orders as in Mitchell, Cooper, Frank & Holmes (2022).
pub fn orders(n_partners: usize, seed: u64, row: usize) -> Vec<Vec<usize>> {
    if n_partners <= MOST_EXACT {
        return Vec::new();
    }
    let n_pairs = (WORLDS - 2).saturating_sub(n_partners) / (n_partners - 3);
    let root = Key::new(seed).named("orders of joining").with(row as u64);
    let pair = |pair: usize| -> [Vec<usize>; 2] {
        let mut order: Vec<usize> = (0..n_partners).collect();
        let key = root.with(pair as u64);
        order.sort_by_key(|partner| key.with(*partner as u64).bits());
        let reverse = order.iter().rev().copied().collect();
        [order, reverse]
    };
    (0..n_pairs.clamp(1, MOST_PAIRS)).flat_map(pair).collect()
}

/// The coalitions of two partners or more that are lived in a row: all; or everybody, everybody but one, and whoever is
/// there as each partner of an order joins.
pub fn groups(n_partners: usize, orders: &[Vec<usize>]) -> Vec<Group> {
    let everybody: Group = (1 << n_partners) - 1;
    if orders.is_empty() {
        return (1..=everybody)
            .filter(|group| group.count_ones() > 1)
            .collect();
    }
    let mut groups: Vec<Group> = (0..n_partners)
        .map(|partner| everybody & !(1 << partner))
        .collect();
    groups.push(everybody);
    for order in orders {
        let mut here: Group = 0;
        for partner in order {
            here |= 1 << partner;
            groups.push(here);
        }
    }
    groups.retain(|group| group.count_ones() > 1);
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// A row that has been lived: what every partner has in every world.
#[derive(Debug, Clone)]
pub struct LivedRow {
    /// The world of each coalition.
    pub world_of: BTreeMap<Group, usize>,
    /// `[world][partner]`.
    pub taken: Vec<Vec<Numbers>>,
    /// The orders of joining along which coalitions were lived; none where all were.
    pub orders: Vec<Vec<usize>>,
}

impl LivedRow {
    /// What a member of a coalition has.
    pub fn member(&self, group: Group, partner: usize) -> Option<&Numbers> {
        let world = self.world_of.get(&group)?;
        self.taken.get(*world)?.get(partner)
    }

    /// What a coalition has.
    pub fn whole(&self, group: Group) -> Option<Numbers> {
        let world = &self.taken[*self.world_of.get(&group)?];
        let members = world.iter().enumerate();
        let members = members.filter(|(partner, _)| group >> partner & 1 == 1);
        Some(members.fold(Numbers::default(), |sum, (_, numbers)| sum + numbers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_partners_have_all_their_coalitions_and_many_those_along_orders() {
        assert_eq!(groups(5, &orders(5, 1, 0)).len(), 26);
        for n in [7, 12, 32] {
            let orders = orders(n, 1, 3);
            assert!(!orders.is_empty() && orders.len().is_multiple_of(2));
            let groups = groups(n, &orders);
            for order in &orders {
                let mut sorted = order.clone();
                sorted.sort_unstable();
                assert!(sorted.into_iter().eq(0..n));
            }
            assert!(groups.contains(&((1 << n) - 1)), "{n}");
            // A coalition and those it leaves out live in one world, which one pass holds beside that of all alone.
            let worlds = groups
                .iter()
                .filter(|g| groups.contains(&(((1 << n) - 1) & !**g)));
            assert!(groups.len() - worlds.count() / 2 < WORLDS, "{n}");
        }
    }
}

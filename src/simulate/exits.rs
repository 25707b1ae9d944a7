//! Where people go when a stay ends: shares laid end to end, for every stratum and combination of needs that matters.

use super::laws::Laws;
use super::scope::{Scope, StratumIdx};
use super::versions::{Versions, Worlds};
use crate::compile::{Destination, Exit, QuantityIdx, on_odds};

/// The way on from a state.
pub struct Exits {
    /// Where each exit leads.
    pub to: Vec<Destination>,
    quantities: Vec<QuantityIdx>,
    shares: Option<Versions<Shares>>,
}

/// The shares of a state's exits.
struct Shares {
    scope: Scope,
    /// By combination of needs, which of the combinations that matter it is.
    combination_of: Vec<u8>,
    n_combinations: usize,
    /// The exits that have a share, in the order of the file, and the one that takes the rest.
    sharing: Vec<u8>,
    rest: u8,
    /// `[cell][combination][exit with a share]`: the sum of the shares so far.
    reached: Vec<f64>,
}

impl Exits {
    /// The exits of a state, with no numbers yet.
    pub fn of(exits: &[Exit]) -> Exits {
        let modifiers = exits.iter().flat_map(|exit| &exit.modifiers);
        let quantities = exits.iter().filter_map(|exit| exit.share);
        let mut quantities: Vec<_> = quantities.chain(modifiers.map(|m| m.1)).collect();
        quantities.sort_unstable();
        quantities.dedup();
        Exits {
            to: exits.iter().map(|exit| exit.to).collect(),
            quantities,
            shares: None,
        }
    }

    /// Whether a quantity that has changed is among them, or none has been looked at yet.
    pub fn is_stale(&self, changed: &[bool]) -> bool {
        self.to.len() > 1
            && (self.shares.is_none() || self.quantities.iter().any(|&quantity| changed[quantity]))
    }

    /// Takes up the numbers as they stand.
    pub fn fill(&mut self, laws: &Laws, exits: &[Exit]) {
        let scope = laws.scope(&self.quantities);
        self.shares = Some(laws.versions(&self.quantities, |world| {
            Shares::of(laws, world, exits, scope)
        }));
    }

    /// Whether the previous convictions or the needs of a person matter, or a state has nowhere to go on to.
    pub fn looks_at_person(&self) -> bool {
        let matters = |shares: &Shares| shares.scope.is_by_priors() || shares.n_combinations > 1;
        self.to.is_empty()
            || self
                .shares
                .as_ref()
                .is_some_and(|shares| shares.each().any(matters))
    }

    /// The exit that a person of an area takes: one uniform against the shares, in the order of the file.
    #[inline]
    pub fn choose(
        &self,
        worlds: &mut Worlds,
        area: usize,
        stratum: StratumIdx,
        needs: u8,
        u: f64,
    ) -> usize {
        let Some(shares) = &self.shares else { return 0 };
        shares.decide(worlds, area, |shares| shares.choose(stratum, needs, u))
    }
}

impl Shares {
    fn of(laws: &Laws, world: usize, exits: &[Exit], scope: &Scope) -> Shares {
        let mut modifying: Vec<usize> = exits
            .iter()
            .flat_map(|exit| exit.modifiers.iter().map(|m| m.0))
            .collect();
        modifying.sort_unstable();
        modifying.dedup();
        let sharing: Vec<u8> = (0..exits.len())
            .filter(|&index| exits[index].share.is_some())
            .map(|index| index as u8)
            .collect();
        let rest = exits.iter().rposition(|exit| exit.share.is_none());
        let n_combinations = 1 << modifying.len();
        let mut reached = Vec::with_capacity(scope.n_cells() * n_combinations * sharing.len());
        for stratum in scope.strata() {
            for combination in 0..n_combinations {
                let has = |need| {
                    let position = modifying.iter().position(|&other| other == need);
                    position.is_some_and(|position| combination >> position & 1 == 1)
                };
                let mut sum = 0.0;
                for &index in &sharing {
                    sum += share(laws, world, &exits[usize::from(index)], stratum, has);
                    reached.push(sum);
                }
            }
        }
        Shares {
            scope: scope.clone(),
            combination_of: (0..=u8::MAX)
                .map(|needs| {
                    let bit = |(position, &need): (usize, &usize)| (needs >> need & 1) << position;
                    modifying.iter().enumerate().map(bit).sum()
                })
                .collect(),
            n_combinations,
            rest: rest.unwrap_or(exits.len().saturating_sub(1)) as u8,
            sharing,
            reached,
        }
    }

    #[inline]
    fn choose(&self, stratum: StratumIdx, needs: u8, u: f64) -> usize {
        let mut row = self.scope.cell(stratum);
        if self.n_combinations > 1 {
            row = row * self.n_combinations + usize::from(self.combination_of[usize::from(needs)]);
        }
        let n = self.sharing.len();
        let reached = &self.reached[row * n..(row + 1) * n];
        // Drawn shares may exceed one where central ones do not; they are then scaled to one.
        let total = reached.last().copied().unwrap_or(0.0);
        let u = if total > 1.0 { u * total } else { u };
        // Sums only rise, so that counting those that are reached finds the first that is not, without a branch.
        let index: usize = reached
            .iter()
            .map(|&reached| usize::from(u >= reached))
            .sum();
        usize::from(self.sharing.get(index).copied().unwrap_or(self.rest))
    }
}

/// The share of an exit, with the odds ratios of the needs that a person has.
fn share(
    laws: &Laws,
    world: usize,
    exit: &Exit,
    stratum: StratumIdx,
    has: impl Fn(usize) -> bool,
) -> f64 {
    let Some(share) = exit.share else { return 0.0 };
    let modifiers = exit.modifiers.iter().filter(|(need, _)| has(*need));
    let odds = modifiers.fold(1.0, |odds, &(_, quantity)| {
        odds * laws.value(world, quantity, stratum)
    });
    on_odds(laws.value(world, share, stratum), odds)
}

//! Where people go when a stay ends: shares laid end to end, for every stratum and combination of needs that matters.

use super::laws::Laws;
use super::scope::{Scope, StratumIdx};
use super::study::Study;
use super::versions::{Versions, Worlds};
use crate::compile::{Destination, Exit, QuantityIdx, on_odds};
use crate::random::{Key, binomial_quantile};

/// The ways on from a state.
pub struct Exits {
    /// Where each exit leads, in the order of the file.
    pub ways: Vec<Way>,
    /// By exit, the number that stands for its name in an address.
    names: Vec<u64>,
    quantities: Vec<QuantityIdx>,
    /// Whether the previous convictions or the needs of a person matter in the model as it stands.
    pub is_personal: bool,
    shares: Option<Versions<Shares>>,
}

/// Where an exit leads.
#[derive(Clone, Copy)]
pub struct Way {
    /// The state; `None` when it leads out of the model.
    pub to: Option<u16>,
    /// The counter of those who take it, where a measure counts them.
    pub counter: Option<u32>,
}

/// The shares of a state's exits.
struct Shares {
    scope: Scope,
    /// By combination of needs, which of the combinations that matter it is.
    combination_of: Box<[u8; 256]>,
    n_combinations: usize,
    /// The exits that have a share, in the order of the file, and then the one that takes the rest.
    exit_of: Vec<u8>,
    /// How many have a share.
    n: usize,
    /// How many fours a row of sums is laid out in.
    n_fours: usize,
    /// `[cell][combination]`: for each exit with a share the sum of the shares so far, then what nothing reaches.
    reached: Vec<[f64; 4]>,
    /// Whether the shares of any row sum to more than one.
    exceed: bool,
}

impl Exits {
    /// The exits of a state, with no numbers yet.
    pub fn of(study: &Study, state: usize, exits: &[Exit]) -> Exits {
        let counters = &study.counters;
        let modifiers = exits.iter().flat_map(|exit| &exit.modifiers);
        let quantities = exits.iter().filter_map(|exit| exit.share);
        let mut quantities: Vec<_> = quantities.chain(modifiers.map(|m| m.1)).collect();
        quantities.sort_unstable();
        quantities.dedup();
        let way = |(index, exit): (usize, &Exit)| match exit.to {
            Destination::State(to) => Way {
                to: Some(to as u16),
                counter: counters.of_move(state, to),
            },
            Destination::Leaves => Way {
                to: None,
                counter: counters.of_exit(state, index),
            },
        };
        Exits {
            ways: exits.iter().enumerate().map(way).collect(),
            names: study.exit_names[state].clone(),
            is_personal: exits.iter().any(|exit| !exit.modifiers.is_empty())
                || quantities
                    .iter()
                    .any(|&q| study.plan.quantities[q].keys.priors),
            quantities,
            shares: None,
        }
    }

    /// Whether a quantity that has changed is among them, or none has been looked at yet.
    pub fn is_stale(&self, changed: &[bool]) -> bool {
        self.ways.len() > 1
            && (self.shares.is_none() || self.quantities.iter().any(|&quantity| changed[quantity]))
    }

    /// Takes up the numbers as they stand.
    pub fn fill(&mut self, laws: &Laws, exits: &[Exit]) {
        let scope = laws.scope(&self.quantities);
        self.shares = Some(laws.versions(&self.quantities, |world| {
            Shares::of(laws, world, exits, scope)
        }));
    }

    /// The exit that a person of an area takes at an address: one uniform against the shares, in the order of the file.
    /// There is at least one exit.
    #[inline(always)]
    pub fn choose(
        &self,
        worlds: &mut Worlds,
        (area, stratum, needs): (usize, StratumIdx, u8),
        at: impl Fn() -> Key,
    ) -> usize {
        let Some(shares) = &self.shares else { return 0 };
        let u = at().uniform();
        match shares.only() {
            Some(shares) => shares.choose(stratum, needs, u),
            None => self.choose_apart(worlds, (area, stratum, needs), u),
        }
    }

    #[inline(never)]
    fn choose_apart(
        &self,
        worlds: &mut Worlds,
        (area, stratum, needs): (usize, StratumIdx, u8),
        u: f64,
    ) -> usize {
        self.shares.as_ref().map_or(0, |shares| {
            shares.decide(worlds, area, |shares| shares.choose(stratum, needs, u))
        })
    }
}

impl Exits {
    /// The worlds in which people of an area may choose otherwise.
    pub fn differs(&self, area: usize) -> Worlds {
        self.shares
            .as_ref()
            .map_or(0, |shares| shares.differs(area))
    }

    /// Whether people of an area, sex and age (a stratum of the first priors band) take the same ways in a world
    /// whatever their previous convictions: where it is not personal, an option may have made it so for some.
    pub fn passes_strangers(&self, world: usize, first: StratumIdx, n_priors: usize) -> bool {
        let Some(shares) = &self.shares else {
            return true;
        };
        let shares = shares.of(world);
        let row = |stratum: StratumIdx| shares.row(shares.scope.cell(stratum));
        (first + 1..first + n_priors).all(|stratum| row(stratum) == row(first))
    }

    /// How many of `n` people of a stratum, about whom nothing else matters, take each way in a world: one after the
    /// other, of those who are left, by the binomial law. `take` is told each way and its number.
    pub fn split(
        &self,
        world: usize,
        stratum: StratumIdx,
        n: u64,
        address: Key,
        mut take: impl FnMut(Way, u64),
    ) {
        let Some(shares) = &self.shares else {
            return take(self.ways[0], n);
        };
        let shares = shares.of(world);
        let reached = shares.sums(shares.scope.cell(stratum));
        let total = reached.last().copied().unwrap_or(0.0).max(1.0);
        let (mut left, mut before) = (n, 0.0);
        for (index, &reached) in reached.iter().enumerate() {
            let way = usize::from(shares.exit_of[index]);
            let p = (reached - before) / (total - before).max(f64::MIN_POSITIVE);
            let taking = binomial_quantile(address.with(self.names[way]).uniform(), left, p);
            take(self.ways[way], taking);
            left -= taking;
            before = reached;
        }
        take(self.ways[usize::from(shares.exit_of[shares.n])], left);
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
        let sharing = (0..exits.len()).filter(|&index| exits[index].share.is_some());
        let sharing: Vec<usize> = sharing.collect();
        let rest = exits.iter().rposition(|exit| exit.share.is_none());
        let rest = rest.unwrap_or(exits.len().saturating_sub(1));
        let n_combinations = 1 << modifying.len();
        let n_fours = sharing.len().div_ceil(4);
        let mut reached = Vec::with_capacity(scope.n_cells() * n_combinations * n_fours);
        let mut exceed = false;
        for stratum in scope.strata() {
            for combination in 0..n_combinations {
                let has = |need| {
                    let position = modifying.iter().position(|&other| other == need);
                    position.is_some_and(|position| combination >> position & 1 == 1)
                };
                let mut sum = 0.0;
                for exits_of_four in sharing.chunks(4) {
                    let mut four = [f64::INFINITY; 4];
                    for (reached, &index) in four.iter_mut().zip(exits_of_four) {
                        sum += share(laws, world, &exits[index], stratum, has);
                        *reached = sum;
                    }
                    reached.push(four);
                }
                exceed |= sum > 1.0;
            }
        }
        let combination_of = std::array::from_fn(|needs| {
            let bit = |(position, &need): (usize, &usize)| ((needs >> need & 1) << position) as u8;
            modifying.iter().enumerate().map(bit).sum()
        });
        Shares {
            scope: scope.clone(),
            combination_of: Box::new(combination_of),
            n_combinations,
            n: sharing.len(),
            n_fours,
            exceed,
            exit_of: sharing
                .iter()
                .chain([&rest])
                .map(|&exit| exit as u8)
                .collect(),
            reached,
        }
    }

    /// The sums of a row, and what nothing reaches behind them.
    #[inline(always)]
    fn row(&self, row: usize) -> &[[f64; 4]] {
        &self.reached[row * self.n_fours..(row + 1) * self.n_fours]
    }

    /// The sums of a row.
    fn sums(&self, row: usize) -> &[f64] {
        &self.row(row).as_flattened()[..self.n]
    }

    #[inline(always)]
    fn choose(&self, stratum: StratumIdx, needs: u8, u: f64) -> usize {
        let mut row = self.scope.cell(stratum);
        if self.n_combinations > 1 {
            row = row * self.n_combinations + usize::from(self.combination_of[usize::from(needs)]);
        }
        // Drawn shares may exceed one where central ones do not; they are then scaled to one.
        let u = match self.exceed {
            true => u * self.sums(row).last().copied().unwrap_or(0.0).max(1.0),
            false => u,
        };
        // Sums only rise, so that counting those that are reached finds the first that is not, without a branch.
        let mut index = 0;
        for four in self.row(row) {
            let is_reached = |position: usize| usize::from(u >= four[position]);
            index += is_reached(0) + is_reached(1) + is_reached(2) + is_reached(3);
        }
        usize::from(self.exit_of[index])
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

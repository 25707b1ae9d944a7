//! Where people go when a stay ends: shares laid end to end, for every stratum and combination of needs that matters.

mod place;

use super::laws::Laws;
use super::person::Person;
use super::scope::{Scope, StratumIdx};
use super::study::Study;
use super::versions::{BASE, Versions, Worlds};
use super::ways::Way;
use crate::compile::{Exit, QuantityIdx, on_odds};
use crate::random::{Key, binomial_quantile};
use place::{place, place_of_two, tops};
use std::sync::Arc;

/// The ways on from a state. What everybody who goes on is read from stands first, and the rest behind it.
#[repr(C)]
pub struct Exits {
    /// The first way: that of everybody where there is no choice.
    first: Way,
    shares: Option<Versions<Shares>>,
    /// Where each exit leads, in the order of the file.
    pub ways: Vec<Way>,
    /// By exit, the number that stands for its name in an address.
    names: Vec<u64>,
    quantities: Vec<QuantityIdx>,
    /// Whether the previous convictions or the needs of a person matter in the model as it stands.
    pub is_personal: bool,
}

/// The shares of a state's exits: first, in what fits one line of the processor's cache with the owners before it, what
/// most people's choice takes.
#[repr(C)]
struct Shares {
    /// By stratum, its cell in `scope`.
    cells: Arc<[u32]>,
    /// `[cell][combination][exit with a share]`: `reached` in fours, as the highest of 2^32 whole numbers that lie below;
    /// then what nothing exceeds.
    tops: Box<[[u32; 4]]>,
    /// Where the exits lead that have a share, in the order of the file, and then the one that takes the rest.
    ways: Box<[Way]>,
    /// How many fours a row is laid out in.
    n_fours: u16,
    n_combinations: u16,
    /// Whether the shares of any row sum to more than one.
    exceed: bool,
    /// Whether there is one share, and the rest.
    is_either: bool,
    /// By combination of needs, which of the combinations that matter it is.
    combination_of: Box<[u8; 256]>,
    /// The exits of `ways`.
    exit_of: Vec<u8>,
    /// How many have a share.
    n: usize,
    /// `[cell][combination][exit with a share]`: the sum of the shares so far.
    reached: Vec<f64>,
    scope: Scope,
}

#[cfg(target_pointer_width = "64")]
const _: () = assert!(std::mem::offset_of!(Shares, combination_of) == 56);

impl Exits {
    /// The exits of a state, with no numbers yet.
    pub fn of(study: &Study, state: usize, exits: &[Exit]) -> Exits {
        let modifiers = exits.iter().flat_map(|exit| &exit.modifiers);
        let quantities = exits.iter().filter_map(|exit| exit.share);
        let mut quantities: Vec<_> = quantities.chain(modifiers.map(|m| m.1)).collect();
        quantities.sort_unstable();
        quantities.dedup();
        let ways = &study.ways[state];
        let nowhere = Way::nowhere(&study.counters);
        Exits {
            first: ways.first().copied().unwrap_or(nowhere),
            ways: ways.clone(),
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
            Shares::of(laws, world, (exits, &self.ways), scope)
        }));
    }

    /// The way that a person of a stratum takes at an address: one uniform against the shares, in the order of the file.
    #[inline(always)]
    pub fn take(&self, person: &mut Person, stratum: StratumIdx, at: Key) -> Way {
        let Some(shares) = &self.shares else {
            return self.first;
        };
        match shares.only() {
            Some(shares) => shares.ways[shares.choose(stratum, person.needs, at)],
            None => shares.of(BASE).ways[choose_apart(shares, person, stratum, at)],
        }
    }

    /// The exit of that way. There is at least one exit.
    pub fn choose(&self, person: &mut Person, stratum: StratumIdx, at: Key) -> usize {
        let Some(shares) = &self.shares else { return 0 };
        let chosen = choose_apart(shares, person, stratum, at);
        usize::from(shares.of(BASE).exit_of[chosen])
    }
}

/// The place of what is chosen among the ways, which are the same in every world.
#[inline(never)]
fn choose_apart(
    shares: &Versions<Shares>,
    person: &mut Person,
    stratum: StratumIdx,
    at: Key,
) -> usize {
    let (area, needs) = (usize::from(person.area), person.needs);
    shares.decide(&mut person.worlds, area, |shares| {
        shares.choose(stratum, needs, at)
    })
}

impl Exits {
    /// The worlds in which people of an area may choose otherwise.
    pub fn differs(&self, area: usize) -> Worlds {
        self.shares
            .as_ref()
            .map_or(0, |shares| shares.differs(area))
    }

    /// Whether people of an area, sex and age (a stratum of the first priors band) take the same ways in a world
    /// whatever their previous convictions, where they do in the model as it stands: an option may have made it so for
    /// some that they do not.
    pub fn passes_strangers(&self, world: usize, first: StratumIdx, n_priors: usize) -> bool {
        let own = self.shares.as_ref().and_then(|shares| shares.own(world));
        let Some(shares) = own else {
            return true;
        };
        let row = |stratum: StratumIdx| shares.sums(shares.scope.cell(stratum));
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
    fn of(laws: &Laws, world: usize, (exits, ways): (&[Exit], &[Way]), scope: &Scope) -> Shares {
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
        let mut reached = Vec::with_capacity(scope.n_cells() * n_combinations * sharing.len());
        let mut exceed = false;
        for stratum in scope.strata() {
            for combination in 0..n_combinations {
                let has = |need| {
                    let position = modifying.iter().position(|&other| other == need);
                    position.is_some_and(|position| combination >> position & 1 == 1)
                };
                let mut sum = 0.0;
                for &index in &sharing {
                    sum += share(laws, world, &exits[index], stratum, has);
                    reached.push(sum);
                }
                exceed |= sum > 1.0;
            }
        }
        let rows = reached.chunks(sharing.len().max(1));
        let combination_of = std::array::from_fn(|needs| {
            let bit = |(position, &need): (usize, &usize)| ((needs >> need & 1) << position) as u8;
            modifying.iter().enumerate().map(bit).sum()
        });
        let exit_of: Vec<u8> = sharing.iter().chain([&rest]).map(|&e| e as u8).collect();
        let leading = exit_of.iter().map(|&exit| ways[usize::from(exit)]);
        Shares {
            cells: scope.cells(),
            tops: rows.flat_map(tops).collect(),
            ways: leading.collect(),
            n_fours: sharing.len().div_ceil(4) as u16,
            n_combinations: n_combinations as u16,
            exceed,
            is_either: sharing.len() == 1,
            combination_of: Box::new(combination_of),
            exit_of,
            n: sharing.len(),
            reached,
            scope: scope.clone(),
        }
    }

    /// The sums of a row.
    fn sums(&self, row: usize) -> &[f64] {
        &self.reached[row * self.n..(row + 1) * self.n]
    }

    /// The place of what is chosen among the ways.
    #[inline(always)]
    fn choose(&self, stratum: StratumIdx, needs: u8, at: Key) -> usize {
        let mut row = self.cells[stratum] as usize;
        if self.n_combinations > 1 {
            let combination = self.combination_of[usize::from(needs)];
            row = row * usize::from(self.n_combinations) + usize::from(combination);
        }
        // The first half of the bits decides, unless it is the top itself.
        let half = (at.bits() >> 32) as u32;
        let place = match self.is_either {
            true => place_of_two(self.tops[row][0], half),
            false => {
                let from = row * usize::from(self.n_fours);
                place(&self.tops[from..from + usize::from(self.n_fours)], half)
            }
        };
        match place {
            Some(place) if !self.exceed => place,
            _ => self.count_reached(row, at.uniform()),
        }
    }

    #[cold]
    fn count_reached(&self, row: usize, u: f64) -> usize {
        let reached = self.sums(row);
        // Drawn shares may exceed one where central ones do not; they are then scaled to one.
        let u = u * reached.last().copied().unwrap_or(0.0).max(1.0);
        reached.iter().filter(|&&reached| u >= reached).count()
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

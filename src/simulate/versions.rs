//! What differs between options: sets of worlds, and tables that worlds share until they differ.

/// A set of worlds, a bit for each option lived in the pass.
pub type Worlds = u64;

/// As many options as one pass holds; more are lived in several passes.
pub const MOST_WORLDS: usize = 63;

/// The world without any change: it has no version of its own of anything, and nobody lives in it.
pub const BASE: usize = MOST_WORLDS;

/// The first `n` worlds.
pub fn all(n: usize) -> Worlds {
    (1 << n) - 1
}

/// The worlds of a set, in order.
pub fn each(mut worlds: Worlds) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let world = worlds.trailing_zeros() as usize;
        (worlds != 0).then(|| {
            worlds &= worlds - 1;
            world
        })
    })
}

/// Something that every world has, kept once for all worlds in which it is the same as without changes.
#[derive(Debug, Clone, Default)]
#[repr(C)]
pub struct Versions<T> {
    owners: Worlds,
    base: T,
    own: Vec<T>,
    differs: Vec<Worlds>,
}

impl<T> Versions<T> {
    /// The version without changes, the versions of the worlds that have their own (in the order of the worlds), and
    /// by area the worlds whose version differs there.
    pub fn new(base: T, own: Vec<(usize, T)>, differs: Vec<Worlds>) -> Versions<T> {
        Versions {
            base,
            owners: own.iter().fold(0, |owners, (world, _)| owners | 1 << world),
            own: own.into_iter().map(|(_, version)| version).collect(),
            differs,
        }
    }

    /// The version of a world.
    #[inline]
    pub fn of(&self, world: usize) -> &T {
        self.own(world).unwrap_or(&self.base)
    }

    /// The version of a world that has its own.
    #[inline]
    pub fn own(&self, world: usize) -> Option<&T> {
        if self.owners >> world & 1 == 0 {
            return None;
        }
        let before = self.owners & ((1 << world) - 1);
        Some(&self.own[before.count_ones() as usize])
    }

    /// The version of every world, where no world has its own.
    #[inline(always)]
    pub fn only(&self) -> Option<&T> {
        (self.owners == 0).then_some(&self.base)
    }

    /// What a person of an area decides on by the version; see [`agreed`].
    #[inline(always)]
    pub fn decide<R: PartialEq>(
        &self,
        worlds: &mut Worlds,
        area: usize,
        outcome: impl Fn(&T) -> R,
    ) -> R {
        if self.owners == 0 {
            return outcome(&self.base);
        }
        self.decide_apart(worlds, area, &outcome)
    }

    /// Out of line, because most things are the same in all worlds.
    #[inline(never)]
    fn decide_apart<R: PartialEq>(
        &self,
        worlds: &mut Worlds,
        area: usize,
        outcome: &impl Fn(&T) -> R,
    ) -> R {
        agreed(worlds, self.differs[area], |world| outcome(self.of(world)))
    }

    /// Every version.
    pub fn each(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.base).chain(&self.own)
    }

    /// The worlds with a version of their own.
    pub fn owners(&self) -> Worlds {
        self.owners
    }

    /// The worlds whose version differs for people of an area.
    #[inline]
    pub fn differs(&self, area: usize) -> Worlds {
        self.differs[area]
    }
}

/// What the worlds of a person decide together: the outcome of the first of them. Worlds whose outcome is another are
/// taken out of the set, to be lived again by themselves; only those in `differs` can have another.
#[inline(always)]
pub fn agreed<T: PartialEq>(
    worlds: &mut Worlds,
    differs: Worlds,
    outcome: impl Fn(usize) -> T,
) -> T {
    let first = worlds.trailing_zeros() as usize;
    let decided = outcome(first);
    if *worlds & differs != 0 && *worlds & (*worlds - 1) != 0 {
        part(worlds, differs, first, &decided, outcome);
    }
    decided
}

#[cold]
fn part<T: PartialEq>(
    worlds: &mut Worlds,
    differs: Worlds,
    first: usize,
    decided: &T,
    outcome: impl Fn(usize) -> T,
) {
    let alike = *worlds & !differs;
    for world in each(*worlds & differs & !(1 << first)) {
        if outcome(world) != *decided {
            *worlds &= !(1 << world);
        }
    }
    if alike != 0
        && differs >> first & 1 == 1
        && outcome(alike.trailing_zeros() as usize) != *decided
    {
        *worlds &= differs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_that_decide_otherwise_are_parted_and_nobody_else() {
        let outcomes = [3, 3, 5, 3, 5];
        for differs in [0b10100, 0b11111, 0b01011, 0b11110] {
            let mut worlds = all(5);
            assert_eq!(agreed(&mut worlds, differs, |world| outcomes[world]), 3);
            assert_eq!(worlds, 0b01011, "{differs:b}");
        }
        let mut one = 0b100;
        assert_eq!(agreed(&mut one, 0b11111, |world| outcomes[world]), 5);
        assert_eq!(one, 0b100);
    }

    #[test]
    fn a_world_without_a_version_of_its_own_has_the_base() {
        let versions = Versions::new(0, vec![(1, 10), (62, 620)], vec![1 << 1 | 1 << 62]);
        let found: Vec<i32> = [0, 1, 2, 62, BASE]
            .map(|world| *versions.of(world))
            .to_vec();
        assert_eq!(found, [0, 10, 0, 620, 0]);
        assert_eq!(each(versions.differs(0)).collect::<Vec<_>>(), [1, 62]);
        assert_eq!(all(MOST_WORLDS).count_ones(), 63);
    }
}

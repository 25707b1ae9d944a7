//! What stays as it was in some worlds, and is no quantity: the population and the walks of the inflows.

use super::versions::Worlds;
use crate::compile::{Change, Target};
use crate::quantity::Month;

/// By world, the month at which something is held now, if it is.
#[derive(Debug, Clone, Default)]
pub struct Held {
    at: Vec<Option<Month>>,
    /// The worlds in which it is held.
    pub worlds: Worlds,
}

impl Held {
    /// What the changes of each world hold in a month.
    pub fn of<'a>(
        target: Target,
        worlds: impl Iterator<Item = &'a [Change]>,
        month: Month,
    ) -> Held {
        let at: Vec<Option<Month>> = worlds.map(|c| held_at(c, target, month)).collect();
        let held = at.iter().enumerate();
        Held {
            worlds: held.fold(0, |worlds, (world, at)| {
                worlds | Worlds::from(at.is_some()) << world
            }),
            at,
        }
    }

    /// The month whose value holds in a world in this month.
    #[inline]
    pub fn month(&self, world: usize, month: Month) -> Month {
        let at = self.at.get(world).copied().flatten();
        at.unwrap_or(month)
    }
}

/// The month at which changes hold a target that is no quantity, if they do so in this month.
pub fn held_at(changes: &[Change], target: Target, month: Month) -> Option<Month> {
    let begun = changes.iter().filter(|change| change.from <= month);
    begun.filter_map(|change| change.held_at(target)).next()
}

//! Which differences of cost are rounding, and nobody's reason to leave.

/// Of the numbers that are compared: a difference this small is rounding.
const SMALL: f64 = 1e-9;

/// Of the largest cost of a game: what sums over all its groups may lose.
const LOST: f64 = 1e-14;

/// What is rounding where costs are compared: a little of the numbers that are set against each other, and what sums
/// may have lost in which the largest cost of all took part. A large cost elsewhere in the table hides no difference
/// between small ones.
#[derive(Debug, Clone, Copy)]
pub struct Rounding {
    lost: f64,
}

impl Rounding {
    /// In a game of these costs.
    pub fn of(costs: impl Iterator<Item = f64>) -> Rounding {
        let size = costs.fold(0.0, |most: f64, cost| most.max(cost.abs()));
        Rounding { lost: LOST * size }
    }

    /// The same, where so much may have been lost in another way.
    pub(super) fn or(self, lost: f64) -> Rounding {
        Rounding {
            lost: self.lost.max(lost),
        }
    }

    /// Between these numbers a difference of no more than this is none.
    pub fn between<const N: usize>(self, numbers: [f64; N]) -> f64 {
        let largest = numbers.iter().fold(0.0, |most: f64, n| most.max(n.abs()));
        SMALL * largest + self.lost
    }
}

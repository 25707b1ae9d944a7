//! How precisely people and chances are held.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Sub, SubAssign};

/// A number of people or a chance. Whatever is counted is summed in double precision, whichever this is.
pub(super) trait Number:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + SubAssign
    + Mul<Output = Self>
    + MulAssign
    + Div<Output = Self>
    + DivAssign
{
    /// The nearest to it.
    fn of(exact: f64) -> Self;

    /// The same in double precision.
    fn exact(self) -> f64;

    /// What rounding has made less than nothing is nothing.
    fn or_nought(self) -> Self {
        if self > Self::default() {
            self
        } else {
            Self::default()
        }
    }
}

impl Number for f64 {
    #[inline]
    fn of(exact: f64) -> f64 {
        exact
    }

    #[inline]
    fn exact(self) -> f64 {
        self
    }
}

/// Half the memory, of which this is mostly made, for an error of one in ten million.
impl Number for f32 {
    #[inline]
    fn of(exact: f64) -> f32 {
        exact as f32
    }

    #[inline]
    fn exact(self) -> f64 {
        f64::from(self)
    }
}

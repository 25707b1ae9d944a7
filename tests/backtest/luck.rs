//! Luck in order, for series that are made up.

use needscast::random::{Key, normal_quantile, poisson_quantile};

/// Numbers one after the other, the same for the same address.
pub struct Luck(Key, u64);

impl Luck {
    /// At an address.
    pub fn new(key: Key) -> Luck {
        Luck(key, 0)
    }

    /// From 0 to 1.
    pub fn uniform(&mut self) -> f64 {
        self.1 += 1;
        self.0.with(self.1).uniform()
    }

    /// Standard normal.
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Poisson.
    pub fn count(&mut self, mean: f64) -> f64 {
        poisson_quantile(self.uniform(), mean) as f64
    }
}

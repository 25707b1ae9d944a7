//! Services.

use super::{QuantityIdx, Stay};

/// A service.
#[derive(Debug, Clone)]
pub struct Service {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// The need it meets.
    pub need: usize,
    /// By state: whether entering it may refer.
    pub refers_on: Vec<bool>,
    /// By state: whether people may wait and be supported there.
    pub stays_in: Vec<bool>,
    /// Share of those with the need who join.
    pub uptake: QuantityIdx,
    /// Mean steps in the queue before giving up.
    pub patience: QuantityIdx,
    /// How long support lasts.
    pub support: Stay,
    /// Share who complete.
    pub completion: QuantityIdx,
    /// Chance that completion meets the need.
    pub meets_need: QuantityIdx,
    /// Hazard ratio on the clock.
    pub hazard_ratio: QuantityIdx,
    /// Steps after completion for which the hazard ratio holds.
    pub effect_after: QuantityIdx,
    /// Places, by area.
    pub places: QuantityIdx,
    /// Whether needs that it meets are discounted at the rate of health.
    pub is_health: bool,
}

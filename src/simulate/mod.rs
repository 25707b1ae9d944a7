//! A draw, with all its options, to a trajectory.

mod layout;

pub(crate) use layout::SERVICE_MEASURES;
pub use layout::{Layout, Series};

/// What happened in one draw: values laid out as [`Layout`] says.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The values.
    pub values: Vec<f32>,
}

/// Every trajectory of a run: row 0 (central parameters) first, then the draws.
#[derive(Debug, Clone)]
pub struct Trajectories {
    /// Where each value stands.
    pub layout: Layout,
    /// One a row of the draws.
    pub rows: Vec<Trajectory>,
}

//! Documents to Plan: everything that can be wrong is found here, in one pass. Pure.

mod plan;

pub use plan::*;

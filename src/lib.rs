//! needscast
pub mod appraise;
pub mod compile;
pub mod diagnostic;
pub mod draw;
pub mod quantity;
pub mod simulate;
pub mod summarise;

//! needscast
pub mod compile;
pub mod diagnostic;
pub mod document;
pub mod draw;
pub mod quantity;
pub mod random;
pub mod simulate;

//! The page of the manual behind each code.

/// Every code, in order.
pub const CODES: &[&str] = &[];

/// The explanation of a code.
pub fn explain(_code: &str) -> Option<&'static str> {
    None
}

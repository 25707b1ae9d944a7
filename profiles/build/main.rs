//! Writes the Scottish profiles from a folder of published tables.
fn main() {}

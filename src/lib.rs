//! needscast

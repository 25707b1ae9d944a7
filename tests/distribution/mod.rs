//! Whole laws, not means: what the people engine gives, in models small enough that the exact law can be worked out.

mod clock;
mod counts;
mod exact;
mod hazards;
mod inflow;
mod queue;
mod stays;
mod together;

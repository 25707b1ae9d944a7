//! One harness: the modules in reading order.

mod support;
mod tidy;

mod appraisal;
mod laws;
mod report;
mod tiny;

//! One harness: the modules in reading order.

mod tidy;

mod tiny;

mod diagnostics;

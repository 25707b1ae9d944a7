//! One harness: the modules in reading order.

// A test that cannot go on should say so at once.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;
mod textbook;
mod tidy;

mod distribution;

mod agreement;
mod appraisal;
mod elsewhere;
mod expected;
mod fit;
mod flows;
mod laws;
mod measures;
mod metamorphic;
mod money;
mod replay;
mod report;
mod season;

mod backtest;
mod benchmark;
mod books;
mod browser;
mod calibration;
mod certain;
mod command;
mod tiny;
mod walks;
mod ways;
mod workbook;
mod worlds;

mod diagnostics;
mod drivers;
mod duties;
mod gap;
mod optimise;
mod shards;
mod share;
mod shipped;

mod compare;
mod disclosure;
mod explain;

//! Arguments to command to exit code; everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use needscast::command::{Arguments, run};

fn main() -> ExitCode {
    run(&Arguments::parse())
}

//! The command line: one file per verb. Data goes to stdout, words to stderr; the only room that reads the clock.

mod answer;
mod appraise;
mod areas;
mod backtest;
mod benchmark;
mod calibrate;
mod check;
mod clock;
mod compare;
mod completions;
mod estimate;
mod explain;
mod init;
mod limits;
mod living;
mod machine;
mod merge;
mod optimise;
mod prepared;
mod progress;
mod results;
mod run;
mod running;
mod schema;
mod shard;
mod share;
mod share_scenario;
mod sweep;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostic::{self, Diagnostic};
use crate::report::WriteError;

/// Forecasts what people in the Scottish justice system will need from local services, and compares ways of
/// commissioning them.
#[derive(Debug, Parser)]
#[command(name = "needscast", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 the input is at fault; 2 usage; 3 the machine is at fault."
)]
pub struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run a scenario and write its tables and report
    Run(run::RunArguments),
    /// Merge the shards of a run into its report
    Merge(merge::MergeArguments),
    /// Run one scenario in many cases, a grid or a list, as one job
    Sweep(sweep::SweepArguments),
    /// Appraise options from a table of draws, or of scores, made elsewhere
    Appraise(Box<appraise::AppraiseArguments>),
    /// Say who gains from a joint service and share its cost fairly: simulated, or from a table made elsewhere
    Share(Box<share::ShareArguments>),
    /// Choose places for each service that give the most of an outcome within a budget
    Optimise(optimise::OptimiseArguments),
    /// Write a scenario and a filled-in workbook of an area, to begin with
    Init(init::InitArguments),
    /// Say what changed between two runs, in what went in and in the answers, and how the earlier forecast stands beside
    /// what has been recorded since
    Compare(compare::CompareArguments),
    /// List the areas that a scenario may name, as CSV
    Areas {
        /// The profile whose areas are meant
        #[arg(long, default_value = "scotland")]
        profile: String,
    },
    /// Read a scenario and say everything that is wrong with it, without running it
    Check(check::CheckArguments),
    /// Fit the model's yearly multipliers to what was published, and write them to their tables
    Calibrate(calibrate::CalibrateArguments),
    /// Forecast the past of a table of figures from every moment of it, and score the forecasts against what came
    Backtest(backtest::BacktestArguments),
    /// Measure skill and speed on a fixed suite, add a line to its history, and say what changed
    Benchmark(benchmark::BenchmarkArguments),
    /// Write JSON Schemas, with which editors complete and check the TOML files
    Schema(schema::SchemaArguments),
    /// Write what a shell needs to complete this program's arguments
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Write the manual pages: one for the program, one for each verb
    Man {
        /// The folder to write the pages into; the program's own page is printed when not said
        #[arg(long)]
        out: Option<std::path::PathBuf>,
    },
    /// Explain the code of a fault, a parameter of a model, or a measure of the results
    Explain(explain::ExplainArguments),
}

/// Does what was asked and says how it went.
pub fn run(arguments: &Arguments) -> ExitCode {
    let done = match &arguments.verb {
        Verb::Run(arguments) => run::run(arguments),
        Verb::Merge(arguments) => merge::run(arguments),
        Verb::Sweep(arguments) => sweep::run(arguments),
        Verb::Appraise(arguments) => appraise::run(arguments),
        Verb::Share(arguments) => share::run(arguments),
        Verb::Optimise(arguments) => optimise::run(arguments),
        Verb::Init(arguments) => init::run(arguments),
        Verb::Compare(arguments) => compare::run(arguments),
        Verb::Areas { profile } => areas::areas(profile),
        Verb::Check(arguments) => check::check(arguments),
        Verb::Calibrate(arguments) => calibrate::run(arguments),
        Verb::Backtest(arguments) => backtest::run(arguments),
        Verb::Benchmark(arguments) => benchmark::run(arguments),
        Verb::Schema(arguments) => schema::schema(arguments),
        Verb::Completions { shell } => completions::completions(*shell),
        Verb::Man { out } => completions::man(out.as_deref()),
        Verb::Explain(arguments) => explain::run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Input(words)) => {
            tell(words.trim_end());
            ExitCode::from(1)
        }
        Err(Failure::Machine(words)) => {
            tell(&format!("error: {words}"));
            ExitCode::from(3)
        }
    }
}

/// Whose fault it is, and what to say.
enum Failure {
    /// What was given cannot be used.
    Input(String),
    /// What was given is sound, but the machine could not do it.
    Machine(String),
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(faults: Vec<Diagnostic>) -> Failure {
        Failure::Input(diagnostic::render(&faults))
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Failure {
        match error {
            WriteError::Foreign(_) | WriteError::InUse(_) => {
                Failure::Input(format!("error: {error}"))
            }
            WriteError::Io(..) | WriteError::Page(_) => Failure::Machine(error.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Machine(format!("cannot write to standard output: {error}"))
    }
}

/// Writes words to stderr; a reader that has gone away, such as `head`, is no failure and never a panic.
fn tell(words: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// Writes data to stdout; a reader that has gone away, such as `head`, is no failure.
fn say(data: &str) -> Result<(), Failure> {
    use std::io::{ErrorKind, Write};
    match std::io::stdout().write_all(data.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

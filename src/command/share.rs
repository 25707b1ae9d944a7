//! `needscast share`: fair shares of the cost of a joint service, simulated or from a table made elsewhere.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::answer::{Answer, Format, deliver};
use super::run::{MOST_DRAWS, MOST_THREADS, command_line, threads};
use super::share_scenario::{Asked, share_scenario};
use crate::appraise::sharing::{Unsolved, share};
use crate::compile;
use crate::document;
use crate::report::{JointReport, SharingReport, reserved_names};

/// Which question or tables, and how the answer is given.
#[derive(Debug, Args)]
pub struct ShareArguments {
    /// The scenario file, whose joint service every group of its partners is simulated with
    #[arg(required_unless_present = "from", conflicts_with_all = ["from", "weights"])]
    scenario: Option<PathBuf>,
    /// What every group of partners would cost by itself, with the columns members (names joined by +) and cost
    #[arg(long, value_name = "CSV")]
    from: Option<PathBuf>,
    /// Weights by which cost may be shared in proportion, with the column partner and one for each weight
    #[arg(long, value_name = "CSV", requires = "from")]
    weights: Option<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also write tables to this folder, and for a scenario a page; an earlier report there is replaced
    /// [default: out/SCENARIO-share for a scenario]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// How many draws, instead of the scenario's; 0 runs the central values alone
    #[arg(long, conflicts_with = "from", value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    draws: Option<u64>,
    /// Where every random number begins, instead of the scenario's
    #[arg(long, conflicts_with = "from", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How many threads to use; changes no number [default: one for each core]
    #[arg(long, conflicts_with = "from", value_parser = clap::value_parser!(u64).range(1..=MOST_THREADS))]
    threads: Option<u64>,
    /// In how many of the draws to ask what would change the verdict (travel, scale, demand); 0 leaves it out
    /// [default: a fifth of them, from 10 to 40]
    #[arg(long, value_name = "DRAWS", conflicts_with = "from", value_parser = clap::value_parser!(u64).range(..=MOST_DRAWS))]
    switching: Option<u64>,
}

pub(super) fn run(arguments: &ShareArguments) -> Result<(), Failure> {
    match (&arguments.scenario, &arguments.from) {
        (Some(scenario), _) => simulated(arguments, scenario),
        (None, Some(from)) => elsewhere(arguments, from),
        (None, None) => Err(Failure::Input("error: nothing to share".to_owned())),
    }
}

fn simulated(arguments: &ShareArguments, scenario: &Path) -> Result<(), Failure> {
    let usual = || {
        let stem = scenario.file_stem().unwrap_or(scenario.as_os_str());
        Path::new("out").join(format!("{}-share", stem.to_string_lossy()))
    };
    let folder = arguments.out.clone().unwrap_or_else(usual);
    let pool = threads(arguments.threads.unwrap_or(0) as usize)?;
    deliver(Some(&folder), arguments.format, || {
        let asked = Asked {
            draws: arguments.draws,
            seed: arguments.seed,
            switching: arguments.switching,
        };
        let found = pool.install(|| share_scenario(scenario, &asked))?;
        let inputs = found.inputs.iter();
        let inputs: Vec<(String, String)> = inputs
            .map(|input| (input.name.clone(), input.sha256.clone()))
            .collect();
        let report = JointReport {
            plan: &found.plan,
            joint: &found.joint,
            command_line: &command_line(),
            inputs: &inputs,
        };
        let mut tables = report.files();
        tables.push(("share.html", report.html()?.into_bytes()));
        Ok(Answer {
            text: report.text(),
            json: report.json(),
            tables,
            inputs: found.inputs,
        })
    })
}

fn elsewhere(arguments: &ShareArguments, from: &Path) -> Result<(), Failure> {
    deliver(arguments.out.as_deref(), arguments.format, || {
        let tables = document::coalitions(from, arguments.weights.as_deref())?;
        let game = compile::coalitions(&tables, &reserved_names())?;
        let sharing = share(&game)?;
        let report = SharingReport(&sharing);
        Ok(Answer {
            text: report.text(),
            json: report.json(),
            tables: report.tables(),
            inputs: tables.inputs,
        })
    })
}

impl From<Unsolved> for Failure {
    fn from(error: Unsolved) -> Failure {
        Failure::Machine(error.to_string())
    }
}

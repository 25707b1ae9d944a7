//! `needscast compare`: what changed between two runs, in what went in and in what came out.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use super::answer::{Answer, Format, deliver};
use crate::document::{ResultFolder, read_results};
use crate::report::RunsReport;
use crate::summarise::changes;

/// Which runs, and how the answer is given.
#[derive(Debug, Args)]
pub struct CompareArguments {
    /// The folder of the earlier run
    a: PathBuf,
    /// The folder of the later run
    b: PathBuf,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also write compare.html, compare.csv, inputs_changed.csv and track.csv to this folder; an earlier report there is replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &CompareArguments) -> Result<(), Failure> {
    let (a, b) = (&arguments.a, &arguments.b);
    if let Some(out) = &arguments.out
        && [a, b].into_iter().any(|run| is_one(run, out))
    {
        return Err(Failure::Input(format!(
            "error: `{}` is one of the runs that are compared\n  hint: name another folder with --out",
            out.display()
        )));
    }
    deliver(arguments.out.as_deref(), arguments.format, || {
        let (a, b) = both(a, b)?;
        let changes = changes(&a, &b)?;
        let report = RunsReport {
            a: &a,
            b: &b,
            changes: &changes,
        };
        let page = report
            .page()
            .map_err(|error| Failure::Machine(format!("the page could not be made: {error}")))?;
        let mut tables = report.tables();
        tables.push(("compare.html", page.into_bytes()));
        Ok(Answer {
            text: report.text(),
            json: report.json(),
            tables,
            inputs: a.inputs.iter().chain(&b.inputs).cloned().collect(),
        })
    })
}

/// Both runs, or the faults of both.
fn both(a: &Path, b: &Path) -> Result<(ResultFolder, ResultFolder), Failure> {
    match (read_results(a), read_results(b)) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (a, b) => {
            let faults = [a.err(), b.err()].into_iter().flatten().flatten();
            Err(faults.collect::<Vec<_>>().into())
        }
    }
}

fn is_one(run: &Path, out: &Path) -> bool {
    let found = [run, out].map(|path| path.canonicalize().ok());
    found[0].is_some() && found[0] == found[1]
}

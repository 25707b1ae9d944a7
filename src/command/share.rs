//! `needscast share --from`: fair shares of cost from a table of coalitions made elsewhere.

use std::path::PathBuf;

use clap::Args;

use super::Failure;
use super::answer::{Answer, Format, deliver};
use crate::appraise::sharing::{Unsolved, share};
use crate::compile;
use crate::document;
use crate::report::{SharingReport, reserved_names};

/// Which tables, and how the answer is given.
#[derive(Debug, Args)]
pub struct ShareArguments {
    /// What every group of partners would cost by itself, with the columns members (names joined by +) and cost
    #[arg(long, value_name = "CSV")]
    from: PathBuf,
    /// Weights by which cost may be shared in proportion, with the column partner and one for each weight
    #[arg(long, value_name = "CSV")]
    weights: Option<PathBuf>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also write tables to this folder; an earlier report there is replaced
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &ShareArguments) -> Result<(), Failure> {
    deliver(arguments.out.as_deref(), arguments.format, || {
        let tables = document::coalitions(&arguments.from, arguments.weights.as_deref())?;
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

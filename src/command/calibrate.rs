//! `needscast calibrate`: the hindcast brought to what was published, and the fitted values written to their tables.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::{Failure, tell};
use crate::calibrate::{Ahead, Effort, ahead, calibrate};
use crate::compile::Plan;
use crate::report;

/// What to calibrate, and how long.
#[derive(Debug, Args)]
pub struct CalibrateArguments {
    /// The scenario, which must cover every area that has a recorded figure
    #[arg(default_value = "scenarios/scotland.toml")]
    scenario: PathBuf,
    /// How often the multipliers are scaled; 0 leaves the fitted years as they are and forecasts the later ones anew
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// How many runs each round averages
    #[arg(long, default_value_t = 4)]
    replicates: usize,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(arguments: &CalibrateArguments) -> Result<(), Failure> {
    let (_, plan) = super::run::sound(&arguments.scenario)?;
    if plan.fittings.is_empty() {
        return Err(Failure::Input(
            "error: the model's outcomes.toml names nothing to fit".to_owned(),
        ));
    }
    let effort = Effort {
        rounds: arguments.rounds,
        replicates: arguments.replicates.max(1),
    };
    let fitted = calibrate(&plan, effort, &|round, distance| {
        tell(&format!(
            "round {round} of {}: the worst national figure is {:.1}% off",
            effort.rounds,
            distance * 100.0
        ));
    });
    let mut files: BTreeMap<PathBuf, BTreeMap<usize, f64>> = BTreeMap::new();
    for (cell, value) in &fitted.values {
        let place = &plan.cells[*cell].evidence.place;
        if let Some((file, line)) = place.rsplit_once(':')
            && let Ok(line) = line.parse()
        {
            files
                .entry(PathBuf::from(file))
                .or_default()
                .insert(line, *value);
        }
    }
    for (path, values) in &files {
        if !path.is_file() {
            let words = format!(
                "error: the model was read from the copy inside the program, so `{}` cannot be written; \
                 run this where the model's folder is",
                path.display()
            );
            return Err(Failure::Input(words));
        }
        tell(&format!("{} values of {}", values.len(), path.display()));
        if !arguments.dry_run {
            report::rewrite_values(path, values)?;
        }
    }
    let later = ahead(&plan, &fitted.values);
    for (path, rows) in by_table(&plan, &later) {
        tell(&format!(
            "{} later values of {}",
            rows.len(),
            path.display()
        ));
        if !arguments.dry_run {
            report::replace_later(&path, &rows)?;
        }
    }
    Ok(())
}

/// Later values by the table of the row they follow, with the line of that row.
fn by_table<'a>(plan: &Plan, later: &'a [Ahead]) -> BTreeMap<PathBuf, Vec<(usize, &'a Ahead)>> {
    let mut tables: BTreeMap<PathBuf, Vec<(usize, &Ahead)>> = BTreeMap::new();
    for row in later {
        let place = &plan.cells[row.like].evidence.place;
        if let Some((file, line)) = place.rsplit_once(':')
            && let Ok(line) = line.parse()
        {
            let table = tables.entry(PathBuf::from(file)).or_default();
            table.push((line, row));
        }
    }
    tables
}

//! `needscast calibrate`: the hindcast brought to what was published, and the fitted values written to their tables, or to
//! a table of their own with a page of charts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;

use super::clock::Stopwatch;
use super::progress::Progress;
use super::{Failure, say, tell};
use crate::calibrate::{
    Ahead, Effort, Fitted, Learned, Learnt, ahead, calibrate, carry_inflows, carry_on, dispersions,
    inflow_records, learn, move_to,
};
use crate::compile::Plan;
use crate::document::Documents;
use crate::draw::draw;
use crate::quantity::FinancialYear;
use crate::report::{self, CalibrationRun, Engine, Manifest};
use crate::simulate::simulate;
use crate::summarise::{Fit, fit};

/// What to calibrate, and how long.
#[derive(Debug, Args)]
pub struct CalibrateArguments {
    /// The scenario, which must cover every area that has a recorded figure
    #[arg(default_value = "scenarios/scotland.toml")]
    scenario: PathBuf,
    /// A folder for the fitted numbers, what they rest on and a page of charts; the model's own tables are then left as
    /// they are, and a scenario reads the new one with `parameters = "DIR/fitted.csv"`
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// How often the multipliers are scaled; 0 leaves the fitted years as they are and forecasts the later ones anew
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// How many runs each round averages
    #[arg(long, default_value_t = 4)]
    replicates: usize,
    /// With --out: from how many draws of the recorded years to learn numbers that nobody publishes; 0 leaves them
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u64).range(..=crate::compile::MOST_DRAWS as u64))]
    draws: u64,
    /// Say what would be written, and write nothing
    #[arg(long, conflicts_with = "out")]
    dry_run: bool,
}

pub(super) fn run(arguments: &CalibrateArguments) -> Result<(), Failure> {
    let stopwatch = Stopwatch::start();
    let (documents, plan) = super::run::sound(&arguments.scenario)?;
    if plan.fittings.is_empty() {
        return Err(Failure::Input(
            "error: the model's outcomes.toml names nothing to fit".to_owned(),
        ));
    }
    if let Some(table) = &documents.scenario.parameters {
        let words = format!(
            "error: the scenario takes parameters from `{}`; what was fitted once would count twice\n\
             hint: calibrate from the model's own numbers: take `parameters` out of the scenario",
            table.value
        );
        return Err(Failure::Input(words));
    }
    if let Some(words) = lacking(&documents, &plan) {
        return Err(Failure::Input(words));
    }
    if let Some(folder) = &arguments.out {
        report::check(folder)?;
    }
    let effort = Effort {
        rounds: arguments.rounds,
        replicates: arguments.replicates.max(1),
    };
    let fitted = fit_multipliers(&plan, effort);
    match &arguments.out {
        Some(folder) => write_apart(arguments, (&documents, &plan), fitted, (folder, &stopwatch)),
        None => write_in_place(&plan, &fitted, arguments.dry_run),
    }
}

/// What is said of a scenario that leaves areas out: figures of a country cannot be met by the people of a part of it,
/// and the multiplier of a lone council has nothing to be set against.
fn lacking(documents: &Documents, plan: &Plan) -> Option<String> {
    let fitted: BTreeSet<&str> = plan.fittings.iter().map(|f| f.measure.as_str()).collect();
    let areas = plan.areas.iter().chain([&plan.total]);
    let there: BTreeSet<&str> = areas.map(|area| area.code.as_str()).collect();
    let recorded = documents.recorded.iter();
    let recorded = recorded.filter(|row| fitted.contains(row.measure.as_str()));
    let recorded: BTreeSet<&str> = recorded.map(|row| row.area.as_str()).collect();
    let lacks = |area: &&crate::document::AreaRow| {
        recorded.contains(area.code.as_str()) && !there.contains(area.code.as_str())
    };
    let first = documents.areas.iter().find(lacks)?;
    Some(format!(
        "error: the scenario leaves out areas that have a recorded figure, such as {}\n\
         hint: calibrate from a scenario with `areas = \"all\"`, such as scenarios/scotland.toml; any other scenario of \
         the same model reads the table that comes of it",
        first.name
    ))
}

fn fit_multipliers(plan: &Plan, effort: Effort) -> Fitted {
    calibrate(plan, effort, &|round, distance| {
        tell(&format!(
            "round {round} of {}: the worst national figure is {:.1}% off",
            effort.rounds,
            distance * 100.0
        ));
    })
}

/// In how many draws the fit is shown.
const DRAWS_OF_FIT: usize = 40;

/// Learns what the record says of other numbers, and writes everything into a folder of its own.
fn write_apart(
    arguments: &CalibrateArguments,
    (documents, plan): (&Documents, &Plan),
    mut fitted: Fitted,
    (folder, stopwatch): (&Path, &Stopwatch),
) -> Result<(), Failure> {
    let mut before = plan.clone();
    for (&cell, &value) in &fitted.values {
        move_to(&mut before.cells[cell], value);
    }
    let n_draws = arguments.draws as usize;
    let progress = Progress::start(n_draws + DRAWS_OF_FIT + 1, "draws");
    let learned = match n_draws {
        0 => Learned::default(),
        n => learn(&before, n, &|| progress.step()),
    };
    let mut after = learned.carried_by(&before);
    let dispersions = dispersions(&before);
    let inflows = inflow_records(&before, &dispersions);
    carry_inflows(&inflows, &mut after);
    fit_again(&mut after, &learned, arguments, &mut fitted);
    let later = ahead(&after, &BTreeMap::new());
    carry_on(&mut after, &later);
    let fit = fit_of(&after, &|| progress.step());
    progress.finish();
    let inputs = documents.inputs.iter();
    let manifest = Manifest {
        inputs: inputs
            .map(|input| (input.name.clone(), input.sha256.clone()))
            .collect(),
        engine: Engine::People,
        threads: rayon::current_num_threads(),
        command_line: super::run::command_line(),
        started: stopwatch.started(),
        seconds: stopwatch.seconds(),
        question: None,
    };
    let run = CalibrationRun {
        written: plan,
        before: &before,
        after: &after,
        learned: &learned,
        dispersions: &dispersions,
        inflows: &inflows,
        fit: &fit,
        n_draws: DRAWS_OF_FIT,
        distances: &fitted.distances,
        manifest: &manifest,
    };
    report::write_calibration(folder, &run)?;
    say(&report::calibration_text(&run))?;
    tell(&format!(
        "The page: {}",
        folder.join("calibrate.html").display()
    ));
    Ok(())
}

/// Multipliers meet the record again once other numbers have moved; numbers that were learned stay where they are.
fn fit_again(
    after: &mut Plan,
    learned: &Learned,
    arguments: &CalibrateArguments,
    fitted: &mut Fitted,
) {
    let of_numbers = learned
        .numbers
        .iter()
        .filter(|number| number.verdict == Learnt::Fitted);
    let moved: BTreeSet<usize> = of_numbers
        .flat_map(|number| &number.cells)
        .map(|&cell| after.cells[cell].parameter)
        .collect();
    if moved.is_empty() || arguments.rounds == 0 {
        return;
    }
    let mut rest = after.clone();
    rest.fittings.retain(|fit| !moved.contains(&fit.parameter));
    let effort = Effort {
        rounds: arguments.rounds.div_ceil(2),
        replicates: arguments.replicates.max(1),
    };
    let again = fit_multipliers(&rest, effort);
    for (&cell, &value) in &again.values {
        move_to(&mut after.cells[cell], value);
    }
    fitted.distances.extend(again.distances);
}

/// The recorded years of a plan, and those after them that have a record, beside it.
fn fit_of(plan: &Plan, row_done: &(dyn Fn() + Sync)) -> Fit {
    let mut shown = plan.clone();
    let years = plan
        .recorded
        .iter()
        .filter_map(|row| FinancialYear::parse(&row.period));
    // The members of a cohort are followed for a year after the year of their conviction.
    let end = years
        .max()
        .map_or(plan.start, |last| last.plus(2).first_month());
    shown.end = end.min(plan.end);
    shown.start = shown.start.min(shown.end);
    shown.options = vec![plan.options[plan.comparator].clone()];
    shown.comparator = 0;
    shown.n_draws = DRAWS_OF_FIT;
    fit(&shown, &simulate(&shown, &draw(&shown), row_done))
}

/// Writes fitted values into the tables that they came from.
fn write_in_place(plan: &Plan, fitted: &Fitted, is_dry: bool) -> Result<(), Failure> {
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
                 run this where the model's folder is, or write elsewhere with --out",
                path.display()
            );
            return Err(Failure::Input(words));
        }
        tell(&format!("{} values of {}", values.len(), path.display()));
        if !is_dry {
            report::rewrite_values(path, values)?;
        }
    }
    let later = ahead(plan, &fitted.values);
    for (path, rows) in by_table(plan, &later) {
        tell(&format!(
            "{} later values of {}",
            rows.len(),
            path.display()
        ));
        if !is_dry {
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

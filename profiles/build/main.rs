//! Writes the Scottish profiles from a folder of published tables.
//!
//! The program is a thin dispatcher: each module reads the published tables of
//! one subject and hands back tidy rows; this file writes them and prints what
//! was read, so that `profiles/scotland/SOURCES.md` can state it.

mod adjust;
mod areas;
mod arrivals;
mod cohorts;
mod context;
mod courts;
mod crime;
mod drugs;
mod histories;
mod parameters;
mod points;
mod population;
mod prisons;
mod reconviction;
mod releases;
mod remand;
mod social_work;
mod social_work_labels;
mod spend;
mod table;
mod tidy;

use areas::Areas;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tidy::Tidy;

/// A profile file and the rows that belong in it.
type Sheet = (&'static str, Vec<Tidy>);

/// Reports a failure on standard error and by the exit code, because the
/// message names the file and line to look at.
fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("build-profiles: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Reads the arguments, then writes every profile file.
fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), String> {
    let folder = arguments.next().map(PathBuf::from).ok_or(
        "usage: build-profiles FOLDER_OF_PUBLISHED_TABLES [OUT_FOLDER [PARAMETERS_FOLDER]]",
    )?;
    let out = arguments
        .next()
        .map_or_else(|| PathBuf::from("profiles/scotland"), PathBuf::from);
    let parameters = arguments.next().map_or_else(
        || PathBuf::from("models/scotland/parameters"),
        PathBuf::from,
    );
    std::fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let areas = Areas::read(&folder)?;
    areas.write(&out)?;
    println!("{}", population::build(&folder, &areas, &out)?);
    for (file, rows) in sheets(&folder, &areas)? {
        tidy::write(&out, file, rows)?;
    }
    histories::write_histories(&folder, &out)?;
    parameters::write_parameters(&folder, &parameters)?;
    print_digests(&folder)
}

/// Builds every sheet that has the tidy columns.
fn sheets(folder: &Path, areas: &Areas) -> Result<Vec<Sheet>, String> {
    let mut national = prisons::national(folder)?;
    national.extend(remand::national(folder)?);
    national.extend(courts::national(folder)?);
    national.extend(social_work::national(folder)?);
    national.extend(reconviction::national(folder)?);
    national.extend(context::homelessness(folder)?);
    national.extend(releases::national());
    Ok(vec![
        ("national.csv", national),
        ("prison_arrivals.csv", arrivals::all(folder, areas)?),
        ("recorded_crime.csv", crime::councils(folder, areas)?),
        ("social_work_spend.csv", spend::councils(folder, areas)?),
        ("drug_deaths.csv", drugs::all(folder, areas)?),
        ("deprivation.csv", context::deprivation(folder, areas)?),
        ("reconviction.csv", reconviction::areas(folder, areas)?),
    ])
}

/// Prints the sha256 of every published table read, sorted by name.
fn print_digests(folder: &Path) -> Result<(), String> {
    let mut files: Vec<&str> = [
        areas::FILES,
        parameters::FILES,
        population::FILES,
        arrivals::FILES,
        prisons::FILES,
        drugs::FILES,
        remand::FILES,
        courts::FILES,
        social_work::FILES,
        spend::FILES,
        crime::FILES,
        reconviction::FILES,
        context::FILES,
    ]
    .concat();
    files.sort_unstable();
    files.dedup();
    for file in files {
        println!("{}  {file}", table::digest(folder, file)?);
    }
    Ok(())
}

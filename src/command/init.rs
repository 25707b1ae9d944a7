//! `needscast init`: a scenario and a workbook to begin with, from the shipped figures of an area.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, tell};
use crate::compile::compile;
use crate::diagnostic::{Diagnostic, nearest};
use crate::document::{self, AreaRow};
use crate::report::{Workbook, ods, starter_scenario, starter_workbook, xlsx};

/// What to begin with.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// The folder to write into; it is made where it is not there
    folder: PathBuf,
    /// The area, by name or code; `needscast areas` lists them. Say it again for each of several
    #[arg(long = "area", value_name = "AREA", required = true)]
    areas: Vec<String>,
    /// The format of the workbook
    #[arg(long, value_enum, default_value_t = BookFormat::Xlsx)]
    format: BookFormat,
}

/// A workbook holds counts as they were recorded, because the run that reads it makes them safe: made safe twice they
/// would be further off, and what is withheld would be lost.
const AS_RECORDED: &str = "
[disclosure]
off = \"a workbook is read by the rule of its own scenario\"
";

/// Formats that a run reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BookFormat {
    Xlsx,
    Ods,
}

pub(super) fn run(arguments: &InitArguments) -> Result<(), Failure> {
    let workbook = match arguments.format {
        BookFormat::Xlsx => "local.xlsx",
        BookFormat::Ods => "local.ods",
    };
    let scenario = arguments.folder.join("scenario.toml");
    let book = arguments.folder.join(workbook);
    let there: Vec<String> = [&scenario, &book]
        .into_iter()
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if !there.is_empty() {
        return Err(Failure::Input(format!(
            "error: {} {} there already, and nothing is written over\n  hint: name another folder, or move what is there away",
            there.join(" and "),
            if there.len() == 1 { "is" } else { "are" },
        )));
    }
    let areas = areas(&arguments.areas)?;
    let question = starter_scenario(&areas, None) + AS_RECORDED;
    let documents = document::read_text(&scenario, &question)?;
    // The workbook is written from a sound question only.
    compile(&documents).map_err(Failure::from)?;
    let bytes = bytes(&starter_workbook(&documents, &areas), arguments.format)?;
    let refused = |path: &Path, error: std::io::Error| {
        Failure::Machine(format!("cannot write {}: {error}", path.display()))
    };
    std::fs::create_dir_all(&arguments.folder).map_err(|e| refused(&arguments.folder, e))?;
    let text = starter_scenario(&areas, Some(workbook));
    write_new(&book, &bytes).map_err(|e| refused(&book, e))?;
    write_new(&scenario, text.as_bytes()).map_err(|e| refused(&scenario, e))?;
    tell(&format!(
        "The scenario: {}\nThe workbook: {}\nNext: needscast run {} --draws 10",
        scenario.display(),
        book.display(),
        crate::report::in_shell(&scenario.to_string_lossy()),
    ));
    Ok(())
}

fn bytes(workbook: &Workbook, format: BookFormat) -> Result<Vec<u8>, Failure> {
    match format {
        BookFormat::Xlsx => xlsx(workbook).map_err(|e| Failure::Machine(e.to_string())),
        BookFormat::Ods => ods(workbook).map_err(|e| Failure::Machine(e.to_string())),
    }
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The areas of the shipped profile that are meant, each once.
fn areas(named: &[String]) -> Result<Vec<AreaRow>, Failure> {
    let rows = document::areas("scotland")?;
    // The country as a whole is not an area of a scenario.
    let rows: Vec<AreaRow> = rows
        .into_iter()
        .filter(|row| !row.code.starts_with("S92"))
        .collect();
    let mut found: Vec<AreaRow> = Vec::new();
    let mut faults = Vec::new();
    for name in named {
        let wanted = name.trim().to_lowercase();
        let is_called = |row: &&AreaRow| {
            let names = [&row.code, &row.name].into_iter().chain(&row.aliases);
            names.into_iter().any(|name| name.to_lowercase() == wanted)
        };
        match rows.iter().find(is_called) {
            Some(row) if found.iter().any(|other| other.code == row.code) => {}
            Some(row) => found.push(row.clone()),
            None => faults.push(unknown(name.trim(), &rows)),
        }
    }
    match faults.is_empty() {
        true => Ok(found),
        false => Err(faults.into()),
    }
}

fn unknown(name: &str, rows: &[AreaRow]) -> Diagnostic {
    let names = rows.iter().flat_map(|row| {
        let names = [&row.name, &row.code].into_iter().chain(&row.aliases);
        names.map(String::as_str)
    });
    // `Dundee` is meant to be `Dundee City`, though more letters differ than a slip of the pen would change.
    let begun = |row: &&AreaRow| {
        let begin = name.to_lowercase();
        !begin.is_empty() && row.name.to_lowercase().contains(&begin)
    };
    let near = nearest(name, names).or_else(|| {
        let row = rows.iter().find(begun);
        row.map(|row| row.name.as_str())
    });
    if name.eq_ignore_ascii_case("scotland") {
        return Diagnostic::error("E201", "`Scotland` is no council")
            .expected("the name or the code of a council, once for each with `--area`")
            .found(format!("`{name}`"))
            .hint("a scenario of the whole country says `areas = \"all\"`, as scenarios/scotland.toml does");
    }
    let fault = Diagnostic::error("E201", format!("unknown area `{name}`"))
        .expected("the name or the code of a council; `needscast areas` lists them")
        .found(format!("`{name}`"));
    match near {
        Some(near) => fault.hint(format!("did you mean `{near}`?")),
        None => fault.hint("`needscast areas` lists the names and codes"),
    }
}

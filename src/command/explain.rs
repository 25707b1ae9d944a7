//! `needscast explain`: the page of the manual behind a code, a parameter of a model, or a measure of its results.

use std::path::{Path, PathBuf};

use clap::Args;

use super::answer::Format;
use super::{Failure, say};
use crate::compile::compile;
use crate::diagnostic;
use crate::document::{self, Documents};
use crate::report::Glossary;

/// The word, and where it is looked up.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A code such as E001, a parameter such as `remand_share` or the beginning of several such as `cpo_`, or a measure
    /// such as `needs_met`
    word: String,
    /// The scenario in which parameters and measures are looked up [default: the built-in scenario `scotland`]
    #[arg(long, value_name = "FILE", conflicts_with = "model")]
    scenario: Option<PathBuf>,
    /// The model in which they are looked up, by name or folder: with the scenario of its own folder, where it has one
    #[arg(long, value_name = "MODEL")]
    model: Option<String>,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(arguments: &ExplainArguments) -> Result<(), Failure> {
    // Control characters would write on the terminal of whoever mistypes.
    let word: String = arguments
        .word
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    let word = word.as_str();
    if let Some(page) = diagnostic::explain(word) {
        return say(&match arguments.format {
            Format::Text => format!("{}\n", page.trim_end()),
            Format::Json => {
                let page = serde_json::json!({ "word": word, "found": [{ "kind": "code", "page": page.trim_end() }] });
                format!("{page:#}\n")
            }
        });
    }
    if is_code(word) {
        let codes = diagnostic::codes();
        let near = diagnostic::nearest(&word.to_uppercase(), codes.iter().copied());
        let near: Vec<String> = near.into_iter().map(str::to_owned).collect();
        return Err(unknown(&format!("there is no code `{word}`"), &near));
    }
    let documents = documents(arguments)?;
    let plan = compile(&documents)?;
    match Glossary::of(&documents, &plan).explain(word) {
        Ok(explained) => say(&match arguments.format {
            Format::Text => explained.text(),
            Format::Json => explained.json(),
        }),
        Err(near) => {
            let name = documents
                .inputs
                .first()
                .map_or("", |input| input.name.as_str());
            let message = format!("`{word}` is no code, and no parameter or measure in {name}");
            Err(unknown(&message, &near))
        }
    }
}

/// A letter and three digits or so: a code that somebody misremembers, and not a name.
fn is_code(word: &str) -> bool {
    let mut letters = word.chars();
    let is_led = letters
        .next()
        .is_some_and(|first| first.eq_ignore_ascii_case(&'e'));
    let rest = letters.as_str();
    is_led && (2..=4).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
}

fn documents(arguments: &ExplainArguments) -> Result<Documents, Failure> {
    let usual = || PathBuf::from("scotland");
    match &arguments.model {
        None => Ok(document::read(
            &arguments.scenario.clone().unwrap_or_else(usual),
        )?),
        Some(model) => {
            let own = [
                Path::new(model).join("scenario.toml"),
                Path::new("models").join(model).join("scenario.toml"),
            ];
            match own.iter().find(|path| path.is_file()) {
                Some(path) => Ok(document::read(path)?),
                None => Ok(document::read_model(model)?),
            }
        }
    }
}

fn unknown(message: &str, near: &[String]) -> Failure {
    let names: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    let hint = match names.as_slice() {
        [] => "\n  hint: a word is a code such as E203, the id of a parameter or a measure, or how such ids begin: `needscast explain cpo_`".to_owned(),
        names => format!("\n  hint: did you mean {}?", names.join(", ")),
    };
    Failure::Input(format!("error: {message}{hint}"))
}

//! `needscast schema`: what editors need to complete and check the TOML files.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, say, tell};
use crate::document;

/// Which schemas.
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The document: scenario, model, services, outcomes, costs, rules, sweep or suite; all of them with --out when not
    /// said
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(document::schema_names()), required_unless_present = "out")]
    document: Option<String>,
    /// The folder to write the schemas into, as NAME.schema.json; printed when not said
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(super) fn schema(arguments: &SchemaArguments) -> Result<(), Failure> {
    let names = match &arguments.document {
        Some(name) => vec![name.as_str()],
        None => document::schema_names(),
    };
    // The names are those that the command line lets through.
    let schemas = names
        .into_iter()
        .filter_map(|name| Some((name, document::schema(name)?)));
    let texts = schemas.map(|(name, schema)| (name, format!("{schema:#}\n")));
    let Some(folder) = &arguments.out else {
        return say(&texts.map(|(_, text)| text).collect::<String>());
    };
    let refused =
        |error| Failure::Machine(format!("cannot write into {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(refused)?;
    for (name, text) in texts {
        let path = folder.join(format!("{name}.schema.json"));
        std::fs::write(&path, text).map_err(refused)?;
        tell(&path.display().to_string());
    }
    Ok(())
}

//! `datapackage.json`: a Frictionless description of the CSV files, so that programs read them with their types.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::SHARE;
use super::described;
use super::joint;
use super::tables::CONFIDENTIAL;
use crate::document::Disclosure;

/// The description of these files; what is no CSV is passed over.
pub(super) fn json<'a>(
    title: &str,
    disclosure: &Disclosure,
    files: impl Iterator<Item = (&'a str, &'a Vec<u8>)>,
) -> Vec<u8> {
    let tables = files.filter(|(name, _)| name.ends_with(".csv"));
    let mut package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "needscast-run",
        "title": title,
        "licenses": [{
            "name": "OGL-UK-3.0",
            "title": "Open Government Licence v3.0, for the published figures that went in",
            "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        }],
        "resources": tables.map(|(name, bytes)| resource(name, bytes)).collect::<Vec<_>>(),
    });
    if let Some(words) = disclosure.words() {
        package["disclosure_control"] = json!(words);
    }
    format!("{package:#}\n").into_bytes()
}

fn resource(file: &str, bytes: &[u8]) -> Value {
    let shared = file.strip_prefix(SHARE);
    let (title, about) = match shared {
        Some(name) => joint::table(name).unwrap_or_default(),
        None => described::table(file).map_or(("", ""), |table| (table.title, table.about)),
    };
    let stem = file.trim_end_matches(".csv").replace(['_', '/'], "-");
    let title = if title.is_empty() { &stem } else { title };
    let column = match shared {
        Some(_) => joint::column,
        None => described::column,
    };
    let hash = Sha256::digest(bytes);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "name": stem,
        "path": file,
        "type": "table",
        "title": title,
        "description": about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": bytes.len(),
        "hash": format!("sha256:{hash}"),
        "schema": { "fields": fields(bytes, column), "missingValues": ["", CONFIDENTIAL] },
    })
}

/// What is known of a column: its type, and what it holds.
type Known = fn(&str) -> Option<(&'static str, &'static str)>;

fn fields(bytes: &[u8], column: Known) -> Vec<Value> {
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let Ok(header) = reader.headers() else {
        return Vec::new();
    };
    let field = |name: &str| {
        let (kind, about) = column(name).unwrap_or(("string", ""));
        json!({ "name": name, "type": kind, "description": about })
    };
    header.iter().map(field).collect()
}

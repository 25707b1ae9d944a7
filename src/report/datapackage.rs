//! `datapackage.json`: a Frictionless description of the CSV files, so that programs read them with their types.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::described;
use super::tables::CONFIDENTIAL;
use crate::document::Disclosure;

/// The description of these files; what is no CSV is passed over.
pub(super) fn json(
    title: &str,
    disclosure: &Disclosure,
    files: &[(&'static str, Vec<u8>)],
) -> Vec<u8> {
    let tables = files.iter().filter(|(name, _)| name.ends_with(".csv"));
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
    let described = described::table(file);
    let stem = file.trim_end_matches(".csv").replace('_', "-");
    let hash = Sha256::digest(bytes);
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "name": stem,
        "path": file,
        "type": "table",
        "title": described.map_or(stem.as_str(), |table| table.title),
        "description": described.map_or("", |table| table.about),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": bytes.len(),
        "hash": format!("sha256:{hash}"),
        "schema": { "fields": fields(bytes), "missingValues": ["", CONFIDENTIAL] },
    })
}

fn fields(bytes: &[u8]) -> Vec<Value> {
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes);
    let Ok(header) = reader.headers() else {
        return Vec::new();
    };
    let field = |name: &str| {
        let (kind, about) = described::column(name).unwrap_or(("string", ""));
        json!({ "name": name, "type": kind, "description": about })
    };
    header.iter().map(field).collect()
}

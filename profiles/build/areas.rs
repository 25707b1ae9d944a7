//! The 32 councils and Scotland: codes, names and the names they also go by.

use crate::table::{Row, put, read_table, writer};
use std::collections::BTreeMap;
use std::path::Path;

/// The published tables this module reads.
pub const FILES: &[&str] = &["council_areas.csv"];
/// The GSS code of Scotland.
pub const SCOTLAND: &str = "S92000003";
/// The name of Scotland, as the profiles print it.
pub const SCOTLAND_NAME: &str = "Scotland";

/// Other names in use, so that a scenario may say what people say. Superseded
/// GSS codes are not here: none occurs in the published tables.
const ALIASES: &[(&str, &str)] = &[
    ("S12000006", "Dumfries & Galloway"),
    (
        "S12000013",
        "Western Isles|Eilean Siar|Comhairle nan Eilean Siar",
    ),
    ("S12000017", "Highlands"),
    ("S12000023", "Orkney"),
    ("S12000026", "Borders|The Scottish Borders"),
    ("S12000027", "Shetland"),
    ("S12000033", "Aberdeen"),
    ("S12000035", "Argyll & Bute"),
    ("S12000036", "Edinburgh|Edinburgh, City of"),
    ("S12000042", "Dundee"),
    ("S12000048", "Perth & Kinross"),
    ("S12000049", "Glasgow"),
];

/// Codes and names, in order of code.
pub struct Areas {
    names: BTreeMap<String, String>,
}

impl Areas {
    /// Reads the councils; there must be 32, and Scotland.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let mut names = BTreeMap::new();
        for row in read_table(folder, FILES[0], &["area_code", "area_name"])? {
            let code = row.text("area_code")?.to_owned();
            names.insert(code, row.text("area_name")?.to_owned());
        }
        if names.len() != 33 || !names.contains_key(SCOTLAND) {
            let found = names.len();
            return Err(format!(
                "{}: {found} areas, not 32 councils and Scotland",
                FILES[0]
            ));
        }
        Ok(Self { names })
    }

    /// The codes of the councils, without Scotland.
    pub fn councils(&self) -> impl Iterator<Item = &str> {
        self.names
            .keys()
            .map(String::as_str)
            .filter(|code| *code != SCOTLAND)
    }

    /// The code and name of the area a row is about. Names come from here and
    /// not from the row, because the publications spell them differently.
    pub fn of(&self, row: &Row) -> Result<(&str, &str), String> {
        let code = row.text("area_code")?;
        self.names
            .get_key_value(code)
            .map(|(code, name)| (code.as_str(), name.as_str()))
            .ok_or_else(|| row.fault(&format!("unknown area code '{code}'")))
    }

    /// Writes `areas.csv`.
    pub fn write(&self, out: &Path) -> Result<(), String> {
        let file = "areas.csv";
        let aliases: BTreeMap<&str, &str> = ALIASES.iter().copied().collect();
        let mut writer = writer(out, file)?;
        put(&mut writer, file, &["area_code", "area_name", "aliases"])?;
        for (code, name) in &self.names {
            let other = aliases.get(code.as_str()).copied().unwrap_or_default();
            put(&mut writer, file, &[code, name, other])?;
        }
        writer.flush().map_err(|e| format!("{file}: {e}"))
    }

    /// Areas for a test: the given councils and Scotland, however few.
    #[cfg(test)]
    pub fn of_codes(codes: &[&str]) -> Self {
        let mut names: BTreeMap<String, String> = codes
            .iter()
            .map(|code| ((*code).to_owned(), format!("Council {code}")))
            .collect();
        names.insert(SCOTLAND.to_owned(), SCOTLAND_NAME.to_owned());
        Self { names }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_councils_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let text = "area_code,area_name\nS92000003,Scotland\n";
        std::fs::write(folder.path().join(FILES[0]), text).unwrap();
        let error = Areas::read(folder.path()).err().unwrap();
        assert!(error.contains("council_areas.csv: 1 areas"), "{error}");
    }
}

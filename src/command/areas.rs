//! `needscast areas`: the codes and names that a scenario may give.

use super::{Failure, say};
use crate::document;

pub(super) fn areas(profile: &str) -> Result<(), Failure> {
    let rows = document::areas(profile)?;
    // The country as a whole is not an area of a scenario: all of its areas are `areas = "all"`.
    let areas = rows.iter().filter(|row| !row.code.starts_with("S92"));
    let lines = areas.map(|row| format!("{},{}\n", row.code, quoted(&row.name)));
    say(&std::iter::once("code,name\n".to_owned())
        .chain(lines)
        .collect::<String>())
}

fn quoted(name: &str) -> String {
    if name.contains([',', '"']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

//! Histories for back-tests: what the other profile files add up, leave out or hold in one edition only.

use crate::reconviction;
use crate::social_work;
use crate::table::{put, writer};
use crate::tidy::{Tidy, number};
use std::path::Path;

/// The folder of the profile in which they stand, so that no scenario takes them for recorded series.
const FOLDER: &str = "history";

/// A row of a history: a published number, and what else a back-test needs to know of it.
pub struct Known {
    /// The number.
    pub tidy: Tidy,
    /// Whose number it is a part of, such as everybody convicted.
    pub exposure: Option<f64>,
    /// The edition in which it stands; blank where there is one.
    pub vintage: String,
    /// The figures that it is the mean of, in words; blank where it is one.
    pub note: String,
}

impl From<Tidy> for Known {
    fn from(tidy: Tidy) -> Known {
        Known {
            tidy,
            exposure: None,
            vintage: String::new(),
            note: String::new(),
        }
    }
}

/// Writes every history below the profile's folder.
pub fn write_histories(folder: &Path, out: &Path) -> Result<(), String> {
    let out = out.join(FOLDER);
    std::fs::create_dir_all(&out).map_err(|e| format!("{}: {e}", out.display()))?;
    let months = crate::points::months(folder)?;
    write(&out, "prison_population_months.csv", months)?;
    write(&out, "reconviction.csv", reconviction::histories(folder)?)?;
    write(&out, "social_work.csv", social_work::histories(folder)?)
}

/// Writes one history by measure, area, breakdown, period and edition, with the columns that any row fills.
fn write(out: &Path, file: &str, mut rows: Vec<Known>) -> Result<(), String> {
    rows.sort_by(|a, b| (a.tidy.key(), &a.vintage).cmp(&(b.tidy.key(), &b.vintage)));
    if let Some(twice) = rows.windows(2).find(|pair| {
        (pair[0].tidy.key(), &pair[0].vintage) == (pair[1].tidy.key(), &pair[1].vintage)
    }) {
        return Err(format!("{file}: stated twice: {:?}", twice[0].tidy.key()));
    }
    let is_exposed = rows.iter().any(|row| row.exposure.is_some());
    let are_editions = rows.iter().any(|row| !row.vintage.is_empty());
    let is_noted = rows.iter().any(|row| !row.note.is_empty());
    let mut header = vec![
        "measure",
        "area_code",
        "area_name",
        "period",
        "breakdown",
        "value",
    ];
    header.extend(is_exposed.then_some("exposure"));
    header.extend(["unit", "precision"]);
    header.extend(are_editions.then_some("vintage"));
    header.push("source");
    header.extend(is_noted.then_some("note"));
    let mut table = writer(out, file)?;
    put(&mut table, file, &header)?;
    for Known {
        tidy,
        exposure,
        vintage,
        note,
    } in &rows
    {
        let value = tidy.value.map(number).unwrap_or_default();
        let exposure = exposure.map(number).unwrap_or_default();
        let mut cells = vec![
            tidy.measure.as_str(),
            &tidy.area_code,
            &tidy.area_name,
            &tidy.period,
            &tidy.breakdown,
            &value,
        ];
        cells.extend(is_exposed.then_some(exposure.as_str()));
        cells.extend([tidy.unit.as_str(), tidy.precision.word()]);
        cells.extend(are_editions.then_some(vintage.as_str()));
        cells.push(&tidy.source);
        cells.extend(is_noted.then_some(note.as_str()));
        put(&mut table, file, &cells)?;
    }
    table.flush().map_err(|e| format!("{file}: {e}"))
}

//! What changed between two runs, as tables.

use super::{RunsReport, verdict};
use crate::document::{ASSUMED, Disclosure};
use crate::report::csv::Csv;
use crate::report::datapackage;
use crate::report::number::plain;
use crate::summarise::ParameterChange;

impl RunsReport<'_> {
    /// The tables and what describes them.
    pub fn tables(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut files = vec![
            ("compare.csv", self.answers_table()),
            ("inputs_changed.csv", self.inputs_table()),
        ];
        if !self.changes.track.lines.is_empty() {
            files.push(("track.csv", self.track_table()));
        }
        let title = format!("{} and {}", self.a.name, self.b.name);
        let package = {
            let files = files.iter().map(|(name, bytes)| (*name, bytes));
            datapackage::json(&title, &Disclosure::default(), files)
        };
        files.push(("datapackage.json", package));
        files
    }

    fn answers_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "option",
            "area_code",
            "area_name",
            "measure",
            "breakdown",
            "period",
            "unit",
            "mean_a",
            "mean_b",
            "difference",
            "mc_error",
            "beyond_chance",
            "shift",
        ]);
        for change in &self.changes.answers {
            let [option, area, measure, breakdown, period] = &change.key;
            let words = [
                option,
                area,
                &change.area_name,
                measure,
                breakdown,
                period,
                &change.unit,
            ];
            let mut cells = words.map(String::clone).to_vec();
            let difference = change.b - change.a;
            cells.extend([change.a, change.b, difference, change.mc_error].map(plain));
            cells.extend([verdict(change).to_owned(), plain(change.shift)]);
            table.cells(&cells);
        }
        table.into_bytes()
    }

    fn inputs_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&["kind", "id", "keys", "from", "what", "a", "b"]);
        let mut row = |cells: [&str; 7]| table.cells(&cells.map(str::to_owned));
        for setting in &self.changes.settings {
            row([
                "setting",
                setting.what,
                "",
                "",
                "changed",
                &setting.a,
                &setting.b,
            ]);
        }
        for file in &self.changes.files {
            let what = match (&file.a, &file.b) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "changed",
            };
            let hash = |hash: &Option<String>| hash.clone().unwrap_or_default();
            row([
                "file",
                &file.name,
                "",
                "",
                what,
                &hash(&file.a),
                &hash(&file.b),
            ]);
        }
        for change in &self.changes.parameters {
            let [id, keys, from] = &change.key;
            for (what, a, b) in fields(change) {
                row(["parameter", id, keys, from, what, a, b]);
            }
        }
        table.into_bytes()
    }

    fn track_table(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "measure",
            "area_code",
            "area_name",
            "period",
            "unit",
            "recorded",
            "mean",
            "p05",
            "p25",
            "p75",
            "p95",
            "error",
            "inside_50",
            "inside_90",
        ]);
        for line in &self.changes.track.lines {
            let [measure, area, period] = &line.key;
            let words = [measure, area, &line.area_name, period, &line.unit];
            let mut cells = words.map(String::clone).to_vec();
            cells.extend([line.recorded, line.forecast].map(plain));
            cells.extend(line.quantiles.map(plain));
            cells.push(plain(line.forecast - line.recorded));
            let inside = line.is_inside();
            let said = |inside: Option<bool>| inside.map_or(String::new(), |it| it.to_string());
            cells.extend([inside.map(|it| it.0), inside.map(|it| it.1)].map(said));
            table.cells(&cells);
        }
        table.into_bytes()
    }
}

/// What differs of a number, then and now; of one that stands in one run alone, its value.
pub(super) fn fields(change: &ParameterChange) -> Vec<(&'static str, &str, &str)> {
    match (&change.a, &change.b) {
        (None, Some(b)) => vec![("added", "", b[0].as_str())],
        (Some(a), None) => vec![("removed", a[0].as_str(), "")],
        (Some(a), Some(b)) => {
            let at = |field: &&str| ASSUMED.iter().position(|name| name == field);
            let fields = change
                .fields
                .iter()
                .filter_map(|field| Some((*field, at(field)?)));
            fields
                .map(|(field, at)| (field, a[at].as_str(), b[at].as_str()))
                .collect()
        }
        (None, None) => Vec::new(),
    }
}

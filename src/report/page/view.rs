//! What the template is given: paragraphs, tables and figures, already in words.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Manifest, VERSION, commit, number};
use super::drivers::DriversView;

/// A chart with the numbers behind it.
#[derive(Debug, Clone, Serialize)]
pub(in crate::report) struct Figure {
    /// Unique on the page.
    pub id: String,
    /// What it finds.
    pub title: String,
    /// The drawing.
    pub svg: String,
    /// How to read it.
    pub note: String,
    /// Every number of the drawing.
    pub table: Table,
}

/// A table whose first column names its rows.
#[derive(Debug, Clone, Serialize, Default)]
pub(in crate::report) struct Table {
    /// What it holds.
    pub caption: String,
    /// Column headings.
    pub header: Vec<String>,
    /// As many cells as headings.
    pub rows: Vec<Vec<String>>,
    /// How many leading columns hold words, the rest being numbers set to the right.
    pub n_words: usize,
}

impl Table {
    /// An empty table with these headings.
    pub fn new(caption: impl Into<String>, header: &[&str], n_words: usize) -> Table {
        Table {
            caption: caption.into(),
            header: header.iter().map(|h| (*h).to_owned()).collect(),
            rows: Vec::new(),
            n_words,
        }
    }
}

/// What it takes to make a report again.
pub(in crate::report) fn repeat(manifest: &Manifest) -> Value {
    let mut inputs = Table::new(
        "Input files and their fingerprints",
        &["File", "SHA-256"],
        2,
    );
    let files = manifest.inputs.iter();
    inputs
        .rows
        .extend(files.map(|(name, sha256)| vec![name.clone(), sha256.clone()]));
    json!({
        "command": manifest.command_line,
        "version": VERSION,
        "commit": commit(),
        "threads": manifest.threads,
        "started": manifest.started,
        "seconds": number::grouped(manifest.seconds, 1),
        "inputs": inputs,
    })
}

/// Data for the script of the page: a block that browsers do not run and that no text in it can end.
pub(super) fn data(id: &str, data: &Value) -> String {
    let text = data.to_string().replace('<', "\\u003c");
    format!("<script type=\"application/json\" id=\"{id}\">{text}</script>")
}

/// One place, with everything about it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct AreaView {
    /// For links.
    pub id: String,
    /// For people.
    pub name: String,
    /// Shown first.
    pub is_first: bool,
    /// Every headline measure, need and service, first and last year.
    pub glance: Option<Table>,
    /// What the place is like, in published figures.
    pub context: Option<Table>,
    /// Who lives there.
    pub profile: Vec<Figure>,
    /// Headline measures, past and future.
    pub forecasts: Vec<Figure>,
    /// What drives the changes between years.
    pub drivers: Vec<DriversView>,
    /// What people will need.
    pub needs: Vec<Figure>,
    /// What services will meet.
    pub services: Vec<Figure>,
    /// Services by option, in figures.
    pub service_table: Option<Table>,
    /// What the options change there.
    pub contrasts: Option<Table>,
}

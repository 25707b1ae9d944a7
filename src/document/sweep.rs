//! A sweep: one scenario with some of its values written otherwise, over a grid or a list of cases.

use std::path::{Path, PathBuf};

use toml::de::{DeArray, DeTable, DeValue};

use super::elsewhere::without_grades;
use super::fields::Fields;
use super::library;
use super::series::{bytes_of, shown};
use super::source::{Sources, Spanned, Text};
use super::{Documents, Input, Shelf, read_bytes};
use crate::diagnostic::{Diagnostic, Place};

/// A sweep as written.
#[derive(Debug, Clone, Default)]
pub struct SweepFile {
    /// For people.
    pub title: Text,
    /// The scenario, beside the sweep.
    pub scenario: PathBuf,
    /// The measures of the appraisal that are charted; none for the usual ones.
    pub measures: Vec<Text>,
    /// What varies, for a grid.
    pub axes: Vec<AxisFile>,
    /// Cases, for a list.
    pub cases: Vec<CaseFile>,
    /// The file read, for the manifest.
    pub inputs: Vec<Input>,
    /// Where values stand.
    pub sources: Sources,
}

/// One thing that varies over a grid.
#[derive(Debug, Clone, Default)]
pub struct AxisFile {
    /// For people, and the column of the table.
    pub title: Text,
    /// Which value of the scenario: `option.regional.change.1.access.Angus.multiply`.
    pub set: Text,
    /// What it is set to, each as it is written.
    pub values: Vec<Text>,
}

/// One case of a list.
#[derive(Debug, Clone, Default)]
pub struct CaseFile {
    /// For people.
    pub title: Text,
    /// Which values of the scenario, and what they are set to, as it is written.
    pub set: Vec<(Text, Text)>,
}

/// A value of a scenario that is written otherwise.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Which value, and where the sweep says so.
    pub path: Text,
    /// What is written, in TOML.
    pub value: String,
}

/// Reads a sweep.
///
/// # Errors
/// Every fault of the file, when there is one.
pub fn read_sweep(path: &Path) -> Result<SweepFile, Vec<Diagnostic>> {
    let mut shelf = Shelf::default();
    let mut sweep = SweepFile::default();
    if let Some(bytes) = bytes_of(path, "a sweep in TOML", &mut shelf)
        && let Some(read) = shelf.toml(shown(path), &bytes, sweep_file)
    {
        sweep = read;
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    sweep.scenario = folder.join(&sweep.scenario);
    let mut faults = shelf.stopping;
    faults.extend(shelf.documents.faults.into_iter().map(without_grades));
    sweep.inputs = shelf.documents.inputs;
    sweep.sources = shelf.documents.sources;
    match faults.is_empty() {
        true => Ok(sweep),
        false => Err(faults),
    }
}

pub(super) fn sweep_file(fields: Fields<'_>) -> SweepFile {
    let axes = fields.tables("axis").into_iter().map(axis);
    let axes: Vec<AxisFile> = axes.collect();
    let cases = fields.tables("case").into_iter().map(case);
    let cases: Vec<CaseFile> = cases.collect();
    let columns = axes.iter().map(|axis| &axis.title);
    once(&fields, "axis", columns, &COLUMNS);
    for axis in &axes {
        once(&fields, "value", axis.values.iter(), &[]);
    }
    once(&fields, "case", cases.iter().map(|case| &case.title), &[]);
    let sweep = SweepFile {
        title: fields.text("title"),
        scenario: PathBuf::from(fields.text("scenario").value),
        measures: fields.texts("measures"),
        axes,
        cases,
        ..SweepFile::default()
    };
    if sweep.axes.is_empty() == sweep.cases.is_empty() {
        let fault = Diagnostic::error("E961", "a sweep is a grid or a list")
            .expected(
                "either [[axis]] tables, of which every combination is a case, or [[case]] tables",
            )
            .found(if sweep.axes.is_empty() {
                "neither"
            } else {
                "both"
            })
            .hint("write at least one [[axis]], or at least one [[case]], and not both");
        fields.report(fields.at.or_first_line(), fault);
    }
    fields.close();
    sweep
}

/// The columns of a sweep's table that no axis may be called.
const COLUMNS: [&str; 8] = [
    "case",
    "option",
    "measure",
    "perspective",
    "unit",
    "mean",
    "p05",
    "p95",
];

/// Reports what stands twice, or is called as something else is.
fn once<'a>(
    fields: &Fields<'_>,
    what: &str,
    named: impl Iterator<Item = &'a Text>,
    taken: &[&str],
) {
    let mut seen: Vec<&str> = taken.to_vec();
    for text in named.filter(|text| !text.is_missing()) {
        if seen.contains(&text.value.as_str()) {
            let fault =
                Diagnostic::error("E966", format!("the {what} `{}` stands twice", text.value))
                    .expected(
                        "names that nothing else in the sweep's table has, and every value once",
                    )
                    .found(format!("`{}` again", text.value))
                    .hint("give it another name, or take one of the two away");
            fields.report(text.at, fault);
        }
        seen.push(&text.value);
    }
}

fn axis(fields: Fields<'_>) -> AxisFile {
    fields.require("values", "a list of values of the scenario");
    fields.refuse_nothing("values");
    let axis = AxisFile {
        title: fields.text("title"),
        set: fields.text("set"),
        values: fields.written("values"),
    };
    fields.close();
    axis
}

fn case(fields: Fields<'_>) -> CaseFile {
    let case = CaseFile {
        title: fields.text("title"),
        set: fields.written_table("set"),
    };
    fields.close();
    case
}

/// Reads a scenario as [`super::read`] does, with some of its values written otherwise. Also returns the text that was
/// read.
///
/// # Errors
/// As [`super::read`]; and every edit of a value that the scenario does not hold.
pub fn read_edited(
    scenario: &Path,
    edits: &[Edit],
    sources: &Sources,
) -> Result<(Documents, String), Vec<Diagnostic>> {
    let (name, bytes) = library::scenario(scenario).map_err(|fault| vec![*fault])?;
    let text = match edited(&bytes, edits) {
        Ok(text) => text,
        Err(faults) => {
            let placed = faults.into_iter().map(|(path, fault)| {
                let placed = fault.at(&sources.place(path.at));
                match placed.code == "E965" {
                    true => placed.hint("take one of the two away; axes that move together are a list of cases"),
                    false => placed.hint(format!("a value is named by its keys, lists of tables by id or number, and must stand in {name}")),
                }
            });
            return Err(placed.collect());
        }
    };
    let documents = read_bytes(scenario, name, text.as_bytes())?;
    Ok((documents, text))
}

type Faults<'a> = Vec<(&'a Text, Diagnostic)>;

/// The text of a scenario with some values replaced. Text that is not TOML stays as it is, for the reader to say so.
fn edited<'a>(bytes: &[u8], edits: &'a [Edit]) -> Result<String, Faults<'a>> {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    let original = text.clone();
    let (table, errors) = DeTable::parse_recoverable(&original);
    if !errors.is_empty() {
        return Ok(text);
    }
    let mut faults = Vec::new();
    let mut spans = Vec::new();
    for edit in edits {
        match find(table.get_ref(), &edit.path.value) {
            Ok(span) => spans.push((span, edit)),
            Err(fault) => faults.push((&edit.path, *fault)),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // From the last to the first, so that those before stay where they are.
    spans.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for pair in spans.windows(2) {
        let [(later, second), (earlier, first)] = pair else {
            continue;
        };
        if earlier.end > later.start {
            let (first, second) = match first.path.at < second.path.at {
                true => (first, second),
                false => (second, first),
            };
            let fault = Diagnostic::error("E965", "one value of the scenario is set twice")
                .expected("every value named once")
                .found(format!(
                    "`{}` beside `{}`",
                    second.path.value, first.path.value
                ));
            faults.push((&second.path, fault));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    for (span, edit) in spans {
        text.replace_range(span, &edit.value);
    }
    Ok(text)
}

/// Where a value stands that is named by its keys.
fn find(table: &DeTable<'_>, path: &str) -> Result<std::ops::Range<usize>, Box<Diagnostic>> {
    let unknown = |word: &str, names: Vec<String>| {
        let fault = Diagnostic::error("E962", format!("the scenario has no value `{path}`"))
            .expected(format!("one of {}", names.join(", ")))
            .found(format!("`{word}`"));
        Box::new(fault.nearest(word, names.iter().map(String::as_str)))
    };
    let words: Vec<&str> = path.split('.').collect();
    let mut here: Option<(&DeValue<'_>, std::ops::Range<usize>)> = None;
    for word in &words {
        let next = match &here {
            None => member(table, word),
            Some((DeValue::Table(inner), _)) => member(inner, word),
            Some((DeValue::Array(items), _)) => {
                let named = items.iter().zip(names(items));
                let mut named = named
                    .zip(1..)
                    .map(|((item, name), number)| (item, name, number));
                let found =
                    named.find(|(_, name, number)| name == word || number.to_string() == **word);
                found
                    .map(|(item, ..)| (item.get_ref(), item.span()))
                    .ok_or_else(|| names(items))
            }
            Some(_) => Err(vec!["nothing further: this is a value".to_owned()]),
        };
        here = Some(next.map_err(|names| unknown(word, names))?);
    }
    match here {
        Some((DeValue::Table(_), _)) | None => Err(unknown(
            words.last().unwrap_or(&""),
            vec!["a value and not a table".to_owned()],
        )),
        Some((_, span)) => Ok(span),
    }
}

/// What the tables of a list are called by: their ids, or their numbers from 1.
fn names(items: &DeArray<'_>) -> Vec<String> {
    let name = |(index, item): (usize, &toml::Spanned<DeValue<'_>>)| {
        let id = item.get_ref().as_table().and_then(|table| table.get("id"));
        let id = id.and_then(|id| id.get_ref().as_str());
        id.map_or_else(|| (index + 1).to_string(), str::to_owned)
    };
    items.iter().enumerate().map(name).collect()
}

type Found<'a> = (&'a DeValue<'a>, std::ops::Range<usize>);

fn member<'a>(table: &'a DeTable<'a>, word: &str) -> Result<Found<'a>, Vec<String>> {
    let found = table.get(word).map(|value| (value.get_ref(), value.span()));
    found.ok_or_else(|| table.keys().map(|key| key.get_ref().to_string()).collect())
}

impl SweepFile {
    /// Where a text of the sweep stands.
    pub fn place(&self, text: &Text) -> Place {
        self.sources.place(text.at)
    }
}

/// A value as people see it: a text without its quotes.
pub fn unquoted(value: &Spanned<String>) -> String {
    value.value.trim_matches(['"', '\'']).to_owned()
}

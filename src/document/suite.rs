//! A benchmark suite: which series are forecast, which scenarios are timed, and what must not get worse.

use std::path::{Path, PathBuf};

use super::cells::{cell_place, filled, required};
use super::elsewhere::without_grades;
use super::fields::Fields;
use super::series::{bytes_of, shown};
use super::source::Source;
use super::table::{Row, Shape, read_table};
use super::{Input, SeriesFile, Shelf, read_series};
use crate::diagnostic::Diagnostic;
use crate::quantity::Month;

/// A suite as written; names of files are those of the suite's folder.
#[derive(Debug, Clone, Default)]
pub struct SuiteFile {
    /// The suite's folder.
    pub folder: PathBuf,
    /// The table of declared breaks, if there is one.
    pub breaks: Option<String>,
    /// What is forecast.
    pub series: Vec<SuiteSeries>,
    /// What is timed.
    pub scenarios: Vec<SuiteScenario>,
    /// By what share of the best on the same machine a scenario may be slower; `None` for any.
    pub slower_at_most: Option<f64>,
    /// The table whose months published projections are set beside, and the projections.
    pub projections: Option<(String, Vec<ProjectionRow>)>,
    /// Every file read so far, for the manifest.
    pub inputs: Vec<Input>,
    /// Faults that do not keep the rest from being read.
    pub faults: Vec<Diagnostic>,
}

/// Series of one table that are scored together.
#[derive(Debug, Clone, Default)]
pub struct SuiteSeries {
    /// What the scores are called by.
    pub id: String,
    /// For people.
    pub title: String,
    /// The table.
    pub table: String,
    /// The series of the table that are meant; empty for all.
    pub only: Vec<String>,
    /// Whether rows with a breakdown are left out.
    pub totals: bool,
    /// Codes of areas that are left out.
    pub without: Vec<String>,
    /// The last period, as written in the table; empty for no end.
    pub to: String,
    /// The least skill.
    pub skill_at_least: Option<f64>,
    /// By how much the skill may be below the best of the history.
    pub skill_may_fall: Option<f64>,
    /// The least and the largest coverage of the 80% interval.
    pub cover_80: [Option<f64>; 2],
    /// The least and the largest coverage of the 95% interval.
    pub cover_95: [Option<f64>; 2],
}

/// A scenario that is timed.
#[derive(Debug, Clone)]
pub struct SuiteScenario {
    /// What the times are called by.
    pub id: String,
    /// The scenario.
    pub file: String,
    /// How many draws.
    pub draws: usize,
    /// Of how many repetitions the shortest counts.
    pub repetitions: usize,
}

/// One edition of somebody else's projections.
#[derive(Debug, Clone)]
pub struct ProjectionRow {
    /// Its name.
    pub edition: String,
    /// The last month with a figure that was known then.
    pub start: Month,
    /// The month that is projected.
    pub target: Month,
    /// The lower end of its range.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// What was recorded; `None` where nothing is known yet.
    pub recorded: Option<f64>,
    /// When, and by whom.
    pub recorded_on: String,
}

/// Reads a suite and its table of projections; the other files that it names are read by those who use them.
///
/// # Errors
/// Every fault of the suite, when there is one.
pub fn read_suite(path: &Path) -> Result<SuiteFile, Vec<Diagnostic>> {
    let mut shelf = Shelf::default();
    let mut suite = SuiteFile::default();
    let mut tables = None;
    if let Some(bytes) = bytes_of(path, "a suite in TOML", &mut shelf)
        && let Some((read, named)) = shelf.toml(shown(path), &bytes, suite_file)
    {
        (suite, tables) = (read, named);
    }
    suite.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if let Some([months, editions]) = tables {
        let path = suite.folder.join(editions);
        if let Some(bytes) = bytes_of(&path, "a CSV table of projections", &mut shelf) {
            suite.projections = Some((months, shelf.table(shown(&path), &bytes, projection_rows)));
        }
    }
    let mut faults = shelf.stopping;
    faults.extend(shelf.documents.faults.into_iter().map(without_grades));
    suite.inputs = shelf.documents.inputs;
    match faults.is_empty() {
        true => Ok(suite),
        false => Err(faults),
    }
}

impl SuiteFile {
    /// The table of a series, with the rows that are meant and the declared breaks.
    ///
    /// # Errors
    /// As [`read_series`].
    pub fn read(&self, series: &SuiteSeries) -> Result<SeriesFile, Vec<Diagnostic>> {
        let breaks = self.breaks.as_ref().map(|name| self.folder.join(name));
        let table = self.folder.join(&series.table);
        let mut file = read_series(&table, &[], breaks.as_deref())?;
        let breakdown = file.strata.iter().position(|name| name == "breakdown");
        let is_part = |strata: &[String]| {
            let part = breakdown.and_then(|column| strata.get(column));
            part.is_some_and(|part| !part.is_empty())
        };
        file.asked = series.only.clone();
        let is_later = |period: &String| !series.to.is_empty() && *period > series.to;
        file.rows.retain(|row| {
            let is_left_out = series.totals && is_part(&row.strata);
            !(is_left_out || is_later(&row.period) || series.without.contains(&row.area_code))
        });
        Ok(file)
    }
}

/// The suite, and the names of the tables of months and of projections.
type Named = (SuiteFile, Option<[String; 2]>);

pub(super) fn suite_file(fields: Fields<'_>) -> Named {
    let text = |fields: &Fields<'_>, key| fields.text(key).value;
    let mut suite = SuiteFile {
        breaks: fields.optional_text("breaks").map(|text| text.value),
        slower_at_most: fields.number("slower_at_most").map(|number| number.value),
        ..SuiteFile::default()
    };
    let mut ids = Vec::new();
    for series in fields.tables("series") {
        refuse_twice(&series, &mut ids);
        suite.series.push(suite_series(series));
    }
    for scenario in fields.tables("scenario") {
        refuse_twice(&scenario, &mut ids);
        let count = |key| {
            let number = scenario.whole(key).map(|number| number.value);
            usize::try_from(number.unwrap_or(1).max(1)).unwrap_or(1)
        };
        suite.scenarios.push(SuiteScenario {
            id: text(&scenario, "id"),
            file: text(&scenario, "file"),
            draws: count("draws"),
            repetitions: count("repetitions"),
        });
        scenario.close();
    }
    let tables = fields.optional_table("projections").map(|projections| {
        let names = [text(&projections, "months"), text(&projections, "table")];
        projections.close();
        names
    });
    fields.close();
    (suite, tables)
}

/// Scores are called by these ids, so each stands once.
fn refuse_twice(fields: &Fields<'_>, ids: &mut Vec<String>) {
    let Some(id) = fields.has_text("id") else {
        return;
    };
    if ids.contains(&id.value) {
        let fault = Diagnostic::error("E109", format!("the id `{}` stands twice", id.value))
            .expected("an id of its own for every series and scenario")
            .found(format!("`{}`", id.value))
            .hint("rename one of them");
        fields.report(id.at, fault);
    }
    ids.push(id.value);
}

fn suite_series(fields: Fields<'_>) -> SuiteSeries {
    let texts = |key| {
        fields
            .texts(key)
            .into_iter()
            .map(|text| text.value)
            .collect()
    };
    let number = |key| fields.number(key).map(|number| number.value);
    let series = SuiteSeries {
        id: fields.text("id").value,
        title: fields.text("title").value,
        table: fields.text("table").value,
        only: texts("series"),
        totals: fields.flag("totals"),
        without: texts("without"),
        to: fields.text_or("to", "").value,
        skill_at_least: number("skill_at_least"),
        skill_may_fall: number("skill_may_fall"),
        cover_80: [number("cover_80_at_least"), number("cover_80_at_most")],
        cover_95: [number("cover_95_at_least"), number("cover_95_at_most")],
    };
    fields.close();
    series
}

fn projection_rows(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> Vec<ProjectionRow> {
    let shape = Shape {
        columns: &[
            "edition",
            "start",
            "target",
            "low",
            "high",
            "recorded",
            "recorded_on",
        ],
        n_required: 7,
        is_closed: false,
    };
    let mut rows = Vec::new();
    read_table(source, file, &shape, faults, |row, faults| {
        let edition = filled(source, row, 0, "edition", faults);
        let months = [1, 2].map(|wanted| month(source, row, wanted, faults));
        let [low, high] = [(3, "low"), (4, "high")]
            .map(|(wanted, name)| required(source, row, wanted, name, faults));
        if low > high {
            let fault = Diagnostic::error("E304", "`low` is above `high`")
                .at(&cell_place(source, row, 3))
                .expected(format!("at most {high}, the upper end"))
                .found(low.to_string());
            faults.push(fault);
        }
        let recorded = match row.cell(5) {
            "" => None,
            _ => Some(required(source, row, 5, "recorded", faults)),
        };
        if let [Some(start), Some(target)] = months {
            rows.push(ProjectionRow {
                edition,
                start,
                target,
                low,
                high,
                recorded,
                recorded_on: row.cell(6).to_owned(),
            });
        }
    });
    rows
}

fn month(
    source: &Source,
    row: &Row<'_>,
    wanted: usize,
    faults: &mut Vec<Diagnostic>,
) -> Option<Month> {
    let month = Month::parse(row.cell(wanted));
    if month.is_none() {
        faults.push(
            Diagnostic::error("E306", "this is not a month")
                .at(&cell_place(source, row, wanted))
                .expected("a month from 1900-01 to 2200-12, such as 2025-04")
                .found(format!("`{}`", row.cell(wanted))),
        );
    }
    month
}

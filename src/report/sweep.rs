//! A sweep to a table and a page: the appraisal of every case, side by side.

use std::path::Path;

use serde::Serialize;

use super::chart::{Group, IntervalChart, Item};
use super::csv::Csv;
use super::number::exact;
use super::page::render;
use super::page::view::{Figure, Table};
use super::{VERSION, WriteError, commit};

/// A finished sweep.
pub struct SweepReport {
    /// For people.
    pub title: String,
    /// What distinguishes cases: a name for each column of [`SweptCase::words`].
    pub axes: Vec<String>,
    /// The cases, in order.
    pub cases: Vec<SweptCase>,
    /// The measures of the appraisal that are charted.
    pub measures: Vec<String>,
    /// The command, as one would type it.
    pub command: String,
}

/// One case, and the appraisal that it came to.
pub struct SweptCase {
    /// The name of its folder.
    pub name: String,
    /// What it is, by axis.
    pub words: Vec<String>,
    /// Column names of its `appraisal.csv`, then its rows.
    pub appraisal: Vec<Vec<String>>,
}

/// The appraisal in the folder of a finished case: column names, then rows.
///
/// # Errors
/// When the file cannot be read.
pub fn appraisal_of(folder: &Path) -> Result<Vec<Vec<String>>, WriteError> {
    let path = folder.join("appraisal.csv");
    let at = |error: csv::Error| WriteError::Io(path.clone(), std::io::Error::other(error));
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).from_path(&path).map_err(at)?;
    let rows = reader.into_records();
    rows.map(|row| Ok(row.map_err(at)?.iter().map(str::to_owned).collect()))
        .collect()
}

impl SweptCase {
    /// The cells of a row, by the names of their columns.
    fn cells<'a>(&'a self, row: &'a [String], names: &[&str]) -> Vec<&'a str> {
        let header = self.appraisal.first();
        let column = |name: &&str| header?.iter().position(|other| other == name);
        let cell = |name| column(name).and_then(|column| row.get(column));
        names
            .iter()
            .map(|name| cell(name).map_or("", String::as_str))
            .collect()
    }

    fn rows(&self) -> &[Vec<String>] {
        self.appraisal.get(1..).unwrap_or_default()
    }

    /// The measures of its appraisal, each once.
    pub fn measures(&self) -> Vec<String> {
        let mut measures: Vec<String> = Vec::new();
        for row in self.rows() {
            let measure = self.cells(row, &["measure"])[0];
            if !measures.iter().any(|other| other == measure) {
                measures.push(measure.to_owned());
            }
        }
        measures
    }

    fn label(&self) -> String {
        self.words.join(", ")
    }
}

/// The files of a sweep beside its cases.
///
/// # Errors
/// When the page cannot be made: a fault of this program.
pub fn sweep_files(sweep: &SweepReport) -> Result<Vec<(&'static str, Vec<u8>)>, WriteError> {
    let template = include_str!("sweep.html");
    let page = render("sweep.html", template, Page::of(sweep));
    let page = page.map_err(|error| WriteError::Page(error.to_string()))?;
    Ok(vec![
        ("sweep.csv", table(sweep)),
        ("sweep.html", page.into_bytes()),
    ])
}

/// A line for every case and row of its appraisal.
fn table(sweep: &SweepReport) -> Vec<u8> {
    let header = sweep.cases.first().and_then(|case| case.appraisal.first());
    let header: Vec<&str> = header.into_iter().flatten().map(String::as_str).collect();
    let names = sweep.axes.iter().map(String::as_str);
    let names: Vec<&str> = std::iter::once("case")
        .chain(names)
        .chain(header.iter().copied())
        .collect();
    let mut table = Csv::new(&names);
    for case in &sweep.cases {
        for row in case.rows() {
            let mut cells = vec![case.name.clone()];
            cells.extend(case.words.iter().cloned());
            cells.extend(case.cells(row, &header).into_iter().map(str::to_owned));
            table.cells(&cells);
        }
    }
    table.into_bytes()
}

/// What the template is given.
#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    about: String,
    figures: Vec<Figure>,
    cases: Table,
    command: &'a str,
    version: &'static str,
    commit: &'static str,
}

impl Page<'_> {
    fn of(sweep: &SweepReport) -> Page<'_> {
        let mut cases = Table::new("The cases", &["Case"], 1 + sweep.axes.len());
        cases.header.extend(sweep.axes.iter().cloned());
        cases.rows.extend(sweep.cases.iter().map(|case| {
            std::iter::once(case.name.clone())
                .chain(case.words.iter().cloned())
                .collect()
        }));
        let charted = sweep.measures.iter().enumerate();
        Page {
            title: &sweep.title,
            about: format!(
                "{} cases of one scenario, which differ in: {}. Every case was run by itself with the same luck, and its own report stands in the folder of its name.",
                sweep.cases.len(),
                sweep.axes.join("; ")
            ),
            figures: charted
                .filter_map(|(index, measure)| figure(sweep, index, measure))
                .collect(),
            cases,
            command: &sweep.command,
            version: VERSION,
            commit: commit(),
        }
    }
}

/// One estimate of a case.
struct Point<'a> {
    case: &'a SweptCase,
    option: &'a str,
    unit: &'a str,
    middle: f64,
    interval: (f64, f64),
}

/// A measure in every case, by option.
fn figure(sweep: &SweepReport, index: usize, measure: &str) -> Option<Figure> {
    let points: Vec<Point<'_>> = sweep
        .cases
        .iter()
        .flat_map(|case| points(case, measure))
        .collect();
    let unit = points.first()?.unit;
    let mut options: Vec<&str> = Vec::new();
    for point in &points {
        if !options.contains(&point.option) {
            options.push(point.option);
        }
    }
    let title = format!("{} in every case", measure.replace('_', " "));
    let mut numbers = Table::new(title.clone(), &["Option", "Case"], 2);
    numbers
        .header
        .extend(["Mean", "5%", "95%"].map(str::to_owned));
    let show = |value: f64| {
        if value.is_nan() {
            String::new()
        } else {
            exact(value, unit)
        }
    };
    let groups = options.iter().enumerate().map(|(style, option)| Group {
        label: option.replace(['-', '_'], " "),
        items: points
            .iter()
            .filter(|point| point.option == *option)
            .map(|point| {
                let cells = [point.middle, point.interval.0, point.interval.1].map(show);
                let words = [(*option).to_owned(), point.case.label()];
                numbers
                    .rows
                    .push(words.into_iter().chain(cells.clone()).collect());
                Item {
                    label: point.case.label(),
                    style: style % 4,
                    middle: point.middle,
                    interval: point.interval,
                    words: cells[0].clone(),
                }
            })
            .collect(),
    });
    let note = format!(
        "Means and 90% ranges of {} over the {} cases.",
        measure.replace('_', " "),
        sweep.cases.len()
    );
    let id = format!("measure-{index}");
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &note,
        unit,
        has_bars: false,
        groups: groups.collect(),
    };
    Some(Figure {
        svg: chart.svg(),
        id,
        title,
        note,
        table: numbers,
    })
}

/// What a case says of a measure, over all payers or people.
fn points<'a>(case: &'a SweptCase, measure: &str) -> Vec<Point<'a>> {
    let names = [
        "measure",
        "perspective",
        "option",
        "unit",
        "mean",
        "p05",
        "p95",
    ];
    let rows = case.rows().iter().map(|row| case.cells(row, &names));
    let of_all = rows.filter(|cells| cells[0] == measure && WHOLE.contains(&cells[1]));
    let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let points = of_all.map(|cells| Point {
        case,
        option: cells[2],
        unit: cells[3],
        middle: number(cells[4]),
        interval: (number(cells[5]), number(cells[6])),
    });
    points.filter(|point| point.middle.is_finite()).collect()
}

/// The perspectives that are not of one payer.
const WHOLE: [&str; 2] = [crate::appraise::PUBLIC_SECTOR, crate::appraise::PEOPLE];

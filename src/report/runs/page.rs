//! What changed between two runs, as a page: what the terminal says, with the tables and charts behind it.

use serde::Serialize;

use super::RunsReport;
use super::tables::fields;
use super::text::{NO_INPUTS, NO_TRACK, NO_VERDICT};
use super::verdict;
use crate::report::VERSION;
use crate::report::chart::{Line, TimeChart};
use crate::report::number::{exact, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table};
use crate::summarise::TrackLine;

/// So many rows of a table stand on the page; the CSV files have them all.
const SHOWN: usize = 100;

/// So many series of the track are drawn; the CSV file has them all.
const DRAWN: usize = 24;

/// A sentence, and what stands below it.
type Told = (String, Vec<String>);

#[derive(Serialize)]
struct Page {
    title: String,
    then: String,
    now: String,
    is_one_question: bool,
    inputs: Vec<Told>,
    parameters: Table,
    answers: Vec<Told>,
    changed: Table,
    verdict: Vec<Told>,
    track: Vec<Told>,
    figures: Vec<Figure>,
    version: &'static str,
}

impl RunsReport<'_> {
    /// The page.
    ///
    /// # Errors
    /// When the template is at fault.
    pub fn page(&self) -> Result<String, minijinja::Error> {
        let (a, b) = (&self.a.name, &self.b.name);
        let page = Page {
            title: format!("What changed from {a} to {b}"),
            then: a.clone(),
            now: b.clone(),
            is_one_question: self.changes.is_one_question,
            inputs: nested(self.inputs_told(), NO_INPUTS),
            parameters: self.parameters_shown(),
            answers: nested(self.answers_told(), ""),
            changed: self.answers_shown(),
            verdict: nested(self.verdict_told(), NO_VERDICT),
            track: nested(self.track_told(), NO_TRACK),
            figures: self.tracks(),
            version: VERSION,
        };
        render("compare.html", include_str!("../compare.html"), page)
    }

    fn parameters_shown(&self) -> Table {
        let header = ["Parameter", "Of whom", "From", "What", "Then", "Now"];
        let mut table = Table::new("Numbers that went in and changed", &header, 6);
        let changes = self.changes.parameters.iter();
        let rows = changes.flat_map(|change| {
            let fields = fields(change).into_iter();
            fields.map(|(what, a, b)| {
                let [id, keys, from] = &change.key;
                [id, keys, from, what, a, b].map(str::to_owned).to_vec()
            })
        });
        table.rows.extend(rows.take(SHOWN));
        table
    }

    fn answers_shown(&self) -> Table {
        let header = [
            "Measure",
            "Breakdown",
            "Place",
            "Year",
            "Option",
            "Then",
            "Now",
            "Difference",
            "More than chance",
        ];
        let mut table = Table::new("Answers that changed most", &header, 5);
        let changes = self.changes.answers.iter().filter(|change| {
            change.is_headline && change.is_beyond_chance != Some(false) && change.a != change.b
        });
        let rows = changes.map(|change| {
            let [option, _, measure, breakdown, period] = &change.key;
            let show = |value: f64| exact(value, &change.unit);
            let mut row = vec![self.title(measure), breakdown.clone()];
            row.extend([&change.area_name, period, option].map(String::clone));
            row.extend([show(change.a), show(change.b)]);
            row.extend([
                signed(change.b - change.a, show),
                verdict(change).to_owned(),
            ]);
            row
        });
        table.rows.extend(rows.take(SHOWN));
        table
    }

    /// A chart for every measure and area of which something was recorded since.
    fn tracks(&self) -> Vec<Figure> {
        let lines = &self.changes.track.lines;
        let series = lines.chunk_by(|x, y| x.key[..2] == y.key[..2]);
        let series = series.enumerate().take(DRAWN);
        series
            .map(|(n, lines)| self.tracked_figure(n, lines))
            .collect()
    }

    fn tracked_figure(&self, number: usize, lines: &[TrackLine]) -> Figure {
        let title = self.tracked_title(lines);
        let periods: Vec<String> = lines.iter().map(|line| line.key[2].clone()).collect();
        let id = format!("track-{number}");
        let description = format!(
            "Line chart by financial year: the earlier forecast with its ranges, and as points what was recorded since. {title}. The table after the chart has every number."
        );
        let chart = TimeChart {
            id: &id,
            title: &title,
            description: &description,
            unit: &lines[0].unit,
            periods: &periods,
            start: None,
            lines: drawn(lines),
        };
        let cut = match chart.is_cut() {
            true => " The upright axis does not begin at zero.",
            false => "",
        };
        let note = format!(
            "The inner band of the forecast holds half of its draws and the outer band nine in ten; points are what was recorded.{cut}"
        );
        let (svg, table) = (chart.svg(), self.tracked_table(lines));
        Figure {
            id,
            title,
            svg,
            note,
            table,
        }
    }

    fn tracked_table(&self, lines: &[TrackLine]) -> Table {
        let header = [
            "Year",
            "Recorded",
            "Forecast",
            "5%",
            "25%",
            "75%",
            "95%",
            "In the 90% range",
        ];
        let caption = format!("{} ({})", self.title(&lines[0].key[0]), lines[0].unit);
        let mut table = Table::new(caption, &header, 1);
        for line in lines {
            let numbers = [line.recorded, line.forecast]
                .into_iter()
                .chain(line.quantiles);
            let mut row = vec![line.key[2].clone()];
            row.extend(numbers.map(|value| exact(value, &line.unit)));
            row.push(match line.is_inside() {
                Some((_, true)) => "yes".to_owned(),
                Some((_, false)) => "no".to_owned(),
                None => exact(f64::NAN, ""),
            });
            table.rows.push(row);
        }
        table
    }

    fn tracked_title(&self, lines: &[TrackLine]) -> String {
        let named = format!("{}, {}", self.title(&lines[0].key[0]), lines[0].area_name);
        let known = lines.iter().filter_map(TrackLine::is_inside);
        let (n, inside) = known.fold((0, 0), |(n, inside), it| {
            (n + 1, inside + usize::from(it.1))
        });
        match n {
            0 => format!("{named}: what was forecast, and what was recorded since"),
            n => format!(
                "{named}: {inside} of {n} figures recorded since lie within the 90% range of the forecast"
            ),
        }
    }
}

/// The forecast with its ranges, and the record as points.
fn drawn(lines: &[TrackLine]) -> Vec<Line> {
    let band = |low: usize, high: usize| {
        let ends = lines
            .iter()
            .map(|line| (line.quantiles[low], line.quantiles[high]));
        ends.collect()
    };
    let forecast = Line {
        label: "Forecast then".to_owned(),
        style: 0,
        values: lines.iter().map(|line| line.forecast).collect(),
        bands: vec![band(0, 3), band(1, 2)],
        outline: None,
    };
    let recorded = Line {
        label: "Recorded since".to_owned(),
        style: 4,
        values: lines.iter().map(|line| line.recorded).collect(),
        bands: Vec::new(),
        outline: None,
    };
    vec![forecast, recorded]
}

/// Sentences that are led by spaces stand below the one before them.
fn nested(told: Vec<String>, otherwise: &str) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    for line in told {
        match (line.strip_prefix("  "), found.last_mut()) {
            (Some(inner), Some((_, below))) => below.push(inner.to_owned()),
            _ => found.push((line, Vec::new())),
        }
    }
    if found.is_empty() {
        found.push((otherwise.to_owned(), Vec::new()));
    }
    found
}

//! The data log: what was recorded, by whom and until when, what broke it, and what else the report shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::Run;
use super::view::Table;

/// The section.
#[derive(Serialize)]
pub(super) struct DataView {
    /// How much there is.
    sentences: Vec<String>,
    /// Series, breaks and context, those that there are.
    tables: Vec<Table>,
}

/// What the report rests on beside its assumptions.
pub(super) fn data(run: &Run) -> DataView {
    let tables: Vec<Table> = [recorded(run), breaks(run), context(run)]
        .into_iter()
        .flatten()
        .collect();
    let n = run.plan.recorded.len();
    let first = match n {
        0 => "Nothing recorded of these areas is in the profile.".to_owned(),
        n => format!(
            "{n} recorded figures stand beside the model’s. The keys of sources are explained in the profile’s SOURCES.md."
        ),
    };
    let people = "The figures are published counts of people and events. No record of any person is among the inputs.";
    DataView {
        sentences: vec![first, people.to_owned()],
        tables,
    }
}

/// First and last period, figures and areas of a series and source.
type Extent<'a> = (&'a str, &'a str, usize, Vec<&'a str>);

fn recorded(run: &Run) -> Option<Table> {
    let mut series: BTreeMap<(&str, &str), Extent> = BTreeMap::new();
    for record in &run.plan.recorded {
        let key = (record.measure.as_str(), record.source.as_str());
        let period = record.period.as_str();
        let known = series.entry(key).or_insert((period, period, 0, Vec::new()));
        known.0 = known.0.min(period);
        known.1 = known.1.max(period);
        known.2 += 1;
        if !known.3.contains(&record.area_code.as_str()) {
            known.3.push(&record.area_code);
        }
    }
    let header = ["Series", "Source", "From", "To", "Figures", "Places"];
    let mut table = Table::new("Recorded series that the model is set beside", &header, 4);
    for ((measure, source), (from, to, n, areas)) in series {
        let found = run.forecast.layout.find(measure, "");
        let title = found.map_or(measure.replace('_', " "), |series| {
            run.forecast.layout.series[series].title.clone()
        });
        let numbers = [n.to_string(), areas.len().to_string()];
        let words = [title, source.to_owned(), from.to_owned(), to.to_owned()];
        table.rows.push(words.into_iter().chain(numbers).collect());
    }
    (!table.rows.is_empty()).then_some(table)
}

fn breaks(run: &Run) -> Option<Table> {
    let header = ["Series", "From", "Until", "Why", "Source"];
    let mut table = Table::new("What is declared to have broken a series", &header, 5);
    for broken in &run.plan.breaks {
        table.rows.push(vec![
            broken.measure.replace('_', " "),
            broken.from.to_string(),
            broken
                .to
                .map_or("goes on".to_owned(), |to| to.plus(-1).to_string()),
            broken.reason.clone(),
            broken.source.clone(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn context(run: &Run) -> Option<Table> {
    let header = ["Series", "Unit", "Source", "Latest", "Figures"];
    let mut table = Table::new("Series that are shown and not computed with", &header, 4);
    for series in &run.plan.context {
        let figures = &series.figures;
        let latest = figures.iter().map(|figure| figure.period.as_str()).max();
        table.rows.push(vec![
            series.title.clone(),
            distinct(figures.iter().map(|figure| figure.unit.as_str())),
            distinct(figures.iter().map(|figure| figure.source.as_str())),
            latest.unwrap_or_default().to_owned(),
            figures.len().to_string(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Words that stand for several figures: each once, in the order of their first.
pub(super) fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut found: Vec<&str> = Vec::new();
    for word in words {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found.join("; ")
}

//! How well forecasts have come true before: what the benchmark shipped with the program says, and what it does not.

use serde::Serialize;

use super::super::{Run, number};
use super::view::Table;

/// The section.
#[derive(Serialize)]
pub(super) struct RecordView {
    /// What is known, and what is not.
    sentences: Vec<String>,
    /// The benchmark's groups of series.
    table: Option<Table>,
}

/// Runs of the benchmark, the last one last.
const HISTORY: &str = include_str!("../../../benchmark-history.csv");

/// The groups of the shipped suite: id, and what they are.
const GROUPS: [(&str, &str); 4] = [
    ("prison_arrivals", "Arrivals in prison, councils"),
    ("reconvictions", "Reconvictions"),
    ("prison_population", "Prison population"),
    ("social_work", "Justice social work, national"),
];

/// What is known of earlier forecasts.
pub(super) fn record(run: &Run) -> RecordView {
    let own = "This run holds no back-test of the whole model: how well its forecasts would have come true in these areas cannot be told from it. `needscast backtest` with the same scenario makes one.";
    let carried = run.plan.fittings.iter().any(|f| f.ahead_years > 0);
    let table = benchmark(HISTORY).filter(|_| carried);
    let mut sentences = vec![own.to_owned()];
    if let Some((version, date, table)) = &table {
        sentences.push(format!(
            "The yearly rates of this model are carried forward from their history by a method that has been tested on shipped series, with what came later hidden (needscast {version}, {date}). {}",
            brief(table)
        ));
    }
    RecordView {
        sentences,
        table: table.map(|(_, _, table)| table),
    }
}

/// The version, the date and the groups of the last run of the benchmark.
fn benchmark(history: &str) -> Option<(String, String, Table)> {
    let mut lines = history.lines();
    let header: Vec<&str> = lines.next()?.split(',').collect();
    let last: Vec<&str> = lines.next_back()?.split(',').collect();
    let of = |name: &str| {
        let column = header.iter().position(|column| *column == name)?;
        last.get(column).copied()
    };
    let columns = [
        "Series",
        "Better than the best simple method",
        "In its 80% interval",
        "In its 95% interval",
    ];
    let mut table = Table::new(
        "Earlier forecasts of shipped series, scored against the record",
        &columns,
        1,
    );
    for (id, title) in GROUPS {
        let value = |what: &str| of(&format!("{id}_{what}"))?.parse::<f64>().ok();
        let (Some(skill), Some(in_80), Some(in_95)) =
            (value("skill"), value("cover_80"), value("cover_95"))
        else {
            continue;
        };
        table.rows.push(vec![
            title.to_owned(),
            number::signed(skill, |v| number::percent(v, 0)),
            number::percent(in_80, 0),
            number::percent(in_95, 0),
        ]);
    }
    Some((of("version")?.to_owned(), of("date")?.to_owned(), table))
}

/// Which series are told better than by the best simple method, and which are not.
fn brief(table: &Table) -> String {
    let (better, not): (Vec<_>, Vec<_>) =
        table.rows.iter().partition(|row| row[1].starts_with('+'));
    let names = |rows: &[&Vec<String>]| -> String {
        let names: Vec<String> = rows
            .iter()
            .map(|row| format!("{} ({})", number::lower_first(&row[0]), row[1]))
            .collect();
        number::list(&names)
    };
    let mut told = Vec::new();
    if !better.is_empty() {
        told.push(format!(
            "Its mean score is better than that of the best of four simple methods for {}",
            names(&better)
        ));
    }
    if !not.is_empty() {
        let lead = if told.is_empty() {
            "Its mean score is"
        } else {
            "it is"
        };
        told.push(format!("{lead} no better for {}", names(&not)));
    }
    told.join("; ") + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_the_history_is_told() {
        let history = "version,commit,date,reconvictions_skill,reconvictions_cover_80,reconvictions_cover_95\n\
                       1,a,2025-01-01,0.5,0.5,0.5\n2,b,2026-01-01,-0.04,0.81,0.96\n";
        let (version, date, table) = benchmark(history).unwrap();
        assert_eq!((version.as_str(), date.as_str()), ("2", "2026-01-01"));
        assert_eq!(
            table.rows,
            [["Reconvictions", "−4%", "81%", "96%"].map(str::to_owned)]
        );
        assert_eq!(
            brief(&table),
            "Its mean score is no better for reconvictions (−4%)."
        );
    }

    #[test]
    fn the_shipped_history_has_every_group() {
        let (.., table) = benchmark(HISTORY).unwrap();
        assert_eq!(table.rows.len(), GROUPS.len());
    }
}

//! The charts of fitted against recorded: every series of the whole, and every area.

use super::CalibrationRun;
use super::years::Years;
use crate::quantity::FinancialYear;
use crate::report::chart::{Multiples, Panel};
use crate::report::number::exact;
use crate::report::page::view::{Figure, Table};
use crate::summarise::FitLine;

/// How many areas a measure must have a record of to be drawn by area, and how many years.
const FEWEST: (usize, usize) = (2, 3);

/// The lines of one place and measure, and what they are called.
type Told<'a> = (String, Vec<&'a FitLine>);

/// Every measure of the whole, small.
pub(super) fn whole(run: &CalibrationRun) -> Option<Figure> {
    let total = &run.before.total;
    let lines = run.fit.lines.iter();
    let lines: Vec<&FitLine> = lines.filter(|line| line.area.code == total.code).collect();
    let mut measures: Vec<(&str, &str)> = lines.iter().map(|line| measure_of(line)).collect();
    measures.dedup();
    let told = |(measure, title): (&str, &str)| {
        let of = lines.iter().copied().filter(|line| line.measure == measure);
        (title.to_owned(), of.collect())
    };
    let panels: Vec<Told> = measures.into_iter().map(told).collect();
    let title = format!("{}: every recorded series and the fitted model", total.name);
    figure(run, ("whole".to_owned(), title), 2, &panels)
}

fn measure_of(line: &FitLine) -> (&str, &str) {
    (line.measure.as_str(), line.title.as_str())
}

/// Every area, small, by measure that areas have a record of; the whole first.
pub(super) fn by_area(run: &CalibrationRun) -> Vec<Figure> {
    let mut measures: Vec<(&str, &str)> = Vec::new();
    for line in &run.fit.lines {
        if !measures.contains(&measure_of(line)) {
            measures.push(measure_of(line));
        }
    }
    let figures = measures.into_iter().filter_map(|(measure, title)| {
        let lines = run.fit.lines.iter().filter(|line| line.measure == measure);
        let lines: Vec<&FitLine> = lines.collect();
        let place = |code: &str| -> Vec<&FitLine> {
            let here = lines.iter().copied().filter(|line| line.area.code == code);
            here.collect()
        };
        let areas = run.before.areas.iter();
        let areas = areas.map(|area| (area.name.clone(), place(&area.code)));
        let mut areas: Vec<Told> = areas.filter(|(_, lines)| lines.len() >= FEWEST.1).collect();
        let n = areas.len();
        areas.sort_by(|a, b| a.0.cmp(&b.0));
        let total = &run.before.total;
        let whole = Some(place(&total.code)).filter(|lines| !lines.is_empty());
        areas.splice(0..0, whole.map(|lines| (total.name.clone(), lines)));
        let named = (format!("areas-{measure}"), format!("{title}: {n} areas"));
        (n >= FEWEST.0).then(|| figure(run, named, 4, &areas))?
    });
    figures.collect()
}

fn figure(
    run: &CalibrationRun,
    (id, title): (String, String),
    columns: usize,
    panels: &[Told],
) -> Option<Figure> {
    let lines = panels.iter().flat_map(|(_, lines)| lines);
    let years = Years::of(
        run,
        lines.filter_map(|line| FinancialYear::parse(&line.period)),
    )?;
    let header = [
        "Series", "Year", "Recorded", "Modelled", "5%", "95%", "Fitted",
    ];
    let mut table = Table::new(title.clone(), &header, 2);
    let drawn: Vec<Panel> = panels
        .iter()
        .map(|told| panel(run, &years, told, &mut table))
        .collect();
    let lines = panels.iter().flat_map(|(_, lines)| lines);
    let n_inside = lines.filter(|line| line.is_inside == Some(true)).count();
    let inside = format!(
        "{n_inside} of {} recorded figures lie within the model's 90% range.",
        table.rows.len()
    );
    let description = format!(
        "{} small line charts by financial year, {}. {inside} The table after the chart has every number.",
        drawn.len(),
        years.span()
    );
    let mut note = "Points are what was recorded, full where a multiplier is fitted to them; the line is the mean of the draws \
                    and the band their 90% range. Every axis begins at zero and is the panel's own."
        .to_owned();
    if years.held_out.is_some() {
        note += " Shaded years are held out: nothing is fitted to them.";
    }
    let chart = Multiples {
        id: &id,
        title: &title,
        description: &description,
        periods: &years.names,
        held_out: years.held_out,
        columns,
        panels: drawn,
    };
    Some(Figure {
        svg: chart.svg(),
        note: format!("{note} {inside}"),
        id,
        title,
        table,
    })
}

/// One small chart, and its rows of the table.
fn panel(run: &CalibrationRun, years: &Years, (label, lines): &Told, table: &mut Table) -> Panel {
    let unit = lines
        .first()
        .map_or(String::new(), |line| line.unit.clone());
    let mut panel = years.panel(label, unit);
    for line in lines {
        let Some(at) = years.names.iter().position(|name| *name == line.period) else {
            continue;
        };
        let is_whole = line.area.code == run.before.total.code;
        let is_fitted = run.is_fitted(&line.measure, is_whole, &line.period);
        let e = &line.modelled;
        panel.line[at] = e.mean;
        panel.band[at] = (e.p05, e.p95);
        panel.points[at] = (line.recorded, is_fitted);
        let mut row = vec![label.clone(), line.period.clone()];
        let numbers = [line.recorded, e.mean, e.p05, e.p95];
        row.extend(numbers.map(|value| exact(value, &line.unit)));
        let is_held_out = years.held_out.is_some_and(|held| at >= held);
        let words = match (is_fitted, is_held_out) {
            (true, _) => "yes",
            (false, true) => "held out",
            (false, false) => "no",
        };
        row.push(words.to_owned());
        table.rows.push(row);
    }
    panel
}

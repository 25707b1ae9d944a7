//! The charts of a calibration: fitted against recorded, prior against posterior, and multipliers year by year.

use super::CalibrationRun;
use super::numbers::Shown;
use crate::calibrate::Learnt;
use crate::compile::Law;
use crate::quantity::FinancialYear;
use crate::report::chart::{Group, IntervalChart, Item, Multiples, Panel};
use crate::report::number::{exact, grouped, lower_first, percent};
use crate::report::page::view::{Figure, Table};
use crate::summarise::FitLine;

/// How many areas a measure must have a record of to be drawn by area, and how many years.
const FEWEST: (usize, usize) = (2, 3);

/// Every measure of the whole, small.
pub(super) fn whole(run: &CalibrationRun) -> Option<Figure> {
    let total = &run.before.total.code;
    let lines: Vec<&FitLine> = run
        .fit
        .lines
        .iter()
        .filter(|line| line.area.code == *total)
        .collect();
    let mut measures: Vec<&str> = lines.iter().map(|line| line.measure.as_str()).collect();
    measures.dedup();
    let panels = measures.iter().map(|measure| {
        let of = lines
            .iter()
            .copied()
            .filter(|line| line.measure == **measure);
        (
            of.clone()
                .next()
                .map_or(String::new(), |line| line.title.clone()),
            of.collect(),
        )
    });
    let panels: Vec<(String, Vec<&FitLine>)> = panels.collect();
    let place = &run.before.total.name;
    let title = format!("{place}: every recorded series and the fitted model");
    figure(run, ("whole".to_owned(), title), 2, &panels)
}

/// Every area, small, by measure that areas have a record of; the whole first.
pub(super) fn by_area(run: &CalibrationRun) -> Vec<Figure> {
    let total = &run.before.total.code;
    let mut measures: Vec<(&str, &str)> = Vec::new();
    for line in &run.fit.lines {
        let known = (line.measure.as_str(), line.title.as_str());
        if !measures.contains(&known) {
            measures.push(known);
        }
    }
    let figures = measures.into_iter().filter_map(|(measure, title)| {
        let lines: Vec<&FitLine> = run
            .fit
            .lines
            .iter()
            .filter(|line| line.measure == measure)
            .collect();
        let place = |code: &str| -> Vec<&FitLine> {
            lines
                .iter()
                .copied()
                .filter(|line| line.area.code == code)
                .collect()
        };
        let mut areas: Vec<(String, Vec<&FitLine>)> = run
            .before
            .areas
            .iter()
            .map(|area| (area.name.clone(), place(&area.code)))
            .filter(|(_, lines)| lines.len() >= FEWEST.1)
            .collect();
        if areas.len() < FEWEST.0 {
            return None;
        }
        areas.sort_by(|a, b| a.0.cmp(&b.0));
        let n = areas.len();
        let whole = place(total);
        if !whole.is_empty() {
            areas.insert(0, (run.before.total.name.clone(), whole));
        }
        figure(
            run,
            (format!("areas-{measure}"), format!("{title}: {n} areas")),
            4,
            &areas,
        )
    });
    figures.collect()
}

fn figure(
    run: &CalibrationRun,
    (id, title): (String, String),
    columns: usize,
    panels: &[(String, Vec<&FitLine>)],
) -> Option<Figure> {
    let years = panels.iter().flat_map(|(_, lines)| lines.iter());
    let years = years.filter_map(|line| FinancialYear::parse(&line.period));
    let (first, last) = (years.clone().min()?, years.max()?);
    let all: Vec<FinancialYear> = (0..=last.first_year() - first.first_year())
        .map(|year| first.plus(year))
        .collect();
    let periods: Vec<String> = all.iter().map(FinancialYear::to_string).collect();
    let held_out = run
        .last_fitted()
        .and_then(|fitted| all.iter().position(|year| *year > fitted));
    let total = &run.before.total.code;
    let mut table = Table::new(
        title.clone(),
        &[
            "Series", "Year", "Recorded", "Modelled", "5%", "95%", "Fitted",
        ],
        2,
    );
    let mut n = [0, 0];
    let mut drawn = Vec::new();
    for (label, lines) in panels {
        let mut panel = Panel {
            label: label.clone(),
            unit: lines
                .first()
                .map_or(String::new(), |line| line.unit.clone()),
            line: vec![f64::NAN; periods.len()],
            band: vec![(f64::NAN, f64::NAN); periods.len()],
            points: vec![(f64::NAN, false); periods.len()],
        };
        for line in lines {
            let is_fitted = run.is_fitted(&line.measure, line.area.code == *total, &line.period);
            let Some(at) = periods.iter().position(|period| *period == line.period) else {
                continue;
            };
            let e = &line.modelled;
            panel.line[at] = e.mean;
            panel.band[at] = (e.p05, e.p95);
            panel.points[at] = (line.recorded, is_fitted);
            n[0] += usize::from(line.is_inside == Some(true));
            n[1] += 1;
            let mut row = vec![label.clone(), line.period.clone()];
            row.extend([line.recorded, e.mean, e.p05, e.p95].map(|value| exact(value, &line.unit)));
            row.push(match (is_fitted, held_out.is_some_and(|held| at >= held)) {
                (true, _) => "yes".to_owned(),
                (false, true) => "held out".to_owned(),
                (false, false) => "no".to_owned(),
            });
            table.rows.push(row);
        }
        drawn.push(panel);
    }
    let description = format!(
        "{} small line charts by financial year, {first} to {last}. {} of {} recorded figures lie within the model's 90% range. The table after the chart has every number.",
        drawn.len(),
        n[0],
        n[1]
    );
    let mut note = "Points are what was recorded, full where a multiplier is fitted to them; the line is the mean of the draws and the band their 90% range. Every axis begins at zero and is the panel's own.".to_owned();
    if held_out.is_some() {
        note += " Shaded years are held out: nothing is fitted to them.";
    }
    let svg = Multiples {
        id: &id,
        title: &title,
        description: &description,
        periods: &periods,
        held_out,
        columns,
        panels: drawn,
    }
    .svg();
    Some(Figure {
        svg,
        id,
        title,
        note: format!(
            "{note} {} of {} recorded figures lie within the range.",
            n[0], n[1]
        ),
        table,
    })
}

/// Prior and posterior of every number that the record tells something of, as parts of the prior's central value.
pub(super) fn posterior(shown: &[Shown]) -> Option<Figure> {
    let told: Vec<&Shown> = shown
        .iter()
        .filter(|shown| shown.number.is_told())
        .collect();
    if told.is_empty() {
        return None;
    }
    let id = "posterior".to_owned();
    let n = told
        .iter()
        .filter(|shown| shown.number.verdict == Learnt::Fitted)
        .count();
    let title = format!(
        "Prior and posterior of the {} numbers that the record tells of",
        told.len()
    );
    let description = format!(
        "Intervals of 95% before and after, over the central value before. The record tells more than the prior of {n} of them. The table after the chart has every number."
    );
    let item = |label: &str, style: usize, centre: f64, interval: (f64, f64), by: f64| Item {
        label: label.to_owned(),
        style,
        middle: centre / by,
        interval: (interval.0 / by, interval.1 / by),
        words: grouped(centre / by, 2),
    };
    let group = |shown: &&Shown| {
        let by = shown.cell.value;
        let after = format!("after: {}", shown.verdict());
        Group {
            label: shown.name(),
            items: vec![
                item("before", 1, by, shown.prior.interval(), by),
                item(
                    &after,
                    0,
                    shown.posterior.centre(),
                    shown.posterior.interval(),
                    by,
                ),
            ],
        }
    };
    let groups = told
        .iter()
        .filter(|shown| shown.cell.value > 0.0)
        .map(group)
        .collect();
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &description,
        unit: "ratio",
        has_bars: false,
        groups,
    };
    Some(Figure {
        svg: chart.svg(),
        table: posterior_table("Before and after, in their own units", &told),
        note: "1 is the central value before. Whiskers are 95% intervals. Where the prior stands, the lower line is what the record alone would make of it, and is not used.".to_owned(),
        id,
        title,
    })
}

/// Numbers before and after.
pub(super) fn posterior_table(caption: &str, shown: &[&Shown]) -> Table {
    let header = [
        "Number",
        "Unit",
        "Verdict",
        "Before",
        "95% interval",
        "After",
        "95% interval",
        "Variance removed",
        "± (standard error)",
    ];
    let mut table = Table::new(caption, &header, 3);
    for shown in shown {
        let interval = |(low, high): (f64, f64)| format!("{} to {}", digits(low), digits(high));
        table.rows.push(vec![
            shown.name(),
            shown.unit.clone(),
            shown.verdict().to_owned(),
            digits(shown.cell.value),
            interval(shown.prior.interval()),
            digits(shown.posterior.centre()),
            interval(shown.posterior.interval()),
            percent(shown.number.removed, 0),
            percent(shown.number.removed_error, 0),
        ]);
    }
    table
}

/// Three significant digits, or all before the point.
pub(super) fn digits(value: f64) -> String {
    let size = value.abs().max(1e-9).log10().floor() as i32;
    grouped(value, (2 - size).clamp(0, 6) as usize)
}

/// The multipliers, year by year, as they were and as they are.
pub(super) fn multipliers(run: &CalibrationRun) -> Option<Figure> {
    let mut parameters: Vec<usize> = run
        .before
        .fittings
        .iter()
        .filter(|fit| !fit.is_by_area)
        .map(|fit| fit.parameter)
        .collect();
    parameters.sort_unstable();
    parameters.dedup();
    let dated = |plan: &crate::compile::Plan, parameter: usize| -> Vec<(FinancialYear, usize)> {
        let cells = plan.parameters[parameter].cells.first();
        cells
            .into_iter()
            .flatten()
            .map(|(from, cell)| (from.plus(11).financial_year(), *cell))
            .collect()
    };
    parameters.retain(|&parameter| dated(run.after, parameter).len() >= FEWEST.1);
    let years = parameters
        .iter()
        .flat_map(|&parameter| dated(run.after, parameter))
        .map(|(year, _)| year);
    let (first, last) = (years.clone().min()?, years.max()?);
    let all: Vec<FinancialYear> = (0..=last.first_year() - first.first_year())
        .map(|year| first.plus(year))
        .collect();
    let periods: Vec<String> = all.iter().map(FinancialYear::to_string).collect();
    let held_out = run
        .last_fitted()
        .and_then(|fitted| all.iter().position(|year| *year > fitted));
    let mut table = Table::new(
        "Multipliers before and after",
        &[
            "Multiplier",
            "From",
            "Before",
            "After",
            "Low (95%)",
            "High (95%)",
        ],
        2,
    );
    let panels = parameters.iter().map(|&parameter| {
        let id = run.after.parameters[parameter].id.clone();
        let mut panel = Panel {
            label: id.clone(),
            unit: String::new(),
            line: vec![f64::NAN; periods.len()],
            band: vec![(f64::NAN, f64::NAN); periods.len()],
            points: vec![(f64::NAN, false); periods.len()],
        };
        let before = dated(run.written, parameter);
        for (year, cell) in dated(run.after, parameter) {
            let at = (year.first_year() - first.first_year()) as usize;
            let cell = &run.after.cells[cell];
            let old = before
                .iter()
                .find(|(other, _)| *other == year)
                .map_or(f64::NAN, |(_, cell)| run.written.cells[*cell].value);
            let (low, high) = cell
                .interval
                .filter(|_| cell.law != Law::Fixed)
                .unwrap_or((f64::NAN, f64::NAN));
            panel.line[at] = cell.value;
            panel.band[at] = (low, high);
            panel.points[at] = (old, false);
            let show = |value: f64| {
                if value.is_finite() {
                    digits(value)
                } else {
                    crate::report::number::MISSING.to_owned()
                }
            };
            table.rows.push(vec![
                id.clone(),
                year.to_string(),
                show(old),
                show(cell.value),
                show(low),
                show(high),
            ]);
        }
        panel
    });
    let panels: Vec<Panel> = panels.collect();
    let id = "multipliers".to_owned();
    let title = "The multipliers that are fitted year by year".to_owned();
    let description = format!(
        "{} small line charts by financial year, {first} to {last}. The table after the chart has every number.",
        panels.len()
    );
    let svg = Multiples {
        id: &id,
        title: &title,
        description: &description,
        periods: &periods,
        held_out,
        columns: 2,
        panels,
    }
    .svg();
    let note = format!(
        "The line is the multiplier after fitting, points what the tables held before; the band is the 95% interval of {}.",
        lower_first("Years that are forecast, which are shaded")
    );
    Some(Figure {
        svg,
        id,
        title,
        note,
        table,
    })
}

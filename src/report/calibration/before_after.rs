//! Numbers before and after: what was learned, and the multipliers year by year.

use super::CalibrationRun;
use super::numbers::Shown;
use super::years::Years;
use crate::calibrate::Learnt;
use crate::compile::{Law, Plan};
use crate::quantity::FinancialYear;
use crate::report::chart::{Group, IntervalChart, Item, Multiples, Panel};
use crate::report::number::{MISSING, grouped, percent};
use crate::report::page::view::{Figure, Table};

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
    let is_fitted = |shown: &&&Shown| shown.number.verdict == Learnt::Fitted;
    let n = told.iter().filter(is_fitted).count();
    let title = format!(
        "Prior and posterior of the {} numbers that the record tells of",
        told.len()
    );
    let description = format!(
        "Intervals of 95% before and after, over the central value before. The record tells more than the prior of {n} of them. \
         The table after the chart has every number."
    );
    let groups = told.iter().filter(|shown| shown.cell.value > 0.0);
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &description,
        unit: "ratio",
        has_bars: false,
        groups: groups.map(|shown| group(shown)).collect(),
    };
    Some(Figure {
        svg: chart.svg(),
        table: posterior_table("Before and after, in their own units", &told),
        note: "1 is the central value before. Whiskers are 95% intervals. Where the prior stands, the lower line is what the \
               record alone would make of it, and is not used."
            .to_owned(),
        id,
        title,
    })
}

fn group(shown: &Shown) -> Group {
    let by = shown.cell.value;
    let item = |label: String, style: usize, centre: f64, interval: (f64, f64)| Item {
        label,
        style,
        middle: centre / by,
        interval: (interval.0 / by, interval.1 / by),
        words: grouped(centre / by, 2),
    };
    let after = format!("after: {}", shown.verdict());
    Group {
        label: shown.name(),
        items: vec![
            item("before".to_owned(), 1, by, shown.prior.interval()),
            item(
                after,
                0,
                shown.posterior.centre(),
                shown.posterior.interval(),
            ),
        ],
    }
}

/// Numbers before and after.
fn posterior_table(caption: &str, shown: &[&Shown]) -> Table {
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
fn digits(value: f64) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    let size = value.abs().max(1e-9).log10().floor() as i32;
    grouped(value, (2 - size).clamp(0, 6) as usize)
}

/// Fewer years than this make no chart.
const FEWEST: usize = 3;

/// The multipliers of the whole, year by year, as they were and as they are.
pub(super) fn multipliers(run: &CalibrationRun) -> Option<Figure> {
    let national = run.before.fittings.iter().filter(|fit| !fit.is_by_area);
    let mut parameters: Vec<usize> = national.map(|fit| fit.parameter).collect();
    parameters.sort_unstable();
    parameters.dedup();
    parameters.retain(|&parameter| dated(run.after, parameter).len() >= FEWEST);
    let all = parameters
        .iter()
        .flat_map(|&parameter| dated(run.after, parameter));
    let years = Years::of(run, all.map(|(year, _)| year))?;
    let header = [
        "Multiplier",
        "From",
        "Before",
        "After",
        "Low (95%)",
        "High (95%)",
    ];
    let mut table = Table::new("Multipliers before and after", &header, 2);
    let panels = parameters
        .iter()
        .map(|&parameter| multiplier(run, &years, parameter, &mut table));
    let panels: Vec<Panel> = panels.collect();
    let id = "multipliers".to_owned();
    let title = "The multipliers that are fitted year by year".to_owned();
    let description = format!(
        "{} small line charts by financial year, {}. The table after the chart has every number.",
        panels.len(),
        years.span()
    );
    let chart = Multiples {
        id: &id,
        title: &title,
        description: &description,
        periods: &years.names,
        held_out: years.held_out,
        columns: 2,
        panels,
    };
    Some(Figure {
        svg: chart.svg(),
        note: "The line is the multiplier after fitting, points what the tables held before; the band is the 95% interval of \
               years that are forecast, which are shaded."
            .to_owned(),
        id,
        title,
        table,
    })
}

/// The dated cells of a parameter, by the year that each answers for.
fn dated(plan: &Plan, parameter: usize) -> Vec<(FinancialYear, usize)> {
    let cells = plan.parameters[parameter]
        .cells
        .first()
        .into_iter()
        .flatten();
    let of_year =
        |(from, cell): &(crate::quantity::Month, usize)| (from.plus(11).financial_year(), *cell);
    cells.map(of_year).collect()
}

/// One multiplier, and its rows of the table.
fn multiplier(run: &CalibrationRun, years: &Years, parameter: usize, table: &mut Table) -> Panel {
    let id = &run.after.parameters[parameter].id;
    let mut panel = years.panel(id, String::new());
    let before = dated(run.written, parameter);
    for (year, cell) in dated(run.after, parameter) {
        let at = (year.first_year() - years.first.first_year()) as usize;
        let cell = &run.after.cells[cell];
        let old = before.iter().find(|(other, _)| *other == year);
        let old = old.map_or(f64::NAN, |(_, cell)| run.written.cells[*cell].value);
        let interval = cell.interval.filter(|_| cell.law != Law::Fixed);
        let (low, high) = interval.unwrap_or((f64::NAN, f64::NAN));
        panel.line[at] = cell.value;
        panel.band[at] = (low, high);
        panel.points[at] = (old, false);
        let mut row = vec![id.clone(), year.to_string()];
        row.extend([old, cell.value, low, high].map(digits));
        table.rows.push(row);
    }
    panel
}

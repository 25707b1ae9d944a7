//! The tables of a calibration: fitted numbers as a run reads them, and what they rest on.

use std::collections::BTreeSet;

use super::CalibrationRun;
use super::numbers::{Shown, name, verdict};
use crate::calibrate::Learnt;
use crate::compile::{Cell, Law, Parameter};
use crate::report::csv::Csv;
use crate::report::number::plain;

const PARAMETER_HEADER: [&str; 20] = [
    "id",
    "area",
    "sex",
    "age",
    "priors",
    "from",
    "value",
    "low",
    "high",
    "level",
    "events",
    "n",
    "distribution",
    "unit",
    "period",
    "population",
    "source",
    "url",
    "grade",
    "note",
];

/// Every parameter of which a number is fitted, with all its rows: a table of parameters that `needscast run` reads.
pub(super) fn fitted(run: &CalibrationRun) -> Vec<u8> {
    let plan = run.after;
    let learned = run
        .learned
        .numbers
        .iter()
        .filter(|number| number.verdict == Learnt::Fitted);
    let learned = learned
        .flat_map(|number| &number.cells)
        .map(|&cell| run.before.cells[cell].parameter);
    let multipliers = run.before.fittings.iter().map(|fit| fit.parameter);
    let of_inflows = run.inflows.iter().flat_map(|record| record.fitted());
    let of_inflows = of_inflows.map(|(parameter, _)| parameter);
    let parameters: BTreeSet<usize> = multipliers.chain(learned).chain(of_inflows).collect();
    let mut table = Csv::new(&PARAMETER_HEADER);
    for parameter in parameters.into_iter().map(|index| &plan.parameters[index]) {
        for (_, cell) in parameter.cells.iter().flatten() {
            table.cells(&row(parameter, &plan.cells[*cell]));
        }
    }
    table.into_bytes()
}

fn row(parameter: &Parameter, cell: &Cell) -> Vec<String> {
    // The keys are joined in this order, those in use only.
    let mut words = cell.keys.split(',').map(str::to_owned);
    let keys = parameter.keys;
    let used = [keys.area, keys.sex, keys.age, keys.priors];
    let keys = used.map(|is_used| if is_used { words.next() } else { None }.unwrap_or_default());
    let [low, high, level, events, n, distribution] = law(cell);
    let evidence = &cell.evidence;
    let mut row = vec![parameter.id.clone()];
    row.extend(keys);
    row.push(cell.from.map_or(String::new(), |from| from.to_string()));
    row.extend([
        plain(cell.value),
        low,
        high,
        level,
        events,
        n,
        distribution,
        parameter.unit.to_string(),
    ]);
    row.extend(
        [
            &evidence.period,
            &evidence.population,
            &evidence.source,
            &evidence.url,
        ]
        .map(String::clone),
    );
    row.extend([evidence.grade.name().to_owned(), evidence.note.clone()]);
    row
}

/// `low`, `high`, `level`, `events`, `n` and `distribution` of the law of a cell.
fn law(cell: &Cell) -> [String; 6] {
    let none = String::new;
    let between = |(low, high): (f64, f64), name: &str| {
        [
            plain(low),
            plain(high),
            none(),
            none(),
            none(),
            name.to_owned(),
        ]
    };
    let counts = |events: f64, n: f64| [none(), none(), none(), plain(events), plain(n), none()];
    let interval = cell.interval.unwrap_or((cell.value, cell.value));
    match cell.law {
        Law::Fixed => [none(), none(), none(), none(), none(), none()],
        Law::Beta(a, b) if a >= 0.5 && b >= 0.5 => counts(a - 0.5, a + b - 1.0),
        Law::Gamma(shape, mean) if shape >= 0.5 && mean > 0.0 => {
            counts(shape - 0.5, (shape - 0.5).max(0.5) / mean)
        }
        Law::Beta(..) => between(interval, "logit-normal"),
        Law::Gamma(..) | Law::LogNormal(..) => between(interval, "lognormal"),
        Law::Walk(..) => between(interval, "walk"),
        Law::LogitNormal(..) => between(interval, "logit-normal"),
        Law::Normal(..) => between(interval, "normal"),
        Law::Uniform(low, high) => between((low, high), "uniform"),
    }
}

/// Every uncertain number before and after the data.
pub(super) fn posterior(run: &CalibrationRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "id",
        "keys",
        "unit",
        "prior",
        "prior_low",
        "prior_high",
        "posterior",
        "posterior_low",
        "posterior_high",
        "variance_removed",
        "variance_removed_error",
        "moves_with",
        "correlation",
        "verdict",
        "grade",
        "used_by",
    ]);
    for shown in Shown::all(run) {
        let number = shown.number;
        let (prior, posterior) = (shown.prior.interval(), shown.posterior.interval());
        let mut cells = vec![
            shown.id.to_owned(),
            shown.cell.keys.clone(),
            shown.unit.clone(),
        ];
        let values = [
            shown.cell.value,
            prior.0,
            prior.1,
            shown.posterior.centre(),
            posterior.0,
            posterior.1,
        ];
        cells.extend(values.map(plain));
        cells.extend([number.removed, number.removed_error].map(plain));
        cells.extend(match number.moves_with {
            Some((at, correlation)) => [name(run, at), plain(correlation)],
            None => [String::new(), String::new()],
        });
        cells.extend([
            shown.verdict().to_owned(),
            shown.cell.evidence.grade.name().to_owned(),
            shown.used_by.clone(),
        ]);
        table.cells(&cells);
    }
    table.into_bytes()
}

/// What the data know together and cannot tell apart.
pub(super) fn apart(run: &CalibrationRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "combination",
        "number",
        "weight",
        "variance_removed",
        "variance_removed_alone",
        "verdict",
    ]);
    for (index, group) in run.learned.apart.iter().enumerate() {
        for &(at, weight) in &group.members {
            let number = &run.learned.numbers[at];
            table.cells(&[
                (index + 1).to_string(),
                name(run, at),
                plain(weight),
                plain(group.removed),
                plain(number.removed),
                verdict(number.verdict).to_owned(),
            ]);
        }
    }
    table.into_bytes()
}

/// The figures that numbers are learned from.
pub(super) fn evidence(run: &CalibrationRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "measure",
        "title",
        "from",
        "to",
        "n_years",
        "scale",
        "role",
        "miss_before",
        "miss_after",
    ]);
    for figure in &run.learned.evidence {
        let year = |year: Option<&crate::quantity::FinancialYear>| {
            year.map_or(String::new(), ToString::to_string)
        };
        table.cells(&[
            figure.measure.clone(),
            figure.title.clone(),
            year(figure.years.first()),
            year(figure.years.last()),
            figure.years.len().to_string(),
            if figure.is_share { "log hazard" } else { "log" }.to_owned(),
            role(figure.is_fitted).to_owned(),
            plain(figure.miss),
            plain(figure.left),
        ]);
    }
    table.into_bytes()
}

/// Whether multipliers meet a series or it comes of them.
pub(super) fn role(is_fitted: bool) -> &'static str {
    if is_fitted { "fitted" } else { "emerging" }
}

/// Whether areas' yearly counts vary beyond Poisson.
pub(super) fn dispersion(run: &CalibrationRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "measure",
        "title",
        "n_areas",
        "n_years",
        "overdispersion",
        "low",
        "high",
        "yearly_step_sd",
        "supported",
    ]);
    for found in run.dispersions {
        let (low, high) = (
            found.excess - 1.96 * found.error,
            found.excess + 1.96 * found.error,
        );
        let mut cells = vec![found.measure.clone(), found.title.clone()];
        cells.extend([found.n_areas, found.n_years].map(|n| n.to_string()));
        cells.extend([found.excess, low, high, found.step.max(0.0).sqrt()].map(plain));
        cells.push(found.is_supported().to_string());
        table.cells(&cells);
    }
    table.into_bytes()
}

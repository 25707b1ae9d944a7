//! Fitted multipliers on into the future: forecast from their own history, with what nobody knows.

use std::collections::BTreeMap;

use super::forecast::rates_ahead;
use super::{cell_of, recorded};
use crate::compile::{Break, Cell, CellIdx, Fitting, Law, Panel, Plan, Strand};
use crate::quantity::{Cadence, FinancialYear, Grade, Month};

/// One later value of a fitted multiplier: the row that `needscast run` draws from.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// Any cell of the multiplier (of the same area, where it has areas) in the last fitted year.
    pub like: CellIdx,
    /// The month from which it holds.
    pub from: Month,
    /// The median of what is expected.
    pub value: f64,
    /// The lower end of the 95% interval.
    pub low: f64,
    /// The upper end; on the logarithmic scale never narrower than the year before.
    pub high: f64,
    /// The financial years whose record it rests on.
    pub history: (FinancialYear, FinancialYear),
}

impl Ahead {
    /// The time its evidence is from.
    pub fn period(&self) -> String {
        format!("{} to {}", self.history.0, self.history.1)
    }

    /// How it was made.
    pub fn note(&self) -> String {
        format!(
            "Forecast by needscast calibrate from {}: level of the fitted values by filter, with rare jumps; a walk, so \
             that the years of one draw hang together. The mean stays at the median.",
            self.period()
        )
    }
}

/// The standard normal quantile at 97.5%.
const NORMAL: f64 = 1.959_963_984_540_054;

/// Puts later values in the place of what a plan says of the same multipliers from the first of them on.
pub fn carry_on(plan: &mut Plan, later: &[Ahead]) {
    let mut taken: BTreeMap<CellIdx, Vec<&Ahead>> = BTreeMap::new();
    for row in later {
        taken.entry(row.like).or_default().push(row);
    }
    for (like, rows) in taken {
        let parameter = plan.cells[like].parameter;
        let mut dated = plan.parameters[parameter].cells.iter();
        let list = dated.position(|dated| dated.iter().any(|(_, cell)| *cell == like));
        let (Some(list), Some(first)) = (list, rows.iter().map(|row| row.from).min()) else {
            continue;
        };
        let from = plan.cells.len();
        let before = plan.cells[like].clone();
        plan.cells.extend(rows.iter().map(|row| {
            let spread = (row.high / row.low).ln() / (2.0 * NORMAL);
            let mut cell = Cell {
                from: Some(row.from),
                value: row.value,
                law: Law::Walk(row.value.ln() - 0.5 * spread * spread, spread),
                interval: Some((row.low, row.high)),
                ..before.clone()
            };
            cell.evidence.period = row.period();
            cell.evidence.note = row.note();
            cell.evidence.grade = Grade::Study;
            cell
        }));
        let dated = &mut plan.parameters[parameter].cells[list];
        dated.retain(|(month, _)| *month < first);
        dated.extend(rows.iter().zip(from..).map(|(row, cell)| (row.from, cell)));
    }
}

/// The multipliers of all fittings that ask for it (`ahead_years`), for the years after the last fitted one. `values`
/// are the fitted ones, by cell.
///
/// What was recorded, set against what the model would have had with a multiplier of 1 (nearly, where the multiplier is
/// an odds ratio), is a count with an exposure:
/// its rate is the multiplier, forecast as any other rate is. Areas are forecast as shares of all of them, because
/// another multiplier carries what moves the country.
pub fn ahead(plan: &Plan, values: &BTreeMap<CellIdx, f64>) -> Vec<Ahead> {
    let asking = plan.fittings.iter().filter(|fit| fit.ahead_years > 0);
    asking
        .flat_map(|fit| of_fitting(plan, fit, values))
        .collect()
}

fn of_fitting(plan: &Plan, fit: &Fitting, values: &BTreeMap<CellIdx, f64>) -> Vec<Ahead> {
    let (first, last) = fit.years;
    let n_years = (last.first_year() - first.first_year() + 1).max(0);
    let years: Vec<FinancialYear> = (0..n_years).map(|year| first.plus(year)).collect();
    let areas: Vec<usize> = match fit.is_by_area {
        true => (0..plan.areas.len()).collect(),
        false => vec![plan.areas.len()],
    };
    let panel = panel(plan, fit, values, &years, &areas);
    let rates = rates_ahead(&panel, fit.ahead_years, fit.is_by_area);
    let mut found = Vec::new();
    for (&area, rates) in areas.iter().zip(rates) {
        let Some(like) = cell_of(plan, fit, area.min(plan.areas.len() - 1), last) else {
            continue;
        };
        let mut widest: f64 = 0.0;
        for (rate, year) in rates.into_iter().zip(1..) {
            // Medians and intervals come from a sample, and may shrink by a hair.
            widest = widest.max((rate.high / rate.low).ln());
            let reach = (0.5 * widest).exp();
            let centre = (rate.high * rate.low).sqrt();
            found.push(Ahead {
                like,
                from: last.plus(year).first_month(),
                value: rate.median,
                low: centre / reach,
                high: centre * reach,
                history: fit.years,
            });
        }
    }
    found
}

fn panel(
    plan: &Plan,
    fit: &Fitting,
    values: &BTreeMap<CellIdx, f64>,
    years: &[FinancialYear],
    areas: &[usize],
) -> Panel {
    let strand = |&area: &usize| {
        let named = plan.areas.get(area).unwrap_or(&plan.total);
        let of_year = |year: &FinancialYear| {
            let value = recorded(plan, area, fit, *year).unwrap_or(f64::NAN);
            let cell = cell_of(plan, fit, area.min(plan.areas.len() - 1), *year);
            let fitted = |cell: CellIdx| *values.get(&cell).unwrap_or(&plan.cells[cell].value);
            let exposure = value / cell.map_or(f64::NAN, fitted);
            (value, if exposure > 0.0 { exposure } else { f64::NAN })
        };
        let (values, exposures): (Vec<f64>, Vec<f64>) = years.iter().map(of_year).unzip();
        Strand {
            area_code: named.code.clone(),
            area_name: named.name.clone(),
            stratum: String::new(),
            values,
            exposure: Some(exposures),
            published: Vec::new(),
        }
    };
    Panel {
        series: fit.measure.clone(),
        unit: String::new(),
        cadence: Cadence::Year,
        periods: years.iter().map(FinancialYear::to_string).collect(),
        strands: areas.iter().map(strand).collect(),
        is_count: true,
        resolution: 1.0,
        breaks: breaks(plan, &fit.measure, years),
        first_editions: Vec::new(),
    }
}

/// What was declared to break the record, by year of the panel.
pub(super) fn breaks(plan: &Plan, measure: &str, years: &[FinancialYear]) -> Vec<Break> {
    let declared = plan.breaks.iter().filter(|found| found.measure == measure);
    let touched = declared.filter_map(|found| {
        let is_touched = |year: &FinancialYear| {
            found.from < year.plus(1).first_month()
                && found.to.is_none_or(|to| to > year.first_month())
        };
        let from = years.iter().position(is_touched)?;
        let to = years.iter().rposition(is_touched)?;
        // A level that changed before the first year is the level of the first year.
        (from > 0 || found.kind != crate::compile::BreakKind::Level).then(|| Break {
            area_code: found.area_code.clone(),
            from,
            to,
            kind: found.kind,
            reason: found.reason.clone(),
            source: found.source.clone(),
        })
    });
    touched.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A 95% interval from a half to twice the median: the law is of that width, and its mean is the median.
    #[test]
    fn what_is_carried_on_is_drawn_from_its_interval() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let tiny = root.join("models/textbook/tiny/scenario.toml");
        let documents = crate::document::read(&tiny).expect("a sound scenario");
        let mut plan = crate::compile::compile(&documents).expect("a sound plan");
        let year = plan.start.financial_year();
        let (parameter, dated) = (plan.cells[0].parameter, plan.start.plus(12));
        carry_on(
            &mut plan,
            &[Ahead {
                like: 0,
                from: dated,
                value: 3.0,
                low: 1.5,
                high: 6.0,
                history: (year, year),
            }],
        );
        let Some(Law::Walk(centre, spread)) = plan.cells.last().map(|cell| cell.law) else {
            panic!("a walk");
        };
        assert!((2.0 * NORMAL * spread - 4.0_f64.ln()).abs() < 1e-12);
        assert!((centre + 0.5 * spread * spread - 3.0_f64.ln()).abs() < 1e-12);
        let last = (dated, plan.cells.len() - 1);
        let lists = &plan.parameters[parameter].cells;
        assert!(lists.iter().any(|dated| dated.last() == Some(&last)));
    }
}

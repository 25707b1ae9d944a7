//! The appraisal table: money first, then what it achieves for people.

use super::super::Run;
use super::super::number;
use super::options::OUTCOMES;
use super::view::Table;
use crate::appraise::{AppraisalRow, PEOPLE, PUBLIC_SECTOR, SAVED, SOCIETY};

/// What the appraisal table leads with; outcomes follow, each with its change.
const MONEY: [&str; 14] = [
    "cost",
    "present_value_of_cost",
    "present_value_of_own_cost",
    "present_value_of_transfers",
    "present_value_of_cost_increment",
    "cashable_increment",
    "non_cashable_increment",
    "npsv",
    "npv_cashable",
    "optimism_bias",
    "npsv_after_optimism_bias",
    "probability_npsv_positive",
    "probability_best",
    "cost_per_additional_need_met",
];

/// What stands of society, apart from the public sector's lines, where the scenario asks for it.
const OF_SOCIETY: [(&str, &str); 4] = [
    (
        "present_value_of_cost_increment",
        "Society: change in public cost and in what people bear",
    ),
    ("npsv", "Society: net present social value"),
    (
        "probability_npsv_positive",
        "Society: probability that NPSV is above zero",
    ),
    (
        "npsv_weighted",
        "Society: net present social value, weighted",
    ),
];

/// The appraisal table: a row for each measure, a column for each option.
pub(super) fn appraisal(run: &Run) -> Option<Table> {
    if run.appraisal.rows.is_empty() {
        return None;
    }
    let names: Vec<_> = (0..run.plan.options.len())
        .map(|option| run.name(option))
        .collect();
    let titles = names.iter().map(String::as_str);
    let header: Vec<_> = ["Measure", "Unit"].into_iter().chain(titles).collect();
    let caption = format!(
        "Appraisal over {}, all payers and all areas: mean (90% range)",
        run.horizon_name()
    );
    let mut table = Table::new(caption, &header, 2);
    for measure in MONEY {
        table
            .rows
            .extend(appraisal_row(run, measure, PUBLIC_SECTOR, false));
    }
    for (measure, title) in OF_SOCIETY {
        let rows = appraisal_row(run, measure, SOCIETY, false);
        table.rows.extend(rows.map(|mut cells| {
            title.clone_into(&mut cells[0]);
            cells
        }));
    }
    for outcome in OUTCOMES {
        table
            .rows
            .extend(appraisal_row(run, outcome, PEOPLE, false));
        table.rows.extend(appraisal_row(
            run,
            &format!("{outcome}_increment"),
            PEOPLE,
            true,
        ));
    }
    Some(table)
}

/// One row; a change carries its probability of being better.
fn appraisal_row(
    run: &Run,
    measure: &str,
    perspective: &str,
    is_change: bool,
) -> Option<Vec<String>> {
    let all = (0..run.plan.options.len()).map(|option| run.row(option, measure, perspective));
    let first = all.clone().flatten().next()?;
    let unit = if first.unit == "share" {
        String::new()
    } else {
        first.unit.clone()
    };
    let mut cells = vec![first.title.clone(), unit];
    for (option, row) in all.enumerate() {
        let mut cell = row.map_or(String::new(), |row| appraisal_cell(row, is_change));
        let better = measure.strip_suffix("_increment").filter(|_| is_change);
        let better = better
            .and_then(|base| run.row(option, &format!("{base}_probability_better"), perspective));
        if let Some(better) = better.filter(|row| row.estimate.mean.is_finite()) {
            cell += &format!(
                "; better with probability {}",
                number::chance(better.estimate.mean)
            );
        }
        cells.push(cell);
    }
    Some(cells)
}

fn appraisal_cell(row: &AppraisalRow, is_change: bool) -> String {
    if row.estimate.mean.is_nan() {
        return if row.note.is_empty() {
            number::MISSING.to_owned()
        } else {
            row.note.clone()
        };
    }
    if row.unit == "share" && row.measure.starts_with("probability") {
        return number::chance(row.estimate.mean);
    }
    let show = |value| {
        let plain = |value| number::exact(value, &row.unit);
        if is_change {
            number::signed(value, plain)
        } else {
            plain(value)
        }
    };
    // A price of needs no longer met is a saving.
    let saved = if row.note == SAVED { " saved" } else { "" };
    if row.estimate.has_range() {
        format!(
            "{}{saved} ({})",
            show(row.estimate.mean),
            number::range(&row.estimate, show)
        )
    } else {
        show(row.estimate.mean)
    }
}

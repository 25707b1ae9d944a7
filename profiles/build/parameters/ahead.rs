//! Beyond the last published year: the mean of the last three, as uncertain as the years before were unlike each other.

use crate::parameters::cell::Cell;

/// Multipliers whose level beyond the last published year is uncertain.
const UNCERTAIN: [&str; 4] = [
    "remand_year",
    "remand_awaiting_sentence_year",
    "custody_direct_year",
    "cpo_year",
];

/// Years that say nothing of the years ahead: courts were closed.
const CLOSED: [u16; 2] = [2020, 2021];

/// How many of the last years the level ahead is the mean of.
const RECENT: usize = 3;

/// A row for the year after `last` for every uncertain multiplier, and for every council's: history is what was
/// recorded and is not drawn; what lies ahead is.
pub fn cells(known: &[Cell], last: u16) -> Vec<Cell> {
    let newest = |cell: &&Cell| cell.year() == Some(last);
    let uncertain = known
        .iter()
        .filter(newest)
        .filter(|cell| UNCERTAIN.contains(&cell.id()));
    let mut ahead: Vec<Cell> = uncertain.map(|cell| level(known, cell, last)).collect();
    let councils = known
        .iter()
        .filter(newest)
        .filter(|cell| cell.id() == "custody_area");
    ahead.extend(councils.map(|cell| council(known, cell, last)));
    ahead
}

/// The changes of a multiplier's logarithm between neighbouring years in which courts were open.
fn changes(known: &[Cell], cell: &Cell) -> Vec<f64> {
    let same: Vec<&Cell> = known.iter().filter(|c| c.is_about(cell)).collect();
    let is_open = |c: &Cell| c.year().is_some_and(|year| !CLOSED.contains(&year));
    let open = same
        .windows(2)
        .filter(|pair| pair.iter().all(|c| is_open(c)));
    open.map(|pair| (pair[1].value() / pair[0].value()).ln())
        .collect()
}

fn mean_of_recent(known: &[Cell], cell: &Cell) -> f64 {
    let same: Vec<f64> = known
        .iter()
        .filter(|c| c.is_about(cell))
        .map(Cell::value)
        .collect();
    let recent = &same[same.len().saturating_sub(RECENT)..];
    recent.iter().sum::<f64>() / recent.len() as f64
}

/// A national multiplier: the interval is the spread of its yearly changes, carried over three years.
fn level(known: &[Cell], cell: &Cell, last: u16) -> Cell {
    let changes = changes(known, cell);
    let squares = changes.iter().map(|change| change * change).sum::<f64>();
    let half = 1.96 * (squares / changes.len() as f64 * RECENT as f64).sqrt();
    let value = mean_of_recent(known, cell);
    let note = "Beyond the last published year: the mean of the last three years. The interval is the spread of the \
                yearly changes outside 2020-21 and 2021-22, carried over three years. Calibration moves it.";
    cell.again(value, note)
        .between(value * (-half).exp(), value * half.exp())
        .from(last + 1)
}

/// A council's multiplier: as uncertain as its arrivals of the last three years are few, by their counts.
fn council(known: &[Cell], cell: &Cell, last: u16) -> Cell {
    let recent = known
        .iter()
        .filter(|c| c.is_about(cell) && c.year().is_some_and(|y| y + 3 > last));
    let (seen, expected) = recent
        .filter_map(Cell::counts)
        .fold((0.0, 0.0), |sum, (seen, expected)| {
            (sum.0 + seen, sum.1 + expected)
        });
    let note = "Beyond the last published year: the mean of the last three years, drawn from the gamma law of their \
                arrivals. Calibration moves it.";
    cell.again(seen / expected, note)
        .counted(seen, expected)
        .from(last + 1)
}

/// History as it was recorded: the rows of councils without a law.
pub fn recorded(cells: Vec<Cell>) -> Vec<Cell> {
    cells
        .into_iter()
        .map(|cell| {
            if cell.id() == "custody_area" {
                cell.certain()
            } else {
                cell
            }
        })
        .collect()
}

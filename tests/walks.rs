//! Later years as walks: how they are drawn, and where the shipped ones come from.

use std::collections::BTreeMap;
use std::path::Path;

use needscast::calibrate::ahead;
use needscast::compile::{Cell, Law, Plan, compile};
use needscast::document;
use needscast::draw::draw;
use needscast::quantity::Month;

use crate::support::plan;

/// A plan whose first parameter goes on as a walk from two Aprils.
fn walking(n_draws: usize) -> (Plan, [usize; 2]) {
    let mut plan = Plan { n_draws, ..plan() };
    let steps = [("2025-04", 0.1), ("2026-04", 0.3)].map(|(from, sd)| {
        let from = Month::parse(from).unwrap();
        let cell = Cell {
            from: Some(from),
            value: 50_000.0,
            law: Law::Walk(50_000.0_f64.ln(), sd),
            ..plan.cells[0].clone()
        };
        plan.cells.push(cell);
        let at = plan.cells.len() - 1;
        plan.parameters[0].cells[0].push((from, at));
        at
    });
    (plan, steps)
}

/// Null: normal logarithms with standard deviations 0.1 and 0.3 and independent steps. Of 4,000 draws a standard
/// deviation has a relative error of 1.1%, a correlation of independent steps one of 0.016; each of the three is refused
/// beyond 4.4 of them (alpha 1e-5). A step that were shared would correlate fully, one made anew would not at all.
#[test]
fn a_walk_has_the_margins_of_its_rows_and_steps_of_its_own() {
    let n = 4000;
    let (plan, [first, second]) = walking(n);
    let draws = draw(&plan);
    let logs = |cell: usize| -> Vec<f64> {
        let row = |row: usize| (draws.cells(row)[cell] / 50_000.0).ln();
        (1..=n).map(row).collect()
    };
    let (a, b) = (logs(first), logs(second));
    let mean = |of: &dyn Fn(usize) -> f64| (0..n).map(of).sum::<f64>() / n as f64;
    let (of_a, of_b) = (mean(&|i| a[i] * a[i]).sqrt(), mean(&|i| b[i] * b[i]).sqrt());
    assert!((of_a / 0.1 - 1.0).abs() < 0.049, "{of_a}");
    assert!((of_b / 0.3 - 1.0).abs() < 0.049, "{of_b}");
    let step = (0.09_f64 - 0.01).sqrt();
    let correlation = mean(&|i| a[i] * (b[i] - a[i])) / (0.1 * step);
    assert!(correlation.abs() < 0.07, "{correlation}");
    assert_eq!(draws.cells(0)[second], 50_000.0, "row 0 is central");
}

#[test]
fn a_further_year_changes_no_earlier_one() {
    let (plan, [first, second]) = walking(50);
    let mut shorter = plan.clone();
    shorter.parameters[0].cells[0].pop();
    shorter.cells.pop();
    let (long, short) = (draw(&plan), draw(&shorter));
    for row in 0..=50 {
        assert_eq!(long.cells(row)[..second], *short.cells(row));
        assert!(row == 0 || long.cells(row)[first] != long.cells(row)[second]);
    }
}

/// What the shipped tables say of later years is what `needscast calibrate --rounds 0` would write.
#[test]
fn the_shipped_later_years_are_those_that_the_record_gives() {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scotland.toml");
    let plan = compile(&document::read(&scenario).unwrap()).unwrap();
    let later = ahead(&plan, &BTreeMap::new());
    assert_eq!(later.len(), 15 * (3 + 32));
    for row in &later {
        let parameter = &plan.parameters[plan.cells[row.like].parameter];
        let dated = parameter.cells.iter().find(|dated| {
            let mut cells = dated.iter();
            cells.any(|(_, cell)| *cell == row.like)
        });
        let shipped = dated.unwrap().iter().find(|(from, _)| *from == row.from);
        let cell = &plan.cells[shipped.unwrap().1];
        assert!(matches!(cell.law, Law::Walk(..)), "{}", parameter.id);
        assert!((cell.value / row.value - 1.0).abs() < 1e-5, "{row:?}");
        let (low, high) = cell.interval.unwrap();
        let width = (high / low).ln() / (row.high / row.low).ln();
        assert!((width - 1.0).abs() < 1e-4, "{row:?}");
        assert!(row.low < row.value && row.value < row.high, "{row:?}");
    }
}

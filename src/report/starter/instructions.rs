//! The first sheet: what the others are for, in plain words.

use super::super::workbook::{Cell, Sheet};
use super::sheet as with_table;
use crate::document::Disclosure;

const WORDS: [&str; 12] = [
    "A run of needscast reads this workbook. Change the cells that you know better, save, and run again.",
    "It is filled with what is published, and with what the model supposes where nothing is. Every number says its unit, its period, its source and its grade.",
    "Grades: official (published statistics), study, transferred (from another place or time), judgement, placeholder (nobody knows: begin with these).",
    "When you change a number, change its source and its grade too, and its low and high: between them you would expect it 19 times in 20. Leave both blank where it is counted exactly.",
    "Counts are enough for a share: put how many had it under Events, and of how many under N, and clear Low and High. The Value is then Events divided by N, to two figures.",
    "A blank Area, Sex, Age or Priors means all of them. All rows with one Id use the same ones of these columns.",
    "An Id that stands in this workbook counts instead of the model's. Delete its rows, or the whole sheet, and the model's count again.",
    "Months are written 2026-04. Text cells stay text: a spreadsheet program must not make dates of them.",
    "Formulas are read as they were last worked out. Merged cells, hidden sheets, macros and links to other workbooks are refused.",
    "Rows that are wholly blank are passed over. A column whose heading stands in brackets, such as (What it is), is for people and is not read, and so is every sheet whose name begins with Notes.",
    "`needscast check` names everything that is wrong by sheet and cell, all at once, before anything runs.",
    "The rest is told in docs/workbook.md.",
];

/// The instructions, and what each of the other sheets holds.
pub(super) fn sheet(others: &[Sheet], place: &str, disclosure: &Disclosure) -> Sheet {
    let local = local_counts(disclosure);
    let words: Vec<&str> = WORDS.into_iter().chain(local.as_deref()).collect();
    let row = |sheet: &Sheet| vec![Cell::text(&sheet.name), Cell::text(&sheet.title)];
    with_table(
        "Instructions",
        format!("How to use this workbook: {place}"),
        &words,
        &["Sheet", "What it holds"],
        others.iter().map(row).collect(),
    )
}

/// What whoever passes the workbook on must know, where counts of local origin stand in it.
fn local_counts(disclosure: &Disclosure) -> Option<String> {
    let n: usize = disclosure.files.iter().map(|file| file.n_counts).sum();
    let names: Vec<&str> = disclosure
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    (n > 0).then(|| {
        format!(
            "Counts of local origin stand here as they were recorded, in rows from {}. Keep this workbook as you keep those; a run makes them safe before anything is computed from them.",
            names.join(", ")
        )
    })
}

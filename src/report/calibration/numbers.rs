//! Uncertain numbers by name, before and after.

use super::CalibrationRun;
use crate::calibrate::{Learnt, Number, OnScale};
use crate::compile::Cell;

/// An uncertain number as tables and charts show it.
pub(super) struct Shown<'a> {
    /// The number.
    pub number: &'a Number,
    /// The cell that holds latest.
    pub cell: &'a Cell,
    /// The id of its parameter.
    pub id: &'a str,
    /// The unit in words.
    pub unit: String,
    /// What uses it.
    pub used_by: String,
    /// Before the data.
    pub prior: OnScale,
    /// After the data, whether it is carried or not.
    pub posterior: OnScale,
}

impl<'a> Shown<'a> {
    /// Every uncertain number that is no multiplier and that areas' years say nothing of.
    pub fn all(run: &CalibrationRun<'a>) -> Vec<Shown<'a>> {
        let numbers = run
            .learned
            .numbers
            .iter()
            .filter(|number| !number.is_multiplier);
        let is_told = |number: &&Number| {
            let of = number
                .cells
                .first()
                .map(|&cell| run.before.cells[cell].parameter);
            let mut told = run.inflows.iter().flat_map(|record| record.fitted());
            told.any(|(parameter, _)| Some(parameter) == of)
        };
        let numbers = numbers.filter(|number| !is_told(number));
        numbers
            .filter_map(|number| Shown::of(run, number))
            .collect()
    }

    fn of(run: &CalibrationRun<'a>, number: &'a Number) -> Option<Shown<'a>> {
        let plan = run.before;
        let cell = number
            .cells
            .iter()
            .map(|&cell| &plan.cells[cell])
            .max_by_key(|cell| cell.from)?;
        let parameter = &plan.parameters[cell.parameter];
        let prior = OnScale::of(cell, &parameter.unit)?;
        Some(Shown {
            number,
            cell,
            id: &parameter.id,
            unit: parameter.unit.to_string(),
            used_by: parameter.used_by.join("; "),
            prior,
            posterior: prior.told(number.shift, number.removed),
        })
    }

    /// Its id, with its keys where it has any.
    pub fn name(&self) -> String {
        match self.cell.keys.as_str() {
            "" => self.id.to_owned(),
            keys => format!("{} ({keys})", self.id),
        }
    }

    /// What comes of it, in a word or two.
    pub fn verdict(&self) -> &'static str {
        verdict(self.number.verdict)
    }
}

/// The name of any number, multipliers among them.
pub(super) fn name(run: &CalibrationRun, at: usize) -> String {
    let Some(cell) = run
        .learned
        .numbers
        .get(at)
        .and_then(|number| number.cells.first())
    else {
        return String::new();
    };
    let cell = &run.before.cells[*cell];
    let id = &run.before.parameters[cell.parameter].id;
    match cell.keys.as_str() {
        "" => id.clone(),
        keys => format!("{id} ({keys})"),
    }
}

pub(super) fn verdict(learnt: Learnt) -> &'static str {
    match learnt {
        Learnt::Fitted => "fitted",
        Learnt::NotAlone => "not told apart",
        Learnt::Stands => "prior stands",
        Learnt::Multiplier => "fitted year by year",
    }
}

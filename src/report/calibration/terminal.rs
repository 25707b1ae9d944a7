//! What a calibration found, for a terminal.

use super::CalibrationRun;
use super::numbers::{Shown, name};
use crate::calibrate::Learnt;
use crate::report::number::{list, percent};

/// In a few lines: what is fitted, what cannot be told apart, and how many priors stand.
pub fn calibration_text(run: &CalibrationRun) -> String {
    let shown = Shown::all(run);
    let fitted: Vec<String> = shown
        .iter()
        .filter(|shown| shown.number.verdict == Learnt::Fitted)
        .map(|shown| {
            format!(
                "{} ({} of its variance removed)",
                shown.name(),
                percent(shown.number.removed, 0)
            )
        })
        .collect();
    let mut text = match fitted.is_empty() {
        true => "No number is known better from the record than before.\n".to_owned(),
        false => format!(
            "Known better from the record than before: {}.\n",
            list(&fitted)
        ),
    };
    for group in &run.learned.apart {
        let members: Vec<String> = group.members.iter().map(|(at, _)| name(run, *at)).collect();
        text += &format!("Known together and not apart: {}.\n", list(&members));
    }
    let n_standing = shown
        .iter()
        .filter(|shown| shown.number.verdict != Learnt::Fitted)
        .count();
    text + &format!("The priors of {n_standing} other numbers stand.\n")
}

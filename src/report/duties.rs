//! Whether law and guidance are followed: as a table, as text and as JSON.

use super::csv::Csv;
use crate::compile::{Check, Duties, Verdict};

/// The answers of a plan to what is asked of it.
pub struct DutiesReport<'a>(pub &'a Duties);

impl DutiesReport<'_> {
    /// `checks.csv`.
    pub fn csv(&self) -> Vec<u8> {
        let mut table = Csv::new(&[
            "rule", "title", "citation", "from", "until", "wording", "verdict", "reason",
        ]);
        for check in &self.0.checks {
            let verdict = check.verdict.words().to_owned();
            let wording = wording(check).to_owned();
            let [from, until] = dates(check);
            let words = [
                &check.rule,
                &check.title,
                &check.citation,
                &from,
                &until,
                &wording,
                &verdict,
                &check.reason,
            ];
            table.row(words, []);
        }
        table.into_bytes()
    }

    /// How many duties are met, not met and cannot be told, in words.
    pub fn in_brief(&self) -> String {
        let count = |verdict| {
            let checks = self.0.checks.iter();
            checks.filter(|check| check.verdict == verdict).count()
        };
        format!(
            "{} duties: {} met, {} not met, {} that only the partners can tell.",
            self.0.checks.len(),
            count(Verdict::Met),
            count(Verdict::NotMet),
            count(Verdict::CannotTell)
        )
    }

    /// What stands on the terminal.
    pub fn text(&self) -> String {
        let mut out = match &self.0.framework {
            Some(framework) => format!("Framework: {}{}\n", framework.title, superseded(self.0)),
            None => "The model names no framework.\n".to_owned(),
        };
        for check in &self.0.checks {
            let recalled = match check.is_recalled {
                true => " [wording recalled, to be confirmed]",
                false => "",
            };
            out += &format!(
                "\n{:<12}{}: {}{recalled}\n            {}\n            {}\n",
                check.verdict.words(),
                check.rule,
                check.title,
                check.reason,
                check.citation
            );
        }
        out.push('\n');
        out += &self.in_brief();
        out.push('\n');
        out
    }

    /// The same as JSON.
    pub fn json(&self) -> String {
        let checks: Vec<_> = self.0.checks.iter().map(json_of).collect();
        let framework = self.0.framework.as_ref().map(|f| &f.id);
        let json = serde_json::json!({ "framework": framework, "checks": checks });
        format!("{json:#}\n")
    }
}

/// That a later framework has taken its place, if one has.
pub(super) fn superseded(duties: &Duties) -> String {
    let framework = duties.framework.as_ref();
    match framework.and_then(|framework| framework.superseded_by.as_ref()) {
        Some(later) => format!(" (superseded by {later})"),
        None => String::new(),
    }
}

/// The first month in which a duty holds and the first in which it no longer does, as they are told: most days of
/// coming into force are still to be confirmed, and an end is blank where none is known.
pub(super) fn dates(check: &Check) -> [String; 2] {
    [
        check
            .from
            .map_or("to be confirmed".to_owned(), |from| from.to_string()),
        check.until.map_or(String::new(), |until| until.to_string()),
    ]
}

fn wording(check: &Check) -> &'static str {
    if check.is_recalled {
        "recalled"
    } else {
        "read"
    }
}

fn json_of(check: &Check) -> serde_json::Value {
    let [from, until] = dates(check);
    serde_json::json!({
        "rule": check.rule,
        "title": check.title,
        "citation": check.citation,
        "from": from,
        "until": until,
        "wording": wording(check),
        "verdict": check.verdict.words(),
        "reason": check.reason,
    })
}

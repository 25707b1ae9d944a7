//! What changed between two runs, in plain words.

use std::collections::BTreeSet;

use super::RunsReport;
use crate::document::ASSUMED;
use crate::report::number::{about, list, percent, signed};
use crate::summarise::{AnswerChange, Choice, ParameterChange, Tracked};

/// So many changes of a kind are told, and a longer list is counted; the tables have them all.
const TOLD: usize = 12;

/// Where there is nothing to tell of what went in.
pub(super) const NO_INPUTS: &str = "Nothing changed.";
/// Where there is no verdict to compare.
pub(super) const NO_VERDICT: &str =
    "Not compared: the runs are of other areas, or one of them has no options to choose between.";
/// Where there is no track.
pub(super) const NO_TRACK: &str = "Nothing has been recorded since of what the first run forecast.";

impl RunsReport<'_> {
    /// What stands on the terminal.
    pub fn text(&self) -> String {
        let (a, b) = (&self.a.name, &self.b.name);
        let mut out = format!("Then: {a}. Now: {b}.\n");
        if self.changes.is_one_question {
            out += "Both runs answer one question: the same program, inputs, seed and draws.\n";
        }
        out += "\nWhat went in\n";
        out += &lines(self.inputs_told(), NO_INPUTS);
        out += "\nWhat came out\n";
        out += &lines(self.answers_told(), "");
        out += "\nThe verdict\n";
        out += &lines(self.verdict_told(), NO_VERDICT);
        out += "\nThe track of the forecast\n";
        out += &lines(self.track_told(), NO_TRACK);
        out
    }

    pub(super) fn inputs_told(&self) -> Vec<String> {
        let changes = self.changes;
        let settings = changes.settings.iter().map(|setting| {
            let said = |text: &str| match text {
                "" => "not said".to_owned(),
                text => match text.split(", ").count() {
                    n if n > TOLD => format!("{n} of them"),
                    _ => text.to_owned(),
                },
            };
            format!(
                "The {}: {} then, {} now.",
                setting.what,
                said(&setting.a),
                said(&setting.b)
            )
        });
        let mut told: Vec<String> = settings.collect();
        let names = |is_of: fn(bool, bool) -> bool| -> Vec<String> {
            let files = changes.files.iter();
            files
                .filter(|f| is_of(f.a.is_some(), f.b.is_some()))
                .map(|f| f.name.clone())
                .collect()
        };
        for (words, names) in [
            ("Files that changed", names(|a, b| a && b)),
            ("Files that are new", names(|a, b| !a && b)),
            ("Files that are gone", names(|a, b| a && !b)),
        ] {
            if !names.is_empty() {
                told.push(format!("{words}: {}.", list(&names)));
            }
        }
        if changes.parameters.is_empty() {
            return told;
        }
        let n =
            |of: fn(&ParameterChange) -> bool| changes.parameters.iter().filter(|c| of(c)).count();
        told.push(format!(
            "Numbers: of {} that went into both runs, {} changed; {} are new and {} are gone. First those that the answer rests on most:",
            changes.n_parameters,
            n(|c| c.a.is_some() && c.b.is_some()),
            n(|c| c.a.is_none()),
            n(|c| c.b.is_none()),
        ));
        told.extend(self.parameters_told());
        told
    }

    /// One line for each parameter, with the number of it that changed most.
    fn parameters_told(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let first = self
            .changes
            .parameters
            .iter()
            .filter(|change| seen.insert(&change.key[0]));
        let first: Vec<&ParameterChange> = first.collect();
        let mut told: Vec<String> = (first.iter().take(TOLD))
            .map(|change| {
                let alike = self
                    .changes
                    .parameters
                    .iter()
                    .filter(|it| it.key[0] == change.key[0]);
                let more = alike.count() - 1;
                let more = match more {
                    0 => String::new(),
                    1 => " And one more number of it.".to_owned(),
                    more => format!(" And {more} more numbers of it."),
                };
                format!("  {}{more}", of_parameter(change))
            })
            .collect();
        if first.len() > TOLD {
            told.push(format!(
                "  And {} more parameters: inputs_changed.csv.",
                first.len() - TOLD
            ));
        }
        told
    }

    pub(super) fn answers_told(&self) -> Vec<String> {
        let answers = &self.changes.answers;
        let n = |of: &dyn Fn(&&AnswerChange) -> bool| answers.iter().filter(of).count();
        let is_same = |change: &&AnswerChange| change.a == change.b;
        let mut told = vec![format!(
            "Of {} answers that both runs give, {} are the same, {} differ by more than the Monte Carlo error explains and {} by no more than that{}.",
            answers.len(),
            n(&is_same),
            n(&|change| change.is_beyond_chance == Some(true)),
            n(&|change| change.is_beyond_chance == Some(false) && !is_same(change)),
            match n(&|change| change.is_beyond_chance.is_none()) {
                0 => String::new(),
                n => format!("; of {n} nobody can tell, for want of draws"),
            },
        )];
        let mut seen = BTreeSet::new();
        let leading = answers.iter().filter(|change| {
            change.is_headline && change.is_beyond_chance != Some(false) && change.a != change.b
        });
        let leading: Vec<&AnswerChange> = leading
            .filter(|change| seen.insert(&change.key[..4]))
            .collect();
        if !leading.is_empty() {
            told.push("What changed most for its range, in the year in which it did:".to_owned());
        }
        told.extend(
            leading
                .iter()
                .take(TOLD)
                .map(|change| format!("  {}", self.answer(change))),
        );
        if leading.len() > TOLD {
            told.push(format!("  And {} more: compare.csv.", leading.len() - TOLD));
        }
        told
    }

    fn answer(&self, change: &AnswerChange) -> String {
        let [option, _, measure, breakdown, period] = &change.key;
        let of = match breakdown.as_str() {
            "" => String::new(),
            breakdown => format!(" ({breakdown})"),
        };
        let place = match change.area_name.as_str() {
            "" => "over the whole forecast".to_owned(),
            name => format!("{name}, {period}"),
        };
        let say = |value: f64| about(value, &change.unit);
        let sure = match change.is_beyond_chance {
            Some(_) => String::new(),
            None => " Whether that is chance cannot be told.".to_owned(),
        };
        format!(
            "{}{of}, {place}, {option}: {} then, {} now ({}).{sure}",
            self.title(measure),
            say(change.a),
            say(change.b),
            signed(change.b - change.a, say),
        )
    }

    pub(super) fn verdict_told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if let Some(order) = &self.changes.order {
            let said = |options: &[(String, f64)]| {
                let options = options.iter();
                let words: Vec<String> = options
                    .map(|(id, npsv)| format!("{id} ({})", about(*npsv, "GBP")))
                    .collect();
                words.join(", ")
            };
            let verdict = match order.is_changed {
                true => "Net present social value puts the options in another order now",
                false => "Net present social value puts the options in the same order",
            };
            told.push(format!(
                "{verdict}. Then: {}. Now: {}.",
                said(&order.a),
                said(&order.b)
            ));
            let money = ["price year", "discounting"];
            if self
                .changes
                .settings
                .iter()
                .any(|setting| money.contains(&setting.what))
            {
                told.push("The money is of another price year or discounted otherwise, so sums cannot be compared.".to_owned());
            }
        }
        for choice in self
            .changes
            .choices
            .iter()
            .filter(|choice| choice.a != choice.b)
        {
            told.push(format!(
                "The verdict changed: where one more of the outcome is worth £{}, {} was best and {} is.",
                choice.threshold, choice.a, choice.b
            ));
        }
        told.extend(kept_words(&self.changes.choices));
        told
    }

    pub(super) fn track_told(&self) -> Vec<String> {
        let measures = self.changes.track.measures.iter();
        measures.map(|it| self.tracked(it)).collect()
    }

    fn tracked(&self, it: &Tracked) -> String {
        let figures = match it.n {
            1 => "One figure has been recorded since".to_owned(),
            n => format!("{n} figures have been recorded since"),
        };
        let ranges = match it.n_with_range {
            0 => "the forecast had no ranges".to_owned(),
            n => format!(
                "{} of {n} within the 90% range of the forecast, where {:.1} were to be expected, and {} within the 50% range, where {:.1} were",
                it.inside_90,
                0.9 * n as f64,
                it.inside_50,
                0.5 * n as f64
            ),
        };
        let say = |value: f64| about(value, &it.unit);
        let share = it.mean_absolute_error / it.mean_recorded.abs();
        let share = if share.is_finite() {
            format!(", {} of what was recorded", percent(share, 1))
        } else {
            String::new()
        };
        let lean = match it.bias {
            bias if bias > 0.0 => format!("too high by {}", say(bias)),
            bias if bias < 0.0 => format!("too low by {}", say(-bias)),
            _ => "neither too high nor too low".to_owned(),
        };
        format!(
            "{}: {figures}; {ranges}. Forecasts were off by {} on average{share}; they were {lean}.",
            self.title(&it.measure),
            say(it.mean_absolute_error),
        )
    }
}

/// Where the best option is the same, neighbouring worths with the same one in one.
fn kept_words(choices: &[Choice]) -> Option<String> {
    let mut spans: Vec<(&Choice, &Choice)> = Vec::new();
    let mut was_kept = false;
    for choice in choices {
        let is_kept = choice.a == choice.b;
        match spans
            .last_mut()
            .filter(|(first, _)| was_kept && first.b == choice.b)
        {
            Some(span) if is_kept => span.1 = choice,
            _ if is_kept => spans.push((choice, choice)),
            _ => {}
        }
        was_kept = is_kept;
    }
    let words = spans
        .iter()
        .map(|(first, last)| match first.threshold == last.threshold {
            true => format!("£{} ({})", first.threshold, first.b),
            false => format!("£{} to £{} ({})", first.threshold, last.threshold, first.b),
        });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| {
        format!(
            "The best option is the same where one more of the outcome is worth {}.",
            list(&words)
        )
    })
}

/// A number that changed, with everything of it that did.
fn of_parameter(change: &ParameterChange) -> String {
    let [id, keys, from] = &change.key;
    let of: Vec<&str> = [keys.as_str(), from.as_str()]
        .into_iter()
        .filter(|w| !w.is_empty())
        .collect();
    let of = if of.is_empty() {
        String::new()
    } else {
        format!(" ({})", of.join(", from "))
    };
    let (a, b) = match (&change.a, &change.b) {
        (Some(a), Some(b)) => (a, b),
        (None, Some(b)) => return format!("{id}{of} is new: {} {}.", b[0], b[3]),
        (Some(a), None) => return format!("{id}{of} is gone: it was {} {}.", a[0], a[3]),
        (None, None) => return id.clone(),
    };
    let at = |field: &&str| ASSUMED.iter().position(|name| name == field);
    let parts: Vec<String> = (change.fields.iter())
        .filter_map(|field| {
            let at = at(field)?;
            let said = |text: &str| {
                if text.is_empty() {
                    "blank".to_owned()
                } else {
                    text.to_owned()
                }
            };
            let (then, now) = (said(&a[at]), said(&b[at]));
            Some(match *field {
                "value" => format!("{then} then, {now} now"),
                field => format!("its {field}: {then} then, {now} now"),
            })
        })
        .collect();
    format!("{id}{of}: {}.", parts.join("; "))
}

fn lines(told: Vec<String>, otherwise: &str) -> String {
    if told.is_empty() {
        return format!("- {otherwise}\n");
    }
    let line = |line: String| match line.strip_prefix("  ") {
        Some(inner) => format!("  - {inner}\n"),
        None => format!("- {line}\n"),
    };
    told.into_iter().map(line).collect()
}

//! Disclosure control: what the rule is, what it does to a count, and what a reader is told of it.

use super::fields::Fields;
use super::source::{Spanned, Text};
use crate::diagnostic::Diagnostic;

/// Counts above 0 and below this are withheld where the scenario says nothing.
const BELOW: f64 = 5.0;

/// Other counts are rounded to multiples of this where the scenario says nothing.
const ROUND_TO: f64 = 5.0;

/// Who says so, where the scenario says nothing.
const OUR_CHOICE: &str =
    "needscast's own cautious choice, after practice in print: see docs/disclosure.md";

/// The largest limit or base: whoever wants more has nothing left to publish.
const MOST: f64 = 1000.0;

/// The scenario's `[disclosure]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DisclosureFile {
    /// Counts below this are withheld.
    pub below: Option<Spanned<f64>>,
    /// Other counts are rounded to this.
    pub round_to: Option<Spanned<f64>>,
    /// Who says so.
    pub source: Option<Text>,
    /// Why there is no control, where there is none.
    pub off: Option<Text>,
}

/// What is done to recorded counts of local origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Counts above 0 and below this are withheld; a whole number of 3 or more.
    pub below: f64,
    /// Other counts are rounded to the nearest multiple; at least as large as `below`, so that the difference of two
    /// rounded counts says no more of a withheld one than that it is withheld.
    pub round_to: f64,
}

/// How recorded counts were made safe to publish, and where.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disclosure {
    /// The rule; `None` where it is switched off.
    pub rule: Option<Rule>,
    /// Who says so, or why it is switched off.
    pub reason: String,
    /// Whether the scenario switches it off.
    pub is_off: bool,
    /// Files with local counts, in the order of reading.
    pub files: Vec<LocalFile>,
    /// Recorded figures that were withheld.
    pub withheld: Vec<Withheld>,
}

/// A file of local origin, and how many of its rows hold counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LocalFile {
    /// As the user would name it.
    pub name: String,
    /// Rows with counts of local origin.
    pub n_counts: usize,
    /// Those of them whose counts are withheld.
    pub n_withheld: usize,
}

/// A recorded figure that is withheld.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withheld {
    /// The measure: of the profile as it is read, of the model in a Plan.
    pub measure: String,
    /// `key=value`, or blank.
    pub breakdown: String,
    /// The area's code.
    pub area_code: String,
    /// A financial year or a month.
    pub period: String,
}

pub(super) fn disclosure(fields: Fields<'_>) -> DisclosureFile {
    let file = DisclosureFile {
        below: fields.number("below"),
        round_to: fields.number("round_to"),
        source: fields.has("source").then(|| fields.text("source")),
        off: fields.has("off").then(|| fields.text("off")),
    };
    let report = |at, expected: String, found: String| {
        let fault = Diagnostic::error("E971", "a rule of disclosure control that protects nobody");
        fields.report(at, fault.expected(expected).found(found));
    };
    let is_whole =
        |number: f64, least: f64| number.fract() == 0.0 && (least..=MOST).contains(&number);
    if let (Some(off), true) = (&file.off, file.below.is_some() || file.round_to.is_some()) {
        let expected = "either `below` and `round_to`, or `off` and why".to_owned();
        report(off.at, expected, "both".to_owned());
    }
    let below = file.below.as_ref().map_or(BELOW, |below| below.value);
    if let Some(written) = file
        .below
        .as_ref()
        .filter(|below| !is_whole(below.value, 3.0))
    {
        let expected = format!("a whole number from 3 to {MOST}: lower counts are withheld");
        report(written.at, expected, written.value.to_string());
    } else if let Some(base) = file
        .round_to
        .as_ref()
        .filter(|base| !is_whole(base.value, below))
    {
        let expected = format!(
            "a whole number from `below`, which is {below}, to {MOST}: with a finer one, withheld counts are had back by subtraction"
        );
        report(base.at, expected, base.value.to_string());
    }
    fields.close();
    file
}

impl DisclosureFile {
    /// What it comes to, before any file is looked at.
    pub(super) fn control(&self) -> Disclosure {
        let below = self.below.as_ref().map_or(BELOW, |below| below.value);
        let round_to = self
            .round_to
            .as_ref()
            .map_or(ROUND_TO.max(below), |base| base.value);
        let is_own = self.below.is_some() || self.round_to.is_some();
        let reason = match (&self.off, &self.source) {
            (Some(off), _) => off.value.clone(),
            (None, Some(source)) => source.value.clone(),
            (None, None) if is_own => "the scenario".to_owned(),
            (None, None) => OUR_CHOICE.to_owned(),
        };
        Disclosure {
            rule: self.off.is_none().then_some(Rule { below, round_to }),
            reason,
            is_off: self.off.is_some(),
            ..Disclosure::default()
        }
    }
}

impl Rule {
    /// Whether a count is withheld.
    pub fn is_small(self, count: f64) -> bool {
        count > 0.0 && count < self.below
    }

    /// The nearest multiple of the base; what is not small does not become nothing.
    pub fn rounded(self, count: f64) -> f64 {
        match count > 0.0 {
            true => ((count / self.round_to).round() * self.round_to).max(self.round_to),
            false => count,
        }
    }

    /// What is computed with in the place of a count: the middle of all that are withheld, or the rounded one.
    pub fn used(self, count: f64) -> f64 {
        match self.is_small(count) {
            true => self.middle(),
            false => self.rounded(count),
        }
    }

    /// The middle of the counts that are withheld.
    pub fn middle(self) -> f64 {
        0.5 * self.below
    }

    /// By how much less evidence is worth whose count is not known: the variance of a count around its expectation
    /// (Jeffreys' half included) over that variance with the variance of all the counts that it may have been.
    pub fn worth(self, count: f64) -> f64 {
        let within = count + 0.5;
        let between = ((self.below - 1.0).powi(2) - 1.0) / 12.0;
        within / (within + between)
    }

    /// What stands for so many events among so many people, and whether either is withheld.
    pub fn share(self, events: f64, n: f64) -> (f64, f64, bool) {
        let rest = n - events;
        let whole = self.rounded(n.max(self.below));
        let (events, is_withheld) = match (self.is_small(events), self.is_small(rest)) {
            // Of so few people it is not said either that all do or that nobody does.
            _ if self.is_small(n) => (0.5 * whole, true),
            (true, true) => (0.5 * whole, true),
            (true, false) => (self.middle(), true),
            (false, true) => (whole - self.middle(), true),
            (false, false) if rest <= 0.0 => (whole, false),
            (false, false) => (self.rounded(events).min(whole), false),
        };
        (events, whole, is_withheld)
    }

    /// In words.
    pub fn words(self) -> String {
        format!(
            "local counts below {} are withheld, 0 apart, and all others rounded to the nearest {}",
            self.below, self.round_to
        )
    }
}

impl Disclosure {
    /// For whoever runs a model whose numbers are nobody's record; nothing where no number was changed.
    pub fn hint(&self) -> Option<&'static str> {
        (self.rule.is_some() && !self.files.is_empty()).then_some(
            "numbers that are no record of real people, such as the cohort or the counts of a model in print, stay as they are written with `[disclosure]` and `off = \"why\"` in the scenario",
        )
    }

    /// What a reader must be told; nothing where nothing is local and nothing is switched off.
    pub fn words(&self) -> Option<String> {
        let n: usize = self.files.iter().map(|file| file.n_counts).sum();
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let names = names.join(", ");
        let Some(rule) = self.rule else {
            let local = match n {
                0 => "No recorded count is of local origin.".to_owned(),
                _ => format!(
                    "Rows with counts of local origin that stand as they were recorded: {n} ({names}). Do not publish this report without looking at each of them."
                ),
            };
            return self.is_off.then(|| {
                format!(
                    "Disclosure control is switched off. The reason given: {}. {local}",
                    self.reason
                )
            });
        };
        let n_withheld: usize = self.files.iter().map(|file| file.n_withheld).sum();
        let (rows, them) = match n {
            1 => ("1 row".to_owned(), "it"),
            n => (format!("{n} rows"), "them"),
        };
        let withheld = match n_withheld {
            0 => "none is withheld".to_owned(),
            1 => "1 is withheld, marked [c], and the middle of what it may have been is computed with".to_owned(),
            n => format!("{n} are withheld, marked [c], and the middle of what they may have been is computed with"),
        };
        (n > 0).then(|| {
            format!(
                "Disclosure control: {} ({}). It was applied to {rows} of local origin ({names}) before anything was computed from {them}, so that no number here holds more of {them}; {withheld}.",
                rule.words(),
                self.reason
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        below: 5.0,
        round_to: 5.0,
    };

    #[test]
    fn counts_that_are_withheld_cannot_be_told_apart() {
        for other in [1.0, 2.0, 4.0] {
            assert_eq!(RULE.used(other), RULE.used(3.0));
            assert_eq!(RULE.share(other, 40.0), RULE.share(3.0, 40.0));
            assert_eq!(RULE.share(40.0 - other, 40.0), RULE.share(37.0, 40.0));
        }
        // Few of few: neither those who do nor those who do not.
        assert_eq!(RULE.share(0.0, 4.0), RULE.share(3.0, 3.0));
        assert_eq!(RULE.share(1.0, 4.0), RULE.share(3.0, 5.0));
        assert_eq!(RULE.share(3.0, 40.0), (2.5, 40.0, true));
        assert_eq!(RULE.share(0.0, 40.0), (0.0, 40.0, false));
        assert_eq!(RULE.share(41.0, 41.0), (40.0, 40.0, false));
        assert_eq!(RULE.share(61.0, 138.0), (60.0, 140.0, false));
    }

    #[test]
    fn a_withheld_count_is_not_had_back_from_rounded_ones() {
        // Whatever the whole and the rest are rounded to, some whole and rest of every withheld count round to the same.
        // A rest that is shown as the base itself is left out: next to the only withheld count it is withheld too.
        for (below, round_to) in [(5.0, 5.0), (5.0, 10.0), (10.0, 10.0), (3.0, 4.0)] {
            let rule = Rule { below, round_to };
            let seen = |small: f64| {
                let rests = (below as u32..1000).map(f64::from);
                let pairs =
                    rests.map(|rest| [rest, rest + small].map(|it| rule.rounded(it) as u64));
                let is_inner = |pair: &[u64; 2]| pair[0] > round_to as u64 && pair[0] < 900;
                pairs
                    .filter(is_inner)
                    .collect::<std::collections::BTreeSet<_>>()
            };
            for small in 2..below as u32 {
                assert_eq!(
                    seen(f64::from(small)),
                    seen(1.0),
                    "{small} of {below}, {round_to}"
                );
            }
        }
    }

    #[test]
    fn a_share_stays_a_share() {
        for n in 1..60 {
            for events in 0..=n {
                let (shown, whole, _) = RULE.share(f64::from(events), f64::from(n));
                assert!(
                    (0.0..=whole).contains(&shown) && whole >= 5.0,
                    "{events} of {n}"
                );
                let is_few = n < 5;
                assert!(is_few || (shown > 0.0) == (events > 0), "{events} of {n}");
                assert!(is_few || (shown < whole) == (events < n), "{events} of {n}");
            }
        }
    }
}

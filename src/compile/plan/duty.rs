//! What is asked of a partnership's plan, and whether it is met.

use crate::quantity::Month;

/// What an edition of the performance framework asks, and what the plan says of it.
#[derive(Debug, Clone, Default)]
pub struct Duties {
    /// The framework that the plan answers to; `None` where the model has none.
    pub framework: Option<Framework>,
    /// Its outcomes, in its order.
    pub outcomes: Vec<NationalOutcome>,
    /// Every duty in force at the start of the forecast, answered.
    pub checks: Vec<Check>,
}

/// An edition of the performance framework.
#[derive(Debug, Clone)]
pub struct Framework {
    /// As in the files.
    pub id: String,
    /// For people.
    pub title: String,
    /// Where it stands.
    pub citation: String,
    /// The title of the one that has taken its place by the start of the forecast, if any has.
    pub superseded_by: Option<String>,
}

/// An outcome that a framework names, with what the plan says of it.
#[derive(Debug, Clone)]
pub struct NationalOutcome {
    /// As in the files.
    pub id: String,
    /// Its words.
    pub title: String,
    /// Whether the words are recalled and not read in the source.
    pub is_recalled: bool,
    /// Whether it stands over the others: no priority or action is asked of it.
    pub is_overarching: bool,
    /// Where it stands.
    pub citation: String,
    /// What the model has of it, and what it lacks.
    pub note: String,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
    /// How far it is achieved, as the plan says in words.
    pub assessment: Option<String>,
    /// Whether it is a priority of the plan; `None` when not said.
    pub is_priority: Option<bool>,
    /// Why it is or is not.
    pub why: Option<String>,
    /// What the partners will do.
    pub actions: Vec<String>,
    /// Why an indicator is not used, as the plan says.
    pub indicator_not_used: Option<String>,
}

/// An indicator of an outcome.
#[derive(Debug, Clone)]
pub struct Indicator {
    /// Its words.
    pub title: String,
    /// Whether the words are recalled and not read in the source.
    pub is_recalled: bool,
    /// The measures that stand for it: `(measure, breakdown)`.
    pub measures: Vec<(String, String)>,
}

/// A duty and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The duty's id.
    pub rule: String,
    /// Its words.
    pub title: String,
    /// Where it stands.
    pub citation: String,
    /// The first month in which it holds; `None` where that is not known.
    pub from: Option<Month>,
    /// The first month in which it no longer holds; `None` where no end is known.
    pub until: Option<Month>,
    /// Whether the words are recalled and not read in the source.
    pub is_recalled: bool,
    /// The answer.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: String,
}

/// Whether a duty is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// What it asks is there.
    Met,
    /// What it asks is not there.
    NotMet,
    /// Only people can say, and the scenario does not.
    CannotTell,
}

impl Verdict {
    /// `met`, `not met` or `cannot tell`.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not met",
            Verdict::CannotTell => "cannot tell",
        }
    }
}

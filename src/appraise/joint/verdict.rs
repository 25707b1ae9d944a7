//! Local, regional or national: what the guidance asks, and what the draws answer.

use super::Criteria;
use crate::compile::{Plan, SharingPlan};

/// Where a service is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// By each partner for itself.
    Local,
    /// By some partners together.
    Regional,
    /// By all areas of the country together.
    National,
}

impl Level {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Level::Local => "local",
            Level::Regional => "regional",
            Level::National => "national",
        }
    }
}

/// Whether value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Better, and the 90% interval leaves no difference out.
    Shown,
    /// The 90% interval holds no difference.
    NotShown,
    /// Worse, and the 90% interval leaves no difference out.
    Lost,
    /// Better on one criterion and worse on another.
    Mixed,
    /// Without draws nothing is known.
    Unknown,
}

impl Value {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Value::Shown => "value is shown",
            Value::NotShown => "value is not shown",
            Value::Lost => "worse",
            Value::Mixed => "better on one thing and worse on another",
            Value::Unknown => "cannot tell",
        }
    }
}

/// What the draws answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Where the joint service would be run.
    pub asked: Level,
    /// Where it should be run: locally unless value is shown for all together.
    pub level: Level,
    /// For all together.
    pub value: Value,
    /// For each partner, at its share of the cost.
    pub for_partner: Vec<Value>,
}

/// What a text says, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Citation {
    /// The text and the paragraph.
    pub text: &'static str,
    /// Its words.
    pub words: &'static str,
    /// Where it stands.
    pub url: &'static str,
    /// Whether the words were read there; otherwise they are recalled and must be checked.
    pub was_read: bool,
}

/// What the verdict rests on.
pub const CITATIONS: [Citation; 6] = [
    Citation {
        text: "Community Justice (Scotland) Act 2016, explanatory notes, paragraph 4",
        words: "The Act establishes a new model for community justice services which has local delivery, partnerships and collaboration at its heart, with national arrangements to provide profile, leadership and strategic direction.",
        url: "https://www.legislation.gov.uk/asp/2016/10/notes/division/2",
        was_read: true,
    },
    Citation {
        text: "Guidance for Local Partners in the New Model for Community Justice, paragraph 10.2 (marked out of date since 2022)",
        words: "It is for the statutory partners locally to identify the local needs and priorities to be addressed in the local plan.",
        url: "https://www.gov.scot/publications/guidance-local-partners-new-model-community-justice/pages/11/",
        was_read: true,
    },
    Citation {
        text: "The same guidance, paragraph 9.5 (marked out of date since 2022)",
        words: "jointly agreeing outcomes and priorities for the local authority area which will assist in identifying where resources may be combined to achieve positive outcomes",
        url: "https://www.gov.scot/publications/guidance-local-partners-new-model-community-justice/pages/10/",
        was_read: true,
    },
    Citation {
        text: "Community Justice Scotland, explanatory note on the Strategic Commissioning Framework (consultation draft, July 2019; no paragraph number)",
        words: "can value be added",
        url: "",
        was_read: true,
    },
    Citation {
        text: "Community Justice Scotland, Strategic Commissioning Framework (announcement of 1 May 2020)",
        words: "a universal process for community justice use at local, national and regional levels",
        url: "https://communityjustice.scot/whats-new/insights/strategic-commissioning-framework/",
        was_read: true,
    },
    Citation {
        text: "Strategic commissioning guidance: local by default, regional or national where value is shown (paragraph not to hand)",
        words: "recalled, not read: check the wording before it is quoted",
        url: "",
        was_read: false,
    },
];

/// How better and worse on several criteria add up.
fn overall(criteria: &Criteria) -> Value {
    let values = [&criteria.cost, &criteria.needs_met, &criteria.wait].map(|change| change.value());
    let any = |value| values.contains(&value);
    match (any(Value::Shown), any(Value::Lost)) {
        (true, true) => Value::Mixed,
        (true, false) => Value::Shown,
        (false, true) => Value::Lost,
        (false, false) if any(Value::NotShown) => Value::NotShown,
        (false, false) => Value::Unknown,
    }
}

/// The verdict on all together, and on each partner.
pub(super) fn verdict(
    plan: &Plan,
    sharing: &SharingPlan,
    whole: Option<&Criteria>,
    members: &[Criteria],
) -> Verdict {
    let is_national = plan.total.name == "Scotland" && sharing.partners.len() == plan.areas.len();
    let asked = if is_national {
        Level::National
    } else {
        Level::Regional
    };
    let value = whole.map_or(Value::Unknown, overall);
    Verdict {
        asked,
        level: if value == Value::Shown {
            asked
        } else {
            Level::Local
        },
        value,
        for_partner: members.iter().map(overall).collect(),
    }
}

//! Units and grades of evidence: no number goes without them.

use std::fmt;

/// The time that a duration or a rate is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Days, of which a month has 365.25 / 12.
    Day,
    /// Months.
    Month,
    /// Years of twelve months.
    Year,
}

impl TimeUnit {
    /// The spellings of a step in a model, the usual one first.
    pub const STEPS: [&'static str; 3] = ["month", "day", "year"];

    /// Reads `day`, `month` or `year`.
    pub fn parse_step(word: &str) -> Option<TimeUnit> {
        Some(match word {
            "day" => TimeUnit::Day,
            "month" => TimeUnit::Month,
            "year" => TimeUnit::Year,
            _ => return None,
        })
    }

    /// How many months one of these is.
    pub fn months(self) -> f64 {
        match self {
            TimeUnit::Day => 12.0 / 365.25,
            TimeUnit::Month => 1.0,
            TimeUnit::Year => 12.0,
        }
    }
}

/// What a number is a number of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A share or probability, 0 to 1.
    Share,
    /// A pure multiplier, 0 or more.
    Ratio,
    /// A multiplier of odds, above 0.
    OddsRatio,
    /// A multiplier of a hazard, above 0.
    HazardRatio,
    /// Events per person per year.
    PerPersonPerYear,
    /// A hazard or rate per this time.
    Per(TimeUnit),
    /// A length of time.
    Time(TimeUnit),
    /// People.
    People,
    /// Places in a service.
    Places,
    /// A count without further unit.
    Count,
    /// The shape or spread of a distribution, above 0.
    Shape,
    /// Pounds, with what they are per, such as `place-year`.
    Gbp(String),
}

impl Unit {
    /// Every plain spelling, for hints.
    pub const SPELLINGS: [&'static str; 16] = [
        "share",
        "ratio",
        "odds ratio",
        "hazard ratio",
        "per person per year",
        "per year",
        "per month",
        "per day",
        "days",
        "months",
        "years",
        "people",
        "places",
        "count",
        "shape",
        "GBP per place-year",
    ];

    /// Reads the spelling used in parameter tables.
    pub fn parse(text: &str) -> Option<Unit> {
        Some(match text {
            "share" => Unit::Share,
            "ratio" => Unit::Ratio,
            "odds ratio" => Unit::OddsRatio,
            "hazard ratio" => Unit::HazardRatio,
            "per person per year" => Unit::PerPersonPerYear,
            "per year" => Unit::Per(TimeUnit::Year),
            "per month" => Unit::Per(TimeUnit::Month),
            "per day" => Unit::Per(TimeUnit::Day),
            "days" => Unit::Time(TimeUnit::Day),
            "months" => Unit::Time(TimeUnit::Month),
            "years" => Unit::Time(TimeUnit::Year),
            "people" => Unit::People,
            "places" => Unit::Places,
            "count" => Unit::Count,
            "shape" => Unit::Shape,
            _ => Unit::Gbp(text.strip_prefix("GBP per ")?.to_owned()),
        })
    }

    /// Whether it only scales the factor that carries the unit.
    pub fn is_multiplier(&self) -> bool {
        matches!(self, Unit::Ratio | Unit::OddsRatio | Unit::HazardRatio)
    }

    /// The values that make sense: `(lowest, highest)`, both included. The highest are far beyond anything real; they
    /// keep a slip of the keyboard from asking for more than a machine has.
    pub fn bounds(&self) -> (f64, f64) {
        let highest = match self {
            Unit::Share => 1.0,
            Unit::Ratio | Unit::OddsRatio | Unit::HazardRatio | Unit::Shape => 1e9,
            Unit::PerPersonPerYear | Unit::Per(_) => 1e4,
            Unit::Time(time) => 12_000.0 / time.months(),
            Unit::People | Unit::Places | Unit::Count => 1e8,
            Unit::Gbp(_) => 1e12,
        };
        (0.0, highest)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Unit::Share => "share",
            Unit::Ratio => "ratio",
            Unit::OddsRatio => "odds ratio",
            Unit::HazardRatio => "hazard ratio",
            Unit::PerPersonPerYear => "per person per year",
            Unit::Per(TimeUnit::Year) => "per year",
            Unit::Per(TimeUnit::Month) => "per month",
            Unit::Per(TimeUnit::Day) => "per day",
            Unit::Time(TimeUnit::Day) => "days",
            Unit::Time(TimeUnit::Month) => "months",
            Unit::Time(TimeUnit::Year) => "years",
            Unit::People => "people",
            Unit::Places => "places",
            Unit::Count => "count",
            Unit::Shape => "shape",
            Unit::Gbp(per) => return write!(f, "GBP per {per}"),
        };
        f.write_str(text)
    }
}

/// How good the evidence for a number is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Official statistics or law, about these people and this place.
    Official,
    /// A published study, or this project's own fit to official figures, which its note then says.
    Study,
    /// Evidence from another place or other people.
    Transferred,
    /// A judgement, with its reasoning in the note.
    Judgement,
    /// No evidence: wide, and to be replaced locally.
    Placeholder,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Grade; 5] = [
        Grade::Official,
        Grade::Study,
        Grade::Transferred,
        Grade::Judgement,
        Grade::Placeholder,
    ];

    /// Reads the spelling used in parameter tables.
    pub fn parse(text: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.name() == text)
    }

    /// The spelling used in parameter tables.
    pub fn name(self) -> &'static str {
        match self {
            Grade::Official => "official",
            Grade::Study => "study",
            Grade::Transferred => "transferred",
            Grade::Judgement => "judgement",
            Grade::Placeholder => "placeholder",
        }
    }
}

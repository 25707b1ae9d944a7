//! Who may share a service with whom, and what it costs to run a service at all.

use crate::quantity::Grade;

/// Who may share a service with whom: every group of partners is a coalition.
#[derive(Debug, Clone, PartialEq)]
pub struct SharingPlan {
    /// Whether the scenario asks for it with `[share]`; otherwise its options show it.
    pub is_asked: bool,
    /// The option in which they share it.
    pub option: usize,
    /// What each does alone.
    pub alone: usize,
    /// The partners: areas, in the order of the answer.
    pub partners: Vec<usize>,
    /// Who hosts a smaller pool: the first of these areas that belongs to it; every partner is among them.
    pub hosts: Vec<usize>,
    /// The services that are shared.
    pub services: Vec<usize>,
    /// By which rule the verdict shares the cost.
    pub rule: String,
    /// What one more need met is worth, in pounds of [`super::Plan::price_year`], and the source.
    pub need_met: Option<(f64, String)>,
}

/// What running a service costs a year, however few people it serves: once for every pool or for every team of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RunningCost {
    /// For people.
    pub title: String,
    /// The service.
    pub service: usize,
    /// Who pays.
    pub payer: usize,
    /// Pounds a year in prices of [`super::Plan::price_year`].
    pub gbp: f64,
    /// For each so many places begun; once for each pool with places when `None`.
    pub every_places: Option<f64>,
    /// How good the evidence is.
    pub grade: Grade,
    /// Why.
    pub source: String,
}

impl RunningCost {
    /// What it says, for whoever reads a report.
    pub fn words(&self) -> String {
        let each = match self.every_places {
            None => "for every service that is run".to_owned(),
            Some(places) => format!("for every {places} places begun"),
        };
        format!(
            "{}: £{:.0} a year {each} ({}).",
            self.title,
            self.gbp,
            self.source.trim_end_matches('.')
        )
    }

    /// What a pool with so many places pays a year.
    pub fn of_pool(&self, places: f64) -> f64 {
        let n = match self.every_places {
            _ if places <= 0.0 => 0.0,
            None => 1.0,
            Some(every) => (places / every).ceil(),
        };
        n * self.gbp
    }
}

/// The most partners all of whose coalitions are lived.
pub const MOST_EXACT_PARTNERS: usize = 6;

/// The rules by which a verdict may share the cost; the others leave some of it unpaid.
pub const SHARING_RULES: [&str; 7] = [
    "shapley",
    "nucleolus",
    "scrb",
    "equal",
    "population",
    "need",
    "use",
];

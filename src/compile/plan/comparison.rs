//! Changes to be explained: of which measures, between which years or options, and by which groups of inputs.

use crate::quantity::FinancialYear;

/// A change to be split into what drives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Of what: measures and their breakdowns.
    pub measures: Vec<(String, String)>,
    /// Whether these are the usual measures, of which a report may leave out those that hardly change.
    pub is_usual: bool,
    /// From what to what.
    pub between: Between,
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Two years of an option.
    Years {
        /// The option.
        option: usize,
        /// The earlier year.
        from: FinancialYear,
        /// The later year.
        to: FinancialYear,
    },
    /// Two options.
    Options {
        /// The one whose difference is explained.
        option: usize,
        /// From which it differs.
        against: usize,
        /// In which year; `None` for the whole forecast: the sum of a flow, the mean of a level.
        year: Option<FinancialYear>,
    },
}

/// A group of inputs that may drive a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Driver {
    /// How many people live in each area, by sex and age.
    Population,
    /// Every number of the journey that is neither law nor a service's: rates, shares, lengths, needs, walks.
    Rates,
    /// The dated rules.
    Law,
    /// What services offer and to whom: places, uptake, patience, lengths, effects, arrangements.
    Services,
}

impl Driver {
    /// Every group, in the order in which they are told.
    pub const ALL: [Driver; 4] = [
        Driver::Population,
        Driver::Rates,
        Driver::Law,
        Driver::Services,
    ];

    /// Its name in tables.
    pub fn id(self) -> &'static str {
        match self {
            Driver::Population => "population",
            Driver::Rates => "rates",
            Driver::Law => "law",
            Driver::Services => "services",
        }
    }
}

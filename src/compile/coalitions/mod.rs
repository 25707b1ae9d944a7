//! Costs of coalitions to a cost game: every group of partners has a cost, and every partner its weights.

mod members;
mod weights;

use std::collections::BTreeMap;

use self::members::{Members, Membership};
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{CoalitionRow, CoalitionTables, Tables};

/// A game of cost: what every group of partners would pay by itself. A group is a mask, whose bit `i` says whether
/// partner `i` belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Coalitions {
    /// The partners, at least one and at most [`MOST_PARTNERS`].
    pub partners: Vec<String>,
    /// The cost by mask, of any sign; the first is of nobody and 0.
    pub costs: Vec<f64>,
    /// Weights by which cost may be shared, such as population: a name, and a number of 0 or more for each partner of
    /// which one is above 0.
    pub weights: Vec<(String, Vec<f64>)>,
}

/// No table has more partners: twenty have more than a million coalitions.
pub const MOST_PARTNERS: usize = 20;

/// Proves tables of coalitions and weights sound. A weight may have none of the names `reserved`.
///
/// # Errors
/// Every fault that was found, those of the reading included.
pub fn coalitions(
    tables: &Tables<CoalitionTables>,
    reserved: &[&str],
) -> Result<Coalitions, Vec<Diagnostic>> {
    let mut check = Check {
        tables,
        faults: tables.faults.clone(),
    };
    let partners = check.partners();
    let costs = check.costs(&partners);
    let weights = check.weights(&partners, reserved);
    if check.faults.iter().any(|f| f.severity == Severity::Error) {
        return Err(check.faults);
    }
    Ok(Coalitions {
        partners: partners.into_iter().map(str::to_owned).collect(),
        costs,
        weights,
    })
}

/// The largest cost in size.
const LARGEST_COST: f64 = 1e15;

/// The tables while they are looked at.
struct Check<'a> {
    tables: &'a Tables<CoalitionTables>,
    faults: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    /// Whoever stands alone in a row is a partner, in the order of the table.
    fn partners(&mut self) -> Vec<&'a str> {
        let rows = &self.tables.content.coalitions;
        let mut partners: Vec<&str> = Vec::new();
        for row in rows {
            match row.members.as_slice() {
                [one] if !one.is_empty() && !partners.contains(&one.as_str()) => partners.push(one),
                _ => {}
            }
        }
        if partners.is_empty() {
            let first = rows.first();
            let place = first.map(|row| self.tables.sources.cell(row.at, row.members_column));
            let fault = Diagnostic::error("E801", "no partner stands alone")
                .at(&place.unwrap_or_default())
                .expected("a row for every partner by itself, which says who the partners are")
                .found("groups only")
                .hint("add a row with the name of each partner and what it would cost alone");
            self.faults.push(fault);
        }
        if partners.len() > MOST_PARTNERS {
            let row = rows
                .iter()
                .find(|row| row.members == [partners[MOST_PARTNERS]]);
            let place = row.map(|row| self.tables.sources.cell(row.at, row.members_column));
            let fault = Diagnostic::error("E807", format!("{} partners", partners.len()))
                .at(&place.unwrap_or_default())
                .expected(format!(
                    "at most {MOST_PARTNERS}, who have a million coalitions"
                ))
                .found(format!("`{}` is one more", partners[MOST_PARTNERS]))
                .hint("let partners who always go together stand as one");
            self.faults.push(fault);
        }
        partners
    }

    /// How many rows of a file were not read, because they have more or fewer cells than the header.
    fn n_ragged(&self, file: u32) -> usize {
        let name = self.tables.sources.get(file).map(|source| &source.name);
        let is_ragged = |fault: &&Diagnostic| {
            fault.code == "E106" && fault.place.as_ref().map(|place| &place.file) == name
        };
        self.faults.iter().filter(is_ragged).count()
    }

    /// Sums of larger costs would lose what they are compared for, and in the end be no numbers.
    fn check_size(&mut self, row: &CoalitionRow) {
        if row.cost.is_nan() || row.cost.abs() <= LARGEST_COST {
            return;
        }
        let fault = Diagnostic::error("E303", "a cost beyond all budgets")
            .expected(format!("at most {LARGEST_COST:e} in size"))
            .found(row.cost.to_string())
            .hint("write costs in thousands or millions, all of them");
        let place = self.tables.sources.cell(row.at, row.cost_column);
        self.faults.push(fault.at(&place));
    }

    /// The cost of every group; not a number where it is missing or at fault.
    fn costs(&mut self, partners: &[&str]) -> Vec<f64> {
        if partners.is_empty() || partners.len() > MOST_PARTNERS {
            return Vec::new();
        }
        let membership = Membership::new(partners);
        let mut costs = vec![f64::NAN; 1 << partners.len()];
        costs[0] = 0.0;
        let mut first_rows: BTreeMap<usize, usize> = BTreeMap::new();
        let mut strangers: BTreeMap<&str, usize> = BTreeMap::new();
        let rows = &self.tables.content.coalitions;
        let mut n_unclear = rows.first().map_or(0, |row| self.n_ragged(row.at.file));
        let mut partly = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            self.check_size(row);
            let group = match self.group(&membership, row, &mut strangers) {
                Members::Known(group) => group,
                Members::Some(group, n_others) => {
                    partly.push((group, n_others));
                    continue;
                }
                Members::Unclear => {
                    n_unclear += 1;
                    continue;
                }
            };
            if group == 0 {
                self.check_nobody(row);
            } else if let Some(first) = first_rows.insert(group, index) {
                self.stands_twice(first, row);
            } else {
                costs[group] = row.cost;
            }
        }
        self.check_strangers(partners, &strangers);
        self.check_missing(partners, &first_rows, &partly, n_unclear);
        costs
    }
}

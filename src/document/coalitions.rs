//! What coalitions of partners cost, and what partners weigh, made elsewhere.

use std::path::Path;

use super::cells::{filled, required};
use super::elsewhere::{Desk, Tables};
use super::source::{At, Source};
use super::table::{Shape, header_names, read_table};
use crate::diagnostic::{Diagnostic, nearest};

/// Both tables as written.
#[derive(Debug, Clone, Default)]
pub struct CoalitionTables {
    /// A row for each coalition, in the order of the file.
    pub coalitions: Vec<CoalitionRow>,
    /// The weights, where a table of them was given.
    pub weights: Option<PartnerWeights>,
}

/// What one coalition costs.
#[derive(Debug, Clone)]
pub struct CoalitionRow {
    /// The row.
    pub at: At,
    /// Where the members stand in it.
    pub members_column: usize,
    /// Where the cost stands in it.
    pub cost_column: usize,
    /// The members, trimmed, in the order in which they are written; none where the cell is empty.
    pub members: Vec<String>,
    /// The cost; not a number where the cell is at fault.
    pub cost: f64,
}

/// The table of weights: a row for each partner, a column for each weight.
#[derive(Debug, Clone, Default)]
pub struct PartnerWeights {
    /// The header.
    pub header: At,
    /// The names of the weights, and where each stands in the file.
    pub names: Vec<(String, usize)>,
    /// Where the partner stands in the file.
    pub partner_column: usize,
    /// Every row.
    pub rows: Vec<PartnerRow>,
}

/// The weights of one partner.
#[derive(Debug, Clone)]
pub struct PartnerRow {
    /// The row.
    pub at: At,
    /// The partner.
    pub partner: String,
    /// A weight for each name; not a number where the cell is at fault.
    pub weights: Vec<f64>,
}

/// What parts the members of a coalition.
pub const JOINED_BY: char = '+';

/// The column of partners in the table of weights.
const PARTNER: &str = "partner";

/// Words about a coalition or a partner, which are passed over.
const WORDS: [&str; 2] = ["title", "note"];

/// Reads the costs of coalitions, with the columns `members` and `cost`, and the weights of partners, with the column
/// `partner` and one for each weight.
///
/// # Errors
/// When one of the files cannot be read as such a table; other faults stand in [`Tables::faults`].
pub fn coalitions(
    costs: &Path,
    weights: Option<&Path>,
) -> Result<Tables<CoalitionTables>, Vec<Diagnostic>> {
    let mut desk = Desk::new();
    let coalitions = desk.table(costs, coalition_table);
    let weights = match weights {
        Some(path) => desk.table(path, weight_table).map(Some),
        None => Some(None),
    };
    let content = coalitions
        .zip(weights)
        .map(|(coalitions, weights)| CoalitionTables {
            coalitions,
            weights,
        });
    desk.clear(content)
}

fn coalition_table(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> Vec<CoalitionRow> {
    let shape = Shape {
        columns: &["members", "cost"],
        n_required: 2,
        is_closed: false,
    };
    let mut rows = Vec::new();
    let n_faults = faults.len();
    read_table(source, file, &shape, faults, |row, faults| {
        let members = row.cell(0);
        rows.push(CoalitionRow {
            at: row.at,
            members_column: row.column(0),
            cost_column: row.column(1),
            members: match members.is_empty() {
                true => Vec::new(),
                false => members
                    .split(JOINED_BY)
                    .map(|m| m.trim().to_owned())
                    .collect(),
            },
            cost: required(source, row, 1, "cost", faults),
        });
    });
    if rows.is_empty() && faults.len() == n_faults {
        faults.push(
            Diagnostic::error("E005", "this table has no coalitions")
                .at(&source.place(0, 0))
                .expected("a row for every partner alone and for every group of partners")
                .found("a header and no rows")
                .hint("write the rows below the header, such as `Angus+Dundee City,120000`"),
        );
    }
    rows
}

fn weight_table(source: &Source, file: u32, faults: &mut Vec<Diagnostic>) -> PartnerWeights {
    let (header, all) = header_names(source, file);
    let mut names: Vec<&str> = Vec::new();
    for name in &all {
        let is_weight = !name.is_empty() && !WORDS.contains(&name.as_str());
        // Where there is no `partner`, a name like it is no weight but that column misspelt.
        let is_partner = match all.iter().any(|name| name == PARTNER) {
            true => name == PARTNER,
            false => nearest(name, [PARTNER]).is_some(),
        };
        if is_weight && !is_partner && !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let columns: Vec<&str> = std::iter::once(PARTNER).chain(names.clone()).collect();
    let shape = Shape {
        columns: &columns,
        n_required: 1,
        is_closed: false,
    };
    let position = |wanted: &str| all.iter().position(|name| name == wanted);
    let mut read = PartnerWeights {
        header,
        names: (names.iter())
            .map(|name| ((*name).to_owned(), position(name).unwrap_or(usize::MAX)))
            .collect(),
        partner_column: position(PARTNER).unwrap_or(usize::MAX),
        rows: Vec::new(),
    };
    let n_faults = faults.len();
    read_table(source, file, &shape, faults, |row, faults| {
        let weight = |(index, name): (usize, &&str)| required(source, row, index + 1, name, faults);
        let weights = names.iter().enumerate().map(weight).collect();
        read.rows.push(PartnerRow {
            at: row.at,
            partner: filled(source, row, 0, "partner", faults),
            weights,
        });
    });
    if (names.is_empty() || read.rows.is_empty()) && faults.len() == n_faults {
        faults.push(
            Diagnostic::error("E005", "this table has no weights")
                .at(&source.place(header.start, header.end))
                .expected("a row for every partner, and a column for each weight beside `partner`")
                .found(match names.is_empty() {
                    true => "no column of weights",
                    false => "a header and no rows",
                })
                .hint("write `partner,population` in the header, and a row for each partner"),
        );
    }
    read
}

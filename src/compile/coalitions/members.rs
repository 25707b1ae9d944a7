//! Who belongs to a coalition, and whether every coalition is there.

use std::collections::BTreeMap;

use super::Check;
use crate::diagnostic::Diagnostic;
use crate::document::CoalitionRow;

/// Partners by name.
pub(super) struct Membership<'a> {
    indices: BTreeMap<&'a str, usize>,
}

impl<'a> Membership<'a> {
    pub fn new(partners: &[&'a str]) -> Membership<'a> {
        Membership {
            indices: partners
                .iter()
                .enumerate()
                .map(|(i, name)| (*name, i))
                .collect(),
        }
    }
}

/// Who a row is of.
pub(super) enum Members {
    /// This group.
    Known(usize),
    /// These partners, and as many again as there are names that no partner has.
    Some(usize, u32),
    /// Nobody can tell.
    Unclear,
}

impl<'a> Check<'a> {
    fn of_members(&mut self, row: &CoalitionRow, fault: Diagnostic) {
        let place = self.tables.sources.cell(row.at, row.members_column);
        self.faults.push(fault.at(&place));
    }

    /// The group of a row. Strangers are gathered, because one name in many rows is
    /// one fault.
    pub(super) fn group(
        &mut self,
        membership: &Membership<'_>,
        row: &'a CoalitionRow,
        strangers: &mut BTreeMap<&'a str, usize>,
    ) -> Members {
        let mut group = 0;
        let mut n_others = 0;
        for (at, member) in row.members.iter().enumerate() {
            if member.is_empty() {
                let fault = Diagnostic::error("E808", "a member without a name")
                    .expected("names joined by `+`, such as `Angus+Dundee City`")
                    .found(format!("`{}`", row.members.join("+")))
                    .hint("take the `+` away that joins nothing");
                self.of_members(row, fault);
                return Members::Unclear;
            }
            if row.members[..at].contains(member) {
                let fault = Diagnostic::error("E804", format!("`{member}` is a member twice"))
                    .expected("each member of a coalition once")
                    .found(format!("`{}`", row.members.join("+")))
                    .hint("take one of them away, or write who is meant");
                self.of_members(row, fault);
                return Members::Unclear;
            }
            match membership.indices.get(member.as_str()) {
                Some(index) => group |= 1 << index,
                None => {
                    *strangers.entry(member).or_default() += 1;
                    n_others += 1;
                }
            }
        }
        match n_others {
            0 => Members::Known(group),
            _ => Members::Some(group, n_others),
        }
    }

    /// Nobody costs nothing; a row that says so may stand.
    pub(super) fn check_nobody(&mut self, row: &CoalitionRow) {
        if row.cost == 0.0 || row.cost.is_nan() {
            return;
        }
        let fault = Diagnostic::error("E808", "a coalition of nobody costs something")
            .expected("members, or a cost of 0")
            .found(format!("no members and a cost of {}", row.cost))
            .hint(
                "write the members; a cost that is there whoever joins belongs to every coalition",
            );
        self.of_members(row, fault);
    }

    pub(super) fn stands_twice(&mut self, first: usize, row: &CoalitionRow) {
        let first = &self.tables.content.coalitions[first];
        let line = self.tables.sources.file_and_line(first.at);
        let fault = Diagnostic::error(
            "E802",
            format!("the coalition `{}` stands twice", row.members.join("+")),
        )
        .expected("each coalition once, whatever the order of its members")
        .found(format!("`{}` at {line}", first.members.join("+")))
        .hint("take one of the rows away, or write who is meant");
        self.of_members(row, fault);
    }

    /// A member who never stands alone is misspelt, or lacks a row.
    pub(super) fn check_strangers(&mut self, partners: &[&str], strangers: &BTreeMap<&str, usize>) {
        let rows = &self.tables.content.coalitions;
        for (name, n_rows) in strangers {
            let holds = |row: &&CoalitionRow| row.members.iter().any(|member| member == name);
            let Some(row) = rows.iter().find(holds) else {
                continue;
            };
            let fault = match n_rows {
                1 => Diagnostic::error("E803", format!("no partner is called `{name}`"))
                    .expected(format!("one of {}", few(partners))),
                _ => Diagnostic::error("E801", format!("no cost of `{name}` alone"))
                    .expected("a row for every partner by itself"),
            };
            let found = match n_rows {
                1 => format!("`{name}` in this row, and no row of its own"),
                more => format!("`{name}` in {more} rows, and no row of its own"),
            };
            let fault = fault
                .found(found)
                .nearest(name, partners.iter().copied())
                .hint(format!("add a row with what `{name}` would cost alone"));
            self.of_members(row, fault);
        }
    }

    /// Every group of partners has a row. What is missing may stand in a row with some of its members and as many others
    /// (`partly`), or in one of the `n_unclear` rows whose members nobody can tell; only what is missing beyond them is a
    /// fault of its own.
    pub(super) fn check_missing(
        &mut self,
        partners: &[&str],
        found: &BTreeMap<usize, usize>,
        partly: &[(usize, u32)],
        n_unclear: usize,
    ) {
        let n_groups = (1_usize << partners.len()) - 1;
        let mut missing: Vec<usize> = (1..=n_groups)
            .filter(|group| !found.contains_key(group))
            .collect();
        for (some, n_others) in partly.iter().filter(|(some, _)| *some > 0) {
            let n_members = some.count_ones() + n_others;
            let stands = |group: &usize| group & some == *some && group.count_ones() == n_members;
            if let Some(at) = missing.iter().position(stands) {
                missing.remove(at);
            }
        }
        let n_missing = missing.len();
        if n_missing <= n_unclear {
            return;
        }
        let names: Vec<String> = (missing.iter().take(SHOWN))
            .map(|group| named(partners, *group))
            .collect();
        let more = n_missing - names.len();
        let list = names
            .iter()
            .map(|name| format!("`{name}`"))
            .collect::<Vec<_>>();
        let list = match more {
            0 => list.join(", "),
            more => format!("{} and {more} more", list.join(", ")),
        };
        let message = match n_missing {
            1 => format!("the coalition {list} is missing"),
            n => format!("{n} of {n_groups} coalitions are missing"),
        };
        let place = self.tables.content.coalitions.first();
        let place = place.and_then(|row| self.tables.sources.get(row.at.file));
        let end = place.map_or(0, |source| source.text.trim_end().len() as u32);
        let place = place
            .map(|source| source.place(end, end))
            .unwrap_or_default();
        let fault = Diagnostic::error("E801", message)
            .at(&place)
            .expected(format!("a cost for every group of the {} partners", partners.len()))
            .found(format!("no row for {list}"))
            .hint("add the row; a group that would not work together costs what its members cost alone");
        self.faults.push(fault);
    }
}

/// How many names a message lists.
const SHOWN: usize = 5;

/// The members of a group, as a table would write them.
fn named(partners: &[&str], group: usize) -> String {
    let members = partners.iter().enumerate();
    let members = members.filter(|(index, _)| group >> index & 1 == 1);
    members.map(|(_, name)| *name).collect::<Vec<_>>().join("+")
}

/// The first few of a list of names.
pub(super) fn few(names: &[&str]) -> String {
    const SHOWN: usize = 10;
    let list = names
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

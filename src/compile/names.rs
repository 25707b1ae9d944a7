//! Names that must be known, and names that must be the only ones.

use super::{Compiler, ParameterIdx, StateIdx};
use crate::diagnostic::Diagnostic;
use crate::document::{Part, PayerFile, SOCIETY, Text};

/// How many known names an error lists; the nearest is named in its hint anyway.
const MOST_LISTED: usize = 12;

impl Compiler<'_> {
    /// Reports an unknown name; an empty one has been reported already.
    pub(super) fn unknown(&mut self, code: &'static str, what: &str, name: &Text, names: &[&str]) {
        if name.is_missing() || !self.may_report((code, what), &name.value, names) {
            return;
        }
        let fault = Diagnostic::error(code, format!("unknown {what} `{}`", name.value))
            .expected(listed(what, names))
            .found(format!("`{}`", name.value))
            .nearest(&name.value, names.iter().copied());
        let fault = match where_found(code).filter(|_| fault.hints.is_empty()) {
            Some(hint) => fault.hint(hint),
            None => fault,
        };
        self.report(name.at, fault);
    }

    /// Whether an unknown name is a fault of its own: it is not when it may stand where something could not be read,
    /// which has been reported, unless it is a slip of a name that could be.
    pub(super) fn may_report(
        &self,
        (code, what): (&str, &str),
        name: &str,
        names: &[&str],
    ) -> bool {
        let unread = &self.documents.unread;
        let is_unread = holders(code, what).iter().any(|part| unread.contains(part));
        // An id that could not be read may be the one that is meant, and a model without any sex or band is a fault.
        let is_empty = code == "E209" && names.is_empty();
        let may_be_there =
            is_unread || is_empty || names.contains(&"") || self.is_in_a_broken_row(name);
        !may_be_there || is_slip(name, names)
    }

    /// The state of this name.
    pub(super) fn state(&mut self, name: &Text) -> Option<StateIdx> {
        let found = self.state_ids.get(&name.value).copied();
        if found.is_none() {
            let ids: Vec<&str> = self
                .documents
                .model
                .states
                .iter()
                .map(|state| state.id.as_str())
                .collect();
            self.unknown("E202", "state", name, &ids);
        }
        found
    }

    /// By state: whether it is among these names.
    pub(super) fn states(&mut self, names: &[Text]) -> Vec<bool> {
        let mut among = vec![false; self.documents.model.states.len()];
        for name in names {
            if let Some(state) = self.state(name) {
                among[state] = true;
            }
        }
        among
    }

    /// The need of this name.
    pub(super) fn need(&mut self, name: &Text) -> Option<usize> {
        let needs = &self.documents.model.needs;
        let found = needs.iter().position(|need| need.id.value == name.value);
        if found.is_none() {
            let ids: Vec<&str> = needs.iter().map(|need| need.id.as_str()).collect();
            self.unknown("E206", "need", name, &ids);
        }
        found
    }

    /// The payer of this name.
    pub(super) fn payer(&mut self, name: &Text) -> Option<usize> {
        let payers = &self.documents.payers;
        let found = payers.iter().position(|payer| payer.id.value == name.value);
        if found.is_none() {
            let ids: Vec<&str> = payers.iter().map(|payer| payer.id.as_str()).collect();
            self.unknown("E207", "payer", name, &ids);
        }
        found
    }

    /// The public payer of this name: money that somebody decides to spend comes out of a budget.
    pub(super) fn public_payer(&mut self, name: &Text) -> Option<usize> {
        let found = self.payer(name)?;
        let payers = &self.documents.payers;
        let is_public = |payer: &&PayerFile| payer.perspective.value != SOCIETY;
        if is_public(&&payers[found]) {
            return Some(found);
        }
        let public: Vec<&str> = payers
            .iter()
            .filter(is_public)
            .map(|payer| payer.id.as_str())
            .collect();
        let fault = Diagnostic::error("E517", "a cost to somebody who has no budget")
            .expected(listed("public payer", &public))
            .found(format!(
                "`{}`, who bears what no budget pays (`perspective = \"society\"`)",
                name.value
            ))
            .hint(match &public[..] {
                [] => "costs.toml has no public payer: add a [[payer]] with `partner = false`"
                    .to_owned(),
                public => format!("public payers are {}", public.join(", ")),
            });
        self.report(name.at, fault);
        None
    }

    /// The parameter or rule of this name.
    pub(super) fn parameter(&mut self, name: &Text) -> Option<ParameterIdx> {
        let found = self.parameter_ids.get(&name.value).copied();
        if found.is_none() {
            let ids = self.known_parameters();
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            self.unknown("E203", "parameter", name, &ids);
        }
        found
    }

    /// The names of parameters and rules; an empty one among them where one could not be read.
    pub(super) fn known_parameters(&self) -> Vec<String> {
        let documents = self.documents;
        let has_nameless = documents.rules.iter().any(|rule| rule.id.is_missing())
            || documents
                .parameters
                .iter()
                .any(|row| row.text("id").is_empty());
        let nameless = has_nameless.then(String::new);
        self.parameter_ids.keys().cloned().chain(nameless).collect()
    }

    /// Whether a row that could not be read speaks of this name, so that the name may well be there.
    fn is_in_a_broken_row(&self, name: &str) -> bool {
        let is_name = |cell: &str| cell.trim().to_lowercase() == name.to_lowercase();
        let speaks = |fault: &Diagnostic| {
            let place = fault.place.as_ref();
            place.is_some_and(|place| place.text.split([',', '"', ';', '|']).any(is_name))
        };
        self.faults
            .iter()
            .any(|fault| fault.code == "E106" && speaks(fault))
    }

    /// The row in the profile of the area of this name or code.
    pub(super) fn area_row(&mut self, name: &Text) -> Option<usize> {
        let found = self.area_names.get(&name.value.to_lowercase()).copied();
        if found.is_none() {
            let names: Vec<&str> = self
                .documents
                .areas
                .iter()
                .map(|area| area.name.as_str())
                .collect();
            self.unknown("E201", "area", name, &names);
        }
        found
    }

    /// The scenario's area of this name or code.
    pub(super) fn scenario_area(&mut self, name: &Text) -> Option<usize> {
        let row = self.area_row(name)?;
        let found = self.scenario_area[row];
        if found.is_none() && self.are_areas_known {
            let names: Vec<&str> = self
                .plan
                .areas
                .iter()
                .map(|area| area.name.as_str())
                .collect();
            let fault = Diagnostic::error(
                "E508",
                format!("`{}` is not an area of this scenario", name.value),
            )
            .expected(listed("area", &names))
            .found(format!("`{}`", name.value))
            .hint("add it to the scenario's `areas`, or take it away here");
            self.report(name.at, fault);
        }
        found
    }

    /// Reports every name that stands twice.
    pub(super) fn check_unique<'t>(&mut self, what: &str, names: impl Iterator<Item = &'t Text>) {
        let mut seen = std::collections::BTreeSet::new();
        for name in names.filter(|name| !name.is_missing()) {
            if !seen.insert(name.value.clone()) {
                let fault =
                    Diagnostic::error("E109", format!("the {what} `{}` stands twice", name.value))
                        .expected(format!("each {what} once"))
                        .found(format!("`{}` again", name.value))
                        .hint("give one of them another id");
                self.report(name.at, fault);
            }
        }
    }
}

/// The parts in which a name that an error of this code calls unknown may stand.
fn holders(code: &str, what: &str) -> &'static [Part] {
    match code {
        "E201" => &[Part::Areas],
        "E202" | "E206" | "E209" => &[Part::Model],
        "E203" => &[Part::Parameters, Part::Rules],
        "E204" if what == "measure" => &[Part::Outcomes],
        "E204" if what == "named departure" => &[Part::Model],
        "E204" => &[Part::Outcomes, Part::Recorded],
        "E205" => &[Part::Services],
        "E207" => &[Part::Costs],
        "E208" | "E215" => &[Part::Rules],
        _ => &[],
    }
}

/// Where the names stand that an error of this code calls unknown, when none is near.
fn where_found(code: &str) -> Option<&'static str> {
    Some(match code {
        "E201" => {
            "`needscast areas` lists the names and codes of Scotland; another profile has them in its areas.csv"
        }
        "E202" | "E206" | "E209" => "the names stand in the model's model.toml",
        "E203" => "the names stand in the column `id` of parameters/*.csv and in rules.toml",
        "E204" => "the names stand in the model's outcomes.toml",
        "E205" => "the names stand in the model's services.toml",
        "E207" => {
            "payers stand in the model's costs.toml; a public one says whether it is a statutory partner, `partner = true` or `false`"
        }
        "E208" | "E215" => "the names stand in the model's rules.toml",
        _ => return None,
    })
}

/// Whether a name is so near to one of these that it is more probably a slip than another name. Names that differ in
/// their digits are different names.
fn is_slip(name: &str, names: &[&str]) -> bool {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let most = name.chars().count() / 6;
    names.iter().any(|other| {
        digits(other) == digits(name)
            && (1..=most.min(2)).contains(&strsim::osa_distance(name, other))
    })
}

/// The names in words.
pub(super) fn listed(what: &str, names: &[&str]) -> String {
    let names: Vec<&str> = names.iter().copied().filter(|n| !n.is_empty()).collect();
    match names.len() {
        0 => format!("a {what}, and there is none"),
        n if n <= MOST_LISTED => format!("one of {}", names.join(", ")),
        n => format!(
            "one of {} and {} more",
            names[..MOST_LISTED].join(", "),
            n - MOST_LISTED
        ),
    }
}

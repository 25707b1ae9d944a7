//! A shared service, as text, as JSON, as tables and as a page.

mod described;
mod figures;
mod findings;
mod json;
mod ladder;
mod map;
mod page;
mod tables;
mod text;
mod told;

pub(super) use described::{column, table};
pub(super) use page::JointView;

use crate::appraise::joint::{Change, Criteria, Joint};
use crate::compile::{Group, Plan};

/// What sharing comes to, to be shown.
pub struct JointReport<'a> {
    /// The question.
    pub plan: &'a Plan,
    /// The answer.
    pub joint: &'a Joint,
    /// As typed.
    pub command_line: &'a str,
    /// Names and SHA-256 of every file read.
    pub inputs: &'a [(String, String)],
}

/// One criterion of a coalition or partner.
struct Named<'a> {
    id: String,
    title: String,
    unit: &'static str,
    change: &'a Change,
}

impl JointReport<'_> {
    /// Every file of the answer but its page: the tables, and what a machine reads.
    pub fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        let mut files = self.tables();
        files.push(("share.json", self.json().into_bytes()));
        files
    }

    /// The verdict in a sentence.
    pub(super) fn verdict(&self) -> Option<String> {
        self.told().into_iter().next()
    }

    /// The names of a group's members.
    fn names(&self, group: Group) -> Vec<String> {
        let members = self.joint.partners.iter().enumerate();
        let members = members.filter(|(index, _)| group >> index & 1 == 1);
        members.map(|(_, name)| name.clone()).collect()
    }

    /// Every criterion, the cost first.
    fn criteria<'a>(&'a self, criteria: &'a Criteria) -> Vec<Named<'a>> {
        let cost = match self.joint.worth {
            Some(_) => "Cost of the shared services, less what needs met are worth",
            None => "Cost of the shared services",
        };
        let named = [
            ("cost", cost, "GBP", &criteria.cost),
            ("needs_met", "Needs met", "people", &criteria.needs_met),
            (
                "wait_months_mean",
                "Mean wait of those who start",
                "months",
                &criteria.wait,
            ),
            (
                "unmet_need",
                "People with the need who never start",
                "people",
                &criteria.unmet_need,
            ),
            (
                "access",
                "Share of those in need who start",
                "share",
                &criteria.access,
            ),
            (
                "need_arising",
                "People who arise with the need",
                "people",
                &criteria.arising,
            ),
            (
                "public_cost",
                "Cost of everything the model prices",
                "GBP",
                &criteria.public_cost,
            ),
        ];
        let mut all: Vec<Named> = Vec::new();
        for (id, title, unit, change) in named {
            all.push(Named {
                id: id.to_owned(),
                title: title.to_owned(),
                unit,
                change,
            });
        }
        let measures = self
            .plan
            .measures
            .iter()
            .filter(|measure| measure.is_headline);
        for (measure, change) in measures.zip(&criteria.outcomes) {
            all.push(Named {
                id: measure.id.clone(),
                title: measure.title.clone(),
                unit: "people",
                change,
            });
        }
        all
    }
}

/// With a capital letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

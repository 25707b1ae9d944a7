//! What a word means in a model and its results: a parameter, a measure, or the beginning of several names.

mod defined;
mod law;
mod measure;
mod parameter;

use serde::Serialize;

use crate::compile::Plan;
use crate::diagnostic;
use crate::document::Documents;
use crate::simulate::Layout;
use measure::MeasurePage;
use parameter::ParameterPage;

/// A model and a question of it, in which words are looked up.
pub struct Glossary<'a> {
    documents: &'a Documents,
    plan: &'a Plan,
    layout: Layout,
}

/// What a word means; at least one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// The word as it was asked.
    word: String,
    /// The scenario in which it was looked up.
    scenario: String,
    /// What it is.
    found: Vec<Page>,
}

/// One thing that a word means.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Page {
    Parameter(ParameterPage),
    Measure(MeasurePage),
    /// Parameters whose names begin so.
    Prefix {
        members: Vec<Member>,
    },
}

/// A parameter, in a line.
#[derive(Debug, Clone, Serialize)]
struct Member {
    id: String,
    unit: String,
    values: usize,
    /// The least and the largest value.
    between: [f64; 2],
    grades: Vec<String>,
}

impl<'a> Glossary<'a> {
    /// The words of a model, as a scenario uses it.
    pub fn of(documents: &'a Documents, plan: &'a Plan) -> Glossary<'a> {
        Glossary {
            documents,
            plan,
            layout: Layout::of(plan),
        }
    }

    /// What a word means: the parameter of this name, then the measure of this name; where neither is, the parameters
    /// whose names begin with it. What follows in brackets, as in `starts[service=homes]`, is passed over.
    ///
    /// # Errors
    /// The names that are nearest, when it means nothing.
    pub fn explain(&self, word: &str) -> Result<Explained, Vec<String>> {
        let lower = word.to_lowercase();
        // Tables tell a measure from another by what follows in brackets.
        let lower = match lower.split_once('[') {
            Some((measure, of)) if of.ends_with(']') => measure.to_owned(),
            _ => lower,
        };
        let mut found = Vec::new();
        let parameters = self.plan.parameters.iter().enumerate();
        let exact = parameters.filter(|(_, parameter)| parameter.id.to_lowercase() == lower);
        found.extend(exact.map(|(index, _)| Page::Parameter(self.parameter(index))));
        found.extend(self.measure(&lower).map(Page::Measure));
        if found.is_empty() {
            let members: Vec<Member> = (0..self.plan.parameters.len())
                .filter(|index| {
                    self.plan.parameters[*index]
                        .id
                        .to_lowercase()
                        .starts_with(&lower)
                })
                .map(|index| self.member(index))
                .collect();
            if !members.is_empty() && !lower.is_empty() {
                found.push(Page::Prefix { members });
            }
        }
        if found.is_empty() {
            return Err(self.nearest(&lower));
        }
        let inputs = &self.documents.inputs;
        Ok(Explained {
            word: word.to_owned(),
            scenario: inputs
                .first()
                .map_or(String::new(), |input| input.name.clone()),
            found,
        })
    }

    /// A code, a parameter or a measure with nearly this name; then names of which it is a part.
    fn nearest(&self, word: &str) -> Vec<String> {
        let parameters = self
            .plan
            .parameters
            .iter()
            .map(|parameter| parameter.id.as_str());
        let measures = self
            .layout
            .series
            .iter()
            .map(|series| series.measure.as_str());
        let defined = defined::DEFINED.iter().map(|defined| defined.id);
        let names: Vec<&str> = parameters.chain(measures).chain(defined).collect();
        let mut near: Vec<String> = Vec::new();
        near.extend(diagnostic::nearest(word, names.iter().copied()).map(str::to_owned));
        let parts = names
            .iter()
            .filter(|name| word.len() > 2 && name.contains(word));
        near.extend(parts.map(|name| (*name).to_owned()));
        let mut seen = std::collections::BTreeSet::new();
        near.retain(|name| seen.insert(name.clone()));
        near.truncate(8);
        near
    }

    fn member(&self, index: usize) -> Member {
        let parameter = &self.plan.parameters[index];
        let cells = parameter
            .cells
            .iter()
            .flatten()
            .map(|(_, cell)| &self.plan.cells[*cell]);
        let cells: Vec<_> = cells.collect();
        let mut grades: Vec<_> = cells.iter().map(|cell| cell.evidence.grade).collect();
        grades.sort();
        grades.dedup();
        let values = cells.iter().map(|cell| cell.value);
        Member {
            id: parameter.id.clone(),
            unit: parameter.unit.to_string(),
            values: cells.len(),
            between: [
                values.clone().fold(f64::INFINITY, f64::min),
                values.fold(f64::NEG_INFINITY, f64::max),
            ],
            grades: grades
                .into_iter()
                .map(|grade| grade.name().to_owned())
                .collect(),
        }
    }
}

impl Explained {
    /// For programs.
    pub fn json(&self) -> String {
        // What is made here of words and finite numbers can be written.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        format!("{text}\n")
    }

    /// For people.
    pub fn text(&self) -> String {
        let mut out = String::new();
        if self.found.len() > 1 {
            out += &format!("`{}` is a parameter and a measure.\n\n", self.word);
        }
        let pages = self.found.iter().map(|page| match page {
            Page::Parameter(page) => page.text(),
            Page::Measure(page) => page.text(),
            Page::Prefix { members } => prefix_text(&self.word, members),
        });
        out += &pages.collect::<Vec<_>>().join("\n");
        out + &format!("\nLooked up in {}.\n", self.scenario)
    }
}

fn prefix_text(word: &str, members: &[Member]) -> String {
    let mut out = match members.len() {
        1 => format!("One parameter begins with `{word}`:\n"),
        n => format!("{n} parameters begin with `{word}`:\n"),
    };
    let width = members
        .iter()
        .map(|member| member.id.len())
        .max()
        .unwrap_or(0);
    for member in members {
        let [low, high] = member.between.map(super::number::plain);
        let value = if low == high {
            low
        } else {
            format!("{low} to {high}")
        };
        let values = match member.values {
            1 => String::new(),
            n => format!(" ({n} values)"),
        };
        out += &format!(
            "  {:<width$}  {value} {}{values}, {}\n",
            member.id,
            member.unit,
            member.grades.join(", ")
        );
    }
    out
}

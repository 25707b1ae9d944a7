//! A parameter: its values with their evidence and law, and where the model uses it.

use serde::Serialize;

use super::super::number::plain;
use super::Glossary;
use super::law::law_words;
use crate::compile::{Cell, Parameter};

/// Everything there is to know of a parameter.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ParameterPage {
    id: String,
    unit: String,
    /// Whether law or guidance fixes it.
    is_rule: bool,
    /// What it differs by: area, sex, age, priors, month.
    by: Vec<&'static str>,
    /// Titles of what uses it.
    used_by: Vec<String>,
    /// Lines of the model and the scenario that name it.
    uses: Vec<Use>,
    values: Vec<Valued>,
}

/// A line that names it.
#[derive(Debug, Clone, Serialize)]
struct Use {
    /// File and line.
    place: String,
    /// What the line says.
    text: String,
}

/// One of its values.
#[derive(Debug, Clone, Serialize)]
struct Valued {
    /// For whom, in words; blank for all.
    of: String,
    /// From which month; blank from the beginning.
    from: String,
    value: f64,
    /// The ends of the 95% interval; none where it is fixed.
    interval: Option<(f64, f64)>,
    law: String,
    period: String,
    population: String,
    source: String,
    url: String,
    grade: &'static str,
    note: String,
    /// File and line.
    place: String,
}

impl Valued {
    /// What the values of a parameter mostly have in common.
    fn evidence(&self) -> [&str; 6] {
        [
            self.grade,
            &self.source,
            &self.url,
            &self.period,
            &self.population,
            &self.note,
        ]
    }
}

/// So many values are printed for people; JSON has them all.
const SHOWN: usize = 40;

impl Glossary<'_> {
    pub(super) fn parameter(&self, index: usize) -> ParameterPage {
        let parameter = &self.plan.parameters[index];
        let keys = parameter.keys;
        let by = [
            (keys.area, "area"),
            (keys.sex, "sex"),
            (keys.age, "age"),
            (keys.priors, "previous convictions"),
        ];
        let mut by: Vec<&'static str> = by
            .into_iter()
            .filter(|(is_by, _)| *is_by)
            .map(|(_, key)| key)
            .collect();
        if parameter.cells.iter().any(|dated| dated.len() > 1) {
            by.push("month");
        }
        let cells = parameter.cells.iter().flatten();
        let cells = cells.map(|(_, cell)| &self.plan.cells[*cell]);
        ParameterPage {
            id: parameter.id.clone(),
            unit: parameter.unit.to_string(),
            is_rule: parameter.is_law,
            by,
            used_by: parameter.used_by.clone(),
            uses: self.uses(&parameter.id),
            values: cells.map(|cell| self.valued(parameter, cell)).collect(),
        }
    }

    fn valued(&self, parameter: &Parameter, cell: &Cell) -> Valued {
        let mut words: Vec<&str> = cell
            .keys
            .split(',')
            .filter(|word| !word.is_empty())
            .collect();
        if let Some(code) = words.first_mut().filter(|_| parameter.keys.area) {
            let named = self.plan.areas.iter().find(|area| area.code == *code);
            *code = named.map_or(*code, |area| area.name.as_str());
        }
        let evidence = &cell.evidence;
        Valued {
            of: words.join(", "),
            from: cell.from.map_or(String::new(), |month| month.to_string()),
            value: cell.value,
            interval: cell.interval,
            law: law_words(cell),
            period: evidence.period.clone(),
            population: evidence.population.clone(),
            source: evidence.source.clone(),
            url: evidence.url.clone(),
            grade: evidence.grade.name(),
            note: evidence.note.clone(),
            place: evidence.place.clone(),
        }
    }

    /// Lines of TOML that name it between quotes.
    fn uses(&self, id: &str) -> Vec<Use> {
        // Steps of a table by duration are named by the table.
        let name = id.split('[').next().unwrap_or(id);
        let quoted = format!("\"{name}\"");
        let mut uses = Vec::new();
        for file in 0.. {
            let Some(source) = self.documents.sources.get(file) else {
                break;
            };
            let is_toml = source
                .name
                .trim_end_matches(" (built in)")
                .ends_with(".toml");
            for (index, line) in source.text.lines().enumerate().filter(|_| is_toml) {
                let text = line.trim();
                if text.contains(&quoted) && !text.starts_with('#') {
                    uses.push(Use {
                        place: format!("{}:{}", source.name, index + 1),
                        text: text.to_owned(),
                    });
                }
            }
        }
        uses
    }
}

impl ParameterPage {
    pub(super) fn text(&self) -> String {
        let kind = if self.is_rule {
            "a rule: law or guidance fixes it"
        } else {
            "a parameter of the model"
        };
        let mut out = format!("{}: {kind}, in {}", self.id, self.unit);
        out += &match self.by.as_slice() {
            [] => ", the same for all areas and people".to_owned(),
            by if by.contains(&"area") => format!(", by {}", by.join(", ")),
            by => format!(", by {}, the same for all areas", by.join(", ")),
        };
        out += ".\n\nUsed by: ";
        out += &match self.used_by.is_empty() {
            true => "nothing in this scenario.\n".to_owned(),
            false => format!("{}.\n", self.used_by.join("; ")),
        };
        for it in &self.uses {
            out += &format!("  {}  {}\n", it.place, it.text);
        }
        out += "\nValues:\n";
        let first = self.values.first();
        let is_alike = self
            .values
            .iter()
            .all(|value| Some(value.evidence()) == first.map(Valued::evidence));
        for value in self.values.iter().take(SHOWN) {
            out += &value_text(value, &self.unit);
            if !is_alike {
                out += &evidence_text(value, "    ");
            }
        }
        if self.values.len() > SHOWN {
            out += &format!(
                "  And {} more: --format json has them all.\n",
                self.values.len() - SHOWN
            );
        }
        match first.filter(|_| is_alike) {
            Some(value) => out + "\nEvidence:\n" + &evidence_text(value, "  "),
            None => out,
        }
    }
}

fn value_text(value: &Valued, unit: &str) -> String {
    let of = match (value.of.as_str(), value.from.as_str()) {
        ("", "") => String::new(),
        (of, "") => format!("{of}: "),
        ("", from) => format!("from {from}: "),
        (of, from) => format!("{of}, from {from}: "),
    };
    format!(
        "  {of}{} {unit} ({}), {}\n",
        plain(value.value),
        value.law,
        value.place
    )
}

fn evidence_text(value: &Valued, indent: &str) -> String {
    let mut lines = vec![format!("grade {}; {}", value.grade, value.source)];
    let parts = [
        ("of", &value.period),
        ("about", &value.population),
        ("", &value.url),
        ("", &value.note),
    ];
    let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
    lines.extend(parts.map(|(word, text)| format!("{word} {text}").trim().to_owned()));
    lines
        .iter()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}

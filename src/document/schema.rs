//! The JSON Schema of a document: what its reader was seen to ask, told in another language.

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::shape::{ANY_NAME, Asked, Kind, Watch, explore};
use super::{
    costs_file, model_reading, outcomes_file, rules_file, scenario_file, services_file, suite,
    sweep,
};

/// How a document is read.
pub(super) type Reader = fn(Fields<'_>);

/// The documents that have a schema: the name, what it is, and how it is read.
const READERS: [(&str, &str, Reader); 8] = [
    ("scenario", "A scenario: one question", |fields| {
        drop(scenario_file::scenario_file(fields));
    }),
    ("model", "model.toml: the journey", |fields| {
        drop(model_reading::model_file(fields));
    }),
    (
        "services",
        "services.toml: the services of a model",
        |fields| {
            drop(services_file::services_file(fields));
        },
    ),
    ("outcomes", "outcomes.toml: what a model counts", |fields| {
        drop(outcomes_file::outcomes_file(fields));
    }),
    ("costs", "costs.toml: who pays for what", |fields| {
        drop(costs_file::costs_file(fields));
    }),
    (
        "rules",
        "rules.toml: the law, and what is asked of a plan",
        |fields| {
            drop(rules_file::rules_file(fields));
        },
    ),
    ("sweep", "A sweep: one scenario in many cases", |fields| {
        drop(sweep::sweep_file(fields));
    }),
    ("suite", "The suite of a benchmark", |fields| {
        drop(suite::suite_file(fields));
    }),
];

/// The names of the documents that have a schema.
pub fn schema_names() -> Vec<&'static str> {
    READERS.iter().map(|(name, ..)| *name).collect()
}

/// The JSON Schema of a document, as its reader reads it; `None` where there is no such document.
pub fn schema(document: &str) -> Option<Value> {
    let (name, about, read) = READERS.iter().find(|(name, ..)| *name == document)?;
    let watch = explore(*read);
    let mut schema = watch.table("");
    let head = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("$id", json!(format!("needscast:{name}"))),
        ("title", json!(about)),
    ];
    if let Some(members) = schema.as_object_mut() {
        members.extend(head.map(|(key, value)| (key.to_owned(), value)));
    }
    Some(schema)
}

impl Watch {
    /// The schema of a table.
    fn table(&self, path: &str) -> Value {
        let Some(seen) = self.tables.get(path) else {
            return json!({ "type": "object" });
        };
        let mut properties = Map::new();
        let mut others = json!(!seen.is_closed);
        let mut required = Vec::new();
        for (key, asked) in &seen.keys {
            let schema = self.value(&format!("{path}/{key}"), asked);
            if *key == ANY_NAME {
                others = schema;
                continue;
            }
            if asked.n_required == seen.n_opened {
                required.push(json!(key));
            }
            properties.insert((*key).to_owned(), schema);
        }
        let mut table = json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": others,
        });
        if let (Some(members), false) = (table.as_object_mut(), required.is_empty()) {
            members.insert("required".to_owned(), json!(required));
        }
        table
    }

    /// The schema of what a key may hold.
    fn value(&self, path: &str, asked: &Asked) -> Value {
        let mut of_kinds: Vec<Value> = asked
            .taken
            .iter()
            .map(|kind| self.of_kind(path, kind))
            .collect();
        let mut schema = match of_kinds.len() {
            0 => json!({}),
            1 => of_kinds.remove(0),
            _ => json!({ "anyOf": of_kinds }),
        };
        if let (Some(members), false) = (schema.as_object_mut(), asked.expected.is_empty()) {
            members.insert("description".to_owned(), json!(asked.expected));
        }
        schema
    }

    fn of_kind(&self, path: &str, kind: &Kind) -> Value {
        let text = json!({ "type": "string" });
        let number = json!({ "type": "number" });
        match kind {
            Kind::Text => text,
            Kind::Words => json!({ "type": "string", "minLength": 1 }),
            Kind::OneOf(words) => json!({ "type": "string", "enum": words }),
            Kind::Texts => json!({ "type": "array", "items": text }),
            Kind::Product => {
                json!({ "anyOf": [text, { "type": "array", "items": text, "minItems": 1 }] })
            }
            Kind::Shares => {
                json!({ "type": "array", "items": { "type": "number", "minimum": 0, "maximum": 1 } })
            }
            Kind::Flag => json!({ "type": "boolean" }),
            Kind::Whole => json!({ "type": "integer" }),
            Kind::Number => number,
            Kind::Numbers => json!({ "anyOf": [number, { "type": "array", "items": number }] }),
            Kind::Month => json!({
                "type": "string",
                "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$",
            }),
            Kind::Table => self.table(path),
            Kind::Tables => json!({ "type": "array", "items": self.table(path) }),
            Kind::Anything => json!({ "type": "array" }),
            Kind::AnyTable => json!({ "type": "object" }),
        }
    }
}

//! What the readers ask of a document. The readers themselves are run on small documents made
//! for them, each with another key, until they ask for nothing new: a schema that is never written cannot drift.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::fields::Reading;
use super::schema::Reader;
use super::source::Source;

/// The key that stands for every name of the user's own.
pub(super) const ANY_NAME: &str = "*";

/// What a value is read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A text that is not empty.
    Words,
    OneOf(Vec<String>),
    Texts,
    /// One name or a list of them.
    Product,
    Shares,
    Flag,
    Whole,
    Number,
    /// One number or a list of them.
    Numbers,
    Month,
    Table,
    Tables,
    /// A list of whatever is written.
    Anything,
    /// A table of whatever is written.
    AnyTable,
}

/// What has been asked so far, table by table, each by its keys from the outside in.
#[derive(Default)]
pub(super) struct Watch {
    pub(super) tables: BTreeMap<String, Seen>,
}

/// What has been asked of a table.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) n_opened: usize,
    /// In the order in which they were first asked.
    pub(super) keys: Vec<(&'static str, Asked)>,
    pub(super) is_closed: bool,
}

/// What has been asked of a key.
#[derive(Default)]
pub(super) struct Asked {
    /// As what it was asked, whatever was there.
    kinds: Vec<Kind>,
    /// As what it was taken.
    pub(super) taken: Vec<Kind>,
    /// How often it had to be there, and when last.
    pub(super) n_required: usize,
    required_in: usize,
    pub(super) expected: String,
}

impl Watch {
    pub(super) fn open(&mut self, path: &str) {
        self.tables.entry(path.to_owned()).or_default().n_opened += 1;
    }

    pub(super) fn close(&mut self, path: &str) {
        self.tables.entry(path.to_owned()).or_default().is_closed = true;
    }

    pub(super) fn name(&mut self, path: &str, key: &'static str) -> &mut Asked {
        let seen = self.tables.entry(path.to_owned()).or_default();
        seen.key(key)
    }

    pub(super) fn ask(
        &mut self,
        path: &str,
        key: &'static str,
        kind: Kind,
        found: Option<&DeValue<'_>>,
    ) {
        let asked = self.name(path, key);
        if found.is_some_and(|found| is_such(&kind, found)) && !asked.taken.contains(&kind) {
            asked.taken.push(kind.clone());
        }
        if !asked.kinds.contains(&kind) {
            asked.kinds.push(kind);
        }
    }

    pub(super) fn require(&mut self, path: &str, key: &'static str, expected: &str) {
        let n_opened = self.tables.get(path).map_or(0, |seen| seen.n_opened);
        let asked = self.name(path, key);
        if asked.required_in != n_opened {
            asked.required_in = n_opened;
            asked.n_required += 1;
        }
        if asked.expected.is_empty() {
            expected.clone_into(&mut asked.expected);
        }
    }

    /// How much is known, to tell when nothing is added.
    fn size(&self) -> usize {
        let keys = self.tables.values().flat_map(|seen| &seen.keys);
        self.tables.len() + keys.map(|(_, asked)| 1 + asked.kinds.len()).sum::<usize>()
    }
}

impl Seen {
    fn key(&mut self, key: &'static str) -> &mut Asked {
        let index = match self.keys.iter().position(|(known, _)| *known == key) {
            Some(index) => index,
            None => {
                self.keys.push((key, Asked::default()));
                self.keys.len() - 1
            }
        };
        &mut self.keys[index].1
    }
}

/// Whether a value is what it is read as.
fn is_such(kind: &Kind, found: &DeValue<'_>) -> bool {
    let is_list_of = |is: fn(&DeValue<'_>) -> bool| {
        let items = found.as_array();
        items.is_some_and(|items| items.iter().all(|item| is(item.get_ref())))
    };
    let is_number = |found: &DeValue<'_>| found.is_integer() || found.is_float();
    match kind {
        Kind::Text | Kind::Words | Kind::OneOf(_) => found.is_str(),
        Kind::Texts => is_list_of(|item| item.is_str()),
        Kind::Product => found.is_str() || is_list_of(|item| item.is_str()),
        Kind::Shares => is_list_of(|item| item.is_float()),
        Kind::Flag => found.is_bool(),
        Kind::Whole => found.is_integer(),
        Kind::Number => is_number(found),
        Kind::Numbers => is_number(found) || is_list_of(|item| item.is_float()),
        Kind::Month => found.is_str(),
        Kind::Table | Kind::AnyTable => found.is_table(),
        Kind::Tables => is_list_of(|item| item.is_table()),
        Kind::Anything => found.is_array(),
    }
}

/// How one document that is tried differs from the one that holds every key.
#[derive(Clone, Copy)]
enum Trial<'a> {
    Empty,
    Full,
    /// A table without one key.
    Without(&'a str, &'a str),
    /// A key as its kind of this number, with the other keys of its table or without them.
    As(&'a str, &'a str, usize, bool),
}

/// Runs a reader on documents until it asks for nothing new.
pub(super) fn explore(read: Reader) -> Watch {
    /// How deep tables stand in tables, and how often a key leads to another.
    const MOST_ROUNDS: usize = 12;
    let mut watch = Watch::default();
    for _ in 0..MOST_ROUNDS {
        let size = watch.size();
        let mut texts = vec![watch.text(Trial::Empty), watch.text(Trial::Full)];
        for (path, seen) in &watch.tables {
            for (key, asked) in &seen.keys {
                texts.push(watch.text(Trial::Without(path, key)));
                for kind in 0..choices(&asked.kinds).len() {
                    texts.push(watch.text(Trial::As(path, key, kind, false)));
                    texts.push(watch.text(Trial::As(path, key, kind, true)));
                }
            }
        }
        for text in texts {
            watch = run(read, watch, &text);
        }
        if watch.size() == size {
            break;
        }
    }
    watch
}

fn run(read: Reader, watch: Watch, text: &str) -> Watch {
    let source = Source::new(String::new(), text);
    let (table, _) = DeTable::parse_recoverable(&source.text);
    let reading = Reading {
        source: &source,
        file: 0,
        faults: RefCell::default(),
        meant: RefCell::default(),
        watch: Some(RefCell::new(watch)),
    };
    read(reading.fields(table.get_ref()));
    reading.watch.map(RefCell::into_inner).unwrap_or_default()
}

/// Values that a key may be tried with; a table stands for itself.
fn choices(kinds: &[Kind]) -> Vec<String> {
    let of = |kind: &Kind| -> Vec<String> {
        let written: &[&str] = match kind {
            Kind::Text | Kind::Words => &["\"a\""],
            Kind::OneOf(words) => {
                return words.iter().map(|word| format!("\"{word}\"")).collect();
            }
            Kind::Texts => &["[\"a\"]"],
            Kind::Product => &["\"a\"", "[\"a\"]"],
            Kind::Shares => &["[1.0]"],
            Kind::Flag => &["true", "false"],
            Kind::Whole => &["5"],
            Kind::Number => &["0.5"],
            Kind::Numbers => &["0.5", "[0.5]"],
            Kind::Month => &["\"2025-04\""],
            Kind::Table => &["{}"],
            Kind::Tables => &["[{}]"],
            Kind::Anything => &["[1]"],
            Kind::AnyTable => &["{ a = 1 }"],
        };
        written.iter().map(|word| (*word).to_owned()).collect()
    };
    let mut found: Vec<String> = kinds.iter().flat_map(of).collect();
    // A key may be looked for before it is known what it holds, and asked as a table only where it is one.
    if found.is_empty() {
        found.push("\"a\"".to_owned());
    }
    if !kinds.contains(&Kind::Table) {
        found.push("{}".to_owned());
    }
    found
}

impl Watch {
    fn text(&self, trial: Trial<'_>) -> String {
        let members = match trial {
            Trial::Empty => Vec::new(),
            trial => self.members("", trial),
        };
        members.join("\n")
    }

    fn members(&self, path: &str, trial: Trial<'_>) -> Vec<String> {
        let Some(seen) = self.tables.get(path) else {
            return Vec::new();
        };
        let mut members = Vec::new();
        for (key, asked) in &seen.keys {
            let here = format!("{path}/{key}");
            let (is_there, choice) = match trial {
                Trial::Without(table, without) if table == path => (*key != without, 0),
                Trial::As(table, changed, choice, _) if (table, changed) == (path, *key) => {
                    (true, choice)
                }
                // Other keys of the table, but those on the way to it.
                Trial::As(table, _, _, is_alone) if table == path => (!is_alone, 0),
                _ => (true, 0),
            };
            if !is_there {
                continue;
            }
            let choices = choices(&asked.kinds);
            let on_the_way = match trial {
                Trial::Without(table, _) | Trial::As(table, ..) => {
                    table == here || table.starts_with(&format!("{here}/"))
                }
                _ => false,
            };
            // The table that a trial is about must be there, whatever else its key may hold.
            let mut tables = choices
                .iter()
                .filter(|choice| choice.ends_with("{}") || *choice == "[{}]");
            let chosen = match tables.next() {
                Some(table) if on_the_way => table,
                _ => &choices[choice],
            };
            let value = match chosen.as_str() {
                "{}" => format!("{{ {} }}", self.members(&here, trial).join(", ")),
                "[{}]" => format!("[{{ {} }}]", self.members(&here, trial).join(", ")),
                value => value.to_owned(),
            };
            members.push(format!("\"{key}\" = {value}"));
        }
        members
    }
}

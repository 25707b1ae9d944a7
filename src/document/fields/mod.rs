//! TOML with places: a table is asked for its keys, and what is missing, wrong or unknown is reported, all of it.

mod numbers;
mod tables;
mod texts;

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::shape::{ANY_NAME, Kind, Watch};
use super::source::{At, Source, Spanned, Text};
use crate::diagnostic::{Diagnostic, nearest};

/// One TOML file while it is being read.
pub(super) struct Reading<'a> {
    pub source: &'a Source,
    pub file: u32,
    pub faults: RefCell<Vec<Diagnostic>>,
    /// Misspelt keys by their table and the key that is meant: read in its place, so that one slip is one fault.
    pub meant: RefCell<BTreeMap<(At, &'static str), String>>,
    /// What is asked, where that is to be told rather than read.
    pub watch: Option<RefCell<Watch>>,
}

/// A product of parameters as written: one name or a list of them.
#[derive(Debug, Clone, Default)]
pub struct Product {
    /// The names.
    pub names: Vec<Text>,
    /// The whole of it.
    pub at: At,
}

/// A table and the keys that it has been asked for.
pub(super) struct Fields<'a> {
    reading: &'a Reading<'a>,
    table: &'a DeTable<'a>,
    /// The table's header or braces.
    pub at: At,
    /// Its keys from the outside in, where it is told what is asked.
    path: String,
    asked: RefCell<Vec<&'static str>>,
    missing: RefCell<Vec<(&'static str, Diagnostic)>>,
}

impl<'a> Reading<'a> {
    /// The place of a span.
    fn at(&self, span: std::ops::Range<usize>) -> At {
        At {
            file: self.file,
            start: span.start as u32,
            end: span.end as u32,
        }
    }

    /// What is written at a place.
    fn text_at(&self, at: At) -> Text {
        let text = self.source.text.get(at.start as usize..at.end as usize);
        Spanned {
            value: text.unwrap_or_default().to_owned(),
            at,
        }
    }

    /// Reports a fault here.
    pub fn report(&self, at: At, fault: Diagnostic) {
        let place = match at.start == at.end {
            true => self.source.whole(),
            false => self.source.place(at.start, at.end),
        };
        self.faults.borrow_mut().push(fault.at(&place));
    }

    /// The whole file.
    pub fn fields(&'a self, table: &'a DeTable<'a>) -> Fields<'a> {
        self.table(table, self.at(0..0), String::new())
    }

    fn table(&'a self, table: &'a DeTable<'a>, at: At, path: String) -> Fields<'a> {
        if let Some(watch) = &self.watch {
            watch.borrow_mut().open(&path);
        }
        Fields {
            reading: self,
            table,
            at,
            path,
            asked: RefCell::default(),
            missing: RefCell::default(),
        }
    }

    fn wrong_type(&self, at: At, key: &str, expected: &str, found: &DeValue<'_>) {
        let mut fault = Diagnostic::error("E103", format!("`{key}` has the wrong type"))
            .expected(expected.to_owned())
            .found(described(found));
        if expected.contains("parameter")
            && matches!(found, DeValue::Float(_) | DeValue::Integer(_))
        {
            fault = fault
                .hint("numbers live in parameters/*.csv with their source; name a row of it here");
        } else if expected.contains("number") && matches!(found, DeValue::String(_)) {
            fault = fault.hint("write the number alone: no quotes, no separators, no unit");
        }
        self.report(at, fault);
    }
}

/// A value in words.
fn described(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(items) => format!("a list of {}", items.len()),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

impl<'a> Fields<'a> {
    /// Notes that a key is asked for as such a value.
    fn note(&self, key: &'static str, kind: Kind) {
        if let Some(watch) = &self.reading.watch {
            let found = self.get(key).map(|(_, found)| found);
            watch.borrow_mut().ask(&self.path, key, kind, found);
        }
    }

    /// Notes that the keys are names of the user's own, and the values such.
    fn note_named(&self, kind: Kind) {
        if let Some(watch) = &self.reading.watch {
            let found = self.table.get(ANY_NAME).map(|found| found.get_ref());
            let mut watch = watch.borrow_mut();
            watch.name(&self.path, ANY_NAME);
            watch.ask(&self.path, ANY_NAME, kind, found);
        }
    }

    /// A table within this one.
    fn inner(&self, table: &'a DeTable<'a>, at: At, key: &str) -> Fields<'a> {
        let path = match self.reading.watch {
            Some(_) => format!("{}/{key}", self.path),
            None => String::new(),
        };
        self.reading.table(table, at, path)
    }

    /// Whether the key is written.
    pub fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Where the value of the key stands, if it is written.
    pub fn at_of(&self, key: &'static str) -> Option<At> {
        self.get(key).map(|(at, _)| at)
    }

    /// The text under the key, if that is what it holds; says nothing otherwise.
    pub fn has_text(&self, key: &'static str) -> Option<Text> {
        self.note(key, Kind::Text);
        let (at, found) = self.get(key)?;
        let value = found.as_str()?.to_owned();
        Some(Spanned { value, at })
    }

    /// Whether the key holds a table.
    pub fn is_table(&self, key: &'static str) -> bool {
        self.get(key).is_some_and(|(_, found)| found.is_table())
    }

    /// Whether the key holds a list of tables and nothing else.
    pub fn holds_tables(&self, key: &'static str) -> bool {
        let items = self.get(key).and_then(|(_, found)| found.as_array());
        items.is_some_and(|items| items.iter().all(|item| item.get_ref().is_table()))
    }

    fn get(&self, key: &'static str) -> Option<(At, &'a DeValue<'a>)> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
            if let Some(watch) = &self.reading.watch {
                watch.borrow_mut().name(&self.path, key);
            }
        }
        let value = match self.table.get(key) {
            Some(value) => value,
            None => {
                let meant = self.reading.meant.borrow();
                self.table.get(meant.get(&(self.at, key))?.as_str())?
            }
        };
        Some((self.reading.at(value.span()), value.get_ref()))
    }

    /// A value read by `read`; a wrong type is reported as `expected`.
    fn read<T>(
        &self,
        key: &'static str,
        expected: &str,
        read: impl Fn(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<Spanned<T>> {
        let (at, found) = self.get(key)?;
        let value = read(found);
        if value.is_none() {
            self.reading.wrong_type(at, key, expected, found);
        }
        value.map(|value| Spanned { value, at })
    }

    /// Reports that a key is missing.
    pub fn require(&self, key: &'static str, expected: &str) {
        if let Some(watch) = &self.reading.watch {
            watch.borrow_mut().require(&self.path, key, expected);
        }
        if self.get(key).is_none() {
            let fault = Diagnostic::error("E102", format!("the key `{key}` is missing"))
                .expected(format!("`{key} = …`: {expected}"))
                .found("nothing")
                .hint(format!("add `{key}`"));
            self.missing.borrow_mut().push((key, fault));
        }
    }

    /// Reports a fault at this table.
    pub fn report(&self, at: At, fault: Diagnostic) {
        self.reading.report(at, fault);
    }

    /// Reports the keys that nobody asked for; call it when all have been asked.
    pub fn close(self) {
        if let Some(watch) = &self.reading.watch {
            watch.borrow_mut().close(&self.path);
        }
        let asked = self.asked.borrow();
        let mut missing = self.missing.borrow_mut();
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if asked.contains(&name) {
                continue;
            }
            // A misspelt key is one fault, not an unknown key and a missing one.
            let absent = asked.iter().filter(|key| !self.table.contains_key(**key));
            if let Some(meant) = nearest(name, absent.copied()) {
                missing.retain(|(key, _)| *key != meant);
                let mut known = self.reading.meant.borrow_mut();
                known
                    .entry((self.at, meant))
                    .or_insert_with(|| name.to_owned());
            }
            let fault = Diagnostic::error("E101", format!("unknown key `{name}`"))
                .expected(format!("one of {}", asked.join(", ")))
                .found(format!("`{name}`"))
                .nearest(name, asked.iter().copied());
            let fault = match fault.hints.is_empty() {
                true => fault.hint("take the key away, or write one of those that are asked for"),
                false => fault,
            };
            self.reading.report(self.reading.at(key.span()), fault);
        }
        for (_, fault) in missing.drain(..) {
            self.reading.report(self.at.or_first_line(), fault);
        }
    }
}

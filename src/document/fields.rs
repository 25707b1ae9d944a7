//! TOML with places: a table is asked for its keys, and what is missing, wrong or unknown is reported, all of it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::shape::{ANY_NAME, Kind, Watch};
use super::source::{At, Source, Spanned, Text};
use crate::diagnostic::{Diagnostic, nearest};
use crate::quantity::{Grade, Month};

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

/// A number, whole or not; in a workbook, whose cells are all texts, a text that is one.
fn number_of(source: &Source, value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::String(text) if source.is_of_cells() => text.trim().parse::<f64>().ok(),
        DeValue::Integer(number) => {
            let whole = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
            Some(whole as f64)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().ok(),
        _ => None,
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

    /// A text, if it is there.
    pub fn optional_text(&self, key: &'static str) -> Option<Text> {
        self.note(key, Kind::Text);
        self.any_text(key)
    }

    fn any_text(&self, key: &'static str) -> Option<Text> {
        self.read(key, "a text in quotes", |value| {
            value.as_str().map(str::to_owned)
        })
    }

    /// A text that must be there and say something.
    pub fn text(&self, key: &'static str) -> Text {
        self.require(key, "a text in quotes");
        self.note(key, Kind::Words);
        let text = self.any_text(key).unwrap_or(Spanned {
            value: String::new(),
            at: self.at,
        });
        if text.is_missing() && self.has(key) {
            self.empty(key, text.at);
        }
        text
    }

    fn empty(&self, key: &str, at: At) {
        let is_text = self
            .table
            .get(key)
            .is_some_and(|value| value.get_ref().is_str());
        if is_text {
            let fault = Diagnostic::error("E108", format!("`{key}` is empty"))
                .expected("a text that says something")
                .found("\"\"");
            self.reading.report(at, fault);
        }
    }

    /// A text, or this one when the key is not there.
    pub fn text_or(&self, key: &'static str, default: &str) -> Text {
        self.note(key, Kind::Text);
        self.any_text_or(key, default)
    }

    fn any_text_or(&self, key: &'static str, default: &str) -> Text {
        let text = self.any_text(key);
        text.unwrap_or_else(|| match self.at_of(key) {
            Some(at) => Text {
                value: String::new(),
                at,
            },
            None => Text {
                value: default.to_owned(),
                at: self.at,
            },
        })
    }

    /// One of these words; the first when the key is not there.
    pub fn word(&self, key: &'static str, words: &[&str]) -> Text {
        let known = words.iter().map(|word| (*word).to_owned());
        self.note(key, Kind::OneOf(known.collect()));
        let word = self.any_text_or(key, words[0]);
        let is_text = |(_, found): (At, &DeValue<'_>)| found.is_str();
        if word.is_missing() && !self.get(key).is_some_and(is_text) {
            // Of another type, which has been reported.
            return Text {
                value: words[0].to_owned(),
                at: word.at,
            };
        }
        if !words.contains(&word.as_str()) {
            self.unknown_word(key, &word, words);
        }
        word
    }

    /// A grade of evidence; a judgement where none is given.
    pub fn grade(&self) -> Text {
        let grades: Vec<&str> = Grade::ALL.iter().rev().map(|grade| grade.name()).collect();
        match self.has("grade") {
            true => self.word("grade", &grades),
            false => self.text_or("grade", Grade::Judgement.name()),
        }
    }

    /// Reports a word that is none of these.
    pub fn unknown_word(&self, key: &str, word: &Text, words: &[&str]) {
        let fault = Diagnostic::error("E111", format!("unknown word `{}` for `{key}`", word.value))
            .expected(format!("one of {}", words.join(", ")))
            .found(format!("`{}`", word.value))
            .nearest(&word.value, words.iter().copied());
        self.reading.report(word.at, fault);
    }

    /// Texts; none when the key is not there, and an empty one in place of what is no text.
    pub fn texts(&self, key: &'static str) -> Vec<Text> {
        self.note(key, Kind::Texts);
        self.any_texts(key)
    }

    fn any_texts(&self, key: &'static str) -> Vec<Text> {
        let Some((at, found)) = self.get(key) else {
            return Vec::new();
        };
        if let Some(list) = found.as_str().filter(|_| self.reading.source.is_of_cells()) {
            let parts = list
                .split(';')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            let part = |part: &str| Spanned {
                value: part.to_owned(),
                at,
            };
            return parts.map(part).collect();
        }
        let Some(items) = found.as_array() else {
            self.reading
                .wrong_type(at, key, "a list of texts in quotes", found);
            let value = String::new();
            return vec![Spanned { value, at }];
        };
        let mut texts = Vec::new();
        for item in items.iter() {
            let at = self.reading.at(item.span());
            match item.get_ref().as_str() {
                Some(text) => texts.push(Spanned {
                    value: text.to_owned(),
                    at,
                }),
                None => {
                    self.reading
                        .wrong_type(at, key, "a text in quotes", item.get_ref());
                    let value = String::new();
                    texts.push(Spanned { value, at });
                }
            }
        }
        texts
    }

    /// A product of parameters, if it is there.
    pub fn optional_product(&self, key: &'static str) -> Option<Product> {
        self.note(key, Kind::Product);
        let (at, found) = self.get(key)?;
        if let Some(name) = found.as_str() {
            let value = name.to_owned();
            return Some(Product {
                names: vec![Spanned { value, at }],
                at,
            });
        }
        if found.as_array().is_none() {
            self.reading.wrong_type(
                at,
                key,
                "the name of a parameter, or a list of names",
                found,
            );
            return Some(Product {
                names: Vec::new(),
                at,
            });
        }
        let names = self.any_texts(key);
        if found.as_array().is_some_and(|items| items.is_empty()) {
            let fault = Diagnostic::error("E108", format!("`{key}` is empty"))
                .expected("the name of a parameter, or a list of names")
                .found("[]");
            self.reading.report(at, fault);
        }
        Some(Product { names, at })
    }

    /// A product that must be there.
    pub fn product(&self, key: &'static str) -> Product {
        self.require(key, "the name of a parameter, or a list of names");
        self.optional_product(key).unwrap_or(Product {
            names: Vec::new(),
            at: self.at,
        })
    }

    /// Shares that sum to one, in order; all of it in the first when the key is not there.
    pub fn shares(&self, key: &'static str) -> Vec<f64> {
        self.note(key, Kind::Shares);
        let shares = self.read(key, "a list of shares that sum to one", |value| {
            let shares: Option<Vec<f64>> = value
                .as_array()?
                .iter()
                .map(|item| share(item.get_ref()))
                .collect();
            shares.filter(|shares| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-9)
        });
        shares.map_or_else(|| vec![1.0], |shares| shares.value)
    }

    /// True or false; false when it is not there.
    pub fn flag(&self, key: &'static str) -> bool {
        self.note(key, Kind::Flag);
        let is_of_cells = self.reading.source.is_of_cells();
        let read = |value: &DeValue<'_>| match value.as_str().filter(|_| is_of_cells) {
            Some(text) => match text.to_lowercase().as_str() {
                "true" | "yes" => Some(true),
                "false" | "no" => Some(false),
                _ => None,
            },
            None => value.as_bool(),
        };
        self.read(key, "true or false", read)
            .is_some_and(|flag| flag.value)
    }

    /// A whole number, if it is there.
    pub fn whole(&self, key: &'static str) -> Option<Spanned<i64>> {
        self.note(key, Kind::Whole);
        let is_of_cells = self.reading.source.is_of_cells();
        self.read(key, "a whole number", |value| {
            if let Some(text) = value.as_str().filter(|_| is_of_cells) {
                return text.trim().parse().ok();
            }
            let number = value.as_integer()?;
            i64::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    /// A finite number, if it is there.
    pub fn number(&self, key: &'static str) -> Option<Spanned<f64>> {
        self.note(key, Kind::Number);
        self.any_number(key)
    }

    fn any_number(&self, key: &'static str) -> Option<Spanned<f64>> {
        let (at, found) = self.get(key)?;
        self.finite(key, at, found)
    }

    fn finite(&self, key: &str, at: At, found: &DeValue<'_>) -> Option<Spanned<f64>> {
        let Some(value) = number_of(self.reading.source, found) else {
            self.reading.wrong_type(at, key, "a number", found);
            return None;
        };
        if !value.is_finite() {
            let fault = Diagnostic::error("E302", format!("`{key}` is not a finite number"))
                .expected("a finite number")
                .found(value.to_string())
                .hint("write the number; where it is not known, write a wide range with the grade `placeholder` in parameters/*.csv");
            self.reading.report(at, fault);
            return None;
        }
        Some(Spanned { value, at })
    }

    /// Finite numbers, in a list or one alone; none when the key is not there.
    pub fn numbers(&self, key: &'static str) -> Vec<Spanned<f64>> {
        self.note(key, Kind::Numbers);
        let Some((_, found)) = self.get(key) else {
            return Vec::new();
        };
        let Some(items) = found.as_array() else {
            return self.any_number(key).into_iter().collect();
        };
        let read = |item: &'a toml::Spanned<DeValue<'a>>| {
            self.finite(key, self.reading.at(item.span()), item.get_ref())
        };
        items.iter().filter_map(read).collect()
    }

    /// A month, `"2025-04"`; days count from the month they fall in.
    pub fn month(&self, key: &'static str) -> Option<Spanned<Month>> {
        self.require(key, "a month such as \"2025-04\"");
        self.note(key, Kind::Month);
        let text = self.read(key, "a month such as \"2025-04\"", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(date) => Some(date.to_string()),
            _ => None,
        })?;
        let month = Month::parse(&text.value);
        if month.is_none() {
            let fault = Diagnostic::error("E306", format!("`{key}` is not a month"))
                .expected("a month from 1900-01 to 2200-12, such as \"2025-04\"")
                .found(format!("\"{}\"", text.value));
            self.reading.report(text.at, fault);
        }
        month.map(|value| Spanned { value, at: text.at })
    }

    /// A table, if it is there.
    pub fn optional_table(&self, key: &'static str) -> Option<Fields<'a>> {
        self.note(key, Kind::Table);
        let (at, found) = self.get(key)?;
        match found.as_table() {
            Some(table) => Some(self.inner(table, at, key)),
            None => {
                let expected = match key {
                    key if super::SERVICE_PARTS.contains(&key) => {
                        "a table, such as { set = 36, source = \"…\" }"
                    }
                    _ => "a table",
                };
                self.reading.wrong_type(at, key, expected, found);
                None
            }
        }
    }

    /// Tables; none when the key is not there.
    pub fn tables(&self, key: &'static str) -> Vec<Fields<'a>> {
        self.note(key, Kind::Tables);
        let Some((at, found)) = self.get(key) else {
            return Vec::new();
        };
        let Some(items) = found.as_array() else {
            self.reading.wrong_type(at, key, "a list of tables", found);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            let at = self.reading.at(item.span());
            match item.get_ref().as_table() {
                Some(table) => tables.push(self.inner(table, at, key)),
                None => self.reading.wrong_type(at, key, "a table", item.get_ref()),
            }
        }
        tables
    }

    /// The values of a list, each as it is written.
    pub fn written(&self, key: &'static str) -> Vec<Text> {
        self.note(key, Kind::Anything);
        let Some((at, found)) = self.get(key) else {
            return Vec::new();
        };
        let Some(items) = found.as_array() else {
            self.reading.wrong_type(at, key, "a list of values", found);
            return Vec::new();
        };
        let spans = items.iter().map(|item| self.reading.at(item.span()));
        spans.map(|at| self.reading.text_at(at)).collect()
    }

    /// The keys of a table and their values, each as it is written.
    pub fn written_table(&self, key: &'static str) -> Vec<(Text, Text)> {
        self.require(key, "a table of values, such as { \"years\" = 5 }");
        self.note(key, Kind::AnyTable);
        let Some((at, found)) = self.get(key) else {
            return Vec::new();
        };
        let Some(table) = found.as_table() else {
            self.reading.wrong_type(at, key, "a table of values", found);
            return Vec::new();
        };
        let pairs = table.iter().map(|(key, value)| {
            let name = Spanned {
                value: key.get_ref().to_string(),
                at: self.reading.at(key.span()),
            };
            let at = self.reading.at(value.span());
            (name, self.reading.text_at(at))
        });
        pairs.collect()
    }

    /// Reports a list without items.
    pub fn refuse_nothing(&self, key: &'static str) {
        if let Some((at, found)) = self.get(key)
            && found.as_array().is_some_and(|items| items.is_empty())
        {
            let fault = Diagnostic::error("E108", format!("`{key}` is empty"))
                .expected("a list of at least one")
                .found("an empty list, []");
            self.reading.report(at, fault);
        }
    }

    /// Every key and its table, where the keys are names of the user's own, such as areas.
    pub fn named_tables(&self) -> Vec<(Text, Fields<'a>)> {
        self.note_named(Kind::Table);
        let mut named = Vec::new();
        for (key, value) in self.table.iter() {
            let name = Spanned {
                value: key.get_ref().to_string(),
                at: self.reading.at(key.span()),
            };
            let at = self.reading.at(value.span());
            match value.get_ref().as_table() {
                Some(table) => named.push((name, self.inner(table, at, ANY_NAME))),
                None => self
                    .reading
                    .wrong_type(at, &name.value, "a table", value.get_ref()),
            }
        }
        named
    }

    /// Every key and its number, where the keys are names of the user's own.
    pub fn named_numbers(&self) -> Vec<(Text, Spanned<f64>)> {
        self.note_named(Kind::Number);
        let mut named = Vec::new();
        for (key, value) in self.table.iter() {
            let name = Spanned {
                value: key.get_ref().to_string(),
                at: self.reading.at(key.span()),
            };
            let at = self.reading.at(value.span());
            match number_of(self.reading.source, value.get_ref())
                .filter(|number| number.is_finite())
            {
                Some(value) => named.push((name, Spanned { value, at })),
                None => {
                    self.reading
                        .wrong_type(at, &name.value, "a finite number", value.get_ref())
                }
            }
        }
        named
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

fn share(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Float(number) => number.as_str().parse::<f64>().ok()?,
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok()? as f64
        }
        _ => return None,
    };
    (0.0..=1.0).contains(&number).then_some(number)
}

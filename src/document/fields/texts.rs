//! Words and titles, and lists of them.

use super::{Fields, Product};
use crate::diagnostic::Diagnostic;
use crate::document::shape::Kind;
use crate::document::source::{Spanned, Text};
use crate::quantity::Grade;

impl<'a> Fields<'a> {
    /// A text, if it is there.
    pub fn optional_text(&self, key: &'static str) -> Option<Text> {
        self.note(key, Kind::Text);
        self.any_text(key)
    }

    pub(super) fn any_text(&self, key: &'static str) -> Option<Text> {
        let text = self.read(key, "a text in quotes", |value| {
            value.as_str().map(str::to_owned)
        })?;
        Some(self.filled(key, text))
    }

    /// A text that says nothing is a fault, and empty from then on: blanks are no name of anything.
    pub(super) fn filled(&self, key: &str, mut text: Text) -> Text {
        if text.value.trim().is_empty() {
            let fault = Diagnostic::error("E108", format!("`{key}` is empty"))
                .expected("a text that says something")
                .found(format!("{:?}", text.value));
            self.reading.report(text.at, fault);
            text.value.clear();
        }
        text
    }

    /// A text that must be there and say something.
    pub fn text(&self, key: &'static str) -> Text {
        self.require(key, "a text in quotes");
        self.note(key, Kind::Words);
        self.any_text(key).unwrap_or(Spanned {
            value: String::new(),
            at: self.at,
        })
    }

    /// A text, or this one when the key is not there.
    pub fn text_or(&self, key: &'static str, default: &str) -> Text {
        self.note(key, Kind::Text);
        self.any_text_or(key, default)
    }

    pub(super) fn any_text_or(&self, key: &'static str, default: &str) -> Text {
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
        if self.reading.watch.is_some() {
            let known = words.iter().map(|word| (*word).to_owned());
            self.note(key, Kind::OneOf(known.collect()));
        }
        let word = self.any_text_or(key, words[0]);
        if word.is_missing() {
            // Of another type, or empty, which has been reported.
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

    pub(super) fn any_texts(&self, key: &'static str) -> Vec<Text> {
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
                Some(text) => {
                    let value = text.to_owned();
                    texts.push(self.filled(key, Spanned { value, at }));
                }
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
}

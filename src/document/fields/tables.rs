//! Tables within tables.

use super::Fields;
use crate::diagnostic::Diagnostic;
use crate::document::shape::{ANY_NAME, Kind};
use crate::document::source::{Spanned, Text};

impl<'a> Fields<'a> {
    /// A table, if it is there.
    pub fn optional_table(&self, key: &'static str) -> Option<Fields<'a>> {
        self.note(key, Kind::Table);
        let (at, found) = self.get(key)?;
        match found.as_table() {
            Some(table) => Some(self.inner(table, at, key)),
            None => {
                let expected = match key {
                    key if crate::document::SERVICE_PARTS.contains(&key) => {
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
            let name = self.filled("a name", name);
            match value.get_ref().as_table() {
                Some(table) => named.push((name, self.inner(table, at, ANY_NAME))),
                None => self
                    .reading
                    .wrong_type(at, &name.value, "a table", value.get_ref()),
            }
        }
        named
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
}

//! Numbers, shares, months and yes or no.

use toml::de::DeValue;

use super::Fields;
use crate::diagnostic::Diagnostic;
use crate::document::shape::Kind;
use crate::document::source::{At, Source, Spanned, Text};
use crate::quantity::Month;

impl<'a> Fields<'a> {
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

    pub(super) fn any_number(&self, key: &'static str) -> Option<Spanned<f64>> {
        let (at, found) = self.get(key)?;
        self.finite(key, at, found)
    }

    pub(super) fn finite(&self, key: &str, at: At, found: &DeValue<'_>) -> Option<Spanned<f64>> {
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

    /// A finite number, or a text where there is no number; if it is there.
    pub fn number_or_text(
        &self,
        key: &'static str,
        expected: &str,
    ) -> Option<Spanned<Result<f64, String>>> {
        let (_, found) = self.get(key)?;
        if number_of(self.reading.source, found).is_some() {
            let number = self.number(key)?;
            let (value, at) = (Ok(number.value), number.at);
            return Some(Spanned { value, at });
        }
        self.read(key, expected, |value| {
            value.as_str().map(|text| Err(text.to_owned()))
        })
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

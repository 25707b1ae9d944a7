//! One cell of an OpenDocument spreadsheet: what it holds, how far it reaches and how often it stands.

use quick_xml::events::{BytesStart, Event};

use super::limits::{MOST_CHARACTERS, linked, too_long};
use super::ods::{Reading, Stop, ended, number_of, text_of};
use super::{Value, cell_place};

/// A cell before it is known where it stands.
pub(super) struct Found {
    pub value: Option<Value>,
    pub is_formula: bool,
    /// How many columns and rows it spans.
    pub spans: (u32, u32),
    /// How many times it stands one after another.
    pub repeats: u32,
}

impl Reading<'_> {
    /// A cell, to its end.
    pub(super) fn cell(
        &mut self,
        tag: &BytesStart<'_>,
        sheet: &str,
        at: (u32, u32),
    ) -> Result<Found, Stop> {
        let formula = text_of(tag, "table:formula");
        if formula.contains("'file:") || formula.contains("'http") {
            let place = cell_place(self.name, sheet, at);
            let fault = linked(&place, &format!("the formula {formula}"));
            return Err(Stop::Fault(Box::new(fault)));
        }
        let words = self.words(sheet, at)?;
        let kind = text_of(tag, "office:value-type");
        let is_error = text_of(tag, "calcext:value-type") == "error"
            || !formula.is_empty() && (words.starts_with("Err:") || is_error_word(&words));
        let number = || text_of(tag, "office:value").parse::<f64>();
        let value = match kind.as_str() {
            _ if is_error => Some(Value::Error(words)),
            "float" | "percentage" | "currency" => Some(match number() {
                Ok(value) => Value::Number(value),
                Err(_) => Value::Error(text_of(tag, "office:value")),
            }),
            "boolean" => Some(Value::Flag(text_of(tag, "office:boolean-value") == "true")),
            "date" => Some(Value::Date(text_of(tag, "office:date-value"))),
            "time" => Some(Value::Date(text_of(tag, "office:time-value"))),
            _ => match text_of(tag, "office:string-value") {
                written if !written.is_empty() => Some(Value::Text(written)),
                _ if words.is_empty() => (!formula.is_empty()).then_some(Value::Nothing),
                _ => Some(Value::Text(words)),
            },
        };
        if let Some(Value::Text(text)) = &value
            && let Some(found) = too_long(text)
        {
            return Err(self.too_large(sheet, at, found));
        }
        let spans = ["table:number-columns-spanned", "table:number-rows-spanned"];
        let [columns, rows] = spans.map(|key| number_of(tag, key));
        Ok(Found {
            value,
            is_formula: !formula.is_empty(),
            spans: (columns, rows),
            repeats: number_of(tag, "table:number-columns-repeated"),
        })
    }

    /// The paragraphs of a cell, to its end; notes and drawings are not part of them.
    fn words(&mut self, sheet: &str, at: (u32, u32)) -> Result<String, Stop> {
        let mut words = String::new();
        let mut n_paragraphs = 0;
        loop {
            if let Some(found) = too_long(&words) {
                return Err(self.too_large(sheet, at, found));
            }
            match self.reader.read_event()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "text:p" => {
                        if n_paragraphs > 0 {
                            words.push('\n');
                        }
                        n_paragraphs += 1;
                    }
                    "text:s" => {
                        let n = number_of(&tag, "text:c").min(MOST_CHARACTERS as u32 + 1);
                        words.extend(std::iter::repeat_n(' ', n as usize));
                    }
                    "text:tab" => words.push('\t'),
                    "text:line-break" => words.push('\n'),
                    "text:span" | "text:a" => {}
                    _ => self.pass_over(&tag)?,
                },
                Event::Text(text) if n_paragraphs > 0 => words += &text.xml10_content(),
                Event::CData(text) if n_paragraphs > 0 => words += &text.xml10_content(),
                Event::GeneralRef(entity) => match entity.resolve_char_ref()? {
                    Some(letter) => words.push(letter),
                    None => {
                        words +=
                            quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or("");
                    }
                },
                Event::End(tag) if tag.name().as_ref().ends_with("table-cell") => return Ok(words),
                Event::Eof => return Err(ended()),
                _ => {}
            }
        }
    }
}

/// What spreadsheets write in place of a value that cannot be worked out.
fn is_error_word(words: &str) -> bool {
    [
        "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#N/A", "#NUM!", "#NULL!",
    ]
    .contains(&words)
}

//! The documents while they are being read: a text, a table or TOML is put on the shelf with its name, its hash and its
//! faults.

use sha2::{Digest, Sha256};
use toml::de::DeTable;

use super::fields::{Fields, Reading};
use super::library::{self, Folder};
use super::source::{At, Source};
use super::{Documents, Input, Part};
use crate::diagnostic::{Diagnostic, Place};

/// How deep tables stand within tables in any file.
const DEEPEST: usize = 6;

/// The SHA-256 of bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let halves = hash.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut digits = String::with_capacity(2 * hash.len());
    digits.extend(halves.filter_map(|half| char::from_digit(u32::from(half), 16)));
    digits
}

/// The documents while they are being read.
#[derive(Default)]
pub(super) struct Shelf {
    pub documents: Documents,
    /// Faults after which nothing sensible can follow.
    pub stopping: Vec<Diagnostic>,
    /// Whether the first file is a scenario.
    pub is_scenario: bool,
    /// Whether what is read now are local counts.
    pub is_local: bool,
}

impl Shelf {
    /// Goes on without the parts of a folder that is not there, which the scenario names here.
    pub(super) fn without(&mut self, parts: &[Part], at: At, fault: Diagnostic) {
        let place = self.documents.sources.place(at);
        self.documents.faults.push(fault.at(&place));
        self.documents.unread.extend(parts);
    }

    pub(super) fn missing(&mut self, part: Part, fault: Diagnostic) {
        self.documents.faults.push(fault);
        self.documents.unread.insert(part);
    }

    /// Reads a part without which the others can still be looked at: what would stop the reading is an ordinary fault.
    pub(super) fn apart<T>(&mut self, part: Part, read: impl FnOnce(&mut Shelf) -> T) -> T {
        let n_stopping = self.stopping.len();
        let n_faults = self.documents.faults.len();
        let value = read(self);
        // A quotation that never ends takes the rows below it along, and nobody knows what they say.
        let mut faults = self.documents.faults[n_faults..].iter();
        if faults.any(|fault| fault.code == "E106" && is_open(fault)) {
            self.documents.unread.insert(part);
        }
        if self.stopping.len() > n_stopping {
            let stopping = self.stopping.drain(n_stopping..);
            self.documents.faults.extend(stopping);
            self.documents.unread.insert(part);
        }
        value
    }

    /// Notes for the manifest that a file was read.
    pub(super) fn note_input(&mut self, name: &str, bytes: &[u8]) {
        self.documents.inputs.push(Input {
            name: name.to_owned(),
            sha256: sha256(bytes),
            bytes: bytes.len(),
        });
    }

    /// A file as text; a file that is not text is a fault.
    pub(super) fn text(&mut self, name: String, bytes: &[u8]) -> Option<u32> {
        self.note_input(&name, bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                let mut source = Source::new(name, text);
                // The scenario is read first.
                source.is_question = self.documents.inputs.len() == 1 && self.is_scenario;
                source.is_local = self.is_local;
                Some(self.documents.sources.add(source))
            }
            Err(error) => {
                let good = &bytes[..error.valid_up_to()];
                let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                let place = Place {
                    file: name,
                    line,
                    is_local: self.is_local,
                    ..Place::default()
                };
                let fault = Diagnostic::error("E003", "the file is not UTF-8 text")
                    .at(&place)
                    .expected("text in UTF-8")
                    .found(format!("the byte {:#04x}", bytes[error.valid_up_to()]))
                    .hint("save it as UTF-8 (in a spreadsheet: `CSV UTF-8`)");
                self.stopping.push(fault);
                None
            }
        }
    }

    pub(super) fn toml_in<T>(
        &mut self,
        folder: &Folder,
        relative: &str,
        read: impl Fn(Fields<'_>) -> T,
    ) -> Option<T> {
        let Some(bytes) = folder.read(relative) else {
            let shown = folder.shown(relative);
            let fault = library::missing_file(&shown)
                .expected(format!("a file {relative} in the model's folder"))
                .hint("add the file; it may be empty");
            self.stopping.push(fault);
            return None;
        };
        match bytes {
            Ok(bytes) => self.toml(folder.shown(relative), &bytes, read),
            Err(fault) => {
                self.stopping.push(fault);
                None
            }
        }
    }

    pub(super) fn toml<T>(
        &mut self,
        name: String,
        bytes: &[u8],
        read: impl Fn(Fields<'_>) -> T,
    ) -> Option<T> {
        let file = self.text(name, bytes)?;
        self.document_of(file, read)
    }

    /// Reads a text as a document.
    pub(super) fn document_of<T>(
        &mut self,
        file: u32,
        read: impl Fn(Fields<'_>) -> T,
    ) -> Option<T> {
        let source = self.documents.sources.get(file)?.clone();
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        // One bracket that is not closed makes an error of every line below it, so the first is the one to mend.
        let first = errors
            .iter()
            .min_by_key(|error| error.span().map_or(0, |span| span.start));
        if let Some(error) = first {
            self.stopping.push(syntax(&source, error));
            return None;
        }
        let reading = Reading {
            source: &source,
            file,
            faults: Default::default(),
            meant: Default::default(),
            watch: None,
        };
        let mut value = read(reading.fields(table.get_ref()));
        // Each reading finds the misspelt keys of one level more, and the next takes them for what they mean.
        let mut n_meant = 0;
        for _ in 0..DEEPEST {
            let found = reading.meant.borrow().len();
            if found == n_meant {
                break;
            }
            n_meant = found;
            reading.faults.borrow_mut().clear();
            value = read(reading.fields(table.get_ref()));
        }
        self.documents
            .faults
            .append(&mut reading.faults.borrow_mut());
        Some(value)
    }

    pub(super) fn table_in<T>(
        &mut self,
        folder: &Folder,
        relative: &str,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        let bytes = match folder.read(relative) {
            Some(Ok(bytes)) => bytes,
            Some(Err(fault)) => {
                self.stopping.push(fault);
                return Vec::new();
            }
            None => return Vec::new(),
        };
        self.table(folder.shown(relative), &bytes, read)
    }

    pub(super) fn table<T>(
        &mut self,
        name: String,
        bytes: &[u8],
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        match self.text(name, bytes) {
            Some(file) => self.rows(file, read),
            None => Vec::new(),
        }
    }

    /// Reads a text as a table.
    pub(super) fn rows<T>(
        &mut self,
        file: u32,
        read: impl FnOnce(&Source, u32, &mut Vec<Diagnostic>) -> Vec<T>,
    ) -> Vec<T> {
        let Some(source) = self.documents.sources.get(file).cloned() else {
            return Vec::new();
        };
        let mut faults = Vec::new();
        let rows = read(&source, file, &mut faults);
        // Without its columns a table has no rows, and every later fault would follow from that.
        let (stopping, mut passing): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|fault| matches!(fault.code, "E005" | "E006" | "E104" | "E105"));
        if !stopping.is_empty() {
            passing.retain(|fault| matches!(fault.code, "E106" | "E107"));
            self.documents.faults.append(&mut passing);
            self.stopping.extend(stopping);
            return Vec::new();
        }
        self.documents.faults.append(&mut passing);
        rows
    }
}

/// Whether the line at fault begins a quotation that it does not end.
fn is_open(fault: &Diagnostic) -> bool {
    let quotes = |place: &Place| place.text.matches('"').count();
    fault.place.as_ref().is_some_and(|p| quotes(p) % 2 == 1)
}

fn syntax(source: &Source, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let end = span.end.max(span.start + 1);
    Diagnostic::error("E004", "this is not TOML")
        .at(&source.place(span.start as u32, end as u32))
        .expected("TOML 1.0: `key = value`, texts in quotes, every bracket closed")
        .found(error.message().replace('\n', "; "))
}

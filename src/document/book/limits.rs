//! What a workbook may be before it is read: how large, packed and unpacked, and without parts that run or that link.

use std::io::{Cursor, Read};

use quick_xml::events::Event;
use zip::ZipArchive;

use super::{Format, not_a_workbook, whole};
use crate::diagnostic::{Diagnostic, Place};

/// The most bytes of the file.
pub(in crate::document) const MOST_BYTES: u64 = 32 << 20;
/// The most bytes of all its parts unpacked.
const MOST_UNPACKED: u64 = 128 << 20;
/// The most parts in the file.
const MOST_PARTS: usize = 2_000;
/// The most sheets.
pub(super) const MOST_SHEETS: usize = 100;
/// The most rows of a sheet.
pub(super) const MOST_ROWS: u32 = 100_000;
/// The most columns of a sheet.
pub(super) const MOST_COLUMNS: u32 = 256;
/// The most cells with something in them, of all sheets.
pub(super) const MOST_CELLS: usize = 2_000_000;
/// The most characters of a cell, which is as many as spreadsheet programs let anybody write.
pub(super) const MOST_CHARACTERS: usize = 32_767;

/// Refuses what may not be read, and says which format it is. Unpacks everything once and keeps nothing, because the
/// directory of an archive need not tell the truth about the sizes of its parts.
pub(super) fn inspect(name: &str, bytes: &[u8]) -> Result<Format, Vec<Diagnostic>> {
    if bytes.len() as u64 > MOST_BYTES {
        let found = format!("more than {} MB", MOST_BYTES >> 20);
        return Err(vec![too_large(&whole(name), &found)]);
    }
    // The old binary format, and the wrapper of encrypted workbooks, begin alike.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(encrypted(
            name,
            "an encrypted workbook, or the old format .xls",
        ));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|_| not_a_workbook(name, "a file that is not a zip archive, or a damaged one"))?;
    if listed(bytes).is_some_and(|listed| listed > archive.len()) {
        let found =
            "an archive with two parts of one name, of which programs show one or the other";
        return Err(not_a_workbook(name, found));
    }
    let names: Vec<String> = archive
        .file_names()
        .map(|part| part.map_or_else(|_| String::new(), |part| part.to_lowercase()))
        .collect();
    let format = format_of(name, &names)?;
    let mut faults = unwanted_parts(name, &names);
    if names.len() > MOST_PARTS {
        faults.push(too_large(&whole(name), &format!("{} parts", names.len())));
    }
    let declared = archive.decompressed_size().unwrap_or(0);
    if declared > u128::from(MOST_UNPACKED) {
        let found = format!("{} MB", declared >> 20);
        faults.push(too_large(&whole(name), &found));
    }
    if faults.is_empty() {
        unpack(name, &mut archive)?;
        return Ok(format);
    }
    Err(faults)
}

/// How many parts the end of the archive's directory says there are (APPNOTE.TXT of PKWARE, section 4.3.16); `None` where
/// the directory is of the larger kind.
fn listed(bytes: &[u8]) -> Option<usize> {
    const END: [u8; 4] = [0x50, 0x4b, 0x05, 0x06];
    let at = bytes.windows(4).rposition(|word| word == END)?;
    let count = bytes.get(at + 10..at + 12)?;
    let count = u16::from_le_bytes([count[0], count[1]]);
    (count != u16::MAX).then_some(usize::from(count))
}

fn format_of(name: &str, parts: &[String]) -> Result<Format, Vec<Diagnostic>> {
    let has = |part: &str| parts.iter().any(|name| name == part);
    if has("content.xml") && has("mimetype") {
        Ok(Format::Ods)
    } else if has("xl/workbook.bin") {
        Err(not_a_workbook(name, "a binary workbook (.xlsb)"))
    } else if has("[content_types].xml") && parts.iter().any(|name| name.ends_with("/workbook.xml"))
    {
        Ok(Format::Xlsx)
    } else {
        Err(not_a_workbook(name, "an archive without a workbook in it"))
    }
}

/// Parts that run, and parts of other workbooks.
fn unwanted_parts(name: &str, parts: &[String]) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let is_macro = |part: &&String| {
        part.ends_with("vbaproject.bin")
            || part.contains("/macrosheets/")
            || (part.starts_with("basic/") || part.starts_with("scripts/")) && !part.ends_with('/')
    };
    if let Some(part) = parts.iter().find(is_macro) {
        faults.push(with_macros(name, &format!("the part {part}")));
    }
    if let Some(part) = parts.iter().find(|part| part.contains("/externallinks/")) {
        faults.push(linked(&whole(name), &format!("the part {part}")));
    }
    faults
}

/// A document of XML says within so many bytes whether it declares entities of its own, which no spreadsheet program
/// writes, and which a reader would have to pass over or to blow up.
const HEAD: u64 = 4_096;

/// Unpacks every part, counting.
fn unpack(name: &str, archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Vec<Diagnostic>> {
    let mut left = MOST_UNPACKED;
    for index in 0..archive.len() {
        let damaged = |error: zip::result::ZipError| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                encrypted(name, "a part with a password")
            }
            error => not_a_workbook(name, format!("a damaged archive: {error}")),
        };
        let part = archive.by_index(index).map_err(damaged)?;
        let label = part.name().map_err(damaged)?.to_lowercase();
        let mut part = Watched::new(part.take(left + 1));
        let is_looked_at = [
            "[content_types].xml",
            "meta-inf/manifest.xml",
            "sharedstrings.xml",
        ];
        let mut text = Vec::new();
        let read = part.by_ref().take(HEAD).read_to_end(&mut text);
        let declares = text.windows(9).any(|word| word == b"<!DOCTYPE");
        let is_looked_at = is_looked_at.iter().any(|wanted| label.ends_with(wanted));
        let rest = match is_looked_at {
            true => part.read_to_end(&mut text).map(|n| n as u64),
            false => std::io::copy(&mut part, &mut std::io::sink()),
        };
        let read = read.and_then(|n| Ok(n as u64 + rest?));
        let n =
            read.map_err(|error| not_a_workbook(name, format!("a damaged part {label}: {error}")))?;
        let is_of_cells =
            label == "content.xml" || label.starts_with("xl/") && label.ends_with(".xml");
        if let Some(cut) = part.cut.filter(|_| is_of_cells) {
            let found =
                format!("the part {label}, which holds {cut}, as no spreadsheet program writes");
            return Err(not_a_workbook(name, found));
        }
        if declares {
            let found = format!("the part {label}, which declares a type of document of its own");
            return Err(not_a_workbook(name, found));
        }
        left = left.checked_sub(n).ok_or_else(|| {
            let found = format!("more than {} MB, unpacked", MOST_UNPACKED >> 20);
            vec![too_large(&whole(name), &found)]
        })?;
        if is_looked_at {
            look(name, &label, &text)?;
        }
    }
    Ok(())
}

/// A part that is read while it is watched for what cuts a text in pieces: a number in two pieces is one number to one
/// reader and the first piece, or the second, to another.
struct Watched<R> {
    inner: R,
    /// The last bytes, the newest lowest.
    recent: u128,
    n_read: u64,
    /// Whether the last element that was opened is the value of a cell.
    is_in_value: bool,
    /// What cuts a text in pieces.
    cut: Option<&'static str>,
}

impl<R> Watched<R> {
    fn new(inner: R) -> Watched<R> {
        Watched {
            inner,
            recent: 0,
            n_read: 0,
            is_in_value: false,
            cut: None,
        }
    }

    fn see(&mut self, byte: u8) {
        self.recent = self.recent << 8 | u128::from(byte);
        self.n_read += 1;
        let recent = self.recent.to_be_bytes();
        let ends = |text: &[u8]| recent.ends_with(text);
        // A declaration of XML stands at the beginning, after a mark of the byte order perhaps.
        const DECLARED_BY: u64 = 5;
        match byte {
            b'<' => self.is_in_value = false,
            b'-' if ends(b"<!--") => self.cut = Some("a comment of XML"),
            b'[' if ends(b"<![CDATA[") => self.cut = Some("a piece of text that is not parsed"),
            b'?' if ends(b"<?") && self.n_read > DECLARED_BY => {
                self.cut = Some("an instruction to a program");
            }
            b'>' | b' ' | b'\t' | b'\r' | b'\n'
                if recent[14] == b'v' && matches!(recent[13], b'<' | b':') =>
            {
                self.is_in_value = true;
            }
            b'#' if self.is_in_value && ends(b"&#") => {
                self.cut = Some("a digit written as its number");
            }
            _ => {}
        }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        for byte in &buffer[..n] {
            self.see(*byte);
        }
        Ok(n)
    }
}

/// Looks into the parts that say what the others are.
fn look(name: &str, part: &str, text: &[u8]) -> Result<(), Vec<Diagnostic>> {
    let mut reader = quick_xml::Reader::from_reader(text);
    loop {
        // What is not XML is reported by the reader of the format.
        let event = match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(event) => event,
        };
        let (Event::Start(tag) | Event::Empty(tag)) = event else {
            continue;
        };
        if tag.local_name().as_ref() == "encryption-data" {
            return Err(encrypted(name, "encrypted parts"));
        }
        for attribute in tag.attributes().flatten() {
            let value = attribute.value.as_ref();
            let key = attribute.key.local_name();
            if key.as_ref() == "ContentType" && value.contains("macroEnabled") {
                return Err(vec![with_macros(
                    name,
                    "the content type of a macro workbook",
                )]);
            }
            // The reader makes room for as many strings as are announced.
            let n = value.parse::<u64>().unwrap_or(0);
            if key.as_ref() == "uniqueCount" && n > MOST_CELLS as u64 {
                let found = format!("{n} strings, announced in {part}");
                return Err(vec![too_large(&whole(name), &found)]);
            }
        }
    }
}

/// What is found where a text is longer than a cell may be.
pub(super) fn too_long(text: &str) -> Option<String> {
    // A character is one byte or more.
    let is_long = text.len() > MOST_CHARACTERS && text.chars().count() > MOST_CHARACTERS;
    is_long.then(|| format!("a cell of {} characters", text.chars().count()))
}

/// More than may be read.
pub(super) fn too_large(place: &Place, found: &str) -> Diagnostic {
    Diagnostic::error("E122", "more than a workbook may hold")
        .at(place)
        .expected(format!(
            "at most {} MB, {} MB unpacked, {MOST_SHEETS} sheets of {MOST_ROWS} rows and {MOST_COLUMNS} columns, and {MOST_CHARACTERS} characters in a cell",
            MOST_BYTES >> 20,
            MOST_UNPACKED >> 20
        ))
        .found(found)
        .hint("keep in the workbook what the run reads, and leave the rest in another file")
}

/// A link to another file.
pub(super) fn linked(place: &Place, found: &str) -> Diagnostic {
    Diagnostic::error("E130", "the workbook takes numbers from another file")
        .at(place)
        .expected("a workbook that holds all of its numbers itself")
        .found(found)
        .hint("in Excel: Data, Edit Links, Break Link; in LibreOffice: Edit, Links to External Files, Break Link")
}

fn with_macros(name: &str, found: &str) -> Diagnostic {
    Diagnostic::error("E123", "a workbook with macros")
        .at(&whole(name))
        .expected("a workbook without programs in it")
        .found(found)
        .hint("save it as an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods) without macros")
}

fn encrypted(name: &str, found: &str) -> Vec<Diagnostic> {
    let fault = Diagnostic::error("E121", "the workbook cannot be opened")
        .at(&whole(name))
        .expected(
            "an Excel workbook (.xlsx) or an OpenDocument spreadsheet (.ods), without a password",
        )
        .found(found)
        .hint("take the password off, or save it as .xlsx or .ods");
    vec![fault]
}

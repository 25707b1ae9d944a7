//! A workbook as an OpenDocument spreadsheet: a zip file of four small documents.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};
use zip::{CompressionMethod, DateTime};

use super::{Cell, Sheet, Workbook, is_like_a_number};
use crate::report::number::MISSING;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:styles><style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB" fo:font-family="Arial"/></style:default-style></office:styles></office:document-styles>"#;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3"><office:automatic-styles><number:text-style style:name="as-text"><number:text-content/></number:text-style><style:style style:name="words" style:family="table-cell" style:data-style-name="as-text"/><style:style style:name="title" style:family="table-cell"><style:text-properties fo:font-weight="bold" fo:font-size="16pt"/></style:style><style:style style:name="head" style:family="table-cell"><style:table-cell-properties fo:wrap-option="wrap"/><style:text-properties fo:font-weight="bold"/></style:style>"#;

/// The bytes of the file; the same for the same workbook on any day.
///
/// # Errors
/// When the archive cannot be made, for want of memory.
pub fn ods(workbook: &Workbook) -> std::io::Result<Vec<u8>> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let packed = stored.compression_method(CompressionMethod::Deflated);
    let content = content(workbook);
    let meta = meta(workbook);
    // Programs tell what the file is by its first entry, which is not compressed.
    let parts = [
        ("mimetype", MIMETYPE, stored),
        ("META-INF/manifest.xml", MANIFEST, packed),
        ("styles.xml", STYLES, packed),
        ("meta.xml", &meta, packed),
        ("content.xml", &content, packed),
    ];
    for (name, text, options) in parts {
        file.start_file(name, options)?;
        file.write_all(text.as_bytes())?;
    }
    Ok(file.finish()?.into_inner())
}

fn meta(workbook: &Workbook) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta><dc:title>{}</dc:title><dc:language>en-GB</dc:language></office:meta></office:document-meta>"#,
        escaped(&workbook.title)
    )
}

fn content(workbook: &Workbook) -> String {
    let mut out = HEAD.to_owned();
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        for column in 0..sheet.header.len().max(1) {
            // A character takes about a fifth of a centimetre.
            let width = match sheet.header.is_empty() {
                true => 100.0,
                false => super::xlsx::width(sheet, column),
            };
            let _ = write!(
                out,
                r#"<style:style style:name="c{at}_{column}" style:family="table-column"><style:table-column-properties style:column-width="{:.2}cm"/></style:style>"#,
                width * 0.2
            );
        }
    }
    out += "</office:automatic-styles><office:body><office:spreadsheet>";
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        table(&mut out, sheet, at);
    }
    ranges(&mut out, workbook);
    out += "</office:spreadsheet></office:body></office:document-content>";
    out
}

fn table(out: &mut String, sheet: &Sheet, at: usize) {
    let _ = write!(
        out,
        r#"<table:table table:name="{}">"#,
        escaped(&sheet.name)
    );
    for column in 0..sheet.header.len().max(1) {
        let _ = write!(
            out,
            r#"<table:table-column table:style-name="c{at}_{column}"/>"#
        );
    }
    row(out, [text(&sheet.title, "title")]);
    for sentence in &sheet.introduction {
        row(out, [text(sentence, "")]);
    }
    if !sheet.header.is_empty() {
        row(out, sheet.header.iter().map(|words| text(words, "head")));
    }
    for cells in &sheet.rows {
        row(out, cells.iter().map(cell));
    }
    *out += "</table:table>";
}

/// Each table is a named range with headings, so that a screen reader can read them.
fn ranges(out: &mut String, workbook: &Workbook) {
    *out += "<table:database-ranges>";
    for (at, sheet) in workbook.sheets.iter().enumerate() {
        let Some(last) = sheet.header.len().checked_sub(1) else {
            continue;
        };
        let first = sheet.introduction.len() + 2;
        let _ = write!(
            out,
            r#"<table:database-range table:name="table_{at}" table:target-range-address="'{name}'.A{first}:'{name}'.{}{}" table:contains-header="true"/>"#,
            letters(last),
            first + sheet.rows.len().max(1),
            name = escaped(&sheet.name).replace('\'', "''"),
        );
    }
    *out += "</table:database-ranges>";
}

/// `A`, `Z`, `AA`: the name of a column counted from 0.
pub(super) fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

fn row(out: &mut String, cells: impl IntoIterator<Item = String>) {
    *out += "<table:table-row>";
    for cell in cells {
        *out += &cell;
    }
    *out += "</table:table-row>";
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) if is_like_a_number(words) => text(words, "words"),
        Cell::Text(words) => text(words, ""),
        Cell::Number(value) => format!(
            r#"<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>"#
        ),
        Cell::Missing => text(MISSING, ""),
    }
}

fn text(words: &str, style: &str) -> String {
    if words.is_empty() {
        return "<table:table-cell/>".to_owned();
    }
    let style = match style {
        "" => String::new(),
        style => format!(r#" table:style-name="{style}""#),
    };
    let paragraphs: String = words
        .lines()
        .map(|line| format!("<text:p>{}</text:p>", spaced(&escaped(line))))
        .collect();
    format!(
        r#"<table:table-cell{style} office:value-type="string">{paragraphs}</table:table-cell>"#
    )
}

/// A run of spaces counts as one in this format, unless it says how many there are.
fn spaced(line: &str) -> String {
    line.replace("  ", r#" <text:s text:c="1"/>"#)
}

/// Text as XML, without the characters that XML has no place for.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\t' | '\n' | '\r' => out.push(letter),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            _ => out.push(letter),
        }
    }
    out
}

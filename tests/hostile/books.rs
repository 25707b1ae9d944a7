//! Workbooks as a target: two small ones beside the tiny model, whose parts are spoilt before they are packed again.

use std::io::{Cursor, Read, Write};

use needscast::report::{Cell, Sheet, Workbook, ods, xlsx};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::chance::Chance;
use super::spoil::{spoil, spoil_binary};
use super::targets::Base;
use super::words::Words;

/// No part of a small workbook is longer, so that one that is spoilt is unpacked soon.
const LONGEST_PART: u64 = 1 << 16;

fn sheet(name: &str, table: &[&[&str]]) -> Sheet {
    let words = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
    let cells = |row: &&[&str]| row.iter().map(|text| cell(text)).collect();
    Sheet {
        name: name.to_owned(),
        title: name.to_owned(),
        introduction: vec!["A sentence.".to_owned()],
        header: words(&table[0]),
        rows: table[1..].iter().map(cells).collect(),
    }
}

fn cell(text: &str) -> Cell {
    match text.parse() {
        Ok(number) => Cell::number(number),
        Err(_) => Cell::text(text),
    }
}

/// A row of a parameter, options of which the last is new, and its change of a service.
fn workbook(parameter: [&str; 8], options: &[[&str; 2]], service: &str) -> Workbook {
    let header: &[&str] = &["Id", "Title"];
    let options = options.iter().map(|option| option.as_slice());
    let options: Vec<&[&str]> = std::iter::once(header).chain(options).collect();
    let sheets = [
        sheet(
            "Local",
            &[
                &[
                    "Id", "Value", "Low", "High", "Unit", "Period", "Source", "Grade",
                ],
                &parameter,
            ],
        ),
        sheet("Options", &options),
        sheet(
            "Changes",
            &[
                &["Option", "From", "Service", "Places: set", "Places: source"],
                &["more", "2026-04", service, "30", "a paper"],
            ],
        ),
    ];
    Workbook {
        title: "Figures".to_owned(),
        sheets: sheets.into(),
    }
}

/// A model of a few lines with a workbook of either format, and once in a while the tiny model, which takes three times
/// as long to read beside it.
pub fn bases(queue: fn() -> Base, tiny: fn() -> Base) -> Vec<Base> {
    let support = [
        "support", "20", "15", "25", "days", "2024", "a paper", "study",
    ];
    let share = [
        "custody_share",
        "0.2",
        "0.1",
        "0.3",
        "share",
        "2024",
        "a paper",
        "study",
    ];
    // The scenario of the tiny model has the first option itself.
    let options = [["business-as-usual", "As now"], ["more", "More places"]];
    let short = workbook(support, &options, "support");
    let mut all = Vec::from(beside(queue, &short));
    let long = workbook(share, &options[1..], "homes");
    all.extend(beside(tiny, &long).map(Base::rare));
    all
}

fn beside(model: fn() -> Base, book: &Workbook) -> [Base; 2] {
    let both = [
        ("local.xlsx", xlsx(book).ok()),
        ("local.ods", ods(book).ok()),
    ];
    both.map(|(name, bytes)| {
        let mut base = model();
        let scenario = &mut base.files[base.spoilt[0]].1;
        let named = format!("workbook = \"{name}\"\n");
        scenario.splice(0..0, named.bytes());
        base.spoilt = vec![base.files.len()];
        let bytes = bytes.unwrap();
        base.files.push((name.to_owned(), repacked(&parts(&bytes))));
        base
    })
}

/// What stands in some cells or attributes is another word; or a part is spoilt as a text is, or the archive as bytes are.
pub fn spoil_archive(bytes: &[u8], words: &Words, chance: &mut Chance) -> Vec<u8> {
    let mut parts = parts(bytes);
    if parts.is_empty() || chance.once_in(8) {
        return spoil_binary(bytes, chance);
    }
    if chance.once_in(4) {
        let index = chance.below(parts.len());
        parts[index].1 = spoil(&parts[index].1, words, chance);
        return repacked(&parts);
    }
    let holds_cells = |(name, _): &(String, Vec<u8>)| {
        let names = ["sheet", "sharedStrings", "workbook.xml", "content.xml"];
        names.iter().any(|part| name.contains(part))
    };
    let of_cells: Vec<usize> = (0..parts.len())
        .filter(|at| holds_cells(&parts[*at]))
        .collect();
    // A part may have lost its name when the archive was spoilt before.
    if of_cells.is_empty() {
        return spoil_binary(bytes, chance);
    }
    for _ in 0..=chance.below(3) {
        let index = *chance.of(&of_cells);
        parts[index].1 = with_another_word(&parts[index].1, words, chance);
    }
    repacked(&parts)
}

/// XML in which one text or, in one of three, one attribute is another word.
fn with_another_word(content: &[u8], words: &Words, chance: &mut Chance) -> Vec<u8> {
    let (from, to) = match chance.once_in(3) {
        true => (b'"', b'"'),
        false => (b'>', b'<'),
    };
    let ends = content
        .iter()
        .enumerate()
        .filter(|(_, byte)| [from, to].contains(byte));
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    let is_span = |pair: &&[usize]| {
        content[pair[0]] == from && content[pair[1]] == to && pair[1] > pair[0] + 1
    };
    let spans: Vec<&[usize]> = ends.windows(2).filter(is_span).collect();
    let mut content = content.to_vec();
    if let Some(span) = (!spans.is_empty()).then(|| *chance.of(&spans)) {
        let word = chance.of(&words.values).trim_matches('"');
        let word = word.replace('&', "&amp;").replace('<', "&lt;");
        content.splice(span[0] + 1..span[1], word.bytes());
    }
    content
}

/// The parts of an archive, as far as it is one.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts = Vec::new();
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
        return parts;
    };
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else {
            continue;
        };
        let Ok(name) = part.name().map(|name| name.into_owned()) else {
            continue;
        };
        let mut content = Vec::new();
        if part.take(LONGEST_PART).read_to_end(&mut content).is_ok() {
            parts.push((name, content));
        }
    }
    parts
}

/// An archive of these parts, as they are: packing them would take longer than reading them.
fn repacked(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        // A name that stands there twice is left out.
        if writer.start_file(name.as_str(), options).is_ok() {
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

//! Workbooks that would do harm: too much in too little, programs, links, hidden sheets, and bytes that are none.

use std::io::{Cursor, Write};

use needscast::diagnostic::Severity;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{FORMATS, Question, archive, bytes, edited, parts, starter};

/// A small workbook of one number, as Excel would write it.
fn small() -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("Local").unwrap();
    for (column, heading) in ["id", "value", "unit", "period", "source", "grade"]
        .iter()
        .enumerate()
    {
        page.write_string(0, column as u16, *heading).unwrap();
    }
    page.write_string(1, 0, "throughcare_uptake").unwrap();
    page.write_number(1, 1, 0.5).unwrap();
    for (column, text) in [(2, "share"), (3, "2024"), (4, "A test."), (5, "judgement")] {
        page.write_string(1, column, text).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn codes(format: &str, bytes: &[u8]) -> Vec<String> {
    let question = Question::new(format, bytes);
    let faults = question.faults();
    faults.into_iter().map(|(code, _)| code).collect()
}

/// A sheet with one cell of so many letters.
fn with_a_cell_of(n_bytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_level(Some(1))
        .large_file(false);
    for (name, content) in parts(&small()) {
        writer.start_file(name.as_str(), options).unwrap();
        if name != "xl/worksheets/sheet1.xml" {
            writer.write_all(&content).unwrap();
            continue;
        }
        writer
            .write_all(b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>")
            .unwrap();
        let block = vec![b'a'; 1 << 20];
        for _ in 0..n_bytes >> 20 {
            writer.write_all(&block).unwrap();
        }
        writer
            .write_all(b"</t></is></c></row></sheetData></worksheet>")
            .unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_cell_of_a_gigabyte_is_refused_whatever_the_directory_says() {
    let book = with_a_cell_of(1 << 30);
    assert!(book.len() < 32 << 20, "{}", book.len());
    assert_eq!(codes("xlsx", &book), ["E122"]);
    // The same archive, whose directory says that the part has a hundred bytes.
    let true_size = (((1_usize << 30) + 60 + 39) as u32).to_le_bytes();
    let sizes: Vec<usize> = (0..book.len() - 4)
        .filter(|at| {
            let size = u32::from_le_bytes([book[*at], book[at + 1], book[at + 2], book[at + 3]]);
            size >> 10 == u32::from_le_bytes(true_size) >> 10
        })
        .collect();
    assert!(!sizes.is_empty(), "the size stands in the directory");
    let mut lying = book;
    for at in sizes {
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let found = codes("xlsx", &lying);
    assert!(found == ["E122"] || found == ["E121"], "{found:?}");
}

#[test]
fn a_cell_longer_than_programs_write_is_refused_by_its_place() {
    let book = edited(
        &small(),
        "xl/worksheets/sheet1.xml",
        "<v>0.5</v></c>",
        &format!(
            "<v>0.5</v></c><c r=\"H9\" t=\"inlineStr\"><is><t>{}</t></is></c>",
            "é".repeat(32_768)
        ),
    );
    let question = Question::new("xlsx", &book);
    let expected = ("E122".to_owned(), "local.xlsx: Local!H9".to_owned());
    assert!(question.faults().contains(&expected), "{}", question.told());

    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"office:value="0.41"><text:p>0.41</text:p>"#;
    for (to, n) in [
        (
            format!(
                r#"office:value="0.41"><text:p>{}</text:p>"#,
                "é".repeat(32_768)
            ),
            1,
        ),
        (
            r#"office:value="0.41"><text:p>a<text:s text:c="99999999999"/></text:p>"#.to_owned(),
            1,
        ),
    ] {
        let question = Question::new("ods", &edited(&book, "content.xml", from, &to));
        let faults = question.faults();
        assert_eq!(faults.len(), n, "{}", question.told());
        assert_eq!(faults[0].0, "E122");
        assert!(faults[0].1.contains("Services!"), "{faults:?}");
    }
}

#[test]
fn repeats_are_not_unrolled_before_their_size_is_known() {
    let book = bytes(&starter("Dundee City"), "ods");
    let cell = r#"<table:table-cell office:value-type="float" office:value="0.41">"#;
    let row = "<table:table-row>";
    for (from, to) in [
        (
            cell,
            r#"<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="0.41">"#,
        ),
        (
            cell,
            r#"<table:table-cell table:number-columns-repeated="99999999999" office:value-type="float" office:value="0.41">"#,
        ),
        (
            row,
            r#"<table:table-row table:number-rows-repeated="1048576">"#,
        ),
    ] {
        let codes = codes("ods", &edited(&book, "content.xml", from, to));
        assert_eq!(codes, ["E122"], "{to}");
    }
    // Blank rows and cells to the end of the sheet are what programs write.
    let blank = r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#;
    let padded = edited(&book, "content.xml", "</table:table>", blank);
    assert_eq!(codes("ods", &padded), Vec::<String>::new());
    // As are cells far out.
    let far = edited(
        &small(),
        "xl/worksheets/sheet1.xml",
        "<v>0.5</v></c>",
        "<v>0.5</v></c><c r=\"XFD1048576\"><v>1</v></c>",
    );
    assert!(codes("xlsx", &far).contains(&"E122".to_owned()));
    let announced = parts(&small());
    assert!(
        announced
            .iter()
            .any(|(name, _)| name == "xl/sharedStrings.xml")
    );
    let text = edited(
        &small(),
        "xl/sharedStrings.xml",
        "uniqueCount=\"",
        "uniqueCount=\"99999999999999",
    );
    assert_eq!(codes("xlsx", &text), ["E122"]);
}

#[test]
fn an_archive_with_too_much_in_it_is_refused() {
    let mut many = parts(&small());
    many.extend((0..2_000).map(|n| (format!("xl/media/{n}"), Vec::new())));
    assert_eq!(codes("xlsx", &archive(&many)), ["E122"]);
    let mut bomb = parts(&small());
    bomb.extend((0..20).map(|n| (format!("xl/media/{n}"), vec![0; 8 << 20])));
    assert_eq!(codes("xlsx", &archive(&bomb)), ["E122"]);
    let large: Vec<u8> = vec![b'P'; (32 << 20) + 1];
    assert_eq!(codes("xlsx", &large), ["E122"]);
}

#[test]
fn macros_are_refused_by_part_and_by_type() {
    let mut with_part = parts(&small());
    with_part.push(("xl/vbaProject.bin".to_owned(), b"anything".to_vec()));
    assert_eq!(codes("xlsx", &archive(&with_part)), ["E123"]);
    let typed = edited(
        &small(),
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    );
    assert_eq!(codes("xlsx", &typed), ["E123"]);
    let mut ods = parts(&bytes(&starter("Dundee City"), "ods"));
    ods.push(("Basic/Standard/Module1.xml".to_owned(), b"<x/>".to_vec()));
    assert_eq!(codes("ods", &archive(&ods)), ["E123"]);
}

#[test]
fn a_hidden_sheet_is_refused_by_name() {
    let hidden = edited(
        &small(),
        "xl/workbook.xml",
        "<sheet name=\"Local\"",
        "<sheet state=\"veryHidden\" name=\"Local\"",
    );
    let question = Question::new("xlsx", &hidden);
    assert_eq!(
        question.faults(),
        [("E124".to_owned(), "local.xlsx: Local".to_owned())]
    );
    assert!(question.told().contains("the sheet `Local` is hidden"));
    let book = bytes(&starter("Dundee City"), "ods");
    let style = r#"<office:automatic-styles><style:style style:name="away" style:family="table"><style:table-properties table:display="false"/></style:style>"#;
    let book = edited(&book, "content.xml", "<office:automatic-styles>", style);
    let book = edited(
        &book,
        "content.xml",
        r#"table:name="Costs""#,
        r#"table:name="Costs" table:style-name="away""#,
    );
    let question = Question::new("ods", &book);
    assert_eq!(
        question.faults(),
        [("E124".to_owned(), "local.ods: Costs".to_owned())],
        "{}",
        question.told()
    );
}

#[test]
fn links_to_other_files_are_refused() {
    let mut linked = parts(&small());
    linked.push((
        "xl/externalLinks/externalLink1.xml".to_owned(),
        b"<x/>".to_vec(),
    ));
    assert_eq!(codes("xlsx", &archive(&linked)), ["E130"]);
    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"<table:table-cell office:value-type="float" office:value="0.41">"#;
    let to = r#"<table:table-cell table:formula="of:=['file:///C:/other.ods'#$Sheet1.A1]" office:value-type="float" office:value="0.41">"#;
    assert_eq!(
        codes("ods", &edited(&book, "content.xml", from, to)),
        ["E130"]
    );
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    let encrypted = [
        &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        &[0; 600][..],
    ]
    .concat();
    for bytes in [
        b"".to_vec(),
        b"id,value\na,1\n".to_vec(),
        encrypted,
        archive(&[("readme.txt".to_owned(), b"hello".to_vec())]),
        small()[..900].to_vec(),
    ] {
        assert_eq!(codes("xlsx", &bytes), ["E121"]);
    }
    let book = bytes(&starter("Dundee City"), "ods");
    let locked = edited(
        &book,
        "META-INF/manifest.xml",
        "manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>",
        "manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"><manifest:encryption-data/></manifest:file-entry>",
    );
    assert_eq!(codes("ods", &locked), ["E121"]);
    let cut = edited(
        &book,
        "content.xml",
        "</office:spreadsheet>",
        "<table:table>",
    );
    assert_eq!(codes("ods", &cut), ["E121"]);
    // There is none at all.
    let question = Question::new("xlsx", &small());
    std::fs::remove_file(question.folder.path().join("local.xlsx")).unwrap();
    let faults = question.faults();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].0, "E001");
    assert!(faults[0].1.starts_with("scenario.toml:"), "{faults:?}");
}

/// Of two parts with one name a spreadsheet program shows one and a reader may take the other.
#[test]
fn two_parts_of_one_name_are_refused() {
    let once = archive(&parts(&small()));
    assert_eq!(codes("xlsx", &once), Vec::<String>::new());
    let mut all = parts(&small());
    let sheet = all
        .iter()
        .position(|(name, _)| name.ends_with("sheet1.xml"));
    let mut other = all[sheet.unwrap()].clone();
    // The library that writes archives refuses it as well, so the name is changed afterwards.
    other.0 = other.0.replace("sheet1", "sheetX");
    all.push(other);
    let twice = archive(&all);
    let text: Vec<u8> = b"sheetX".to_vec();
    let mut named = twice.clone();
    for at in 0..twice.len() - 6 {
        if twice[at..at + 6] == text[..] {
            named[at..at + 6].copy_from_slice(b"sheet1");
        }
    }
    assert_eq!(codes("xlsx", &named), ["E121"]);
}

/// Words that a fuzzer writes into XML.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..12),
        proptest::sample::select(vec![
            "",
            "<",
            ">",
            "/",
            "\"",
            "&",
            "&amp;",
            "&#x0;",
            "&#xD800;",
            "-1",
            "99999999999999999999",
            "NaN",
            "1e999",
            "XFD1048577",
            "A0",
            "t=\"e\"",
            "t=\"s\"",
            "<f>",
            "</c>",
            "<![CDATA[",
            "<!--",
            "<?xml",
            "table:table",
        ])
        .prop_map(|word| word.as_bytes().to_vec()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever the bytes, a verdict and never a panic.
    #[test]
    fn spoilt_workbooks_end_in_a_verdict(
        is_xlsx in any::<bool>(),
        part in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        length in 0_usize..12,
        words in spoilt(),
    ) {
        let format = FORMATS[usize::from(!is_xlsx)];
        let book = match is_xlsx {
            true => small(),
            false => {
                let mut book = starter("Orkney Islands");
                book.sheets.retain(|sheet| sheet.name == "Options" || sheet.name == "Needs");
                bytes(&book, "ods")
            }
        };
        let mut parts = parts(&book);
        let index = part.index(parts.len());
        let content = &mut parts[index].1;
        let from = at.index(content.len());
        let to = (from + length).min(content.len());
        content.splice(from..to, words);
        let question = Question::new(format, &archive(&parts));
        if let Err(faults) = question.compiled() {
            prop_assert!(faults.iter().any(|fault| fault.severity == Severity::Error));
            prop_assert!(!question.told().is_empty());
        }
    }
}

/// Entities that blow up, and entities that read other files, in either format.
#[test]
fn declared_entities_are_refused() {
    let bomb = "<!DOCTYPE l [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    let other = "<!DOCTYPE l [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>";
    let book = starter("Dundee City");
    for (format, part) in [
        ("xlsx", "xl/sharedStrings.xml"),
        ("xlsx", "xl/worksheets/sheet2.xml"),
        ("ods", "content.xml"),
    ] {
        for declared in [bomb, other] {
            let bytes = edited(&bytes(&book, format), part, "?>", &format!("?>{declared}"));
            assert_eq!(codes(format, &bytes), ["E121"], "{part}");
        }
    }
}

/// A number in two pieces is one number to one reader and another to the next, so that neither is taken.
#[test]
fn numbers_in_pieces_are_refused() {
    let book = bytes(&starter("Dundee City"), "xlsx");
    for (pieces, told) in [
        ("3&#49;", "a digit written as its number"),
        ("3&#x31;", "a digit written as its number"),
        ("3<![CDATA[1]]>", "a piece of text that is not parsed"),
        ("3<?x y?>1", "an instruction to a program"),
    ] {
        let to = format!("{pieces}</v>");
        let spoilt = edited(&book, "xl/worksheets/sheet5.xml", "</v>", &to);
        let question = super::Question::new("xlsx", &spoilt);
        assert_eq!(codes("xlsx", &spoilt), ["E121"], "{pieces}");
        assert!(question.told().contains(told), "{}", question.told());
    }
}

#[test]
fn comments_of_xml_among_cells_are_refused() {
    let book = starter("Dundee City");
    for (format, part, from) in [
        ("xlsx", "xl/worksheets/sheet5.xml", "</v>"),
        ("xlsx", "xl/sharedStrings.xml", "</t>"),
        ("ods", "content.xml", "</text:p>"),
    ] {
        let spoilt = edited(
            &bytes(&book, format),
            part,
            from,
            &format!("<!-- x -->34{from}"),
        );
        assert_eq!(codes(format, &spoilt), ["E121"], "{part}");
        let question = super::Question::new(format, &spoilt);
        assert!(
            question.told().contains("a comment of XML"),
            "{}",
            question.told()
        );
    }
}

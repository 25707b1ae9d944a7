//! Workbooks and the data package of a run: the numbers of the CSV files, readable by the programs that people have.

use std::collections::BTreeSet;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Ods, Reader, Xlsx};
use needscast::report::{Cell, Sheet, Workbook, ods, xlsx};
use sha2::{Digest, Sha256};

const SCENARIO: &str = "scenarios/tayside-throughcare.toml";

fn run_into(folder: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", SCENARIO, "--draws", "3", "--drivers", "1", "--out"])
        .arg(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Sheet by sheet, row by row, as text: numbers in Rust's own shortest form.
type Book = Vec<(String, Vec<Vec<String>>)>;

fn texts(name: String, rows: &[&[Data]]) -> (String, Vec<Vec<String>>) {
    let cell = |cell: &Data| match cell {
        Data::Float(value) => value.to_string(),
        Data::Int(value) => value.to_string(),
        other => other.to_string(),
    };
    let row = |row: &&[Data]| {
        let mut cells: Vec<String> = row.iter().map(cell).collect();
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        cells
    };
    (name, rows.iter().map(row).collect())
}

fn read<R: Reader<Cursor<Vec<u8>>>>(bytes: Vec<u8>) -> Book
where
    R::Error: std::fmt::Debug,
{
    let mut book = R::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    let sheet = |name: String| {
        let range = book.worksheet_range(&name).unwrap();
        texts(name, &range.rows().collect::<Vec<_>>())
    };
    names.into_iter().map(sheet).collect()
}

fn sheet<'b>(book: &'b Book, name: &str) -> &'b [Vec<String>] {
    let mut sheets = book.iter();
    &sheets.find(|(sheet, _)| sheet == name).unwrap().1
}

fn csv_rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap();
    let texts = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|record| texts(record.unwrap()))
        .collect()
}

#[test]
fn both_workbooks_hold_what_the_csv_files_hold() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_into(&out);
    let first: Book = read::<Xlsx<_>>(fs::read(out.join("tables.xlsx")).unwrap());
    let second: Book = read::<Ods<_>>(fs::read(out.join("tables.ods")).unwrap());
    assert_eq!(first.len(), second.len());
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(a.0, b.0);
        assert_eq!(a.1, b.1, "{}", a.0);
    }
    let names: Vec<&str> = first.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(&names[..3], ["Cover", "Contents", "Notes"]);

    let appraisal = csv_rows(&out.join("appraisal.csv"));
    let shown = sheet(&first, "Appraisal");
    assert_eq!(shown[2], appraisal[0]);
    assert_eq!(shown.len(), appraisal.len() + 2);
    for (csv, row) in appraisal[1..].iter().zip(&shown[3..]) {
        for (column, expected) in csv.iter().enumerate() {
            let found = row.get(column).map_or("", String::as_str);
            let is_missing = expected.is_empty() && found == "[x]";
            let is_same = match (expected.parse::<f64>(), found.parse::<f64>()) {
                (Ok(a), Ok(b)) => a == b,
                _ => expected == found,
            };
            assert!(is_missing || is_same, "{csv:?} and {row:?}");
        }
    }
    agrees_with_forecast(&out, &first);
}

/// Every number of the three sheets by year stands in forecast.csv, and none is made up.
fn agrees_with_forecast(out: &Path, book: &Book) {
    let rows = csv_rows(&out.join("forecast.csv"));
    let at = |name: &str| rows[0].iter().position(|column| column == name).unwrap();
    let (option, area, period) = (at("option"), at("area_code"), at("period"));
    for (name, column) in [
        ("Forecast", "mean"),
        ("Forecast_low", "p05"),
        ("Forecast_high", "p95"),
    ] {
        let column = at(column);
        let known: BTreeSet<(&str, &str, &str, &str)> = rows[1..]
            .iter()
            .map(|r| (&*r[option], &*r[area], &*r[period], &*r[column]))
            .collect();
        let sheet = sheet(book, name);
        let header = &sheet[2];
        assert!(sheet.len() > 100);
        for row in &sheet[3..] {
            for (year, value) in header.iter().zip(row).skip(5) {
                let value = if value == "[x]" { "" } else { value };
                let found = known.contains(&(&row[0], &row[1], year, value));
                assert!(found, "{name}: {row:?} in {year}");
            }
        }
    }
}

#[test]
fn the_layout_is_that_of_accessible_spreadsheets() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_into(&out);
    let book: Book = read::<Xlsx<_>>(fs::read(out.join("tables.xlsx")).unwrap());
    let mut names = BTreeSet::new();
    for (name, rows) in &book {
        assert!(names.insert(name), "{name} stands twice");
        assert!(!rows[0][0].is_empty(), "{name} has its title in A1");
        assert_eq!(rows[0].len(), 1, "{name}");
        if name == "Cover" {
            continue;
        }
        let header = rows.iter().find(|row| row.len() > 1).unwrap();
        let distinct: BTreeSet<&String> = header.iter().collect();
        assert_eq!(distinct.len(), header.len(), "{name}: {header:?}");
        assert!(
            rows.iter().all(|row| !row.is_empty()),
            "{name} has a blank row"
        );
    }
    let listed: Vec<&String> = sheet(&book, "Contents")[3..]
        .iter()
        .map(|r| &r[0])
        .collect();
    let tables: Vec<&String> = book[3..].iter().map(|(name, _)| name).collect();
    assert_eq!(listed, tables);
}

fn hostile() -> Workbook {
    let words = [
        "=1+1",
        "+44 1382",
        "-2 of 3",
        "@here",
        "<b>&\"'</b>",
        "a\u{0}\u{7}b",
        "two  spaces",
        "Ünïcode — 🙂",
    ];
    Workbook {
        title: "A <title> & more".to_owned(),
        sheets: vec![Sheet {
            name: "Words".to_owned(),
            title: "=cmd|' /C calc'!A0".to_owned(),
            introduction: vec!["=2+2".to_owned()],
            header: vec!["=a".to_owned(), "b".to_owned()],
            rows: words
                .iter()
                .map(|words| vec![Cell::text(*words), Cell::number(-1.5)])
                .collect(),
        }],
    }
}

#[test]
fn words_are_never_formulas_and_numbers_are_numbers() {
    let book = hostile();
    let (x, o) = (xlsx(&book).unwrap(), ods(&book).unwrap());
    let mut as_xlsx: Xlsx<_> = Xlsx::new(Cursor::new(x.clone())).unwrap();
    let mut as_ods: Ods<_> = Ods::new(Cursor::new(o.clone())).unwrap();
    for formulas in [
        as_xlsx.worksheet_formula("Words").unwrap(),
        as_ods.worksheet_formula("Words").unwrap(),
    ] {
        assert!(
            formulas
                .used_cells()
                .all(|(_, _, formula)| formula.is_empty())
        );
    }
    let (a, b) = (read::<Xlsx<_>>(x), read::<Ods<_>>(o));
    for rows in [sheet(&a, "Words"), sheet(&b, "Words")] {
        assert_eq!(rows[0], ["=cmd|' /C calc'!A0"]);
        assert_eq!(rows[3], ["=1+1", "-1.5"]);
        assert_eq!(rows[7], ["<b>&\"'</b>", "-1.5"]);
        assert_eq!(rows[9], ["two  spaces", "-1.5"]);
        assert_eq!(rows[10], ["Ünïcode — 🙂", "-1.5"]);
    }
}

#[test]
fn the_same_workbook_has_the_same_bytes() {
    let book = hostile();
    assert_eq!(xlsx(&book).unwrap(), xlsx(&book).unwrap());
    assert_eq!(ods(&book).unwrap(), ods(&book).unwrap());
    let long = Cell::text("x".repeat(40_000));
    let Cell::Text(cut) = long else { panic!() };
    assert_eq!(cut.chars().count(), 32_767);
}

#[test]
fn the_data_package_describes_every_column_of_every_table() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_into(&out);
    let package = fs::read(out.join("datapackage.json")).unwrap();
    let package: serde_json::Value = serde_json::from_slice(&package).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let described: BTreeSet<&str> = resources
        .iter()
        .map(|r| r["path"].as_str().unwrap())
        .collect();
    let names = |folder: &Path, within: &str| -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().flatten();
        entries
            .map(|entry| format!("{within}{}", entry.file_name().to_string_lossy()))
            .collect()
    };
    let written = [names(&out, ""), names(&out.join("share"), "share/")].concat();
    let tables = written.iter().filter(|name| name.ends_with(".csv"));
    assert_eq!(described, tables.map(String::as_str).collect());
    for resource in resources {
        let path = resource["path"].as_str().unwrap();
        let bytes = fs::read(out.join(path)).unwrap();
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(resource["hash"], format!("sha256:{hash}"));
        assert_ne!(resource["description"], "", "{path} is not described");
        let rows = csv_rows(&out.join(path));
        for (column, field) in resource["schema"]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            assert_eq!(field["name"], rows[0][column]);
            assert_ne!(field["description"], "", "{path}: {}", field["name"]);
            if field["type"] == "number" {
                let is_number = |row: &Vec<String>| {
                    row[column].is_empty() || row[column].parse::<f64>().is_ok()
                };
                assert!(rows[1..].iter().all(is_number), "{path}: {}", field["name"]);
            }
        }
    }
}

/// The office program that people have opens both, and finds the same table in both.
#[test]
fn libreoffice_opens_both_workbooks() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    run_into(&out);
    let mut found = Vec::new();
    for name in ["tables.xlsx", "tables.ods"] {
        let to = folder.path().join(name.replace('.', "-"));
        let profile = format!(
            "-env:UserInstallation=file://{}/profile",
            folder.path().display()
        );
        // The number of the sheet that is converted, then its options: commas, quotes, UTF-8.
        let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,4";
        let output = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", filter, "--outdir"])
            .arg(&to)
            .arg(out.join(name))
            .output()
            .expect("LibreOffice; `bash tests/run` installs it");
        assert!(output.status.success(), "{output:?}");
        let mut sheets = fs::read_dir(&to).unwrap();
        let converted = sheets.next().expect("a converted sheet").unwrap().path();
        found.push(csv_rows_ragged(&converted));
    }
    assert_eq!(found[0], found[1]);
    assert!(found[0].len() > 100);
    assert!(
        found[0][0][0].starts_with("Forecast: mean"),
        "{:?}",
        found[0][0]
    );
}

fn csv_rows_ragged(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_path(path)
        .unwrap();
    let texts = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    reader
        .records()
        .map(|record| texts(record.unwrap()))
        .collect()
}

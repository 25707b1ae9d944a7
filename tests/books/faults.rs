//! Twenty planted faults are twenty faults, by sheet and cell, in one pass; whatever the format.

mod figures;
mod masked;
mod words;

use needscast::report::{Cell, Workbook};

use super::{FORMATS, Question, bytes, row_of, starter, write};

/// A fault of one cell: the sheet, the text of a row by which it is found and in which column, the column at fault,
/// what is written there, the code, and what must be said of it.
type Planted = (
    &'static str,
    (&'static str, &'static str),
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const PLANTED: [Planted; 13] = [
    (
        "Services",
        ("Id", "throughcare_places"),
        "Value",
        "lots",
        "E301",
        "`lots`",
    ),
    (
        "Services",
        ("Id", "throughcare_uptake"),
        "Unit",
        "shaer",
        "E211",
        "did you mean `share`?",
    ),
    (
        "Services",
        ("Id", "throughcare_patience"),
        "Grade",
        "gess",
        "E212",
        "`gess`",
    ),
    (
        "Services",
        ("Id", "throughcare_length"),
        "Low",
        "99",
        "E304",
        "at most the value, 6",
    ),
    (
        "Services",
        ("Id", "throughcare_completion"),
        "Source",
        "",
        "E310",
        "a number without source",
    ),
    (
        "Services",
        ("Id", "housing_support_places"),
        "Area",
        "Dundee Cty",
        "E201",
        "did you mean `Dundee City`?",
    ),
    (
        "Needs",
        ("Id", "housing_need_prison"),
        "Value",
        "1.7",
        "E303",
        "a number from 0 to 1",
    ),
    (
        "Needs",
        ("Id", "housing_need_remand"),
        "Period",
        "",
        "E310",
        "a number without period",
    ),
    (
        "Needs",
        ("Id", "or_housing_health"),
        "High",
        "six",
        "E301",
        "`six`",
    ),
    (
        "Costs",
        ("Id", "prison_place_cost"),
        "Value",
        "-5",
        "E303",
        "0 or more",
    ),
    (
        "Costs",
        ("Id", "court_case_cost"),
        "Unit",
        "",
        "E310",
        "a number without unit",
    ),
    (
        "Recorded",
        ("Measure", "prison_arrivals"),
        "Value",
        "many",
        "E301",
        "`many`",
    ),
    (
        "Recorded",
        ("Measure", "recorded_crimes"),
        "Unit",
        "",
        "E108",
        "`unit` is empty",
    ),
];

/// Options with faults in their rows: sheet, row, column, what is written, and the code where it is wrong.
const OPTIONS: [(&str, usize, &str, &str, &str); 21] = [
    ("Options", 1, "Id", "more", ""),
    ("Options", 1, "Title", "More places", ""),
    ("Options", 1, "Without costs", "A test.", ""),
    ("Changes", 0, "Option", "more", ""),
    ("Changes", 0, "From", "next year", "E306"),
    ("Changes", 0, "Service", "throughcare", ""),
    ("Changes", 0, "Places: set", "36", ""),
    ("Changes", 0, "Source", "A test.", ""),
    ("Changes", 1, "Option", "mroe", "E210"),
    ("Changes", 1, "From", "2026-04", ""),
    ("Changes", 1, "Service", "throughcare", ""),
    ("Changes", 1, "Places: set", "36", ""),
    ("Changes", 1, "Source", "A test.", ""),
    ("Option costs", 0, "Option", "more", ""),
    ("Option costs", 0, "From", "2026-04", ""),
    ("Option costs", 0, "Title", "Setting up", ""),
    ("Option costs", 0, "Payer", "local-authorty", "E207"),
    ("Option costs", 0, "Gbp", "a thousand", "E103"),
    ("Option costs", 0, "Price year", "2023-24", ""),
    ("Option costs", 0, "Source", "A test.", ""),
    ("Options", 0, "Title", "Business as usual", ""),
];

fn plant(book: &mut Workbook, format: &str) -> Vec<(String, String)> {
    let mut expected = Vec::new();
    let mut note = |code: &str, address: String| {
        expected.push((code.to_owned(), format!("local.{format}: {address}")));
    };
    // Rows are found before any is spoilt.
    let rows: Vec<usize> = PLANTED
        .iter()
        .map(|(sheet, (heading, text), ..)| row_of(book, sheet, heading, text))
        .collect();
    for ((sheet, _, heading, text, code, _), row) in PLANTED.iter().zip(rows) {
        note(code, write(book, sheet, (row, heading), Cell::text(*text)));
    }
    for (row, heading, text, code) in [
        (3, "Year", "20x3", "E301"),
        (20, "Population", "-5", "E303"),
        (40, "Area code", "S12000420", "E201"),
    ] {
        note(
            code,
            write(book, "Population", (row, heading), Cell::text(text)),
        );
    }
    for (sheet, row, heading, text, code) in OPTIONS {
        let address = write(book, sheet, (row, heading), Cell::text(text));
        if !code.is_empty() {
            note(code, address);
        }
    }
    expected.sort();
    expected
}

#[test]
fn twenty_planted_faults_are_twenty_faults_by_sheet_and_cell() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let expected = plant(&mut book, format);
        assert_eq!(expected.len(), 20);
        let question = Question::new(format, &bytes(&book, format));
        assert_eq!(question.faults(), expected, "{}", question.told());
        let told = question.told();
        for (.., says) in PLANTED {
            assert!(told.contains(says), "{says} in {told}");
        }
        assert!(told.contains("did you mean `more`?"), "{told}");
        assert!(told.contains("did you mean `local-authority`?"), "{told}");
    }
}

#[test]
fn faults_of_the_workbook_come_with_those_of_the_scenario() {
    let mut book = starter("Dundee City");
    plant(&mut book, "xlsx");
    let question = Question::new("xlsx", &bytes(&book, "xlsx"));
    let text = std::fs::read_to_string(question.scenario()).unwrap();
    let text = text.replace("seed       = 2025", "sede       = 2025");
    std::fs::write(question.scenario(), text).unwrap();
    let faults = question.faults();
    assert_eq!(faults.len(), 21, "{}", question.told());
    assert!(
        faults
            .iter()
            .any(|(code, place)| code == "E101" && place.starts_with("scenario.toml:"))
    );
}

//! Twenty planted faults are twenty faults, by sheet and cell, in one pass; whatever the format.

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

#[test]
fn a_misspelt_heading_is_one_fault_at_its_cell() {
    for format in FORMATS {
        for (sheet, from, to, code, says) in [
            (
                "Services",
                "Valeu",
                "Value",
                "E104",
                "rename `valeu` to `value`",
            ),
            ("Services", "Nte", "Note", "E107", "did you mean `note`?"),
            (
                "Changes",
                "Servcie",
                "Service",
                "E101",
                "did you mean `service`?",
            ),
            (
                "Changes",
                "Places: mutliply",
                "Places: multiply",
                "E101",
                "did you mean `multiply`?",
            ),
        ] {
            let mut book = starter("Dundee City");
            for (row, option) in [(0, "business-as-usual"), (1, "business-as-usual")] {
                for (heading, text) in [
                    ("Option", option),
                    ("From", "2026-04"),
                    ("Service", "throughcare"),
                    ("Places: multiply", "2"),
                    ("Source", "A test."),
                ] {
                    write(&mut book, "Changes", (row, heading), Cell::text(text));
                }
            }
            let column = super::column(&book, sheet, to);
            let page = book.sheets.iter_mut().find(|s| s.name == sheet).unwrap();
            page.header[column] = from.to_owned();
            let row = page.introduction.len() + 2;
            let question = Question::new(format, &bytes(&book, format));
            let told = question.told();
            assert!(told.contains(says), "{told}");
            let faults = question.faults();
            let here: Vec<_> = faults.iter().filter(|(found, _)| found == code).collect();
            assert_eq!(here.len(), 1, "{told}");
            let letter = char::from(b'A' + column as u8);
            // A column that is missing is a fault of the row of headings.
            if code != "E104" {
                assert_eq!(here[0].1, format!("local.{format}: {sheet}!{letter}{row}"));
            }
        }
    }
}

/// A row that may hold a count of people is told without a digit, whatever its unit is misspelt to be and whatever stands
/// for its id; a row that cannot is told as it is, so that it can be found.
#[test]
fn no_digit_of_a_row_that_may_hold_a_count_is_told() {
    let told = |id: &str, value: &str, unit: &str, events: &str| {
        let mut book = starter("Dundee City");
        let row = row_of(&book, "Services", "Id", "throughcare_places");
        for (heading, text) in [
            ("Id", id),
            ("Value", value),
            ("Low", ""),
            ("High", ""),
            ("Unit", unit),
            ("Events", events),
        ] {
            write(&mut book, "Services", (row, heading), Cell::text(text));
        }
        let told = Question::new("xlsx", &bytes(&book, "xlsx")).told();
        assert!(told.contains("error["), "{id}, {value}, {unit}: {told}");
        told
    };
    let id = "throughcare_places";
    for (id, value, unit, events) in [
        (id, "7919 people", "people", ""),
        (id, "7919 people", "count", ""),
        (id, "7919 a year", "per year", ""),
        (id, "7919x", "poeple", ""),
        (id, "7919x", "", ""),
        (id, "0.5x", "share", "7919"),
        (id, "0.7919x", "share", ""),
        ("7919", "-7919", "people", ""),
        ("7919", "x", "people", "7919"),
    ] {
        let told = told(id, value, unit, events);
        assert!(!told.contains("7919"), "{id}, {value}, {unit}: {told}");
    }
    for (value, unit) in [("7919x", "places"), ("7919x", "months")] {
        let told = told(id, value, unit, "");
        assert!(told.contains("7919"), "{value}, {unit}: {told}");
    }
}

/// Words in the sheets of figures that are none: a row of them would be passed over without a word.
#[test]
fn misspelt_words_of_figures_are_faults_at_their_cells() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let mut expected = Vec::new();
        for (sheet, row, heading, text, code, near) in [
            ("Population", 2, "Sex", "wimen", "E209", "women"),
            ("Population", 4, "Status", "estimat", "E111", "estimate"),
            (
                "Recorded",
                0,
                "Measure",
                "adults_assessd_as_homeless",
                "E204",
                "adults_assessed_as_homeless",
            ),
            ("Recorded", 1, "Period", "2022-24", "E306", ""),
            ("Recorded", 2, "Precision", "exakt", "E111", "exact"),
            (
                "Services",
                0,
                "Id",
                "throughcare_plaecs",
                "E203",
                "throughcare_places",
            ),
        ] {
            let address = write(&mut book, sheet, (row, heading), Cell::text(text));
            expected.push((code.to_owned(), format!("local.{format}: {address}")));
            assert!(near.is_empty() || !text.contains(near));
        }
        expected.sort();
        let question = Question::new(format, &bytes(&book, format));
        assert_eq!(question.faults(), expected, "{}", question.told());
        let told = question.told();
        for near in [
            "`women`",
            "`estimate`",
            "`adults_assessed_as_homeless`",
            "`exact`",
            "`throughcare_places`",
        ] {
            assert!(told.contains(&format!("did you mean {near}?")), "{told}");
        }
    }
}

/// A heading that is none of a sheet of figures is a fault, because its cells would be passed over.
#[test]
fn a_heading_that_no_reader_of_figures_knows_is_a_fault() {
    for (sheet, heading, wrong) in [
        ("Population", "Status", "Statsu"),
        ("Recorded", "Precision", "Percision"),
    ] {
        let mut book = starter("Dundee City");
        let column = super::column(&book, sheet, heading);
        let page = book.sheets.iter_mut().find(|s| s.name == sheet).unwrap();
        page.header[column] = wrong.to_owned();
        let question = Question::new("xlsx", &bytes(&book, "xlsx"));
        let faults = question.faults();
        assert_eq!(faults.len(), 1, "{}", question.told());
        assert_eq!(faults[0].0, "E107");
        let told = question.told();
        let near = heading.to_lowercase();
        assert!(told.contains(&format!("did you mean `{near}`?")), "{told}");
    }
}

/// Where the scenario names no comparator, an option must be business as usual: that is said where the options stand.
#[test]
fn options_without_business_as_usual_are_told_at_their_sheet() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let address = write(&mut book, "Options", (0, "Id"), Cell::text("Bad Id!"));
        let question = Question::new(format, &bytes(&book, format));
        let expected = vec![("E210".to_owned(), format!("local.{format}: {address}"))];
        assert_eq!(question.faults(), expected, "{}", question.told());
        assert!(question.told().contains("comparator = …"));
    }
}

fn budget(book: &mut Workbook, pounds: Cell) -> String {
    for (heading, text) in [
        ("Outcome", "needs_met"),
        ("Services", "throughcare"),
        ("Budget: per", "year"),
        ("Budget: price year", "2023-24"),
        ("Budget: source", "A test."),
    ] {
        write(book, "Budget", (0, heading), Cell::text(text));
    }
    write(book, "Budget", (0, "Budget: gbp"), pounds)
}

/// Half of a budget lacks the other half, and says which.
#[test]
fn a_budget_without_bounds_lacks_bounds() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        budget(&mut book, Cell::number(50_000.0));
        let question = Question::new(format, &bytes(&book, format));
        let expected = vec![("E533".to_owned(), format!("local.{format}: Budget!A4:F4"))];
        assert_eq!(question.faults(), expected, "{}", question.told());
        assert!(question.told().contains("a row of the sheet Bounds"));
        // A formula that was never worked out is told beside it, and nothing follows from it.
        let mut book = starter("Dundee City");
        let address = budget(&mut book, Cell::text("£50,000"));
        let question = Question::new(format, &bytes(&book, format));
        let expected = vec![
            ("E103".to_owned(), format!("local.{format}: {address}")),
            ("E533".to_owned(), format!("local.{format}: Budget!A4:F4")),
        ];
        assert_eq!(question.faults(), expected, "{}", question.told());
    }
}

/// What the program says of every file is shown whole; what it works out of the row is not.
#[test]
fn what_is_expected_of_every_file_is_not_masked() {
    let mut book = starter("Dundee City");
    for (id, heading, text) in [
        ("throughcare_uptake", "Value", "lots"),
        ("throughcare_completion", "Low", "0.9"),
    ] {
        let row = row_of(&book, "Services", "Id", id);
        write(&mut book, "Services", (row, heading), Cell::text(text));
    }
    let told = Question::new("xlsx", &bytes(&book, "xlsx")).told();
    assert!(told.contains("a number such as 0.25 or 1200"), "{told}");
    assert!(told.contains("at most the value, ·.··"), "{told}");
}

/// The model that wants another unit is the program's own; what can be mended is the cell.
#[test]
fn a_unit_that_the_model_cannot_use_is_told_at_its_cell() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let row = row_of(&book, "Services", "Id", "throughcare_completion");
        let address = write(&mut book, "Services", (row, "Unit"), Cell::text("people"));
        let question = Question::new(format, &bytes(&book, format));
        let expected = [("E312".to_owned(), format!("local.{format}: {address}"))];
        assert_eq!(question.faults(), expected, "{}", question.told());
    }
}

/// What cannot be is told where it stands, and nothing of what would follow from it.
#[test]
fn an_impossible_population_and_an_unknown_price_year_are_one_fault_each() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let people = write(
            &mut book,
            "Population",
            (1, "Population"),
            Cell::Number(1e12),
        );
        let row = row_of(&book, "Costs", "Id", "throughcare_cost");
        let period = write(&mut book, "Costs", (row, "Period"), Cell::text("2099-00"));
        let question = Question::new(format, &bytes(&book, format));
        let mut expected = [("E303", people), ("E313", period)]
            .map(|(code, cell)| (code.to_owned(), format!("local.{format}: {cell}")));
        let mut faults = question.faults();
        expected.sort();
        faults.sort();
        assert_eq!(faults, expected, "{}", question.told());
    }
}

/// The oldest are left out of a sum as silently as those between.
#[test]
fn people_above_the_last_row_are_missed() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let sheet = book.sheets.iter_mut().find(|s| s.name == "Population");
        let rows = &mut sheet.unwrap().rows;
        let n_before = rows.len();
        let says = |cell: &Cell, text: &str| {
            matches!(cell, Cell::Text(own) if own == text)
                || matches!(cell, Cell::Number(own) if own.to_string() == text)
        };
        rows.retain(|row| {
            let has = |text| row.iter().any(|cell| says(cell, text));
            !(has("71") && has("2025") && has("women"))
        });
        assert_eq!(rows.len(), n_before - 1);
        let question = Question::new(format, &bytes(&book, format));
        let faults = question.faults();
        let codes: Vec<&str> = faults.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["E411"], "{}", question.told());
        assert!(faults[0].1.contains("Population!"), "{faults:?}");
        assert!(
            question.told().contains("leaves out ages"),
            "{}",
            question.told()
        );
    }
}

/// A copy of a sheet, as spreadsheets name it, takes no number's place without a word.
#[test]
fn numbers_of_one_id_stand_in_one_sheet() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let services = book.sheets.iter().find(|s| s.name == "Services").unwrap();
        let mut copy = services.clone();
        copy.name = "Services (2)".to_owned();
        let n_ids = copy.rows.len();
        book.sheets.push(copy);
        let question = Question::new(format, &bytes(&book, format));
        let faults = question.faults();
        assert!(
            faults.iter().all(|(code, _)| code == "E307"),
            "{}",
            question.told()
        );
        assert_eq!(faults.len(), n_ids, "{}", question.told());
        assert!(question.told().contains("in `Services` too"));
    }
}

/// A figure that the model does not use is told like the others, and an area that nobody knows once.
#[test]
fn every_recorded_figure_stands_once_and_of_a_known_area() {
    for format in FORMATS {
        let mut book = starter("Dundee City");
        let recorded = book
            .sheets
            .iter_mut()
            .find(|s| s.name == "Recorded")
            .unwrap();
        let row = recorded.rows[3].clone();
        recorded.rows.push(row);
        let address = write(
            &mut book,
            "Recorded",
            (1, "Area code"),
            Cell::text("S12000099"),
        );
        let question = Question::new(format, &bytes(&book, format));
        let faults = question.faults();
        let codes: Vec<&str> = faults.iter().map(|(code, _)| code.as_str()).collect();
        assert_eq!(codes, ["E201", "E307"], "{}", question.told());
        assert_eq!(faults[0].1, format!("local.{format}: {address}"));
        assert!(faults[1].1.contains("Recorded!"), "{}", question.told());
    }
}

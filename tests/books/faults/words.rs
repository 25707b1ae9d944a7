//! Words of a workbook that are misspelt or have no use where they stand, in headings and below them.

use needscast::report::Cell;

use crate::books::{FORMATS, Question, bytes, column, row_of, starter, write};

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
            let column = column(&book, sheet, to);
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

/// A heading that is none of a sheet of figures is a fault, because its cells would be passed over.
#[test]
fn a_heading_that_no_reader_of_figures_knows_is_a_fault() {
    for (sheet, heading, wrong) in [
        ("Population", "Status", "Statsu"),
        ("Recorded", "Precision", "Percision"),
    ] {
        let mut book = starter("Dundee City");
        let column = column(&book, sheet, heading);
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

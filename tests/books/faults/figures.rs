//! Figures of a workbook that cannot be, are missing, or stand twice.

use needscast::report::{Cell, Workbook};

use crate::books::{FORMATS, Question, bytes, row_of, starter, write};

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

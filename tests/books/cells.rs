//! What a cell means: formulas, dates, errors, merged cells, numbers written as words, blanks, and sheets for people.

use needscast::report::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use super::{FORMATS, Question, bytes, edited, row_of, starter, write};

const HEADINGS: [&str; 8] = [
    "Id", "From", "Value", "Unit", "Period", "Source", "Grade", "(Notes)",
];

/// A sheet of one number of the model's, whose cells are then changed.
fn sheet(change: impl FnOnce(&mut Worksheet)) -> Question {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name("Local").unwrap();
    page.write_string(0, 0, "Our figures").unwrap();
    for (column, heading) in HEADINGS.iter().enumerate() {
        page.write_string(2, column as u16, *heading).unwrap();
    }
    page.write_string(3, 0, "throughcare_uptake").unwrap();
    page.write_number(3, 2, 0.5).unwrap();
    for (column, text) in [(3, "share"), (4, "2024"), (5, "A test."), (6, "judgement")] {
        page.write_string(3, column, text).unwrap();
    }
    change(page);
    Question::new("xlsx", &book.save_to_buffer().unwrap())
}

/// The central value of a parameter, and what the run is told.
fn value(question: &Question, id: &str) -> (f64, Vec<String>) {
    let plan = question
        .compiled()
        .unwrap_or_else(|_| panic!("{}", question.told()));
    let parameter = plan.parameters.iter().find(|p| p.id == id).unwrap();
    (plan.cells[parameter.cells[0][0].1].value, plan.notes)
}

fn one(code: &str, place: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), place.to_owned())]
}

#[test]
fn a_number_of_the_workbook_counts_instead_of_the_models() {
    let (plain, _) = value(&sheet(|_| {}), "throughcare_uptake");
    assert_eq!(plain, 0.5);
    // The model's own number is another.
    let untouched = Question::new("xlsx", &bytes(&starter("Dundee City"), "xlsx"));
    assert_eq!(value(&untouched, "throughcare_uptake").0, 0.41);
}

#[test]
fn a_number_written_as_words_and_a_percentage_are_numbers() {
    let text = sheet(|page| {
        page.write_string(3, 2, " 0.25 ").unwrap();
    });
    assert_eq!(value(&text, "throughcare_uptake").0, 0.25);
    let percent = sheet(|page| {
        let format = Format::new().set_num_format("0%");
        page.write_number_with_format(3, 2, 0.25, &format).unwrap();
    });
    assert_eq!(value(&percent, "throughcare_uptake").0, 0.25);
    // Words with a sign of their own are no number.
    let words = sheet(|page| {
        page.write_string(3, 2, "25%").unwrap();
    });
    assert_eq!(words.faults(), one("E301", "local.xlsx: Local!C4"));
}

#[test]
fn a_formula_is_read_as_it_was_last_worked_out_and_the_run_says_so() {
    let question = sheet(|page| {
        let formula = Formula::new("=1/4").set_result("0.25");
        page.write_formula(3, 2, formula).unwrap();
    });
    let (value, notes) = value(&question, "throughcare_uptake");
    assert_eq!(value, 0.25);
    let note = notes.iter().find(|note| note.contains("is a formula"));
    let note = note.unwrap();
    assert!(
        note.contains("One cell of the sheet `Local`") && note.contains("C4"),
        "{note}"
    );

    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"<table:table-cell office:value-type="float" office:value="0.41">"#;
    let to = r#"<table:table-cell table:formula="of:=[.A1]/2" office:value-type="float" office:value="0.25">"#;
    let question = Question::new("ods", &edited(&book, "content.xml", from, to));
    let (value, notes) = self::value(&question, "throughcare_uptake");
    assert_eq!(value, 0.25);
    assert!(
        notes.iter().any(|note| note.contains("is a formula")),
        "{notes:?}"
    );
}

#[test]
fn a_formula_without_a_value_is_a_fault_of_its_cell() {
    let plain = sheet(|_| {});
    let book = std::fs::read(plain.folder.path().join("local.xlsx")).unwrap();
    let from = r#"<c r="C4"><v>0.5</v></c>"#;
    let to = r#"<c r="C4"><f>1/4</f></c>"#;
    let book = edited(&book, "xl/worksheets/sheet1.xml", from, to);
    let question = Question::new("xlsx", &book);
    assert_eq!(
        question.faults(),
        one("E129", "local.xlsx: Local!C4"),
        "{}",
        question.told()
    );
    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"<table:table-cell office:value-type="float" office:value="0.41"><text:p>0.41</text:p></table:table-cell>"#;
    let to = r#"<table:table-cell table:formula="of:=[.A1]/2"/>"#;
    let question = Question::new("ods", &edited(&book, "content.xml", from, to));
    let faults = question.faults();
    assert_eq!(faults.len(), 1, "{}", question.told());
    assert_eq!(faults[0].0, "E129");
}

#[test]
fn an_error_is_one_fault_of_its_cell() {
    let question = sheet(|page| {
        let formula = Formula::new("=Sheet9!A1").set_result("#REF!");
        page.write_formula(3, 2, formula).unwrap();
    });
    assert_eq!(
        question.faults(),
        one("E127", "local.xlsx: Local!C4"),
        "{}",
        question.told()
    );
    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"<table:table-cell office:value-type="float" office:value="0.41"><text:p>0.41</text:p></table:table-cell>"#;
    let to = r##"<table:table-cell table:formula="of:=[#REF!.A1]" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>"##;
    let question = Question::new("ods", &edited(&book, "content.xml", from, to));
    let faults = question.faults();
    assert_eq!(faults.len(), 1, "{}", question.told());
    assert_eq!(faults[0].0, "E127");
}

#[test]
fn a_date_is_a_month_where_a_month_is_meant_and_a_fault_elsewhere() {
    let date = |row: u32, column: u16, day: u8| {
        sheet(move |page| {
            let date = ExcelDateTime::from_ymd(2009, 4, day).unwrap();
            let format = Format::new().set_num_format("mmm yy");
            page.write_datetime_with_format(row, column, &date, &format)
                .unwrap();
        })
    };
    assert_eq!(value(&date(3, 1, 1), "throughcare_uptake").0, 0.5);
    assert_eq!(date(3, 1, 2).faults(), one("E128", "local.xlsx: Local!B4"));
    // A program makes a date of `2009-04` and `3-10` that nobody meant.
    assert_eq!(date(3, 4, 1).faults(), one("E128", "local.xlsx: Local!E4"));
    assert_eq!(date(3, 2, 1).faults(), one("E128", "local.xlsx: Local!C4"));
}

#[test]
fn merged_cells_in_a_table_are_refused_and_above_it_are_not() {
    let format = Format::new();
    let above = sheet(|page| {
        page.merge_range(0, 0, 0, 5, "Our figures", &format)
            .unwrap();
    });
    assert_eq!(above.faults(), Vec::new(), "{}", above.told());
    let within = sheet(|page| {
        page.merge_range(3, 4, 4, 5, "2024", &format).unwrap();
    });
    // The source that is hidden by the merging is not said to be missing, too.
    let merged = one("E126", "local.xlsx: Local!E4:F4");
    assert_eq!(within.faults(), merged, "{}", within.told());

    let book = bytes(&starter("Dundee City"), "ods");
    let from = r#"<table:table-cell office:value-type="float" office:value="0.41">"#;
    let to = r#"<table:table-cell table:number-rows-spanned="2" office:value-type="float" office:value="0.41">"#;
    let question = Question::new("ods", &edited(&book, "content.xml", from, to));
    let faults = question.faults();
    let codes: Vec<&str> = faults.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(codes, ["E126"], "{}", question.told());
}

#[test]
fn blank_rows_and_columns_for_people_are_passed_over() {
    let question = sheet(|page| {
        // A note under a heading in brackets, and a row of the same table after blank ones.
        page.write_string(3, 7, "ask Morag").unwrap();
        page.write_string(8, 2, "  ").unwrap();
        for (column, heading) in [
            "throughcare_completion",
            "",
            "0.4",
            "share",
            "2024",
            "A test.",
            "study",
        ]
        .iter()
        .enumerate()
        {
            page.write_string(11, column as u16, *heading).unwrap();
        }
    });
    assert_eq!(value(&question, "throughcare_completion").0, 0.4);
    let beside = sheet(|page| {
        page.write_string(3, 9, "stray").unwrap();
        page.write_string(5, 9, "stray again").unwrap();
    });
    assert_eq!(beside.faults(), one("E131", "local.xlsx: Local!J4"));
}

#[test]
fn sheets_for_people_are_not_read_and_unknown_ones_are_refused() {
    let mut book = starter("Dundee City");
    let mut other = book.sheets[0].clone();
    other.name = "Notes of 3 May".to_owned();
    book.sheets.push(other.clone());
    for format in FORMATS {
        let question = Question::new(format, &bytes(&book, format));
        assert_eq!(question.faults(), Vec::new(), "{}", question.told());
    }
    other.name = "Poplation".to_owned();
    book.sheets.push(other);
    for format in FORMATS {
        let question = Question::new(format, &bytes(&book, format));
        assert_eq!(
            question.faults(),
            one("E125", &format!("local.{format}: Poplation"))
        );
        assert!(question.told().contains("did you mean `Population`?"));
    }
}

/// Money is nobody's record, so that the figure itself is left as it is.
#[test]
fn an_own_figure_among_published_ones_keeps_its_source_and_unit() {
    let mut book = starter("Dundee City");
    let recorded = book.sheets.iter().find(|s| s.name == "Recorded").unwrap();
    let row = recorded.rows.len();
    for (heading, cell) in [
        ("Measure", Cell::text("recorded_crimes")),
        ("Area code", Cell::text("S12000042")),
        ("Period", Cell::text("2025-26")),
        ("Value", Cell::number(11_500.0)),
        ("Unit", Cell::text("GBP")),
        ("Source", Cell::text("Our own return")),
    ] {
        write(&mut book, "Recorded", (row, heading), cell);
    }
    let question = Question::new("xlsx", &bytes(&book, "xlsx"));
    let plan = question
        .compiled()
        .unwrap_or_else(|_| panic!("{}", question.told()));
    let figures = plan.context.iter().flat_map(|series| &series.figures);
    let own: Vec<_> = figures.filter(|f| f.source == "Our own return").collect();
    assert_eq!(own.len(), 1);
    assert_eq!(
        (own[0].period.as_str(), own[0].unit.as_str()),
        ("2025-26", "GBP")
    );
    let others = plan.context.iter().flat_map(|series| &series.figures);
    let n_published = others.filter(|f| f.source.starts_with("rc-")).count();
    assert!(n_published > 0);
}

#[test]
fn budget_and_bounds_make_a_question_of_optimise() {
    let mut book = starter("Dundee City");
    for (sheet, heading, text) in [
        ("Budget", "Outcome", "needs_met"),
        ("Budget", "Services", "throughcare; housing_support"),
        ("Budget", "Budget: gbp", "500000"),
        ("Budget", "Budget: per", "year"),
        ("Budget", "Budget: price year", "2023-24"),
        ("Budget", "Budget: source", "A test."),
        ("Bounds", "Service", "throughcare"),
        ("Bounds", "Most", "90"),
        ("Bounds", "Source", "A test."),
    ] {
        write(&mut book, sheet, (0, heading), Cell::text(text));
    }
    // The second service has no bounds yet, which is said where services are listed.
    let question = Question::new("ods", &bytes(&book, "ods"));
    assert_eq!(question.faults(), one("E533", "local.ods: Budget!A4:F4"));
    for (heading, text) in [
        ("Service", "housing_support"),
        ("Most", "150"),
        ("Source", "A test."),
    ] {
        write(&mut book, "Bounds", (1, heading), Cell::text(text));
    }
    for format in FORMATS {
        let question = Question::new(format, &bytes(&book, format));
        let plan = question.compiled();
        let plan = plan.unwrap_or_else(|_| panic!("{}", question.told()));
        assert!(plan.mixing.is_some());
    }
    // Bounds without a budget belong to nothing; two budgets to nobody knows which.
    let row = book.sheets.iter().position(|s| s.name == "Budget").unwrap();
    let spent = std::mem::take(&mut book.sheets[row].rows);
    let question = Question::new("xlsx", &bytes(&book, "xlsx"));
    let missing = question.faults();
    assert!(missing.iter().any(|(code, _)| code == "E102"));
    for (code, place) in missing {
        let is_known = code == "E102" || code == "E533";
        assert!(
            is_known && place.starts_with("local.xlsx: Bounds!A"),
            "{}",
            question.told()
        );
    }
    book.sheets[row].rows = [spent.clone(), spent].concat();
    let question = Question::new("xlsx", &bytes(&book, "xlsx"));
    assert_eq!(question.faults(), one("E109", "local.xlsx: Budget!5:5"));
}

#[test]
fn options_of_the_workbook_are_options_of_the_scenario() {
    let mut book = starter("Dundee City");
    let row = row_of(&book, "Options", "Id", "business-as-usual") + 1;
    for (sheet, row, heading, text) in [
        ("Options", row, "Id", "more"),
        ("Options", row, "Title", "More places"),
        ("Options", row, "Without costs", "A test."),
        ("Changes", 0, "Option", "more"),
        ("Changes", 0, "From", "2026-04"),
        ("Changes", 0, "Service", "throughcare"),
        ("Changes", 0, "Places: multiply", "1.5"),
        ("Changes", 0, "Areas", "Dundee City"),
        ("Changes", 0, "Source", "A test."),
        ("Running costs", 0, "Title", "A manager"),
        ("Running costs", 0, "Service", "throughcare"),
        ("Running costs", 0, "Payer", "local-authority"),
        ("Running costs", 0, "Gbp", "50000"),
        ("Running costs", 0, "Price year", "2023-24"),
        ("Running costs", 0, "Source", "A test."),
    ] {
        write(&mut book, sheet, (row, heading), Cell::text(text));
    }
    let mut plans = FORMATS.map(|format| {
        let question = Question::new(format, &bytes(&book, format));
        question
            .compiled()
            .unwrap_or_else(|_| panic!("{}", question.told()))
    });
    for plan in &mut plans {
        assert_eq!(plan.options.len(), 2);
        assert_eq!(plan.options[1].id, "more");
        assert_eq!(plan.options[1].title, "More places");
    }
}

//! Faults of the tables and of the numbers in them.

use super::{Case, Copy, check_all};

/// A case of one row of the parameter table.
macro_rules! row {
    ($name:expr, $from:expr => $to:expr, $code:expr, $words:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[("parameters/tiny.csv", $from, $to)],
            code: $code,
            at: ("parameters/tiny.csv", $to, $words),
            says: $says,
        }
    };
}

const TABLES: &[Case] = &[
    row!("semicolons", "id,area,sex,age,priors,from,value,low,high,events,n,distribution,unit,period,source,grade,note" => "id;area;value;unit", "E006", "id;area;value;unit", &["found: semicolons"]),
    row!("a missing column", "id,area,sex,age,priors,from,value,low,high,events,n,distribution,unit,period,source,grade,note" => "id,area,sex,age,priors,from,value,low,high,events,n,distribution,unit,period,source,grad,note", "E104", "id,area", &["the column `grade` is missing", "rename `grad` to `grade`"]),
    row!("a column twice", "low,high,events" => "low,low,events", "E105", "low,events", &["the column `low` stands twice"]),
    row!("a ragged row", "homes_patience,,,,,,6,,,,,,months" => "homes_patience,,,,,6,,,,,,months", "E106", "homes_patience", &["expected: 17 cells", "found: 16 cells"]),
    row!("an unknown column", "source,grade,note" => "source,grade,nota", "E107", "nota", &["did you mean `note`?"]),
    row!("an empty id", "follow_up,,,,,,36,,,,,,months,2023-24" => ",,,,,,1,,,,,,ratio,2023-24,a textbook,judgement,\nfollow_up,,,,,,36,,,,,,months,2023-24", "E108", ",,,,,,1", &["`id` is empty"]),
];

const NUMBERS: &[Case] = &[
    row!("a text", "sentence,,,,,,240," => "sentence,,,,,,long,", "E301", "long", &["found: `long`"]),
    row!("no value", "sentence,,,,,,240,200,290" => "sentence,,,,,,,200,290", "E301", ",200", &["`value` is empty"]),
    row!("not a number", "sentence,,,,,,240," => "sentence,,,,,,NaN,", "E302", "NaN", &["found: `NaN`"]),
    row!("infinity", "sentence,,,,,,240,200,290" => "sentence,,,,,,240,200,inf", "E302", "inf", &["`high` is not a finite number"]),
    row!("a share above one", "follow_up,,,,,,36,,,,,,months" => "follow_up,,,,,,36,,,,,,share", "E303", "36", &["a number from 0 to 1"]),
    row!("a negative number", "homes_patience,,,,,,6" => "homes_patience,,,,,,-6", "E303", "-6", &["0 or more"]),
    row!("a negative cost", "custody_cost,,,,,,40000" => "custody_cost,,,,,,-40000", "E303", "-40000", &["an amount in GBP", "0 or more"]),
    row!("a shape of nothing", "return_shape,,,,,,0.9" => "return_shape,,,,,,0", "E303", "0", &["a number above 0"]),
    row!("low above value", "sentence,,,,,,240,200,290" => "sentence,,,,,,240,250,290", "E304", "250", &["at most the value, 240"]),
    row!("value above high", "sentence,,,,,,240,200,290" => "sentence,,,,,,240,200,230", "E304", "230", &["at least the value, 240"]),
    row!("more events than people", "housing_need,,,,,,0.4357,,,61,140" => "housing_need,,,,,,0.4357,,,161,140", "E305", "161", &["at most n = 140"]),
    row!("a value that is not its events", "housing_need,,,,,,0.4357,,,61,140" => "housing_need,,,,,,0.48,,,61,140", "E305", "0.48", &["0.4357, which is 61 / 140"]),
    row!("not a month", "custody_area,Northshire,,,,2025-04" => "custody_area,Northshire,,,,April", "E306", "April", &["a month such as 2025-04"]),
    row!("a duplicate row", "custody_area,Northshire,,,,2025-04,1.2" => "custody_area,Northshire,,,,2024-04,1.2", "E307", "custody_area", &["the same keys as"]),
    row!("a law that does not fit", "homes_uptake,,,,,,0.5,0,1,,,uniform" => "homes_uptake,,,,,,0.5,0,1,,,beta-ish", "E213", "beta-ish", &["unknown distribution"]),
    row!("an interval that no lognormal has", "sentence,,,,,,240,200,290,,," => "sentence,,,,,,240,0,290,,,lognormal", "E314", "lognormal", &["`low` above 0"]),
    row!("half an interval", "sentence,,,,,,240,200,290,,,,days" => "sentence,,,,,,240,200,,,,,days", "E314", ",,,,days", &["both `low` and `high`"]),
    Case {
        name: "a walk that becomes more certain",
        edits: &[
            (
                "parameters/tiny.csv",
                "Northshire,,,,2024-04,1,,,,,,ratio",
                "Northshire,,,,2024-04,1,0.5,2,,,walk,ratio",
            ),
            (
                "parameters/tiny.csv",
                "2025-04,1.2,1,1.5,,,,ratio",
                "2025-04,1.2,1,1.5,,,walk,ratio",
            ),
        ],
        code: "E314",
        at: ("parameters/tiny.csv", "2025-04,1.2,1,1.5", "1,1.5"),
        says: &["no narrower than the year's before", "2025-04"],
    },
    row!("an unknown unit", "240,200,290,,,,days" => "240,200,290,,,,dayz", "E211", "dayz", &["did you mean `days`?"]),
    row!("an unknown grade", "36,,,,,,months,2023-24,a textbook,judgement" => "36,,,,,,months,2023-24,a textbook,jugdement", "E212", "jugdement", &["did you mean `judgement`?"]),
    row!("an unknown area", "custody_area,Southshire" => "custody_area,Southshir", "E201", "Southshir", &["did you mean `Southshire`?"]),
    row!("an unknown band", "opening_age,,,over-30" => "opening_age,,,over-31", "E209", "over-31", &["did you mean `over-30`?"]),
    row!("different units", "entrant_priors,,,,1+,,0.3,,,,,,share" => "entrant_priors,,,,1+,,0.3,,,,,,ratio", "E311", "ratio", &["`share`, as in its first row"]),
    row!("different keys", "entrant_priors,,,,1+,,0.3" => "entrant_priors,,,,,,0.3", "E311", ",,0.3", &["a value for `priors`"]),
    row!("two factors with a unit", "custody_area,Southshire,,,,2024-04,1,,,,,,ratio" => "custody_area,Southshire,,,,2024-04,1,,,,,,days", "E311", "days", &["different units"]),
];

/// A missing word of evidence, each in its own column.
const EVIDENCE: &[Case] = &[
    row!("no unit", "follow_up,,,,,,36,,,,,,months," => "follow_up,,,,,,36,,,,,,,", "E310", "", &["a number without unit"]),
    row!("no period", "36,,,,,,months,2023-24," => "36,,,,,,months,,", "E310", "", &["a number without period"]),
    row!("no source", "36,,,,,,months,2023-24,a textbook," => "36,,,,,,months,2023-24,,", "E310", "", &["a number without source"]),
    row!("no grade", "36,,,,,,months,2023-24,a textbook,judgement" => "36,,,,,,months,2023-24,a textbook,", "E310", "", &["a number without grade", "`placeholder`"]),
];

#[test]
fn tables() {
    check_all(TABLES);
}

#[test]
fn numbers() {
    check_all(NUMBERS);
}

#[test]
fn no_number_goes_without_its_evidence() {
    for case in EVIDENCE {
        let copy = Copy::new();
        let (file, from, to) = case.edits[0];
        copy.edit(file, from, to);
        let faults = copy.faults();
        let codes: Vec<_> = faults.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [case.code], "{}", case.name);
        let place = faults[0].place.as_ref().unwrap();
        let line = copy
            .text(file)
            .lines()
            .position(|line| line.starts_with("follow_up"))
            .unwrap()
            + 1;
        assert_eq!(place.line, line);
        // The caret stands at the end of the empty cell: after as many commas as there are columns before it.
        let before: String = place.text.chars().take(place.column - 1).collect();
        let column = ["unit", "period", "source", "grade"]
            .iter()
            .position(|c| case.says[0].ends_with(c))
            .unwrap();
        assert_eq!(before.matches(',').count(), 12 + column, "{}", case.name);
    }
}

const PRODUCTS_AND_PRICES: &[Case] = &[
    Case {
        name: "a missing combination",
        edits: &[(
            "parameters/tiny.csv",
            "report_rate,,men,16-30,,,0.05,,,,,,per person per year,2023-24,a textbook,judgement,\n",
            "",
        )],
        code: "E308",
        at: (
            "parameters/tiny.csv",
            "report_rate,,women,16-30",
            "report_rate",
        ),
        says: &["no row for men, age 16-30", "3 of 4 combinations"],
    },
    Case {
        name: "a missing area",
        edits: &[(
            "parameters/tiny.csv",
            "homes_places,Southshire,,,,,20,,,,,,places,2023-24,a textbook,official,\n",
            "",
        )],
        code: "E308",
        at: (
            "parameters/tiny.csv",
            "homes_places,Northshire",
            "homes_places",
        ),
        says: &["no row for Southshire"],
    },
    Case {
        name: "a parameter that begins after the run",
        edits: &[(
            "parameters/tiny.csv",
            "custody_area,Southshire,,,,2024-04",
            "custody_area,Southshire,,,,2024-06",
        )],
        code: "E309",
        at: (
            "parameters/tiny.csv",
            "custody_area,Northshire,,,,2024-04",
            "custody_area",
        ),
        says: &["nothing before 2024-06"],
    },
    Case {
        name: "two lengths in a product",
        edits: &[(
            "model.toml",
            "[\"sentence\", \"release.short\"]",
            "[\"sentence\", \"release.short\", \"follow_up\"]",
        )],
        code: "E312",
        at: (
            "model.toml",
            "[\"sentence\", \"release.short\", \"follow_up\"]",
            "[",
        ),
        says: &["`sentence` (days) × `release.short` (share) × `follow_up` (months)"],
    },
    Case {
        name: "a ratio where a share is needed",
        edits: &[(
            "model.toml",
            "share    = [\"health_need\"]",
            "share    = [\"report_area\"]",
        )],
        code: "E312",
        at: (
            "model.toml",
            "share    = [\"report_area\"]",
            "[\"report_area\"]",
        ),
        says: &["found: `report_area` (ratio)"],
    },
    Case {
        name: "an unknown price year",
        edits: &[(
            "scenario.toml",
            "price_year = \"2024-25\"",
            "price_year = \"2030-31\"",
        )],
        code: "E313",
        at: ("scenario.toml", "price_year = \"2030-31\"", "\"2030-31\""),
        says: &["from 2023-24 to 2024-25"],
    },
    Case {
        name: "a cost in prices of an unknown year",
        edits: &[(
            "parameters/tiny.csv",
            "GBP per place-year,2024-25",
            "GBP per place-year,1999-00",
        )],
        code: "E313",
        at: (
            "parameters/tiny.csv",
            "GBP per place-year,1999-00",
            "1999-00",
        ),
        says: &["unknown price year `1999-00`"],
    },
    Case {
        name: "no years",
        edits: &[("scenario.toml", "years      = 5", "years      = 0")],
        code: "E315",
        at: ("scenario.toml", "years      = 0", "0"),
        says: &["a whole number from 1 to 120"],
    },
    Case {
        name: "no draws",
        edits: &[("scenario.toml", "draws      = 20", "draws      = 0")],
        code: "E315",
        at: ("scenario.toml", "draws      = 0", "0"),
        says: &["a whole number from 1 to 1000000"],
    },
    Case {
        name: "too many draws",
        edits: &[("scenario.toml", "draws      = 20", "draws      = 1000001")],
        code: "E315",
        at: ("scenario.toml", "draws      = 1000001", "1000001"),
        says: &["found: 1000001"],
    },
];

#[test]
fn products_and_prices() {
    check_all(PRODUCTS_AND_PRICES);
}

#[test]
fn ages_and_years_of_the_population_are_whole() {
    for (cell, column) in [
        ("2024.5,women,0,15", 5),
        ("3e9,women,0,15", 5),
        ("2024,women,-1,15", 16),
        ("2024,women,9,8", 18),
    ] {
        let copy = Copy::new();
        copy.edit("profile/population.csv", "2024,women,0,15", cell);
        let faults = copy.faults();
        assert_eq!(
            faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
            ["E303"],
            "{cell}"
        );
        assert_eq!(faults[0].place.as_ref().unwrap().column, column, "{cell}");
    }
}

#[test]
fn an_empty_table_is_a_fault() {
    let copy = Copy::new();
    copy.write("profile/recorded.csv", b"");
    let faults = copy.faults();
    assert_eq!(faults[0].code, "E005");
    assert!(
        faults[0]
            .expected
            .as_ref()
            .unwrap()
            .contains("measure,area_code,period,value")
    );
}

#[test]
fn what_is_not_utf_8_is_refused_with_its_line() {
    let copy = Copy::new();
    let mut bytes = copy.text("profile/areas.csv").into_bytes();
    bytes.extend(b"T03,Perth \xe9,\n");
    copy.write("profile/areas.csv", &bytes);
    let faults = copy.faults();
    assert_eq!(faults[0].code, "E003");
    assert_eq!(faults[0].place.as_ref().unwrap().line, 4);
    assert!(faults[0].found.as_ref().unwrap().contains("0xe9"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let plain = Copy::new().compile().unwrap();
    let copy = Copy::new();
    for file in copy.files() {
        let text = copy.text(file).replace('\n', "\r\n");
        copy.write(file, format!("\u{feff}{text}").as_bytes());
    }
    let windows = copy
        .compile()
        .unwrap_or_else(|faults| panic!("{}", needscast::diagnostic::render(&faults)));
    assert_eq!(plain.cells.len(), windows.cells.len());
    assert_eq!(plain.population, windows.population);
    copy.edit(
        "parameters/tiny.csv",
        "sentence,,,,,,240",
        "sentence,,,,,,long",
    );
    let place = copy.faults()[0].place.clone().unwrap();
    assert_eq!((place.line, place.column, place.length), (16, 15, 4));
}

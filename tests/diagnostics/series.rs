//! Faults of tables of figures that are to be back-tested.

use needscast::diagnostic::render;

use crate::backtest::compiled;

/// A table, the code of its only kind of fault, where that is, and what is said.
struct Wrong {
    rows: &'static str,
    code: &'static str,
    /// Line and column, counted from 1; 0 for the file as a whole.
    at: (usize, usize),
    says: &'static [&'static str],
}

const HEADER: &str = "area_code,period,value";

const CASES: &[Wrong] = &[
    Wrong {
        rows: "area_code,period,value\nA,FY19,1\nA,2018,2\nA,2019,2\nA,2020,2\n",
        code: "E601",
        at: (2, 3),
        says: &["found: `FY19`", "a financial year 2019-20"],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018-19,1\nA,2019-20,2\nA,2020-21,3\nA,2021,3\n",
        code: "E602",
        at: (5, 3),
        says: &[
            "financial years, such as `2018-19` in line 2",
            "`2021`, one of calendar years",
        ],
    },
    Wrong {
        rows: "area_code,period,value,legal_state\nA,2018,1,x\nA,2019,2,x\nA,2020,3,x\nA,2019,3,y\n",
        code: "E603",
        at: (5, 1),
        says: &[
            "a second figure of 2019 for A",
            "lines 3 and 5",
            "`--by legal_state`",
        ],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018,1\nA,2019,-2\nA,2020,3\n",
        code: "E604",
        at: (3, 8),
        says: &["`value` is negative", "found: -2"],
    },
    Wrong {
        rows: "area_code,period,value,exposure\nA,2018,1,10\nA,2019,2,0\nA,2020,3,10\n",
        code: "E604",
        at: (3, 10),
        says: &["`exposure` must be above 0"],
    },
    Wrong {
        rows: "area_code,period,value,exposure\nA,2018,1,10\nA,2019,12,10\nA,2020,3,10\n",
        code: "E605",
        at: (3, 11),
        says: &["at least the value, 12", "found: 10"],
    },
    Wrong {
        rows: "area_code,period,value,unit\nA,2018,1,people\nA,2019,2,share\nA,2020,3,people\n",
        code: "E606",
        at: (3, 10),
        says: &["`people`, as in line 2", "found: `share`"],
    },
    Wrong {
        rows: "area_code,period,value,vintage\nA,2018,1,first\nA,2019,2,2020-01-01\nA,2020,3,2021-01-01\n",
        code: "E607",
        at: (2, 10),
        says: &["found: `first`"],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018,1\nA,2019,2\n",
        code: "E608",
        at: (0, 0),
        says: &["at least 3 recorded periods", "found: 2 rows"],
    },
    Wrong {
        rows: "area_code,period,value\n",
        code: "E608",
        at: (0, 0),
        says: &["a header and no rows"],
    },
    Wrong {
        rows: "",
        code: "E005",
        at: (0, 0),
        says: &["area_code,period,value"],
    },
    Wrong {
        rows: "area_code;period;value\nA;2018;1\n",
        code: "E006",
        at: (1, 1),
        says: &["semicolons"],
    },
    Wrong {
        rows: "area,period,value\nA,2018,1\n",
        code: "E104",
        at: (1, 1),
        says: &["the column `area_code` is missing"],
    },
    Wrong {
        rows: "area_code,perod,value\nA,2018,1\n",
        code: "E104",
        at: (1, 1),
        says: &["rename `perod` to `period`"],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018,1\nA,2019\nA,2020,3\nA,2021,3\n",
        code: "E106",
        at: (3, 1),
        says: &["expected: 3 cells"],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018,1\nA,2019,many\nA,2020,3\nA,2021,3\n",
        code: "E301",
        at: (3, 8),
        says: &["found: `many`"],
    },
    Wrong {
        rows: "area_code,period,value\nA,2018,1\n,2019,2\nA,2020,3\nA,2021,3\n",
        code: "E108",
        at: (3, 1),
        says: &["`area_code` is empty"],
    },
];

fn check(wrong: &Wrong, by: &[&str], breaks: Option<&str>, file: &str) {
    let faults = compiled(wrong.rows, by, breaks).err().unwrap_or_default();
    let shown = format!("{:?}\n{}", wrong.rows, render(&faults));
    assert!(
        !faults.is_empty() && faults.iter().all(|fault| fault.code == wrong.code),
        "not only {}: {shown}",
        wrong.code
    );
    let place = faults[0].place.clone().unwrap();
    assert!(place.file.ends_with(file), "{shown}");
    assert_eq!((place.line, place.column), wrong.at, "{shown}");
    assert!(faults[0].expected.is_some(), "{shown}");
    for said in wrong.says {
        assert!(shown.contains(said), "{said:?} is not said: {shown}");
    }
}

#[test]
fn every_wrong_table_is_refused_where_it_is_wrong() {
    for wrong in CASES {
        check(wrong, &[], None, "arrivals.csv");
    }
}

const SOUND: &str = "area_code,period,value,sex\nA,2018,1,men\nA,2019,2,men\nA,2020,3,men\n";

#[test]
fn a_column_that_is_asked_for_must_be_there() {
    let wrong = Wrong {
        rows: SOUND,
        code: "E104",
        at: (1, 1),
        says: &["the column `sx` is missing", "did you mean `sex`?"],
    };
    check(&wrong, &["sx"], None, "arrivals.csv");
}

#[test]
fn every_wrong_break_is_refused_where_it_is_wrong() {
    let header = "series,area_code,from,to,kind,reason,source";
    for (row, code, at, says) in [
        (
            ",,2019-20,2018-19,disrupted,Flood,P",
            "E609",
            (2, 1),
            "an end after 2019-20",
        ),
        (",,spring,,level,Flood,P", "E601", (2, 1), "found: `spring`"),
        (
            ",,2019,,disturbed,Flood,P",
            "E111",
            (2, 9),
            "`disrupted`, `level` or `ending`",
        ),
        (",,2019,,level,,P", "E108", (2, 15), "`reason` is empty"),
    ] {
        let breaks = format!("{header}\n{row}\n");
        let faults = compiled(SOUND, &[], Some(&breaks))
            .err()
            .unwrap_or_default();
        let shown = format!("{row}\n{}", render(&faults));
        assert!(
            !faults.is_empty() && faults.iter().all(|fault| fault.code == code),
            "{shown}"
        );
        let place = faults[0].place.clone().unwrap();
        assert!(place.file.ends_with("breaks.csv"), "{shown}");
        assert_eq!((place.line, place.column), at, "{shown}");
        assert!(shown.contains(says), "{shown}");
    }
}

#[test]
fn all_faults_are_found_in_one_pass() {
    let rows =
        format!("{HEADER},unit\nA,soon,1,x\nA,2019,-2,x\nA,2020,3,y\nA,2021,many,x\nA,2020,4,x\n");
    let faults = compiled(&rows, &[], None).err().unwrap_or_default();
    let mut codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    codes.sort_unstable();
    assert_eq!(
        codes,
        ["E301", "E601", "E603", "E604", "E606"],
        "{}",
        render(&faults)
    );
}

#[test]
fn a_series_that_is_asked_for_must_be_there() {
    // E610 is told by the command, which reads the names: see `tests/backtest/command.rs`.
    let mut file = needscast::document::SeriesFile::default();
    file.asked.push("arrivals".to_owned());
    let faults = needscast::compile::compile_series(&file).err().unwrap();
    assert!(
        faults.iter().any(|fault| fault.code == "E610"),
        "{}",
        render(&faults)
    );
}

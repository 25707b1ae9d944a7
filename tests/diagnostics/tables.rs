//! Faults of tables made elsewhere: draws of options, scores and weights.

use std::fs;

use needscast::appraise::{Discounting, GREEN_BOOK_2026, GREEN_BOOK_2026_HEALTH, compare, value};
use needscast::compile;
use needscast::diagnostic::{Diagnostic, render};
use needscast::document;
use proptest::prelude::*;

const DRAWS: &str = "\
option,draw,year,cost,outcome,effect
today,1,0,100,30,0.5
today,1,1,90,31,0.5
today,2,0,110,29,0.6
today,2,1,95,30,0.6
regional,1,0,120,34,0.5
regional,1,1,80,35,0.5
regional,2,0,119,33,0.6
regional,2,1,85,36,0.6
";

const SCORES: &str = "\
option,cost,access,wait
today,100,40,30
regional,120,60,20
";

const WEIGHTS: &str = "\
criterion,weight,direction,low,high,points
access,0.6,,,,
wait,0.4,lower,0,60,
";

/// What stands in a table, what is written instead, the code, the line and column, and what must be said.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    (usize, usize),
    &'static str,
);

fn draws_faults(table: &str, comparator: Option<&str>) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("draws.csv");
    fs::write(&path, table).unwrap();
    let parameters = ["effect".to_owned()];
    let read = document::drawn(&path, "outcome", &parameters, true);
    let sound = read.and_then(|table| compile::alternatives(&table, comparator));
    // What is sound can be appraised, whatever its numbers.
    let rates = Discounting {
        costs: GREEN_BOOK_2026.clone(),
        outcomes: GREEN_BOOK_2026_HEALTH.clone(),
    };
    sound
        .map(|alternatives| compare(&alternatives, &rates, &[250.0]))
        .err()
        .unwrap_or_default()
}

fn scores_faults(scores: &str, weights: &str) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("scores.csv"), scores).unwrap();
    fs::write(path("weights.csv"), weights).unwrap();
    let read = document::scored(&path("scores.csv"), &path("weights.csv"));
    let sound = read.and_then(|tables| compile::scores(&tables, false));
    sound.map(|scores| value(&scores)).err().unwrap_or_default()
}

fn check(cases: &[Case], good: &str, faults: impl Fn(&str) -> Vec<Diagnostic>) {
    for (from, to, code, place, said) in cases {
        assert!(good.contains(from), "no {from:?}");
        let found = faults(&good.replacen(from, to, 1));
        let shown = render(&found);
        let codes: Vec<&str> = found.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [*code], "{from} -> {to}\n{shown}");
        let at = found[0].place.as_ref().unwrap();
        assert_eq!((at.line, at.column), *place, "{shown}");
        assert!(
            shown.contains(said) && found[0].expected.is_some(),
            "{said}: {shown}"
        );
    }
}

#[test]
fn the_good_tables_are_good() {
    assert!(draws_faults(DRAWS, Some("regional")).is_empty());
    assert!(scores_faults(SCORES, WEIGHTS).is_empty());
}

#[test]
fn draws() {
    let cases: &[Case] = &[
        (
            "cost,outcome",
            "costs,outcome",
            "E104",
            (1, 1),
            "rename `costs` to `cost`",
        ),
        (
            "year,cost",
            "years,cost",
            "E104",
            (1, 1),
            "rename `years` to `year`",
        ),
        ("120,34", "120,34,9", "E106", (6, 1), "6 cells"),
        ("regional,1,0", ",1,0", "E108", (6, 1), "`option` is empty"),
        (
            "regional,1,0",
            "regional,,0",
            "E108",
            (6, 10),
            "`draw` is empty",
        ),
        (
            "120,34",
            "many,34",
            "E301",
            (6, 14),
            "`cost` is not a number",
        ),
        ("120,34", "NaN,34", "E302", (6, 14), "not a finite number"),
        ("120,34", "inf,34", "E302", (6, 14), "not a finite number"),
        ("120,34", "120,", "E301", (6, 18), "`outcome` is empty"),
        (
            "120,34,0.5",
            "120,34,",
            "E301",
            (6, 21),
            "`effect` is empty",
        ),
        ("today,1,1", "today,1,1.5", "E303", (3, 9), "a whole number"),
        ("today,1,1", "today,1,-1", "E303", (3, 9), "a whole number"),
        (
            "today,1,1",
            "today,1,2025",
            "E303",
            (3, 9),
            "from 0 to 1000",
        ),
        (
            "80,35,0.5",
            "80,35,0.7",
            "E701",
            (7, 1),
            "`effect` has two values in draw `1`",
        ),
        (
            "regional,2,0,119,33,0.6\nregional,2,1,85,36,0.6\n",
            "",
            "E702",
            (6, 1),
            "no draw 2",
        ),
        (
            "regional,2,1,85,36,0.6\n",
            "",
            "E703",
            (8, 12),
            "draw `2` of `regional` lacks years",
        ),
    ];
    check(cases, DRAWS, |table| draws_faults(table, None));
    let rows: String = DRAWS
        .lines()
        .map(|line| line.replace(',', ";") + "\n")
        .collect();
    let found = draws_faults(&rows, None);
    assert_eq!(found[0].code, "E006", "{}", render(&found));
    assert_eq!(
        draws_faults("option,draw,year,cost,outcome,effect\n", None)[0].code,
        "E005"
    );
    let twice = draws_faults(
        "option,draw,year,cost,outcome,effect,cost\na,1,0,1,1,1,1\n",
        None,
    );
    assert_eq!((twice.len(), twice[0].code), (1, "E105"));
    assert_eq!(draws_faults("", None)[0].code, "E005");
    assert_eq!(
        document::drawn("no.csv".as_ref(), "outcome", &[], false).unwrap_err()[0].code,
        "E001"
    );
}

#[test]
fn a_second_row_of_a_draw_is_named_with_the_first() {
    // Years too: the row that is called year 0 again leaves year 1 out.
    let table = DRAWS.replacen("regional,2,1,85", "regional,2,0,85", 1);
    let found = draws_faults(&table, None);
    let codes: Vec<&str> = found.iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E701", "E703"], "{}", render(&found));
    assert!(render(&found).contains("the same as in line 8"));
}

#[test]
fn years_with_a_gap() {
    let table = "option,draw,year,cost,outcome,effect\n\
        today,1,0,1,1,1\ntoday,1,2,1,1,1\n\
        regional,1,5,1,1,1\nregional,1,7,1,1,1\nregional,1,9,1,1,1\n";
    let found = draws_faults(table, None);
    assert!(
        found.iter().all(|fault| fault.code == "E703"),
        "{}",
        render(&found)
    );
    assert_eq!(found.len(), 2);
    let shown = render(&found);
    assert!(
        shown.contains("no year 1") && shown.contains("no year 6, 8"),
        "{shown}"
    );
    assert!(shown.contains("write 0"));
    assert_eq!(found[0].place.as_ref().unwrap().line, 3);
}

#[test]
fn an_option_without_costs_is_one_fault() {
    let table: String = DRAWS
        .lines()
        .map(|line| {
            let mut cells: Vec<&str> = line.split(',').collect();
            if cells[0] == "regional" {
                cells[3] = "";
            }
            cells.join(",") + "\n"
        })
        .collect();
    let found = draws_faults(&table, None);
    assert_eq!(found.len(), 1, "{}", render(&found));
    assert_eq!(
        (found[0].code, found[0].place.as_ref().unwrap().line),
        ("E704", 6)
    );
}

#[test]
fn an_unknown_comparator_is_told_the_nearest() {
    let found = draws_faults(DRAWS, Some("regionel"));
    assert_eq!(found[0].code, "E210");
    assert!(render(&found).contains("did you mean `regional`?"));
}

#[test]
fn every_fault_is_named_in_one_pass() {
    let table = DRAWS
        .replacen("100,30", "x,30", 1)
        .replacen("90,31", "90,NaN", 1)
        .replacen("regional,2,1,85,36,0.6\n", "", 1);
    let mut codes: Vec<&str> = draws_faults(&table, Some("nobody"))
        .iter()
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E210", "E301", "E302", "E703"]);
    let scores = SCORES.replacen("60,20", "NaN,90", 1);
    let weights = WEIGHTS
        .replacen("0.6", "0.7", 1)
        .replacen("lower", "lowr", 1);
    let mut codes: Vec<&str> = scores_faults(&scores, &weights)
        .iter()
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E111", "E302", "E705"]);
}

#[test]
fn weights() {
    let cases: &[Case] = &[
        (
            "criterion,weight",
            "criterion,wieght",
            "E104",
            (1, 1),
            "rename `wieght` to `weight`",
        ),
        (
            "high,points",
            "high,dots",
            "E107",
            (1, 37),
            "unknown column `dots`",
        ),
        ("access,0.6", "access,", "E301", (2, 8), "`weight` is empty"),
        ("access,0.6", "access,0.5", "E705", (2, 8), "a sum of 0.9"),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\nwait,0,lower,0,60,\n",
            "E701",
            (4, 1),
            "stands twice",
        ),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\ncost,0,,,,\n",
            "E707",
            (4, 1),
            "cost is given a weight",
        ),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\nnoise,0,,,,\n",
            "E706",
            (4, 1),
            "no option has a score on `noise`",
        ),
        (
            "lower,0,60",
            "less,0,60",
            "E111",
            (3, 10),
            "`higher` or `lower`",
        ),
        (
            "lower,0,60",
            "lower,60,0",
            "E708",
            (3, 19),
            "`low` below `high`",
        ),
        (
            "lower,0,60",
            "lower,0,",
            "E708",
            (3, 16),
            "both `low` and `high`",
        ),
        (
            "lower,0,60",
            "lower,,",
            "E708",
            (3, 16),
            "both `low` and `high`",
        ),
        (
            "lower,0,60",
            "lower,0,25",
            "E708",
            (2, 14),
            "a score from 0 to 25",
        ),
        (
            "lower,0,60,",
            "lower,0,60,0:0 9:9",
            "E708",
            (3, 21),
            "either `points`",
        ),
        (
            "lower,0,60,",
            ",,,0:0 9",
            "E708",
            (3, 13),
            "rising by score",
        ),
    ];
    for case in cases {
        let of_scores = case.4.contains("0 to 25");
        let found = scores_faults(SCORES, &WEIGHTS.replacen(case.0, case.1, 1));
        let shown = render(&found);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.code == case.2),
            "{shown}"
        );
        let at = found[0].place.as_ref().unwrap();
        let file = if of_scores {
            "scores.csv"
        } else {
            "weights.csv"
        };
        assert!(at.file.ends_with(file), "{shown}");
        assert_eq!((at.line, at.column), case.3, "{shown}");
        assert!(shown.contains(case.4), "{}: {shown}", case.4);
    }
    let negative = WEIGHTS.replacen("0.6", "-0.6", 1).replacen("0.4", "1.6", 1);
    let found = scores_faults(SCORES, &negative);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E303"),
        "{}",
        render(&found)
    );
    // A weight of cost is one fault, whatever the others sum to.
    let found = scores_faults(
        SCORES,
        &WEIGHTS.replacen("access,0.6", "access,0.2,,,,\nCost,0.4", 1),
    );
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E707"),
        "{}",
        render(&found)
    );
    assert_eq!(scores_faults(SCORES, "criterion,weight\n")[0].code, "E005");
}

#[test]
fn scores() {
    let cases: &[Case] = &[
        (
            "option,cost",
            "name,cost",
            "E104",
            (1, 1),
            "the column `option` is missing",
        ),
        (
            "regional,120,60,20",
            "regional,120,60",
            "E106",
            (3, 1),
            "4 cells",
        ),
        (
            "regional,120,60",
            ",120,60",
            "E108",
            (3, 1),
            "`option` is empty",
        ),
        (
            "regional,120,60",
            "regional,120,",
            "E301",
            (3, 14),
            "`access` is empty",
        ),
        (
            "regional,120,60",
            "regional,120,many",
            "E301",
            (3, 14),
            "not a number",
        ),
        (
            "regional,120,60,20",
            "regional,120,60,70",
            "E708",
            (3, 17),
            "a score from 0 to 60",
        ),
        ("regional,120", "today,120", "E701", (3, 7), "scored twice"),
    ];
    for (index, case) in cases.iter().enumerate() {
        let found = scores_faults(&SCORES.replacen(case.0, case.1, 1), WEIGHTS);
        let shown = render(&found);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.code == case.2),
            "{index} {shown}"
        );
        let at = found[0].place.as_ref().unwrap();
        assert_eq!((at.line, at.column), case.3, "{shown}");
        assert!(shown.contains(case.4), "{}: {shown}", case.4);
    }
    // A misspelt criterion is one without a weight, and the weight one without scores.
    let found = scores_faults(&SCORES.replacen("access", "acces", 1), WEIGHTS);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E706"),
        "{}",
        render(&found)
    );
    assert!(render(&found).contains("did you mean `access`?"));
    let long = "option,criterion,value\ntoday,access,1\ntoday,wait,2\nregional,access,3\n";
    let found = scores_faults(long, WEIGHTS);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E706"),
        "{}",
        render(&found)
    );
    assert_eq!(found[0].place.as_ref().unwrap().line, 4);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a cell, there is a verdict and never a panic; what is sound can be appraised.
    #[test]
    fn a_spoilt_cell_never_panics(
        line in 0..12_usize, cell in 0..6_usize,
        with in prop_oneof![
            "[ -~\n\r\t]{0,12}",
            proptest::sample::select(vec!["", "\"", ",", "NaN", "-1", "1e999", "1e308", "0", "é", "today", "cost"])
                .prop_map(str::to_owned),
        ],
    ) {
        let spoil = |table: &str| -> String {
            let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
            let line = line % lines.len();
            let mut cells: Vec<&str> = lines[line].split(',').collect();
            let cell = cell % cells.len();
            cells[cell] = &with;
            lines[line] = cells.join(",");
            lines.join("\n") + "\n"
        };
        for faults in [
            draws_faults(&spoil(DRAWS), None),
            scores_faults(&spoil(SCORES), WEIGHTS),
            scores_faults(SCORES, &spoil(WEIGHTS)),
        ] {
            prop_assert!(faults.is_empty() || !render(&faults).is_empty());
        }
    }
}

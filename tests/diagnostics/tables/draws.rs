//! Faults of draws of options: rows, draws and years that are missing or stand twice, and options without costs.

use needscast::diagnostic::render;
use needscast::document;

use super::super::cases::{Case, check};
use super::{DRAWS, draws_faults};

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

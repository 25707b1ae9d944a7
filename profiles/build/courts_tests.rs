//! Lines of the court tables become the measures the model asks for.

use super::*;

/// The rows made from one category of one table, in 2022-23.
fn rows(table: &str, category: &str, value: &str) -> Vec<Tidy> {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("table,category,year,value\n{table},{category},2022-23,{value}\n");
    std::fs::write(folder.path().join(PROCEEDINGS), text).unwrap();
    let empty = "edition,table,section,category,year,value\n";
    std::fs::write(folder.path().join(EARLIER), empty).unwrap();
    national(folder.path()).unwrap()
}

#[test]
fn penalties_have_the_ids_of_the_model() {
    for (label, id) in [
        ("Total", "people_convicted"),
        ("All custody", "custody_disposals"),
        ("Community payback order", "cpo_disposals"),
        ("All other sentences", "other_disposals"),
    ] {
        let made = rows("Table_7a", label, "8923.0");
        assert_eq!((made[0].measure.as_str(), made.len()), (id, 1));
    }
}

#[test]
fn whole_thousands_are_rounded_numbers() {
    let label = "No action (COPFS cases)";
    let rounded = &rows("Table_1", label, "28.0")[0];
    assert_eq!(rounded.precision, crate::tidy::Precision::Rounded);
    let exact = &rows("Table_1", label, "13.042")[0];
    assert_eq!(exact.value, Some(13_042.0));
    assert_eq!(exact.precision, crate::tidy::Precision::Exact);
}

#[test]
fn sex_and_age_are_kept_apart() {
    let made = rows("Table_11", "Custody | Males | Age under 21", "315.0");
    assert_eq!(made[0].breakdown, "sex=men;age=under-21");
    let made = rows("Table_5a", "All people | 21-30", "19459.0");
    assert_eq!(made[0].breakdown, "age=21-30");
    assert!(rows("Table_5a", "All People | Total", "68067.0").is_empty());
}

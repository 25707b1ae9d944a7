//! Every page of the program, through the same checks.

use super::{check, ran, report};
use crate::{backtest, calibration, compare, optimise, report as made_up, shards, share};

#[test]
fn the_report_works_on_every_screen() {
    check("report", &report());
}

#[test]
fn the_report_of_a_made_up_question_works() {
    for (name, page) in made_up::pages() {
        check(&format!("report of {name}"), &page);
    }
}

#[test]
fn the_page_of_a_back_test_works() {
    for (name, page) in backtest::pages() {
        check(name, &page);
    }
}

#[test]
fn the_page_of_places_for_a_budget_works() {
    check("optimise", &optimise::page());
}

#[test]
fn the_page_of_a_shared_service_works() {
    check("share", &share::page());
}

#[test]
fn the_page_of_a_calibration_works() {
    check("calibrate", &calibration::page());
}

#[test]
fn the_page_of_two_runs_works() {
    check("compare", &compare::page());
}

#[test]
fn the_page_of_a_sweep_works() {
    check("sweep", &shards::page_of_a_sweep());
}

/// 32 councils, whose page takes no longer to load than a reader waits.
#[test]
fn the_report_of_the_whole_country_stays_below_five_million_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let page = ran(folder.path(), "scotland", "3", "3");
    let size = std::fs::metadata(page).unwrap().len();
    assert!(size < 5_000_000, "{size} bytes");
}

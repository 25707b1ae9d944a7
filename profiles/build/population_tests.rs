//! The population is built from a tiny folder of two councils.

use super::*;
use std::fmt::Write as _;

/// How many people a synthetic table holds in a cell.
type Cell = fn(area: usize, year: u16, age: usize) -> f64;

/// Writes one table of two councils and, as their sum, Scotland.
fn table(folder: &Path, file: &str, years: std::ops::RangeInclusive<u16>, cell: Cell) {
    let mut text = String::from("area_code,year,sex,age,population\n");
    for year in years {
        for sex in ["Female", "Male"] {
            for age in 0..AGES {
                let name = if age == OPEN {
                    "90+".to_owned()
                } else {
                    age.to_string()
                };
                let (a, b) = (cell(0, year, age), cell(1, year, age));
                for (area, people) in [("A", a), ("B", b), (SCOTLAND, a + b)] {
                    writeln!(text, "{area},{year},{sex},{name},{people}").unwrap();
                }
            }
        }
    }
    std::fs::write(folder.join(file), text).unwrap();
}

/// A folder in which council A was under-projected at age 20 only.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    table(folder.path(), ESTIMATES, FIRST..=BASE, |area, year, age| {
        let surplus = area == 0 && year == BASE && age == 20;
        1000.0 + if surplus { 500.0 } else { 0.0 }
    });
    table(
        folder.path(),
        COUNCIL_PROJECTION,
        LAUNCH..=LAST,
        |_, _, _| 1000.0,
    );
    table(
        folder.path(),
        NATIONAL_PROJECTION,
        BASE + 1..=LAST,
        |_, year, age| {
            let aged = usize::from(year - BASE) + 20 == age;
            if aged { 1250.0 } else { 1100.0 }
        },
    );
    folder
}

/// Builds and reads back: people by area, year, sex and first age.
fn built() -> BTreeMap<(String, String, String, String), (f64, String)> {
    let (folder, out) = (folder(), tempfile::tempdir().unwrap());
    build(folder.path(), &Areas::of_codes(&["A", "B"]), out.path()).unwrap();
    let columns = [
        "area_code",
        "year",
        "sex",
        "age_from",
        "population",
        "status",
    ];
    read_table(out.path(), "population.csv", &columns)
        .unwrap()
        .iter()
        .map(|row| {
            let text = |c: &str| row.text(c).unwrap().to_owned();
            let key = (
                text("area_code"),
                text("year"),
                text("sex"),
                text("age_from"),
            );
            (key, (row.number("population").unwrap(), text("status")))
        })
        .collect()
}

/// One cell of what was built.
fn at(
    people: &BTreeMap<(String, String, String, String), (f64, String)>,
    [area, year, sex, from]: [&str; 4],
) -> f64 {
    people[&(area.into(), year.into(), sex.into(), from.into())].0
}

#[test]
fn the_base_year_is_the_estimate() {
    let people = built();
    assert_eq!(at(&people, ["A", "2023", "men", "16"]), 5500.0);
    assert_eq!(at(&people, ["B", "2023", "men", "16"]), 5000.0);
}

#[test]
fn half_of_a_surplus_ages_and_half_stays() {
    let people = built();
    let share = |year, from| {
        at(&people, ["A", year, "women", from]) / at(&people, [SCOTLAND, year, "women", from])
    };
    // A cell has the root of 1.5 at the age of the surplus and at its cohort's.
    let of_two = 1.5_f64.sqrt() / (1.5_f64.sqrt() + 1.0);
    let at_20 = (4.0 * 1100.0 + of_two * 2200.0) / 11_000.0;
    let in_cohort = (9.0 * 1100.0 + of_two * 2500.0) / 22_300.0;
    for (year, from, wanted) in [
        ("2024", "16", at_20),
        ("2034", "16", at_20),
        ("2034", "21", 0.5),
        ("2034", "31", in_cohort),
    ] {
        let got = share(year, from);
        assert!((got - wanted).abs() < 1e-4, "{year} {from}: {got}");
    }
}

#[test]
fn a_swing_counts_unless_the_published_projection_has_it() {
    let flat = || -> People {
        (BASE..=LAST)
            .flat_map(|year| ["women", "men"].map(|sex| ("A".to_owned(), sex, year)))
            .map(|key| (key, [1000.0; AGES]))
            .collect()
    };
    let raise = |people: &mut People, year, to| {
        let ages = people.get_mut(&("A".to_owned(), "women", year)).unwrap();
        ages[26..=30].fill(to);
    };
    let (mut carried, mut projection) = (flat(), flat());
    let areas = Areas::of_codes(&["A"]);
    let said = |carried: &People, projection: &People| swings(carried, projection, &areas).unwrap();
    // The step from 2023 to 2024 is not counted, nor is one of 5%.
    raise(&mut carried, BASE, 900.0);
    raise(&mut carried, 2035, 1050.0);
    assert!(said(&carried, &projection).contains(": 0, and 0 where"));
    raise(&mut carried, LAST, 1100.0);
    let text = said(&carried, &projection);
    assert!(text.contains(": 1, and 0 where"), "{text}");
    assert!(text.contains("+10.0% A women 26-30 in 2043 (published +0.0%)"));
    // A published fall does not excuse a rise; a published rise does.
    raise(&mut projection, LAST, 900.0);
    assert!(said(&carried, &projection).contains(": 1, and 0 where"));
    raise(&mut projection, LAST, 1100.0);
    assert!(said(&carried, &projection).contains(": 0, and 1 where"));
}

#[test]
fn every_area_year_sex_and_band_is_written_and_scotland_is_the_sum() {
    let people = built();
    assert_eq!(people.len(), 3 * 35 * 2 * 9);
    for ((area, year, sex, from), (whole, status)) in &people {
        let wanted = if year.as_str() <= "2023" {
            "estimate"
        } else {
            "projection"
        };
        assert_eq!(status, wanted);
        if area == SCOTLAND {
            let parts = ["A", "B"].map(|a| at(&people, [a, year, sex, from]));
            assert!((parts.iter().sum::<f64>() - whole).abs() < 1e-6);
        }
    }
    // 2034: the national 2022-based table has 2,200 at ten ages, one of them 2,500.
    assert_eq!(at(&people, [SCOTLAND, "2034", "men", "31"]), 22_300.0);
}

#[test]
fn councils_that_do_not_add_up_are_refused() {
    let folder = folder();
    let path = folder.path().join(ESTIMATES);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        &path,
        text.replacen("A,2010,Female,7,1000", "A,2010,Female,7,900", 1),
    )
    .unwrap();
    let error = build(folder.path(), &Areas::of_codes(&["A", "B"]), folder.path()).unwrap_err();
    assert!(error.contains("women aged 7 in 2010"), "{error}");
}

#[test]
fn a_missing_age_is_named() {
    let folder = folder();
    let path = folder.path().join(NATIONAL_PROJECTION);
    let text = std::fs::read_to_string(&path).unwrap();
    let cut = text.replacen("S92000003,2030,Male,90+,2200\n", "", 1);
    assert_ne!(cut, text);
    std::fs::write(&path, cut).unwrap();
    let error = build(folder.path(), &Areas::of_codes(&["A", "B"]), folder.path()).unwrap_err();
    assert!(error.contains("has 90 ages"), "{error}");
}

#[test]
fn a_correction_beyond_the_limits_is_refused() {
    let folder = folder();
    table(
        folder.path(),
        COUNCIL_PROJECTION,
        LAUNCH..=LAST,
        |_, _, _| 300.0,
    );
    let error = build(folder.path(), &Areas::of_codes(&["A", "B"]), folder.path()).unwrap_err();
    assert!(error.contains("correction of"), "{error}");
}

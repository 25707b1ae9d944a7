//! Expected flows beside the people engine, through files and the public path.

use std::fs;
use std::path::{Path, PathBuf};

use needscast::compile::{Plan, check_expected, compile};
use needscast::diagnostic::{Diagnostic, render};
use needscast::draw::draw;
use needscast::simulate::{Births, expect, simulate};
use needscast::{document, random};

/// The question of a shipped scenario without services, written to a folder of its own.
fn without_services(folder: &Path, scenario: &str, edits: &[(&str, &str)]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = fs::read_to_string(root.join(scenario)).unwrap();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model"))
        .unwrap();
    let model = model
        .trim_matches(|c: char| c == '=' || c == '"' || c.is_whitespace())
        .to_owned();
    let absolute = format!("\"{}\"", root.join("models").join(&model).display());
    text = text.replacen(
        &format!("\"{model}\""),
        &format!("{absolute}\nservices = \"none\""),
        1,
    );
    for (from, to) in edits {
        assert!(text.contains(from), "{scenario} does not hold {from:?}");
        text = text.replacen(from, to, 1);
    }
    let path = folder.join("scenario.toml");
    fs::write(&path, text).unwrap();
    path
}

fn sound(path: &Path) -> Result<Plan, Vec<Diagnostic>> {
    let documents = document::read(path)?;
    let plan = compile(&documents)?;
    check_expected(&documents, &plan)?;
    Ok(plan)
}

const TINY: &str = "models/textbook/tiny/scenario.toml";

/// The tiny model without its service: the change to the service goes with it.
fn tiny(folder: &Path) -> PathBuf {
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/profile");
    let profile = format!("profile    = \"{}\"", profile.display());
    let edits = [
        ("profile    = \"./profile\"", profile.as_str()),
        (
            "service     = \"homes\"\n",
            "parameter = \"death_rate\"\nmultiply = 2\nsource = \"a paper\"\n",
        ),
        (
            "arrangement = { pool = [\"Northshire\", \"Southshire\"], host = \"Northshire\" }\n",
            "",
        ),
        ("places      = { set = 36, source = \"a paper\" }\n", ""),
        (
            "access      = { \"Southshire\" = { multiply = 0.9, source = \"a paper\" } }\n",
            "",
        ),
    ];
    without_services(folder, TINY, &edits)
}

/// Nobody of one area meets anybody of another where there are no services: every number of an area is that of a run of
/// it alone.
#[test]
fn an_area_is_expected_to_be_as_it_is_by_itself() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = tiny(folder.path());
    let text = fs::read_to_string(&path).unwrap();
    let areas = "[\"Northshire\", \"Southshire\"]";
    let lived = |chosen: &str| {
        assert!(text.contains(areas));
        fs::write(&path, text.replacen(areas, chosen, 1)).unwrap();
        let mut plan = sound(&path).unwrap_or_else(|faults| panic!("{}", render(&faults)));
        plan.n_draws = 0;
        expect(&plan, &draw(&plan), Births::ByYear, &|| {})
    };
    let all = lived(areas);
    for (area, chosen) in ["[\"Northshire\"]", "[\"Southshire\"]"].iter().enumerate() {
        let alone = lived(chosen);
        let mut n = 0;
        for (index, series) in all.layout.series.iter().enumerate() {
            for period in 0..series.n_periods {
                let among = all.rows[0].values[all.layout.at(0, area, index, period)];
                let by_itself = alone.rows[0].values[alone.layout.at(0, 0, index, period)];
                let is_same = (among - by_itself).abs() <= 1e-9 * (1.0 + by_itself.abs());
                assert!(
                    is_same || (among.is_nan() && by_itself.is_nan()),
                    "{chosen} {} {period}: {among}, {by_itself} alone",
                    series.measure
                );
                n += usize::from(by_itself > 0.0);
            }
        }
        assert!(n > 100, "{n}");
    }
}

/// How many standard errors the mean of the people engine over `rows` runs is from the expected flows, in the worst of
/// all yearly numbers of the sum of the areas; with how many there were, and the largest relative standard error of
/// those that the worst is among.
fn worst(plan: &Plan, births: Births, rows: u64) -> (f64, usize, f64, String) {
    let mut plan = plan.clone();
    plan.n_draws = 0;
    let expected = expect(&plan, &draw(&plan), births, &|| {});
    let layout = expected.layout;
    let n = layout.n_values();
    let (mut sums, mut squares) = (vec![0.0; n], vec![0.0; n]);
    for row in 0..rows {
        plan.seed = random::Key::new(7).with(row).bits() >> 1;
        let people = simulate(&plan, &draw(&plan), &|| {});
        for (at, value) in people.rows[0].values.iter().enumerate() {
            sums[at] += f64::from(*value);
            squares[at] += f64::from(*value).powi(2);
        }
    }
    let runs = rows as f64;
    let mut worst = (0.0, 0, 0.0, String::new());
    for option in 0..layout.n_options {
        for (index, series) in layout.series.iter().enumerate() {
            // A ratio of expectations is not the expectation of a ratio.
            if series.is_monthly || series.unit == "share" {
                continue;
            }
            for period in 0..series.n_periods {
                let at = layout.at(option, layout.n_areas - 1, index, period);
                let (mean, exact) = (sums[at] / runs, expected.rows[0].values[at]);
                let variance = (squares[at] / runs - mean * mean) * runs / (runs - 1.0);
                let error = (variance / runs).sqrt();
                worst.1 += 1;
                if exact >= 50.0 {
                    worst.2 = f64::max(worst.2, error / exact);
                }
                // What never varies must be met but for the people engine's half precision.
                let z = match error > 0.0 {
                    true => (mean - exact) / error,
                    false => (mean - exact) / (1e-6 * exact.abs().max(1.0)),
                };
                if z.abs() > f64::abs(worst.0) {
                    let name = (
                        &series.measure,
                        &series.breakdown,
                        layout.period_name(index, period),
                    );
                    worst.3 = format!("{name:?}: {mean} of {exact}");
                    worst.0 = z;
                }
            }
        }
    }
    worst
}

#[test]
fn the_tiny_model_on_average_is_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let plan = sound(&tiny(folder.path())).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    let (z, n, error, name) = worst(&plan, Births::ByStep, 2000);
    // Null: every mean over 2,000 runs is normal around the expectation. The worst of n, Bonferroni: alpha 1e-5 over all
    // at 5.9 standard errors (n below 200). Of any number of 50 and more an error of 5.9 + 2.33 standard errors is
    // caught at 99% power, which is printed and must be under 3%.
    println!(
        "tiny: worst of {n}: {z:.2} standard errors ({name}); catches {:.2}%",
        823.0 * error
    );
    assert!(n < 200 && 8.23 * error < 0.03, "{n} {error}");
    assert!(z.abs() < 5.9, "{name}: {z} standard errors");
}

#[test]
fn the_scottish_model_on_average_is_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let path = without_services(folder.path(), "scenarios/one-council.toml", &[]);
    let mut plan = sound(&path).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    // Two years before the forecast and one of it hold every state, the clock, and a date of the law that reaches people
    // who are serving already.
    plan.history_from = plan.start.plus(-24);
    plan.end = plan.start.plus(12);
    let (z, n, error, name) = worst(&plan, Births::ByYear, 720);
    // Null: every mean over 720 runs is normal around the expectation; ages by year of birth are off by less than a
    // standard error (at most 1.4 in 1,000, measured against ages by step). The worst of n, Bonferroni: alpha 1e-5 over all at 5.9 standard errors (n below 200). Of any
    // number of 50 and more an error of 5.9 + 2.33 standard errors is caught at 99% power, which must be under 5%.
    println!(
        "scotland: worst of {n}: {z:.2} standard errors ({name}); catches {:.2}%",
        823.0 * error
    );
    assert!(n < 200 && 8.23 * error < 0.05, "{n} {error}");
    assert!(z.abs() < 5.9, "{name}: {z} standard errors");
}

/// How far one way of telling births apart is from another, in the worst of the yearly numbers of 50 and more: over
/// everything but which needs people have together, over everything but needs together, and over which they have.
fn furthest(plan: &Plan, one: Births, other: Births) -> [f64; 3] {
    let mut plan = plan.clone();
    plan.n_draws = 0;
    let of = |births| expect(&plan, &draw(&plan), births, &|| {});
    let (one, other) = (of(one), of(other));
    let [mut all, mut moves, mut sets] = [0.0; 3];
    for option in 0..one.layout.n_options {
        for (index, series) in one.layout.series.iter().enumerate() {
            for period in 0..series.n_periods {
                let at = one.layout.at(option, one.layout.n_areas - 1, index, period);
                let (one, other) = (one.rows[0].values[at], other.rows[0].values[at]);
                if series.is_monthly || one.is_nan() || one < 50.0 && series.unit != "share" {
                    continue;
                }
                let error = (other / one - 1.0).abs();
                if series.measure == "people_by_needs" {
                    sets = f64::max(sets, error);
                    continue;
                }
                all = f64::max(all, error);
                if series.measure != "people_by_number_of_needs" {
                    moves = f64::max(moves, error);
                }
            }
        }
    }
    [all, moves, sets]
}

#[test]
fn age_bands_are_as_rough_as_the_documents_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = without_services(folder.path(), "scenarios/one-council.toml", &[]);
    let mut plan = sound(&path).unwrap();
    plan.history_from = plan.start.plus(-24);
    plan.end = plan.start.plus(12);
    let [all, moves, sets] = furthest(&plan, Births::ByYear, Births::ByBand);
    println!(
        "scotland by age band: {all:.4} of everything, {moves:.4} of what moves, {sets:.4} of sets of needs"
    );
    // Without chance: the errors are what they are. That years of birth are another thing shows in the last digits.
    assert!(
        all < 0.03 && moves < 0.015 && sets < 0.13,
        "{all} {moves} {sets}"
    );
    assert!(moves > 1e-5, "{moves}");

    let tiny = sound(&tiny(folder.path())).unwrap();
    let [all, moves, sets] = furthest(&tiny, Births::ByStep, Births::ByBand);
    println!(
        "tiny by age band: {all:.4} of everything, {moves:.4} of what moves, {sets:.4} of sets of needs"
    );
    assert!(
        all < 0.03 && moves < 0.015 && sets < 0.13,
        "{all} {moves} {sets}"
    );
}

#[test]
fn age_bands_cost_six_digits_where_nothing_else_is_approximate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("models/textbook/hiv/scenario.toml");
    let plan = sound(&path).unwrap();
    let of = |births| expect(&plan, &draw(&plan), births, &|| {}).rows;
    let (double, single) = (of(Births::ByStep), of(Births::ByBand));
    let each = double.iter().zip(&single).flat_map(|(one, other)| {
        let pairs = one.values.iter().zip(&other.values);
        pairs.filter(|(one, _)| **one > 1e-6)
    });
    let errors: Vec<f64> = each.map(|(one, other)| (other / one - 1.0).abs()).collect();
    let worst = errors.iter().copied().fold(0.0, f64::max);
    println!("hiv in single precision: {worst:.1e} of {}", errors.len());
    // Without chance: twenty years' rounding. Double precision would be off in the sixteenth digit alone.
    assert!(
        errors.len() > 100 && worst < 5e-6 && worst > 1e-10,
        "{worst}"
    );
}

#[test]
fn expectations_add_up_and_threads_change_no_number() {
    let folder = tempfile::tempdir().unwrap();
    let mut plan = sound(&tiny(folder.path())).unwrap();
    plan.n_draws = 2;
    let draws = draw(&plan);
    let pool = |n| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap()
    };
    let lived = |births, threads| pool(threads).install(|| expect(&plan, &draws, births, &|| {}));
    let (one, two) = (lived(Births::ByStep, 1), lived(Births::ByStep, 2));
    let bits = |of: &needscast::simulate::Trajectories<f64>| -> Vec<u64> {
        of.rows
            .iter()
            .flat_map(|row| row.values.iter().map(|v| v.to_bits()))
            .collect()
    };
    assert_eq!(bits(&one), bits(&two));
    let by_band = [1, 2].map(|threads| bits(&lived(Births::ByBand, threads)));
    assert_eq!(by_band[0], by_band[1]);
    let at = |area: usize, measure: &str| {
        let series = one.layout.find(measure, "").unwrap();
        one.rows[1].values[one.layout.at(1, area, series, 5)]
    };
    for measure in [
        "prison_population",
        "convictions",
        "releases",
        "not_convicted",
        "deaths",
    ] {
        let (parts, all) = (at(0, measure) + at(1, measure), at(2, measure));
        assert!(all > 0.0 && (parts / all - 1.0).abs() < 1e-12, "{measure}");
    }
}

#[test]
fn a_scenario_with_services_is_refused_with_the_names_of_all() {
    let faults =
        sound(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scotland.toml")).unwrap_err();
    let text = render(&faults);
    assert!(
        text.contains("E424") && text.contains("services.toml"),
        "{text}"
    );
    for service in [
        "throughcare",
        "housing_support",
        "employability",
        "health_recovery",
    ] {
        assert!(
            text.replace('-', "_").contains(service),
            "{service}: {text}"
        );
    }
}

#[test]
fn a_change_to_services_has_no_place_where_there_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny/profile");
    let own = ("\"./profile\"", format!("\"{}\"", profile.display()));
    let edits = [(own.0, own.1.as_str())];
    let faults = sound(&without_services(folder.path(), TINY, &edits)).unwrap_err();
    let text = render(&faults);
    // The service's change is at fault; those of the journey are not.
    assert_eq!(
        faults.iter().filter(|fault| fault.code == "E511").count(),
        faults.len(),
        "{text}"
    );
    assert!(
        faults.len() == 1 && text.contains("a change to the service `homes`"),
        "{text}"
    );
    assert!(
        faults[0].place.as_ref().is_some_and(|place| place.line > 0),
        "{text}"
    );

    let only_used = (
        "service     = \"homes\"\n",
        "parameter = \"homes_uptake\"\nmultiply = 0.5\nsource = \"a paper\"\n",
    );
    let gone = [
        (
            "arrangement = { pool = [\"Northshire\", \"Southshire\"], host = \"Northshire\" }\n",
            "",
        ),
        ("places      = { set = 36, source = \"a paper\" }\n", ""),
        (
            "access      = { \"Southshire\" = { multiply = 0.9, source = \"a paper\" } }\n",
            "",
        ),
    ];
    let edits = [&[edits[0], only_used][..], &gone].concat();
    let faults = sound(&without_services(folder.path(), TINY, &edits)).unwrap_err();
    let text = render(&faults);
    assert!(
        faults.len() == 1 && text.contains("`homes_uptake`, which only services use"),
        "{text}"
    );

    let other = [("services = \"none\"", "services = \"some\"")];
    let edits = [&edits[..1], &other].concat();
    let text = render(&sound(&without_services(folder.path(), TINY, &edits)).unwrap_err());
    assert!(text.contains("E111"), "{text}");
}

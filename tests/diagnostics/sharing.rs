//! Faults of joint services: pools, places kept for areas, partners, running costs.

use super::{Case, check_all};

/// A case of an edit of the scenario.
macro_rules! edit {
    ($name:expr, $from:expr => $to:expr, $code:expr, $words:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[("scenario.toml", $from, $to)],
            code: $code,
            at: ("scenario.toml", $to, $words),
            says: $says,
        }
    };
}

const HOST: &str = "host = \"Northshire\" }";

const YEAR: &str = "price_year = \"2024-25\"";

const CASES: &[Case] = &[
    edit!("places kept for a stranger", HOST => "host = \"Northshire\", guaranteed = { \"Eastshire\" = { places = 2 } } }", "E201", "\"Eastshire\"", &["Eastshire"]),
    edit!("part of a place kept", HOST => "host = \"Northshire\", guaranteed = { \"Southshire\" = { places = 1.5 } } }", "E505", "1.5", &["a whole number"]),
    edit!("fewer than no places kept", HOST => "host = \"Northshire\", guaranteed = { \"Southshire\" = { places = -1 } } }", "E505", "-1", &["0 or more"]),
    edit!("places kept without a number", HOST => "host = \"Northshire\", guaranteed = { \"Southshire\" = { place = 1 } } }", "E101", "place", &["did you mean `places`?"]),
    edit!("an unknown option", YEAR => "price_year = \"2024-25\"\n[share]\noption = \"sharde\"", "E210", "\"sharde\"", &["did you mean `shared`?"]),
    edit!("an unknown rule", YEAR => "price_year = \"2024-25\"\n[share]\nrule = \"shaply\"", "E111", "\"shaply\"", &["did you mean `shapley`?"]),
    edit!("a partner twice", YEAR => "price_year = \"2024-25\"\n[share]\npartners = [\"Northshire\", \"Southshire\", \"T01\"]", "E509", "\"T01\"", &["stands twice"]),
    edit!("a need met worth less than nothing", YEAR => "price_year = \"2024-25\"\n[share]\nneed_met = { gbp = -5, price_year = \"2024-25\", source = \"a paper\" }", "E303", "-5", &["0 or more pounds"]),
    edit!("running an unknown service", YEAR => "price_year = \"2024-25\"\n[[running_cost]]\ntitle = \"A manager\"\nservice = \"home\"\npayer = \"council\"\ngbp = 5\nprice_year = \"2024-25\"\nsource = \"a paper\"", "E205", "\"home\"", &["did you mean `homes`?"]),
    edit!("running for less than nothing", YEAR => "price_year = \"2024-25\"\n[[running_cost]]\ntitle = \"A manager\"\nservice = \"homes\"\npayer = \"council\"\ngbp = -5\nprice_year = \"2024-25\"\nsource = \"a paper\"", "E303", "-5", &["0 or more pounds"]),
    edit!("a team for part of a place", YEAR => "price_year = \"2024-25\"\n[[running_cost]]\ntitle = \"A team\"\nservice = \"homes\"\npayer = \"council\"\ngbp = 5\nevery_places = 0.5\nprice_year = \"2024-25\"\nsource = \"a paper\"", "E303", "0.5", &["1 or more places"]),
];

#[test]
fn sharing() {
    check_all(CASES);
}

/// These stand at a table, whose place depends on the words around them.
#[test]
fn faults_of_a_whole_table() {
    let pool = "pool = [\"Northshire\", \"Southshire\"]";
    let share = |text: &str| format!("{YEAR}\n[share]\n{text}");
    let cases = [
        ("E552", pool, "pool = []".to_owned(), "a pool without areas"),
        (
            "E551",
            HOST,
            format!(
                "{} guaranteed = {{ \"Southshire\" = {{ places = 37 }} }} }}",
                HOST.replace(" }", ",")
            ),
            "at most 36 places",
        ),
        (
            "E553",
            YEAR,
            share("option = \"business-as-usual\""),
            "what each does alone",
        ),
        (
            "E553",
            YEAR,
            share("partners = [\"Northshire\"]"),
            "`partners` with 1 of them",
        ),
        (
            "E554",
            YEAR,
            share("option = \"business-as-usual\"\nalone = \"shared\""),
            "pools a service",
        ),
        (
            "E507",
            YEAR,
            share("partners = [\"Northshire\", \"Southshire\"]\nhosts = [\"Eastshire\"]"),
            "Eastshire",
        ),
    ];
    for (code, from, to, says) in cases {
        let copy = super::Copy::new();
        copy.edit("scenario.toml", from, &to);
        let faults = copy.faults();
        let found = faults
            .iter()
            .find(|fault| fault.code == code || code == "E507" && fault.code == "E201");
        let fault = found.unwrap_or_else(|| panic!("{code}: {faults:?}"));
        assert!(
            fault.place.as_ref().is_some_and(|place| place.line > 0),
            "{code}"
        );
        let words = needscast::diagnostic::render(&faults);
        assert!(words.contains(says), "{code}: {words}");
    }
}

/// A pool that is at fault is the reason why nobody shares, and is told alone.
#[test]
fn a_pool_at_fault_is_told_once() {
    let pool = "pool = [\"Northshire\", \"Southshire\"]";
    let cases = [
        (HOST, "host = \"Eastshire\" }"),
        (HOST, "}"),
        (pool, "pool = [\"Northshire\", \"Southshir\"]"),
        (pool, "pool = [\"Northshire\", \"Northshire\"]"),
        (pool, "pool = []"),
    ];
    for (from, to) in cases {
        for share in [
            "[share]",
            "[share]\noption = \"shared\"",
            "[share]\npartners = [\"Northshire\", \"Southshire\"]",
        ] {
            let copy = super::Copy::new();
            copy.edit("scenario.toml", from, to);
            copy.edit("scenario.toml", YEAR, &format!("{YEAR}\n{share}"));
            let faults = copy.faults();
            assert!(!faults.is_empty(), "{to} {share}");
            let words = needscast::diagnostic::render(&faults);
            assert!(!words.contains("E553"), "{to} {share}: {words}");
        }
        // An option that pools nothing is a fault of its own.
        let copy = super::Copy::new();
        copy.edit("scenario.toml", from, to);
        copy.edit(
            "scenario.toml",
            YEAR,
            &format!("{YEAR}\n[share]\noption = \"business-as-usual\"\nalone = \"shared\""),
        );
        let words = needscast::diagnostic::render(&copy.faults());
        assert!(words.contains("E553"), "{to}: {words}");
    }
}

/// A member whose name nobody knows may be the host: what is misspelt is told once.
#[test]
fn a_misspelt_host_is_told_once() {
    let copy = super::Copy::new();
    copy.edit(
        "scenario.toml",
        "pool = [\"Northshire\",",
        "pool = [\"Northshir\",",
    );
    let words = needscast::diagnostic::render(&copy.faults());
    assert!(words.contains("did you mean `Northshire`?"), "{words}");
    assert!(!words.contains("E507"), "{words}");
}

/// What an option costs by itself belongs to somebody, or going alone is not by area.
#[test]
fn own_costs_of_going_alone_are_somebodys() {
    let cost = "[[option.cost]]\nfrom = \"2026-04\"\ntitle = \"Own premises\"\npayer = \"council\"\ngbp = 10000\nprice_year = \"2023-24\"\nsource = \"a paper\"\n";
    let at = "title = \"Business as usual\"\n";
    for (area, is_sound) in [("area = \"Southshire\"\n", true), ("", false)] {
        let copy = super::Copy::new();
        copy.edit("scenario.toml", at, &format!("{at}{cost}{area}"));
        copy.edit("scenario.toml", YEAR, &format!("{YEAR}\n[share]"));
        let faults = copy.faults();
        let words = needscast::diagnostic::render(&faults);
        assert_eq!(faults.is_empty(), is_sound, "{words}");
        assert!(
            is_sound || words.contains("E554") && words.contains("Own premises"),
            "{words}"
        );
    }
}

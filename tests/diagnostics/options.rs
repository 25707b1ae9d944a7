//! Faults of options.

use super::{Case, Copy, check_all};

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

const POOL: &str =
    "arrangement = { pool = [\"Northshire\", \"Southshire\"], host = \"Northshire\" }";

const CHANGES: &[Case] = &[
    edit!("before the forecast", "from      = \"2027-04\"\nparameter" => "from      = \"2019-04\"\nparameter", "E501", "\"2019-04\"", &["from 2025-04 to 2030-03"]),
    edit!("after the forecast", "from      = \"2027-04\"\nparameter" => "from      = \"2030-04\"\nparameter", "E502", "\"2030-04\"", &["found: 2030-04"]),
    edit!("times one", "multiply  = 0.8" => "multiply  = 1", "E503", "1", &["it is so already"]),
    edit!("plus nothing", "multiply  = 0.8" => "add  = 0", "E503", "0", &["raised by 0"]),
    edit!("set to what it is", "multiply  = 0.8" => "set  = 0.1", "E503", "0.1", &["custody_share set to 0.1"]),
    edit!("the law as it is", "set    = 0.3\n" => "set    = 0.4\n", "E503", "0.4", &["it is so already"]),
    edit!("no area", "multiply  = 0.8" => "multiply  = 0.8\nareas = []", "E503", "multiply", &["it names no area"]),
    edit!("places as they are", "places      = { set = 36" => "places      = { set = 30", "E503", "30", &["the pool has 30 places already"]),
    edit!("no source", "multiply  = 0.8\nsource    = \"a paper\"" => "multiply  = 0.8", "E504", "0.8", &["a change without a source"]),
    edit!("no source of places", "places      = { set = 36, source = \"a paper\" }" => "places      = { set = 36 }", "E504", "36", &["a change without a source"]),
    edit!("part of a place", "set = 36" => "set = 36.5", "E505", "36.5", &["a whole number"]),
    edit!("places below nothing", "set = 36" => "set = -1", "E303", "-1", &["0 or more"]),
    edit!("a share above one", "multiply  = 0.8" => "add  = 0.95", "E303", "0.95", &["found: 1.05 for women"]),
    edit!("set and multiply", "multiply  = 0.8" => "multiply  = 0.8\nset = 0.2", "E110", "multiply", &["set and multiply"]),
    edit!("no host", ", host = \"Northshire\" }" => " }", "E506", " }", &["a pool without a host"]),
    edit!("a host outside", "pool = [\"Northshire\", \"Southshire\"]" => "pool = [\"Southshire\"]", "E507", "[", &["the host `Northshire` is not in its pool"]),
    edit!("a member twice", "pool = [\"Northshire\", \"Southshire\"]" => "pool = [\"Northshire\", \"Southshire\", \"T02\"]", "E509", "\"T02\"", &["stands twice in the pool"]),
    edit!("an unknown payer of a one-off cost", "payer      = \"council\"" => "payer      = \"councl\"", "E207", "\"councl\"", &["did you mean `council`?"]),
    edit!("an unknown payer of all that an option costs", "source     = \"a paper\"" => "source     = \"a paper\"\n[[option]]\nid = \"better\"\n[[option.change]]\nfrom = \"2026-04\"\nservice = \"homes\"\ncompletion = { multiply = 1.1, source = \"a paper\" }\n[[option.cost]]\nfrom = \"2026-04\"\ntitle = \"Help\"\npayer = \"coucil\"\ngbp = 10\nprice_year = \"2023-24\"\nsource = \"a paper\"\n", "E207", "\"coucil\"", &["did you mean `council`?"]),
    edit!("a negative cost", "gbp        = 10000" => "gbp        = -5", "E303", "-5", &["0 or more pounds"]),
];

#[test]
fn changes() {
    let anywhere = [
        "no area",
        "set and multiply",
        "no host",
        "a host outside",
        "places below nothing",
    ];
    let exact: Vec<Case> = CHANGES
        .iter()
        .filter(|case| !anywhere.contains(&case.name))
        .map(|case| Case { ..*case })
        .collect();
    check_all(&exact);
    // These stand at the table or the change as a whole, whose place depends on the words around them.
    for case in CHANGES.iter().filter(|case| anywhere.contains(&case.name)) {
        let copy = Copy::new();
        let (file, from, to) = case.edits[0];
        copy.edit(file, from, to);
        let faults = copy.faults();
        let shown = needscast::diagnostic::render(&faults);
        assert!(
            faults.iter().all(|fault| fault.code == case.code) && !faults.is_empty(),
            "{}: {shown}",
            case.name
        );
        assert!(
            case.says.iter().all(|said| shown.contains(said)),
            "{}: {shown}",
            case.name
        );
        assert!(
            faults[0]
                .place
                .as_ref()
                .unwrap()
                .file
                .ends_with("scenario.toml")
        );
    }
}

#[test]
fn an_arrangement_as_it_is_changes_nothing() {
    let copy = Copy::new();
    copy.edit("scenario.toml", POOL, "arrangement = { local = true }");
    copy.edit("scenario.toml", "access      =", "# access    =");
    let codes: Vec<_> = copy.faults().iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["E503"]);
}

#[test]
fn a_pool_member_must_be_an_area_of_the_scenario() {
    let copy = Copy::new();
    copy.edit(
        "scenario.toml",
        "areas      = [\"Northshire\", \"Southshire\"]",
        "areas      = [\"Northshire\"]",
    );
    let faults = copy.faults();
    assert!(faults.iter().all(|fault| fault.code == "E508"));
    let place = faults[0].place.as_ref().unwrap();
    assert_eq!((place.line, place.column, place.length), (22, 39, 12));
    assert_eq!(faults.len(), 2);
}

#[test]
fn an_area_is_in_one_pool_at_a_time() {
    let copy = Copy::new();
    copy.edit(
        "profile/areas.csv",
        "T02,Southshire,\n",
        "T02,Southshire,\nT03,Eastshire,\n",
    );
    let population = copy.text("profile/population.csv");
    let east: String = population
        .lines()
        .filter(|line| line.starts_with("T02"))
        .map(|line| line.replace("T02", "T03") + "\n")
        .collect();
    copy.write("profile/population.csv", (population + &east).as_bytes());
    let table = copy.text("parameters/tiny.csv");
    let east: String = table
        .lines()
        .filter(|line| line.contains("Southshire"))
        .map(|line| line.replace("Southshire", "Eastshire") + "\n")
        .collect();
    let east = east.replace(
        "opening_area,Eastshire,,,,,0.5",
        "opening_area,Eastshire,,,,,0",
    );
    copy.write("parameters/tiny.csv", (table + &east).as_bytes());
    copy.edit(
        "scenario.toml",
        "areas      = [\"Northshire\", \"Southshire\"]",
        "areas      = \"all\"",
    );
    assert!(
        copy.compile().is_ok(),
        "{}",
        needscast::diagnostic::render(&copy.faults())
    );
    let second = "[[option.change]]\nfrom = \"2026-04\"\nservice = \"homes\"\nsource = \"a paper\"\narrangement = { pool = [\"Southshire\", \"Eastshire\"], host = \"Eastshire\" }\n\n[[option.cost]]";
    copy.edit("scenario.toml", "[[option.cost]]", second);
    let faults = copy.faults();
    assert_eq!(
        faults.iter().map(|fault| fault.code).collect::<Vec<_>>(),
        ["E509"]
    );
    assert!(
        faults[0]
            .found
            .as_ref()
            .unwrap()
            .contains("hosted by Northshire")
    );
}

#[test]
fn a_return_to_local_says_who_has_the_places() {
    let copy = Copy::new();
    let back = "[[option.change]]\nfrom = \"2028-04\"\nservice = \"homes\"\nsource = \"a paper\"\narrangement = { local = true }\n\n[[option.cost]]";
    copy.edit("scenario.toml", "[[option.cost]]", back);
    assert_eq!(
        copy.faults()
            .iter()
            .map(|fault| fault.code)
            .collect::<Vec<_>>(),
        ["E510"]
    );
    copy.edit(
        "scenario.toml",
        "arrangement = { local = true }\n",
        "arrangement = { local = true }\nplaces = { set = 18 }\n",
    );
    let plan = copy
        .compile()
        .unwrap_or_else(|faults| panic!("{}", needscast::diagnostic::render(&faults)));
    let pools = &plan.options[1].pools[0];
    assert_eq!(
        pools
            .iter()
            .map(|(_, pools)| pools.clone())
            .collect::<Vec<_>>(),
        [[0, 1], [0, 0], [0, 1]]
    );
}

#[test]
fn a_scenario_without_services_refuses_changes_to_them() {
    let copy = Copy::new();
    copy.edit("scenario.toml", "draws ", "services   = \"none\"\ndraws ");
    let faults = copy.faults();
    let shown = needscast::diagnostic::render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert_eq!(faults[0].code, "E511", "{shown}");
    assert!(
        shown.contains("change") && shown.contains("homes"),
        "{shown}"
    );
}

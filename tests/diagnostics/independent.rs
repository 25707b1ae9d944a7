//! Every slip is named once: none hides another, and none is named again by what follows from it.

use super::Copy;
use needscast::diagnostic::{Diagnostic, render};

const SCENARIO: &str = "scenario.toml";
const MODEL: &str = "model.toml";
const AREAS: &str = "profile/areas.csv";
const PEOPLE: &str = "profile/population.csv";
const TABLE: &str = "parameters/tiny.csv";
const ALL_AREAS: &str = "areas      = [\"Northshire\", \"Southshire\"]";
/// The change of a parameter, from its month on.
const OF_CUSTODY: &str = "from      = \"2027-04\"\nparameter = \"custody_share\"";
const IN_NOWHERE: &str =
    "areas = [\"Nowhereshire\"]\nfrom = \"2027-04\"\nparameter = \"custody_share\"";
const PLACES: &str = "places      = { set = 36, source = \"a paper\" }";

/// An edit: the file, what stands there, what is written instead.
type Edit = (&'static str, &'static str, &'static str);

fn edited(edits: &[Edit]) -> Copy {
    let copy = Copy::new();
    for (file, from, to) in edits {
        copy.edit(file, from, to);
    }
    copy
}

/// The faults of a copy, once it is known that these and no others are found.
fn exactly(name: &str, copy: &Copy, codes: &[&str]) -> Vec<Diagnostic> {
    let faults = copy.faults();
    let mut found: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    found.sort_unstable();
    assert_eq!(found, codes, "{name}: {}", render(&faults));
    for fault in &faults {
        let is_whole = fault.expected.is_some() && fault.found.is_some() && fault.place.is_some();
        assert!(is_whole, "{name}: {}", render(&faults));
    }
    faults
}

/// The same for every case, naming all that fail.
fn each(cases: &[(&str, &[Edit], &[&str])]) {
    let mut failures = Vec::new();
    for (name, edits, codes) in cases {
        let faults = edited(edits).faults();
        let mut found: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
        found.sort_unstable();
        if found != *codes {
            failures.push(format!("{name}: not {codes:?}: {}", render(&faults)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_profile_without_areas_or_people_is_one_fault() {
    for areas in [ALL_AREAS, "areas = \"all\""] {
        let copy = edited(&[(SCENARIO, ALL_AREAS, areas)]);
        copy.write(AREAS, b"area_code,area_name,aliases\n");
        let faults = exactly(areas, &copy, &["E005"]);
        let place = faults[0].place.as_ref().unwrap();
        assert!(
            place.file.ends_with("areas.csv") && place.line == 1,
            "{place:?}"
        );
    }
    let copy = Copy::new();
    copy.write(PEOPLE, b"area_code,year,sex,age_from,age_to,population\n");
    let faults = exactly("nobody", &copy, &["E001"]);
    assert!(
        faults[0]
            .place
            .as_ref()
            .unwrap()
            .file
            .ends_with("population.csv")
    );
}

#[test]
fn an_unknown_area_hides_no_other_name_of_its_change() {
    each(&[
        (
            "service",
            &[(
                SCENARIO,
                "service     = \"homes\"",
                "areas = [\"Nowhereshire\"]\nservice = \"zzzz\"",
            )],
            &["E201", "E205"],
        ),
        (
            "parameter",
            &[(
                SCENARIO,
                OF_CUSTODY,
                "areas = [\"Nowhereshire\"]\nfrom = \"2027-04\"\nparameter = \"zzzz\"",
            )],
            &["E201", "E203"],
        ),
        (
            "rule",
            &[(
                SCENARIO,
                "rule   = \"release.short\"",
                "areas = [\"Nowhereshire\"]\nrule = \"zzzz\"",
            )],
            &["E201", "E208"],
        ),
        (
            "where",
            &[
                (SCENARIO, OF_CUSTODY, IN_NOWHERE),
                (SCENARIO, "sex = \"women\"", "sex = \"zzzz\""),
            ],
            &["E201", "E209"],
        ),
    ]);
}

#[test]
fn an_unreadable_file_hides_only_what_needs_it() {
    let broken = "[[rule";
    let of_age = "opening_age,,,over-30,,,0.4";
    let share = [(TABLE, of_age, "opening_age,,,over-30,,,0.3")];
    let misspelt = [(
        SCENARIO,
        "parameter = \"custody_share\"",
        "parameter = \"custody_shar\"",
    )];
    for (name, edits, codes) in [
        ("shares", &share, ["E004", "E403"]),
        ("a slip", &misspelt, ["E004", "E203"]),
    ] {
        let copy = edited(edits);
        copy.write("rules.toml", broken.as_bytes());
        exactly(name, &copy, &codes);
    }
    let copy = edited(&[(
        "costs.toml",
        "measure   = \"prison_population\"",
        "measure = \"zzzz\"",
    )]);
    copy.write("profile/recorded.csv", b"\xff");
    exactly("a measure", &copy, &["E003", "E204"]);
    let copy = edited(&share);
    let folder = copy.path("parameters/other.csv");
    std::fs::write(folder, "id,value\n").unwrap();
    let faults = copy.faults();
    assert!(
        faults.iter().any(|fault| fault.code == "E403"),
        "{}",
        render(&faults)
    );
    let copy = edited(&[(
        TABLE,
        "opening_age,,,over-30,,,0.4,,,,,,share,2023-24,a textbook,official,\n",
        "",
    )]);
    std::fs::remove_file(copy.path(AREAS)).unwrap();
    exactly("a combination without areas", &copy, &["E001", "E308"]);
}

#[test]
fn a_bad_number_hides_nothing_of_its_change() {
    each(&[
        (
            "text",
            &[(SCENARIO, PLACES, "places = { set = \"many\" }")],
            &["E103", "E504"],
        ),
        (
            "part",
            &[(SCENARIO, PLACES, "places = { set = 3.5 }")],
            &["E504", "E505"],
        ),
        (
            "nan",
            &[(SCENARIO, PLACES, "places = { set = nan }")],
            &["E302", "E504"],
        ),
        (
            "neither",
            &[(SCENARIO, "set    = 0.3\nsource = \"a Bill\"", "")],
            &["E110", "E504"],
        ),
        ("no table", &[(SCENARIO, PLACES, "places = 36")], &["E103"]),
        (
            "years",
            &[
                (SCENARIO, "years      = 5", "years = \"five\""),
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2019-04\"\nparameter = \"custody_share\"",
                ),
            ],
            &["E103", "E501"],
        ),
        (
            "no years",
            &[
                (SCENARIO, "years      = 5", ""),
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2019-04\"\nparameter = \"custody_share\"",
                ),
            ],
            &["E102", "E501"],
        ),
        (
            "two of them",
            &[
                (
                    SCENARIO,
                    OF_CUSTODY,
                    "from = \"2027-04\"\nrule = \"release.short\"\nparameter = \"custody_share\"",
                ),
                (SCENARIO, "multiply  = 0.8", "multiply = -0.8"),
            ],
            &["E110", "E303"],
        ),
        (
            "none of them",
            &[
                (SCENARIO, "service     = \"homes\"\n", ""),
                (SCENARIO, "set = 36", "set = -36"),
            ],
            &["E110", "E303"],
        ),
    ]);
}

#[test]
fn a_change_of_what_nothing_uses_is_named_beside_a_slip_elsewhere() {
    let row = "custody_share,,women,,,,0.1";
    let unused = "idle,,,,,,0.1,,,,,,share,2023-24,a textbook,study,\ncustody_share,,women,,,,0.1";
    each(&[(
        "idle",
        &[
            (TABLE, row, unused),
            (
                SCENARIO,
                "parameter = \"custody_share\"\nwhere     = { sex = \"women\" }",
                "parameter = \"idle\"",
            ),
            (SCENARIO, "title      =", "titel      ="),
        ],
        &["E101", "E503"],
    )]);
}

#[test]
fn gaps_of_the_population_are_named_beside_faulty_rows() {
    let gap = (PEOPLE, "T02,2026,men,31,,10000,projection\n", "");
    let faults = exactly("one", &edited(&[gap]), &["E411"]);
    let place = faults[0].place.as_ref().unwrap();
    assert!(place.text.starts_with("T02,2024,men,31"), "{place:?}");
    let another = (PEOPLE, "T01,2027,women,31,,5000,projection\n", "");
    let faults = exactly("two", &edited(&[gap, another]), &["E411"]);
    let found = faults[0].found.as_deref().unwrap();
    assert!(
        found.contains("Northshire, women") && found.contains("and 1 more"),
        "{found}"
    );
    let many = (PEOPLE, "T01,2025,men,16,30,2000", "T01,2025,men,16,30,many");
    exactly(
        "a gap and a faulty row",
        &edited(&[gap, many]),
        &["E301", "E411"],
    );
    exactly("a faulty row", &edited(&[many]), &["E301"]);
    let year = (PEOPLE, "T01,2025,men,16,30,2000", "T01,soon,men,16,30,2000");
    exactly("a faulty year", &edited(&[year]), &["E301"]);
}

#[test]
fn what_would_count_twice_or_nothing_is_a_fault() {
    each(&[
        (
            "ages left out",
            &[(
                PEOPLE,
                "T02,2026,men,31,,10000,projection\n",
                "T02,2026,men,31,40,5000,projection\nT02,2026,men,45,,5000,projection\n",
            )],
            &["E411"],
        ),
        (
            "breakdown",
            &[("costs.toml", "\"service=homes\"", "\"servic=homes\"")],
            &["E204"],
        ),
        (
            "nonsense",
            &[("costs.toml", "\"service=homes\"", "\"zzqq\"")],
            &["E204"],
        ),
        (
            "an unknown service",
            &[("costs.toml", "\"service=homes\"", "\"service=hoems\"")],
            &["E204"],
        ),
        (
            "no breakdown",
            &[("costs.toml", "breakdown = \"service=homes\"\n", "")],
            &["E204"],
        ),
        (
            "of an own measure",
            &[(
                "costs.toml",
                "measure   = \"prison_population\"\n",
                "measure = \"prison_population\"\nbreakdown = \"service=homes\"\n",
            )],
            &["E204"],
        ),
        (
            "a row twice",
            &[(
                PEOPLE,
                "T02,2026,men,31,,10000,projection\n",
                "T02,2026,men,31,,10000,projection\nT02,2026,men,31,,10000,projection\n",
            )],
            &["E307"],
        ),
        (
            "bands that overlap",
            &[(
                PEOPLE,
                "T02,2026,men,31,,10000,projection\n",
                "T02,2026,men,31,,10000,projection\nT02,2026,men,40,44,10,projection\n",
            )],
            &["E307"],
        ),
        (
            "a price year twice",
            &[(
                "deflators.csv",
                "2024-25,104,a textbook",
                "2024-25,104,a textbook\n2024-25,105,a textbook",
            )],
            &["E307"],
        ),
        (
            "a code twice",
            &[(AREAS, "T02,Southshire,", "T02,Southshire,\nT02,Eastshire,")],
            &["E109"],
        ),
        (
            "a name twice",
            &[(AREAS, "T02,Southshire,", "T02,Southshire,\nT03,southshire,")],
            &["E109"],
        ),
        (
            "an alias twice",
            &[(AREAS, "T02,Southshire,", "T02,Southshire,North")],
            &["E109"],
        ),
    ]);
    let copy = edited(&[("costs.toml", "\"service=homes\"", "\"servic=homes\"")]);
    assert!(render(&copy.faults()).contains("did you mean `service=homes`?"));
}

#[test]
fn a_misspelt_key_is_read_as_the_one_that_is_meant() {
    let cases: &[(Edit, &str)] = &[
        ((SCENARIO, "areas      =", "areaq      ="), "areas"),
        ((SCENARIO, "profile    =", "profilq    ="), "profile"),
        (
            (SCENARIO, "source = \"a Bill\"", "sourcq = \"a Bill\""),
            "source",
        ),
        ((SCENARIO, "multiply  = 0.8", "multiplq  = 0.8"), "multiply"),
        (
            (SCENARIO, "service     = \"homes\"", "servicq = \"homes\""),
            "service",
        ),
        ((SCENARIO, "places      =", "placs ="), "places"),
        ((MODEL, "[strata]", "[stratq]"), "strata"),
        (
            (
                MODEL,
                "[[clock.start]]\nentering",
                "[[clock.strt]]\nentering",
            ),
            "start",
        ),
        ((MODEL, "sexes  =", "sexs  ="), "sexes"),
        (
            (
                MODEL,
                "exits = [\n  { to = \"convicted\"",
                "exitq = [\n  { to = \"convicted\"",
            ),
            "exits",
        ),
        (("outcomes.toml", "stock    =", "stocq    ="), "stock"),
        (("rules.toml", "id      =", "ie      ="), "id"),
    ];
    for (edit, meant) in cases {
        let faults = exactly(edit.2, &edited(&[*edit]), &["E101"]);
        assert_eq!(
            faults[0].hints,
            [format!("did you mean `{meant}`?")],
            "{}",
            edit.2
        );
    }
}

#[test]
fn a_value_of_the_wrong_type_is_one_fault() {
    each(&[
        (
            "sexes",
            &[(MODEL, "sexes  = [\"women\", \"men\"]", "sexes = 3")],
            &["E103"],
        ),
        (
            "exits",
            &[(
                MODEL,
                "exits   = [{ to = \"at_liberty\", share = \"rest\" }]",
                "exits = 3",
            )],
            &["E103"],
        ),
        (
            "one sex",
            &[(
                MODEL,
                "sexes  = [\"women\", \"men\"]",
                "sexes = [\"women\", 3]",
            )],
            &["E103"],
        ),
        (
            "profile",
            &[(SCENARIO, "profile    = \"./profile\"", "profile = 3")],
            &["E103"],
        ),
        ("areas", &[(SCENARIO, ALL_AREAS, "areas = 3")], &["E103"]),
        (
            "a ragged area",
            &[(AREAS, "T01,Northshire,North|The North", "T01,Northshire")],
            &["E106"],
        ),
        (
            "an open quotation",
            &[(AREAS, "T01,Northshire,", "T01,\"Northshire,")],
            &["E106"],
        ),
        (
            "an area without a name",
            &[(AREAS, "T01,Northshire,", "T01,,")],
            &["E108"],
        ),
    ]);
}

#[test]
fn what_is_missing_is_one_fault() {
    each(&[
        (
            "a rule's id",
            &[("rules.toml", "id      = \"release.short\"\n", "")],
            &["E102"],
        ),
        (
            "an id of another type",
            &[("rules.toml", "id      = \"release.short\"\n", "id = 3\n")],
            &["E103"],
        ),
        (
            "sexes",
            &[(MODEL, "sexes  = [\"women\", \"men\"]\n", "")],
            &["E102"],
        ),
        (
            "no sexes",
            &[(MODEL, "sexes  = [\"women\", \"men\"]", "sexes = []")],
            &["E108"],
        ),
        (
            "ages",
            &[(
                MODEL,
                "ages   = [{ id = \"16-30\", from = 16, to = 30 }, { id = \"over-30\", from = 31 }]\n",
                "",
            )],
            &["E102"],
        ),
        (
            "priors",
            &[(
                MODEL,
                "priors = [{ id = \"0\", from = 0, to = 0 }, { id = \"1+\", from = 1 }]\n",
                "",
            )],
            &["E102"],
        ),
        (
            "areas",
            &[(
                SCENARIO,
                "areas      = [\"Northshire\", \"Southshire\"]\n",
                "",
            )],
            &["E102"],
        ),
        (
            "an empty profile",
            &[(SCENARIO, "profile    = \"./profile\"", "profile = \"\"")],
            &["E108"],
        ),
        (
            "a row's id",
            &[(TABLE, "sentence,,,,,,240", ",,,,,,240")],
            &["E108"],
        ),
    ]);
}

#[test]
fn what_has_no_effect_hides_no_bad_number_and_no_missing_source() {
    let row = "custody_share,,women,,,,0.1";
    let unused = "idle,,,,,,0.1,,,,,,share,2023-24,a textbook,study,\ncustody_share,,women,,,,0.1";
    let of_idle = "parameter = \"custody_share\"\nwhere     = { sex = \"women\" }";
    let straddling = (PEOPLE, "T01,2024,women,16,30,", "T01,2024,women,10,30,");
    each(&[
        (
            "idle and negative",
            &[
                (TABLE, row, unused),
                (SCENARIO, of_idle, "parameter = \"idle\""),
                (SCENARIO, "multiply  = 0.8", "multiply = -1"),
            ],
            &["E303", "E503"],
        ),
        (
            "nothing said of an unknown service",
            &[(
                SCENARIO,
                "[[option.cost]]",
                "[[option.change]]\nfrom = \"2027-04\"\nservice = \"zzzz\"\n\n[[option.cost]]",
            )],
            &["E205", "E503"],
        ),
        (
            "a pool of an unknown service without a source",
            &[(
                SCENARIO,
                "[[option.cost]]",
                "[[option.change]]\nfrom = \"2027-04\"\nservice = \"zzzz\"\narrangement = { local = true }\n\n[[option.cost]]",
            )],
            &["E205", "E504"],
        ),
        (
            "a straddling band and too many years",
            &[straddling, (SCENARIO, "years      = 5", "years = 50")],
            &["E407", "E409"],
        ),
    ]);
}

#[test]
fn bounds_and_hints_say_what_to_do() {
    let cases: &[(&str, Edit, &[&str])] = &[
        (
            "above the bound",
            (SCENARIO, "set = 36", "set = 300000000"),
            &["a number from 0 to 1e8"],
        ),
        (
            "negative places",
            (SCENARIO, "set = 36", "set = -36"),
            &["hint: `set = 0` closes the service"],
        ),
        (
            "before the start",
            (
                SCENARIO,
                OF_CUSTODY,
                "from = \"2019-04\"\nparameter = \"custody_share\"",
            ),
            &["hint: let the change begin with the forecast"],
        ),
        (
            "shares",
            (
                TABLE,
                "opening_age,,,over-30,,,0.4",
                "opening_age,,,over-30,,,0.3",
            ),
            &["hint: divide each share"],
        ),
        (
            "words",
            (TABLE, "sentence,,,,,,240", "sentence,,,,,,long"),
            &["hint: write the number in figures"],
        ),
        (
            "NaN",
            (TABLE, "sentence,,,,,,240", "sentence,,,,,,NaN"),
            &["hint: write the number; where it is not known"],
        ),
        (
            "words in the scenario",
            (SCENARIO, "set = 36", "set = \"many\""),
            &["hint: write the number alone"],
        ),
        (
            "an unknown council",
            (SCENARIO, ALL_AREAS, "areas = [\"Zzzz\"]"),
            &["hint: `needscast areas` lists"],
        ),
        (
            "an unknown key",
            (SCENARIO, "seed       = 7", "seed       = 7\nzzzzzz = 1"),
            &["hint: take the key away"],
        ),
        (
            "a missing key",
            (SCENARIO, "seed       = 7", ""),
            &["scenario.toml:1:1", "found: nothing"],
        ),
    ];
    for (name, edit, says) in cases {
        let shown = render(&edited(&[*edit]).faults());
        for said in *says {
            assert!(shown.contains(said), "{name}: {said} is not in {shown}");
        }
    }
}

//! One slip is one fault: nothing that follows from it is named beside it.

use needscast::diagnostic::render;

use super::{ALL_AREAS, AREAS, Copy, MODEL, PEOPLE, SCENARIO, TABLE, each, edited, exactly};

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

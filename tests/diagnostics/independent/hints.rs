//! What a fault says of the way out: the word that was meant, the bound, and what to do.

use needscast::diagnostic::render;

use super::{ALL_AREAS, Edit, MODEL, OF_CUSTODY, SCENARIO, TABLE, edited, exactly};

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

//! Faults of tables of coalitions and of partners' weights.

use std::fs;

use needscast::appraise::sharing::share;
use needscast::compile;
use needscast::diagnostic::{Diagnostic, render};
use needscast::document;
use needscast::report::reserved_names;
use proptest::prelude::*;

use super::cases::{Case, check};

const COSTS: &str = "\
members,cost
Angus,100
Dundee,150
Perth,120
Angus+Dundee,210
Angus+Perth,180
Dundee+Perth,230
Angus+Dundee+Perth,290
";

const WEIGHTS: &str = "\
partner,people,beds
Angus,10,0
Dundee,70,5
Perth,20,5
";

fn faults(costs: &str, weights: Option<&str>) -> Vec<Diagnostic> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("coalitions.csv"), costs).unwrap();
    fs::write(path("partners.csv"), weights.unwrap_or_default()).unwrap();
    let second = path("partners.csv");
    let read = document::coalitions(&path("coalitions.csv"), weights.map(|_| second.as_path()));
    let sound = read.and_then(|tables| compile::coalitions(&tables, &reserved_names()));
    // What is sound can be shared, whatever its numbers.
    sound
        .map(|game| share(&game).unwrap())
        .err()
        .unwrap_or_default()
}

#[test]
fn the_good_tables_are_good() {
    assert!(faults(COSTS, None).is_empty());
    assert!(faults(COSTS, Some(WEIGHTS)).is_empty());
    // Nobody costs nothing; other columns are passed over.
    assert!(faults(&format!("{COSTS},0\n"), None).is_empty());
    assert!(faults(&COSTS.replace('\n', ",x\n"), None).is_empty());
}

#[test]
fn costs() {
    let cases: &[Case] = &[
        (
            "members,cost",
            "member,cost",
            "E104",
            (1, 1),
            "rename `member` to `members`",
        ),
        ("Angus+Perth,180", "Angus+Perth", "E106", (6, 1), "1 cell"),
        (
            "Angus+Perth,180",
            "Angus+Perth,",
            "E301",
            (6, 13),
            "`cost` is empty",
        ),
        (
            "Angus+Perth,180",
            "Angus+Perth,dear",
            "E301",
            (6, 13),
            "not a number",
        ),
        (
            "Angus+Perth,180",
            "Angus+Perth,NaN",
            "E302",
            (6, 13),
            "not a finite number",
        ),
        (
            "Angus+Perth,180",
            "Angus+Perth,inf",
            "E302",
            (6, 13),
            "not a finite number",
        ),
        (
            "Angus+Perth,180\n",
            "",
            "E801",
            (7, 23),
            "the coalition `Angus+Perth` is missing",
        ),
        (
            "Angus+Dundee,210\nAngus+Perth,180\n",
            "",
            "E801",
            (6, 23),
            "2 of 7 coalitions are missing",
        ),
        (
            "Perth,120\n",
            "",
            "E801",
            (5, 1),
            "no cost of `Perth` alone",
        ),
        (
            "Perth,120\n",
            "Perth,120\nPerth,130\n",
            "E802",
            (5, 1),
            "the coalition `Perth` stands twice",
        ),
        (
            "Angus+Perth,180",
            "Angus+Perth,180\nPerth+Angus,170",
            "E802",
            (7, 1),
            "`Angus+Perth` at ",
        ),
        (
            "Angus+Perth,180",
            "Angus+Pert,180",
            "E803",
            (6, 1),
            "did you mean `Perth`?",
        ),
        (
            "Angus+Perth,180",
            "Angus+Fife,180",
            "E803",
            (6, 1),
            "no partner is called `Fife`",
        ),
        (
            "Angus+Perth,180",
            "Angus+Angus,180",
            "E804",
            (6, 1),
            "`Angus` is a member twice",
        ),
        (
            "Angus+Perth,180",
            "Angus+,180",
            "E808",
            (6, 1),
            "a member without a name",
        ),
        (
            "Angus+Perth,180",
            "Angus+Perth,180\n,5",
            "E808",
            (7, 1),
            "a coalition of nobody costs something",
        ),
    ];
    check(cases, COSTS, |costs| faults(costs, None));
    for (table, code) in [
        ("members,cost\n", "E005"),
        ("", "E005"),
        ("members;cost\nAngus;1\n", "E006"),
        ("members,cost\nAngus+Dundee,5\n", "E801"),
    ] {
        let found = faults(table, None);
        assert_eq!(
            (found.len(), found[0].code),
            (1, code),
            "{}",
            render(&found)
        );
    }
    let no_file = document::coalitions("no.csv".as_ref(), None);
    assert_eq!(no_file.unwrap_err()[0].code, "E001");
}

#[test]
fn a_group_in_the_place_of_another_is_missed() {
    // One row twice and one not at all are two faults.
    let table = COSTS.replacen("Angus+Perth,180", "Angus+Dundee,180", 1);
    let codes: Vec<&str> = faults(&table, None)
        .iter()
        .map(|fault| fault.code)
        .collect();
    assert_eq!(codes, ["E802", "E801"]);
    // Of two strangers nobody is meant, and what is missing is missing.
    let table = COSTS.replacen("Angus+Perth,180", "X+Y,180", 1);
    let mut codes: Vec<&str> = faults(&table, None)
        .iter()
        .map(|fault| fault.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E801", "E803", "E803"]);
    let told = render(&faults(&table, None));
    assert!(told.contains("`Angus+Perth` is missing"), "{told}");
    assert!(!told.contains("did you mean"), "{told}");
}

#[test]
fn weights() {
    let cases: &[Case] = &[
        (
            "partner,people",
            "partners,people",
            "E104",
            (1, 1),
            "rename `partners` to `partner`",
        ),
        ("Dundee,70,5", "Dundee,70", "E106", (3, 1), "2 cells"),
        (
            "Dundee,70,5",
            "Dundee,,5",
            "E301",
            (3, 8),
            "`people` is empty",
        ),
        (
            "Dundee,70,5",
            "Dundee,many,5",
            "E301",
            (3, 8),
            "not a number",
        ),
        (
            "Dundee,70,5",
            "Dundee,inf,5",
            "E302",
            (3, 8),
            "not a finite number",
        ),
        (
            "Dundee,70,5",
            "Dundee,-70,5",
            "E303",
            (3, 8),
            "`people` of `Dundee` is below 0",
        ),
        ("Dundee,70,5", ",70,5", "E108", (3, 1), "`partner` is empty"),
        (
            "Dundee,70,5",
            "Dunde,70,5",
            "E805",
            (3, 1),
            "did you mean `Dundee`?",
        ),
        ("Dundee,70,5\n", "", "E805", (1, 1), "no weights of Dundee"),
        (
            "Dundee,70,5\n",
            "Dundee,70,5\nFife,9,9\n",
            "E805",
            (4, 1),
            "no partner is called `Fife`",
        ),
        (
            "Dundee,70,5\n",
            "Dundee,70,5\nDundee,7,5\n",
            "E701",
            (4, 1),
            "`Dundee` stands twice",
        ),
        (
            "people,beds",
            "people,shapley",
            "E806",
            (1, 16),
            "a weight is called `shapley`",
        ),
        (
            "people,beds",
            "people,in_core",
            "E806",
            (1, 16),
            "a weight is called `in_core`",
        ),
        (
            "people,beds",
            "people,people",
            "E105",
            (1, 16),
            "stands twice",
        ),
    ];
    check(cases, WEIGHTS, |weights| faults(COSTS, Some(weights)));
    let nothing = WEIGHTS.replace(",5\n", ",0\n");
    let found = faults(COSTS, Some(&nothing));
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E806"),
        "{}",
        render(&found)
    );
    for table in ["partner,people\n", "partner\nAngus\nDundee\nPerth\n"] {
        let found = faults(COSTS, Some(table));
        assert_eq!(
            (found.len(), found[0].code),
            (1, "E005"),
            "{}",
            render(&found)
        );
    }
}

#[test]
fn more_partners_than_can_be_shared_among() {
    let rows: String = (0..21).map(|partner| format!("p{partner},1\n")).collect();
    let found = faults(&format!("members,cost\n{rows}"), None);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E807"),
        "{}",
        render(&found)
    );
    assert_eq!(found[0].place.as_ref().unwrap().line, 22);
}

#[test]
fn every_fault_of_coalitions_is_named_in_one_pass() {
    let costs = COSTS
        .replacen("Angus,100", "Angus,x", 1)
        .replacen("Angus+Dundee,210", "Angus+Dundee,NaN", 1)
        .replacen("Angus+Perth,180", "Angus+Angus,180", 1)
        .replacen("Dundee+Perth,230\n", "", 1);
    let weights = WEIGHTS
        .replacen("Angus,10", "Angus,-10", 1)
        .replacen("Perth", "Fife", 1);
    let mut codes: Vec<&str> = faults(&costs, Some(&weights))
        .iter()
        .map(|f| f.code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["E301", "E302", "E303", "E801", "E804", "E805"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, rng_seed: prop::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn no_table_of_coalitions_is_a_panic(
        rows in prop::collection::vec(("[abc+ ]{0,5}", prop_oneof![Just("1"), Just("1e300"), Just("-1e-300"), Just("x"), Just("")]), 0..12),
        weights in prop::option::of(prop::collection::vec(("[abc]{0,2}", prop_oneof![Just("1"), Just("-1"), Just("0"), Just("")]), 0..4)),
    ) {
        let mut costs = "members,cost\n".to_owned();
        for (members, cost) in rows {
            costs += &format!("{members},{cost}\n");
        }
        let weights = weights.map(|rows| {
            let rows = rows.iter().map(|(partner, weight)| format!("{partner},{weight}\n"));
            "partner,w\n".to_owned() + &rows.collect::<String>()
        });
        for fault in faults(&costs, weights.as_deref()) {
            prop_assert!(fault.expected.is_some() && fault.place.is_some(), "{fault:?}");
        }
    }
}

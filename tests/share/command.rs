//! What `needscast share --from` prints and writes.

use serde_json::{Value, json};

use super::{assert_close, needscast, share, shares};

const COSTS: &str = "\
members,cost,note
Angus,100,alone
Dundee City,150,
\"Perth, and Kinross\",120,
Angus + Dundee City,210,
\"Perth, and Kinross+Angus\",180,
\"Dundee City+Perth, and Kinross\",230,
\"Perth, and Kinross+Dundee City+Angus\",290,
,0,nobody
";

const WEIGHTS: &str = "\
partner,people in need,places
Angus,10,0
\"Perth, and Kinross\",20,5
Dundee City,70,5
";

const NAMES: [&str; 3] = ["Angus", "Dundee City", "Perth, and Kinross"];

#[test]
fn json_says_everything() {
    let answer = share(COSTS, WEIGHTS);
    assert_eq!(answer["partners"], json!(NAMES));
    let rules = json!([
        "shapley",
        "nucleolus",
        "scrb",
        "marginal",
        "equal",
        "people in need",
        "places"
    ]);
    assert_eq!(answer["rules"], rules);
    assert_close(
        &shares(&answer, "people in need", &NAMES),
        &[29.0, 203.0, 58.0],
    );
    assert_close(&shares(&answer, "places", &NAMES), &[0.0, 145.0, 145.0]);
    assert_close(&shares(&answer, "alone", &NAMES), &[100.0, 150.0, 120.0]);
    assert_eq!(answer["together"], 290.0);
    for rule in rules.as_array().unwrap() {
        let rule = rule.as_str().unwrap();
        assert!(answer["in_core"][rule].is_boolean(), "{rule}");
        assert!(answer["side_payment"][rule].is_number(), "{rule}");
    }
    // Dundee City would pay 203 instead of 150, Perth and Kinross 145 instead of 120.
    assert_eq!(answer["individually_rational"]["people in need"], false);
    assert_eq!(
        answer["better_inside"]["people in need"],
        json!({"Angus": true, "Dundee City": false, "Perth, and Kinross": true})
    );
    assert_close(
        &[answer["side_payment"]["people in need"].as_f64().unwrap()],
        &[53.0],
    );
    let objection = &answer["objection"]["people in need"];
    assert_eq!(objection["members"], json!(["Dundee City"]));
    assert_close(&[objection["excess"].as_f64().unwrap()], &[53.0]);
    assert_close(
        &[answer["saving"]["people in need"]["Dundee City"]
            .as_f64()
            .unwrap()],
        &[-53.0],
    );
    // 53 must leave Dundee City, and both others have room for it: Angus pays 29 and could pay 100.
    assert_close(
        &[answer["transfers"]["people in need"]["total"]
            .as_f64()
            .unwrap()],
        &[53.0],
    );
    assert_eq!(answer["unallocated"]["shapley"], 0.0);
    // The last to join add 60, 110, 80.
    assert_close(&shares(&answer, "marginal", &NAMES), &[60.0, 110.0, 80.0]);
    assert_close(
        &[answer["unallocated"]["marginal"].as_f64().unwrap()],
        &[40.0],
    );
    assert_eq!(answer["transfers"]["marginal"], Value::Null);
    assert_eq!(answer["core_empty"], false);
}

#[test]
fn the_order_of_rows_and_members_changes_nothing() {
    let mut rows: Vec<&str> = COSTS.lines().skip(1).collect();
    rows.reverse();
    let turned = format!("members,cost,note\n{}\n", rows.join("\n"));
    let (answer, again) = (share(COSTS, WEIGHTS), share(&turned, WEIGHTS));
    let turned_names = json!([NAMES[2], NAMES[1], NAMES[0]]);
    assert_eq!(again["partners"], turned_names);
    for rule in [
        "shapley",
        "nucleolus",
        "scrb",
        "marginal",
        "equal",
        "places",
    ] {
        assert_close(
            &shares(&again, rule, &NAMES),
            &shares(&answer, rule, &NAMES),
        );
    }
}

#[test]
fn words_for_a_finance_director() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("coalitions.csv"), COSTS).unwrap();
    std::fs::write(folder.path().join("partners.csv"), WEIGHTS).unwrap();
    let fixed = [
        "share",
        "--from",
        "coalitions.csv",
        "--weights",
        "partners.csv",
    ];
    let output = needscast(folder.path(), &[&fixed[..], &["--out", "fair"]].concat());
    let words = String::from_utf8(output.stdout).unwrap();
    for sentence in [
        "Together they cost 290: 80.0 (21.6%) less than each alone.",
        "The core is not empty",
        "shapley: no partner and no group is better out.",
        "people in need: Dundee City pays more than alone; Dundee City would be better out by 53.0",
        "it would hold if 53.0 passed between partners",
        "marginal: leaves 40.0 unpaid",
    ] {
        assert!(words.contains(sentence), "no {sentence:?} in\n{words}");
    }
    let read = |name: &str| std::fs::read_to_string(folder.path().join("fair").join(name)).unwrap();
    assert!(
        read("shares.csv").contains("people in need,Dundee City,no,203,150,-53,-53\n"),
        "{}",
        read("shares.csv")
    );
    assert!(
        read("rules.csv").contains("marginal,no,yes,"),
        "{}",
        read("rules.csv")
    );
    assert_eq!(read("shares.csv").lines().count(), 1 + 7 * 3);
    let manifest: Value = serde_json::from_str(&read("manifest.json")).unwrap();
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn one_partner_alone_has_nothing_to_share() {
    let answer = share("members,cost\nAngus,100\n", "");
    assert_eq!(answer["nucleolus"], json!({"Angus": 100.0}));
    assert_eq!(
        (&answer["core_empty"], &answer["in_core"]["scrb"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(answer["objection"]["shapley"], Value::Null);
}

#[test]
fn faults_go_to_stderr_all_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let table = COSTS
        .replace("Angus + Dundee City,210,\n", "")
        .replace(",230", ",many");
    std::fs::write(folder.path().join("coalitions.csv"), table).unwrap();
    std::fs::write(
        folder.path().join("partners.csv"),
        WEIGHTS.replace("Angus", "Angas"),
    )
    .unwrap();
    let output = needscast(
        folder.path(),
        &[
            "share",
            "--from",
            "coalitions.csv",
            "--weights",
            "partners.csv",
            "--out",
            "fair",
        ],
    );
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(output.stdout.is_empty() && !folder.path().join("fair").exists());
    for code in ["E801", "E301", "E805"] {
        assert!(words.contains(code), "{code}: {words}");
    }
    assert!(
        words.contains("partners.csv:2") && words.contains("did you mean `Angus`?"),
        "{words}"
    );
}

#[test]
fn a_cost_of_which_sums_cannot_be_made_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (cost, is_sound) in [
        ("1e15", true),
        ("-1e15", true),
        ("1.1e15", false),
        ("-1e308", false),
    ] {
        let table = format!("members,cost\nA,{cost}\nB,20\nA+B,25\n");
        std::fs::write(folder.path().join("coalitions.csv"), table).unwrap();
        let output = needscast(folder.path(), &["share", "--from", "coalitions.csv"]);
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.success(), is_sound, "{cost}: {words}");
        let is_told = words.contains("E303") && words.contains("coalitions.csv:2:3");
        assert!(is_sound || is_told, "{cost}: {words}");
    }
}

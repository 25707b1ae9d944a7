//! People of models in which what happens is certain: the engine of people is asked for every one of them.

use needscast::compile::Plan;

use crate::support::question::{Answer, Question};

const BY_CONVICTIONS: &str = r#"
exits = [
  { to = "leaves", share = ["of_none"], counts = "none" },
  { to = "leaves", share = "rest", counts = "some" },
]
"#;

/// A model of these states, told by previous convictions, of which an exit tells too.
fn by_convictions(states: &str) -> Question {
    Question::new(states)
        .edit(
            "model/model.toml",
            "priors = [{ id = \"any\", from = 0 }]",
            "priors = [{ id = \"0\", from = 0, to = 0 }, { id = \"1+\", from = 1 }]",
        )
        .rows("of_none,,,,0,,1,share,2024,a test,judgement\nof_none,,,,1+,,0,share,2024,a test,judgement")
        .measure("none", "departures = [\"none\"]")
        .measure("some", "departures = [\"some\"]")
}

const EVERYONE: &str = "everyone,,,,any,,1,share,2024,a test,judgement";

fn yearly(plan: Plan, measures: &[(&str, &str)]) -> Vec<f64> {
    let answer = Answer::of(plan);
    let of = |measure: &(&str, &str)| answer.year(0, 0, *measure, 0);
    measures.iter().map(of).collect()
}

/// Nobody leaves at the first and second step after entering, and everybody at the third.
#[test]
fn who_is_not_taken_by_a_chance_is_asked_again_at_every_step() {
    let question = Question::new(
        r#"
[[state]]
id = "here"
title = "Here"
group = "community"
stay = "open"
opening = { people = "cohort", fresh = true }
exits = [{ to = "leaves", chance = ["then"], counts = "left" }]
"#,
    )
    .number("cohort", 50.0, "people")
    .file(
        "model/parameters/then.csv",
        "id,duration,value,unit,period,source,grade\nthen,1,0,share,2024,a test,judgement\n\
         then,2,0,share,2024,a test,judgement\nthen,3,1,share,2024,a test,judgement\n",
    )
    .measure("left", "departures = [\"left\"]");
    let answer = question.answer();
    let left: Vec<f64> = (0..6)
        .map(|month| answer.month(0, 0, ("left", ""), month))
        .collect();
    assert_eq!(left, [0.0, 0.0, 50.0, 0.0, 0.0, 0.0]);
}

/// Whoever is serving when the run begins has been convicted: that is a previous one at the next conviction. Whoever
/// comes in then is convicted for the first time.
#[test]
fn whoever_is_there_when_the_run_begins_has_a_conviction_already() {
    for (fresh, expected) in [("", [0.0, 50.0]), (", fresh = true", [50.0, 0.0])] {
        let question = by_convictions(&format!(
            r#"
[[state]]
id = "serving"
title = "Serving"
group = "custody"
stay = "open"
opening = {{ people = "cohort", priors = "everyone"{fresh} }}
exits = [{{ to = "convicted", chance = ["certain"] }}]
[[state]]
id = "convicted"
title = "Convicted"
group = "court"
stay = "none"
convicts = true
{BY_CONVICTIONS}"#
        ))
        .number("cohort", 50.0, "people")
        .number("certain", 1.0, "share")
        .edit(
            "model/parameters/numbers.csv",
            EVERYONE,
            "everyone,,,,0,,1,share,2024,a test,judgement\neveryone,,,,1+,,0,share,2024,a test,judgement",
        );
        let found = yearly(question.plan(), &[("none", ""), ("some", "")]);
        assert_eq!(found, expected, "{fresh}");
    }
}

/// No woman who comes has been convicted before, and every man has.
#[test]
fn those_who_come_have_the_convictions_of_their_own_sex() {
    let come = |women: f64, men: f64| {
        let states = "[[inflow]]\nid = \"in\"\ntitle = \"In\"\ninto = \"here\"\nrate = [\"rate\"]\npriors = \"everyone\"\n\
            [[state]]\nid = \"here\"\ntitle = \"Here\"\ngroup = \"court\"\nstay = \"none\"\n";
        let share = |sex: &str, band: &str, share: f64| {
            format!("everyone,,{sex},,{band},,{share},share,2024,a test,judgement")
        };
        let shares = [
            share("women", "0", 1.0),
            share("women", "1+", 0.0),
            share("men", "0", 0.0),
            share("men", "1+", 1.0),
        ];
        let people = |year: i32| {
            format!("Shire,{year},women,16,,500,projection\nShire,{year},men,16,,500,projection\n")
        };
        let people: String = (2024..=2040).map(people).collect();
        let question = by_convictions(&format!("{states}{BY_CONVICTIONS}"))
            .edit(
                "model/model.toml",
                "sexes  = [\"people\"]",
                "sexes  = [\"women\", \"men\"]",
            )
            .edit("model/parameters/numbers.csv", EVERYONE, &shares.join("\n"))
            .file(
                "profile/population.csv",
                &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
            )
            .rows(&format!(
                "rate,,women,,,,{women},per person per year,2024,a test,judgement"
            ))
            .rows(&format!(
                "rate,,men,,,,{men},per person per year,2024,a test,judgement"
            ));
        yearly(question.plan(), &[("none", ""), ("some", "")])
    };
    let found = come(0.5, 0.0);
    assert!(found[0] > 100.0 && found[1] == 0.0, "{found:?}");
    let found = come(0.0, 0.5);
    assert!(found[0] == 0.0 && found[1] > 100.0, "{found:?}");
}

/// Two services take everybody on at once and have met their needs after two months. A year after they came people leave
/// with nothing of either in hand, or with what support does afterwards.
#[test]
fn whoever_has_completed_every_service_drops_out_of_none() {
    for effect_after in [0.0, 3.0, 24.0] {
        complete_both(effect_after);
    }
}

fn complete_both(effect_after: f64) {
    let parts = |id: &str| {
        let need = format!("[[need]]\nid = \"{id}\"\ntitle = \"{id}\"\n");
        let drawn = format!(
            "[[prevalence]]\nentering = [\"around\"]\nneed = \"{id}\"\nshare = [\"certain\"]\n"
        );
        let service = format!(
            "[[service]]\nid = \"{id}\"\ntitle = \"{id}\"\nneed = \"{id}\"\nrefers_on = [\"around\"]\nstays_in = [\"around\"]\n\
             uptake = [\"certain\"]\npatience = [\"a_century\"]\nsupport = {{ fixed = [\"two_months\"] }}\n\
             completion = [\"certain\"]\nhazard_ratio = [\"none\"]\neffect_after = [\"effect_after\"]\nmeets_need = [\"certain\"]\nplaces = [\"plenty\"]\n"
        );
        [need, drawn, service]
    };
    let (one, two) = (parts("first"), parts("second"));
    let state = "[[state]]\nid = \"around\"\ntitle = \"Around\"\ngroup = \"community\"\nstay = { fixed = [\"a_year\"] }\n\
        exits = [{ to = \"leaves\", share = \"rest\" }]\nopening = { people = \"cohort\", fresh = true }\n";
    let model = [&one[0], &two[0], state, &one[1], &two[1]]
        .map(str::to_owned)
        .concat();
    let answer = Question::new(&model)
        .services(&(one[2].clone() + &two[2]))
        .number("cohort", 40.0, "people")
        .number("certain", 1.0, "share")
        .number("a_century", 1200.0, "months")
        .number("two_months", 2.0, "months")
        .number("none", 1.0, "hazard ratio")
        .number("effect_after", effect_after, "months")
        .number("a_year", 12.0, "months")
        .number("plenty", 1000.0, "places")
        .years(2)
        .answer();
    for service in ["service=first", "service=second"] {
        let of = |measure: &str| -> f64 {
            let years = 0..answer.out.layout.years.len();
            years
                .map(|year| answer.year(0, 0, (measure, service), year))
                .sum()
        };
        let completed = ["completions", "needs_met"].map(of);
        assert_eq!(
            completed,
            [40.0, 40.0],
            "{service}, effect for {effect_after}"
        );
        let lost = ["dropped_out", "gave_up", "declined", "unmet_need"].map(of);
        assert_eq!(lost, [0.0; 4], "{service}, effect for {effect_after}");
    }
}

/// Whoever is of the band from 16 to 20 when they come is at most 21 when they leave a year later.
#[test]
fn nobody_comes_who_is_older_than_their_band() {
    let bands = "ages   = [{ id = \"16-20\", from = 16, to = 20 }, { id = \"21-24\", from = 21, to = 24 }, { id = \"over-24\", from = 25 }]";
    let states = "[[inflow]]\nid = \"in\"\ntitle = \"In\"\ninto = \"here\"\nrate = [\"rate\"]\npriors = \"everyone\"\n\
        [[state]]\nid = \"here\"\ntitle = \"Here\"\ngroup = \"custody\"\nstay = { fixed = [\"a_year\"] }\nexits = [\n\
        { to = \"leaves\", share = [\"is_young\"], counts = \"young\" },\n{ to = \"leaves\", share = [\"is_grown\"], counts = \"grown\" },\n\
        { to = \"leaves\", share = \"rest\", counts = \"old\" }]\n";
    let people = |year: i32| {
        let ages = ["16,20", "21,24", "25,"];
        ages.map(|ages| format!("Shire,{year},people,{ages},1000,projection\n"))
            .concat()
    };
    let people: String = (2024..=2040).map(people).collect();
    let mut question = Question::new(states)
        .edit(
            "model/model.toml",
            "ages   = [{ id = \"all\", from = 16 }]",
            bands,
        )
        .file(
            "profile/population.csv",
            &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
        )
        .number("a_year", 12.0, "months")
        .years(2);
    for (band, rate, young, grown) in [
        ("16-20", 0.5, 1, 0),
        ("21-24", 0.0, 0, 1),
        ("over-24", 0.0, 0, 0),
    ] {
        question = question
            .rows(&format!(
                "rate,,,{band},,,{rate},per person per year,2024,a test,judgement"
            ))
            .rows(&format!(
                "is_young,,,{band},,,{young},share,2024,a test,judgement"
            ))
            .rows(&format!(
                "is_grown,,,{band},,,{grown},share,2024,a test,judgement"
            ));
    }
    for measure in ["young", "grown", "old"] {
        question = question.measure(measure, &format!("departures = [\"{measure}\"]"));
    }
    let answer = question.answer();
    let left = ["young", "grown", "old"].map(|measure| answer.year(0, 0, (measure, ""), 1));
    // A fifth of them turn 21 within a year.
    assert!(
        left[0] > left[1] && left[1] > 0.0 && left[2] == 0.0,
        "{left:?}"
    );
}

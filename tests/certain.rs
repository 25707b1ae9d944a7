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

/// Two services take everybody on at once and have met their needs after two months; a year after they came people leave
/// with nothing of either in hand.
#[test]
fn whoever_has_completed_every_service_drops_out_of_none() {
    let parts = |id: &str| {
        let need = format!("[[need]]\nid = \"{id}\"\ntitle = \"{id}\"\n");
        let drawn = format!(
            "[[prevalence]]\nentering = [\"around\"]\nneed = \"{id}\"\nshare = [\"certain\"]\n"
        );
        let service = format!(
            "[[service]]\nid = \"{id}\"\ntitle = \"{id}\"\nneed = \"{id}\"\nrefers_on = [\"around\"]\nstays_in = [\"around\"]\n\
             uptake = [\"certain\"]\npatience = [\"a_century\"]\nsupport = {{ fixed = [\"two_months\"] }}\n\
             completion = [\"certain\"]\nmeets_need = [\"certain\"]\nplaces = [\"plenty\"]\n"
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
        assert_eq!(completed, [40.0, 40.0], "{service}");
        let lost = ["dropped_out", "gave_up", "declined", "unmet_need"].map(of);
        assert_eq!(lost, [0.0; 4], "{service}");
    }
}

//! Needs that are drawn on entering one state and matter in another.

use needscast::simulate::Births;

use super::{ALL_BIRTHS, Flows, by_priors, meet, share_by_priors};
use crate::support::question::{Answer, Question};

/// 100 people a month come to each of two areas. Their need is drawn, they stay for a month, and go one way or the other:
/// with the need by three times the odds of a half.
fn needy(shares: [f64; 2]) -> Question {
    by_priors(
        r#"
[[need]]
id = "home"
title = "A home"
[[inflow]]
id = "in"
title = "In"
into = "arriving"
rate = ["rate"]
priors = "everyone"
[[state]]
id = "arriving"
title = "Arriving"
group = "court"
stay = "none"
exits = [{ to = "staying", share = "rest" }]
[[state]]
id = "staying"
title = "Staying"
group = "custody"
stay = { fixed = ["a_month"] }
exits = [{ to = "parting", share = "rest" }]
[[state]]
id = "parting"
title = "Parting"
group = "court"
stay = "none"
exits = [
  { to = "leaves", share = ["half"], counts = "this", modifiers = [{ need = "home", odds_ratio = "three" }] },
  { to = "leaves", share = "rest", counts = "that" },
]
[[prevalence]]
entering = ["arriving"]
need = "home"
share = ["has_home"]
"#,
        shares,
    )
    .areas(&["North", "South"])
    .number("rate", 1.2, "per person per year")
    .number("a_month", 1.0, "months")
    .number("half", 0.5, "share")
    .number("three", 3.0, "odds ratio")
    .rows(&share_by_priors("has_home", [0.2, 0.6]))
    .measure("this", "departures = [\"this\"]")
    .measure("that", "departures = [\"that\"]")
}

/// Of every 100 three quarters have no previous convictions: 75 * 0.2 + 25 * 0.6 = 30 have the need. Of those three
/// quarters go this way, of the other 70 a half, and everybody a month after they came.
#[test]
fn a_need_is_as_frequent_as_the_convictions_of_those_who_come_and_weighs_on_where_they_go() {
    for births in ALL_BIRTHS {
        let flows = Flows::of(&needy([0.75, 0.25]), births);
        let later = |each: f64| [&[0.0][..], &[each; 11]].concat();
        for area in 0..2 {
            let meet = |what: &str, ours: Vec<f64>, worked: &[f64]| {
                meet(what, births, &ours, worked);
            };
            meet("this", flows.months(area, "this"), &later(57.5));
            meet("that", flows.months(area, "that"), &later(42.5));
            let arising = flows.years(area, "need_arising", "need=home");
            meet("arising", arising, &[12.0 * 30.0]);
            for (number, people) in [("needs=0", 70.0), ("needs=1", 30.0)] {
                let ours = flows.years(area, "people_by_number_of_needs", number);
                meet(number, ours, &[12.0 * people]);
            }
        }
    }
}

/// Shares that are all nought leave the last band, in both engines: 60 of 100 have the need.
#[test]
fn where_no_band_of_convictions_has_a_share_the_last_has_everybody() {
    let mut plan = needy([0.75, 0.25]).plan();
    let everyone = plan.parameters.iter().position(|p| p.id == "everyone");
    for cell in &mut plan.cells {
        if Some(cell.parameter) == everyone {
            cell.value = 0.0;
        }
    }
    let arising = Flows::of_plan(&plan, Births::ByStep).years(0, "need_arising", "need=home");
    meet("arising", Births::ByStep, &arising, &[12.0 * 60.0]);

    for cell in &mut plan.cells {
        let of = &plan.parameters[cell.parameter].id;
        if of == "has_home" {
            cell.value = if cell.keys.contains("1+") { 1.0 } else { 0.0 };
        }
    }
    let people = Answer::of(plan);
    let arising = people.year(0, 0, ("need_arising", "need=home"), 0);
    let without = people.year(0, 0, ("people_by_number_of_needs", "needs=0"), 0);
    assert!(arising > 1000.0 && without == 0.0, "{arising} {without}");
}

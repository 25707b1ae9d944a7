//! What is charged for: begun teams, a manager of a service, what is marginal of a place, products of factors, and what
//! nothing is charged for.

use needscast::appraise::PUBLIC_SECTOR;
use needscast::compile::{Law, Plan, Stratum};
use needscast::draw::draw;

use super::{COSTS, NUMBERS, appraised, close, mean, number, with_teams};
use crate::support::question::Question;

/// Ten and twenty places need two teams and three; thirty-six shared ones need six. Two services have two managers, a
/// shared one has one.
#[test]
fn a_begun_team_is_a_whole_team_and_a_shared_service_has_one_manager() {
    let (_, appraisal) = appraised(&with_teams());
    close(mean(&appraisal, 0, "cost", "teams"), 5.0 * 5.0 * 30_000.0);
    close(
        mean(&appraisal, 1, "cost", "teams"),
        (5.0 + 4.0 * 6.0) * 30_000.0,
    );
    close(
        mean(&appraisal, 0, "cost", "managers"),
        5.0 * 2.0 * 48_000.0,
    );
    close(
        mean(&appraisal, 1, "cost", "managers"),
        (2.0 + 4.0) * 48_000.0,
    );
    let from_october = with_teams().edit(
        "scenario.toml",
        "from        = \"2026-04\"",
        "from        = \"2026-10\"",
    );
    let (_, appraisal) = appraised(&from_october);
    close(
        mean(&appraisal, 1, "cost", "managers"),
        (2.0 + 1.5 + 3.0) * 48_000.0,
    );
    close(
        mean(&appraisal, 1, "cost", "teams"),
        (5.0 + 5.5 + 18.0) * 30_000.0,
    );
}

/// The same where the pool has the places that its members have today: thirty shared ones need five teams, not two and
/// three, and one manager; the host has them all, and nobody else has any.
#[test]
fn a_pool_of_todays_places_needs_fewer_teams_and_one_manager() {
    let today = with_teams().edit(
        "scenario.toml",
        "places      = { set = 36, source = \"a paper\" }\n",
        "",
    );
    let today = today.edit(NUMBERS, "homes_per_team,,,,,,7,", "homes_per_team,,,,,,11,");
    let (answer, appraisal) = appraised(&today);
    // Ten places are one team and twenty are two; thirty are three, as before, but at 11 a team of ten is not full.
    close(mean(&appraisal, 0, "cost", "teams"), 5.0 * 3.0 * 30_000.0);
    close(mean(&appraisal, 1, "cost", "teams"), 5.0 * 3.0 * 30_000.0);
    close(
        mean(&appraisal, 1, "cost", "managers"),
        (2.0 + 4.0) * 48_000.0,
    );
    let layout = &answer.out.layout;
    let places = layout.find("places", "service=homes").unwrap();
    let last = layout.years.len() - 1;
    let of = |option, area| answer.out.rows[0].values[layout.at(option, area, places, last)];
    assert_eq!([of(0, 0), of(0, 1), of(0, 2)], [10.0, 20.0, 30.0]);
    assert_eq!([of(1, 0), of(1, 1), of(1, 2)], [30.0, 0.0, 30.0]);
    let by_fifteen = today.edit(
        NUMBERS,
        "homes_per_team,,,,,,11,",
        "homes_per_team,,,,,,15,",
    );
    let (_, appraisal) = appraised(&by_fifteen);
    close(mean(&appraisal, 0, "cost", "teams"), 5.0 * 3.0 * 30_000.0);
    close(
        mean(&appraisal, 1, "cost", "teams"),
        (3.0 + 4.0 * 2.0) * 30_000.0,
    );
}

#[test]
fn a_place_saved_saves_what_is_marginal() {
    let question = Question::tiny()
        .edit(
            COSTS,
            "unit_cost = [\"custody_cost\"]",
            "unit_cost = [\"custody_cost\"]\nmarginal_cost = [\"custody_marginal\"]",
        )
        .more(
            NUMBERS,
            &number("custody_marginal", "8000", "GBP per place-year").replace("2024-25", "2023-24"),
        );
    let (_, appraisal) = appraised(&question);
    let of = |measure| mean(&appraisal, 1, measure, "prison-service");
    let all = of("present_value_of_cost_increment");
    assert!(all < 0.0, "shorter sentences save places: {all}");
    close(of("cashable_increment"), 0.2 * all);
    close(of("non_cashable_increment"), 0.8 * all);
    // What would be cash alone stands beside the whole, and neither in the other's line.
    let cash = mean(&appraisal, 1, "cashable_increment", PUBLIC_SECTOR);
    close(mean(&appraisal, 1, "npv_cashable", PUBLIC_SECTOR), -cash);
}

/// Reference: NHP demand model, worked example. An 80% interval from 0.8 to 0.9 is a normal law of mean 0.85 and standard
/// deviation 0.0390152, and growth factors of 1.09 and 1.02 with avoidance of 0.88 and 0.75 multiply to 0.733788.
#[test]
fn factors_multiply_and_intervals_are_read_as_the_health_service_does() {
    let table = Question::tiny().text(NUMBERS).to_owned();
    let (head, rows) = table.split_once('\n').unwrap();
    let rows: String = rows.lines().map(|line| format!("{line},\n")).collect();
    let factor = |id: &str, value: f64| {
        format!("{id},,,,,,{value},,,,,,ratio,2023-24,a paper,judgement,,\n")
    };
    let question = Question::tiny()
        .file(NUMBERS, &format!("{head},level\n{rows}"))
        .more(
            NUMBERS,
            &format!(
                "expat,,,,,,0.85,0.8,0.9,,,normal,ratio,2023-24,a paper,judgement,,80\n{}{}{}{}\
             one,,,,,,1,,,,,,GBP per place-year,2024-25,a paper,judgement,,\n",
                factor("growth", 1.09),
                factor("health", 1.02),
                factor("avoided", 0.88),
                factor("prevented", 0.75),
            ),
        )
        .edit(
            COSTS,
            "[\"homes_cost\"]",
            "[\"one\", \"growth\", \"health\", \"avoided\", \"prevented\"]",
        )
        .edit(COSTS, "[\"custody_cost\"]", "[\"custody_cost\", \"expat\"]");
    let plan: Plan = question.plan();
    let law = |id: &str| {
        let parameter = plan.parameters.iter().position(|p| p.id == id).unwrap();
        plan.cells
            .iter()
            .find(|cell| cell.parameter == parameter)
            .unwrap()
            .law
    };
    let Law::Normal(mean, spread) = law("expat") else {
        panic!("{:?} is no normal law", law("expat"));
    };
    assert!(
        (mean - 0.85).abs() < 1e-12 && (spread - 0.039_015_2).abs() < 5e-8,
        "{mean} {spread}"
    );
    let homes = plan.costs.iter().find(|cost| cost.id == "homes").unwrap();
    let stratum = Stratum {
        area: 0,
        sex: 0,
        age: 0,
        priors: 0,
    };
    let draws = draw(&plan);
    let product = draws.value(&plan, 0, 0, homes.unit_cost, stratum, plan.start);
    close(product, 0.733_788);
}

/// What takes something that nobody is charged for is named, and stops the run where nothing at all is charged.
#[test]
fn what_nothing_is_charged_for_is_named() {
    let better = "
[[option]]
id = \"better\"
[[option.change]]
from       = \"2026-04\"
service    = \"homes\"
places     = { multiply = 1.5, source = \"a paper\" }
completion = { multiply = 1.1, source = \"a paper\" }
";
    let plan = Question::tiny().more("scenario.toml", better).plan();
    let named: Vec<&String> = plan
        .notes
        .iter()
        .filter(|note| note.contains("“better”"))
        .collect();
    assert_eq!(named.len(), 1, "{:?}", plan.notes);
    assert!(
        named[0].contains("completion") && !named[0].contains("places"),
        "{}",
        named[0]
    );
    let said = better.replace(
        "id = \"better\"",
        "id = \"better\"\nwithout_costs = \"volunteers\"",
    );
    let plan = Question::tiny().more("scenario.toml", &said).plan();
    assert!(
        plan.notes.iter().all(|note| !note.contains("“better”")),
        "{:?}",
        plan.notes
    );
}

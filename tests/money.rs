//! Money and who it is for, from the files of the tiny model to its appraisal: every answer worked out on paper.

mod charged;
mod discounting;
mod groups;
mod payers;

use needscast::appraise::{Appraisal, appraise};
use needscast::draw::draw;
use needscast::summarise::Estimate;

use crate::support::question::{Answer, Question};

const NUMBERS: &str = "model/parameters/numbers.csv";
const COSTS: &str = "model/costs.toml";
const SET_UP: &str = "gbp        = 10000";

fn appraised(question: &Question) -> (Answer, Appraisal) {
    let answer = question.answer();
    let appraisal = appraise(&answer.plan, &draw(&answer.plan), &answer.out);
    (answer, appraisal)
}

fn find(appraisal: &Appraisal, option: usize, measure: &str, who: &str) -> Option<Estimate> {
    let mut rows = appraisal.rows.iter();
    let row = rows.find(|row| {
        (row.option, row.measure.as_str(), row.perspective.as_str()) == (option, measure, who)
    });
    row.map(|row| row.estimate)
}

fn mean(appraisal: &Appraisal, option: usize, measure: &str, who: &str) -> f64 {
    find(appraisal, option, measure, who)
        .unwrap_or_else(|| panic!("no {measure} for {who}"))
        .mean
}

fn close(found: f64, expected: f64) {
    let is_close = (found - expected).abs() <= 1e-9 * expected.abs().max(1.0);
    assert!(is_close, "{found} is not {expected}");
}

fn number(id: &str, value: &str, unit: &str) -> String {
    format!("{id},,,,,,{value},,,,,,{unit},2024-25,a paper,judgement,\n")
}

/// The tiny model with a team for every seven places and a manager for every service, each with a payer of its own.
fn with_teams() -> Question {
    let costs = "
[[payer]]
id    = \"teams\"
title = \"Who pays teams\"
partner = false

[[payer]]
id    = \"managers\"
title = \"Who pays managers\"
partner = false

[[cost]]
id        = \"team\"
title     = \"Teams\"
payer     = \"teams\"
measure   = \"places\"
breakdown = \"service=homes\"
per       = [\"homes_per_team\"]
unit_cost = [\"team_cost\"]

[[cost]]
id        = \"manager\"
title     = \"Managers\"
payer     = \"managers\"
measure   = \"places\"
breakdown = \"service=homes\"
fixed     = true
unit_cost = [\"manager_cost\"]
";
    let numbers = number("homes_per_team", "7", "places")
        + &number("team_cost", "30000", "GBP per team-year")
        + &number("manager_cost", "4000", "GBP per service-month");
    Question::tiny().more(COSTS, costs).more(NUMBERS, &numbers)
}

/// The tiny model where convictions hurt somebody whom no budget pays.
fn with_victims() -> Question {
    let costs = "
[[payer]]
id          = \"victims\"
title       = \"Victims\"
perspective = \"society\"

[[cost]]
id        = \"harm\"
title     = \"Harm\"
payer     = \"victims\"
measure   = \"convictions\"
unit_cost = [\"harm\"]
";
    let harm = number("harm", "9000", "GBP per crime");
    Question::tiny().more(COSTS, costs).more(NUMBERS, &harm)
}

fn asked(question: Question) -> Question {
    question.edit(
        "scenario.toml",
        "price_year = \"2024-25\"",
        "price_year = \"2024-25\"\nperspectives = [\"public-sector\", \"society\"]",
    )
}

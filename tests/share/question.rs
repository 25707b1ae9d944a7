//! A question of sharing: areas of different sizes, people who are set free with a need, one service with few places.

use crate::support::question::Question;

/// The areas.
pub const AREAS: [&str; 4] = ["North", "East", "South", "West"];

/// Model and services.
pub fn question(areas: &[&str]) -> Question {
    let mut question = Question::new(
        r#"
[[need]]
id = "home"
title = "A home"
[[inflow]]
id = "crowd"
title = "The crowd"
into = "free"
rate = "rate"
priors = "everyone"
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = { fixed = "long" }
exits = [{ to = "leaves", share = "rest" }]
[[prevalence]]
entering = ["free"]
need = "home"
share = ["most"]
"#,
    )
    .areas(areas)
    .number("long", 100.0, "years")
    .number("most", 0.8, "share")
    .number("uptake", 0.7, "share")
    .number("patience", 6.0, "months")
    .number("support", 5.0, "months")
    .rows("per_start,,,,,,100,GBP per start,2024-25,a test,judgement")
    .file("model/costs.toml", COSTS)
    .services(SERVICES)
    .years(4)
    .draws(3);
    for (index, area) in areas.iter().enumerate() {
        let (rate, places) = (0.006 + 0.004 * index as f64, 2 + index);
        question = question
            .rows(&format!(
                "rate,{area},,,,,{rate},per person per year,2024,a test,judgement"
            ))
            .rows(&format!(
                "places,{area},,,,,{places},places,2024,a test,judgement"
            ));
    }
    question
}

const SERVICES: &str = r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["uptake"]
patience = ["patience"]
support = { geometric = ["support"] }
places = ["places"]
"#;

const COSTS: &str = r#"
[[payer]]
id = "council"
title = "The council"
partner = true
[[cost]]
id = "starts"
title = "Starts"
payer = "council"
measure = "starts"
breakdown = "service=help"
unit_cost = ["per_start"]
cashable = true
"#;

/// A pool of these areas from a month on; `more` follows inside the change.
pub fn pooled(from: &str, areas: &[&str], host: &str, more: &str) -> String {
    format!(
        "[[option.change]]\nfrom = {from:?}\nservice = \"help\"\narrangement = {{ pool = {areas:?}, host = {host:?} }}\nsource = \"a test\"\n{more}\n"
    )
}

/// Business as usual, and one service for these areas.
pub fn options(areas: &[&str], host: &str, more: &str) -> String {
    format!(
        "[[option]]\nid = \"business-as-usual\"\n[[option]]\nid = \"joint\"\nwithout_costs = \"a test\"\n{}",
        pooled("2025-04", areas, host, more)
    )
}

//! Levers that go one way: a higher chance never lowers an outcome on any path, because decisions invert one uniform.
//!
//! What is monotone path by path is less than one may think. Held here: shares of the first exit of a state, lengths of
//! stay, hazards and arrivals, where people do not come back; hazard ratios, take-up and completion, until the clock
//! fires; places, where nobody gives up and support changes no journey. Not monotone path by path, though in the mean:
//! anything upstream of a return, because whoever goes another way has other luck from then on (so a diverted person
//! may be convicted sooner than the same person set free later); a share that is not the first, which pushes those
//! after it along the same uniform; take-up or completion where places are few, because longer support keeps others
//! waiting; places where people give up, because one long support that would not have begun delays two short ones.

use crate::support::question::{Answer, Question};

/// People who are reported, then diverted or prosecuted, then perhaps imprisoned, and then gone.
fn chain() -> Question {
    Question::new(
        r#"
[[inflow]]
id = "reports"
title = "Reports"
into = "reported"
rate = "report_rate"
priors = "everyone"
[[state]]
id = "reported"
title = "Reported"
group = "court"
stay = "none"
exits = [{ to = "diverted", share = "diversion" }, { to = "prosecuted", share = "rest" }]
[[state]]
id = "diverted"
title = "Diverted"
group = "community"
stay = { gamma = { mean = ["diversion_stay"], shape = "custody_shape" } }
exits = [{ to = "leaves", share = "rest" }]
[[state]]
id = "prosecuted"
title = "Prosecuted"
group = "court"
stay = { exponential = "trial_stay" }
exits = [{ to = "custody", share = "custody_share" }, { to = "leaves", share = "rest" }]
[[state]]
id = "custody"
title = "In custody"
group = "custody"
stay = { weibull = { mean = ["custody_stay"], shape = "custody_shape" } }
exits = [{ to = "leaves", share = "rest" }, { to = "leaves", hazard = "appeal" }]
"#,
    )
    .number("report_rate", 0.12, "per person per year")
    .number("diversion", 0.3, "share")
    .number("diversion_stay", 4.0, "months")
    .number("trial_stay", 2.5, "months")
    .number("custody_share", 0.5, "share")
    .number("custody_stay", 200.0, "days")
    .number("custody_shape", 1.3, "shape")
    .number("appeal", 0.03, "per month")
    .measure("custody", "stock = [\"custody\"]")
    .measure("diverted", "stock = [\"diverted\"]")
    .measure("into_custody", "entries = [\"custody\"]")
    .years(5)
    .draws(40)
}

/// Business as usual and one option that changes `what` from the second year on.
fn with_option(question: Question, what: &str) -> Answer {
    let options = format!(
        "[[option]]\nid = \"business-as-usual\"\n[[option]]\nid = \"lever\"\n[[option.change]]\n\
         from = \"2025-04\"\n{what}\nsource = \"a test\"\n"
    );
    question.options(&options).answer()
}

/// Month by month in every draw the option has never fewer than business as usual (never more when `sign` is -1), and
/// somewhere it has not as many; sums since the beginning where `is_sum`.
fn goes_one_way(answer: &mut Answer, sign: f64, series: (&str, &str), is_sum: bool) {
    let mut months = |option: usize, row: usize| -> Vec<f64> {
        answer.option = option;
        let mut sum = 0.0;
        (0..answer.out.layout.months.len())
            .map(|month| {
                let value = answer.month(row, 0, series, month);
                sum = if is_sum { sum + value } else { value };
                sum
            })
            .collect()
    };
    let mut differs = 0;
    for row in 0..41 {
        let (usual, lever) = (months(0, row), months(1, row));
        for (month, (usual, lever)) in usual.into_iter().zip(lever).enumerate() {
            assert!(
                sign * (lever - usual) >= 0.0,
                "{series:?}: {usual} becomes {lever} in month {month} of draw {row}"
            );
            differs += usize::from(lever != usual);
        }
    }
    assert!(differs > 100, "{series:?} differs in {differs} months only");
}

#[test]
fn more_diversion_never_raises_custody_on_any_path() {
    let mut answer = with_option(chain(), "parameter = \"diversion\"\nmultiply = 1.5");
    goes_one_way(&mut answer, -1.0, ("custody", ""), false);
    goes_one_way(&mut answer, -1.0, ("into_custody", ""), false);
    goes_one_way(&mut answer, 1.0, ("diverted", ""), false);
}

#[test]
fn longer_stays_never_lower_a_stock() {
    let mut answer = with_option(chain(), "parameter = \"custody_stay\"\nmultiply = 1.2");
    goes_one_way(&mut answer, 1.0, ("custody", ""), false);
    let everyone = "parameter = \"custody_stay\"\nmultiply = 1.2\nreaches = \"everyone\"";
    goes_one_way(
        &mut with_option(chain(), everyone),
        1.0,
        ("custody", ""),
        false,
    );
}

#[test]
fn a_higher_hazard_never_raises_a_stock() {
    let mut answer = with_option(chain(), "parameter = \"appeal\"\nmultiply = 2.0");
    goes_one_way(&mut answer, -1.0, ("custody", ""), false);
}

#[test]
fn more_arrivals_never_lower_any_stock() {
    let mut answer = with_option(chain(), "parameter = \"report_rate\"\nmultiply = 1.1");
    for measure in ["custody", "diverted", "into_custody"] {
        goes_one_way(&mut answer, 1.0, (measure, ""), false);
    }
}

/// People who are set free with a need and a clock, and leave when it fires; `places` of a service that helps.
fn freed(places: f64, patience: f64, effect: f64) -> Question {
    Question::new(
        r#"
[[need]]
id = "home"
title = "A home"
[[inflow]]
id = "releases"
title = "Releases"
into = "free"
rate = "release_rate"
priors = "everyone"
[[state]]
id = "free"
title = "Free"
group = "liberty"
stay = "clock"
[[state]]
id = "again"
title = "Again"
group = "court"
stay = "none"
exits = [{ to = "leaves", share = "rest" }]
[clock]
title = "Reconviction"
within_months = 12
ends_after = "follow_up"
shape = "return_shape"
fires_to = "again"
runs_in = ["free"]
[[clock.start]]
entering = ["free"]
probability = ["return_share"]
[[clock.modifier]]
need = "home"
hazard_ratio = "home_hazard"
[[prevalence]]
entering = ["free"]
need = "home"
share = ["home_share"]
"#,
    )
    .services(
        r#"
[[service]]
id = "help"
title = "Help"
need = "home"
refers_on = ["free"]
stays_in = ["free"]
uptake = ["uptake"]
patience = ["patience"]
support = { gamma = { mean = ["support"], shape = "return_shape" } }
completion = ["completion"]
meets_need = ["success"]
hazard_ratio = ["effect"]
effect_after = ["support"]
places = ["places"]
"#,
    )
    .number("release_rate", 0.12, "per person per year")
    .number("follow_up", 36.0, "months")
    .number("return_shape", 0.8, "shape")
    .number("return_share", 0.4, "share")
    .number("home_hazard", 1.6, "hazard ratio")
    .number("home_share", 0.7, "share")
    .number("uptake", 0.6, "share")
    .number("patience", patience, "months")
    .number("support", 5.0, "months")
    .number("completion", 0.6, "share")
    .number("success", 0.5, "share")
    .number("effect", effect, "hazard ratio")
    .number("places", places, "places")
    .measure("again", "entries = [\"again\"]")
    .years(5)
    .draws(40)
}

#[test]
fn help_that_does_more_never_brings_a_return_forward() {
    for what in [
        "parameter = \"effect\"\nmultiply = 0.6",
        "parameter = \"uptake\"\nmultiply = 1.3",
        "parameter = \"completion\"\nmultiply = 1.4",
        "parameter = \"success\"\nmultiply = 1.6",
    ] {
        let mut answer = with_option(freed(100_000.0, 6.0, 0.6), what);
        goes_one_way(&mut answer, -1.0, ("again", ""), true);
    }
}

#[test]
fn more_places_never_make_anybody_wait_longer_where_nobody_gives_up() {
    let question = freed(8.0, 12_000.0, 1.0)
        .edit(
            "model/model.toml",
            "stay = \"clock\"",
            "stay = { fixed = \"for_ever\" }\nexits = [{ to = \"leaves\", share = \"rest\" }]",
        )
        .number("for_ever", 100.0, "years");
    let mut answer = with_option(question, "parameter = \"places\"\nmultiply = 1.5");
    goes_one_way(&mut answer, -1.0, ("waiting", "service=help"), false);
}

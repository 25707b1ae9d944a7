//! Faults of how a scenario judges its options: do-minimum, worths and criteria.

use super::{Case, Copy, check_all};

/// The end of the scenario, after which a table is written.
const END: &str = "price_year = \"2023-24\"\nsource     = \"a paper\"";

/// A case of what is written at the end of the scenario: its text, the code, the words at fault and what is said.
macro_rules! judge {
    ($name:expr, $text:expr, $code:expr, $words:expr, $says:expr) => {
        Case {
            name: $name,
            edits: &[(
                "scenario.toml",
                END,
                concat!(
                    "price_year = \"2023-24\"\nsource     = \"a paper\"\n",
                    $text
                ),
            )],
            code: $code,
            at: ("scenario.toml", $text, $words),
            says: $says,
        }
    };
}

/// A case of one criterion; `$keys` are its keys beside those of every criterion.
macro_rules! criterion {
    ($name:expr, $keys:expr, $code:expr, $words:expr, $says:expr) => {
        judge!(
            $name,
            concat!(
                "[[criterion]]\nid = \"met\"\nsource = \"a workshop\"\n",
                $keys
            ),
            $code,
            $words,
            $says
        )
    };
}

const CASES: &[Case] = &[
    judge!(
        "an unknown outcome",
        "[threshold]\noutcome = \"needs_mett\"",
        "E204",
        "\"needs_mett\"",
        &["needs_met"]
    ),
    judge!(
        "cost as an outcome",
        "[threshold]\noutcome = \"cost\"",
        "E707",
        "\"cost\"",
        &["cost as an outcome"]
    ),
    judge!(
        "a worth below nothing",
        "[threshold]\ngbp = [1000, -250]\nsource = \"a board\"",
        "E303",
        "-250",
        &["0 or more pounds"]
    ),
    judge!(
        "a worth beyond all money",
        "[threshold]\ngbp = [1e308]\nsource = \"a board\"",
        "E303",
        "1e308",
        &["a thousand billion"]
    ),
    judge!(
        "a worth that is no number",
        "[threshold]\ngbp = [nan]\nsource = \"a board\"",
        "E302",
        "nan",
        &["a finite number"]
    ),
    judge!(
        "a worth without end",
        "[threshold]\ngbp = [inf]\nsource = \"a board\"",
        "E302",
        "inf",
        &["a finite number"]
    ),
    judge!(
        "a worth in words",
        "[threshold]\ngbp = [\"1000\"]\nsource = \"a board\"",
        "E103",
        "\"1000\"",
        &["a number"]
    ),
    judge!(
        "no worth in the list",
        "[threshold]\ngbp = []",
        "E108",
        "[]",
        &["a list of at least one"]
    ),
    judge!(
        "a worth that nobody stated",
        "[threshold]\ngbp = 1000",
        "E102",
        "[threshold]",
        &["the key `source` is missing"]
    ),
    judge!(
        "curves that end before a worth",
        "[threshold]\ngbp = 1000\nup_to = 500\nsource = \"a board\"",
        "E303",
        "500",
        &["1000 or more"]
    ),
    judge!(
        "curves that end at nothing",
        "[threshold]\nup_to = 0",
        "E303",
        "0",
        &["pounds above 0"]
    ),
    judge!(
        "a misspelt key of a worth",
        "[threshold]\noutcom = \"needs_met\"",
        "E101",
        "outcom",
        &["did you mean `outcome`?"]
    ),
    criterion!(
        "an unknown measure",
        "measure = \"relaeses\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1",
        "E204",
        "\"relaeses\"",
        &["did you mean `releases`?"]
    ),
    criterion!(
        "an unknown breakdown of a measure",
        "measure = \"needs_met;service=hmes\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1",
        "E204",
        "\"needs_met;service=hmes\"",
        &["did you mean `service=homes`?"]
    ),
    criterion!(
        "a measure that is counted by need alone",
        "measure = \"need_arising\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1",
        "E204",
        "\"need_arising\"",
        &["need=housing"]
    ),
    criterion!(
        "a criterion of cost",
        "measure = \"npsv\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1",
        "E707",
        "\"npsv\"",
        &["cost as a criterion"]
    ),
    judge!(
        "a criterion that is called cost",
        "[[criterion]]\nid = \"cost\"\nsource = \"a workshop\"\nmeasure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1",
        "E707",
        "\"cost\"",
        &["cost as a criterion"]
    ),
    judge!(
        "a criterion that is called cost and is, which is one slip",
        "[[criterion]]\nid = \"Cost\"\nsource = \"a workshop\"\nmeasure = \"cost\"\ndirection = \"lower\"\nlow = 0\nhigh = 10\nweight = 1",
        "E707",
        "\"cost\"",
        &["cost as a criterion"]
    ),
    criterion!(
        "weights that do not sum",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 0.7",
        "E705",
        "0.7",
        &["a sum of 0.7"]
    ),
    criterion!(
        "a weight below nothing",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = -1\n[[criterion]]\nid = \"b\"\nsource = \"w\"\nmeasure = \"convictions\"\ndirection = \"lower\"\nlow = 0\nhigh = 10\nweight = 2",
        "E303",
        "-1",
        &["direction = \"lower\""]
    ),
    criterion!(
        "a weight that is no number",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = nan",
        "E302",
        "nan",
        &["a finite number"]
    ),
    criterion!(
        "no weight",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10",
        "E102",
        "[[criterion]]",
        &["the key `weight` is missing"]
    ),
    criterion!(
        "no scale",
        "measure = \"releases\"\nweight = 1",
        "E708",
        "[[criterion]]",
        &["has no scale"]
    ),
    criterion!(
        "a scale without a direction",
        "measure = \"releases\"\nlow = 0\nhigh = 10\nweight = 1",
        "E102",
        "[[criterion]]",
        &["the key `direction` is missing"]
    ),
    criterion!(
        "half a scale",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nweight = 1",
        "E708",
        "0",
        &["half a scale"]
    ),
    criterion!(
        "a scale upside down",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 10\nhigh = 0.5\nweight = 1",
        "E708",
        "0.5",
        &["`low` below `high`"]
    ),
    criterion!(
        "a scale and points",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\npoints = \"0:0 10:100\"\nweight = 1",
        "E708",
        "\"0:0 10:100\"",
        &["two value functions"]
    ),
    criterion!(
        "points that do not rise",
        "measure = \"releases\"\npoints = \"10:0 5:100\"\nweight = 1",
        "E708",
        "\"10:0 5:100\"",
        &["rising by score"]
    ),
    criterion!(
        "an unknown direction",
        "measure = \"releases\"\ndirection = \"lowr\"\nlow = 0\nhigh = 10\nweight = 1",
        "E111",
        "\"lowr\"",
        &["did you mean `lower`?"]
    ),
    criterion!(
        "a weight that nobody judged",
        "measure = \"releases\"\ndirection = \"higher\"\nlow = 0\nhigh = 10\nweight = 1\nsorce = \"w\"",
        "E101",
        "sorce",
        &["unknown key `sorce`"]
    ),
];

#[test]
fn every_fault_of_judging_is_named_with_its_place() {
    check_all(CASES);
}

/// Do-minimum stands at the top of the scenario.
#[test]
fn do_minimum_is_another_option_than_the_comparator() {
    let top = "seed       = 7";
    for (name, code, says) in [
        ("shred", "E210", "did you mean `shared`?"),
        ("business-as-usual", "E513", "the comparator itself"),
    ] {
        let copy = Copy::new();
        let line = format!("{top}\ndo_minimum = \"{name}\"");
        copy.edit("scenario.toml", top, &line);
        let faults = copy.faults();
        let shown = needscast::diagnostic::render(&faults);
        assert_eq!(faults.len(), 1, "{shown}");
        assert_eq!(faults[0].code, code, "{shown}");
        assert!(shown.contains(says), "{shown}");
    }
    let copy = Copy::new();
    copy.edit(
        "scenario.toml",
        top,
        &format!("{top}\ndo_minimum = \"shared\""),
    );
    let plan = copy.compile().or_say();
    assert_eq!(plan.judging.do_minimum, Some(1));
}

#[test]
fn what_is_not_reported_cannot_be_judged() {
    let copy = Copy::new();
    let text = copy.text("scenario.toml");
    let journey = text.split("[[option]]").next().unwrap();
    let rest = "[[option]]\nid = \"business-as-usual\"\n[threshold]\noutcome = \"needs_met\"\n";
    let text = format!("{journey}{rest}").replace("draws ", "services   = \"none\"\ndraws ");
    copy.write("scenario.toml", text.as_bytes());
    let faults = copy.faults();
    let shown = needscast::diagnostic::render(&faults);
    assert_eq!(faults.len(), 1, "{shown}");
    assert_eq!(faults[0].code, "E511", "{shown}");
}

#[test]
fn weights_may_sum_to_one_or_to_a_hundred_and_worths_are_sorted() {
    for weights in [[0.25, 0.75], [25.0, 75.0]] {
        let copy = Copy::new();
        let criterion = |id: &str, weight: f64| {
            format!(
                "[[criterion]]\nid = \"{id}\"\nmeasure = \"releases\"\ndirection = \"lower\"\nlow = 0\nhigh = 10\n\
                 weight = {weight}\nsource = \"a workshop\"\n"
            )
        };
        let text = format!(
            "{END}\n[threshold]\ngbp = [500, 250, 500]\nsource = \"a board\"\n{}{}",
            criterion("a", weights[0]),
            criterion("b", weights[1])
        );
        copy.edit("scenario.toml", END, &text);
        let plan = copy.compile().or_say();
        assert_eq!(plan.judging.worths, [250.0, 500.0]);
        assert_eq!(plan.judging.criteria.len(), 2);
        let points = &plan.judging.criteria[0].criterion.points;
        assert_eq!(*points, [(0.0, 100.0), (10.0, 0.0)]);
    }
}

/// The Plan, or the faults in words.
trait Sound {
    fn or_say(self) -> needscast::compile::Plan;
}

impl Sound for Result<needscast::compile::Plan, Vec<needscast::diagnostic::Diagnostic>> {
    fn or_say(self) -> needscast::compile::Plan {
        self.unwrap_or_else(|faults| panic!("{}", needscast::diagnostic::render(&faults)))
    }
}

//! Expected flows of small models, beside expectations that are worked out on paper or by a few lines of arithmetic.

mod ages;
mod clock;
mod needs;

use needscast::compile::Plan;
use needscast::draw::draw;
use needscast::simulate::{Births, Layout, expect};

use crate::support::question::Question;

/// Every way of telling people apart by birth.
const ALL_BIRTHS: [Births; 3] = [Births::ByStep, Births::ByYear, Births::ByBand];

/// What is expected with the central parameters.
struct Flows {
    layout: Layout,
    values: Vec<f64>,
}

impl Flows {
    fn of(question: &Question, births: Births) -> Flows {
        Flows::of_plan(&question.plan(), births)
    }

    fn of_plan(plan: &Plan, births: Births) -> Flows {
        let mut plan = plan.clone();
        plan.n_draws = 0;
        let out = expect(&plan, &draw(&plan), births, &|| {});
        Flows {
            layout: out.layout,
            values: out.rows[0].values.clone(),
        }
    }

    fn series(&self, area: usize, measure: (&str, &str), is_monthly: bool) -> Vec<f64> {
        let mut all = self.layout.series.iter();
        let is_it = |s: &needscast::simulate::Series| {
            (s.measure.as_str(), s.breakdown.as_str()) == measure && s.is_monthly == is_monthly
        };
        let index = all.position(is_it);
        let index = index.unwrap_or_else(|| panic!("no series {measure:?}"));
        let periods = 0..self.layout.series[index].n_periods;
        let at = |period| self.values[self.layout.at(0, area, index, period)];
        periods.map(at).collect()
    }

    /// A series by month of the forecast.
    fn months(&self, area: usize, measure: &str) -> Vec<f64> {
        self.series(area, (measure, ""), true)
    }

    /// A series by year.
    fn years(&self, area: usize, measure: &str, breakdown: &str) -> Vec<f64> {
        self.series(area, (measure, breakdown), false)
    }
}

/// Beside numbers that were worked out otherwise. By age band people are followed in single precision.
fn meet(what: &str, births: Births, ours: &[f64], worked: &[f64]) {
    let tolerance = match births {
        Births::ByBand => 1e-5,
        _ => 1e-10,
    };
    assert_eq!(ours.len(), worked.len(), "{what}");
    for (period, (ours, worked)) in ours.iter().zip(worked).enumerate() {
        assert!(
            (ours - worked).abs() <= tolerance * worked.abs().max(1.0),
            "{what} in period {period}, {births:?}: {ours} is not {worked}"
        );
    }
}

const ONE_BAND: &str = "priors = [{ id = \"any\", from = 0 }]";
const TWO_BANDS: &str = "priors = [{ id = \"0\", from = 0, to = 0 }, { id = \"1+\", from = 1 }]";

/// A model of these states with two bands of previous convictions, none and any; `shares` of the people have them.
fn by_priors(states: &str, shares: [f64; 2]) -> Question {
    let everyone =
        |band: &str, share: f64| format!("everyone,,,,{band},,{share},share,2024,a test,judgement");
    Question::new(states)
        .edit("model/model.toml", ONE_BAND, TWO_BANDS)
        .edit(
            "model/parameters/numbers.csv",
            "everyone,,,,any,,1,share,2024,a test,judgement",
            &format!(
                "{}\n{}",
                everyone("0", shares[0]),
                everyone("1+", shares[1])
            ),
        )
}

/// Rows of a share by previous convictions.
fn share_by_priors(id: &str, shares: [f64; 2]) -> String {
    let [none, some] = shares;
    format!(
        "{id},,,,0,,{none},share,2024,a test,judgement\n{id},,,,1+,,{some},share,2024,a test,judgement"
    )
}

//! A finished back-test to files: scores, every forecast, a page and a manifest, all or nothing.

mod figures;
mod page;
mod tables;
mod terminal;

use std::path::Path;

use super::{Manifest, WriteError, folder};
use crate::calibrate::{Backtest, Blend, Method, Scored, Scores, Skill, skill};
use crate::compile::Panel;

pub use terminal::backtest_text;

/// Everything that the report of a back-test tells of.
pub struct BacktestRun<'a> {
    /// Every series, by name.
    pub tested: &'a [Tested],
    /// From how many known periods on forecasts were asked for.
    pub first: usize,
    /// The furthest horizon asked for.
    pub horizons: usize,
    /// What was made of the table that its author may not expect.
    pub notes: &'a [String],
    /// How it was made.
    pub manifest: &'a Manifest,
}

/// A series and its forecasts.
pub struct Tested {
    /// What was recorded.
    pub panel: Panel,
    /// What was forecast.
    pub backtest: Backtest,
}

/// Writes the report into `folder`, all or nothing: an earlier report there is replaced, anything else is left alone.
///
/// # Errors
/// When the folder holds something else, or the machine refuses.
pub fn write_backtest(folder: &Path, run: &BacktestRun) -> Result<(), WriteError> {
    let mut files = vec![
        ("scores.csv", tables::scores(run, |_| true)),
        ("skill.csv", tables::skill(run)),
        ("verdicts.csv", tables::verdicts(run)),
        ("forecasts.csv", tables::forecasts(run)),
    ];
    if run
        .tested
        .iter()
        .any(|tested| !tested.panel.breaks.is_empty())
    {
        let outside = tables::scores(run, |forecast| !forecast.is_disrupted);
        files.push(("scores_outside_breaks.csv", outside));
    }
    let page = page::html(run).map_err(|error| WriteError::Page(error.to_string()))?;
    files.push(("backtest.html", page.into_bytes()));
    files.push(("manifest.json", run.manifest.backtest_json(run)));
    folder::replace(folder, &files)
}

impl Tested {
    /// The scores of a method over everything.
    fn scores(&self, method: Method) -> Scores {
        Scores::of(self.of_method(method))
    }

    fn of_method(&self, method: Method) -> impl Iterator<Item = &Scored> {
        let forecasts = self.backtest.forecasts.iter();
        forecasts.filter(move |forecast| forecast.method == method)
    }

    /// The baseline with the smallest mean CRPS over everything, the simplest of equals.
    fn best_baseline(&self) -> Method {
        let crps = |method: &Method| self.scores(*method).crps;
        let best = Method::BASELINES
            .into_iter()
            .min_by(|a, b| crps(a).total_cmp(&crps(b)));
        best.unwrap_or(Method::Naive)
    }

    /// The skill against the best baseline over everything.
    fn skill(&self) -> Skill {
        skill(&self.backtest, self.best_baseline(), |_| true)
    }

    /// What came of it, in a sentence: whether the series is beaten, by how much, and how sure that is.
    fn verdict(&self) -> String {
        let best = title(self.best_baseline());
        let ours = self.skill();
        let percent = |share: f64| super::number::percent(share.abs(), 1);
        let interval = match ours.low.is_finite() {
            true => format!(
                " (95% interval {} to {})",
                super::number::signed(ours.low, percent),
                super::number::signed(ours.high, percent)
            ),
            false => " (one origin: no interval)".to_owned(),
        };
        let against = format!("than that of {best}, the best baseline here{interval}");
        let by = percent(ours.skill);
        let verdict = match Standing::of(&ours) {
            Standing::NeverWrong => format!("Not beaten: {best} was never wrong here"),
            Standing::NotBeaten => format!("Not beaten: the mean score is {by} worse {against}"),
            Standing::Beaten => format!("Beaten: the mean score is {by} better {against}"),
            Standing::Chance => format!(
                "Beaten, but chance could explain it: the mean score is {by} better {against}"
            ),
        };
        match self.shared() {
            Some(words) => format!("{verdict}. {words}"),
            None => verdict,
        }
    }
}

/// How our forecasts did against the best baseline.
#[derive(Clone, Copy)]
enum Standing {
    Beaten,
    Chance,
    NotBeaten,
    NeverWrong,
}

impl Standing {
    fn of(skill: &Skill) -> Standing {
        match skill.skill {
            of if of.is_nan() => Standing::NeverWrong,
            of if of <= 0.0 => Standing::NotBeaten,
            _ if skill.low > 0.0 => Standing::Beaten,
            _ => Standing::Chance,
        }
    }

    /// As in tables.
    fn name(self) -> &'static str {
        match self {
            Standing::Beaten => "beaten",
            Standing::Chance => "beaten, chance could explain it",
            Standing::NotBeaten | Standing::NeverWrong => "not beaten",
        }
    }
}

impl Tested {
    /// What other methods have of our forecasts, in a sentence.
    fn shared(&self) -> Option<String> {
        let blends = &self.backtest.blends;
        let (&origin, blend) = blends.last_key_value()?;
        let until = self.panel.periods.get(origin.checked_sub(1)?)?;
        let n = blends.len();
        let times = if n == 1 {
            "once".to_owned()
        } else {
            format!("{n} times")
        };
        let shares = shares(blend, title);
        Some(format!(
            "Where other methods had done well until then, they have a share of ours: {times}, last after {until} ({shares})"
        ))
    }
}

/// What each method has of a forecast.
pub(super) fn shares(blend: &Blend, name: fn(Method) -> &'static str) -> String {
    let some = Method::SHARING
        .into_iter()
        .filter(|m| blend.share(*m) > 0.0);
    let each = some.map(|m| format!("{} {}", name(m), super::number::percent(blend.share(m), 0)));
    each.collect::<Vec<_>>().join(", ")
}

/// A method as sentences name it.
pub(super) fn title(method: Method) -> &'static str {
    match method {
        Method::Needscast => "needscast",
        Method::Naive => "the last value",
        Method::Drift => "drift",
        Method::SeasonalNaive => "the same season last year",
        Method::Ets => "exponential smoothing",
        Method::Trend => "a common trend",
    }
}

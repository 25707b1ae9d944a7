//! The result of a back-test as text for a terminal.

use super::{BacktestRun, Tested};
use crate::calibrate::{Method, skill};
use crate::report::number::{grouped, percent, score, signed};

/// A table for every series and what came of it.
pub fn backtest_text(run: &BacktestRun) -> String {
    let parts: Vec<String> = run.tested.iter().map(of_series).collect();
    parts.join("\n")
}

fn of_series(tested: &Tested) -> String {
    let ours = tested.scores(Method::Needscast);
    let mut out = format!(
        "{}: {} forecasts{}\n",
        tested.panel.series,
        grouped(ours.n as f64, 0),
        span(tested)
    );
    out += &format!(
        "  {:<15} {:>10} {:>10} {:>10} {:>8} {:>8} {:>10} {:>8} {:>8}   needscast better by (95% interval)\n",
        "method",
        "CRPS",
        "log score",
        "abs. error",
        "MASE",
        "bias",
        "80% width",
        "80% in",
        "95% in"
    );
    for method in Method::ALL {
        let s = tested.scores(method);
        let ours = skill(&tested.backtest, method, |_| true);
        let share = |value: f64| signed(value, |v| percent(v, 1));
        let better = match method {
            Method::Needscast => String::new(),
            _ => format!(
                "   {} ({} to {})",
                share(ours.skill),
                share(ours.low),
                share(ours.high)
            ),
        };
        out += &format!(
            "  {:<15} {:>10} {:>10} {:>10} {:>8} {:>8} {:>10} {:>8} {:>8}{better}\n",
            method.name(),
            score(s.crps),
            score(s.log_score),
            score(s.mae),
            score(s.mase),
            signed(s.bias, score),
            score(s.width[1]),
            percent(s.cover[1], 0),
            percent(s.cover[2], 0),
        );
    }
    out + &format!("  {}.\n", tested.verdict())
}

/// How many areas and periods, and what was known at the first origin.
pub(super) fn span(tested: &Tested) -> String {
    let panel = &tested.panel;
    let mut areas: Vec<&str> = panel.strands.iter().map(|s| s.area_code.as_str()).collect();
    areas.dedup();
    let plural = |n: usize, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let strata = match panel.strands.len() == areas.len() {
        true => String::new(),
        false => format!(" in {} strata", panel.strands.len()),
    };
    let (first, last) = (panel.periods.first(), panel.periods.last());
    format!(
        " of {}{strata}, {} to {}, from {} known on",
        plural(areas.len(), "area"),
        first.map_or("", String::as_str),
        last.map_or("", String::as_str),
        plural(tested.backtest.first, "period"),
    )
}

//! A benchmark as Markdown, which is plain enough for a terminal.

use super::{BenchmarkRun, projections};
use crate::calibrate::{Broken, Tracked};
use crate::report::backtest::title;
use crate::report::number::{MISSING, exact, grouped, percent, signed};

/// The whole answer.
pub fn benchmark_text(run: &BenchmarkRun) -> String {
    let [version, commit, date, machine, cores] = &run.words;
    let mut out =
        format!("needscast {version}, commit {commit}, {date}, {machine}, {cores} cores\n\n");
    if !run.groups.is_empty() {
        out += "## Skill\n\n";
        out += &skill(run);
    }
    if !run.projected.is_empty() {
        out += "\n## Published projections\n\n";
        out += &projections::text(run.projected);
    }
    out += "\n## Change\n\n";
    out + &change(run)
}

fn skill(run: &BenchmarkRun) -> String {
    let mut out = String::from(
        "| series | forecasts | best baseline | better by | told of breaks | 80% holds | 95% holds | width over drift's |\n|---|---:|---|---:|---:|---:|---:|---:|\n",
    );
    for group in run.groups {
        let s = &group.skilled;
        let share = |value: f64| signed(value, |v| percent(v, 1));
        out += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
            group.title,
            grouped(s.n as f64, 0),
            title(s.best),
            share(s.skill),
            share(s.skill_told),
            percent(s.cover_80, 1),
            percent(s.cover_95, 1),
            grouped(s.width, 2),
        );
    }
    out
}

fn change(run: &BenchmarkRun) -> String {
    if run.n_lines == 0 {
        return "This is the first line of the history: there is nothing to compare with.\n\n"
            .to_owned()
            + &rows(run);
    }
    let elsewhere = run.tracked.iter().any(|tracked| tracked.elsewhere);
    let note = if elsewhere {
        "Times of other machines are not compared: there is none of this one.\n\n"
    } else {
        ""
    };
    format!("{note}{}", rows(run))
}

fn rows(run: &BenchmarkRun) -> String {
    let mut out = String::from(
        "| score | now | last | change | best | change |\n|---|---:|---:|---:|---:|---:|\n",
    );
    for tracked in run.tracked {
        let now = tracked.score.value;
        let of = |then: Option<f64>| {
            let then = then.unwrap_or(f64::NAN);
            // What is large is compared by shares, what is a share by differences.
            let change = match tracked.score.is_speed {
                true => signed(now / then - 1.0, |share| percent(share, 1)),
                false => signed(now - then, |difference| grouped(difference, 4)),
            };
            format!("{} | {change}", shown(tracked, then))
        };
        out += &format!(
            "| {} | {} | {} | {} |\n",
            tracked.score.name,
            shown(tracked, now),
            of(tracked.last),
            of(tracked.best),
        );
    }
    out
}

fn shown(tracked: &Tracked, value: f64) -> String {
    match (value.is_nan(), tracked.score.is_speed) {
        (true, _) => MISSING.to_owned(),
        (_, true) => exact(value, ""),
        _ => grouped(value, 4),
    }
}

/// A sentence for every broken tolerance; empty where all hold.
pub fn broken_text(tracked: &[Tracked]) -> String {
    let of_score = |tracked: &Tracked| {
        let name = &tracked.score.name;
        let now = shown(tracked, tracked.score.value);
        let sentences = tracked.broken.iter().map(|broken| match *broken {
            Broken::Below(least) => {
                format!("error: {name} is {now}, and the suite asks for at least {least}\n")
            }
            Broken::Above(most) => {
                format!("error: {name} is {now}, and the suite asks for at most {most}\n")
            }
            Broken::Worse { best, by } => {
                let by = match tracked.score.is_speed {
                    true => percent(by, 0),
                    false => by.to_string(),
                };
                let best = shown(tracked, best);
                format!("error: {name} is {now}, worse than the best so far, {best}, by more than {by}\n")
            }
        });
        sentences.collect::<String>()
    };
    tracked.iter().map(of_score).collect()
}

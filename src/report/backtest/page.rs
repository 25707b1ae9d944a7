//! The page of a back-test: one page that needs nothing but itself.

use serde::Serialize;
use serde_json::Value;

use super::{BacktestRun, Tested, figures, terminal, title};
use crate::calibrate::{Method, Scores};
use crate::compile::BreakKind;
use crate::report::number::{grouped, percent, score, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table, repeat};

pub(super) fn html(run: &BacktestRun) -> Result<String, minijinja::Error> {
    let template = include_str!("../backtest.html");
    render("backtest.html", template, Page::of(run))
}

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    verdicts: Vec<String>,
    n_beaten: usize,
    asked: String,
    notes: Vec<String>,
    series: Vec<SeriesView>,
    repeat: Value,
}

/// One series.
#[derive(Serialize)]
struct SeriesView {
    id: String,
    name: String,
    is_first: bool,
    about: String,
    verdict: String,
    is_beaten: bool,
    scores: Table,
    figures: Vec<Figure>,
    horizons: Table,
    breaks: Option<Table>,
    outside: Option<Table>,
}

impl Page {
    fn of(run: &BacktestRun) -> Page {
        let each = run.tested.iter().enumerate();
        let series: Vec<SeriesView> = each.map(|(index, tested)| view(index, tested)).collect();
        let n_beaten = series.iter().filter(|series| series.is_beaten).count();
        Page {
            title: match run.tested {
                [one] => format!("How good forecasts of {} would have been", one.panel.series),
                _ => format!(
                    "How good forecasts of {} series would have been",
                    run.tested.len()
                ),
            },
            verdicts: series
                .iter()
                .map(|series| format!("{}: {}.", series.name, series.verdict))
                .collect(),
            n_beaten,
            asked: format!(
                "Every moment of the past from {} known periods on was taken for the present: {} and four simple methods forecast the next {} periods from what was known then, and the forecasts were set against what was recorded afterwards.",
                run.first,
                title(Method::Needscast),
                run.horizons
            ),
            notes: run.notes.to_vec(),
            series,
            repeat: repeat(run.manifest),
        }
    }
}

fn view(index: usize, tested: &Tested) -> SeriesView {
    let panel = &tested.panel;
    let id = format!("series-{index}");
    let unit = match panel.unit.is_empty() {
        true => String::new(),
        false => format!(" In {}.", panel.unit),
    };
    let n = tested.scores(Method::Needscast).n;
    SeriesView {
        name: panel.series.clone(),
        is_first: index == 0,
        about: format!(
            "{} forecasts{}.{unit}",
            grouped(n as f64, 0),
            terminal::span(tested)
        ),
        verdict: tested.verdict(),
        is_beaten: tested.skill().skill > 0.0,
        scores: by_method("Scores over all horizons and areas", |method| {
            tested.scores(method)
        }),
        figures: figures::figures(&id, tested),
        horizons: by_horizon(tested),
        breaks: breaks(tested),
        outside: outside_breaks(tested),
        id,
    }
}

const HEADER: [&str; 12] = [
    "Method",
    "CRPS",
    "Log score",
    "80% interval score",
    "Within 50%",
    "Within 80%",
    "Within 95%",
    "Width of 80%",
    "Bias",
    "Absolute error",
    "Scaled error",
    "needscast is better by",
];

fn by_method(caption: &str, scores: impl Fn(Method) -> Scores) -> Table {
    let mut table = Table::new(caption, &HEADER, 1);
    let ours = scores(Method::Needscast).crps;
    for method in Method::ALL {
        let s = scores(method);
        let mut row = vec![method.name().to_owned()];
        row.extend([s.crps, s.log_score, s.interval_score_80].map(score));
        row.extend(s.cover.map(|share| percent(share, 1)));
        row.push(score(s.width[1]));
        row.push(signed(s.bias, score));
        row.extend([s.mae, s.mase].map(score));
        row.push(match method {
            Method::Needscast => String::new(),
            _ => signed(1.0 - ours / s.crps, |v| percent(v, 1)),
        });
        table.rows.push(row);
    }
    table
}

/// Ours and every baseline, horizon by horizon.
fn by_horizon(tested: &Tested) -> Table {
    let header = [
        "Horizon",
        "Method",
        "Forecasts",
        "CRPS",
        "Within 80%",
        "Width of 80%",
        "Absolute error",
        "Scaled error",
    ];
    let mut table = Table::new("Scores by horizon", &header, 2);
    for horizon in 1..=tested.backtest.horizons {
        for method in Method::ALL {
            let of_horizon = tested.of_method(method).filter(|f| f.horizon == horizon);
            let s = Scores::of(of_horizon);
            if s.n > 0 {
                table.rows.push(vec![
                    horizon.to_string(),
                    method.name().to_owned(),
                    grouped(s.n as f64, 0),
                    score(s.crps),
                    percent(s.cover[1], 1),
                    score(s.width[1]),
                    score(s.mae),
                    score(s.mase),
                ]);
            }
        }
    }
    table
}

fn breaks(tested: &Tested) -> Option<Table> {
    let panel = &tested.panel;
    let header = ["Kind", "From", "To", "Area", "Why", "Source"];
    let mut table = Table::new("Declared breaks", &header, 6);
    for found in &panel.breaks {
        let kind = match found.kind {
            BreakKind::Disrupted => "disrupted",
            BreakKind::Level => "another level",
            BreakKind::Ending => "runs out",
        };
        table.rows.push(vec![
            kind.to_owned(),
            panel.periods[found.from].clone(),
            panel.periods[found.to].clone(),
            found.area_code.clone().unwrap_or_else(|| "all".to_owned()),
            found.reason.clone(),
            found.source.clone(),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// The scores without the targets that were declared disrupted, where there are any.
fn outside_breaks(tested: &Tested) -> Option<Table> {
    let is_any = tested.backtest.forecasts.iter().any(|f| f.is_disrupted);
    let caption = "Scores of forecasts of periods that were not declared disrupted";
    let outside = |method| Scores::of(tested.of_method(method).filter(|f| !f.is_disrupted));
    is_any.then(|| by_method(caption, outside))
}

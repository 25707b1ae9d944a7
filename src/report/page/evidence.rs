//! Why to believe it, and how far: the fit to what was recorded, every assumption with its grade, how to run it again.

use serde_json::{Value, json};

use super::super::{Run, number};
use super::view::{self, Table};
use crate::compile::Parameter;
use crate::summarise::FitLine;

/// The fit to what was recorded; nothing when nothing was.
pub(super) fn fit(run: &Run) -> Option<Value> {
    let fit = run.fit;
    if fit.lines.is_empty() {
        return None;
    }
    let verdicts: Vec<_> = fit
        .verdicts
        .iter()
        .map(|v| json!({ "text": v.text, "exceptions": v.exceptions }))
        .collect();
    Some(json!({
        "headline": (!fit.headline.is_empty())
            .then(|| fit_table("Hindcast against what was recorded, last published years", &fit.headline)),
        "areas": (!fit.areas.is_empty()).then(|| fit_table("Each area: mean of its last published years", &fit.areas)),
        "verdicts": verdicts,
        "is_scaled": fit.is_scaled_to_known_residence,
    }))
}

fn fit_table(caption: &str, lines: &[FitLine]) -> Table {
    let mut table = Table::new(
        caption,
        &[
            "Measure",
            "Place",
            "Period",
            "Recorded",
            "Modelled",
            "90% range",
            "Difference",
            "Inside the range",
        ],
        3,
    );
    for line in lines {
        let [modelled, range] = super::mean_and_range(&line.modelled, &line.unit);
        table.rows.push(vec![
            line.title.clone(),
            line.area.name.clone(),
            line.period.clone(),
            number::exact(line.recorded, &line.unit),
            modelled,
            range,
            number::signed(line.relative_error, |v| number::percent(v, 1)),
            match line.is_inside {
                Some(true) => "yes".to_owned(),
                Some(false) => "no".to_owned(),
                None => number::MISSING.to_owned(),
            },
        ]);
    }
    table
}

/// Every parameter that the run used: grades counted, then the list.
pub(super) fn assumptions(run: &Run) -> Value {
    let variance = &run.appraisal.variance;
    let mut grades = Table::new(
        "Parameters by grade of evidence",
        &[
            "Grade",
            "Parameters",
            "of which uncertain",
            "Share of variance",
        ],
        1,
    );
    for (grade, n, n_drawn, share) in &variance.by_grade {
        let share = match variance.is_known {
            true if *share > 0.0 => number::percent(*share, 0),
            true => "too small to tell".to_owned(),
            false => number::MISSING.to_owned(),
        };
        grades.rows.push(vec![
            grade.name().to_owned(),
            n.to_string(),
            n_drawn.to_string(),
            share,
        ]);
    }
    let parameters: Vec<_> = run
        .plan
        .parameters
        .iter()
        .zip(&variance.by_parameter)
        .filter(|(p, _)| !p.used_by.is_empty())
        .map(|(p, share)| parameter(run, p, *share))
        .collect();
    let explained = if variance.is_known {
        format!(
            "Shares are of the variance of {}: the squared rank correlation of each parameter with it across the draws. Parameters \
             below {} cannot be told from nothing with {} draws and show no share; what is left over is parameters acting together, \
             the many small ones, and chance in people’s lives.",
            run.varied_output(),
            number::percent(variance.smallest, 1),
            run.forecast.n_draws
        )
    } else {
        "Too few draws to say how the uncertainty is shared out.".to_owned()
    };
    json!({ "grades": grades, "explained": explained, "parameters": parameters })
}

fn parameter(run: &Run, parameter: &Parameter, share: Option<f64>) -> Value {
    let cells: Vec<_> = parameter
        .cells
        .iter()
        .flatten()
        .map(|(_, cell)| &run.plan.cells[*cell])
        .collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    let (mut sources, mut grades): (Vec<(&str, &str)>, Vec<_>) = (Vec::new(), Vec::new());
    for cell in &cells {
        low = low.min(cell.value);
        high = high.max(cell.value);
        let source = (cell.evidence.source.as_str(), cell.evidence.url.as_str());
        if !sources.contains(&source) {
            sources.push(source);
        }
        if !grades.contains(&cell.evidence.grade) {
            grades.push(cell.evidence.grade);
        }
    }
    grades.sort();
    let shown = |value| number::plain(value);
    let value = if low == high {
        shown(low)
    } else {
        format!("{} to {}", shown(low), shown(high))
    };
    let interval = match cells[..] {
        [one] => one
            .interval
            .map(|(low, high)| format!("{} to {}", three(low), three(high))),
        _ => None,
    };
    let notes: Vec<_> = cells
        .first()
        .map(|cell| cell.evidence.note.clone())
        .filter(|note| !note.is_empty())
        .into_iter()
        .collect();
    json!({
        "id": parameter.id,
        "value": value,
        "n": cells.len(),
        "interval": interval,
        "unit": parameter.unit.to_string(),
        "grade": grades.iter().map(|grade| grade.name()).collect::<Vec<_>>().join(", "),
        "period": cells.first().map(|cell| cell.evidence.period.clone()),
        "sources": sources.iter().take(3).map(|(name, url)| json!({ "name": name, "url": web(url) })).collect::<Vec<_>>(),
        "n_more_sources": sources.len().saturating_sub(3),
        "notes": notes,
        "used_by": parameter.used_by.join(", "),
        "share": share.map(|share| number::percent(share, 0)),
    })
}

/// Three significant digits are enough for an interval.
fn three(value: f64) -> String {
    format!("{value:.2e}")
        .parse::<f64>()
        .map_or(String::new(), number::plain)
}

/// Only addresses of the web become links; anything else is shown as text.
fn web(url: &str) -> Option<&str> {
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}

/// What it takes to run it again.
pub(super) fn repeat(run: &Run) -> Value {
    let mut repeat = view::repeat(run.manifest);
    repeat["command"] = json!(run.manifest.command());
    repeat["seed"] = json!(run.plan.seed);
    repeat["draws"] = json!(run.forecast.n_draws);
    // What varies from run to run stands in the manifest alone.
    if let Some(all) = repeat.as_object_mut() {
        all.retain(|key, _| !["threads", "started", "seconds"].contains(&key.as_str()));
    }
    repeat
}

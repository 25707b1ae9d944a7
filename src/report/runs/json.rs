//! What changed between two runs, as JSON.

use serde_json::{Value, json};

use super::RunsReport;
use crate::document::{ASSUMED, ResultFolder};

impl RunsReport<'_> {
    /// Everything, for programs.
    pub fn json(&self) -> String {
        let changes = self.changes;
        let settings = changes.settings.iter();
        let files = changes.files.iter();
        let choices = changes.choices.iter();
        let order = |options: &[(String, f64)]| -> Vec<Value> {
            let options = options.iter();
            options
                .map(|(option, npsv)| json!({ "option": option, "npsv": npsv }))
                .collect()
        };
        let answer = json!({
            "a": run(self.a),
            "b": run(self.b),
            "one_question": changes.is_one_question,
            "settings": settings.map(|s| json!({ "what": s.what, "a": s.a, "b": s.b })).collect::<Vec<_>>(),
            "files": files.map(|f| json!({ "name": f.name, "a": f.a, "b": f.b })).collect::<Vec<_>>(),
            "parameters_in_both": changes.n_parameters,
            "parameters": self.parameters_json(),
            "answers": self.answers_json(),
            "order": changes.order.as_ref().map(|it| {
                json!({ "a": order(&it.a), "b": order(&it.b), "changed": it.is_changed })
            }),
            "best": choices
                .map(|c| json!({ "threshold": c.threshold, "a": c.a, "b": c.b, "changed": c.a != c.b }))
                .collect::<Vec<_>>(),
            "track": self.track_json(),
        });
        format!("{answer:#}\n")
    }

    fn parameters_json(&self) -> Vec<Value> {
        let cells = |cells: &Option<[String; ASSUMED.len()]>| {
            cells.as_ref().map(|cells| {
                let named = ASSUMED.iter().zip(cells);
                named
                    .map(|(name, cell)| ((*name).to_owned(), json!(cell)))
                    .collect::<serde_json::Map<_, _>>()
            })
        };
        let changes = self.changes.parameters.iter();
        changes
            .map(|change| {
                let [id, keys, from] = &change.key;
                json!({
                    "id": id, "keys": keys, "from": from, "changed": change.fields,
                    "a": cells(&change.a), "b": cells(&change.b),
                })
            })
            .collect()
    }

    fn answers_json(&self) -> Vec<Value> {
        let changes = self.changes.answers.iter();
        changes
            .map(|change| {
                let [option, area, measure, breakdown, period] = &change.key;
                json!({
                    "option": option, "area_code": area, "measure": measure,
                    "breakdown": breakdown, "period": period, "unit": change.unit,
                    "headline": change.is_headline,
                    "a": number(change.a), "b": number(change.b),
                    "difference": number(change.b - change.a),
                    "mc_error": number(change.mc_error),
                    "beyond_chance": change.is_beyond_chance,
                    "shift": number(change.shift),
                })
            })
            .collect()
    }

    fn track_json(&self) -> Value {
        let track = &self.changes.track;
        let lines = track.lines.iter().map(|line| {
            let [measure, area, period] = &line.key;
            let inside = line.is_inside();
            json!({
                "measure": measure, "area_code": area, "period": period, "unit": line.unit,
                "recorded": number(line.recorded), "forecast": number(line.forecast),
                "inside_50": inside.map(|it| it.0), "inside_90": inside.map(|it| it.1),
            })
        });
        let measures = track.measures.iter().map(|it| {
            json!({
                "measure": it.measure, "unit": it.unit, "figures": it.n,
                "with_range": it.n_with_range, "inside_50": it.inside_50,
                "inside_90": it.inside_90,
                "mean_absolute_error": number(it.mean_absolute_error),
                "bias": number(it.bias), "mean_recorded": number(it.mean_recorded),
            })
        });
        json!({ "measures": measures.collect::<Vec<_>>(), "figures": lines.collect::<Vec<_>>() })
    }
}

fn run(run: &ResultFolder) -> Value {
    let manifest = &run.manifest;
    json!({
        "folder": run.name, "title": manifest.title, "version": manifest.version,
        "commit": manifest.commit, "seed": manifest.seed, "draws": manifest.draws,
    })
}

/// JSON knows no number that is none.
fn number(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

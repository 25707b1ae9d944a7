//! One change as a waterfall, and its table.

use super::super::Run;
use super::super::adding::magnitude;
use super::super::chart::{Step, WaterfallChart};
use super::super::number;
use super::told::{Told, moved_in, name, scale, shown_unit};
use super::view::{Figure, Table};
use crate::summarise::{Estimate, Part, reported_areas};

impl Told<'_> {
    /// The waterfall.
    pub fn figure(&self, run: &Run, id: String) -> Figure {
        let (title, sentence) = (self.title(), self.sentence());
        let end = |label: &str, units: i64| {
            let label = label.trim_matches(['“', '”']).to_owned();
            (label, self.shown.value(units), self.level(units))
        };
        let chart = WaterfallChart {
            id: &id,
            title: &title,
            description: &format!(
                "Waterfall chart. {title}. {sentence} The table after the chart has every number."
            ),
            unit: shown_unit(self.series),
            before: end(&self.ends.before, self.shown.before),
            steps: self.steps(),
            after: end(&self.ends.after, self.shown.after),
        };
        let mut note = sentence;
        note += &self.recorded(run);
        let mut parts = self.driven.parts.iter();
        if parts.any(|(_, part)| part.p05 < part.p95) {
            note += " Whiskers are 90% ranges, drawn from where a bar begins: of what is expected, as the uncertain numbers have \
                     it, and for chance of what luck does in a single future.";
        }
        if chart.is_cut() {
            note += " The axis does not begin at zero.";
        }
        Figure {
            svg: chart.svg(),
            title,
            note,
            table: self.table(run),
            id,
        }
    }

    /// What was recorded in the two years, where both were.
    fn recorded(&self, run: &Run) -> String {
        let areas = reported_areas(run.plan);
        let code = &areas[self.driven.area].code;
        let of = |year: &String| {
            let mut recorded = run.plan.recorded.iter();
            recorded.find(|record| {
                let is_whole = self.series.breakdown.is_empty();
                is_whole
                    && record.measure == self.series.measure
                    && record.area_code == *code
                    && record.period == *year
            })
        };
        let show = |value: f64| number::exact(value, &self.series.unit);
        match (of(&self.ends.before), of(&self.ends.after)) {
            (Some(before), Some(after)) => format!(
                " Recorded were {} and {}.",
                show(before.value),
                show(after.value)
            ),
            _ => String::new(),
        }
    }

    fn steps(&self) -> Vec<Step> {
        let size = scale(self.series);
        let parts = self.driven.parts.iter().enumerate();
        parts
            .map(|(index, (part, estimate))| Step {
                label: name(*part).to_owned(),
                by: self.shown.value(self.shown.parts[index]),
                interval: (estimate.p05 * size, estimate.p95 * size),
                words: match estimate.p05 < estimate.p95 {
                    true => format!("{} ({})", self.part(index), self.range(estimate)),
                    false => self.part(index),
                },
            })
            .collect()
    }

    /// Every number of the chart.
    fn table(&self, run: &Run) -> Table {
        let unit = shown_unit(self.series);
        let caption = format!("{} ({unit}) {}", self.series.title, self.ends.between());
        let header = [
            "Part",
            "What moves",
            "Size",
            "90% range",
            "Monte Carlo error",
        ];
        let mut table = Table::new(caption, &header, 2);
        let size = scale(self.series);
        let end = |label: &String, level: String, estimate: &Estimate| {
            let show = |value: f64| number::grouped(value * size, self.shown.digits());
            vec![
                label.clone(),
                String::new(),
                level,
                number::range(estimate, show),
                error(estimate, size),
            ]
        };
        let driven = self.driven;
        let before = end(&self.ends.before, self.before(), &driven.before);
        table.rows.push(before);
        for (index, (part, estimate)) in driven.parts.iter().enumerate() {
            table.rows.push(vec![
                name(*part).to_owned(),
                moves(run, driven.comparison, *part),
                self.part(index),
                self.range(estimate),
                error(estimate, size),
            ]);
        }
        let after = end(&self.ends.after, self.after(), &driven.after);
        table.rows.push(after);
        table
    }
}

fn error(estimate: &Estimate, size: f64) -> String {
    let error = estimate.mc_error * size;
    match error.is_finite() {
        true if error == 0.0 => "0".to_owned(),
        true => number::grouped(error, (1 - magnitude(error)).clamp(0, 3) as usize),
        false => number::MISSING.to_owned(),
    }
}

/// What moves in a part, in a few words.
fn moves(run: &Run, comparison: usize, part: Part) -> String {
    const MOST: usize = 2;
    let moved = moved_in(run, comparison, part);
    let words: Vec<&str> = moved.iter().map(|moved| moved.words.as_str()).collect();
    match (part, words.len()) {
        (Part::Driver(_), 0) => "nothing".to_owned(),
        (_, n) if n <= MOST => words.join("; "),
        (_, n) => format!("{}; and {} more", words[..MOST].join("; "), n - MOST),
    }
}

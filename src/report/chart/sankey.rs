//! Flows between stages: bands as wide as they carry people, from the left to the right.

use super::time::short;
use super::{LETTER, frame, text};

const WIDTH: f64 = 720.0;
const TOP: f64 = 12.0;
/// All that flows at the fullest place of the way is so high.
const FULL: f64 = 300.0;
/// Between two stages that stand above one another.
const GAP: f64 = 22.0;
/// How wide a stage is drawn.
const NODE: f64 = 10.0;
/// Right of the last stage stands its name.
const RIGHT: f64 = 200.0;

/// No name is cut to fewer letters than these.
const FEWEST: f64 = 18.0;

/// From a stage to another, how many, and the number in words.
pub type Flow = (String, String, f64, String);

/// A chart of flows.
pub struct SankeyChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// From a stage to another, how many, and the number in words; they lead to the right, in no circle.
    pub flows: Vec<Flow>,
}

/// A stage: where it stands and how much of it is taken.
struct Stage<'a> {
    name: &'a str,
    column: usize,
    /// The larger of what comes and what goes.
    size: f64,
    top: f64,
    came: f64,
    went: f64,
}

impl SankeyChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let mut stages = self.stages();
        let n_columns = stages.iter().map(|s| s.column + 1).max().unwrap_or(1);
        let fullest = (0..n_columns)
            .map(|column| {
                let own = stages.iter().filter(|s| s.column == column);
                own.map(|s| s.size).sum::<f64>()
            })
            .fold(0.0, f64::max);
        let scale = if fullest > 0.0 { FULL / fullest } else { 0.0 };
        let mut floor = TOP;
        for column in 0..n_columns {
            let mut y = TOP;
            for stage in stages.iter_mut().filter(|s| s.column == column) {
                stage.top = y;
                y += (stage.size * scale).max(1.0) + GAP;
            }
            floor = f64::max(floor, y);
        }
        let step = (WIDTH - RIGHT - NODE) / (n_columns - 1).max(1) as f64;
        let mut drawing = String::new();
        for (index, (from, to, size, _)) in self.flows.iter().enumerate() {
            drawing += &band(&mut stages, (from, to, *size), (scale, step), index % 4);
        }
        for stage in &stages {
            // The last names have the margin, the others the way to the next stage, but for a few letters over it.
            let room = match stage.column + 1 == n_columns {
                true => RIGHT - NODE,
                false => step.max(FEWEST * LETTER),
            };
            drawing += &drawn(stage, scale, (stage.column as f64 * step, room));
        }
        let size = (WIDTH, floor + 4.0);
        frame(self.id, self.title, self.description, size, &drawing)
    }

    /// Every stage in the order in which it is named, as far to the right as the longest way to it is.
    fn stages(&self) -> Vec<Stage<'_>> {
        let mut stages: Vec<Stage> = Vec::new();
        for name in self.flows.iter().flat_map(|(from, to, ..)| [from, to]) {
            if !stages.iter().any(|stage| stage.name == name) {
                let sum = |of: &dyn Fn(&Flow) -> bool| -> f64 {
                    self.flows
                        .iter()
                        .filter(|flow| of(flow))
                        .map(|flow| flow.2)
                        .sum()
                };
                stages.push(Stage {
                    name,
                    column: 0,
                    size: sum(&|flow| flow.0 == *name).max(sum(&|flow| flow.1 == *name)),
                    top: 0.0,
                    came: 0.0,
                    went: 0.0,
                });
            }
        }
        // No way is longer than there are stages.
        for _ in 0..stages.len() {
            for (from, to, ..) in &self.flows {
                let column = |name: &str| stages.iter().find(|s| s.name == name).map(|s| s.column);
                let next = column(from).unwrap_or(0) + 1;
                let bound = stages.len();
                if let Some(stage) = stages.iter_mut().find(|s| s.name == to) {
                    stage.column = stage.column.max(next).min(bound);
                }
            }
        }
        stages
    }
}

/// A band from where the last one left a stage to where the last one came to another.
fn band(
    stages: &mut [Stage],
    (from, to, size): (&str, &str, f64),
    (scale, step): (f64, f64),
    style: usize,
) -> String {
    let height = size * scale;
    let mut x = [0.0; 2];
    let mut y = [0.0; 2];
    for stage in stages {
        if stage.name == from {
            x[0] = stage.column as f64 * step + NODE;
            y[0] = stage.top + stage.went;
            stage.went += height;
        }
        if stage.name == to {
            x[1] = stage.column as f64 * step;
            y[1] = stage.top + stage.came;
            stage.came += height;
        }
    }
    let middle = (x[0] + x[1]) / 2.0;
    format!(
        "<path class=\"flow c{style}\" d=\"M{0:.1} {1:.1}C{4:.1} {1:.1} {4:.1} {3:.1} {2:.1} {3:.1}v{height:.1}C{4:.1} {5:.1} {4:.1} {6:.1} {0:.1} {6:.1}z\"/>",
        x[0],
        y[0],
        x[1],
        y[1],
        middle,
        y[1] + height,
        y[0] + height
    )
}

fn drawn(stage: &Stage, scale: f64, (x, room): (f64, f64)) -> String {
    let height = (stage.size * scale).max(1.0);
    let words = short(stage.name, (room / LETTER) as usize);
    format!(
        "<rect class=\"node\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{NODE}\" height=\"{height:.1}\"/>{}",
        stage.top,
        text(
            "label",
            x + NODE + 5.0,
            stage.top + (height / 2.0).max(6.0) + 4.5,
            &words
        )
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(flows: &[(&str, &str, f64)]) -> SankeyChart<'static> {
        SankeyChart {
            id: "s",
            title: "",
            description: "",
            flows: flows
                .iter()
                .map(|(a, b, n)| ((*a).to_owned(), (*b).to_owned(), *n, String::new()))
                .collect(),
        }
    }

    #[test]
    fn a_stage_stands_right_of_everything_that_leads_to_it() {
        let chart = chart(&[("a", "b", 3.0), ("b", "c", 2.0), ("a", "c", 1.0)]);
        let stages = chart.stages();
        let columns: Vec<_> = stages.iter().map(|s| (s.name, s.column, s.size)).collect();
        assert_eq!(columns, [("a", 0, 4.0), ("b", 1, 3.0), ("c", 2, 3.0)]);
        let svg = chart.svg();
        assert_eq!(svg.matches("class=\"flow").count(), 3);
        assert_eq!(svg.matches("class=\"node").count(), 3);
    }

    #[test]
    fn a_circle_ends() {
        assert_eq!(chart(&[("a", "b", 1.0), ("b", "a", 1.0)]).stages().len(), 2);
    }
}

//! Published projections beside ours: a row for each edition, and what holds over all of them.

use super::{BenchmarkRun, Projected};
use crate::report::csv::Csv;
use crate::report::number::{grouped, list, percent, signed};

/// How far each forecast was from what came: the middle of the published range, our median, and the last value.
const METHODS: [&str; 3] = [
    "the middle of the published range",
    "needscast's median",
    "the last value",
];

impl Projected {
    /// Error of each of [`METHODS`] as a share of the record; `None` where nothing is recorded yet.
    fn errors(&self) -> Option<[f64; 3]> {
        let recorded = self.row.recorded?;
        let middle = (self.row.low + self.row.high) / 2.0;
        let forecasts = [middle, self.ahead.quantiles[3], self.ahead.last];
        Some(forecasts.map(|forecast| forecast / recorded - 1.0))
    }

    /// Ends of the published range, of our 95% and of our 80% interval.
    fn ranges(&self) -> [[f64; 2]; 3] {
        let q = &self.ahead.quantiles;
        [[self.row.low, self.row.high], [q[0], q[6]], [q[1], q[5]]]
    }

    fn are_inside(&self) -> Option<[bool; 3]> {
        let recorded = self.row.recorded?;
        Some(
            self.ranges()
                .map(|[low, high]| low <= recorded && recorded <= high),
        )
    }
}

pub(super) fn table(run: &BenchmarkRun) -> Vec<u8> {
    let mut table = Csv::new(&[
        "edition",
        "start",
        "target",
        "recorded_on",
        "recorded",
        "low",
        "high",
        "middle",
        "last",
        "median",
        "low_95",
        "high_95",
        "low_80",
        "high_80",
    ]);
    for projected in run.projected {
        let row = &projected.row;
        let [[low, high], [low_95, high_95], [low_80, high_80]] = projected.ranges();
        let (last, median) = (projected.ahead.last, projected.ahead.quantiles[3]);
        let middle = (low + high) / 2.0;
        table.row(
            [
                &row.edition,
                &row.start.to_string(),
                &row.target.to_string(),
                &row.recorded_on,
            ],
            [
                row.recorded.unwrap_or(f64::NAN),
                low,
                high,
                middle,
                last,
                median,
                low_95,
                high_95,
                low_80,
                high_80,
            ],
        );
    }
    table.into_bytes()
}

/// As Markdown.
pub(super) fn text(projected: &[Projected]) -> String {
    let mut out = String::from(
        "| edition | from | for | recorded | published range | its middle | needscast, 95% | needscast, 80% | median | last value |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for one in projected {
        let row = &one.row;
        let inside = one.are_inside().map_or([""; 3], |are| {
            are.map(|is| if is { ", in" } else { ", out" })
        });
        let [published, ours_95, ours_80] = std::array::from_fn(|i| {
            let [low, high] = one.ranges()[i];
            format!("{} to {}{}", whole(low), whole(high), inside[i])
        });
        let [middle, median, last] = one.errors().map_or_else(Default::default, |errors| {
            errors.map(|error| signed(error, |share| percent(share, 1)))
        });
        out += &format!(
            "| {} | {} | {} | {} | {published} | {middle} | {ours_95} | {ours_80} | {median} | {last} |\n",
            row.edition,
            row.start,
            row.target,
            row.recorded
                .map_or_else(|| "not known yet".to_owned(), whole),
        );
    }
    out + "\n" + &verdict(projected) + "\n"
}

/// Mean errors, widths and hits of the editions whose target is recorded, and whether the aim is met.
fn verdict(projected: &[Projected]) -> String {
    let known: Vec<(&Projected, [f64; 3], [bool; 3])> = projected
        .iter()
        .filter_map(|one| Some((one, one.errors()?, one.are_inside()?)))
        .collect();
    if known.is_empty() {
        return "No target is recorded yet.".to_owned();
    }
    let n = known.len() as f64;
    let errors: [f64; 3] = std::array::from_fn(|i| {
        known
            .iter()
            .map(|(_, errors, _)| errors[i].abs())
            .sum::<f64>()
            / n
    });
    let widths: [f64; 3] = std::array::from_fn(|i| {
        let width = |one: &Projected| one.ranges()[i][1] - one.ranges()[i][0];
        known
            .iter()
            .map(|(one, ..)| width(one) / one.row.recorded.unwrap_or(f64::NAN))
            .sum::<f64>()
            / n
    });
    let hits: [usize; 3] =
        std::array::from_fn(|i| known.iter().filter(|(.., inside)| inside[i]).count());
    let said = (0..3).map(|i| format!("{} for {}", percent(errors[i], 1), METHODS[i]));
    let words = |holds: bool| if holds { "holds" } else { "does not hold" };
    format!(
        "Over the {} editions whose target is recorded, the mean absolute error is {}. The record lies in the published range {} times, in needscast's 95% interval {} times and in its 80% interval {} times. The published range is {} of the record wide on average, the 95% interval {}, the 80% interval {}. A smaller error than the last value: {}. Half the width of the published range at 95%: {}. So few editions show neither nominal coverage nor its absence.",
        known.len(),
        list(&said.collect::<Vec<_>>()),
        hits[0],
        hits[1],
        hits[2],
        percent(widths[0], 1),
        percent(widths[1], 1),
        percent(widths[2], 1),
        words(errors[1] < errors[2]),
        words(widths[1] <= widths[0] / 2.0),
    )
}

fn whole(value: f64) -> String {
    grouped(value, 0)
}

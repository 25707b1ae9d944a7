//! What the verdict on an option turns on: one-way sensitivity and switching values.

use super::super::super::chart::{Bar, TornadoChart};
use super::super::super::number;
use super::super::view::{Figure, Table};
use super::{Weighed, pounds, signed_pounds};
use crate::appraise::{Input, Leverage, OF_CENTRAL};

/// How many inputs a chart shows.
const SHOWN: usize = 12;

/// An input that moves the net benefit of an option.
pub(super) struct Turn<'a> {
    pub input: &'a Input,
    pub leverage: &'a Leverage,
}

impl Turn<'_> {
    /// How far the input moves the net benefit.
    fn swing(&self) -> f64 {
        let [low, high] = self.leverage.low_and_high;
        (high - low).abs()
    }
}

impl Weighed<'_> {
    /// The inputs that can be told from nothing, those that move most first.
    pub fn turns(&self, option: usize) -> Vec<Turn<'_>> {
        let at = self.told_at();
        let weighing = self.weighing;
        let pairs = weighing.inputs.iter().zip(&weighing.comparison.learnings);
        // A group of one parameter would say again what the parameter says.
        let mut turns: Vec<Turn> = pairs
            .filter(|(input, _)| !input.is_group)
            .filter_map(|(input, (_, learnings))| {
                let leverage = learnings[at].leverage[option].as_ref()?;
                Some(Turn { input, leverage })
            })
            .filter(|turn| turn.leverage.is_told && turn.swing() > 0.0)
            .collect();
        turns.sort_by(|a, b| b.swing().total_cmp(&a.swing()));
        turns
    }

    /// A tornado for each option but the comparator, the one with the widest swing first.
    pub fn tornados(&self) -> Vec<Figure> {
        if self.weighing.inputs.is_empty() {
            return Vec::new();
        }
        let mut options: Vec<(f64, usize)> = self
            .run
            .others()
            .map(|option| (self.turns(option).first().map_or(0.0, Turn::swing), option))
            .collect();
        options.sort_by(|a, b| b.0.total_cmp(&a.0));
        options
            .into_iter()
            .filter_map(|(_, option)| self.tornado(option))
            .collect()
    }

    fn tornado(&self, option: usize) -> Option<Figure> {
        let turns = self.turns(option);
        let increment = self.weighing.comparison.options[option]
            .increment
            .as_ref()?;
        let middle = increment.net_benefit[self.told_at()].mean;
        let theirs = number::lower_first(&self.run.comparator_name());
        let first = turns.first()?;
        let [low, high] = first.leverage.low_and_high;
        let title = format!(
            "The {} of {} against {theirs} turns most on “{}”: {} where it is low, {} where it is high",
            self.net_benefit(),
            self.name(option),
            first.input.title,
            signed_pounds(low),
            signed_pounds(high)
        );
        let description = format!(
            "Tornado chart: bars from the expected value to what is expected where each parameter is low or high. {title}. The table after the chart has every number."
        );
        let id = format!("tornado-{}", self.run.plan.options[option].id);
        let bar = |turn: &Turn| {
            let [low, high] = turn.leverage.low_and_high;
            Bar {
                label: turn.input.title.clone(),
                low,
                high,
                words: format!("{} to {}", signed_pounds(low), signed_pounds(high)),
            }
        };
        let chart = TornadoChart {
            id: &id,
            title: &title,
            description: &description,
            unit: "GBP",
            middle,
            bars: turns.iter().take(SHOWN).map(bar).collect(),
        };
        Some(Figure {
            svg: chart.svg(),
            title,
            note: format!(
                "From {}, the mean. Low and high are the values of a parameter that one draw in twenty is below or above; filled bars lead to where it is high. What is expected there is read off a curve fitted to all draws, the other parameters varying as they do. {} could be told from chance with {} draws.",
                pounds(middle),
                match turns.len() {
                    1 => "One parameter".to_owned(),
                    n => format!("{n} parameters"),
                },
                self.weighing.comparison.n_draws
            ),
            table: self.turn_table(option, &turns),
            id,
        })
    }

    fn turn_table(&self, option: usize, turns: &[Turn]) -> Table {
        let mut table = Table::new(
            format!(
                "What moves the {} of {}",
                self.net_benefit(),
                self.name(option)
            ),
            &[
                "Parameter",
                "Unit",
                "Low and high",
                "Where low",
                "Where high",
                "Correlation of ranks",
                "Switching value",
            ],
            2,
        );
        for turn in turns {
            let [low, high] = turn.leverage.low_and_high;
            let [from, to] = turn.input.low_and_high().map(short);
            table.rows.push(vec![
                turn.input.title.clone(),
                turn.input.unit.clone(),
                format!("{from} to {to}"),
                signed_pounds(low),
                signed_pounds(high),
                number::signed(turn.leverage.rank_correlation, |v| number::grouped(v, 2)),
                match turn.leverage.switching_values.is_empty() {
                    true => "none in its range".to_owned(),
                    false => self.switching_words(turn),
                },
            ]);
        }
        table
    }

    /// The values at which the expected increment passes through 0.
    pub fn switching_words(&self, turn: &Turn) -> String {
        let values: Vec<String> = turn
            .leverage
            .switching_values
            .iter()
            .copied()
            .map(short)
            .collect();
        let unit = match turn.input.unit.as_str() {
            OF_CENTRAL => format!(" {OF_CENTRAL}"),
            unit => format!(" ({unit})"),
        };
        format!("{}{unit}", number::list(&values))
    }
}

/// Three significant digits.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    number::grouped(value, digits)
}

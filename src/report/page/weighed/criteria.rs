//! Options valued by the criteria of the scenario: the values, what they cost, the weights at which ranks change, and
//! whether they agree with the money.

use serde::Serialize;
use serde_json::json;

use super::super::super::chart::{Group, IntervalChart, Item, PlaneChart, Spot};
use super::super::super::{Run, number};
use super::super::view::{self, Figure, Table};
use super::{figure, pounds, told};
use crate::appraise::{Judged, RANK_ROUNDING, Valued};
use crate::summarise::Estimate;

/// What the page shows of the criteria.
#[derive(Serialize)]
pub(super) struct CriteriaView {
    /// Agreement or conflict with the money, and how far the weights decide.
    sentences: Vec<String>,
    /// The value of each option, then value against cost.
    figures: Vec<Figure>,
    /// The criteria: scale, weight and source.
    criteria: Table,
    /// The weights at which two options change places.
    crossovers: Option<Table>,
    /// What the sliders begin with.
    sliders: Sliders,
}

/// Weights that the reader can move.
#[derive(Serialize)]
struct Sliders {
    /// Titles and weights as written.
    weights: Vec<(String, f64)>,
    /// The largest weight that a slider reaches.
    most: f64,
    /// Names, values and ranks of the options by the weights as written.
    options: Vec<(String, String, usize)>,
    /// What the script works with.
    data: String,
}

/// The value by criteria; nothing where the scenario has none.
pub(super) fn criteria(run: &Run) -> Option<CriteriaView> {
    let judged = run.appraisal.judged.as_ref()?;
    let view = Valuing { run, judged };
    Some(CriteriaView {
        sentences: view.sentences(),
        figures: std::iter::once(view.values())
            .chain(view.against_cost())
            .collect(),
        criteria: view.criteria_table(),
        crossovers: view.crossovers(),
        sliders: view.sliders(),
    })
}

/// A run whose options were valued.
pub(super) struct Valuing<'a> {
    pub run: &'a Run<'a>,
    pub judged: &'a Judged,
}

impl Valuing<'_> {
    pub fn name(&self, option: usize) -> String {
        format!("“{}”", self.run.name(option))
    }

    fn options(&self) -> &[Valued] {
        &self.judged.valuation.options
    }

    /// The options of the first rank.
    pub fn first(&self) -> Vec<usize> {
        let options = self.options().iter().enumerate();
        options
            .filter(|(_, option)| option.rank == 1)
            .map(|(index, _)| index)
            .collect()
    }

    pub fn names(&self, options: &[usize]) -> String {
        let names: Vec<String> = options.iter().map(|option| self.name(*option)).collect();
        number::list(&names)
    }

    /// The value of each option with its range.
    fn values(&self) -> Figure {
        let first = self.first();
        let sure = self.judged.probability_first.iter().copied();
        let title = match first[..] {
            [one] if self.run.forecast.n_draws > 0 => format!(
                "{} is worth most on the criteria: {} of 100, and first in {} of draws",
                self.name(one),
                short(self.options()[one].value),
                number::chance(sure.clone().nth(one).unwrap_or(f64::NAN))
            ),
            _ => format!("{} is worth most on the criteria", self.names(&first)),
        };
        let item = |(option, value): (usize, &Estimate)| Item {
            label: self.run.name(option),
            style: self.run.style(option) % 4,
            middle: value.mean,
            interval: (value.p05, value.p95),
            words: short(value.mean),
        };
        let description = format!(
            "Bar chart of the value of each option on the criteria with 90% ranges. {title}. The table after the chart has every number."
        );
        let svg = IntervalChart {
            id: "values",
            title: &title,
            description: &description,
            unit: "value",
            has_bars: true,
            groups: vec![Group {
                label: "Value, from 0 to 100".to_owned(),
                items: self.judged.values.iter().enumerate().map(item).collect(),
            }],
        }
        .svg();
        Figure {
            id: "values".to_owned(),
            title,
            svg,
            note: "The weighted sum of the values of each criterion; whiskers are 90% ranges over the draws. All options meet the same draws, so their values rise and fall together.".to_owned(),
            table: self.value_table(),
        }
    }

    fn value_table(&self) -> Table {
        let titles: Vec<String> = (self.judged.criteria.iter())
            .map(|criterion| format!("of it: {}", criterion.title))
            .collect();
        let mut header = vec![
            "Option",
            "Value (90% range)",
            "Monte Carlo error",
            "Rank",
            "First in draws",
        ];
        header.extend(titles.iter().map(String::as_str));
        let mut table = Table::new("Value on the criteria", &header, 1);
        for (index, option) in self.options().iter().enumerate() {
            let value = &self.judged.values[index];
            let mut cells = vec![
                self.run.name(index),
                told(value, short),
                number::exact(value.mc_error, ""),
                option.rank.to_string(),
                match self.run.forecast.n_draws {
                    0 => number::MISSING.to_owned(),
                    _ => number::chance(self.judged.probability_first[index]),
                },
            ];
            cells.extend(option.parts.iter().map(|part| short(*part)));
            table.rows.push(cells);
        }
        table
    }

    /// Value against cost, with the frontier.
    fn against_cost(&self) -> Option<Figure> {
        let costs: Option<Vec<f64>> = self.options().iter().map(|option| option.cost).collect();
        let costs = costs?;
        let theirs = costs[self.run.plan.comparator];
        let at = |option: usize| (self.options()[option].value, costs[option] - theirs);
        let stands = |option: &usize| {
            let standing = self.options()[*option].standing;
            standing.is_some_and(|standing| standing.is_on_frontier())
        };
        let mut on: Vec<usize> = (0..costs.len()).filter(stands).collect();
        on.sort_by(|a, b| costs[*a].total_cmp(&costs[*b]));
        let title = match on.len() {
            1 => format!(
                "{} is worth most on the criteria at the lowest cost",
                self.names(&on)
            ),
            _ => format!("More value costs more along {}", self.names(&on)),
        };
        let description = format!(
            "Chart of value on the criteria against present value of cost by option. {title}. The table after the chart has every number."
        );
        let up = format!(
            "Extra cost against {}, present value",
            number::lower_first(&self.run.comparator_name())
        );
        let spot = |option: usize| Spot {
            label: self.run.name(option),
            style: self.run.style(option),
            mean: at(option),
            cloud: Vec::new(),
        };
        let chart = PlaneChart {
            id: "value-cost",
            title: &title,
            description: &description,
            across: ("Value on the criteria", "value"),
            up: (&up, "GBP"),
            spots: (0..costs.len()).map(spot).collect(),
            line: on.iter().map(|option| at(*option)).collect(),
        };
        let note = "The line joins the options that are worth their cost at some price of value. The axis of value does not begin at zero.";
        Some(figure(&chart, note.to_owned(), self.cost_table(&costs)))
    }

    fn cost_table(&self, costs: &[f64]) -> Table {
        let header = [
            "Option",
            "Value",
            "Cost",
            "Where it stands",
            "Cost of one more point of value",
        ];
        let mut table = Table::new("Value on the criteria and what it costs", &header, 1);
        for (index, option) in self.options().iter().enumerate() {
            let standing = option.standing.map_or("", |s| match s.is_on_frontier() {
                true => "on the frontier",
                false => "dominated",
            });
            let icer = option.standing.and_then(|standing| standing.icer);
            table.rows.push(vec![
                self.run.name(index),
                short(option.value),
                pounds(costs[index]),
                standing.to_owned(),
                icer.map_or("—".to_owned(), pounds),
            ]);
        }
        table
    }

    fn criteria_table(&self) -> Table {
        let mut table = Table::new(
            "The criteria: what is worth 0 and 100, and the swing weight between them",
            &[
                "Criterion",
                "Unit",
                "Scale",
                "Source of the weight",
                "Weight",
            ],
            4,
        );
        let weights = self
            .judged
            .criteria
            .iter()
            .zip(&self.judged.valuation.weights);
        for (criterion, (_, _, weight)) in weights {
            let point = |(score, value): &(f64, f64)| {
                format!(
                    "{} worth {}",
                    number::exact(*score, &criterion.unit),
                    short(*value)
                )
            };
            let points: Vec<String> = criterion.points.iter().map(point).collect();
            table.rows.push(vec![
                criterion.title.clone(),
                criterion.unit.clone(),
                number::list(&points),
                criterion.source.clone(),
                round(*weight),
            ]);
        }
        table
    }

    /// The values of every option on every criterion, which is all that ranks rest on beside the weights.
    fn sliders(&self) -> Sliders {
        let weights: Vec<f64> = self.judged.valuation.weights.iter().map(|w| w.2).collect();
        let titles = self.judged.criteria.iter().map(|c| c.title.clone());
        let options = self.options().iter().enumerate();
        let values: Vec<&Vec<f64>> = self.judged.criteria.iter().map(|c| &c.values).collect();
        let data = json!({ "values": values, "weights": weights, "rounding": RANK_ROUNDING });
        Sliders {
            most: weights.iter().sum(),
            weights: titles.zip(weights.iter().copied()).collect(),
            options: options
                .map(|(index, option)| (self.run.name(index), short(option.value), option.rank))
                .collect(),
            data: view::data("weights-data", &data),
        }
    }

    fn crossovers(&self) -> Option<Table> {
        let crossovers = &self.judged.valuation.crossovers;
        if crossovers.is_empty() {
            return None;
        }
        let mut table = Table::new(
            "Weights at which two options change places, the other criteria keeping their proportions",
            &[
                "Criterion",
                "Ahead at smaller weights",
                "Ahead at larger weights",
                "The first rank changes",
                "Weight",
                "Weight now",
            ],
            4,
        );
        for crossover in crossovers {
            let changes = if crossover.changes_best { "yes" } else { "no" };
            table.rows.push(vec![
                self.judged.criteria[crossover.criterion].title.clone(),
                self.run.name(crossover.ahead_below),
                self.run.name(crossover.ahead_above),
                changes.to_owned(),
                short(crossover.weight),
                round(self.judged.valuation.weights[crossover.criterion].2),
            ]);
        }
        Some(table)
    }
}

/// A number as somebody wrote it.
pub(super) fn round(value: f64) -> String {
    number::plain(value)
}

/// A number of a table.
pub(super) fn short(value: f64) -> String {
    number::exact(value, "")
}

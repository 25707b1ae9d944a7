//! Cost against outcome: every draw's increments, and the means with the frontier.

use super::super::super::chart::{PlaneChart, Spot};
use super::super::super::number;
use super::super::view::{Figure, Table};
use super::{Weighed, figure, pounds, signed_pounds, told};
use crate::appraise::{Dominance, Increment, quarters};

impl Weighed<'_> {
    /// Extra cost against extra outcome, draw by draw.
    pub fn plane(&self) -> Option<Figure> {
        if !self.has_draws() {
            return None;
        }
        let comparison = &self.weighing.comparison;
        let theirs = number::lower_first(&self.run.name(comparison.comparator));
        let sign = if self.weighing.is_fewer { -1.0 } else { 1.0 };
        let clouds = &self.weighing.clouds;
        let mut spots = Vec::new();
        let mut sentences = Vec::new();
        for (option, increment) in self.increments() {
            sentences.push(self.quarter_words(option, quarters(&clouds[option])));
            let cloud = clouds[option].iter();
            spots.push(Spot {
                label: self.run.name(option),
                style: self.run.style(option),
                mean: (sign * increment.outcome.mean, increment.cost.mean),
                cloud: cloud.map(|(more, cost)| (sign * more, *cost)).collect(),
            });
        }
        let title = format!("Against {theirs}, {}", number::list(&sentences));
        let description = format!(
            "Scatter chart of extra cost against extra outcome, a dot for each draw. {title}. The table after the chart has the means and the share of draws in each quarter."
        );
        let across = format!("Extra: {}", self.outcome());
        let chart = PlaneChart {
            id: "plane",
            title: &title,
            description: &description,
            across: (&across, self.unit()),
            up: ("Extra cost, present value", "GBP"),
            spots,
            line: Vec::new(),
        };
        let shown = clouds.iter().map(Vec::len).max().unwrap_or(0);
        let n = comparison.n_draws;
        let which = match shown < n {
            true => format!("The first {shown} of {n} draws are shown"),
            false => "Every dot is a draw".to_owned(),
        };
        let note = format!(
            "{which}; the larger marks are means. Above the line options cost more than {theirs}, below it they save money."
        );
        Some(figure(&chart, note, self.quarter_table(&theirs)))
    }

    fn quarter_table(&self, theirs: &str) -> Table {
        let header = [
            "Option",
            "Extra cost (90% range)",
            "Extra outcome (90% range)",
            "More, dearer",
            "More, no dearer",
            "No more, dearer",
            "No more, no dearer",
        ];
        let caption = format!(
            "Increments against {theirs}, and the share of draws in each quarter of the plane"
        );
        let mut table = Table::new(caption, &header, 1);
        for (option, increment) in self.increments() {
            let mut cells = vec![
                self.run.name(option),
                told(&increment.cost, signed_pounds),
                told(&increment.outcome, |v| self.more(v)),
            ];
            let shares = quarters(&self.weighing.clouds[option]);
            cells.extend(shares.map(number::chance));
            table.rows.push(cells);
        }
        table
    }

    /// Every option but the comparator, against it.
    fn increments(&self) -> impl Iterator<Item = (usize, &Increment)> {
        let options = self.weighing.comparison.options.iter().enumerate();
        options.filter_map(|(index, option)| Some((index, option.increment.as_ref()?)))
    }

    fn quarter_words(&self, option: usize, shares: [f64; 4]) -> String {
        const WORDS: [&str; 4] = [
            "costs more and achieves more",
            "achieves more and costs no more",
            "costs more and achieves no more",
            "costs no more and achieves no more",
        ];
        let most = (0..4).max_by(|a, b| shares[*a].total_cmp(&shares[*b]));
        let most = most.unwrap_or(0);
        format!(
            "{} {} in {} of draws",
            self.name(option),
            WORDS[most],
            number::chance(shares[most])
        )
    }

    /// Mean cost against mean outcome, with the efficiency frontier.
    pub fn frontier(&self) -> Figure {
        let comparison = &self.weighing.comparison;
        let options = &comparison.options;
        let theirs = &options[comparison.comparator];
        let at = |option: usize| {
            let own = &options[option];
            (
                self.upright(own.outcome.mean - theirs.outcome.mean),
                own.cost.mean - theirs.cost.mean,
            )
        };
        let mut on: Vec<usize> = (0..options.len())
            .filter(|option| options[*option].standing.is_on_frontier())
            .collect();
        on.sort_by(|a, b| options[*a].cost.mean.total_cmp(&options[*b].cost.mean));
        let title = self.frontier_title(&on);
        let description = format!(
            "Chart of mean cost against mean outcome by option, with a line through the options of the frontier. {title}. The table after the chart has every number."
        );
        let name = number::lower_first(&self.run.comparator_name());
        let across = format!("{}, against {name}", self.weighing.outcome[1]);
        let up = format!("Extra cost against {name}, present value");
        let spot = |option: usize| Spot {
            label: self.run.name(option),
            style: self.run.style(option),
            mean: at(option),
            cloud: Vec::new(),
        };
        let chart = PlaneChart {
            id: "frontier",
            title: &title,
            description: &description,
            across: (&across, self.unit()),
            up: (&up, "GBP"),
            spots: (0..options.len()).map(spot).collect(),
            line: on.iter().map(|option| at(*option)).collect(),
        };
        figure(&chart, FRONTIER.to_owned(), self.frontier_table())
    }

    fn upright(&self, outcome: f64) -> f64 {
        match self.weighing.is_fewer {
            true => -outcome,
            false => outcome,
        }
    }

    fn frontier_table(&self) -> Table {
        let header = [
            "Option",
            "Where it stands",
            "Cost",
            "Monte Carlo error",
            "Outcome",
            "Monte Carlo error",
            "Cost of one more, along the frontier",
        ];
        let mut table = Table::new("Options by what they cost and achieve", &header, 2);
        for (index, option) in self.weighing.comparison.options.iter().enumerate() {
            let standing = match option.standing.dominance {
                Dominance::None => "on the frontier",
                Dominance::Strong => "dominated",
                Dominance::Extended => "dominated by a mix",
            };
            let unit = self.unit();
            table.rows.push(vec![
                self.run.name(index),
                standing.to_owned(),
                pounds(option.cost.mean),
                pounds(option.cost.mc_error),
                number::exact(self.upright(option.outcome.mean), unit),
                number::exact(option.outcome.mc_error, unit),
                option.standing.icer.map_or("—".to_owned(), pounds),
            ]);
        }
        table
    }

    fn frontier_title(&self, on: &[usize]) -> String {
        let names = |options: &[usize]| {
            let names: Vec<String> = options.iter().map(|option| self.name(*option)).collect();
            number::list(&names)
        };
        let off: Vec<usize> = (0..self.run.plan.options.len())
            .filter(|option| !on.contains(option))
            .collect();
        let stand = match on.len() {
            1 => format!(
                "{} alone is worth choosing at any worth of the outcome",
                names(on)
            ),
            _ => format!("{} are each best at some worth of the outcome", names(on)),
        };
        match off.len() {
            0 => stand,
            1 => format!("{stand}; {} is not at any", names(&off)),
            _ => format!("{stand}; {} are not at any", names(&off)),
        }
    }
}

const FRONTIER: &str = "The line joins the options that are best at some worth of the outcome. An option above it costs more than one, or \
     a mix of two, that achieves as much.";

//! The choice at every worth of the outcome: how probably each option is best, and what it is worth to find out more.

use super::super::super::chart::{Group, IntervalChart, Item, Line, TimeChart};
use super::super::super::number;
use super::super::view::{Figure, Table};
use super::{Weighed, pounds};
use crate::summarise::Estimate;

/// How many inputs a chart shows.
const SHOWN: usize = 10;

impl Weighed<'_> {
    /// The acceptability curve, and in its table the frontier: which option is best on average.
    pub fn acceptability(&self) -> Option<Figure> {
        let curve = &self.weighing.curve;
        if !self.has_draws() || curve.is_empty() {
            return None;
        }
        let n_options = self.run.plan.options.len();
        let title = self.acceptability_title();
        let names: Vec<String> = (0..n_options).map(|option| self.run.name(option)).collect();
        let mut header = vec!["Worth", "Best on average"];
        header.extend(names.iter().map(String::as_str));
        header.push("Worth of knowing everything");
        let caption = format!(
            "Probability of being best by what {} is worth",
            self.one_more()
        );
        let mut table = Table::new(caption, &header, 2);
        for choice in curve {
            let mut cells = vec![pounds(choice.threshold), self.run.name(choice.best)];
            cells.extend(choice.probability_best.iter().map(|p| number::chance(*p)));
            cells.push(pounds(choice.evpi.mean));
            table.rows.push(cells);
        }
        let description = format!(
            "Line chart of the probability that each option is best, by what {} is worth. {title}. The table after the chart has every number.",
            self.one_more()
        );
        let periods: Vec<String> = curve
            .iter()
            .map(|choice| pounds(choice.threshold))
            .collect();
        let line = |option: usize| Line {
            label: names[option].clone(),
            style: self.run.style(option) % 4,
            values: curve
                .iter()
                .map(|choice| choice.probability_best[option])
                .collect(),
            bands: Vec::new(),
            outline: None,
        };
        let chart = TimeChart {
            id: "acceptability",
            title: &title,
            description: &description,
            unit: "share",
            periods: &periods,
            start: None,
            lines: (0..n_options).map(line).collect(),
        };
        let svg = chart.svg();
        Some(Figure {
            id: "acceptability".to_owned(),
            title,
            svg,
            note: format!(
                "Across: what {} is worth. Upwards: the share of draws in which an option has the highest net benefit, ties shared. {}",
                self.one_more(),
                self.best_along()
            ),
            table,
        })
    }

    /// Which option is most probably best where the curve begins, and where it ends.
    fn acceptability_title(&self) -> String {
        let curve = &self.weighing.curve;
        let most = |shares: &[f64]| {
            let options = 0..shares.len();
            options
                .max_by(|a, b| shares[*a].total_cmp(&shares[*b]))
                .unwrap_or(0)
        };
        let (Some(first), Some(last)) = (curve.first(), curve.last()) else {
            return String::new();
        };
        let (at_first, at_last) = (most(&first.probability_best), most(&last.probability_best));
        let chance = |shares: &[f64], option: usize| number::chance(shares[option]);
        let start = format!(
            "{} is most probably best if money alone counts ({})",
            self.name(at_first),
            chance(&first.probability_best, at_first)
        );
        match at_first == at_last {
            true => format!(
                "{start}, and still where {} is worth {} ({})",
                self.one_more(),
                pounds(last.threshold),
                chance(&last.probability_best, at_last)
            ),
            false => format!(
                "{start}, {} where {} is worth {} ({})",
                self.name(at_last),
                self.one_more(),
                pounds(last.threshold),
                chance(&last.probability_best, at_last)
            ),
        }
    }

    /// What it is worth to know inputs and groups of them before choosing, at the last of the worths that are looked at.
    pub fn information(&self) -> Option<Figure> {
        let weighing = self.weighing;
        let at = weighing.worths.len().checked_sub(1)?;
        if weighing.inputs.is_empty() {
            return None;
        }
        let all = &weighing.comparison.choices[at].evpi;
        let known = self.known(at);
        let title = self.information_title(at, &known);
        let description = format!(
            "Bar chart of what it is worth to find out parameters before choosing. {title}. The table after the chart has every number."
        );
        let svg = IntervalChart {
            id: "worth-of-knowing",
            title: &title,
            description: &description,
            unit: "GBP",
            has_bars: true,
            groups: information_groups(all, &known),
        }
        .svg();
        let caption = format!(
            "Worth of finding out before choosing, {}",
            self.worth_words(at)
        );
        let header = ["What is found out", "Worth", "Monte Carlo error"];
        let mut table = Table::new(caption, &header, 1);
        let everything = [(true, EVERYTHING, all)];
        let of_worth = known.iter().filter(|(.., worth)| worth.mean > 0.0);
        for (_, label, worth) in everything.iter().chain(of_worth) {
            table.rows.push(vec![
                (*label).to_owned(),
                pounds(worth.mean),
                pounds(worth.mc_error),
            ]);
        }
        let rest = known.iter().filter(|(.., worth)| worth.mean <= 0.0).count();
        if rest > 0 {
            let label = format!("{rest} others, each");
            table
                .rows
                .push(vec![label, pounds(0.0), number::MISSING.to_owned()]);
        }
        Some(Figure {
            id: "worth-of-knowing".to_owned(),
            title,
            svg,
            note: INFORMATION.to_owned(),
            table,
        })
    }

    fn worth_words(&self, at: usize) -> String {
        let worth = self.weighing.worths[at];
        match worth.gbp > 0.0 {
            true => format!("with {} worth {}", self.one_more(), pounds(worth.gbp)),
            false => "if money alone counts".to_owned(),
        }
    }

    /// Every input and what it is worth to know it, the most first.
    fn known(&self, at: usize) -> Vec<Known<'_>> {
        let pairs = self
            .weighing
            .inputs
            .iter()
            .zip(&self.weighing.comparison.learnings);
        let mut known: Vec<Known> = pairs
            .map(|(input, (_, learnings))| (input.is_group, &*input.title, &learnings[at].evppi))
            .collect();
        known.sort_by(|a, b| b.2.mean.total_cmp(&a.2.mean));
        known
    }

    /// What is most worth finding out, in words.
    pub fn worth_finding_out(&self) -> Vec<String> {
        let none = |why: &str| {
            vec![format!(
                "What is most worth finding out cannot be told: {why} ({}).",
                number::MISSING
            )]
        };
        let last = self.weighing.worths.len().checked_sub(1);
        let Some(at) = last.filter(|_| !self.weighing.inputs.is_empty()) else {
            return none("the run has too few draws, or no uncertain parameter");
        };
        let all = &self.weighing.comparison.choices[at].evpi;
        let known = self.known(at);
        let mut lines = vec![self.information_title(at, &known) + "."];
        let worth_it = known
            .iter()
            .filter(|(is_group, _, worth)| !is_group && worth.mean > 0.0);
        for (_, label, worth) in worth_it.take(3) {
            lines.push(format!(
                "For this choice it would be worth {} to find out “{label}” before choosing, {} of what it would be worth to know everything. A study that costs more does not pay for itself here.",
                pounds(worth.mean),
                number::percent((worth.mean / all.mean).min(1.0), 0)
            ));
        }
        lines
    }

    fn information_title(&self, at: usize, known: &[Known]) -> String {
        let all = &self.weighing.comparison.choices[at].evpi;
        let when = self.worth_words(at);
        if all.mean <= 0.0 {
            return format!("Nothing that could be found out would change the choice {when}");
        }
        let best = known
            .iter()
            .find(|(is_group, _, l)| !is_group && l.mean > 0.0);
        let first = format!(
            "Knowing everything before choosing would be worth {} {when}",
            pounds(all.mean)
        );
        match best {
            Some((_, label, worth)) => format!(
                "{first}; of single parameters “{label}” is most worth finding out ({})",
                pounds(worth.mean)
            ),
            None => format!("{first}; no single parameter would change the choice"),
        }
    }
}

/// Whether it is a group, what it is called, and what it is worth to know it.
type Known<'a> = (bool, &'a str, &'a Estimate);

/// The bars: everything, then groups, then single parameters, those worth something, the most first.
fn information_groups(all: &Estimate, known: &[Known]) -> Vec<Group> {
    let item = |label: &str, mean: f64, style: usize| Item {
        label: label.to_owned(),
        style,
        middle: mean,
        interval: (f64::NAN, f64::NAN),
        words: pounds(mean),
    };
    let top = |wanted: bool, style: usize| -> Vec<Item> {
        let own = known
            .iter()
            .filter(|(is_group, _, worth)| *is_group == wanted && worth.mean > 0.0);
        own.take(SHOWN)
            .map(|(_, label, worth)| item(label, worth.mean, style))
            .collect()
    };
    let all = vec![item("", all.mean, 0)];
    let parts = [
        (EVERYTHING, all),
        ("Together", top(true, 1)),
        ("One by one", top(false, 2)),
    ];
    let filled = parts.into_iter().filter(|(_, items)| !items.is_empty());
    filled
        .map(|(label, items)| Group {
            label: label.to_owned(),
            items,
        })
        .collect()
}

const EVERYTHING: &str = "Everything, luck included";

const INFORMATION: &str = "What choosing would gain, on average over the draws, if this were known before. Everything includes the luck of \
     single lives, which nobody can find out; all uncertain parameters together are the part that can be. Numbers in brackets count \
     parameters. Read off curves and regressions fitted to the draws: what cannot be told from chance counts as nothing, so \
     that with few draws worths are too small rather than too large.";

//! The comparison for a person at a terminal.

use super::ComparisonReport;
use crate::appraise::{Compared, Dominance};
use crate::report::number::{exact, percent};
use crate::summarise::Estimate;

impl ComparisonReport<'_> {
    /// What stands on the terminal: where options stand, then the choice at each worth of an outcome.
    pub fn text(&self) -> String {
        let comparison = self.comparison;
        let width = comparison
            .options
            .iter()
            .map(|o| o.id.chars().count())
            .max();
        let width = width.unwrap_or(0).max("option".len());
        let mut out = format!(
            "{:<width$} {:>14} {:>14} {:>20}  cost of one more {}\n",
            "option", "cost", comparison.outcome, "", comparison.outcome
        );
        for option in &comparison.options {
            out += &format!(
                "{:<width$} {:>14} {:>14} {:>20}",
                option.id,
                number(option.cost.mean),
                number(option.outcome.mean),
                standing(option),
            );
            out +=
                &(option.standing.icer).map_or(String::new(), |icer| format!("  {}", number(icer)));
            out.push('\n');
        }
        for at in 0..self.thresholds.len() {
            out += &self.choice_text(at, width);
        }
        if let Some(discounting) = &comparison.discounting {
            out += &format!(
                "\nDiscounted: costs {}; outcomes {}.\n",
                discounting.costs.edition, discounting.outcomes.edition
            );
        }
        out
    }

    /// The choice at one worth of an outcome, and what it would be worth to know before making it.
    fn choice_text(&self, at: usize, width: usize) -> String {
        let (threshold, choice) = (&self.thresholds[at], &self.comparison.choices[at]);
        let mut out = format!(
            "\nIf one more {} is worth {}: {} is best on average\n",
            self.comparison.outcome,
            threshold.written,
            self.id(choice.best)
        );
        out += &format!(
            "{:<width$} {:>14} {:>17} {:>16} {:>16}\n",
            "option", "net benefit", "probability best", "expected regret", "maximum regret"
        );
        for (index, option) in self.comparison.options.iter().enumerate() {
            out += &format!(
                "{:<width$} {:>14} {:>17} {:>16} {:>16}\n",
                option.id,
                number(choice.net_benefit[index].mean),
                percent(choice.probability_best[index], 1),
                number(choice.expected_regret[index]),
                number(choice.maximum_regret[index]),
            );
        }
        out += &known("everything", &choice.evpi);
        for (name, learnings) in &self.comparison.learnings {
            out += &known(name, &learnings[at].evppi);
        }
        out
    }
}

fn number(value: f64) -> String {
    exact(value, "")
}

fn standing(option: &Compared) -> &'static str {
    match option.standing.dominance {
        Dominance::None => "on the frontier",
        Dominance::Strong => "dominated",
        Dominance::Extended => "dominated by a mix",
    }
}

fn known(what: &str, worth: &Estimate) -> String {
    let value = number(worth.mean);
    match worth.mc_error.is_finite() {
        true => format!(
            "Knowing {what} before choosing would be worth {value} (Monte Carlo error {})\n",
            number(worth.mc_error)
        ),
        false => format!("Knowing {what} before choosing would be worth {value}\n"),
    }
}

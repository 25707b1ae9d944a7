//! What is decided and what is not, in sentences.

use super::super::super::number;
use super::{Weighed, pounds};
use crate::appraise::{Comparison, Why};

impl Weighed<'_> {
    /// What is decided by the scenario's worths, what is not, and what the money leaves out.
    pub fn verdict(&self) -> Vec<String> {
        let weighing = self.weighing;
        let mut lines = vec![self.best_along()];
        let pairs = weighing.worths.iter().zip(&weighing.comparison.choices);
        for (worth, choice) in pairs.filter(|(worth, _)| worth.why == Why::Given) {
            let sure = match self.has_draws() {
                true => format!(
                    ", with a probability of {} of being the best",
                    number::chance(choice.probability_best[choice.best])
                ),
                false => String::new(),
            };
            lines.push(format!(
                "With {}, the highest net benefit on average is that of {}{sure}.",
                self.at(worth.gbp),
                self.name(choice.best)
            ));
        }
        if self.run.plan.judging.worths.is_empty() {
            lines.push(format!(
                "The scenario does not say what {} is worth, so nothing is decided here and no benefit-cost ratio is \
                 stated: the chart below shows the choice at every worth.",
                self.one_more()
            ));
        } else {
            lines.push(format!(
                "What {} is worth: {}.",
                self.one_more(),
                self.run.plan.judging.source.trim_end_matches('.')
            ));
        }
        lines
    }

    /// Which option is best on average from which worth on: the frontier, read along its prices.
    pub fn best_along(&self) -> String {
        let steps = along(&self.weighing.comparison);
        let names = |options: &[usize]| {
            let names: Vec<String> = options.iter().map(|option| self.name(*option)).collect();
            names.join(" or ")
        };
        match &steps[..] {
            [] => String::new(),
            [(_, only)] => format!(
                "On average {} is best whatever {} is worth.",
                names(only),
                self.one_more()
            ),
            [(_, first), rest @ ..] => {
                let then: Vec<String> = rest
                    .iter()
                    .map(|(price, options)| {
                        format!("{} from {} on", names(options), pounds(*price))
                    })
                    .collect();
                format!(
                    "On average {} is best while {} is worth little, then {}.",
                    names(first),
                    self.one_more(),
                    number::list(&then)
                )
            }
        }
    }
}

/// From which worth on which options of the frontier are best, equal ones together.
fn along(comparison: &Comparison) -> Vec<(f64, Vec<usize>)> {
    let mut steps: Vec<(f64, Vec<usize>)> = Vec::new();
    let options = comparison.options.iter().enumerate();
    let mut on: Vec<_> = options
        .filter(|(_, o)| o.standing.is_on_frontier())
        .collect();
    on.sort_by(|a, b| a.1.outcome.mean.total_cmp(&b.1.outcome.mean));
    for (index, option) in on {
        let price = option.standing.icer.unwrap_or(0.0);
        match steps.last_mut().filter(|(last, _)| *last == price) {
            Some((_, together)) => together.push(index),
            None => steps.push((price, vec![index])),
        }
    }
    steps
}

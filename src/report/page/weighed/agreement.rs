//! Whether the criteria agree with the money, and how far the weights decide, in sentences.

use super::super::super::number;
use super::criteria::{Valuing, round, short};
use crate::appraise::Crossover;

impl Valuing<'_> {
    /// The sentences.
    pub fn sentences(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.agreement().into_iter().collect();
        let changes = self
            .judged
            .valuation
            .crossovers
            .iter()
            .filter(|c| c.changes_best);
        let mut nearest: Vec<&Crossover> = changes.collect();
        let weight = |c: &Crossover| self.judged.valuation.weights[c.criterion].2;
        let distance = |c: &Crossover| (c.weight - weight(c)).abs();
        nearest.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
        lines.push(match nearest.first() {
            None => format!(
                "No weight of any one criterion would put another option before {}.",
                self.names(&self.first())
            ),
            Some(crossover) => format!(
                "The first rank changes soonest by the weight of “{}”: {} at most {}, {} above it; the weight is {}.",
                self.judged.criteria[crossover.criterion].title,
                self.name(crossover.ahead_below),
                short(crossover.weight),
                self.name(crossover.ahead_above),
                round(weight(crossover))
            ),
        });
        let outside: Vec<String> = (self.judged.criteria.iter())
            .filter(|criterion| criterion.is_outside)
            .map(|criterion| format!("“{}”", criterion.title))
            .collect();
        if !outside.is_empty() {
            lines.push(format!(
                "A mean score lies outside the scale of {}: its last line is taken to go on.",
                number::list(&outside)
            ));
        }
        lines
    }

    /// Whether value and money point to the same option.
    fn agreement(&self) -> Option<String> {
        let npsv = self.judged.npsv.as_ref()?;
        let most = npsv.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let by_money: Vec<usize> = (0..npsv.len())
            .filter(|option| npsv[*option] == most)
            .collect();
        let by_value = self.first();
        let agree = by_value.iter().any(|option| by_money.contains(option));
        Some(match agree {
            true => format!(
                "The criteria and the money agree: {} is worth most on the criteria and has the highest net present social value.",
                self.names(
                    &by_value
                        .into_iter()
                        .filter(|o| by_money.contains(o))
                        .collect::<Vec<_>>()
                )
            ),
            false => format!(
                "The criteria and the money conflict: {} is worth most on the criteria, {} has the highest net present social value. \
                 Cost is no part of the value; what more value costs is shown below.",
                self.names(&by_value),
                self.names(&by_money)
            ),
        })
    }
}

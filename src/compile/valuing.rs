//! What is weighed how: allowances for optimism, and weights of groups.

use super::{Compiler, Dimension, GroupWeights, Optimism};
use crate::diagnostic::Diagnostic;
use crate::document::{Spanned, Text, WeightsFile};
use crate::quantity::Grade;

/// No cost turns out more than so many times higher.
const MOST_OPTIMISM: f64 = 10.0;
/// The largest weight that is not a slip of the keyboard.
const LARGEST_WEIGHT: f64 = 1e3;
/// The largest elasticity that is not a slip of the keyboard.
const LARGEST_ETA: f64 = 5.0;

impl Compiler<'_> {
    /// Allowances for optimism and weights of groups, where the scenario gives them.
    pub(super) fn take_valuing(&mut self) {
        self.take_optimism();
        if let Some(file) = &self.documents.scenario.weights {
            self.plan.weights = self.group_weights(file);
        }
    }

    fn take_optimism(&mut self) {
        let Some(file) = &self.documents.scenario.optimism else {
            return;
        };
        if file.shares.is_empty() {
            let fault = Diagnostic::error("E108", "`optimism_bias` names no grade")
                .expected("a share for at least one grade of evidence")
                .found("none")
                .hint("add `placeholder = 0.4`, for example, or take the table away");
            self.report(file.at, fault);
        }
        let mut shares: Vec<(Grade, f64)> = Vec::new();
        for (grade, share) in &file.shares {
            if self.within(share, grade.name(), MOST_OPTIMISM) {
                shares.push((*grade, share.value));
            }
        }
        self.plan.optimism = Some(Optimism {
            shares,
            source: file.source.value.clone(),
        });
    }

    /// Whether a number is from 0 to this.
    fn within(&mut self, number: &Spanned<f64>, name: &str, highest: f64) -> bool {
        let is_within = (0.0..=highest).contains(&number.value);
        if !is_within {
            let fault = Diagnostic::error("E315", format!("`{name}` is outside its limits"))
                .expected(format!("a number from 0 to {highest}"))
                .found(number.value.to_string())
                .hint("shares are fractions: 40% is 0.4");
            self.report(number.at, fault);
        }
        is_within
    }

    fn group_weights(&mut self, file: &WeightsFile) -> Option<GroupWeights> {
        let by = match file.by.as_str() {
            "area" => Dimension::Area,
            "sex" => Dimension::Sex,
            "age" => Dimension::Age,
            _ => return None,
        };
        if file.weights.is_empty() && file.incomes.is_empty() {
            return None;
        }
        let (weights, words) = if !file.incomes.is_empty() {
            let (reference, eta) = (file.reference.as_ref()?, file.eta.as_ref()?);
            let is_sound = self.within(eta, "eta", LARGEST_ETA) & self.above_nothing(reference);
            let incomes = self.by_group(by, &file.incomes, file)?;
            let is_sound = file
                .incomes
                .iter()
                .all(|(_, income)| self.above_nothing(income))
                && is_sound;
            if !is_sound {
                return None;
            }
            let weight = |income: &f64| (reference.value / income).powf(eta.value);
            let words = format!(
                "weights are (£{} / income of the group) to the power {} ({})",
                reference.value, eta.value, file.source.value
            );
            (incomes.iter().map(weight).collect(), words)
        } else {
            for (name, weight) in &file.weights {
                self.within(weight, &name.value, LARGEST_WEIGHT);
            }
            let words = format!("weights as given ({})", file.source.value);
            (self.by_group(by, &file.weights, file)?, words)
        };
        Some(GroupWeights { by, weights, words })
    }

    fn above_nothing(&mut self, number: &Spanned<f64>) -> bool {
        let is_above = number.value > 0.0;
        if !is_above {
            let fault = Diagnostic::error("E303", "an income of nothing")
                .expected("a number of pounds above 0")
                .found(number.value.to_string());
            self.report(number.at, fault);
        }
        is_above
    }

    /// The numbers in the order of the groups; none may be missing, and none stand for a group that is not there.
    fn by_group(
        &mut self,
        by: Dimension,
        numbers: &[(Text, Spanned<f64>)],
        file: &WeightsFile,
    ) -> Option<Vec<f64>> {
        let names: Vec<String> = match by {
            Dimension::Area => self
                .plan
                .areas
                .iter()
                .map(|area| area.name.clone())
                .collect(),
            Dimension::Sex => self.plan.strata.sexes.clone(),
            Dimension::Age => self
                .plan
                .strata
                .ages
                .iter()
                .map(|band| band.id.clone())
                .collect(),
        };
        let mut found: Vec<Option<f64>> = vec![None; names.len()];
        let mut is_whole = true;
        for (name, number) in numbers {
            let group = match by {
                Dimension::Area => self.scenario_area(name),
                _ => {
                    let group = names.iter().position(|known| *known == name.value);
                    if group.is_none() {
                        let names: Vec<&str> = names.iter().map(String::as_str).collect();
                        let what = format!("{} band", file.by.value);
                        self.unknown("E209", &what, name, &names);
                    }
                    group
                }
            };
            match group {
                Some(group) if found[group].is_some() => {
                    is_whole = false;
                    let fault = Diagnostic::error("E109", format!("`{}` stands twice", name.value))
                        .expected("each group once")
                        .found(format!("`{}` again", names[group]));
                    self.report(name.at, fault);
                }
                Some(group) => found[group] = Some(number.value),
                None => is_whole = false,
            }
        }
        let missing: Vec<&str> = names
            .iter()
            .zip(&found)
            .filter(|(_, number)| number.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if is_whole && !missing.is_empty() {
            let fault = Diagnostic::error("E308", format!("no weight for {}", missing.join(", ")))
                .expected("every group once; 1 is the weight that changes nothing")
                .found(format!(
                    "{} of {} groups",
                    names.len() - missing.len(),
                    names.len()
                ));
            self.report(file.at, fault);
        }
        found.into_iter().collect()
    }
}

//! Tables by time since entering: the rows of one id, a parameter for every number of steps.

use std::collections::BTreeMap;

use super::quantities::Want;
use super::{Compiler, Listed, ParameterIdx, QuantityIdx};
use crate::diagnostic::Diagnostic;
use crate::document::{ParameterRow, Product};

/// The longest table; a lifetime in months is shorter.
const LONGEST: i32 = 2_000;

/// The parameters of one id by the number of steps since entering.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// The number of steps that the first is for: 0 or 1.
    pub from: i32,
    /// The parameters, one a step.
    pub parameters: Vec<ParameterIdx>,
}

impl Compiler<'_> {
    /// Takes the rows of an id that has a `duration`: one parameter for every number of steps, `id[3]` for the third.
    pub(super) fn take_family(&mut self, id: &str, rows: &[&ParameterRow]) {
        let mut by_step: BTreeMap<i32, Vec<&ParameterRow>> = BTreeMap::new();
        for row in rows {
            if let Some(step) = self.duration(row) {
                by_step.entry(step).or_default().push(row);
            }
        }
        let steps: Vec<i32> = by_step.keys().copied().collect();
        let from = steps.first().copied().unwrap_or(1);
        let gap = steps.windows(2).find(|pair| pair[1] != pair[0] + 1);
        if from > 1 || gap.is_some() {
            let missing = gap.map_or(1, |pair| pair[0] + 1);
            let after = by_step.range(missing..).next();
            let fault = Diagnostic::error("E414", format!("the table `{id}` has a gap"))
                .expected("a row for every number of steps from 0 or 1 to the last")
                .found(format!("none with duration {missing}"))
                .hint("write the missing rows; the last row of a chance holds for all later steps");
            if let Some(row) = after.and_then(|(_, rows)| rows.first()) {
                self.report_cell(row, "duration", fault);
            }
        }
        let mut parameters = Vec::new();
        for (step, rows) in by_step {
            parameters.push(self.plan.parameters.len());
            self.take_parameter(&format!("{id}[{step}]"), &rows);
        }
        let family = Family { from, parameters };
        self.families.insert(id.to_owned(), family);
    }

    fn duration(&mut self, row: &ParameterRow) -> Option<i32> {
        let word = row.text("duration");
        let steps = word.parse().ok().filter(|n| (0..=LONGEST).contains(n));
        if steps.is_none() {
            let fault = Diagnostic::error("E303", "`duration` is not a number of steps")
                .expected(format!(
                    "a whole number from 0 to {LONGEST}, in every row of the id"
                ))
                .found(match word {
                    "" => "nothing".to_owned(),
                    word => format!("`{word}`"),
                });
            self.report_cell(row, "duration", fault);
        }
        steps
    }

    /// Quantities by step since entering: a product in which tables by duration may stand, for each step that any has.
    /// One quantity when none has any.
    pub(super) fn listed(&mut self, id: &str, product: &Product, want: Want, user: &str) -> Listed {
        let families: Vec<Family> = product
            .names
            .iter()
            .filter_map(|name| self.families.get(&name.value).cloned())
            .collect();
        let Some(from) = families.iter().map(|family| family.from).max() else {
            let first = self.quantity(id.to_owned(), product, want, user);
            return Listed {
                first,
                from: 1,
                n: 1,
            };
        };
        let last = families.iter().map(Family::last).max().unwrap_or(from);
        let mut first: Option<QuantityIdx> = None;
        for step in from..=last {
            let quantity =
                self.quantity_at_step(format!("{id}[{step}]"), product, want, user, step);
            first.get_or_insert(quantity);
        }
        Listed {
            first: first.unwrap_or(0),
            from,
            n: usize::try_from(last - from + 1).unwrap_or(1),
        }
    }
}

impl Family {
    fn last(&self) -> i32 {
        self.from + self.parameters.len() as i32 - 1
    }

    /// The parameter of this many steps; the last holds for all later.
    pub fn at(&self, step: i32) -> Option<ParameterIdx> {
        let index = usize::try_from(step - self.from).unwrap_or(0);
        self.parameters
            .get(index)
            .or(self.parameters.last())
            .copied()
    }
}

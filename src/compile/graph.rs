//! The states as a whole: rings without time, and states that nobody reaches.

use super::{Compiler, Destination, State, Stay};
use crate::diagnostic::Diagnostic;

impl Compiler<'_> {
    /// Reports rings of states that all pass within the month, and warns of states that nobody enters.
    pub(super) fn check_graph(&mut self) {
        if let Some(ring) = self.ring() {
            let first = ring.first().copied().unwrap_or(0);
            let names: Vec<&str> = ring
                .iter()
                .map(|state| self.plan.states[*state].id.as_str())
                .collect();
            let found = names.join(" → ");
            let at = self.documents.model.states[first].id.at;
            let fault =
                Diagnostic::error("E404", "a ring of states that people pass within the month")
                    .expected("at least one state of every ring with a stay")
                    .found(found)
                    .hint("give one of them a stay of at least a day");
            self.report(at, fault);
        }
        self.warn_of_long_stays();
        let reached = self.reached();
        for (index, file) in self.documents.model.states.iter().enumerate() {
            if !reached[index] && !file.id.is_missing() {
                let fault = Diagnostic::warning(
                    "E421",
                    format!("nobody ever reaches the state `{}`", file.id.value),
                )
                .expected("an inflow, an exit, the clock or opening people that lead there")
                .found("none");
                self.report(file.id.at, fault);
            }
        }
    }

    /// Warns of stays that nobody who enters can end within the run.
    fn warn_of_long_stays(&mut self) {
        let n_steps = f64::from(self.plan.n_steps());
        for (index, state) in self.plan.states.iter().enumerate() {
            let shortest = match state.stay {
                Stay::Listed(list) => Some(f64::from(list.from)),
                Stay::Fixed(length) => self.shortest(length),
                // Of any other law some leave sooner.
                _ => None,
            };
            let Some(shortest) = shortest.filter(|steps| *steps > n_steps && n_steps > 0.0) else {
                continue;
            };
            let file = &self.documents.model.states[index];
            let at = file.stay.as_ref().map_or(file.at, |stay| stay.at);
            let fault = Diagnostic::warning(
                "E423",
                format!("the stay in `{}` is longer than the whole run", state.id),
            )
            .expected(format!("a stay of less than {n_steps} steps"))
            .found(format!("{shortest:.0} steps or more"));
            let place = self.documents.sources.place(at);
            self.faults.push(fault.at(&place));
        }
    }

    /// The shortest central length of a quantity over strata when the run begins, in steps.
    fn shortest(&self, quantity: usize) -> Option<f64> {
        let plan = &self.plan;
        let described = &plan.quantities[quantity];
        let values = plan.strata_over(described.keys).into_iter();
        let value = |stratum| plan.central_product(quantity, stratum, plan.history_from, &[]);
        values
            .map(|stratum| value(stratum) * described.scale)
            .min_by(f64::total_cmp)
            .filter(|steps| !steps.is_nan())
    }

    /// A ring of states without a stay, if there is one.
    fn ring(&self) -> Option<Vec<usize>> {
        let n_states = self.plan.states.len();
        let mut is_done = vec![false; n_states];
        for start in 0..n_states {
            let mut path = Vec::new();
            if let Some(ring) = self.walk(start, &mut path, &mut is_done) {
                return Some(ring);
            }
        }
        None
    }

    fn walk(
        &self,
        state: usize,
        path: &mut Vec<usize>,
        is_done: &mut [bool],
    ) -> Option<Vec<usize>> {
        if let Some(begin) = path.iter().position(|passed| *passed == state) {
            let mut ring = path[begin..].to_vec();
            ring.push(state);
            return Some(ring);
        }
        if is_done[state] || !self.keeps_nobody(state) {
            return None;
        }
        path.push(state);
        for next in next_states(&self.plan.states[state]) {
            if let Some(ring) = self.walk(next, path, is_done) {
                return Some(ring);
            }
        }
        path.pop();
        is_done[state] = true;
        None
    }

    /// Whether everybody leaves a state in the step of entry, whatever is drawn and under every option.
    fn keeps_nobody(&self, state: usize) -> bool {
        match self.plan.states[state].stay {
            Stay::None => true,
            Stay::Fixed(length) => self.is_always_nought(length),
            Stay::Listed(list) => {
                let mut longer = list.steps().filter(|(steps, _)| *steps > 0);
                longer.all(|(_, weight)| self.is_always_nought(weight))
            }
            _ => false,
        }
    }

    fn is_always_nought(&self, quantity: usize) -> bool {
        let factors = &self.plan.quantities[quantity].factors;
        let is_nought = |factor: &usize| {
            let mut cells = self
                .plan
                .cells
                .iter()
                .filter(|cell| cell.parameter == *factor);
            cells.all(|cell| cell.value == 0.0)
        };
        let changes = self.plan.options.iter().flat_map(|option| &option.changes);
        let mut changes = changes.filter(|change| change.target.is_of(&self.plan, quantity));
        factors.iter().any(is_nought) && changes.next().is_none()
    }

    fn reached(&self) -> Vec<bool> {
        let plan = &self.plan;
        let mut reached = vec![false; plan.states.len()];
        let mut waiting: Vec<usize> = plan.inflows.iter().map(|inflow| inflow.into).collect();
        waiting
            .extend((0..plan.states.len()).filter(|state| plan.states[*state].opening.is_some()));
        if let Some(clock) = &plan.clock
            && !plan.states.is_empty()
        {
            waiting.push(clock.fires_to);
        }
        while let Some(state) = waiting.pop() {
            if !std::mem::replace(&mut reached[state], true) {
                waiting.extend(next_states(&plan.states[state]));
            }
        }
        reached
    }
}

fn next_states(state: &State) -> impl Iterator<Item = usize> {
    let exits = state.exits.iter().map(|exit| exit.to);
    let hazards = state.hazards.iter().map(|(to, _)| *to);
    let chances = state.chances.iter().map(|leaving| leaving.to);
    exits
        .chain(hazards)
        .chain(chances)
        .filter_map(|to| match to {
            Destination::State(state) => Some(state),
            Destination::Leaves => None,
        })
}

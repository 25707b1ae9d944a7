//! Ways out that are taken by chance at every step: their laws, what goes first, and that they fit together.

use super::names::listed;
use super::quantities::Want;
use super::shares::TOLERANCE;
use super::{
    Chance, ChanceLaw, Compiler, Destination, LawKind, Leaving, QuantityIdx, State,
    chances_together,
};
use crate::diagnostic::Diagnostic;
use crate::document::{At, ChanceFile, ExitFile, Spanned, Text};
use crate::quantity::Unit;

/// The steps since entering at which laws are looked at: all of a short run, and some of a long one.
const STEPS_LOOKED_AT: [i32; 16] = [
    1, 2, 3, 4, 5, 7, 10, 14, 20, 28, 40, 60, 120, 240, 480, 1200,
];

/// A law's time may have begun at most this many steps before somebody enters, a century of months.
const MOST_ELAPSED_STEPS: i32 = 1200;

impl Compiler<'_> {
    /// The chance of a way out at every step since entering.
    pub(super) fn chance(&mut self, id: &str, file: &Spanned<ChanceFile>, user: &str) -> Chance {
        let law = match &file.value {
            ChanceFile::Listed(product) => {
                return Chance::Listed(self.listed(id, product, Want::Share, user));
            }
            ChanceFile::Law(law) => law,
        };
        let (kind, wants) = match law.kind {
            "exponential" => (LawKind::Weibull, Want::Hazard),
            "gompertz" => (LawKind::Gompertz, Want::Factor),
            "loglogistic" => (LawKind::LogLogistic, Want::Factor),
            "lognormal" => (LawKind::LogNormal, Want::Time),
            "gamma" => (LawKind::Gamma, Want::Time),
            _ => (LawKind::Weibull, Want::Factor),
        };
        let [scale, shape, ratio] =
            ["scale", "shape", "hazard_ratio"].map(|part| format!("{id}.{part}"));
        let one = |unit| (1.0, unit);
        let usual = (one(Unit::Shape), one(Unit::HazardRatio));
        Chance::Law(ChanceLaw {
            kind,
            scale: self.quantity(scale, &law.scale, wants, user),
            shape: self.quantity_or(shape, &law.shape, Want::Shape, user, usual.0),
            hazard_ratio: self.quantity_or(
                ratio,
                &law.hazard_ratio,
                Want::HazardRatio,
                user,
                usual.1,
            ),
            elapsed: law.elapsed.as_ref().map_or(0, |steps| self.elapsed(steps)),
        })
    }

    /// How many steps of a law's time have passed on entering.
    fn elapsed(&mut self, steps: &Spanned<i64>) -> i32 {
        match i32::try_from(steps.value) {
            Ok(value @ 0..=MOST_ELAPSED_STEPS) => value,
            _ => {
                let fault = Diagnostic::error("E315", "`elapsed` is outside the limits")
                    .expected(format!("a whole number from 0 to {MOST_ELAPSED_STEPS}"))
                    .found(steps.value.to_string())
                    .hint("how many steps of the law's time have passed when somebody enters the state");
                self.report(steps.at, fault);
                0
            }
        }
    }

    /// The places of the chances that go before this one, by where they lead. They stand before it in the file; where one
    /// of those could not be made out, which has been reported, it may be what is meant.
    pub(super) fn unless(
        &mut self,
        file: &ExitFile,
        before: &[Leaving],
        are_whole: bool,
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for name in &file.unless {
            let to = match name.value.as_str() {
                "leaves" => Some(Destination::Leaves),
                id => self.state_ids.get(id).copied().map(Destination::State),
            };
            let n = found.len();
            found.extend((0..before.len()).filter(|&way| Some(before[way].to) == to));
            if found.len() == n && are_whole && !name.is_missing() {
                self.report_nothing_before(name, before);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn report_nothing_before(&mut self, name: &Text, before: &[Leaving]) {
        let names = before.iter().map(|way| match way.to {
            Destination::Leaves => "leaves",
            Destination::State(state) => self.documents.model.states[state].id.as_str(),
        });
        let names: Vec<&str> = names.collect();
        let fault = Diagnostic::error("E419", "no chance before this one leads there")
            .expected(listed("way out by chance that stands before", &names))
            .found(format!("`{}`", name.value))
            .nearest(&name.value, names.iter().copied());
        self.report(name.at, fault);
    }

    /// Chances that are listed must not exceed one together at any step since entering. A law is left out: whatever it
    /// takes, others that are too many without it are too many with it.
    pub(super) fn check_chances(&mut self, state: &State, at: At) {
        let listed = |leaving: &Leaving| match leaving.chance {
            Chance::Listed(list) => Some(list),
            Chance::Law(_) => None,
        };
        let lists: Vec<_> = state.chances.iter().filter_map(listed).collect();
        let last = lists.iter().map(|list| list.from + list.n as i32 - 1).max();
        for step in 1..=last.unwrap_or(0) {
            let shares: Vec<QuantityIdx> = lists.iter().map(|list| list.at(step)).collect();
            if shares.iter().any(|share| self.is_faulty(*share)) {
                return;
            }
            let together = |values: &[f64]| {
                let mut values = values.iter();
                let alone = |leaving: &Leaving| match listed(leaving) {
                    Some(_) => values.next().copied().unwrap_or(0.0),
                    None => 0.0,
                };
                chances_together(&state.chances, alone).iter().sum()
            };
            let above = |sum: f64| sum > 1.0 + TOLERANCE;
            if let Some(wrong) = self.find_wrong_total(&shares, together, above) {
                let what = format!("the chances of leaving `{}` at step {step}", state.id);
                self.report_wrong("E401", &what, at, &wrong);
                return;
            }
        }
        self.warn_of_laws(state, at);
    }

    /// Warns of laws that exceed one together with the other chances: what is scaled is not what is written.
    fn warn_of_laws(&mut self, state: &State, at: At) {
        let is_law = |leaving: &Leaving| matches!(leaving.chance, Chance::Law(_));
        let quantities = state.chances.iter().flat_map(|way| way.chance.quantities());
        let quantities: Vec<QuantityIdx> = quantities.collect();
        // What the file says nothing of has no factors, and is one.
        let said = quantities.iter().filter(|&&quantity| {
            let has_factors = !self.plan.quantities[quantity].factors.is_empty();
            has_factors || !self.is_quantity_whole[quantity]
        });
        let is_faulty = said.clone().any(|&quantity| self.is_faulty(quantity));
        if state.chances.len() < 2 || !state.chances.iter().any(is_law) || is_faulty {
            return;
        }
        let n_steps = self.plan.n_steps();
        for step in STEPS_LOOKED_AT.into_iter().filter(|step| *step <= n_steps) {
            let together = |values: &[f64]| {
                let value = |wanted: QuantityIdx| {
                    let place = quantities.iter().position(|quantity| *quantity == wanted);
                    let value = place.map_or(0.0, |place| values[place]);
                    value * self.plan.quantities[wanted].scale
                };
                let alone = |leaving: &Leaving| leaving.chance.at(step, value);
                chances_together(&state.chances, alone).iter().sum()
            };
            let above = |sum: f64| sum > 1.0 + TOLERANCE;
            if let Some(wrong) = self.find_wrong_total(&quantities, together, above) {
                let what = format!(
                    "the chances of leaving `{}` exceed one at step {step} and are scaled to one",
                    state.id
                );
                let fault = Diagnostic::warning("E426", what)
                    .expected("chances that sum to at most 1, or `unless` for those of survivors")
                    .found(self.sum_in_words(&wrong));
                return self.report(at, fault);
            }
        }
    }
}

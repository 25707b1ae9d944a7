//! What the appraisal needs of measures beside their years, and by what each step of it is discounted.

use super::{Account, Charged, Each, Measure, Plan, QuantityIdx};
use crate::quantity::{GREEN_BOOK_2026, Schedule};

impl Plan {
    /// The accounts of a measure: none where its years say all.
    pub fn accounts(&self, measure: &Measure) -> Vec<Account> {
        let is_yearly = self.discounting.each == Each::Year;
        let mut charged = self.costs.iter().filter(|cost| {
            let is_of = cost.measure == measure.id && cost.breakdown.is_empty();
            is_of && cost.charged == Charged::Each
        });
        let is_charged = charged.clone().next().is_some();
        let moves = charged.any(|cost| {
            let prices = [Some(cost.unit_cost), cost.marginal_cost];
            prices
                .into_iter()
                .flatten()
                .any(|price| self.moves_within_a_year(price))
        });
        let outcome = self.summed_account(measure);
        let accounts = [
            (Account::Counted, is_charged && (moves || !is_yearly)),
            (Account::Costs, is_charged && !is_yearly),
            (outcome, measure.is_summed && !is_yearly),
        ];
        let wanted = accounts.into_iter().filter(|(_, is_wanted)| *is_wanted);
        wanted.map(|(account, _)| account).collect()
    }

    /// The account in which a measure that is summed is discounted.
    pub fn summed_account(&self, measure: &Measure) -> Account {
        match measure.is_health {
            true => Account::Health,
            false => Account::Outcomes,
        }
    }

    /// Whether a number changes, under any option, in a month of the forecast in which no financial year begins.
    fn moves_within_a_year(&self, quantity: QuantityIdx) -> bool {
        let factors = self.quantities[quantity].factors.iter();
        let cells = factors.flat_map(|factor| self.parameters[*factor].cells.iter().flatten());
        let dated = cells.map(|(from, _)| *from);
        let changes = self.options.iter().flat_map(|option| &option.changes);
        let changes = changes.filter(|change| change.target.is_of(self, quantity));
        let mut dates = dated.chain(changes.map(|change| change.from));
        dates.any(|from| from > self.start && from < self.end && from.month() != 4)
    }

    /// By how many years the first year of the forecast is discounted, for what is known by years alone.
    pub fn first_year(&self) -> f64 {
        let own = &self.discounting;
        match own.each {
            Each::Year => own.first,
            Each::Step => own.first * self.step.months() / 12.0,
            Each::Moment => 0.0,
        }
    }

    /// By step from the start on: the factors of what is counted at its start, and of what is counted at its end.
    pub fn moments(&self, account: Account) -> Vec<[f64; 2]> {
        let own = &self.discounting;
        let none = Schedule::constant(0.0);
        let schedule = match account {
            Account::Counted => &none,
            Account::Costs => own.costs.as_ref().unwrap_or(&GREEN_BOOK_2026),
            Account::Outcomes => own.outcomes.as_ref().unwrap_or(&none),
            Account::Health => own
                .health
                .as_ref()
                .or(own.outcomes.as_ref())
                .unwrap_or(&none),
        };
        let years = self.step.months() / 12.0;
        let at = |step: f64| schedule.at(step * years);
        let n_steps = self.n_steps() - self.step_of(self.start);
        let both = |step: i32| match own.each {
            Each::Moment => [at(f64::from(step)), at(f64::from(step + 1))],
            _ => [at(f64::from(step) + own.first); 2],
        };
        (0..n_steps).map(both).collect()
    }
}

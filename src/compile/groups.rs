//! Which group each input belongs to, and what of each group moves between two years or two options.

use super::{
    Change, Driver, Moved, Parameter, Plan, PlanOption, QuantityIdx, Service, Stay, Target,
};
use crate::quantity::{FinancialYear, Month};

/// From the end of one year to the end of another.
#[derive(Clone, Copy)]
pub(super) struct Span {
    /// The month of the last step of the first year: what is held stays as it is then.
    pub at: Month,
    /// The month after the first year.
    pub from: Month,
    /// The month after the last year.
    pub until: Month,
}

impl Span {
    /// From a month, the first after one year, until another, the first after a later year.
    pub fn of(plan: &Plan, from: Month, until: Month) -> Span {
        Span {
            at: plan.month_of(plan.step_of(from) - 1),
            from,
            until,
        }
    }

    /// What is dated within a year after its first month.
    pub fn within(year: FinancialYear) -> Span {
        Span {
            at: year.first_month(),
            from: year.first_month(),
            until: year.plus(1).first_month(),
        }
    }

    fn holds(&self, month: Month) -> bool {
        month > self.at && month < self.until
    }
}

/// Which group each input belongs to.
pub(super) struct Groups<'a> {
    /// The question.
    pub plan: &'a Plan,
    /// By parameter.
    pub of_parameter: Vec<Driver>,
    /// By quantity, whether it is a service's.
    is_of_service: Vec<bool>,
}

impl<'a> Groups<'a> {
    /// Of every input of a plan.
    pub fn of(plan: &'a Plan) -> Groups<'a> {
        let mut is_of_service = vec![false; plan.quantities.len()];
        for quantity in service_quantities(plan) {
            is_of_service[quantity] = true;
        }
        let mut is_of_cost = vec![false; plan.quantities.len()];
        for cost in &plan.costs {
            is_of_cost[cost.unit_cost] = true;
        }
        // What services alone use is theirs; a price moves no measure.
        let (mut serves, mut leads) = (
            vec![false; plan.parameters.len()],
            vec![false; plan.parameters.len()],
        );
        for (index, quantity) in plan.quantities.iter().enumerate() {
            for &factor in &quantity.factors {
                serves[factor] |= is_of_service[index];
                leads[factor] |= !is_of_service[index] && !is_of_cost[index];
            }
        }
        let group = |(index, parameter): (usize, &Parameter)| match parameter.is_law {
            true => Driver::Law,
            false if serves[index] && !leads[index] => Driver::Services,
            false => Driver::Rates,
        };
        Groups {
            plan,
            of_parameter: plan.parameters.iter().enumerate().map(group).collect(),
            is_of_service,
        }
    }

    /// Of what a change changes.
    pub fn of_target(&self, target: Target) -> Driver {
        match target {
            Target::Parameter(parameter) => self.of_parameter[parameter],
            Target::Quantity(quantity) if self.is_of_service[quantity] => Driver::Services,
            Target::Quantity(_) | Target::Walks => Driver::Rates,
            Target::Population => Driver::Population,
        }
    }

    /// What of an option moves between two years.
    pub fn moved_since(&self, option: &PlanOption, span: Span) -> Vec<Moved> {
        let plan = self.plan;
        let mut moved = Vec::new();
        let inflows = || plan.inflows.iter();
        if inflows().any(|inflow| inflow.is_of_population) && population_moves(plan, span) {
            let words = "the population of each area by sex and age";
            moved.push(Moved::of(Driver::Population, words.to_owned()));
        }
        for inflow in inflows().filter(|inflow| inflow.walk.is_some() && span.until > plan.start) {
            let words = format!("{}: the yearly random walk of the rate", inflow.title);
            moved.push(Moved::of(Driver::Rates, words));
        }
        moved.extend(self.dated_within(option, span));
        moved
    }

    /// What is dated within a span: numbers, law, changes and arrangements of an option.
    pub fn dated_within(&self, option: &PlanOption, span: Span) -> Vec<Moved> {
        let mut moved = Vec::new();
        for (index, parameter) in self.plan.parameters.iter().enumerate() {
            let driver = self.of_parameter[index];
            let months = self.dates(parameter, span);
            match (driver, &months[..]) {
                (_, []) => {}
                (Driver::Law, _) => moved.extend(self.law(parameter, span)),
                (_, [first, .., last]) => {
                    let words = format!("{}, dated from {first} to {last}", parameter.id);
                    moved.push(Moved::of(driver, words));
                }
                (_, [one]) => {
                    moved.push(Moved::of(driver, format!("{}, from {one}", parameter.id)));
                }
            }
        }
        let changes = option.changes.iter();
        let changes = changes.filter(|change| span.holds(change.from));
        moved.extend(changes.map(|change| self.changed(change)));
        moved.extend(self.arranged(option, |from| span.holds(from)));
        moved
    }

    /// The months at which a parameter has a new value between two years.
    fn dates(&self, parameter: &Parameter, span: Span) -> Vec<Month> {
        let dated = parameter.cells.iter().flatten().map(|(from, _)| *from);
        let mut months: Vec<Month> = dated.filter(|from| span.holds(*from)).collect();
        months.sort_unstable();
        months.dedup();
        months
    }

    fn law(&self, rule: &Parameter, span: Span) -> Vec<Moved> {
        let dated = rule.cells.iter().flatten();
        let new = dated.filter(|(from, _)| span.holds(*from));
        let moved = new.map(|&(from, cell)| {
            let cell = &self.plan.cells[cell];
            let words = format!("{}: {} from {from}", cell.evidence.note, cell.value);
            Moved {
                source: cell.evidence.source.clone(),
                ..Moved::of(Driver::Law, words)
            }
        });
        moved.collect()
    }

    fn changed(&self, change: &Change) -> Moved {
        Moved {
            source: change.source.clone(),
            ..Moved::of(self.of_target(change.target), change.words.clone())
        }
    }

    fn arranged(&self, option: &PlanOption, is_meant: impl Fn(Month) -> bool) -> Vec<Moved> {
        let services = self.plan.services.iter().zip(&option.pools);
        let mut moved = Vec::new();
        for (service, dated) in services {
            for (from, _) in dated.iter().skip(1).filter(|(from, _)| is_meant(*from)) {
                let words = format!("{}: another arrangement from {from}", service.title);
                moved.push(Moved::of(Driver::Services, words));
            }
        }
        moved
    }

    /// What differs between two options.
    pub fn moved_between(&self, ours: &PlanOption, theirs: &PlanOption) -> Vec<Moved> {
        let own = ours.changes.iter();
        let own = own.filter(|change| !theirs.changes.contains(change));
        let mut moved: Vec<Moved> = own.map(|change| self.changed(change)).collect();
        let undone = theirs.changes.iter();
        let undone = undone.filter(|change| !ours.changes.contains(change));
        moved.extend(undone.map(|change| {
            let moved = self.changed(change);
            let words = format!("without: {}", moved.words);
            Moved { words, ..moved }
        }));
        if ours.pools != theirs.pools || ours.guaranteed != theirs.guaranteed {
            moved.extend(self.arranged(ours, |_| true));
            if moved.iter().all(|moved| moved.driver != Driver::Services) {
                let words = "services as they are arranged now";
                moved.push(Moved::of(Driver::Services, words.to_owned()));
            }
        }
        moved
    }
}

impl Moved {
    fn of(driver: Driver, words: String) -> Moved {
        Moved {
            driver,
            words,
            source: String::new(),
        }
    }
}

/// What services alone are made of.
fn service_quantities(plan: &Plan) -> Vec<QuantityIdx> {
    let of = |service: &Service| {
        let mut quantities = vec![
            service.uptake,
            service.patience,
            service.completion,
            service.meets_need,
            service.hazard_ratio,
            service.effect_after,
            service.places,
        ];
        quantities.extend(Stay::quantities(service.support));
        quantities
    };
    plan.services.iter().flat_map(of).collect()
}

/// Whether the population of anybody differs between two years from what it is held at.
fn population_moves(plan: &Plan, span: Span) -> bool {
    let months = span.until.since(span.at);
    let strata = plan.strata_of_people();
    strata.into_iter().any(|stratum| {
        let held = plan.people(stratum, span.at);
        (1..months).any(|month| plan.people(stratum, span.at.plus(month)) != held)
    })
}

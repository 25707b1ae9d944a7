//! Worlds that never were: some groups of inputs as they were in an earlier year, or as in another option, the others as
//! they are. What a group drives is the difference between worlds with it and worlds without.

use super::options::first_difference;
use super::{
    Between, Change, Driver, Operation, Parameter, Plan, PlanOption, QuantityIdx, Stay, Target,
};
use crate::quantity::Month;

/// The worlds that the comparisons of a plan ask for.
#[derive(Debug, Clone)]
pub struct Counterfactuals {
    /// The plan with these worlds as further options; its own options come first.
    pub plan: Plan,
    /// For each comparison of the plan, its worlds.
    pub games: Vec<Game>,
}

/// The worlds of one comparison: one for every coalition of the groups that may drive the change.
#[derive(Debug, Clone)]
pub struct Game {
    /// The groups that differ at all between what is compared.
    pub moving: Vec<Driver>,
    /// By coalition (bit `i` for `moving[i]`), the option of the plan in which these groups have moved.
    pub worlds: Vec<usize>,
    /// What moves, a line each.
    pub moved: Vec<(Driver, String)>,
}

/// The worlds of every comparison of a plan. Nothing of a group that does not move is varied, so that its part of the
/// change is zero to the bit.
pub fn counterfactuals(plan: &Plan) -> Counterfactuals {
    let mut asked = plan.clone();
    let groups = Groups::of(plan);
    let games = plan.comparisons.iter();
    let games = games
        .map(|comparison| match comparison.between {
            Between::Years { option, from, to } => {
                let span = Span::of(plan, from.plus(1).first_month(), to.plus(1).first_month());
                let moved = groups.moved_since(&plan.options[option], span);
                game(&mut asked, moved, (0, option), |drivers| {
                    groups.held(&plan.options[option], drivers, span)
                })
            }
            Between::Options {
                option, against, ..
            } => {
                let (ours, theirs) = (&plan.options[option], &plan.options[against]);
                let moved = groups.moved_between(ours, theirs);
                game(&mut asked, moved, (against, option), |drivers| {
                    groups.mixed(ours, theirs, drivers)
                })
            }
        })
        .collect();
    Counterfactuals { plan: asked, games }
}

/// Adds the worlds of a game in which some but not all groups have moved; `make` is given the groups that have.
/// Without any, the world is the first of `ends` where that is another option, with all of them the second.
fn game(
    asked: &mut Plan,
    moved: Vec<(Driver, String)>,
    (none, all): (usize, usize),
    make: impl Fn(&[Driver]) -> PlanOption,
) -> Game {
    let moves = |driver: &Driver| moved.iter().any(|(moved, _)| moved == driver);
    let moving: Vec<Driver> = Driver::ALL.into_iter().filter(moves).collect();
    let n_coalitions = 1usize << moving.len();
    let mut worlds = Vec::with_capacity(n_coalitions);
    for coalition in 0..n_coalitions {
        let members = moving.iter().enumerate();
        let members = members.filter(|(index, _)| coalition >> index & 1 == 1);
        let members: Vec<Driver> = members.map(|(_, driver)| *driver).collect();
        worlds.push(match coalition {
            _ if coalition + 1 == n_coalitions => all,
            0 if none != all => none,
            _ => {
                asked.options.push(make(&members));
                asked.options.len() - 1
            }
        });
    }
    Game {
        moving,
        worlds,
        moved,
    }
}

/// From the end of one year to the end of another.
#[derive(Clone, Copy)]
struct Span {
    /// The month of the last step of the first year: what is held stays as it is then.
    at: Month,
    /// The month after the first year.
    from: Month,
    /// The month after the last year.
    until: Month,
}

impl Span {
    fn of(plan: &Plan, from: Month, until: Month) -> Span {
        Span {
            at: plan.month_of(plan.step_of(from) - 1),
            from,
            until,
        }
    }

    fn holds(&self, month: Month) -> bool {
        month > self.at && month < self.until
    }
}

/// Which group each input belongs to.
struct Groups<'a> {
    plan: &'a Plan,
    /// By parameter.
    of_parameter: Vec<Driver>,
    /// By quantity, whether it is a service's.
    is_of_service: Vec<bool>,
}

impl<'a> Groups<'a> {
    fn of(plan: &'a Plan) -> Groups<'a> {
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

    fn of_target(&self, target: Target) -> Driver {
        match target {
            Target::Parameter(parameter) => self.of_parameter[parameter],
            Target::Quantity(quantity) if self.is_of_service[quantity] => Driver::Services,
            Target::Quantity(_) | Target::Walks => Driver::Rates,
            Target::Population => Driver::Population,
        }
    }

    /// What of an option moves between two years.
    fn moved_since(&self, option: &PlanOption, span: Span) -> Vec<(Driver, String)> {
        let plan = self.plan;
        let mut moved = Vec::new();
        let inflows = || plan.inflows.iter();
        if inflows().any(|inflow| inflow.is_of_population) && population_moves(plan, span) {
            moved.push((Driver::Population, population_words(plan, span)));
        }
        for inflow in inflows().filter(|inflow| inflow.walk.is_some()) {
            let words = format!("{}: the yearly random walk of the rate", inflow.title);
            moved.push((Driver::Rates, words));
        }
        for (index, parameter) in plan.parameters.iter().enumerate() {
            let driver = self.of_parameter[index];
            let months = self.dates(parameter, span);
            match (driver, &months[..]) {
                (_, []) => {}
                (Driver::Law, _) => moved.extend(self.law_words(parameter, span)),
                (_, [one]) => moved.push((driver, format!("{}, from {one}", parameter.id))),
                (_, [first, .., last]) => {
                    let words = format!("{}, dated from {first} to {last}", parameter.id);
                    moved.push((driver, words));
                }
            }
        }
        let changes = option.changes.iter();
        for change in changes.filter(|change| span.holds(change.from)) {
            moved.push((self.of_target(change.target), change.words.clone()));
        }
        moved.extend(self.pool_words(option, |from| span.holds(from)));
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

    fn law_words(&self, rule: &Parameter, span: Span) -> Vec<(Driver, String)> {
        let dated = rule.cells.iter().flatten();
        let new = dated.filter(|(from, _)| span.holds(*from));
        let words = new.map(|&(from, cell)| {
            let cell = &self.plan.cells[cell];
            let evidence = &cell.evidence;
            let words = format!("{}: {} from {from}", evidence.note, cell.value);
            (Driver::Law, format!("{words} ({})", evidence.source))
        });
        words.collect()
    }

    fn pool_words(
        &self,
        option: &PlanOption,
        is_meant: impl Fn(Month) -> bool,
    ) -> Vec<(Driver, String)> {
        let services = self.plan.services.iter().zip(&option.pools);
        let mut words = Vec::new();
        for (service, dated) in services {
            for (from, _) in dated.iter().skip(1).filter(|(from, _)| is_meant(*from)) {
                let arranged = format!("{}: another arrangement from {from}", service.title);
                words.push((Driver::Services, arranged));
            }
        }
        words
    }

    /// The option with every group but these held as it is when the first year ends.
    fn held(&self, option: &PlanOption, moving: &[Driver], span: Span) -> PlanOption {
        let is_held = |driver: Driver| !moving.contains(&driver);
        let mut held = PlanOption {
            costs: Vec::new(),
            ..option.clone()
        };
        held.changes
            .retain(|change| change.from <= span.at || !is_held(self.of_target(change.target)));
        if is_held(Driver::Services) {
            for dated in &mut held.pools {
                dated.retain(|(from, _)| *from <= span.at);
            }
        }
        let parameters = self.plan.parameters.iter().enumerate();
        let later = |parameter: &Parameter| {
            let mut dated = parameter.cells.iter().flatten();
            dated.any(|(from, _)| *from > span.at)
        };
        let parameters = parameters
            .filter(|(index, parameter)| is_held(self.of_parameter[*index]) && later(parameter))
            .map(|(index, _)| Target::Parameter(index));
        let others = [
            (Driver::Population, Target::Population),
            (Driver::Rates, Target::Walks),
        ];
        let others = others.into_iter().filter(|(driver, _)| is_held(*driver));
        let targets = parameters.chain(others.map(|(_, target)| target));
        held.changes
            .extend(targets.map(|target| hold(target, span)));
        held.changes.sort_by_key(|change| change.from);
        held.differs_from = first_difference(&held);
        held
    }

    /// What differs between two options.
    fn moved_between(&self, ours: &PlanOption, theirs: &PlanOption) -> Vec<(Driver, String)> {
        let without = |changes: &[Change], others: &[Change]| -> Vec<(Driver, String)> {
            let own = changes.iter().filter(|change| !others.contains(change));
            own.map(|change| (self.of_target(change.target), change.words.clone()))
                .collect()
        };
        let mut moved = without(&ours.changes, &theirs.changes);
        let undone = without(&theirs.changes, &ours.changes).into_iter();
        moved.extend(undone.map(|(driver, words)| (driver, format!("without: {words}"))));
        if ours.pools != theirs.pools {
            let mut words = self.pool_words(ours, |_| true);
            if words.is_empty() {
                words.push((Driver::Services, "another arrangement".to_owned()));
            }
            moved.extend(words);
        }
        moved
    }

    /// The second option with these groups as in the first.
    fn mixed(&self, ours: &PlanOption, theirs: &PlanOption, moving: &[Driver]) -> PlanOption {
        let moves = |change: &&Change| moving.contains(&self.of_target(change.target));
        let own = ours.changes.iter().filter(moves);
        let others = theirs.changes.iter().filter(|change| !moves(change));
        let mut changes: Vec<Change> = own.chain(others).cloned().collect();
        changes.sort_by_key(|change| change.from);
        let arranging = match moving.contains(&Driver::Services) {
            true => ours,
            false => theirs,
        };
        let mut mixed = PlanOption {
            changes,
            pools: arranging.pools.clone(),
            costs: Vec::new(),
            ..theirs.clone()
        };
        mixed.differs_from = first_difference(&mixed);
        mixed
    }
}

fn hold(target: Target, span: Span) -> Change {
    Change {
        from: span.from,
        target,
        area: None,
        sex: None,
        age: None,
        priors: None,
        operation: Operation::Hold(span.at),
        reaches_everyone: false,
        source: String::new(),
        words: String::new(),
    }
}

/// What services alone are made of.
fn service_quantities(plan: &Plan) -> Vec<QuantityIdx> {
    let of = |service: &super::Service| {
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

fn population_words(plan: &Plan, span: Span) -> String {
    let people = |month: Month| {
        let strata = plan.strata_of_people().into_iter();
        strata
            .map(|stratum| plan.people(stratum, month))
            .sum::<f64>()
    };
    let last = span.until.plus(-1);
    format!(
        "{:.0} people of the ages that the model follows in {}, {:.0} in {last}",
        people(span.at),
        span.at,
        people(last)
    )
}

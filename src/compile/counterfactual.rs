//! Worlds that never were: some groups of inputs as they were in an earlier year, or as in another option, the others as
//! they are. What a group drives is the difference between worlds with it and worlds without.

use super::groups::{Groups, Span};
use super::options::first_difference;
use super::{Between, Change, Driver, Operation, Parameter, Plan, PlanOption, Target};

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
    /// What moves.
    pub moved: Vec<Moved>,
    /// What is dated within the first of two years: it moves before anything is held, and is carried over.
    pub moved_before: Vec<Moved>,
}

/// Something that moves between what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The group that it belongs to.
    pub driver: Driver,
    /// What it is, for people.
    pub words: String,
    /// Where that is said; blank where it is only dated numbers of the model.
    pub source: String,
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
                let game = game(&mut asked, moved, (option, option), |drivers| {
                    groups.held(&plan.options[option], drivers, span)
                });
                Game {
                    moved_before: groups.dated_within(&plan.options[option], Span::within(from)),
                    ..game
                }
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

/// The worlds of a game: with all groups moved the second option, with none the first where that is another, and
/// otherwise a further option of the plan, made of the groups that have moved.
fn game(
    asked: &mut Plan,
    moved: Vec<Moved>,
    (none, all): (usize, usize),
    make: impl Fn(&[Driver]) -> PlanOption,
) -> Game {
    let moves = |driver: &Driver| moved.iter().any(|moved| moved.driver == *driver);
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
        moved_before: Vec::new(),
    }
}

impl Groups<'_> {
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
            for dated in &mut held.guaranteed {
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
            guaranteed: arranging.guaranteed.clone(),
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

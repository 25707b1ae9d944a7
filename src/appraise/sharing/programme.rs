//! Linear programmes over groups: solved with a few groups, then with those that were found to matter.

use std::fmt;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

use super::groups::{members, sums};

/// A linear programme was not solved to the accuracy that is promised. No table of costs should lead to this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsolved(pub String);

impl fmt::Display for Unsolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a linear programme of fair shares could not be solved: {}",
            self.0
        )
    }
}

impl std::error::Error for Unsolved {}

/// How far a constraint may be broken, with numbers of at most 1 in size.
pub const TOLERANCE: f64 = 1e-9;

/// An optimum: the value of every variable, and of the objective.
pub struct Optimum {
    pub values: Vec<f64>,
    pub objective: f64,
}

/// A programme that is being written down: each variable's cost and bounds, then constraints.
pub struct Programme {
    problem: Problem,
    variables: Vec<Variable>,
}

impl Programme {
    pub fn new(direction: OptimizationDirection) -> Programme {
        Programme {
            problem: Problem::new(direction),
            variables: Vec::new(),
        }
    }

    /// Adds a variable and says which it is.
    pub fn variable(&mut self, objective: f64, bounds: (f64, f64)) -> usize {
        self.variables.push(self.problem.add_var(objective, bounds));
        self.variables.len() - 1
    }

    /// The sum of factors times variables is at most, is, or is at least a number.
    pub fn constrain(
        &mut self,
        terms: impl IntoIterator<Item = (usize, f64)>,
        how: ComparisonOp,
        limit: f64,
    ) {
        let terms: Vec<(Variable, f64)> = terms
            .into_iter()
            .map(|(index, factor)| (self.variables[index], factor))
            .collect();
        self.problem.add_constraint(terms, how, limit);
    }

    pub fn solve(self) -> Result<Optimum, Unsolved> {
        let mut options = SolveOptions::default();
        options.tolerances.feasibility = TOLERANCE;
        let outcome = self.problem.solve_with(options);
        let outcome = outcome.map_err(|error| Unsolved(error.to_string()))?;
        let Some(solution) = outcome.solution().filter(|_| outcome.is_optimal()) else {
            return Err(Unsolved("the solver stopped early".to_owned()));
        };
        Ok(Optimum {
            values: self
                .variables
                .iter()
                .map(|v| solution.var_value(*v))
                .collect(),
            objective: solution.objective(),
        })
    }
}

/// Numbers for the partners and a level: no open group's sum is more than its limit and the level.
pub struct Point {
    pub numbers: Vec<f64>,
    pub level: f64,
}

/// Solves with a few groups, adds the groups that break their limit most, and solves again until none does. What
/// `solve` makes of `working` is the optimum with these groups alone.
pub fn with_groups(
    limits: &[f64],
    open: &[bool],
    working: &mut Vec<usize>,
    mut solve: impl FnMut(&[usize]) -> Result<Point, Unsolved>,
) -> Result<Point, Unsolved> {
    loop {
        let point = solve(working)?;
        let sums = sums(&point.numbers);
        let excess = |group: usize| sums[group] - limits[group] - point.level;
        let mut broken: Vec<usize> = (1..limits.len())
            .filter(|group| open[*group] && excess(*group) > TOLERANCE)
            .filter(|group| !working.contains(group))
            .collect();
        if broken.is_empty() {
            return Ok(point);
        }
        broken.sort_by(|a, b| excess(*b).total_cmp(&excess(*a)).then(a.cmp(b)));
        working.extend(broken.iter().take(2 * point.numbers.len()));
    }
}

/// The members of a group, each with this factor.
pub fn each(group: usize, factor: f64) -> impl Iterator<Item = (usize, f64)> {
    members(group).map(move |member| (member, factor))
}

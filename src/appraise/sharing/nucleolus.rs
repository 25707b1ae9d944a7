//! The nucleolus: shares under which the group that is worst off against going by itself is as well off as can be,
//! then the next, and so on (Schmeidler 1969).
//!
//! A sequence of linear programmes (Kopelowitz 1967). Each finds the smallest level that the excess of every group
//! that is still open can be held to. A group with a multiplier above 0 in the dual programme stands at that level in
//! every optimum, so its members' sum is settled; groups whose sum follows from settled ones are open no more. No
//! excess is compared with a level to find who is tight, so ties and degenerate games need no tolerance: multipliers
//! are vertices of a polytope of noughts and ones, and either 0 or far from it. At least one sum that does not follow
//! from the others is settled each time, so there are at most as many programmes as partners.
//!
//! Weak duality then proves the answer: no excess that was open in a programme may be above the level that its
//! multipliers gave.

use microlp::{ComparisonOp, OptimizationDirection};

use super::groups::sums;
use super::programme::{Point, Programme, Unsolved, each, with_groups};
use super::span::Settled;
use crate::compile::Coalitions;

/// A multiplier above this is not 0. One that is smaller and yet above 0 is left for a later programme, which changes
/// nothing.
const ABOVE_NOTHING: f64 = 1e-6;

/// How far, of the largest saving of any group, an excess may be above its level in the proof.
const PROOF: f64 = 1e-7;

/// Of the costs it is the difference of: a saving this small is the rounding of sums.
const NO_SAVING: f64 = 1e-12;

/// Costs less what their members pay alone, in units of the largest that is saved: a game of the same nucleolus, with
/// numbers of a fair size.
///
/// A group that would pay far more than its members alone decides nothing, however much more it is. In these units, in
/// which nobody saves more than 1, some shares hold every excess to 2, so that in all that follow from them partners pay
/// from `-1 - 2n` to 2 each and groups at most `2n`. With a limit of `8n` a group's excess is then below that of every
/// partner, and what every partner pays is settled before it is looked at. Larger limits are therefore cut to this one,
/// lest the unit be theirs and small savings be lost beside it.
pub(super) struct Savings {
    alone: Vec<f64>,
    /// By group, from -1.
    pub limits: Vec<f64>,
    /// The unit; 0 where no group saves anything.
    pub unit: f64,
}

impl Savings {
    pub fn of(game: &Coalitions) -> Savings {
        let n = game.partners.len();
        let alone: Vec<f64> = (0..n).map(|partner| game.costs[1 << partner]).collect();
        let sizes = sums(&alone.iter().map(|cost| cost.abs()).collect::<Vec<f64>>());
        let whole = game.costs.iter().zip(sums(&alone)).zip(sizes);
        let differences = whole.map(|((cost, sum), size)| match cost - sum {
            saved if saved.abs() <= NO_SAVING * (size + cost.abs()) => 0.0,
            saved => saved,
        });
        let mut limits: Vec<f64> = differences.collect();
        let saved = limits.iter().filter(|limit| **limit < 0.0);
        let together = limits[limits.len() - 1].abs();
        let unit = saved.fold(together, |most, limit| most.max(-limit));
        if unit > 0.0 {
            let most = 8.0 * n as f64;
            for limit in &mut limits {
                *limit = (*limit / unit).min(most);
            }
        }
        Savings {
            alone,
            limits,
            unit,
        }
    }

    pub fn together(&self) -> f64 {
        self.limits[self.limits.len() - 1]
    }

    fn shares(&self, numbers: &[f64]) -> Vec<f64> {
        let shares = self.alone.iter().zip(numbers);
        shares
            .map(|(alone, number)| alone + self.unit * number)
            .collect()
    }

    /// Nobody's sum but everybody's is settled.
    fn settled(&self) -> Settled {
        let mut settled = Settled::new(self.alone.len());
        settled.settle(self.limits.len() - 1, self.together());
        settled
    }
}

/// The nucleolus, over shares with which nobody pays more than alone; where there are none, because all together cost
/// more than each alone, over all shares (the prenucleolus).
///
/// # Errors
/// When a linear programme is not solved to the accuracy that is promised.
pub fn nucleolus(game: &Coalitions) -> Result<Vec<f64>, Unsolved> {
    let savings = Savings::of(game);
    let n = savings.alone.len();
    if savings.unit == 0.0 || savings.together() == 0.0 {
        // Nothing is saved together, so that the only shares with which nobody pays more are the costs alone.
        let left = game.costs[game.costs.len() - 1] - savings.alone.iter().sum::<f64>();
        return Ok(savings
            .alone
            .iter()
            .map(|alone| alone + left / n as f64)
            .collect());
    }
    let mut settled = savings.settled();
    let mut levels = Vec::new();
    while !settled.is_complete() {
        let stage = Stage {
            limits: &savings.limits,
            open: settled.open(),
            settled: &settled,
            is_capped: savings.together() < 0.0,
        };
        let working = stage.working()?;
        let bound = stage.bound(&working)?;
        let open = stage.open;
        let mut is_new = false;
        for (group, sum) in bound.sums {
            is_new |= settled.settle(group, sum);
        }
        if !is_new {
            return Err(Unsolved("no multiplier is above 0".to_owned()));
        }
        levels.push((open, bound.level));
    }
    let numbers = settled.values();
    let sums = sums(&numbers);
    let is_proved = levels.iter().all(|(open, level)| {
        let mut groups = (1..sums.len()).filter(|group| open[*group]);
        groups.all(|group| sums[group] - savings.limits[group] <= level + PROOF)
    });
    if !is_proved {
        return Err(Unsolved(
            "an excess is above the level of its programme".to_owned(),
        ));
    }
    Ok(savings.shares(&numbers))
}

/// The smallest level to which the excess of every group but all together can be held; 0 where no group makes any
/// difference.
pub(super) fn least_core(game: &Coalitions) -> Result<f64, Unsolved> {
    let savings = Savings::of(game);
    if savings.unit == 0.0 {
        return Ok(0.0);
    }
    let settled = savings.settled();
    let stage = Stage {
        limits: &savings.limits,
        open: settled.open(),
        settled: &settled,
        is_capped: false,
    };
    let working = stage.working()?;
    Ok(stage.bound(&working)?.level * savings.unit)
}

/// One programme of the sequence.
struct Stage<'a> {
    limits: &'a [f64],
    /// Whether a group's sum may still move.
    open: Vec<bool>,
    settled: &'a Settled,
    /// Whether nobody may pay more than alone.
    is_capped: bool,
}

/// What the multipliers of a programme say.
struct Bound {
    /// No shares that agree with what is settled hold every open excess below this.
    level: f64,
    /// Groups that stand at the level in every optimum, and partners who pay as much as alone, with their sums; the
    /// largest multiplier first.
    sums: Vec<(usize, f64)>,
}

impl Stage<'_> {
    fn partners(&self) -> std::ops::Range<usize> {
        0..self.limits.len().trailing_zeros() as usize
    }

    fn caps(&self) -> impl Iterator<Item = usize> {
        let is_open = |partner: &usize| self.is_capped && self.open[1 << partner];
        self.partners().filter(is_open)
    }

    /// Groups that are enough: an optimum for them is one for all.
    fn working(&self) -> Result<Vec<usize>, Unsolved> {
        let all = self.limits.len() - 1;
        // With everybody's complement the level is bounded.
        let singles = self.partners().map(|partner| 1_usize << partner);
        let singles = singles.filter(|group| self.open[*group]);
        let mut working: Vec<usize> = singles.flat_map(|group| [group, all ^ group]).collect();
        working.sort_unstable();
        working.dedup();
        with_groups(self.limits, &self.open, &mut working, |groups| {
            self.optimum(groups)
        })?;
        Ok(working)
    }

    /// The smallest level for these groups, and numbers that reach it.
    fn optimum(&self, groups: &[usize]) -> Result<Point, Unsolved> {
        let mut programme = Programme::new(OptimizationDirection::Minimize);
        let caps: Vec<usize> = self.caps().collect();
        for partner in self.partners() {
            let most = if caps.contains(&partner) {
                0.0
            } else {
                f64::INFINITY
            };
            programme.variable(0.0, (f64::NEG_INFINITY, most));
        }
        let level = programme.variable(1.0, (f64::NEG_INFINITY, f64::INFINITY));
        for (group, sum) in &self.settled.groups {
            programme.constrain(each(*group, 1.0), ComparisonOp::Eq, *sum);
        }
        for group in groups {
            let terms = each(*group, 1.0).chain([(level, -1.0)]);
            programme.constrain(terms, ComparisonOp::Le, self.limits[*group]);
        }
        let mut numbers = programme.solve()?.values;
        let level = numbers.pop().unwrap_or(f64::NAN);
        Ok(Point { numbers, level })
    }

    /// The dual programme: multipliers that sum to 1 over the groups and balance what is settled.
    fn bound(&self, groups: &[usize]) -> Result<Bound, Unsolved> {
        let mut programme = Programme::new(OptimizationDirection::Maximize);
        let mut balance: Vec<Vec<(usize, f64)>> = vec![Vec::new(); self.partners().len()];
        let mut add = |variable: usize, group: usize, factor: f64| {
            for (member, factor) in each(group, factor) {
                balance[member].push((variable, factor));
            }
        };
        let mut candidates: Vec<usize> = Vec::new();
        for group in groups {
            let variable = programme.variable(-self.limits[*group], (0.0, f64::INFINITY));
            add(variable, *group, -1.0);
            candidates.push(*group);
        }
        for partner in self.caps() {
            let variable = programme.variable(0.0, (0.0, f64::INFINITY));
            add(variable, 1 << partner, -1.0);
            candidates.push(1 << partner);
        }
        for (group, sum) in &self.settled.groups {
            let variable = programme.variable(*sum, (f64::NEG_INFINITY, f64::INFINITY));
            add(variable, *group, 1.0);
        }
        for terms in balance {
            programme.constrain(terms, ComparisonOp::Eq, 0.0);
        }
        let whole = (0..groups.len()).map(|variable| (variable, 1.0));
        programme.constrain(whole, ComparisonOp::Eq, 1.0);
        let optimum = programme.solve()?;
        let level = optimum.objective;
        let mut positive: Vec<usize> = (0..candidates.len())
            .filter(|index| optimum.values[*index] > ABOVE_NOTHING)
            .collect();
        positive.sort_by(|a, b| optimum.values[*b].total_cmp(&optimum.values[*a]));
        let sum = |index: usize| match index < groups.len() {
            true => (candidates[index], self.limits[candidates[index]] + level),
            false => (candidates[index], 0.0),
        };
        Ok(Bound {
            level,
            sums: positive.into_iter().map(sum).collect(),
        })
    }
}

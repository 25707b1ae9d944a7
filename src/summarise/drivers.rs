//! What drove a change: its parts by population, rates, law, services, what is carried over, and chance.

use super::contrast::over_horizon;
use super::part::{FEW, Measured, Whole};
use super::shapley::shapley;
use super::{Estimate, draws_of, forecast_years};
use crate::compile::{Between, Comparison, Counterfactuals, Driver, Game, Moved, Plan};
use crate::simulate::{Layout, Trajectories, Trajectory, Value};
use std::ops::Range;

/// Changes and what drove them.
#[derive(Debug, Clone, Default)]
pub struct Drivers {
    /// How many draws the parts are measured in; none where they are of the central parameters alone.
    pub n_draws: usize,
    /// How many lives of every such draw are lived.
    pub n_lives: usize,
    /// By comparison of the plan, what moves.
    pub moved: Vec<Vec<Moved>>,
    /// By comparison of two years, what is dated within the first, and so carried over.
    pub moved_before: Vec<Vec<Moved>>,
    /// In the order of the plan's comparisons and their measures, then of the areas.
    pub changes: Vec<Driven>,
}

/// One change of one measure in one area, and its parts.
#[derive(Debug, Clone)]
pub struct Driven {
    /// Which comparison of the plan.
    pub comparison: usize,
    /// The area, or the total.
    pub area: usize,
    /// The series, by year.
    pub series: usize,
    /// What it changes from.
    pub before: Estimate,
    /// What it changes to.
    pub after: Estimate,
    /// The change, draw by draw.
    pub change: Estimate,
    /// Its parts, which add up to it.
    pub parts: Vec<(Part, Estimate)>,
}

/// A part of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What a group of inputs drives.
    Driver(Driver),
    /// What would have changed from the first year to the second had every input stayed as it was when the first ended:
    /// people who were in the system then, and changes before, working their way through.
    CarriedOver,
    /// The luck of single lives: nothing in expectation, so that its mean is what luck the run's draws happened to have.
    Chance,
}

impl Part {
    /// Its name in tables.
    pub fn id(self) -> &'static str {
        match self {
            Part::Driver(driver) => driver.id(),
            Part::CarriedOver => "carried_over",
            Part::Chance => "chance",
        }
    }
}

/// Splits the changes that a plan compares. `lives` are lives of the first of the run's draws (of row 0 where it has no
/// other) under [`Counterfactuals::plan`], each with a luck of its own, the first with the luck of the run.
pub fn drivers<N: Value>(
    plan: &Plan,
    run: &Trajectories<N>,
    asked: &Counterfactuals,
    lives: &[Trajectories<N>],
) -> Drivers {
    let mut changes = Vec::new();
    for (comparison, (described, game)) in plan.comparisons.iter().zip(&asked.games).enumerate() {
        for (measure, breakdown) in &described.measures {
            let Some(series) = run.layout.find(measure, breakdown) else {
                continue;
            };
            for area in 0..run.layout.n_areas {
                let asking = Asking {
                    ends: Ends::of(described, &run.layout, forecast_years(plan, &run.layout)),
                    game,
                    run,
                    lives,
                    place: (area, series),
                };
                let (before, after, change) = asking.levels();
                changes.push(Driven {
                    comparison,
                    area,
                    series,
                    before,
                    after,
                    change,
                    parts: asking.parts(),
                });
            }
        }
    }
    Drivers {
        n_draws: match run.rows.len() {
            1 => 0,
            _ => lives.first().map_or(0, |life| life.rows.len()),
        },
        n_lives: lives.len(),
        moved: asked.games.iter().map(|game| game.moved.clone()).collect(),
        moved_before: (asked.games.iter())
            .map(|game| game.moved_before.clone())
            .collect(),
        changes,
    }
}

/// What is compared, as places in the trajectories.
struct Ends {
    before: (usize, Range<usize>),
    after: (usize, Range<usize>),
    /// Whether something may be carried over: between two years.
    is_in_time: bool,
}

impl Ends {
    fn of(comparison: &Comparison, layout: &Layout, forecast: Range<usize>) -> Ends {
        let index = |year| layout.years.partition_point(|other| *other < year);
        let one = |year: usize| year..year + 1;
        match comparison.between {
            Between::Years { option, from, to } => Ends {
                before: (option, one(index(from))),
                after: (option, one(index(to))),
                is_in_time: true,
            },
            Between::Options {
                option,
                against,
                year,
            } => {
                let years = year.map_or(forecast, |year| one(index(year)));
                Ends {
                    before: (against, years.clone()),
                    after: (option, years),
                    is_in_time: false,
                }
            }
        }
    }
}

/// One change of one series in one area.
struct Asking<'a, N> {
    ends: Ends,
    game: &'a Game,
    run: &'a Trajectories<N>,
    lives: &'a [Trajectories<N>],
    place: (usize, usize),
}

impl<N: Value> Asking<'_, N> {
    /// The value of some years under an option: a sum for a flow, a mean for a level.
    fn value(
        &self,
        layout: &Layout,
        row: &Trajectory<N>,
        (option, years): (usize, &Range<usize>),
    ) -> f64 {
        let (area, series) = self.place;
        let value = |year| -> f64 { row.values[layout.at(option, area, series, year)].into() };
        let known = years.clone().map(value).filter(|value| !value.is_nan());
        let total = known.fold([0.0, 0.0], |[sum, n], value| [sum + value, n + 1.0]);
        over_horizon(&layout.series[series], total)
    }

    fn before(&self, layout: &Layout, row: &Trajectory<N>) -> f64 {
        self.value(layout, row, (self.ends.before.0, &self.ends.before.1))
    }

    fn after(&self, layout: &Layout, row: &Trajectory<N>) -> f64 {
        self.value(layout, row, (self.ends.after.0, &self.ends.after.1))
    }

    /// Before and after in every draw of the run in which both are known.
    fn ends_of_run(&self) -> Vec<(f64, f64)> {
        let layout = &self.run.layout;
        let rows = draws_of(self.run).iter();
        rows.map(|row| (self.before(layout, row), self.after(layout, row)))
            .filter(|(before, after)| before.is_finite() && after.is_finite())
            .collect()
    }

    /// What the run itself says of before, after and the change.
    fn levels(&self) -> (Estimate, Estimate, Estimate) {
        let ends = self.ends_of_run();
        let estimate = |of: &dyn Fn(&(f64, f64)) -> f64| {
            Estimate::of_column(&mut ends.iter().map(of).collect::<Vec<f64>>())
        };
        (
            estimate(&|ends| ends.0),
            estimate(&|ends| ends.1),
            estimate(&|ends| ends.1 - ends.0),
        )
    }

    /// The change in one life and its parts but chance, which a life alone does not tell.
    fn split(&self, layout: &Layout, row: &Trajectory<N>) -> Split {
        let worlds = self.game.worlds.iter();
        let worth: Vec<f64> = worlds
            .map(|&world| self.value(layout, row, (world, &self.ends.after.1)))
            .collect();
        let before = self.before(layout, row);
        let shares = shapley(self.game.moving.len(), &worth);
        let of = |driver: Driver| {
            let mut moving = self.game.moving.iter();
            moving
                .position(|moving| *moving == driver)
                .map_or(0.0, |index| shares[index])
        };
        let mut parts: Vec<f64> = Driver::ALL.into_iter().map(of).collect();
        if self.ends.is_in_time {
            parts.push(worth[0] - before);
        }
        Split {
            whole: worth[worth.len() - 1] - before,
            parts,
        }
    }

    fn parts(&self) -> Vec<(Part, Estimate)> {
        let n_draws = self.lives.first().map_or(0, |life| life.rows.len());
        let splits: Vec<Vec<Split>> = (0..n_draws)
            .map(|draw| {
                let lives = self.lives.iter();
                lives
                    .map(|life| self.split(&life.layout, &life.rows[draw]))
                    .collect()
            })
            .filter(|lives: &Vec<Split>| lives.iter().all(Split::is_known))
            .collect();
        let ends = self.ends_of_run();
        let all: Vec<f64> = ends.iter().map(|(before, after)| after - before).collect();
        let whole = Whole::of(splits.iter().map(|lives| lives[0].whole).collect(), &all);
        let drivers = Driver::ALL.into_iter().map(Part::Driver);
        let carried = self.ends.is_in_time.then_some(Part::CarriedOver);
        let named = drivers.chain(carried).enumerate();
        let mut parts: Vec<(Part, Estimate)> = named
            .map(|(index, part)| (part, driven(&splits, index).estimate(&whole)))
            .collect();
        parts.push((Part::Chance, chance(&splits, &whole)));
        parts
    }
}

/// One life.
struct Split {
    whole: f64,
    parts: Vec<f64>,
}

impl Split {
    fn is_known(&self) -> bool {
        self.whole.is_finite() && self.parts.iter().all(|part| part.is_finite())
    }
}

/// A part that is expected in each draw: the mean over its lives.
fn driven(splits: &[Vec<Split>], index: usize) -> Measured {
    let of = |lives: &Vec<Split>| spread(lives.iter().map(|split| split.parts[index]));
    let (means, variances): (Vec<f64>, Vec<f64>) = splits.iter().map(of).unzip();
    let n_lives = splits.first().map_or(1, Vec::len);
    let n = variances.len().max(1) as f64;
    Measured {
        luck: variances.iter().sum::<f64>() / n / n_lives as f64,
        means,
        is_chance: false,
    }
}

/// What the luck of the run's own lives adds to what is expected, and how far single lives lie apart.
fn chance(splits: &[Vec<Split>], whole: &Whole) -> Estimate {
    let mean = |lives: &[Split]| spread(lives.iter().map(|split| split.whole)).0;
    let of_run = |lives: &Vec<Split>| lives[0].whole - mean(lives);
    let measured = Measured {
        means: splits.iter().map(of_run).collect(),
        luck: 0.0,
        is_chance: true,
    };
    let n_lives = splits.first().map_or(1, Vec::len) as f64;
    let estimate = measured.estimate(whole);
    if n_lives < 2.0 || splits.len() < FEW {
        return estimate;
    }
    // Lives differ less from their own mean than from what is expected.
    let wider = (n_lives / (n_lives - 1.0)).sqrt();
    let single = splits.iter().flat_map(|lives| {
        let mean = mean(lives);
        lives.iter().map(move |split| wider * (split.whole - mean))
    });
    Estimate {
        mean: estimate.mean,
        mc_error: estimate.mc_error,
        ..Estimate::of_column(&mut single.collect::<Vec<f64>>())
    }
}

/// The mean and the variance of some lives.
fn spread(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let (mean, sd) = super::estimate::moments(values);
    (mean, sd.powi(2))
}

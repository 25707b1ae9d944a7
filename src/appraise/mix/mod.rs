//! Places for a budget: the mix that gives the most of an outcome, what the next pounds would bring, and how sure that
//! is.
//!
//! The response is noisy, but every mix meets the same draws and in each draw the same people with the same luck, so
//! that on given draws it is a function like any other (sample average approximation: Kleywegt, Shapiro and Homem-de-
//! Mello 2002, SIAM Journal on Optimization 12, 479-502). Services that queue add up nearly, each site with less for
//! every further place. So sites are tried one at a time, the knapsack of their curves is solved ([`knapsack`]), and
//! what it proposes is lived ([`search`]); again from the best, with finer steps and in more draws. Nothing is taken
//! from the curves but proposals: a mix is judged by what it came to when it was lived, as a whole. The search ends
//! when it is sure enough that no mix tried is better by more than a hundredth ([`odds`]), or at the end of the draws.
//!
//! Mixes are chosen by one half of the draws, and what is told of them is measured in the other, so that luck which
//! helped to choose a mix is no part of what is said of it; the halves are as alike as can be ([`halves`]).

mod archive;
mod curve;
mod halves;
mod judge;
mod knapsack;
mod lives;
mod odds;
mod search;
mod steps;
mod told;

pub use judge::{Margin, Mix, Mixed, Next};
pub use lives::Sample;
pub use odds::MARGIN;
pub use search::SURE;

use crate::compile::{Mixing, Plan};
use crate::diagnostic::Diagnostic;
use crate::draw::Draws;
use halves::Halved;
use lives::People;
use search::{Bounds, Problem, search};

/// The fewest draws that can be halved.
const FEWEST_DRAWS: usize = 16;

/// Chooses places. `lived` is told of lives of a mix in a draw as they are lived; which half they belong to cannot be
/// known before. The same draws give the same answer on any number of threads.
///
/// # Errors
/// Where the draws are too few to choose by one half of them and judge by the other, and where the fewest places that
/// the bounds allow cost more than the budget, which only a run can find.
pub fn optimise(
    plan: &Plan,
    mixing: &Mixing,
    draws: &Draws,
    lived: &(dyn Fn(usize) + Sync),
) -> Result<Mixed, Box<Diagnostic>> {
    let n_draws = draws.n_rows() - 1;
    if n_draws < FEWEST_DRAWS {
        return Err(Box::new(too_few(mixing, n_draws)));
    }
    let people = People::new(plan, mixing, draws, lived);
    let years = match mixing.budget.is_yearly {
        true => 1.0,
        false => people.n_years() as f64,
    };
    let present_value = people.annuity() / years;
    let sites = mixing.sites.iter();
    let sites: Vec<Bounds> = sites
        .map(|site| Bounds {
            least: site.least,
            most: site.most,
            today: site.today,
        })
        .collect();
    let most: Vec<u32> = sites.iter().map(|site| site.most).collect();
    let halved = Halved::by(&people, &most, n_draws);
    let problem = Problem {
        sites: &sites,
        budget: mixing.budget.pounds * present_value,
        n_rows: n_draws / 2,
        n_all: n_draws,
        seed: plan.seed,
        lives: &halved,
    };
    let found =
        search(&problem).map_err(|cost| Box::new(too_small(mixing, cost / present_value)))?;
    let held_back: Vec<usize> = (n_draws / 2 + 1..=n_draws).collect();
    let mixed = judge::judge(
        &problem,
        found,
        &held_back,
        (present_value, people.words(), mixing),
    );
    Ok(Mixed {
        chosen_by: halved.rows(1..=mixed.n_chosen_by),
        held_back: halved.rows(held_back.into_iter()),
        ..mixed
    })
}

/// What mixes come to in rows of the draws: by mix, then by row. Gains are of the outcome, with its sign turned where
/// less is better; costs are in present value.
pub fn live(
    plan: &Plan,
    mixing: &Mixing,
    draws: &Draws,
    (mixes, rows): (&[Vec<u32>], &[usize]),
) -> Vec<Vec<Sample>> {
    use lives::Lives;
    People::new(plan, mixing, draws, &|_| {}).live(mixes, rows)
}

fn too_few(mixing: &Mixing, n_draws: usize) -> Diagnostic {
    Diagnostic::error(
        "E540",
        "too few draws to choose by one half and judge by the other",
    )
    .expected(format!("at least {FEWEST_DRAWS} draws"))
    .found(n_draws.to_string())
    .hint("raise `draws` in the scenario, or leave --draws away")
    .at(&mixing.budget.place)
}

fn too_small(mixing: &Mixing, cost: f64) -> Diagnostic {
    let budget = &mixing.budget;
    let per = if budget.is_yearly { " a year" } else { "" };
    Diagnostic::error("E539", "the budget does not pay for the fewest places")
        .expected(format!(
            "£{:.0}{per} or more, in the scenario's price year",
            cost.ceil()
        ))
        .found(format!("£{:.0}{per}", budget.pounds))
        .hint("raise the budget, or lower `least` in `[[optimise.places]]`")
        .at(&budget.place)
}

#[cfg(test)]
mod tests;

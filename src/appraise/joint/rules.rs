//! Rules of sharing over the draws: what each partner pays, and how often nobody would be better out.

use super::{LivedRow, Rows};
use crate::appraise::sharing::{
    RULES, Rounding, Sharing, Unsolved, in_proportion, remaining_benefits, share,
};
use crate::compile::{Coalitions, Group};
use crate::summarise::Estimate;

/// Why there is no nucleolus of many partners.
pub const NO_NUCLEOLUS: &str = "the nucleolus needs the cost of every coalition, and of more than six partners only some are lived";

/// A rule over the draws.
#[derive(Debug, Clone)]
pub struct JointRule {
    /// As in [`RULES`], or the name of a weight.
    pub id: String,
    /// What each partner pays.
    pub shares: Vec<Estimate>,
    /// The same in each row.
    pub by_row: Vec<Vec<f64>>,
    /// By partner, the share of draws in which it pays no more than alone.
    pub better_inside: Vec<f64>,
    /// The share of draws in which nobody pays more than alone.
    pub individually_rational: f64,
    /// The share of draws in which no group that was lived pays more than by itself, and all is paid.
    pub in_core: f64,
    /// What the group that objects most is owed.
    pub side_payment: Estimate,
}

/// Every rule.
pub(super) struct Shared {
    pub expected: Option<Sharing>,
    pub rules: Vec<JointRule>,
    pub weights: Vec<(String, Vec<f64>)>,
    pub core_empty: f64,
}

/// One rule in one row.
struct Outcome {
    shares: Vec<f64>,
    is_better_inside: Vec<bool>,
    is_in_core: bool,
    side_payment: f64,
}

/// What the rules make of the rows.
pub(super) fn rules(rows: &Rows) -> Result<Shared, Unsolved> {
    let n = rows.n();
    let is_exact = n <= super::MOST_EXACT;
    let mut ids: Vec<String> = Vec::new();
    let mut outcomes: Vec<Vec<Outcome>> = Vec::new();
    let mut empty = Vec::new();
    for row in rows.rows {
        let found = match is_exact {
            true => {
                let sharing = share(&game(rows, row))?;
                empty.push(if sharing.is_core_empty { 1.0 } else { 0.0 });
                exact(sharing)
            }
            false => sampled(rows, row),
        };
        ids = found.iter().map(|(id, _)| id.clone()).collect();
        outcomes.push(found.into_iter().map(|(_, outcome)| outcome).collect());
    }
    let rule = |(index, id): (usize, String)| {
        let each: Vec<&Outcome> = outcomes.iter().map(|row| &row[index]).collect();
        over_draws(id, n, &each)
    };
    Ok(Shared {
        expected: match is_exact {
            true => Some(share(&expected_game(rows))?),
            false => None,
        },
        rules: ids.into_iter().enumerate().map(rule).collect(),
        weights: expected_weights(rows),
        core_empty: mean_of_draws(&empty),
    })
}

fn over_draws(id: String, n: usize, each: &[&Outcome]) -> JointRule {
    let column = |partner: usize| -> Vec<f64> { each.iter().map(|o| o.shares[partner]).collect() };
    let share = |is_so: &dyn Fn(&Outcome) -> bool| {
        let scores: Vec<f64> = each.iter().map(|o| f64::from(u8::from(is_so(o)))).collect();
        mean_of_draws(&scores)
    };
    let payments: Vec<f64> = each.iter().map(|o| o.side_payment).collect();
    JointRule {
        id,
        shares: (0..n)
            .map(|partner| Estimate::of_rows(&column(partner)))
            .collect(),
        better_inside: (0..n)
            .map(|partner| share(&|o| o.is_better_inside[partner]))
            .collect(),
        individually_rational: share(&|o| o.is_better_inside.iter().all(|is_better| *is_better)),
        in_core: share(&|o| o.is_in_core),
        side_payment: Estimate::of_rows(&payments),
        by_row: each.iter().map(|o| o.shares.clone()).collect(),
    }
}

/// Over the draws, which follow row 0; of row 0 alone nothing is known.
fn mean_of_draws(scores: &[f64]) -> f64 {
    let draws = scores.get(1..).unwrap_or_default();
    draws.iter().sum::<f64>() / draws.len() as f64
}

fn exact(sharing: Sharing) -> Vec<(String, Outcome)> {
    let outcome = |rule: crate::appraise::sharing::Rule| {
        let side_payment = rule.side_payment();
        let outcome = Outcome {
            shares: rule.shares,
            is_better_inside: rule.is_better_inside,
            is_in_core: rule.is_in_core,
            side_payment,
        };
        (rule.id, outcome)
    };
    sharing.rules.into_iter().map(outcome).collect()
}

/// The game of a row all of whose coalitions were lived.
fn game(rows: &Rows, row: &LivedRow) -> Coalitions {
    let groups = 1..1u64 << rows.n();
    Coalitions {
        partners: super::names(rows.plan, rows.sharing),
        costs: std::iter::once(0.0)
            .chain(groups.map(|group| rows.cost(row, group)))
            .collect(),
        weights: weights(rows, row),
    }
}

/// The game of expected costs: the mean over the draws.
fn expected_game(rows: &Rows) -> Coalitions {
    let draws = if rows.rows.len() > 1 {
        &rows.rows[1..]
    } else {
        rows.rows
    };
    let games: Vec<Coalitions> = draws.iter().map(|row| game(rows, row)).collect();
    let mean = |values: &dyn Fn(&Coalitions) -> f64| {
        games.iter().map(values).sum::<f64>() / games.len() as f64
    };
    let Some(first) = games.first() else {
        return game(rows, &rows.rows[0]);
    };
    Coalitions {
        partners: first.partners.clone(),
        costs: (0..first.costs.len())
            .map(|group| mean(&move |game: &Coalitions| game.costs[group]))
            .collect(),
        weights: expected_weights(rows),
    }
}

/// The mean over the draws of what costs may be shared by.
fn expected_weights(rows: &Rows) -> Vec<(String, Vec<f64>)> {
    let draws = if rows.rows.len() > 1 {
        &rows.rows[1..]
    } else {
        rows.rows
    };
    let each: Vec<_> = draws.iter().map(|row| weights(rows, row)).collect();
    let mean = |index: usize, partner: usize| {
        let sum: f64 = each.iter().map(|weights| weights[index].1[partner]).sum();
        sum / each.len() as f64
    };
    let first = each.first().into_iter().flatten().enumerate();
    first
        .map(|(index, (name, _))| {
            let own = (0..rows.n()).map(|partner| mean(index, partner));
            (name.clone(), own.collect())
        })
        .collect()
}

/// Population when the forecast begins, people in need and people who start when all are together; equal weights where
/// there is nobody.
fn weights(rows: &Rows, row: &LivedRow) -> Vec<(String, Vec<f64>)> {
    let plan = rows.plan;
    let year = usize::try_from(plan.start.financial_year().first_year() - plan.population_from);
    let population = |area: &usize| -> f64 {
        let ages = plan.population.get(*area).into_iter().flatten().flatten();
        ages.filter_map(|years| years.get(year.unwrap_or(0)).or(years.last()))
            .sum()
    };
    let together = |value: fn(&super::Numbers) -> f64| -> Vec<f64> {
        let members = 0..rows.n();
        let of = |i| row.member(rows.everybody(), i).map_or(0.0, value);
        members.map(of).collect()
    };
    let weights = [
        (
            "population",
            rows.sharing.partners.iter().map(population).collect(),
        ),
        ("need", together(|numbers| numbers.arising)),
        ("use", together(|numbers| numbers.starts)),
    ];
    let or_equal = |weights: Vec<f64>| match weights.iter().any(|weight| *weight > 0.0) {
        true => weights,
        false => vec![1.0; rows.n()],
    };
    weights
        .map(|(name, weights)| (name.to_owned(), or_equal(weights)))
        .to_vec()
}

/// The rules of a row of which only some coalitions were lived: Shapley's along its orders of joining, the others from
/// what they need. Who objects is looked for among the coalitions that were lived.
fn sampled(rows: &Rows, row: &LivedRow) -> Vec<(String, Outcome)> {
    let n = rows.n();
    let everybody = rows.everybody();
    let all = rows.cost(row, everybody);
    let alone: Vec<f64> = (0..n).map(|i| rows.cost(row, 1 << i)).collect();
    let marginal: Vec<f64> = (0..n)
        .map(|i| all - rows.cost(row, everybody & !(1 << i)))
        .collect();
    let costs: Vec<(Group, f64)> = (row.world_of.keys())
        .map(|group| (*group, rows.cost(row, *group)))
        .collect();
    let rounding = Rounding::of(costs.iter().map(|(_, cost)| *cost));
    let remaining = remaining_benefits(&alone, &marginal, rounding);
    let left = all - marginal.iter().sum::<f64>();
    let scrb = marginal
        .iter()
        .zip(in_proportion(left, &remaining))
        .map(|(own, share)| own + share);
    let mut found = vec![
        (RULES[0].to_owned(), shapley_along(rows, row)),
        (RULES[2].to_owned(), scrb.collect()),
        (RULES[3].to_owned(), marginal.clone()),
        (RULES[4].to_owned(), vec![all / n as f64; n]),
    ];
    for (name, weights) in weights(rows, row) {
        found.push((name, in_proportion(all, &weights)));
    }
    let judged = found.into_iter();
    judged
        .map(|(id, shares)| (id, judged_by(&costs, (all, &alone), shares, rounding)))
        .collect()
}

/// Whether shares hold, as far as the coalitions tell that were lived.
fn judged_by(
    costs: &[(Group, f64)],
    (all, alone): (f64, &[f64]),
    shares: Vec<f64>,
    rounding: Rounding,
) -> Outcome {
    let everybody: Group = (1 << shares.len()) - 1;
    let sum = |group: Group, of: fn(&f64) -> f64| -> f64 {
        let members = shares.iter().enumerate();
        let members = members.filter(|(i, _)| group >> i & 1 == 1);
        members.map(|(_, share)| of(share)).sum()
    };
    let excess = |(group, cost): &(Group, f64)| {
        let excess = sum(*group, |share| *share) - cost;
        let is_rounding = excess <= rounding.between([sum(*group, |share| share.abs()), *cost]);
        if is_rounding { 0.0 } else { excess }
    };
    let others = costs.iter().filter(|(group, _)| *group != everybody);
    let most = others.map(excess).fold(0.0_f64, f64::max);
    let unpaid = all - sum(everybody, |share| *share);
    let is_paid = unpaid.abs() <= rounding.between([all, sum(everybody, |share| share.abs())]);
    let pairs = shares.iter().zip(alone);
    Outcome {
        is_better_inside: pairs
            .map(|(share, alone)| *share <= alone + rounding.between([*share, *alone]))
            .collect(),
        is_in_core: is_paid && most == 0.0,
        side_payment: most,
        shares,
    }
}

/// What each adds to the cost of those who are there before, on average over the row's orders of joining.
fn shapley_along(rows: &Rows, row: &LivedRow) -> Vec<f64> {
    let mut shares = vec![0.0; rows.n()];
    for order in &row.orders {
        let (mut here, mut cost): (Group, f64) = (0, 0.0);
        for partner in order {
            here |= 1 << partner;
            let now = rows.cost(row, here);
            shares[*partner] += (now - cost) / row.orders.len() as f64;
            cost = now;
        }
    }
    shares
}

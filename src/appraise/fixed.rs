//! Money that is given and not drawn: at which value of it the mean net present social value passes through 0. Exact, by
//! working the mean yearly streams out again.

use super::bill::{Bill, Bills};
use super::discount::of_money;
use super::own_cost::worth;
use crate::compile::{OptionCost, Plan};
use crate::quantity::{FinancialYear, Schedule};

/// A number that is given, and an option whose verdict turns on it.
#[derive(Debug, Clone, PartialEq)]
pub struct FixedInput {
    /// The option.
    pub option: usize,
    /// `own_cost` or `discount_rate`.
    pub input: &'static str,
    /// For people.
    pub title: String,
    /// Of the value.
    pub unit: &'static str,
    /// As it is given.
    pub value: f64,
    /// Where the mean NPSV against the comparator passes through 0, rising; none where it does at no value that there can
    /// be.
    pub switching_values: Vec<f64>,
    /// What is varied, and why there is no value.
    pub note: String,
}

/// Costs of each option's own that public budgets pay, then the discount rate.
pub(super) fn inputs(plan: &Plan, bills: &Bills, years: &[FinancialYear]) -> Vec<FixedInput> {
    let mut found = Vec::new();
    let schedule = of_money(plan);
    let first = plan.first_year();
    for option in (0..bills.len()).filter(|option| *option != plan.comparator) {
        let yearly = |option: usize| Bill::public(&bills[option]).yearly;
        let (ours, theirs) = (yearly(option), yearly(plan.comparator));
        let saved: Vec<f64> = theirs.iter().zip(&ours).map(|(t, o)| t - o).collect();
        let npsv =
            |schedule: &Schedule| present(&saved, &schedule.factors_from(first, saved.len()));
        let now = npsv(&schedule);
        let factors = schedule.factors_from(first, years.len());
        let own = plan.options[option].costs.iter();
        let costs = own.filter(|cost| cost.recipient.is_none() && cost.pounds > 0.0);
        found.extend(costs.map(|cost| of_cost(option, cost, now, worth(cost, years, &factors).1)));
        found.push(of_rate(option, &schedule, npsv));
    }
    found
}

/// What a stream is worth when the forecast begins.
fn present(stream: &[f64], factors: &[f64]) -> f64 {
    stream
        .iter()
        .zip(factors)
        .map(|(pounds, factor)| pounds * factor)
        .sum()
}

/// NPSV falls by as much as the present value of the cost rises, which is a straight line.
fn of_cost(option: usize, cost: &OptionCost, now: f64, present: f64) -> FixedInput {
    let switching = cost.pounds * (1.0 + now / present);
    let has_one = present > 0.0 && switching >= 0.0;
    let note = match has_one {
        true => "",
        false if present > 0.0 => "none: at a cost of 0 it is still below 0",
        false => "none: it is due outside the forecast",
    };
    FixedInput {
        option,
        input: "own_cost",
        title: cost.title.clone(),
        unit: if cost.until.is_some() {
            "GBP per year"
        } else {
            "GBP"
        },
        value: cost.pounds,
        switching_values: if has_one { vec![switching] } else { Vec::new() },
        note: note.to_owned(),
    }
}

/// Rates that are tried on the way to a root, from 0 to 100%.
const N_RATES: usize = 1000;

/// The schedule as a whole moves up or down, and is told by its rate of year 1.
fn of_rate(option: usize, schedule: &Schedule, npsv: impl Fn(&Schedule) -> f64) -> FixedInput {
    let given = schedule.rate(1);
    let at = |rate: f64| npsv(&schedule.moved(rate - given));
    let lowest = schedule
        .bands
        .iter()
        .map(|(_, rate)| *rate)
        .fold(given, f64::min);
    let rate = |step: usize| (given - lowest) + step as f64 / N_RATES as f64;
    let values: Vec<f64> = (0..N_RATES).map(|step| at(rate(step))).collect();
    let mut roots = Vec::new();
    for (step, pair) in values.windows(2).enumerate() {
        if (pair[0] < 0.0) != (pair[1] < 0.0) && pair.iter().any(|value| *value != 0.0) {
            roots.push(root(rate(step), rate(step + 1), &at));
        }
    }
    let note = match roots.is_empty() {
        true => "none from 0 to 100%: every rate leads to the same sign".to_owned(),
        false => format!(
            "the internal rate of return: every rate of the schedule ({}) moves by as much, and it is told by its rate of year 1",
            schedule.edition
        ),
    };
    FixedInput {
        option,
        input: "discount_rate",
        title: "Discount rate".to_owned(),
        unit: "share per year",
        value: given,
        switching_values: roots,
        note,
    }
}

/// The root between two ends of different sign, by halving.
fn root(mut from: f64, mut to: f64, at: &dyn Fn(f64) -> f64) -> f64 {
    let is_below = at(from) < 0.0;
    for _ in 0..60 {
        let middle = 0.5 * (from + to);
        match (at(middle) < 0.0) == is_below {
            true => from = middle,
            false => to = middle,
        }
    }
    0.5 * (from + to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::{Grade, Month};

    #[test]
    fn a_cost_switches_where_it_takes_all_that_is_gained() {
        let cost = OptionCost {
            from: Month::EPOCH,
            until: None,
            pounds: 100.0,
            payer: 0,
            recipient: None,
            area: None,
            is_cashable: true,
            grade: Grade::Judgement,
            title: "Setting up".to_owned(),
            source: String::new(),
        };
        let of = |now, present| of_cost(1, &cost, now, present);
        // Half of it is left when it is discounted, so that 30 more are worth 60.
        let found = of(30.0, 50.0);
        assert_eq!(
            (found.switching_values, found.note),
            (vec![160.0], String::new())
        );
        assert_eq!(found.unit, "GBP");
        assert_eq!(of(-20.0, 50.0).switching_values, [60.0]);
        assert_eq!(of(-50.0, 50.0).switching_values, [0.0]);
        for (now, present, note) in [
            (-51.0, 50.0, "none: at a cost of 0 it is still below 0"),
            (30.0, 0.0, "none: it is due outside the forecast"),
            (-30.0, 0.0, "none: it is due outside the forecast"),
        ] {
            let found = of(now, present);
            assert_eq!(
                (found.switching_values, found.note.as_str()),
                (vec![], note)
            );
        }
        let yearly = OptionCost {
            until: Some(Month::EPOCH.plus(12)),
            ..cost.clone()
        };
        assert_eq!(of_cost(1, &yearly, 0.0, 1.0).unit, "GBP per year");
    }

    #[test]
    fn the_rate_of_return_of_a_textbook_is_found() {
        // Pay 100, have 60 in each of two years: 100 = 60 / (1 + r) + 60 / (1 + r)^2 at 13.066%.
        let stream = [-100.0, 60.0, 60.0];
        let npsv = |schedule: &Schedule| present(&stream, &schedule.factors(3));
        let found = of_rate(1, &Schedule::constant(0.035), npsv);
        assert!((found.switching_values[0] - 0.130_662_386).abs() < 1e-8);
        let never = of_rate(1, &Schedule::constant(0.035), |_| -5.0);
        assert!(never.switching_values.is_empty() && never.note.contains("same sign"));
        // Two sign changes, two rates: -100, 230, -132 at 10% and 20%.
        let stream = [-100.0, 230.0, -132.0];
        let npsv = |schedule: &Schedule| present(&stream, &schedule.factors(3));
        let both = of_rate(1, &Schedule::constant(0.035), npsv).switching_values;
        assert!(
            (both[0] - 0.1).abs() < 1e-9 && (both[1] - 0.2).abs() < 1e-9,
            "{both:?}"
        );
    }
}

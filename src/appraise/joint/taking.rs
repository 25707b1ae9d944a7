//! What one row of coalition worlds comes to: the cost of the shared services, and what they do, by world and partner.

use std::ops::{Add, Range};

use crate::compile::{Cost, Counts, Plan, SharingPlan};
use crate::draw::Draws;
use crate::simulate::Layout;

use crate::appraise::Factors;
use crate::appraise::charging::Charging;
use crate::appraise::running::Running;

/// What one partner, or several together, have over the forecast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Numbers {
    /// Present value of the cost of the shared services, in pounds.
    pub cost: f64,
    /// Of it, what running the services costs, however few people they serve.
    pub running: f64,
    /// Present value of everything that the model prices, the shared services among it, in pounds.
    pub public_cost: f64,
    /// People who arise with a need that a shared service meets.
    pub arising: f64,
    /// People who start with a shared service.
    pub starts: f64,
    /// Needs that the shared services meet.
    pub needs_met: f64,
    /// The same, each year by the factor by which money is discounted.
    pub needs_met_discounted: f64,
    /// People with the need who never start.
    pub unmet_need: f64,
    /// People who give up waiting.
    pub gave_up: f64,
    /// Months that those who start have waited, added up.
    pub waited: f64,
    /// The headline measures: a flow's sum, a stock's mean.
    pub outcomes: Vec<f64>,
}

impl Numbers {
    /// The mean wait of those who start, in months; not a number where nobody does.
    pub fn wait(&self) -> f64 {
        self.waited / self.starts
    }

    /// Of those who arise with the need, the share who start.
    pub fn access(&self) -> f64 {
        self.starts / self.arising
    }
}

impl Add<&Numbers> for Numbers {
    type Output = Numbers;

    fn add(self, other: &Numbers) -> Numbers {
        let outcomes = match self.outcomes.is_empty() {
            true => other.outcomes.clone(),
            false => {
                let both = self.outcomes.iter().zip(&other.outcomes);
                both.map(|(a, b)| a + b).collect()
            }
        };
        Numbers {
            cost: self.cost + other.cost,
            running: self.running + other.running,
            public_cost: self.public_cost + other.public_cost,
            arising: self.arising + other.arising,
            starts: self.starts + other.starts,
            needs_met: self.needs_met + other.needs_met,
            needs_met_discounted: self.needs_met_discounted + other.needs_met_discounted,
            unmet_need: self.unmet_need + other.unmet_need,
            gave_up: self.gave_up + other.gave_up,
            waited: self.waited + other.waited,
            outcomes,
        }
    }
}

/// Reads the numbers of partners out of a row's values.
pub struct Taker<'a> {
    plan: &'a Plan,
    draws: &'a Draws,
    layout: &'a Layout,
    sharing: &'a SharingPlan,
    row: usize,
    values: &'a [f32],
    years: Range<usize>,
    factors: Vec<f64>,
}

impl<'a> Taker<'a> {
    /// Of a row of a plan whose options are worlds.
    pub fn new(
        (plan, sharing): (&'a Plan, &'a SharingPlan),
        draws: &'a Draws,
        row: usize,
        (layout, values): (&'a Layout, &'a [f32]),
    ) -> Taker<'a> {
        let start = plan.start.financial_year();
        let years = layout.years.partition_point(|year| *year < start)..layout.years.len();
        Taker {
            plan,
            draws,
            layout,
            sharing,
            row,
            values,
            factors: Factors::of(plan, years.len()).costs,
            years,
        }
    }

    /// `[world][partner]`.
    pub fn take(&self) -> Vec<Vec<Numbers>> {
        let worlds = 0..self.plan.options.len();
        let partners = &self.sharing.partners;
        let taken = |world| -> Vec<Numbers> {
            let mut taken: Vec<Numbers> =
                (partners.iter().map(|area| self.numbers(world, *area))).collect();
            let running = Running {
                plan: self.plan,
                layout: self.layout,
                years: self.years.clone(),
            };
            let value = |at: usize| f64::from(self.values[at]);
            for cost in &self.plan.running_costs {
                let is_shared = self.sharing.services.contains(&cost.service);
                for (numbers, area) in taken.iter_mut().zip(partners) {
                    let pounds = running.pounds((world, *area), cost, &self.factors, value);
                    numbers.public_cost += pounds;
                    if is_shared {
                        numbers.cost += pounds;
                        numbers.running += pounds;
                    }
                }
            }
            taken
        };
        worlds.map(taken).collect()
    }

    fn numbers(&self, world: usize, area: usize) -> Numbers {
        let mut numbers = Numbers::default();
        for &service in &self.sharing.services {
            let breakdown = format!("service={}", self.plan.services[service].id);
            let yearly = |measure: &str| self.yearly(world, area, measure, &breakdown);
            let starts = yearly("starts");
            let met = yearly("needs_met");
            let waits = yearly("wait_months_mean");
            let waited = starts
                .iter()
                .zip(&waits)
                .filter(|(starts, _)| **starts > 0.0);
            numbers.waited += waited.map(|(starts, wait)| starts * wait).sum::<f64>();
            numbers.starts += starts.iter().sum::<f64>();
            numbers.needs_met += met.iter().sum::<f64>();
            let discounted = met.iter().zip(&self.factors);
            numbers.needs_met_discounted += discounted.map(|(met, f)| met * f).sum::<f64>();
            numbers.unmet_need += yearly("unmet_need").iter().sum::<f64>();
            numbers.gave_up += yearly("gave_up").iter().sum::<f64>();
        }
        let mut needs: Vec<usize> = (self.sharing.services.iter())
            .map(|service| self.plan.services[*service].need)
            .collect();
        needs.sort_unstable();
        needs.dedup();
        for need in needs {
            let breakdown = format!("need={}", self.plan.needs[need].id);
            numbers.arising += self
                .yearly(world, area, "need_arising", &breakdown)
                .iter()
                .sum::<f64>();
        }
        for cost in &self.plan.costs {
            let pounds = self.charged(world, area, cost);
            if self.plan.payers[cost.payer].is_public {
                numbers.public_cost += pounds;
            }
            numbers.cost += if self.is_shared(cost) { pounds } else { 0.0 };
        }
        numbers.outcomes = headlines(self.plan)
            .map(|(measure, is_flow)| {
                let values = self.yearly(world, area, measure, "");
                let sum: f64 = values.iter().sum();
                if is_flow {
                    sum
                } else {
                    sum / values.len().max(1) as f64
                }
            })
            .collect();
        numbers
    }

    /// A series of the forecast's years; empty where the run does not report it.
    fn yearly(&self, world: usize, area: usize, measure: &str, breakdown: &str) -> Vec<f64> {
        let Some(series) = self.layout.find(measure, breakdown) else {
            return Vec::new();
        };
        let value = |year| f64::from(self.values[self.layout.at(world, area, series, year)]);
        self.years.clone().map(value).collect()
    }

    fn is_shared(&self, cost: &Cost) -> bool {
        let mut services = self.sharing.services.iter();
        services.any(|service| {
            let id = cost.breakdown.strip_prefix("service=");
            id == Some(self.plan.services[*service].id.as_str())
        })
    }

    /// What an area is charged over the forecast; nothing where the run does not report what it is charged on.
    fn charged(&self, world: usize, area: usize, cost: &Cost) -> f64 {
        let Some(series) = self.layout.find(&cost.measure, &cost.breakdown) else {
            return 0.0;
        };
        let charging = Charging {
            plan: self.plan,
            draws: self.draws,
            layout: self.layout,
            years: self.years.clone(),
            factors: &self.factors,
            row: self.row,
            values: self.values,
        };
        charging
            .charged(cost, series, (world, area), |_, _| {})
            .present
    }
}

/// The headline measures, and whether years of them add up.
pub fn headlines(plan: &Plan) -> impl Iterator<Item = (&str, bool)> {
    let measures = plan.measures.iter().filter(|measure| measure.is_headline);
    measures.map(|measure| {
        let is_flow = !matches!(measure.counts, Counts::Stock(_));
        (measure.id.as_str(), is_flow)
    })
}

//! Who gains and who pays: needs and costs by area, sex and age band, and what they come to when groups are weighted.

use std::ops::Range;

use super::bill::{Bill, Bills};
use super::npsv::{has_society, less};
use super::outcome::Outcome;
use super::row::{PEOPLE, PUBLIC_SECTOR, SOCIETY};
use crate::compile::{Better, Dimension, Plan};
use crate::simulate::{Trajectories, Value};
use crate::summarise::Estimate;

/// One number of one group of people under one option, over the whole forecast.
#[derive(Debug, Clone)]
pub struct DistributionRow {
    /// The option.
    pub option: usize,
    /// What groups are told apart by.
    pub dimension: Dimension,
    /// The group: the code of an area, the id of a sex or of an age band.
    pub group: String,
    /// For people.
    pub name: String,
    /// What is measured; `_increment` is the option less the comparator.
    pub measure: &'static str,
    /// A payer's id, or one of the perspectives of the appraisal.
    pub perspective: String,
    /// Of the number.
    pub unit: &'static str,
    /// The number.
    pub estimate: Estimate,
}

/// What people of a group need and get, and the series that it is the sum of where groups are areas.
const OF_PEOPLE: [(&str, &str, &str, &[&str]); 3] = [
    (
        "need",
        "need_increment",
        "group_need",
        &["referrals", "declined"],
    ),
    (
        "needs_met",
        "needs_met_increment",
        "group_needs_met",
        &["needs_met"],
    ),
    (
        "unmet_need",
        "unmet_need_increment",
        "group_unmet_need",
        &["unmet_need"],
    ),
];

/// Sums over the forecast by group.
struct Groups<'a, N> {
    plan: &'a Plan,
    trajectories: &'a Trajectories<N>,
    years: Range<usize>,
}

/// Every group of every dimension: `(dimension, its number, id, name)`.
fn groups(plan: &Plan) -> Vec<(Dimension, usize, String, String)> {
    let areas = plan
        .areas
        .iter()
        .map(|area| (area.code.clone(), area.name.clone()));
    let sexes = plan
        .strata
        .sexes
        .iter()
        .map(|sex| (sex.clone(), sex.clone()));
    let ages = plan
        .strata
        .ages
        .iter()
        .map(|band| (band.id.clone(), band.id.clone()));
    let of = |dimension, (group, (id, name))| (dimension, group, id, name);
    areas
        .enumerate()
        .map(|area| of(Dimension::Area, area))
        .chain(sexes.enumerate().map(|sex| of(Dimension::Sex, sex)))
        .chain(ages.enumerate().map(|age| of(Dimension::Age, age)))
        .collect()
}

/// The rows of every option, the comparator among them.
pub(super) fn rows<N: Value>(
    plan: &Plan,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
    bills: &Bills,
) -> Vec<DistributionRow> {
    let of = Groups {
        plan,
        trajectories,
        years,
    };
    let mut rows = Vec::new();
    for (dimension, group, id, name) in groups(plan) {
        let row = |option, measure, perspective: &str, unit, values: &[f64]| DistributionRow {
            option,
            dimension,
            group: id.clone(),
            name: name.clone(),
            measure,
            perspective: perspective.to_owned(),
            unit,
            estimate: Estimate::of_rows(values),
        };
        for option in 0..plan.options.len() {
            let is_other = option != plan.comparator;
            let mut met_of = Vec::new();
            for (measure, increment, by_group, by_area) in OF_PEOPLE {
                let at = |option| of.people(option, dimension, group, by_group, by_area);
                let Some(ours) = at(option) else { continue };
                rows.push(row(option, measure, PEOPLE, "people", &ours));
                if let Some(theirs) = at(plan.comparator).filter(|_| is_other) {
                    let difference = less(&ours, &theirs);
                    rows.push(row(option, increment, PEOPLE, "people", &difference));
                }
                met_of.push(ours);
            }
            if let [need, met, _] = &met_of[..] {
                let pairs = met.iter().zip(need);
                let share: Vec<f64> = pairs.map(|(met, need)| met / need).collect();
                rows.push(row(option, "share_met", PEOPLE, "share", &share));
            }
            if dimension == Dimension::Area && !bills.is_empty() {
                for (who, cost) in costs(plan, bills, group) {
                    let (measure, unit) = ("present_value_of_cost", "GBP");
                    rows.push(row(option, measure, &who, unit, &cost[option]));
                    if is_other {
                        let difference = less(&cost[option], &cost[plan.comparator]);
                        let measure = "present_value_of_cost_increment";
                        rows.push(row(option, measure, &who, unit, &difference));
                    }
                }
            }
        }
    }
    rows
}

/// What is charged in an area, by option: each payer who pays anything, then the public sector, then society.
fn costs(plan: &Plan, bills: &Bills, area: usize) -> Vec<(String, Vec<Vec<f64>>)> {
    let by_option = |is_in: &dyn Fn(usize, &Bill) -> bool| -> Vec<Vec<f64>> {
        let of = |bills: &Vec<Bill>| {
            let among = bills.iter().enumerate();
            let among = among.filter(|(payer, bill)| is_in(*payer, bill));
            Bill::sum(among.map(|(_, bill)| bill))
                .by_area
                .swap_remove(area)
        };
        bills.iter().map(of).collect()
    };
    let mut found: Vec<(String, Vec<Vec<f64>>)> = Vec::new();
    for (payer, named) in plan.payers.iter().enumerate() {
        let cost = by_option(&|own, _| own == payer);
        if cost.iter().flatten().any(|pounds| *pounds != 0.0) {
            found.push((named.id.clone(), cost));
        }
    }
    if plan.payers.iter().any(|payer| payer.is_public) {
        found.push((
            PUBLIC_SECTOR.to_owned(),
            by_option(&|_, bill| bill.is_public),
        ));
    }
    if has_society(plan) {
        found.push((SOCIETY.to_owned(), by_option(&|_, _| true)));
    }
    found
}

impl<N: Value> Groups<'_, N> {
    /// A number of a group over the forecast, by row; `None` where the run does not tell it.
    fn people(
        &self,
        option: usize,
        dimension: Dimension,
        group: usize,
        by_group: &str,
        by_area: &[&str],
    ) -> Option<Vec<f64>> {
        let layout = &self.trajectories.layout;
        let strata = &self.plan.strata;
        let (area, ending) = match dimension {
            Dimension::Area => (group, String::new()),
            Dimension::Sex => (layout.n_areas - 1, format!(";sex={}", strata.sexes[group])),
            Dimension::Age => (
                layout.n_areas - 1,
                format!(";age={}", strata.ages[group].id),
            ),
        };
        let measures = match dimension {
            Dimension::Area => by_area,
            _ => &[by_group][..],
        };
        let services = self.plan.services.iter();
        let series: Option<Vec<usize>> = services
            .flat_map(|service| {
                let breakdown = format!("service={}{ending}", service.id);
                let measures = measures.iter();
                measures.map(move |measure| layout.find(measure, &breakdown))
            })
            .collect();
        let series = series.filter(|series| !series.is_empty())?;
        let of_row = |row: &crate::simulate::Trajectory<N>| -> f64 {
            let years = || self.years.clone();
            let at = |series: &usize, year: usize| -> f64 {
                row.values[layout.at(option, area, *series, year)].into()
            };
            let sums = series
                .iter()
                .map(|s| years().map(|y| at(s, y)).sum::<f64>());
            sums.sum()
        };
        Some(self.trajectories.rows.iter().map(of_row).collect())
    }
}

/// Needs met where those of a group count as much as its weight says.
pub(super) fn weighted_needs_met<N: Value>(
    plan: &Plan,
    trajectories: &Trajectories<N>,
    years: Range<usize>,
) -> Option<Outcome> {
    let weights = plan.weights.as_ref()?;
    let of = Groups {
        plan,
        trajectories,
        years,
    };
    let (_, _, by_group, by_area) = OF_PEOPLE[1];
    let mut values = vec![vec![0.0; trajectories.rows.len()]; plan.options.len()];
    for (option, values) in values.iter_mut().enumerate() {
        for (group, weight) in weights.weights.iter().enumerate() {
            let met = of.people(option, weights.by, group, by_group, by_area)?;
            for (sum, met) in values.iter_mut().zip(met) {
                *sum += weight * met;
            }
        }
    }
    let title = "Needs met by services, weighted by group";
    let outcome = Outcome::new(
        "needs_met_weighted",
        title,
        "people",
        Better::Higher,
        values,
    );
    Some(Outcome {
        note: weights.words.clone(),
        ..outcome.told_only()
    })
}

/// NPSV of society where what people of an area bear counts as much as its weight says; public money keeps its worth.
pub(super) fn weighted_npsv(
    plan: &Plan,
    bills: &Bills,
    option: usize,
) -> Option<(Vec<f64>, String)> {
    let weights = plan.weights.as_ref()?;
    if weights.by != Dimension::Area || !has_society(plan) || bills.is_empty() {
        return None;
    }
    let borne = |option: usize| {
        let public = Bill::public(&bills[option]).total();
        let private = Bill::sum(bills[option].iter().filter(|bill| !bill.is_public));
        let mut sum = public;
        for (weight, rows) in weights.weights.iter().zip(&private.by_area) {
            for (sum, pounds) in sum.iter_mut().zip(rows) {
                *sum += weight * pounds;
            }
        }
        sum
    };
    let words = format!("what people of an area bear is weighted: {}", weights.words);
    Some((less(&borne(plan.comparator), &borne(option)), words))
}

//! How many are expected to be there when the run begins, and to arrive from outside.

use super::super::held::held_at;
use super::super::season::seasonal;
use super::super::walk::walked;
use super::lanes::{Birth, Lane, Telling, begins};
use super::shape::Shape;
use super::values::{FIRST, Timeline};
use crate::compile::{Band, Inflow, Opening, Stratum, Target};
use crate::quantity::Month;

/// The strata whose people a lane takes in a step, and its share of each. Ages within a band are even; an open band
/// is entered over its first twenty years.
fn sources(
    timeline: &Timeline,
    telling: Telling,
    lane: &Lane,
    (step, is_younger): (i32, bool),
) -> Vec<(Stratum, f64)> {
    let plan = timeline.plan;
    let strata = &plan.strata;
    // Whoever is about to enter in the step before the run was not quite that old then.
    let last = strata.ages.last().map_or(0, |band| begins(plan, band.from)) + i32::from(is_younger);
    let share = |(index, band): (usize, &Band)| {
        let from = f64::from(band.from) * plan.steps_per_year();
        let years = band.to.map_or(20, |to| to + 1 - band.from);
        let to = from + f64::from(years) * plan.steps_per_year();
        let (low, high) = match lane.birth {
            Birth::Any => (from, to),
            Birth::Band(own) if own == index => (from, to),
            Birth::Band(_) => (to, from),
            Birth::Early => (f64::from(last), f64::INFINITY),
            // Whoever is that old is in the lane of the oldest.
            Birth::Step(born, width) => {
                let age = step - born;
                (f64::from(age.min(last)), f64::from((age + width).min(last)))
            }
        };
        (high.min(to) - low.max(from)).max(0.0) / (to - from)
    };
    let ages: Vec<(usize, f64)> = strata
        .ages
        .iter()
        .enumerate()
        .map(share)
        .enumerate()
        .collect();
    let sexes = if telling.sex {
        lane.sex..lane.sex + 1
    } else {
        0..strata.sexes.len()
    };
    let weight = lane.atom.weight();
    let each = sexes.flat_map(|sex| ages.iter().map(move |&(age, share)| (sex, age, share)));
    let stratum = |sex, age| Stratum {
        area: lane.area,
        sex,
        age,
        priors: 0,
    };
    each.filter(|(_, _, share)| *share > 0.0)
        .map(|(sex, age, share)| (stratum(sex, age), share * weight))
        .collect()
}

/// The strata and shares of a lane among opening people who are all of one age, counted from when they enter.
fn aged(
    timeline: &Timeline,
    telling: Telling,
    lane: &Lane,
    opening: &Opening,
) -> Option<Vec<(Stratum, f64)>> {
    let plan = timeline.plan;
    let years = opening.aged?;
    let steps = begins(plan, years);
    let band = plan
        .strata
        .ages
        .iter()
        .rposition(|band| years >= band.from)
        .unwrap_or(0);
    let last = plan
        .strata
        .ages
        .last()
        .map_or(0, |band| begins(plan, band.from));
    let is_theirs = match lane.birth {
        Birth::Any => true,
        Birth::Band(own) => own == band,
        Birth::Early => steps >= last,
        Birth::Step(born, width) => {
            let own = -i32::from(opening.is_fresh) - steps;
            steps < last && (born - width + 1..=born).contains(&own)
        }
    };
    let sexes = if telling.sex {
        lane.sex..lane.sex + 1
    } else {
        0..plan.strata.sexes.len()
    };
    let stratum = |sex| Stratum {
        area: lane.area,
        sex,
        age: band,
        priors: 0,
    };
    let weight = lane.atom.weight();
    Some(
        sexes
            .filter(|_| is_theirs)
            .map(|sex| (stratum(sex), weight))
            .collect(),
    )
}

/// This step's expected arrivals by previous convictions and lane.
pub(super) fn arriving(
    timeline: &Timeline,
    telling: Telling,
    shape: &Shape,
    lanes: &[Lane],
    inflow: &Inflow,
    step: i32,
) -> Vec<f64> {
    let month = timeline.plan.month_of(step);
    let snapshot = timeline.snapshot_at(step);
    let walk = walk(timeline, inflow, snapshot, month);
    let held = held_at(timeline.changes, Target::Population, month);
    let mut people = vec![0.0; shape.n_values()];
    for (index, lane) in lanes.iter().enumerate() {
        for (stratum, part) in sources(timeline, telling, lane, (step, false)) {
            let rate = timeline.value(snapshot, inflow.rate, stratum);
            let people_of = match inflow.is_of_population {
                true => timeline.plan.people(stratum, held.unwrap_or(month)),
                false => 1.0,
            };
            let value = |quantity| timeline.value(snapshot, quantity, stratum);
            let mean = people_of * rate * walk * seasonal(inflow, month, value) * part;
            let share =
                |priors| timeline.value(snapshot, inflow.priors, Stratum { priors, ..stratum });
            let n_bands = timeline.plan.strata.priors.len();
            let total: f64 = (0..n_bands).map(share).sum();
            for band in 0..n_bands {
                // Without any share the last band takes them all, as in the people engine.
                let share = match total > 0.0 {
                    true => share(band) / total,
                    false => f64::from(u8::from(band + 1 == n_bands)),
                };
                spread(timeline, shape, &mut people, (index, band), mean * share);
            }
        }
    }
    people
}

/// The expected opening people of a state.
pub(super) fn opening(
    timeline: &Timeline,
    telling: Telling,
    shape: &Shape,
    lanes: &[Lane],
    opening: &Opening,
) -> Vec<f64> {
    let parts = [opening.area, opening.sex, opening.age, opening.priors];
    let mut people = vec![0.0; shape.n_values()];
    for (index, lane) in lanes.iter().enumerate() {
        let sources = aged(timeline, telling, lane, opening)
            .unwrap_or_else(|| sources(timeline, telling, lane, (0, opening.is_fresh)));
        for (stratum, part) in sources {
            for priors in 0..timeline.plan.strata.priors.len() {
                let stratum = Stratum { priors, ..stratum };
                let value = |quantity| timeline.value(0, quantity, stratum);
                let share: f64 = parts.into_iter().flatten().map(value).product();
                let expected = value(opening.people) * share * part;
                spread(
                    timeline,
                    shape,
                    &mut people,
                    (index, priors),
                    expected.max(0.0),
                );
            }
        }
    }
    people
}

/// Spreads people of a band evenly over its numbers of previous convictions; an open band is entered at its lowest.
fn spread(
    timeline: &Timeline,
    shape: &Shape,
    people: &mut [f64],
    at: (usize, usize),
    expected: f64,
) {
    let (lane, band) = at;
    let last = shape.n_priors - 1;
    // Where previous convictions make no difference there is one class for all.
    if last == 0 {
        people[shape.at(0, lane)] += expected;
        return;
    }
    let band = &timeline.plan.strata.priors[band];
    let to = band.to.unwrap_or(band.from);
    let each = expected / f64::from(to - band.from + 1);
    for number in band.from..=to {
        let class = shape.classes.iter().rposition(|class| number >= class.0);
        people[shape.at(class.unwrap_or(0), lane)] += each;
    }
}

/// The walk of an inflow in a month, held where a change holds it.
fn walk(timeline: &Timeline, inflow: &Inflow, snapshot: usize, month: Month) -> f64 {
    let held = held_at(timeline.changes, Target::Walks, month);
    let walked = walked(timeline.plan, timeline.row, inflow, held.unwrap_or(month));
    match (inflow.walk, walked) {
        (Some(spread), Some(walked)) => (timeline.value(snapshot, spread, FIRST) * walked).exp(),
        _ => 1.0,
    }
}

//! What all rows share: where everything stands, when anything changes, and which areas share anything.

use super::counters::{Counters, Sizes};
use super::ended::{Kind, kinds};
use super::layout::Layout;
use super::lengths::CentralShapes;
use super::lines::{Line, lines};
use super::person::Step;
use super::scope::{Scope, Strata, StratumIdx};
use super::states::passes;
use super::ways::{Way, ways};
use crate::compile::{Band, Counts, Destination, Keys, Plan, QuantityIdx, State};
use crate::draw::Draws;
use crate::random::Key;

/// A plan made ready for its rows.
pub struct Study<'a> {
    /// The question.
    pub plan: &'a Plan,
    /// Where values stand.
    pub layout: &'a Layout,
    /// The shapes of the central row.
    pub shapes: CentralShapes,
    keys: Vec<Keys>,
    /// Every stratum, by its number.
    pub strata: Strata,
    /// How many steps there are in a year.
    pub steps_per_year: f64,
    /// How many strata there are of one area and sex.
    pub n_strata_of_sex: usize,
    /// By quantity, the steps at which it changes without any option.
    pub dates: Vec<Vec<Step>>,
    /// By option and quantity, the steps at which the option's changes to it begin.
    pub touching: Vec<Vec<Vec<Step>>>,
    /// The first steps of the spans in which no number changes.
    pub chapters: Vec<Step>,
    /// Areas that share a pool under any option, at any time.
    pub clusters: Vec<Vec<usize>>,
    /// By state and exit, where it leads.
    pub ways: Vec<Vec<Way>>,
    /// Where the counters of an area stand.
    pub counters: Counters,
    /// What is made of the counters when a month closes.
    pub lines: Vec<Line>,
    /// By series, what is made of the months when the run ends.
    pub kinds: Vec<Kind>,
    /// What the ratio on the clock is read from, and the shape of the clock.
    pub on_clock: Vec<QuantityIdx>,
    /// By area, the number that stands for its code in an address.
    pub area_names: Vec<u64>,
    /// By sex, the number that stands for its name.
    pub sex_names: Vec<u64>,
    /// By age band, the number that stands for its name.
    pub age_names: Vec<u64>,
    /// By service, the number that stands for its name in an address.
    pub service_names: Vec<u64>,
    /// By state, the number that stands for its name.
    pub state_names: Vec<u64>,
    /// By state and exit, the number that stands for its name.
    pub exit_names: Vec<Vec<u64>>,
    /// By state and hazard, the number that stands for its name in an address.
    pub hazard_names: Vec<Vec<u64>>,
    /// By year, how many steps are in it.
    pub n_steps_of_year: Vec<f64>,
    year_of_step: Vec<i16>,
    /// The first step of the forecast.
    pub first_of_forecast: Step,
    /// By age in steps, how far its band stands from the first in the numbers of strata.
    by_age: Vec<u16>,
    /// By stratum, the sex and age band as one number.
    groups: Vec<u16>,
    /// By previous convictions, how far their band stands from the first.
    by_priors: [u8; 256],
}

impl<'a> Study<'a> {
    /// Makes a plan ready.
    pub fn new(plan: &'a Plan, draws: &Draws, layout: &'a Layout) -> Study<'a> {
        let quantities = 0..plan.quantities.len();
        let keys: Vec<Keys> = quantities.clone().map(|q| keys(plan, q)).collect();
        let dates: Vec<Vec<Step>> = quantities.clone().map(|q| dates(plan, q)).collect();
        let touching = |option: usize| {
            let begin = |quantity| {
                let changes = plan.options[option].changes.iter();
                let touching = changes.filter(|change| change.target.is_of(plan, quantity));
                touching.map(|change| plan.step_of(change.from)).collect()
            };
            quantities.clone().map(begin).collect()
        };
        let year_of_step = years(plan, layout);
        let mut counters = counters(plan, layout.years.len());
        Study {
            plan,
            layout,
            shapes: CentralShapes::of(plan, draws),
            steps_per_year: plan.steps_per_year(),
            n_strata_of_sex: plan.strata.ages.len() * plan.strata.priors.len(),
            strata: Strata::of(plan),
            area_names: folded(plan.areas.iter().map(|area| &area.code)),
            sex_names: folded(plan.strata.sexes.iter()),
            age_names: folded(plan.strata.ages.iter().map(|band| &band.id)),
            service_names: folded(plan.services.iter().map(|service| &service.id)),
            state_names: folded(plan.states.iter().map(|state| &state.id)),
            exit_names: plan.states.iter().map(|s| exit_names(plan, s)).collect(),
            hazard_names: (0..plan.states.len())
                .map(|state| hazard_names(plan, state))
                .collect(),
            keys,
            chapters: chapters(plan, &dates),
            dates,
            touching: (0..plan.options.len()).map(touching).collect(),
            n_steps_of_year: steps_of_years(&year_of_step, layout.years.len()),
            clusters: clusters(plan),
            lines: lines(plan, layout, &counters),
            kinds: kinds(plan, layout),
            ways: ways(plan, &mut counters),
            counters,
            on_clock: on_clock(plan),
            year_of_step,
            first_of_forecast: plan.step_of(plan.start),
            by_age: by_age(plan),
            groups: groups(plan),
            by_priors: by_priors(plan),
        }
    }

    /// The keys that a quantity depends on under any option.
    pub fn keys(&self, quantity: QuantityIdx) -> Keys {
        self.keys[quantity]
    }

    /// The cells over everything that any of these quantities depends on.
    pub fn scope(&self, quantities: &[QuantityIdx]) -> &Scope {
        let keys = quantities.iter().map(|&quantity| self.keys[quantity]);
        self.strata.scope(keys.fold(Keys::default(), Keys::or))
    }

    /// The financial year of a step as an index, if the whole of it is reported.
    #[inline]
    pub fn year(&self, step: Step) -> Option<usize> {
        let year = self.year_of_step.get(step.max(0) as usize);
        year.and_then(|&year| usize::try_from(year).ok())
    }

    /// The sex and age band of a stratum as one number, the age running fastest.
    #[inline]
    pub fn group(&self, stratum: StratumIdx) -> usize {
        usize::from(self.groups[stratum])
    }

    /// How far somebody's stratum stands from the first of their area and sex: by age in steps, where those younger
    /// than the first band are in it, and by previous convictions.
    #[inline]
    pub fn within_sex(&self, age: Step, priors: u8) -> usize {
        let age = (age.max(0) as usize).min(self.by_age.len() - 1);
        usize::from(self.by_age[age]) + usize::from(self.by_priors[usize::from(priors)])
    }
}

fn folded<'a>(names: impl Iterator<Item = &'a String>) -> Vec<u64> {
    names.map(|name| Key::folded(name)).collect()
}

/// The keys that a quantity depends on once the changes of any option are made: a change for one sex makes it depend
/// on sex.
fn keys(plan: &Plan, quantity: QuantityIdx) -> Keys {
    let changes = plan.options.iter().flat_map(|option| &option.changes);
    let touching = changes.filter(|change| change.target.is_of(plan, quantity));
    touching.fold(plan.quantities[quantity].keys, |keys, change| {
        keys.or(change.keys())
    })
}

fn dates(plan: &Plan, quantity: QuantityIdx) -> Vec<Step> {
    let mut dates: Vec<Step> = Vec::new();
    for &factor in &plan.quantities[quantity].factors {
        for dated in &plan.parameters[factor].cells {
            dates.extend(dated.iter().skip(1).map(|(from, _)| plan.step_of(*from)));
        }
    }
    dates.sort_unstable();
    dates.dedup();
    dates
}

fn chapters(plan: &Plan, dates: &[Vec<Step>]) -> Vec<Step> {
    let options = plan.options.iter();
    let pools = options
        .clone()
        .flat_map(|option| option.pools.iter().flatten());
    let kept = options
        .clone()
        .flat_map(|option| option.guaranteed.iter().flatten());
    let pools = pools
        .map(|(from, _)| *from)
        .chain(kept.map(|(from, _)| *from));
    let changes = options.flat_map(|option| &option.changes);
    let changes = changes.map(|change| change.from);
    let steps = pools.chain(changes).map(|month| plan.step_of(month));
    let mut chapters: Vec<Step> = dates.iter().flatten().copied().chain(steps).collect();
    chapters.retain(|&step| step > 0 && step < plan.n_steps());
    chapters.push(0);
    chapters.sort_unstable();
    chapters.dedup();
    chapters
}

fn clusters(plan: &Plan) -> Vec<Vec<usize>> {
    let n_areas = plan.areas.len();
    let mut cluster_of: Vec<usize> = (0..n_areas).collect();
    let dated = plan
        .options
        .iter()
        .flat_map(|option| option.pools.iter().flatten());
    for (_, hosts) in dated {
        for (area, &host) in hosts.iter().enumerate() {
            let (from, to) = (cluster_of[area], cluster_of[host]);
            for cluster in cluster_of.iter_mut().filter(|cluster| **cluster == from) {
                *cluster = to;
            }
        }
    }
    let members = |cluster: usize| -> Vec<usize> {
        (0..n_areas)
            .filter(|&area| cluster_of[area] == cluster)
            .collect()
    };
    let clusters = (0..n_areas).map(members);
    clusters.filter(|members| !members.is_empty()).collect()
}

fn counters(plan: &Plan, n_years: usize) -> Counters {
    let (mut pairs, mut exits) = (Vec::new(), Vec::new());
    for measure in &plan.measures {
        match &measure.counts {
            Counts::Moves(moves) => pairs.extend_from_slice(moves),
            Counts::Departures(departures) => exits.extend_from_slice(departures),
            Counts::Stock(_) | Counts::Entries(_) => {}
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    exits.sort_unstable();
    exits.dedup();
    let (n_needs, n_services) = (plan.needs.len(), plan.services.len());
    let sizes = Sizes {
        n_states: plan.states.len(),
        n_needs,
        n_services,
        n_years,
        n_groups: plan.strata.sexes.len() * plan.strata.ages.len(),
        n_passing: (0..plan.states.len())
            .filter(|&state| passes(plan, state))
            .count(),
    };
    Counters::new(sizes, pairs, &exits)
}

/// The names of a state's exits: where each leads or what it counts, and how many before it have the same name.
fn exit_names(plan: &Plan, state: &State) -> Vec<u64> {
    let names = state
        .exits
        .iter()
        .map(|exit| match (exit.to, &exit.counts) {
            (Destination::State(to), _) => plan.states[to].id.as_str(),
            (Destination::Leaves, Some(counts)) => counts,
            (Destination::Leaves, None) => "leaves",
        });
    let names: Vec<&str> = names.collect();
    let same = |index: usize| {
        names[..index]
            .iter()
            .filter(|n| **n == names[index])
            .count()
    };
    let numbers = names.iter().enumerate();
    numbers
        .map(|(index, name)| Key::folded(name).wrapping_add(same(index) as u64))
        .collect()
}

/// The names of a state's hazards: where each leads, and how many before it lead there too.
fn hazard_names(plan: &Plan, state: usize) -> Vec<u64> {
    let hazards = &plan.states[state].hazards;
    let name = |index: usize| {
        let to = hazards[index].0;
        let before = hazards[..index].iter();
        let same = before.filter(|(before, _)| *before == to).count();
        let id = match to {
            Destination::State(state) => &plan.states[state].id,
            Destination::Leaves => "leaves",
        };
        Key::folded(id).wrapping_add(same as u64)
    };
    (0..hazards.len()).map(name).collect()
}

fn on_clock(plan: &Plan) -> Vec<QuantityIdx> {
    let Some(clock) = &plan.clock else {
        return Vec::new();
    };
    let modifiers = clock.modifiers.iter().map(|modifier| modifier.1);
    let services = plan.services.iter().map(|service| service.hazard_ratio);
    modifiers.chain(services).chain([clock.shape]).collect()
}

fn years(plan: &Plan, layout: &Layout) -> Vec<i16> {
    let first = layout.years.first().map_or(0, |year| year.first_year());
    let year = |step| {
        let year = plan.month_of(step).financial_year().first_year() - first;
        let is_reported = (0..layout.years.len() as i32).contains(&year);
        if is_reported { year as i16 } else { -1 }
    };
    (0..plan.n_steps()).map(year).collect()
}

fn steps_of_years(year_of_step: &[i16], n_years: usize) -> Vec<f64> {
    let steps = |year: usize| {
        let here = year_of_step.iter().filter(|&&other| other == year as i16);
        here.count().max(1) as f64
    };
    (0..n_years).map(steps).collect()
}

fn groups(plan: &Plan) -> Vec<u16> {
    let strata = &plan.strata;
    let of_area = 0..strata.sexes.len() * strata.ages.len();
    let bands = of_area.flat_map(|group| vec![group as u16; strata.priors.len()]);
    let bands: Vec<u16> = bands.collect();
    bands.repeat(plan.areas.len())
}

fn by_age(plan: &Plan) -> Vec<u16> {
    let begins = |band: &Band| (f64::from(band.from) * plan.steps_per_year()).round() as Step;
    let begins: Vec<Step> = plan.strata.ages.iter().map(begins).collect();
    let band = |age: Step| begins.iter().rposition(|begins| age >= *begins);
    let oldest = begins.last().copied().unwrap_or(0).max(0);
    let n_priors = plan.strata.priors.len();
    (0..=oldest)
        .map(|age| (band(age).unwrap_or(0) * n_priors) as u16)
        .collect()
}

fn by_priors(plan: &Plan) -> [u8; 256] {
    let bands = &plan.strata.priors;
    let band = |priors: usize| bands.iter().rposition(|band| priors >= band.from as usize);
    std::array::from_fn(|priors| band(priors).unwrap_or(0) as u8)
}

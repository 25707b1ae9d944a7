//! Who is followed apart: area, sex, month of birth and atom of needs never change, so each is a lane of its own.

use super::Births;
use super::atoms::{Atom, Joints};
use super::program::Program;
use super::values::{Timeline, stays};
use crate::compile::{Plan, QuantityIdx, Stay, Stratum};

/// The age of a lane's people: a band, and the share of them who are in the next one already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Age {
    /// The band.
    pub band: usize,
    /// The share above it: nought but for people followed by year of birth.
    pub above: f64,
}

/// When the people of a lane were born.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Birth {
    /// It makes no difference.
    Any,
    /// So early that they stay in the oldest band.
    Early,
    /// In this step, or in as many steps up to it as are followed together.
    Step(i32, i32),
    /// So that they are of this age band now: whoever passes from one to the next changes lanes.
    Band(usize),
}

/// People who never mix with others.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    /// Index of the area.
    pub area: usize,
    /// Index of the sex; 0 where it makes no difference.
    pub sex: usize,
    /// When they were born.
    pub birth: Birth,
    /// The part of the needs' uniform that they hold.
    pub atom: Atom,
}

impl Lane {
    /// The age band in a step.
    pub fn age(&self, plan: &Plan, step: i32) -> Age {
        let ages = &plan.strata.ages;
        let exactly = |band: usize| Age { band, above: 0.0 };
        match self.birth {
            Birth::Any => exactly(0),
            Birth::Band(band) => exactly(band),
            Birth::Early => exactly(ages.len().saturating_sub(1)),
            Birth::Step(born, width) => {
                let youngest = step - born;
                let reaches = |from: u32| youngest >= begins(plan, from);
                let band = ages
                    .iter()
                    .rposition(|band| reaches(band.from))
                    .unwrap_or(0);
                let next = ages
                    .get(band + 1)
                    .map_or(i32::MAX, |next| begins(plan, next.from));
                let older = (youngest + width).saturating_sub(next).max(0);
                Age {
                    band,
                    above: f64::from(older) / f64::from(width),
                }
            }
        }
    }
}

/// The age in steps at which an age in years is reached.
pub(super) fn begins(plan: &Plan, years: u32) -> i32 {
    (f64::from(years) * plan.steps_per_year()).round() as i32
}

/// Which attributes make a difference after arrival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Telling {
    /// Whether sex does.
    pub sex: bool,
    /// Whether age does.
    pub age: bool,
    /// Whether previous convictions do.
    pub priors: bool,
}

impl Telling {
    /// Of a Plan: the keys of every quantity that is asked for after arrival.
    pub fn of(plan: &Plan) -> Telling {
        let mut telling = Telling {
            sex: false,
            age: false,
            priors: false,
        };
        for quantity in later(plan) {
            let keys = plan.quantities[quantity].keys;
            telling.sex |= keys.sex;
            telling.age |= keys.age;
            telling.priors |= keys.priors;
        }
        telling.age &= plan.strata.ages.len() > 1;
        telling.sex &= plan.strata.sexes.len() > 1;
        telling.priors &= plan.strata.priors.len() > 1;
        telling
    }
}

/// Every quantity that is asked for after arrival.
fn later(plan: &Plan) -> Vec<QuantityIdx> {
    let mut found: Vec<QuantityIdx> = plan.death.into_iter().collect();
    for state in &plan.states {
        for stay in stays(state) {
            found.extend(stay.lengths());
            match stay {
                Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => {
                    found.push(shape);
                }
                _ => {}
            }
        }
        found.extend(state.hazards.iter().map(|(_, hazard)| *hazard));
        for exit in &state.exits {
            found.extend(exit.share);
            found.extend(exit.modifiers.iter().map(|(_, ratio)| *ratio));
        }
        for leaving in &state.chances {
            found.extend(leaving.modifiers.iter().map(|(_, ratio)| *ratio));
            found.extend(leaving.chance.quantities());
        }
    }
    if let Some(clock) = &plan.clock {
        found.extend([clock.ends_after, clock.shape]);
        found.extend(clock.modifiers.iter().map(|(_, ratio)| *ratio));
        for start in &clock.starts {
            found.extend([start.probability, start.ends_after]);
            found.extend(start.hazard_ratio);
        }
    }
    found.extend(plan.prevalences.iter().map(|prevalence| prevalence.share));
    found
}

/// How many steps of birth are followed together: one, or a year, which is never longer than an age band.
fn width(plan: &Plan, births: Births) -> i32 {
    match births {
        Births::ByYear => begins(plan, 1).max(1),
        Births::ByStep | Births::ByBand => 1,
    }
}

/// Lanes that are propagated together.
#[derive(Debug)]
pub(super) struct Together {
    /// Which of the lanes of a birth these are.
    pub place: usize,
    /// The lanes, in groups of the same length.
    pub lanes: Vec<Lane>,
    /// Groups, among which people pass from each to the next if there are several.
    pub n_groups: usize,
    /// Whether much is approximate, for the sake of speed.
    pub is_coarse: bool,
}

/// Lanes that are propagated together: enough to share what they have in common, few enough to stay near the
/// processor.
const LANES_TOGETHER: usize = 32;

/// Every lane of a Plan under these timelines (one for every option), the same lanes for each.
pub(super) fn together(
    program: &Program,
    telling: Telling,
    timelines: &[Timeline],
    births: Births,
) -> Vec<Together> {
    let Some(plan) = timelines.first().map(|timeline| timeline.plan) else {
        return Vec::new();
    };
    let n_sexes = if telling.sex {
        plan.strata.sexes.len()
    } else {
        1
    };
    let is_coarse = births == Births::ByBand;
    // Where needs make nobody return sooner they are drawn anew at every entry.
    let is_cut = !is_coarse || program.clock_needs != 0;
    let mut joints = Joints::default();
    let mut alike = Vec::new();
    for sex in 0..n_sexes {
        for area in 0..plan.areas.len() {
            let atoms = match is_cut {
                true => atoms(program, timelines, &mut joints, area, sex),
                false => vec![Atom::whole()],
            };
            alike.extend(atoms.into_iter().map(|atom| (atom, area, sex)));
        }
    }
    if is_coarse {
        return by_band(plan, telling, &alike);
    }
    // Lanes of one sex mostly share their kernels.
    let of_sex = alike.chunk_by(|one, other| one.2 == other.2);
    let chunks: Vec<_> = of_sex
        .flat_map(|lanes| lanes.chunks(LANES_TOGETHER))
        .enumerate()
        .collect();
    let births = births_of(plan, telling.age, width(plan, births));
    let of = |birth| {
        chunks.iter().map(move |(place, chunk)| Together {
            place: *place,
            lanes: lanes_of(chunk, birth),
            n_groups: 1,
            is_coarse: false,
        })
    };
    births.into_iter().flat_map(of).collect()
}

fn lanes_of(chunk: &[(Atom, usize, usize)], birth: Birth) -> Vec<Lane> {
    let lane = |(atom, area, sex): &(Atom, usize, usize)| Lane {
        area: *area,
        sex: *sex,
        birth,
        atom: atom.clone(),
    };
    chunk.iter().map(lane).collect()
}

/// Every age band of some areas and a sex.
fn by_band(plan: &Plan, telling: Telling, alike: &[(Atom, usize, usize)]) -> Vec<Together> {
    let births: Vec<Birth> = match telling.age {
        true => (0..plan.strata.ages.len()).map(Birth::Band).collect(),
        false => vec![Birth::Any],
    };
    let of_sex = alike.chunk_by(|one, other| one.2 == other.2);
    let chunks = of_sex.flat_map(|lanes| lanes.chunks(LANES_TOGETHER));
    let together = chunks.enumerate().map(|(place, chunk)| Together {
        place,
        lanes: births
            .iter()
            .flat_map(|birth| lanes_of(chunk, *birth))
            .collect(),
        n_groups: births.len(),
        is_coarse: true,
    });
    together.collect()
}

/// Steps of birth that the people of the run may have.
fn births_of(plan: &Plan, is_told: bool, width: i32) -> Vec<Birth> {
    let ages = &plan.strata.ages;
    let (Some(first), Some(last), true) = (ages.first(), ages.last(), is_told) else {
        return vec![Birth::Any];
    };
    let aged = plan
        .states
        .iter()
        .filter_map(|state| state.opening.as_ref()?.aged);
    let youngest = begins(plan, aged.chain([first.from]).min().unwrap_or(0));
    let oldest = begins(plan, last.from);
    let mut births = vec![Birth::Early];
    // Somebody who is about to enter in the step before the run is one step younger at its beginning.
    let last = plan.n_steps() - youngest + width;
    let spans = (-oldest + width - 1..last).step_by(width as usize);
    births.extend(spans.map(|born| Birth::Step(born, width)));
    births
}

/// The atoms of an area and sex: cut wherever a need that matters later changes, in any band, at any date, under any
/// option.
fn atoms(
    program: &Program,
    timelines: &[Timeline],
    joints: &mut Joints,
    area: usize,
    sex: usize,
) -> Vec<Atom> {
    let mut laws: Vec<(Vec<f64>, Vec<u8>)> = Vec::new();
    for timeline in timelines {
        let plan = timeline.plan;
        for (state, drawn) in program.drawn.iter().enumerate() {
            let matters = drawn.mask & program.matters_within[state];
            if matters == 0 {
                continue;
            }
            let bits: Vec<u8> = (0..1 << drawn.needs.len())
                .map(|combination| drawn.bits(combination) & matters)
                .collect();
            for snapshot in 0..timeline.snapshots.len() {
                for age in 0..plan.strata.ages.len() {
                    for priors in 0..plan.strata.priors.len() {
                        let stratum = Stratum {
                            area,
                            sex,
                            age,
                            priors,
                        };
                        let law = joints.law(timeline, snapshot, state, drawn, stratum);
                        if !laws.iter().any(|known| known.0 == law && known.1 == bits) {
                            laws.push((law, bits.clone()));
                        }
                    }
                }
            }
        }
    }
    if laws.is_empty() {
        return vec![Atom::whole()];
    }
    Atom::cut(&laws)
}

//! Who arrives.

use super::journey;
use super::laws::Laws;
use super::person::{NEVER, Person, Step, decision, own_key};
use super::scope::{ByStratum, StratumIdx};
use super::season::seasonal;
use super::study::Study;
use super::versions::{Versions, Worlds, each};
use super::walk::walked;
use super::world::World;
use crate::compile::{Band, Inflow, Keys, Stratum};
use crate::draw::gamma_quantile;
use crate::quantity::{Month, TimeUnit};
use crate::random::{Key, poisson_quantile};

/// This month's arrivals: for each inflow, area, sex and age a Poisson count, and as many people. The count inverts
/// one uniform, so that a higher rate adds people and changes none. Where an inflow is overdispersed the mean of a
/// Poisson count is itself drawn, once for an area and a financial year, from a gamma law; a season moves it from month
/// to month.
pub fn arrive(world: &mut World, laws: &Laws) {
    let (plan, study) = (laws.plan, laws.study);
    let month = plan.month_of(world.now);
    for (index, inflow) in plan.inflows.iter().enumerate() {
        let root = laws.root.named("inflow").named(&inflow.id);
        let mut walks = Walks::new(laws, inflow, month);
        for position in 0..world.crowd.areas.len() {
            let area = world.crowd.areas[position];
            walks.turn_to(root.with(study.area_names[area]), area);
            let here = root
                .with(study.area_names[area])
                .with(address_of(laws, world.now));
            for (sex, &sex_name) in study.sex_names.iter().enumerate() {
                let here = here.with(sex_name);
                for (age, &age_name) in study.age_names.iter().enumerate() {
                    let stratum = Stratum {
                        area,
                        sex,
                        age,
                        priors: 0,
                    };
                    let cell = Cell {
                        index,
                        inflow,
                        stratum,
                        number: study.strata.number(stratum),
                        address: here.with(age_name),
                    };
                    arrive_in(world, laws, &cell, &walks);
                }
            }
        }
    }
}

/// People of one inflow, area, sex and age, of whom so many might arrive in a month.
pub struct Cell<'a> {
    index: usize,
    /// The inflow.
    pub inflow: &'a Inflow,
    /// Area, sex and age, with the first priors band.
    pub stratum: Stratum,
    /// The number of that stratum.
    pub number: StratumIdx,
    /// The address of everybody who arrives.
    pub address: Key,
}

/// The arrivals of a month in a cell.
fn arrive_in(world: &mut World, laws: &Laws, cell: &Cell, walks: &Walks) {
    let u = cell.address.uniform();
    let count = |at: usize| {
        let people = walks.people(at, cell.stratum);
        let mean = people * laws.value(at, cell.inflow.rate, cell.number) * walks.of(at);
        let mean = mean * walks.dispersed(at) * walks.season(at, cell.number);
        poisson_quantile(u, mean)
    };
    let differs = walks.differs(cell.stratum.area) & world.everywhere;
    let alike = world.everywhere & !differs;
    let first = alike.trailing_zeros() as usize;
    let alike = (alike != 0).then(|| (count(first), alike));
    // Worlds by how many arrive in them: somebody is there in every world where enough do.
    let own = each(differs).map(|at| (count(at), 1 << at));
    let counts = alike.into_iter().chain(own);
    world.tally.turn_to(cell.stratum.area);
    let passage = &laws.passages[cell.index];
    passage.lead(
        world,
        laws,
        cell,
        counts,
        |world, state, number, mut worlds| {
            let address = match state == cell.inflow.into {
                true => cell.address,
                false => cell.address.with(laws.study.state_names[state]),
            };
            while worlds != 0 {
                worlds &= !arrive_one(world, laws, cell, (state, address.with(number)), worlds);
            }
        },
    );
}

/// Somebody arrives in a state in some worlds; returns those in which what happens this month is the same.
fn arrive_one(
    world: &mut World,
    laws: &Laws,
    cell: &Cell,
    (state, key): (usize, Key),
    worlds: Worlds,
) -> Worlds {
    let mut person = newcomer(world.now, laws, cell, key, worlds);
    world.tally.count(laws.study.counters.inside);
    world.greet();
    let stratum = journey::stratum(laws, world.now, &person);
    if state == cell.inflow.into {
        journey::enter_passing(world, laws, &mut person, state);
    } else {
        // Those who were counted through have been counted into it.
        person.visit += u32::from(laws.states[state].only_passes);
    }
    journey::go(world, laws, &mut person, Some(state), stratum);
    world.admit(&person);
    person.worlds
}

/// Steps are addressed by their distance from here, so that a longer history moves no arrival.
const EPOCH: Month = Month::EPOCH;

fn address_of(laws: &Laws, now: Step) -> u64 {
    let plan = laws.plan;
    match plan.step {
        TimeUnit::Day => (plan.history_from.first_day() + now) as u64,
        TimeUnit::Month | TimeUnit::Year => plan.month_of(now).since(EPOCH) as u64,
    }
}

/// A relative variance below this (a tenth of a per cent, as a standard deviation) is none.
const LEAST_OVERDISPERSION: f64 = 1e-6;

/// The random walk of an inflow: the exponential of a sum of yearly normal steps from the start month on.
struct Walks<'a, 'b> {
    laws: &'a Laws<'b>,
    inflow: &'a Inflow,
    month: Month,
    /// How far it has walked, and in each world that holds it.
    walked: Option<f64>,
    held: Vec<Option<f64>>,
    /// What the number of arrivals is read from.
    read: Vec<usize>,
    /// Where an inflow is overdispersed: by world, what the area's means of this year are multiplied by.
    dispersed: Vec<f64>,
}

impl<'a, 'b> Walks<'a, 'b> {
    fn new(laws: &'a Laws<'b>, inflow: &'a Inflow, month: Month) -> Walks<'a, 'b> {
        let walked = |month| walked(laws.plan, laws.row, inflow, month);
        let held = (0..laws.n_worlds()).map(|world| walked(laws.walks.month(world, month)));
        Walks {
            laws,
            inflow,
            month,
            walked: walked(month),
            held: match laws.walks.worlds {
                0 => Vec::new(),
                _ => held.collect(),
            },
            read: std::iter::once(inflow.rate)
                .chain(inflow.walk)
                .chain(inflow.overdispersion)
                .chain(inflow.season.into_iter().flatten())
                .collect(),
            dispersed: Vec::new(),
        }
    }

    /// Draws what an area's means are multiplied by in this financial year: a gamma number with mean 1, from one uniform
    /// for all worlds. Before the start history is driven by what was recorded, and nothing is drawn.
    fn turn_to(&mut self, of_area: Key, area: usize) {
        self.dispersed.clear();
        let Some(overdispersion) = self.inflow.overdispersion else {
            return;
        };
        if self.month < self.laws.plan.start {
            return;
        }
        let stratum = Stratum {
            area,
            sex: 0,
            age: 0,
            priors: 0,
        };
        let number = self.laws.study.strata.number(stratum);
        let year = self.month.financial_year().first_year();
        let u = of_area.named("year").with(year as u64).uniform();
        let mut known: Option<(f64, f64)> = None;
        for world in 0..self.laws.n_worlds() {
            let variance = self.laws.value(world, overdispersion, number);
            let drawn = match known {
                Some((same, drawn)) if same == variance => drawn,
                _ if variance > LEAST_OVERDISPERSION => gamma_quantile(1.0 / variance, u),
                _ => 1.0,
            };
            known = Some((variance, drawn));
            self.dispersed.push(drawn);
        }
    }

    fn dispersed(&self, world: usize) -> f64 {
        self.dispersed.get(world).copied().unwrap_or(1.0)
    }

    fn season(&self, world: usize, number: StratumIdx) -> f64 {
        seasonal(self.inflow, self.month, |of| {
            self.laws.value(world, of, number)
        })
    }

    fn of(&self, world: usize) -> f64 {
        let walked = self.held.get(world).copied().unwrap_or(self.walked);
        match (self.inflow.walk, walked) {
            (Some(spread), Some(walked)) => (self.laws.number(world, spread) * walked).exp(),
            _ => 1.0,
        }
    }

    /// The people of a stratum from whom newcomers come.
    fn people(&self, world: usize, stratum: Stratum) -> f64 {
        let month = self.laws.population.month(world, self.month);
        match self.inflow.is_of_population {
            true => self.laws.plan.people(stratum, month),
            false => 1.0,
        }
    }

    /// The worlds in which another number of people of an area may arrive.
    fn differs(&self, area: usize) -> Worlds {
        let held = self.laws.population.worlds | self.laws.walks.worlds;
        self.laws.differs(&self.read, area) | held
    }
}

fn newcomer(now: Step, laws: &Laws, cell: &Cell, key: Key, mut worlds: Worlds) -> Person {
    let bands = &laws.plan.strata.priors;
    let u = own_key(key, decision::PRIORS).uniform();
    let area = cell.stratum.area;
    let priors = laws.entrants[cell.index].decide(&mut worlds, area, |entrants| {
        let (band, within) = entrants.at(cell.number).split(u);
        number_in(&bands[band], within)
    });
    person(now, laws.study, cell.stratum, key, (worlds, priors))
}

/// The shares of the priors bands among those who arrive, by area, sex and age.
pub fn entrants(laws: &Laws, inflow: &Inflow) -> Versions<ByStratum<Entrants>> {
    let scope = laws.study.strata.scope(Keys {
        priors: false,
        ..laws.study.keys(inflow.priors)
    });
    let n = laws.plan.strata.priors.len();
    laws.versions(&[inflow.priors], |world| {
        ByStratum::of(scope, |stratum| {
            let of_band = |priors| laws.value(world, inflow.priors, stratum + priors);
            let shares: Vec<f64> = (0..n).map(of_band).collect();
            Entrants {
                total: shares.iter().sum(),
                shares,
            }
        })
    })
}

/// The shares of the priors bands among those who arrive.
pub struct Entrants {
    shares: Vec<f64>,
    total: f64,
}

impl Entrants {
    /// Which of the shares a uniform falls in, and how far into it, from 0 to 1.
    fn split(&self, u: f64) -> (usize, f64) {
        let mut left = u * self.total;
        for (index, &here) in self.shares.iter().enumerate() {
            if left < here || index + 1 == self.shares.len() {
                let within = if here > 0.0 { left / here } else { 0.0 };
                return (index, within.clamp(0.0, 1.0 - 1e-12));
            }
            left -= here;
        }
        (0, 0.0)
    }
}

/// Somebody of a stratum, as they come into the model.
pub fn person(
    now: Step,
    study: &Study,
    stratum: Stratum,
    key: Key,
    (worlds, priors): (Worlds, u8),
) -> Person {
    let age = &study.plan.strata.ages[stratum.age];
    let born = own_key(key, decision::BORN).uniform();
    // An open age band is entered over its first twenty years.
    let width = f64::from(age.to.map_or(20, |to| to + 1 - age.from));
    Person {
        key,
        worlds,
        visit: 0,
        state: Person::GONE,
        area: stratum.area as u16,
        of_sex: (stratum.area * study.plan.strata.sexes.len() + stratum.sex) as u16,
        priors,
        needs: 0,
        other: 0,
        exit: Person::NO_EXIT,
        born: now - ((f64::from(age.from) + width * born) * study.steps_per_year) as Step,
        waiting: 0,
        supported: 0,
        effects: 0,
        entered: now,
        stay_due: NEVER,
        other_due: NEVER,
        fires: NEVER,
        is_convicted: false,
        is_clocked: false,
    }
}

/// A number within a band, evenly; the lowest of an open band.
pub fn number_in(band: &Band, part: f64) -> u8 {
    let width = f64::from(band.to.map_or(1, |to| to + 1 - band.from));
    // The part is not negative, so that cutting off is rounding down.
    (f64::from(band.from) + f64::from((width * part) as u32)).min(255.0) as u8
}

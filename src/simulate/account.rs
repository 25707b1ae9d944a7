//! What the months add up to: the numbers of a row, kept once for the worlds that have not parted.

use super::ended::Ended;
use super::laws::Laws;
use super::study::Study;
use super::tally::Tally;
use super::versions::Worlds;

/// The numbers of a row in every world.
pub struct Accounts {
    shared: Account,
    own: Vec<Option<Account>>,
}

/// The numbers of a world.
#[derive(Clone)]
pub struct Account {
    /// `[area][slot]`, in the order of the layout: yearly and monthly values still to be divided.
    pub sums: Vec<f64>,
    /// `[area][line]`: what the year under way has come to so far, side by side because a year has many months.
    of_year: Vec<f64>,
    /// `[area][service][year]`: people in support and places of the area's pool, summed over months.
    pub used: Vec<(f64, f64)>,
}

impl Accounts {
    /// Nothing yet.
    pub fn new(study: &Study, n_worlds: usize) -> Accounts {
        let (plan, layout) = (study.plan, study.layout);
        let n_areas = plan.areas.len();
        Accounts {
            shared: Account {
                sums: vec![0.0; n_areas * layout.n_slots],
                of_year: vec![0.0; n_areas * study.lines.len()],
                used: vec![(0.0, 0.0); n_areas * plan.services.len() * layout.years.len()],
            },
            own: vec![None; n_worlds],
        }
    }

    /// Worlds that have parted from the others have accounts of their own from now on.
    pub fn part(&mut self, worlds: Worlds) {
        for (world, own) in self.own.iter_mut().enumerate() {
            if worlds >> world & 1 == 1 && own.is_none() {
                *own = Some(self.shared.clone());
            }
        }
    }

    /// The counters of the step are added to its month and its year, and cleared.
    pub fn close_step(&mut self, laws: &Laws, tally: &mut Tally, areas: &[usize], step: i32) {
        let study = laws.study;
        let counters = &study.counters;
        let mut here: Vec<i32> = Vec::new();
        let mut present: Vec<i32> = Vec::new();
        for &area in areas {
            tally.close(area, counters);
        }
        // Any of the worlds that share an account stands for all of them.
        let sharing = self.own.iter().position(Option::is_none);
        let shared = sharing.map(|world| (world, &mut self.shared));
        let own = self.own.iter_mut().enumerate();
        let own = own.filter_map(|(world, own)| Some((world, own.as_mut()?)));
        for (world, account) in shared.into_iter().chain(own) {
            for &area in areas {
                tally.read(world, area, counters.n, &mut here);
                let stock = &here[counters.stock..counters.waiting];
                assert!(
                    stock.iter().sum::<i32>() == here[counters.inside],
                    "people are conserved: {} are in the model and {} in its stocks",
                    here[counters.inside],
                    stock.iter().sum::<i32>(),
                );
                account.add_step(laws, world, area, step, &here);
            }
            account.add_use(laws, world, tally, areas, step, &mut present);
        }
        for &area in areas {
            tally.turn(area, counters);
        }
    }

    /// Writes the numbers of a world into an option's part of a trajectory, and of the sum of the areas.
    pub fn write(
        &self,
        study: &Study,
        tally: &Tally,
        world: usize,
        option: usize,
        values: &mut [f32],
    ) {
        let account = self.own[world].as_ref().unwrap_or(&self.shared);
        let layout = study.layout;
        let n_areas = study.plan.areas.len();
        for out in 0..layout.n_areas {
            let ended = Ended {
                study,
                tally,
                account,
                world,
                members: if out < n_areas {
                    out..out + 1
                } else {
                    0..n_areas
                },
            };
            for (index, series) in layout.series.iter().enumerate() {
                let to = layout.at(option, out, index, 0);
                let values = &mut values[to..to + series.n_periods];
                for (period, value) in values.iter_mut().enumerate() {
                    *value = ended.value(study.kinds[index], series.offset, period) as f32;
                }
            }
        }
    }
}

impl Account {
    fn add_step(&mut self, laws: &Laws, world: usize, area: usize, step: i32, here: &[i32]) {
        let study = laws.study;
        let year = study.year(step);
        let month = study.plan.month_of(step);
        let period = usize::try_from(month.since(study.plan.start)).ok();
        let period = period.filter(|period| *period < study.layout.months.len());
        let n_slots = study.layout.n_slots;
        let sums = &mut self.sums[area * n_slots..(area + 1) * n_slots];
        let n_lines = study.lines.len();
        let of_year = &mut self.of_year[area * n_lines..(area + 1) * n_lines];
        let n_steps = year.map(|year| study.n_steps_of_year[year]);
        for (line, so_far) in study.lines.iter().zip(of_year.iter_mut()) {
            let value = line.value(laws, (world, area), here, [1.0; 2]);
            // Most flows of an area are of nobody in most steps.
            if value == 0.0 && line.is_flow && line.accounts.is_empty() {
                continue;
            }
            if let Some(n_steps) = n_steps {
                *so_far += if line.is_flow { value } else { value / n_steps };
            }
            if let (Some(monthly), Some(period)) = (line.monthly, period) {
                let sum = &mut sums[monthly + period];
                // A month of several steps has the sum of their flows and the last of their stocks.
                *sum = if line.is_flow { *sum + value } else { value };
            }
            let (Some(year), Some(n_steps)) = (year, n_steps) else {
                continue;
            };
            let Ok(of_forecast) = usize::try_from(step - study.first_of_forecast) else {
                continue;
            };
            for account in &line.accounts {
                let moments = account.moments.get(of_forecast);
                let value = line.value(
                    laws,
                    (world, area),
                    here,
                    moments.copied().unwrap_or([0.0; 2]),
                );
                // By month, or by the year that is one step.
                sums[account.offset + period.unwrap_or(year)] +=
                    if line.is_flow { value } else { value / n_steps };
            }
        }
        if let Some(year) = year.filter(|year| study.year(step + 1) != Some(*year)) {
            for (line, so_far) in study.lines.iter().zip(of_year) {
                sums[line.offset + year] = std::mem::take(so_far);
            }
        }
    }

    /// People in support and places of the pool that serves an area, for its occupancy.
    fn add_use(
        &mut self,
        laws: &Laws,
        world: usize,
        tally: &Tally,
        areas: &[usize],
        step: i32,
        present: &mut Vec<i32>,
    ) {
        let study = laws.study;
        let Some(year) = study.year(step) else { return };
        let (n_services, n_years) = (study.plan.services.len(), study.layout.years.len());
        for service in 0..n_services {
            let counter = study.counters.in_support + service;
            present.clear();
            present.extend(areas.iter().map(|&area| tally.get(world, area, counter)));
            for &area in areas {
                let pool = laws.host(world, service, area);
                let cell = &mut self.used[(area * n_services + service) * n_years + year];
                for (&member, &present) in areas.iter().zip(present.iter()) {
                    if laws.host(world, service, member) == pool {
                        cell.0 += f64::from(present);
                        cell.1 += laws.places(world, service, member);
                    }
                }
            }
        }
    }
}

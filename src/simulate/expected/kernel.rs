//! What becomes of somebody who enters a state: by months since entry, the chance of every way out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::lengths::{Length, reread, rescale};

/// The chances of somebody who entered a state, by whole months since, the return clock aside. The order within a
/// month is that of the people engine: death where it comes before every hazard, the clock, the first of the hazards,
/// the end of the stay.
#[derive(Debug)]
pub(super) struct Kernel {
    /// `P(N >= k)` of the stay alone.
    reaches: Arc<Vec<f64>>,
    /// Deaths per month.
    death: f64,
    /// Hazards per month.
    hazards: Vec<f64>,
    /// Whether the stay may be cut or stretched; an open one is not.
    is_open: bool,
    /// Still there at the end of the month.
    pub present: Vec<f64>,
    /// Dies in the month.
    pub dies: Vec<f64>,
    /// Comes to the point where the clock may fire.
    pub may_fire: Vec<f64>,
    /// Leaves by each hazard.
    pub leaves: Vec<Vec<f64>>,
    /// The stay ends.
    pub ends: Vec<f64>,
}

impl Kernel {
    fn new(
        reaches: Arc<Vec<f64>>,
        is_open: bool,
        death: f64,
        hazards: &[f64],
        months: usize,
    ) -> Kernel {
        let at = |k: usize| reaches.get(k).copied().unwrap_or(0.0);
        // Death and the hazards compete in continuous time, so which comes first is settled by their rates alone.
        let total = death + hazards.iter().sum::<f64>();
        let happens = -(-total).exp_m1();
        let share = |rate: f64| {
            if total > 0.0 {
                happens * rate / total
            } else {
                0.0
            }
        };
        let mut kernel = Kernel {
            death,
            hazards: hazards.to_vec(),
            is_open,
            present: vec![at(1)],
            dies: vec![0.0],
            may_fire: vec![0.0],
            leaves: vec![vec![0.0]; hazards.len()],
            ends: vec![at(0) - at(1)],
            reaches: reaches.clone(),
        };
        let mut alive = 1.0;
        for k in 1..=months {
            if at(k) == 0.0 || alive < 1e-300 {
                break;
            }
            kernel.dies.push(alive * share(death) * at(k));
            kernel.may_fire.push(alive * (1.0 - share(death)) * at(k));
            for (leaves, hazard) in kernel.leaves.iter_mut().zip(hazards) {
                leaves.push(alive * share(*hazard) * at(k));
            }
            alive *= 1.0 - happens;
            kernel.ends.push(alive * (at(k) - at(k + 1)));
            kernel.present.push(alive * at(k + 1));
        }
        kernel
    }

    /// How many months it goes on for.
    pub fn months(&self) -> usize {
        self.ends.len() - 1
    }
}

/// Kernels by the numbers they are made from: areas, ages, months and draws mostly share them.
pub(super) struct Kernels {
    months: usize,
    smallest: f64,
    laws: Mutex<BTreeMap<Vec<u64>, Arc<Vec<f64>>>>,
    kernels: Mutex<BTreeMap<Vec<u64>, Arc<Kernel>>>,
}

/// What a kernel is made from.
pub(super) struct Recipe<'a> {
    /// The law of the stay.
    pub length: Length,
    /// Whether it is what is left of a stay under way.
    pub is_residual: bool,
    /// Whether a date may rescale it later, for which its whole tail is needed.
    pub is_rescaled: bool,
    /// Deaths per month.
    pub death: f64,
    /// Hazards per month.
    pub hazards: &'a [f64],
}

/// Longer than the longest stay of the people engine.
const LONGEST: usize = 12_000;

impl Kernels {
    /// No kernel yet; none will be asked for more than `months` after entry, and a tail smaller than `smallest` is added
    /// to the step before it.
    pub fn new(months: usize, smallest: f64) -> Kernels {
        Kernels {
            months,
            smallest,
            laws: Mutex::default(),
            kernels: Mutex::default(),
        }
    }

    /// The kernel of a recipe.
    pub fn of(&self, recipe: &Recipe) -> Arc<Kernel> {
        let law = law_key(recipe);
        let mut key = law.clone();
        key.push(recipe.death.to_bits());
        key.extend(recipe.hazards.iter().map(|hazard| hazard.to_bits()));
        if let Some(found) = lock(&self.kernels).get(&key) {
            return found.clone();
        }
        let horizon = match (&recipe.length, recipe.is_rescaled) {
            (Length::Open, _) | (_, false) => self.months,
            _ => LONGEST,
        };
        let known = lock(&self.laws).get(&law).cloned();
        let reaches = known.unwrap_or_else(|| {
            let reaches = if recipe.is_residual {
                recipe.length.residual_reaches(horizon, self.smallest)
            } else {
                recipe.length.reaches(horizon, self.smallest)
            };
            lock(&self.laws)
                .entry(law)
                .or_insert_with(|| Arc::new(reaches))
                .clone()
        });
        let hazards: Vec<f64> = recipe
            .hazards
            .iter()
            .map(|hazard| hazard.max(0.0))
            .collect();
        let is_open = recipe.length == Length::Open;
        let kernel = Kernel::new(
            reaches,
            is_open,
            recipe.death.max(0.0),
            &hazards,
            self.months,
        );
        lock(&self.kernels)
            .entry(key)
            .or_insert_with(|| Arc::new(kernel))
            .clone()
    }

    /// The kernel of people who have been there for `age` months when a date multiplies whole stays by `ratio`.
    pub fn rescaled(&self, kernel: &Arc<Kernel>, age: usize, ratio: f64) -> Arc<Kernel> {
        if ratio == 1.0 || kernel.is_open {
            return kernel.clone();
        }
        let reaches = rescale(&kernel.reaches, age, ratio, LONGEST);
        Arc::new(Kernel::new(
            Arc::new(reaches),
            false,
            kernel.death,
            &kernel.hazards,
            self.months,
        ))
    }
}

impl Kernels {
    /// The kernel of people who have been there for `age` steps when their stays are read anew from the table of `new`.
    pub fn reread(&self, kernel: &Arc<Kernel>, new: &Kernel, age: usize) -> Arc<Kernel> {
        let reaches = Arc::new(reread(&kernel.reaches, &new.reaches, age));
        let (death, hazards) = (kernel.death, &kernel.hazards);
        Arc::new(Kernel::new(reaches, false, death, hazards, self.months))
    }
}

/// A poisoned lock still holds whole kernels: each is added in one step.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn law_key(recipe: &Recipe) -> Vec<u64> {
    let (kind, numbers) = match &recipe.length {
        Length::Open => (0, Vec::new()),
        Length::Fixed(length) => (1, vec![*length]),
        Length::Geometric(mean) => (2, vec![*mean]),
        Length::Gamma(mean, shape) => (3, vec![*mean, *shape]),
        Length::Weibull(mean, shape) => (4, vec![*mean, *shape]),
        Length::LogNormal(mean, spread) => (5, vec![*mean, *spread]),
        Length::Listed(shares) => {
            let each = shares
                .iter()
                .flat_map(|(steps, share)| [*steps as f64, *share]);
            (6, each.collect())
        }
    };
    let flags = u64::from(recipe.is_residual) << 1 | u64::from(recipe.is_rescaled);
    let numbers = numbers.into_iter().map(f64::to_bits);
    // The count keeps a list apart from what follows it in a longer key.
    [kind, flags, numbers.len() as u64]
        .into_iter()
        .chain(numbers)
        .collect()
}

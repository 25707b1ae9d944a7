//! The figures of workload P, from the file that the bench writes.

use rand_distr::weighted::WeightedAliasIndex;
use rand_distr::{Distribution, Geometric, Weibull};
use serde::Deserialize;
use std::sync::OnceLock;

pub const STATES: usize = 12;
pub const AREAS: usize = 3;
pub const NEEDS: usize = 4;

#[derive(Deserialize)]
#[serde(tag = "law", rename_all = "lowercase")]
pub enum Length {
    Geometric { mean: f64 },
    Weibull { scale: f64, shape: f64 },
    Table { chances: Vec<f64> },
    Clock,
}

/// [`Length`] made ready for sampling whole months.
pub enum Stay {
    Geometric(Geometric),
    /// Rounded up with the chance of the fraction.
    Weibull(Weibull<f64>),
    Table(WeightedAliasIndex<f64>),
    Clock(usize),
}

impl Stay {
    fn of(length: &Length, ends_after: usize) -> Stay {
        match length {
            Length::Geometric { mean } => Stay::Geometric(Geometric::new(1.0 / mean).unwrap()),
            Length::Weibull { scale, shape } => Stay::Weibull(Weibull::new(*scale, *shape).unwrap()),
            Length::Table { chances } => Stay::Table(WeightedAliasIndex::new(chances.clone()).unwrap()),
            Length::Clock => Stay::Clock(ends_after),
        }
    }
}

impl Distribution<i32> for Stay {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> i32 {
        match self {
            Stay::Geometric(law) => 1 + law.sample(rng) as i32,
            Stay::Weibull(law) => (law.sample(rng) + rand::RngExt::random::<f64>(rng)).floor() as i32,
            Stay::Table(law) => 1 + law.sample(rng) as i32,
            Stay::Clock(months) => *months as i32,
        }
    }
}

#[derive(Deserialize)]
pub struct Clock {
    pub base: Vec<Vec<f64>>,
    pub ratio: Vec<f64>,
    within: f64,
    shape: f64,
    ends_after: Vec<usize>,
    pub fires_to: u8,
    #[serde(skip)]
    pub powers: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Support {
    pub uptake: f64,
    pub patience: f64,
    length: Length,
    #[serde(skip)]
    pub stay: Option<Stay>,
    pub meets_need: f64,
    pub effect: f64,
    pub places: Vec<Vec<i32>>,
}

#[derive(Deserialize)]
pub struct Inputs {
    pub months: usize,
    pub arrivals: Vec<Vec<Vec<f64>>>,
    pub arrival_priors: Vec<f64>,
    pub ages: Vec<(i32, i32)>,
    pub priors: Vec<(u8, u8)>,
    pub needs: Vec<Vec<f64>>,
    pub targets: Vec<Vec<u8>>,
    pub exits: Vec<Vec<Vec<Vec<f64>>>>,
    lengths: Vec<Length>,
    #[serde(skip)]
    pub stays: Vec<Stay>,
    pub convicts: Vec<bool>,
    pub is_free: Vec<bool>,
    pub clock: Clock,
    pub support: Support,
}

static INPUTS: OnceLock<Inputs> = OnceLock::new();

/// Reads the file named on the command line.
pub fn read() {
    let path = std::env::args().nth(1).expect("the inputs' path");
    let mut inputs: Inputs = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let clock = &mut inputs.clock;
    let power = |t: usize| (t as f64 / clock.within).powf(clock.shape);
    clock.powers = (0..=*clock.ends_after.iter().max().unwrap()).map(power).collect();
    let stays = inputs.lengths.iter().zip(&clock.ends_after);
    inputs.stays = stays.map(|(length, &ends_after)| Stay::of(length, ends_after)).collect();
    inputs.support.stay = Some(Stay::of(&inputs.support.length, 0));
    assert!(INPUTS.set(inputs).is_ok());
}

pub fn inputs() -> &'static Inputs {
    INPUTS.get().unwrap()
}

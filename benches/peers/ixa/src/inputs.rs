//! The figures of workload P, from the file that the bench writes.

use rand_distr::{Distribution, Geometric, LogNormal, Weibull};
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
    Lognormal { mu: f64, sigma: f64 },
    Fixed { months: f64 },
    Clock,
}

/// Whole months; lengths that are not whole are rounded up with the chance of their fraction.
impl Distribution<i32> for Length {
    fn sample<R: rand::Rng + ?Sized>(&self, rng: &mut R) -> i32 {
        let rounded = |length: f64, u: f64| (length + u).floor() as i32;
        match *self {
            Length::Geometric { mean } => 1 + Geometric::new(1.0 / mean).unwrap().sample(rng) as i32,
            Length::Weibull { scale, shape } => {
                rounded(Weibull::new(scale, shape).unwrap().sample(rng), rand::RngExt::random(rng))
            }
            Length::Lognormal { mu, sigma } => {
                rounded(LogNormal::new(mu, sigma).unwrap().sample(rng), rand::RngExt::random(rng))
            }
            Length::Fixed { months } => months as i32,
            Length::Clock => inputs().clock.ends_after as i32,
        }
    }
}

#[derive(Deserialize)]
pub struct Clock {
    pub base: Vec<Vec<f64>>,
    pub ratio: Vec<f64>,
    within: f64,
    shape: f64,
    ends_after: usize,
    pub fires_to: u8,
    #[serde(skip)]
    pub powers: Vec<f64>,
}

#[derive(Deserialize)]
pub struct Support {
    pub uptake: f64,
    pub patience: f64,
    pub length: Length,
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
    pub lengths: Vec<Length>,
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
    clock.powers = (0..=clock.ends_after).map(power).collect();
    assert!(INPUTS.set(inputs).is_ok());
}

pub fn inputs() -> &'static Inputs {
    INPUTS.get().unwrap()
}

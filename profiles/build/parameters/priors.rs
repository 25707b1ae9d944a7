//! Convictions before the latest one: how many people convicted have them, and how many of those who come in
//! from outside the follow-up do.
//!
//! Table 20 of the 2017-18 cohort publication gives the number of previous convictions in ten years by sex and by
//! age; Table 11 gives reconviction by the number since 1989. The distribution of Table 20 is tilted, sex by age,
//! by the least that makes the rates of Table 11 average to the published rate of the cohort. People who are
//! reconvicted within follow-up are then taken out of it: what is left comes from outside.

use crate::parameters::published::Published;
use crate::parameters::sheet::Sheet;
use crate::parameters::strata::{AGES, Groups, SEXES, each, groups};
use std::path::Path;

/// Shares over the bands of previous convictions.
pub type Shares = [f64; 4];

/// Share of people in each band whom one more conviction lifts into the next: everybody leaves the first; within the
/// others numbers are taken to be even, as the engine draws them.
const LIFTED: Shares = [1.0, 1.0 / 2.0, 1.0 / 8.0, 0.0];

/// Everything that depends on previous convictions.
pub struct Priors {
    /// People convicted, by sex and age.
    pub convicted: [[Shares; 5]; 2],
    /// People who come in from outside the follow-up, by sex and age: shares that sum to one.
    pub entrants: [[Shares; 5]; 2],
    /// The share of people convicted who were being followed.
    pub followed: Groups,
    /// Chance of custody by previous convictions, over the chance of everybody convicted.
    pub custody: Shares,
    /// The mean of that over people who come in, and over people who return.
    pub custody_of_entrants: f64,
    pub custody_of_returners: f64,
    /// People by previous convictions whose last sentence was custody, and a community sentence.
    pub last_custody: Shares,
    pub last_community: Shares,
}

/// Weibull shape of the time to reconviction, from the one-year and two-year rates of the 2016-17 cohort.
pub fn shape(from: &Published) -> Result<f64, String> {
    let rate = |table: &str, measure: &str| {
        Ok::<f64, String>(from.get(&format!("reconviction/{table}/All/{measure}/2016-17"))? / 100.0)
    };
    let one = rate("Table 1", "reconviction_rate_1yr")?;
    let two = rate("Table 14", "reconviction_rate_2yr")?;
    Ok(((1.0 - two).ln() / (1.0 - one).ln()).ln() / 2f64.ln())
}

impl Priors {
    /// Reads the worksheets and works the distributions out; `people` weighs the sexes and ages.
    pub fn read(folder: &Path, from: &Published, people: &Groups) -> Result<Self, String> {
        let rates = Sheet::read(folder, "reconv201718_Table_11.csv")?;
        let previous = Sheet::read(folder, "reconv201718_Table_20.csv")?;
        let first = previous.find("None", previous.find("All previous convictions", 0)?)?;
        let column = |at: usize| -> Result<Shares, String> {
            let mut shares = [0.0; 4];
            for (band, share) in shares.iter_mut().enumerate() {
                *share = previous.must(first + band, at)?;
            }
            Ok(normal(shares))
        };
        let everybody = column(1)?;
        let (by_sex, shape) = ([column(3)?, column(2)?], shape(from)?);
        let mut convicted = [[[0.0; 4]; 5]; 2];
        let mut returning = [[[0.0; 4]; 5]; 2];
        for (sex, age) in groups() {
            let by_age = column(4 + age)?;
            let mut start = [0.0; 4];
            for band in 0..4 {
                start[band] = by_age[band] * by_sex[sex][band] / everybody[band];
            }
            let rate = published_rates(&rates, sex, age)?;
            convicted[sex][age] = tilt(normal(start), rate, cohort_rate(from, sex, age)?);
            returning[sex][age] = returners(convicted[sex][age], rate, shape);
        }
        let (last_custody, last_community) = (column(9)?, column(10)?);
        let custody = std::array::from_fn(|band| last_custody[band] / everybody[band]);
        Ok(Self::assemble(
            (convicted, returning),
            custody,
            (last_custody, last_community),
            people,
        ))
    }

    /// Puts the parts together and scales the custody gradient to mean one over people convicted.
    fn assemble(
        (convicted, returning): ([[Shares; 5]; 2], [[Shares; 5]; 2]),
        custody: Shares,
        (last_custody, last_community): (Shares, Shares),
        people: &Groups,
    ) -> Self {
        let mean = |of: &dyn Fn(usize, usize) -> Shares| {
            let (mut weighted, mut all) = (0.0, 0.0);
            for (sex, age) in groups() {
                for (band, share) in of(sex, age).into_iter().enumerate() {
                    weighted += people[sex][age] * share * custody[band];
                    all += people[sex][age] * share;
                }
            }
            weighted / all
        };
        let outside = |sex: usize, age: usize| -> Shares {
            std::array::from_fn(|band| {
                let all = convicted[sex][age][band];
                (all - returning[sex][age][band]).max(0.02 * all)
            })
        };
        let level = mean(&|sex, age| convicted[sex][age]);
        let mut entrants = [[[0.0; 4]; 5]; 2];
        for (sex, age) in groups() {
            entrants[sex][age] = normal(outside(sex, age));
        }
        Self {
            followed: each(|sex, age| 1.0 - outside(sex, age).iter().sum::<f64>()),
            custody: custody.map(|ratio| ratio / level),
            custody_of_entrants: mean(&outside) / level,
            custody_of_returners: mean(&|sex, age| returning[sex][age]) / level,
            convicted,
            entrants,
            last_custody,
            last_community,
        }
    }
}

/// The rates of Table 11 for all disposals, men first in the sheet.
fn published_rates(sheet: &Sheet, sex: usize, age: usize) -> Result<Shares, String> {
    let row = sheet.find("All", sheet.find("Index disposal", 0)?)? + 1 + age;
    let first = [5, 1][sex];
    let mut rates = [0.0; 4];
    for (band, rate) in rates.iter_mut().enumerate() {
        *rate = sheet.must(row, first + band)? / 100.0;
    }
    Ok(rates)
}

/// The published one-year rate of the 2017-18 cohort.
pub fn cohort_rate(from: &Published, sex: usize, age: usize) -> Result<f64, String> {
    let of = |measure: &str| {
        let (sex, age) = (SEXES[sex].2, AGES[age].3);
        from.get(&format!("cohorts/{sex}/{age}/{measure}/2017-18"))
    };
    Ok(of("number_reconvicted")? / of("number_of_offenders")?)
}

/// The distribution nearest to `start` (in relative entropy, of those tilted by rank) with this mean rate.
fn tilt(start: Shares, rates: Shares, goal: f64) -> Shares {
    let at = |theta: f64| {
        normal(std::array::from_fn(|band| {
            start[band] * (theta * band as f64).exp()
        }))
    };
    let mean = |shares: Shares| -> f64 { shares.iter().zip(rates).map(|(s, r)| s * r).sum() };
    let (mut low, mut high) = (-5.0, 5.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        match mean(at(middle)) < goal {
            true => low = middle,
            false => high = middle,
        }
    }
    at((low + high) / 2.0)
}

/// People reconvicted within two years, by their band at that conviction.
fn returners(convicted: Shares, rates: Shares, shape: f64) -> Shares {
    let mut returning = [0.0; 4];
    for band in 0..4 {
        let back = convicted[band] * (1.0 - (1.0 - rates[band]).powf(2f64.powf(shape)));
        returning[band] += back * (1.0 - LIFTED[band]);
        if band < 3 {
            returning[band + 1] += back * LIFTED[band];
        }
    }
    returning
}

/// Scaled to sum to one.
pub fn normal(shares: Shares) -> Shares {
    let sum: f64 = shares.iter().sum();
    shares.map(|share| share / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tilting_meets_the_rate() {
        let rates = [0.1, 0.2, 0.3, 0.5];
        let tilted = tilt([0.4, 0.3, 0.2, 0.1], rates, 0.27);
        let mean: f64 = tilted.iter().zip(rates).map(|(s, r)| s * r).sum();
        assert!((mean - 0.27).abs() < 1e-9, "{mean}");
        assert!((tilted.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn everybody_reconvicted_is_counted_once() {
        let back = returners([0.4, 0.3, 0.2, 0.1], [1.0; 4], 0.5);
        assert!((back.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(back[0], 0.0);
    }
}

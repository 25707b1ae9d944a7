//! The exact laws, as chances by cell, from an independent library of distribution functions.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF, Poisson};

/// Of 0 to `n` successes.
pub fn binomial(n: u64, p: f64) -> Vec<f64> {
    let law = Binomial::new(p, n).unwrap();
    (0..=n).map(|count| law.pmf(count)).collect()
}

/// Of the counts 0, 1, 2 …; the last cell takes everything above.
pub fn poisson(mean: f64, n_cells: usize) -> Vec<f64> {
    let law = Poisson::new(mean).unwrap();
    let mut cells: Vec<f64> = (0..n_cells as u64 - 1)
        .map(|count| law.pmf(count))
        .collect();
    cells.push(law.sf(n_cells as u64 - 2));
    cells
}

/// Of a stay in whole months, 0, 1, 2 …, when the stay outlasts x months with chance `survival(x)` and is rounded up or
/// down at random so that its mean is kept; the last cell takes every longer stay.
///
/// A stay T becomes floor(T + U) with U uniform, so it lasts k months or more with the chance that T > k - U: the mean
/// of the survival function from k - 1 to k.
pub fn whole_months(survival: impl Fn(f64) -> f64, n_cells: usize) -> Vec<f64> {
    const PANELS: usize = 2000;
    let at_least = |months: usize| match months {
        0 => 1.0,
        _ => {
            (0..PANELS)
                .map(|panel| survival(months as f64 - 1.0 + (panel as f64 + 0.5) / PANELS as f64))
                .sum::<f64>()
                / PANELS as f64
        }
    };
    let mut reached: Vec<f64> = (0..n_cells).map(at_least).collect();
    reached.push(0.0);
    reached.windows(2).map(|pair| pair[0] - pair[1]).collect()
}

/// The same where a stay lasts a month at least.
pub fn a_month_at_least(mut law: Vec<f64>) -> Vec<f64> {
    law[1] += std::mem::take(&mut law[0]);
    law
}

/// Of the chances that something has not happened by months 0, 1, 2 …: the chance of each month, then of never.
pub fn by_month(survival: impl Fn(usize) -> f64, n_months: usize) -> Vec<f64> {
    let mut cells: Vec<f64> = (1..=n_months)
        .map(|month| survival(month - 1) - survival(month))
        .collect();
    cells.push(survival(n_months));
    cells
}

/// The mean of a law over a normal score, by 400 strips of it.
pub fn over_normal(law: impl Fn(f64) -> Vec<f64>) -> Vec<f64> {
    let strips: Vec<f64> = (0..400)
        .map(|strip| -8.0 + (f64::from(strip) + 0.5) * 0.04)
        .collect();
    let weight = |score: f64| (-0.5 * score * score).exp();
    let total: f64 = strips.iter().map(|&score| weight(score)).sum();
    let mut mean: Vec<f64> = Vec::new();
    for score in strips {
        let cells = law(score);
        mean.resize(cells.len(), 0.0);
        for (sum, cell) in mean.iter_mut().zip(cells) {
            *sum += cell * weight(score) / total;
        }
    }
    mean
}

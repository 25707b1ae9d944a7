//! How likely each setting is for each of several rates that resemble each other.

/// The weight of every setting (inner) for every rate (outer), each row adding to 1; `likelihoods` holds logarithms.
///
/// How often each setting occurs among the rates is estimated from all of them (empirical Bayes): the most probable
/// frequencies under a Dirichlet law that counts the prior for [`STRENGTH`] rates (for each of the `n_ways` in which the
/// settings stand again, with other seasons, so that a setting among many gains no more than one among few), by
/// expectation and maximisation (Dempster, Laird and Rubin 1977). A rate with much history thus keeps its own ways, one with little takes the others'.
pub(super) fn weights(prior: &[f64], likelihoods: &[Vec<f64>], n_ways: usize) -> Vec<Vec<f64>> {
    let strength = STRENGTH * n_ways as f64;
    let relative: Vec<Vec<f64>> = likelihoods
        .iter()
        .map(|row| {
            let most = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            row.iter().map(|l| (l - most).exp()).collect()
        })
        .collect();
    let mut frequencies = prior.to_vec();
    for _ in 0..ROUNDS {
        let mut counts: Vec<f64> = prior.iter().map(|p| strength * p).collect();
        for row in &relative {
            let weighted = normalised(&frequencies, row);
            for (count, weight) in counts.iter_mut().zip(weighted) {
                *count += weight;
            }
        }
        let total = strength + relative.len() as f64;
        frequencies = counts.into_iter().map(|count| count / total).collect();
    }
    let rows = relative.iter();
    rows.map(|row| normalised(&frequencies, row)).collect()
}

/// For how many rates the prior counts.
const STRENGTH: f64 = 6.0;

/// After so many rounds frequencies have settled to within what matters.
const ROUNDS: usize = 30;

fn normalised(frequencies: &[f64], likelihoods: &[f64]) -> Vec<f64> {
    let products = frequencies.iter().zip(likelihoods).map(|(f, l)| f * l);
    let weights: Vec<f64> = products.collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_takes_the_prior_or_the_others() {
        let alone = weights(&[0.25, 0.75], &[vec![0.0, 0.0]], 1);
        assert!((alone[0][0] - 0.25).abs() < 1e-12);
        let mut rates = vec![vec![0.0, -20.0]; 60];
        rates.push(vec![0.0, 0.0]);
        let among = weights(&[0.25, 0.75], &rates, 1);
        assert!(among[60][0] > 0.9, "{:?}", among[60]);
    }

    #[test]
    fn rows_add_to_one_however_unlikely() {
        let rows = weights(&[0.5, 0.5], &[vec![-1e5, -1e5 - 3.0], vec![0.0, -9.0]], 1);
        for row in rows {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}

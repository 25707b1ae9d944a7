//! Evenly spread luck: every dimension of a sample is one number from each of as many equal strata.

use crate::random::Key;

/// How many futures are drawn of each rate.
pub(super) const N_FUTURES: usize = 1000;

/// Shuffles from which every dimension takes one, turned by an amount of its own, so that no two are alike.
pub(super) struct Luck {
    shuffles: Vec<Vec<u32>>,
}

const N_SHUFFLES: usize = 64;

impl Luck {
    /// The same for every forecast: what differs is asked for by address.
    pub fn new() -> Luck {
        let shuffle = |number: usize| {
            let key = Key::new(0).named("shuffle").with(number as u64);
            let mut order: Vec<(u64, u32)> = (0..N_FUTURES as u32)
                .map(|at| (key.with(u64::from(at)).bits(), at))
                .collect();
            order.sort_unstable();
            order.into_iter().map(|(_, at)| at).collect()
        };
        Luck {
            shuffles: (0..N_SHUFFLES).map(shuffle).collect(),
        }
    }

    /// One number between 0 and 1 for each future: a Latin hypercube's dimension (McKay, Beckman and Conover 1979).
    pub fn dimension(&self, key: Key) -> impl Fn(usize) -> f64 + '_ {
        let bits = key.bits();
        let shuffle = &self.shuffles[bits as usize % N_SHUFFLES];
        let turned = (bits >> 8) as usize % N_FUTURES;
        let within = key.with(1).uniform();
        move |future| {
            let stratum = shuffle[(future + turned) % N_FUTURES];
            (f64::from(stratum) + within) / N_FUTURES as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_holds_one_number_and_dimensions_differ() {
        let luck = Luck::new();
        let of = |part| -> Vec<f64> {
            let dimension = luck.dimension(Key::new(7).with(part));
            (0..N_FUTURES).map(dimension).collect()
        };
        let (a, b) = (of(1), of(2));
        let mut strata: Vec<usize> = a.iter().map(|u| (u * N_FUTURES as f64) as usize).collect();
        strata.sort_unstable();
        assert_eq!(strata, (0..N_FUTURES).collect::<Vec<_>>());
        // Null: no correlation, standard error 1/sqrt(999) = 0.032; refused beyond 4.4 of them (alpha 1e-5).
        let product: f64 = a.iter().zip(&b).map(|(x, y)| (x - 0.5) * (y - 0.5)).sum();
        assert!((product / N_FUTURES as f64 * 12.0).abs() < 0.14);
    }
}

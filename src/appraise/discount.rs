//! Discounting by a dated schedule, or by rates that a scenario gives.

use crate::compile::Plan;

/// Rates by year, as one edition of the guidance publishes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The guidance.
    pub edition: &'static str,
    /// Where in it.
    pub source: &'static str,
    /// `(first year, rate)`, rising: the rate holds from that year until the next band. Year 0 is not discounted.
    pub bands: &'static [(usize, f64)],
}

/// The standard social time preference rate.
pub const GREEN_BOOK_2026: Schedule = Schedule {
    edition: "HM Treasury Green Book, February 2026",
    source: "The Green Book and its discounting supplementary guidance, Annex A, table A.1 (standard rate)",
    bands: &[
        (1, 0.035),
        (31, 0.030),
        (76, 0.025),
        (126, 0.020),
        (201, 0.015),
        (301, 0.010),
    ],
};

impl Schedule {
    /// The rate of a year; nothing in year 0.
    pub fn rate(&self, year: usize) -> f64 {
        let band = self.bands.iter().rev().find(|(first, _)| *first <= year);
        band.map_or(0.0, |(_, rate)| *rate)
    }

    /// Factors of years 0, 1 … n - 1: each is the one before, less its own year's rate.
    pub fn factors(&self, n: usize) -> Vec<f64> {
        let mut factor = 1.0;
        (0..n)
            .map(|year| {
                factor /= 1.0 + self.rate(year);
                factor
            })
            .collect()
    }

    /// The present value of a stream that begins in year 0.
    pub fn present_value(&self, stream: &[f64]) -> f64 {
        let factors = self.factors(stream.len());
        stream
            .iter()
            .zip(&factors)
            .map(|(value, factor)| value * factor)
            .sum()
    }
}

/// Factors of money and of outcomes by year of the forecast, and what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Of money.
    pub costs: Vec<f64>,
    /// Of outcomes that are summed; 1 where the scenario does not discount them.
    pub outcomes: Vec<f64>,
    /// In words, for the report.
    pub words: String,
}

impl Factors {
    /// The factors of a plan's forecast: the Green Book's schedule for money, unless the scenario gives a rate.
    ///
    /// A constant rate `r` gives `(1 + r) ^ -(first_year + year)`, with `year` counted from 0.
    pub fn of(plan: &Plan, schedule: &Schedule, n_years: usize) -> Factors {
        let own = &plan.discounting;
        let constant = |rate: f64| -> Vec<f64> {
            let at = |year: usize| (1.0 + rate).powf(-(own.first_year + year as f64));
            (0..n_years).map(at).collect()
        };
        let first = match own.first_year {
            0.0 => "year 0 is the first year of the forecast".to_owned(),
            first => format!("the first year of the forecast is discounted {first} times"),
        };
        let words = match own.costs {
            None => format!("discounted as in {}; {first}", schedule.edition),
            Some(rate) => format!(
                "discounted at {}% a year ({}); {first}",
                100.0 * rate,
                own.source
            ),
        };
        Factors {
            costs: own
                .costs
                .map_or_else(|| schedule.factors(n_years), constant),
            outcomes: own.outcomes.map_or_else(|| vec![1.0; n_years], constant),
            words,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Discounting supplementary guidance, February 2026, Annex A, table A.1.
    const PUBLISHED: [f64; 31] = [
        1.0, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089,
        0.6849, 0.6618, 0.6394, 0.6178, 0.5969, 0.5767, 0.5572, 0.5384, 0.5202, 0.5026, 0.4856,
        0.4692, 0.4533, 0.4380, 0.4231, 0.4088, 0.3950, 0.3817, 0.3687, 0.3563,
    ];

    #[test]
    fn factors_are_those_published() {
        for (year, (ours, published)) in GREEN_BOOK_2026
            .factors(31)
            .iter()
            .zip(PUBLISHED)
            .enumerate()
        {
            assert!(
                (ours - published).abs() < 5e-5,
                "year {year}: {ours} is not {published}"
            );
        }
        let total = GREEN_BOOK_2026.present_value(&[1.0; 21]);
        assert!((total - 15.212).abs() < 5e-4, "{total}");
    }

    #[test]
    fn later_years_are_discounted_less() {
        let factors = GREEN_BOOK_2026.factors(130);
        assert!((factors[30] / factors[31] - 1.030).abs() < 1e-12);
        assert!((factors[75] / factors[76] - 1.025).abs() < 1e-12);
        assert!((factors[125] / factors[126] - 1.020).abs() < 1e-12);
    }

    #[test]
    fn the_two_projects_of_the_green_book_rank_as_published() {
        let a = GREEN_BOOK_2026.present_value(&[-10.0, 2.5, 2.5, 2.5, 2.5]);
        let b = GREEN_BOOK_2026.present_value(&[-5.0, 1.5, 1.5, 1.5, 1.5]);
        assert!((a + 0.817_301_978_5).abs() < 1e-9, "{a}");
        assert!((b - 0.509_618_812_9).abs() < 1e-9, "{b}");
    }
}

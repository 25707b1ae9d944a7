//! Discounting by a dated schedule, or by rates that a scenario or a user gives.

use std::borrow::Cow;

use crate::compile::Plan;

/// Rates by year, as one edition of the guidance publishes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The guidance.
    pub edition: Cow<'static, str>,
    /// Where in it.
    pub source: Cow<'static, str>,
    /// `(first year, rate)`, rising: the rate holds from that year until the next band. Year 0 is not discounted.
    pub bands: Cow<'static, [(usize, f64)]>,
}

/// The standard social time preference rate.
pub const GREEN_BOOK_2026: Schedule = Schedule {
    edition: Cow::Borrowed("HM Treasury Green Book, February 2026"),
    source: Cow::Borrowed(
        "The Green Book and its discounting supplementary guidance, Annex A, table A.1 (standard rate)",
    ),
    bands: Cow::Borrowed(&[
        (1, 0.035),
        (31, 0.030),
        (76, 0.025),
        (126, 0.020),
        (201, 0.015),
        (301, 0.010),
    ]),
};

/// The rate of health and life effects that are valued apart from wealth.
pub const GREEN_BOOK_2026_HEALTH: Schedule = Schedule {
    edition: Cow::Borrowed("HM Treasury Green Book, February 2026, health rate"),
    source: Cow::Borrowed(
        "The Green Book and its discounting supplementary guidance, Annex A, table A.2 (health rate)",
    ),
    bands: Cow::Borrowed(&[
        (1, 0.015),
        (31, 0.0129),
        (76, 0.0107),
        (126, 0.0086),
        (201, 0.0064),
        (301, 0.0043),
    ]),
};

/// What a rate may be, for whoever has to write one.
pub const RATES: &str = "a rate such as 0.035 or 3.5%, steps such as 3.5%,31:3%,76:2.5%, green-book or green-book-health";

impl Schedule {
    /// The same rate in every year, as a share: 0 or more.
    pub fn constant(rate: f64) -> Schedule {
        Schedule {
            edition: Cow::Owned(match rate {
                0.0 => "no discounting".to_owned(),
                rate => format!("{}% a year", percent(rate)),
            }),
            source: Cow::Borrowed("given by the user"),
            bands: Cow::Owned(vec![(1, rate)]),
        }
    }

    /// A schedule as people write it, see [`RATES`]: `green-book` (or `standard`), `green-book-health` (or `health`), a
    /// rate, or a rate followed by `first year:rate`.
    ///
    /// # Errors
    /// In words, when it is none of these.
    pub fn parse(text: &str) -> Result<Schedule, String> {
        match text.trim().to_lowercase().as_str() {
            "green-book" | "standard" | "green-book-standard" => return Ok(GREEN_BOOK_2026),
            "green-book-health" | "health" => return Ok(GREEN_BOOK_2026_HEALTH),
            _ => {}
        }
        let mut bands: Vec<(usize, f64)> = Vec::new();
        for part in text.split(',') {
            let (first, words) = match part.split_once(':') {
                None => (1, part),
                Some((first, words)) => {
                    let first = first.trim().parse::<usize>();
                    (
                        first.map_err(|_| format!("`{part}` does not begin with a year"))?,
                        words,
                    )
                }
            };
            // Year 0 is not discounted, so steps from year 0 and from year 1 are the same.
            let first = first.max(1);
            if bands.last().is_some_and(|(last, _)| *last >= first) {
                return Err(format!("the years of `{text}` do not rise"));
            }
            bands.push((first, rate(words)?));
        }
        match bands.as_slice() {
            [(1, rate)] => Ok(Schedule::constant(*rate)),
            [(1, _), ..] => Ok(Schedule {
                edition: Cow::Owned(in_words(&bands)),
                source: Cow::Borrowed("given by the user"),
                bands: Cow::Owned(bands),
            }),
            _ => Err(format!("`{text}` has no rate for year 1")),
        }
    }

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

/// A rate as a share or in per cent; a rate of 1 or more is a slip of the point.
fn rate(words: &str) -> Result<f64, String> {
    let words = words.trim();
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let rate = match words.strip_suffix('%') {
        Some(percent) => number(percent).map(|rate| rate / 100.0),
        None => number(words),
    };
    match rate {
        None => Err(format!("`{words}` is not {RATES}")),
        Some(rate) if rate < 0.0 => Err(format!("a discount rate of {words} is below 0")),
        Some(rate) if rate >= 1.0 => Err(format!(
            "a discount rate of {words} is 100% a year or more; 3.5% is written 0.035 or 3.5%"
        )),
        Some(rate) => Ok(rate),
    }
}

/// Per cent without the noise of binary fractions.
fn percent(rate: f64) -> f64 {
    (rate * 1e12).round() / 1e10
}

fn in_words(bands: &[(usize, f64)]) -> String {
    let band = |(first, rate): &(usize, f64)| format!("{}% from year {first}", percent(*rate));
    bands.iter().map(band).collect::<Vec<_>>().join(", ")
}

/// Factors of money and of outcomes by year of the forecast, and what they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Factors {
    /// Of money.
    pub costs: Vec<f64>,
    /// Of outcomes that are summed; 1 where the scenario does not discount them.
    pub outcomes: Vec<f64>,
    /// Of outcomes that stand discounted beside what they add up to.
    pub standard: Vec<f64>,
    /// Of those that are health.
    pub health: Vec<f64>,
    /// In words, for the report.
    pub words: String,
    /// How outcomes are discounted, in words.
    pub standard_words: String,
    /// How health is.
    pub health_words: String,
}

impl Factors {
    /// The factors of a plan's forecast: the Green Book's schedules, unless the scenario gives rates. Outcomes are
    /// discounted as money is and health at the rate of health, unless the scenario gives a rate of outcomes.
    ///
    /// A constant rate `r` gives `(1 + r) ^ -(first_year + year)`, with `year` counted from 0.
    pub fn of(plan: &Plan, schedule: &Schedule, health: &Schedule, n_years: usize) -> Factors {
        let own = &plan.discounting;
        let constant = |rate: f64| -> Vec<f64> {
            let at = |year: usize| (1.0 + rate).powf(-(own.first_year + year as f64));
            (0..n_years).map(at).collect()
        };
        let by = |rate: Option<f64>, schedule: &Schedule| match rate {
            None => (
                schedule.factors(n_years),
                format!("discounted as in {}", schedule.edition),
            ),
            Some(0.0) => (
                vec![1.0; n_years],
                format!("not discounted ({})", own.source),
            ),
            Some(rate) => (
                constant(rate),
                format!("discounted at {}% a year ({})", percent(rate), own.source),
            ),
        };
        let first = match own.first_year {
            0.0 => "year 0 is the first year of the forecast".to_owned(),
            first => format!("the first year of the forecast is discounted {first} times"),
        };
        let (costs, words) = by(own.costs, schedule);
        let (standard, standard_words) = by(own.outcomes.or(own.costs), schedule);
        let (health, health_words) = by(own.outcomes, health);
        Factors {
            costs,
            outcomes: own.outcomes.map_or_else(|| vec![1.0; n_years], constant),
            standard,
            health,
            words: format!("{words}; {first}"),
            standard_words,
            health_words,
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
    fn schedules_are_written_in_several_ways() {
        assert_eq!(Schedule::parse("green-book"), Ok(GREEN_BOOK_2026));
        assert_eq!(Schedule::parse("health"), Ok(GREEN_BOOK_2026_HEALTH));
        assert_eq!(Schedule::parse("3.5%"), Ok(Schedule::constant(0.035)));
        assert_eq!(Schedule::parse(" 0 "), Ok(Schedule::constant(0.0)));
        let steps = Schedule::parse("0:0.035,31:3%,76:2.5%,126:2%,201:1.5%,301:1%").unwrap();
        assert_eq!(steps.bands, GREEN_BOOK_2026.bands);
        for wrong in [
            "",
            "x",
            "NaN",
            "-0.01",
            "-1%",
            "3.5",
            "inf",
            "31:3%",
            "3%,31",
            "3%,5:2%,5:1%",
            "3%,x:2%",
        ] {
            assert!(Schedule::parse(wrong).is_err(), "{wrong}");
        }
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

//! Discounting by a dated schedule, or by rates that a scenario or a user gives.

use std::sync::LazyLock;

/// Rates by year, as one edition of the guidance publishes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// The guidance.
    pub edition: String,
    /// Where in it.
    pub source: String,
    /// `(first year, rate)`, rising: the rate holds from that year until the next band. Year 0 is not discounted.
    pub bands: Vec<(usize, f64)>,
}

/// The standard social time preference rate of the Green Book of February 2026.
pub static GREEN_BOOK_2026: LazyLock<Schedule> = LazyLock::new(|| published("green-book"));

/// The rate of health and life effects that are valued apart from wealth, of the same edition.
pub static GREEN_BOOK_2026_HEALTH: LazyLock<Schedule> =
    LazyLock::new(|| published("green-book-health"));

/// Schedules as they were published: name, edition, first year of a rate, the rate, the source.
const PUBLISHED: &str = include_str!("discounting.csv");

/// The published schedule of this name.
fn published(name: &str) -> Schedule {
    let mut schedule = Schedule {
        edition: String::new(),
        source: String::new(),
        bands: Vec::new(),
    };
    let mut table = csv::Reader::from_reader(PUBLISHED.as_bytes());
    for row in table.records().flatten() {
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let band = cell(2).parse().ok().zip(cell(3).parse().ok());
        if let Some(band) = band.filter(|_| cell(0) == name) {
            schedule.edition = cell(1).to_owned();
            schedule.source = cell(4).to_owned();
            schedule.bands.push(band);
        }
    }
    schedule
}

/// What a rate may be, for whoever has to write one.
pub const RATES: &str = "a rate such as 0.035 or 3.5%, steps such as 3.5%,31:3%,76:2.5%, green-book or green-book-health";

impl Schedule {
    /// The same rate in every year, as a share: 0 or more.
    pub fn constant(rate: f64) -> Schedule {
        Schedule {
            edition: match rate {
                0.0 => "no discounting".to_owned(),
                rate => format!("{}% a year", percent(rate)),
            },
            source: "given by the user".to_owned(),
            bands: vec![(1, rate)],
        }
    }

    /// A schedule as people write it, see [`RATES`]: `green-book` (or `standard`), `green-book-health` (or `health`), a
    /// rate, or a rate followed by `first year:rate`.
    ///
    /// # Errors
    /// In words, when it is none of these.
    pub fn parse(text: &str) -> Result<Schedule, String> {
        match text.trim().to_lowercase().as_str() {
            "green-book" | "standard" | "green-book-standard" => return Ok(GREEN_BOOK_2026.clone()),
            "green-book-health" | "health" => return Ok(GREEN_BOOK_2026_HEALTH.clone()),
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
                edition: in_words(&bands),
                source: "given by the user".to_owned(),
                bands,
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

    /// The factor of a moment so many years, 0 or more, after the beginning of year 0: a year under way counts as the
    /// part of it that has passed, at its own rate.
    pub fn at(&self, years: f64) -> f64 {
        let whole = years.floor();
        let factors = self.factors(whole as usize + 1);
        let under_way = 1.0 + self.rate(whole as usize + 1);
        factors
            .last()
            .map_or(1.0, |factor| factor * under_way.powf(whole - years))
    }

    /// The factors of years 0, 1 … n - 1 where year 0 is discounted so many times: 0.5 for the middle of each year.
    pub fn factors_from(&self, first_year: f64, n: usize) -> Vec<f64> {
        (0..n)
            .map(|year| self.at(first_year + year as f64))
            .collect()
    }

    /// Every rate higher by so much.
    pub fn moved(&self, by: f64) -> Schedule {
        let bands = self.bands.iter();
        Schedule {
            bands: bands.map(|(first, rate)| (*first, rate + by)).collect(),
            ..self.clone()
        }
    }

    /// Whether nothing is discounted.
    pub fn is_none(&self) -> bool {
        self.bands.iter().all(|(_, rate)| *rate == 0.0)
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

/// A share in per cent, without the noise of binary fractions.
pub fn percent(rate: f64) -> f64 {
    (rate * 1e12).round() / 1e10
}

fn in_words(bands: &[(usize, f64)]) -> String {
    let band = |(first, rate): &(usize, f64)| format!("{}% from year {first}", percent(*rate));
    bands.iter().map(band).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Discounting supplementary guidance, February 2026, Annex A, table A.1.
    const FACTORS: [f64; 31] = [
        1.0, 0.9662, 0.9335, 0.9019, 0.8714, 0.8420, 0.8135, 0.7860, 0.7594, 0.7337, 0.7089,
        0.6849, 0.6618, 0.6394, 0.6178, 0.5969, 0.5767, 0.5572, 0.5384, 0.5202, 0.5026, 0.4856,
        0.4692, 0.4533, 0.4380, 0.4231, 0.4088, 0.3950, 0.3817, 0.3687, 0.3563,
    ];

    #[test]
    fn factors_are_those_published() {
        for (year, (ours, published)) in GREEN_BOOK_2026.factors(31).iter().zip(FACTORS).enumerate()
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
    fn what_is_published_is_read() {
        let years = [1, 31, 76, 126, 201, 301];
        let standard = [0.035, 0.030, 0.025, 0.020, 0.015, 0.010];
        let health = [0.015, 0.0129, 0.0107, 0.0086, 0.0064, 0.0043];
        for (schedule, rates) in [
            (&GREEN_BOOK_2026, standard),
            (&GREEN_BOOK_2026_HEALTH, health),
        ] {
            let bands: Vec<(usize, f64)> = years.into_iter().zip(rates).collect();
            assert_eq!(schedule.bands, bands);
            assert!(schedule.edition.contains("February 2026") && !schedule.source.is_empty());
        }
        let moved = GREEN_BOOK_2026.moved(0.01);
        assert!((moved.rate(40) - 0.04).abs() < 1e-15 && moved.rate(0) == 0.0);
        let middle = GREEN_BOOK_2026.factors_from(0.5, 3);
        assert!((middle[2] - 1.035_f64.powf(-2.5)).abs() < 1e-12);
    }

    /// A year is discounted at its own rate wherever in it a moment lies.
    #[test]
    fn moments_are_discounted_at_the_rates_of_the_years_that_have_passed() {
        let steps = Schedule::parse("3%,2:2%,3:1%").unwrap();
        for (moment, factor) in [
            (0.0, 1.0),
            (0.25, 1.03_f64.powf(-0.25)),
            (1.0, 1.0 / 1.03),
            (1.5, 1.0 / (1.03 * 1.02_f64.sqrt())),
            (4.0, 1.0 / (1.03 * 1.02 * 1.01 * 1.01)),
        ] {
            assert!((steps.at(moment) - factor).abs() < 1e-15, "{moment}");
        }
        for (first, moments) in [
            (0.0, [0.0, 1.0, 2.0]),
            (0.5, [0.5, 1.5, 2.5]),
            (1.0, [1.0, 2.0, 3.0]),
        ] {
            assert_eq!(
                steps.factors_from(first, 3),
                moments.map(|moment| steps.at(moment))
            );
        }
    }

    #[test]
    fn schedules_are_written_in_several_ways() {
        assert_eq!(Schedule::parse("green-book"), Ok(GREEN_BOOK_2026.clone()));
        assert_eq!(
            Schedule::parse("health"),
            Ok(GREEN_BOOK_2026_HEALTH.clone())
        );
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

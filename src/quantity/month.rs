//! The calendar: months, and the financial years that reports speak of.

use std::fmt;

/// A calendar month, counted from January of year 0, so that months subtract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(i32);

/// The months of a financial year by name, in lower case.
pub const MONTHS_FROM_APRIL: [&str; 12] = [
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "january",
    "february",
    "march",
];

impl Month {
    /// January 1900, the first month there is.
    pub const EPOCH: Month = Month(1900 * 12);

    /// The month `month` (1 to 12) of `year`; `None` outside that range or outside years 1900 to 2200.
    pub fn new(year: i32, month: i32) -> Option<Month> {
        ((1900..=2200).contains(&year) && (1..=12).contains(&month))
            .then_some(Month(year * 12 + month - 1))
    }

    /// Reads `2025-04`, or a day `2025-02-11`, which counts from the month it falls in.
    pub fn parse(text: &str) -> Option<Month> {
        let mut parts = text.split('-');
        let year = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let month = parts.next().filter(|m| m.len() == 2)?.parse().ok()?;
        if let Some(day) = parts.next() {
            let day: i32 = day.parse().ok().filter(|_| day.len() == 2)?;
            if !(1..=days(year, month)?).contains(&day) {
                return None;
            }
        }
        if parts.next().is_some() {
            return None;
        }
        Month::new(year, month)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// The month of the calendar year, 1 to 12.
    pub fn month(self) -> i32 {
        self.0.rem_euclid(12) + 1
    }

    /// The month `steps` later (earlier when negative).
    pub fn plus(self, steps: i32) -> Month {
        Month(self.0 + steps)
    }

    /// Its place in the financial year: 0 for April to 11 for March.
    pub fn of_financial_year(self) -> usize {
        (self.0 - 3).rem_euclid(12) as usize
    }

    /// How many days it has.
    pub fn n_days(self) -> i32 {
        self.plus(1).first_day() - self.first_day()
    }

    /// How many months `self` lies after `earlier`.
    pub fn since(self, earlier: Month) -> i32 {
        self.0 - earlier.0
    }

    /// The days from the beginning of [`Month::EPOCH`] to the beginning of this month.
    pub fn first_day(self) -> i32 {
        // Every year before this one has 365 days, and one more for every leap year among them.
        let before = self.year() - 1;
        let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
        let until_epoch = 1899 * 365 + 460;
        let months = (1..self.month()).filter_map(|month| days(self.year(), month));
        before * 365 + leaps - until_epoch + months.sum::<i32>()
    }

    /// The month that a day falls in, counted as in [`Month::first_day`].
    pub fn of_day(day: i32) -> Month {
        let near = Month::EPOCH.plus((f64::from(day) / (365.25 / 12.0)) as i32);
        let mut month = near.plus(-1);
        while month.plus(1).first_day() <= day {
            month = month.plus(1);
        }
        month
    }

    /// The financial year that the month falls in (April to March).
    pub fn financial_year(self) -> FinancialYear {
        FinancialYear(if self.month() >= 4 {
            self.year()
        } else {
            self.year() - 1
        })
    }
}

/// How many days a month of the Gregorian calendar has.
fn days(year: i32, month: i32) -> Option<i32> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if is_leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

/// A financial year, April to March, written `2026-27`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FinancialYear(i32);

impl FinancialYear {
    /// The year that begins in April of `year`.
    pub fn starting(year: i32) -> FinancialYear {
        FinancialYear(year)
    }

    /// Reads `2026-27`; the second half must follow the first.
    pub fn parse(text: &str) -> Option<FinancialYear> {
        let (first, second) = text.split_once('-')?;
        let year: i32 = first.parse().ok().filter(|_| first.len() == 4)?;
        let next: i32 = second.parse().ok().filter(|_| second.len() == 2)?;
        ((year + 1) % 100 == next).then_some(FinancialYear(year))
    }

    /// The calendar year in which it begins.
    pub fn first_year(self) -> i32 {
        self.0
    }

    /// Its first month, April.
    pub fn first_month(self) -> Month {
        Month(self.0 * 12 + 3)
    }

    /// The year `years` later.
    pub fn plus(self, years: i32) -> FinancialYear {
        FinancialYear(self.0 + years)
    }
}

impl fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_read_write_and_subtract() {
        let april = Month::parse("2025-04").unwrap();
        assert_eq!(april.to_string(), "2025-04");
        assert_eq!(april.plus(-4).to_string(), "2024-12");
        assert_eq!(april.plus(9).since(april), 9);
        assert_eq!(Month::parse("2025-02-11"), Month::new(2025, 2));
        for wrong in [
            "2025-13",
            "2025-00",
            "25-04",
            "2025",
            "2025-4",
            "2025-04-99",
            "2025-02-29",
            "x",
            "",
        ] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn months_know_their_place_in_the_financial_year_and_their_days() {
        let days = [30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29, 31];
        for (place, days) in days.into_iter().enumerate() {
            let month = FinancialYear::starting(2023)
                .first_month()
                .plus(place as i32);
            assert_eq!((month.of_financial_year(), month.n_days()), (place, days));
        }
        assert_eq!(
            MONTHS_FROM_APRIL[Month::EPOCH.of_financial_year()],
            "january"
        );
    }

    #[test]
    fn a_financial_year_runs_from_april_to_march() {
        assert_eq!(
            Month::parse("2026-03")
                .unwrap()
                .financial_year()
                .to_string(),
            "2025-26"
        );
        assert_eq!(
            Month::parse("2026-04")
                .unwrap()
                .financial_year()
                .to_string(),
            "2026-27"
        );
        assert_eq!(
            FinancialYear::parse("1999-00")
                .unwrap()
                .first_month()
                .to_string(),
            "1999-04"
        );
        assert_eq!(FinancialYear::parse("2026-28"), None);
    }
}

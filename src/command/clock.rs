//! The clock: when a run began and how long it took. Nothing else in the program may know.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// A run being timed.
pub(super) struct Stopwatch {
    since: Instant,
    at: SystemTime,
}

impl Stopwatch {
    pub(super) fn start() -> Stopwatch {
        Stopwatch {
            since: Instant::now(),
            at: SystemTime::now(),
        }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.since.elapsed().as_secs_f64()
    }

    /// For example `2026-11-21T20:53:07Z`.
    pub(super) fn started(&self) -> String {
        let seconds = self
            .at
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        let (year, month, day) = date(days as i64);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// The Gregorian date of a day counted from 1 January 1970: Howard Hinnant's `civil_from_days`.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(20_543), (2026, 3, 31));
    }
}

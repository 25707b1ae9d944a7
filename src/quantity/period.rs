//! The periods that figures are recorded for: years, financial years, quarters and months.

use std::fmt;

use super::{FinancialYear, Month};

/// How long the periods of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cadence {
    /// A calendar or financial year.
    Year,
    /// Three months.
    Quarter,
    /// A month.
    Month,
}

impl Cadence {
    /// How many periods make a year: 1, 4 or 12.
    pub fn seasons(self) -> usize {
        match self {
            Cadence::Year => 1,
            Cadence::Quarter => 4,
            Cadence::Month => 12,
        }
    }

    /// What periods of this length are called.
    pub fn name(self) -> &'static str {
        match self {
            Cadence::Year => "years",
            Cadence::Quarter => "quarters",
            Cadence::Month => "months",
        }
    }

    /// How many months a period has.
    pub fn months(self) -> i32 {
        12 / self.seasons() as i32
    }
}

/// How a period is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodForm {
    /// `2019`.
    CalendarYear,
    /// `2019-20`, April to March.
    FinancialYear,
    /// `2019-Q1`, from January.
    Quarter,
    /// `2019-04`, or a day in it.
    Month,
}

impl PeriodForm {
    /// Every form.
    pub const ALL: [PeriodForm; 4] = [
        PeriodForm::CalendarYear,
        PeriodForm::FinancialYear,
        PeriodForm::Quarter,
        PeriodForm::Month,
    ];

    /// What a period of this form is called.
    pub fn name(self) -> &'static str {
        match self {
            PeriodForm::CalendarYear => "calendar years",
            PeriodForm::FinancialYear => "financial years",
            PeriodForm::Quarter => "quarters",
            PeriodForm::Month => "months",
        }
    }

    /// The cadence of periods that follow each other in this form.
    pub fn cadence(self) -> Cadence {
        match self {
            PeriodForm::CalendarYear | PeriodForm::FinancialYear => Cadence::Year,
            PeriodForm::Quarter => Cadence::Quarter,
            PeriodForm::Month => Cadence::Month,
        }
    }
}

/// A period: how it is written and the month it begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// How it is written.
    pub form: PeriodForm,
    /// Its first month.
    pub first: Month,
}

impl Period {
    /// Everything that a text may mean: `2009-10` is a financial year and a month, most others are one thing or none.
    ///
    /// Read are `2019`; `2019-20`, `2019/20` and `2019/2020`; `2019-Q1`, `2019 Q1`, `2019Q1` and `2019 - Qtr 1`;
    /// `2019-04`, `2019M04` and the day `2019-04-01`, with or without a time of day after it.
    pub fn readings(text: &str) -> Vec<Period> {
        let mut found = Vec::new();
        let mut push = |form, first: Option<Month>| {
            found.extend(first.map(|first| Period { form, first }));
        };
        push(PeriodForm::CalendarYear, year(text));
        push(PeriodForm::FinancialYear, financial_year(text));
        push(PeriodForm::Quarter, quarter(text));
        push(PeriodForm::Month, month(text));
        found
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            PeriodForm::CalendarYear => write!(f, "{:04}", self.first.year()),
            PeriodForm::FinancialYear => self.first.financial_year().fmt(f),
            PeriodForm::Quarter => {
                let quarter = (self.first.month() - 1) / 3 + 1;
                write!(f, "{:04}-Q{quarter}", self.first.year())
            }
            PeriodForm::Month => self.first.fmt(f),
        }
    }
}

fn digits(text: &str, n: usize) -> Option<i32> {
    let is_plain = text.len() == n && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_plain)
}

fn year(text: &str) -> Option<Month> {
    Month::new(digits(text, 4)?, 1)
}

fn financial_year(text: &str) -> Option<Month> {
    let (first, second) = text.split_once(['-', '/'])?;
    let start = digits(first, 4)?;
    let follows = match second.len() {
        2 => digits(second, 2)? == (start + 1) % 100,
        _ => digits(second, 4)? == start + 1,
    };
    let first = FinancialYear::starting(start).first_month();
    Month::new(start, 4).filter(|month| follows && *month == first)
}

fn quarter(text: &str) -> Option<Month> {
    let (start, rest) = text.split_at_checked(4)?;
    let rest = rest.trim_start_matches([' ', '-']).to_lowercase();
    let number = rest.strip_prefix("qtr").or(rest.strip_prefix('q'))?;
    let quarter = digits(number.trim_start(), 1).filter(|quarter| (1..=4).contains(quarter))?;
    Month::new(digits(start, 4)?, quarter * 3 - 2)
}

fn month(text: &str) -> Option<Month> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    Month::parse(day).or_else(|| {
        let (start, number) = text.split_once('M')?;
        Month::new(digits(start, 4)?, digits(number, 2)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(PeriodForm, String)> {
        let readings = Period::readings(text).into_iter();
        readings
            .map(|period| (period.form, period.to_string()))
            .collect()
    }

    #[test]
    fn every_way_of_writing_is_read_and_written_in_one_way() {
        for (text, form, written) in [
            ("2019", PeriodForm::CalendarYear, "2019"),
            ("2019-20", PeriodForm::FinancialYear, "2019-20"),
            ("1999/00", PeriodForm::FinancialYear, "1999-00"),
            ("2019/2020", PeriodForm::FinancialYear, "2019-20"),
            ("2019-Q1", PeriodForm::Quarter, "2019-Q1"),
            ("2019Q4", PeriodForm::Quarter, "2019-Q4"),
            ("2019 - Qtr 2", PeriodForm::Quarter, "2019-Q2"),
            ("2019-04", PeriodForm::Month, "2019-04"),
            ("2019M12", PeriodForm::Month, "2019-12"),
            ("2019-04-30", PeriodForm::Month, "2019-04"),
            ("2019-04-01T00:00:00", PeriodForm::Month, "2019-04"),
        ] {
            assert_eq!(read(text), [(form, written.to_owned())], "{text}");
        }
    }

    #[test]
    fn some_texts_mean_two_things_and_others_none() {
        let both = [
            (PeriodForm::FinancialYear, "2009-10".to_owned()),
            (PeriodForm::Month, "2009-10".to_owned()),
        ];
        assert_eq!(read("2009-10"), both);
        for wrong in [
            "", "19", "2019-21", "2019-13", "2019-Q5", "2019Q", "next", "é019", "201é",
        ] {
            assert_eq!(read(wrong), [], "{wrong}");
        }
    }
}

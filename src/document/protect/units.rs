//! What the unit of a recorded figure says that it is. Closed: what is not known to be something else is a count of
//! people.

/// What a recorded figure is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Of {
    /// People or things that happened to them, counted, or so many per time.
    Count,
    /// So many times events among so many people: 100 for a percentage.
    Rate(f64),
    /// Events among so many people where nobody says of how many it is, so that it can be at most 1.
    Share,
    /// A length of time.
    Length,
    /// Money and places, which are nobody's record.
    Other,
}

const TIMES: [&str; 15] = [
    "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
    "quarter", "quarters", "year", "years", "annum",
];

const MEANS: [&str; 3] = ["mean", "median", "average"];

const PERCENT: [&str; 8] = [
    "percent",
    "percentage",
    "percentages",
    "pct",
    "pc",
    "perc",
    "percents",
    "hundredths",
];

const PERMILLE: [&str; 4] = ["mille", "permille", "promille", "thousandths"];

/// Words of rates that say no scale.
const SHARES: [&str; 9] = [
    "share",
    "shares",
    "proportion",
    "fraction",
    "probability",
    "rate",
    "rates",
    "index",
    "odds",
];

/// What follows `per`.
enum Per {
    Number(f64),
    Time,
    Other,
}

pub(super) fn of_people(unit: &str) -> Of {
    // `75/1000` is told as `75 per 1000`, and `10^5` as the number that it is.
    let unit = unit.trim().to_lowercase().replace('/', " per ");
    let unit = (1..=9).fold(unit, |unit, power| {
        unit.replace(&format!("10^{power}"), &10_u64.pow(power).to_string())
    });
    let words = words(&unit);
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let is_all = |known: &[&str]| words.iter().all(|word| known.contains(&word.as_str()));
    let per = per(&words);
    let is_time = |word: &str| TIMES.contains(&word) || MEANS.contains(&word);
    match () {
        () if is_money_or_places(&unit, &words) => Of::Other,
        () if words
            .last()
            .is_some_and(|last| TIMES.contains(&last.as_str()))
            && words.iter().all(|word| is_time(word)) =>
        {
            Of::Length
        }
        () if unit.contains('%') || unit.contains("p.c") || has(&PERCENT) => Of::Rate(100.0),
        () if unit.contains('‰') || has(&PERMILLE) => Of::Rate(1000.0),
        () if unit.contains("basis point") => Of::Rate(10_000.0),
        () => match per {
            Some(Per::Number(number)) => Of::Rate(number),
            Some(Per::Other) => Of::Rate(1.0),
            _ if has(&SHARES) => Of::Share,
            _ if has(&["ratio"]) || is_all(&MEANS) => Of::Rate(1.0),
            _ => Of::Count,
        },
    }
}

/// Words and whole numbers; `1,000` and `1 000` are one.
fn words(unit: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let parts = unit.split(|c: char| !c.is_alphanumeric());
    for part in parts.filter(|part| !part.is_empty()) {
        match words.last_mut().filter(|last| is_number(last)) {
            Some(last) if is_number(part) && part.len() == 3 => *last += part,
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// What the figure is per: a number of people before another person or thing, and that before time.
fn per(words: &[String]) -> Option<Per> {
    let mut found = None;
    for (index, word) in words.iter().enumerate() {
        let is_per = word == "per";
        if !is_per && !["in", "of"].contains(&word.as_str()) {
            continue;
        }
        match after_per(&words[index + 1..]) {
            Per::Number(number) => return Some(Per::Number(number)),
            // People in places are no rate, but 3 in 1,000 are.
            _ if !is_per => {}
            Per::Other => found = Some(Per::Other),
            Per::Time => found = found.or(Some(Per::Time)),
        }
    }
    found
}

fn after_per(words: &[String]) -> Per {
    let mut number: Option<f64> = None;
    for word in words.iter().map(String::as_str) {
        let times = match word {
            // The number that people are counted in may follow: `per person in 100`.
            "person" | "people" | "in" | "head" if number.is_none() => continue,
            "ten" | "tens" => 10.0,
            "dozen" => 12.0,
            "cent" | "hundred" => 100.0,
            "thousand" => 1000.0,
            "million" => 1e6,
            word => match in_thousands(word) {
                Ok(times) if times >= 1.0 && times.is_finite() => times,
                _ if TIMES.contains(&word) => return Per::Time,
                _ => break,
            },
        };
        number = Some(number.unwrap_or(1.0) * times);
    }
    number.map_or(Per::Other, Per::Number)
}

/// A whole number, in thousands or millions where a letter says so: `100k`, `1m`.
fn in_thousands(word: &str) -> Result<f64, std::num::ParseFloatError> {
    let (digits, times) = match (word.strip_suffix('k'), word.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1e3),
        (_, Some(digits)) => (digits, 1e6),
        _ => (word, 1.0),
    };
    digits.parse::<f64>().map(|number| number * times)
}

fn is_money_or_places(unit: &str, words: &[String]) -> bool {
    let is_money = words.first().is_some_and(|first| first == "gbp") || unit.starts_with('£');
    is_money || matches!(unit, "places" | "beds" | "staff")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_say_what_is_counted() {
        let table = [
            (
                Of::Count,
                "people|orders|cases per month|people per 28 days|people waiting over 28 days|people in places|\
                 staff assaulted|units|mean daily population|Cases per Year",
            ),
            (
                Of::Rate(100.0),
                "percent|%|per cent|Per Cent|per-cent|Percentage|% of people|pct|per 100 people|rate per 100|\
                 per hundred|per person in 100|out of 100|of 100|perc.|p.c.|hundredths",
            ),
            (
                Of::Rate(1000.0),
                "per 1,000 population|Crude rate per 1,000|per 1000|per 1 000|‰|per thousand|\
                 cases per 1,000 per year|per mille|permille|pro mille|in 1,000|/1000|out of 1 000",
            ),
            (
                Of::Rate(1e4),
                "per ten thousand|basis points|per 10 thousand",
            ),
            (
                Of::Rate(1e5),
                "per 100k|per 10^5|/100,000|Age-standardised rate per 100,000",
            ),
            (Of::Rate(10.0), "per ten"),
            (Of::Rate(12.0), "per dozen"),
            (
                Of::Rate(1.0),
                "reconvictions per person|per person per year|per year per person|ratio|mean",
            ),
            (
                Of::Share,
                "share|proportion|rate|Reconviction rate|index|share of people",
            ),
            (Of::Length, "days|months|mean days|years"),
            (
                Of::Other,
                "GBP|GBP thousand|GBP per person|places|beds|staff",
            ),
        ];
        for (what, units) in table {
            for unit in units.split('|') {
                assert_eq!(of_people(unit), what, "{unit}");
            }
        }
    }
}

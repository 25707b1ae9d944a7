//! The words of a local row, which may repeat its counts.

use super::MARK;
use crate::quantity::{Period, PeriodForm};

/// Small numbers as they are written out.
const WRITTEN: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// The same as the Romans wrote them.
const ROMAN: [&str; 12] = [
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii",
];

/// What follows the figures of an ordinal, and would tell a 1 from a 3.
const ORDINAL: [&str; 4] = ["st", "nd", "rd", "th"];

/// Words without any number, in figures of any script, written out up to twelve or Roman up to xii; years and ranges of
/// years stay. Which numbers go must not hang on the counts of the row: a mark where one of them stood would tell what it
/// was to whoever knows the words.
pub(super) fn without_numbers(words: &str) -> String {
    let figures = without_figures(words);
    let mut text = String::new();
    for part in figures.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let mut numbers = WRITTEN.iter().chain(&ROMAN);
        let is_number = numbers.any(|known| known.eq_ignore_ascii_case(word));
        text += if is_number { MARK } else { word };
        text += &part[word.len()..];
    }
    text
}

/// A period as it is where it is one, such as `2023-24` or `2023-04`; of other words, those without numbers.
pub(super) fn period_without_numbers(words: &str) -> String {
    // A month may be read with anything after it, as a time of day.
    let has_more = words.contains([' ', 'T']);
    let mut readings = Period::readings(words).into_iter();
    match readings.any(|period| period.form != PeriodForm::Month || !has_more) {
        true => words.to_owned(),
        false => without_numbers(words),
    }
}

/// An address with a number in it leads nowhere without the number, so that the mark stands for the whole of it.
pub(super) fn url_without_numbers(url: &str) -> String {
    match without_numbers(url) == url {
        true => url.to_owned(),
        false => MARK.to_owned(),
    }
}

fn without_figures(words: &str) -> String {
    let is_part = |c: char| c.is_numeric() || c == '.' || c == ',';
    let mut text = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(char::is_numeric) {
        let end = rest[start..]
            .find(|c| !is_part(c))
            .map_or(rest.len(), |end| start + end);
        let run = rest[start..end].trim_end_matches(['.', ',']);
        text += &rest[..start];
        rest = &rest[start + run.len()..];
        if is_year(run) {
            let until = range_of_years(run, rest);
            text += run;
            text += &rest[..until];
            rest = &rest[until..];
        } else {
            text += MARK;
            rest = &rest[ordinal(rest)..];
        }
    }
    text + rest
}

fn is_year(run: &str) -> bool {
    let is_plain = run.len() == 4 && run.bytes().all(|byte| byte.is_ascii_digit());
    is_plain && (run.starts_with("19") || run.starts_with("20"))
}

/// How much of what follows a year is the second half of a range of years such as `2019-23`. A second year in full is a
/// year of itself.
fn range_of_years(year: &str, rest: &str) -> usize {
    let Some(second) = rest.strip_prefix(['-', '/', '–']) else {
        return 0;
    };
    let half = second.get(..2).unwrap_or("");
    let is_over = !second[half.len()..].starts_with(|c: char| c.is_alphanumeric());
    let follows = match (year.parse::<u32>(), half.parse::<u32>()) {
        (Ok(year), Ok(half)) => half > year % 100 || half == (year + 1) % 100,
        _ => false,
    };
    match follows && is_over {
        true => rest.len() - second.len() + half.len(),
        false => 0,
    }
}

/// How much of what follows figures makes an ordinal of them.
fn ordinal(rest: &str) -> usize {
    let word = rest.split(|c: char| !c.is_alphabetic()).next();
    let word = word.unwrap_or("");
    let is_ordinal = ORDINAL.iter().any(|end| end.eq_ignore_ascii_case(word));
    if is_ordinal { word.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_repeat_no_number_but_years() {
        let said = without_numbers("3 of 140 people, table 31 of 2023; 1,403 asked, 2.5%.");
        assert_eq!(
            said,
            "[c] of [c] people, table [c] of 2023; [c] asked, [c]%."
        );
        assert_eq!(without_numbers("see 3."), "see [c].");
        assert_eq!(without_numbers(""), "");
        let said = without_numbers("Three of us, threefold; forty asked, two left.");
        assert_eq!(said, "[c] of us, threefold; forty asked, [c] left.");
    }

    #[test]
    fn numbers_of_any_script_and_of_the_romans_are_numbers() {
        let said = without_numbers("３ ٣ ③ Ⅲ iii XII ½ 3½ 3rd 1st 4TH");
        assert_eq!(said, ["[c]"; 11].join(" "));
        assert_eq!(without_numbers("vivid ３０２４ xiii"), "vivid [c] xiii");
    }

    #[test]
    fn ranges_of_years_stay() {
        for words in ["2023-24", "1999-00", "2023/24", "2019–23", "2019-2023"] {
            assert_eq!(without_numbers(words), words);
        }
        assert_eq!(without_numbers("2023-03, 2023-3"), "2023-[c], 2023-[c]");
        assert_eq!(without_numbers("2023-245"), "2023-[c]");
        assert_eq!(
            period_without_numbers("2024-25 (3 cases)"),
            "2024-25 ([c] cases)"
        );
        assert_eq!(period_without_numbers("2024-04"), "2024-04");
        assert_eq!(period_without_numbers("2024-04 (3)"), "2024-[c] ([c])");
    }

    #[test]
    fn an_address_with_a_number_goes_as_a_whole() {
        let mark = url_without_numbers("https://example.org/foi?had=3&of=40");
        assert_eq!(mark, MARK);
        assert_eq!(url_without_numbers("https://example.org/three"), MARK);
        let plain = "https://example.org/2024/foi";
        assert_eq!(url_without_numbers(plain), plain);
        assert_eq!(url_without_numbers(""), "");
    }
}

//! The words of a local row, which may repeat its counts.

use super::MARK;

/// Small numbers as they are written out.
const WRITTEN: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Words without any number, in figures or written out up to twelve; years stay. Which numbers go must not hang on the
/// counts of the row: a mark where one of them stood would tell what it was to whoever knows the words.
pub(super) fn without_numbers(words: &str) -> String {
    let figures = without_figures(words);
    let mut text = String::new();
    for part in figures.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let is_number = WRITTEN.iter().any(|known| known.eq_ignore_ascii_case(word));
        text += if is_number { MARK } else { word };
        text += &part[word.len()..];
    }
    text
}

fn without_figures(words: &str) -> String {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let mut text = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..]
            .find(|c| !is_part(c))
            .map_or(rest.len(), |end| start + end);
        let run = rest[start..end].trim_end_matches(['.', ',']);
        let is_year = run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
        text += &rest[..start];
        text += if is_year { run } else { MARK };
        rest = &rest[start + run.len()..];
    }
    text + rest
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
}

//! The words of a local row, which may repeat its counts.

use super::MARK;

/// Small numbers as they are written out.
const WRITTEN: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

/// Words without these numbers, in figures or written out.
pub(super) fn without(words: &str, numbers: &[f64]) -> String {
    let figures = without_figures(words, numbers);
    let mut text = String::new();
    for part in figures.split_inclusive(|c: char| !c.is_alphabetic()) {
        let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
        let known = WRITTEN
            .iter()
            .position(|known| known.eq_ignore_ascii_case(word));
        let is_one = known.is_some_and(|known| numbers.contains(&((known + 1) as f64)));
        text += if is_one { MARK } else { word };
        text += &part[word.len()..];
    }
    text
}

fn without_figures(words: &str, numbers: &[f64]) -> String {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let mut text = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..]
            .find(|c| !is_part(c))
            .map_or(rest.len(), |end| start + end);
        let run = rest[start..end].trim_end_matches(['.', ',']);
        let number: Option<f64> = run.replace(',', "").parse().ok();
        let is_one = number.is_some_and(|number| numbers.contains(&number));
        text += &rest[..start];
        text += if is_one { MARK } else { run };
        rest = &rest[start + run.len()..];
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_do_not_repeat_the_count() {
        let said = without(
            "3 of 140 people, table 31 of 2023; 1,403 asked.",
            &[3.0, 140.0, 1403.0],
        );
        assert_eq!(said, "[c] of [c] people, table 31 of 2023; [c] asked.");
        assert_eq!(without("see 3.", &[3.0]), "see [c].");
        assert_eq!(without("", &[3.0]), "");
        let said = without(
            "Three of us, threefold; forty asked, two left.",
            &[3.0, 40.0],
        );
        assert_eq!(said, "[c] of us, threefold; forty asked, two left.");
    }
}

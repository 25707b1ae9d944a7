//! Faults of local counts, told without them: a table of a few people's answers may be wrong, and the words that say so
//! are mailed around.

use std::borrow::Cow;

use super::Diagnostic;

/// What stands for a digit.
const HIDDEN: char = '·';

/// The fault as it may be shown: where its place is a table of local counts, without a digit of any cell. The file, the
/// line, the column and the name of what is wrong are enough to find it.
pub(super) fn without_counts(diagnostic: &Diagnostic) -> Cow<'_, Diagnostic> {
    if !diagnostic
        .place
        .as_ref()
        .is_some_and(|place| place.is_local)
    {
        return Cow::Borrowed(diagnostic);
    }
    let mut shown = diagnostic.clone();
    let place = shown.place.iter_mut().map(|place| &mut place.text);
    // What the program says of every file holds nothing of this one.
    if let Some(Cow::Owned(expected)) = &mut shown.expected {
        *expected = hidden(expected);
    }
    let texts = place.chain([&mut shown.message]);
    for text in texts.chain(&mut shown.found).chain(&mut shown.hints) {
        *text = hidden(text);
    }
    Cow::Owned(shown)
}

/// Every digit hidden, but for the 0 and the 1 between which shares lie.
fn hidden(text: &str) -> String {
    let is_word = |c: char| c.is_alphanumeric() || ".,-+_%/".contains(c);
    let mut shown = String::new();
    for word in text.split_inclusive(|c| !is_word(c)) {
        let is_bound = ["0", "1"].contains(&word.trim_end_matches(|c: char| !c.is_alphanumeric()));
        let hide = |c: char| {
            if c.is_ascii_digit() && !is_bound {
                HIDDEN
            } else {
                c
            }
        };
        shown.extend(word.chars().map(hide));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Place, render};

    #[test]
    fn no_digit_of_a_local_count_is_shown() {
        let place = Place {
            file: "here/parameters/local.csv".to_owned(),
            line: 2,
            column: 15,
            length: 4,
            text: "need,,,,,,0.5,,,7919,61".to_owned(),
            is_local: true,
            ..Place::default()
        };
        let fault = Diagnostic::error("E305", "7919 events of 61")
            .at(&place)
            .expected("a number from 0 to 1, at most n = 61, not 7919/61".to_owned())
            .found("7919")
            .hint("write 61");
        let shown = render(std::slice::from_ref(&fault));
        assert!(!shown.contains("7919") && !shown.contains("61"), "{shown}");
        assert!(
            shown.contains("local.csv:2:15") && shown.contains("from 0 to 1"),
            "{shown}"
        );
        let said = fault.clone().expected("a number such as 0.25 or 1200");
        let shown = render(&[said]);
        assert!(
            shown.contains("0.25 or 1200") && !shown.contains("7919"),
            "{shown}"
        );
        let open = Diagnostic {
            place: Some(Place {
                is_local: false,
                ..place
            }),
            ..fault
        };
        assert!(render(&[open]).contains("7919"));
    }
}

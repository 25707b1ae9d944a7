//! Tables in which one thing is written otherwise.

use needscast::diagnostic::{Diagnostic, render};

/// What stands in a table, what is written instead, the code, the line and column, and what must be said.
pub type Case = (
    &'static str,
    &'static str,
    &'static str,
    (usize, usize),
    &'static str,
);

/// Each case has the one fault that it says, at its place, with what would be right.
pub fn check(cases: &[Case], good: &str, faults: impl Fn(&str) -> Vec<Diagnostic>) {
    for (from, to, code, place, said) in cases {
        assert!(good.contains(from), "no {from:?}");
        let found = faults(&good.replacen(from, to, 1));
        let shown = render(&found);
        let codes: Vec<&str> = found.iter().map(|fault| fault.code).collect();
        assert_eq!(codes, [*code], "{from} -> {to}\n{shown}");
        let at = found[0].place.as_ref().unwrap();
        assert_eq!((at.line, at.column), *place, "{from} -> {to}\n{shown}");
        assert!(
            shown.contains(said) && found[0].expected.is_some(),
            "{said}: {shown}"
        );
    }
}

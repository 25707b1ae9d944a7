//! Diagnostics as a person reads them.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::local::without_counts;
use super::{Diagnostic, Place, Severity};

/// How many are shown; a longer list is rarely read, and later faults often follow from earlier ones.
pub const MOST_SHOWN: usize = 100;

/// The diagnostics as text: errors first, the question before what it names, then by file and line; at most
/// [`MOST_SHOWN`], then how many more. No digit of a table of local counts is among them.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    let is_elsewhere = |d: &Diagnostic| !d.place.as_ref().is_some_and(|place| place.is_question);
    sorted.sort_by(|a, b| {
        let key = |d: &'_ &Diagnostic| (d.severity, is_elsewhere(d));
        let places = || a.place.cmp(&b.place).then(a.code.cmp(b.code));
        key(a).cmp(&key(b)).then_with(places)
    });
    let mut text = String::new();
    for diagnostic in sorted.iter().take(MOST_SHOWN) {
        text.push_str(&picture(&without_counts(diagnostic)));
        text.push_str("\n\n");
    }
    if sorted.len() > MOST_SHOWN {
        text.push_str(&format!("and {} more\n", sorted.len() - MOST_SHOWN));
    }
    text
}

fn picture(diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(
        level
            .primary_title(diagnostic.message.as_str())
            .id(diagnostic.code),
    );
    if let Some(place) = &diagnostic.place {
        group = show(group, place);
    }
    let facts = [
        ("expected", diagnostic.expected.as_deref()),
        ("found", diagnostic.found.as_deref()),
    ];
    for (name, fact) in facts {
        if let Some(fact) = fact {
            group = group.element(Level::NOTE.with_name(name).message(fact));
        }
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
    }
    let help = format!("needscast explain {}", diagnostic.code);
    group = group.element(Level::HELP.message(help));
    Renderer::plain().render(&[group])
}

fn show<'a>(group: Group<'a>, place: &'a Place) -> Group<'a> {
    if place.line == 0 || !place.sheet.is_empty() {
        return group.element(Origin::path(place.shown()));
    }
    let snippet = Snippet::source(place.text.as_str())
        .path(place.file.as_str())
        .line_start(place.line);
    group.element(snippet.annotation(AnnotationKind::Primary.span(bytes_of(place))))
}

/// The bytes of the line at fault: columns count characters, and the picture counts bytes.
fn bytes_of(place: &Place) -> std::ops::Range<usize> {
    let at = |characters: usize| {
        let mut starts = place.text.char_indices().map(|(byte, _)| byte);
        starts.nth(characters).unwrap_or(place.text.len())
    };
    if place.column == 0 {
        return 0..place.text.len();
    }
    let first = place.column - 1;
    at(first)..at(first + place.length.max(1))
}

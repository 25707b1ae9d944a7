//! Printed, the page keeps every section and every number that is folded away on a screen.

use super::{opened, pictures, report};
use crate::support::chromium::WIDE;
use crate::support::python;

/// The words of a PDF, without spaces and hyphens, since lines break anywhere.
pub fn words_of(pdf: &std::path::Path) -> String {
    let script = "import sys, pypdf\nprint(''.join(page.extract_text() for page in pypdf.PdfReader(sys.argv[1]).pages))";
    let read = std::process::Command::new(python())
        .args(["-c", script])
        .arg(pdf)
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    bare(&String::from_utf8_lossy(&read.stdout))
}

fn bare(text: &str) -> String {
    let is_kept = |c: &char| !c.is_whitespace() && !"-\u{ad}\u{2060}\u{2010}\u{2011}".contains(*c);
    text.chars().filter(is_kept).collect()
}

#[test]
fn print_keeps_every_section_and_opens_what_is_folded() {
    let (_placed, mut browser) = opened(&report(), WIDE);
    let headings =
        browser.evaluate("[...document.querySelectorAll('h1, h2, h3')].map((h) => h.textContent)");
    let captions = browser.evaluate(
        "[...document.querySelectorAll('main figure caption, main figcaption')].map((c) => c.textContent)",
    );
    let pdf = pictures().join("report.pdf");
    browser.print(&pdf);
    let printed = words_of(&pdf);
    for heading in headings
        .as_array()
        .unwrap()
        .iter()
        .chain(captions.as_array().unwrap())
    {
        let heading = heading.as_str().unwrap();
        assert!(printed.contains(&bare(heading)), "not on paper: {heading}");
    }
    let left =
        browser.evaluate("document.querySelectorAll('details[open] details:not([open])').length");
    assert!(
        left.as_u64().unwrap() > 0,
        "what print opens it closes again"
    );
}

/// Readers without scripts lose nothing but choosing.
#[test]
fn print_without_scripts_keeps_every_section_too() {
    let page = report();
    let placed = super::Placed::new(&page);
    let mut browser = crate::support::chromium::Browser::start();
    let off = serde_json::json!({ "value": true });
    browser.call("Emulation.setScriptExecutionDisabled", off);
    browser.open(&placed.path(), WIDE);
    let pdf = pictures().join("report-without-scripts.pdf");
    browser.print(&pdf);
    let printed = words_of(&pdf);
    // Every section has its heading and its link, every chart and every table its caption.
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<section "), 19);
    assert_eq!(count("<h2 "), count("<section "));
    assert_eq!(count("<h2 "), count("<li><a href=\"#"));
    assert_eq!(count("<figcaption>"), count("class=\"chart\" role=\"img\""));
    // Nine headline measures and the rate of reconviction, in three councils and their sum.
    assert_eq!(count("<figure id=\"figure-fan-"), 4 * 10);
    assert_eq!(count("<caption>"), count("<table"));
    for tag in ["<h2 ", "<h3>", "<figcaption>", "<caption>"] {
        for rest in page.split(tag).skip(1) {
            let words = match tag {
                "<h2 " => rest.split_once('>').unwrap().1,
                _ => rest,
            };
            let (words, _) = words.split_once("</").unwrap();
            let words = words
                .replace("&#x27;", "'")
                .replace("&amp;", "&")
                .replace("&quot;", "\"");
            assert!(!bare(&words).is_empty() && !words.contains('<'), "{words}");
            // The table of the weights is moved and not read, so that paper does without it.
            let is_moved = words == "Values and ranks by these weights";
            assert!(
                is_moved || printed.contains(&bare(&words)),
                "not on paper: {words}"
            );
        }
    }
}

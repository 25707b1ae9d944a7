//! The pages as a real browser sees them: on wide and narrow screens, light and dark, with the keyboard alone, with the
//! rules of axe-core, and on paper.

mod keyboard;
mod pages;
mod paper;
mod places;
mod shown;
mod weights;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::chromium::{Browser, DARK, NARROW, Screen, WIDE};
use crate::support::venv;

/// A file of the page, in a folder of its own.
struct Placed {
    folder: tempfile::TempDir,
}

impl Placed {
    fn new(html: &str) -> Placed {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("page.html"), html).unwrap();
        Placed { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("page.html")
    }
}

/// What a page must keep on any screen; an empty list if it does.
const PROBE: &str = r##"(() => {
const faults = [];
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) {
  const wide = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll"));
  faults.push("wider than the screen: " + root.scrollWidth + " " + (wide ? wide.outerHTML.slice(0, 120) : ""));
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  const now = Number(heading.tagName[1]);
  if (now > level + 1) faults.push("heading level skipped at " + heading.textContent);
  level = now;
}
for (const figure of document.querySelectorAll("figure")) {
  const svg = figure.querySelector("svg[role=img]");
  if (!svg) { faults.push("no chart in " + figure.id); continue; }
  const [name, description] = svg.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id));
  if (!name || name.textContent.trim().length < 10) faults.push("no name: " + figure.id);
  if (!description || description.textContent.trim().length < 10) faults.push("no description: " + figure.id);
  if (name && name.textContent !== figure.querySelector("figcaption").textContent) faults.push("caption and name differ: " + figure.id);
  const rows = figure.querySelectorAll("table tbody tr");
  if (rows.length === 0) faults.push("no numbers: " + figure.id);
  if (!figure.querySelector("button")) faults.push("nothing saves the numbers of " + figure.id);
  if (/NaN|undefined|Infinity/.test(figure.textContent)) faults.push("not a number in " + figure.id);
}
for (const link of document.querySelectorAll('a[href^="#"]')) {
  if (!document.getElementById(link.hash.slice(1))) faults.push("a link leads nowhere: " + link.hash);
}
for (const chooser of document.querySelectorAll(".chooser select")) {
  chooser.value = chooser.options[chooser.options.length - 2].value;
  chooser.dispatchEvent(new Event("change"));
  const shown = [...document.querySelectorAll("details.place")].filter((place) => !place.hidden);
  if (!shown.length || shown.some((place) => place.dataset.place !== chooser.value || !place.open)) faults.push("the chosen place is not shown");
}
return faults;
})()"##;

/// axe-core, which checks pages by the rules of accessibility.
fn axe() -> String {
    let packages = fs::read_dir(venv().join("lib")).unwrap().flatten();
    let mut found = packages.map(|python| {
        python
            .path()
            .join("site-packages/axe_playwright_python/axe.min.js")
    });
    let path = found.find(|path| path.is_file());
    fs::read_to_string(path.expect("axe-core; `bash tests/run` installs it")).unwrap()
}

/// Everything that axe-core finds wrong, with where; also in what a reader has to open.
fn violations(browser: &mut Browser) -> serde_json::Value {
    browser.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    browser.evaluate(&axe());
    browser.evaluate(
        "axe.run(document, { resultTypes: ['violations'] }).then((found) => found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))]))",
    )
}

/// Nothing is asked for and nothing goes wrong, on every screen, by our rules and those of axe-core.
fn check(name: &str, html: &str) {
    let placed = Placed::new(html);
    let mut browser = Browser::start();
    for (screen, what) in [(WIDE, "wide"), (NARROW, "narrow"), (DARK, "dark")] {
        browser.open(&placed.path(), screen);
        browser.picture(&pictures().join(format!("{name}-{what}.png")), 6_000);
        let faults = browser.evaluate(PROBE);
        assert_eq!(faults, serde_json::json!([]), "{name}, {what}");
        let found = violations(&mut browser);
        assert_eq!(found, serde_json::json!([]), "{name}, {what}");
    }
    assert_eq!(browser.faults, Vec::<String>::new(), "{name}");
    assert_eq!(browser.requests, Vec::<String>::new(), "{name}");
}

/// Where pictures of the pages are left for people to look at.
fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A page of a run by the program, in which there is everything that a report can hold.
fn report() -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::read_to_string(ran(folder.path(), "tayside-throughcare", "8", "4")).unwrap()
}

/// Runs a shipped scenario; where its report is.
fn ran(folder: &Path, scenario: &str, draws: &str, drivers: &str) -> PathBuf {
    let out = folder.join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_needscast"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", &format!("scenarios/{scenario}.toml")])
        .args(["--draws", draws, "--drivers", drivers])
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
    out.join("report.html")
}

/// Opens a page on a screen of a new browser.
fn opened(html: &str, screen: Screen) -> (Placed, Browser) {
    let placed = Placed::new(html);
    let mut browser = Browser::start();
    browser.open(&placed.path(), screen);
    (placed, browser)
}

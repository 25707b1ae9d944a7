//! The page as a real browser sees it: it fits a narrow screen, its script runs, and it works without it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::backtest;
use crate::optimise;
use crate::report::page_of_two_areas;

/// Runs in the page after its own script and writes what it finds into the title.
const PROBE: &str = r##"<script>{
const faults = window.faults;
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) {
  const wide = [...document.querySelectorAll("main *")].find((e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest(".scroll"));
  faults.push("wider than the screen: " + root.scrollWidth + " " + (wide ? wide.outerHTML.slice(0, 80) : ""));
}
let level = 0;
for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
  const now = Number(heading.tagName[1]);
  if (now > level + 1) faults.push("heading level skipped at " + heading.textContent);
  level = now;
}
for (const svg of document.querySelectorAll("svg[role=img]")) {
  for (const id of svg.getAttribute("aria-labelledby").split(" ")) {
    if (!document.getElementById(id)) faults.push("nothing is called " + id);
  }
}
for (const link of document.querySelectorAll('a[href^="#"]')) {
  if (!document.getElementById(link.hash.slice(1))) faults.push("a link leads nowhere: " + link.hash);
}
const area = document.getElementById("area");
if (area) {
const shown = [...document.querySelectorAll("details.place")].filter((place) => !place.hidden && place.open);
if (shown.length !== 1) faults.push(shown.length + " places are shown");
area.value = area.options[area.options.length - 1].value;
area.dispatchEvent(new Event("change"));
if (document.getElementById(area.value).hidden) faults.push("the chosen place is not shown");
}
const grade = document.getElementById("grade");
if (grade) {
grade.value = "placeholder";
grade.dispatchEvent(new Event("change"));
if (document.getElementById("count").textContent !== "1 of 3 parameters") faults.push("the filter says " + document.getElementById("count").textContent);
}
document.title = "faults: " + JSON.stringify(faults);
}</script></body>"##;

/// Errors of the page's own script are faults too.
const LISTEN: &str = r#"<script>window.faults = []; addEventListener("error", (e) => window.faults.push(e.message));</script></head>"#;

fn browser() -> &'static str {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let is_there = |name: &&str| Command::new(name).arg("--version").output().is_ok();
    names
        .into_iter()
        .find(is_there)
        .expect("a Chromium; `bash tests/run` installs one")
}

fn title_at(page: &Path, width: u32, profile: &Path) -> String {
    let output = Command::new(browser())
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--dump-dom",
            "--allow-file-access-from-files",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--window-size={width},2000"))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let title = dom
        .split_once("<title>")
        .and_then(|(_, rest)| rest.split_once("</title>"));
    title.map_or(dom.clone(), |(title, _)| title.to_owned())
}

#[test]
fn the_page_works_in_a_browser_on_wide_and_narrow_screens() {
    check(&page_of_two_areas());
}

#[test]
fn the_page_of_a_back_test_works_there_too() {
    let (_, page) = backtest::pages().remove(0);
    check(&page);
}

#[test]
fn the_page_of_places_for_a_budget_works_there_too() {
    check(&optimise::page());
}

fn check(page: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let html = page
        .replacen("</head>", LISTEN, 1)
        .replacen("</body>", PROBE, 1);
    fs::write(&path, html).unwrap();
    // Headless Chromium draws no window narrower than 500 pixels; a frame is as narrow as it says.
    let frame = folder.path().join("frame.html");
    let narrow = "<!DOCTYPE html><title>none</title><iframe src=\"report.html\" width=\"320\" height=\"900\" onload=\"document.title = this.contentDocument.title\"></iframe>";
    fs::write(&frame, narrow).unwrap();
    assert_eq!(
        title_at(&path, 1200, &folder.path().join("wide")),
        "faults: []"
    );
    let allowed = folder.path().join("narrow");
    assert_eq!(title_at(&frame, 600, &allowed), "faults: []");
}

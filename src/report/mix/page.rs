//! The page of a choice of places: one page that needs nothing but itself.

mod mixes;
mod next;

use serde::Serialize;
use serde_json::{Value, json};

use super::MixReport;
use crate::report::number::{grouped, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table};
use crate::report::{Manifest, VERSION, commit};
use mixes::{frontier, listed, mixes, rivals};
use next::next;

pub(super) fn html(report: &MixReport, manifest: &Manifest) -> Result<String, minijinja::Error> {
    let template = include_str!("../mix.html");
    render("mix.html", template, Page::of(report, manifest))
}

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    asked: String,
    found: Vec<String>,
    places: Table,
    next: Figure,
    frontier: Figure,
    apart: String,
    rivals: Option<Table>,
    mixes: Table,
    n_left_out: usize,
    method: Vec<String>,
    sources: Table,
    notes: Vec<String>,
    repeat: Value,
}

impl Page {
    fn of(report: &MixReport, manifest: &Manifest) -> Page {
        let goal = if report.is_more_better() {
            "most"
        } else {
            "least"
        };
        let listed = listed(report);
        Page {
            title: report.plan.title.clone(),
            asked: format!(
                "Which places of each service, in each area or pool, give the {goal} of “{}” over {} for {}?",
                report.outcome(),
                report.years(),
                report.budget()
            ),
            found: vec![
                format!(
                    "{}: {}, {}.",
                    report.outcome(),
                    report.measured(&report.choice().outcome, &report.unit()),
                    report.gain()
                ),
                report.spending(),
                report.sureness(),
            ],
            places: places(report),
            next: next(report),
            frontier: frontier(report),
            apart: report.apart(),
            rivals: rivals(report),
            n_left_out: report.mixed.mixes.len() - listed.len(),
            mixes: mixes(report, &listed),
            method: method(report),
            sources: sources(report),
            notes: report.plan.notes.clone(),
            repeat: repeat(manifest),
        }
    }
}

/// The choice beside today's places.
fn places(report: &MixReport) -> Table {
    let header = [
        "Service", "Area", "Chosen", "Today", "Change", "At least", "At most",
    ];
    let mut table = Table::new("Places chosen, and today's", &header, 2);
    for (site, &places) in report.mixing.sites.iter().zip(&report.choice().places) {
        let change = f64::from(places) - f64::from(site.today);
        table.rows.push(vec![
            report.service(site).to_owned(),
            report.areas(site),
            grouped(f64::from(places), 0),
            grouped(f64::from(site.today), 0),
            signed(change, |value| grouped(value, 0)),
            grouped(f64::from(site.least), 0),
            grouped(f64::from(site.most), 0),
        ]);
    }
    table
}

fn method(report: &MixReport) -> Vec<String> {
    let mixed = report.mixed;
    vec![
        format!(
            "{} mixes were tried, in {} lives of a mix in a draw. Every mix met the same people with the same luck, so that what differs between two mixes is what their places do.",
            grouped(mixed.mixes.len() as f64, 0),
            grouped(mixed.n_lives as f64, 0)
        ),
        format!(
            "Mixes were chosen by {} draws. What is said of the choice, of today's places, of the next £10,000 and of the frontier was measured in {} other draws: luck that helped to choose a mix is no part of what is said of it.",
            mixed.n_chosen_by, mixed.n_held_back
        ),
        format!(
            "Costs are those of the services whose places are chosen, as the model charges them, {}; they are told as the same sum in every year that has the same present value. Whether a mix is within the budget is judged at the mean prices, brought to all draws by what today's places cost in them; the ranges are at the prices of the draws. One-off costs, and what other services and prisons cost or save, stand outside the budget.",
            mixed.discounting
        ),
    ]
}

/// Who says what the budget and the bounds are.
fn sources(report: &MixReport) -> Table {
    let mut table = Table::new("What was given", &["What", "How much", "Source"], 3);
    table.rows.push(vec![
        "Budget".to_owned(),
        report.budget(),
        report.mixing.budget.source.clone(),
    ]);
    for site in &report.mixing.sites {
        table.rows.push(vec![
            format!("{}, {}", report.service(site), report.areas(site)),
            format!("{} to {} places", site.least, site.most),
            site.source.clone(),
        ]);
    }
    table
}

fn repeat(manifest: &Manifest) -> Value {
    let mut inputs = Table::new(
        "Input files and their fingerprints",
        &["File", "SHA-256"],
        2,
    );
    let files = manifest.inputs.iter();
    inputs
        .rows
        .extend(files.map(|(name, sha256)| vec![name.clone(), sha256.clone()]));
    json!({
        "command": manifest.command_line,
        "version": VERSION,
        "commit": commit(),
        "threads": manifest.threads,
        "started": manifest.started,
        "seconds": grouped(manifest.seconds, 1),
        "inputs": inputs,
    })
}

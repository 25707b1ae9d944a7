//! The page of sharing: one page that needs nothing but itself.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{JointReport, capital};
use crate::appraise::joint::{CITATIONS, Criteria, NO_NUCLEOLUS};
use crate::report::number::{chance, exact, grouped, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table};
use crate::report::{VERSION, WriteError, commit};

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    lead: String,
    told: Vec<String>,
    about: Vec<String>,
    partners: Table,
    gains: Vec<Figure>,
    ladder: Figure,
    shares: Figure,
    queues: Vec<Figure>,
    switching: Option<Table>,
    citations: Vec<Json>,
    notes: Vec<String>,
    repeat: Json,
}

impl JointReport<'_> {
    /// The page.
    ///
    /// # Errors
    /// When the template is at fault, which is a fault of this program.
    pub fn html(&self) -> Result<String, WriteError> {
        let page = self.page();
        render("share.html", include_str!("../share.html"), page)
            .map_err(|error| WriteError::Page(error.to_string()))
    }

    fn page(&self) -> Page {
        let mut told = self.told();
        let lead = if told.is_empty() {
            String::new()
        } else {
            told.remove(0)
        };
        Page {
            title: self.plan.title.clone(),
            lead,
            told,
            about: self.about(),
            partners: self.by_partner_table(),
            gains: vec![self.gains(), self.costs()],
            ladder: self.ladder(),
            shares: self.shares(),
            queues: vec![self.waits(), self.access()],
            switching: self.switching_figures(),
            citations: CITATIONS.iter().map(citation).collect(),
            notes: self.plan.notes.clone(),
            repeat: self.repeat(),
        }
    }

    fn about(&self) -> Vec<String> {
        let joint = self.joint;
        let mut about = Vec::new();
        about.push(match joint.is_exact {
            true => format!(
                "Every group of the {} partners was simulated, {} coalitions in all, on the same {} draws and the same people: whoever stays out goes on alone.",
                joint.partners.len(),
                (1_u64 << joint.partners.len()) - 1,
                joint.n_draws
            ),
            false => format!(
                "The {} partners have {} coalitions, too many to simulate. In each of {} draws partners joined one after another in orders drawn at random, each with its reverse ({} orders in all); every group on the way was simulated, and everybody but one. Shapley's shares are means over the orders, with the error that comes from orders and draws together. {}.",
                joint.partners.len(),
                grouped(2_f64.powi(joint.partners.len() as i32) - 1.0, 0),
                joint.n_draws,
                joint.n_orders,
                capital(NO_NUCLEOLUS)
            ),
        });
        about.push(format!(
            "The cost to be shared is that of the shared services over the forecast, in present value{}. What happens elsewhere because of them (courts, prisons) is shown beside it and not shared.",
            match &joint.worth {
                Some((gbp, source)) => format!(", less £{} for each need met ({source})", grouped(*gbp, 0)),
                None => String::new(),
            }
        ));
        if joint.one_off > 0.0 {
            about.push(format!(
                "Setting the joint service up costs any group of two or more £{}.",
                grouped(joint.one_off, 0)
            ));
        }
        about.push("A smaller group has the places that its members bring: the joint service's, in proportion to those that each has alone. It is hosted by the joint service's host, or else by the first partner who may; whoever hosts keeps the access it has alone.".to_owned());
        about
    }

    fn by_partner_table(&self) -> Table {
        let header = ["Partner", "Verdict", "Cost", "Needs met", "Mean wait"];
        let caption = "Who gains and who loses: together less alone, and the probability that together is better";
        let mut table = Table::new(caption, &header, 2);
        let verdict = &self.joint.verdict;
        let mut add = |name: &str, value: crate::appraise::joint::Value, criteria: &Criteria| {
            let mut cells = vec![name.to_owned(), value.words().to_owned()];
            let named = self.criteria(criteria);
            cells.extend(named.iter().take(3).map(|named| {
                let unit = if named.unit == "months" {
                    " months"
                } else {
                    ""
                };
                let show = |value: f64| exact(value, named.unit);
                let mean = signed(named.change.difference.mean, show);
                match named.change.better.is_finite() {
                    true => format!("{mean}{unit} ({})", chance(named.change.better)),
                    false => format!("{mean}{unit}"),
                }
            }));
            table.rows.push(cells);
        };
        let members = self.joint.partners.iter().zip(&verdict.for_partner);
        for ((name, value), criteria) in members.zip(&self.joint.members) {
            add(name, *value, criteria);
        }
        if let Some(all) = self.joint.coalitions.last() {
            add("All together", verdict.value, &all.criteria);
        }
        table
    }

    fn switching_figures(&self) -> Option<Table> {
        let header = [
            "Lever",
            "At",
            "Cost, together less alone",
            "Needs met",
            "Mean wait, months",
        ];
        let mut table = Table::new("Together against alone when one thing is moved", &header, 1);
        for row in &self.joint.levers {
            let (lever, at) = crate::appraise::joint::named(row.lever);
            let criteria = self.criteria(&row.criteria);
            let mut cells = vec![lever.to_owned(), grouped(at, 2)];
            cells.extend(
                criteria
                    .iter()
                    .take(3)
                    .map(|named| super::told::difference(named.change, named.unit)),
            );
            table.rows.push(cells);
        }
        (!table.rows.is_empty()).then_some(table)
    }

    fn repeat(&self) -> Json {
        let mut inputs = Table::new(
            "Input files and their fingerprints",
            &["File", "SHA-256"],
            2,
        );
        let files = self.inputs.iter();
        inputs
            .rows
            .extend(files.map(|(name, sha256)| vec![name.clone(), sha256.clone()]));
        json!({
            "command": self.command_line,
            "version": VERSION,
            "commit": commit(),
            "seed": self.plan.seed,
            "draws": self.joint.n_draws,
            "inputs": inputs,
        })
    }
}

fn citation(citation: &crate::appraise::joint::Citation) -> Json {
    json!({
        "text": citation.text,
        "words": citation.words,
        "url": citation.url,
        "was_read": citation.was_read,
    })
}

//! The page of sharing: one page that needs nothing but itself.

use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{JointReport, capital};
use crate::appraise::joint::{CITATIONS, Criteria, NO_NUCLEOLUS};
use crate::report::number::{chance, exact, grouped, list, signed};
use crate::report::page::render;
use crate::report::page::view::{Figure, Table};
use crate::report::{VERSION, WriteError, commit};

/// What the template is given.
#[derive(Serialize)]
struct Page {
    title: String,
    joint: JointView,
    notes: Vec<String>,
    repeat: Json,
}

/// What is shown of a joint service: on a page of its own, and in the report of a run.
#[derive(Serialize)]
pub(in crate::report) struct JointView {
    lead: String,
    told: Vec<String>,
    partners: Table,
    gains: Vec<Figure>,
    ladder: Figure,
    shares: Figure,
    queues: Vec<Figure>,
    switching: Option<Table>,
    citations: Vec<Json>,
    about: Vec<String>,
}

impl JointReport<'_> {
    /// The page.
    ///
    /// # Errors
    /// When the template is at fault, which is a fault of this program.
    pub fn html(&self) -> Result<String, WriteError> {
        let page = Page {
            title: self.plan.title.clone(),
            joint: self.view(),
            notes: self.plan.notes.clone(),
            repeat: self.repeat(),
        };
        render("share.html", include_str!("../share.html"), page)
            .map_err(|error| WriteError::Page(error.to_string()))
    }

    /// Everything that is shown.
    pub(in crate::report) fn view(&self) -> JointView {
        let mut told = self.told();
        let lead = if told.is_empty() {
            String::new()
        } else {
            told.remove(0)
        };
        let mut gains = self.maps();
        gains.extend([self.gains(), self.costs()]);
        JointView {
            lead,
            told,
            partners: self.by_partner_table(),
            gains,
            ladder: self.ladder(),
            shares: self.shares(),
            queues: vec![self.waits(), self.access()],
            switching: self.switching_figures(),
            citations: CITATIONS.iter().map(citation).collect(),
            about: self.about(),
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
        about.extend(self.own_costs());
        about.push("A smaller group has the places that its members bring: the joint service's, in proportion to those that each has alone. It is hosted by the joint service's host, or else by the first partner who may; whoever hosts keeps the access it has alone.".to_owned());
        about
    }

    /// What options cost by themselves.
    fn own_costs(&self) -> Vec<String> {
        let own = &self.joint.own;
        let mut said = Vec::new();
        if own.once > 0.0 {
            said.push(format!(
                "Setting the joint service up costs any group of two or more £{}.",
                grouped(own.once, 0)
            ));
        }
        let by_partner = |costs: &[f64]| {
            let partners = self.joint.partners.iter().zip(costs);
            let paying = partners.filter(|(_, cost)| **cost > 0.0);
            let words: Vec<String> = paying
                .map(|(name, cost)| format!("{name} £{}", grouped(*cost, 0)))
                .collect();
            (!words.is_empty()).then(|| list(&words))
        };
        if let Some(words) = by_partner(&own.joining) {
            said.push(format!("Joining costs more with some partners: {words}."));
        }
        if let Some(words) = by_partner(&own.alone) {
            said.push(format!("Going alone costs some partners more: {words}."));
        }
        said
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

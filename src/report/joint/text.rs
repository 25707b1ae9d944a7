//! Sharing for a person at a terminal.

use super::{JointReport, capital};
use crate::appraise::joint::NO_NUCLEOLUS;
use crate::report::number::{exact, percent};

impl JointReport<'_> {
    /// What stands on the terminal: what it comes to in sentences, then shares side by side.
    pub fn text(&self) -> String {
        let mut out = format!("{}\n\n", self.plan.title);
        for sentence in self.told() {
            out += &format!("- {sentence}\n");
        }
        out.push('\n');
        out += &self.table();
        if !self.joint.is_exact {
            out += &format!(
                "\nShapley's shares are means over {} orders of joining; the 95% interval of a share is 1.96 times its error either way. {}.\n",
                self.joint.n_orders,
                capital(NO_NUCLEOLUS)
            );
        }
        out += "\nWhat the verdict answers to:\n";
        for citation in self.cited() {
            out += &format!("- {citation}\n");
        }
        out
    }

    fn table(&self) -> String {
        let joint = self.joint;
        let names = joint.partners.iter().map(|name| name.chars().count());
        let width = names.max().unwrap_or(0).max("in the core".len());
        let mut out = format!("{:<width$} {:>12}", "partner", "alone");
        for rule in &joint.rules {
            out += &format!(" {:>12}", rule.id);
        }
        out.push('\n');
        for (at, partner) in joint.partners.iter().enumerate() {
            let alone = joint.members[at].cost.alone.mean;
            out += &format!("{partner:<width$} {:>12}", exact(alone, "GBP"));
            for rule in &joint.rules {
                out += &format!(" {:>12}", exact(rule.shares[at].mean, "GBP"));
            }
            out.push('\n');
        }
        if !joint.is_exact {
            out += &format!("{:<width$} {:>12}", "largest error", "");
            for rule in &joint.rules {
                let largest = rule
                    .shares
                    .iter()
                    .map(|share| share.mc_error)
                    .fold(0.0, f64::max);
                out += &format!(" {:>12}", exact(largest, "GBP"));
            }
            out.push('\n');
        }
        out += &format!("{:<width$} {:>12}", "in the core", "");
        for rule in &joint.rules {
            let p = rule.in_core;
            let words = if p.is_finite() {
                percent(p, 0)
            } else {
                String::new()
            };
            out += &format!(" {words:>12}");
        }
        out + "\n"
    }
}

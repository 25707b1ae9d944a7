//! The shares for a person at a terminal.

use super::SharingReport;
use crate::appraise::sharing::Rule;
use crate::report::number::{exact, list, percent};

impl SharingReport<'_> {
    /// What stands on the terminal: shares side by side, then what is saved, then who objects to each rule.
    pub fn text(&self) -> String {
        let mut out = self.table();
        out += &self.saved();
        out += &self.core();
        out.push('\n');
        for rule in &self.0.rules {
            out += &format!("{}: {}\n", rule.id, self.verdict(rule));
        }
        out
    }

    fn table(&self) -> String {
        let sharing = self.0;
        let names = sharing.partners.iter().map(|name| name.chars().count());
        let width = names.max().unwrap_or(0).max("together".len());
        let column = |id: &str| id.chars().count().max(12);
        let heads = sharing.rules.iter().map(|rule| rule.id.as_str());
        let mut out = format!("{:<width$} {:>12}", "partner", "alone");
        for head in heads {
            out += &format!(" {head:>wide$}", wide = column(head));
        }
        out.push('\n');
        let mut line = |name: &str, alone: f64, shares: &dyn Fn(&Rule) -> f64| {
            out += &format!("{name:<width$} {:>12}", number(alone));
            for rule in &sharing.rules {
                out += &format!(" {:>wide$}", number(shares(rule)), wide = column(&rule.id));
            }
            out.push('\n');
        };
        for (at, name) in sharing.partners.iter().enumerate() {
            line(name, sharing.alone[at], &|rule| rule.shares[at]);
        }
        line("together", sharing.alone.iter().sum(), &|rule| {
            rule.shares.iter().sum()
        });
        out
    }

    fn saved(&self) -> String {
        let alone: f64 = self.0.alone.iter().sum();
        let together = self.0.together;
        let saving = alone - together;
        let share = match alone > 0.0 {
            true => format!(" ({})", percent(saving.abs() / alone, 1)),
            false => String::new(),
        };
        let how = if saving < 0.0 { "more" } else { "less" };
        format!(
            "\nTogether they cost {}: {}{share} {how} than each alone.\n",
            number(together),
            number(saving.abs()),
        )
    }

    fn core(&self) -> String {
        let sharing = self.0;
        if sharing.is_core_empty {
            return format!(
                "The core is empty: under any shares some group is better out, by {} at least. With {} from outside there are shares that hold.\n",
                number(sharing.least_core),
                number(sharing.subsidy),
            );
        }
        let margin = number((-sharing.least_core).max(0.0));
        format!(
            "The core is not empty: there are shares under which no group is better out; at best every group saves {margin} or more by staying.\n"
        )
    }

    fn verdict(&self, rule: &Rule) -> String {
        let mut said = Vec::new();
        if rule.unallocated != 0.0 {
            said.push(match rule.unallocated > 0.0 {
                true => format!("leaves {} unpaid", number(rule.unallocated)),
                false => format!("asks for {} too much", number(-rule.unallocated)),
            });
        }
        let worse = self.0.partners.iter().zip(&rule.is_better_inside);
        let worse: Vec<String> = worse
            .filter(|(_, is_better)| !**is_better)
            .map(|(name, _)| name.clone())
            .collect();
        let pays = |names: &[String]| if names.len() == 1 { "pays" } else { "pay" };
        if !worse.is_empty() {
            said.push(format!("{} {} more than alone", list(&worse), pays(&worse)));
        }
        match rule.objection.as_ref().filter(|o| o.excess > 0.0) {
            Some(objection) => said.push(format!(
                "{} would be better out by {}, more than any other group",
                list(&self.names(objection)),
                number(objection.excess)
            )),
            None => said.push("no partner and no group is better out".to_owned()),
        }
        if let Some(transfers) = rule.transfers.as_ref().filter(|t| t.total > 0.0) {
            said.push(format!(
                "it would hold if {} passed between partners ({})",
                number(transfers.total),
                self.payments(&transfers.payments)
            ));
        }
        said.join("; ") + "."
    }

    /// Who pays more and who less, one way among perhaps many.
    fn payments(&self, payments: &[f64]) -> String {
        let most = payments
            .iter()
            .fold(0.0_f64, |most, payment| most.max(payment.abs()));
        let payments = self.0.partners.iter().zip(payments);
        // What the solver leaves of nothing is not worth a word.
        let real = payments.filter(|(_, payment)| payment.abs() > most * 1e-6);
        let words = real.map(|(name, payment)| {
            let how = if *payment > 0.0 { "more" } else { "less" };
            format!("{name} {} {how}", number(payment.abs()))
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

fn number(value: f64) -> String {
    exact(value, "")
}

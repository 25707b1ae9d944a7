//! What an option costs by itself, and that whatever it does has a price somewhere.

use super::{Change, Compiler, OptionCost, PlanOption, Target};
use crate::diagnostic::Diagnostic;
use crate::document::{OneOffFile, OptionFile};
use crate::quantity::Grade;

/// What a service is charged for that answers to any change of it but what support achieves.
const WHO_COMES: [&str; 4] = ["places", "uptake", "patience", "support"];

impl Compiler<'_> {
    /// A cost of an option's own.
    pub(super) fn take_own_cost(&mut self, file: &OneOffFile, option: &mut PlanOption) {
        if let Some(from) = &file.from {
            self.check_month(from);
        }
        self.check_until(file);
        let payer = self.public_payer(&file.payer);
        let recipient = file.recipient.as_ref().map(|name| self.public_payer(name));
        if let (Some(payer), Some(Some(to)), Some(name)) = (payer, recipient, &file.recipient)
            && payer == to
        {
            let fault = Diagnostic::error("E503", "a transfer that changes nothing")
                .expected("a payer, and another who receives")
                .found(format!("`{}` paying itself", name.value));
            self.report(name.at, fault);
        }
        let area = file.area.as_ref().map(|name| self.scenario_area(name));
        let year = self.price_year(&file.price_year);
        if let Some(pounds) = file.pounds.as_ref().filter(|pounds| pounds.value < 0.0) {
            let fault = Diagnostic::error("E303", "a negative cost")
                .expected("0 or more pounds")
                .found(pounds.value.to_string())
                .hint("a saving is what other costs come to less; write the cost itself, above 0");
            self.report(pounds.at, fault);
        }
        let (Some(from), Some(payer), Some(year), Some(pounds)) =
            (&file.from, payer, year, &file.pounds)
        else {
            return;
        };
        option.costs.push(OptionCost {
            from: from.value,
            until: file.is_yearly.then(|| {
                let until = file.until.as_ref().map(|until| until.value);
                until.unwrap_or(self.plan.end)
            }),
            pounds: pounds.value * self.price_ratio(year),
            payer,
            recipient: recipient.flatten(),
            area: area.flatten(),
            is_cashable: !file.is_in_kind,
            grade: Grade::parse(&file.grade.value).unwrap_or(Grade::Judgement),
            title: file.title.value.clone(),
            source: file.source.value.clone(),
        });
    }

    fn check_until(&mut self, file: &OneOffFile) {
        if let (Some(from), Some(until)) = (&file.from, &file.until)
            && until.value <= from.value
        {
            let fault = Diagnostic::error("E515", "a cost that ends before it begins")
                .expected(format!("a month after {}", from.value))
                .found(until.value.to_string());
            self.report(until.at, fault);
        }
    }

    /// An option that changes something must cost something: by what it changes, by itself, or it says why not.
    pub(super) fn check_priced(&mut self, file: &OptionFile, option: &PlanOption) {
        let has_none = option.costs.is_empty() && file.costs.is_empty();
        if self.plan.costs.is_empty() || !has_none || file.without_costs.is_some() {
            return;
        }
        let mut unpriced: Vec<String> = Vec::new();
        let mut n_priced = 0;
        for change in &option.changes {
            match self.is_priced(change) {
                true => n_priced += 1,
                false if !unpriced.contains(&change.words) => unpriced.push(change.words.clone()),
                false => {}
            }
        }
        for (service, dated) in self.plan.services.iter().zip(&option.pools) {
            let running = &self.documents.scenario.running_costs;
            if dated.len() > 1 && running.iter().any(|cost| cost.service.value == service.id) {
                n_priced += 1;
            } else if dated.len() > 1 {
                unpriced.push(format!("{}: another arrangement", service.title));
            }
        }
        if unpriced.is_empty() {
            return;
        }
        if n_priced > 0 {
            let name = &option.id;
            self.plan.notes.push(format!(
                "“{name}” has no cost of its own, and nothing is charged for this part of it: {}. What it takes is counted as nothing.",
                unpriced.join("; ")
            ));
            return;
        }
        let fault = Diagnostic::error("E514", format!("the option `{}` has no costs", option.id))
            .expected("a cost in costs.toml on what it changes, or an [[option.cost]] of its own")
            .found(format!("nothing charged for {}", unpriced.join("; ")))
            .hint("add an [[option.cost]]; an option that takes nothing says `without_costs = \"why\"`");
        self.report(file.id.at, fault);
    }

    /// Whether a change moves something that is charged for.
    fn is_priced(&self, change: &Change) -> bool {
        let quantities = self.plan.quantities.iter().enumerate();
        let mut touched = quantities.filter(|(index, _)| change.target.is_of(&self.plan, *index));
        match change.target {
            Target::Population | Target::Walks => true,
            Target::Parameter(_) | Target::Quantity(_) => {
                touched.any(|(_, quantity)| self.is_quantity_priced(&quantity.id))
            }
        }
    }

    /// Of services only what changes who comes is charged for, where the service is charged for at all; whatever changes
    /// the journey meets the costs of the journey.
    fn is_quantity_priced(&self, id: &str) -> bool {
        let Some((service, part)) = id
            .strip_prefix("service.")
            .and_then(|id| id.rsplit_once('.'))
        else {
            return true;
        };
        let breakdown = format!("service={service}");
        let mut costs = self.plan.costs.iter();
        let is_charged = costs.any(|cost| cost.breakdown == breakdown);
        is_charged && WHO_COMES.contains(&part.split('.').next().unwrap_or(part))
    }
}

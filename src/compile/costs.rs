//! Costs and payers: what is charged on which measure, how, and that nothing is charged twice.

use super::quantities::Want;
use super::{Charged, Compiler, Cost, Counts, Payer};
use crate::diagnostic::Diagnostic;
use crate::document::{CostFile, Part, PayerFile, SOCIETY, Text};
use crate::quantity::{FinancialYear, Unit};

/// Months in a year of each time that a cost may be per.
const PER_YEAR: [(&str, f64); 4] = [
    ("month", 12.0),
    ("week", 365.25 / 7.0),
    ("day", 365.25),
    ("night", 365.25),
];

impl Compiler<'_> {
    /// Payers and costs.
    pub(super) fn take_costs(&mut self) {
        let payers = &self.documents.payers;
        let costs = &self.documents.costs;
        self.check_unique("payer", payers.iter().map(|payer| &payer.id));
        self.check_unique("cost", costs.iter().map(|cost| &cost.id));
        for payer in payers {
            let (id, title) = (payer.id.value.clone(), payer.title.value.clone());
            self.plan.payers.push(Payer {
                id,
                title,
                is_partner: payer.is_partner,
                is_public: payer.perspective.value != SOCIETY,
            });
        }
        self.check_perspectives();
        for file in costs {
            self.take_cost(file);
        }
        self.check_price_year();
    }

    /// Society is asked for only where somebody bears something that no budget pays.
    fn check_perspectives(&mut self) {
        let documents = self.documents;
        let mut asked = documents.scenario.perspectives.iter();
        let society = documents.payers.iter();
        let mut society = society.filter(|payer| payer.perspective.value == SOCIETY);
        let bears = |payer: &PayerFile| {
            let mut costs = documents.costs.iter();
            costs.any(|cost| cost.payer.value == payer.id.value)
        };
        let is_unread = documents.unread.contains(&Part::Costs);
        if let Some(asked) = asked.find(|text| text.value == SOCIETY)
            && !society.any(bears)
            && !is_unread
        {
            let fault = Diagnostic::error("E516", "nothing is valued for society")
                .expected("a payer with `perspective = \"society\"` in the model's costs.toml, and costs that it bears")
                .found("costs that are all public")
                .hint("take \"society\" away from `perspectives`, or add what people bear");
            self.report(asked.at, fault);
        }
    }

    fn asks_for_society(&self) -> bool {
        let mut asked = self.documents.scenario.perspectives.iter();
        asked.any(|text| text.value == SOCIETY)
    }

    fn take_cost(&mut self, file: &CostFile) {
        let id = format!("cost.{}", file.id.value);
        let payer = self.payer(&file.payer);
        let is_stock = self.is_stock(&file.measure);
        if is_stock.is_some() {
            self.check_breakdown(&file.measure, &file.breakdown);
        }
        let user = file.title.value.as_str();
        let is_by_time = is_stock.unwrap_or(false) || file.is_fixed || file.per.is_some();
        let unit_cost = self.quantity(id.clone(), &file.unit_cost, Want::Money, user);
        self.plan.quantities[unit_cost].scale = self.money_scale(unit_cost, is_by_time);
        let marginal_cost = file.marginal_cost.as_ref().map(|product| {
            let quantity = self.quantity(format!("{id}.marginal"), product, Want::Money, user);
            self.plan.quantities[quantity].scale = self.money_scale(quantity, is_by_time);
            quantity
        });
        let charged = match &file.per {
            Some(product) => {
                let per = self.quantity(format!("{id}.per"), product, Want::Number, user);
                self.check_size_of_step(per, product.at);
                Charged::Step(per)
            }
            None if file.is_fixed => Charged::Fixed,
            None => Charged::Each,
        };
        let (Some(payer), Some(_)) = (payer, is_stock) else {
            return;
        };
        if !self.plan.payers[payer].is_public && !self.asks_for_society() {
            let quantities = [Some(unit_cost), marginal_cost];
            return self.leave_out(quantities.into_iter().flatten(), user);
        }
        let cost = Cost {
            id: file.id.value.clone(),
            title: file.title.value.clone(),
            payer,
            measure: file.measure.value.clone(),
            breakdown: file.breakdown.value.clone(),
            unit_cost,
            marginal_cost,
            charged,
            is_cashable: file.is_cashable,
        };
        self.check_counted_once(file, &cost);
        self.plan.costs.push(cost);
    }

    /// What only a cost that is left out uses is no assumption of this run.
    fn leave_out(&mut self, quantities: impl Iterator<Item = usize>, user: &str) {
        for quantity in quantities {
            for factor in self.plan.quantities[quantity].factors.clone() {
                let used_by = &mut self.plan.parameters[factor].used_by;
                used_by.retain(|title| title != user);
                self.left_out.insert(factor);
            }
        }
    }

    /// So many that are none cannot share one.
    fn check_size_of_step(&mut self, per: usize, at: crate::document::At) {
        let factors = &self.plan.quantities[per].factors;
        let cells = self.plan.cells.iter();
        let mut of = cells.filter(|cell| factors.contains(&cell.parameter));
        if of.any(|cell| cell.value <= 0.0) {
            let fault = Diagnostic::error("E303", "a step of nothing")
                .expected("a number above 0 that one unit of the cost serves")
                .found("0");
            self.report(at, fault);
        }
    }

    /// The same price on the same people is a cost that is counted twice, whoever pays.
    fn check_counted_once(&mut self, file: &CostFile, cost: &Cost) {
        let prices = |quantity: usize| {
            let factors = self.plan.quantities[quantity].factors.iter();
            let is_money = |p: &&usize| matches!(self.plan.parameters[**p].unit, Unit::Gbp(_));
            factors.filter(is_money).copied().collect::<Vec<_>>()
        };
        let ours = prices(cost.unit_cost);
        let twice = self.plan.costs.iter().find(|other| {
            let theirs = prices(other.unit_cost);
            ours.iter().any(|price| theirs.contains(price))
                && self.overlap(cost, other)
                && (cost.charged == other.charged)
        });
        let Some(other) = twice.map(|other| other.id.clone()) else {
            return;
        };
        let fault = Diagnostic::error("E316", format!("`{}` is counted twice", file.id.value))
            .expected("each price once for the same people; who pays a part pays a price of its own")
            .found(format!("`{other}` charges the same price on the same people"))
            .hint("take one of them away; money that passes between payers is an `[[option.cost]]` with `to`");
        self.report(file.id.at, fault);
    }

    /// Whether two costs are charged on the same people.
    fn overlap(&self, a: &Cost, b: &Cost) -> bool {
        if (&a.measure, &a.breakdown) == (&b.measure, &b.breakdown) {
            return true;
        }
        let counts = |cost: &Cost| {
            let mut measures = self.plan.measures.iter();
            let measure = measures.find(|measure| measure.id == cost.measure);
            measure.map(|measure| &measure.counts)
        };
        let meet = |a: &[bool], b: &[bool]| a.iter().zip(b).any(|(a, b)| *a && *b);
        match (counts(a), counts(b)) {
            (Some(Counts::Stock(a)), Some(Counts::Stock(b)))
            | (Some(Counts::Entries(a)), Some(Counts::Entries(b))) => meet(a, b),
            _ => false,
        }
    }

    /// To pounds of the price year, and for what is charged by time to a year.
    fn money_scale(&mut self, unit_cost: usize, is_by_time: bool) -> f64 {
        let quantity = &self.plan.quantities[unit_cost];
        let mut scale = 1.0;
        if let Unit::Gbp(per) = &quantity.unit
            && is_by_time
        {
            let found = PER_YEAR.iter().find(|(time, _)| per.ends_with(time));
            scale = found.map_or(1.0, |(_, times)| *times);
        }
        let is_money =
            |parameter: &&usize| matches!(self.plan.parameters[**parameter].unit, Unit::Gbp(_));
        let Some(parameter) = quantity.factors.iter().find(is_money).copied() else {
            return scale;
        };
        let cells = self
            .plan
            .cells
            .iter()
            .filter(|cell| cell.parameter == parameter);
        let mut periods: Vec<String> = cells.map(|cell| cell.evidence.period.clone()).collect();
        periods.sort();
        periods.dedup();
        let at = self.parameter_at[parameter];
        if periods.len() > 1 {
            let id = &self.plan.parameters[parameter].id;
            let fault = Diagnostic::error(
                "E311",
                format!("the rows of `{id}` are in different prices"),
            )
            .expected("one price year in `period`")
            .found(periods.join(", "));
            self.report(at, fault);
            return scale;
        }
        let text = periods.pop().map(|value| Text { value, at });
        let year = text.map_or(Ok(None), |text| self.known_price_year(&text));
        match year {
            Ok(year) => scale * year.map_or(1.0, |year| self.price_ratio(year)),
            Err(fault) => {
                let mut rows = self.documents.parameters.iter();
                match rows.find(|row| row.at == at) {
                    Some(row) => self.report_cell(row, "period", *fault),
                    None => self.report(at, *fault),
                }
                scale
            }
        }
    }

    /// Money without a price year is no number: prices of which year it is in must be said.
    fn check_price_year(&mut self) {
        let scenario = &self.documents.scenario;
        let own = scenario.options.iter().map(|option| option.costs.len());
        let has_money = !self.plan.costs.is_empty() || own.sum::<usize>() > 0;
        if scenario.price_year.is_some() || !has_money {
            return;
        }
        let years = self.deflator_years();
        let year = years
            .last()
            .copied()
            .unwrap_or(FinancialYear::starting(self.plan.price_year));
        let fault = Diagnostic::error("E313", "the scenario has no price year")
            .expected("the financial year in whose prices money is told")
            .found("costs, and nothing that says in which prices")
            .hint(format!("add `price_year = \"{year}\"`"));
        self.report(scenario.title.at, fault);
    }
}

//! Everybody alone and everybody together, with one thing moved.

use super::worlds::Maker;
use crate::compile::options::first_difference;
use crate::compile::{Change, Operation, Plan, PlanOption, Target};

/// What one asks of a joint service when one asks what would change the verdict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lever {
    /// The uptake of partners who do not host, times this, in place of what the option says of their access.
    Travel(f64),
    /// The places of the joint service, times this.
    Scale(f64),
    /// The uptake of everybody, alone and together, times this.
    Demand(f64),
}

/// The plan whose options are, for each lever, everybody alone and everybody together, in this order.
pub fn lever_worlds(plan: &Plan, levers: &[Lever]) -> Option<Plan> {
    let maker = Maker::of(plan)?;
    let mut asked = plan.clone();
    asked.options = Vec::new();
    for lever in levers {
        asked
            .options
            .push(maker.pulled(maker.option(&[]), *lever, false));
        asked
            .options
            .push(maker.pulled(maker.option(&[maker.everybody()]), *lever, true));
    }
    asked.comparator = 0;
    Some(asked)
}

impl Maker<'_> {
    /// A world with a lever pulled.
    fn pulled(&self, mut option: PlanOption, lever: Lever, is_joint: bool) -> PlanOption {
        let from = self.plan.start;
        for &service in &self.sharing.services {
            let quantities = &self.plan.services[service];
            let uptake = Target::Quantity(quantities.uptake);
            let change = |area: Option<Vec<usize>>, target, by, from| Change {
                from,
                target,
                area,
                sex: None,
                age: None,
                priors: None,
                operation: Operation::Multiply(by),
                reaches_everyone: false,
                source: String::new(),
                words: String::new(),
            };
            let pooled = self.joint.pools[service]
                .iter()
                .find(|(_, hosts)| hosts.iter().enumerate().any(|(area, host)| area != *host));
            let begins = pooled.map_or(from, |(from, _)| *from);
            let partners = self.sharing.partners.clone();
            match lever {
                Lever::Travel(by) if is_joint => {
                    option.changes.retain(|change| {
                        change.target != uptake || change.area.as_ref().is_none_or(|a| a.len() != 1)
                    });
                    let hosts = option.hosts(service, self.plan.end).to_vec();
                    let visits = partners.into_iter().filter(|area| hosts[*area] != *area);
                    option
                        .changes
                        .push(change(Some(visits.collect()), uptake, by, begins));
                }
                Lever::Scale(by) if is_joint => {
                    let places = Target::Quantity(quantities.places);
                    option
                        .changes
                        .push(change(Some(partners), places, by, begins));
                }
                Lever::Demand(by) => option.changes.push(change(None, uptake, by, from)),
                Lever::Travel(_) | Lever::Scale(_) => {}
            }
        }
        option.changes.sort_by_key(|change| change.from);
        option.differs_from = first_difference(&option);
        option
    }
}

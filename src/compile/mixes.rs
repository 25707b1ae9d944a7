//! Mixes of places to options, so that they can be lived.

use super::options::first_difference;
use super::{Change, Keys, Mixing, Operation, Plan, PlanOption, Site, Target};

/// The plan with these mixes for options, in their order, and with no cost but those that the budget has to bear. A mix
/// has the places of every site of `mixing`.
pub fn mixes(plan: &Plan, mixing: &Mixing, mixes: &[Vec<u32>]) -> Plan {
    let costs = mixing.costs.iter().map(|cost| plan.costs[*cost].clone());
    let options = mixes.iter().enumerate();
    let mut mixed = Plan {
        costs: costs.collect(),
        options: options
            .map(|(index, places)| option(plan, mixing, index, places))
            .collect(),
        comparator: 0,
        comparisons: Vec::new(),
        running_costs: Vec::new(),
        optimism: None,
        weights: None,
        ..plan.clone()
    };
    for site in &mixing.sites {
        let quantity = &mut mixed.quantities[plan.services[site.service].places];
        quantity.keys = quantity.keys.or(Keys {
            area: true,
            ..Keys::default()
        });
    }
    mixed
}

fn option(plan: &Plan, mixing: &Mixing, index: usize, places: &[u32]) -> PlanOption {
    let mut option = PlanOption {
        id: format!("mix-{}", index + 1),
        costs: Vec::new(),
        ..plan.options[mixing.option].clone()
    };
    let sites = mixing.sites.iter().zip(places);
    let changes = sites.flat_map(|(site, places)| changes(plan, mixing, site, *places));
    option.changes.extend(changes);
    option.changes.sort_by_key(|change| change.from);
    option.differs_from = first_difference(&option);
    option
}

/// The host has all the places of a pool, the others none.
fn changes(plan: &Plan, mixing: &Mixing, site: &Site, places: u32) -> Vec<Change> {
    let set = |areas: Vec<usize>, to: u32| Change {
        from: mixing.from,
        target: Target::Quantity(plan.services[site.service].places),
        area: Some(areas),
        sex: None,
        age: None,
        priors: None,
        operation: Operation::Set(f64::from(to)),
        reaches_everyone: false,
        source: site.source.clone(),
        words: String::new(),
    };
    let others = site.areas.iter().copied();
    let others: Vec<usize> = others.filter(|area| *area != site.host).collect();
    let mut changes = vec![set(vec![site.host], places)];
    if !others.is_empty() {
        changes.push(set(others, 0));
    }
    changes
}

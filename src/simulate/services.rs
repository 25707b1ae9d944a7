//! What a service does with people, worked out from its numbers as they change.

use super::laws::Laws;
use super::person::Step;
use super::scope::ByStratum;
use super::states::Reading;
use super::stay::Geometric;
use super::versions::Versions;
use crate::compile::Service;

/// A service, ready for people.
pub struct ServiceLaw {
    referral: Versions<ByStratum<Referral>>,
    ending: Versions<ByStratum<Ending>>,
    /// What the length of support and its completion are read from.
    pub on_support: Reading,
}

/// What becomes of somebody who is referred.
pub struct Referral {
    /// The chance of taking it up.
    pub uptake: f64,
    /// How long patience lasts.
    pub patience: Geometric,
}

/// What the end of support brings.
#[derive(Clone, Copy)]
pub struct Ending {
    /// The chance that the need is met.
    pub meets_need: f64,
    /// For how many steps the effect goes on.
    pub effect_after: Step,
}

impl ServiceLaw {
    /// A service, with the numbers as they stand.
    pub fn of(laws: &Laws, service: &Service) -> ServiceLaw {
        let mut read = service.support.quantities();
        read.push(service.completion);
        let mut on_support = Reading::of(read);
        on_support.follow(laws, &[]);
        ServiceLaw {
            referral: referral(laws, service),
            ending: ending(laws, service),
            on_support,
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, service: &Service, changed: &[bool]) {
        if changed[service.uptake] || changed[service.patience] {
            self.referral = referral(laws, service);
        }
        if changed[service.meets_need] || changed[service.effect_after] {
            self.ending = ending(laws, service);
        }
        self.on_support.follow(laws, changed);
    }

    /// What becomes of those who are referred.
    #[inline]
    pub fn referral(&self) -> &Versions<ByStratum<Referral>> {
        &self.referral
    }

    /// What the end of support brings.
    #[inline]
    pub fn ending(&self) -> &Versions<ByStratum<Ending>> {
        &self.ending
    }
}

fn referral(laws: &Laws, service: &Service) -> Versions<ByStratum<Referral>> {
    let quantities = [service.uptake, service.patience];
    laws.versions(&quantities, |world| {
        ByStratum::of(laws.scope(&quantities), |stratum| Referral {
            uptake: laws.value(world, service.uptake, stratum),
            patience: Geometric::new(
                laws.value(world, service.patience, stratum),
                &laws.study.shapes.exponential,
            ),
        })
    })
}

fn ending(laws: &Laws, service: &Service) -> Versions<ByStratum<Ending>> {
    let quantities = [service.meets_need, service.effect_after];
    laws.versions(&quantities, |world| {
        ByStratum::of(laws.scope(&quantities), |stratum| {
            let after = laws.value(world, service.effect_after, stratum).round();
            Ending {
                meets_need: laws.value(world, service.meets_need, stratum),
                effect_after: (after as Step).max(0),
            }
        })
    })
}

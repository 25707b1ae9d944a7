//! Services.

use super::quantities::Want;
use super::{Compiler, Service, Stay};
use crate::diagnostic::Diagnostic;
use crate::document::ServiceFile;
use crate::quantity::{TimeUnit, Unit};

/// People carry what they have in hand of each service as bits of one word.
const MOST_SERVICES: usize = 32;

impl Compiler<'_> {
    /// Every service.
    pub(super) fn take_services(&mut self) {
        let services = &self.documents.services;
        self.check_unique("service", services.iter().map(|service| &service.id));
        if let Some(service) = services.get(MOST_SERVICES) {
            let fault = Diagnostic::error("E315", "too many services")
                .expected(format!("at most {MOST_SERVICES}"))
                .found(services.len().to_string());
            self.report(service.id.at, fault);
        }
        for file in services {
            let service = self.service(file);
            self.plan.services.push(service);
        }
    }

    fn service(&mut self, file: &ServiceFile) -> Service {
        let id = format!("service.{}", file.id.value);
        let user = file.title.value.as_str();
        let key = |part: &str| format!("{id}.{part}");
        let ratio = (1.0, Unit::Ratio);
        let support = file.support.as_ref();
        Service {
            id: file.id.value.clone(),
            title: file.title.value.clone(),
            need: self.need(&file.need).unwrap_or(0),
            refers_on: self.states(&file.refers_on),
            stays_in: self.states(&file.stays_in),
            uptake: self.quantity(key("uptake"), &file.uptake, Want::Share, user),
            patience: self.quantity(key("patience"), &file.patience, Want::Time, user),
            support: support.map_or(Stay::Open, |stay| self.stay(&id, "support", stay, user)),
            completion: self.quantity_or(
                key("completion"),
                &file.completion,
                Want::Share,
                user,
                (1.0, Unit::Share),
            ),
            meets_need: self.quantity_or(
                key("meets_need"),
                &file.meets_need,
                Want::Share,
                user,
                (1.0, Unit::Share),
            ),
            hazard_ratio: self.quantity_or(
                key("hazard_ratio"),
                &file.hazard_ratio,
                Want::HazardRatio,
                user,
                ratio,
            ),
            // An empty product is 1, and nothing times 1 month is no time at all.
            effect_after: self.quantity_or(
                key("effect_after"),
                &file.effect_after,
                Want::Time,
                user,
                (0.0, Unit::Time(TimeUnit::Month)),
            ),
            places: self.quantity(key("places"), &file.places, Want::Places, user),
            is_health: file.discount.value == "health",
        }
    }
}

//! What was found, for a machine.

use serde_json::{Value, json};

use super::{MixReport, tables};
use crate::appraise::mix::{Mix, Next};
use crate::summarise::Estimate;

impl MixReport<'_> {
    /// The choice, how sure it is, what the next pounds bring; the mixes tried stand in `mixes.csv`.
    pub fn json(&self) -> String {
        let mixed = self.mixed;
        let budget = &self.mixing.budget;
        let rivals = mixed.rivals.iter().map(|mix| self.mix(*mix));
        let margins = mixed.margins.iter().map(|margin| {
            let site = &self.mixing.sites[margin.site];
            json!({
                "service": self.plan.services[site.service].id,
                "area_code": self.plan.areas[site.host].code,
                "step": margin.step,
                "step_cost": number(margin.cost),
                "gain": estimate(&margin.gain),
                "gain_of_step": estimate(&margin.gain_of_step),
                "is_best_of_service": margin.is_best_of_service,
                "note": tables::note(margin),
            })
        });
        let whole = json!({
            "outcome": self.mixing.outcome.id,
            "unit": self.unit(),
            "is_more_better": self.is_more_better(),
            "budget": { "gbp": budget.pounds, "per": if budget.is_yearly { "year" } else { "horizon" } },
            "choice": self.mix(mixed.choice),
            "today": self.mix(mixed.today),
            "more": estimate(&mixed.more),
            "probability_as_good": mixed.as_good,
            "probability_as_good_held_back": mixed.as_good_held_back,
            "probability_within_budget": mixed.within_budget,
            "margin": mixed.margin,
            "shortfall": mixed.shortfall,
            "is_sure": mixed.is_sure,
            "not_told_apart": rivals.collect::<Vec<Value>>(),
            "pounds": Next::POUNDS,
            "next_pounds": margins.collect::<Vec<Value>>(),
            "mixes_tried": mixed.mixes.len(),
            "lives": mixed.n_lives,
            "draws_chosen_by": mixed.n_chosen_by,
            "draws_held_back": mixed.n_held_back,
        });
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    fn mix(&self, index: usize) -> Value {
        let mix: &Mix = &self.mixed.mixes[index];
        let sites = self.mixing.sites.iter().zip(&mix.places);
        let places = sites.map(|(site, places)| {
            let areas = site
                .areas
                .iter()
                .map(|area| self.plan.areas[*area].code.clone());
            json!({
                "service": self.plan.services[site.service].id,
                "area_codes": areas.collect::<Vec<String>>(),
                "places": places,
            })
        });
        json!({
            "mix": self.name(index),
            "places": places.collect::<Vec<Value>>(),
            "outcome": estimate(&mix.outcome),
            "cost": estimate(&mix.cost),
            "draws": mix.n_draws,
            "measured_in": tables::measured_in(mix),
            "is_within_budget": mix.is_within,
            "share_of_draws_over_budget": number(mix.over_budget),
            "probability_best": number(mix.probability_best),
            "probability_best_held_back": number(mix.probability_best_held_back),
        })
    }
}

fn estimate(estimate: &Estimate) -> Value {
    json!({
        "mean": number(estimate.mean),
        "p05": number(estimate.p05),
        "p95": number(estimate.p95),
        "mc_error": number(estimate.mc_error),
    })
}

fn number(value: f64) -> Value {
    match value.is_finite() {
        true => json!(value),
        false => Value::Null,
    }
}

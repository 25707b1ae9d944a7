//! `services.toml`: what helps, whom, for how long and with what effect.

use super::fields::{Fields, Product};
use super::model_file::StayFile;
use super::model_reading::stay;
use super::source::{At, Spanned, Text};

/// A service as written.
#[derive(Debug, Clone)]
pub struct ServiceFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// The need it meets.
    pub need: Text,
    /// States whose entry may refer.
    pub refers_on: Vec<Text>,
    /// States where people may wait and be supported.
    pub stays_in: Vec<Text>,
    /// Share of those with the need who join.
    pub uptake: Product,
    /// Mean time in the queue before giving up.
    pub patience: Product,
    /// How long support lasts.
    pub support: Option<Spanned<StayFile>>,
    /// Share who complete; everybody when not said.
    pub completion: Option<Product>,
    /// Chance that completion meets the need; certain when not said.
    pub meets_need: Option<Product>,
    /// Ratio on the clock's hazard; one when not said.
    pub hazard_ratio: Option<Product>,
    /// How long the ratio holds after completion; not at all when not said.
    pub effect_after: Option<Product>,
    /// Places by area.
    pub places: Product,
    /// Whether needs that it meets are discounted as money or as health: `standard`, `health`.
    pub discount: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn services_file(fields: Fields<'_>) -> Vec<ServiceFile> {
    let services = fields.tables("service").into_iter().map(service).collect();
    fields.close();
    services
}

fn service(fields: Fields<'_>) -> ServiceFile {
    fields.require("refers_on", "a list of states");
    fields.require("stays_in", "a list of states");
    let id = fields.text("id");
    let service = ServiceFile {
        title: fields.text_or("title", &id.value),
        id,
        need: fields.text("need"),
        refers_on: fields.texts("refers_on"),
        stays_in: fields.texts("stays_in"),
        uptake: fields.product("uptake"),
        patience: fields.product("patience"),
        support: stay(&fields, "support", &[]),
        completion: fields.optional_product("completion"),
        meets_need: fields.optional_product("meets_need"),
        hazard_ratio: fields.optional_product("hazard_ratio"),
        effect_after: fields.optional_product("effect_after"),
        places: fields.product("places"),
        discount: fields.word("discount", &["standard", "health"]),
        at: fields.at,
    };
    fields.close();
    service
}

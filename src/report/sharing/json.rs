//! Everything that is known of the shares, for a machine.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::SharingReport;
use crate::appraise::sharing::{Objection, RULES, Rule, Transfers};

/// Keys of the answer that are no rules.
const KEYS: [&str; 15] = [
    "partners",
    "alone",
    "together",
    "in_core",
    "individually_rational",
    "better_inside",
    "side_payment",
    "objection",
    "transfers",
    "saving",
    "unallocated",
    "core_empty",
    "least_core",
    "subsidy",
    "rules",
];

/// Names that no weight may have, because rules stand beside these keys.
pub fn reserved_names() -> Vec<&'static str> {
    RULES.iter().chain(&KEYS).copied().collect()
}

/// Values by the name of a rule or partner, in their order.
struct By<'a, T>(Vec<(&'a str, T)>);

impl<T: Serialize> Serialize for By<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    partners: &'a [String],
    #[serde(flatten)]
    shares: By<'a, By<'a, f64>>,
    in_core: By<'a, bool>,
    core_empty: bool,
    individually_rational: By<'a, bool>,
    side_payment: By<'a, f64>,
    objection: By<'a, Option<ObjectionEntry>>,
    transfers: By<'a, Option<TransfersEntry<'a>>>,
    better_inside: By<'a, By<'a, bool>>,
    saving: By<'a, By<'a, f64>>,
    unallocated: By<'a, f64>,
    alone: By<'a, f64>,
    together: f64,
    least_core: f64,
    subsidy: f64,
    rules: Vec<&'a str>,
}

#[derive(Serialize)]
struct ObjectionEntry {
    members: Vec<String>,
    excess: f64,
}

#[derive(Serialize)]
struct TransfersEntry<'a> {
    total: f64,
    pays_more: By<'a, f64>,
}

impl<'a> SharingReport<'a> {
    /// Everything, in full precision.
    pub fn json(&self) -> String {
        let sharing = self.0;
        let whole = Whole {
            partners: &sharing.partners,
            shares: self.by_rule(|rule| self.by_partner(&rule.shares)),
            in_core: self.by_rule(|rule| rule.is_in_core),
            core_empty: sharing.is_core_empty,
            individually_rational: self.by_rule(Rule::is_individually_rational),
            side_payment: self.by_rule(Rule::side_payment),
            objection: self.by_rule(|rule| rule.objection.as_ref().map(|o| self.objection(o))),
            transfers: self.by_rule(|rule| rule.transfers.as_ref().map(|t| self.transfers(t))),
            better_inside: self.by_rule(|rule| self.by_partner(&rule.is_better_inside)),
            saving: self.by_rule(|rule| self.saving(rule)),
            unallocated: self.by_rule(|rule| rule.unallocated),
            alone: self.by_partner(&sharing.alone),
            together: sharing.together,
            least_core: sharing.least_core,
            subsidy: sharing.subsidy,
            rules: sharing.rules.iter().map(|rule| rule.id.as_str()).collect(),
        };
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    fn by_rule<T>(&self, value: impl Fn(&'a Rule) -> T) -> By<'a, T> {
        let rules = self.0.rules.iter();
        By(rules.map(|rule| (rule.id.as_str(), value(rule))).collect())
    }

    fn by_partner<T: Copy>(&self, values: &[T]) -> By<'a, T> {
        let partners = self.0.partners.iter().zip(values);
        By(partners
            .map(|(name, value)| (name.as_str(), *value))
            .collect())
    }

    fn saving(&self, rule: &Rule) -> By<'a, f64> {
        let savings = self
            .0
            .alone
            .iter()
            .zip(&rule.shares)
            .map(|(alone, share)| alone - share);
        self.by_partner(&savings.collect::<Vec<f64>>())
    }

    fn objection(&self, objection: &Objection) -> ObjectionEntry {
        ObjectionEntry {
            members: self.names(objection),
            excess: objection.excess,
        }
    }

    fn transfers(&self, transfers: &Transfers) -> TransfersEntry<'a> {
        TransfersEntry {
            total: transfers.total,
            pays_more: self.by_partner(&transfers.payments),
        }
    }
}

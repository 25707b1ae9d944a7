//! Everything that is known of the shares, for a machine.

use serde_json::{Map, Value, json};

use super::SharingReport;
use crate::appraise::sharing::{RULES, Rule};

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

impl SharingReport<'_> {
    /// Everything, in full precision.
    pub fn json(&self) -> String {
        let sharing = self.0;
        let ids: Vec<&str> = sharing.rules.iter().map(|rule| rule.id.as_str()).collect();
        let mut whole = Map::new();
        let mut put = |key: &str, value: Value| whole.insert(key.to_owned(), value);
        put("partners", json!(sharing.partners));
        for rule in &sharing.rules {
            put(&rule.id, self.by_partner(&rule.shares));
        }
        put("in_core", self.by_rule(|rule| json!(rule.is_in_core)));
        put("core_empty", json!(sharing.is_core_empty));
        put(
            "individually_rational",
            self.by_rule(|rule| json!(rule.is_individually_rational())),
        );
        put(
            "side_payment",
            self.by_rule(|rule| json!(rule.side_payment())),
        );
        put("objection", self.by_rule(|rule| self.objection(rule)));
        put("transfers", self.by_rule(|rule| self.transfers(rule)));
        put(
            "better_inside",
            self.by_rule(|rule| self.by_partner(&rule.is_better_inside)),
        );
        put("saving", self.by_rule(|rule| self.saving(rule)));
        put("unallocated", self.by_rule(|rule| json!(rule.unallocated)));
        put("alone", self.by_partner(&sharing.alone));
        put("together", json!(sharing.together));
        put("least_core", json!(sharing.least_core));
        put("subsidy", json!(sharing.subsidy));
        put("rules", json!(ids));
        // A value made of numbers and words can always be written.
        serde_json::to_string_pretty(&Value::Object(whole)).unwrap_or_default() + "\n"
    }

    fn by_rule(&self, value: impl Fn(&Rule) -> Value) -> Value {
        let rules = self.0.rules.iter();
        Value::Object(rules.map(|rule| (rule.id.clone(), value(rule))).collect())
    }

    fn by_partner<T: Copy + Into<Value>>(&self, values: &[T]) -> Value {
        let partners = self.0.partners.iter().zip(values);
        Value::Object(
            partners
                .map(|(name, value)| (name.clone(), (*value).into()))
                .collect(),
        )
    }

    fn saving(&self, rule: &Rule) -> Value {
        let savings = self
            .0
            .alone
            .iter()
            .zip(&rule.shares)
            .map(|(alone, share)| alone - share);
        self.by_partner(&savings.collect::<Vec<f64>>())
    }

    fn objection(&self, rule: &Rule) -> Value {
        let objection = rule.objection.as_ref();
        objection.map_or(
            Value::Null,
            |o| json!({ "members": self.names(o), "excess": o.excess }),
        )
    }

    fn transfers(&self, rule: &Rule) -> Value {
        let transfers = rule.transfers.as_ref();
        transfers.map_or(
            Value::Null,
            |t| json!({ "total": t.total, "pays_more": self.by_partner(&t.payments) }),
        )
    }
}

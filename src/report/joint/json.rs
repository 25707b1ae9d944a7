//! Sharing for a machine: the keys of `share --from`, and what the draws add.

use serde_json::{Map, Value, json};

use super::JointReport;
use crate::appraise::joint::{Change, NO_NUCLEOLUS, named};
use crate::report::SharingReport;
use crate::summarise::Estimate;

impl JointReport<'_> {
    /// Everything, in full precision.
    pub fn json(&self) -> String {
        let joint = self.joint;
        let mut whole = match &joint.expected {
            Some(sharing) => {
                serde_json::from_str(&SharingReport(sharing).json()).unwrap_or_default()
            }
            None => self.without_all_coalitions(),
        };
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("title".to_owned(), json!(self.plan.title));
            whole.insert("services".to_owned(), json!(joint.services));
            whole.insert("draws".to_owned(), json!(joint.n_draws));
            whole.insert("all_coalitions".to_owned(), json!(joint.is_exact));
            whole.insert("orders_of_joining".to_owned(), json!(joint.n_orders));
            whole.insert("over_draws".to_owned(), self.over_draws());
            whole.insert(
                "probability_core_empty".to_owned(),
                number(joint.core_empty),
            );
            whole.insert("coalitions".to_owned(), self.coalitions());
            whole.insert("partner_results".to_owned(), self.partner_results());
            whole.insert("access_gap".to_owned(), change(&joint.access_gap));
            whole.insert("wait_gap".to_owned(), change(&joint.wait_gap));
            whole.insert("verdict".to_owned(), self.verdict_json());
            whole.insert("switching".to_owned(), self.switching_json());
            whole.insert("told".to_owned(), json!(self.told()));
            whole.insert("citations".to_owned(), json!(self.cited()));
        }
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    /// The keys of `share --from` as far as they are known where only some coalitions were lived.
    fn without_all_coalitions(&self) -> Value {
        let joint = self.joint;
        let by_partner = |values: Vec<f64>| -> Value {
            let partners = joint.partners.iter().cloned();
            partners
                .zip(values.into_iter().map(number))
                .collect::<Map<_, _>>()
                .into()
        };
        let alone = joint.members.iter().map(|member| member.cost.alone.mean);
        let alone: Vec<f64> = alone.collect();
        let by_rule = |value: &dyn Fn(&[f64]) -> Value| -> Value {
            let rules = joint.rules.iter().map(|rule| {
                let shares = rule.shares.iter().map(|share| share.mean);
                (rule.id.clone(), value(&shares.collect::<Vec<_>>()))
            });
            rules.collect::<Map<_, _>>().into()
        };
        // What each pays and what each pays alone are known, though not what every group would.
        let saved =
            |shares: &[f64]| -> Vec<f64> { alone.iter().zip(shares).map(|(a, s)| a - s).collect() };
        let is_better = |saving: &f64| *saving >= 0.0;
        let mut whole = Map::new();
        whole.insert("partners".to_owned(), json!(joint.partners));
        for rule in &joint.rules {
            let shares = rule.shares.iter().map(|share| share.mean);
            whole.insert(rule.id.clone(), by_partner(shares.collect()));
        }
        whole.insert("nucleolus".to_owned(), Value::Null);
        whole.insert("nucleolus_missing".to_owned(), json!(NO_NUCLEOLUS));
        whole.insert("in_core".to_owned(), Value::Null);
        whole.insert("core_empty".to_owned(), Value::Null);
        let rational = |shares: &[f64]| json!(saved(shares).iter().all(is_better));
        whole.insert("individually_rational".to_owned(), by_rule(&rational));
        let better = |shares: &[f64]| {
            let names = joint.partners.iter().cloned();
            let each = names.zip(
                saved(shares)
                    .into_iter()
                    .map(|saving| json!(is_better(&saving))),
            );
            Value::from(each.collect::<Map<_, _>>())
        };
        whole.insert("better_inside".to_owned(), by_rule(&better));
        let saving = |shares: &[f64]| by_partner(saved(shares));
        whole.insert("saving".to_owned(), by_rule(&saving));
        whole.insert("alone".to_owned(), by_partner(alone.clone()));
        let together = joint.coalitions.last();
        let together = together.map_or(f64::NAN, |all| all.criteria.cost.together.mean);
        whole.insert("together".to_owned(), number(together));
        let rules = joint.rules.iter().map(|rule| rule.id.as_str());
        whole.insert("rules".to_owned(), json!(rules.collect::<Vec<_>>()));
        whole.into()
    }

    fn over_draws(&self) -> Value {
        let rules = self.joint.rules.iter().map(|rule| {
            let shares = self.joint.partners.iter().zip(&rule.shares);
            let shares = shares.map(|(name, share)| (name.clone(), estimate(share)));
            let better = self.joint.partners.iter().zip(&rule.better_inside);
            let better = better.map(|(name, p)| (name.clone(), number(*p)));
            let value = json!({
                "shares": shares.collect::<Map<_, _>>(),
                "probability_in_core": number(rule.in_core),
                "probability_individually_rational": number(rule.individually_rational),
                "probability_better_inside": better.collect::<Map<_, _>>(),
                "side_payment": estimate(&rule.side_payment),
            });
            (rule.id.clone(), value)
        });
        rules.collect::<Map<_, _>>().into()
    }

    fn coalitions(&self) -> Value {
        let coalitions = self.joint.coalitions.iter().map(|coalition| {
            let mut entry = self.changes(&coalition.criteria);
            entry.insert("members".to_owned(), json!(self.names(coalition.members)));
            Value::from(entry)
        });
        coalitions.collect::<Vec<_>>().into()
    }

    fn partner_results(&self) -> Value {
        let members = self.joint.partners.iter().zip(&self.joint.members);
        let members = members.map(|(name, criteria)| (name.clone(), self.changes(criteria).into()));
        members.collect::<Map<_, _>>().into()
    }

    fn changes(&self, criteria: &crate::appraise::joint::Criteria) -> Map<String, Value> {
        let named = self.criteria(criteria).into_iter();
        named
            .map(|named| (named.id, change(named.change)))
            .collect()
    }

    fn verdict_json(&self) -> Value {
        let verdict = &self.joint.verdict;
        let partners = self.joint.partners.iter().zip(&verdict.for_partner);
        let partners = partners.map(|(name, value)| (name.clone(), json!(value.words())));
        json!({
            "asked": verdict.asked.word(),
            "level": verdict.level.word(),
            "value": verdict.value.words(),
            "for_partner": partners.collect::<Map<_, _>>(),
            "told": self.told(),
        })
    }

    fn switching_json(&self) -> Value {
        let switching = self.joint.switching.iter().map(|found| {
            json!({
                "lever": found.lever,
                "measure": found.criterion,
                "switching_value": found.at,
                "changes": found.n_changes,
                "is_better_at_the_least": found.is_better_first,
                "tried": [found.tried.0, found.tried.1],
            })
        });
        let levers = self.joint.levers.iter().map(|row| {
            let (lever, at) = named(row.lever);
            let mut entry = self.changes(&row.criteria);
            entry.insert("lever".to_owned(), json!(lever));
            entry.insert("at".to_owned(), json!(at));
            Value::from(entry)
        });
        json!({ "values": switching.collect::<Vec<_>>(), "tried": levers.collect::<Vec<_>>() })
    }
}

/// No number is null.
fn number(value: f64) -> Value {
    json!(value.is_finite().then_some(value))
}

fn estimate(estimate: &Estimate) -> Value {
    json!({
        "mean": number(estimate.mean),
        "p05": number(estimate.p05),
        "p50": number(estimate.p50),
        "p95": number(estimate.p95),
        "mc_error": number(estimate.mc_error),
    })
}

fn change(change: &Change) -> Value {
    json!({
        "alone": estimate(&change.alone),
        "together": estimate(&change.together),
        "difference": estimate(&change.difference),
        "probability_better": match change.direction {
            crate::compile::Better::Neither => Value::Null,
            _ => number(change.better),
        },
    })
}

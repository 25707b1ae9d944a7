//! What sharing comes to, in sentences.

use super::JointReport;
use super::figures::rule_words;
use crate::appraise::joint::{CITATIONS, Change, FEWEST_DRAWS, Level, Value};
use crate::quantity::Grade;
use crate::report::number::{about, chance, exact, list, lower_first, signed};

impl JointReport<'_> {
    /// The verdict, who gains and loses, whether shares hold, and what would change it.
    pub fn told(&self) -> Vec<String> {
        let mut said = vec![self.on_the_whole(), self.resting(), self.differences()];
        said.extend(self.by_partner());
        said.push(self.gap());
        said.push(self.holding());
        said.extend(self.switching());
        said.retain(|sentence| !sentence.is_empty());
        said
    }

    fn services(&self) -> String {
        let services = self.joint.services.iter().map(|title| lower_first(title));
        list(&services.collect::<Vec<_>>())
    }

    fn on_the_whole(&self) -> String {
        let verdict = &self.joint.verdict;
        let (services, who) = (self.services(), list(&self.joint.partners));
        let asked = match verdict.asked {
            Level::National => "One national service".to_owned(),
            _ => format!("One service for {who}"),
        };
        let answer = match verdict.value {
            Value::Shown => format!("value is shown, so that the verdict is {}", verdict.level.word()),
            Value::Mixed => "it is better on one thing and worse on another: whether that is value is for partners to say, and until they do the verdict is local".to_owned(),
            Value::Lost => "it is worse than going alone, so that the verdict is local".to_owned(),
            Value::NotShown => "value is not shown, so that the verdict is local".to_owned(),
            Value::Unknown => format!(
                "{FEWEST_DRAWS} draws or more are needed to tell whether there is value"
            ),
        };
        format!("{asked} ({services}): {answer}.")
    }

    /// What the verdict rests on that is no evidence.
    fn resting(&self) -> String {
        let plan = self.plan;
        let is_placeholder = |grade: Grade| grade == Grade::Placeholder;
        let running = plan.running_costs.iter();
        let running = running.filter(|cost| is_placeholder(cost.grade));
        let mut rests: Vec<String> = running.map(|cost| lower_first(&cost.title)).collect();
        let parameters = plan.parameters.iter().filter(|parameter| {
            let of_shared = |title: &String| self.joint.services.contains(title);
            let mut cells = parameter.cells.iter().flatten();
            parameter.used_by.iter().any(of_shared)
                && cells.any(|(_, cell)| is_placeholder(plan.cells[*cell].evidence.grade))
        });
        rests.extend(parameters.map(|parameter| parameter.id.clone()));
        match rests.is_empty() {
            true => String::new(),
            false => format!(
                "This rests on placeholders, which are no evidence: {}. Replace them before relying on it.",
                list(&rests)
            ),
        }
    }

    /// Where the guidance says what the verdict answers.
    pub(super) fn cited(&self) -> Vec<String> {
        let cited = CITATIONS.iter().map(|citation| {
            let known = match citation.was_read {
                true => "",
                false => " (recalled, to be checked)",
            };
            format!("{}{known}: {}", citation.text, citation.words)
        });
        cited.collect()
    }

    fn differences(&self) -> String {
        let Some(all) = self.joint.coalitions.last() else {
            return String::new();
        };
        let said: Vec<String> = (self.criteria(&all.criteria).iter())
            .filter(|named| ["cost", "needs_met", "wait_months_mean"].contains(&named.id.as_str()))
            .map(|named| {
                format!(
                    "{}: {}",
                    lower_first(&named.title),
                    difference(named.change, named.unit)
                )
            })
            .collect();
        format!(
            "Together against alone, over the forecast: {}.",
            said.join("; ")
        )
    }

    pub(super) fn by_partner(&self) -> Vec<String> {
        let verdict = &self.joint.verdict;
        let of = |value: Value| -> Vec<String> {
            let partners = self.joint.partners.iter().zip(&verdict.for_partner);
            let partners = partners.filter(|(_, own)| **own == value);
            partners.map(|(name, _)| name.clone()).collect()
        };
        let mut said = Vec::new();
        for (value, words) in [
            (Value::Shown, "Value is shown for"),
            (Value::Mixed, "Better on one thing and worse on another for"),
            (Value::Lost, "Worse than alone for"),
            (
                Value::NotShown,
                "Neither better nor worse, as far as the draws can tell, for",
            ),
        ] {
            let names = of(value);
            if !names.is_empty() {
                said.push(format!("{words} {}.", list(&names)));
            }
        }
        said
    }

    fn gap(&self) -> String {
        let gap = &self.joint.access_gap;
        if !gap.alone.mean.is_finite() {
            return String::new();
        }
        format!(
            "Access (the share of those in need who start) differs by up to {} between partners alone, and by {} together{}.",
            about(gap.alone.mean, "share"),
            about(gap.together.mean, "share"),
            match gap.better.is_finite() {
                true => format!(" (closer together with probability {})", chance(gap.better)),
                false => String::new(),
            }
        )
    }

    /// Whether shares of the cost hold.
    fn holding(&self) -> String {
        let joint = self.joint;
        let mut rules: Vec<_> = joint
            .rules
            .iter()
            .filter(|rule| rule.id != "marginal")
            .collect();
        rules.sort_by(|a, b| b.in_core.total_cmp(&a.in_core));
        if joint.n_draws == 0 {
            return String::new();
        }
        let said: Vec<String> = rules
            .iter()
            .map(|rule| format!("{} {}", rule_words(&rule.id), chance(rule.in_core)))
            .collect();
        let among = match joint.is_exact {
            true => "no partner and no group",
            false => "no partner and none of the groups that were simulated",
        };
        let empty = match joint.core_empty {
            p if p.is_finite() => format!(
                " No sharing at all would hold with probability {}.",
                chance(p)
            ),
            _ => String::new(),
        };
        format!(
            "Probability that {among} is better out, by rule: {}.{empty}",
            said.join(", ")
        )
    }

    /// What would change it: where a mean difference changes sign, then where none does.
    fn switching(&self) -> Vec<String> {
        let (mut said, mut same, mut unclear) = (Vec::new(), Vec::new(), Vec::new());
        for found in &self.joint.switching {
            let (what, criterion) = (lever(found.lever), criterion(found.criterion));
            let named = || format!("{criterion} by {}", found.lever.replace('_', " "));
            let Some(is_better) = found.is_better_first else {
                unclear.push(named());
                continue;
            };
            let (first, then) = match is_better {
                true => ("better", "worse"),
                false => ("worse", "better"),
            };
            let span = match found.tried {
                (least, most) if most.is_finite() => {
                    format!(", as far as was tried ({least} to {most})")
                }
                _ => String::new(),
            };
            match (found.at, found.n_changes) {
                (Some(at), _) => said.push(format!(
                    "On {criterion}, together is {first} while {what} is below {at:.2}, and {then} above{span}."
                )),
                (None, 0) => same.push(named()),
                (None, n) => said.push(format!(
                    "On {criterion}, together is {first} first and changes {n} times while {what} goes from {} to {}.",
                    found.tried.0, found.tried.1
                )),
            }
        }
        if !unclear.is_empty() {
            said.push(format!(
                "What was tried does not tell which is better on {}.",
                list(&unclear)
            ));
        }
        if !same.is_empty() {
            said.push(format!(
                "Nothing that was tried changes which is better in the rest: {}.",
                list(&same)
            ));
        }
        said
    }
}

/// What a lever stands for.
fn lever(lever: &str) -> &'static str {
    match lever {
        "travel" => "the uptake of partners who do not host, as a share of what it is alone,",
        "scale" => "the number of the joint service's places, as a multiple of those planned,",
        "running_cost" => "what running a service costs, as a multiple of what the scenario says,",
        _ => "demand (the uptake of everybody), as a multiple of today's,",
    }
}

fn criterion(id: &str) -> &'static str {
    match id {
        "cost" => "cost",
        "needs_met" => "needs met",
        _ => "waits",
    }
}

/// A difference with its range, and how probably it is better.
pub(super) fn difference(change: &Change, unit: &str) -> String {
    let show = |value: f64| match unit {
        "months" => signed(value, |v| exact(v, unit)),
        _ => signed(value, |v| about(v, unit)),
    };
    let mean = show(change.difference.mean);
    let unit = match unit {
        "months" => " months",
        _ => "",
    };
    if !change.difference.has_range() {
        return format!("{mean}{unit}");
    }
    format!(
        "{mean}{unit} (90% range {} to {}; better with probability {})",
        show(change.difference.p05),
        show(change.difference.p95),
        chance(change.better)
    )
}

//! Whether a duty of a plan is met, with the reason, from what the model and the scenario hold.

use super::{Law, NationalOutcome, Plan, QuantityIdx, Verdict};
use crate::document::{PartnershipPlanFile, StatementFile};
use crate::quantity::Grade;

use Verdict::{CannotTell, Met, NotMet};

type Answer = (Verdict, String);

/// The answer to what a duty asks. What only people can say is as the plan of the scenario states it; a statement also
/// settles what would otherwise be left open, never what can be seen.
pub(super) fn verdict(
    asks: &str,
    plan: &Plan,
    said: Option<&PartnershipPlanFile>,
    statement: Option<&StatementFile>,
) -> Answer {
    let (verdict, reason) = match asks {
        "statutory-partners" => statutory_partners(plan, said),
        "outcomes-assessed" => of_outcomes(plan, "assessed", is_assessed),
        "outcomes-prioritised" | "outcomes-acted-on" if said.is_none() => (
            CannotTell,
            "The scenario has no `[plan]` that says so.".to_owned(),
        ),
        "outcomes-prioritised" => of_outcomes(plan, "given a priority or none", |outcome| {
            outcome.is_priority.is_some()
        }),
        "outcomes-acted-on" => acted_on(plan),
        "indicators-explained" => indicators_explained(plan),
        "area-described" => area_described(plan),
        "evidence-graded" => evidence_graded(plan),
        "past-judged" => past_judged(plan),
        "investment-linked" => investment_linked(plan),
        "services-mapped" => services_mapped(plan),
        "needs-forecast" => needs_forecast(plan),
        "options-considered" => options_considered(plan),
        "local-by-default" => local_by_default(plan),
        _ => (
            CannotTell,
            "Only the partners can say; the scenario's `[plan]` has no `[[plan.statement]]` of it."
                .to_owned(),
        ),
    };
    match statement.filter(|_| verdict == CannotTell) {
        Some(said) => {
            let verdict = if said.is_met { Met } else { NotMet };
            (
                verdict,
                format!("As the plan states: {}", said.evidence.value),
            )
        }
        None => (verdict, reason),
    }
}

fn statutory_partners(plan: &Plan, said: Option<&PartnershipPlanFile>) -> Answer {
    let statutory = plan.payers.iter().filter(|payer| payer.is_partner);
    let Some(named) = said.and_then(|said| said.partners.as_ref()) else {
        let reason = "The scenario's `[plan]` does not name the `partners` that take part.";
        return (CannotTell, reason.to_owned());
    };
    let absent: Vec<&str> = statutory
        .filter(|payer| named.iter().all(|name| name.value != payer.id))
        .map(|payer| payer.title.as_str())
        .collect();
    if absent.is_empty() {
        return (Met, "Every statutory partner takes part.".to_owned());
    }
    (
        NotMet,
        format!("Not among the partners: {}.", absent.join("; ")),
    )
}

/// Of the nationally determined outcomes: what stands over them is none of them.
fn of_outcomes(plan: &Plan, done: &str, is_done: impl Fn(&NationalOutcome) -> bool) -> Answer {
    let outcomes = plan.duties.outcomes.iter();
    let outcomes: Vec<_> = outcomes.filter(|outcome| !outcome.is_overarching).collect();
    count(&outcomes, "national outcomes", done, is_done)
}

fn count(
    outcomes: &[&NationalOutcome],
    what: &str,
    done: &str,
    is_done: impl Fn(&NationalOutcome) -> bool,
) -> Answer {
    if outcomes.is_empty() {
        return (
            CannotTell,
            "The model names no national outcomes.".to_owned(),
        );
    }
    let open = outcomes.iter().filter(|outcome| !is_done(outcome));
    let open: Vec<&str> = open.map(|outcome| outcome.id.as_str()).collect();
    let of = outcomes.len();
    if open.is_empty() {
        return (Met, format!("Each of the {of} {what} is {done}."));
    }
    let n_done = of - open.len();
    let reason = format!(
        "{n_done} of {of} {what} are {done}; not {}.",
        open.join(", ")
    );
    (NotMet, reason)
}

/// Of an outcome that the plan says is no priority, no action is asked, and none is counted.
fn acted_on(plan: &Plan) -> Answer {
    let has_action = |outcome: &NationalOutcome| !outcome.actions.is_empty();
    let (verdict, reason) = of_outcomes(plan, "followed by an action", has_action);
    let outcomes = plan.duties.outcomes.iter().filter(|o| !o.is_overarching);
    let (mut asked, mut n, mut n_done, mut n_excused) = (Vec::new(), 0, 0, 0);
    for outcome in outcomes {
        n += 1;
        match (has_action(outcome), outcome.is_priority) {
            (true, _) => n_done += 1,
            (false, Some(false)) => n_excused += 1,
            (false, _) => asked.push(outcome.id.as_str()),
        }
    }
    if n_excused == 0 {
        return (verdict, reason);
    }
    let done = format!("{n_done} of {n} national outcomes are followed by an action");
    let excused = format!("{n_excused} are no priority by the plan, and none is asked of them");
    match asked.is_empty() {
        true => (Met, format!("{done}; {excused}.")),
        false => (
            NotMet,
            format!("{done}; {excused}; not {}.", asked.join(", ")),
        ),
    }
}

/// The framework's indicators, that which stands over the outcomes among them.
fn indicators_explained(plan: &Plan) -> Answer {
    let outcomes: Vec<_> = plan.duties.outcomes.iter().collect();
    let n_over = outcomes.iter().filter(|o| o.is_overarching).count();
    let what = match n_over {
        0 => "national outcomes",
        _ => "outcomes (the one over the others among them)",
    };
    count(&outcomes, what, "measured or explained", |outcome| {
        outcome.indicator_not_used.is_some()
            || outcome.indicators.iter().all(|i| !i.measures.is_empty())
    })
}

/// An outcome is assessed by a measure with its baseline and its forecast, or by the plan in words.
fn is_assessed(outcome: &NationalOutcome) -> bool {
    let mut indicators = outcome.indicators.iter();
    outcome.assessment.is_some() || indicators.any(|indicator| !indicator.measures.is_empty())
}

fn area_described(plan: &Plan) -> Answer {
    if plan.recorded.is_empty() {
        let reason = "Nothing recorded of these areas is in the profile.";
        return (NotMet, reason.to_owned());
    }
    let mut measures: Vec<&str> = plan.recorded.iter().map(|r| r.measure.as_str()).collect();
    measures.sort_unstable();
    measures.dedup();
    let reason = format!(
        "Population by sex and age, and {} recorded measures, of {} areas.",
        measures.len(),
        plan.areas.len()
    );
    (Met, reason)
}

fn evidence_graded(plan: &Plan) -> Answer {
    let n_placeholders = (0..plan.parameters.len())
        .filter(|parameter| rests_on_nothing(plan, *parameter))
        .count();
    let of = plan.parameters.len();
    match n_placeholders {
        0 => (
            Met,
            format!("Each of the {of} parameters has a source and a grade above placeholder."),
        ),
        n => {
            let reason = format!(
                "Each of the {of} parameters has its source and grade, but {n} rest on no evidence (placeholders)."
            );
            (NotMet, reason)
        }
    }
}

fn rests_on_nothing(plan: &Plan, parameter: usize) -> bool {
    let mut cells = plan.cells.iter();
    cells.any(|cell| {
        cell.parameter == parameter
            && cell.evidence.grade == Grade::Placeholder
            && cell.law != Law::Fixed
    })
}

fn past_judged(plan: &Plan) -> Answer {
    if plan.recorded.is_empty() {
        let reason = "Nothing is recorded to judge the hindcast by.";
        return (NotMet, reason.to_owned());
    }
    let reason = "The hindcast stands beside what was recorded, and `needscast backtest` scores earlier forecasts.";
    (Met, reason.to_owned())
}

fn investment_linked(plan: &Plan) -> Answer {
    let unpaid = plan.services.iter().filter(|service| {
        let of_service = format!("service={}", service.id);
        !plan.costs.iter().any(|cost| cost.breakdown == of_service)
    });
    let unpaid: Vec<&str> = unpaid.map(|service| service.title.as_str()).collect();
    if plan.services.is_empty() {
        return (CannotTell, "The scenario is without services.".to_owned());
    }
    if unpaid.is_empty() {
        let reason = "Every service has its cost, its payer and the needs that it meets.";
        return (Met, reason.to_owned());
    }
    (NotMet, format!("Without a cost: {}.", unpaid.join("; ")))
}

fn services_mapped(plan: &Plan) -> Answer {
    if plan.services.is_empty() {
        return (CannotTell, "The scenario is without services.".to_owned());
    }
    let is_unknown = |quantity: QuantityIdx| {
        let factors = &plan.quantities[quantity].factors;
        factors.iter().any(|factor| rests_on_nothing(plan, *factor))
    };
    let unknown = plan.services.iter().filter(|s| is_unknown(s.places));
    let unknown: Vec<&str> = unknown.map(|service| service.title.as_str()).collect();
    if unknown.is_empty() {
        return (Met, "The places of every service are known.".to_owned());
    }
    let reason = format!(
        "Today's places rest on no evidence for: {}. Give them in the profile.",
        unknown.join("; ")
    );
    (NotMet, reason)
}

fn needs_forecast(plan: &Plan) -> Answer {
    let years = plan.end.since(plan.start) / 12;
    match plan.needs.len() {
        0 => (NotMet, "The model has no needs.".to_owned()),
        n => (
            Met,
            format!("{n} needs are forecast for {years} years, by area, sex and age."),
        ),
    }
}

fn options_considered(plan: &Plan) -> Answer {
    match plan.options.len() {
        1 => {
            let reason = "The scenario has one option only.";
            (NotMet, reason.to_owned())
        }
        n => (
            Met,
            format!("{n} options stand side by side, business as usual among them."),
        ),
    }
}

/// Sharing alone shows no value: that is for the appraisal of the coalitions to say.
fn local_by_default(plan: &Plan) -> Answer {
    let pools = |pools: &[Vec<(_, Vec<usize>)>]| {
        let mut held = pools.iter().flatten();
        held.any(|(_, of_area): &(_, Vec<usize>)| of_area.iter().enumerate().any(|(a, p)| a != *p))
    };
    let shared = plan.options.iter().filter(|option| pools(&option.pools));
    let shared: Vec<&str> = shared.map(|option| option.title.as_str()).collect();
    if shared.is_empty() {
        return (Met, "Every service of every option is local.".to_owned());
    }
    let reason = format!(
        "Services are shared in: {}. Whether that shows value, and for whom, is for `needscast share` to say.",
        shared.join("; ")
    );
    (CannotTell, reason)
}

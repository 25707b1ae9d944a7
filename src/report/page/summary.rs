//! The answer in sentences, made from the numbers, with how sure we are.

use serde::Serialize;

use super::super::Run;
use super::super::number::{self, about, with_range};
use crate::appraise::{PEOPLE, PUBLIC_SECTOR};
use crate::quantity::{Grade, Month};

/// The summary at the top of the page.
#[derive(Debug, Clone, Serialize, Default)]
pub(super) struct Summary {
    asked: String,
    how_sure: String,
    needs: Vec<String>,
    drivers: Vec<String>,
    services: Vec<String>,
    options: Vec<String>,
    caution: Vec<String>,
}

pub(super) fn summary(run: &Run) -> Summary {
    Summary {
        asked: asked(run),
        how_sure: how_sure(run),
        needs: needs(run),
        drivers: super::drivers::in_brief(run).into_iter().collect(),
        services: services(run),
        options: options(run),
        caution: caution(run),
    }
}

/// The same in a few lines of plain text, for a terminal.
pub fn in_brief(run: &Run) -> String {
    let summary = summary(run);
    let lines = [
        summary.needs,
        summary.drivers,
        summary.services,
        summary.options,
        summary.caution,
    ]
    .concat();
    std::iter::once(summary.asked)
        .chain(lines.into_iter().map(|line| format!("- {line}")))
        .collect::<Vec<_>>()
        .join("\n")
}

fn asked(run: &Run) -> String {
    let plan = run.plan;
    let names: Vec<_> = plan.areas.iter().map(|area| area.name.clone()).collect();
    let place = if names.len() <= 4 {
        number::list(&names)
    } else {
        format!("{} ({} areas)", plan.total.name, names.len())
    };
    let years = plan.end.since(plan.start) as f64 / 12.0;
    let span = format!(
        "over the {} years from {}",
        about(years, "years"),
        month_name(plan.start)
    );
    let full = |option: usize| {
        let title = number::lower_first(&plan.options[option].title);
        format!("“{}” ({title})", run.name(option))
    };
    let others: Vec<_> = run.others().map(full).collect();
    let is_plain = run
        .comparator_name()
        .eq_ignore_ascii_case(&plan.options[plan.comparator].title);
    let comparator = if is_plain {
        format!("“{}”", run.comparator_name())
    } else {
        full(plan.comparator)
    };
    let against = match others.len() {
        0 => format!("if services go on as they are: {comparator}"),
        _ => format!("and compares {} with {comparator}", number::list(&others)),
    };
    format!(
        "This report forecasts what people in the justice system will need in {place} {span}, {against}."
    )
}

fn month_name(month: Month) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let name = usize::try_from(month.month() - 1)
        .ok()
        .and_then(|index| NAMES.get(index));
    format!("{} {}", name.unwrap_or(&""), month.year())
}

fn how_sure(run: &Run) -> String {
    match run.forecast.n_draws {
        0 => "This is one run with every parameter at its central value: it says nothing of uncertainty. Run it with draws before \
              using any number."
            .to_owned(),
        n => format!(
            "Numbers are means of {n} draws of the uncertain parameters. A 90% range holds nine draws in ten: if the assumptions \
             hold, the truth should fall outside it one time in ten. It does not cover what the model leaves out."
        ),
    }
}

fn needs(run: &Run) -> Vec<String> {
    let of_need = |need: &crate::compile::Named| {
        let breakdown = format!("need={}", need.id);
        let at = |year| {
            run.estimate(
                run.plan.comparator,
                run.total(),
                "need_arising",
                &breakdown,
                year,
            )
        };
        let title = need.title.trim_end_matches('.');
        match run.first_and_last()[..] {
            [first, last] => Some(format!(
                "{title}: {} people will arise with this need in {}, and {} in {}.",
                with_range(&at(first), "people"),
                run.year_name(first),
                with_range(&at(last), "people"),
                run.year_name(last)
            )),
            [only] => Some(format!(
                "{title}: {} people will arise with this need in {}.",
                with_range(&at(only), "people"),
                run.year_name(only)
            )),
            _ => None,
        }
    };
    run.plan.needs.iter().filter_map(of_need).collect()
}

fn services(run: &Run) -> Vec<String> {
    let years = run.first_and_last();
    let Some(&last) = years.last() else {
        return Vec::new();
    };
    let of_service = |service: &crate::compile::Service| {
        let need = format!("need={}", run.plan.needs[service.need].id);
        let breakdown = format!("service={}", service.id);
        let of = |measure: &str, breakdown: &str| {
            run.estimate(run.plan.comparator, run.total(), measure, breakdown, last)
        };
        let arising = of("need_arising", &need).mean;
        let (starts, met, unmet) = (
            of("starts", &breakdown),
            of("needs_met", &breakdown),
            of("unmet_need", &breakdown),
        );
        let share = if arising > 0.0 {
            format!(
                " ({} of those who arise with the need)",
                number::percent(starts.mean / arising, 0)
            )
        } else {
            String::new()
        };
        format!(
            "{}: in {}, with services as they are, {} people start{share}, about {} have the need met, and {} never start.",
            service.title,
            run.year_name(last),
            with_range(&starts, "people"),
            about(met.mean, "people"),
            with_range(&unmet, "people"),
        )
    };
    run.plan.services.iter().map(of_service).collect()
}

/// Who does best on what, the options with most to show first; then the money.
fn options(run: &Run) -> Vec<String> {
    if run.others().next().is_none() {
        return Vec::new();
    }
    let mut even = Vec::new();
    let mut wins: Vec<Vec<String>> = vec![Vec::new(); run.plan.options.len()];
    for best in run
        .appraisal
        .best
        .iter()
        .filter(|_| run.forecast.n_draws > 0)
    {
        let top = (0..best.probability.len())
            .max_by(|a, b| best.probability[*a].total_cmp(&best.probability[*b]));
        let what = number::lower_first(&best.title);
        match top {
            Some(top) if best.probability[top] >= 0.6 => {
                wins[top].push(format!(
                    "{what} ({})",
                    number::chance(best.probability[top])
                ));
            }
            _ => even.push(what),
        }
    }
    let winners = wins.iter().enumerate().filter(|(_, wins)| !wins.is_empty());
    let mut lines: Vec<_> = winners
        .map(|(option, wins)| {
            let (name, wins) = (run.name(option), wins.join("; "));
            format!("“{name}” probably does best, with the probability in brackets, on: {wins}.")
        })
        .collect();
    if !even.is_empty() {
        lines.push(format!("No option stands out on: {}.", even.join("; ")));
    }
    lines.extend(run.others().filter_map(|option| money(run, option)));
    lines.extend(run.joint_report().and_then(|report| report.verdict()));
    lines
}

/// What an option costs, and what for.
fn money(run: &Run, option: usize) -> Option<String> {
    let cost = run
        .row(option, "present_value_of_cost_increment", PUBLIC_SECTOR)?
        .estimate;
    let title = run.name(option);
    let direction = if cost.mean > 0.0 { "costs" } else { "saves" };
    let size = number::exact(cost.mean.abs(), "GBP");
    let range = number::range(&cost, |v| number::signed(v, |v| number::exact(v, "GBP")));
    let mut line = format!(
        "Against “{}”, “{title}” {direction} {size} in present value",
        run.comparator_name()
    );
    if cost.has_range() {
        line += &format!(" (90% range of the extra cost {range})");
    }
    if let Some(met) = run.row(option, "needs_met_increment", PEOPLE) {
        let more = if met.estimate.mean >= 0.0 {
            "more"
        } else {
            "fewer"
        };
        line += &format!(
            " and meets {} {more} needs",
            about(met.estimate.mean.abs(), "people")
        );
    }
    if let Some(each) = run
        .row(option, "cost_per_additional_need_met", PUBLIC_SECTOR)
        .filter(|row| row.estimate.mean.is_finite())
    {
        let saved = if cost.mean > 0.0 { "" } else { " saved" };
        line += &format!(
            ", {}{saved} for each",
            number::exact(each.estimate.mean, "GBP")
        );
    }
    Some(line + ".")
}

fn caution(run: &Run) -> Vec<String> {
    let variance = &run.appraisal.variance;
    let all: usize = variance.by_grade.iter().map(|(_, n, _, _)| n).sum();
    let weak = |grade: Grade| variance.by_grade.iter().find(|(g, ..)| *g == grade);
    let Some((_, n, _, share)) = weak(Grade::Placeholder) else {
        return Vec::new();
    };
    let (n_judged, judged) =
        weak(Grade::Judgement).map_or((0, 0.0), |(_, n, _, share)| (*n, *share));
    let mut lines = Vec::new();
    if *n + n_judged > 0 {
        lines.push(format!(
            "Of the {all} parameters used, {n} rest on no evidence yet (placeholders) and {n_judged} on judgement. Replace the \
             placeholders with local figures before relying on the services, options and costs below."
        ));
    }
    if variance.is_known {
        let traced = |share: f64| match share {
            share if share > 0.0 => number::percent(share, 0),
            _ => "too little to tell".to_owned(),
        };
        lines.push(format!(
            "Of the uncertainty in {}, this can be traced to placeholders: {}; and this to judgements: {}.",
            run.varied_output(),
            traced(*share),
            traced(judged)
        ));
    }
    lines
}

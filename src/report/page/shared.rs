//! Services that an option shares between places: for whom that pays, in the numbers of this run.

use serde::Serialize;

use super::super::Run;
use super::super::joint::JointView;
use super::super::number;
use super::view::Table;
use crate::summarise::Span;

/// The section.
#[derive(Serialize)]
pub(super) struct SharedView {
    /// Who shares what, and what this run cannot tell of it.
    sentences: Vec<String>,
    /// What each place gains and loses.
    table: Table,
    /// Every group of partners, where that was asked for.
    joint: Option<JointView>,
}

/// What a place gains or loses by: measure, and how it is called.
const MEASURES: [(&str, &str); 3] = [
    ("needs_met", "Needs met"),
    ("unmet_need", "Never start"),
    ("wait_months_p90", "Months that nine in ten wait at most"),
];

/// What sharing does, where an option shares a service that the comparator does not.
pub(super) fn shared(run: &Run) -> Option<SharedView> {
    let pooled: Vec<(usize, usize)> = run
        .others()
        .flat_map(|option| (0..run.plan.services.len()).map(move |service| (option, service)))
        .filter(|(option, service)| is_pooled(run, *option, *service))
        .filter(|(_, service)| !is_pooled(run, run.plan.comparator, *service))
        .collect();
    let joint = run.joint_report().map(|report| report.view());
    if pooled.is_empty() && joint.is_none() {
        return None;
    }
    let mut sentences: Vec<String> = pooled.iter().map(|pair| sentence(run, *pair)).collect();
    let local =
        "Services are local by default, and shared where value is shown, and then for whom.";
    sentences.push(match &joint {
        Some(_) => local.to_owned(),
        None => format!("{local} This run shows what each place gains and loses under these options; how the cost would be shared fairly, and whether a smaller group would do better, is told by running it with --share, or by needscast share."),
    });
    sentences.extend(few_draws(run));
    Some(SharedView {
        sentences,
        table: table(run, &pooled),
        joint,
    })
}

/// That coalitions were lived in some of the draws, where others of the run tell more.
fn few_draws(run: &Run) -> Option<String> {
    let (n, all) = (run.joint?.n_draws, run.forecast.n_draws);
    (n < all).then(|| {
        format!("What follows of coalitions rests on the first {n} of the {all} draws, so that its numbers differ a little from those of the run; --share {all} takes all of them.")
    })
}

fn is_pooled(run: &Run, option: usize, service: usize) -> bool {
    let dated = run.plan.options[option].pools.get(service);
    let mut hosts = dated.into_iter().flatten();
    hosts.any(|(_, hosts)| hosts.iter().enumerate().any(|(area, host)| area != *host))
}

/// For how many places sharing is likely better, by needs met.
fn sentence(run: &Run, (option, service): (usize, usize)) -> String {
    let title = &run.plan.services[service].title;
    let better = |area: usize| change(run, (option, service), "needs_met", area).map(|c| c.1);
    let areas = 0..run.plan.areas.len();
    let likely: Vec<String> = areas
        .clone()
        .filter(|area| better(*area).is_some_and(|p| p >= 2.0 / 3.0))
        .map(|area| run.plan.areas[area].name.clone())
        .collect();
    let unlikely: Vec<String> = areas
        .filter(|area| better(*area).is_some_and(|p| p <= 1.0 / 3.0))
        .map(|area| run.plan.areas[area].name.clone())
        .collect();
    let told = |names: &[String]| match names {
        [] => "nowhere".to_owned(),
        names => format!("in {}", number::list(names)),
    };
    format!(
        "“{}” shares {}: more needs are likely to be met {}, and fewer {}.",
        run.name(option),
        number::lower_first(title),
        told(&likely),
        told(&unlikely)
    )
}

/// The change over the forecast in words, and the probability that it is better.
fn change(
    run: &Run,
    (option, service): (usize, usize),
    measure: &str,
    area: usize,
) -> Option<([String; 2], f64)> {
    let breakdown = format!("service={}", run.plan.services[service].id);
    let index = run.forecast.layout.find(measure, &breakdown)?;
    let series = &run.forecast.layout.series[index];
    let mut contrasts = run.forecast.contrasts.iter();
    let found = contrasts.find(|c| {
        c.option == option && c.area == area && c.series == index && c.span == Span::Horizon
    })?;
    let show = |value| number::signed(value, |v| number::exact(v, &series.unit));
    let words = [
        show(found.difference.mean),
        number::range(&found.difference, show),
    ];
    let is_known = found.probability_better.is_finite() && found.difference.has_range();
    let better = if is_known {
        found.probability_better
    } else {
        f64::NAN
    };
    Some((words, better))
}

fn table(run: &Run, pooled: &[(usize, usize)]) -> Table {
    let header = [
        "Option",
        "Service",
        "Place",
        "Measure",
        "Change",
        "90% range",
        "Probability that it is better",
    ];
    let caption = format!(
        "What sharing changes for each place against {}, {}",
        number::lower_first(&run.comparator_name()),
        run.horizon_name()
    );
    let mut table = Table::new(caption, &header, 4);
    for pair in pooled {
        for (area, place) in run.plan.areas.iter().enumerate() {
            for (measure, title) in MEASURES {
                let Some((words, better)) = change(run, *pair, measure, area) else {
                    continue;
                };
                let mut row = vec![
                    run.name(pair.0),
                    run.plan.services[pair.1].title.clone(),
                    place.name.clone(),
                    title.to_owned(),
                ];
                row.extend(words);
                row.push(match better.is_finite() {
                    true => number::chance(better),
                    false => number::MISSING.to_owned(),
                });
                table.rows.push(row);
            }
        }
    }
    table
}

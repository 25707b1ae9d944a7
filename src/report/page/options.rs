//! Options side by side: what changes for people, what it costs and to whom.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item};
use super::super::number;
use super::view::{Figure, Table};
use crate::appraise::{AppraisalRow, PEOPLE};
use crate::compile::{OptionCost, PlanOption};
use crate::quantity::Month;
use crate::summarise::Estimate;

/// Outcomes that the chart of options shows, where the run has them.
pub(super) const OUTCOMES: [&str; 6] = [
    "needs_met",
    "unmet_need",
    "gave_up",
    "wait_months_mean",
    "prison_months",
    "reconvictions",
];

/// What the section needs: a description of each option, a chart of changes, and who is best on what.
pub(super) fn options(run: &Run) -> serde_json::Value {
    let described: Vec<_> = run
        .plan
        .options
        .iter()
        .enumerate()
        .map(|(index, option)| {
            let changes = option
                .changes
                .iter()
                .map(|c| (c.from, format!("{} ({})", upper_first(&c.words), c.source)));
            let costs = option
                .costs
                .iter()
                .map(|cost| (cost.from, own_cost(run, cost)));
            let mut all: Vec<_> = pools(run, option)
                .into_iter()
                .chain(changes)
                .chain(costs)
                .collect();
            all.sort_by_key(|(month, _)| *month);
            let words: Vec<_> = all.into_iter().map(|(_, words)| words).collect();
            serde_json::json!({ "name": run.name(index), "title": option.title, "changes": words })
        })
        .collect();
    serde_json::json!({ "described": described, "figure": changes(run), "best": best(run) })
}

/// What an option costs by itself, in words.
fn own_cost(run: &Run, cost: &OptionCost) -> String {
    let payer = |payer: usize| &run.plan.payers[payer].title;
    let pounds = number::exact(cost.pounds, "GBP");
    let when = match cost.until {
        None => format!("in {}", cost.from),
        Some(until) => format!("a year from {} to {}", cost.from, until.plus(-1)),
    };
    let to = cost.recipient.map_or(String::new(), |recipient| {
        format!(" to {}, a transfer", payer(recipient))
    });
    format!(
        "{}: {pounds} {when}, paid by {}{to} ({}; {})",
        cost.title,
        payer(cost.payer),
        cost.source,
        cost.grade.name()
    )
}

/// Which areas share a service from when on.
fn pools(run: &Run, option: &PlanOption) -> Vec<(Month, String)> {
    let mut found = Vec::new();
    for (service, dated) in run.plan.services.iter().zip(&option.pools) {
        for (from, hosts) in dated.iter().skip(1) {
            for (host, area) in run.plan.areas.iter().enumerate() {
                let members = hosts
                    .iter()
                    .zip(&run.plan.areas)
                    .filter(|(pool, _)| **pool == host);
                let names: Vec<_> = members.map(|(_, area)| area.name.clone()).collect();
                if names.len() > 1 {
                    let words = format!(
                        "{}: one pool for {} from {from}, hosted by {}",
                        service.title,
                        number::list(&names),
                        area.name
                    );
                    found.push((*from, words));
                }
            }
        }
    }
    found
}

pub(super) fn upper_first(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

impl<'a> Run<'a> {
    /// A row of the appraisal.
    pub(super) fn row(
        &self,
        option: usize,
        measure: &str,
        perspective: &str,
    ) -> Option<&'a AppraisalRow> {
        let mut rows = self.appraisal.rows.iter();
        rows.find(|row| {
            row.option == option && row.measure == measure && row.perspective == perspective
        })
    }
}

fn changes(run: &Run) -> Option<Figure> {
    run.others().next()?;
    let all: Vec<Change> = OUTCOMES
        .iter()
        .flat_map(|outcome| run.others().filter_map(|o| Change::of(run, outcome, o)))
        .collect();
    let caption = format!(
        "Change against {} over {}",
        run.comparator_name().to_lowercase(),
        run.horizon_name()
    );
    let header = [
        "Outcome",
        "Option",
        "Unit",
        "Change",
        "90% range",
        "Probability that it is better",
    ];
    let mut table = Table::new(caption, &header, 3);
    table.rows = all.iter().map(|change| change.row(run)).collect();
    let mut groups: Vec<Group> = Vec::new();
    for change in &all {
        match groups
            .last_mut()
            .filter(|group| group.label == change.base.title)
        {
            Some(group) => group.items.push(change.item(run)),
            None => groups.push(Group {
                label: change.base.title.clone(),
                items: vec![change.item(run)],
            }),
        }
    }
    let largest = all.iter().filter(|change| change.share() != 0.0);
    let largest = largest.max_by(|a, b| a.share().abs().total_cmp(&b.share().abs()));
    let title = largest.map_or("No option changes these outcomes".to_owned(), |change| {
        let what = number::lower_first(&change.base.title);
        format!(
            "“{}” changes most on “{what}”: {}",
            run.name(change.option),
            signed_percent(change.share())
        )
    });
    let description = format!(
        "Chart of percentage changes with 90% ranges by outcome and option. {title}. The table after the chart has every number."
    );
    let chart = IntervalChart {
        id: "changes",
        title: &title,
        description: &description,
        unit: "share",
        has_bars: false,
        groups,
    };
    let svg = chart.svg();
    let note = format!(
        "Change against {} over {}, in per cent; whiskers are 90% ranges. Every option lives through the same draws and the same people.",
        run.comparator_name().to_lowercase(),
        run.horizon_name()
    );
    Some(Figure {
        id: "changes".to_owned(),
        title,
        svg,
        note,
        table,
    })
}

/// What one option changes in one outcome.
struct Change<'a> {
    option: usize,
    base: &'a AppraisalRow,
    increment: &'a AppraisalRow,
    better: Option<&'a AppraisalRow>,
}

impl<'a> Change<'a> {
    fn of(run: &Run<'a>, outcome: &str, option: usize) -> Option<Change<'a>> {
        let base = run
            .row(run.plan.comparator, outcome, PEOPLE)
            .filter(|row| row.estimate.mean > 0.0)?;
        let increment = run.row(option, &format!("{outcome}_increment"), PEOPLE)?;
        let better = run.row(option, &format!("{outcome}_probability_better"), PEOPLE);
        Some(Change {
            option,
            base,
            increment,
            better,
        })
    }

    /// Of the comparator's mean.
    fn share(&self) -> f64 {
        self.increment.estimate.mean / self.base.estimate.mean
    }

    fn item(&self, run: &Run) -> Item {
        let (e, of) = (&self.increment.estimate, self.base.estimate.mean);
        let (low, high) = (e.p05 / of, e.p95 / of);
        let mut words = signed_percent(self.share());
        if e.has_range() {
            words += &format!(" ({} to {})", signed_percent(low), signed_percent(high));
        }
        let label = if run.others().count() > 1 {
            run.name(self.option)
        } else {
            String::new()
        };
        Item {
            label,
            style: run.style(self.option),
            middle: self.share(),
            interval: (low, high),
            words,
        }
    }

    fn row(&self, run: &Run) -> Vec<String> {
        let row = self.increment;
        let show = |value| number::signed(value, |v| number::exact(v, &row.unit));
        vec![
            self.base.title.clone(),
            run.name(self.option),
            row.unit.clone(),
            show(row.estimate.mean),
            number::range(&row.estimate, show),
            self.better
                .map_or(number::MISSING.to_owned(), |row| probability(&row.estimate)),
        ]
    }
}

fn signed_percent(share: f64) -> String {
    number::signed(share, |v| number::percent(v, if v < 0.1 { 1 } else { 0 }))
}

fn probability(estimate: &Estimate) -> String {
    if estimate.mean.is_finite() {
        number::chance(estimate.mean)
    } else {
        number::MISSING.to_owned()
    }
}

/// Who is best on what, with probability.
fn best(run: &Run) -> Option<Table> {
    if run.appraisal.best.is_empty() || run.forecast.n_draws == 0 {
        return None;
    }
    let names: Vec<_> = (0..run.plan.options.len())
        .map(|option| run.name(option))
        .collect();
    let titles = names.iter().map(String::as_str);
    let header: Vec<_> = std::iter::once("Criterion").chain(titles).collect();
    let mut table = Table::new(
        "Probability that each option is the best, ties shared",
        &header,
        1,
    );
    for best in &run.appraisal.best {
        let shares = best.probability.iter().map(|p| number::chance(*p));
        table
            .rows
            .push(std::iter::once(best.title.clone()).chain(shares).collect());
    }
    Some(table)
}

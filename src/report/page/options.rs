//! Options side by side: what changes for people, what it costs and to whom.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item};
use super::super::number;
use super::view::{Figure, Table};
use crate::appraise::{AppraisalRow, PEOPLE, PUBLIC_SECTOR, SAVED};
use crate::compile::PlanOption;
use crate::quantity::Month;
use crate::summarise::Estimate;

/// Outcomes that the chart of options shows, where the run has them.
const OUTCOMES: [&str; 6] = [
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
                .map(|(month, payer, pounds, title, source)| {
                    let payer = &run.plan.payers[*payer].title;
                    let pounds = number::exact(*pounds, "GBP");
                    (
                        *month,
                        format!("{title}: {pounds} in {month}, paid by {payer} ({source})"),
                    )
                });
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

fn upper_first(words: &str) -> String {
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

/// What each payer pays under each option.
pub(super) fn costs(run: &Run) -> Option<Figure> {
    run.row(run.plan.comparator, "present_value_of_cost", PUBLIC_SECTOR)?;
    let has_others = run.others().next().is_some();
    let (measure, title) = if has_others {
        ("present_value_of_cost_increment", largest_change(run))
    } else {
        ("present_value_of_cost", largest_payer(run))
    };
    let mut groups = Vec::new();
    for (id, payer) in payers(run) {
        let options = (0..run.plan.options.len())
            .filter_map(|option| Some((option, run.row(option, measure, &id)?)));
        let items: Vec<_> = options
            .map(|(option, row)| cost_item(run, option, &row.estimate, has_others))
            .collect();
        if items.iter().any(|item| item.middle != 0.0) {
            groups.push(Group {
                label: payer,
                items,
            });
        }
    }
    let what = if has_others {
        "change in the present value of cost"
    } else {
        "present value of cost"
    };
    let description = format!(
        "Chart of the {what} by payer and option with 90% ranges. {title}. The table after the chart has every number."
    );
    let chart = IntervalChart {
        id: "costs",
        title: &title,
        description: &description,
        unit: "GBP",
        has_bars: !has_others,
        groups,
    };
    let svg = chart.svg();
    let note = format!(
        "{} over {}, prices of {}. Payers whose cost does not change are in the table. Not cashable means average costs: capacity freed, \
         not money back.",
        upper_first(what),
        run.horizon_name(),
        crate::quantity::FinancialYear::starting(run.plan.price_year)
    );
    Some(Figure {
        id: "costs".to_owned(),
        title,
        svg,
        note,
        table: cost_table(run),
    })
}

/// Ids and titles, all payers together last.
fn payers(run: &Run) -> Vec<(String, String)> {
    let payers = run
        .plan
        .payers
        .iter()
        .map(|payer| (payer.id.clone(), payer.title.clone()));
    payers
        .chain(std::iter::once((
            PUBLIC_SECTOR.to_owned(),
            "All payers".to_owned(),
        )))
        .collect()
}

fn cost_item(run: &Run, option: usize, e: &Estimate, is_change: bool) -> Item {
    let show = |value| {
        let plain = |value| number::exact(value, "GBP");
        if is_change {
            number::signed(value, plain)
        } else {
            plain(value)
        }
    };
    let label = if run.plan.options.len() > 1 {
        run.name(option)
    } else {
        String::new()
    };
    Item {
        label,
        style: run.style(option),
        middle: e.mean,
        interval: (e.p05, e.p95),
        words: show(e.mean),
    }
}

fn largest_payer(run: &Run) -> String {
    let cost = |id: &str| {
        run.row(run.plan.comparator, "present_value_of_cost", id)
            .map_or(0.0, |row| row.estimate.mean)
    };
    let largest = run
        .plan
        .payers
        .iter()
        .max_by(|a, b| cost(&a.id).total_cmp(&cost(&b.id)));
    largest.map_or(String::new(), |payer| {
        format!(
            "{} carries the largest part of the cost: {}",
            payer.title,
            number::exact(cost(&payer.id), "GBP")
        )
    })
}

fn largest_change(run: &Run) -> String {
    let all = run
        .others()
        .flat_map(|option| run.plan.payers.iter().map(move |payer| (option, payer)));
    let change = |option: usize, id: &str| {
        run.row(option, "present_value_of_cost_increment", id)
            .map_or(0.0, |row| row.estimate.mean)
    };
    let largest = all.max_by(|a, b| {
        change(a.0, &a.1.id)
            .abs()
            .total_cmp(&change(b.0, &b.1.id).abs())
    });
    match largest.map(|(option, payer)| (option, payer, change(option, &payer.id))) {
        Some((option, payer, change)) if change != 0.0 => format!(
            "The largest change in cost is under “{}”: {} for {}",
            run.name(option),
            number::signed(change, |v| number::exact(v, "GBP")),
            payer.title
        ),
        _ => "No option changes what anybody pays".to_owned(),
    }
}

fn cost_table(run: &Run) -> Table {
    let header = [
        "Payer",
        "Option",
        "Present value",
        "90% range",
        "Change",
        "90% range",
        "of which cashable",
        "of which not cashable",
    ];
    let mut table = Table::new("Costs by payer and option, present values", &header, 2);
    for (id, payer) in payers(run) {
        for option in 0..run.plan.options.len() {
            let of = |measure: &str| {
                run.row(option, measure, &id)
                    .map_or(Estimate::NONE, |row| row.estimate)
            };
            let [mean, range] = super::mean_and_range(&of("present_value_of_cost"), "GBP");
            let show = |value| number::signed(value, |v| number::exact(v, "GBP"));
            let change = of("present_value_of_cost_increment");
            let mut cells = vec![payer.clone(), run.name(option), mean, range];
            cells.extend([show(change.mean), number::range(&change, show)]);
            cells.extend(
                ["cashable_increment", "non_cashable_increment"]
                    .map(|measure| show(of(measure).mean)),
            );
            table.rows.push(cells);
        }
    }
    table
}

/// What the appraisal table leads with; outcomes follow, each with its change.
const MONEY: [&str; 9] = [
    "cost",
    "present_value_of_cost",
    "present_value_of_cost_increment",
    "cashable_increment",
    "non_cashable_increment",
    "npsv",
    "probability_npsv_positive",
    "probability_best",
    "cost_per_additional_need_met",
];

/// The appraisal table: a row for each measure, a column for each option.
pub(super) fn appraisal(run: &Run) -> Option<Table> {
    if run.appraisal.rows.is_empty() {
        return None;
    }
    let names: Vec<_> = (0..run.plan.options.len())
        .map(|option| run.name(option))
        .collect();
    let titles = names.iter().map(String::as_str);
    let header: Vec<_> = ["Measure", "Unit"].into_iter().chain(titles).collect();
    let caption = format!(
        "Appraisal over {}, all payers and all areas: mean (90% range)",
        run.horizon_name()
    );
    let mut table = Table::new(caption, &header, 2);
    for measure in MONEY {
        table
            .rows
            .extend(appraisal_row(run, measure, PUBLIC_SECTOR, false));
    }
    for outcome in OUTCOMES {
        table
            .rows
            .extend(appraisal_row(run, outcome, PEOPLE, false));
        table.rows.extend(appraisal_row(
            run,
            &format!("{outcome}_increment"),
            PEOPLE,
            true,
        ));
    }
    Some(table)
}

/// One row; a change carries its probability of being better.
fn appraisal_row(
    run: &Run,
    measure: &str,
    perspective: &str,
    is_change: bool,
) -> Option<Vec<String>> {
    let all = (0..run.plan.options.len()).map(|option| run.row(option, measure, perspective));
    let first = all.clone().flatten().next()?;
    let unit = if first.unit == "share" {
        String::new()
    } else {
        first.unit.clone()
    };
    let mut cells = vec![first.title.clone(), unit];
    for (option, row) in all.enumerate() {
        let mut cell = row.map_or(String::new(), |row| appraisal_cell(row, is_change));
        let better = measure.strip_suffix("_increment").filter(|_| is_change);
        let better = better
            .and_then(|base| run.row(option, &format!("{base}_probability_better"), perspective));
        if let Some(better) = better.filter(|row| row.estimate.mean.is_finite()) {
            cell += &format!(
                "; better with probability {}",
                number::chance(better.estimate.mean)
            );
        }
        cells.push(cell);
    }
    Some(cells)
}

fn appraisal_cell(row: &AppraisalRow, is_change: bool) -> String {
    if row.estimate.mean.is_nan() {
        return if row.note.is_empty() {
            number::MISSING.to_owned()
        } else {
            row.note.clone()
        };
    }
    if row.unit == "share" && row.measure.starts_with("probability") {
        return number::chance(row.estimate.mean);
    }
    let show = |value| {
        let plain = |value| number::exact(value, &row.unit);
        if is_change {
            number::signed(value, plain)
        } else {
            plain(value)
        }
    };
    // A price of needs no longer met is a saving.
    let saved = if row.note == SAVED { " saved" } else { "" };
    if row.estimate.has_range() {
        format!(
            "{}{saved} ({})",
            show(row.estimate.mean),
            number::range(&row.estimate, show)
        )
    } else {
        show(row.estimate.mean)
    }
}

//! Options side by side: what changes for people, what it costs and to whom.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item};
use super::super::number;
use super::view::{Figure, Table};
use crate::appraise::{AppraisalRow, PEOPLE, PUBLIC_SECTOR};
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
            let changes: Vec<_> = option
                .changes
                .iter()
                .map(|c| format!("From {}: {} ({})", c.from, c.words, c.source))
                .collect();
            let costs = option
                .costs
                .iter()
                .map(|(month, payer, pounds, title, source)| {
                    let payer = &run.plan.payers[*payer].title;
                    format!(
                        "In {month}: {title}, {} paid by {payer} ({source})",
                        number::exact(*pounds, "GBP")
                    )
                });
            let all: Vec<_> = changes.into_iter().chain(costs).collect();
            serde_json::json!({ "name": run.name(index), "title": option.title, "changes": all })
        })
        .collect();
    serde_json::json!({ "described": described, "figure": changes(run), "best": best(run) })
}

impl Run<'_> {
    /// A row of the appraisal.
    pub(super) fn row(
        &self,
        option: usize,
        measure: &str,
        perspective: &str,
    ) -> Option<&AppraisalRow> {
        let mut rows = self.appraisal.rows.iter();
        rows.find(|row| {
            row.option == option && row.measure == measure && row.perspective == perspective
        })
    }
}

fn changes(run: &Run) -> Option<Figure> {
    run.others().next()?;
    let mut table = Table::new(
        format!(
            "Change against {} over {}",
            run.comparator_name().to_lowercase(),
            run.horizon_name()
        ),
        &[
            "Outcome",
            "Option",
            "Unit",
            "Change",
            "90% range",
            "Probability that it is better",
        ],
        3,
    );
    let (mut groups, mut largest) = (Vec::new(), (0.0, String::new()));
    for outcome in OUTCOMES {
        let Some(base) = run.row(run.plan.comparator, outcome, PEOPLE) else {
            continue;
        };
        let mut items = Vec::new();
        for (style, option) in run.others().enumerate() {
            let Some(row) = run.row(option, &format!("{outcome}_increment"), PEOPLE) else {
                continue;
            };
            let better = run.row(option, &format!("{outcome}_probability_better"), PEOPLE);
            let (e, of) = (&row.estimate, base.estimate.mean);
            let title = &run.name(option);
            let change = signed_percent(e.mean / of);
            if (e.mean / of).abs() > largest.0 {
                largest = (
                    (e.mean / of).abs(),
                    format!(
                        "{title} changes “{}” most: {change}",
                        base.title.to_lowercase()
                    ),
                );
            }
            let words = if e.has_range() {
                format!(
                    "{change} ({} to {})",
                    signed_percent(e.p05 / of),
                    signed_percent(e.p95 / of)
                )
            } else {
                change
            };
            let label = if run.others().count() > 1 {
                title.clone()
            } else {
                String::new()
            };
            items.push(Item {
                label,
                style,
                middle: e.mean / of,
                interval: (e.p05 / of, e.p95 / of),
                words,
            });
            let show = |value| number::signed(value, |v| number::exact(v, &row.unit));
            table.rows.push(vec![
                base.title.clone(),
                title.clone(),
                row.unit.clone(),
                show(e.mean),
                number::range(e, show),
                better.map_or(number::MISSING.to_owned(), |row| probability(&row.estimate)),
            ]);
        }
        groups.push(Group {
            label: base.title.clone(),
            items,
        });
    }
    let title = if largest.0 > 0.0 {
        largest.1
    } else {
        "No option changes these outcomes".to_owned()
    };
    let description = format!(
        "Chart of percentage changes with 90% ranges by outcome and option. {title}. The table after the chart has every number."
    );
    let svg = IntervalChart {
        id: "changes",
        title: &title,
        description: &description,
        unit: "share",
        has_bars: false,
        groups,
    }
    .svg();
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
    let first = run
        .appraisal
        .rows
        .iter()
        .find(|row| row.measure == "present_value_of_cost")?;
    let unit = first.unit.clone();
    let header = [
        "Payer",
        "Option",
        "Present value",
        "90% range",
        "Against the comparator",
        "90% range",
        "of which cashable",
        "of which not cashable",
    ];
    let mut table = Table::new("Costs by payer and option, present values", &header, 2);
    let (mut groups, mut most) = (Vec::new(), (0.0, String::new()));
    let all = (PUBLIC_SECTOR.to_owned(), "All payers".to_owned());
    let payers = run
        .plan
        .payers
        .iter()
        .map(|payer| (payer.id.clone(), payer.title.clone()));
    for (id, payer) in payers.chain(std::iter::once(all)) {
        let mut items = Vec::new();
        for option in 0..run.plan.options.len() {
            let Some(row) = run.row(option, "present_value_of_cost", &id) else {
                continue;
            };
            let e = &row.estimate;
            if option == run.plan.comparator && id != PUBLIC_SECTOR && e.mean > most.0 {
                most = (e.mean, payer.clone());
            }
            let style = (option + 4 - run.plan.comparator % 4) % 4;
            items.push(Item {
                label: run.name(option),
                style,
                middle: e.mean,
                interval: (e.p05, e.p95),
                words: number::exact(e.mean, &unit),
            });
            let [mean, range] = super::mean_and_range(e, &unit);
            let mut cells = vec![payer.clone(), run.name(option), mean, range];
            let show = |value| number::signed(value, |v| number::exact(v, &unit));
            for measure in [
                "present_value_of_cost_increment",
                "cashable_increment",
                "non_cashable_increment",
            ] {
                let e = run
                    .row(option, measure, &id)
                    .map_or(Estimate::NONE, |row| row.estimate);
                cells.push(show(e.mean));
                if measure == "present_value_of_cost_increment" {
                    cells.push(number::range(&e, show));
                }
            }
            table.rows.push(cells);
        }
        if !items.iter().all(|item| item.middle == 0.0) {
            groups.push(Group {
                label: payer,
                items,
            });
        }
    }
    let title = format!(
        "{} carries the largest part of the cost: {} as things are",
        most.1,
        number::exact(most.0, &unit)
    );
    let description = format!(
        "Bar chart of the present value of cost by payer and option. {title}. The table after the chart has every number."
    );
    let svg = IntervalChart {
        id: "costs",
        title: &title,
        description: &description,
        unit: "GBP",
        has_bars: true,
        groups,
    }
    .svg();
    let note = format!(
        "Present values over {}, prices of {}. Not cashable means average costs: capacity freed, not money back.",
        run.horizon_name(),
        crate::quantity::FinancialYear::starting(run.plan.price_year)
    );
    Some(Figure {
        id: "costs".to_owned(),
        title,
        svg,
        note,
        table,
    })
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
    let base = run
        .appraisal
        .rows
        .iter()
        .filter(|row| row.option == run.plan.comparator && row.perspective == PEOPLE);
    for row in base {
        table
            .rows
            .extend(appraisal_row(run, &row.measure, PEOPLE, false));
        table.rows.extend(appraisal_row(
            run,
            &format!("{}_increment", row.measure),
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
    if row.estimate.has_range() {
        format!(
            "{} ({})",
            show(row.estimate.mean),
            number::range(&row.estimate, show)
        )
    } else {
        show(row.estimate.mean)
    }
}

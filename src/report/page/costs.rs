//! What each payer pays: the change against the comparator, or the cost as things are when nothing is compared.

use super::super::Run;
use super::super::chart::{Group, IntervalChart, Item};
use super::super::number;
use super::options::upper_first;
use super::view::{Figure, Table};
use crate::appraise::PUBLIC_SECTOR;
use crate::summarise::Estimate;

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
    let told = |id: &str| {
        run.row(run.plan.comparator, "present_value_of_cost", id)
            .is_some()
    };
    let payers = run
        .plan
        .payers
        .iter()
        .filter(|payer| told(&payer.id))
        .map(|payer| (payer.id.clone(), payer.title.clone()));
    payers
        .chain(std::iter::once((
            PUBLIC_SECTOR.to_owned(),
            "All public payers".to_owned(),
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

//! The partner matrix: what every option changes for every payer. Cash and capacity are told apart below the chart of costs.

use super::super::Run;
use super::super::number;
use super::view::Table;
use crate::appraise::{PUBLIC_SECTOR, SOCIETY, STATUTORY_PARTNERS};

/// A row for each payer and for payers together, a column for each option; nothing where nothing is compared.
pub(super) fn partners(run: &Run) -> Option<Table> {
    run.others().next()?;
    run.row(run.plan.comparator, "present_value_of_cost", PUBLIC_SECTOR)?;
    let names: Vec<String> = run
        .others()
        .map(|option| format!("{}: change (90% range)", run.name(option)))
        .collect();
    let usual = format!("{}: cost", run.comparator_name());
    let words = ["Payer", "Statutory partner", usual.as_str()];
    let header: Vec<&str> = words
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    let caption = format!(
        "Partner matrix: present values over {}, prices of {}",
        run.horizon_name(),
        crate::quantity::FinancialYear::starting(run.plan.price_year)
    );
    let mut table = Table::new(caption, &header, 2);
    for (id, title, partner) in payers(run) {
        let Some(usual) = run.row(run.plan.comparator, "present_value_of_cost", &id) else {
            continue;
        };
        let mut cells = vec![title, partner.to_owned()];
        cells.push(number::exact(usual.estimate.mean, "GBP"));
        for option in run.others() {
            cells.push(change(run, option, &id));
        }
        table.rows.push(cells);
    }
    Some(table)
}

/// The change in cost with its range.
fn change(run: &Run, option: usize, payer: &str) -> String {
    let show = |value| number::signed(value, |v| number::exact(v, "GBP"));
    let row = run.row(option, "present_value_of_cost_increment", payer);
    row.map_or(String::new(), |row| {
        let e = &row.estimate;
        match e.has_range() && e.mean != 0.0 {
            true => format!("{} ({})", show(e.mean), number::range(e, show)),
            false => show(e.mean),
        }
    })
}

/// Ids, titles and whether each is a statutory partner; payers together last.
fn payers(run: &Run) -> Vec<(String, String, &'static str)> {
    let payers = run.plan.payers.iter().map(|payer| {
        let partner = match (payer.is_public, payer.is_partner) {
            (false, _) => "no budget",
            (_, true) => "yes",
            (_, false) => "no",
        };
        (payer.id.clone(), payer.title.clone(), partner)
    });
    let together = [
        (STATUTORY_PARTNERS, "Statutory partners together", "yes"),
        (PUBLIC_SECTOR, "All public payers", ""),
        (SOCIETY, "Society: public payers and what people bear", ""),
    ];
    let together = together.map(|(id, title, partner)| (id.to_owned(), title.to_owned(), partner));
    payers.chain(together).collect()
}

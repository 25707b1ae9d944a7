//! Who gains and who pays: need, need met and the gap by sex, age band and area, and what each area pays.

use super::super::Run;
use super::super::number;
use super::options::upper_first;
use super::view::Table;
use crate::appraise::{DistributionRow, PEOPLE, PUBLIC_SECTOR};
use crate::compile::Dimension;
use crate::summarise::Estimate;

/// The tables; none in a run without services.
pub(super) fn equality(run: &Run) -> Vec<Table> {
    let has = |measure: &str| {
        let mut rows = run.appraisal.distribution.iter();
        rows.any(|row| row.measure == measure)
    };
    let needs = has("need").then(|| needs(run));
    let paid =
        (has("present_value_of_cost_increment") && run.plan.areas.len() > 1).then(|| paid(run));
    needs.into_iter().chain(paid).collect()
}

fn find<'a>(
    run: &'a Run,
    of: &DistributionRow,
    (option, measure): (usize, &str),
    who: &str,
) -> Option<&'a DistributionRow> {
    let mut rows = run.appraisal.distribution.iter();
    rows.find(|row| {
        (row.option, row.dimension, row.measure) == (option, of.dimension, measure)
            && row.group == of.group
            && row.perspective == who
    })
}

/// The first row of every group, under the comparator.
fn groups<'a>(
    run: &'a Run,
    measure: &'a str,
    who: &'a str,
) -> impl Iterator<Item = &'a DistributionRow> {
    let rows = run.appraisal.distribution.iter();
    rows.filter(move |row| {
        (row.option, row.measure) == (run.plan.comparator, measure) && row.perspective == who
    })
}

fn needs(run: &Run) -> Table {
    let usual = run.comparator_name();
    let names: Vec<String> = run
        .others()
        .flat_map(|option| {
            let name = run.name(option);
            [
                format!("{name}: change in need met (90% range)"),
                format!("{name}: change in the gap (90% range)"),
            ]
        })
        .collect();
    let own = ["need", "need met", "gap", "share met"].map(|what| format!("{usual}: {what}"));
    let header: Vec<&str> = ["By", "Group"]
        .into_iter()
        .chain(own.iter().map(String::as_str))
        .chain(names.iter().map(String::as_str))
        .collect();
    let caption = format!(
        "Equality: people with a need, need met and the gap, all services, over {}",
        run.horizon_name()
    );
    let mut table = Table::new(caption, &header, 2);
    for group in groups(run, "need", PEOPLE) {
        let of = |option, measure| {
            let found = find(run, group, (option, measure), PEOPLE);
            found.map_or(Estimate::NONE, |row| row.estimate)
        };
        let at = |measure| of(run.plan.comparator, measure).mean;
        let people = |value| number::exact(value, "people");
        let by = match group.dimension {
            Dimension::Area => "Area",
            Dimension::Sex => "Sex",
            Dimension::Age => "Age",
        };
        let mut cells = vec![by.to_owned(), upper_first(&group.name)];
        cells.extend(["need", "needs_met", "unmet_need"].map(|measure| people(at(measure))));
        cells.push(number::percent(at("share_met"), 1));
        for option in run.others() {
            for measure in ["needs_met_increment", "unmet_need_increment"] {
                cells.push(change(&of(option, measure), "people"));
            }
        }
        table.rows.push(cells);
    }
    table
}

fn paid(run: &Run) -> Table {
    let names: Vec<String> = run
        .others()
        .map(|option| format!("{}: change in cost (90% range)", run.name(option)))
        .collect();
    let usual = format!("{}: cost", run.comparator_name());
    let header: Vec<&str> = ["Area", usual.as_str()]
        .into_iter()
        .chain(names.iter().map(String::as_str))
        .collect();
    let caption = format!(
        "What all public payers pay for each area: present values over {}; costs of an option that belong to no one area stand in none",
        run.horizon_name()
    );
    let mut table = Table::new(caption, &header, 1);
    for group in groups(run, "present_value_of_cost", PUBLIC_SECTOR) {
        let mut cells = vec![
            group.name.clone(),
            number::exact(group.estimate.mean, "GBP"),
        ];
        for option in run.others() {
            let at = (option, "present_value_of_cost_increment");
            let found = find(run, group, at, PUBLIC_SECTOR);
            cells.push(found.map_or(String::new(), |row| change(&row.estimate, "GBP")));
        }
        table.rows.push(cells);
    }
    table
}

fn change(estimate: &Estimate, unit: &str) -> String {
    let show = |value| number::signed(value, |v| number::exact(v, unit));
    match estimate.has_range() && estimate.mean != 0.0 {
        true => format!(
            "{} ({})",
            show(estimate.mean),
            number::range(estimate, show)
        ),
        false => show(estimate.mean),
    }
}

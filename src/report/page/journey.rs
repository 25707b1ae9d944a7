//! The journey through the justice system as flows of one year, from stage to stage.

use super::super::chart::SankeyChart;
use super::super::{Run, number};
use super::view::{Figure, Table};
use crate::summarise::Estimate;

/// The flows that the model names, in the first year of the forecast; nothing where it names none.
pub(super) fn journey(run: &Run) -> Option<Figure> {
    let year = *run.first_and_last().first()?;
    let flows: Vec<(&str, &str, Estimate)> = run
        .plan
        .flows
        .iter()
        .map(|flow| {
            let count = run.estimate(run.plan.comparator, run.total(), &flow.measure, "", year);
            (flow.from.as_str(), flow.to.as_str(), count)
        })
        .filter(|(.., count)| count.mean.is_finite())
        .collect();
    let most = flows.iter().max_by(|a, b| a.2.mean.total_cmp(&b.2.mean))?;
    let title = format!(
        "The journey in {}: the widest way is from “{}” to “{}”, {} people",
        run.year_name(year),
        most.0,
        most.1,
        number::with_range(&most.2, "people")
    );
    let mut table = Table::new(
        format!(
            "The journey in {}, {}",
            run.year_name(year),
            number::lower_first(&run.comparator_name())
        ),
        &["From", "To", "People or cases", "90% range"],
        2,
    );
    for (from, to, count) in &flows {
        let mut row = vec![(*from).to_owned(), (*to).to_owned()];
        row.extend(super::mean_and_range(count, "people"));
        table.rows.push(row);
    }
    let chart = SankeyChart {
        id: "journey",
        title: &title,
        description: "Sankey diagram: stages from left to right, joined by bands as wide as people or cases go from one to the other in the year. The table after the chart has every number.",
        flows: flows
            .iter()
            .map(|(from, to, count)| {
                let words = number::about(count.mean, "people");
                ((*from).to_owned(), (*to).to_owned(), count.mean, words)
            })
            .collect(),
    };
    Some(Figure {
        id: "journey".to_owned(),
        svg: chart.svg(),
        title,
        note: format!(
            "{}, all places together, means of the draws. What leaves a stage in a year is not what comes to it: people stay, and ways that the model does not name are not drawn. A person who goes a way twice in the year counts twice.",
            run.comparator_name()
        ),
        table,
    })
}

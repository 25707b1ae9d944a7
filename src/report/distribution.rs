//! Who gains and who pays, as a table.

use super::Run;
use super::csv::Csv;
use crate::compile::Dimension;

/// A row for every option, group and measure.
pub(super) fn distribution(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "option",
        "comparator",
        "dimension",
        "group",
        "group_name",
        "measure",
        "perspective",
        "unit",
        "mean",
        "p05",
        "p50",
        "p95",
        "mc_error",
    ]);
    let comparator = &run.plan.options[run.plan.comparator].id;
    for row in &run.appraisal.distribution {
        let e = &row.estimate;
        let dimension = match row.dimension {
            Dimension::Area => "area",
            Dimension::Sex => "sex",
            Dimension::Age => "age",
        };
        let mut cells: Vec<String> = [
            run.plan.options[row.option].id.as_str(),
            comparator,
            dimension,
            &row.group,
            &row.name,
            row.measure,
            &row.perspective,
            row.unit,
        ]
        .map(str::to_owned)
        .to_vec();
        cells.extend(
            [e.mean, e.p05, e.p50, e.p95, e.mc_error].map(|value| run.digits().plain(value)),
        );
        table.cells(&cells);
    }
    table.into_bytes()
}

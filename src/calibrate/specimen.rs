//! Panels that tests are made of.

use crate::compile::{Panel, Strand};
use crate::quantity::Cadence;

/// Counts of people by year from 2001 on, from rows of an area's code, a stratum and its values.
pub fn panel(rows: &[(&str, &str, &[f64])]) -> Panel {
    let n_periods = rows.iter().map(|row| row.2.len()).max().unwrap_or(0);
    let strands = rows.iter();
    Panel {
        series: "cases".to_owned(),
        unit: "people".to_owned(),
        cadence: Cadence::Year,
        periods: (0..n_periods)
            .map(|year| (2001 + year).to_string())
            .collect(),
        strands: strands
            .map(|(area, stratum, values)| strand(area, stratum, values))
            .collect(),
        is_count: true,
        resolution: 1.0,
        breaks: Vec::new(),
        first_editions: Vec::new(),
    }
}

/// One row of such a panel.
pub fn strand(area: &str, stratum: &str, values: &[f64]) -> Strand {
    Strand {
        area_code: area.to_owned(),
        area_name: String::new(),
        stratum: stratum.to_owned(),
        values: values.to_vec(),
        exposure: None,
        published: Vec::new(),
    }
}

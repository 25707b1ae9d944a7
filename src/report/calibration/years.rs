//! The years that small charts stand over.

use super::CalibrationRun;
use crate::quantity::FinancialYear;
use crate::report::chart::Panel;

/// Financial years without a gap.
pub(super) struct Years {
    /// The first.
    pub first: FinancialYear,
    /// As they are written.
    pub names: Vec<String>,
    /// The first that nothing is fitted to, if it is among them.
    pub held_out: Option<usize>,
}

impl Years {
    /// From the first to the last of some years; `None` of none.
    pub fn of(
        run: &CalibrationRun,
        years: impl Iterator<Item = FinancialYear> + Clone,
    ) -> Option<Years> {
        let (first, last) = (years.clone().min()?, years.max()?);
        let n = last.first_year() - first.first_year();
        let all: Vec<FinancialYear> = (0..=n).map(|year| first.plus(year)).collect();
        let fitted = run.last_fitted();
        let is_later = |year: &FinancialYear| fitted.is_some_and(|fitted| *year > fitted);
        Some(Years {
            first,
            held_out: all.iter().position(is_later),
            names: all.iter().map(FinancialYear::to_string).collect(),
        })
    }

    /// From when to when.
    pub fn span(&self) -> String {
        let last = self.names.last().map_or("", String::as_str);
        format!("{} to {last}", self.first)
    }

    /// A chart with nothing in it yet.
    pub fn panel(&self, label: &str, unit: String) -> Panel {
        let n = self.names.len();
        Panel {
            label: label.to_owned(),
            unit,
            line: vec![f64::NAN; n],
            band: vec![(f64::NAN, f64::NAN); n],
            points: vec![(f64::NAN, false); n],
        }
    }
}

//! How far earlier forecasts missed, laid around the forecast of a run: the band in the fans, and its table.

use super::Run;
use super::csv::Csv;
use crate::calibrate::{Miss, Missed};
use crate::quantity::FinancialYear;
use crate::summarise::reported_areas;

/// What such a band is of one year.
pub(super) struct Ahead {
    /// How many years after the last record, from one on.
    pub years: usize,
    /// The year.
    pub year: FinancialYear,
    /// How far forecasts so many years ahead missed.
    pub miss: Miss,
    /// The comparator's mean less and more that share of it; not known beyond the years of the run.
    pub low: f64,
    /// See `low`.
    pub high: f64,
}

impl Run<'_> {
    /// How far earlier forecasts of a measure in an area missed, where enough of them could be scored.
    pub(super) fn missed_of(&self, measure: &str, code: &str) -> Option<&Missed> {
        let mut all = self.missed.iter();
        all.find(|missed| missed.measure == measure && missed.area_code == code)
    }

    /// The band of each year ahead.
    pub(super) fn ahead(&self, missed: &Missed) -> Vec<Ahead> {
        let layout = &self.forecast.layout;
        let areas = reported_areas(self.plan);
        let area = areas.iter().position(|area| area.code == missed.area_code);
        let place = layout.find(&missed.measure, "").zip(area);
        let of = |(miss, years): (&Miss, usize)| {
            let year = missed.last.plus(years as i32);
            let period = layout.years.iter().position(|known| *known == year);
            let mean = place
                .zip(period)
                .map_or(f64::NAN, |((series, area), period)| {
                    let option = self.plan.comparator;
                    self.forecast.at(option, area, series, period).mean
                });
            Ahead {
                years,
                year,
                miss: *miss,
                low: mean * (1.0 - miss.share).max(0.0),
                high: mean * (1.0 + miss.share),
            }
        };
        missed.by_horizon.iter().zip(1..).map(of).collect()
    }
}

/// Every band as a table.
pub(super) fn table(run: &Run) -> Vec<u8> {
    let mut table = Csv::new(&[
        "measure",
        "area_code",
        "area_name",
        "period",
        "unit",
        "years_ahead",
        "n",
        "missed",
        "low",
        "high",
    ]);
    let (layout, areas) = (&run.forecast.layout, reported_areas(run.plan));
    for missed in run.missed {
        let named = areas.iter().find(|area| area.code == missed.area_code);
        let series = layout.find(&missed.measure, "");
        let unit = series.map_or("", |series| &layout.series[series].unit);
        for ahead in run.ahead(missed) {
            table.row(
                [
                    missed.measure.as_str(),
                    missed.area_code.as_str(),
                    named.map_or("", |area| area.name.as_str()),
                    &ahead.year.to_string(),
                    unit,
                ],
                [
                    ahead.years as f64,
                    ahead.miss.n as f64,
                    ahead.miss.share,
                    ahead.low,
                    ahead.high,
                ],
            );
        }
    }
    table.into_bytes()
}

//! What was recorded beside the measures, and what is fitted to it.

use std::collections::BTreeMap;

use super::series::months;
use super::{
    BreakKind, BrokenSeries, Compiler, Context, ContextFigure, Fitting, Otherwise, Recorded,
};
use crate::diagnostic::Diagnostic;
use crate::document::{At, Disclosure, RecordedRow, Text, Withheld};
use crate::quantity::{FinancialYear, Month};

impl Compiler<'_> {
    /// The recorded series of measures, of the model and of every run.
    pub(super) fn take_recorded(&mut self) {
        self.plan.disclosure = Disclosure {
            withheld: Vec::new(),
            ..self.documents.disclosure.clone()
        };
        let outcomes = &self.documents.outcomes;
        for file in &outcomes.measures {
            if let Some(named) = &file.recorded {
                self.take_series(&file.id.value, named, false);
                self.take_known_residence(&file.id.value, &named.value);
            }
        }
        for (measure, named, is_national) in &outcomes.recorded {
            self.take_series(&measure.value, named, *is_national);
        }
        self.check_recorded_areas();
        self.take_context();
        self.take_fittings();
    }

    /// Every recorded figure is of an area that the profile knows; a code is reported once.
    fn check_recorded_areas(&mut self) {
        let documents = self.documents;
        let mut known: Vec<&str> = documents
            .areas
            .iter()
            .map(|area| area.code.as_str())
            .collect();
        let names: Vec<&str> = known.clone();
        for row in &documents.recorded {
            if !row.area.is_empty() && !known.contains(&row.area.as_str()) {
                let name = Text {
                    value: row.area.clone(),
                    at: row.at,
                };
                self.unknown("E201", "area code", &name, &names);
                known.push(&row.area);
            }
        }
    }

    /// Every figure of a series is of a year or a month, and there is one for each: a second would be added to the first
    /// wherever areas are added up.
    fn check_recorded<'r>(&mut self, rows: impl Iterator<Item = &'r RecordedRow>) {
        let mut seen: BTreeMap<[&str; 3], At> = BTreeMap::new();
        // Groups of areas have no codes to be told apart by.
        for row in rows.filter(|row| !row.area.is_empty()) {
            let fault = if !is_period(&row.period) {
                Diagnostic::error("E306", format!("`{}` is not a period", row.period))
                    .expected("a financial year such as 2024-25, or a month such as 2024-04")
                    .found(format!("`{}`", row.period))
            } else if let Some(at) = seen.insert([&row.area, &row.period, &row.breakdown], row.at)
                && at != row.at
            {
                Diagnostic::error("E307", "a second figure of the same area and period")
                    .expected("one row for every area, period and breakdown")
                    .found(format!(
                        "the same keys as {}",
                        self.documents.sources.file_and_line(at)
                    ))
                    .hint("take one of the rows away")
            } else {
                continue;
            };
            // Several measures may be held against one series.
            let place = self.documents.sources.place(row.at);
            let fault = fault.at(&place);
            if !self.faults.contains(&fault) {
                self.faults.push(fault);
            }
        }
    }

    /// Series that tell what the areas are like, and the country beside them.
    fn take_context(&mut self) {
        for (named, title) in &self.documents.outcomes.context {
            let (measure, breakdown) = named.value.split_once(';').unwrap_or((&named.value, ""));
            let rows: Vec<_> = self
                .documents
                .recorded
                .iter()
                .filter(|row| row.measure == measure)
                .collect();
            if rows.is_empty() {
                self.no_series(measure, named);
                continue;
            }
            let is_wanted = |area: &str| {
                !area.starts_with("S12") || self.plan.areas.iter().any(|known| known.code == area)
            };
            let wanted = rows.into_iter().filter(|row| {
                row.breakdown == breakdown
                    && !row.area.is_empty()
                    && is_wanted(&row.area)
                    && !row.value.is_nan()
            });
            let figures = wanted.map(|row| ContextFigure {
                area_code: row.area.clone(),
                period: row.period.clone(),
                value: row.value,
                unit: row.unit.clone(),
                source: row.source.clone(),
            });
            self.plan.context.push(Context {
                title: title.value.clone(),
                figures: figures.collect(),
            });
        }
    }

    fn take_series(&mut self, id: &str, named: &Text, is_national: bool) {
        let total = self.plan.total.code.clone();
        let (measure, breakdown) = named.value.split_once(';').unwrap_or((&named.value, ""));
        let documents = self.documents;
        let rows = &documents.recorded;
        let mut withheld = documents.disclosure.withheld.iter();
        if !rows.iter().any(|row| row.measure == measure)
            && !withheld.any(|row| row.measure == measure)
        {
            return self.no_series(measure, named);
        }
        self.take_breaks(id, measure);
        self.take_withheld(id, (measure, breakdown), is_national);
        let is_of = |row: &&RecordedRow| {
            row.measure == measure && row.breakdown == breakdown && is_period(&row.period)
        };
        self.check_recorded(rows.iter().filter(|row| row.measure == measure));
        for row in rows.iter().filter(is_of) {
            let is_wanted = row.area == total
                || !is_national && self.plan.areas.iter().any(|area| area.code == row.area);
            if !is_wanted || row.value.is_nan() {
                continue;
            }
            // Published percentages stand beside shares.
            let scale = if row.unit == "percent" { 0.01 } else { 1.0 };
            self.plan.recorded.push(Recorded {
                measure: id.to_owned(),
                area_code: row.area.clone(),
                period: row.period.clone(),
                value: row.value * scale,
                is_rounded: !matches!(row.precision.as_str(), "" | "exact"),
                source: row.source.clone(),
            });
        }
        // Shares of areas do not add up; counts do.
        if !is_national && self.is_count(id) {
            self.add_up(id);
        }
    }

    /// Figures of a series that disclosure control keeps back, so that a table can say so in their places.
    fn take_withheld(&mut self, id: &str, series: (&str, &str), is_national: bool) {
        let plan = &mut self.plan;
        for row in &self.documents.disclosure.withheld {
            let is_wanted = row.area_code == plan.total.code
                || !is_national && plan.areas.iter().any(|area| area.code == row.area_code);
            if is_wanted && (row.measure.as_str(), row.breakdown.as_str()) == series {
                plan.disclosure.withheld.push(Withheld {
                    measure: id.to_owned(),
                    breakdown: String::new(),
                    ..row.clone()
                });
            }
        }
    }

    /// What is declared to have broken a series; a period that cannot be read is a fault.
    fn take_breaks(&mut self, id: &str, series: &str) {
        for row in &self.documents.breaks {
            let mut names = row.series.split(';').map(str::trim);
            if !(row.series.is_empty() || names.any(|name| name == series)) {
                continue;
            }
            let (from, to) = match months(row) {
                Ok(months) => months,
                Err(fault) => {
                    self.report(row.at, *fault);
                    continue;
                }
            };
            self.plan.breaks.push(BrokenSeries {
                measure: id.to_owned(),
                area_code: Some(row.area_code.clone()).filter(|code| !code.is_empty()),
                from,
                to,
                kind: BreakKind::parse(&row.kind),
                reason: row.reason.clone(),
                source: row.source.clone(),
            });
        }
    }

    fn is_count(&self, id: &str) -> bool {
        let of_model = self.plan.measures.iter().any(|measure| measure.id == id);
        of_model || id == "reconviction_cohort"
    }

    /// Where the scenario's areas are not the whole country, their sum is recorded too, for the periods in which every
    /// one of them has a figure.
    fn add_up(&mut self, id: &str) {
        if self.plan.total.code.starts_with('S') {
            return;
        }
        let mut sums: std::collections::BTreeMap<String, (usize, Recorded)> = Default::default();
        for one in self.plan.recorded.iter().filter(|r| r.measure == id) {
            let sum = sums.entry(one.period.clone()).or_insert_with(|| {
                let area_code = self.plan.total.code.clone();
                (
                    0,
                    Recorded {
                        area_code,
                        value: 0.0,
                        ..one.clone()
                    },
                )
            });
            sum.0 += 1;
            sum.1.value += one.value;
            sum.1.is_rounded |= one.is_rounded;
        }
        let n_areas = self.plan.areas.len();
        let whole = sums
            .into_values()
            .filter(|(n, _)| *n == n_areas && n_areas > 1);
        self.plan.recorded.extend(whole.map(|(_, sum)| sum));
    }

    /// Published figures of areas may leave out people whose residence is unknown. Where the country's count of those
    /// with a known one is published, as `SERIES_known_residence`, it comes along with the country's whole count,
    /// whatever the areas of the scenario.
    fn take_known_residence(&mut self, id: &str, series: &str) {
        let rows = &self.documents.recorded;
        let with = format!("{series}_known_residence");
        for known in rows.iter().filter(|row| row.measure == with) {
            let all = rows.iter().find(|row| {
                let is_same = row.area == known.area && row.period == known.period;
                row.measure == series && row.breakdown.is_empty() && is_same
            });
            let is_there = known.area == self.plan.total.code;
            let all = all.map(|row| (row, id.to_owned())).filter(|_| !is_there);
            for (row, measure) in [(known, format!("{id}_known_residence"))]
                .into_iter()
                .chain(all)
            {
                self.plan.recorded.push(Recorded {
                    measure,
                    area_code: row.area.clone(),
                    period: row.period.clone(),
                    value: row.value,
                    is_rounded: !matches!(row.precision.as_str(), "" | "exact"),
                    source: row.source.clone(),
                });
            }
        }
    }

    fn no_series(&mut self, measure: &str, named: &Text) {
        let rows = &self.documents.recorded;
        let mut names: Vec<&str> = rows.iter().map(|row| row.measure.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let message = format!("the profile has no recorded series `{measure}`");
        let fault = Diagnostic::warning("E420", message)
            .expected("a measure of one of the profile's tables")
            .found(format!("`{measure}`"))
            .nearest(measure, names);
        self.report(named.at, fault);
    }

    fn take_fittings(&mut self) {
        for file in &self.documents.outcomes.fittings {
            let parameter = self.parameter(&file.parameter);
            let known = self
                .plan
                .recorded
                .iter()
                .any(|r| r.measure == file.measure.value);
            if !known && self.plan.areas.len() > 1 && self.plan.total.code.starts_with('S') {
                let names: Vec<String> = self
                    .plan
                    .recorded
                    .iter()
                    .map(|r| r.measure.clone())
                    .collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.unknown("E204", "recorded measure", &file.measure, &names);
            }
            let first = self.financial_year(&file.first_year);
            let last = self.financial_year(&file.last_year);
            if let (Some(first), Some(last)) = (first, last)
                && last < first
            {
                let fault = Diagnostic::error("E515", "a fit that ends before it begins")
                    .expected(format!("a year from {first} on"))
                    .found(last.to_string());
                self.report(file.last_year.at, fault);
            }
            let otherwise = [
                (&file.otherwise_mean_from, Otherwise::Mean),
                (&file.otherwise_scaled_from, Otherwise::Scaled),
            ];
            let otherwise = otherwise
                .into_iter()
                .find_map(|(from, rule)| Some((from.as_ref()?, rule)));
            let otherwise_from = otherwise.and_then(|(from, _)| self.financial_year(from));
            if let (Some(parameter), Some(first), Some(last)) = (parameter, first, last) {
                self.plan.fittings.push(Fitting {
                    parameter,
                    measure: file.measure.value.clone(),
                    is_by_area: file.is_by_area,
                    years: (first, last),
                    lags: file.lags.clone(),
                    otherwise: otherwise.map(|(_, rule)| rule),
                    otherwise_from,
                    ahead_years: file
                        .ahead_years
                        .as_ref()
                        .map_or(0, |years| years.value.clamp(0, 60) as usize),
                });
            }
        }
    }

    fn financial_year(&mut self, text: &Text) -> Option<FinancialYear> {
        let year = FinancialYear::parse(&text.value);
        if year.is_none() && !text.is_missing() {
            let fault =
                Diagnostic::error("E306", format!("`{}` is not a financial year", text.value))
                    .expected("a year like 2023-24, the second half following the first")
                    .found(format!("`{}`", text.value));
            self.report(text.at, fault);
        }
        year
    }
}

fn is_period(text: &str) -> bool {
    FinancialYear::parse(text).is_some() || Month::parse(text).is_some()
}

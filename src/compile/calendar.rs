//! Months, draws, the seed, the price year and the areas.

use super::{Area, Compiler, Discounting, Duties, Each, Judging, Plan, Strata};
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Disclosure, Spanned, Text};
use crate::quantity::{FinancialYear, Month, Schedule, TimeUnit};

/// The longest forecast: a lifetime. Population projections end long before this.
pub const MOST_YEARS: i64 = 120;
/// The most draws: beyond this the Monte Carlo error is far below any parameter's.
pub const MOST_DRAWS: i64 = 1_000_000;
/// The code of Scotland in statistics.gov.scot.
const SCOTLAND: &str = "S92000003";

pub(super) fn empty_plan() -> Plan {
    Plan {
        step: TimeUnit::Month,
        title: String::new(),
        seed: 0,
        n_draws: 0,
        luck: 0,
        history_from: FinancialYear::starting(2013).first_month(),
        start: FinancialYear::starting(2013).first_month(),
        end: FinancialYear::starting(2013).first_month(),
        areas: Vec::new(),
        total: Area {
            code: String::new(),
            name: String::new(),
        },
        strata: Strata {
            sexes: Vec::new(),
            ages: Vec::new(),
            priors: Vec::new(),
        },
        needs: Vec::new(),
        cells: Vec::new(),
        parameters: Vec::new(),
        quantities: Vec::new(),
        population: Vec::new(),
        population_from: 0,
        inflows: Vec::new(),
        states: Vec::new(),
        clock: None,
        death: None,
        prevalences: Vec::new(),
        associations: Vec::new(),
        services: Vec::new(),
        measures: Vec::new(),
        costs: Vec::new(),
        payers: Vec::new(),
        options: Vec::new(),
        comparator: 0,
        price_year: 0,
        discounting: Discounting {
            costs: None,
            outcomes: None,
            health: None,
            each: Each::Year,
            first: 0.0,
            source: String::new(),
        },
        optimism: None,
        weights: None,
        sharing: None,
        running_costs: Vec::new(),
        comparisons: Vec::new(),
        mixing: None,
        judging: Judging::default(),
        recorded: Vec::new(),
        breaks: Vec::new(),
        flows: Vec::new(),
        context: Vec::new(),
        fittings: Vec::new(),
        duties: Duties::default(),
        disclosure: Disclosure::default(),
        notes: Vec::new(),
    }
}

impl Compiler<'_> {
    /// The months of the run, the draws and the seed.
    pub(super) fn take_calendar(&mut self) {
        let scenario = &self.documents.scenario;
        self.plan.title = scenario.title.value.clone();
        let fallback = FinancialYear::starting(2025).first_month();
        let start = scenario
            .start
            .as_ref()
            .map_or(fallback, |start| start.value);
        let model = &self.documents.model;
        let history = model.history_from.as_ref();
        self.plan.step = TimeUnit::parse_step(&model.step.value).unwrap_or(TimeUnit::Month);
        self.plan.start = start;
        self.plan.history_from = history.map_or(start, |from| from.value);
        if let Some(from) = history.filter(|from| from.value > start) {
            let at = scenario.start.as_ref().map_or(from.at, |start| start.at);
            self.is_start_known = false;
            self.report(
                at,
                Diagnostic::error("E408", "the forecast begins before the run")
                    .expected(format!(
                        "a start on or after the model's history_from, {}",
                        from.value
                    ))
                    .found(start.to_string()),
            );
            self.plan.history_from = start;
        }
        let n_faults = self.faults.len();
        let years = self.whole(&scenario.years, "years", 1, MOST_YEARS);
        self.is_start_known &= scenario.start.is_some();
        self.are_months_known &= self.is_start_known && scenario.years.is_some();
        self.are_months_known &= self.faults.len() == n_faults;
        self.plan.end = start.plus(years as i32 * 12);
        self.plan.n_draws = self.whole(&scenario.draws, "draws", 1, MOST_DRAWS) as usize;
        self.plan.seed = self.whole(&scenario.seed, "seed", 0, i64::MAX) as u64;
        self.take_price_year();
        self.take_discounting();
        self.check_step();
    }

    /// Steps of a year are financial years, so that reports can speak of them.
    fn check_step(&mut self) {
        if self.plan.step != TimeUnit::Year {
            return;
        }
        let model = self.documents.model.history_from.as_ref();
        let scenario = self.documents.scenario.start.as_ref();
        for from in model.into_iter().chain(scenario) {
            if from.value.month() != 4 {
                let fault = Diagnostic::error("E413", "a yearly step that does not begin in April")
                    .expected(format!(
                        "{}-04, in a model with step = \"year\"",
                        from.value.year()
                    ))
                    .found(from.value.to_string());
                self.report(from.at, fault);
            }
        }
    }

    /// Rates of discounting of the scenario's own.
    fn take_discounting(&mut self) {
        let Some(file) = &self.documents.scenario.discounting else {
            return;
        };
        let each = match file.each.value.as_str() {
            "step" => Each::Step,
            "moment" => Each::Moment,
            _ => Each::Year,
        };
        for (first, name, what) in [
            (&file.first_year, "first_year", Each::Year),
            (&file.first_step, "first_step", Each::Step),
        ] {
            let Some(first) = first else { continue };
            if !(0.0..=1.0).contains(&first.value) || each != what {
                let each = &name[6..];
                let fault = Diagnostic::error("E315", format!("`{name}` is outside its limits"))
                    .expected(format!(
                        "a number from 0 to 1, how often the first {each} is discounted, where each = \"{each}\""
                    ))
                    .found(format!("{} where each = \"{}\"", first.value, file.each.value));
                self.report(first.at, fault);
            }
        }
        let first = file.first_year.as_ref().or(file.first_step.as_ref());
        let given = |rates: &Option<Spanned<Schedule>>| -> Option<Schedule> {
            rates.as_ref().map(|rates| rates.value.clone())
        };
        let discounting = Discounting {
            costs: given(&file.costs),
            outcomes: given(&file.outcomes),
            health: given(&file.health),
            each,
            first: first.map_or(0.0, |first| first.value),
            source: file.source.value.clone(),
        };
        self.plan.discounting = discounting;
    }

    fn whole(
        &mut self,
        number: &Option<crate::document::Spanned<i64>>,
        name: &str,
        lowest: i64,
        highest: i64,
    ) -> i64 {
        let Some(number) = number else {
            return lowest;
        };
        if (lowest..=highest).contains(&number.value) {
            return number.value;
        }
        let fault = Diagnostic::error("E315", format!("`{name}` is outside its limits"))
            .expected(format!("a whole number from {lowest} to {highest}"))
            .found(number.value.to_string());
        self.report(number.at, fault);
        lowest
    }

    fn take_price_year(&mut self) {
        let start = self.plan.start.financial_year().first_year();
        self.plan.price_year = start;
        let Some(text) = &self.documents.scenario.price_year else {
            return;
        };
        self.plan.price_year = self.price_year(text).unwrap_or(start);
    }

    /// A financial year for which there is a price index; where there is none, that is reported at the text.
    pub(super) fn price_year(&mut self, text: &Text) -> Option<i32> {
        let known = self.known_price_year(text);
        known.unwrap_or_else(|fault| {
            self.report(text.at, *fault);
            None
        })
    }

    /// A financial year for which there is a price index, nothing where none is named, or what is wrong.
    pub(super) fn known_price_year(&self, text: &Text) -> Result<Option<i32>, Box<Diagnostic>> {
        if text.is_missing() {
            return Ok(None);
        }
        let year = FinancialYear::parse(&text.value).map(FinancialYear::first_year);
        let years = self.deflator_years();
        if let Some(year) = year
            && (years.is_empty() || self.deflator(year).is_some())
        {
            return Ok(Some(year));
        }
        let expected = match (years.first(), years.last()) {
            (Some(first), Some(last)) => {
                format!("a financial year from {first} to {last}, in deflators.csv")
            }
            _ => "a financial year such as 2023-24".to_owned(),
        };
        let fault = Diagnostic::error("E313", format!("unknown price year `{}`", text.value));
        Err(Box::new(
            fault
                .expected(expected)
                .found(format!("`{}`", text.value))
                .hint("add the year to the model's deflators.csv"),
        ))
    }

    pub(super) fn deflator_years(&self) -> Vec<FinancialYear> {
        let rows = self.documents.deflators.iter();
        let mut years: Vec<_> = rows
            .filter_map(|row| FinancialYear::parse(&row.year))
            .collect();
        years.sort();
        years
    }

    /// The price index of a financial year.
    pub(super) fn deflator(&self, year: i32) -> Option<f64> {
        let wanted = FinancialYear::starting(year);
        let mut rows = self.documents.deflators.iter();
        rows.find(|row| FinancialYear::parse(&row.year) == Some(wanted))
            .map(|row| row.index)
    }

    /// Reports, once, that prices cannot be told apart by year.
    fn no_deflators(&mut self, shown: &str, from: i32) {
        let place = Place {
            file: shown.to_owned(),
            ..Place::default()
        };
        let now = FinancialYear::starting(self.plan.price_year);
        let then = FinancialYear::starting(from);
        let fault = Diagnostic::error("E001", format!("cannot read `{shown}`"))
            .at(&place)
            .expected(format!("price indices from which {then} becomes {now}"))
            .found("no such file, or no rows in it")
            .hint(
                "add deflators.csv to the model, or give every price in the scenario's price year",
            );
        let is_reported = |other: &Diagnostic| other.place.as_ref() == Some(&place);
        if !self.faults.iter().any(is_reported) {
            self.faults.push(fault);
        }
    }

    /// What prices of `from` are multiplied by to be in the scenario's prices.
    pub(super) fn price_ratio(&mut self, from: i32) -> f64 {
        if from == self.plan.price_year {
            return 1.0;
        }
        if let Some(shown) = &self.documents.missing_deflators {
            self.no_deflators(shown, from);
            return 1.0;
        }
        match (self.deflator(self.plan.price_year), self.deflator(from)) {
            (Some(now), Some(then)) => now / then,
            _ => 1.0,
        }
    }

    /// The scenario's areas, each once.
    pub(super) fn take_areas(&mut self) {
        let rows = &self.documents.areas;
        for (row, area) in rows.iter().enumerate() {
            let names = area.aliases.iter().chain([&area.code, &area.name]);
            for name in names.filter(|name| !name.is_empty()) {
                self.area_names.entry(name.to_lowercase()).or_insert(row);
            }
        }
        self.scenario_area = vec![None; rows.len()];
        match &self.documents.scenario.areas {
            None => {
                let is_council = |code: &str| code.starts_with("S12") || !is_gss(code);
                let councils: Vec<usize> = (0..rows.len())
                    .filter(|row| is_council(&rows[*row].code))
                    .collect();
                councils.into_iter().for_each(|row| self.add_area(row));
            }
            Some(names) => {
                for name in names {
                    self.take_area(name);
                }
                self.are_areas_known &= !names.is_empty();
                if let (true, Some(at)) = (names.is_empty(), self.documents.scenario.areas_at) {
                    let place = self.documents.sources.place(at);
                    let is_there =
                        |other: &Place| (&other.file, other.line) == (&place.file, place.line);
                    let mut places = self.faults.iter().filter_map(|f| f.place.as_ref());
                    if places.any(is_there) {
                        self.are_areas_known = false;
                        return;
                    }
                    let fault = Diagnostic::error("E108", "the scenario has no area")
                        .expected("`areas` with at least one name or code, or \"all\"")
                        .found("an empty list, []");
                    self.report(at, fault);
                }
            }
        }
        self.plan.total = self.total();
    }

    fn take_area(&mut self, name: &Text) {
        let Some(row) = self.area_row(name) else {
            self.are_areas_known = false;
            return;
        };
        if self.scenario_area[row].is_some() {
            let fault =
                Diagnostic::error("E214", format!("the area `{}` stands twice", name.value))
                    .expected("each area once")
                    .found(format!("`{}` again", self.documents.areas[row].name))
                    .hint("take one of them away");
            self.report(name.at, fault);
            return;
        }
        self.add_area(row);
    }

    fn add_area(&mut self, row: usize) {
        let area = &self.documents.areas[row];
        self.scenario_area[row] = Some(self.plan.areas.len());
        self.plan.areas.push(Area {
            code: area.code.clone(),
            name: area.name.clone(),
        });
    }

    fn total(&self) -> Area {
        let rows = &self.documents.areas;
        let n_councils = rows
            .iter()
            .filter(|row| row.code.starts_with("S12"))
            .count();
        let scotland = rows.iter().find(|row| row.code == SCOTLAND);
        match scotland.filter(|_| n_councils == self.plan.areas.len() && n_councils > 1) {
            Some(row) => Area {
                code: row.code.clone(),
                name: row.name.clone(),
            },
            None => Area {
                code: "total".to_owned(),
                name: "All areas of this scenario".to_owned(),
            },
        }
    }

    /// The last month of the run.
    pub(super) fn last_month(&self) -> Month {
        self.plan.end.plus(-1)
    }
}

/// Whether this looks like a code of the Government Statistical Service: a letter and eight digits.
fn is_gss(code: &str) -> bool {
    code.len() == 9 && code.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

//! Which changes are explained: those that the scenario names, or the first year to the last and every option against
//! the comparator.

use super::{Between, Comparison, Compiler, Plan};
use crate::diagnostic::Diagnostic;
use crate::document::{At, BetweenFile, ComparisonFile, Part, Text};
use crate::quantity::FinancialYear;

impl Compiler<'_> {
    /// The comparisons of the scenario.
    pub(super) fn take_comparisons(&mut self) {
        let files = &self.documents.scenario.comparisons;
        if files.is_empty() {
            self.plan.comparisons = usual(&self.plan);
        }
        for file in files {
            let measures = self.compared_measures(file);
            let between = self.between(file);
            if let (Some(measures), Some(between)) = (measures, between) {
                let comparison = match measures {
                    Some(measures) => Comparison {
                        measures,
                        is_usual: false,
                        between,
                    },
                    None => usual_of(&self.plan, between),
                };
                self.plan.comparisons.push(comparison);
            }
        }
    }

    /// The measures and their breakdowns that are named, if any are; `None` when something is wrong with them.
    fn compared_measures(
        &mut self,
        file: &ComparisonFile,
    ) -> Option<Option<Vec<(String, String)>>> {
        let Some(names) = &file.measures else {
            return Some(None);
        };
        if names.is_empty() {
            let fault = Diagnostic::error("E108", "`measures` is empty")
                .expected("a list of measures, or no `measures` for the usual ones")
                .found("an empty list, []");
            self.report(file.at, fault);
            return None;
        }
        let n_faults = self.faults.len();
        let measures = names.iter().map(|name| self.compared_measure(name));
        let measures: Vec<(String, String)> = measures.collect();
        (self.faults.len() == n_faults).then_some(Some(measures))
    }

    /// A measure; of a service only where there are services.
    pub(super) fn compared_measure(&mut self, name: &Text) -> (String, String) {
        let (measure, breakdown) = self.named_measure(name);
        let is_of_service = breakdown.starts_with("service=");
        if is_of_service && self.documents.scenario.without_services.is_some() {
            let fault =
                Diagnostic::error("E511", "a measure of a service in a scenario without them")
                    .expected("a measure of the journey, because of `services = \"none\"`")
                    .found(format!("`{}`", name.value))
                    .hint("take the measure away, or `services = \"none\"`");
            self.report(name.at, fault);
        }
        (measure, breakdown)
    }

    fn between(&mut self, file: &ComparisonFile) -> Option<Between> {
        let between = match &file.between {
            BetweenFile::Years { option, from, to } => {
                let years = (
                    self.compared_year(from, false),
                    self.compared_year(to, false),
                );
                let option = match option {
                    Some(name) => self.named_option(name)?,
                    None => self.plan.comparator,
                };
                let (from, to) = (years.0?, years.1?);
                Between::Years { option, from, to }
            }
            BetweenFile::Options {
                option,
                against,
                year,
            } => {
                let options = (self.named_option(option), self.named_option(against));
                let year = match year {
                    Some(year) => Some(self.compared_year(year, true)?),
                    None => self.check_forecast(against.at)?,
                };
                let (option, against) = (options.0?, options.1?);
                Between::Options {
                    option,
                    against,
                    year,
                }
            }
            BetweenFile::Unclear => return None,
        };
        self.check_between(between, file.at)
    }

    /// Refuses a comparison of something with itself, or with what came later.
    fn check_between(&mut self, between: Between, at: At) -> Option<Between> {
        let (expected, found) = match between {
            Between::Years { from, to, .. } if from >= to => (
                "a year `from` and a later year `to`",
                format!("from {from} to {to}"),
            ),
            Between::Options {
                option, against, ..
            } if option == against => (
                "two options",
                format!("`{}` against itself", self.plan.options[option].id),
            ),
            _ => return Some(between),
        };
        let fault = Diagnostic::error("E513", "a comparison of nothing")
            .expected(expected)
            .found(found);
        self.report(at, fault);
        None
    }

    /// The option of this name.
    pub(super) fn named_option(&mut self, name: &Text) -> Option<usize> {
        let ids: Vec<String> = self.plan.options.iter().map(|o| o.id.clone()).collect();
        let found = ids.iter().position(|id| *id == name.value);
        if found.is_none() {
            let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
            self.unknown("E210", "option", name, &ids);
        }
        found
    }

    /// The whole forecast can be compared where it has a whole financial year.
    fn check_forecast(&mut self, at: At) -> Option<Option<FinancialYear>> {
        let start = self.plan.start.financial_year();
        let years = self.plan.whole_years();
        let is_known = self.are_months_known && !self.documents.unread.contains(&Part::Model);
        if is_known && years.iter().all(|year| *year < start) {
            let fault = Diagnostic::error("E512", "the forecast has no year to compare in")
                .expected("a forecast with a whole financial year, from April to March")
                .found(format!("{} to {}", self.plan.start, self.last_month()));
            self.report(at, fault);
            return None;
        }
        Some(None)
    }

    /// A whole financial year of the run, or of the forecast.
    fn compared_year(&mut self, text: &Text, is_of_forecast: bool) -> Option<FinancialYear> {
        let is_model_unread = self.documents.unread.contains(&Part::Model);
        if text.is_missing() || !self.are_months_known || is_model_unread {
            return None;
        }
        let start = self.plan.start.financial_year();
        let years = self.plan.whole_years().into_iter();
        let years: Vec<FinancialYear> = years
            .filter(|year| !is_of_forecast || *year >= start)
            .collect();
        let year = FinancialYear::parse(&text.value).filter(|year| years.contains(year));
        if year.is_none() {
            let fault = Diagnostic::error("E512", format!("`{}` is not in the run", text.value))
                .expected(match (years.first(), years.last()) {
                    (Some(first), Some(last)) => {
                        format!("a financial year from {first} to {last}")
                    }
                    _ => "a run with a whole financial year".to_owned(),
                })
                .found(format!("`{}`", text.value));
            self.report(text.at, fault);
        }
        year
    }
}

/// The first year of the forecast to the last, and every option against the comparator over the whole forecast.
fn usual(plan: &Plan) -> Vec<Comparison> {
    let years = plan.whole_years();
    let start = plan.start.financial_year();
    let mut betweens = Vec::new();
    let first = years.iter().copied().find(|year| *year >= start);
    if let (Some(from), Some(&to)) = (first, years.last())
        && from < to
    {
        let option = plan.comparator;
        betweens.push(Between::Years { option, from, to });
    }
    let others = (0..plan.options.len()).filter(|option| *option != plan.comparator);
    let against = plan.comparator;
    betweens.extend(
        others
            .filter(|_| first.is_some())
            .map(|option| Between::Options {
                option,
                against,
                year: None,
            }),
    );
    let betweens = betweens.into_iter();
    betweens.map(|between| usual_of(plan, between)).collect()
}

fn usual_of(plan: &Plan, between: Between) -> Comparison {
    Comparison {
        measures: usual_measures(plan, between),
        is_usual: true,
        between,
    }
}

/// What the report leads with: the headline measures, people arising with each need, and the reconviction rate; between
/// options also what each service meets and does not meet.
fn usual_measures(plan: &Plan, between: Between) -> Vec<(String, String)> {
    let whole = |id: &str| (id.to_owned(), String::new());
    let headline = plan.measures.iter().filter(|measure| measure.is_headline);
    let mut measures: Vec<_> = headline.map(|measure| whole(&measure.id)).collect();
    let needs = plan.needs.iter();
    measures.extend(needs.map(|need| ("need_arising".to_owned(), format!("need={}", need.id))));
    measures.extend(plan.clock.is_some().then(|| whole("reconviction_rate")));
    if matches!(between, Between::Options { .. }) {
        for service in &plan.services {
            let by = format!("service={}", service.id);
            measures.extend(["needs_met", "unmet_need"].map(|id| (id.to_owned(), by.clone())));
        }
    }
    measures
}

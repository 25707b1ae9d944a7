//! How options are judged: the outcome beside money, what one more of it may be worth, and weighted criteria.

use super::scored::{is_cost, is_whole};
use super::value_function::value_function;
use super::{Compiler, Criterion, Gauge, Weighted};
use crate::diagnostic::Diagnostic;
use crate::document::{CriterionFile, Part, Spanned, Text, ThresholdFile};

/// The option that is do-minimum where the scenario does not say.
const DO_MINIMUM: &str = "do-minimum";

/// Outcomes of the appraisal that are no measure of the model, and what a model must have for them.
const OUTCOMES: [(&str, Needed); 13] = [
    ("needs_met", Needed::Services),
    ("needs_met_discounted", Needed::Services),
    ("needs_met_weighted", Needed::Weights),
    ("completions", Needed::Services),
    ("completions_discounted", Needed::Services),
    ("starts", Needed::Services),
    ("unmet_need", Needed::Services),
    ("gave_up", Needed::Services),
    ("wait_months_mean", Needed::Services),
    ("prison_months", Needed::PrisonPopulation),
    ("prison_months_discounted", Needed::PrisonPopulation),
    ("reconvictions", Needed::Clock),
    ("reconvictions_discounted", Needed::Clock),
];

/// Names of money, which is set against what is achieved and not added to it.
const MONEY: [&str; 3] = ["npsv", "present_value_of_cost", "npsv_society"];

/// More than anybody would give for one more of anything.
const MOST_GBP: f64 = 1e12;

/// What a model must have for an outcome.
#[derive(Clone, Copy, PartialEq)]
enum Needed {
    Services,
    Weights,
    PrisonPopulation,
    Clock,
}

impl Compiler<'_> {
    /// How the scenario says that options are judged.
    pub(super) fn take_judging(&mut self) {
        let file = &self.documents.scenario.judging;
        self.plan.judging.do_minimum = self.do_minimum(file.do_minimum.as_ref());
        if let Some(threshold) = &file.threshold {
            self.take_threshold(threshold);
        }
        self.check_unique("criterion", file.criteria.iter().map(|file| &file.id));
        for criterion in &file.criteria {
            self.take_criterion(criterion);
        }
        self.check_swing_weights(&file.criteria);
    }

    fn do_minimum(&mut self, named: Option<&Text>) -> Option<usize> {
        let comparator = self.plan.comparator;
        let Some(name) = named else {
            let mut options = self.plan.options.iter();
            let found = options.position(|option| option.id == DO_MINIMUM);
            return found.filter(|option| *option != comparator);
        };
        let found = self.named_option(name)?;
        if found == comparator {
            let fault = Diagnostic::error("E513", "do-minimum is the comparator itself")
                .expected("another option than the one that every increment is against anyway")
                .found(format!("`{}`", name.value))
                .hint(
                    "take `do_minimum` away, or name the option that keeps only what must be kept",
                );
            self.report(name.at, fault);
            return None;
        }
        Some(found)
    }

    fn take_threshold(&mut self, file: &ThresholdFile) {
        if let Some(outcome) = &file.outcome {
            self.check_not_money(outcome, "an outcome");
            self.plan.judging.outcome = Some(self.gauge(outcome));
        }
        let mut worths: Vec<f64> = file.gbp.iter().map(|worth| worth.value).collect();
        worths.sort_by(f64::total_cmp);
        worths.dedup();
        let largest = worths.last().copied().unwrap_or(0.0);
        for worth in file.gbp.iter().filter(|worth| worth.value > MOST_GBP) {
            self.refuse(
                worth,
                "more money than there is",
                "at most a thousand billion pounds",
            );
        }
        for worth in file.gbp.iter().filter(|worth| worth.value < 0.0) {
            self.refuse(
                worth,
                "one more of an outcome is worth less than nothing",
                "0 or more pounds; of what is better when there is less of it, one fewer is meant",
            );
        }
        if let Some(up_to) = &file.up_to
            && (up_to.value <= 0.0 || up_to.value < largest)
        {
            let expected = match largest > 0.0 {
                true => format!("{largest} or more: the largest of `gbp`"),
                false => "pounds above 0".to_owned(),
            };
            self.refuse(up_to, "curves that end before they begin", &expected);
        }
        self.plan.judging.worths = worths;
        self.plan.judging.up_to = file.up_to.as_ref().map(|up_to| up_to.value);
        let source = file.source.as_ref();
        self.plan.judging.source = source.map_or(String::new(), |text| text.value.clone());
    }

    fn refuse(&mut self, number: &Spanned<f64>, message: &str, expected: &str) {
        let fault = Diagnostic::error("E303", message)
            .expected(expected.to_owned())
            .found(number.value.to_string());
        self.report(number.at, fault);
    }

    fn take_criterion(&mut self, file: &CriterionFile) {
        self.check_not_money(&file.measure, "a criterion");
        if is_cost(&file.id.value) && !is_cost(&file.measure.value) {
            self.refuse_money(&file.id, "a criterion");
        }
        let row = &file.row;
        if row.weight < 0.0 {
            let fault = Diagnostic::error(
                "E303",
                format!("the weight of `{}` is below 0", row.criterion),
            )
            .expected("0 or more")
            .found(row.weight.to_string())
            .hint("where less is better, say direction = \"lower\"");
            self.report(file.place("weight"), fault);
        }
        let has_scale = row.ends != [None, None] || !row.points.is_empty();
        if !has_scale {
            let fault = Diagnostic::error("E708", format!("`{}` has no scale", row.criterion))
                .expected("`direction`, `low` and `high`: the measure between which values go from 0 to 100; or `points`")
                .found("none of them")
                .hint("a measure is no value as it stands: say what of it is worth nothing and what is worth all");
            self.report(file.at, fault);
        } else if row.points.is_empty() && row.direction.is_empty() {
            let fault = Diagnostic::error("E102", "the key `direction` is missing")
                .expected("`direction = \"higher\"` or `direction = \"lower\"`")
                .found("nothing")
                .hint("add `direction`");
            self.report(file.at, fault);
        }
        let points = match has_scale.then(|| value_function(row)) {
            Some(Err(wrong)) => {
                let at = file.place(wrong.column);
                self.report(at, *wrong.fault);
                Vec::new()
            }
            Some(Ok(points)) => points,
            None => Vec::new(),
        };
        let gauge = self.gauge(&file.measure);
        let title = file.title.as_ref();
        self.plan.judging.criteria.push(Weighted {
            criterion: Criterion {
                id: row.criterion.clone(),
                weight: row.weight,
                points,
            },
            title: title.map_or(String::new(), |title| title.value.clone()),
            gauge,
            source: file.source.value.clone(),
        });
    }

    fn check_swing_weights(&mut self, files: &[CriterionFile]) {
        let total: f64 = files.iter().map(|file| file.row.weight).sum();
        self.plan.judging.total_weight = total;
        let Some(first) = files.first().filter(|_| !total.is_nan()) else {
            return;
        };
        if !is_whole(total) {
            let fault = Diagnostic::error("E705", "the weights do not sum to one")
                .expected("a sum of 1, or of 100, over every `[[criterion]]`")
                .found(format!("a sum of {}", (total * 1e9).round() / 1e9))
                .hint("divide each weight by their sum, or write them so that they sum to 100");
            self.report(first.place("weight"), fault);
        }
    }

    fn check_not_money(&mut self, measure: &Text, what: &str) {
        if is_cost(&measure.value) || MONEY.contains(&measure.as_str()) {
            self.refuse_money(measure, what);
        }
    }

    fn refuse_money(&mut self, name: &Text, what: &str) {
        let fault = Diagnostic::error("E707", format!("cost as {what}"))
            .expected("a measure of what is achieved: cost is set against it, not added to it")
            .found(format!("`{}`", name.value))
            .hint("take it away; the present value of cost stands beside the value on every table");
        self.report(name.at, fault);
    }

    /// `measure`, `measure;breakdown`, or an outcome of the appraisal.
    fn gauge(&mut self, name: &Text) -> Gauge {
        let gauge = |measure: &str, breakdown: &str| Gauge {
            measure: measure.to_owned(),
            breakdown: breakdown.to_owned(),
        };
        if is_cost(&name.value) || MONEY.contains(&name.as_str()) {
            return Gauge::default();
        }
        let outcome = OUTCOMES.iter().find(|(id, _)| *id == name.value);
        let measures = &self.documents.outcomes.measures;
        let is_measure = |id: &str| measures.iter().any(|file| file.id.value == id);
        let is_own = is_measure(&name.value);
        let has_prison = is_measure("prison_population");
        let Some((id, needed)) = outcome.filter(|_| !is_own) else {
            let (measure, breakdown) = self.compared_measure(name);
            self.check_reported(name, &measure);
            return gauge(&measure, &breakdown);
        };
        let unread = &self.documents.unread;
        let documents = self.documents;
        let (is_there, needs) = match needed {
            Needed::Services => (
                !documents.services.is_empty() && documents.scenario.without_services.is_none()
                    || unread.contains(&Part::Services),
                "a model with services, and a scenario without `services = \"none\"`",
            ),
            Needed::Weights => (
                documents.scenario.weights.is_some(),
                "a scenario that weighs groups, `[distributional_weights]`",
            ),
            Needed::PrisonPopulation => (
                has_prison || unread.contains(&Part::Outcomes),
                "a model with the measure `prison_population`",
            ),
            Needed::Clock => (
                documents.model.clock.is_some() || unread.contains(&Part::Model),
                "a model with a return clock",
            ),
        };
        if !is_there {
            self.refuse_gauge(name, needs);
        }
        gauge(id, "")
    }

    /// A measure of reconvictions is reported where there is a return clock.
    fn check_reported(&mut self, name: &Text, measure: &str) {
        let is_of_clock = ["reconviction_rate", "reconviction_cohort"].contains(&measure);
        let has_clock = self.documents.model.clock.is_some();
        if is_of_clock && !has_clock && !self.documents.unread.contains(&Part::Model) {
            self.refuse_gauge(name, "a model with a return clock");
        }
    }

    fn refuse_gauge(&mut self, name: &Text, needs: &'static str) {
        let fault = Diagnostic::error("E511", format!("`{}` is not reported here", name.value))
            .expected(needs)
            .found("none")
            .hint("name another measure");
        self.report(name.at, fault);
    }
}

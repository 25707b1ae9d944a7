//! Evidence and good practice: what each service is taken to do, from which source, and how good that is.

use serde::Serialize;

use super::super::{Run, number};
use super::view::Table;
use crate::compile::{Cell, ParameterIdx, QuantityIdx, Service};
use crate::quantity::Grade;

/// The section.
#[derive(Serialize, Default)]
pub(super) struct PracticeView {
    /// What the evidence says of each service, and how much is missing.
    sentences: Vec<String>,
    /// What each service does to reconvictions and to its need.
    effects: Option<Table>,
    /// Every number of every service.
    numbers: Option<Table>,
}

/// The evidence of every service.
pub(super) fn practice(run: &Run) -> PracticeView {
    if run.plan.services.is_empty() {
        let none = "The scenario is without services, so there is no evidence on them to show.";
        return PracticeView {
            sentences: vec![none.to_owned()],
            ..PracticeView::default()
        };
    }
    let services = run.plan.services.iter();
    let mut sentences: Vec<String> = services.map(|service| effect(run, service)).collect();
    sentences.extend(missing(run));
    PracticeView {
        sentences,
        effects: Some(effects(run)),
        numbers: Some(numbers(run)),
    }
}

/// What is asked of a service: what it is called, and where the number stands.
fn roles(service: &Service) -> Vec<(&'static str, QuantityIdx)> {
    let length = service.support.mean();
    let first = [
        ("Takes up the offer", service.uptake),
        ("Waits before giving up", service.patience),
    ];
    let rest = [
        ("Completes", service.completion),
        ("Has the need met on completing", service.meets_need),
        ("Reconviction while helped", service.hazard_ratio),
        ("Effect lasts after completing", service.effect_after),
        ("Places", service.places),
    ];
    let length = length.map(|quantity| ("Length of support", quantity));
    first.into_iter().chain(length).chain(rest).collect()
}

/// A parameter that a service rests on.
struct Number<'a> {
    role: &'static str,
    parameter: ParameterIdx,
    cells: Vec<&'a Cell>,
}

impl Number<'_> {
    fn grades(&self) -> Vec<Grade> {
        let mut grades: Vec<Grade> = self.cells.iter().map(|cell| cell.evidence.grade).collect();
        grades.sort();
        grades.dedup();
        grades
    }

    fn grade_words(&self) -> String {
        let names: Vec<&str> = self.grades().iter().map(|grade| grade.name()).collect();
        names.join(", ")
    }

    fn is_placeholder(&self) -> bool {
        self.grades().contains(&Grade::Placeholder)
    }

    /// The value, or the range of the values.
    fn value(&self) -> String {
        let values = self.cells.iter().map(|cell| cell.value);
        let low = values.clone().fold(f64::INFINITY, f64::min);
        let high = values.fold(f64::NEG_INFINITY, f64::max);
        match low == high {
            true => number::plain(low),
            false => format!("{} to {}", number::plain(low), number::plain(high)),
        }
    }

    fn interval(&self) -> String {
        let known = match self.cells[..] {
            [one] => one.interval,
            _ => None,
        };
        known.map_or(String::new(), |(low, high)| {
            format!("{} to {}", three(low), three(high))
        })
    }

    fn source(&self) -> String {
        let mut sources: Vec<&str> = Vec::new();
        for cell in &self.cells {
            if !sources.contains(&cell.evidence.source.as_str()) {
                sources.push(&cell.evidence.source);
            }
        }
        match sources[..] {
            [] => String::new(),
            [one] => one.to_owned(),
            [first, ..] => format!("{first}; and {} more", sources.len() - 1),
        }
    }
}

/// Three significant digits.
fn three(value: f64) -> String {
    format!("{value:.2e}")
        .parse::<f64>()
        .map_or(String::new(), number::plain)
}

/// The parameters behind a quantity, in its order.
fn behind<'a>(run: &'a Run, role: &'static str, quantity: QuantityIdx) -> Vec<Number<'a>> {
    let factors = &run.plan.quantities[quantity].factors;
    let number = |parameter: &ParameterIdx| {
        let cells = run.plan.parameters[*parameter].cells.iter().flatten();
        Number {
            role,
            parameter: *parameter,
            cells: cells.map(|(_, cell)| &run.plan.cells[*cell]).collect(),
        }
    };
    factors.iter().map(number).collect()
}

/// What a service does to reconvictions, by which evidence.
fn effect(run: &Run, service: &Service) -> String {
    let found = behind(run, "", service.hazard_ratio);
    let weakest = found.iter().flat_map(Number::grades).max();
    let Some(grade) = weakest else {
        return format!("{}: no effect on reconvictions is taken.", service.title);
    };
    let evidence = match grade {
        Grade::Placeholder => "no evidence is known for this (a placeholder)".to_owned(),
        grade => format!("the evidence for this is graded “{}”", grade.name()),
    };
    let [one] = &found[..] else {
        let n = found.len();
        return format!(
            "{}: what it does to reconvictions is the product of {n} numbers; {evidence}.",
            service.title
        );
    };
    let range = match one.interval() {
        interval if interval.is_empty() => String::new(),
        interval => format!(" (95% interval {interval})"),
    };
    format!(
        "{}: while people are helped, they are taken to be reconvicted at {} times the rate of others like them{range}; {evidence}.",
        service.title,
        one.value()
    )
}

/// How many of the numbers are placeholders, service by service.
fn missing(run: &Run) -> Vec<String> {
    let all = every(run);
    let placeholders: Vec<&(usize, Number)> =
        all.iter().filter(|(_, n)| n.is_placeholder()).collect();
    if placeholders.is_empty() {
        return vec![format!(
            "None of the {} numbers that say what services do is a placeholder.",
            all.len()
        )];
    }
    let of = |service: usize| {
        let own = placeholders.iter().filter(|(s, _)| *s == service);
        let roles: Vec<String> = own.map(|(_, n)| number::lower_first(n.role)).collect();
        let title = &run.plan.services[service].title;
        (!roles.is_empty()).then(|| format!("{title} ({})", number::list(&roles)))
    };
    let told: Vec<String> = (0..run.plan.services.len()).filter_map(of).collect();
    vec![format!(
        "Of the {} numbers that say what services do, {} are placeholders, for which no evidence is known: {}.",
        all.len(),
        placeholders.len(),
        told.join("; ")
    )]
}

/// Every parameter of every service, with the service.
fn every<'a>(run: &'a Run) -> Vec<(usize, Number<'a>)> {
    let mut all = Vec::new();
    for (index, service) in run.plan.services.iter().enumerate() {
        for (role, quantity) in roles(service) {
            all.extend(behind(run, role, quantity).into_iter().map(|n| (index, n)));
        }
    }
    all
}

fn effects(run: &Run) -> Table {
    let header = [
        "Service",
        "Need it meets",
        "Effect",
        "Value",
        "95% interval",
        "Grade",
        "Source",
    ];
    let mut table = Table::new(
        "What services are taken to do, and the evidence",
        &header,
        7,
    );
    for service in &run.plan.services {
        let effects = [
            ("Rate of reconviction, times", service.hazard_ratio),
            ("Share who complete", service.completion),
            ("Share of them whose need is met", service.meets_need),
        ];
        for (role, quantity) in effects {
            for number in behind(run, role, quantity) {
                table.rows.push(vec![
                    service.title.clone(),
                    run.plan.needs[service.need].title.clone(),
                    role.to_owned(),
                    number.value(),
                    number.interval(),
                    number.grade_words(),
                    number.source(),
                ]);
            }
        }
    }
    table
}

fn numbers(run: &Run) -> Table {
    let header = [
        "Service",
        "What",
        "Parameter",
        "Value",
        "95% interval",
        "Unit",
        "Grade",
        "Source",
    ];
    let mut table = Table::new("Every number that says what a service does", &header, 8);
    for (service, number) in every(run) {
        let parameter = &run.plan.parameters[number.parameter];
        table.rows.push(vec![
            run.plan.services[service].title.clone(),
            number.role.to_owned(),
            parameter.id.clone(),
            number.value(),
            number.interval(),
            parameter.unit.to_string(),
            number.grade_words(),
            number.source(),
        ]);
    }
    table
}

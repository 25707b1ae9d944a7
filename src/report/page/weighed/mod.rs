//! The appraisal in figures: the summary table, the plane of cost and outcome, the choice at every worth of an outcome,
//! what the verdict turns on, and the value by criteria.

mod agreement;
mod choice;
mod criteria;
mod plane;
mod summary;
mod tornado;
mod verdict;

use serde::Serialize;

use super::super::chart::PlaneChart;
use super::super::{Run, number};
use super::view::{Figure, Table};
use crate::appraise::{Weighing, Why};
use crate::summarise::Estimate;

/// What the section needs, besides the table of every measure.
#[derive(Serialize, Default)]
pub(super) struct WeighedView {
    /// The summary table.
    summary: Option<Table>,
    /// What is decided, and what is not.
    verdict: Vec<String>,
    /// The charts in order.
    figures: Vec<Figure>,
    /// One-way sensitivity of each option, the one with most to tell first.
    tornados: Vec<Figure>,
    /// What it is worth to find out.
    information: Option<Figure>,
    /// The same in words.
    to_find_out: Vec<String>,
    /// The value by criteria.
    criteria: Option<criteria::CriteriaView>,
}

/// The appraisal in figures.
pub(super) fn weighed(run: &Run) -> WeighedView {
    let Some(weighing) = &run.appraisal.weighing else {
        return WeighedView {
            criteria: criteria::criteria(run),
            to_find_out: vec!["Options are not weighed against each other here, so that nothing can be said of what is most worth finding out.".to_owned()],
            ..WeighedView::default()
        };
    };
    let weighed = Weighed { run, weighing };
    WeighedView {
        summary: Some(weighed.summary()),
        verdict: weighed.verdict(),
        figures: [
            weighed.plane(),
            Some(weighed.frontier()),
            weighed.acceptability(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        tornados: weighed.tornados(),
        information: weighed.information(),
        to_find_out: weighed.worth_finding_out(),
        criteria: criteria::criteria(run),
    }
}

/// A run whose options were weighed.
#[derive(Clone, Copy)]
struct Weighed<'a> {
    run: &'a Run<'a>,
    weighing: &'a Weighing,
}

impl Weighed<'_> {
    fn name(&self, option: usize) -> String {
        format!("“{}”", self.run.name(option))
    }

    /// The outcome within a sentence.
    fn outcome(&self) -> String {
        number::lower_first(&self.weighing.outcome[1])
    }

    fn unit(&self) -> &str {
        &self.weighing.outcome[2]
    }

    /// One more of the outcome, or one fewer where fewer is better.
    fn one_more(&self) -> String {
        let which = match self.weighing.is_fewer {
            true => "fewer",
            false => "more",
        };
        match self.weighing.outcome[0].as_str() {
            "needs_met" | "needs_met_discounted" => format!("one {which} need met"),
            _ => format!("one {which} of “{}”", self.outcome()),
        }
    }

    /// An extra outcome as people count it, with its sign.
    fn more(&self, value: f64) -> String {
        let sign = if self.weighing.is_fewer { -1.0 } else { 1.0 };
        number::signed(sign * value, |v| number::exact(v, self.unit()))
    }

    /// The worth at which one-way sensitivity is told: the first that the scenario gives, or money alone.
    fn told_at(&self) -> usize {
        let worths = &self.weighing.worths;
        let given = worths.iter().position(|worth| worth.why == Why::Given);
        given.unwrap_or(0)
    }

    /// The number that is told of: net benefit at that worth.
    fn net_benefit(&self) -> String {
        match self.weighing.worths[self.told_at()] {
            worth if worth.why == Why::Money => "net present social value".to_owned(),
            worth => format!(
                "net benefit, with {} worth {}",
                self.one_more(),
                pounds(worth.gbp)
            ),
        }
    }

    fn has_draws(&self) -> bool {
        self.weighing.comparison.n_draws > 1
    }
}

/// A chart of two amounts with its note and its numbers.
fn figure(chart: &PlaneChart, note: String, table: Table) -> Figure {
    Figure {
        id: chart.id.to_owned(),
        title: chart.title.to_owned(),
        svg: chart.svg(),
        note,
        table,
    }
}

fn pounds(value: f64) -> String {
    number::exact(value, "GBP")
}

fn signed_pounds(value: f64) -> String {
    number::signed(value, pounds)
}

/// A mean with its 90% range and its Monte Carlo error.
fn told(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    match estimate.has_range() {
        true => format!(
            "{} ({})",
            show(estimate.mean),
            number::range(estimate, &show)
        ),
        false => show(estimate.mean),
    }
}

//! The appraisal summary table: what each option costs, achieves and is worth, against business as usual and against
//! do-minimum, and what is not in the money.

use super::super::super::number;
use super::super::view::Table;
use super::{Weighed, pounds, signed_pounds, told};
use crate::appraise::{Comparison, Dominance, Increment, PUBLIC_SECTOR, SOCIETY, Why};
use crate::summarise::Estimate;

/// Adds a row: its title, and the cell of each option.
type AddRow<'a> = dyn FnMut(String, &dyn Fn(usize) -> String) + 'a;

impl Weighed<'_> {
    /// A row for each question, a column for each option.
    pub fn summary(&self) -> Table {
        let names: Vec<String> = (0..self.n_options()).map(|o| self.run.name(o)).collect();
        let header: Vec<&str> = std::iter::once("Question")
            .chain(names.iter().map(String::as_str))
            .collect();
        let caption = format!(
            "Appraisal summary over {}, all payers and all areas, present values in prices of {}: mean (90% range)",
            self.run.horizon_name(),
            crate::quantity::FinancialYear::starting(self.run.plan.price_year)
        );
        let mut table = Table::new(caption, &header, 1);
        let weighing = self.weighing;
        let comparison = &weighing.comparison;
        let mut row = |title: String, cell: &dyn Fn(usize) -> String| {
            let cells = (0..self.n_options()).map(cell);
            table
                .rows
                .push(std::iter::once(title).chain(cells).collect());
        };
        row("Cost to the public sector".to_owned(), &|option| {
            told(&comparison.options[option].cost, pounds)
        });
        row(weighing.outcome[1].clone(), &|option| {
            let e = &comparison.options[option].outcome;
            told(&self.turned(e), |v| number::exact(v, self.unit()))
        });
        for against in std::iter::once(comparison).chain(&weighing.do_minimum) {
            self.add_increments(against, &mut row);
        }
        self.add_society(&mut row);
        self.add_choices(&mut row);
        row("Where it stands".to_owned(), &|option| {
            self.standing(option)
        });
        if let Some(judged) = &self.run.appraisal.judged {
            row("Value by the criteria, and rank".to_owned(), &|option| {
                let value = told(&judged.values[option], |v| number::grouped(v, 1));
                format!("{value}; rank {}", judged.valuation.options[option].rank)
            });
        }
        row("What would change the verdict".to_owned(), &|option| {
            self.switching(option)
        });
        table
    }

    fn add_increments(&self, against: &Comparison, row: &mut AddRow) {
        let theirs = number::lower_first(&self.run.name(against.comparator));
        let of = |option: usize, cell: &dyn Fn(&Increment) -> String| {
            let increment = against.options[option].increment.as_ref();
            increment.map_or("—".to_owned(), cell)
        };
        let title = format!("Net present social value against {theirs}");
        row(title, &|option| {
            of(option, &|i| told(&minus(&i.cost), signed_pounds))
        });
        let title = format!("{} against {theirs}", self.weighing.outcome[1]);
        row(title, &|option| {
            of(option, &|i| told(&i.outcome, |v| self.more(v)))
        });
        let title = format!("Cost of {} against {theirs}", self.one_more());
        row(title, &|option| of(option, &|i| self.cost_of_one(i)));
        let worths = self.weighing.worths.iter().enumerate();
        for (at, worth) in worths.filter(|(_, worth)| worth.why == Why::Given) {
            let when = self.at(worth.gbp);
            let title = format!("Net benefit against {theirs}, {when}");
            row(title, &|option| {
                of(option, &|i| told(&i.net_benefit[at], signed_pounds))
            });
            let title = format!("Benefit-cost ratio against {theirs}, {when}");
            row(title, &|option| of(option, &|i| ratio(i, at)));
        }
    }

    /// What society bears beside what budgets pay, where the scenario prices it: the benefit is what society bears less, the
    /// cost what budgets pay more.
    fn add_society(&self, row: &mut AddRow) {
        let of =
            |option: usize, who: &str| self.run.row(option, "npsv", who).map(|row| &row.estimate);
        if !self
            .run
            .others()
            .any(|option| of(option, SOCIETY).is_some())
        {
            return;
        }
        let theirs = number::lower_first(&self.run.comparator_name());
        let title = format!("Net present value to society against {theirs}");
        row(title, &|option| {
            of(option, SOCIETY).map_or("—".to_owned(), |e| told(e, signed_pounds))
        });
        let title = format!("Benefit-cost ratio to society against {theirs}");
        row(title, &|option| {
            let pair = of(option, SOCIETY).zip(of(option, PUBLIC_SECTOR));
            pair.map_or("—".to_owned(), |(society, public)| {
                let (benefit, cost) = (society.mean - public.mean, -public.mean);
                in_words((cost > 0.0).then(|| benefit / cost))
            })
        });
    }

    fn n_options(&self) -> usize {
        self.run.plan.options.len()
    }

    pub fn at(&self, gbp: f64) -> String {
        format!("{} worth {}", self.one_more(), pounds(gbp))
    }

    fn add_choices(&self, row: &mut AddRow) {
        if !self.has_draws() {
            return;
        }
        let pairs = self
            .weighing
            .worths
            .iter()
            .zip(&self.weighing.comparison.choices);
        for (worth, choice) in pairs {
            let when = match worth.why {
                Why::Money => "if money alone counts".to_owned(),
                Why::Given => format!("with {}", self.at(worth.gbp)),
                Why::LeastSure => continue,
            };
            row(format!("Probability of being best, {when}"), &|option| {
                number::chance(choice.probability_best[option])
            });
            row(
                format!("Expected regret, and the most in any draw, {when}"),
                &|option| {
                    let (expected, most) = (
                        choice.expected_regret[option],
                        choice.maximum_regret[option],
                    );
                    format!("{}; {}", pounds(expected), pounds(most))
                },
            );
        }
    }

    /// Outcomes that are better when fewer are counted below 0 in the comparison.
    fn turned(&self, e: &Estimate) -> Estimate {
        match self.weighing.is_fewer {
            true => minus(e),
            false => *e,
        }
    }

    fn cost_of_one(&self, increment: &Increment) -> String {
        let (cost, more) = (increment.cost.mean, increment.outcome.mean);
        let spans = increment.outcome.p05 <= 0.0 && increment.outcome.p95 >= 0.0;
        match (cost <= 0.0, more > 0.0) {
            _ if spans => "not stated: what it adds cannot be told from nothing".to_owned(),
            (true, true) => "none: it achieves more and costs no more".to_owned(),
            (false, false) => "none: it achieves less and costs more".to_owned(),
            (false, true) => pounds(cost / more),
            (true, false) => format!("{} saved for each one forgone", pounds(cost / more)),
        }
    }

    fn standing(&self, option: usize) -> String {
        let standing = &self.weighing.comparison.options[option].standing;
        match (standing.dominance, standing.icer) {
            (Dominance::Strong, _) => {
                "dominated: another costs no more and achieves no less".to_owned()
            }
            (Dominance::Extended, _) => "dominated by a mix of two others".to_owned(),
            (Dominance::None, None) => "on the frontier, as the cheapest".to_owned(),
            (Dominance::None, Some(icer)) => format!(
                "on the frontier: {} for {} than the next cheaper there",
                pounds(icer),
                self.one_more()
            ),
        }
    }

    /// The input that moves the option's net benefit most among those with a switching value.
    fn switching(&self, option: usize) -> String {
        if option == self.weighing.comparison.comparator {
            return "—".to_owned();
        }
        let turns = self.turns(option);
        let first = turns
            .iter()
            .find(|turn| !turn.leverage.switching_values.is_empty());
        match first {
            Some(turn) => format!(
                "{}: {} turns at {}",
                turn.input.title,
                self.net_benefit(),
                self.switching_words(turn)
            ),
            None => match self.weighing.inputs.is_empty() {
                true => "not known: too few draws".to_owned(),
                false => "no single parameter within its range".to_owned(),
            },
        }
    }
}

fn ratio(increment: &Increment, at: usize) -> String {
    in_words(increment.benefit_cost_ratio[at])
}

/// A ratio of benefit to cost; never judged against a threshold.
fn in_words(ratio: Option<f64>) -> String {
    ratio.map_or("not applicable: it costs no more".to_owned(), |ratio| {
        number::grouped(ratio, 2)
    })
}

fn minus(e: &Estimate) -> Estimate {
    Estimate {
        mean: -e.mean,
        p05: -e.p95,
        p25: -e.p75,
        p50: -e.p50,
        p75: -e.p25,
        p95: -e.p05,
        mc_error: e.mc_error,
    }
}

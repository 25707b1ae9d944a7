//! Places for a budget, to files: every mix tried, what the next pounds bring, a page and a manifest, all or nothing.

mod json;
mod page;
mod tables;
mod text;

use std::path::Path;

use super::{Manifest, WriteError, folder};
use crate::appraise::mix::{Mix, Mixed};
use crate::compile::{Better, Mixing, Plan, Site};
use crate::quantity::FinancialYear;
use crate::report::number::{about, exact, grouped, list, lower_first};
use crate::simulate::Layout;
use crate::summarise::Estimate;

/// How many differences between two mixes are told one by one.
const MOST_TOLD: usize = 4;

/// Everything that the report of a choice of places tells of.
pub struct MixReport<'a> {
    /// The scenario.
    pub plan: &'a Plan,
    /// What was asked.
    pub mixing: &'a Mixing,
    /// What was found.
    pub mixed: &'a Mixed,
}

/// Writes the report into `folder`, all or nothing: an earlier report there is replaced, anything else is left alone.
///
/// # Errors
/// When the folder holds something else, or the machine refuses.
pub fn write_mix(folder: &Path, report: &MixReport, manifest: &Manifest) -> Result<(), WriteError> {
    let page = page::html(report, manifest).map_err(|error| WriteError::Page(error.to_string()))?;
    let files = [
        ("mixes.csv", tables::mixes(report)),
        ("marginal.csv", tables::margins(report)),
        ("optimise.html", page.into_bytes()),
        ("manifest.json", manifest.json_of_mix(report)),
    ];
    folder::replace(folder, &files)
}

impl MixReport<'_> {
    /// What is wanted, for people.
    fn outcome(&self) -> String {
        let sought = &self.mixing.outcome;
        let layout = Layout::of(self.plan);
        let first = sought.series.first();
        let series = first.and_then(|(measure, by)| layout.find(measure, by));
        let title = series.map_or(sought.id.clone(), |index| {
            layout.series[index].title.clone()
        });
        let is_flow = series.is_some_and(|index| layout.series[index].is_flow);
        let title = match (sought.series.len(), title.split_once(": ")) {
            (2.., Some((_, what))) => {
                let mut letters = what.chars();
                let first = letters.next().map(|first| first.to_uppercase().to_string());
                format!(
                    "{}{}, all services",
                    first.unwrap_or_default(),
                    letters.as_str()
                )
            }
            _ => title,
        };
        match is_flow {
            true => title,
            false => format!("{title}, mean of the years"),
        }
    }

    /// The unit of the outcome.
    fn unit(&self) -> String {
        let layout = Layout::of(self.plan);
        let first = self.mixing.outcome.series.first();
        let series = first.and_then(|(measure, by)| layout.find(measure, by));
        series.map_or(String::new(), |index| layout.series[index].unit.clone())
    }

    /// Whether more is better.
    fn is_more_better(&self) -> bool {
        self.mixing.outcome.better == Better::Higher
    }

    /// The financial years in which the budget is spent, as in `2025-26 to 2034-35`.
    fn years(&self) -> String {
        let years = self.plan.whole_years().into_iter();
        let years: Vec<FinancialYear> = years
            .filter(|year| year.first_month() >= self.mixing.from)
            .collect();
        match years.as_slice() {
            [first, .., last] => format!("{first} to {last}"),
            [only] => only.to_string(),
            [] => String::new(),
        }
    }

    /// ` a year`, where that is what the budget is for.
    fn per(&self) -> &'static str {
        match self.mixing.budget.is_yearly {
            true => " a year",
            false => " over the years",
        }
    }

    fn service(&self, site: &Site) -> &str {
        &self.plan.services[site.service].title
    }

    /// The area of a site, or the areas of its pool.
    fn areas(&self, site: &Site) -> String {
        let names = site
            .areas
            .iter()
            .map(|area| self.plan.areas[*area].name.clone());
        list(&names.collect::<Vec<String>>())
    }

    /// How a mix differs from another, in words: `12 more places of voluntary throughcare in Angus, 3 fewer of …`.
    fn difference(&self, ours: &Mix, theirs: &Mix) -> String {
        let sites = self.mixing.sites.iter();
        let pairs = sites.zip(ours.places.iter().zip(&theirs.places));
        let words =
            pairs
                .filter(|(_, (ours, theirs))| ours != theirs)
                .map(|(site, (ours, theirs))| {
                    let (by, how) = match ours > theirs {
                        true => (ours - theirs, "more"),
                        false => (theirs - ours, "fewer"),
                    };
                    format!(
                        "{by} {how} of {} in {}",
                        lower_first(self.service(site)),
                        self.areas(site)
                    )
                });
        let mut words: Vec<String> = words.collect();
        let n_more = words.len().saturating_sub(MOST_TOLD);
        words.truncate(MOST_TOLD);
        if n_more > 0 {
            words.push(format!("{n_more} other differences"));
        }
        match words.is_empty() {
            true => "the same places".to_owned(),
            false => list(&words),
        }
    }

    fn choice(&self) -> &Mix {
        &self.mixed.mixes[self.mixed.choice]
    }

    /// A mix as it is called in the tables.
    fn name(&self, mix: usize) -> String {
        format!("mix-{}", mix + 1)
    }

    /// The part that a mix plays, if any.
    fn role(&self, mix: usize) -> &'static str {
        match mix {
            _ if mix == self.mixed.choice => "choice",
            _ if mix == self.mixed.today => "today",
            _ if self.mixed.rivals.contains(&mix) => "not told apart",
            _ => "",
        }
    }

    /// The budget, in words.
    fn budget(&self) -> String {
        let year = FinancialYear::starting(self.plan.price_year);
        let pounds = grouped(self.mixing.budget.pounds, 0);
        format!("£{pounds}{} in prices of {year}", self.per())
    }

    fn value(&self, value: f64) -> String {
        exact(value, &self.unit())
    }

    /// `5,380 (90% range 3,900 to 7,000; Monte Carlo error 90)`.
    fn measured(&self, estimate: &Estimate, unit: &str) -> String {
        format!(
            "{} (90% range {} to {}; Monte Carlo error {})",
            exact(estimate.mean, unit),
            exact(estimate.p05, unit),
            exact(estimate.p95, unit),
            exact(estimate.mc_error, unit)
        )
    }

    /// What the choice adds to today's places, in words.
    fn gain(&self) -> String {
        let more = self.mixed.more;
        let how = if more.mean < 0.0 { "fewer" } else { "more" };
        let show = |value: f64| super::number::signed(value, |v| exact(v, &self.unit()));
        format!(
            "{} {how} than with today's places (90% range {} to {}; Monte Carlo error {})",
            about(more.mean.abs(), &self.unit()),
            show(more.p05),
            show(more.p95),
            exact(more.mc_error, &self.unit())
        )
    }

    /// How sure it is, in words.
    fn sureness(&self) -> String {
        let mixed = self.mixed;
        let odds = |p: f64| super::number::chance(p);
        let best = self.choice().probability_best;
        let ended = match mixed.is_sure {
            true => "the search ended because that is sure enough",
            false => "the search ended because the draws did: more draws would tell more",
        };
        format!(
            "Of the {} mixes tried, by the draws that they were chosen by, this one is the best with a probability of {}, and none is better by more than {} ({} of what it adds to the fewest places) with a probability of {}; {ended}. A mix counts only where what it is expected to cost is within the budget, which is uncertain too. It is expected to fall short of the best of them by {}. By the draws held back, none of the mixes lived in these is better by more with a probability of {}, and what this one is expected to cost is within the budget with a probability of {}.",
            self.n_candidates(),
            odds(best),
            self.value(mixed.margin),
            super::number::percent(crate::appraise::mix::MARGIN, 0),
            odds(mixed.as_good),
            self.value(mixed.shortfall),
            odds(mixed.as_good_held_back),
            odds(mixed.within_budget),
        )
    }

    /// How many mixes could have been chosen, whatever they cost; the others were lived to be shown beside the choice.
    fn n_candidates(&self) -> usize {
        let mixes = self.mixed.mixes.iter();
        mixes.filter(|mix| mix.probability_best.is_finite()).count()
    }

    /// Whether the budget holds, in words.
    fn spending(&self) -> String {
        let cost = self.choice().cost;
        let budget = self.mixing.budget.pounds;
        let within = match (
            self.choice().is_within,
            cost.mean - budget <= 2.0 * cost.mc_error,
        ) {
            (true, _) => "within it",
            (false, true) => "over it by less than Monte Carlo error can tell",
            (false, false) => "over it, although within it in the draws that the mix was chosen by",
        };
        format!(
            "It is expected to cost {}{}, for a budget of {}: {within}. The budget holds on average and not always: it is exceeded in {} of the draws.",
            self.measured(&cost, "GBP"),
            self.per(),
            self.budget(),
            super::number::percent(self.choice().over_budget, 0)
        )
    }
}

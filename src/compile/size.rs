//! Whether a question is one that a machine can hold.

use super::{Compiler, Inflow, Stratum};
use crate::diagnostic::Diagnostic;
use crate::document::{At, BandFile, Text};
use crate::quantity::Month;

/// The most people who may arrive in a month, over every inflow, area, sex and age; Scotland has about 20,000.
const MOST_ARRIVALS: f64 = 1e6;

/// The most areas of a scenario; with a sex they number a person's stratum in sixteen bits.
const MOST_AREAS: usize = 2000;

/// The most states of a model; moves are counted in a square of them.
const MOST_STATES: usize = 1000;

/// The most exits of a state: a person's next one is kept in eight bits, of which one number is death.
const MOST_EXITS: usize = 250;

/// The most bands of each kind; a person's priors are kept in eight bits.
const MOST_BANDS: usize = 130;

/// The most options of a scenario, eight passes of 63 of them.
const MOST_OPTIONS: usize = 504;

impl Compiler<'_> {
    /// Refuses what a record of a person could not tell apart.
    pub(super) fn check_counts(&mut self) {
        let (model, scenario) = (&self.documents.model, &self.documents.scenario);
        let all = scenario.areas_at.unwrap_or_default();
        let areas: Vec<At> = self.plan.areas.iter().map(|_| all).collect();
        let ids = |texts: Vec<&Text>| texts.into_iter().map(|text| text.at).collect::<Vec<At>>();
        let bands = |bands: &[BandFile]| bands.iter().map(|band| band.id.at).collect();
        let mut counted: Vec<(&str, Vec<At>, usize)> = vec![
            ("areas", areas, MOST_AREAS),
            (
                "states",
                ids(model.states.iter().map(|s| &s.id).collect()),
                MOST_STATES,
            ),
            ("sexes", ids(model.sexes.iter().collect()), MOST_BANDS),
            ("age bands", bands(&model.ages), MOST_BANDS),
            ("priors bands", bands(&model.priors), MOST_BANDS),
            (
                "options",
                ids(scenario.options.iter().map(|o| &o.id).collect()),
                MOST_OPTIONS,
            ),
        ];
        for state in &model.states {
            counted.push((
                "exits of a state",
                vec![state.id.at; state.exits.len()],
                MOST_EXITS,
            ));
        }
        for (what, places, most) in counted {
            let Some(at) = places.get(most).copied() else {
                continue;
            };
            let n = places.len();
            let fault = Diagnostic::error("E315", format!("too many {what}"))
                .expected(format!("at most {most}"))
                .found(n.to_string())
                .hint("divide the question into several scenarios, or bring together what need not be told apart");
            self.report(at, fault);
        }
    }

    /// Refuses inflows that would bring more people than can be simulated.
    pub(super) fn check_size(&mut self) {
        let plan = &self.plan;
        let mut found = None;
        for inflow in &plan.inflows {
            let season = inflow.season.into_iter().flatten();
            let numbers: Vec<usize> = std::iter::once(inflow.rate).chain(season).collect();
            let months = plan.breakpoints(&numbers, plan.history_from);
            let most = months
                .into_iter()
                .map(|month| (self.arrivals(inflow, month), month));
            if let Some((arrivals, month)) = most.max_by(|a, b| a.0.total_cmp(&b.0))
                && arrivals > MOST_ARRIVALS
            {
                found = Some((inflow.rate, inflow.id.clone(), arrivals, month));
            }
        }
        if let Some((rate, id, arrivals, month)) = found {
            let fault = Diagnostic::error(
                "E315",
                format!("inflow `{id}` brings more people than can be simulated"),
            )
            .expected(format!("at most {MOST_ARRIVALS:.0} a month over all areas"))
            .found(format!("{arrivals:.0} in {month}"))
            .hint("check the unit of the rate: it is per person of the population per year");
            self.report(self.quantity_at[rate], fault);
        }
    }

    /// Central arrivals of a month over every area, sex and age, at the largest population of the run where they are a
    /// share of it, in the busiest month of the season.
    fn arrivals(&self, inflow: &Inflow, month: Month) -> f64 {
        let plan = &self.plan;
        let scale = plan.quantities[inflow.rate].scale / plan.step.months();
        let mut sum = 0.0;
        for area in 0..plan.areas.len() {
            for sex in 0..plan.strata.sexes.len() {
                for age in 0..plan.strata.ages.len() {
                    let stratum = Stratum {
                        area,
                        sex,
                        age,
                        priors: 0,
                    };
                    let years = || plan.population.get(area)?.get(sex)?.get(age);
                    let people = match inflow.is_of_population {
                        true => years().into_iter().flatten().copied().fold(0.0, f64::max),
                        false => 1.0,
                    };
                    sum += people
                        * scale
                        * plan.central_product(inflow.rate, stratum, month, &[])
                        * self.busiest(inflow, stratum, month);
                }
            }
        }
        sum
    }
}

//! What of a month's counters goes into each series.

use super::counters::{Counters, flow};
use super::laws::Laws;
use super::layout::{Layout, SERVICE_MEASURES};
use crate::compile::{Counted, Counts, Measure, Plan, QuantityIdx, tells_sets};

/// A yearly series, its monthly twin if it has one, and what of a month's counters goes into them.
pub struct Line {
    /// Where its years begin among the values of an area.
    pub offset: usize,
    /// Where its months begin.
    pub monthly: Option<usize>,
    /// Its accounts.
    pub accounts: Vec<AccountLine>,
    /// Whether months are added up rather than averaged.
    pub is_flow: bool,
    source: Source,
}

/// Where an account of a measure is kept, and by what each step of it is multiplied.
pub struct AccountLine {
    /// Where its periods begin among the values of an area.
    pub offset: usize,
    /// By step of the forecast, see [`Plan::moments`].
    pub moments: Vec<[f64; 2]>,
}

/// Where the number of a month comes from.
enum Source {
    /// It is worked out when the run ends.
    Later,
    /// The sum of some counters.
    Sum(Vec<usize>),
    /// The sum of counters, each times a product of quantities.
    Weighted(Vec<(usize, Vec<QuantityIdx>)>),
    /// The places of a service.
    Places(usize),
    /// Stocks as they are counted in a step, each times a product of quantities.
    Stock(Counted, Vec<(usize, Vec<QuantityIdx>)>),
}

/// The lines of a layout that months add to, in the order of its yearly series.
pub fn lines(plan: &Plan, layout: &Layout, counters: &Counters) -> Vec<Line> {
    let mut sources = sources(plan, counters).into_iter();
    let mut lines: Vec<Line> = Vec::new();
    for series in &layout.series {
        match lines.last_mut() {
            // A monthly series follows its yearly twin and holds the same number.
            Some(line) if series.account.is_some() => {
                line.accounts
                    .extend(series.account.map(|account| AccountLine {
                        offset: series.offset,
                        moments: plan.moments(account),
                    }));
            }
            Some(line) if series.is_monthly => line.monthly = Some(series.offset),
            _ => lines.push(Line {
                offset: series.offset,
                monthly: None,
                accounts: Vec::new(),
                is_flow: series.is_flow,
                source: sources.next().unwrap_or(Source::Later),
            }),
        }
    }
    lines.retain(|line| !matches!(line.source, Source::Later));
    lines
}

fn sources(plan: &Plan, counters: &Counters) -> Vec<Source> {
    let measures = plan.measures.iter();
    let mut sources: Vec<Source> = measures.map(|m| measure(m, counters)).collect();
    let n_needs = plan.needs.len();
    if n_needs > 0 {
        sources.extend((0..n_needs).map(|need| Source::Sum(vec![counters.arising + need])));
        let of_number = |n: usize| {
            let sets = counters.of_needs.iter().enumerate();
            let own = sets.filter(|(set, _)| set.count_ones() as usize == n);
            let mut own: Vec<usize> = own.map(|(_, counter)| *counter as usize).collect();
            own.dedup();
            Source::Sum(own)
        };
        sources.extend((0..=n_needs).map(of_number));
        if tells_sets(n_needs) {
            let sets = counters.of_needs.iter();
            sources.extend(sets.map(|counter| Source::Sum(vec![*counter as usize])));
        }
    }
    if plan.clock.is_some() {
        sources.extend([
            Source::Later,
            Source::Later,
            Source::Sum(vec![counters.deaths]),
        ]);
    }
    for service in 0..plan.services.len() {
        let of = |what: usize| counters.flows + service * flow::N + what;
        let sum = |what: &[usize]| Source::Sum(what.iter().map(|&what| of(what)).collect());
        sources.extend(SERVICE_MEASURES.iter().map(|measure| match measure.0 {
            "referrals" => sum(&[flow::REFERRALS]),
            "declined" => sum(&[flow::DECLINED]),
            "starts" => sum(&[flow::STARTS]),
            "completions" => sum(&[flow::COMPLETIONS]),
            "needs_met" => sum(&[flow::NEEDS_MET]),
            "gave_up" => sum(&[flow::GAVE_UP]),
            "dropped_out" => sum(&[flow::DROPPED_WAITING, flow::DROPPED_SUPPORT]),
            "unmet_need" => sum(&[flow::DECLINED, flow::GAVE_UP, flow::DROPPED_WAITING]),
            "waiting" => Source::Sum(vec![counters.waiting + service]),
            "in_support" => Source::Sum(vec![counters.in_support + service]),
            "places" => Source::Places(service),
            _ => Source::Later,
        }));
    }
    sources
}

fn measure(measure: &Measure, counters: &Counters) -> Source {
    let weighted = |counted: Vec<(usize, usize)>| {
        if measure.weights.is_empty() {
            return Source::Sum(counted.into_iter().map(|(counter, _)| counter).collect());
        }
        let weights = |state: usize| {
            let weights = measure
                .weights
                .iter()
                .filter(move |(entered, _)| *entered == state);
            weights.map(|&(_, quantity)| quantity).collect()
        };
        let counted = counted.into_iter();
        Source::Weighted(
            counted
                .map(|(counter, state)| (counter, weights(state)))
                .collect(),
        )
    };
    let chosen = |states: &[bool], first: usize| -> Vec<(usize, usize)> {
        let states = states.iter().enumerate().filter(|(_, counts)| **counts);
        states.map(|(state, _)| (first + state, state)).collect()
    };
    match &measure.counts {
        Counts::Stock(states) => match weighted(chosen(states, 0)) {
            Source::Sum(states) if matches!(measure.counted, Counted::End) => Source::Sum(
                states
                    .into_iter()
                    .map(|state| counters.stock + state)
                    .collect(),
            ),
            Source::Sum(states) => {
                let states = states.into_iter().map(|state| (state, Vec::new()));
                Source::Stock(measure.counted, states.collect())
            }
            Source::Weighted(states) => Source::Stock(measure.counted, states),
            other => other,
        },
        Counts::Entries(states) => weighted(chosen(states, counters.entries)),
        Counts::Moves(pairs) => {
            let counted = counters.pairs.iter().filter(|pair| pairs.contains(pair));
            let counter = |&(from, to): &(usize, usize)| (counters.of_move(from, to) as usize, to);
            weighted(counted.map(counter).collect())
        }
        Counts::Departures(exits) => {
            let mut exits = exits.clone();
            exits.sort_unstable();
            exits.dedup();
            let counter = |&(state, exit): &(usize, usize)| counters.of_exit(state, exit) as usize;
            Source::Sum(exits.iter().map(counter).collect())
        }
    }
}

impl Line {
    /// What the counters of an area's step add to it in a world, what is counted at the start of the step times the
    /// first of `moments` and what is counted at its end times the second.
    pub fn value(
        &self,
        laws: &Laws,
        (world, area): (usize, usize),
        here: &[i32],
        [start, end]: [f64; 2],
    ) -> f64 {
        let counters = &laws.study.counters;
        let weighted = |people: f64, quantities: &[QuantityIdx]| {
            let stratum = laws.study.strata.first_of(area);
            let weights = quantities.iter().map(|&q| laws.value(world, q, stratum));
            people * weights.product::<f64>()
        };
        match &self.source {
            Source::Later => 0.0,
            Source::Sum(counted) => end * f64::from(counted.iter().map(|&c| here[c]).sum::<i32>()),
            Source::Weighted(counted) => counted
                .iter()
                .map(|(counter, quantities)| weighted(end * f64::from(here[*counter]), quantities))
                .sum(),
            Source::Stock(counted, states) => {
                let people = |state: usize| {
                    let before = start * f64::from(here[counters.stock_before + state]);
                    let after = end * f64::from(here[counters.stock + state]);
                    match counted {
                        Counted::Start => before,
                        Counted::Middle => 0.5 * (before + after),
                        Counted::End => after,
                    }
                };
                let stock = |(state, quantities): &(usize, Vec<QuantityIdx>)| {
                    weighted(people(*state), quantities)
                };
                states.iter().map(stock).sum()
            }
            Source::Places(service) => laws.places_hosted(world, *service, area),
        }
    }
}

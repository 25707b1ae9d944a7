//! A plan in the making: two areas, two sexes, two age bands, and what a test adds to them.

use super::*;

/// A plan in the making.
pub(super) struct Build(pub(super) Plan);

impl Build {
    pub(super) fn new(months: i32) -> Build {
        let area = |code: &str| Area {
            code: code.to_owned(),
            name: code.to_owned(),
        };
        let start = Month::new(2024, 4).unwrap();
        Build(Plan {
            step: TimeUnit::Month,
            discounting: Discounting {
                costs: None,
                outcomes: None,
                health: None,
                each: Each::Year,
                first: 0.0,
                source: String::new(),
            },
            title: "test".to_owned(),
            seed: 1,
            n_draws: 0,
            luck: 0,
            history_from: start,
            start,
            end: start.plus(months),
            areas: vec![area("A1"), area("A2")],
            total: area("total"),
            strata: strata(),
            needs: vec![Named {
                id: "housing".to_owned(),
                title: "Housing".to_owned(),
            }],
            cells: Vec::new(),
            parameters: Vec::new(),
            quantities: Vec::new(),
            population: vec![vec![vec![vec![1000.0; 40]; 2]; 2]; 2],
            population_from: 2020,
            inflows: Vec::new(),
            states: Vec::new(),
            clock: None,
            death: None,
            prevalences: Vec::new(),
            associations: Vec::new(),
            services: Vec::new(),
            flows: Vec::new(),
            measures: Vec::new(),
            costs: Vec::new(),
            payers: Vec::new(),
            options: vec![option("bau")],
            comparator: 0,
            price_year: 2024,
            sharing: None,
            running_costs: Vec::new(),
            comparisons: Vec::new(),
            mixing: None,
            breaks: Vec::new(),
            recorded: Vec::new(),
            context: Vec::new(),
            optimism: None,
            weights: None,
            fittings: Vec::new(),
            duties: Default::default(),
            judging: Default::default(),
            disclosure: Default::default(),
            notes: Vec::new(),
        })
    }

    /// A quantity with one dated parameter of its own.
    pub(super) fn dated(&mut self, unit: Unit, values: &[(Month, f64)]) -> QuantityIdx {
        let parameter = self.0.parameters.len();
        let cells = values.iter().map(|&(from, value)| {
            self.0.cells.push(cell(parameter, value));
            (from, self.0.cells.len() - 1)
        });
        let cells = vec![cells.collect()];
        self.0.parameters.push(Parameter {
            id: format!("p{parameter}"),
            unit: unit.clone(),
            keys: Keys::default(),
            cells,
            is_law: false,
            reaches_everyone: false,
            used_by: Vec::new(),
        });
        let id = format!("q{}", self.0.quantities.len());
        self.0.quantities.push(Quantity {
            id,
            factors: vec![parameter],
            scale: 1.0,
            keys: Keys::default(),
            unit,
        });
        self.0.quantities.len() - 1
    }

    pub(super) fn number(&mut self, value: f64) -> QuantityIdx {
        self.dated(Unit::Count, &[(Month::EPOCH, value)])
    }

    pub(super) fn state(
        &mut self,
        id: &str,
        stay: Stay,
        exits: &[(Destination, Option<QuantityIdx>)],
    ) -> StateIdx {
        let exit = |&(to, share)| Exit {
            stay: None,
            to,
            share,
            modifiers: Vec::new(),
            counts: None,
        };
        self.0.states.push(State {
            chances: Vec::new(),
            id: id.to_owned(),
            title: id.to_owned(),
            group: "community".to_owned(),
            stay,
            exits: exits.iter().map(exit).collect(),
            hazards: Vec::new(),
            convicts: false,
            opening: None,
        });
        let n = self.0.states.len();
        let stock = (0..n).map(|s| s == n - 1).collect();
        self.measure(&format!("stock-{id}"), Counts::Stock(stock));
        let entries = (0..n).map(|s| s == n - 1).collect();
        self.measure(&format!("into-{id}"), Counts::Entries(entries));
        n - 1
    }

    pub(super) fn measure(&mut self, id: &str, counts: Counts) {
        self.0.measures.push(Measure {
            counted: Counted::End,
            is_summed: false,
            is_health: false,
            id: id.to_owned(),
            title: id.to_owned(),
            unit: "people".to_owned(),
            better: Better::Lower,
            counts,
            weights: Vec::new(),
            is_headline: false,
            is_monthly: false,
        });
    }

    pub(super) fn inflow(&mut self, into: StateIdx, per_person_per_month: f64) {
        let rate = self.number(per_person_per_month);
        let priors = self.number(1.0 / 3.0);
        self.0.inflows.push(Inflow {
            is_of_population: true,
            id: "in".to_owned(),
            title: "in".to_owned(),
            into,
            rate,
            priors,
            walk: None,
            overdispersion: None,
            season: None,
        });
    }

    /// Every state list as long as the states now are.
    pub(super) fn plan(mut self) -> Plan {
        let n = self.0.states.len();
        for measure in &mut self.0.measures {
            if let Counts::Stock(states) | Counts::Entries(states) = &mut measure.counts {
                states.resize(n, false);
            }
        }
        self.0
    }
}

/// Two sexes, two age bands, three bands of previous convictions.
fn strata() -> Strata {
    let band = |id: &str, from, to| Band {
        id: id.to_owned(),
        from,
        to,
    };
    Strata {
        sexes: vec!["women".to_owned(), "men".to_owned()],
        ages: vec![band("16-20", 16, Some(20)), band("over-20", 21, None)],
        priors: vec![
            band("0", 0, Some(0)),
            band("1-2", 1, Some(2)),
            band("over-2", 3, None),
        ],
    }
}

pub(super) fn option(id: &str) -> PlanOption {
    PlanOption {
        id: id.to_owned(),
        title: id.to_owned(),
        changes: Vec::new(),
        pools: Vec::new(),
        guaranteed: Vec::new(),
        pooled_places: Vec::new(),
        costs: Vec::new(),
        differs_from: None,
    }
}

fn cell(parameter: ParameterIdx, value: f64) -> Cell {
    Cell {
        parameter,
        keys: String::new(),
        from: None,
        value,
        law: Law::Fixed,
        interval: None,
        evidence: Evidence {
            period: "2024".to_owned(),
            population: String::new(),
            source: "test".to_owned(),
            url: String::new(),
            grade: Grade::Placeholder,
            note: String::new(),
            place: String::new(),
        },
    }
}

//! A small question made by hand, and trajectories made up for it: what comes out can be worked out on paper.

pub mod chromium;
pub mod question;
pub mod statistics;

use needscast::compile::*;
use needscast::quantity::{Grade, Month, TimeUnit, Unit};
use needscast::simulate::{Layout, Trajectories, Trajectory};

/// Two councils, two needs, two services, two options, from 2019-04 to 2028-03 with the forecast from 2024-04.
pub fn plan() -> Plan {
    let month = |text| Month::parse(text).unwrap();
    let quantities = (0..3).map(|p| quantity(p, false)).collect();
    Plan {
        step: TimeUnit::Month,
        discounting: Discounting {
            costs: None,
            outcomes: None,
            health: None,
            each: needscast::compile::Each::Year,
            first: 0.0,
            source: String::new(),
        },
        title: "Throughcare in <Tayside> & Fife: two services, or one?".to_owned(),
        seed: 7,
        n_draws: 40,
        luck: 0,
        history_from: month("2019-04"),
        start: month("2024-04"),
        end: month("2028-04"),
        areas: vec![area("S12000042", "Dundee City"), area("S12000047", "Fife")],
        total: area("total", "Both councils"),
        strata: Strata {
            sexes: vec!["women".to_owned(), "men".to_owned()],
            ages: vec![band("16-30", 16, Some(30)), band("over-30", 31, None)],
            priors: vec![band("0", 0, Some(0)), band("over-0", 1, None)],
        },
        needs: vec![
            named("housing", "A settled home"),
            named("health", "Health care"),
        ],
        cells: vec![
            cell(0, 50_000.0, Grade::Official, Law::Gamma(25.0, 50_000.0)),
            cell(
                1,
                2_000.0,
                Grade::Placeholder,
                Law::LogNormal(2_000.0_f64.ln(), 0.5),
            ),
            cell(2, 10.0, Grade::Judgement, Law::Fixed),
        ],
        parameters: vec![
            parameter(0, "prison_place_cost", "Prison places"),
            parameter(1, "support_cost", "Support"),
            parameter(2, "places", "Housing support"),
        ],
        quantities,
        population: vec![vec![vec![vec![30_000.0; 15], vec![70_000.0; 15]]; 2]; 2],
        population_from: 2018,
        inflows: Vec::new(),
        states: Vec::new(),
        clock: None,
        death: None,
        prevalences: Vec::new(),
        associations: Vec::new(),
        services: vec![
            service("homes", "Housing support", 0),
            service("link", "Health link", 1),
        ],
        measures: vec![
            measure(
                "prison_population",
                "People in prison on an average day",
                Counts::Stock(Vec::new()),
            ),
            measure(
                "prison_arrivals",
                "Arrivals in prison",
                Counts::Entries(Vec::new()),
            ),
        ],
        costs: vec![
            cost("prison_place", 0, "prison_population", "", 0, false),
            cost("support", 1, "starts", "service=homes", 1, true),
        ],
        payers: vec![
            payer("prison-service", "Prison service"),
            payer("council", "Councils"),
        ],
        options: vec![
            option("business-as-usual", "Business as usual"),
            option("regional", "One regional service"),
        ],
        comparator: 0,
        price_year: 2023,
        optimism: None,
        weights: None,
        comparisons: Vec::new(),
        mixing: None,
        judging: Judging::default(),
        sharing: None,
        running_costs: Vec::new(),
        breaks: Vec::new(),
        recorded: recorded(),
        flows: Vec::new(),
        context: Vec::new(),
        fittings: Vec::new(),
        duties: Duties::default(),
        disclosure: Default::default(),
        notes: vec!["A note with <angle brackets>.".to_owned()],
    }
}

/// Made-up trajectories: smooth in time, different by draw, and the second option better from the start.
pub fn trajectories(plan: &Plan) -> Trajectories {
    let layout = Layout::of(plan);
    let rows = (0..=plan.n_draws)
        .map(|row| Trajectory {
            values: values(plan, &layout, row),
        })
        .collect();
    Trajectories {
        layout,
        rows,
        shared: Vec::new(),
    }
}

fn values(plan: &Plan, layout: &Layout, row: usize) -> Vec<f32> {
    let mut values = vec![0.0; layout.n_values()];
    let luck = ((row * 37) % 41) as f64 / 41.0 - 0.5;
    let luck = if row == 0 { 0.0 } else { luck };
    for option in 0..layout.n_options {
        for (index, series) in layout.series.iter().enumerate() {
            for period in 0..series.n_periods {
                let is_future =
                    series.is_monthly || layout.years[period] >= plan.start.financial_year();
                let gain = if option == 1 && is_future { 1.0 } else { 0.0 };
                let time = period as f64 / series.n_periods as f64;
                let (base, effect) = level(&series.measure);
                let value = base
                    * (1.0 + 0.1 * time + 0.3 * luck * (0.3 + time))
                    * (1.0 + effect * gain * (1.0 + luck));
                let n = plan.areas.len();
                for area in 0..n {
                    values[layout.at(option, area, index, period)] =
                        (value * (area + 1) as f64) as f32;
                }
                if layout.n_areas > n {
                    let sum = value * (n * (n + 1) / 2) as f64;
                    let is_level =
                        !series.is_flow && series.unit != "people" && series.unit != "places";
                    values[layout.at(option, n, index, period)] =
                        if is_level { value as f32 } else { sum as f32 };
                }
            }
        }
    }
    values
}

/// A size for each measure, and what the second option does to it.
fn level(measure: &str) -> (f64, f64) {
    match measure {
        "prison_population" => (150.0, -0.02),
        "prison_arrivals" => (400.0, -0.03),
        "need_arising" => (220.0, 0.0),
        "people_by_number_of_needs" => (120.0, 0.0),
        "starts" => (110.0, 0.12),
        "needs_met" => (55.0, 0.12),
        "unmet_need" => (80.0, -0.15),
        "occupancy" => (0.45, 0.05),
        "wait_months_p50" => (1.5, -0.2),
        "wait_months_p90" => (4.0, -0.3),
        "wait_months_mean" => (2.0, -0.25),
        _ => (20.0, 0.0),
    }
}

fn recorded() -> Vec<Recorded> {
    let mut found = Vec::new();
    let mut add = |measure: &str, area: &str, period: &str, value: f64| {
        found.push(Recorded {
            measure: measure.to_owned(),
            area_code: area.to_owned(),
            period: period.to_owned(),
            value,
            is_rounded: false,
            source: "made up".to_owned(),
        });
    };
    for (i, year) in ["2019-20", "2020-21", "2021-22", "2022-23", "2023-24"]
        .into_iter()
        .enumerate()
    {
        let i = i as f64;
        add("prison_arrivals", "total", year, 1210.0 + 12.0 * i);
        add("prison_arrivals", "S12000042", year, 300.0 + 5.0 * i);
        add("prison_arrivals", "S12000047", year, 600.0 + 3.0 * i);
        add("prison_population", "total", year, 455.0 + 3.0 * i);
        add("prison_arrivals", "S92000003", year, 10_000.0);
        add(
            "prison_arrivals_known_residence",
            "S92000003",
            year,
            8_000.0,
        );
    }
    found
}

fn area(code: &str, name: &str) -> Area {
    Area {
        code: code.to_owned(),
        name: name.to_owned(),
    }
}

fn named(id: &str, title: &str) -> Named {
    Named {
        id: id.to_owned(),
        title: title.to_owned(),
    }
}

fn band(id: &str, from: u32, to: Option<u32>) -> Band {
    Band {
        id: id.to_owned(),
        from,
        to,
    }
}

fn cell(parameter: usize, value: f64, grade: Grade, law: Law) -> Cell {
    let evidence = Evidence {
        period: "2023-24".to_owned(),
        population: "Scotland".to_owned(),
        source: "A made-up source, \"quoted\"".to_owned(),
        url: "https://example.org/made-up".to_owned(),
        grade,
        note: "made up & noted".to_owned(),
        place: "parameters/test.csv:2".to_owned(),
    };
    let interval = (law != Law::Fixed).then_some((value / 2.0, value * 2.0));
    Cell {
        parameter,
        keys: String::new(),
        from: None,
        value,
        law,
        interval,
        evidence,
    }
}

fn parameter(index: usize, id: &str, used_by: &str) -> Parameter {
    Parameter {
        id: id.to_owned(),
        unit: Unit::Gbp("place-year".to_owned()),
        keys: Keys::default(),
        cells: vec![vec![(Month::parse("1900-01").unwrap(), index)]],
        is_law: false,
        reaches_everyone: false,
        used_by: vec![used_by.to_owned()],
    }
}

fn quantity(parameter: usize, by_area: bool) -> Quantity {
    Quantity {
        id: format!("quantity.{parameter}"),
        factors: vec![parameter],
        scale: 1.0,
        keys: Keys {
            area: by_area,
            ..Keys::default()
        },
        unit: Unit::Gbp("place-year".to_owned()),
    }
}

fn service(id: &str, title: &str, need: usize) -> Service {
    Service {
        id: id.to_owned(),
        title: title.to_owned(),
        need,
        refers_on: Vec::new(),
        stays_in: Vec::new(),
        uptake: 2,
        patience: 2,
        support: Stay::None,
        completion: 2,
        meets_need: 2,
        hazard_ratio: 2,
        effect_after: 2,
        places: 2,
        is_health: false,
    }
}

fn measure(id: &str, title: &str, counts: Counts) -> Measure {
    Measure {
        counted: Counted::End,
        is_summed: false,
        is_health: false,
        id: id.to_owned(),
        title: title.to_owned(),
        unit: "people".to_owned(),
        better: Better::Lower,
        counts,
        weights: Vec::new(),
        is_headline: true,
        is_monthly: false,
    }
}

fn cost(
    id: &str,
    payer: usize,
    measure: &str,
    breakdown: &str,
    unit_cost: usize,
    is_cashable: bool,
) -> Cost {
    Cost {
        id: id.to_owned(),
        title: id.to_owned(),
        payer,
        measure: measure.to_owned(),
        breakdown: breakdown.to_owned(),
        unit_cost,
        marginal_cost: None,
        charged: Charged::Each,
        is_cashable,
    }
}

fn payer(id: &str, title: &str) -> Payer {
    Payer {
        id: id.to_owned(),
        title: title.to_owned(),
        is_partner: true,
        is_public: true,
    }
}

fn option(id: &str, title: &str) -> PlanOption {
    PlanOption {
        id: id.to_owned(),
        title: title.to_owned(),
        changes: Vec::new(),
        pools: Vec::new(),
        guaranteed: Vec::new(),
        pooled_places: Vec::new(),
        costs: Vec::new(),
        differs_from: None,
    }
}

/// The Python of the virtual environment that `tests/run` makes.
pub fn python() -> std::path::PathBuf {
    let path = venv().join("bin/python");
    assert!(
        path.exists(),
        "a virtual environment in {}; `bash tests/run` makes it",
        venv().display()
    );
    path
}

/// Beside the build: NEEDSCAST_VENV, or `venv` in cargo's target folder.
pub fn venv() -> std::path::PathBuf {
    let target = std::path::Path::new(env!("CARGO_BIN_EXE_needscast"));
    let beside = target
        .parent()
        .and_then(|release| release.parent())
        .unwrap()
        .join("venv");
    std::env::var_os("NEEDSCAST_VENV").map_or(beside, Into::into)
}

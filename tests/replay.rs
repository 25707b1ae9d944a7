//! The whole model from moments of the past: it may not know what came.

use std::path::Path;

use needscast::calibrate::{Backtest, Effort, Method, Replay, replay};
use needscast::compile::{Panel, Plan, compile};
use needscast::document;
use needscast::quantity::FinancialYear;

/// Two known origins of the Scottish model, as quick as they can be.
const WANTED: Replay = Replay {
    first: 10,
    horizons: 1,
    n_draws: 12,
    effort: Effort {
        rounds: 1,
        replicates: 1,
    },
};

fn scotland() -> Plan {
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/scotland.toml");
    compile(&document::read(&scenario).unwrap()).unwrap()
}

fn forecasts(found: &[(Panel, Backtest)], origin: usize) -> Vec<(String, [f64; 7])> {
    let of_panel = |(panel, backtest): &(Panel, Backtest)| {
        let ours = backtest
            .forecasts
            .clone()
            .into_iter()
            .filter(move |scored| scored.method == Method::Needscast && scored.origin == origin);
        let name = panel.series.clone();
        let named = ours.map(move |scored| (name.clone(), scored.quantiles));
        named.collect::<Vec<_>>()
    };
    found.iter().flat_map(of_panel).collect()
}

#[test]
fn what_is_recorded_later_changes_no_forecast_and_what_was_known_does() {
    let plan = scotland();
    let found = replay(&plan, WANTED, &|| {});
    let last_known = FinancialYear::parse("2022-23").unwrap();
    let doubled = |is_meant: &dyn Fn(FinancialYear) -> bool| {
        let mut plan = plan.clone();
        for row in &mut plan.recorded {
            // Shares stay shares.
            if row.value > 1.0 && FinancialYear::parse(&row.period).is_some_and(is_meant) {
                row.value *= 2.0;
            }
        }
        replay(&plan, WANTED, &|| {})
    };
    let ours = forecasts(&found, 10);
    assert!(ours.len() > 10, "{} series", ours.len());
    let later = doubled(&|year| year > last_known);
    assert_eq!(ours, forecasts(&later, 10));
    let known = doubled(&|year| year == last_known);
    let moved = ours.iter().zip(forecasts(&known, 10));
    assert!(moved.filter(|(before, after)| *before != after).count() > 3);
}

#[test]
fn forecasts_are_of_the_right_size_and_uncertain() {
    let found = replay(&scotland(), WANTED, &|| {});
    let (_, prisons) = found
        .iter()
        .find(|(panel, _)| panel.series == "prison_population")
        .unwrap();
    for scored in prisons
        .forecasts
        .iter()
        .filter(|s| s.method == Method::Needscast)
    {
        let [low, .., high] = scored.quantiles;
        assert!(
            (scored.quantiles[3] / scored.recorded - 1.0).abs() < 0.2,
            "{scored:?}"
        );
        assert!(high > low, "{scored:?}");
    }
}

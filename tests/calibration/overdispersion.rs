//! Counts that vary more than chance: how much is found in a record, written, read by a run and drawn.

use std::fs;

use needscast::draw::gamma_quantile;
use needscast::random::{Key, poisson_quantile};

use super::{Known, MODEL, number, row, scenario, table};

/// Twelve areas with a record of eight years, of which each is multiplied by a gamma number of variance 0.04, in a model
/// that can draw as much.
fn overdispersed() -> Known {
    let known = Known::new();
    let areas: Vec<String> = (0..12).map(|area| format!("Area{area:02}")).collect();
    let model = MODEL.replace(
        "priors = \"everyone\"\n[[state]]",
        "priors = \"everyone\"\noverdispersion = \"more\"\n[[state]]",
    );
    let read = |name: &str| fs::read_to_string(known.path(name)).unwrap();
    let numbers = read("model/parameters/numbers.csv");
    let mut numbers: String = numbers
        .lines()
        .filter(|line| !line.starts_with("level_area"))
        .map(|line| format!("{line}\n"))
        .collect();
    numbers += "more,,,,,,0.001,0.0001,0.01,shape,2013,a test,judgement\n";
    let header = |name: &str| read(name).lines().next().unwrap().to_owned() + "\n";
    let mut of_areas = header("profile/areas.csv");
    let mut people = header("profile/population.csv");
    let mut recorded = header("profile/recorded.csv");
    for (at, area) in areas.iter().enumerate() {
        of_areas += &format!("{area},{area},\n");
        numbers += &format!("level_area,{area},,,,,1,,,ratio,2013,a test,judgement\n");
        for year in 2012..=2030 {
            people += &format!("{area},{year},people,16,,1000,projection\n");
        }
        for year in 2013..=2020 {
            let key = Key::new(3).with(at as u64).with(year);
            let mean = 400.0 * gamma_quantile(25.0, key.named("year").uniform());
            let count = poisson_quantile(key.named("count").uniform(), mean);
            let period = format!("{year}-{}", year % 100 + 1);
            recorded += &format!("arrivals,{area},{area},{period},,{count},people,exact,a test\n");
        }
    }
    for (name, text) in [
        ("model/model.toml", model),
        ("model/parameters/numbers.csv", numbers),
        ("profile/areas.csv", of_areas),
        ("profile/population.csv", people),
        ("profile/recorded.csv", recorded),
        (
            "fitted.toml",
            scenario("parameters = \"out/fitted.csv\"\n").replace("draws = 20", "draws = 400"),
        ),
    ] {
        fs::write(known.path(name), text).unwrap();
    }
    known
}

/// Null: the row that is written has its 95% interval around 0.04, and arrivals of an area's year have the variance
/// m + v m² of a negative binomial law with the mean m of the run and the v of the row. Statistic: the width between
/// the 5th and the 95th percentile over that of a normal law, averaged over twelve areas and two years, 400 draws each:
/// a standard error of 1.5%; refused beyond 8%, which leaves room for what the spread of v itself and the skew add.
/// Poisson arrivals have a quarter of it.
#[test]
fn overdispersion_is_fitted_written_and_drawn() {
    let known = overdispersed();
    let calibrate = [
        "calibrate",
        "scenario.toml",
        "--out",
        "out",
        "--rounds",
        "2",
        "--draws",
        "0",
    ];
    known.done(&calibrate);
    let inflows = table(&known.path("out/inflows.csv"));
    let of = row(&inflows, "inflow", "in");
    assert_eq!(of["measure"], "arrivals");
    assert_eq!(of["overdispersion_verdict"], "fitted");
    assert_eq!(of["season_verdict"], "not identified: no record by month");
    let fitted = table(&known.path("out/fitted.csv"));
    let more = row(&fitted, "id", "more");
    let [value, low, high] = ["value", "low", "high"].map(|column| number(&more[column]));
    assert!(low < 0.04 && 0.04 < high && high < 0.1, "{more:?}");
    assert_eq!(of["overdispersion_drawn"], more["value"]);
    assert_eq!(
        (&*more["distribution"], &*more["grade"]),
        ("lognormal", "study")
    );

    known.done(&["run", "fitted.toml", "--out", "lived"]);
    let forecast = table(&known.path("lived/forecast.csv"));
    let rows = forecast.iter().filter(|row| {
        row["measure"] == "arrivals"
            && row["area_code"].starts_with("Area")
            && ["2021-22", "2022-23"].contains(&row["period"].as_str())
    });
    let ratios: Vec<f64> = rows
        .map(|row| {
            let of = |column: &str| number(&row[column]);
            let mean = of("mean");
            let sd = (mean + value * mean * mean).sqrt();
            (of("p95") - of("p05")) / (2.0 * 1.644_854 * sd)
        })
        .collect();
    assert_eq!(ratios.len(), 24);
    let mean = ratios.iter().sum::<f64>() / 24.0;
    assert!((mean - 1.0).abs() < 0.08, "{mean}");
}

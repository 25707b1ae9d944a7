//! Back-tests: tables to panels, what a forecast may see, scores against simple twins, and the command.

mod command;
mod forecasts;
mod hostile;
mod luck;
mod missed;
mod nominal;
mod onset;
mod panels;
mod scores;
mod seasons;

use std::fs;

use needscast::calibrate::backtest;
use needscast::compile::{Panel, Panels, compile_series};
use needscast::diagnostic::Diagnostic;
use needscast::document::read_series;
use needscast::report::{self, BacktestRun, Manifest, Tested};

/// What a table with this text compiles to, with columns named by `--by` and a table of breaks.
pub fn compiled(text: &str, by: &[&str], breaks: Option<&str>) -> Result<Panels, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("arrivals.csv");
    fs::write(&path, text).unwrap();
    let beside = folder.path().join("breaks.csv");
    fs::write(&beside, breaks.unwrap_or_default()).unwrap();
    let by: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
    let breaks = breaks.map(|_| beside.as_path());
    compile_series(&read_series(&path, &by, breaks)?)
}

/// The only panel of a table.
pub fn panel(text: &str) -> Panel {
    let mut panels = compiled(text, &[], None).unwrap().panels;
    assert_eq!(panels.len(), 1);
    panels.remove(0)
}

/// A table of `n_areas` areas over `n_years` years, with every number made by a fixed rule.
pub fn table(n_areas: usize, n_years: usize) -> String {
    let mut text = String::from("area_code,period,value\n");
    for area in 0..n_areas {
        for year in 0..n_years {
            let wave = (area * 7 + year * 5) % 11;
            let value = 20 * (area + 1) + 3 * year + wave;
            text += &format!("S{area:02},{},{value}\n", 2001 + year);
        }
    }
    text
}

/// The pages of back-tests in every shape that changes what is on them.
pub fn pages() -> Vec<(&'static str, String)> {
    let two = table(3, 12).replace("area_code,", "series,area_code,");
    let two = two.replace("\nS", "\n<Tayside> & more,S")
        + "other,S1,2001,5\nother,S1,2002,5\nother,S1,2003,5\n";
    let one = table(1, 4)
        .replace("area_code,", "series,area_code,")
        .replace("\nS", "\n<Tayside>,S");
    let breaks = "series,area_code,from,to,kind,reason,source\n,,2010,2011,disrupted,A flood,The publisher\n";
    [
        ("back-test of two series", two.as_str(), Some(breaks)),
        ("back-test of one area and four years", one.as_str(), None),
    ]
    .map(|(name, text, breaks)| (name, page(text, breaks)))
    .into()
}

fn page(text: &str, breaks: Option<&str>) -> String {
    let panels = compiled(text, &[], breaks).unwrap();
    let tested: Vec<Tested> = panels
        .panels
        .into_iter()
        .map(|panel| Tested {
            backtest: backtest(&panel, 6, 3, &|| {}),
            panel,
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let run = BacktestRun {
        tested: &tested,
        first: 6,
        horizons: 3,
        notes: &panels.notes,
        manifest: &Manifest::default(),
    };
    report::write_backtest(&folder.path().join("out"), &run).unwrap();
    fs::read_to_string(folder.path().join("out/backtest.html")).unwrap()
}

//! The workbook of a run: cover, contents, notes, then its tables.

use super::super::Run;
use super::super::described::{self, Described};
use super::super::number::plain;
use super::{Cell, Sheet, Workbook};
use crate::report::manifest::{VERSION, commit};
use crate::report::tables::CONFIDENTIAL;
use crate::simulate::Series;
use crate::summarise::{Estimate, Span, reported_areas};

/// Tables that are too long for people; what they lead with stands in sheets of its own.
const TOO_LONG: [&str; 3] = ["forecast.csv", "contrasts.csv", "gap_by_month.csv"];

/// Measures by need or service that people ask for first, beside the headline measures.
const LEADING: [&str; 10] = [
    "need_arising",
    "reconviction_rate",
    "referrals",
    "starts",
    "needs_met",
    "unmet_need",
    "waiting",
    "wait_months_p90",
    "places",
    "occupancy",
];

/// The workbook of a run, from the run and the CSV files that stand beside it.
pub(in crate::report) fn workbook(run: &Run, files: &[(&str, Vec<u8>)]) -> Workbook {
    let mut tables = vec![
        by_year(run, "Forecast", "Forecast: mean", |e| e.mean),
        by_year(
            run,
            "Forecast_low",
            "Forecast: lower end of the 90% range",
            |e| e.p05,
        ),
        by_year(
            run,
            "Forecast_high",
            "Forecast: upper end of the 90% range",
            |e| e.p95,
        ),
    ];
    if run.plan.options.len() > 1 {
        tables.push(changes(run));
    }
    let is_short = |file: &&Described| !TOO_LONG.contains(&file.file);
    for described in described::TABLES.iter().filter(is_short) {
        if let Some((_, bytes)) = files.iter().find(|(name, _)| *name == described.file) {
            let stem = described.file.trim_end_matches(".csv");
            let name = format!("{}{}", stem[..1].to_uppercase(), &stem[1..]);
            tables.push(Sheet::of_csv(
                &name,
                described.title,
                &[described.about],
                bytes,
            ));
        }
    }
    let sheets = [cover(run), contents(&tables), notes(&tables)];
    Workbook {
        title: run.plan.title.clone(),
        sheets: sheets.into_iter().chain(tables).collect(),
    }
}

fn cover(run: &Run) -> Sheet {
    let plan = run.plan;
    let areas: Vec<&str> = plan.areas.iter().map(|area| area.name.as_str()).collect();
    let draws = match run.forecast.n_draws {
        0 => "Central values alone, without draws.".to_owned(),
        n => format!("{n} draws; every range is of 90% of them."),
    };
    let mut introduction = vec![
        "Needs, services and options: a forecast and an appraisal made by needscast.".to_owned(),
        format!("Areas: {}.", areas.join(", ")),
        format!("Forecast: {}.", run.horizon_name()),
        draws,
        format!("Seed {}. Version {VERSION}, commit {}.", plan.seed, commit()),
        "The numbers are means of a model and not counts of anybody. Read the notes and the assumptions before using them.".to_owned(),
        "The charts and what they say are in report.html; the same numbers and more are in the CSV files, which datapackage.json describes.".to_owned(),
    ];
    introduction.extend(plan.notes.iter().cloned());
    Sheet {
        name: "Cover".to_owned(),
        title: plan.title.clone(),
        introduction,
        header: Vec::new(),
        rows: Vec::new(),
    }
}

fn contents(tables: &[Sheet]) -> Sheet {
    let row = |sheet: &Sheet| vec![Cell::text(&sheet.name), Cell::text(&sheet.title)];
    Sheet {
        name: "Contents".to_owned(),
        title: "Contents".to_owned(),
        introduction: vec!["This worksheet contains one table.".to_owned()],
        header: vec!["Worksheet".to_owned(), "What it holds".to_owned()],
        rows: tables.iter().map(row).collect(),
    }
}

/// What the marks and the columns mean.
fn notes(tables: &[Sheet]) -> Sheet {
    let mut rows = vec![
        vec![
            Cell::text("[x]"),
            Cell::text("Not available: there is no such number."),
        ],
        vec![
            Cell::text(CONFIDENTIAL),
            Cell::text("Confidential: kept back by disclosure control, see the cover."),
        ],
        vec![
            Cell::text("Year columns"),
            Cell::text("Financial years, April to March."),
        ],
    ];
    let is_used = |name: &str| {
        let mut headings = tables.iter().flat_map(|sheet| &sheet.header);
        headings.any(|heading| heading == name)
    };
    for (name, _, about) in described::COLUMNS.iter().filter(|(name, ..)| is_used(name)) {
        rows.push(vec![Cell::text(*name), Cell::text(*about)]);
    }
    Sheet {
        name: "Notes".to_owned(),
        title: "Notes".to_owned(),
        introduction: vec!["This worksheet contains one table.".to_owned()],
        header: vec!["Mark or column".to_owned(), "What it means".to_owned()],
        rows,
    }
}

fn is_leading(run: &Run, series: &Series) -> bool {
    let mut headline = run
        .plan
        .measures
        .iter()
        .filter(|measure| measure.is_headline);
    !series.is_monthly
        && series.account.is_none()
        && (LEADING.contains(&series.measure.as_str())
            || headline.any(|measure| measure.id == series.measure))
}

/// One row for each option, area and measure, one column for each year.
fn by_year(run: &Run, name: &str, title: &str, of: fn(&Estimate) -> f64) -> Sheet {
    let layout = &run.forecast.layout;
    let words = ["Option", "Area code", "Area", "Measure", "Unit"];
    let years = layout.years.iter().map(ToString::to_string);
    let mut rows = Vec::new();
    for (option, named) in run.plan.options.iter().enumerate() {
        for (area, place) in reported_areas(run.plan).into_iter().enumerate() {
            let series = layout.series.iter().enumerate();
            for (index, series) in series.filter(|(_, series)| is_leading(run, series)) {
                let words = [
                    &named.id,
                    &place.code,
                    &place.name,
                    &series.title,
                    &series.unit,
                ];
                let mut row: Vec<Cell> = words.into_iter().map(Cell::text).collect();
                row.extend(
                    (0..series.n_periods)
                        .map(|period| rounded(of(&run.forecast.at(option, area, index, period)))),
                );
                rows.push(row);
            }
        }
    }
    Sheet {
        name: name.to_owned(),
        title: format!("{title}, by option, area, measure and year"),
        introduction: vec![
            "This worksheet contains one table. Years before the forecast are the hindcast; [x] is not available.".to_owned(),
        ],
        header: words.into_iter().map(str::to_owned).chain(years).collect(),
        rows,
    }
}

/// Each option less the comparator, over the whole forecast.
fn changes(run: &Run) -> Sheet {
    let (layout, areas) = (&run.forecast.layout, reported_areas(run.plan));
    let whole = run.forecast.contrasts.iter().filter(|contrast| {
        contrast.span == Span::Horizon && is_leading(run, &layout.series[contrast.series])
    });
    let rows = whole.map(|contrast| {
        let (series, e) = (&layout.series[contrast.series], &contrast.difference);
        let place = areas[contrast.area];
        let option = &run.plan.options[contrast.option].id;
        let words = [
            option,
            &place.code,
            &place.name,
            &series.title,
            &series.unit,
        ];
        let numbers = [
            e.mean,
            e.p05,
            e.p95,
            e.mc_error,
            contrast.probability_better,
        ];
        let words = words.into_iter().map(Cell::text);
        words.chain(numbers.into_iter().map(rounded)).collect()
    });
    let comparator = &run.plan.options[run.plan.comparator].title;
    let header = [
        "Option",
        "Area code",
        "Area",
        "Measure",
        "Unit",
        "Change",
        "Lower end of the 90% range",
        "Upper end of the 90% range",
        "Monte Carlo error",
        "Probability better",
    ];
    Sheet {
        name: "Changes".to_owned(),
        title: format!("What the options change over {}", run.horizon_name()),
        introduction: vec![format!(
            "This worksheet contains one table. Each option less “{comparator}”; a flow is summed over the years, a level is their mean."
        )],
        header: header.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

/// The number that the CSV shows.
fn rounded(value: f64) -> Cell {
    Cell::number(plain(value).parse().unwrap_or(f64::NAN))
}

//! A headline measure over time: what was recorded, the hindcast on the same chart, and the fan of the forecast.

use super::super::Run;
use super::super::chart::{Band, Line, TimeChart};
use super::super::missed::Ahead;
use super::super::number;
use super::view::{Figure, Table};
use crate::summarise::Estimate;

/// The code of the whole country.
const COUNTRY: &str = "S92000003";
/// Lines that a reader can tell apart on one chart, the comparator's among them.
const N_LINES: usize = 4;

/// The figures of every headline measure in one area.
pub(super) fn forecasts(run: &Run, area: usize, code: &str) -> Vec<Figure> {
    let series = headline(run).into_iter();
    series.map(|series| fan(run, area, code, series)).collect()
}

/// The series of every headline measure, and of the rate of reconviction where there is one, each once.
pub(super) fn headline(run: &Run) -> Vec<usize> {
    let led = run
        .plan
        .measures
        .iter()
        .filter(|measure| measure.is_headline)
        .map(|measure| measure.id.as_str());
    let measures = led.chain(run.plan.clock.is_some().then_some("reconviction_rate"));
    let mut found = Vec::new();
    for measure in measures {
        let series = run.forecast.layout.find(measure, "");
        found.extend(series.filter(|series| !found.contains(series)));
    }
    found
}

/// One measure in one area, told by every option.
struct Told {
    series: usize,
    /// Whether it is of less than the whole country.
    is_of_area: bool,
    periods: Vec<String>,
    recorded: Vec<f64>,
    ours: Vec<Estimate>,
    /// Options that can be told from the comparator.
    others: Vec<(usize, Vec<Estimate>)>,
    /// How far earlier forecasts missed, by year; blank beyond and where it cannot be told.
    missed: Vec<Option<Ahead>>,
}

impl Told {
    fn of(run: &Run, area: usize, code: &str, series: usize) -> Told {
        let layout = &run.forecast.layout;
        let periods: Vec<_> = layout.years.iter().map(|year| year.to_string()).collect();
        let of = |option| -> Vec<Estimate> {
            (0..periods.len())
                .map(|y| run.forecast.at(option, area, series, y))
                .collect()
        };
        let ours = of(run.plan.comparator);
        let others = run
            .others()
            .map(|o| (o, of(o)))
            .filter(|(_, e)| differs(e, &ours))
            .collect();
        let measure = &layout.series[series].measure;
        let recorded = recorded(run, measure, code);
        let mut ahead = run
            .missed_of(measure, code)
            .map_or(Vec::new(), |missed| run.ahead(missed));
        let missed = layout.years.iter().map(|year| {
            let found = ahead
                .iter()
                .position(|ahead| ahead.year == *year && ahead.low.is_finite());
            found.map(|found| ahead.swap_remove(found))
        });
        Told {
            missed: missed.collect(),
            series,
            is_of_area: code != COUNTRY,
            periods,
            recorded,
            ours,
            others,
        }
    }

    fn has_record(&self) -> bool {
        self.recorded.iter().any(|value| value.is_finite())
    }

    /// The band of earlier forecasts; nothing where there is none.
    fn band(&self) -> Option<Band> {
        let nowhere = (f64::NAN, f64::NAN);
        let of_year = |ahead: &Option<Ahead>| ahead.as_ref().map_or(nowhere, |a| (a.low, a.high));
        let is_there = self.missed.iter().any(Option::is_some);
        is_there.then(|| self.missed.iter().map(of_year).collect())
    }

    /// What the band is and where it comes from, or why there is none.
    fn band_note(&self) -> String {
        let known: Vec<&Ahead> = self.missed.iter().flatten().collect();
        let (Some(first), Some(last)) = (known.first(), known.last()) else {
            let n = self
                .recorded
                .iter()
                .filter(|value| value.is_finite())
                .count();
            return match n {
                0 => "No back-test band: nothing is recorded of this measure here. ".to_owned(),
                _ => "No back-test band: the record is too short, or too often nought, for five forecasts to be scored. "
                    .to_owned(),
            };
        };
        let furthest = match first.years == last.years {
            true => String::new(),
            false => format!(
                ", and {} years ahead within {} ({} forecasts)",
                last.years,
                number::percent(last.miss.share, 1),
                last.miss.n
            ),
        };
        let ahead = match first.years {
            1 => "a year ahead".to_owned(),
            n => format!("{n} years ahead"),
        };
        format!(
            "The dotted outline is the back-test: this series alone was forecast from every moment of its past from six known years on, with what came later hidden. At least four in five records lay within {} of what was forecast {ahead} ({} forecasts){furthest}. It tests the method that carries series forward, not the whole model. ",
            number::percent(first.miss.share, 1),
            first.miss.n
        )
    }

    fn lines(&self, run: &Run) -> Vec<Line> {
        let mut lines = vec![Line {
            label: run.comparator_name(),
            style: 0,
            values: self.ours.iter().map(|e| e.mean).collect(),
            bands: vec![
                self.ours.iter().map(|e| (e.p05, e.p95)).collect(),
                self.ours.iter().map(|e| (e.p25, e.p75)).collect(),
            ],
            outline: self.band(),
        }];
        for (option, estimates) in &self.others {
            let style = run.style(*option);
            if style >= N_LINES {
                continue;
            }
            let from = run.forecast.years.start.saturating_sub(1);
            let value = |(y, e): (usize, &Estimate)| if y >= from { e.mean } else { f64::NAN };
            lines.push(Line {
                label: run.name(*option),
                style,
                values: estimates.iter().enumerate().map(value).collect(),
                bands: Vec::new(),
                outline: None,
            });
        }
        if self.has_record() {
            let label = "Recorded".to_owned();
            lines.push(Line {
                label,
                style: 4,
                values: self.recorded.clone(),
                bands: Vec::new(),
                outline: None,
            });
        }
        lines
    }
}

fn fan(run: &Run, area: usize, code: &str, series: usize) -> Figure {
    let described = &run.forecast.layout.series[series];
    let told = Told::of(run, area, code, series);
    let title = finding(run, area, series);
    let id = format!("fan-{code}-{}", described.measure);
    let description = format!(
        "Line chart by financial year, {} to {}. {title}. {}{}The table after the chart has every number.",
        told.periods.first().map_or("", String::as_str),
        told.periods.last().map_or("", String::as_str),
        if told.has_record() {
            "Points are what was recorded. "
        } else {
            ""
        },
        match told.band() {
            Some(_) => "A dotted outline is how far earlier forecasts missed. ",
            None => "",
        }
    );
    let chart = TimeChart {
        id: &id,
        title: &title,
        description: &description,
        unit: &described.unit,
        periods: &told.periods,
        start: Some(run.forecast.years.start),
        lines: told.lines(run),
    };
    let svg = chart.svg();
    let note = note(run, &told, chart.is_cut());
    let table = table(run, &told);
    Figure {
        id,
        title,
        svg,
        note,
        table,
    }
}

/// What was recorded of a measure in an area, by year of the layout.
fn recorded(run: &Run, measure: &str, code: &str) -> Vec<f64> {
    let of_year = |year: String| {
        let found = run
            .plan
            .recorded
            .iter()
            .find(|r| r.measure == measure && r.area_code == code && r.period == year);
        found.map_or(f64::NAN, |record| record.value)
    };
    run.forecast
        .layout
        .years
        .iter()
        .map(|year| of_year(year.to_string()))
        .collect()
}

/// Whether a line would be seen beside the comparator's: a mean that is more than one in a hundred off in some year.
fn differs(ours: &[Estimate], theirs: &[Estimate]) -> bool {
    let mut years = ours.iter().zip(theirs);
    years.any(|(a, b)| (a.mean - b.mean).abs() > 0.01 * b.mean.abs())
}

/// The title of a fan: where the measure is going, and whether that can be told.
fn finding(run: &Run, area: usize, series: usize) -> String {
    let described = &run.forecast.layout.series[series];
    let at = |year| run.forecast.at(run.plan.comparator, area, series, year);
    let known: Vec<usize> = run
        .forecast
        .years
        .clone()
        .filter(|year| at(*year).mean.is_finite())
        .collect();
    let (Some(&first), Some(&last)) = (known.first(), known.last()) else {
        return described.title.clone();
    };
    let (from, to) = (at(first), at(last));
    let show = |value| number::about(value, &described.unit);
    let (old, new) = (show(from.mean), show(to.mean));
    let (then, end) = (run.year_name(first), run.year_name(last));
    if first == last {
        return format!(
            "{}: {} in {then}",
            described.title,
            number::with_range(&from, &described.unit)
        );
    }
    let change = to.mean / from.mean - 1.0;
    let trend = run.forecast.outlook.trend(area, series);
    let rise = trend.map_or(f64::NAN, |trend| trend.probability_of_rise);
    let (verb, sure) = match change > 0.0 {
        true => ("rise", rise),
        false => ("fall", 1.0 - rise),
    };
    let story = if change.abs() < 0.02 || old == new {
        format!("about level, {old} in {then} and {new} in {end}")
    } else if !to.has_range() {
        format!("would {verb} from about {old} in {then} to about {new} in {end}")
    } else if sure >= 2.0 / 3.0 {
        let (likely, chance) = (number::likely(sure), number::chance(sure));
        format!(
            "{likely} to {verb}, from about {old} in {then} to about {new} in {end} (probability {chance})"
        )
    } else {
        format!("no clear change, about {old} in {then} and about {new} in {end}")
    };
    format!("{}: {story}", described.title)
}

fn note(run: &Run, told: &Told, is_cut: bool) -> String {
    let mut note = String::new();
    if told.ours.iter().any(Estimate::has_range) {
        note += "The line is the mean of the draws; the inner band holds half of them and the outer band nine in ten. ";
    }
    if told.has_record() {
        note +=
            "Points are what was recorded; left of the upright line the model retells the past. ";
    }
    note += &told.band_note();
    let measure = &run.forecast.layout.series[told.series].measure;
    if told.is_of_area
        && told.has_record()
        && run.fit.is_scaled_to_known_residence
        && measure.starts_with("prison_arrivals")
    {
        note +=
            "Recorded arrivals in an area leave out the few people whose residence is unknown. ";
    }
    if told.others.len() < run.others().count() {
        note += "Options that differ by less than 1% in every year are not drawn. ";
    }
    if told
        .others
        .iter()
        .any(|(option, _)| run.style(*option) >= N_LINES)
    {
        note += "Further options are in the table. ";
    }
    if is_cut {
        note += "The upright axis does not begin at zero.";
    }
    note.trim_end().to_owned()
}

fn table(run: &Run, told: &Told) -> Table {
    let described = &run.forecast.layout.series[told.series];
    let caption = format!(
        "{} ({}), {}",
        described.title,
        described.unit,
        run.comparator_name().to_lowercase()
    );
    let header = ["Year", "Recorded", "Mean", "5%", "25%", "50%", "75%", "95%"];
    let mut table = Table::new(caption, &header, 1);
    let has_band = told.missed.iter().any(Option::is_some);
    if has_band {
        let columns = ["Back-test: low", "Back-test: high", "Forecasts scored"];
        table.header.extend(columns.map(str::to_owned));
    }
    for (option, _) in &told.others {
        table.header.push(format!("{}: mean", run.name(*option)));
    }
    for (y, period) in told.periods.iter().enumerate() {
        let e = told.ours[y];
        let show = |value: f64| number::exact(value, &described.unit);
        let numbers = [told.recorded[y], e.mean, e.p05, e.p25, e.p50, e.p75, e.p95];
        let mut row = vec![period.clone()];
        row.extend(numbers.map(show));
        if has_band {
            let ahead = told.missed[y].as_ref();
            row.extend(
                [ahead.map(|a| a.low), ahead.map(|a| a.high)]
                    .map(|end| show(end.unwrap_or(f64::NAN))),
            );
            row.push(ahead.map_or(number::MISSING.to_owned(), |a| a.miss.n.to_string()));
        }
        row.extend(
            told.others
                .iter()
                .map(|(_, estimates)| show(estimates[y].mean)),
        );
        table.rows.push(row);
    }
    table
}

//! National outcomes: the indicator, where it stands, where it is heading, and whether that suggests a priority.

use super::super::{Run, number};
use super::duties::marked;
use super::view::Table;
use crate::compile::{Better, NationalOutcome};
use crate::summarise::Trend;

/// How priorities are suggested.
pub(super) const RULE: &str = "A priority is suggested where a measure of the outcome is likely (two draws in three or more) to get worse from the first year to \
     the last, or where more of the people with a need never start with a service than start; none is suggested where every measure \
     that has a better way is likely to get better; otherwise the numbers cannot tell. It is a suggestion from these numbers alone: \
     priorities are for the partners to set, with what the model does not hold.";

/// What a measure says of an outcome.
struct Reading {
    /// The measure, what was last recorded, the first year and the last.
    cells: [String; 4],
    sign: Sign,
    why: String,
}

/// What that suggests.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Worse,
    Better,
    Unclear,
}

/// Each outcome's measures: baseline, projection, direction, and what that suggests.
pub(super) fn projected(run: &Run) -> Option<Table> {
    let years = run.first_and_last();
    let (first, last) = (*years.first()?, *years.last()?);
    let header = [
        "Outcome",
        "Priority suggested, and why",
        "Indicator",
        "Measure",
        "Heading",
        "Last recorded",
        &format!("{} (90% range)", run.year_name(first)),
        &format!("{} (90% range)", run.year_name(last)),
    ];
    let mut table = Table::new(
        format!(
            "National outcomes: baseline and projection, {}, {}",
            number::lower_first(&run.comparator_name()),
            run.plan.total.name
        ),
        &header,
        5,
    );
    for outcome in &run.plan.duties.outcomes {
        add(run, outcome, (first, last), &mut table);
    }
    (!table.rows.is_empty()).then_some(table)
}

fn add(run: &Run, outcome: &NationalOutcome, years: (usize, usize), table: &mut Table) {
    let title = format!("{}{}", outcome.title, marked(outcome.is_recalled));
    let readings: Vec<(String, Reading)> = readings(run, outcome, years);
    let suggested = suggestion(outcome, &readings);
    if readings.is_empty() {
        let indicators = outcome.indicators.iter();
        let indicators: Vec<String> = indicators
            .map(|i| format!("{}{}", i.title, marked(i.is_recalled)))
            .collect();
        let missing = || number::MISSING.to_owned();
        let words = [
            title,
            suggested,
            indicators.join("; "),
            not_measured(outcome),
        ];
        let mut row = Vec::from(words);
        row.extend((0..4).map(|_| missing()));
        table.rows.push(row);
        return;
    }
    for (index, (indicator, reading)) in readings.into_iter().enumerate() {
        // The suggestion is of the outcome, so it stands with its first measure.
        let suggested = match index {
            0 => suggested.clone(),
            _ => "As above".to_owned(),
        };
        let [measure, numbers @ ..] = reading.cells;
        let words = [title.clone(), suggested, indicator, measure, reading.why];
        table.rows.push(words.into_iter().chain(numbers).collect());
    }
}

fn readings(run: &Run, outcome: &NationalOutcome, years: (usize, usize)) -> Vec<(String, Reading)> {
    let mut found = Vec::new();
    for indicator in &outcome.indicators {
        for (measure, breakdown) in &indicator.measures {
            let title = format!("{}{}", indicator.title, marked(indicator.is_recalled));
            found.extend(reading(run, measure, breakdown, years).map(|reading| (title, reading)));
        }
    }
    found
}

fn reading(
    run: &Run,
    measure: &str,
    breakdown: &str,
    (first, last): (usize, usize),
) -> Option<Reading> {
    let index = run.forecast.layout.find(measure, breakdown)?;
    let series = &run.forecast.layout.series[index];
    let trend = run.forecast.outlook.trend(run.total(), index);
    // What takes a year to be told has no number in the last one.
    let known = trend.and_then(|trend| trend.between);
    let cell = |year: usize, asked: usize| {
        let found = run.estimate(run.plan.comparator, run.total(), measure, breakdown, year);
        let [mean, range] = super::mean_and_range(&found, &series.unit);
        let of = match year == asked {
            true => String::new(),
            false => format!(", of {}", run.year_name(year)),
        };
        match found.has_range() {
            true => format!("{mean} ({range}){of}"),
            false => format!("{mean}{of}"),
        }
    };
    let [from, to] = known.unwrap_or([first, last]);
    let (before, after) = (cell(from, first), cell(to, last));
    let (sign, mut why) = heading(run, trend, series.better, (measure, breakdown), to);
    if let Some([_, to]) = known.filter(|[_, to]| *to != last) {
        why += &format!(", up to {}, the last year with a number", run.year_name(to));
    }
    Some(Reading {
        cells: [
            series.title.clone(),
            recorded(run, measure, breakdown, &series.unit),
            before,
            after,
        ],
        sign,
        why,
    })
}

/// The last recorded year of all areas together.
fn recorded(run: &Run, measure: &str, breakdown: &str, unit: &str) -> String {
    let own = run.plan.recorded.iter().filter(|record| {
        breakdown.is_empty() && record.measure == measure && record.area_code == run.plan.total.code
    });
    let last = own.max_by(|a, b| a.period.cmp(&b.period));
    last.map_or(number::MISSING.to_owned(), |record| {
        format!("{} ({})", number::exact(record.value, unit), record.period)
    })
}

/// Which way a measure is heading, with the probability, and what that is for the outcome.
fn heading(
    run: &Run,
    trend: Option<&Trend>,
    better: Better,
    (measure, breakdown): (&str, &str),
    last: usize,
) -> (Sign, String) {
    let rise = trend.map_or(f64::NAN, |trend| trend.probability_of_rise);
    if !rise.is_finite() {
        let words = match run.forecast.n_draws < 2 {
            true => "Cannot tell without draws",
            false => "Cannot tell: no two years of the forecast have a number",
        };
        return (Sign::Unclear, words.to_owned());
    }
    let words = match rise {
        rise if rise >= 0.5 => format!("A rise is {}", number::likelihood(rise)),
        rise => format!("A fall is {}", number::likelihood(1.0 - rise)),
    };
    let worse = match better {
        Better::Lower => rise,
        Better::Higher => 1.0 - rise,
        Better::Neither => return short_of_service(run, (measure, breakdown), last, words),
    };
    let sign = match worse {
        worse if worse >= LIKELY => Sign::Worse,
        worse if worse <= 1.0 - LIKELY => Sign::Better,
        _ => Sign::Unclear,
    };
    let meaning = match sign {
        Sign::Worse => ", for the worse",
        Sign::Better => ", for the better",
        Sign::Unclear => "",
    };
    (sign, format!("{words}{meaning}"))
}

const LIKELY: f64 = 2.0 / 3.0;

/// A need is neither good nor bad; that most of those who have it never start with a service is.
fn short_of_service(
    run: &Run,
    (measure, breakdown): (&str, &str),
    last: usize,
    words: String,
) -> (Sign, String) {
    let need = breakdown
        .strip_prefix("need=")
        .filter(|_| measure == "need_arising");
    let services = run.plan.services.iter();
    let of_need = services.filter(|s| need == Some(run.plan.needs[s.need].id.as_str()));
    let (mut starts, mut never) = (0.0, 0.0);
    for service in of_need {
        let of = |measure| {
            let breakdown = format!("service={}", service.id);
            run.estimate(run.plan.comparator, run.total(), measure, &breakdown, last)
                .mean
        };
        starts += of("starts");
        never += of("unmet_need");
    }
    if starts + never <= 0.0 {
        return (Sign::Unclear, words);
    }
    let share = number::about(never / (starts + never), "share");
    let told = format!(
        "{words}; {share} of those who start or never do never start in {}",
        run.year_name(last)
    );
    let sign = if never > starts {
        Sign::Worse
    } else {
        Sign::Unclear
    };
    (sign, told)
}

/// Whether the readings suggest a priority.
fn suggestion(outcome: &NationalOutcome, readings: &[(String, Reading)]) -> String {
    let has = |sign| readings.iter().any(|(_, reading)| reading.sign == sign);
    if outcome.is_overarching {
        return "Stands over the others".to_owned();
    }
    if readings.is_empty() {
        return "Cannot tell: the model holds no measure of it".to_owned();
    }
    if has(Sign::Worse) {
        let worse = readings
            .iter()
            .filter(|(_, reading)| reading.sign == Sign::Worse);
        let names: Vec<String> = worse
            .map(|(_, r)| number::lower_first(&r.cells[0]))
            .collect();
        return format!("Yes: {}", names.join("; "));
    }
    match has(Sign::Unclear) {
        true => "Cannot tell from these numbers".to_owned(),
        false => "No: likely to get better as things are".to_owned(),
    }
}

fn not_measured(outcome: &NationalOutcome) -> String {
    match (&outcome.assessment, &outcome.indicator_not_used) {
        (Some(words), _) => format!("In the plan’s words: {words}"),
        (None, Some(why)) => format!("Not used: {why}"),
        (None, None) => "The model has no measure of it".to_owned(),
    }
}

/// How many outcomes have a measure, and for how many a priority is suggested.
pub(super) fn sentences(run: &Run) -> Vec<String> {
    let years = run.first_and_last();
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else {
        return Vec::new();
    };
    let outcomes = run
        .plan
        .duties
        .outcomes
        .iter()
        .filter(|o| !o.is_overarching);
    let told: Vec<String> = outcomes
        .map(|outcome| suggestion(outcome, &readings(run, outcome, (first, last))))
        .collect();
    let count = |start: &str| told.iter().filter(|words| words.starts_with(start)).count();
    let n_measured = told.len() - count("Cannot tell: the model");
    if told.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "Of the {} national outcomes, the model holds a measure of {n_measured}; for {} of them the numbers suggest a priority, for {} they suggest none, and for {} they cannot tell.",
        told.len(),
        count("Yes"),
        count("No"),
        count("Cannot tell from")
    )]
}

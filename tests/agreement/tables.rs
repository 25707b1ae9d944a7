//! Every table of the page, and where its numbers stand: a table of no file, or a number that its files do not hold,
//! fails.

use std::collections::BTreeSet;

use super::Ran;

/// Tables by words of their captions, the files that hold their numbers, and the columns that are worked out of two
/// numbers that stand there.
const TABLES: [(&str, &[&str], &[&str]); 62] = [
    (
        "Appraisal summary over",
        &[
            "appraisal.csv",
            "increments.csv",
            "options.csv",
            "choices.csv",
            "criteria.csv",
            "sensitivity.csv",
        ],
        &[],
    ),
    ("The journey in ", &["forecast.csv"], &[]),
    (" at a glance, ", &["forecast.csv"], &[]),
    (
        "People of the population by age",
        &["profile.csv"],
        &["Age", "Change"],
    ),
    ("What the place is like: ", &["profile.csv"], &[]),
    ("Parts of the change ", &["drivers.csv"], &[]),
    ("People arising by ", &["forecast.csv"], &[]),
    ("What services are taken to do", &["assumptions.csv"], &[]),
    (
        "Every number that says what a service does",
        &["assumptions.csv"],
        &[],
    ),
    (
        "Hindcast against what was recorded",
        &["fit.csv"],
        &["Difference"],
    ),
    (
        // Means of the years of fit.csv.
        "Each area: mean of its last published years",
        &["fit.csv"],
        &["*"],
    ),
    ("Places, business as usual", &["forecast.csv"], &[]),
    ("Costs by payer and option", &["appraisal.csv"], &[]),
    ("Partner matrix: ", &["appraisal.csv"], &[]),
    (
        "National outcomes: baseline and projection",
        &["forecast.csv", "fit.csv"],
        &["Priority suggested, and why", "Outcome", "Indicator"],
    ),
    (
        "National outcomes: what the plan says",
        &["checks.csv"],
        &["Outcome"],
    ),
    (
        "ever start, of those who start or never do, ",
        &["forecast.csv"],
        &["*"],
    ),
    (
        "The gap and the places that would close it",
        &["gap.csv", "forecast.csv"],
        &["Share who never start"],
    ),
    (
        ": the gap by month, ",
        &["gap_by_month.csv", "gap.csv", "forecast.csv"],
        &[],
    ),
    (": need and capacity, ", &["forecast.csv"], &[]),
    ("Months waited before starting", &["forecast.csv"], &[]),
    ("Services by option: ", &["forecast.csv"], &[]),
    (
        "Change against business as usual over ",
        &["appraisal.csv"],
        &[],
    ),
    (
        "Probability that each option is the best",
        &["best.csv"],
        &[],
    ),
    (
        "Change against business as usual, ",
        &["contrasts.csv"],
        &[],
    ),
    (
        "Increments against business as usual",
        &["increments.csv", "plane.csv"],
        &[],
    ),
    (
        "Options by what they cost and achieve",
        &["options.csv"],
        &[],
    ),
    ("Probability of being best by what ", &["choices.csv"], &[]),
    (
        "Value on the criteria and what it costs",
        &["criteria.csv"],
        &[],
    ),
    ("Value on the criteria", &["criteria.csv"], &[]),
    (
        "The criteria: what is worth 0 and 100",
        &["criteria.csv"],
        &["*"],
    ),
    ("Values and ranks by these weights", &["criteria.csv"], &[]),
    ("Appraisal over ", &["appraisal.csv"], &[]),
    ("Equality: ", &["distribution.csv"], &["share met"]),
    (
        "What all public payers pay for each area",
        &["distribution.csv"],
        &[],
    ),
    (
        "What sharing changes for each place",
        &["contrasts.csv"],
        &[],
    ),
    ("Who gains and who loses: ", &["share/*"], &[]),
    (
        "Probability that more needs are met together",
        &["share/*"],
        &[],
    ),
    ("Probability of paying less together", &["share/*"], &[]),
    ("Each partner alone and together", &["share/*"], &[]),
    ("Cost alone and together, shared by", &["share/*"], &[]),
    ("Every coalition that was simulated", &["share/*"], &[]),
    ("What each partner pays by each rule", &["share/*"], &[]),
    ("Mean wait of those who start, alone", &["share/*"], &[]),
    ("Share of those in need who start, alone", &["share/*"], &[]),
    (
        "Together against alone when one thing is moved",
        &["share/*"],
        &[],
    ),
    ("What is asked of the plan", &["checks.csv"], &["*"]),
    (
        "Parameters by grade of evidence",
        &["assumptions.csv"],
        &["*"],
    ),
    (
        "Every parameter that this run used",
        &["assumptions.csv"],
        &["Share of variance", "Parameter", "Source", "Used by"],
    ),
    ("Which worth of ", &["choices.csv"], &[]),
    ("What it is worth to know", &["information.csv"], &[]),
    (
        "Switching values",
        &["sensitivity.csv", "switching.csv"],
        &[],
    ),
    ("Weights at which ", &["crossovers.csv"], &[]),
    // How much was read, and of what; who signs.
    ("Recorded series that the model is set beside", &[], &["*"]),
    ("What is declared to have broken a series", &[], &["*"]),
    (
        "Series that are shown and not computed with",
        &["profile.csv"],
        &["Figures", "Source"],
    ),
    ("Earlier forecasts of shipped series", &[], &["*"]),
    ("What was checked", &[], &["*"]),
    ("Who has still to sign", &[], &["*"]),
    ("Input files and their fingerprints", &[], &["*"]),
    // A measure by years, and what drives it.
    (
        "), business as usual",
        &["forecast.csv", "fit.csv", "backtest.csv"],
        &[],
    ),
    (") from ", &["drivers.csv"], &[]),
];

/// The numbers of files, in order.
fn numbers(ran: &Ran, files: &[&str]) -> Vec<f64> {
    let mut found = Vec::new();
    // Too few draws have no values at which a verdict switches.
    let files = files
        .iter()
        .filter(|file| file.ends_with('*') || ran.path(file).is_file());
    let paths = files.flat_map(|file| match file.strip_suffix('*') {
        Some(folder) => std::fs::read_dir(ran.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect(),
        None => vec![ran.path(file)],
    });
    for path in paths.filter(|path| path.extension().is_some_and(|end| end == "csv")) {
        let mut reader =
            csv::Reader::from_path(&path).unwrap_or_else(|_| panic!("{}", path.display()));
        for record in reader.records().map(Result::unwrap) {
            found.extend(record.iter().filter_map(|cell| cell.parse::<f64>().ok()));
        }
    }
    found.sort_by(f64::total_cmp);
    found
}

/// The numbers that a cell shows: with their signs, pounds, per cents and millions.
fn shown(cell: &str) -> Vec<String> {
    let cell = cell.replace(" to ", "|").replace("; ", "|");
    let pieces = cell.split(['|', '(', ')']).map(str::trim);
    let is_number = |piece: &&str| {
        let bare = piece
            .trim_end_matches(" million")
            .trim_end_matches(" billion")
            .trim_end_matches('%');
        let digits = bare.trim_start_matches(['+', '−', '£']);
        !digits.is_empty()
            && digits.starts_with(|c: char| c.is_ascii_digit())
            && digits
                .chars()
                .all(|c| c.is_ascii_digit() || c == ',' || c == '.')
    };
    pieces.filter(is_number).map(str::to_owned).collect()
}

/// Whether one of the numbers, or what it is below zero, is shown so.
fn is_there(shown: &str, numbers: &[f64]) -> bool {
    let size = match shown {
        text if text.ends_with("billion") => 1e9,
        text if text.ends_with("million") => 1e6,
        text if text.ends_with('%') => 0.01,
        _ => 1.0,
    };
    let plain: String = shown
        .replace('−', "-")
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-')
        .collect();
    let number: f64 = plain.parse().unwrap();
    // The step of what is shown, and of three digits where a range is told in words.
    let n_digits = plain.split_once('.').map_or(0, |(_, rest)| rest.len()) as i32;
    let of_words = if number.abs() >= 1000.0 {
        10_f64.powi(number.abs().log10().floor() as i32 - 2)
    } else {
        0.0
    };
    let step = 10_f64.powi(-n_digits).max(of_words) * size;
    let value = number * size;
    let slack = 0.5 * step * (1.0 + 1e-6) + 1e-6 * value.abs();
    let near = |value: f64| {
        let from = numbers.partition_point(|known| *known < value - slack);
        numbers
            .get(from)
            .is_some_and(|known| *known <= value + slack)
    };
    near(value) || near(-value)
}

fn cells_of(row: &str) -> Vec<String> {
    let parts = row
        .split('<')
        .filter(|part| part.starts_with("th") || part.starts_with("td"));
    parts
        .map(|part| part.split_once('>').unwrap().1.to_owned())
        .collect()
}

#[test]
fn every_table_of_the_page_stands_in_a_file() {
    let ran = Ran::new();
    let (mut n_walked, mut faults, mut met) = (0, BTreeSet::new(), BTreeSet::new());
    let mut known: std::collections::BTreeMap<&str, Vec<f64>> = Default::default();
    for table in ran.page.split("<caption>").skip(1) {
        let (caption, rest) = table.split_once("</caption>").unwrap();
        let rest = rest.split("</table>").next().unwrap();
        let caption = caption.replace("&quot;", "\"");
        let Some((words, files, derived)) =
            TABLES.iter().find(|(words, ..)| caption.contains(words))
        else {
            faults.insert(format!("a table of no file: {caption}"));
            continue;
        };
        met.insert(*words);
        if derived.contains(&"*") {
            continue;
        }
        let (head, body) = rest.split_once("<tbody>").unwrap();
        let header = cells_of(head);
        let header: Vec<&String> = header
            .iter()
            .filter(|cell| !cell.trim().is_empty())
            .collect();
        let numbers = known.entry(words).or_insert_with(|| numbers(&ran, files));
        for row in body.split("</tr>") {
            for (cell, heading) in cells_of(row).iter().zip(&header) {
                if derived.iter().any(|own| heading.ends_with(own))
                    || heading.starts_with("Year")
                    || *heading == "Period"
                {
                    continue;
                }
                for number in shown(cell) {
                    n_walked += 1;
                    if !is_there(&number, numbers) {
                        faults.insert(format!(
                            "{caption}, {heading}: {number} is not in {files:?}"
                        ));
                    }
                }
            }
        }
    }
    let faults: Vec<&String> = faults.iter().collect();
    assert!(
        faults.is_empty(),
        "{} faults: {:#?}",
        faults.len(),
        &faults[..faults.len().min(60)]
    );
    assert!(n_walked > 10_000, "{n_walked}");
    assert!(met.len() > 45, "{met:?}");
}

//! Recorded counts of local origin, made safe to publish before anything is computed from them: what is not in the
//! documents can be in no output. Local is every row that the program does not bring along itself.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::disclosure::{LocalFile, Rule, Withheld};
use super::figures::{ParameterRow, RecordedRow};
use super::source::{At, Source};
use super::{Documents, library, published};
use crate::quantity::{TimeUnit, Unit};

/// A mark in the place of what is withheld, as in the government's guidance on symbols in tables.
const MARK: &str = "[c]";

/// Applies the scenario's rule to every row of local origin.
pub(super) fn protect(documents: &mut Documents) {
    documents.disclosure = documents.scenario.disclosure.control();
    let rule = documents.disclosure.rule;
    let mut touched = Touched::default();
    let is_local = local_rows(documents);
    protect_parameters(documents, rule, &is_local, &mut touched);
    protect_recorded(documents, rule, &is_local, &mut touched);
    for row in &mut documents.population {
        if is_local(row.at) && row.people > 0.0 && !published::has_people(row) {
            let used = rule.map_or(row.people, |rule| rule.used(row.people));
            let is_small = rule.is_some_and(|rule| rule.is_small(row.people));
            touched.add(row.at, is_small, vec![("population", used.to_string())]);
            row.people = used;
        }
    }
    touched.tell(documents);
}

/// Whether a row stands in a file that the program does not bring along as it is. Such a row may still repeat a figure
/// that is published.
fn local_rows(documents: &Documents) -> impl Fn(At) -> bool + use<> {
    let sources = &documents.sources;
    let files = (0..).map_while(|file| sources.get(file));
    let is_shipped: Vec<bool> = files.map(library::is_shipped).collect();
    move |at| is_shipped.get(at.file as usize) == Some(&false)
}

/// What stands in the place of the cells of a row, by column.
type Cells = Vec<(&'static str, String)>;

/// What was done, by file and row; and whether a count of the row is withheld.
#[derive(Default)]
struct Touched {
    rows: BTreeMap<At, (bool, Cells)>,
}

impl Touched {
    fn add(&mut self, at: At, is_withheld: bool, cells: Cells) {
        self.rows.insert(at, (is_withheld, cells));
    }

    /// Notes the files, and gives the hash of the text as it is used: that of a file of which only a few small numbers
    /// are unknown would tell them to whoever tries them all.
    fn tell(self, documents: &mut Documents) {
        let mut by_file: BTreeMap<u32, Vec<(At, &Cells)>> = BTreeMap::new();
        for (at, (_, cells)) in &self.rows {
            by_file.entry(at.file).or_default().push((*at, cells));
        }
        // The sheets of a workbook are texts of one file.
        let sources = &documents.sources;
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        let mut names: Vec<&str> = Vec::new();
        for (file, source) in (0..).map_while(|file| Some((file, sources.get(file)?))) {
            let rows = by_file.get(&file).map_or(&[][..], Vec::as_slice);
            if !rows.is_empty() && !names.contains(&source.name.as_str()) {
                names.push(&source.name);
            }
            *texts.entry(&source.name).or_default() += &as_used(source, rows);
        }
        let is_of = |at: &At, name: &str| sources.get(at.file).is_some_and(|it| it.name == name);
        let files = names.iter().map(|name| LocalFile {
            name: (*name).to_owned(),
            n_counts: self.rows.keys().filter(|at| is_of(at, name)).count(),
            n_withheld: (self.rows.iter())
                .filter(|(at, (is_withheld, _))| *is_withheld && is_of(at, name))
                .count(),
        });
        documents.disclosure.files = files.collect();
        if documents.disclosure.rule.is_none() {
            return;
        }
        for name in names {
            let text = texts.get(name).map_or("", String::as_str);
            let hash = Sha256::digest(text.as_bytes());
            if let Some(input) = documents.inputs.iter_mut().find(|input| input.name == name) {
                input.sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                input.bytes = text.len();
            }
        }
    }
}

/// The text of a file with other cells in the rows that were touched.
fn as_used(source: &Source, rows: &[(At, &Cells)]) -> String {
    let header = source.text.lines().next().unwrap_or("");
    let names: Vec<&str> = super::table::cell_spans(header)
        .into_iter()
        .map(|span| header.get(span).unwrap_or("").trim())
        .collect();
    let (mut text, mut done) = (String::new(), 0);
    for (at, cells) in rows {
        let (start, end) = (at.start as usize, at.end as usize);
        text += source.text.get(done..start).unwrap_or("");
        let record = source.text.get(start..end).unwrap_or("");
        for (column, span) in super::table::cell_spans(record).into_iter().enumerate() {
            let name = names.get(column).copied().unwrap_or("");
            let other = cells.iter().find(|(cell, _)| *cell == name);
            text += other.map_or_else(|| record.get(span).unwrap_or(""), |(_, other)| other);
            text.push(',');
        }
        done = end;
    }
    text + source.text.get(done..).unwrap_or("")
}

fn protect_parameters(
    documents: &mut Documents,
    rule: Option<Rule>,
    is_local: &impl Fn(At) -> bool,
    touched: &mut Touched,
) {
    let inflows = documents.model.inflows.iter();
    let arrivals: BTreeSet<String> = inflows
        .filter(|inflow| inflow.is_of_people)
        .flat_map(|inflow| inflow.rate.names.iter().map(|name| name.value.clone()))
        .collect();
    for row in &mut documents.parameters {
        if !is_local(row.at) || published::has_parameter(row) {
            continue;
        }
        let is_arrivals = arrivals.contains(row.text("id"));
        let stand_in = rule.unwrap_or(Rule {
            below: 0.0,
            round_to: 1.0,
        });
        let Some(safe) = Safe::of(row, is_arrivals, stand_in) else {
            continue;
        };
        if rule.is_some() {
            safe.put(row);
        }
        let number = |column| row.number(column).map_or(String::new(), |n| n.to_string());
        let mut cells = vec![("value", row.value.to_string())];
        cells
            .extend(["low", "high", "level", "events", "n"].map(|column| (column, number(column))));
        let words = ["distribution", "population", "source", "note"];
        cells.extend(words.map(|column| (column, row.text(column).to_owned())));
        touched.add(row.at, safe.is_withheld, cells);
    }
}

/// What stands in a row of parameters in the place of its numbers.
struct Safe {
    value: f64,
    /// `low`, `high`, `level`, `events`, `n`.
    numbers: [Option<f64>; 5],
    distribution: &'static str,
    is_withheld: bool,
    /// The counts as they were recorded, which words of the row may repeat.
    counts: Vec<f64>,
}

impl Safe {
    /// Nothing where the row holds no count, or is at fault, which is reported where its numbers are looked at.
    fn of(row: &ParameterRow, is_arrivals: bool, rule: Rule) -> Option<Safe> {
        let [low, high, level, events, n] = row.numbers;
        let has_nan = row.numbers.iter().flatten().any(|number| number.is_nan());
        let is_disordered = low.is_some_and(|low| low > row.value)
            || high.is_some_and(|high| high < row.value)
            || low.is_some() != high.is_some()
            || level.is_some_and(|level| level <= 0.0);
        if !row.value.is_finite() || row.value < 0.0 || has_nan || is_disordered {
            return None;
        }
        let unit = Unit::parse(row.text("unit"))?;
        match (events, n) {
            (Some(events), Some(n)) if events >= 0.0 && n > 0.0 => {
                Safe::of_events(row, &unit, (events, n), rule)
            }
            (None, None) => {
                let per_count = match unit {
                    Unit::People | Unit::Count => 1.0,
                    // So many a year.
                    Unit::Per(time) if is_arrivals => TimeUnit::Year.months() / time.months(),
                    _ => return None,
                };
                (row.value > 0.0).then(|| Safe::of_people(row, per_count, rule))
            }
            _ => None,
        }
    }

    fn of_events(row: &ParameterRow, unit: &Unit, counts: (f64, f64), rule: Rule) -> Option<Safe> {
        let (events, n) = counts;
        let rate = events / n;
        let is_share = *unit == Unit::Share;
        let is_the_rate = (row.value - rate).abs() <= 0.02 * rate.max(row.value)
            || is_share && (row.value - rate).abs() <= 0.005;
        if is_share && (events > n || !is_the_rate) {
            return None;
        }
        let (used, whole, is_withheld) = match is_share {
            true => rule.share(events, n),
            false => {
                let whole = rule.rounded(n.max(rule.below));
                (rule.used(events), whole, rule.is_small(events))
            }
        };
        let least = match is_share {
            true => used.min(whole - used),
            false => used,
        };
        let worth = if is_withheld { rule.worth(least) } else { 1.0 };
        let value = match is_the_rate || events == 0.0 {
            true if events == 0.0 && !is_share => row.value,
            true => used / whole,
            // The scale is the author's own: two digits say nothing of the count.
            false => two_digits(row.value * (used / events) * (n / whole)),
        };
        Some(Safe {
            value,
            numbers: [None, None, None, Some(used * worth), Some(whole * worth)],
            distribution: if row.text("distribution") == "fixed" {
                "fixed"
            } else {
                ""
            },
            is_withheld,
            counts: vec![events, n, n - events],
        })
    }

    fn of_people(row: &ParameterRow, per_count: f64, rule: Rule) -> Safe {
        let [low, high, level, ..] = row.numbers;
        let count = row.value * per_count;
        let is_withheld = rule.is_small(count);
        if is_withheld {
            // Any of the counts that are withheld may stand for it.
            let ends = [1.0, rule.below - 1.0].map(|end| Some(end / per_count));
            return Safe {
                value: rule.middle() / per_count,
                numbers: [ends[0], ends[1], None, None, None],
                distribution: "uniform",
                is_withheld,
                counts: vec![count, row.value],
            };
        }
        let base = rule.round_to;
        let value = rule.rounded(count);
        let has_width = low != high;
        let down = |end: f64| match end > 0.0 {
            true => ((end / base).floor() * base).clamp(1.0, value),
            false => 0.0,
        };
        let up = |end: f64| ((end / base).ceil() * base).max(value);
        let end = |end: Option<f64>, of: &dyn Fn(f64) -> f64| {
            let other = |end: f64| {
                if has_width {
                    of(end * per_count)
                } else {
                    value
                }
            };
            end.map(|end| other(end) / per_count)
        };
        Safe {
            value: value / per_count,
            numbers: [end(low, &down), end(high, &up), level, None, None],
            distribution: "as written",
            is_withheld,
            counts: vec![count, row.value],
        }
    }

    fn put(&self, row: &mut ParameterRow) {
        row.value = self.value;
        row.numbers = self.numbers;
        if self.distribution != "as written" {
            row.set_text("distribution", self.distribution.to_owned());
        }
        for column in ["population", "source", "note"] {
            let words = without(row.text(column), &self.counts);
            row.set_text(column, words);
        }
        let told = match self.is_withheld {
            true => "Local count, withheld [c]: the middle of what it may have been stands here.",
            false => "Local count, rounded.",
        };
        let note = format!("{} {told}", row.text("note"));
        row.set_text("note", note.trim_start().to_owned());
    }
}

fn two_digits(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

/// Words without these numbers.
fn without(words: &str, numbers: &[f64]) -> String {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let mut text = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let end = rest[start..]
            .find(|c| !is_part(c))
            .map_or(rest.len(), |end| start + end);
        let run = rest[start..end].trim_end_matches(['.', ',']);
        let number: Option<f64> = run.replace(',', "").parse().ok();
        let is_one = number.is_some_and(|number| numbers.contains(&number));
        text += &rest[..start];
        text += if is_one { MARK } else { run };
        rest = &rest[start + run.len()..];
    }
    text + rest
}

fn protect_recorded(
    documents: &mut Documents,
    rule: Option<Rule>,
    is_local: &impl Fn(At) -> bool,
    touched: &mut Touched,
) {
    let rows = std::mem::take(&mut documents.recorded);
    let (local, mut open): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| {
        is_local(row.at)
            && !is_money_or_places(&row.unit)
            && !row.value.is_nan()
            && !published::has_recorded(row)
    });
    let Some(rule) = rule else {
        for row in &local {
            touched.add(row.at, false, Vec::new());
        }
        open.extend(local);
        open.sort_by_key(|row| row.at);
        documents.recorded = open;
        return;
    };
    let withheld = withheld(&local, rule);
    for (mut row, is_withheld) in local.into_iter().zip(withheld) {
        if is_withheld {
            touched.add(
                row.at,
                true,
                vec![("value", MARK.to_owned()), ("n", MARK.to_owned())],
            );
            documents.disclosure.withheld.push(Withheld {
                measure: row.measure,
                breakdown: row.breakdown,
                area_code: row.area,
                period: row.period,
            });
            continue;
        }
        let n = row.n.map(|n| rule.rounded(n));
        row.value = match (row.n, of_people(&row.unit)) {
            (_, Of::Count) => rule.rounded(row.value),
            (Some(people), Of::Share(scale)) => {
                let (events, whole, _) = rule.share(row.value * scale * people, people);
                events / whole / scale
            }
            _ => row.value,
        };
        row.precision = format!("rounded to {}", rule.round_to);
        let n_cell = n.map_or(String::new(), |n| n.to_string());
        touched.add(
            row.at,
            false,
            vec![("value", row.value.to_string()), ("n", n_cell)],
        );
        row.n = n;
        open.push(row);
    }
    open.sort_by_key(|row| row.at);
    documents.recorded = open;
}

/// Which rows are withheld. Where only one of a measure and a period is, the smallest other one is too, because a whole
/// that is published elsewhere would give it by subtraction.
fn withheld(rows: &[RecordedRow], rule: Rule) -> Vec<bool> {
    let is_small = |row: &RecordedRow| match (of_people(&row.unit), row.n) {
        (Of::Count, _) => rule.is_small(row.value),
        // Of how many people it is nobody says, so nobody knows whether they are few.
        (_, None) => true,
        (Of::Share(scale), Some(n)) => rule.share(row.value * scale * n, n).2,
        (Of::Other, Some(n)) => n < rule.below,
    };
    let mut withheld: Vec<bool> = rows.iter().map(is_small).collect();
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        if of_people(&row.unit) == Of::Count && row.value > 0.0 {
            groups
                .entry((&row.measure, &row.period))
                .or_default()
                .push(index);
        }
    }
    for group in groups.values() {
        let (hidden, seen): (Vec<usize>, Vec<usize>) = group.iter().partition(|i| withheld[**i]);
        let smallest = seen
            .into_iter()
            .min_by(|a, b| rows[*a].value.total_cmp(&rows[*b].value));
        if let (1, Some(smallest)) = (hidden.len(), smallest) {
            withheld[smallest] = true;
        }
    }
    withheld
}

/// What a recorded figure is of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Of {
    /// People or things that happened to them, counted.
    Count,
    /// A share of people, as so many times a share from 0 to 1.
    Share(f64),
    /// A rate or a mean.
    Other,
}

fn of_people(unit: &str) -> Of {
    let unit = unit.to_lowercase();
    let has = |word: &str| {
        unit.split(|c: char| !c.is_alphanumeric())
            .any(|part| part == word)
    };
    match unit.as_str() {
        "percent" | "percentage" | "%" => Of::Share(0.01),
        "share" | "proportion" => Of::Share(1.0),
        _ if [
            "per", "rate", "ratio", "index", "mean", "average", "days", "months", "years",
        ]
        .into_iter()
        .any(has) =>
        {
            Of::Other
        }
        _ => Of::Count,
    }
}

/// Money and places are nobody's record.
fn is_money_or_places(unit: &str) -> bool {
    unit.starts_with("GBP") || matches!(unit, "places" | "beds" | "staff")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_do_not_repeat_the_count() {
        let said = without(
            "3 of 140 people, table 31 of 2023; 1,403 asked.",
            &[3.0, 140.0, 1403.0],
        );
        assert_eq!(said, "[c] of [c] people, table 31 of 2023; [c] asked.");
        assert_eq!(without("see 3.", &[3.0]), "see [c].");
        assert_eq!(without("", &[3.0]), "");
    }

    #[test]
    fn units_say_what_is_counted() {
        assert_eq!(of_people("people"), Of::Count);
        assert_eq!(of_people("orders"), Of::Count);
        assert_eq!(of_people("percent"), Of::Share(0.01));
        assert_eq!(of_people("per 1,000 population"), Of::Other);
        assert_eq!(of_people("reconvictions per person"), Of::Other);
        assert_eq!(of_people("days"), Of::Other);
        assert!(is_money_or_places("GBP thousand") && !is_money_or_places("people"));
    }
}

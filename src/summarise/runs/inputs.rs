//! What changed in what went in: how the runs were asked, their files, and every number.

use std::collections::{BTreeMap, BTreeSet};

use super::plain_name;
use crate::document::{ASSUMED, ResultFolder};

/// Something of the runs as a whole that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// What, for people.
    pub what: &'static str,
    /// What the first run has.
    pub a: String,
    /// What the second has.
    pub b: String,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// As the user names it.
    pub name: String,
    /// Its hash in the first run; `None` where it was not read.
    pub a: Option<String>,
    /// Its hash in the second.
    pub b: Option<String>,
}

/// One number that went in and differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ParameterChange {
    /// Id, keys and the month from which it holds.
    pub key: [String; 3],
    /// What differs: columns of the assumptions; none where the number stands in one run alone.
    pub fields: Vec<&'static str>,
    /// The columns of [`ASSUMED`] in the first run; `None` where it has no such number.
    pub a: Option<[String; ASSUMED.len()]>,
    /// In the second.
    pub b: Option<[String; ASSUMED.len()]>,
    /// The share of the leading result's variance that is traced to it in either run; 0 where that is not known.
    pub weight: f64,
    /// By how much the value changed: the logarithm of the ratio, or the difference where one is 0.
    pub size: f64,
}

/// What is compared of a number: all but what it is worth to the answer, which is no input.
const N_FIELDS: usize = ASSUMED.len() - 1;

pub(super) fn settings(a: &ResultFolder, b: &ResultFolder) -> Vec<Setting> {
    let number = |number: Option<u64>| number.map_or(String::new(), |number| number.to_string());
    let said = |run: &ResultFolder| {
        let (manifest, asked) = (&run.manifest, &run.manifest.asked);
        let part = |part: usize| {
            let mut seen = BTreeSet::new();
            let values = run.forecast.iter().map(|row| row.key[part].as_str());
            let values: Vec<&str> = values.filter(|value| seen.insert(*value)).collect();
            values.join(", ")
        };
        let years = part(4);
        let years: Vec<&str> = years.split(", ").collect();
        let ends = [years.first(), years.last()].map(|year| year.copied().unwrap_or_default());
        vec![
            ("title", manifest.title.clone()),
            ("version", manifest.version.clone()),
            ("commit", manifest.commit.clone()),
            ("engine", manifest.engine.clone()),
            ("seed", number(manifest.seed)),
            ("draws", number(manifest.draws)),
            ("first month of the forecast", asked.start.clone()),
            ("years", format!("{} to {}", ends[0], ends[1])),
            ("areas", part(1)),
            ("options", part(0)),
            ("comparator", asked.comparator.clone()),
            (
                "price year",
                manifest.price_year.clone().unwrap_or_default(),
            ),
            (
                "discounting",
                manifest.discounting.clone().unwrap_or_default(),
            ),
        ]
    };
    let pairs = said(a).into_iter().zip(said(b));
    let differ = pairs.filter(|((_, a), (_, b))| a != b);
    differ
        .map(|((what, a), (_, b))| Setting { what, a, b })
        .collect()
}

pub(super) fn files(a: &ResultFolder, b: &ResultFolder) -> Vec<FileChange> {
    let hashes = |run: &ResultFolder| -> BTreeMap<String, String> {
        let inputs = run.manifest.inputs.iter().enumerate();
        inputs
            .map(|(index, input)| {
                // The scenario is the first file, whatever it is called.
                let name = match index {
                    0 => "the scenario".to_owned(),
                    _ => plain_name(&input.name).to_owned(),
                };
                (name, input.sha256.clone())
            })
            .collect()
    };
    let (ours, theirs) = (hashes(a), hashes(b));
    let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    names
        .into_iter()
        .map(|name| FileChange {
            name: name.clone(),
            a: ours.get(name).cloned(),
            b: theirs.get(name).cloned(),
        })
        .filter(|change| change.a != change.b)
        .collect()
}

pub(super) fn parameters(a: &ResultFolder, b: &ResultFolder) -> (Vec<ParameterChange>, usize) {
    let keys: BTreeSet<&[String; 3]> = a.assumptions.keys().chain(b.assumptions.keys()).collect();
    let (mut changes, mut n_both) = (Vec::new(), 0);
    for key in keys {
        let (ours, theirs) = (a.assumptions.get(key), b.assumptions.get(key));
        n_both += usize::from(ours.is_some() && theirs.is_some());
        let fields: Vec<&'static str> = match (ours, theirs) {
            (Some(ours), Some(theirs)) => (0..N_FIELDS)
                .filter(|at| ours[*at] != theirs[*at])
                .map(|at| ASSUMED[at])
                .collect(),
            _ => Vec::new(),
        };
        if ours.is_some() && theirs.is_some() && fields.is_empty() {
            continue;
        }
        let number = |cells: Option<&[String; ASSUMED.len()]>, at: usize| {
            cells.and_then(|cells| cells[at].parse::<f64>().ok())
        };
        let weights = [number(ours, N_FIELDS), number(theirs, N_FIELDS)];
        let size = match (number(ours, 0), number(theirs, 0)) {
            (Some(a), Some(b)) if a > 0.0 && b > 0.0 => (b / a).ln().abs(),
            (a, b) => (b.unwrap_or(0.0) - a.unwrap_or(0.0)).abs(),
        };
        changes.push(ParameterChange {
            key: key.clone(),
            fields,
            a: ours.cloned(),
            b: theirs.cloned(),
            weight: weights.into_iter().flatten().fold(0.0, f64::max),
            size,
        });
    }
    changes.sort_by(|a, b| {
        let by = |of: fn(&ParameterChange) -> f64| of(b).total_cmp(&of(a));
        by(|change| change.weight)
            .then(by(|change| change.size))
            .then_with(|| a.key.cmp(&b.key))
    });
    (changes, n_both)
}

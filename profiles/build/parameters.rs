//! Writes the parameter tables of the Scottish model that are arithmetic on published tables.
//!
//! [`accounts`] brings what the courts, the prisons and social work count to the flows between the states of the
//! model, year by year; the modules after it write one table each. Tables made by hand (needs, services, effects,
//! costs) lie beside these and are not touched.

mod accounts;
mod ahead;
mod cell;
mod community;
mod courts;
mod custody;
mod fitted;
mod inflow;
mod opening;
mod people;
mod places;
mod priors;
mod published;
mod reconviction;
mod sheet;
mod sources;
mod strata;
mod weights;

use accounts::Account;
use cell::Cell;
use courts::Outside;
use people::People;
use priors::Priors;
use published::Published;
use std::path::Path;
use strata::Groups;

pub use published::FILES;

/// Everything that the tables are made from.
struct Evidence {
    published: Published,
    outside: Outside,
    people: People,
    priors: Priors,
    /// People convicted within the definition, by sex and age, 2021-22 and 2022-23 together.
    convicted: Groups,
    accounts: Vec<Account>,
    councils: Vec<(String, String)>,
}

/// Reads the published tables in `folder` and writes the parameter tables to `out`.
pub fn write_parameters(folder: &Path, out: &Path) -> Result<(), String> {
    std::fs::create_dir_all(out).map_err(|e| format!("{}: {e}", out.display()))?;
    let evidence = Evidence::read(folder)?;
    let tables: [(&str, Vec<Cell>); 8] = [
        ("fitted.csv", fitted::cells(&evidence)?),
        ("inflow.csv", inflow::cells(&evidence)?),
        ("custody.csv", custody::cells(&evidence)?),
        ("community.csv", community::cells(&evidence)?),
        ("reconviction.csv", reconviction::cells(folder, &evidence)?),
        ("opening.csv", opening::cells(&evidence)?),
        ("weights.csv", weights::cells(&evidence)?),
        ("places.csv", places::cells(&evidence)?),
    ];
    for (file, cells) in tables {
        cell::write(out, file, &cells)?;
    }
    let model = out.parent().unwrap_or(out);
    weights::write_deflators(&evidence, model)
}

impl Evidence {
    fn read(folder: &Path) -> Result<Self, String> {
        let published = Published::read(folder)?;
        let outside = Outside::read(folder)?;
        let mut convicted = [[0.0; 5]; 2];
        for year in strata::LAST - 2..strata::LAST {
            let all = courts::convicted(&published, year)?;
            for (sex, age) in strata::groups() {
                convicted[sex][age] += all[sex][age] * (1.0 - outside.people[sex][age]);
            }
        }
        let priors = Priors::read(folder, &published, &convicted)?;
        let returned: f64 = strata::groups()
            .map(|(sex, age)| convicted[sex][age] * priors.followed[sex][age])
            .sum();
        let followed = returned / strata::total(&convicted);
        let accounts = accounts::read(&published, &outside, &priors, followed)?;
        let councils = published
            .below("councils/S12")
            .filter_map(|(rest, _)| Some(format!("S12{}", rest.split('/').next()?)))
            .collect::<std::collections::BTreeSet<_>>();
        Ok(Self {
            people: People::read(folder)?,
            councils: names(folder, &councils)?,
            published,
            outside,
            priors,
            convicted,
            accounts,
        })
    }
}

/// The councils by code and name, in order of code.
fn names(
    folder: &Path,
    codes: &std::collections::BTreeSet<String>,
) -> Result<Vec<(String, String)>, String> {
    let mut named = Vec::new();
    for row in crate::table::read_table(folder, "council_areas.csv", &["area_code", "area_name"])? {
        let (code, name) = (row.text("area_code")?, row.text("area_name")?);
        if codes.contains(code) {
            named.push((code.to_owned(), name.to_owned()));
        }
    }
    named.sort();
    match named.len() {
        32 => Ok(named),
        n => Err(format!("{n} councils have prison arrivals, not 32")),
    }
}

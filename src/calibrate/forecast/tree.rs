//! A panel as a tree of rates: the total, each stratum's share in it, each area's share in its stratum.

use crate::compile::{BreakKind, Panel};

/// What is seen at one place of the tree: the mean of a value is its exposure times the rate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Branch {
    /// By which its luck is addressed.
    pub name: String,
    /// One per period, in the unit of the filter; NaN where too little is recorded.
    pub values: Vec<f64>,
    /// One per period, above 0.
    pub exposures: Vec<f64>,
    /// One per period.
    pub breaks: Vec<Option<BreakKind>>,
}

/// The tree of a panel.
pub(super) struct Tree {
    /// The total, or the only strand.
    pub root: Branch,
    /// Strata, where there are several of them and several areas; their rates are relative to the total's.
    pub groups: Vec<Branch>,
    /// One per strand, its rate relative to that of its group or of the total. Where a panel has one strand, it is the
    /// root.
    pub leaves: Vec<Branch>,
    /// For every strand, its group.
    pub group_of: Vec<Option<usize>>,
    /// Whether a strand is itself the sum of the others, such as a country among its areas: it stands for them in
    /// every total.
    pub is_whole: Vec<bool>,
}

/// What stands for nought where a rate needs something to be set against.
const LEAST: f64 = 0.5;

impl Tree {
    /// The tree of values (by strand and period, in the unit of the filter) set against exposures, where there are any;
    /// of every strand whether it is a whole ([`wholes`]).
    pub fn of(
        panel: &Panel,
        values: &[Vec<f64>],
        exposures: Option<&[Vec<f64>]>,
        is_whole: Vec<bool>,
    ) -> Tree {
        let complete: Vec<Vec<f64>> = values.iter().map(|row| completed(row)).collect();
        let set_against: Option<Vec<Vec<f64>>> =
            exposures.map(|rows| rows.iter().map(|row| completed(row)).collect());
        let rows = Rows {
            values,
            complete: &complete,
            exposures: set_against.as_deref(),
        };
        let (names, group_of) = groups(panel);
        let members = |group: Option<usize>| -> Vec<usize> {
            let of_group = || (0..values.len()).filter(|&at| group_of[at] == group);
            let wholes: Vec<usize> = of_group().filter(|&at| is_whole[at]).collect();
            if wholes.is_empty() {
                of_group().collect()
            } else {
                wholes
            }
        };
        let whole = match names.len() {
            0 => rows.sum(&members(None)),
            n => rows.sum(
                &(0..n)
                    .flat_map(|group| members(Some(group)))
                    .collect::<Vec<_>>(),
            ),
        };
        let of_root = whole.exposures.clone();
        let root = Branch {
            name: String::new(),
            values: whole.recorded.clone(),
            exposures: of_root.unwrap_or_else(|| vec![1.0; panel.periods.len()]),
            breaks: declared(panel, None),
        };
        let sums: Vec<Sum> = (0..names.len())
            .map(|group| rows.sum(&members(Some(group))))
            .collect();
        let branch = |name: String, of: &Sum, within: &Sum, breaks| Branch {
            name,
            values: of.recorded.clone(),
            exposures: of.expected_within(within),
            breaks,
        };
        let calm = vec![None; panel.periods.len()];
        let leaves = panel.strands.iter().enumerate().map(|(at, strand)| {
            let parent = group_of[at].map_or(&whole, |group| &sums[group]);
            branch(
                format!("{};{}", strand.area_code, strand.stratum),
                &rows.sum(&[at]),
                parent,
                declared(panel, Some(&strand.area_code)),
            )
        });
        Tree {
            root,
            leaves: leaves.collect(),
            groups: names
                .iter()
                .zip(&sums)
                .map(|(name, sum)| branch((*name).to_owned(), sum, &whole, calm.clone()))
                .collect(),
            group_of,
            is_whole,
        }
    }
}

/// What is recorded of every strand.
struct Rows<'a> {
    values: &'a [Vec<f64>],
    complete: &'a [Vec<f64>],
    exposures: Option<&'a [Vec<f64>]>,
}

/// A sum over strands.
struct Sum {
    /// NaN where more than half of it would be guessed.
    recorded: Vec<f64>,
    /// With guesses for what is missing.
    complete: Vec<f64>,
    exposures: Option<Vec<f64>>,
}

impl Rows<'_> {
    fn sum(&self, members: &[usize]) -> Sum {
        let n_periods = self.values.first().map_or(0, Vec::len);
        let over = |rows: &[Vec<f64>], period: usize| -> f64 {
            members.iter().map(|&at| rows[at][period]).sum()
        };
        let complete: Vec<f64> = (0..n_periods)
            .map(|period| over(self.complete, period))
            .collect();
        let recorded = (0..n_periods).map(|period| {
            let known = members.iter().map(|&at| self.values[at][period]);
            let known: Vec<f64> = known.filter(|value| !value.is_nan()).collect();
            let sum: f64 = known.iter().sum();
            if known.is_empty() || sum < 0.5 * complete[period] {
                f64::NAN
            } else {
                complete[period]
            }
        });
        let mut exposures = self.exposures.map(|rows| {
            let sums = (0..n_periods).map(|period| over(rows, period));
            sums.collect::<Vec<f64>>()
        });
        let mut recorded: Vec<f64> = recorded.collect();
        for (value, exposure) in recorded.iter_mut().zip(exposures.iter_mut().flatten()) {
            // Where nobody is exposed nothing can be seen, and nothing is learnt.
            if *exposure <= 0.0 {
                (*value, *exposure) = (f64::NAN, 1.0);
            }
        }
        Sum {
            recorded,
            complete,
            exposures,
        }
    }
}

impl Sum {
    /// What this part of a whole would be if its rate were the whole's; without exposures, the whole itself, so that
    /// the rate is a share.
    fn expected_within(&self, whole: &Sum) -> Vec<f64> {
        let of_whole = whole.complete.iter().enumerate();
        of_whole
            .map(|(period, value)| {
                let share = match (&self.exposures, &whole.exposures) {
                    (Some(part), Some(all)) => part[period] / all[period],
                    _ => 1.0,
                };
                value.max(LEAST) * share
            })
            .collect()
    }
}

/// A row in which what is missing is guessed to be as before, or as after where nothing came before; noughts where
/// nothing is recorded at all.
fn completed(row: &[f64]) -> Vec<f64> {
    let first = row.iter().copied().find(|value| !value.is_nan());
    let mut last = first.unwrap_or(0.0);
    let carried = row.iter().map(|&value| {
        if !value.is_nan() {
            last = value;
        }
        last
    });
    carried.collect()
}

/// The strata, where both areas and strata are several, and which of them each strand belongs to.
fn groups(panel: &Panel) -> (Vec<&str>, Vec<Option<usize>>) {
    let distinct = |of: &dyn Fn(usize) -> usize| {
        let mut all: Vec<usize> = (0..panel.strands.len()).map(of).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    let strata = strata(panel);
    let group_of = |at: usize| strata.binary_search(&panel.strands[at].stratum.as_str());
    let first_of_area = |at: usize| {
        let of_area = |s: &crate::compile::Strand| s.area_code == panel.strands[at].area_code;
        panel.strands.iter().position(of_area).unwrap_or(at)
    };
    if strata.len() < 2 || distinct(&first_of_area) < 2 {
        return (Vec::new(), vec![None; panel.strands.len()]);
    }
    let of_all = (0..panel.strands.len()).map(|at| group_of(at).ok());
    let of_all = of_all.collect();
    (strata, of_all)
}

/// The strata, in order.
pub(super) fn strata(panel: &Panel) -> Vec<&str> {
    let mut strata: Vec<&str> = panel.strands.iter().map(|s| s.stratum.as_str()).collect();
    strata.sort_unstable();
    strata.dedup();
    strata
}

/// Which strands are the sum of all others of their stratum in every period in which all are recorded, to within 2%,
/// and have at least two others and two such periods. Periods before the first in which anything is counted say nothing.
pub(super) fn wholes(panel: &Panel, values: &[Vec<f64>]) -> Vec<bool> {
    let is_whole = |at: usize| {
        let stratum = &panel.strands[at].stratum;
        let is_other = |other: &usize| {
            *other != at && (panel.strands[*other].stratum == *stratum || is_one_area(panel))
        };
        let others: Vec<usize> = (0..values.len()).filter(is_other).collect();
        let sums = (0..panel.periods.len()).map(|period| {
            let sum: f64 = others.iter().map(|&other| values[other][period]).sum();
            (values[at][period], sum)
        });
        let known = sums.filter(|(own, sum)| !(own + sum).is_nan());
        let known: Vec<(f64, f64)> = known.skip_while(|(own, sum)| own + sum == 0.0).collect();
        let agree = |(own, sum): &(f64, f64)| (own - sum).abs() <= 0.02 * own && *own > 0.0;
        others.len() >= 2 && known.len() >= 2 && known.iter().all(agree)
    };
    (0..values.len()).map(is_whole).collect()
}

fn is_one_area(panel: &Panel) -> bool {
    let codes = panel.strands.windows(2);
    codes
        .into_iter()
        .all(|pair| pair[0].area_code == pair[1].area_code)
}

/// What was declared of every period: of all areas, or of one alone. A panel of one strand has both.
fn declared(panel: &Panel, area: Option<&str>) -> Vec<Option<BreakKind>> {
    let is_lone = panel.strands.len() == 1;
    let mut declared = vec![None; panel.periods.len()];
    for found in &panel.breaks {
        let is_here = match (&found.area_code, area) {
            (None, None) => true,
            (Some(code), Some(area)) => code == area,
            (Some(code), None) => is_lone && *code == panel.strands[0].area_code,
            (None, Some(_)) => false,
        };
        if !is_here {
            continue;
        }
        let last = match found.kind {
            BreakKind::Disrupted | BreakKind::Ending => found.to,
            BreakKind::Level => found.from,
        };
        for period in found.from..=last.min(declared.len() - 1) {
            // What changes the level for good says more than what disturbs a period.
            declared[period] = declared[period].max(Some(found.kind));
        }
    }
    declared
}

#[cfg(test)]
mod tests;

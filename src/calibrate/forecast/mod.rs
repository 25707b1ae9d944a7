//! The method of our own: what a panel's history says of its next periods.
//!
//! A panel is a tree: the total, each stratum's share in it, each area's share in its stratum. Every rate on it is a
//! local level with a damped slope on the logarithmic scale, seen through quasi-Poisson noise, with rare jumps, turns
//! and outliers (`filter`). How much rates move is not estimated once but weighed over a grid of settings, whose
//! frequencies the rates of one kind share (`settings`, `weights`): areas borrow strength, and few years do not
//! pretend to know. Futures are paths of every rate with luck by address (`futures`, `luck`), multiplied along the
//! tree, so that what moves all areas moves them together; noise comes last.

mod belief;
mod filter;
mod futures;
mod luck;
mod noise;
mod onset;
mod season;
mod settings;
mod tree;
mod weighed;
mod weights;

use super::Predictive;
use crate::compile::{Panel, Strand};
use crate::quantity::Cadence;
use crate::random::Key;
use filter::Seen;
use futures::{Futures, Kind};
use luck::{Luck, N_FUTURES};
use noise::Noise;
pub(super) use season::Effect;
use settings::Law;
use tree::{Branch, Tree, wholes};

/// What is forecast of each strand (outer) and each of the next `horizons` periods (inner): a thousand futures, sorted.
///
/// It sees nothing but the panel, which ends with the last period that was over. Where all strands have exposures,
/// rates are forecast and multiplied by exposures: those that the panel already knows of later periods, otherwise such
/// as are forecast of them in the same way. A strand without any recorded value gets nought.
///
/// Strands that are hardly recorded are forecast by themselves, and so is each that has been silent for long: in the
/// totals of the others they would be nothing but guesses. Noughts of the time before something began ([`onset`]) are no
/// record.
pub fn forecast(known: &Panel, horizons: usize) -> Vec<Vec<Predictive>> {
    let mut is_whole = vec![false; known.strands.len()];
    for members in parts(known) {
        let part = part(known, &members);
        for (at, found) in members.iter().zip(wholes(&part, &values_of(&part))) {
            is_whole[*at] = found;
        }
    }
    let known = begun(known, &is_whole);
    let mut all: Vec<Option<Vec<Predictive>>> = vec![None; known.strands.len()];
    for members in parts(&known) {
        // That a council begins later does not take its country from it.
        let of_part: Vec<bool> = members.iter().map(|&at| is_whole[at]).collect();
        let futures = forecast_together(&part(&known, &members), &of_part, horizons);
        for (at, futures) in members.iter().zip(futures) {
            all[*at] = Some(futures);
        }
    }
    all.into_iter().flatten().collect()
}

/// The strands that are forecast together.
fn parts(known: &Panel) -> Vec<Vec<usize>> {
    let all: Vec<usize> = (0..known.strands.len()).collect();
    if known.periods.len() < 2 * FEWEST_RECORDED {
        return vec![all];
    }
    let of_kind = |kind: Standing| -> Vec<usize> {
        let is_it = |at: &usize| standing(&known.strands[*at]) == kind;
        all.iter().copied().filter(is_it).collect()
    };
    let together = of_kind(Standing::OfTheWhole);
    if together.is_empty() {
        return vec![all];
    }
    let silent = of_kind(Standing::Silent).into_iter().map(|at| vec![at]);
    let parts = silent.chain([together, of_kind(Standing::HardlyRecorded)]);
    parts.filter(|members| !members.is_empty()).collect()
}

fn part(known: &Panel, members: &[usize]) -> Panel {
    let strands = members.iter().map(|&at| known.strands[at].clone());
    Panel {
        strands: strands.collect(),
        ..known.clone()
    }
}

/// The panel without noughts of the time before something began.
fn begun(known: &Panel, is_whole: &[bool]) -> Panel {
    let unit = unit(&values_of(known), known.is_count);
    let mut panel = known.clone();
    let values = onset::begun(known, is_whole, unit);
    for (strand, values) in panel.strands.iter_mut().zip(values) {
        strand.values = values;
    }
    panel
}

fn values_of(panel: &Panel) -> Vec<Vec<f64>> {
    panel.strands.iter().map(|s| s.values.clone()).collect()
}

/// Fewer recorded values than this say nothing of how a strand moves with the others.
const FEWEST_RECORDED: usize = 3;

/// After so many periods without a record a strand is no part of the whole any more.
const LONGEST_SILENCE: usize = 5;

/// What a strand says of the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    OfTheWhole,
    HardlyRecorded,
    Silent,
}

fn standing(strand: &Strand) -> Standing {
    let n_recorded = strand.values.iter().filter(|value| !value.is_nan()).count();
    let silent = strand
        .values
        .iter()
        .rev()
        .take_while(|value| value.is_nan());
    if n_recorded < FEWEST_RECORDED {
        Standing::HardlyRecorded
    } else if silent.count() >= LONGEST_SILENCE {
        Standing::Silent
    } else {
        Standing::OfTheWhole
    }
}

fn forecast_together(known: &Panel, is_whole: &[bool], horizons: usize) -> Vec<Vec<Predictive>> {
    let luck = Luck::new();
    let exposures: Option<Vec<Vec<f64>>> = known
        .strands
        .iter()
        .map(|strand| strand.exposure.clone())
        .collect();
    let key = Key::new(0).named(&known.series);
    let method = Method {
        panel: known,
        horizons,
        luck: &luck,
    };
    let rows = Rows {
        values: &values_of(known),
        is_count: known.is_count,
        is_whole,
    };
    let futures = match &exposures {
        None => method.futures(&rows, None, key),
        Some(exposures) => {
            let ahead = method.exposures_ahead(exposures, key.named("exposure"));
            method.futures(&rows, Some((exposures, &ahead)), key)
        }
    };
    let sorted = |mut sample: Vec<f64>| {
        sample.sort_by(f64::total_cmp);
        Predictive::Sample(sample)
    };
    futures
        .into_iter()
        .map(|strand| strand.into_iter().map(sorted).collect())
        .collect()
}

/// What a rate is expected to be in one later period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateAhead {
    /// The median.
    pub median: f64,
    /// The lower end of the 95% interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The rate of each strand (outer) in each of the next `horizons` periods (inner), values over exposures, without the
/// noise of what is recorded. All strands have exposures. With `is_share`, what moves the total is left out, and only
/// what moves a strand within it is forecast: the total stays as it is in the last period.
///
/// No rate has a slope here. What [`forecast`] makes of slopes is judged over three periods; a rate set against what it
/// depends on has no reason to go on rising, and over fifteen years a slope says that it may be anything.
pub fn rates_ahead(known: &Panel, horizons: usize, is_share: bool) -> Vec<Vec<RateAhead>> {
    let luck = Luck::new();
    let is_whole = wholes(known, &values_of(known));
    let known = begun(known, &is_whole);
    let method = Method {
        panel: &known,
        horizons,
        luck: &luck,
    };
    let values = values_of(&known);
    let exposures = known.strands.iter().map(|s| s.exposure.clone());
    let exposures: Vec<Vec<f64>> = exposures.map(Option::unwrap_or_default).collect();
    let tree = Tree::of(&known, &values, Some(&exposures), is_whole);
    let key = Key::new(0).named(&known.series);
    let root = method
        .of_kind(
            &Law::STRAND,
            std::slice::from_ref(&tree.root),
            key.named("root"),
        )
        .remove(0);
    let leaves = match tree.leaves.len() {
        1 => Vec::new(),
        _ => method.of_kind(&Law::STRAND, &tree.leaves, key.named("strand")),
    };
    let last = |row: &[f64]| {
        row.iter()
            .rfind(|value| !value.is_nan())
            .copied()
            .unwrap_or(1.0)
    };
    let now = (last(&tree.root.values) / last(&tree.root.exposures)).ln();
    let of_strand = |at: usize| {
        let ahead = |ahead: usize| {
            let log = |future: usize| {
                let of_root = if is_share {
                    now
                } else {
                    root.logs[ahead][future]
                };
                of_root + leaves.get(at).map_or(0.0, |leaf| leaf.logs[ahead][future])
            };
            let mut rates: Vec<f64> = (0..N_FUTURES).map(|future| log(future).exp()).collect();
            rates.sort_by(f64::total_cmp);
            let rates = Predictive::Sample(rates);
            RateAhead {
                median: rates.median(),
                low: rates.quantile(0.025),
                high: rates.quantile(0.975),
            }
        };
        (0..horizons).map(ahead).collect()
    };
    (0..values.len()).map(of_strand).collect()
}

/// What is believed of each of twelve months in a row, the first of `values` and those after it, where a record of counts
/// by month (NaN where there is none) makes it likely that their rates differ. A month's mean is its rate times its
/// exposure, which is above 0.
pub(super) fn monthly_season(values: &[f64], exposures: &[f64]) -> Option<Vec<Effect>> {
    let seen = Seen {
        values,
        exposures,
        breaks: &vec![None; values.len()],
        cadence: Cadence::Month,
    };
    let kind = Kind {
        law: &Law::ROOT,
        cadence: Cadence::Month,
        horizons: 0,
        luck: &Luck::new(),
    };
    kind.season(&seen)
}

/// By strand, period ahead and future.
type Sample = Vec<Vec<Vec<f64>>>;

struct Method<'a> {
    panel: &'a Panel,
    horizons: usize,
    luck: &'a Luck,
}

/// How many units of the filter the median of values that are not counts is.
const AMOUNT: f64 = 10_000.0;

/// What is recorded of every strand.
struct Rows<'a> {
    values: &'a [Vec<f64>],
    is_count: bool,
    is_whole: &'a [bool],
}

impl Method<'_> {
    /// Futures of values, in their own unit.
    fn futures(&self, rows: &Rows, exposures: Option<(&[Vec<f64>], &Sample)>, key: Key) -> Sample {
        let (values, is_count) = (rows.values, rows.is_count);
        let unit = unit(values, is_count);
        let in_units: Vec<Vec<f64>> = values
            .iter()
            .map(|row| row.iter().map(|value| value / unit).collect())
            .collect();
        let [of_root, of_groups, of_leaves] =
            [Law::ROOT, Law::GROUP, Law::STRAND].map(|law| match is_count {
                true => law,
                false => law.of_amounts(),
            });
        let past = exposures.map(|(past, _)| past);
        let tree = Tree::of(self.panel, &in_units, past, rows.is_whole.to_vec());
        let root = self
            .of_kind(
                &of_root,
                std::slice::from_ref(&tree.root),
                key.named("root"),
            )
            .remove(0);
        let groups = self.of_kind(&of_groups, &tree.groups, key.named("group"));
        let leaves = match tree.leaves.len() {
            1 => Vec::new(),
            _ => self.of_kind(&of_leaves, &tree.leaves, key.named("strand")),
        };
        let of_strand = |at: usize| {
            let group = tree.group_of[at].map(|group| &groups[group]);
            let leaf = leaves.get(at).filter(|_| !tree.is_whole[at]);
            let parts: Vec<&Futures> = [Some(&root), group, leaf].into_iter().flatten().collect();
            let dispersions = parts.last().map_or(&root.dispersions, |of| &of.dispersions);
            let key = key.named("noise").named(&tree.leaves[at].name);
            let ahead = |ahead: usize| {
                let noise = Noise::of(self.luck, key.with(ahead as u64));
                let one = |future: usize| {
                    let log: f64 = parts.iter().map(|part| part.logs[ahead][future]).sum();
                    let against = exposures.map_or(1.0, |(_, of)| of[at][ahead][future]);
                    let mean = log.exp() * against;
                    unit * noise.about(mean, dispersions[future], future)
                };
                (0..N_FUTURES).map(one).collect()
            };
            (0..self.horizons).map(ahead).collect()
        };
        (0..values.len()).map(of_strand).collect()
    }

    /// Exposures of the next periods: as known, or as forecast.
    fn exposures_ahead(&self, exposures: &[Vec<f64>], key: Key) -> Sample {
        let n = self.panel.periods.len();
        let past: Vec<Vec<f64>> = exposures.iter().map(|row| row[..n].to_vec()).collect();
        let rows = Rows {
            values: &past,
            is_count: false,
            is_whole: &wholes(self.panel, &past),
        };
        let mut ahead = self.futures(&rows, None, key);
        for (row, futures) in exposures.iter().zip(&mut ahead) {
            for (known, futures) in row[n..].iter().zip(futures) {
                if !known.is_nan() {
                    futures.fill(*known);
                }
            }
        }
        ahead
    }

    fn of_kind(&self, law: &Law, branches: &[Branch], key: Key) -> Vec<Futures> {
        let rates: Vec<(Seen, Key)> = branches
            .iter()
            .map(|branch| (self.seen(branch), key.named(&branch.name)))
            .collect();
        self.kind(law).futures(&rates)
    }

    fn kind<'b>(&'b self, law: &'b Law) -> Kind<'b> {
        Kind {
            law,
            cadence: self.panel.cadence,
            horizons: self.horizons,
            luck: self.luck,
        }
    }

    fn seen<'b>(&self, branch: &'b Branch) -> Seen<'b> {
        Seen {
            values: &branch.values,
            exposures: &branch.exposures,
            breaks: &branch.breaks,
            cadence: self.panel.cadence,
        }
    }
}

/// In what the filter measures values: counts in ones, amounts in ten-thousandths of their median. Where one value in
/// [`SELDOM`] is nought, amounts are rates of events so rare that one more or less is most of them, and the smallest
/// above nought is about what one event is.
fn unit(values: &[Vec<f64>], is_count: bool) -> f64 {
    if is_count {
        return 1.0;
    }
    let recorded = values.iter().flatten().filter(|value| !value.is_nan());
    let mut above: Vec<f64> = recorded.clone().copied().filter(|v| *v > 0.0).collect();
    above.sort_by(f64::total_cmp);
    let (Some(least), Some(median)) = (above.first(), above.get(above.len() / 2)) else {
        return 1.0 / AMOUNT;
    };
    let n_recorded = recorded.count();
    let fine = median / AMOUNT;
    match SELDOM * (n_recorded - above.len()) < n_recorded {
        true => fine,
        false => fine.max(*least),
    }
}

/// Where fewer values than one in so many are nought, noise says how rough they are.
pub(super) const SELDOM: usize = 20;

#[cfg(test)]
mod tests;

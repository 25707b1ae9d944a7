//! The best mix if sites simply add up: a multiple-choice knapsack, solved by dynamic programming over the money
//! (Kellerer, Pferschy and Pisinger 2004, "Knapsack Problems", section 11.5). Nothing is asked of the curves: steps and
//! bends that a greedy rule would miss are no harder than straight lines.

use super::curve::Knot;
use super::lives::Places;

/// Into how many parts the money is cut.
const PARTS: usize = 4000;

/// For each of several sums of money, the places that give the most gain, one knot of each site; `None` where even the
/// cheapest knots cost more. Of equal gains the fewest places are taken. Knots of a site rise by places.
pub(super) fn best(sites: &[Vec<Knot>], sums: &[f64]) -> Vec<Option<Places>> {
    let cheapest = |knots: &Vec<Knot>| {
        knots
            .iter()
            .map(|knot| knot.cost)
            .fold(f64::INFINITY, f64::min)
    };
    let floor: f64 = sites.iter().map(cheapest).sum();
    let dearest = |knots: &Vec<Knot>| {
        knots
            .iter()
            .map(|knot| knot.cost)
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let ceiling: f64 = sites.iter().map(dearest).sum();
    // More than everything costs buys nothing more.
    let most = sums.iter().fold(0.0_f64, |most, sum| most.max(sum - floor));
    // Rounding may add up to half a part a site: where everything can be had, nothing is lost by it.
    let unit = most.min(ceiling - floor) / PARTS.saturating_sub(sites.len()).max(1) as f64;
    let parts_of = |money: f64| match money {
        money if money <= 0.0 => 0,
        money if unit > 0.0 => ((money / unit).round() as usize).min(PARTS + 1),
        _ => PARTS + 1,
    };
    let mut gains = vec![0.0_f64; PARTS + 1];
    let mut chosen: Vec<Vec<u32>> = Vec::with_capacity(sites.len());
    for knots in sites {
        let floor = cheapest(knots);
        let parts: Vec<usize> = knots
            .iter()
            .map(|knot| parts_of(knot.cost - floor))
            .collect();
        let mut next = vec![f64::NEG_INFINITY; PARTS + 1];
        let mut choice = vec![0; PARTS + 1];
        for (index, (knot, &parts)) in knots.iter().zip(&parts).enumerate() {
            for money in parts..=PARTS {
                let gain = gains[money - parts] + knot.gain;
                if gain > next[money] + ROUNDING * gain.abs().max(1.0) || index == 0 {
                    next[money] = gain;
                    choice[money] = index as u32;
                }
            }
        }
        gains = next;
        chosen.push(choice);
    }
    let places = |sum: &f64| {
        let left = sum - floor;
        (left >= -1e-9 * sum.abs().max(floor.abs()))
            .then(|| trace(sites, &chosen, &parts_of, parts_of(left).min(PARTS)))
    };
    sums.iter().map(places).collect()
}

/// A gain has to be so much more to be worth a place.
const ROUNDING: f64 = 1e-12;

/// What was chosen for each site, from the last to the first.
fn trace(
    sites: &[Vec<Knot>],
    chosen: &[Vec<u32>],
    parts_of: &dyn Fn(f64) -> usize,
    mut money: usize,
) -> Places {
    let mut places = vec![0; sites.len()];
    for (site, knots) in sites.iter().enumerate().rev() {
        let knot = knots[chosen[site][money] as usize];
        places[site] = knot.places;
        let floor = knots
            .iter()
            .map(|knot| knot.cost)
            .fold(f64::INFINITY, f64::min);
        money = money.saturating_sub(parts_of(knot.cost - floor));
    }
    places
}

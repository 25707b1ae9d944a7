//! M/M/c: the run against the exact chain of days, and the chain against Erlang C.

use needscast::draw::draw;
use needscast::simulate::{Trajectory, simulate};

/// Places, load, the share who wait and the mean number waiting, by Erlang C (recursion of Erlang B:
/// `B_k = a B_(k-1) / (k + a B_(k-1))`, `C = B / (1 - a / c (1 - B))`, `L = C a / (c - a)`).
const CASES: [(usize, f64, f64, f64); 5] = [
    (1, 0.5, 0.5, 0.5),
    (2, 1.0, 1.0 / 3.0, 1.0 / 3.0),
    (3, 2.0, 4.0 / 9.0, 8.0 / 9.0),
    (10, 6.0, 0.101_299_242_7, 0.151_948_864_0),
    (11, 10.0, 0.682_118_204_7, 6.821_182_047_0),
];

/// The mean support in the model, in days.
pub const SUPPORT_DAYS: f64 = 20.0;

fn binomial(n: usize, p: f64) -> Vec<f64> {
    let mut law = vec![0.0; n + 1];
    law[0] = 1.0;
    for _ in 0..n {
        for k in (0..=n).rev() {
            law[k] = law[k] * (1.0 - p) + if k > 0 { law[k - 1] * p } else { 0.0 };
        }
    }
    law
}

fn poisson(mean: f64, n: usize) -> Vec<f64> {
    let mut law = vec![(-mean).exp()];
    for k in 1..=n {
        law.push(law[k - 1] * mean / k as f64);
    }
    law
}

/// The share who wait and the mean number waiting in steps of a day: those in support leave with the chance `1 / days`
/// each, then places are filled, first come first served, with the day's arrivals last. The stationary law is found by
/// stepping the chain of the number present until it stands still.
pub fn chain(c: usize, a: f64, days: f64) -> (f64, f64) {
    let most = c + 160;
    let arrivals = poisson(a / days, 16);
    let ends: Vec<Vec<f64>> = (0..=c).map(|n| binomial(n, 1.0 / days)).collect();
    let mut law = poisson(a, most);
    loop {
        let mut next = vec![0.0; most + 1];
        let (mut new_waiters, mut queue) = (0.0, 0.0);
        for (present, p) in law.iter().enumerate().filter(|(_, p)| **p > 1e-18) {
            let likely = |q: &(usize, &f64)| *q.1 > 1e-14;
            for (left, q) in ends[present.min(c)].iter().enumerate().filter(likely) {
                let stayed = present - left;
                let old = stayed.saturating_sub(c) as f64;
                for (came, r) in arrivals.iter().enumerate().filter(likely) {
                    let now = (stayed + came).min(most);
                    let behind = now.saturating_sub(c) as f64;
                    next[now] += p * q * r;
                    queue += p * q * r * behind;
                    new_waiters += p * q * r * (behind - old);
                }
            }
        }
        let moved: f64 = law
            .iter()
            .zip(&next)
            .map(|(old, new)| (old - new).abs())
            .sum();
        law = next;
        if moved < 1e-11 {
            return (new_waiters / (a / days), queue);
        }
    }
}

#[test]
fn the_chain_of_days_goes_to_erlang_c_as_days_become_short() {
    for (c, a, share, waiting) in CASES.into_iter().take(4) {
        // The error of a step is of first order in it, so that two steps extrapolate to none.
        let (coarse, fine) = (chain(c, a, 100.0), chain(c, a, 200.0));
        let limit = (2.0 * fine.0 - coarse.0, 2.0 * fine.1 - coarse.1);
        assert!(
            (limit.0 - share).abs() < 2e-4,
            "{c} places: {} waits, not {share}",
            limit.0
        );
        assert!(
            (limit.1 - waiting).abs() < 5e-4,
            "{c} places: {} wait, not {waiting}",
            limit.1
        );
    }
}

/// Null: the run's stationary means are the chain's. Statistics, a draw each and draws independent: the mean number
/// waiting over years 5 to 19 less the chain's; and those who waited less the chain's share of those who started. Each
/// mean over its standard error, two in each of five areas, at alpha 1e-5 two-sided: 4.42 errors. With 500 draws an
/// error of [`SMALLEST`] of the number is caught with a power of 99% (2.33 errors more), which the test proves.
#[test]
fn the_run_is_the_chain_of_days() {
    let mut plan = super::plan("queue");
    plan.n_draws = 500;
    let out = simulate(&plan, &draw(&plan), &|| {});
    for (area, (c, a, ..)) in CASES.into_iter().enumerate() {
        let (share, waiting) = chain(c, a, SUPPORT_DAYS);
        let sum = |row: &Trajectory, measure: &str, by: &str| -> f64 {
            let series = |id| out.layout.find(id, "service=support").unwrap();
            let value = |id, year| {
                let value = row.values[out.layout.at(0, area, series(id), year)];
                if value.is_nan() {
                    0.0
                } else {
                    f64::from(value)
                }
            };
            let weight = |year| if by.is_empty() { 1.0 } else { value(by, year) };
            (5..20)
                .map(|year| value(measure, year) * weight(year))
                .sum()
        };
        let rows = || out.rows[1..].iter();
        let of_queue = rows().map(|row| sum(row, "waiting", "") / 15.0 - waiting);
        hold(&format!("{c} places, waiting"), waiting, of_queue.collect());
        let starts = rows().map(|row| sum(row, "starts", "")).sum::<f64>() / 500.0;
        let of_share = rows().map(|row| {
            (sum(row, "share_who_wait", "starts") - share * sum(row, "starts", "")) / starts
        });
        hold(
            &format!("{c} places, share who wait"),
            share,
            of_share.collect(),
        );
    }
}

/// The largest relative error that may go unseen.
const SMALLEST: f64 = 0.2;

fn hold(what: &str, exact: f64, differences: Vec<f64>) {
    let n = differences.len() as f64;
    let mean = differences.iter().sum::<f64>() / n;
    let variance = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    let z = mean / error;
    assert!(z.abs() < 4.42, "{what}: {mean} from {exact} (z = {z:.1})");
    let smallest = (4.42 + 2.33) * error / exact;
    assert!(
        smallest < SMALLEST,
        "{what}: errors below {smallest:.3} go unseen"
    );
}

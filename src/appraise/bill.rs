//! What one payer pays for one option over the forecast, in every row of the draws.

use crate::compile::Payer;

/// Present values by row, but for the plain sum.
#[derive(Debug, Clone, Default)]
pub(super) struct Bill {
    /// Whether a public budget pays.
    pub is_public: bool,
    /// Whether a statutory partner pays.
    pub is_partner: bool,
    /// What would be cash.
    pub cashable: Vec<f64>,
    /// The rest: average costs of staff and buildings that stay.
    pub other: Vec<f64>,
    /// Paid to other payers, less what is received from them: nothing over all of them.
    pub transfers: Vec<f64>,
    /// Of all this, what options cost by themselves: setting up, transitions.
    pub own: Vec<f64>,
    /// The allowance for optimism bias on what differs from the comparator; in none of the sums.
    pub optimism: Vec<f64>,
    /// The plain sum over the years, transfers among it.
    pub undiscounted: Vec<f64>,
    /// By year of the forecast, the mean over the draws of what is paid in it, transfers among it.
    pub yearly: Vec<f64>,
    /// By area; what belongs to no one area stands in none.
    pub by_area: Vec<Vec<f64>>,
}

/// Bills by option and payer; empty when nothing costs anything.
pub(super) type Bills = Vec<Vec<Bill>>;

impl Bill {
    /// An empty bill.
    pub fn nothing(payer: &Payer, (n_areas, n_years): (usize, usize), n_rows: usize) -> Bill {
        Bill {
            is_public: payer.is_public,
            is_partner: payer.is_partner,
            cashable: vec![0.0; n_rows],
            other: vec![0.0; n_rows],
            transfers: vec![0.0; n_rows],
            own: vec![0.0; n_rows],
            optimism: vec![0.0; n_rows],
            undiscounted: vec![0.0; n_rows],
            yearly: vec![0.0; n_years],
            by_area: vec![vec![0.0; n_rows]; n_areas],
        }
    }

    /// The present value of all that is paid.
    pub fn total(&self) -> Vec<f64> {
        let parts = self.cashable.iter().zip(&self.other).zip(&self.transfers);
        parts
            .map(|((cash, other), transfers)| cash + other + transfers)
            .collect()
    }

    /// The present value of what a budget would notice.
    pub fn cash(&self) -> Vec<f64> {
        let parts = self.cashable.iter().zip(&self.transfers);
        parts.map(|(cash, transfers)| cash + transfers).collect()
    }

    /// Bills of several payers as one.
    pub fn sum<'a>(bills: impl Iterator<Item = &'a Bill> + Clone) -> Bill {
        let add = |of: fn(&Bill) -> &Vec<f64>| {
            let n_rows = bills.clone().next().map_or(0, |bill| of(bill).len());
            (0..n_rows)
                .map(|row| bills.clone().map(|bill| of(bill)[row]).sum())
                .collect()
        };
        let n_areas = bills.clone().next().map_or(0, |bill| bill.by_area.len());
        let area = |area: usize| {
            let n_rows = bills
                .clone()
                .next()
                .map_or(0, |bill| bill.by_area[area].len());
            (0..n_rows)
                .map(|row| bills.clone().map(|bill| bill.by_area[area][row]).sum())
                .collect()
        };
        Bill {
            is_public: bills.clone().all(|bill| bill.is_public),
            is_partner: bills.clone().all(|bill| bill.is_partner),
            cashable: add(|bill| &bill.cashable),
            other: add(|bill| &bill.other),
            transfers: add(|bill| &bill.transfers),
            own: add(|bill| &bill.own),
            optimism: add(|bill| &bill.optimism),
            undiscounted: add(|bill| &bill.undiscounted),
            yearly: add(|bill| &bill.yearly),
            by_area: (0..n_areas).map(area).collect(),
        }
    }

    /// All public budgets together.
    pub fn public(bills: &[Bill]) -> Bill {
        Bill::sum(bills.iter().filter(|bill| bill.is_public))
    }

    /// Adds to the allowance: what is more than the comparator's turns out higher by this share, what is saved lower.
    /// The sign is that of the mean over the draws, so that chance alone calls for no allowance.
    pub fn allow_for_optimism(&mut self, share: f64, ours: &[f64], theirs: &[f64]) {
        let draws = if ours.len() > 1 { 1.. } else { 0.. };
        let pairs = || ours.iter().zip(theirs);
        let sum: f64 = pairs().skip(draws.start).map(|(a, b)| a - b).sum();
        let sign = if sum < 0.0 { -1.0 } else { 1.0 };
        for (allowance, (ours, theirs)) in self.optimism.iter_mut().zip(pairs()) {
            *allowance += share * sign * (ours - theirs);
        }
    }
}

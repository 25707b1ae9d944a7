//! Which draws mixes are chosen by and which they are judged by: two halves as alike as can be.

use super::lives::{Lives, Places, Sample};

/// The draws in another order: those that mixes are chosen by first.
pub(super) struct Halved<'a> {
    lives: &'a dyn Lives,
    /// By place in the new order, the row of the draws, from 1.
    order: Vec<usize>,
}

impl<'a> Halved<'a> {
    /// Halves so many draws by what this mix costs in each of them. Draws differ in how many people there are to serve,
    /// which moves what every mix gains and costs; of two draws that are neighbours in that, one goes to either half
    /// (matched pairs), so that luck in which draws are many people's is no part of the choice. And each half is spread
    /// so that its first draws are as mixed as all of it.
    pub fn by(lives: &'a dyn Lives, places: &Places, n_draws: usize) -> Halved<'a> {
        let rows: Vec<usize> = (1..=n_draws).collect();
        let samples = lives.live(std::slice::from_ref(places), &rows);
        let costs: Vec<f64> = samples
            .into_iter()
            .flatten()
            .map(|sample| sample.cost)
            .collect();
        Halved {
            lives,
            order: order(&costs),
        }
    }

    /// The rows of the draws at these places in the order, from 1.
    pub fn rows(&self, places: impl Iterator<Item = usize>) -> Vec<usize> {
        places
            .filter_map(|place| self.order.get(place.checked_sub(1)?).copied())
            .collect()
    }
}

impl Lives for Halved<'_> {
    fn live(&self, mixes: &[Places], rows: &[usize]) -> Vec<Vec<Sample>> {
        self.lives.live(mixes, &self.rows(rows.iter().copied()))
    }
}

/// Rows from 1, the half that is chosen by first; of an odd number the half that is held back has one more.
fn order(sizes: &[f64]) -> Vec<usize> {
    let mut ranked: Vec<usize> = (1..=sizes.len()).collect();
    ranked.sort_by(|a, b| sizes[a - 1].total_cmp(&sizes[b - 1]).then(a.cmp(b)));
    let (mut chosen_by, mut held_back) = (Vec::new(), Vec::new());
    for (index, pair) in ranked.chunks(2).enumerate() {
        match (pair, index % 2) {
            ([smaller, larger], 0) => {
                chosen_by.push(*smaller);
                held_back.push(*larger);
            }
            ([smaller, larger], _) => {
                chosen_by.push(*larger);
                held_back.push(*smaller);
            }
            (odd, _) => held_back.extend(odd),
        }
    }
    [chosen_by, held_back]
        .into_iter()
        .flat_map(spread)
        .collect()
}

/// Every beginning of the list holds of its whole range (van der Corput's order).
fn spread(ranked: Vec<usize>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..ranked.len()).collect();
    places.sort_by_key(|place| place.reverse_bits());
    places.into_iter().map(|place| ranked[place]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_alike_and_every_draw_is_in_one() {
        for n in [16_usize, 17, 24, 101] {
            // Sizes of no order, without ties.
            let size = |row: usize| ((row * 7919) % 1009) as f64;
            let sizes: Vec<f64> = (1..=n).map(size).collect();
            let order = order(&sizes);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (1..=n).collect::<Vec<_>>());
            let mean =
                |rows: &[usize]| rows.iter().map(|row| size(*row)).sum::<f64>() / rows.len() as f64;
            let (ours, theirs) = order.split_at(n / 2);
            let range = sizes.iter().fold(0.0, |most: f64, size| most.max(*size));
            let gap = (mean(ours) - mean(theirs)).abs() / range;
            assert!(gap < 0.5 / (n / 2) as f64 + 0.02, "{n}: {gap}");
            // The first eight of the half are like the half.
            let gap = (mean(&ours[..8]) - mean(ours)).abs() / range;
            assert!(gap < 0.15, "{n}: {gap}");
        }
    }

    #[test]
    fn draws_that_are_all_alike_keep_a_fixed_order() {
        assert_eq!(order(&[1.0; 4]), [1, 4, 2, 3]);
        assert_eq!(order(&[]), [] as [usize; 0]);
    }
}

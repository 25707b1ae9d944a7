//! What each of several causes adds, averaged over the orders in which they may come.

/// The Shapley value of each of `n` players: the mean, over every order in which they may join, of what a player adds to
/// those who have joined before (Shapley 1953; Shorrocks 2013, Journal of Economic Inequality 11, 99-126, for splitting
/// a change into its causes). `worth[coalition]` is the worth of the players whose bits are set; the values add up to
/// the worth of all less the worth of none.
pub(super) fn shapley(n: usize, worth: &[f64]) -> Vec<f64> {
    let factorial = |k: usize| (1..=k).map(|i| i as f64).product::<f64>();
    let weight = |size: usize| factorial(size) * factorial(n - 1 - size) / factorial(n);
    let value = |player: usize| {
        let without = (0..1usize << n).filter(|coalition| coalition >> player & 1 == 0);
        let adds = without.map(|coalition| {
            let added = worth[coalition | 1 << player] - worth[coalition];
            weight(coalition.count_ones() as usize) * added
        });
        adds.sum()
    };
    (0..n).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_three_is_split_as_by_hand() {
        // 2 people with 5 visits of 10 pounds become 3 with 4 of 20. Each factor changes first or last in two of the six
        // orders, and between the other two in one each:
        // people, (3 - 2) (5*10/3 + (4*10 + 5*20)/6 + 4*20/3) = 200/3,
        // visits, (4 - 5) (2*10/3 + (3*10 + 2*20)/6 + 3*20/3) = -115/3,
        // price, (20 - 10) (2*5/3 + (3*5 + 2*4)/6 + 3*4/3) = 335/3.
        let (old, new) = ([2.0, 5.0, 10.0], [3.0, 4.0, 20.0]);
        let worth: Vec<f64> = (0..8)
            .map(|coalition: usize| {
                let factor = |i: usize| [old[i], new[i]][coalition >> i & 1];
                (0..3).map(factor).product()
            })
            .collect();
        let parts = shapley(3, &worth);
        for (part, by_hand) in parts.iter().zip([200.0 / 3.0, -115.0 / 3.0, 335.0 / 3.0]) {
            assert!((part - by_hand).abs() < 1e-12, "{part} {by_hand}");
        }
        assert!((parts.iter().sum::<f64>() - 140.0).abs() < 1e-12);
    }

    #[test]
    fn who_adds_nothing_gets_nothing_and_equals_get_the_same() {
        // The second player never matters; the first and the third are alike.
        let worth: Vec<f64> = (0..8)
            .map(
                |coalition: usize| match (coalition & 1) + (coalition >> 2) {
                    0 => 0.1,
                    1 => 0.7,
                    _ => 5.3,
                },
            )
            .collect();
        let parts = shapley(3, &worth);
        assert_eq!(parts[1].to_bits(), 0.0_f64.to_bits());
        assert!((parts[0] - parts[2]).abs() < 1e-15 && (parts[0] - 2.6).abs() < 1e-12);
        assert_eq!(shapley(0, &[4.0]), Vec::<f64>::new());
    }
}

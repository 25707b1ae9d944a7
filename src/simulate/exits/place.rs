//! Where half a random number falls among shares laid end to end.

/// The tops of a row of sums, in fours, and what nothing exceeds behind them.
pub fn tops(row: &[f64]) -> impl Iterator<Item = [u32; 4]> + '_ {
    row.chunks(4).map(|sums| {
        let mut four = [u32::MAX; 4];
        let pairs = four.iter_mut().zip(sums);
        pairs.for_each(|(four, &sum)| *four = top(sum));
        four
    })
}

/// Whether a half passes the one sum there is, or `None` where it is the top itself.
#[inline(always)]
pub fn place_of_two(top: u32, half: u32) -> Option<usize> {
    (half != top).then_some(usize::from(half > top))
}

/// How many of a row's sums a half passes, or `None` where it is the top of one of them. Sums only rise, so that counting
/// finds the first that is not passed without a branch, and no other can have the half for its top.
#[inline(always)]
pub fn place(fours: &[[u32; 4]], half: u32) -> Option<usize> {
    let [first, rest @ ..] = fours else {
        return Some(0);
    };
    let mut passed = passed_of(first, half);
    let mut next = first.get(passed);
    if !rest.is_empty() {
        passed += passed_beyond(rest, half);
        next = fours.as_flattened().get(passed);
    }
    (next != Some(&half)).then_some(passed)
}

/// How many of four sums a half passes.
#[inline(always)]
fn passed_of(four: &[u32; 4], half: u32) -> usize {
    let passes = four.iter().map(|&top| u32::from(half > top));
    passes.sum::<u32>() as usize
}

/// The same of more than four, out of line because few states have so many ways on.
#[inline(never)]
fn passed_beyond(rest: &[[u32; 4]], half: u32) -> usize {
    rest.iter().map(|four| passed_of(four, half)).sum()
}

/// The highest of 2^32 whole numbers below a share: a uniform whose first 32 bits are higher reaches the share, and one
/// whose first 32 bits are lower does not.
fn top(share: f64) -> u32 {
    // The cast cuts off at both ends.
    ((share * 4_294_967_296.0).ceil() - 1.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_the_bits_decide_as_the_whole_uniform_does() {
        let shares = [0.0, 1e-12, 0.25, 1.0 / 3.0, 0.5, 0.75, 1.0 - 1e-12, 1.0];
        for share in shares {
            let top = top(share);
            for half in [
                0,
                1,
                top.saturating_sub(1),
                top,
                top.saturating_add(1),
                u32::MAX,
            ] {
                // The lowest and the highest uniform of this half, as the address gives them.
                for rest in [0, u32::MAX] {
                    let bits = u64::from(half) << 32 | u64::from(rest);
                    let u = ((bits >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
                    if half != top {
                        assert_eq!(half > top, u >= share, "share {share} bits {bits:x}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_place_of_a_half_is_how_many_sums_it_passes() {
        assert_eq!(place(&[], 7), Some(0));
        for n in 1..=13 {
            // Some ways on have no share, so that two sums are the same.
            let sums: Vec<f64> = (1..=n).map(|i| f64::from(i / 3 + i) / 18.0).collect();
            let fours: Vec<[u32; 4]> = tops(&sums).collect();
            for &sum in sums.iter().chain(&[0.0, 1.0]) {
                let top = top(sum);
                for half in [0, top.saturating_sub(1), top, top.saturating_add(1)] {
                    let is_top = sums.iter().any(|&sum| self::top(sum) == half);
                    let passed = sums.iter().filter(|&&sum| half > self::top(sum)).count();
                    let expected = (!is_top).then_some(passed);
                    // The highest half of all is left to the whole uniform wherever a row is filled up.
                    if half != u32::MAX {
                        assert_eq!(place(&fours, half), expected, "{n} sums, half {half:x}");
                    }
                    if n == 1 {
                        assert_eq!(place_of_two(fours[0][0], half), expected, "half {half:x}");
                    }
                }
            }
        }
    }
}

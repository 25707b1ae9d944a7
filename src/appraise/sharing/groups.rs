//! Groups as masks: bit `i` says whether partner `i` belongs.

/// For every group, nobody included, the sum of its members' numbers.
pub fn sums(values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; 1 << values.len()];
    for group in 1..sums.len() {
        let last = group.trailing_zeros() as usize;
        sums[group] = sums[group & (group - 1)] + values[last];
    }
    sums
}

/// The members of a group.
pub fn members(group: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).filter(move |partner| group >> partner & 1 == 1)
}

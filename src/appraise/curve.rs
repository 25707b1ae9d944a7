//! What is expected of a number when another is known: a curve of straight lines fitted to draws.
//!
//! Least squares over the hat functions of knots at quantiles, as many knots as predict best by generalised
//! cross-validation (Craven and Wahba 1979): from a constant, which says that knowing the other number tells nothing, to
//! 65. The mean of the curve over the draws is the mean of the draws.

/// A curve of straight lines between knots, flat beyond the first and the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Where the lines meet, rising; one alone for a constant.
    knots: Vec<f64>,
    /// The curve at each knot.
    heights: Vec<f64>,
}

/// How many knots are tried. Each choice halves the intervals of the one before.
const N_KNOTS: [usize; 8] = [1, 2, 3, 5, 9, 17, 33, 65];

/// The curve of `responses` over `inputs`, paired by draw; `order` holds the draws by rising input.
pub(super) fn curve(inputs: &[f64], responses: &[f64], order: &[usize]) -> Curve {
    let mut levels: Vec<f64> = order.iter().map(|draw| inputs[*draw]).collect();
    let n = levels.len();
    let sorted = levels.clone();
    levels.dedup();
    // Errors as small as rounding makes them say nothing of the number of knots.
    let rounding = 1e-24
        * responses
            .iter()
            .map(|response| response * response)
            .sum::<f64>();
    let mut best: Option<(f64, Curve)> = None;
    let candidates = N_KNOTS.into_iter().chain([levels.len()]);
    for n_knots in candidates.filter(|k| *k <= levels.len() && 2 * k <= n.max(2) && *k <= 65) {
        let curve = Curve::through(&knots(&levels, &sorted, n_knots), inputs, responses);
        let error = curve.squared_error(inputs, responses);
        let score = error / (1.0 - n_knots as f64 / n as f64).max(f64::EPSILON).powi(2);
        if (best.as_ref()).is_none_or(|(least, _)| *least > rounding && score < *least) {
            best = Some((score, curve));
        }
    }
    best.map_or_else(|| Curve::constant(0.0), |(_, curve)| curve)
}

/// So many different values among the inputs, at even shares of the draws as far as ties allow.
fn knots(levels: &[f64], sorted: &[f64], n_knots: usize) -> Vec<f64> {
    if n_knots == levels.len() {
        return levels.to_vec();
    }
    if n_knots == 1 {
        return levels[..1].to_vec();
    }
    let at = |knot: usize| sorted[knot * (sorted.len() - 1) / (n_knots - 1)];
    let mut knots: Vec<f64> = (0..n_knots).map(at).collect();
    knots.dedup();
    knots
}

impl Curve {
    fn constant(height: f64) -> Curve {
        Curve {
            knots: vec![0.0],
            heights: vec![height],
        }
    }

    /// Least squares: the normal equations of hat functions have three diagonals.
    fn through(knots: &[f64], inputs: &[f64], responses: &[f64]) -> Curve {
        let n = knots.len();
        if n < 2 {
            return Curve::constant(super::choice::mean(responses));
        }
        let (mut own, mut next, mut right) = (vec![0.0; n], vec![0.0; n], vec![0.0; n]);
        for (input, response) in inputs.iter().zip(responses) {
            let (at, share) = place(knots, *input);
            own[at] += (1.0 - share) * (1.0 - share);
            right[at] += (1.0 - share) * response;
            own[at + 1] += share * share;
            right[at + 1] += share * response;
            next[at] += share * (1.0 - share);
        }
        // Every knot is an input, so that no diagonal is ever 0 (Golub and Van Loan, Matrix Computations, 4.3.6).
        for knot in 1..n {
            let factor = next[knot - 1] / own[knot - 1];
            own[knot] -= factor * next[knot - 1];
            right[knot] -= factor * right[knot - 1];
        }
        let mut heights = vec![0.0; n];
        for knot in (0..n).rev() {
            let above = heights
                .get(knot + 1)
                .map_or(0.0, |height| next[knot] * height);
            heights[knot] = (right[knot] - above) / own[knot];
        }
        Curve {
            knots: knots.to_vec(),
            heights,
        }
    }

    fn squared_error(&self, inputs: &[f64], responses: &[f64]) -> f64 {
        let pairs = inputs.iter().zip(responses);
        pairs
            .map(|(input, response)| (response - self.at(*input)).powi(2))
            .sum()
    }

    /// The height of the curve.
    pub fn at(&self, input: f64) -> f64 {
        if self.knots.len() < 2 {
            return self.heights[0];
        }
        let (at, share) = place(&self.knots, input);
        self.heights[at] * (1.0 - share) + self.heights[at + 1] * share
    }

    /// Where the curve passes through 0, rising; a stretch at 0 counts where it is entered.
    pub fn roots(&self) -> Vec<f64> {
        let mut roots = Vec::new();
        for (knots, heights) in self.knots.windows(2).zip(self.heights.windows(2)) {
            let (from, to) = (heights[0], heights[1]);
            if (from < 0.0) != (to < 0.0) {
                roots.push(knots[0] + (knots[1] - knots[0]) * from / (from - to));
            }
        }
        roots
    }
}

/// Between which knots an input lies, and how far along from 0 to 1.
fn place(knots: &[f64], input: f64) -> (usize, f64) {
    let above = knots.partition_point(|knot| *knot <= input);
    let at = above.saturating_sub(1).min(knots.len() - 2);
    let share = (input - knots[at]) / (knots[at + 1] - knots[at]);
    (at, share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(inputs: &[f64], response: impl Fn(f64) -> f64) -> Curve {
        let mut order: Vec<usize> = (0..inputs.len()).collect();
        order.sort_by(|a, b| inputs[*a].total_cmp(&inputs[*b]));
        let responses: Vec<f64> = inputs.iter().map(|input| response(*input)).collect();
        curve(inputs, &responses, &order)
    }

    #[test]
    fn what_is_a_line_is_found_to_be_one() {
        let inputs: Vec<f64> = (0..50).map(|i| f64::from((i * 37) % 50)).collect();
        let line = fitted(&inputs, |x| 3.0 * x - 30.0);
        assert_eq!(line.knots.len(), 2);
        assert!((line.at(4.5) + 16.5).abs() < 1e-9);
        assert!((line.roots()[0] - 10.0).abs() < 1e-9);
        assert_eq!(fitted(&inputs, |_| 7.0), Curve::constant(7.0));
    }

    #[test]
    fn a_bend_is_followed_closely_and_keeps_the_mean() {
        let inputs: Vec<f64> = (0..2000).map(|i| f64::from(i) / 1000.0 - 1.0).collect();
        let bend = fitted(&inputs, |x| x * x - 0.25);
        let worst = inputs.iter().map(|x| (bend.at(*x) - (x * x - 0.25)).abs());
        assert!(worst.fold(0.0, f64::max) < 1e-3);
        let means = [true, false].map(|is_curve| {
            let at = |x: &f64| if is_curve { bend.at(*x) } else { x * x - 0.25 };
            inputs.iter().map(at).sum::<f64>() / 2000.0
        });
        assert!((means[0] - means[1]).abs() < 1e-12);
        let roots = bend.roots();
        assert!(
            (roots[0] + 0.5).abs() < 1e-3 && (roots[1] - 0.5).abs() < 1e-3,
            "{roots:?}"
        );
    }

    #[test]
    fn a_few_levels_are_told_apart() {
        let inputs: Vec<f64> = (0..30).map(|i| f64::from(i % 4)).collect();
        let steps = fitted(&inputs, |x| [5.0, -1.0, 2.0, 2.0][x as usize]);
        for (level, height) in [5.0, -1.0, 2.0, 2.0].into_iter().enumerate() {
            assert!((steps.at(level as f64) - height).abs() < 1e-9);
        }
    }
}

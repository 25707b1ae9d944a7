//! What is expected of a number when another is known: a curve of straight lines fitted to draws.
//!
//! Least squares over the hat functions of knots at quantiles, as many knots as predict best by generalised
//! cross-validation (Craven and Wahba 1979), each counting 1.4 times so that noise is seldom followed (Kim and Gu 2004):
//! from a constant, which says that knowing the other number tells nothing, to 65. The mean of the curve over the draws is
//! the mean of the draws.

use super::ridge::by_chance;

/// A curve of straight lines between knots, flat beyond the first and the last.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    /// Where the lines meet, rising; one alone for a constant.
    knots: Vec<f64>,
    /// The curve at each knot.
    heights: Vec<f64>,
}

/// How many knots are tried. Each choice halves the intervals of the one before.
const N_KNOTS: [usize; 8] = [1, 2, 3, 5, 9, 17, 33, 65];

/// How much a degree of freedom costs.
pub(super) const CAUTION: f64 = 1.4;

/// Fits curves over the same inputs.
pub(super) struct Smoother {
    /// By number of knots, rising.
    designs: Vec<Design>,
}

/// The hat functions of some knots at every input, and their normal equations.
struct Design {
    knots: Vec<f64>,
    /// By draw: between which knots it lies, and how far along.
    places: Vec<(usize, f64)>,
    /// The diagonal of the equations after elimination, and the one beside it.
    own: Vec<f64>,
    next: Vec<f64>,
}

impl Smoother {
    /// Prepares curves over these inputs, one of each draw; there is at least one, and all are finite.
    pub fn of(inputs: &[f64]) -> Smoother {
        let mut sorted = inputs.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut levels = sorted.clone();
        levels.dedup();
        let n_knots = N_KNOTS.into_iter().chain([levels.len()]);
        // Two draws for each knot at least, or the curve would pass through every draw.
        let is_few = |k: &usize| *k <= levels.len() && 2 * k <= sorted.len().max(2) && *k <= 65;
        let design = |k| Design::of(knots(&levels, &sorted, k), inputs);
        Smoother {
            designs: n_knots.filter(is_few).map(design).collect(),
        }
    }

    /// The curve that predicts these responses best.
    pub fn fit(&self, responses: &[f64]) -> Fitted<'_> {
        // Errors as small as rounding makes them say nothing of the number of knots.
        let rounding = 1e-24
            * responses
                .iter()
                .map(|response| response * response)
                .sum::<f64>();
        let mut best: Option<(f64, f64, Vec<f64>, &Design)> = None;
        let mut level_error = None;
        for design in &self.designs {
            let heights = design.solve(responses);
            let error = design.squared_error(&heights, responses);
            // The first design is a constant.
            level_error.get_or_insert(error);
            let share = CAUTION * design.knots.len() as f64 / responses.len() as f64;
            let score = error / (1.0 - share).max(f64::EPSILON).powi(2);
            if (best.as_ref()).is_none_or(|(least, ..)| *least > rounding && score < *least) {
                best = Some((score, error, heights, design));
            }
        }
        let n_draws = responses.len() as f64;
        let (error, heights, design) = best.map_or_else(
            || (0.0, vec![0.0], &self.designs[0]),
            |(_, error, heights, design)| (error, heights, design),
        );
        let n_knots = design.knots.len() as f64;
        Fitted {
            by_chance: by_chance(level_error.unwrap_or(error), error, n_knots - 1.0, n_draws),
            noise: error / (n_draws - n_knots).max(1.0),
            ..Fitted::of(design, heights)
        }
    }

    /// One straight line through these responses, or their mean where the inputs are all the same.
    pub fn line(&self, responses: &[f64]) -> Fitted<'_> {
        let straight = self.designs.iter().find(|design| design.knots.len() == 2);
        let design = straight.unwrap_or(&self.designs[0]);
        Fitted::of(design, design.solve(responses))
    }
}

/// A curve fitted to draws.
pub(super) struct Fitted<'a> {
    /// The curve.
    pub curve: Curve,
    /// Its height in every draw.
    pub expected: Vec<f64>,
    /// How probably a curve of as many knots would follow the draws as closely if it had nothing to follow; 1 for a
    /// constant.
    pub by_chance: f64,
    /// The variance of the draws about the curve.
    noise: f64,
    design: &'a Design,
}

impl<'a> Fitted<'a> {
    fn of(design: &'a Design, heights: Vec<f64>) -> Fitted<'a> {
        let expected = design.places.iter().map(|place| height(&heights, *place));
        Fitted {
            expected: expected.collect(),
            curve: Curve {
                knots: design.knots.clone(),
                heights,
            },
            by_chance: 1.0,
            noise: 0.0,
            design,
        }
    }

    /// How many numbers the curve is made of.
    pub fn freedom(&self) -> f64 {
        self.design.knots.len() as f64
    }

    /// Other responses as a curve over the same knots has them in every draw.
    pub fn smooth(&self, responses: &[f64]) -> Vec<f64> {
        Fitted::of(self.design, self.design.solve(responses)).expected
    }

    /// The standard error of the height of the curve, the knots being as they are.
    pub fn error_at(&self, input: f64) -> f64 {
        let (at, share) = place(&self.curve.knots, input);
        let mut hats = vec![0.0; self.curve.knots.len()];
        hats[at] = 1.0 - share;
        if let Some(next) = hats.get_mut(at + 1) {
            *next = share;
        }
        let solved = self.design.solve_sums(hats);
        (self.noise * height(&solved, (at, share))).max(0.0).sqrt()
    }
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

impl Design {
    /// The normal equations of hat functions have three diagonals; every knot is an input, so that elimination never
    /// divides by 0 (Golub and Van Loan, Matrix Computations, 4.3.6).
    fn of(knots: Vec<f64>, inputs: &[f64]) -> Design {
        let n = knots.len();
        let places: Vec<(usize, f64)> = inputs.iter().map(|input| place(&knots, *input)).collect();
        let (mut own, mut next) = (vec![0.0; n], vec![0.0; n]);
        for (at, share) in &places {
            own[*at] += (1.0 - share) * (1.0 - share);
            if n > 1 {
                own[at + 1] += share * share;
                next[*at] += share * (1.0 - share);
            }
        }
        for knot in 1..n {
            own[knot] -= next[knot - 1] * next[knot - 1] / own[knot - 1];
        }
        Design {
            knots,
            places,
            own,
            next,
        }
    }

    /// The heights of least squares.
    fn solve(&self, responses: &[f64]) -> Vec<f64> {
        let n = self.knots.len();
        if n == 1 {
            return vec![super::choice::mean(responses)];
        }
        let mut heights = vec![0.0; n];
        for ((at, share), response) in self.places.iter().zip(responses) {
            heights[*at] += (1.0 - share) * response;
            heights[at + 1] += share * response;
        }
        self.solve_sums(heights)
    }

    /// The heights whose normal equations have these right-hand sides.
    fn solve_sums(&self, mut heights: Vec<f64>) -> Vec<f64> {
        let n = heights.len();
        for knot in 1..n {
            heights[knot] -= self.next[knot - 1] / self.own[knot - 1] * heights[knot - 1];
        }
        for knot in (0..n).rev() {
            let above = heights
                .get(knot + 1)
                .map_or(0.0, |above| self.next[knot] * above);
            heights[knot] = (heights[knot] - above) / self.own[knot];
        }
        heights
    }

    fn squared_error(&self, heights: &[f64], responses: &[f64]) -> f64 {
        let pairs = self.places.iter().zip(responses);
        pairs
            .map(|(place, response)| (response - height(heights, *place)).powi(2))
            .sum()
    }
}

/// The height of a curve at a place among its knots.
fn height(heights: &[f64], (at, share): (usize, f64)) -> f64 {
    match heights.get(at + 1) {
        Some(next) => heights[at] * (1.0 - share) + next * share,
        None => heights[at],
    }
}

impl Curve {
    /// Where one straight line would pass through 0 before the first draw or after the last, if it went on; `None` for a
    /// curve with a bend, a level one, and one that passes through 0 among the draws.
    pub fn root_beyond(&self) -> Option<f64> {
        let ([first, last], [from, to]) = (&self.knots[..], &self.heights[..]) else {
            return None;
        };
        let is_among = (*from < 0.0) != (*to < 0.0);
        let root = first + (last - first) * from / (from - to);
        (!is_among && root.is_finite()).then_some(root)
    }

    /// How steep the curve is there.
    pub fn slope_at(&self, input: f64) -> f64 {
        let (at, _) = place(&self.knots, input);
        match (self.knots.get(at + 1), self.heights.get(at + 1)) {
            (Some(knot), Some(height)) => (height - self.heights[at]) / (knot - self.knots[at]),
            _ => 0.0,
        }
    }

    /// The height of the curve.
    pub fn at(&self, input: f64) -> f64 {
        height(&self.heights, place(&self.knots, input))
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
    if knots.len() < 2 {
        return (0, 0.0);
    }
    let above = knots.partition_point(|knot| *knot <= input);
    let at = above.saturating_sub(1).min(knots.len() - 2);
    let share = (input - knots[at]) / (knots[at + 1] - knots[at]);
    (at, share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(inputs: &[f64], response: impl Fn(f64) -> f64) -> Curve {
        let responses: Vec<f64> = inputs.iter().map(|input| response(*input)).collect();
        let smoother = Smoother::of(inputs);
        let fitted = smoother.fit(&responses);
        for (input, expected) in inputs.iter().zip(&fitted.expected) {
            assert_eq!(fitted.curve.at(*input), *expected);
        }
        fitted.curve
    }

    /// Of a line through n points the textbook gives s^2 (1/n + (x - mean)^2 / sum of squares).
    #[test]
    fn a_straight_line_has_the_error_of_the_textbook() {
        let inputs: Vec<f64> = (0..40).map(f64::from).collect();
        let noise = |i: usize| if i.is_multiple_of(2) { 3.0 } else { -3.0 };
        let responses: Vec<f64> = (0..40).map(|i| 10.0 * inputs[i] + noise(i)).collect();
        let smoother = Smoother::of(&inputs);
        let fitted = smoother.fit(&responses);
        assert_eq!(fitted.curve.knots.len(), 2);
        let pairs = fitted.expected.iter().zip(&responses);
        let squares: f64 = pairs.map(|(fit, y)| (y - fit).powi(2)).sum();
        let spread: f64 = inputs.iter().map(|x| (x - 19.5).powi(2)).sum();
        for x in [0.0, 7.0, 19.5, 39.0] {
            let exact = (squares / 38.0 * (1.0 / 40.0 + (x - 19.5_f64).powi(2) / spread)).sqrt();
            assert!((fitted.error_at(x) - exact).abs() < 1e-9 * exact);
        }
        assert!((fitted.curve.slope_at(5.0) - 10.0).abs() < 0.1);
    }

    #[test]
    fn what_is_a_line_is_found_to_be_one() {
        let inputs: Vec<f64> = (0..50).map(|i| f64::from((i * 37) % 50)).collect();
        let line = fitted(&inputs, |x| 3.0 * x - 30.0);
        assert_eq!(line.knots.len(), 2);
        assert!((line.at(4.5) + 16.5).abs() < 1e-9);
        assert!((line.roots()[0] - 10.0).abs() < 1e-9);
        assert_eq!(fitted(&inputs, |_| 7.0).heights, [7.0]);
        assert_eq!(line.root_beyond(), None);
        let beyond = fitted(&inputs, |x| 2.0 * x - 120.0).root_beyond();
        assert!(beyond.is_some_and(|root| (root - 60.0).abs() < 1e-9));
        assert_eq!(
            fitted(&inputs, |x| (x - 20.0).abs() + 5.0).root_beyond(),
            None
        );
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

//! From values to places on paper, with round numbers on the axis.

/// A linear scale with ticks at round numbers.
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// Rising round numbers within the scale.
    pub ticks: Vec<f64>,
}

impl Scale {
    /// A scale that holds all `values`; the axis begins at zero unless that would waste most of the paper.
    pub fn of(
        values: impl Iterator<Item = f64>,
        from: f64,
        to: f64,
        n_ticks: usize,
        always_zero: bool,
    ) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if always_zero || (low > 0.0 && low < 0.5 * high) {
            low = low.min(0.0);
        }
        if always_zero {
            high = high.max(0.0);
        }
        if high - low < 1e-9 * high.abs().max(1e-9) {
            high = low + low.abs().max(1.0);
        }
        let step = round_step((high - low) / n_ticks as f64);
        let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
        Scale {
            low: first as f64 * step,
            high: last as f64 * step,
            from,
            to,
            ticks: (first..=last).map(|i| i as f64 * step).collect(),
        }
    }

    /// Where a value stands.
    pub fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// Whether zero is on the axis.
    pub fn has_zero(&self) -> bool {
        self.low <= 0.0 && self.high >= 0.0
    }
}

/// 1, 2 or 5 times a power of ten, at least `step`.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powi(step.log10().floor() as i32);
    let multiple = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|m| m * power >= step * (1.0 - 1e-9));
    multiple.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers_and_hold_the_values() {
        let scale = Scale::of([3.0, 97.0].into_iter(), 0.0, 100.0, 5, false);
        assert_eq!(scale.ticks, [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(scale.at(50.0), 50.0);
        let cropped = Scale::of([8000.0, 8900.0].into_iter(), 0.0, 1.0, 5, false);
        assert!(!cropped.has_zero() && cropped.ticks[0] == 8000.0);
        assert_eq!(Scale::of([].into_iter(), 0.0, 1.0, 4, true).ticks.len(), 3);
    }
}

//! Numbers that add up as they are printed: rounded together to one last digit.

/// A change from one number to another in parts, counted in units of a common last digit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adding {
    /// The first number.
    pub before: i64,
    /// The parts, which lead from the first number to the last.
    pub parts: Vec<i64>,
    /// The last number.
    pub after: i64,
    digits: i32,
}

impl Adding {
    /// Rounds to so many digits behind the point. Both ends are rounded to the nearest; each part is rounded up or down
    /// so that the parts add up, those nearest to the next number up first. A part that is zero stays zero.
    pub fn of(before: f64, parts: &[f64], digits: i32) -> Adding {
        let size = 10_f64.powi(digits);
        let whole = |value: f64| (value * size).round() as i64;
        let after = before + parts.iter().sum::<f64>();
        let mut rounded: Vec<i64> = parts
            .iter()
            .map(|part| (part * size).floor() as i64)
            .collect();
        let rest = |index: &usize| parts[*index] * size - (parts[*index] * size).floor();
        let mut order: Vec<usize> = (0..parts.len()).filter(|&i| parts[i] != 0.0).collect();
        order.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
        let mut left = whole(after) - whole(before) - rounded.iter().sum::<i64>();
        for &index in order.iter().cycle().take(4 * order.len()) {
            if left > 0 {
                rounded[index] += 1;
                left -= 1;
            }
        }
        for &index in order.iter().rev().cycle().take(4 * order.len()) {
            if left < 0 {
                rounded[index] -= 1;
                left += 1;
            }
        }
        Adding {
            before: whole(before),
            parts: rounded,
            after: whole(after),
            digits,
        }
    }

    /// With seven significant digits of the larger end, for machines.
    pub fn exact(before: f64, parts: &[f64]) -> Adding {
        let after = before + parts.iter().sum::<f64>();
        let largest = parts
            .iter()
            .fold(before.abs().max(after.abs()), |a, b| a.max(b.abs()));
        Adding::of(before, parts, (6 - magnitude(largest)).clamp(0, 12))
    }

    /// What the numbers stand for.
    pub fn value(&self, units: i64) -> f64 {
        units as f64 / 10_f64.powi(self.digits)
    }

    /// A number for a CSV: every digit, and no zeros behind them.
    pub fn plain(&self, units: i64) -> String {
        let digits = self.digits as usize;
        let text = format!("{:0>width$}", units.unsigned_abs(), width = digits + 1);
        let (whole, rest) = text.split_at(text.len() - digits);
        let rest = rest.trim_end_matches('0');
        let sign = if units < 0 { "-" } else { "" };
        match rest {
            "" => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}.{rest}"),
        }
    }

    /// How many digits stand behind the point.
    pub fn digits(&self) -> usize {
        self.digits.max(0) as usize
    }
}

/// The power of ten of the first digit; that of one where there is none.
pub(super) fn magnitude(value: f64) -> i32 {
    match value.abs() {
        size if size > 0.0 && size.is_finite() => size.log10().floor() as i32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_add_up() {
        let adding = Adding::of(10.0, &[1.0 / 3.0, 1.0 / 3.0, 0.0, 1.0 / 3.0], 1);
        assert_eq!((adding.before, adding.after), (100, 110));
        assert_eq!(adding.parts, [4, 3, 0, 3]);
        let falling = Adding::of(0.26, &[-0.004, -0.004, 0.001], 2);
        assert_eq!(
            (falling.before, &falling.parts[..], falling.after),
            (26, &[0, -1, 0][..], 25)
        );
    }

    #[test]
    fn machines_read_every_digit() {
        let adding = Adding::exact(1234.5678, &[-0.25, 0.0]);
        let [before, first, none] = [adding.before, adding.parts[0], adding.parts[1]];
        let shown = [before, first, none].map(|units| adding.plain(units));
        assert_eq!(shown, ["1234.568", "-0.25", "0"]);
        assert_eq!(Adding::exact(0.0, &[0.0]).plain(0), "0");
        assert_eq!(
            Adding::exact(12_345_678.4, &[1.0]).plain(12_345_678),
            "12345678"
        );
    }

    proptest! {
        #[test]
        fn parts_lead_from_the_first_number_to_the_last(
            before in -1e6..1e6_f64,
            parts in prop::collection::vec(prop_oneof![Just(0.0), -1e5..1e5_f64, -1e-3..1e-3_f64], 1..7),
            digits in 0..5_i32,
        ) {
            for adding in [Adding::of(before, &parts, digits), Adding::exact(before, &parts)] {
                prop_assert_eq!(adding.before + adding.parts.iter().sum::<i64>(), adding.after);
                for (units, part) in adding.parts.iter().zip(&parts) {
                    prop_assert!(*part != 0.0 || *units == 0);
                    let off = (adding.value(*units) - part).abs();
                    prop_assert!(off * 10_f64.powi(adding.digits) < 2.0 + 1e-6, "{} {}", units, part);
                }
            }
        }
    }
}

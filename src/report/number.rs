//! Numbers as people read them, and as machines do.

use std::fmt::Write;

use crate::summarise::Estimate;

/// What stands where there is no number, as the Government Analysis Function asks.
pub const MISSING: &str = "[x]";

/// How many significant digits the numbers of a table have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Digits {
    /// More than draws of anything can tell.
    #[default]
    Seven,
    /// What is exact but for the last digits of its arithmetic.
    Twelve,
}

impl Digits {
    /// A number for a CSV: never an exponent, blank when there is none.
    pub fn plain(self, value: f64) -> String {
        let mut text = String::new();
        self.write_plain(&mut text, value);
        text
    }

    /// The same at the end of a text: a table of a country has millions of them.
    pub(super) fn write_plain(self, out: &mut String, value: f64) {
        // Whole numbers below ten million have no more than seven digits; comparing turns -0 into 0.
        if value == value.trunc() && value.abs() < 1e7 {
            let _ = write!(out, "{}", value as i64);
            return;
        }
        if !value.is_finite() {
            return;
        }
        if value < 0.0 {
            out.push('-');
        }
        match self {
            Digits::Seven => {
                let (digits, exponent) = seven_digits(value.abs());
                write_digits(out, &digits, exponent);
            }
            Digits::Twelve => {
                let scientific = format!("{:.11e}", value.abs());
                let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
                let digits: Vec<u8> = digits.bytes().filter(u8::is_ascii_digit).collect();
                write_digits(out, &digits, exponent.parse().unwrap_or(0));
            }
        }
    }
}

/// A number for a CSV with seven significant digits.
pub fn plain(value: f64) -> String {
    Digits::Seven.plain(value)
}

/// Digits, of which the first stands for so many tens of tens, without noughts at the end of what is behind the point.
fn write_digits(out: &mut String, digits: &[u8], exponent: i32) {
    let digits = std::str::from_utf8(digits).unwrap_or_default();
    let (first, rest) = (&digits[..1], digits[1..].trim_end_matches('0'));
    match usize::try_from(exponent) {
        Ok(whole) if whole < rest.len() => {
            out.extend([first, &rest[..whole], ".", &rest[whole..]]);
        }
        Ok(whole) => {
            out.extend([first, rest]);
            out.extend(std::iter::repeat_n('0', whole - rest.len()));
        }
        Err(_) => {
            out.push_str("0.");
            let n_noughts = exponent.unsigned_abs() as usize - 1;
            out.extend(std::iter::repeat_n('0', n_noughts));
            out.extend([first, rest]);
        }
    }
}

/// The seven digits that are nearest to a number above nought, and the power of ten of the first of them.
///
/// Numbers of a usual size are multiplied and rounded, which is off their true product by 1e-9 at most and takes a
/// fraction of the time; what lies near the middle of two roundings is left to the standard library.
fn seven_digits(size: f64) -> ([u8; 7], i32) {
    const LEAST: i32 = -4;
    const SIZES: [f64; 11] = [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    const SCALES: [f64; 11] = [1e10, 1e9, 1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1e0];
    let index = SIZES.iter().rposition(|least| size >= *least);
    if let Some(index) = index.filter(|_| size < 1e7) {
        let scaled = size * SCALES[index];
        let nearest = scaled.round() as u32;
        let is_sure = (scaled.fract() - 0.5).abs() > 1e-6;
        if is_sure && (1_000_000..10_000_000).contains(&nearest) {
            let digit = |place: u32| b'0' + (nearest / 10_u32.pow(place) % 10) as u8;
            return ([6, 5, 4, 3, 2, 1, 0].map(digit), LEAST + index as i32);
        }
    }
    let scientific = format!("{size:.6e}");
    let bytes = scientific.as_bytes();
    let digits = [0, 2, 3, 4, 5, 6, 7].map(|place| bytes[place]);
    (digits, scientific[9..].parse().unwrap_or(0))
}

/// A number of this unit, for a table.
pub fn exact(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    match unit {
        "share" => percent(value, 1),
        _ if unit.starts_with("GBP") => pounds(value),
        _ => {
            let digits = match value.abs() {
                size if size >= 100.0 => 0,
                size if size >= 10.0 => 1,
                _ => 2,
            };
            grouped(value, digits)
        }
    }
}

/// A score of a series of any size, for a table: as [`exact`], with three significant digits where two places after the
/// point say too little, and with a power of ten where a number would be too long to read.
pub fn score(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() || value == 0.0 || (0.1..1e15).contains(&size) {
        return exact(value, "");
    }
    let text = match size {
        size if (1e-5..0.1).contains(&size) => {
            let digits = (2.0 - size.log10().floor()) as usize;
            format!("{size:.digits$}")
        }
        _ => format!("{size:.2e}"),
    };
    format!("{}{text}", if value < 0.0 { "−" } else { "" })
}

/// A number of this unit, for a sentence: three significant digits at most.
pub fn about(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    match unit {
        "share" => percent(value, if value.abs() < 0.1 { 1 } else { 0 }),
        _ if unit.starts_with("GBP") => pounds(value),
        _ => match value.abs() {
            size if size >= 1000.0 => {
                let step = 10_f64.powi(size.log10().floor() as i32 - 2);
                grouped((value / step).round() * step, 0)
            }
            size if size >= 10.0 => grouped(value, 0),
            _ => grouped(value, 1).trim_end_matches(".0").to_owned(),
        },
    }
}

/// `1,100 to 1,400`, in a sentence or a table.
pub fn range(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    if !estimate.has_range() {
        return MISSING.to_owned();
    }
    format!("{} to {}", show(estimate.p05), show(estimate.p95))
}

/// `about 8,350 (90% range 7,900 to 8,800)`.
pub fn with_range(estimate: &Estimate, unit: &str) -> String {
    let mean = about(estimate.mean, unit);
    if !estimate.has_range() {
        return format!("about {mean}");
    }
    format!(
        "about {mean} (90% range {})",
        range(estimate, |value| about(value, unit))
    )
}

/// A difference, with its sign said.
pub fn signed(value: f64, show: impl Fn(f64) -> String) -> String {
    if !value.is_finite() {
        return MISSING.to_owned();
    }
    let text = show(value.abs());
    let is_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    match (is_zero, value > 0.0) {
        (true, _) => text,
        (false, true) => format!("+{text}"),
        (false, false) => format!("−{text}"),
    }
}

/// A probability in words and digits.
pub fn chance(p: f64) -> String {
    if p >= 0.995 {
        "more than 99%".to_owned()
    } else if p <= 0.005 {
        "less than 1%".to_owned()
    } else {
        format!("{:.0}%", p * 100.0)
    }
}

/// A probability as a word: likely from two in three on, very likely from nine in ten on.
pub fn likely(p: f64) -> &'static str {
    match p {
        p if p >= 0.9 => "very likely",
        p if p >= 2.0 / 3.0 => "likely",
        p if p > 1.0 / 3.0 => "about as likely as not",
        p if p > 0.1 => "unlikely",
        _ => "very unlikely",
    }
}

/// The same with its digits.
pub fn likelihood(p: f64) -> String {
    format!("{} ({})", likely(p), chance(p))
}

/// `8.4%`.
pub fn percent(share: f64, digits: usize) -> String {
    format!("{}%", grouped(share * 100.0, digits))
}

/// Digits in threes, with a true minus sign.
pub fn grouped(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    let is_zero = !text.chars().any(|c| ('1'..='9').contains(&c));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    format!("{sign}{out}{rest}")
}

fn pounds(value: f64) -> String {
    let sign = if value <= -0.5 { "−" } else { "" };
    let size = value.abs();
    let three = |value: f64| match value {
        v if v >= 100.0 => grouped(v, 0),
        v if v >= 10.0 => grouped(v, 1),
        v => grouped(v, 2),
    };
    match size {
        size if size >= 999.5e6 => format!("{sign}£{} billion", three(size / 1e9)),
        size if size >= 999_500.0 => format!("{sign}£{} million", three(size / 1e6)),
        size if size >= 10_000.0 => {
            format!("{sign}£{}", grouped((size / 100.0).round() * 100.0, 0))
        }
        size => format!("{sign}£{}", grouped(size, 0)),
    }
}

/// A title within a sentence: its first letter small, unless the word is an abbreviation.
pub fn lower_first(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}

/// A list in a sentence: `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_of_any_size_can_be_read() {
        let shown = [
            0.0, 0.12, 0.00412, 0.0999, 3.1e-9, 12345.6, 1.5e15, 1e300, -0.004,
        ];
        let expected = [
            "0.00",
            "0.12",
            "0.00412",
            "0.0999",
            "3.10e-9",
            "12,346",
            "1.50e15",
            "1.00e300",
            "−0.00400",
        ];
        assert_eq!(shown.map(score), expected);
        assert_eq!(score(f64::NAN), MISSING);
    }

    #[test]
    fn machines_read_plain_numbers() {
        for (value, text) in [
            (1234.5, "1234.5"),
            (f64::NAN, ""),
            (-0.0, "0"),
            (1e9, "1000000000"),
            (0.1 + 0.2, "0.3"),
        ] {
            assert_eq!(plain(value), text);
        }
    }

    /// Against the standard library's own shortest digits of the number that was rounded to seven, or to twelve.
    #[test]
    fn plain_numbers_are_the_shortest_digits_of_seven_or_twelve() {
        let rounded = |value: f64| format!("{value:.6e}").parse::<f64>().unwrap() + 0.0;
        let to_twelve = |value: f64| format!("{value:.11e}").parse::<f64>().unwrap() + 0.0;
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for round in 0..200_000 {
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let of_any_size = f64::from_bits(bits.rotate_left(17));
            let usual = (bits >> 40) as f64 / [1.0, 8.0, 1000.0, 3e9][round % 4];
            for value in [of_any_size, usual, -usual, usual.round() + 0.5, usual * 1e7] {
                if value.is_normal() || value == 0.0 {
                    assert_eq!(plain(value), rounded(value).to_string(), "{value:e}");
                    let finer = Digits::Twelve.plain(value);
                    assert_eq!(finer, to_twelve(value).to_string(), "{value:e}");
                }
            }
        }
    }

    #[test]
    fn people_read_grouped_and_rounded_numbers() {
        assert_eq!(about(8347.2, "people"), "8,350");
        assert_eq!(about(12.34, "people"), "12");
        assert_eq!(about(0.2712, "share"), "27%");
        assert_eq!(exact(-1_234_567.0, "GBP"), "−£1.23 million");
        assert_eq!(exact(1234.5, "people"), "1,234");
        assert_eq!(exact(f64::NAN, "people"), MISSING);
        assert_eq!(signed(-12.0, |v| exact(v, "GBP")), "−£12");
        assert_eq!(signed(0.001, |v| exact(v, "people")), "0.00");
        assert_eq!(likelihood(0.9), "very likely (90%)");
        assert_eq!(likelihood(0.66), "about as likely as not (66%)");
        assert_eq!(likelihood(0.001), "very unlikely (less than 1%)");
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
    }
}

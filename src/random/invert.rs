//! Inverses of distribution functions that are needed inside the time loop.

/// The standard normal quantile at `u` in (0, 1).
///
/// Wichura's algorithm AS 241 (PPND16), Applied Statistics 37 (1988): relative error about 1e-16.
pub fn normal_quantile(u: f64) -> f64 {
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { u } else { 1.0 - u };
    let r = (-tail.ln()).sqrt();
    let value = if r <= 5.0 {
        ratio(r - 1.6, &MIDDLE)
    } else {
        ratio(r - 5.0, &FAR)
    };
    if q < 0.0 { -value } else { value }
}

/// The Poisson quantile: the smallest count whose distribution function reaches `u`, for a mean of 0 or more.
///
/// The search starts at the mode, where the probability is known to full precision, and walks towards `u`,
/// so that it takes about `sqrt(mean)` steps.
pub fn poisson_quantile(u: f64, mean: f64) -> u64 {
    if mean <= 0.0 {
        return 0;
    }
    let mode = mean.floor();
    let mut p = (mode * mean.ln() - mean - libm::lgamma(mode + 1.0)).exp();
    let mut below = if mode < LONG_SUM {
        sum_below(mode, mean, p)
    } else {
        regularised_below(mode, mean)
    };
    let mut count = mode;
    if u < below {
        while count > 0.0 {
            p *= count / mean;
            count -= 1.0;
            below -= p;
            if u >= below {
                break;
            }
        }
    } else {
        while below + p <= u && p > 0.0 {
            below += p;
            count += 1.0;
            p *= mean / count;
        }
    }
    count as u64
}

/// The mode from which summing towards nought takes longer than the incomplete gamma function.
const LONG_SUM: f64 = 2000.0;

/// The chance of fewer than `mode`, summed downwards from the mode until nothing is left that counts.
fn sum_below(mode: f64, mean: f64, at_mode: f64) -> f64 {
    let (mut p, mut count, mut sum) = (at_mode, mode, 0.0);
    while count > 0.0 && p > 1e-20 {
        p *= count / mean;
        count -= 1.0;
        sum += p;
    }
    sum
}

/// The chance of fewer than `mode`, from the incomplete gamma function.
fn regularised_below(mode: f64, mean: f64) -> f64 {
    statrs::function::gamma::gamma_ur(mode, mean)
}

/// The binomial quantile: the smallest count of `n` whose distribution function reaches `u`, for a chance from 0 to 1.
///
/// Small expected counts are searched from nought, large ones from the mode. The rarer of the two outcomes is counted,
/// so that the sums stay exact where the chance is close to 1.
pub fn binomial_quantile(u: f64, n: u64, p: f64) -> u64 {
    if n == 0 || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    if p > 0.5 {
        // The largest count of the others that leaves at least u of the law below.
        return n - rarer_quantile(1.0 - u, n, 1.0 - p);
    }
    rarer_quantile(u, n, p)
}

fn rarer_quantile(u: f64, n: u64, p: f64) -> u64 {
    let (trials, odds) = (n as f64, p / (1.0 - p));
    let mut count = 0.0;
    let mut at = i32::try_from(n).map_or(0.0, |n| (1.0 - p).powi(n));
    let mut below = 0.0;
    if trials * p > LONG_SEARCH {
        count = ((trials + 1.0) * p).floor();
        let chosen = libm::lgamma(trials + 1.0)
            - libm::lgamma(count + 1.0)
            - libm::lgamma(trials - count + 1.0);
        at = (chosen + count * p.ln() + (trials - count) * (-p).ln_1p()).exp();
        // Fewer than `count` successes are more than `n - count` failures.
        below = statrs::function::beta::beta_reg(trials - count + 1.0, count, 1.0 - p);
    }
    if u < below {
        while count > 0.0 && u < below {
            at *= count / ((trials - count + 1.0) * odds);
            count -= 1.0;
            below -= at;
        }
    } else {
        while below + at <= u && count < trials {
            below += at;
            at *= (trials - count) / (count + 1.0) * odds;
            count += 1.0;
        }
    }
    count as u64
}

/// The expected count from which the search starts at the mode.
const LONG_SEARCH: f64 = 100.0;

fn ratio(r: f64, coefficients: &([f64; 8], [f64; 8])) -> f64 {
    let sum = |c: &[f64; 8]| c.iter().rev().fold(0.0, |total, &c| total * r + c);
    sum(&coefficients.0) / sum(&coefficients.1)
}

/// Numerator and denominator for the centre, |u - 0.5| up to 0.425.
const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_545,
    ],
);

/// For tails down to about 1e-11.
const MIDDLE: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

/// For tails beyond.
const FAR: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        0.599_832_206_555_887_9,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_7e-5,
        1.421_511_758_316_445_8e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal, Poisson};

    #[test]
    fn the_normal_quantile_inverts_an_independent_distribution_function() {
        let normal = Normal::standard();
        for u in [
            1e-12,
            1e-6,
            0.01,
            0.07,
            0.3,
            0.5,
            0.75,
            0.93,
            0.999,
            1.0 - 1e-9,
        ] {
            let z = normal_quantile(u);
            assert!((normal.cdf(z) / u - 1.0).abs() < 1e-8, "u {u} z {z}");
        }
    }

    #[test]
    fn the_poisson_quantile_is_the_smallest_count_that_reaches_u() {
        for mean in [0.003, 0.4, 1.0, 7.3, 29.9, 30.1, 250.0, 3000.5] {
            let law = Poisson::new(mean).unwrap();
            for i in 1..200 {
                let u = f64::from(i) / 200.0;
                let count = poisson_quantile(u, mean);
                assert!(
                    law.cdf(count) >= u - 1e-9,
                    "mean {mean} u {u} count {count}"
                );
                assert!(
                    count == 0 || law.cdf(count - 1) <= u + 1e-9,
                    "mean {mean} u {u} count {count}"
                );
            }
        }
        assert_eq!(poisson_quantile(0.3, 0.0), 0);
    }

    #[test]
    fn the_binomial_quantile_is_the_smallest_count_that_reaches_u() {
        for (n, p) in [
            (1, 0.3),
            (7, 0.5),
            (57, 0.02),
            (57, 0.98),
            (400, 0.2),
            (400, 0.45),
            (1500, 0.9),
            (20_000, 0.37),
        ] {
            let law = Binomial::new(p, n).unwrap();
            for i in 1..200 {
                let u = f64::from(i) / 200.0;
                let count = binomial_quantile(u, n, p);
                assert!(law.cdf(count) >= u - 1e-9, "n {n} p {p} u {u}: {count}");
                assert!(
                    count == 0 || law.cdf(count - 1) <= u + 1e-9,
                    "n {n} p {p} u {u}: {count}"
                );
                assert!(count <= binomial_quantile(u, n, (p + 0.001).min(1.0)));
                assert!(count <= binomial_quantile(u, n + 1, p));
            }
        }
        assert_eq!(binomial_quantile(0.3, 9, 0.0), 0);
        assert_eq!(binomial_quantile(0.3, 9, 1.0), 9);
    }
}

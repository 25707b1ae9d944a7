//! Laws of an interval, and intervals of a law, against formulas that are written out.

use super::*;

const Z: f64 = 1.959_963_984_540_054;

/// That two numbers are the same, but for a few parts of what they are.
fn close(found: f64, expected: f64, parts: f64) {
    let gap = (found - expected).abs();
    assert!(gap <= parts * expected.abs(), "{found}, not {expected}");
}

fn both((low, high): (f64, f64), expected: (f64, f64), parts: f64) {
    close(low, expected.0, parts);
    close(high, expected.1, parts);
}

/// An end on the edge of what is possible leaves only the uniform law, for a share at either end.
#[test]
fn an_interval_says_which_law_it_is_of() {
    let of = |unit: &Unit, low, high| by_interval(unit, 0.5, Some((low, high)));
    assert_eq!(of(&Unit::Share, 0.2, 0.9), "logit-normal");
    assert_eq!(of(&Unit::Share, 0.2, 1.0), "uniform");
    assert_eq!(of(&Unit::Share, 0.0, 0.9), "uniform");
    assert_eq!(of(&Unit::HazardRatio, 0.2, 1.0), "lognormal");
    assert_eq!(of(&Unit::HazardRatio, 0.0, 1.0), "uniform");
    assert_eq!(by_interval(&Unit::HazardRatio, 0.5, None), "lognormal");
}

#[test]
fn laws_of_an_interval_have_its_mean_and_its_width() {
    let of = |kind, value, low, high| from_interval(kind, value, low, high, Z).ok().unwrap();
    assert_eq!(of("uniform", 3.0, 2.0, 5.0), Law::Uniform(2.0, 5.0));
    let Law::Normal(mean, sd) = of("normal", 3.0, 2.0, 2.0 + 2.0 * Z) else {
        panic!("normal")
    };
    assert_eq!(mean, 3.0);
    close(sd, 1.0, 1e-12);
    let (Law::LogNormal(centre, spread), Law::Walk(walked, step)) =
        (of("lognormal", 3.0, 2.0, 5.0), of("walk", 3.0, 2.0, 5.0))
    else {
        panic!("lognormal and walk")
    };
    assert_eq!((centre, spread), (walked, step));
    close((centre + spread * spread / 2.0).exp(), 3.0, 1e-12);
    close((2.0 * Z * spread).exp(), 2.5, 1e-12);
    let Law::Gamma(shape, mean) = of("gamma", 3.0, 2.0, 2.0 + 2.0 * Z) else {
        panic!("gamma")
    };
    assert_eq!(mean, 3.0);
    close(shape, 9.0, 1e-12);
    let Law::Beta(a, b) = of("beta", 0.25, 0.1, 0.1 + 0.2 * Z) else {
        panic!("beta")
    };
    close(a / (a + b), 0.25, 1e-12);
    close(a * b / ((a + b).powi(2) * (a + b + 1.0)), 0.01, 1e-12);
}

#[test]
fn the_mean_of_a_logit_normal_law_is_the_value() {
    let law = from_interval("logit-normal", 0.02, 0.005, 0.08, Z)
        .ok()
        .unwrap();
    let Law::LogitNormal(centre, spread) = law else {
        panic!("logit-normal")
    };
    let logit = |p: f64| (p / (1.0 - p)).ln();
    close(2.0 * Z * spread, logit(0.08) - logit(0.005), 1e-12);
    // Simpson's rule on what the law says, far into both tails, which the 64 points of the program leave out.
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let worth = |x: f64| density(x) / (1.0 + (-centre - spread * x).exp());
    let (steps, most) = (4000, 10.0);
    let width = 2.0 * most / f64::from(steps);
    let weight = |i: i32| match i {
        0 => 1.0,
        i if i == steps => 1.0,
        i if i % 2 == 1 => 4.0,
        _ => 2.0,
    };
    let each = (0..=steps).map(|i| weight(i) * worth(-most + f64::from(i) * width));
    close(each.sum::<f64>() * width / 3.0, 0.02, 0.01);
    // As the program says it, the mean is the value to the last digits.
    let points = (0..64).map(|i| {
        let step = normal_quantile((f64::from(i) + 0.5) / 64.0);
        1.0 / (1.0 + (-centre - spread * step).exp())
    });
    close(points.sum::<f64>() / 64.0, 0.02, 1e-9);
}

#[test]
fn laws_without_room_are_refused() {
    let fault = |kind, value, low, high| {
        let fault = from_interval(kind, value, low, high, Z).err().unwrap();
        (fault.code, fault.column, fault.message)
    };
    let sides = "this law needs room on both sides".to_owned();
    let above = "this law is above 0".to_owned();
    for (kind, value, low, high, said) in [
        ("logit-normal", 0.5, 0.0, 0.8, &sides),
        ("logit-normal", 0.5, 0.2, 1.0, &sides),
        ("beta", 0.0, 0.0, 0.5, &sides),
        ("beta", 1.0, 0.5, 1.0, &sides),
        // As wide as a law on two points, or wider.
        ("beta", 0.5, 0.0, 2.0 * Z * 0.5, &sides),
        ("lognormal", 1.0, 0.0, 2.0, &above),
        ("walk", 1.0, 0.0, 2.0, &above),
        ("gamma", 0.0, 0.0, 2.0, &above),
    ] {
        assert_eq!(
            fault(kind, value, low, high),
            ("E314", "distribution", said.clone()),
            "{kind}"
        );
    }
    assert!(from_interval("beta", 0.5, 0.0, 2.0 * Z * 0.49, Z).is_ok());
}

#[test]
fn intervals_are_those_of_the_laws() {
    let of = |law| interval(law).unwrap();
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    assert_eq!(interval(Law::Fixed), None);
    both(
        of(Law::Normal(3.0, 2.0)),
        (3.0 - 2.0 * Z, 3.0 + 2.0 * Z),
        1e-9,
    );
    both(of(Law::Uniform(2.0, 6.0)), (2.1, 5.9), 1e-12);
    for law in [Law::LogNormal(0.5, 0.3), Law::Walk(0.5, 0.3)] {
        both(
            of(law),
            ((0.5 - 0.3 * Z).exp(), (0.5 + 0.3 * Z).exp()),
            1e-9,
        );
    }
    let share = of(Law::LogitNormal(0.5, 0.3));
    both(
        share,
        (logistic(0.5 - 0.3 * Z), logistic(0.5 + 0.3 * Z)),
        1e-9,
    );
    // Of Beta(a, 1) a share of x to the power of a lies below x, and of a gamma of shape 1 it is the exponential.
    let square = of(Law::Beta(2.0, 1.0));
    both(square, (0.025_f64.sqrt(), 0.975_f64.sqrt()), 1e-4);
    let exponential = of(Law::Gamma(1.0, 4.0));
    both(
        exponential,
        (-4.0 * 0.975_f64.ln(), -4.0 * 0.025_f64.ln()),
        1e-4,
    );
    assert_eq!(interval(Law::Gamma(2.0, 0.0)), Some((0.0, 0.0)));
    // What is very narrow is as good as normal.
    let sd = 0.5 / 2_000_001_f64.sqrt();
    both(of(Law::Beta(1e6, 1e6)), (0.5 - Z * sd, 0.5 + Z * sd), 1e-9);
    let sd = 7.0 / 1e3;
    both(of(Law::Gamma(1e6, 7.0)), (7.0 - Z * sd, 7.0 + Z * sd), 1e-9);
    // But not where there is no room on one side.
    let near_all = of(Law::Beta(200.0, 1.0));
    both(
        near_all,
        (0.025_f64.powf(0.005), 0.975_f64.powf(0.005)),
        1e-4,
    );
}

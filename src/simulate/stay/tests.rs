//! Stays by laws, lists and guides beside the laws themselves, and what is left of stays that are under way.

use super::*;

/// The mean over 200,000 stratified uniforms.
fn mean(f: impl Fn(f64) -> f64) -> f64 {
    let n = 200_000;
    (0..n)
        .map(|i| f((f64::from(i) + 0.5) / f64::from(n)))
        .sum::<f64>()
        / f64::from(n)
}

#[test]
fn what_is_listed_is_found_as_if_it_were_looked_for() {
    let gone = vec![(1.0, 0.25), (3.0, 0.25), (4.0, 0.6), (10.0, 1.0)];
    let listed = Listed::new(gone.clone());
    assert_eq!(listed.gone(), gone);
    let n = 10 * N_BEGINS;
    for i in 0..n {
        let u = (i as f64 + 0.5) / n as f64;
        let cell = (u * N_BEGINS as f64) as usize;
        let expected = match u {
            _ if u < 0.25 => 1,
            _ if u < 0.6 => 4,
            _ => 10,
        };
        assert_eq!(listed.steps_at(cell, u), expected, "{u}");
        assert_eq!(StayLaw::Listed(&gone).length(u), f64::from(expected), "{u}");
    }
    assert_eq!(Listed::new(Vec::new()).steps_at(0, 0.5), 0);
    // Of stays under way twice as many are of twice the length, each of which has a part left, rounded up.
    let even = vec![(2.0, 0.5), (4.0, 1.0)];
    let left = |u, part| StayLaw::Listed(&even).remaining(u, part, None);
    assert_eq!(
        [left(0.3, 0.9), left(0.4, 0.9), left(0.4, 0.3)],
        [2.0, 4.0, 2.0]
    );
}

#[test]
fn guides_enclose_the_lengths_of_their_cells() {
    for shaped in [
        Shaped::gamma(0.7),
        Shaped::weibull(0.8),
        Shaped::lognormal(0.9),
        Shaped::exponential(),
    ] {
        for cell in 1..N_GUIDES - 1 {
            let ends = [cell, cell + 1].map(|end| end as f64 / N_GUIDES as f64);
            let (low, high) = shaped.between(cell);
            assert!(low < shaped.length(1.0, ends[0]), "{cell}");
            assert!(high > shaped.length(1.0, ends[1]), "{cell}");
            // Between them the law itself is asked wherever they do not agree on the whole steps.
            for (mean, round) in [(0.4, 0.9), (2.5, 0.1), (7.3, 0.6)] {
                for u in [0.01, 0.5, 0.99].map(|part| ends[0] + part * (ends[1] - ends[0])) {
                    let steps = shaped.steps_at(mean, (cell, || u), round);
                    assert_eq!(steps, whole_steps(shaped.length(mean, u), round), "{u}");
                }
            }
        }
    }
}

#[test]
fn geometric_steps_are_those_of_the_law_itself() {
    let exponential = Arc::new(Shaped::exponential());
    for mean in [1.0, 1.3, 4.0, 60.0, 5_000.0] {
        let geometric_law = Geometric::new(mean, &exponential);
        for cell in 0..N_GUIDES {
            for part in [0.01, 0.5, 0.99] {
                let u = (cell as f64 + part) / N_GUIDES as f64;
                let steps = geometric_law.steps_at(cell, || u);
                assert_eq!(f64::from(steps), geometric(mean, u), "{mean} {u}");
            }
        }
    }
}

#[test]
fn a_list_is_looked_up_at_an_address_as_by_its_uniform() {
    let gone = vec![(1.0, 0.25), (4.0, 0.6), (10.0, 1.0)];
    let listed = Listed::new(gone.clone());
    for i in 0..200 {
        let at = Key::new(i);
        assert_eq!(f64::from(listed.steps(at)), listed_at(&gone, at.uniform()));
    }
}

#[test]
fn every_law_has_the_mean_it_is_given() {
    let shapes = [
        Shaped::gamma(0.7),
        Shaped::weibull(0.8),
        Shaped::lognormal(0.9),
        Shaped::exponential(),
    ];
    let laws = [
        StayLaw::Fixed(2.3),
        StayLaw::Geometric(2.3),
        StayLaw::Shaped(2.3, &shapes[3]),
        StayLaw::Shaped(2.3, &shapes[0]),
        StayLaw::Shaped(2.3, &shapes[1]),
        StayLaw::Shaped(2.3, &shapes[2]),
    ];
    for (index, law) in laws.iter().enumerate() {
        // The midpoint rule loses about 1e-4 of a heavy upper tail at this n.
        assert!(
            (mean(|u| law.length(u)) / 2.3 - 1.0).abs() < 1e-3,
            "law {index}"
        );
    }
}

#[test]
fn the_remaining_stay_has_the_equilibrium_mean() {
    // E[residual] = E[T²] / (2 E[T]); for a gamma of mean m and shape k that is m (1 + 1/k) / 2.
    let (k, m) = (2.0, 6.0);
    let (shaped, residual) = (
        Shaped::gamma(k),
        QuantileTable::gamma(k + 1.0, (k + 1.0) / k),
    );
    let gamma = mean(|u| StayLaw::Shaped(m, &shaped).remaining(u, 0.5, Some(&residual)));
    assert!(
        (gamma / (m * (1.0 + 1.0 / k) / 2.0) - 1.0).abs() < 1e-3,
        "gamma {gamma}"
    );
    let memoryless = Shaped::weibull(1.0);
    let weibull = mean(|u| StayLaw::Shaped(m, &memoryless).remaining(u, 0.5, None));
    assert!(
        (weibull / m - 1.0).abs() < 1e-3,
        "weibull of shape 1 is memoryless: {weibull}"
    );
}

#[test]
fn whole_steps_keep_the_mean_and_the_order() {
    // Null: mean 0.37 exactly; n = 100,000 gives sd 0.0015; alpha 1e-5 is 4.42 sd.
    let n = 100_000;
    let sum: i32 = (0..n)
        .map(|i| whole_steps(0.37, Key::new(1).with(i).uniform()))
        .sum();
    assert!((f64::from(sum) / n as f64 - 0.37).abs() < 4.42 * 0.0015);
    for i in 0..1000 {
        let u = Key::new(2).with(i).uniform();
        assert!(whole_steps(1.2, u) <= whole_steps(1.9, u));
    }
}

#[test]
fn a_list_gives_the_same_months_from_its_cells_on() {
    let weights = (0..90).map(|i| (i / 2, f64::from(i * 7 % 11)));
    for gone in [
        listed(weights),
        listed([(5, 2.0)].into_iter()),
        listed(std::iter::empty()),
    ] {
        let list = Listed::new(gone);
        for i in 0..20_000 {
            // Where cells begin and end is looked at too.
            let u = match i % 3 {
                0 => (f64::from(i % 64) / 64.0).max(1e-16),
                1 => f64::from(i % 64 + 1) / 64.0 - 1e-16,
                _ => Key::new(8).with(i as u64).uniform(),
            };
            let cell = ((u * N_BEGINS as f64) as usize).min(N_BEGINS - 1);
            let expected = listed_at(list.gone(), u) as i32;
            assert_eq!(list.steps_at(cell, u), expected, "u {u}");
        }
    }
}

#[test]
fn guides_give_the_same_months_as_the_law_itself() {
    let exponential = Arc::new(Shaped::exponential());
    let cell = |u: f64| (u * N_GUIDES as f64) as usize;
    let at = Key::new(5).with(6);
    assert_eq!(cell_of(at), cell(at.uniform()));
    for shaped in [
        Shaped::gamma(0.4),
        Shaped::gamma(8.0),
        Shaped::weibull(0.6),
        Shaped::lognormal(1.3),
    ] {
        for i in 0..100_000u64 {
            let (u, round) = (Key::new(3).with(i).uniform(), Key::new(4).with(i).uniform());
            // The ends of the unit interval and a wide range of means are looked at too.
            let u = match i % 50 {
                0 => u * 1e-15,
                1 => (1.0 - u * 1e-15).min(1.0 - 1.2e-16),
                _ => u,
            };
            let mean = 0.05 * (1.0 + (i % 97) as f64).powi(2);
            assert_eq!(
                shaped.steps_at(mean, (cell(u), || u), round),
                whole_steps(shaped.length(mean, u), round),
                "u {u}"
            );
            let waits = Geometric::new(mean, &exponential);
            let steps = waits.steps_at(cell(u), || u);
            assert_eq!(f64::from(steps), geometric(mean, u), "u {u}");
        }
    }
}

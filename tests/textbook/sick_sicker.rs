//! The Sick-Sicker model beside what was published about it, and beside a loop of its own where nothing was.

use super::exact::{answers_of, meet};
use super::plan_of;

/// Each option, and whether it has treatment A and treatment B.
const OPTIONS: [(&str, bool, bool); 4] = [
    ("standard", false, false),
    ("a", true, false),
    ("b", false, true),
    ("both", true, true),
];

/// Discounted cost in dollars and discounted years by their quality, of each option.
fn cost_and_quality(scenario: &str) -> ([f64; 4], [f64; 4]) {
    let ours = answers_of(plan_of(&format!("sick-sicker/{scenario}")));
    let of = |measure| [0, 1, 2, 3].map(|option| ours.appraised(option, measure));
    (of("present_value_of_cost"), of("quality"))
}

/// Alarid-Escudero and others (2022), introductory tutorial: one rate of death at every age. To the last printed place.
#[test]
fn one_rate_of_death_meets_the_published_costs_and_years() {
    let (cost, quality) = cost_and_quality("steady");
    let published = [151_580.0, 284_805.0, 259_100.0, 378_875.0];
    meet("cost", &cost, &published, 0.5);
    meet("quality", &quality, &[20.711, 21.499, 22.184, 23.137], 5e-4);
}

/// Alarid-Escudero and others (2023), tutorial on time dependence: deaths by age. To the last printed place.
#[test]
fn a_life_table_meets_the_published_costs_and_years() {
    let (cost, quality) = cost_and_quality("scenario");
    let published = [116_374.0, 218_789.0, 202_536.0, 296_300.0];
    meet("cost", &cost, &published, 0.5);
    meet("quality", &quality, &[18.879, 19.636, 20.199, 21.097], 5e-4);
    // Of the options that are not dominated.
    let of_one =
        |more: usize, than: usize| (cost[more] - cost[than]) / (quality[more] - quality[than]);
    meet("B", &[of_one(2, 0)], &[65_288.0], 0.5);
    meet("both", &[of_one(3, 2)], &[104_461.0], 0.5);
}

/// The disease becomes worse by a Weibull hazard in the years since falling ill, and people who fall ill again begin
/// anew. Returns the discounted cost and quality, and who is well, sick and sicker after each year.
fn residence(with_a: bool, with_b: bool, mortality: &[f64]) -> (f64, f64, Vec<[f64; 3]>) {
    let rate_to = |rate: f64| 1.0 - (-rate).exp();
    let (ill, recovers) = (rate_to(0.15), rate_to(0.5));
    let treated = 12_000.0 * f64::from(with_a) + 13_000.0 * f64::from(with_b);
    let of_sick = if with_a { 0.95 } else { 0.75 };
    let (mut well, mut sicker) = (1.0, 0.0);
    let mut sick = vec![0.0; mortality.len()];
    let (mut cost, mut quality, mut trace) = (2_000.0 / 3.0, 1.0 / 3.0, Vec::new());
    let last = mortality.len();
    for (year, rate) in mortality.iter().enumerate() {
        let [of_well, of_sick_dying, of_sicker] =
            [1.0, 3.0, 10.0].map(|ratio| rate_to(ratio * rate));
        let there: f64 = sick.iter().sum();
        let dying = of_well * well + of_sick_dying * there + of_sicker * sicker;
        let survivors = (1.0 - of_well) * well;
        let (mut back, mut worse) = (0.0, 0.0);
        for years in (0..last).rev() {
            let hazard = |t: usize| (0.08 * t as f64).powf(1.1);
            let ratio = if with_b { 0.6 } else { 1.0 };
            let becomes_worse = rate_to(ratio * (hazard(years + 1) - hazard(years)));
            let alive = (1.0 - of_sick_dying) * sick[years];
            back += recovers * alive;
            worse += becomes_worse * alive;
            if years + 1 < last {
                sick[years + 1] = (1.0 - recovers - becomes_worse) * alive;
            }
        }
        sick[0] = ill * survivors;
        well = (1.0 - ill) * survivors + back;
        sicker = (1.0 - of_sicker) * sicker + worse;
        let weight = match year + 1 {
            n if n == last => 1.0 / 3.0,
            n if n % 2 == 1 => 2.0 / 3.0,
            _ => 4.0 / 3.0,
        };
        let weight = weight / 1.03_f64.powi(year as i32 + 1);
        let there: f64 = sick.iter().sum();
        let care = 2_000.0 * well + (4_000.0 + treated) * there + (15_000.0 + treated) * sicker;
        cost += weight * (care + 1_000.0 * sick[0] + 2_000.0 * dying);
        quality += weight * (well + of_sick * there - 0.01 * sick[0] + 0.5 * sicker);
        trace.push([well, there, sicker]);
    }
    (cost, quality, trace)
}

#[test]
fn a_hazard_since_falling_ill_beside_a_life_table_is_what_a_loop_of_its_own_finds() {
    let ours = answers_of(plan_of("sick-sicker/residence"));
    let mortality = life_table();
    assert_eq!(mortality.len(), 75);
    for (option, (id, with_a, with_b)) in OPTIONS.into_iter().enumerate() {
        let (cost, quality, trace) = residence(with_a, with_b, &mortality);
        let appraised = |measure| ours.appraised(option, measure);
        meet("cost", &[appraised("present_value_of_cost")], &[cost], 1e-7);
        meet("quality", &[appraised("quality")], &[quality], 1e-11);
        for (place, state) in ["are_healthy", "are_sick", "are_sicker"].iter().enumerate() {
            let expected: Vec<f64> = trace.iter().map(|shares| shares[place]).collect();
            // The first year is the one before the first cycle.
            meet(state, &ours.series(id, state, false)[1..], &expected, 1e-12);
        }
    }
}

/// Deaths a year from 25 to 99 as the model's table has them.
fn life_table() -> Vec<f64> {
    let table = include_str!("../../models/textbook/sick-sicker/parameters/sick-sicker.csv");
    let mut rates = Vec::new();
    for line in table.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[0] == "mortality" && cells[1].parse::<u32>().is_ok_and(|age| age >= 25) {
            rates.push(cells[3].parse().unwrap());
        }
    }
    rates
}

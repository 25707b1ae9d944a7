//! Expected flows beside answers that others published or that can be worked out on paper.

use needscast::appraise::appraise;
use needscast::compile::Plan;
use needscast::draw::draw;
use needscast::simulate::{Births, Layout, expect};

/// A textbook model's expectations, row 0.
pub(super) struct Answers {
    plan: Plan,
    layout: Layout,
    values: Vec<f64>,
    appraisal: Vec<(usize, String, String, f64)>,
}

fn answers(name: &str) -> Answers {
    answers_of(super::plan(name))
}

pub(super) fn answers_of(mut plan: Plan) -> Answers {
    plan.n_draws = 0;
    let draws = draw(&plan);
    let out = expect(&plan, &draws, Births::ByStep, &|| {});
    let rows = appraise(&plan, &draws, &out).rows.into_iter();
    let rows = rows.map(|row| (row.option, row.measure, row.perspective, row.estimate.mean));
    Answers {
        appraisal: rows.collect(),
        layout: out.layout,
        values: out.rows[0].values.clone(),
        plan,
    }
}

impl Answers {
    /// A measure of an option in the only area, in every year or every month.
    pub fn series(&self, option: &str, measure: &str, is_monthly: bool) -> Vec<f64> {
        let option = self
            .plan
            .options
            .iter()
            .position(|o| o.id == option)
            .unwrap();
        let is_it =
            |s: &needscast::simulate::Series| s.measure == measure && s.is_monthly == is_monthly;
        let series = self.layout.series.iter().position(is_it).unwrap();
        let n = self.layout.series[series].n_periods;
        let at = |period| self.values[self.layout.at(option, 0, series, period)];
        (0..n).map(at).collect()
    }

    /// A number of the appraisal over all payers or people.
    pub fn appraised(&self, option: usize, measure: &str) -> f64 {
        let row = self.appraisal.iter().find(|(o, m, who, _)| {
            *o == option && m == measure && ["public-sector", "people"].contains(&who.as_str())
        });
        row.unwrap_or_else(|| panic!("no {measure}")).3
    }
}

/// Beside the published figures to half their last printed place.
pub(super) fn meet(what: &str, ours: &[f64], published: &[f64], tolerance: f64) {
    for (index, (ours, published)) in ours.iter().zip(published).enumerate() {
        assert!(
            (ours - published).abs() <= tolerance,
            "{what}, {index}: {ours} is not {published}"
        );
    }
}

/// Chancellor et al. 1997 as in Briggs, Claxton and Sculpher (2006), example 2.5; to 1e-7.
#[test]
fn hiv_meets_the_published_costs_life_years_and_trace() {
    let hiv = answers("hiv");
    meet(
        "cost",
        &[hiv.appraised(0, "present_value_of_cost")],
        &[44_663.453_563_7],
        1e-7,
    );
    meet(
        "cost",
        &[hiv.appraised(1, "present_value_of_cost")],
        &[50_601.651_331_2],
        1e-7,
    );
    meet(
        "life-years",
        &[hiv.appraised(0, "life_years")],
        &[7.991_206_6],
        1e-7,
    );
    meet(
        "life-years",
        &[hiv.appraised(1, "life_years")],
        &[8.937_388_9],
        1e-7,
    );
    meet(
        "a life-year",
        &[hiv.appraised(1, "cost_per_life_years")],
        &[6_275.955_603_531_786],
        1e-6,
    );
    let trace = |option: &str, year: usize| -> Vec<f64> {
        let of = |state: &str| hiv.series(option, &format!("in_{state}"), false)[year];
        ["a", "b", "c", "d"].into_iter().map(of).collect()
    };
    for (option, year, published) in [
        (
            "mono",
            0,
            [0.721_453_29, 0.201_845_44, 0.066_897_35, 0.009_803_92],
        ),
        (
            "mono",
            1,
            [0.520_494_85, 0.262_910_63, 0.180_596_02, 0.035_998_51],
        ),
        (
            "combination",
            0,
            [0.858_219_72, 0.102_739_33, 0.034_050_75, 0.004_990_2],
        ),
        (
            "combination",
            1,
            [0.736_541_09, 0.169_005_17, 0.080_226_83, 0.014_226_9],
        ),
        (
            "combination",
            2,
            [0.531_379_99, 0.246_873_17, 0.178_238_54, 0.043_508_3],
        ),
    ] {
        meet(option, &trace(option, year), &published, 1e-8);
    }
    for (option, published) in [
        (
            "mono",
            [
                0.001_459_366_4,
                0.002_070_767_5,
                0.028_233_422_4,
                0.968_236_443_8,
            ],
        ),
        (
            "combination",
            [
                0.002_065_118,
                0.002_918_715_5,
                0.036_223_472_9,
                0.958_792_693_5,
            ],
        ),
    ] {
        meet(option, &trace(option, 19), &published, 1e-10);
    }
}

/// The table of Recidiviz's transition model and a policy worked by hand on it.
#[test]
fn length_of_stay_tables_release_by_destination() {
    let held = answers("length-of-stay");
    let as_it_stands = "business-as-usual";
    let jail = [4.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let prison = [2.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0];
    let (to_jail, to_prison) = (
        held.series(as_it_stands, "to_jail", true),
        held.series(as_it_stands, "to_prison", true),
    );
    meet("to jail", &to_jail, &jail, 1e-12);
    meet("to prison", &to_prison, &prison, 1e-12);
    let still: Vec<f64> = [15.0]
        .into_iter()
        .chain(held.series(as_it_stands, "held", true))
        .collect();
    let shares = |left: &[f64]| -> Vec<f64> {
        left.iter()
            .zip(&still)
            .take(10)
            .map(|(n, held)| n / held)
            .collect()
    };
    let mut published = vec![4.0 / 15.0, 2.0 / 9.0];
    published.resize(10, 0.0);
    meet("share to jail", &shares(&to_jail), &published, 1e-12);
    let mut published = vec![0.0; 10];
    (published[0], published[2], published[9]) = (2.0 / 15.0, 4.0 / 7.0, 1.0);
    meet("share to prison", &shares(&to_prison), &published, 1e-12);
    let less = [2.0, 0.5, 3.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.375, 2.625];
    meet(
        "half a step less",
        &held.series("half-a-step-less", "to_prison", true),
        &less,
        1e-12,
    );
    meet(
        "jail as before",
        &held.series("half-a-step-less", "to_jail", true),
        &jail,
        1e-12,
    );
}

/// A lever that shortens stays of one to four years by one, from the sixteenth year.
#[test]
fn a_dated_lever_reaches_entrants_or_everyone() {
    let lever = answers("dated-lever");
    let mut before = vec![100.0, 175.0, 225.0];
    before.resize(15, 250.0);
    for (option, after) in [
        ("business-as-usual", [250.0; 6]),
        ("prospective", [250.0, 225.0, 200.0, 175.0, 175.0, 175.0]),
        ("retroactive", [175.0; 6]),
    ] {
        let published: Vec<f64> = before.iter().copied().chain(after).collect();
        let held = lever.series(option, "held", false);
        assert_eq!(held.len(), 21);
        meet(option, &held, &published, 1e-9);
    }
    for (option, place_years) in [(1, 300.0), (2, 450.0)] {
        meet(
            "avoided",
            &[-lever.appraised(option, "held_increment")],
            &[place_years],
            1e-8,
        );
        let pounds = -lever.appraised(option, "present_value_of_cost_increment");
        meet("saved", &[pounds], &[1000.0 * place_years], 1e-5);
    }
}

/// Inflow convolved with stay; the figures of the Ministry of Justice's `prisonsreadyreckoner`.
#[test]
fn outflow_is_inflow_convolved_with_stay() {
    let flows = answers("stock-and-flow");
    let series = |measure: &str| flows.series("business-as-usual", measure, true);
    for (measure, published) in [
        (
            "out_steady",
            vec![0.0, 0.0, 0.5, 0.75, 0.85, 0.95, 1.0, 1.0, 1.0, 1.0],
        ),
        (
            "stock_steady",
            vec![0.0, 0.0, 0.5, 0.75, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95],
        ),
        ("out_impulse", vec![0.5, 0.25, 0.1, 0.1, 0.05, 0.0, 0.0]),
        ("stock_impulse", vec![0.5, 0.25, 0.15, 0.05, 0.0, 0.0]),
        (
            "out_double",
            vec![0.0, 0.0, 1.2, 1.8, 1.96, 2.0, 2.0, 2.0, 2.0, 2.0],
        ),
        ("stock_double", vec![0.0, 0.0, 0.8, 1.0, 1.04, 1.04, 1.04]),
        (
            "out_late",
            vec![0.0, 0.0, 0.0, 0.0, 0.6, 0.3, 0.08, 0.02, 0.0, 0.0],
        ),
        ("out_lag_1", vec![0.23, 0.77, 0.0]),
        ("out_lag_2", vec![0.0, 0.75, 0.25, 0.0]),
        ("out_lag_3", vec![0.0, 0.0, 0.0, 0.94, 0.06, 0.0]),
        (
            "out_lag_4",
            vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.28, 0.72, 0.0],
        ),
        ("out_lag_5", vec![0.0, 0.0, 0.0, 0.8, 0.2, 0.0]),
    ] {
        meet(measure, &series(measure), &published, 1e-9);
    }
}

/// Means of a binomial decay and of births and deaths: `100 0.8^n` and `300 (1 - 0.9^n)` after `n` months.
#[test]
fn decay_and_births_with_deaths_have_their_closed_means() {
    let decay = answers("decay");
    let left = decay.series("business-as-usual", "left", true);
    let alive = decay.series("business-as-usual", "alive", true);
    for n in 1..=36 {
        meet(
            "left",
            &[left[n - 1]],
            &[100.0 * 0.8_f64.powi(n as i32)],
            1e-9,
        );
        meet(
            "alive",
            &[alive[n - 1]],
            &[300.0 * (1.0 - 0.9_f64.powi(n as i32))],
            1e-9,
        );
    }
    meet("after five months", &[left[4]], &[32.768], 1e-9);
    meet(
        "in the 24th month",
        &[alive[23]],
        &[276.070_067_076_9],
        1e-9,
    );
}

/// Total hip replacement as in Briggs, Claxton and Sculpher (2006), example 3.5; to the last printed place.
#[test]
fn hip_replacement_meets_the_published_costs_quality_and_traces() {
    let hip = answers("hip");
    // In the states after one to eight years: well, revised, well again, dead.
    let states = ["with_first", "with_revision", "with_later", "died"];
    let standard = [
        [0.98, 0.0, 0.0, 0.02],
        [0.972_657_20, 0.000_776_8, 0.0, 0.026_566_00],
        [0.965_165_48, 0.000_974_91, 0.000_756_06, 0.033_103_54],
        [0.957_571_09, 0.001_158_02, 0.001_669_64, 0.039_601_25],
        [0.937_835_61, 0.001_321_15, 0.002_683_14, 0.058_160_10],
        [0.918_389_63, 0.001_453_07, 0.003_793_26, 0.076_364_04],
        [0.899_243_05, 0.001_573_39, 0.004_964_29, 0.094_219_27],
        [0.880_402_25, 0.001_683_98, 0.006_181_46, 0.111_732_31],
    ];
    let new = [
        [0.98, 0.0, 0.0, 0.02],
        [0.973_231_45, 0.000_202_55, 0.0, 0.026_566_00],
        [0.966_456_41, 0.000_254_38, 0.000_197_15, 0.033_092_06],
        [0.959_686_65, 0.000_302_39, 0.000_435_53, 0.039_575_43],
        [0.940_836_83, 0.000_345_29, 0.000_700_21, 0.058_117_67],
        [0.922_326_57, 0.000_380_12, 0.000_990_40, 0.076_302_91],
        [0.904_153_27, 0.000_412_01, 0.001_296_86, 0.094_137_86],
        [0.886_313_55, 0.000_441_44, 0.001_615_77, 0.111_629_24],
    ];
    for (option, trace) in [("standard", standard), ("new", new)] {
        for (place, state) in states.iter().enumerate() {
            let published = trace.map(|shares| shares[place]);
            meet(state, &hip.series(option, state, false), &published, 5.1e-9);
        }
    }
    let appraised = |measure| [0, 1].map(|option| hip.appraised(option, measure));
    let costs = appraised("present_value_of_cost");
    let quality = appraised("quality");
    meet("cost", &costs, &[512.434_658, 610.311_818], 5e-7);
    meet("quality", &quality, &[14.653_189_6, 14.697_709_86], 5e-8);
    let of_one = (costs[1] - costs[0]) / (quality[1] - quality[0]);
    meet("cost of a year", &[of_one], &[2_198.486_665], 5e-7);
}

/// The model of `wear` worked out by itself: cohorts by years since fitting, chances that add up, and sums over sixty
/// years. Returns the discounted cost, the discounted years by quality, and those alive at the end of each year.
fn wear(risk: f64) -> (f64, f64, Vec<f64>) {
    let mortality = |age: usize| match age {
        ..=54 => 0.004,
        55..=64 => 0.010,
        65..=74 => 0.026,
        75..=84 => 0.070,
        _ => 0.17,
    };
    let survival = |t: usize| (-0.012 * risk * (t as f64).powf(1.4)).exp();
    let (mut well, mut mending, mut again) = (1.0, 0.0, 0.0);
    let quality = |well: f64, mending: f64, again: f64| 0.85 * well + 0.3 * mending + 0.75 * again;
    let (mut cost, mut years, mut alive) = (0.0, 0.0, Vec::new());
    for year in 0..60 {
        let before = quality(well, mending, again);
        let dies = mortality(60 + year);
        let wears = 1.0 - survival(year + 1) / survival(year);
        let repairs = wears * well + 0.05 * again;
        let mended = 0.8 * mending;
        again += mended - (0.05 + dies) * again;
        mending += repairs - mended - dies * mending;
        well -= (wears + dies) * well;
        cost += 5300.0 * repairs / 1.06_f64.powi(year as i32);
        years += 0.5 * (before + quality(well, mending, again)) / 1.015_f64.powi(year as i32);
        alive.push(well + mending + again);
    }
    (cost, years, alive)
}

#[test]
fn wear_and_mortality_are_what_a_loop_of_its_own_finds() {
    let ours = answers("wear");
    for (option, (id, risk)) in [("business-as-usual", 1.0), ("better", 0.6)]
        .into_iter()
        .enumerate()
    {
        let (cost, years, alive) = wear(risk);
        meet("alive", &ours.series(id, "alive", false), &alive, 1e-12);
        meet(
            "cost",
            &[ours.appraised(option, "present_value_of_cost")],
            &[cost],
            1e-8,
        );
        meet(
            "years",
            &[ours.appraised(option, "quality")],
            &[years],
            1e-10,
        );
    }
}

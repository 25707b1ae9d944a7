//! Published frontiers, ratios and net benefits.

use super::{appraise, close, dominated, number, on_frontier, single_draws};

/// Options called S1, S2 … as in heemod's tests.
fn numbered(costs: &[f64], effects: &[f64]) -> String {
    let pairs = costs.iter().zip(effects).enumerate();
    let options: Vec<(String, f64, f64)> = pairs
        .map(|(index, (cost, effect))| (format!("S{}", index + 1), *cost, *effect))
        .collect();
    single_draws(&options)
}

/// Chancellor and others 1997; Briggs, Claxton and Sculpher 2006, example 2.5; the figures of heemod's tests.
#[test]
fn combination_therapy_costs_what_was_published_for_a_life_year() {
    let table = single_draws(&[
        ("mono", 44_663.453_563_7, 7.991_206_6),
        ("comb", 50_601.651_331_2, 8.937_388_9),
    ]);
    let answer = appraise(&table, &["--threshold", "6000,7000"]);
    close(&answer["options"][1]["icer"], 6_275.955_60, 5e-4);
    assert!(answer["options"][0]["icer"].is_null());
    assert_eq!(answer["best"]["6000"], "mono");
    assert_eq!(answer["best"]["7000"], "comb");
    assert_eq!(answer["evpi"]["7000"], 0.0);
}

/// heemod, `test_efficiency_frontier.R`: all thirteen of its cases.
#[test]
fn frontiers_are_those_of_heemod() {
    let cases: [(&[f64], &[f64], &[&str]); 13] = [
        (
            &[
                14807.0, 26041.0, 49706.0, 64266.0, 40022.0, 57392.0, 91744.0, 54651.0,
            ],
            &[
                9.635, 10.2497, 11.1654, 11.5152, 11.582, 11.6248, 11.6296, 11.6588,
            ],
            &["S1", "S5", "S8"],
        ),
        (
            &[26041.0, 14807.0, 49706.0, 64266.0, 40022.0],
            &[9.13, 9.635, 11.1654, 11.5152, 11.582],
            &["S2", "S5"],
        ),
        (
            &[25000.0, 35000.0, 50000.0, 54651.0, 64266.0, 91744.0],
            &[10.2497, 11.1654, 11.3, 11.6588, 11.7, 12.1],
            &["S1", "S2", "S4", "S6"],
        ),
        (
            &[26041.0, 49706.0, 64266.0, 57392.0, 91744.0, 54651.0],
            &[10.2497, 11.1654, 11.5152, 11.6248, 11.6296, 11.6296],
            &["S1", "S6"],
        ),
        (
            &[26041.0, 42000.0, 54651.0, 60000.0, 76000.0],
            &[10.2497, 11.1654, 11.6296, 11.7, 11.8],
            &["S1", "S2", "S3", "S4", "S5"],
        ),
        (
            &[
                25000.0, 35000.0, 50000.0, 54651.0, 58500.0, 64266.0, 91744.0,
            ],
            &[10.2497, 10.2497, 11.3, 11.6588, 11.6588, 11.7, 12.1],
            &["S1", "S4", "S7"],
        ),
        (
            &[
                25000.0, 25000.0, 50000.0, 58500.0, 58500.0, 64266.0, 91744.0,
            ],
            &[10.2497, 10.25, 11.3, 11.6588, 11.6588, 11.7, 12.1],
            &["S2", "S4", "S5", "S7"],
        ),
        (&[26041.0, 42000.0], &[10.2497, 11.1654], &["S1", "S2"]),
        (&[26041.0, 21000.0], &[10.2497, 11.1654], &["S2"]),
        (
            &[26041.0, 21000.0, 19000.0],
            &[10.2497, 11.1654, 11.5],
            &["S3"],
        ),
        (
            &[26041.0, 27000.0, 19000.0],
            &[10.2497, 11.1654, 11.5],
            &["S3"],
        ),
        (&[26041.0], &[10.2497], &["S1"]),
        (&[15.0, 10.0, 15.0], &[12.0, 12.0, 15.0], &["S2", "S3"]),
    ];
    for (case, (costs, effects, members)) in cases.iter().enumerate() {
        let answer = appraise(&numbered(costs, effects), &[]);
        assert_eq!(on_frontier(&answer), *members, "case {}", case + 1);
    }
}

/// dampack, `test_calculate_icers.R`, from herc.research.va.gov.
#[test]
fn ratios_along_the_frontier_are_those_of_dampack() {
    let table = single_draws(&[
        ("E", 55000.0, 5.0),
        ("D", 35000.0, 4.0),
        ("C", 25000.0, 3.0),
        ("B", 10000.0, 2.0),
        ("A", 12000.0, 1.5),
        ("UC", 5000.0, 1.0),
    ]);
    let answer = appraise(&table, &["--comparator", "UC"]);
    assert_eq!(on_frontier(&answer), ["E", "D", "B", "UC"]);
    assert_eq!(dominated(&answer, "extended"), ["C"]);
    assert_eq!(dominated(&answer, "strong"), ["A"]);
    for (index, icer) in [(0, 20000.0), (1, 12500.0), (3, 5000.0)] {
        close(&answer["options"][index]["icer"], icer, 1e-9);
    }
    for index in [2, 4, 5] {
        assert!(answer["options"][index]["icer"].is_null());
    }
    close(
        &answer["options"][3]["increment"]["cost"]["mean"],
        5000.0,
        0.0,
    );
    assert!(answer["options"][5]["increment"].is_null());
}

/// dampack, the same file: of two options that achieve the same the cheaper one stands, and it is cheapest of all.
#[test]
fn the_reference_of_a_tie_is_the_cheaper_option() {
    let table = single_draws(&[
        ("No treat", 163_771.0, 6.48273),
        ("Treat all", 164_848.7, 6.52861),
        ("Test & treat", 163_765.1, 6.52861),
    ]);
    let answer = appraise(&table, &[]);
    assert_eq!(on_frontier(&answer), ["Test & treat"]);
    assert_eq!(dominated(&answer, "strong"), ["No treat", "Treat all"]);
    assert!(
        answer["options"]
            .as_array()
            .unwrap()
            .iter()
            .all(|o| o["icer"].is_null())
    );
}

#[test]
fn twins_straight_lines_and_savings_stand_as_documented() {
    let twins = single_draws(&[
        ("a", 1.0, 0.0),
        ("b", 2.0, 1.0),
        ("b too", 2.0, 1.0),
        ("c", 3.0, 2.0),
    ]);
    let answer = appraise(&twins, &["--threshold", "1"]);
    assert_eq!(on_frontier(&answer), ["a", "b", "b too", "c"]);
    for index in 1..4 {
        close(&answer["options"][index]["icer"], 1.0, 1e-12);
    }
    // At a worth of 1 all are equally good, and the first takes the draw.
    assert_eq!(answer["options"][0]["probability_best"]["1"], 1.0);
    assert_eq!(answer["evpi"]["1"], 0.0);
    let savings = single_draws(&[
        ("do less", -500.0, -20.0),
        ("as now", 0.0, 0.0),
        ("waste", 100.0, -1.0),
    ]);
    let answer = appraise(&savings, &[]);
    assert_eq!(on_frontier(&answer), ["do less", "as now"]);
    close(&answer["options"][1]["icer"], 25.0, 1e-12);
}

/// The first case of value of information: worked by hand in four draws.
#[test]
fn four_draws_by_hand() {
    let (effects, costs) = (
        [(1.0, 1.2), (1.1, 1.0), (0.9, 1.3), (1.0, 1.1)],
        [(100, 180), (90, 150), (110, 200), (100, 170)],
    );
    let mut table = "option,draw,cost,outcome\n".to_owned();
    for (draw, (effect, cost)) in effects.iter().zip(costs).enumerate() {
        table += &format!(
            "1,{draw},{},{}\n2,{draw},{},{}\n",
            cost.0, effect.0, cost.1, effect.1
        );
    }
    let answer = appraise(&table, &["--threshold", "250,400,500,1000"]);
    let second = &answer["options"][1];
    close(&second["increment"]["outcome"]["mean"], 0.15, 1e-12);
    close(&second["increment"]["cost"]["mean"], 75.0, 1e-12);
    close(&second["icer"], 500.0, 1e-9);
    for (threshold, benefits, probability, evpi) in [
        ("250", (150.0, 112.5), 0.25, 2.5),
        ("400", (300.0, 285.0), 0.25, 17.5),
        ("500", (400.0, 400.0), 0.5, 32.5),
        ("1000", (900.0, 975.0), 0.75, 40.0),
    ] {
        close(
            &answer["options"][0]["net_benefit_mean"][threshold],
            benefits.0,
            1e-9,
        );
        close(&second["net_benefit_mean"][threshold], benefits.1, 1e-9);
        close(&second["probability_best"][threshold], probability, 0.0);
        close(&answer["evpi"][threshold], evpi, 1e-9);
    }
}

/// BCEA, `test-bcea.R`: incremental benefits of the reference over the other option in each of two draws.
#[test]
fn incremental_benefits_are_those_of_bcea() {
    for ((cost, effect), [at_five, at_ten]) in
        [((100.0, 1.0), [95.0, 90.0]), ((10.0, -2.0), [20.0, 30.0])]
    {
        let table = single_draws(&[("1", 0.0, 0.0), ("2", cost, effect)]);
        let answer = appraise(&table, &["--threshold", "5,10", "--comparator", "2"]);
        let benefit = &answer["options"][0]["increment"]["net_benefit"];
        close(&benefit["5"]["mean"], at_five, 0.0);
        close(&benefit["10"]["mean"], at_ten, 0.0);
    }
}

/// BCEA, `test-compute_kstar`: best (1, 1, 2, 3) over 0 to 3 changes hands at 2 and at 3; an option that stays best never
/// does. `test-best_interv`: increments of 10, -5 and 20 over the other make 1, 2 and 1 best.
#[test]
fn the_best_option_changes_hands_where_bcea_says() {
    let bests = |table: &str, thresholds: &str| -> Vec<String> {
        let answer = appraise(table, &["--threshold", thresholds]);
        let best = |threshold: &str| answer["best"][threshold].as_str().unwrap().to_owned();
        thresholds.split(',').map(best).collect()
    };
    let three = single_draws(&[("1", 0.0, 0.0), ("2", 1.5, 1.0), ("3", 4.0, 2.0)]);
    let best = bests(&three, "0,1,2,3");
    assert_eq!(best, ["1", "1", "2", "3"]);
    let switches: Vec<usize> = (1..4).filter(|k| best[*k] != best[k - 1]).collect();
    assert_eq!(switches, [2, 3]);
    assert_eq!(
        bests(&single_draws(&[("1", 0.0, 1.0), ("2", 1.0, 1.0)]), "0,1,2"),
        ["1"; 3]
    );
    for (increment, best) in [(10.0, "1"), (-5.0, "2"), (20.0, "1")] {
        let table = single_draws(&[("1", 0.0, increment), ("2", 0.0, 0.0)]);
        assert_eq!(bests(&table, "1"), [best]);
    }
}

/// Washington State Institute for Public Policy, Adult Criminal Justice, May 2015, dollars a participant: benefits as
/// outcomes worth 1 each. What costs nothing has a net present value and no ratio.
#[test]
fn washington_programmes_have_their_published_values_and_ratios() {
    let programmes: [(&str, f64, f64, f64, Option<f64>); 6] = [
        (
            "Electronic monitoring (probation)",
            27363.0,
            1102.0,
            28465.0,
            None,
        ),
        (
            "Offender Re-entry Community Safety",
            58499.0,
            -33254.0,
            25245.0,
            Some(1.76),
        ),
        (
            "Therapeutic communities",
            27658.0,
            -3665.0,
            23994.0,
            Some(7.56),
        ),
        (
            "Correctional education",
            23346.0,
            -1161.0,
            22185.0,
            Some(20.13),
        ),
        (
            "Day reporting centres",
            24494.0,
            -3863.0,
            20631.0,
            Some(6.38),
        ),
        (
            "Vocational education in prison",
            21377.0,
            -1619.0,
            19757.0,
            Some(13.22),
        ),
    ];
    let mut options = vec![("nothing", 0.0, 0.0)];
    options.extend(
        programmes
            .iter()
            .map(|(name, benefits, cost, ..)| (*name, -cost, *benefits)),
    );
    let answer = appraise(&single_draws(&options), &["--threshold", "1"]);
    for (index, (name, _, _, value, ratio)) in programmes.iter().enumerate() {
        let increment = &answer["options"][index + 1]["increment"];
        close(&increment["net_benefit"]["1"]["mean"], *value, 1.0);
        match ratio {
            None => assert!(increment["benefit_cost_ratio"]["1"].is_null(), "{name}"),
            // The source rounds benefits and costs after it divides.
            Some(ratio) => {
                let found = number(&increment["benefit_cost_ratio"]["1"]);
                assert!((found / ratio - 1.0).abs() < 0.01, "{name}: {found}");
            }
        }
    }
    assert_eq!(answer["best"]["1"], "Electronic monitoring (probation)");
}

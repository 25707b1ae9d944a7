//! Values by criteria, and the weights at which they change places.

use super::{close, dominated, number, on_frontier, value};

/// The office location of Goodwin and Wright, "Decision Analysis for Management Judgment", chapter 3. Inputs as recalled;
/// the values they give are the ones that were printed: Addison Square 80.8, Elton Street 64.8, Gorton Square 60.2 …
const OFFICES: &str = "\
option,cost,closeness,visibility,image,size,comfort,car parking
Addison Square,30000,100,60,100,75,0,90
Bilton Village,15000,20,80,10,30,100,30
Carlisle Walk,5000,80,70,0,0,10,100
Denver Street,12000,70,50,30,55,30,90
Elton Street,30000,40,60,90,100,60,70
Filton Village,15000,0,0,70,0,80,0
Gorton Square,10000,60,100,20,50,50,80
";

const WEIGHTS: &str = "\
criterion,weight
closeness,32
visibility,26
image,23
size,10
comfort,6
car parking,3
";

#[test]
fn offices_have_their_printed_values_and_frontier() {
    let answer = value(OFFICES, WEIGHTS, &[]);
    let values = [80.8, 39.4, 47.4, 52.3, 64.8, 20.9, 60.2];
    for (index, (value, rank)) in values.into_iter().zip([1, 6, 5, 4, 2, 7, 3]).enumerate() {
        close(&answer["options"][index]["value"], value, 1e-9);
        assert_eq!(answer["options"][index]["rank"], rank);
    }
    assert_eq!(
        on_frontier(&answer),
        ["Addison Square", "Carlisle Walk", "Gorton Square"]
    );
    assert_eq!(dominated(&answer, "extended"), [""; 0]);
}

/// The same book asks at which weight of turnover (closeness, visibility and image together, 81) Elton Street overtakes:
/// it reads 52.1 off a chart, and the lines cross at 52.2.
#[test]
fn the_weight_at_which_the_best_office_changes_is_exact() {
    let (turnover, conditions) = (81.0, 19.0);
    let group = |parts: [(f64, f64); 3], weight: f64| {
        parts
            .iter()
            .map(|(weight, score)| weight * score)
            .sum::<f64>()
            / weight
    };
    let mut scores = "option,criterion,value\n".to_owned();
    for line in OFFICES.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let at = |column: usize| cells[column].parse::<f64>().unwrap();
        let sales = group([(32.0, at(2)), (26.0, at(3)), (23.0, at(4))], turnover);
        let work = group([(10.0, at(5)), (6.0, at(6)), (3.0, at(7))], conditions);
        scores += &format!("{0},turnover,{sales}\n{0},conditions,{work}\n", cells[0]);
    }
    let answer = value(
        &scores,
        "criterion,weight\nturnover,81\nconditions,19\n",
        &[],
    );
    close(&answer["options"][0]["value"], 80.8, 1e-9);
    let crossovers = answer["crossovers"].as_array().unwrap().iter();
    let best: Vec<_> = crossovers
        .filter(|crossover| {
            crossover["changes_best"] == true && crossover["criterion"] == "turnover"
        })
        .collect();
    assert_eq!(best.len(), 1);
    // 53.684 + 33.476 w meets 82.632 - 22.013 w.
    let (addison, elton) = (
        (7060.0 / 81.0, 1020.0 / 19.0),
        (4910.0 / 81.0, 1570.0 / 19.0),
    );
    let share = (elton.1 - addison.1) / ((addison.0 - addison.1) - (elton.0 - elton.1));
    close(&best[0]["weight"], 100.0 * share, 1e-9);
    close(&best[0]["weight"], 52.1, 0.1);
    assert_eq!(best[0]["ahead_below"], "Elton Street");
    assert_eq!(best[0]["ahead_above"], "Addison Square");
    // At exactly that weight the two are worth the same, and a little to either side they are not.
    for (nudge, leader) in [(-0.01, "Elton Street"), (0.01, "Addison Square")] {
        let weight = number(&best[0]["weight"]) + nudge;
        let weights = format!(
            "criterion,weight\nturnover,{weight}\nconditions,{}\n",
            100.0 - weight
        );
        let answer = value(&scores, &weights, &[]);
        let first = super::options_that(&answer, |option| option["rank"] == 1);
        assert_eq!(first, [leader]);
    }
}

#[test]
fn long_and_wide_tables_say_the_same() {
    let wide = "option,cost,access,quality\na,3,10,20\nb,4,30,0\n";
    let long = "option,criterion,value\na,access,10\na,quality,20\na,cost,3\nb,cost,4\nb,access,30\nb,quality,0\n";
    let weights = "criterion,weight\naccess,0.25\nquality,0.75\n";
    let answer = value(wide, weights, &[]);
    assert_eq!(answer, value(long, weights, &[]));
    assert_eq!(answer, value(&long.replace("value", "score"), weights, &[]));
    close(&answer["options"][0]["value"], 17.5, 1e-12);
    close(&answer["options"][0]["parts"]["quality"], 15.0, 1e-12);
    // 10 w + 20 (1 - w) = 30 w at w = 1/2, and the other weight is then 1/2 too.
    for crossover in answer["crossovers"].as_array().unwrap() {
        close(&crossover["weight"], 0.5, 1e-12);
    }
    assert_eq!(answer["options"][1]["crossovers"][0]["with"], "a");
}

#[test]
fn scales_turn_scores_into_values() {
    let scores = "option,wait,starts,feel\na,30,10,20\nb,0,40,60\n";
    let weights = "criterion,weight,direction,low,high,points\n\
        wait,0.5,lower,0,60,\nstarts,0.3,higher,0,40,\nfeel,0.2,,,,0:0 40:80 60:100\n";
    let answer = value(scores, weights, &[]);
    close(
        &answer["options"][0]["value"],
        0.5 * 50.0 + 0.3 * 25.0 + 0.2 * 40.0,
        1e-12,
    );
    close(&answer["options"][1]["value"], 100.0, 1e-12);
}

#[test]
fn weights_are_scaled_only_when_asked_for() {
    let scores = "option,access,quality\na,10,20\nb,30,0\n";
    let swings = "criterion,weight\naccess,100\nquality,60\n";
    let answer = value(scores, swings, &["--scale-weights"]);
    close(
        &answer["options"][0]["value"],
        (1000.0 + 1200.0) / 160.0,
        1e-12,
    );
    // Crossovers are on the scale of the weights as written.
    close(&answer["crossovers"][0]["weight"], 80.0, 1e-12);
    let rounded = "criterion,weight\naccess,0.3333333\nquality,0.6666666\n";
    close(
        &value(scores, rounded, &[])["options"][0]["value"],
        50.0 / 3.0,
        1e-5,
    );
}

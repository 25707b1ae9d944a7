//! Who pays: costs of an option's own, transfers, the allowance for optimism, and what society bears that no budget pays.

use needscast::appraise::{PUBLIC_SECTOR, SOCIETY, STATUTORY_PARTNERS};
use needscast::compile::Payer;

use super::{
    COSTS, NUMBERS, SET_UP, appraised, asked, close, find, mean, number, with_teams, with_victims,
};
use crate::support::question::Question;

/// Every pound has a payer, and stands among those payers are added up to: over an option's own costs, transfers, teams,
/// what running a service costs and what people bear, for every option and reading of it.
#[test]
fn no_pound_vanishes_between_payers_and_their_sums() {
    let transfer = "[[option.cost]]\nfrom = \"2026-04\"\ntitle = \"A grant\"\npayer = \"prison-service\"\nto = \"teams\"\ngbp = 7000\nprice_year = \"2024-25\"\nsource = \"a paper\"\n";
    let running = "[[running_cost]]\ntitle = \"An office\"\nservice = \"homes\"\npayer = \"managers\"\ngbp = 900\nprice_year = \"2024-25\"\nsource = \"a paper\"\n";
    let harm = "[[payer]]\nid = \"victims\"\ntitle = \"Victims\"\nperspective = \"society\"\n[[cost]]\nid = \"harm\"\ntitle = \"Harm\"\npayer = \"victims\"\nmeasure = \"convictions\"\nunit_cost = [\"harm\"]\n";
    let question = asked(with_teams())
        .more(COSTS, harm)
        .more(NUMBERS, &number("harm", "9000", "GBP per crime"))
        .more("scenario.toml", transfer)
        .more("scenario.toml", running);
    let (answer, appraisal) = appraised(&question);
    let payers = &answer.plan.payers;
    for option in 0..answer.plan.options.len() {
        for measure in ["cost", "present_value_of_cost"] {
            let of = |is_in: &dyn Fn(&Payer) -> bool| -> f64 {
                let payers = payers.iter().filter(|payer| is_in(payer));
                payers
                    .map(|payer| mean(&appraisal, option, measure, &payer.id))
                    .sum()
            };
            let all = |who| mean(&appraisal, option, measure, who);
            close(of(&|_| true), all(SOCIETY));
            close(of(&|payer| payer.is_public), all(PUBLIC_SECTOR));
            close(of(&|payer| payer.is_partner), all(STATUTORY_PARTNERS));
            let others = of(&|payer| payer.is_public && !payer.is_partner);
            close(all(STATUTORY_PARTNERS) + others, all(PUBLIC_SECTOR));
            assert!(others > 0.0 && all(SOCIETY) > all(PUBLIC_SECTOR));
        }
    }
    close(
        mean(&appraisal, 1, "present_value_of_transfers", PUBLIC_SECTOR),
        0.0,
    );
    assert!(mean(&appraisal, 1, "present_value_of_transfers", "teams") < 0.0);
}

/// £12,000 a year in prices of a year with an index of 1 / 1.04 for eighteen months from the second year on.
#[test]
fn a_transition_is_paid_by_the_month() {
    let yearly = "gbp_per_year = 12000\nuntil = \"2027-10\"";
    let (_, appraisal) = appraised(&Question::tiny().edit("scenario.toml", SET_UP, yearly));
    let own = mean(&appraisal, 1, "present_value_of_own_cost", "council");
    close(own, 12_480.0 / 1.035 + 6_240.0 / 1.035_f64.powi(2));
    let (_, once) = appraised(&Question::tiny());
    let difference = mean(&appraisal, 1, "cost", "council") - mean(&once, 1, "cost", "council");
    close(difference, 18_720.0 - 10_400.0);
}

fn without_own_cost() -> Question {
    let text = Question::tiny().text("scenario.toml").to_owned();
    let end = text.find("[[option.cost]]").unwrap();
    Question::tiny().file("scenario.toml", &text[..end])
}

#[test]
fn a_transfer_changes_who_pays_and_nothing_else() {
    let transfer = format!("{SET_UP}\nto = \"prison-service\"");
    let (_, with) = appraised(&Question::tiny().edit("scenario.toml", SET_UP, &transfer));
    let (_, without) = appraised(&without_own_cost());
    for measure in [
        "npsv",
        "present_value_of_cost",
        "cashable_increment",
        "npv_cashable",
    ] {
        let (a, b) = (
            mean(&with, 1, measure, PUBLIC_SECTOR),
            mean(&without, 1, measure, PUBLIC_SECTOR),
        );
        assert_eq!(a.to_bits(), b.to_bits(), "{measure}: {a} and {b}");
    }
    for (payer, sign) in [("council", 1.0), ("prison-service", -1.0)] {
        let of = |appraisal| mean(appraisal, 1, "present_value_of_cost", payer);
        close(of(&with), of(&without) + sign * 10_400.0 / 1.035);
        let of = |appraisal| mean(appraisal, 1, "cashable_increment", payer);
        close(of(&with), of(&without) + sign * 10_400.0 / 1.035);
    }
}

#[test]
fn optimism_stands_in_its_own_line_and_is_never_a_gain() {
    let allowance = "\n[optimism_bias]\njudgement = 0.5\nofficial = 0.1\nsource = \"a paper\"\n";
    let optimistic = Question::tiny().more("scenario.toml", allowance);
    let ((_, plain), (_, with)) = (appraised(&Question::tiny()), appraised(&optimistic));
    let of = |measure, who| mean(&with, 1, measure, who);
    let own = 10_400.0 / 1.035;
    let homes = of("present_value_of_cost_increment", "council") - own;
    let council = 0.5 * (homes.abs() + own);
    let prison = 0.1 * of("present_value_of_cost_increment", "prison-service").abs();
    close(of("optimism_bias", "council"), council);
    close(of("optimism_bias", "prison-service"), prison);
    close(of("optimism_bias", PUBLIC_SECTOR), council + prison);
    assert_eq!(
        of("npsv", PUBLIC_SECTOR),
        mean(&plain, 1, "npsv", PUBLIC_SECTOR)
    );
    close(
        of("npsv_after_optimism_bias", PUBLIC_SECTOR),
        of("npsv", PUBLIC_SECTOR) - council - prison,
    );
    assert!(find(&plain, 1, "optimism_bias", PUBLIC_SECTOR).is_none());
    assert!(plain.notes.iter().any(|note| note.contains("No allowance")));
    // Seen from the other side the saving is a cost and the cost a saving, and both are still seen too rosily.
    let swapped = optimistic.edit(
        "scenario.toml",
        "seed       = 7",
        "seed       = 7\ncomparator = \"shared\"",
    );
    let (_, swapped) = appraised(&swapped);
    close(
        mean(&swapped, 0, "optimism_bias", PUBLIC_SECTOR),
        council + prison,
    );
}

#[test]
fn what_society_bears_never_stands_in_the_public_line() {
    let (answer, without) = appraised(&with_victims());
    let (_, with) = appraised(&asked(with_victims()));
    assert!(answer.plan.notes.is_empty(), "{:?}", answer.plan.notes);
    for row in &without.rows {
        assert!(row.perspective != SOCIETY && row.perspective != "victims");
        let same = find(&with, row.option, &row.measure, &row.perspective).unwrap();
        assert_eq!(
            same.mean.to_bits(),
            row.estimate.mean.to_bits(),
            "{}",
            row.measure
        );
    }
    let harm = mean(&with, 1, "present_value_of_cost_increment", "victims");
    assert!(harm != 0.0);
    close(
        mean(&with, 1, "npsv", SOCIETY),
        mean(&with, 1, "npsv", PUBLIC_SECTOR) - harm,
    );
    let harm = answer
        .plan
        .parameters
        .iter()
        .find(|p| p.id == "harm")
        .unwrap();
    assert!(
        harm.used_by.is_empty(),
        "not asked for, so no assumption of the run"
    );
}

/// An option that changes nothing has no ratio of what society is spared to what it costs.
#[test]
fn what_costs_no_more_has_no_ratio() {
    let nothing =
        "\n[[option]]\nid = \"nothing\"\ntitle = \"Nothing\"\nwithout_costs = \"a test\"\n";
    let (_, appraisal) = appraised(&asked(with_victims()).more("scenario.toml", nothing));
    let row = appraisal
        .rows
        .iter()
        .find(|row| row.option == 2 && row.measure == "benefit_cost_ratio")
        .unwrap();
    assert!(row.estimate.mean.is_nan(), "{row:?}");
    assert!(row.note.contains("costs public budgets no more"), "{row:?}");
}

//! Places that are kept for an area, and what running a service costs.

use super::question::{AREAS, options, question};
use crate::support::question::Answer;

/// The pool of two areas, whose places are far too few, with so many kept for the first.
fn crowded(kept: u32) -> Answer {
    let kept = match kept {
        0 => String::new(),
        kept => format!(", guaranteed = {{ \"North\" = {{ places = {kept} }} }}"),
    };
    let text = options(
        &AREAS[..2],
        "North",
        "places = { set = 3, source = \"a test\" }",
    )
    .replace("host = \"North\"", &format!("host = \"North\"{kept}"));
    let mut answer = question(&AREAS[..2]).options(&text).draws(160).answer();
    answer.option = 1;
    answer
}

const IN_SUPPORT: (&str, &str) = ("in_support", "service=help");

#[test]
fn kept_places_are_left_for_their_area_and_the_rest_for_whoever_comes_first() {
    let (open, kept) = (crowded(0), crowded(2));
    let most = |answer: &Answer, area: usize| {
        let rows = answer
            .draws()
            .flat_map(|row| (36..48).map(move |month| (row, month)));
        let present = rows.map(|(row, month)| answer.month(row, area, IN_SUPPORT, month));
        present.fold(0.0, f64::max)
    };
    let both = |answer: &Answer, row, month| {
        answer.month(row, 0, IN_SUPPORT, month) + answer.month(row, 1, IN_SUPPORT, month)
    };
    assert_eq!(most(&open, 1), 3.0, "whoever comes first");
    // Of three places two are left for North, so that East has one; North may have all.
    assert_eq!(most(&kept, 1), 1.0);
    assert_eq!(most(&kept, 0), 3.0, "what is not kept is open to North too");
    for (row, month) in [(1, 38), (7, 40), (40, 47)] {
        assert!(both(&kept, row, month) <= 3.0);
    }
    // Null: keeping places makes no difference to North. Statistic: starts of North over the last two years, 160 paired
    // draws; the mean gain is over 4.4 of its errors (alpha 1e-5), and a gain of 6.8 errors would be seen at 99% power.
    let starts = |answer: &Answer, row| {
        (2..4)
            .map(|year| answer.year(row, 0, ("starts", "service=help"), year))
            .sum::<f64>()
    };
    let gains: Vec<f64> = kept
        .draws()
        .map(|row| starts(&kept, row) - starts(&open, row))
        .collect();
    let mean = gains.iter().sum::<f64>() / 160.0;
    let variance = gains.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / 159.0;
    assert!(
        mean > 4.42 * (variance / 160.0).sqrt(),
        "{mean} of {variance}"
    );
}

#[test]
fn where_more_is_kept_than_is_left_nobody_is_kept_out_of_everything() {
    let text = options(
        &AREAS[..2],
        "North",
        "places = { set = 4, source = \"a test\" }",
    )
    .replace(
        "host = \"North\"",
        "host = \"North\", guaranteed = { \"North\" = { places = 2 }, \"East\" = { places = 2 } }",
    );
    // Later on there are fewer places than are kept.
    let text = text
        + "[[option.change]]\nfrom = \"2026-04\"\nservice = \"help\"\nplaces = { add = -1, source = \"a test\" }\n";
    let mut answer = question(&AREAS[..2]).options(&text).draws(20).answer();
    answer.option = 1;
    let full = answer.draws().filter(|row| {
        let present = |area| answer.month(*row, area, IN_SUPPORT, 40);
        present(0) + present(1) == 3.0
    });
    // If places that are kept for others were never given, the third would always be empty.
    assert!(full.count() >= 8, "the three places are used");
}

/// Appraisal through the run: what a service costs to run is paid once for a pool and once for each service alone.
#[test]
fn running_costs_are_paid_once_for_every_pool_and_team() {
    use needscast::appraise::appraise;
    use needscast::draw::draw;
    let costs = "[[running_cost]]\ntitle = \"A manager\"\nservice = \"help\"\npayer = \"council\"\ngbp = 1000\nprice_year = \"2024-25\"\nsource = \"a test\"\n\
                 [[running_cost]]\ntitle = \"A team leader\"\nservice = \"help\"\npayer = \"council\"\ngbp = 10\nevery_places = 4\nprice_year = \"2024-25\"\nsource = \"a test\"\n";
    let text =
        options(&AREAS, "North", "") + "[discounting]\ncosts = 0\nsource = \"a test\"\n" + costs;
    let question = question(&AREAS).rows("nothing,,,,,,0,GBP per start,2024-25,a test,judgement");
    let costs_of = question
        .text("model/costs.toml")
        .replace("per_start", "nothing");
    let answer = question
        .file("model/costs.toml", &costs_of)
        .options(&text)
        .answer();
    let appraisal = appraise(&answer.plan, &draw(&answer.plan), &answer.out);
    let cost = |option: usize| {
        let mut rows = appraisal.rows.iter();
        let row = rows.find(|row| {
            row.option == option && row.measure == "cost" && row.perspective == "public-sector"
        });
        row.unwrap().estimate.mean
    };
    // Places are 2, 3, 4 and 5: five teams alone, of 14 places four. The pool begins after the first of four years.
    let alone = 4.0 * (4.0 * 1000.0 + 5.0 * 10.0);
    let joint = 4.0 * 1000.0 + 5.0 * 10.0 + 3.0 * (1000.0 + 4.0 * 10.0);
    assert!((cost(0) - alone).abs() < 1e-6, "{} is not {alone}", cost(0));
    assert!((cost(1) - joint).abs() < 1e-6, "{} is not {joint}", cost(1));
}

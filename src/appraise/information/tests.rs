//! What it is worth to know, by hand: losses, errors, and what is told from chance.

use super::*;

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-12,
        "{found} is not {expected}"
    );
}

#[test]
fn a_product_is_of_what_two_numbers_do_together() {
    let found = product(&[1.0, 2.0, 6.0], &[2.0, 4.0, 9.0]);
    for (found, expected) in found.into_iter().zip([6.0, 1.0, 12.0]) {
        close(found, expected);
    }
}

#[test]
fn a_draw_loses_to_whichever_option_gains_most_and_to_none_that_gains_nothing() {
    let losses = Losses::of(&[vec![2.0, -1.0, 1.0], vec![1.0, 0.0, 3.0]]);
    assert_eq!(losses.most, [2.0, 0.0, 3.0]);
    assert_eq!(losses.by, [Some(0), None, Some(1)]);
}

/// Where nothing is told of the number, the expected gain is the mean of the draws, and its error that of a mean.
#[test]
fn what_is_not_told_has_the_error_of_a_mean_and_a_fit_is_widened_by_what_it_follows() {
    let gains: &[f64] = &[1.0, -1.0, 3.0, 1.0];
    let level = || Known::Curves(&[], vec![1.0; 4]);
    close(level().widened(), (4.0_f64 / 3.0).sqrt());
    let losses = Losses::of(&[vec![1.0; 4]]);
    let error = |is_told| losses.error(&[level()], &[gains], &[is_told]);
    // The sum of squares is 8.
    close(error(false), (8.0_f64 / 3.0 / 4.0).sqrt());
    close(error(true), (8.0_f64 / 3.0 / 4.0 * 4.0 / 3.0).sqrt());
}

/// A line whose slope the F test puts at 2.6%, as its t of 2.32 on 38 degrees of freedom, is told at 5% where its
/// number stands alone; among four numbers it would have to be told at a fourth of that (Bonferroni).
#[test]
fn what_one_number_tells_may_be_chance_among_four() {
    let number: Vec<f64> = (0..40).map(f64::from).collect();
    // The noise is at right angles to the line: +1, -1, -1, +1.
    let noise = |i: usize| if (i + 1) % 4 < 2 { 1.0 } else { -1.0 };
    let slope = (5.4_f64 * 40.0 / 38.0 / 5330.0).sqrt();
    let costs = (0..40).map(|i| slope * (19.5 - number[i]) - noise(i));
    let options = [vec![0.0; 40], costs.collect()].map(|costs| PresentValues {
        costs,
        outcomes: vec![0.0; 40],
    });
    let choice = crate::appraise::choice(&options, 1.0, crate::appraise::Ties::First);
    let is_told = |n_numbers: usize| {
        let numbers: Vec<Drawn> = (0..n_numbers)
            .map(|_| Drawn::of(std::slice::from_ref(&number)))
            .collect();
        let found = learnings(&numbers, &options, 0, &choice);
        found[0].leverage[1].as_ref().map(|of| of.is_told)
    };
    assert_eq!(is_told(1), Some(true));
    assert_eq!(is_told(4), Some(false));
}

/// Of two options each is best in half of the draws, so that half of what either gains beyond its level counts,
/// beside the loss beyond its mean.
#[test]
fn a_draw_moves_the_answer_by_its_loss_and_by_what_it_adds_to_the_levels() {
    let known = [
        Known::Curves(&[], vec![2.0; 4]),
        Known::Curves(&[], vec![1.0; 4]),
    ];
    let losses = Losses {
        most: vec![2.0, 2.0, 1.0, 1.0],
        by: vec![Some(0), Some(0), Some(1), Some(1)],
    };
    let gains: [&[f64]; 2] = [&[4.0, 2.0, 1.0, 1.0], &[1.0, 0.0, 0.0, 3.0]];
    let influences = [0.5 + 1.0, 0.5 - 0.5, -0.5 - 0.5 - 0.5, -0.5 - 0.5 + 1.0];
    let squares: f64 = influences.iter().map(|i: &f64| i.powi(2)).sum();
    let found = losses.error(&known, &gains, &[false, false]);
    close(found, (squares / 3.0 / 4.0).sqrt());
}

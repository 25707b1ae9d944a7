//! A hospital in its steady state, beside the fundamental matrix of its chain.

use super::exact::{answers_of, meet};
use super::plan_of;

#[test]
fn wards_are_as_full_as_the_fundamental_matrix_says() {
    let ours = answers_of(plan_of("wards/scenario"));
    let of_unit = 2.0 / (1.0 - 0.85 * 0.12);
    let of_ward = 0.85 * of_unit;
    // Means of the tables: days times their weights over the sum of the weights.
    let in_unit = 0.85 * (3.0 + 10.0 + 6.0) / 10.0 + 0.15 * (4.0 + 2.0) / 5.0;
    let on_ward = 0.12 * (1.0 + 2.0) / 2.0 + 0.88 * (4.0 + 12.0 + 24.0 + 15.0 + 6.0) / 16.0;
    let last = |measure: &str| {
        let months = ours.series("business-as-usual", measure, true);
        months[months.len() - 1]
    };
    // March has 31 days; stocks of a month are those of its last day.
    for (measure, expected) in [
        ("in_unit", of_unit * in_unit),
        ("on_ward", of_ward * on_ward),
        ("to_unit", 31.0 * of_unit),
        ("to_ward", 31.0 * of_ward),
        ("deaths", 31.0 * 0.15 * of_unit),
        ("discharges", 31.0 * 0.88 * of_ward),
    ] {
        meet(measure, &[last(measure)], &[expected], 1e-9);
    }
}

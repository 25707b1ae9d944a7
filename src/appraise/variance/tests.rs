//! Ranks and correlations by hand, and whose error the share of a grade has.

use super::*;

#[test]
fn ranks_share_ties_and_correlate() {
    assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    let rising = ranks(&[1.0, 4.0, 9.0, 16.0]);
    assert!((correlation(&rising, &ranks(&[0.1, 0.2, 5.0, 6.0])) - 1.0).abs() < 1e-12);
    assert_eq!(correlation(&rising, &ranks(&[1.0; 4])), 0.0);
}

#[test]
fn what_counts_as_something_falls_with_draws_and_rises_with_parameters() {
    assert!(smallest(200, 100) > smallest(1000, 100));
    assert!(smallest(200, 400) > smallest(200, 100));
    assert_eq!(smallest(5, 100), 1.0);
}

/// A number made of one parameter of a study and a placeholder: the share of a grade has the error of its own squared
/// correlations, 2 r (1 - r^2) sqrt(1.06 / (n - 3)) each (Fieller, Hartley and Pearson 1957), and none where the grade
/// has no share.
#[test]
fn the_share_of_a_grade_has_the_error_of_its_own_parameters() {
    let mut plan = crate::appraise::tests::tiny();
    plan.n_draws = 200;
    let draws = crate::draw::draw(&plan);
    let n = draws.n_rows() - 1;
    assert_eq!(n, 200);
    let of = |id: &str| -> Vec<f64> {
        let parameter = plan.parameters.iter().find(|p| p.id == id);
        let parameter = parameter.expect("the model has it");
        ranks(&relative_values(&plan, &draws, parameter, n).expect("it is drawn"))
    };
    let pairs = of("conviction_share").into_iter().zip(of("homes_uptake"));
    let values: Vec<f64> = std::iter::once(0.0)
        .chain(pairs.map(|(a, b)| a + b))
        .collect();
    let found = of_output(&plan, &draws, (String::new(), None), &values);
    assert!(found.is_known && found.by_parameter.iter().flatten().sum::<f64>() < 1.0);
    for ((grade, _, _, share), error) in found.by_grade.iter().zip(&found.errors) {
        let parameters = plan.parameters.iter().zip(&found.by_parameter);
        let own = parameters.filter(|(p, _)| worst(&plan, p) == Some(*grade));
        let squares = own.filter_map(|(_, share)| *share).map(|share| {
            let square = share + 1.0 / (n - 1) as f64;
            4.0 * square * (1.0 - square).powi(2) * 1.06 / (n - 3) as f64
        });
        let expected = squares.sum::<f64>().sqrt();
        assert!((error - expected).abs() < 1e-12, "{grade:?}: {error}");
        assert_eq!(*error == 0.0, *share == 0.0, "{grade:?}");
    }
    let n_shared = found.by_grade.iter().filter(|of| of.3 > 0.0).count();
    assert!((2..Grade::ALL.len()).contains(&n_shared));
}

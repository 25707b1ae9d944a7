//! Games with known answers at the smallest scale; published ones and laws stand in `tests/share`.

use super::nucleolus;
use crate::compile::Coalitions;

fn game(costs: &[f64]) -> Coalitions {
    let n = costs.len().trailing_zeros();
    Coalitions {
        partners: (0..n).map(|partner| partner.to_string()).collect(),
        costs: costs.to_vec(),
        weights: Vec::new(),
    }
}

#[test]
fn two_partners_share_the_saving_equally() {
    let shares = nucleolus(&game(&[0.0, 10.0, 20.0, 24.0])).unwrap();
    assert!(
        (shares[0] - 7.0).abs() < 1e-9 && (shares[1] - 17.0).abs() < 1e-9,
        "{shares:?}"
    );
}

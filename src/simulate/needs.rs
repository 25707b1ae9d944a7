//! Needs, several at a time: a joint law with given margins and given pairwise odds ratios.

use super::tables::Setting;
use crate::compile::Stratum;

/// By state: the joint law of the needs drawn on entering it; `None` where none are.
#[derive(Default)]
pub struct NeedTables(Vec<Option<NeedTable>>);

struct NeedTable {
    /// Which bits are drawn here; the others keep what they were.
    mask: u8,
    needs: Vec<usize>,
    strides: [usize; 4],
    /// For each stratum in use, the distribution function over combinations.
    cumulative: Vec<f64>,
}

impl NeedTables {
    /// The tables as the setting's quantities stand now.
    pub fn of(setting: &Setting) -> NeedTables {
        let n_states = setting.plan.states.len();
        NeedTables(
            (0..n_states)
                .map(|state| NeedTable::of(setting, state))
                .collect(),
        )
    }

    /// The needs of somebody entering `state` with the needs `had`; `None` where none are drawn. The uniform belongs
    /// to the person, not to the visit, so that the same person has much the same needs each time.
    pub fn on_entering(&self, state: usize, stratum: Stratum, had: u8, u: f64) -> Option<u8> {
        let table = self.0[state].as_ref()?;
        let [area, sex, age, priors] = table.strides;
        let cell =
            stratum.area * area + stratum.sex * sex + stratum.age * age + stratum.priors * priors;
        let n = 1 << table.needs.len();
        let cumulative = &table.cumulative[cell * n..(cell + 1) * n];
        let combination = cumulative.partition_point(|&c| c <= u).min(n - 1);
        let mut needs = had & !table.mask;
        for (position, &need) in table.needs.iter().enumerate() {
            if combination >> position & 1 == 1 {
                needs |= 1 << need;
            }
        }
        Some(needs)
    }

    /// Whether needs are drawn on entering a state.
    pub fn is_drawn_on(&self, state: usize) -> bool {
        self.0[state].is_some()
    }
}

impl NeedTable {
    fn of(setting: &Setting, state: usize) -> Option<NeedTable> {
        let mut drawn: Vec<_> = setting
            .plan
            .prevalences
            .iter()
            .filter(|p| p.entering[state])
            .collect();
        if drawn.is_empty() {
            return None;
        }
        // Combinations are laid end to end in an order that the file does not decide.
        drawn.sort_by_key(|prevalence| &setting.plan.needs[prevalence.need].id);
        let mut used = [false; 4];
        for prevalence in &drawn {
            let strides = setting.strides(prevalence.share);
            used = std::array::from_fn(|i| used[i] || strides[i] > 0);
        }
        let strata = &setting.plan.strata;
        let all = [
            setting.plan.areas.len(),
            strata.sexes.len(),
            strata.ages.len(),
            strata.priors.len(),
        ];
        let lengths: [usize; 4] = std::array::from_fn(|i| if used[i] { all[i] } else { 1 });
        let mut strides = [0; 4];
        let mut n_cells = 1;
        for i in (0..4).rev() {
            strides[i] = if used[i] { n_cells } else { 0 };
            n_cells *= lengths[i];
        }
        let needs: Vec<usize> = drawn.iter().map(|p| p.need).collect();
        let odds = odds_ratios(setting, &needs);
        let mut cumulative = Vec::with_capacity(n_cells << needs.len());
        for cell in 0..n_cells {
            let index = |i: usize| {
                if used[i] {
                    cell / strides[i] % lengths[i]
                } else {
                    0
                }
            };
            let stratum = Stratum {
                area: index(0),
                sex: index(1),
                age: index(2),
                priors: index(3),
            };
            let margins: Vec<f64> = drawn
                .iter()
                .map(|p| setting.value(p.share, stratum))
                .collect();
            let mut sum = 0.0;
            cumulative.extend(joint(&margins, &odds).into_iter().map(|p| {
                sum += p;
                sum
            }));
        }
        let mask = needs.iter().fold(0, |mask, &need| mask | 1 << need);
        Some(NeedTable {
            mask,
            needs,
            strides,
            cumulative,
        })
    }
}

fn odds_ratios(setting: &Setting, needs: &[usize]) -> Vec<Vec<f64>> {
    let mut odds = vec![vec![1.0; needs.len()]; needs.len()];
    for &(first, second, quantity) in &setting.plan.associations {
        let position = |need| needs.iter().position(|&n| n == need);
        if let (Some(a), Some(b)) = (position(first), position(second)) {
            let value = setting.value(quantity, super::tables::FIRST);
            odds[a][b] = value;
            odds[b][a] = value;
        }
    }
    odds
}

/// The joint law over combinations of needs (bit i of the index is need i) with exactly these margins and these
/// pairwise conditional odds ratios: iterative proportional fitting from the log-linear pairwise law (Deming and
/// Stephan 1940), which scales margins and leaves odds ratios as they are.
pub fn joint(margins: &[f64], odds: &[Vec<f64>]) -> Vec<f64> {
    let n = 1usize << margins.len();
    let has = |combination: usize, need: usize| combination >> need & 1 == 1;
    let mut law: Vec<f64> = (0..n)
        .map(|combination| {
            let mut weight = 1.0;
            for (a, row) in odds
                .iter()
                .enumerate()
                .filter(|(a, _)| has(combination, *a))
            {
                for (_, ratio) in row
                    .iter()
                    .enumerate()
                    .filter(|(b, _)| *b > a && has(combination, *b))
                {
                    weight *= ratio;
                }
            }
            weight
        })
        .collect();
    for _ in 0..500 {
        let mut worst: f64 = 0.0;
        for (need, &margin) in margins.iter().enumerate() {
            let with: f64 = (0..n).filter(|&c| has(c, need)).map(|c| law[c]).sum();
            let without: f64 = (0..n).filter(|&c| !has(c, need)).map(|c| law[c]).sum();
            let scale = |target: f64, now: f64| if now > 0.0 { target / now } else { 0.0 };
            let (up, down) = (scale(margin, with), scale(1.0 - margin, without));
            worst = worst.max((with / (with + without) - margin).abs());
            for (combination, p) in law.iter_mut().enumerate() {
                *p *= if has(combination, need) { up } else { down };
            }
        }
        if worst < 1e-13 {
            break;
        }
    }
    law
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_hold_exactly_and_odds_ratios_are_kept() {
        let margins = [0.57, 0.77, 0.3, 0.05];
        let mut odds = vec![vec![1.0; 4]; 4];
        odds[0][1] = 2.0;
        odds[1][0] = 2.0;
        odds[2][3] = 5.0;
        odds[3][2] = 5.0;
        let law = joint(&margins, &odds);
        for (need, margin) in margins.iter().enumerate() {
            let with: f64 = (0..16).filter(|c| c >> need & 1 == 1).map(|c| law[c]).sum();
            assert!((with - margin).abs() < 1e-10, "need {need}: {with}");
        }
        // The conditional odds ratio of needs 0 and 1 given the others absent.
        assert!((law[0b11] * law[0b00] / (law[0b01] * law[0b10]) - 2.0).abs() < 1e-9);
        // Both needs lie within the Fréchet range of their margins.
        let both: f64 = (0..16).filter(|c| c & 3 == 3).map(|c| law[c]).sum();
        assert!((0.34..=0.57).contains(&both), "{both}");
    }

    #[test]
    fn certain_and_impossible_needs_stay_so() {
        let law = joint(&[0.0, 1.0], &[vec![1.0, 3.0], vec![3.0, 1.0]]);
        assert_eq!(
            law.iter()
                .map(|p| (p * 1e12).round() / 1e12)
                .collect::<Vec<_>>(),
            [0.0, 0.0, 1.0, 0.0]
        );
    }
}

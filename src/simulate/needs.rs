//! Needs, several at a time: a joint law with given margins and given pairwise odds ratios.

use super::laws::Laws;
use super::scope::{Scope, StratumIdx};
use super::versions::{Versions, Worlds};
use crate::compile::{Plan, QuantityIdx};

/// The joint laws of needs: one for each list of prevalences that some state draws.
#[derive(Default)]
pub struct Needs {
    by_state: Vec<Option<usize>>,
    drawn: Vec<Drawn>,
}

/// A list of prevalences and its joint law.
struct Drawn {
    /// Indices of prevalences.
    prevalences: Vec<usize>,
    quantities: Vec<QuantityIdx>,
    law: Option<Versions<NeedTable>>,
}

struct NeedTable {
    scope: Scope,
    /// The bits that are drawn; the others keep what they were.
    mask: u8,
    /// By combination, the bits of the needs in it.
    bits: Vec<u8>,
    /// For each cell, the distribution function over combinations.
    cumulative: Vec<f64>,
}

impl Needs {
    /// The lists that the states of a plan draw, with no numbers yet.
    pub fn of(plan: &Plan) -> Needs {
        let mut needs = Needs::default();
        for state in 0..plan.states.len() {
            let all = plan.prevalences.iter().enumerate();
            let mut prevalences: Vec<usize> = all
                .filter(|(_, prevalence)| prevalence.entering[state])
                .map(|(index, _)| index)
                .collect();
            // Combinations are laid end to end in an order that the file does not decide.
            prevalences.sort_by_key(|&index| &plan.needs[plan.prevalences[index].need].id);
            if prevalences.is_empty() {
                needs.by_state.push(None);
                continue;
            }
            let known = needs
                .drawn
                .iter()
                .position(|d| d.prevalences == prevalences);
            needs
                .by_state
                .push(Some(known.unwrap_or(needs.drawn.len())));
            if known.is_none() {
                needs.drawn.push(Drawn::of(plan, prevalences));
            }
        }
        needs
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        for drawn in &mut self.drawn {
            if drawn.law.is_none() || drawn.quantities.iter().any(|&quantity| changed[quantity]) {
                let table = |world| NeedTable::of(laws, world, &drawn.prevalences);
                drawn.law = Some(laws.versions(&drawn.quantities, table));
            }
        }
    }

    /// The needs of somebody of an area entering `state` with the needs `had`. The uniform belongs to the person, not
    /// to the visit, so that the same person has much the same needs each time.
    pub fn on_entering(
        &self,
        worlds: &mut Worlds,
        (state, area): (usize, usize),
        stratum: StratumIdx,
        had: u8,
        u: f64,
    ) -> u8 {
        let Some(law) = self.law(state) else {
            return had;
        };
        law.decide(worlds, area, |table| {
            let n = table.bits.len();
            let cell = table.scope.cell(stratum);
            let cumulative = &table.cumulative[cell * n..(cell + 1) * n];
            // Counted without a branch, because nothing could foretell where a search turns.
            let passed: usize = cumulative.iter().map(|&c| usize::from(c <= u)).sum();
            let combination = passed.min(n - 1);
            had & !table.mask | table.bits[combination]
        })
    }

    fn law(&self, state: usize) -> Option<&Versions<NeedTable>> {
        self.drawn[self.by_state[state]?].law.as_ref()
    }
}

impl Drawn {
    fn of(plan: &Plan, prevalences: Vec<usize>) -> Drawn {
        let shares = prevalences
            .iter()
            .map(|&index| plan.prevalences[index].share);
        let odds = plan.associations.iter().map(|association| association.2);
        Drawn {
            quantities: shares.chain(odds).collect(),
            prevalences,
            law: None,
        }
    }
}

impl NeedTable {
    fn of(laws: &Laws, world: usize, prevalences: &[usize]) -> NeedTable {
        let drawn = || {
            prevalences
                .iter()
                .map(|&index| &laws.plan.prevalences[index])
        };
        let shares: Vec<QuantityIdx> = drawn().map(|prevalence| prevalence.share).collect();
        let needs: Vec<usize> = drawn().map(|prevalence| prevalence.need).collect();
        let scope = laws.scope(&shares);
        let odds = odds_ratios(laws, world, &needs);
        let mut cumulative = Vec::with_capacity(scope.n_cells() << needs.len());
        for stratum in scope.strata() {
            let share = |&quantity: &QuantityIdx| laws.value(world, quantity, stratum);
            let margins: Vec<f64> = shares.iter().map(share).collect();
            let mut sum = 0.0;
            cumulative.extend(joint(&margins, &odds).into_iter().map(|p| {
                sum += p;
                sum
            }));
        }
        let bits = |combination: usize| {
            let in_it = |(position, _): &(usize, &usize)| combination >> position & 1 == 1;
            let needs = needs.iter().enumerate().filter(in_it);
            needs.fold(0, |bits, (_, &need)| bits | 1 << need)
        };
        NeedTable {
            scope: scope.clone(),
            mask: bits(usize::MAX),
            bits: (0..1 << needs.len()).map(bits).collect(),
            cumulative,
        }
    }
}

fn odds_ratios(laws: &Laws, world: usize, needs: &[usize]) -> Vec<Vec<f64>> {
    let mut odds = vec![vec![1.0; needs.len()]; needs.len()];
    for &(first, second, quantity) in &laws.plan.associations {
        let position = |need| needs.iter().position(|&n| n == need);
        if let (Some(a), Some(b)) = (position(first), position(second)) {
            let value = laws.number(world, quantity);
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

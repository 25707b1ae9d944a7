//! Carries the 2023 correction of the projection through its later years.
//!
//! The ratio of estimate to projection can belong to people born in one year,
//! of one sex, in one council, and age with them; or it can belong to the age,
//! whoever reaches it. The first carries a surge of students into later life,
//! the second forgets a cohort; the correction used is halfway between them.

/// Single ages 0 to 89 and the open group of 90 and over.
pub const AGES: usize = 91;
/// The open age group, 90 and over.
pub const OPEN: usize = AGES - 1;
/// The last mid-year estimate, where the projection is met.
pub const BASE: u16 = 2023;

/// People of one council and sex by single year of age.
pub type Column = [f64; AGES];

/// The first and last age of each band; the last band is open.
pub const BANDS: [(usize, usize); 9] = [
    (0, 15),
    (16, 20),
    (21, 25),
    (26, 30),
    (31, 40),
    (41, 50),
    (51, 60),
    (61, 70),
    (71, OPEN),
];

/// Cells with fewer people than this borrow from the two ages either side,
/// because a ratio of two small counts is mostly chance.
const SMALL: f64 = 100.0;

/// How the ratios of the base year are used in later years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Every birth cohort keeps its ratio.
    Cohort,
    /// Every age keeps its ratio, whoever reaches it.
    Age,
    /// The geometric mean of these two.
    Mean,
}

impl Rule {
    /// The ratios of a year, given those of the cohorts then and those of the
    /// base year.
    pub fn ratios(self, cohorts: &Column, base: &Column) -> Column {
        std::array::from_fn(|age| {
            let (cohort, fixed) = (cohorts[age], base[age]);
            match self {
                Self::Cohort => cohort,
                Self::Age => fixed,
                Self::Mean => (cohort * fixed).sqrt(),
            }
        })
    }
}

/// The sum of a band.
pub fn band_sum(column: &Column, (from, to): (usize, usize)) -> f64 {
    column[from..=to].iter().sum()
}

/// The ratio of estimate to projection at each age in the base year, smoothed
/// where cells are small and then scaled so that every band is met exactly.
pub fn base_ratios(estimate: &Column, projection: &Column) -> Column {
    let mut ratios = [1.0; AGES];
    for (age, ratio) in ratios.iter_mut().enumerate() {
        let small = estimate[age] < SMALL || projection[age] < SMALL;
        let reach = if small { 2 } else { 0 };
        let (from, to) = (age.saturating_sub(reach), (age + reach).min(OPEN));
        let expected: f64 = projection[from..=to].iter().sum();
        if expected > 0.0 {
            *ratio = estimate[from..=to].iter().sum::<f64>() / expected;
        }
    }
    for (from, to) in BANDS {
        let met: f64 = (from..=to).map(|age| projection[age] * ratios[age]).sum();
        if met > 0.0 {
            let scale = band_sum(estimate, (from, to)) / met;
            ratios[from..=to].iter_mut().for_each(|r| *r *= scale);
        }
    }
    ratios
}

/// The ratios one year on: each cohort keeps its own, those not yet born in
/// the base year take that of age 0 then, and the open group mixes its own
/// with that of the cohort that enters it, in proportion to their numbers.
pub fn age_ratios(ratios: &Column, projection: &Column, newborn: f64) -> Column {
    let mut next = [newborn; AGES];
    next[1..OPEN].copy_from_slice(&ratios[..OPEN - 1]);
    let people = projection[OPEN - 1] + projection[OPEN];
    let kept = projection[OPEN - 1] * ratios[OPEN - 1] + projection[OPEN] * ratios[OPEN];
    next[OPEN] = if people > 0.0 {
        kept / people
    } else {
        ratios[OPEN]
    };
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_meets_the_estimate_even_when_smoothed() {
        let projection: Column = std::array::from_fn(|age| 40.0 + (age % 7) as f64);
        let estimate: Column = std::array::from_fn(|age| 35.0 + (age % 11) as f64);
        let ratios = base_ratios(&estimate, &projection);
        for band in BANDS {
            let met: f64 = (band.0..=band.1).map(|a| projection[a] * ratios[a]).sum();
            assert!((met - band_sum(&estimate, band)).abs() < 1e-9, "{band:?}");
        }
    }

    #[test]
    fn a_correction_ages_with_its_cohort() {
        let projection = [1000.0; AGES];
        let mut estimate = projection;
        estimate[20] = 1500.0;
        let base = base_ratios(&estimate, &projection);
        let mut ratios = base;
        for _ in 0..10 {
            ratios = age_ratios(&ratios, &projection, base[0]);
        }
        assert!((ratios[30] - 1.5).abs() < 1e-9, "{}", ratios[30]);
        assert!((ratios[20] - 1.0).abs() < 1e-9, "{}", ratios[20]);
    }

    #[test]
    fn the_mean_neither_carries_a_surge_whole_nor_forgets_it() {
        let mut base = [1.0; AGES];
        base[18..=22].fill(1.44);
        let mut cohorts = base;
        assert_eq!(Rule::Cohort.ratios(&cohorts, &base), base);
        assert!((Rule::Mean.ratios(&cohorts, &base)[20] - 1.44).abs() < 1e-12);
        for _ in 0..10 {
            cohorts = age_ratios(&cohorts, &[1000.0; AGES], base[0]);
        }
        let at = |rule: Rule| {
            let ratios = rule.ratios(&cohorts, &base);
            [ratios[20], ratios[30], ratios[40]]
        };
        assert_eq!(at(Rule::Cohort), [1.0, 1.44, 1.0]);
        assert_eq!(at(Rule::Age), [1.44, 1.0, 1.0]);
        for (got, wanted) in at(Rule::Mean).into_iter().zip([1.2, 1.2, 1.0]) {
            assert!((got - wanted).abs() < 1e-12, "{got} is not {wanted}");
        }
    }

    #[test]
    fn the_open_group_mixes_those_who_enter() {
        let mut ratios = [1.0; AGES];
        ratios[OPEN - 1] = 0.8;
        let next = age_ratios(&ratios, &[100.0; AGES], 1.1);
        assert!((next[OPEN] - 0.9).abs() < 1e-12);
        assert!((next[0] - 1.1).abs() < 1e-12);
    }
}

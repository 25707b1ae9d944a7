//! The groups of the Scottish model and how published groups fall into them.

/// Sexes: id, the word of the court tables, the word of the population tables.
pub const SEXES: [(&str, &str, &str); 2] =
    [("women", "Females", "Female"), ("men", "Males", "Male")];
/// Age bands: id, first age, last age, and the word of the reconviction tables.
pub const AGES: [(&str, usize, usize, &str); 5] = [
    ("16-20", 16, 20, "Under 21"),
    ("21-25", 21, 25, "21 to 25"),
    ("26-30", 26, 30, "26 to 30"),
    ("31-40", 31, 40, "31 to 40"),
    ("over-40", 41, 90, "Over 40"),
];
/// Bands of convictions before the latest one.
pub const PRIORS: [&str; 4] = ["0", "1-2", "3-10", "over-10"];
/// The first financial year of the hindcast.
pub const FIRST: u16 = 2013;
/// The last financial year with records.
pub const LAST: u16 = 2023;

/// Numbers by sex and age band.
pub type Groups = [[f64; 5]; 2];

/// The age group of the court tables that holds an age band.
pub fn court_age(age: usize) -> &'static str {
    [
        "Age under 21",
        "Age 21-30",
        "Age 21-30",
        "Age 31-40",
        "Age over 40",
    ][age]
}

/// The share of a group of single years of age that falls in each band, as if spread evenly.
pub fn spread((from, to): (usize, usize)) -> [f64; 5] {
    let mut shares = [0.0; 5];
    for age in from..=to {
        for (share, (_, first, last, _)) in shares.iter_mut().zip(AGES) {
            if (first..=last).contains(&age) {
                *share += 1.0 / (to - from + 1) as f64;
            }
        }
    }
    shares
}

/// The first and last age of a label such as `25-29`, `75 or over`, `90+` or `17`.
pub fn ages(label: &str) -> Option<(usize, usize)> {
    if let Some((from, to)) = label.split_once('-') {
        return Some((from.parse().ok()?, to.parse().ok()?));
    }
    let from: usize = label.split([' ', '+']).next()?.parse().ok()?;
    Some((from, if label.contains(['+', 'o']) { 90 } else { from }))
}

/// Every sex and age band.
pub fn groups() -> impl Iterator<Item = (usize, usize)> {
    (0..2).flat_map(|sex| (0..5).map(move |age| (sex, age)))
}

/// The sum over sexes and ages.
pub fn total(groups_of: &Groups) -> f64 {
    groups_of.iter().flatten().sum()
}

/// The same figure made for every sex and age band.
pub fn each(mut make: impl FnMut(usize, usize) -> f64) -> Groups {
    let mut made = [[0.0; 5]; 2];
    for (sex, age) in groups() {
        made[sex][age] = make(sex, age);
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_across_two_bands_is_split_by_years() {
        assert_eq!(spread((25, 29)), [0.0, 0.2, 0.8, 0.0, 0.0]);
        assert_eq!(spread((16, 17)), [1.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn age_labels_are_read() {
        assert_eq!(ages("25-29"), Some((25, 29)));
        assert_eq!(ages("75 or over"), Some((75, 90)));
        assert_eq!(ages("90+"), Some((90, 90)));
        assert_eq!(ages("All"), None);
    }
}

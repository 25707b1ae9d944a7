//! Scales the councils to Scotland and measures what the corrections amount to.

use crate::areas::{Areas, SCOTLAND};
use crate::cohorts::{AGES, BANDS, BASE, OPEN, band_sum};
use crate::population::{LAST, People, column, council_sum};

/// A band that needs a correction outside these limits is a fault in the data.
const LIMITS: (f64, f64) = (0.5, 2.0);

/// A band that changes by more than this share in one year swings.
const SWING: f64 = 0.06;

/// One correction of a band, to report the largest.
pub struct Adjustment {
    ratio: f64,
    place: String,
}

/// Scales the councils at every sex, age and year to the 2022-based Scotland,
/// which is the newer base, and hands back the factors used.
pub fn rake(
    people: &mut People,
    national: &People,
    areas: &Areas,
) -> Result<Vec<Adjustment>, String> {
    let mut used = Vec::new();
    for sex in ["women", "men"] {
        for year in BASE + 1..=LAST {
            let target = column(national, SCOTLAND, sex, year)?;
            let sum = council_sum(people, areas, sex, year)?;
            for age in 0..AGES {
                let ratio = if sum[age] > 0.0 {
                    target[age] / sum[age]
                } else {
                    1.0
                };
                let place = format!("{sex} aged {age} in {year}");
                used.push(Adjustment { ratio, place });
            }
            let ratios: Vec<f64> = used[used.len() - AGES..].iter().map(|a| a.ratio).collect();
            for area in areas.councils() {
                if let Some(ages) = people.get_mut(&(area.to_owned(), sex, year)) {
                    ages.iter_mut().zip(&ratios).for_each(|(a, r)| *a *= r);
                }
            }
        }
    }
    Ok(used)
}

/// Every band's correction, which must lie within the stated limits.
pub fn adjustments(
    estimates: &People,
    carried: &People,
    projection: &People,
    areas: &Areas,
) -> Result<Vec<Adjustment>, String> {
    let mut all = Vec::new();
    for area in areas.councils() {
        for sex in ["women", "men"] {
            for year in BASE..=LAST {
                let source = if year == BASE { estimates } else { carried };
                let result = column(source, area, sex, year)?;
                let before = column(projection, area, sex, year)?;
                for band in BANDS {
                    let ratio = band_sum(result, band) / band_sum(before, band);
                    let place = format!("{area} {sex} {} in {year}", label(band));
                    if !(LIMITS.0..=LIMITS.1).contains(&ratio) {
                        return Err(format!("correction of {ratio:.3} at {place}"));
                    }
                    all.push(Adjustment { ratio, place });
                }
            }
        }
    }
    Ok(all)
}

/// Says which bands swing from one projected year to the next where the
/// published projection of the council does not swing the same way.
pub fn swings(carried: &People, projection: &People, areas: &Areas) -> Result<String, String> {
    let (mut shared, mut own, mut lines) = (0, 0, String::new());
    for area in areas.councils() {
        for sex in ["women", "men"] {
            for year in BASE + 2..=LAST {
                let change = |people: &People, band| -> Result<f64, String> {
                    let before = band_sum(column(people, area, sex, year - 1)?, band);
                    Ok(band_sum(column(people, area, sex, year)?, band) / before - 1.0)
                };
                for band in BANDS {
                    let (made, published) = (change(carried, band)?, change(projection, band)?);
                    if made.abs() <= SWING {
                        continue;
                    }
                    if published * made.signum() > SWING {
                        shared += 1;
                        continue;
                    }
                    own += 1;
                    let (made, published) = (100.0 * made, 100.0 * published);
                    let band = label(band);
                    lines.push_str(&format!(
                        "\n  {made:+.1}% {area} {sex} {band} in {year} (published {published:+.1}%)"
                    ));
                }
            }
        }
    }
    Ok(format!(
        "population: changes of a band by more than {}% in a year after {}: {own}, and {shared} \
         where the 2018-based projection has one too{lines}",
        100.0 * SWING,
        BASE + 1
    ))
}

/// The three smallest and the three largest corrections, one per line.
pub fn extremes(mut all: Vec<Adjustment>) -> String {
    all.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    let last = all.len().saturating_sub(3);
    let lines: Vec<String> = all
        .iter()
        .enumerate()
        .filter(|(at, _)| *at < 3 || *at >= last)
        .map(|(_, a)| format!("  {:.3} {}", a.ratio, a.place))
        .collect();
    lines.join("\n")
}

/// A band as messages name it.
pub fn label((from, to): (usize, usize)) -> String {
    if to == OPEN {
        format!("{from}+")
    } else {
        format!("{from}-{to}")
    }
}

/// The mean error of a projection of the base year, in per cent of people, over
/// councils, sexes and the bands given.
pub fn error(
    result: &People,
    estimates: &People,
    areas: &Areas,
    bands: &[(usize, usize)],
) -> Result<f64, String> {
    let (mut missed, mut people) = (0.0, 0.0);
    for area in areas.councils() {
        for sex in ["women", "men"] {
            let (made, met) = (
                column(result, area, sex, BASE)?,
                column(estimates, area, sex, BASE)?,
            );
            for &band in bands {
                missed += (band_sum(made, band) - band_sum(met, band)).abs();
                people += band_sum(met, band);
            }
        }
    }
    Ok(100.0 * missed / people)
}

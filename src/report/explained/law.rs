//! The law of a number's uncertainty, in words.

use super::super::number::plain;
use crate::compile::Cell;
use crate::compile::Law;

/// How a number is drawn.
pub(super) fn law_words(cell: &Cell) -> String {
    let between = cell.interval.map_or(String::new(), |(low, high)| {
        format!("; 95% of draws from {} to {}", plain(low), plain(high))
    });
    let law = match cell.law {
        Law::Fixed => return "fixed: no uncertainty is drawn".to_owned(),
        Law::Beta(a, b) => format!("Beta({}, {})", plain(a), plain(b)),
        Law::Gamma(shape, mean) => {
            format!("Gamma with shape {} and mean {}", plain(shape), plain(mean))
        }
        Law::LogNormal(_, spread) => format!(
            "lognormal, with {} as the standard deviation of the logarithm",
            plain(spread)
        ),
        Law::Walk(_, spread) => format!(
            "a walk from year to year: lognormal, with {} as the standard deviation of the logarithm by then",
            plain(spread)
        ),
        Law::LogitNormal(_, spread) => format!(
            "logit-normal, with {} as the standard deviation of the log odds",
            plain(spread)
        ),
        Law::Normal(mean, sd) => format!(
            "normal with mean {} and standard deviation {}, cut to what is possible",
            plain(mean),
            plain(sd)
        ),
        Law::Uniform(low, high) => format!("uniform from {} to {}", plain(low), plain(high)),
    };
    law + &between
}

//! The fit as text for a terminal.

use super::number::{exact, range, signed};
use crate::summarise::{Fit, FitLine};

/// The whole, then each area, then the verdicts.
pub(super) fn fit_text(fit: &Fit) -> String {
    let mut out = String::new();
    let heading = format!(
        "{:<44} {:<24} {:<20} {:>10} {:>10} {:>8}  90% range\n",
        "measure", "place", "period", "recorded", "modelled", "error"
    );
    for (title, lines) in [
        ("The whole", &fit.headline),
        ("Areas: mean of the last published years", &fit.areas),
    ] {
        if !lines.is_empty() {
            out += &format!("{title}\n{heading}");
            out.extend(lines.iter().map(fit_line));
            out.push('\n');
        }
    }
    for verdict in &fit.verdicts {
        out += &format!("{}\n", verdict.text);
        out.extend(
            verdict
                .exceptions
                .iter()
                .map(|sentence| format!("  {sentence}\n")),
        );
    }
    if fit.is_scaled_to_known_residence {
        out += "Areas' published arrivals leave out people whose residence is unknown: the model's are scaled by the national share that is known.\n";
    }
    out
}

fn fit_line(line: &FitLine) -> String {
    let show = |value| exact(value, &line.unit);
    let inside = match line.is_inside {
        Some(true) => " (inside)",
        Some(false) => " (outside)",
        None => "",
    };
    format!(
        "{:<44} {:<24} {:<20} {:>10} {:>10} {:>8}  {}{inside}\n",
        line.measure,
        line.area.name,
        line.period,
        show(line.recorded),
        show(line.modelled.mean),
        signed(line.relative_error, |v| format!("{:.1}%", v * 100.0)),
        range(&line.modelled, show)
    )
}

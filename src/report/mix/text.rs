//! What was found, for a person at a terminal.

use super::{MixReport, tables};
use crate::appraise::mix::{Margin, Next};
use crate::report::number::{exact, lower_first};

impl MixReport<'_> {
    /// The places, what they come to, how sure that is, and what the next pounds bring.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{}\n\nPlaces for {}, from {} on, for the {} of “{}”:\n\n",
            self.plan.title,
            self.budget(),
            self.mixing.from,
            if self.is_more_better() {
                "most"
            } else {
                "least"
            },
            self.outcome(),
        );
        out += &self.places();
        out += &format!(
            "\n{}, {}: {}, {}.\n{}\n{}\n",
            self.outcome(),
            self.years(),
            self.measured(&self.choice().outcome, &self.unit()),
            self.gain(),
            self.spending(),
            self.sureness(),
        );
        out += &self.apart();
        out += &self.next();
        out
    }

    fn places(&self) -> String {
        let sites = || self.mixing.sites.iter();
        let width = |names: Vec<usize>| names.into_iter().max().unwrap_or(0);
        let service = width(
            sites()
                .map(|site| self.service(site).chars().count())
                .collect(),
        );
        let area = width(
            sites()
                .map(|site| self.areas(site).chars().count())
                .collect(),
        )
        .max(4);
        let mut out = format!(
            "{:<service$}  {:<area$} {:>8} {:>8}\n",
            "service", "area", "chosen", "today"
        );
        for (site, places) in sites().zip(&self.choice().places) {
            out += &format!(
                "{:<service$}  {:<area$} {places:>8} {:>8}\n",
                self.service(site),
                self.areas(site),
                site.today
            );
        }
        out
    }

    /// What the choice cannot be told apart from, in a sentence.
    pub(super) fn apart(&self) -> String {
        match self.mixed.rivals.as_slice() {
            [] => "Every other mix tried can be told apart from it.\n".to_owned(),
            [first, rest @ ..] => {
                let first = &self.mixed.mixes[*first];
                let others = match rest.len() {
                    0 => String::new(),
                    1 => ", and one more".to_owned(),
                    n => format!(", and {n} more"),
                };
                format!(
                    "It cannot be told apart from a mix with {}{others}.\n",
                    self.difference(first, self.choice())
                )
            }
        }
    }

    fn next(&self) -> String {
        let mut out = format!(
            "\nThe next £10,000{} would bring, of what is wanted:\n",
            self.per()
        );
        for margin in &self.mixed.margins {
            let site = &self.mixing.sites[margin.site];
            out += &format!(
                "  {}, {}: {}\n",
                lower_first(self.service(site)),
                self.areas(site),
                self.worth(margin)
            );
        }
        out
    }

    /// What the next pounds bring at a site, in words.
    pub(super) fn worth(&self, margin: &Margin) -> String {
        let gain = margin.gain;
        let unit = self.unit();
        let sign = if self.is_more_better() { "" } else { " fewer" };
        let value = format!(
            "{}{sign} (90% range {} to {}; Monte Carlo error {})",
            exact(gain.mean, &unit),
            exact(gain.p05, &unit),
            exact(gain.p95, &unit),
            exact(gain.mc_error, &unit)
        );
        match margin.next {
            Next::More => value,
            Next::Last => format!("{value}; {}", tables::note(margin)),
            Next::Little | Next::Empty | Next::Fixed => tables::note(margin).to_owned(),
        }
    }
}

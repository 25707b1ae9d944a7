//! The places that would close the gap, by service, place and year, and how they are worked out.

use super::Shown;
use crate::report::Run;
use crate::report::number;
use crate::report::page::mean_and_range;
use crate::report::page::view::Table;
use crate::summarise::reported_areas;

pub(super) const FORMULA: &str = "Places that would do: in each draw, people referred in the year times the months that support lasts per start (12 times the \
     people in support over the starts, over all places and years of the forecast), over 12, are the people who would be in support at a \
     time if nobody waited. Referrals come at random, so that number varies as a Poisson number does; the places that would do hold it in \
     nine months of ten. Where places share a pool, they share what the pool needs by their referrals. This is an approximation: it takes \
     those who now give up to stay as long as those who start, and nobody to come back more seldom because they were helped. Places do not \
     help those who decline, or who leave before their turn. Places by month are those of the year, less the places of the month. Every number is in gap.csv and gap_by_month.csv.";

/// A row for each service and place in the last year, and in the first for all places together.
pub(super) fn places(run: &Run) -> Table {
    let header = [
        "Service",
        "Place",
        "Year",
        "Arise with the need",
        "Start",
        "Never start",
        "90% range",
        "Share who never start",
        "Places",
        "Places that would do",
        "90% range",
        "More than there are",
        "90% range",
        "More are needed",
    ];
    let caption = format!(
        "The gap and the places that would close it, {}",
        number::lower_first(&run.comparator_name())
    );
    let mut table = Table::new(caption, &header, 3);
    let areas = reported_areas(run.plan);
    let years = run.first_and_last();
    let last = years.last().copied();
    for service in 0..run.plan.services.len() {
        for area in std::iter::once(run.total()).chain(0..run.total()) {
            for year in years
                .iter()
                .filter(|y| area == run.total() || Some(**y) == last)
            {
                let shown = Shown {
                    run,
                    option: run.plan.comparator,
                    year: *year,
                };
                let mut row = vec![
                    run.plan.services[service].title.clone(),
                    areas[area].name.clone(),
                    run.year_name(*year),
                ];
                row.extend(shown.row(area, service));
                table.rows.push(row);
            }
        }
    }
    table
}

impl Shown<'_> {
    fn row(&self, area: usize, service: usize) -> Vec<String> {
        let of = |measure| self.of(area, service, measure);
        let found = self
            .run
            .forecast
            .outlook
            .places(self.option, area, service, self.year);
        let mut row = vec![
            number::exact(of("need_arising").mean, "people"),
            number::exact(of("starts").mean, "people"),
        ];
        row.extend(mean_and_range(&of("unmet_need"), "people"));
        row.push(number::exact(self.never_share(area, service), "share"));
        row.push(number::exact(of("places").mean, "places"));
        row.extend(mean_and_range(&found.needed, "places"));
        row.extend(mean_and_range(&found.more, "places"));
        row.push(match found.probability_short {
            p if p.is_finite() => number::chance(p),
            _ => number::MISSING.to_owned(),
        });
        row
    }
}

//! How far existing services meet need: the gap by service, place and year, and the places that would close it.

mod charts;
mod places;

use serde::Serialize;

use super::super::Run;
use super::super::number;
use super::months::months;
use super::view::{Figure, Table};
use crate::summarise::Estimate;
use charts::explorer;
use places::{FORMULA, places};

/// The section; nothing where there are no services.
#[derive(Serialize)]
pub(super) struct GapView {
    /// Each service in words.
    sentences: Vec<String>,
    /// What the charts can show, for the script of the page.
    explorer: String,
    /// Places by services, where there are several places.
    heat: Option<Figure>,
    /// The same on a map of tiles, for the service with the largest gap.
    tiles: Option<Figure>,
    /// The gap and the places that would close it.
    places: Table,
    /// How they are worked out.
    formula: String,
    /// Each service month by month, in all places together.
    months: Vec<Figure>,
}

/// What services leave undone.
pub(super) fn gap(run: &Run) -> Option<GapView> {
    let last = *run.first_and_last().last()?;
    if run.plan.services.is_empty() {
        return None;
    }
    let shown = Shown {
        run,
        option: run.plan.comparator,
        year: last,
    };
    let has_several = run.plan.areas.len() > 1;
    Some(GapView {
        sentences: (0..run.plan.services.len())
            .flat_map(|service| shown.sentences(service))
            .collect(),
        explorer: match has_several {
            true => explorer(run, shown.largest()),
            false => String::new(),
        },
        heat: has_several.then(|| shown.heat()),
        tiles: shown.tiles(),
        places: places(run),
        formula: FORMULA.to_owned(),
        months: months(run, run.total()),
    })
}

/// A year under an option.
#[derive(Clone, Copy)]
struct Shown<'a> {
    run: &'a Run<'a>,
    option: usize,
    year: usize,
}

impl Shown<'_> {
    fn of(&self, area: usize, service: usize, measure: &str) -> Estimate {
        let service = &self.run.plan.services[service];
        let breakdown = match measure {
            "need_arising" => format!("need={}", self.run.plan.needs[service.need].id),
            _ => format!("service={}", service.id),
        };
        self.run
            .estimate(self.option, area, measure, &breakdown, self.year)
    }

    /// Of those who start or never do, the share who never do; NaN where there is nobody.
    fn never_share(&self, area: usize, service: usize) -> f64 {
        let of = |measure| self.of(area, service, measure).mean;
        let (never, starts) = (of("unmet_need"), of("starts"));
        match never + starts > 0.0 {
            true => never / (never + starts),
            false => f64::NAN,
        }
    }

    fn value(&self, area: usize, service: usize, measure: &str) -> f64 {
        let outlook = &self.run.forecast.outlook;
        match measure {
            "never_share" => self.never_share(area, service),
            "places_short" => {
                outlook
                    .places(self.option, area, service, self.year)
                    .more
                    .mean
            }
            _ => self.of(area, service, measure).mean,
        }
    }

    /// The service that most people never start with.
    fn largest(&self) -> Option<usize> {
        let never = |service: &usize| self.of(self.run.total(), *service, "unmet_need").mean;
        let services = 0..self.run.plan.services.len();
        services.max_by(|a, b| never(a).total_cmp(&never(b)))
    }

    /// Who never starts and why, then the places that would do.
    fn sentences(&self, service: usize) -> [String; 2] {
        let (run, area) = (self.run, self.run.total());
        let title = &run.plan.services[service].title;
        let of = |measure| self.of(area, service, measure);
        let never = of("unmet_need");
        let (declined, gave_up) = (of("declined").mean, of("gave_up").mean);
        let left = never.mean - declined - gave_up;
        let share = match self.never_share(area, service) {
            share if share.is_finite() => format!(
                ", {} of those who start or never do",
                number::about(share, "share")
            ),
            _ => String::new(),
        };
        let people = |value: f64| number::about(value.max(0.0), "people");
        let first = format!(
            "{title}: in {}, with services as they are, {} people with the need never start{share}. Of them about {} decline, {} give up waiting, and {} leave before their turn.",
            run.year_name(self.year),
            number::with_range(&never, "people"),
            people(declined),
            people(gave_up),
            people(left),
        );
        [first, self.places_sentence(service)]
    }

    fn places_sentence(&self, service: usize) -> String {
        let (run, area) = (self.run, self.run.total());
        let title = &run.plan.services[service].title;
        let found = run
            .forecast
            .outlook
            .places(self.option, area, service, self.year);
        if !found.needed.mean.is_finite() {
            return format!(
                "{title}: the places that would close the gap cannot be told, because nobody starts ({}).",
                number::MISSING
            );
        }
        let there = self.of(area, service, "places").mean;
        let year = run.year_name(self.year);
        let needed = number::with_range(&found.needed, "places");
        let more = number::with_range(&found.more, "places");
        let sure = match found.probability_short {
            p if p.is_finite() => format!("; that more are needed is {}", number::likelihood(p)),
            _ => String::new(),
        };
        format!(
            "{title}: with {needed} places in {year}, instead of about {}, nobody would wait in nine months of ten. Future by future, and none counted where there are enough, {more} more are needed on average{sure}.",
            number::about(there, "places")
        )
    }
}

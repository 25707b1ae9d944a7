//! How far existing services meet need: the gap by service, place and year, and the places that would close it.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::Run;
use super::super::chart::{Field, HeatChart, TileChart, shade};
use super::super::number;
use super::months::months;
use super::tiles::TILES;
use super::view::{Figure, Table};
use crate::summarise::{Estimate, reported_areas};

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

const FORMULA: &str = "Places that would do: in each draw, people referred in the year times the months that support lasts per start (12 times the \
     people in support over the starts, over all places and years of the forecast), over 12, are the people who would be in support at a \
     time if nobody waited. Referrals come at random, so that number varies as a Poisson number does; the places that would do hold it in \
     nine months of ten. Where places share a pool, they share what the pool needs by their referrals. This is an approximation: it takes \
     those who now give up to stay as long as those who start, and nobody to come back more seldom because they were helped. Places do not \
     help those who decline, or who leave before their turn. Places by month are those of the year, less the places of the month. Every number is in gap.csv and gap_by_month.csv.";

/// What the charts can show of a service in a place.
const MEASURES: [(&str, &str, &str); 5] = [
    (
        "never_share",
        "Never start, of those who start or never do",
        "share",
    ),
    ("unmet_need", "People who never start", "people"),
    ("places_short", "More places that would do", "places"),
    (
        "wait_months_p90",
        "Months that nine in ten wait at most",
        "months",
    ),
    ("need_arising", "People who arise with the need", "people"),
];

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

    /// The finding of a chart of one measure: where it is highest and lowest.
    fn finding(&self, measure: usize, services: &[usize]) -> String {
        let (id, title, unit) = MEASURES[measure];
        let run = self.run;
        let head = format!(
            "{title}, {}, {}",
            number::lower_first(&run.name(self.option)),
            run.year_name(self.year)
        );
        let fields = (0..run.plan.areas.len())
            .flat_map(|area| services.iter().map(move |service| (area, *service)));
        let mut known: Vec<(f64, usize, usize)> = fields
            .map(|(area, service)| (self.value(area, service, id), area, service))
            .filter(|(value, ..)| value.is_finite())
            .collect();
        known.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (Some(low), Some(high)) = (known.first(), known.last()) else {
            return format!("{head}: {}", number::MISSING);
        };
        let name = |(value, area, service): &(f64, usize, usize)| {
            let place = &run.plan.areas[*area].name;
            let what = match services.len() {
                1 => String::new(),
                _ => format!(
                    " for {}",
                    number::lower_first(&run.plan.services[*service].title)
                ),
            };
            format!("in {place}{what} ({})", number::exact(*value, unit))
        };
        match low.0 == high.0 {
            true => format!(
                "{head}: everywhere the same, {}",
                number::exact(low.0, unit)
            ),
            false => format!("{head}: highest {}, lowest {}", name(high), name(low)),
        }
    }

    /// Every field of a measure with its shade, and what the ends of the shades are.
    fn fields(&self, measure: usize, services: &[usize]) -> (Vec<Vec<Field>>, [String; 2]) {
        let (id, _, unit) = MEASURES[measure];
        let areas = 0..self.run.plan.areas.len();
        let values: Vec<Vec<f64>> = areas
            .map(|area| services.iter().map(|s| self.value(area, *s, id)).collect())
            .collect();
        let known = values.iter().flatten().copied().filter(|v| v.is_finite());
        let low = known.clone().fold(f64::INFINITY, f64::min);
        let high = known.fold(f64::NEG_INFINITY, f64::max);
        let field = |value: &f64| Field {
            words: number::exact(*value, unit),
            shade: shade(*value, (low, high)),
        };
        let fields = values.iter().map(|row| row.iter().map(field).collect());
        (
            fields.collect(),
            [low, high].map(|v| number::exact(v, unit)),
        )
    }

    fn heat(&self) -> Figure {
        let run = self.run;
        let all: Vec<usize> = (0..run.plan.services.len()).collect();
        let (fields, ends) = self.fields(0, &all);
        let columns: Vec<String> = run.plan.services.iter().map(|s| s.title.clone()).collect();
        let title = self.finding(0, &all);
        let mut header = vec!["Place"];
        header.extend(columns.iter().map(String::as_str));
        let mut table = Table::new(self.caption(0), &header, 1);
        let names = run.plan.areas.iter().map(|area| area.name.clone());
        let mut rows = Vec::new();
        for (name, fields) in names.zip(fields) {
            let words = fields.iter().map(|field| field.words.clone());
            table
                .rows
                .push(std::iter::once(name.clone()).chain(words).collect());
            rows.push((name, fields));
        }
        let chart = HeatChart {
            id: "gap-heat",
            title: &title,
            description: "Heat map: a row for each place, a column for each service, the number in every field, darker where it is higher. The table after the chart has every number.",
            columns: &columns,
            rows,
            ends,
        };
        Figure {
            id: "gap-heat".to_owned(),
            svg: chart.svg(),
            title,
            note: "Means of the draws. Shades are five equal steps from the lowest to the highest number shown.".to_owned(),
            table,
        }
    }

    fn caption(&self, measure: usize) -> String {
        format!(
            "{}, {}, {}",
            MEASURES[measure].1,
            number::lower_first(&self.run.name(self.option)),
            self.run.year_name(self.year)
        )
    }

    /// The service that most people never start with.
    fn largest(&self) -> Option<usize> {
        let never = |service: &usize| self.of(self.run.total(), *service, "unmet_need").mean;
        let services = 0..self.run.plan.services.len();
        services.max_by(|a, b| never(a).total_cmp(&never(b)))
    }

    /// The service with the largest gap on the map; nothing where fewer than two places have a tile.
    fn tiles(&self) -> Option<Figure> {
        let run = self.run;
        let place = |code: &str| run.plan.areas.iter().position(|area| area.code == code);
        let n_known = TILES.iter().filter(|tile| place(tile.0).is_some()).count();
        if n_known < 2 {
            return None;
        }
        let service = self.largest()?;
        let (fields, ends) = self.fields(0, &[service]);
        let mut fields: Vec<Option<Field>> = fields.into_iter().map(|mut row| row.pop()).collect();
        let named = &run.plan.services[service].title;
        let title = format!("{named}. {}", self.finding(0, &[service]));
        let mut table = Table::new(
            format!("{named}: {}", number::lower_first(&self.caption(0))),
            &["Place", "Number"],
            1,
        );
        let each = run.plan.areas.iter().zip(&fields);
        table.rows = each
            .map(|(area, field)| {
                let words = field
                    .as_ref()
                    .map_or(number::MISSING.to_owned(), |f| f.words.clone());
                vec![area.name.clone(), words]
            })
            .collect();
        let tiles = TILES.iter().map(|(code, column, row, name)| {
            let field = place(code).and_then(|area| fields[area].take());
            (*column, *row, *name, field)
        });
        let chart = TileChart {
            id: "gap-tiles",
            title: &title,
            description: "Tile map of the councils of Scotland: a tile for each, laid out roughly as they lie, the number in each tile, darker where it is higher. The table after the chart has every number.",
            tiles: tiles.collect(),
            ends,
        };
        Some(Figure {
            id: "gap-tiles".to_owned(),
            svg: chart.svg(),
            title,
            note: "Every council has a tile of the same size, roughly where it lies; councils outside of this question are left blank.".to_owned(),
            table,
        })
    }
}

/// What the charts can show, as the script reads it: `words[year][option][service][area]` of each measure as tables
/// print it, and `values` in the same order.
fn explorer(run: &Run, service: Option<usize>) -> String {
    let years = run.first_and_last();
    let (n_areas, n_services) = (run.plan.areas.len(), run.plan.services.len());
    let measure = |(id, title, unit): &(&str, &str, &str)| {
        let mut values = Vec::new();
        let mut words = Vec::new();
        for year in &years {
            for option in 0..run.plan.options.len() {
                let shown = Shown {
                    run,
                    option,
                    year: *year,
                };
                for service in 0..n_services {
                    for area in 0..n_areas {
                        let value = shown.value(area, service, id);
                        values.push(number::plain(value).parse::<f64>().ok());
                        words.push(number::exact(value, unit));
                    }
                }
            }
        }
        json!({ "id": id, "title": title, "values": values, "words": words })
    };
    let names = |option: usize| number::lower_first(&run.name(option));
    let data = json!({
        "years": years.iter().map(|year| run.year_name(*year)).collect::<Vec<_>>(),
        "options": (0..run.plan.options.len()).map(names).collect::<Vec<_>>(),
        "services": run.plan.services.iter().map(|s| &s.title).collect::<Vec<_>>(),
        "areas": run.plan.areas.iter().map(|a| &a.name).collect::<Vec<_>>(),
        "codes": TILES.iter().map(|tile| run.plan.areas.iter().position(|a| a.code == tile.0)).collect::<Vec<_>>(),
        "measures": MEASURES.iter().map(measure).collect::<Vec<Value>>(),
        "comparator": run.plan.comparator,
        "service": service,
    });
    super::view::data("gap-data", &data)
}

/// A row for each service and place in the last year, and in the first for all places together.
fn places(run: &Run) -> Table {
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
        row.extend(super::mean_and_range(&of("unmet_need"), "people"));
        row.push(number::exact(self.never_share(area, service), "share"));
        row.push(number::exact(of("places").mean, "places"));
        row.extend(super::mean_and_range(&found.needed, "places"));
        row.extend(super::mean_and_range(&found.more, "places"));
        row.push(match found.probability_short {
            p if p.is_finite() => number::chance(p),
            _ => number::MISSING.to_owned(),
        });
        row
    }
}

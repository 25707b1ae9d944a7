//! The gap as charts: places by services, councils as tiles, and what the script of the page can show.

use serde_json::{Value, json};

use super::Shown;
use crate::report::Run;
use crate::report::chart::{Field, HeatChart, TileChart, shade};
use crate::report::number;
use crate::report::page::tiles::TILES;
use crate::report::page::view::{self, Figure, Table};

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

impl Shown<'_> {
    pub(super) fn heat(&self) -> Figure {
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

    /// The service with the largest gap on the map; nothing where fewer than two places have a tile.
    pub(super) fn tiles(&self) -> Option<Figure> {
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

    fn caption(&self, measure: usize) -> String {
        format!(
            "{}, {}, {}",
            MEASURES[measure].1,
            number::lower_first(&self.run.name(self.option)),
            self.run.year_name(self.year)
        )
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
}

/// What the charts can show, as the script reads it: `words[year][option][service][area]` of each measure as tables
/// print it, and `values` in the same order.
pub(super) fn explorer(run: &Run, service: Option<usize>) -> String {
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
    view::data("gap-data", &data)
}

//! The report: one page that needs nothing but itself.

mod appraisal;
mod area;
mod costs;
mod data;
mod detail;
mod drivers;
mod duties;
mod equality;
mod evidence;
mod fan;
mod gap;
mod glance;
mod journey;
mod months;
mod needs;
mod options;
mod outcomes;
mod partners;
mod practice;
mod quality;
mod record;
mod resources;
mod services;
mod shared;
mod summary;
mod tiles;
mod told;
pub(super) mod view;
mod waterfall;
mod weighed;

use std::cmp::Ordering;

use minijinja::{Environment, ErrorKind};
use serde::Serialize;

use super::{Run, number};
use crate::summarise::Estimate;
use detail::Detail;

pub use summary::in_brief;
pub(super) use tiles::TILES;

/// The page for a run, told in as much detail as `most` bytes hold.
pub fn html(run: &Run, most: usize) -> Result<String, minijinja::Error> {
    let mut page = Page::of(run);
    let mut html = String::new();
    for detail in Detail::ALL {
        page.detail = detail;
        let template = include_str!("../template.html");
        html = match detail {
            Detail::Cut => {
                let mut page = serde_json::json!(&page);
                detail::cut(&mut page);
                render("report.html", template, &page)?
            }
            _ => render("report.html", template, &page)?,
        };
        if html.len() <= detail.most_bytes(most) {
            break;
        }
    }
    Ok(html)
}

/// A page made of a template and what the template is given.
pub(super) fn render(
    name: &'static str,
    template: &'static str,
    page: impl Serialize,
) -> Result<String, minijinja::Error> {
    let mut templates = Environment::new();
    templates.add_template(name, template)?;
    templates.add_template("base.html", include_str!("../base.html"))?;
    templates.add_template("macros.html", include_str!("../macros.html"))?;
    templates.add_template("joint.html", include_str!("../joint.html"))?;
    templates.add_template("style.css", include_str!("../style.css"))?;
    templates.add_template("script.js", include_str!("../script.js"))?;
    templates.add_filter("unbroken", unbroken);
    templates.add_filter("shape", shape);
    templates.add_filter("packed", packed);
    templates
        .get_template(name)?
        .render(minijinja::Value::from(minijinja::value::Serde(page)))
}

/// A piece of the page that waits until it is wanted.
fn packed(html: String) -> Result<minijinja::Value, minijinja::Error> {
    match detail::packed(&html) {
        Ok(text) => Ok(minijinja::Value::from_safe_string(text)),
        Err(error) => {
            Err(minijinja::Error::new(ErrorKind::WriteFailure, "packing").with_source(error))
        }
    }
}

/// Keeps a sign with its number, a number with its size and a year in one when a line breaks.
fn unbroken(text: String) -> String {
    let is_year = text.len() == 7 && text.as_bytes()[4] == b'-';
    let text = match is_year && text.bytes().all(|c| c.is_ascii_digit() || c == b'-') {
        true => text.replace('-', "-\u{2060}"),
        false => text,
    };
    text.replace('−', "−\u{2060}")
        .replace('+', "+\u{2060}")
        .replace(" million", "\u{a0}million")
        .replace(" billion", "\u{a0}billion")
}

/// How a table is set: how many of its columns hold words, and whether some number is too long to stand in one line.
fn shape(table: minijinja::Value) -> Result<String, minijinja::Error> {
    let n_words = table.get_attr("n_words")?;
    let skipped = usize::try_from(n_words.clone()).unwrap_or(0);
    let mut is_long = false;
    for row in table.get_attr("rows")?.try_iter()? {
        let mut numbers = row.try_iter()?.skip(skipped);
        is_long |= numbers.any(|cell| cell.as_str().is_some_and(|text| text.chars().count() > 26));
    }
    Ok(match is_long {
        true => format!("w{n_words} long"),
        false => format!("w{n_words}"),
    })
}

/// What the template is given; each section is `None` where the run has nothing to say.
#[derive(Serialize)]
struct Page {
    detail: Detail,
    title: String,
    summary: summary::Summary,
    areas: Vec<view::AreaView>,
    journey: Option<view::Figure>,
    practice: practice::PracticeView,
    record: record::RecordView,
    resources: resources::ResourcesView,
    gap: Option<gap::GapView>,
    shared: Option<shared::SharedView>,
    data: data::DataView,
    quality: quality::QualityView,
    options: serde_json::Value,
    drivers_of_options: Vec<drivers::DriversView>,
    costs: Option<view::Figure>,
    weighed: weighed::WeighedView,
    partners: Option<view::Table>,
    equality: Vec<view::Table>,
    appraisal: Option<view::Table>,
    appraisal_notes: Vec<String>,
    duties: Option<duties::DutiesView>,
    fit: Option<serde_json::Value>,
    assumptions: serde_json::Value,
    repeat: serde_json::Value,
    notes: Vec<String>,
}

impl Page {
    fn of(run: &Run) -> Page {
        Page {
            detail: Detail::Whole,
            title: run.plan.title.clone(),
            summary: summary::summary(run),
            areas: area::areas(run),
            journey: journey::journey(run),
            practice: practice::practice(run),
            record: record::record(run),
            resources: resources::resources(run),
            gap: gap::gap(run),
            shared: shared::shared(run),
            data: data::data(run),
            quality: quality::quality(run),
            options: options::options(run),
            drivers_of_options: drivers::of_options(run),
            costs: costs::costs(run),
            weighed: weighed::weighed(run),
            partners: partners::partners(run),
            equality: equality::equality(run),
            appraisal: appraisal::appraisal(run),
            appraisal_notes: run.appraisal.notes.clone(),
            duties: duties::duties(run),
            fit: evidence::fit(run),
            assumptions: evidence::assumptions(run),
            repeat: evidence::repeat(run),
            notes: run.plan.notes.clone(),
        }
    }
}

impl Run<'_> {
    /// The column of the sum of the areas, or of the only area.
    fn total(&self) -> usize {
        self.forecast.layout.n_areas - 1
    }

    /// The first and the last year of the forecast; one year when it has one, none when it has none.
    fn first_and_last(&self) -> Vec<usize> {
        let years = &self.forecast.years;
        match years.len() {
            0 => Vec::new(),
            1 => vec![years.start],
            _ => vec![years.start, years.end - 1],
        }
    }

    fn year_name(&self, year: usize) -> String {
        self.forecast.layout.years[year].to_string()
    }

    /// The yearly estimate of a measure, or nothing known.
    fn estimate(
        &self,
        option: usize,
        area: usize,
        measure: &str,
        breakdown: &str,
        year: usize,
    ) -> Estimate {
        let series = self.forecast.layout.find(measure, breakdown);
        series.map_or(Estimate::NONE, |series| {
            self.forecast.at(option, area, series, year)
        })
    }

    /// An option as charts and sentences name it: its id in words, because titles are long.
    fn name(&self, option: usize) -> String {
        let words = self.plan.options[option].id.replace(['-', '_'], " ");
        let mut letters = words.chars();
        letters.next().map_or(String::new(), |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }

    /// Colour, dash and mark of an option, the same on every chart: the comparator's is the first.
    fn style(&self, option: usize) -> usize {
        match option.cmp(&self.plan.comparator) {
            Ordering::Less => option + 1,
            Ordering::Equal => 0,
            Ordering::Greater => option,
        }
    }

    /// What the shares of variance are shares of.
    fn varied_output(&self) -> String {
        let variance = &self.appraisal.variance;
        match variance.option {
            Some(option) => format!("{} of “{}”", variance.output, self.name(option)),
            None => variance.output.clone(),
        }
    }

    /// The name of the comparator.
    fn comparator_name(&self) -> String {
        self.name(self.plan.comparator)
    }

    /// The other options, in order.
    fn others(&self) -> impl Iterator<Item = usize> + Clone {
        let comparator = self.plan.comparator;
        (0..self.plan.options.len()).filter(move |option| *option != comparator)
    }

    /// The widest span that the run can speak of, such as `2025-26 to 2034-35`.
    pub(in crate::report) fn horizon_name(&self) -> String {
        match self.first_and_last()[..] {
            [] => String::new(),
            [one] => self.year_name(one),
            [first, last, ..] => format!("{} to {}", self.year_name(first), self.year_name(last)),
        }
    }
}

/// Mean and 90% range in two cells.
fn mean_and_range(estimate: &Estimate, unit: &str) -> [String; 2] {
    let show = |value| number::exact(value, unit);
    [show(estimate.mean), number::range(estimate, show)]
}

/// `38.2 (21 to 57)`: mean and 90% range in one cell; the mean alone where there are no draws.
fn mean_with_range(estimate: &Estimate, unit: &str) -> String {
    let mean = number::exact(estimate.mean, unit);
    match estimate.has_range() {
        true => format!(
            "{mean} ({})",
            number::range(estimate, |value| number::about(value, unit))
        ),
        false => mean,
    }
}

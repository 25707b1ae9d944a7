//! Charts as accessible SVG: a picture with a title and a description, colours from the page's style sheet, and meaning
//! never carried by colour alone.

mod columns;
mod heat;
mod interval;
mod multiples;
mod plane;
mod sankey;
mod scale;
mod scatter;
mod time;
mod tornado;
mod upset;
mod waterfall;

pub use columns::ColumnChart;
pub use heat::{Field, HeatChart, TileChart, shade};
pub use interval::{Group, IntervalChart, Item};
pub use multiples::{Multiples, Panel};
pub use plane::{PlaneChart, Spot};
pub use sankey::SankeyChart;
pub use scatter::{Point, ScatterChart};
pub use time::{Band, Line, TimeChart};
pub use tornado::{Bar, TornadoChart};
pub use upset::UpsetChart;
pub use waterfall::{Step, WaterfallChart};

/// Text made safe for SVG and HTML.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// As wide is a letter of a label in the widest of the fonts that a browser may take.
const LETTER: f64 = 7.4;

/// The picture around the drawing: what it is called, what it shows, and how large it is.
fn frame(
    id: &str,
    title: &str,
    description: &str,
    (width, height): (f64, f64),
    drawing: &str,
) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         viewBox=\"0 0 {width:.0} {height:.0}\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>\
         <g aria-hidden=\"true\">{drawing}</g></svg>",
        escape(title),
        escape(description)
    )
}

/// A mark of the shape that belongs to a series, so that colour is never alone.
fn marker(series: usize, x: f64, y: f64) -> String {
    let style = series % 4;
    match style {
        0 => format!("<circle class=\"mark c0\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"),
        1 => format!(
            "<rect class=\"mark c1\" x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\"/>",
            x - 4.0,
            y - 4.0
        ),
        2 => format!(
            "<path class=\"mark c2\" d=\"M{x:.1} {:.1}l5 9h-10z\"/>",
            y - 5.0
        ),
        _ => format!(
            "<path class=\"mark c3\" d=\"M{x:.1} {:.1}l5.5 5.5l-5.5 5.5l-5.5 -5.5z\"/>",
            y - 5.5
        ),
    }
}

/// Text at a place; `class` says how it is set.
fn text(class: &str, x: f64, y: f64, words: &str) -> String {
    format!(
        "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>",
        escape(words)
    )
}

//! Numbers as shaded fields: a grid with a row and a column for each, or tiles laid out like a map. The number stands in
//! every field, so that nothing depends on telling shades apart.

use super::time::short;
use super::{frame, text};

const WIDTH: f64 = 720.0;
/// Left of the grid stand the names of its rows.
const LEFT: f64 = 176.0;
const TOP: f64 = 58.0;
const ROW: f64 = 26.0;
/// A tile with the gap to the next.
const TILE: f64 = 72.0;
/// Room for the key below the fields.
const KEY: f64 = 44.0;
/// How many shades there are.
pub const N_SHADES: usize = 5;

/// A field: what it shows and how deep its shade is.
pub struct Field {
    /// In the field.
    pub words: String,
    /// From 0, the palest, to one below [`N_SHADES`]; `None` where there is no number.
    pub shade: Option<usize>,
}

/// A grid of fields.
pub struct HeatChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Names of the columns, from left to right.
    pub columns: &'a [String],
    /// Names of the rows from top to bottom, with their fields.
    pub rows: Vec<(String, Vec<Field>)>,
    /// What the palest and the deepest shade stand for.
    pub ends: [String; 2],
}

impl HeatChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let width = (WIDTH - LEFT) / self.columns.len().max(1) as f64;
        let mut drawing = String::new();
        for (column, name) in self.columns.iter().enumerate() {
            let at = LEFT + (column as f64 + 0.5) * width;
            let lines = wrapped(name, (width / 7.4) as usize);
            let first = TOP - 10.0 - 15.0 * (lines.len() - 1) as f64;
            for (line, words) in lines.iter().enumerate() {
                drawing += &text("label middle", at, first + 15.0 * line as f64, words);
            }
        }
        for (row, (name, fields)) in self.rows.iter().enumerate() {
            let y = TOP + row as f64 * ROW;
            drawing += &text("label end", LEFT - 10.0, y + 17.5, &short(name, 25));
            for (column, field) in fields.iter().enumerate() {
                let x = LEFT + column as f64 * width;
                drawing += &drawn(field, (x, y), (width - 2.0, ROW - 2.0), "");
            }
        }
        let floor = TOP + self.rows.len() as f64 * ROW;
        drawing += &key(&self.ends, LEFT, floor + 12.0);
        let size = (WIDTH, floor + KEY);
        frame(self.id, self.title, self.description, size, &drawing)
    }
}

/// Column, row, name, and the field; no field for places that are not asked about.
pub type Tile<'a> = (usize, usize, &'a str, Option<Field>);

/// Tiles of one size, each at its place.
pub struct TileChart<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same for those who cannot see it.
    pub description: &'a str,
    /// Each tile: column, row, name, and its field; no field for places that are not asked about.
    pub tiles: Vec<Tile<'a>>,
    /// What the palest and the deepest shade stand for.
    pub ends: [String; 2],
}

impl TileChart<'_> {
    /// The chart as SVG.
    pub fn svg(&self) -> String {
        let last =
            |of: &dyn Fn(&Tile) -> usize| self.tiles.iter().map(of).max().unwrap_or(0) as f64 + 1.0;
        let (width, floor) = (last(&|t| t.0) * TILE, last(&|t| t.1) * TILE);
        let left = (WIDTH - width) / 2.0;
        let mut drawing = String::new();
        for (column, row, name, field) in &self.tiles {
            let at = (left + *column as f64 * TILE, *row as f64 * TILE);
            let none = Field {
                words: String::new(),
                shade: None,
            };
            let is_asked = field.is_some();
            let field = field.as_ref().unwrap_or(&none);
            let class = if is_asked { "" } else { " other" };
            drawing += &drawn(field, at, (TILE - 3.0, TILE - 3.0), class);
            let shade = field.shade.map_or("hx", |shade| SHADES[shade]);
            for (line, words) in wrapped(name, 11).iter().enumerate() {
                let y = at.1 + 15.0 + 12.0 * line as f64;
                let class = format!("tile middle on-{shade}");
                drawing += &text(&class, at.0 + (TILE - 3.0) / 2.0, y, &short(words, 13));
            }
        }
        drawing += &key(&self.ends, left, floor + 10.0);
        let size = (WIDTH, floor + KEY);
        frame(self.id, self.title, self.description, size, &drawing)
    }
}

const SHADES: [&str; N_SHADES] = ["h0", "h1", "h2", "h3", "h4"];

/// A field with its number: in the middle of a row, at the foot of a tile.
fn drawn(field: &Field, (x, y): (f64, f64), (width, height): (f64, f64), class: &str) -> String {
    let shade = field
        .shade
        .map_or("hx", |shade| SHADES[shade.min(N_SHADES - 1)]);
    let base = if height > ROW {
        y + height - 10.0
    } else {
        y + height / 2.0 + 4.5
    };
    format!(
        "<rect class=\"field {shade}{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>{}",
        match field.words.is_empty() {
            true => String::new(),
            false => text(
                &format!("value middle on-{shade}"),
                x + width / 2.0,
                base,
                &field.words
            ),
        }
    )
}

/// What the shades stand for.
fn key(ends: &[String; 2], left: f64, y: f64) -> String {
    let mut out = text("tick key-low end", left + 40.0, y + 13.0, &ends[0]);
    for (step, shade) in SHADES.iter().enumerate() {
        let x = left + 48.0 + 30.0 * step as f64;
        out += &format!(
            "<rect class=\"key {shade}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"28\" height=\"18\"/>"
        );
    }
    out + &text(
        "tick key-high",
        left + 56.0 + 30.0 * N_SHADES as f64,
        y + 13.0,
        &ends[1],
    )
}

/// A name in at most three lines, broken between words.
fn wrapped(name: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in name.split_whitespace() {
        let line = lines.last_mut();
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + word.chars().count() < room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > 3 {
        let rest = lines.split_off(2).join(" ");
        lines.push(rest);
    }
    lines
}

/// The shade of a value between the smallest and the largest: equal steps.
pub fn shade(value: f64, (low, high): (f64, f64)) -> Option<usize> {
    if !value.is_finite() {
        return None;
    }
    let share = if high > low {
        (value - low) / (high - low)
    } else {
        0.0
    };
    Some(((share * N_SHADES as f64) as usize).min(N_SHADES - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_are_equal_steps_from_the_smallest_to_the_largest() {
        let of = |value| shade(value, (10.0, 20.0));
        assert_eq!(
            [10.0, 11.9, 12.1, 19.9, 20.0].map(of),
            [0, 0, 1, 4, 4].map(Some)
        );
        assert_eq!(of(f64::NAN), None);
        assert_eq!(shade(3.0, (3.0, 3.0)), Some(0));
    }

    #[test]
    fn long_names_are_broken_between_words() {
        assert_eq!(wrapped("Argyll and Bute", 11), ["Argyll and", "Bute"]);
        assert_eq!(wrapped("Fife", 11), ["Fife"]);
    }
}

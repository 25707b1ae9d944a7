//! A table of draws to alternatives side by side: every option has every draw, every draw every year.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{At, DrawnRow, DrawnTable, Tables};

/// Options that are known by draws of what they cost and achieve.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The options in the order of the table.
    pub options: Vec<Alternative>,
    /// How many draws each has.
    pub n_draws: usize,
    /// The option that others are compared with.
    pub comparator: usize,
    /// Uncertain numbers that lie behind the draws, alone or several as one: the name and, for each number of it, the
    /// value of every draw.
    pub parameters: Vec<(String, Vec<Vec<f64>>)>,
    /// What outcomes are called.
    pub outcome: String,
    /// Whether costs and outcomes are streams over years.
    pub has_years: bool,
}

/// One option. Draws stand in the order of their names, the same for all options.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Alternative {
    /// Its name.
    pub id: String,
    /// The years from the start of its stream, rising; year 0 alone for what is no stream.
    pub years: Vec<usize>,
    /// Costs by draw, and by year within a draw.
    pub costs: Vec<f64>,
    /// Outcomes in the same order.
    pub outcomes: Vec<f64>,
}

/// Proves a table of draws sound. The comparator is the first option unless it is named.
///
/// # Errors
/// Every fault that was found, those of the reading included.
pub fn alternatives(
    table: &Tables<DrawnTable>,
    comparator: Option<&str>,
) -> Result<Alternatives, Vec<Diagnostic>> {
    let mut check = Check {
        table,
        content: &table.content,
        faults: table.faults.clone(),
    };
    let comparator = check.comparator(comparator);
    let order = check.order_of_draws();
    let options: Vec<Alternative> = (0..check.content.options.len())
        .map(|option| check.option(option, &order))
        .collect();
    let numbers = check.parameters(&order);
    let group = |(name, members): &(String, Vec<usize>)| {
        let values = members.iter().map(|member| numbers[*member].clone());
        (name.clone(), values.collect())
    };
    let parameters = check.content.groups.iter().map(group).collect();
    if check.faults.iter().any(|f| f.severity == Severity::Error) {
        return Err(check.faults);
    }
    Ok(Alternatives {
        options,
        n_draws: order.len(),
        comparator,
        parameters,
        outcome: check.content.outcome.clone(),
        has_years: check.content.has_years,
    })
}

/// The largest number whose products and squares of products can be held.
pub const LARGEST: f64 = 1e30;

/// The table while it is looked at.
struct Check<'a> {
    table: &'a Tables<DrawnTable>,
    content: &'a DrawnTable,
    faults: Vec<Diagnostic>,
}

/// A row's draw in the order of draws, its year, and its index.
type Sorted = (usize, u32, usize);

impl Check<'_> {
    fn report(&mut self, at: At, column: usize, fault: Diagnostic) {
        let place = self.table.sources.cell(at, column);
        self.faults.push(fault.at(&place));
    }

    fn line(&self, row: &DrawnRow) -> String {
        let place = self.table.sources.file_and_line(row.at);
        let line = place.rsplit_once(':').map_or("", |(_, line)| line);
        format!("line {line}")
    }

    fn comparator(&mut self, wanted: Option<&str>) -> usize {
        let Some(wanted) = wanted else { return 0 };
        let names = &self.content.options;
        if let Some(found) = names.iter().position(|name| name == wanted) {
            return found;
        }
        let mut fault = Diagnostic::error("E210", format!("no option is called `{wanted}`"))
            .expected(format!("one of {}", names.join(", ")))
            .found(format!("--comparator {wanted}"))
            .nearest(wanted, names.iter().map(String::as_str));
        if let Some(source) = self.table.sources.get(0) {
            fault = fault.at(&source.whole());
        }
        self.faults.push(fault);
        0
    }

    /// By draw, its place in the order of draws: by number where every name is one, otherwise by name. So the order of
    /// rows changes no sum.
    fn order_of_draws(&self) -> Vec<usize> {
        let names = &self.content.draws;
        let numbers: Option<Vec<f64>> = names
            .iter()
            .map(|name| name.parse().ok().filter(|n: &f64| n.is_finite()))
            .collect();
        let mut sorted: Vec<usize> = (0..names.len()).collect();
        sorted.sort_by(|a, b| {
            let by_number = numbers.as_ref().map(|n| n[*a].total_cmp(&n[*b]));
            by_number
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| names[*a].cmp(&names[*b]))
        });
        let mut order = vec![0; names.len()];
        for (place, draw) in sorted.into_iter().enumerate() {
            order[draw] = place;
        }
        order
    }

    fn option(&mut self, option: usize, order: &[usize]) -> Alternative {
        let content = self.content;
        let mut rows: Vec<Sorted> = (content.rows.iter().enumerate())
            .filter(|(_, row)| row.option as usize == option)
            .map(|(index, row)| (order[row.draw as usize], row.year, index))
            .collect();
        rows.sort_unstable();
        if content.is_whole {
            self.check_twice(&rows);
            rows.dedup_by_key(|(draw, year, _)| (*draw, *year));
            self.check_draws(option, &rows, order);
            self.check_years(option, &rows);
        }
        let years: BTreeSet<u32> = rows.iter().map(|(_, year, _)| *year).collect();
        Alternative {
            id: content.options[option].clone(),
            years: years.into_iter().map(|year| year as usize).collect(),
            costs: self.values(option, &rows, 0),
            outcomes: self.values(option, &rows, 1),
        }
    }

    fn check_twice(&mut self, rows: &[Sorted]) {
        for pair in rows.windows(2) {
            if (pair[0].0, pair[0].1) != (pair[1].0, pair[1].1) {
                continue;
            }
            let (first, again) = (self.content.rows[pair[0].2], self.content.rows[pair[1].2]);
            let what = match self.content.has_years {
                true => format!(" and year {}", again.year),
                false => String::new(),
            };
            let fault = Diagnostic::error(
                "E701",
                format!(
                    "draw `{}`{what} of `{}` stands twice",
                    self.content.draws[again.draw as usize],
                    self.content.options[again.option as usize]
                ),
            )
            .expected("each draw of an option once")
            .found(format!("the same as in {}", self.line(&first)))
            .hint("take one of the rows away, or number the draws anew");
            self.report(again.at, self.content.columns.draw, fault);
        }
    }

    /// Every option has every draw of the table.
    fn check_draws(&mut self, option: usize, rows: &[Sorted], order: &[usize]) {
        let mut has = vec![false; order.len()];
        for (draw, _, _) in rows {
            has[*draw] = true;
        }
        let names = self.content.draws.iter().zip(order);
        let lacking: Vec<&str> = names
            .filter(|(_, place)| !has[**place])
            .map(|(name, _)| name.as_str())
            .collect();
        let Some((_, _, first)) = rows.first().filter(|_| !lacking.is_empty()) else {
            return;
        };
        let fault = Diagnostic::error(
            "E702",
            format!(
                "`{}` has {} of {} draws",
                self.content.options[option],
                order.len() - lacking.len(),
                order.len()
            ),
        )
        .expected("the same draws for every option, so that they meet the same luck")
        .found(format!("no draw {}", few(&lacking)))
        .hint("add the missing rows, or take these draws away from every option");
        self.report(
            self.content.rows[*first].at,
            self.content.columns.option,
            fault,
        );
    }

    /// A stream has every year from its first to its last, in every draw.
    fn check_years(&mut self, option: usize, rows: &[Sorted]) {
        let years: BTreeSet<u32> = rows.iter().map(|(_, year, _)| *year).collect();
        let (Some(first), Some(last)) = (years.first(), years.last()) else {
            return;
        };
        let gaps: Vec<String> = (*first..*last)
            .filter(|year| !years.contains(year))
            .map(|year| year.to_string())
            .collect();
        let lacks = |draw: &&[Sorted]| draw.len() < years.len();
        let short = rows.chunk_by(|a, b| a.0 == b.0).find(lacks);
        let name = &self.content.options[option];
        let (row, message, found) = if !gaps.is_empty() {
            let after = rows
                .iter()
                .find(|(_, year, _)| *year > *first && !years.contains(&(year - 1)));
            let gaps: Vec<&str> = gaps.iter().map(String::as_str).collect();
            let message = format!("the stream of `{name}` has a gap");
            (after, message, format!("no year {}", few(&gaps)))
        } else if let Some(draw) = short {
            let own: BTreeSet<u32> = draw.iter().map(|(_, year, _)| *year).collect();
            let lacking: Vec<String> = years.difference(&own).map(u32::to_string).collect();
            let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
            let draw_name = draw.first().map_or("", |(_, _, row)| {
                &self.content.draws[self.content.rows[*row].draw as usize]
            });
            let message = format!("draw `{draw_name}` of `{name}` lacks years that others have");
            (draw.first(), message, format!("no year {}", few(&lacking)))
        } else {
            return;
        };
        let at = row.map_or(At::default(), |(_, _, row)| self.content.rows[*row].at);
        let fault = Diagnostic::error("E703", message)
            .expected(format!("every year from {first} to {last}, in every draw"))
            .found(found)
            .hint("write 0 for a year in which nothing is spent or achieved");
        self.report(at, self.content.columns.year, fault);
    }

    /// Costs or outcomes of an option; an empty column of it is one fault, an empty cell among others another.
    fn values(&mut self, option: usize, rows: &[Sorted], which: usize) -> Vec<f64> {
        let content = self.content;
        let (column, name) = match which {
            0 => (content.columns.cost, "cost"),
            _ => (content.columns.outcome, content.outcome.as_str()),
        };
        let value = |(_, _, row): &Sorted| content.rows[*row].values[which];
        let is_empty = rows.iter().all(|row| value(row).is_none());
        let id = &content.options[option];
        if let Some((_, _, first)) = rows.first().filter(|_| is_empty) {
            let fault = Diagnostic::error("E704", format!("`{id}` has no {name}"))
                .expected(format!("a {name} in every row; 0 where there is none"))
                .found("empty cells only")
                .hint(format!(
                    "write the {name} of `{id}`, or take the option away"
                ));
            self.report(content.rows[*first].at, column, fault);
            return Vec::new();
        }
        let is_huge = |row: &&Sorted| value(row).is_some_and(|number| number.abs() > LARGEST);
        if let Some(row) = rows.iter().find(is_huge) {
            let fault = Diagnostic::error("E303", format!("`{name}` is too large to reckon with"))
                .expected(format!("a number from -{LARGEST:e} to {LARGEST:e}"))
                .found(value(row).map_or(String::new(), |number| format!("{number:e}")))
                .hint(
                    "squares and products of such numbers cannot be held; write it in larger units",
                );
            self.report(content.rows[row.2].at, column, fault);
        }
        for row in rows.iter().filter(|row| value(row).is_none()) {
            let fault = Diagnostic::error("E301", format!("`{name}` is empty"))
                .expected("a number")
                .found("nothing")
                .hint("write the number; 0 where there is none");
            self.report(content.rows[row.2].at, column, fault);
        }
        rows.iter()
            .map(|row| value(row).unwrap_or(f64::NAN))
            .collect()
    }

    /// A parameter has one value in each draw, whatever the option and the year.
    fn parameters(&mut self, order: &[usize]) -> Vec<Vec<f64>> {
        let mut all = Vec::new();
        for (name, values) in &self.content.parameters {
            let mut by_draw: Vec<Option<(f64, usize)>> = vec![None; order.len()];
            for (index, (row, value)) in self.content.rows.iter().zip(values).enumerate() {
                let slot = &mut by_draw[order[row.draw as usize]];
                let (first, first_row) = *slot.get_or_insert((*value, index));
                if first == *value || first.is_nan() || value.is_nan() {
                    continue;
                }
                let draw = &self.content.draws[row.draw as usize];
                let fault =
                    Diagnostic::error("E701", format!("`{name}` has two values in draw `{draw}`"))
                        .expected(format!(
                            "{first}, as in {}: a parameter is drawn once for all options",
                            self.line(&self.content.rows[first_row])
                        ))
                        .found(value.to_string());
                let place = self.table.sources.place(row.at);
                self.faults.push(fault.at(&place));
            }
            let values = by_draw.iter().map(|slot| slot.map_or(f64::NAN, |s| s.0));
            all.push(values.collect());
        }
        all
    }
}

/// The first few of a list of names.
fn few(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown = names.iter().take(SHOWN);
    let list = shown.copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

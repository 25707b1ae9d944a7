//! The charts of a series: where records fell, coverage, and skill by horizon and by size.

use super::{Tested, title};
use crate::calibrate::{Method, Scored, Skill, skill};
use crate::report::chart::{ColumnChart, Group, IntervalChart, Item};
use crate::report::number::{about, percent, score, signed};
use crate::report::page::view::{Figure, Table};

/// The charts of a series, whose id goes before theirs.
pub(super) fn figures(id: &str, tested: &Tested) -> Vec<Figure> {
    let mut figures = vec![
        where_records_fell(id, tested),
        coverage(id, tested),
        by_horizon(id, tested),
    ];
    figures.extend(by_size(id, tested));
    figures
}

/// The share of records in each tenth of a method's forecasts.
fn tenths(tested: &Tested, method: Method) -> [f64; 10] {
    let mut counts = [0.0; 10];
    let mut n = 0.0;
    for forecast in tested.of_method(method) {
        counts[((forecast.pit * 10.0) as usize).min(9)] += 1.0;
        n += 1.0;
    }
    counts.map(|count| count / n)
}

fn where_records_fell(id: &str, tested: &Tested) -> Figure {
    let shares = tenths(tested, Method::Needscast);
    let outer = shares[0] + shares[9];
    let too = match outer {
        outer if outer > 0.24 => "ranges are too narrow",
        outer if outer < 0.16 => "ranges are too wide",
        _ => "ranges are about as wide as they should be",
    };
    let label = |tenth: usize| format!("{}\u{2013}{}%", tenth * 10, tenth * 10 + 10);
    let columns: Vec<(String, f64)> = shares
        .iter()
        .enumerate()
        .map(|(tenth, share)| (label(tenth).replace('%', ""), *share))
        .collect();
    let heading = "Where in the forecasts the records fell".to_owned();
    let description = format!(
        "{} of what was recorded fell into the lowest and the highest tenth of the forecasts of needscast, where 20% should: {too}.",
        percent(outer, 0)
    );
    let mut header = vec!["Tenth of the forecast".to_owned()];
    header.extend(Method::ALL.map(|method| method.name().to_owned()));
    let by_method = Method::ALL.map(|method| tenths(tested, method));
    let row = |tenth: usize| {
        let shares = by_method.iter().map(|shares| percent(shares[tenth], 1));
        std::iter::once(label(tenth)).chain(shares).collect()
    };
    let chart_id = format!("{id}-pit");
    Figure {
        svg: ColumnChart {
            id: &chart_id,
            title: &heading,
            description: &description,
            columns: &columns,
            line: (0.1, "as it should be"),
        }
        .svg(),
        id: chart_id,
        table: Table {
            caption: "Share of the records in each tenth, by method".to_owned(),
            header,
            rows: (0..10).map(row).collect(),
            n_words: 1,
        },
        title: heading,
        note: description,
    }
}

fn coverage(id: &str, tested: &Tested) -> Figure {
    let scores = Method::ALL.map(|method| tested.scores(method));
    let levels = [(0, 0.5), (1, 0.8), (2, 0.95)];
    let mut table = Table::new(
        "Records within the intervals, and how wide these are",
        &["Method", "Interval", "Within", "Should be", "Mean width"],
        2,
    );
    for (method, s) in Method::ALL.iter().zip(&scores) {
        for (level, nominal) in levels {
            table.rows.push(vec![
                method.name().to_owned(),
                percent(nominal, 0),
                percent(s.cover[level], 1),
                percent(nominal, 0),
                score(s.width[level]),
            ]);
        }
    }
    let group = |(level, nominal): (usize, f64)| Group {
        label: format!("{} interval", percent(nominal, 0)),
        items: std::iter::once(item(
            "as it should be".to_owned(),
            1,
            nominal,
            percent(nominal, 0),
        ))
        .chain(Method::ALL.iter().zip(&scores).map(|(method, s)| {
            let style = if *method == Method::Needscast { 0 } else { 2 };
            let words = format!(
                "{}, width {}",
                percent(s.cover[level], 0),
                about(s.width[level], "")
            );
            item(method.name().to_owned(), style, s.cover[level], words)
        }))
        .collect(),
    };
    let groups = levels.map(group).into();
    let heading = "How often the intervals held what was recorded".to_owned();
    let ours = scores[0];
    let description = format!(
        "The intervals of needscast that should hold 50, 80 and 95% of what is recorded held {}, {} and {}.",
        percent(ours.cover[0], 0),
        percent(ours.cover[1], 0),
        percent(ours.cover[2], 0)
    );
    interval_figure(
        format!("{id}-coverage"),
        heading,
        description,
        true,
        groups,
        table,
    )
}

fn item(label: String, style: usize, middle: f64, words: String) -> Item {
    Item {
        label,
        style,
        middle,
        interval: (f64::NAN, f64::NAN),
        words,
    }
}

fn by_horizon(id: &str, tested: &Tested) -> Figure {
    let mut table = skill_table("Skill by horizon", "Horizon");
    let mut groups = Vec::new();
    for horizon in 1..=tested.backtest.horizons {
        let of_horizon = |forecast: &Scored| forecast.horizon == horizon;
        let name = match horizon {
            1 => "1 period ahead".to_owned(),
            h => format!("{h} periods ahead"),
        };
        let each = Method::BASELINES.map(|baseline| {
            let found = skill(&tested.backtest, baseline, of_horizon);
            table.rows.extend(skill_row(&name, baseline, &found));
            skill_item(baseline.name().to_owned(), &found)
        });
        let items: Vec<Item> = each.into_iter().flatten().collect();
        if !items.is_empty() {
            groups.push(Group { label: name, items });
        }
    }
    let best = tested.best_baseline();
    let at = |horizon: usize| skill(&tested.backtest, best, |f: &Scored| f.horizon == horizon);
    let last = (1..=tested.backtest.horizons).rev().find(|h| at(*h).n > 0);
    let last = last.unwrap_or(1);
    let description = format!(
        "Against {}, the best baseline here, forecasts of needscast are {} one period ahead{}. Right of zero is better; lines are 95% intervals.",
        title(best),
        better(at(1).skill),
        match last {
            1 => String::new(),
            last => format!(" and {} {last} periods ahead", better(at(last).skill)),
        }
    );
    let heading = "How much better than each baseline, by horizon".to_owned();
    interval_figure(
        format!("{id}-horizon"),
        heading,
        description,
        false,
        groups,
        table,
    )
}

/// Skill of the smallest to the largest strands, by the mean of what was recorded; single strands where they are few.
fn by_size(id: &str, tested: &Tested) -> Option<Figure> {
    let mut sizes: Vec<(f64, usize)> = tested.panel.strands.iter().enumerate().map(mean).collect();
    sizes.retain(|(mean, strand)| {
        let is_there = |forecast: &Scored| forecast.strand == *strand;
        !mean.is_nan() && tested.of_method(Method::Needscast).any(is_there)
    });
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    if sizes.len() < 2 {
        return None;
    }
    let best = tested.best_baseline();
    let mut table = skill_table("Skill by size of area", "Mean of what was recorded");
    let mut groups = Vec::new();
    let n_groups = sizes.len().min(4);
    let mut ends = Vec::new();
    for group in 0..n_groups {
        let members = &sizes[group * sizes.len() / n_groups..(group + 1) * sizes.len() / n_groups];
        let strands: Vec<usize> = members.iter().map(|(_, strand)| *strand).collect();
        let found = skill(&tested.backtest, best, |f: &Scored| {
            strands.contains(&f.strand)
        });
        let (low, high) = (members[0].0, members[members.len() - 1].0);
        let name = match members.len() {
            1 => about(low, ""),
            _ => format!("{} to {}", about(low, ""), about(high, "")),
        };
        table.rows.extend(skill_row(&name, best, &found));
        ends.push(found.skill);
        groups.extend(skill_item(String::new(), &found).map(|item| Group {
            label: name,
            items: vec![item],
        }));
    }
    let description = format!(
        "Against {}, forecasts of needscast are {} for the smallest and {} for the largest, by the mean of what was recorded. Right of zero is better; lines are 95% intervals.",
        title(best),
        better(ends[0]),
        better(ends[ends.len() - 1])
    );
    let heading = "How much better, by size of area".to_owned();
    Some(interval_figure(
        format!("{id}-size"),
        heading,
        description,
        false,
        groups,
        table,
    ))
}

/// The mean of what is recorded of a strand, and its index.
fn mean((index, strand): (usize, &crate::compile::Strand)) -> (f64, usize) {
    let recorded: Vec<f64> = strand
        .values
        .iter()
        .copied()
        .filter(|v| !v.is_nan())
        .collect();
    (recorded.iter().sum::<f64>() / recorded.len() as f64, index)
}

fn better(skill: f64) -> String {
    match skill {
        skill if skill.is_nan() => "not comparable".to_owned(),
        skill if skill < 0.0 => format!("{} worse", percent(-skill, 0)),
        skill => format!("{} better", percent(skill, 0)),
    }
}

fn skill_table(caption: &str, first: &str) -> Table {
    let header = [
        first,
        "Baseline",
        "needscast is better by",
        "95% from",
        "to",
        "Forecasts",
    ];
    Table::new(caption, &header, 2)
}

fn skill_row(name: &str, baseline: Method, found: &Skill) -> Option<Vec<String>> {
    let share = |value: f64| signed(value, |v| percent(v, 1));
    (found.n > 0).then(|| {
        vec![
            name.to_owned(),
            baseline.name().to_owned(),
            share(found.skill),
            share(found.low),
            share(found.high),
            found.n.to_string(),
        ]
    })
}

/// Nothing where nothing can be drawn. An interval that would make the rest illegible is cut at the worst that is
/// drawn, twice as bad as the baseline, and the words tell its ends.
fn skill_item(label: String, found: &Skill) -> Option<Item> {
    let share = |value: f64| signed(value, |v| percent(v, 0));
    let cut = |value: f64| value.clamp(-1.0, 1.0);
    let interval = match found.low.is_finite() {
        true => (cut(found.low), cut(found.high)),
        false => (f64::NAN, f64::NAN),
    };
    (found.n > 0 && found.skill.is_finite()).then(|| Item {
        label,
        style: if found.skill > 0.0 { 0 } else { 1 },
        middle: cut(found.skill),
        interval,
        words: format!(
            "{} ({} to {})",
            share(found.skill),
            share(found.low),
            share(found.high)
        ),
    })
}

fn interval_figure(
    id: String,
    title: String,
    note: String,
    has_bars: bool,
    groups: Vec<Group>,
    table: Table,
) -> Figure {
    let chart = IntervalChart {
        id: &id,
        title: &title,
        description: &note,
        unit: "share",
        has_bars,
        groups,
    };
    Figure {
        svg: chart.svg(),
        id,
        title,
        note,
        table,
    }
}

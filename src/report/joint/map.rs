//! Who gains, where: partners as tiles laid out like the country.

use super::JointReport;
use super::figures::row;
use crate::report::chart::{Field, TileChart, shade};
use crate::report::number::{MISSING, chance, percent};
use crate::report::page::TILES;
use crate::report::page::view::Figure;

impl JointReport<'_> {
    /// Where needs met and costs are probably better together; nothing where fewer than two partners have a tile, or
    /// without draws.
    pub(super) fn maps(&self) -> Vec<Figure> {
        let needs = self.likely_finding("More needs are met together than alone", |partner| {
            &partner.needs_met
        });
        let costs = self.likely_finding("Sharing costs less than going alone", |partner| {
            &partner.cost
        });
        let asked = [
            (
                (1, "map-needs"),
                needs,
                "Probability that more needs are met together than alone, by partner",
            ),
            (
                (0, "map-costs"),
                costs,
                "Probability of paying less together than alone, by partner",
            ),
        ];
        let maps = asked.into_iter();
        maps.filter_map(|(which, found, what)| self.map(which, &found, what))
            .collect()
    }

    fn map(&self, (pick, id): (usize, &str), found: &str, what: &str) -> Option<Figure> {
        let sharing = self.plan.sharing.as_ref()?;
        let place = |code: &str| {
            let mut partners = sharing.partners.iter();
            partners.position(|area| self.plan.areas[*area].code == code)
        };
        let n_known = TILES.iter().filter(|tile| place(tile.0).is_some()).count();
        if n_known < 2 || self.joint.n_draws == 0 {
            return None;
        }
        let better = |partner: usize| {
            self.criteria(&self.joint.members[partner])[pick]
                .change
                .better
        };
        let field = |partner: usize| Field {
            words: in_tile(better(partner)),
            shade: shade(better(partner), (0.0, 1.0)),
        };
        let tiles = TILES
            .iter()
            .map(|(code, column, row, name)| (*column, *row, *name, place(code).map(field)));
        let mut table = self.change_table(what, "Partner");
        for (name, criteria) in self.joint.partners.iter().zip(&self.joint.members) {
            let named = &self.criteria(criteria)[pick];
            let cells = row(name, &named.title, named.change, named.unit);
            table.rows.push(cells);
        }
        let id = format!("share-{id}");
        let chart = TileChart {
            id: &id,
            title: found,
            description: "Tile map of the councils of Scotland: a tile for each, laid out roughly as they lie, the probability in each tile, darker where it is higher. The table after the chart has every number.",
            tiles: tiles.collect(),
            ends: [chance(0.0), chance(1.0)],
        };
        Some(Figure {
            svg: chart.svg(),
            id,
            title: found.to_owned(),
            note: format!(
                "{what}. Every council has a tile of the same size, roughly where it lies; councils that are no partners are left blank."
            ),
            table,
        })
    }
}

/// A probability in so few signs that it fits a tile.
fn in_tile(p: f64) -> String {
    match p {
        p if !p.is_finite() => MISSING.to_owned(),
        p if p > 0.99 => ">99%".to_owned(),
        p if p < 0.01 => "<1%".to_owned(),
        p => percent(p, 0),
    }
}

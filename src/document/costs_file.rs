//! `costs.toml`: what things cost, and who pays.

use super::fields::{Fields, Product};
use super::source::{At, Text};
use crate::diagnostic::Diagnostic;

/// A cost as written.
#[derive(Debug, Clone)]
pub struct CostFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Who pays.
    pub payer: Text,
    /// The measure it is charged on.
    pub measure: Text,
    /// And its breakdown.
    pub breakdown: Text,
    /// Pounds per unit.
    pub unit_cost: Product,
    /// Pounds per unit that one more or one fewer moves; nothing where average and marginal cost are not told apart.
    pub marginal_cost: Option<Product>,
    /// One is charged for every so many, begun ones whole; every single one when not said.
    pub per: Option<Product>,
    /// Whether it is charged once a year wherever there is anything at all.
    pub is_fixed: bool,
    /// Whether a saving would be cash.
    pub is_cashable: bool,
    /// The whole of it.
    pub at: At,
}

/// The perspective of those who bear what no budget pays.
pub const SOCIETY: &str = "society";

/// A payer as written.
#[derive(Debug, Clone)]
pub struct PayerFile {
    /// The id.
    pub id: Text,
    /// For people.
    pub title: Text,
    /// Whether it is a statutory partner.
    pub is_partner: bool,
    /// `public-sector`, or `society` for those who bear what no budget pays.
    pub perspective: Text,
}

pub(super) fn costs_file(fields: Fields<'_>) -> (Vec<CostFile>, Vec<PayerFile>) {
    let costs = fields.tables("cost").into_iter().map(cost).collect();
    let payers = fields.tables("payer").into_iter().map(payer).collect();
    fields.close();
    (costs, payers)
}

fn cost(fields: Fields<'_>) -> CostFile {
    let id = fields.text("id");
    let cost = CostFile {
        title: fields.text_or("title", &id.value),
        id,
        payer: fields.text("payer"),
        measure: fields.text("measure"),
        breakdown: fields.text_or("breakdown", ""),
        unit_cost: fields.product("unit_cost"),
        marginal_cost: fields.optional_product("marginal_cost"),
        per: fields.optional_product("per"),
        is_fixed: fields.flag("fixed"),
        is_cashable: fields.flag("cashable"),
        at: fields.at,
    };
    if cost.is_fixed && cost.per.is_some() {
        let fault = Diagnostic::error("E110", "a cost is fixed or by steps, not both")
            .expected("one of `fixed`, `per`")
            .found("both");
        fields.report(cost.at, fault);
    }
    if cost.is_cashable && cost.marginal_cost.is_some() {
        let fault = Diagnostic::error("E110", "a cost says twice what a saving would be")
            .expected("`marginal_cost`, the part that is cash, or `cashable = true` for all of it")
            .found("both");
        fields.report(cost.at, fault);
    }
    fields.close();
    cost
}

fn payer(fields: Fields<'_>) -> PayerFile {
    let id = fields.text("id");
    let perspective = fields.word("perspective", &["public-sector", SOCIETY]);
    let is_public = perspective.value != SOCIETY;
    if is_public {
        fields.require(
            "partner",
            "`true` for a statutory partner, `false` for any other public budget",
        );
    }
    let payer = PayerFile {
        title: fields.text_or("title", &id.value),
        id,
        is_partner: fields.flag("partner"),
        perspective,
    };
    if !is_public && payer.is_partner {
        let fault = Diagnostic::error("E110", "a statutory partner is a public budget")
            .expected("`partner = true`, or `perspective = \"society\"`")
            .found("both");
        fields.report(fields.at, fault);
    }
    fields.close();
    payer
}

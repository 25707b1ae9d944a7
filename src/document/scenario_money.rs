//! Money in a scenario: what an option costs by itself, allowances for optimism, and weights of groups.

use super::fields::Fields;
use super::source::{At, Spanned, Text};
use crate::diagnostic::Diagnostic;
use crate::quantity::{Grade, Month};

/// A cost of an option's own, as written: paid once, or so much a year for some time.
#[derive(Debug, Clone)]
pub struct OneOffFile {
    /// The month, or the first.
    pub from: Option<Spanned<Month>>,
    /// The first month in which it is no longer paid; to the end of the forecast when not said.
    pub until: Option<Spanned<Month>>,
    /// For people.
    pub title: Text,
    /// Who pays.
    pub payer: Text,
    /// Who receives it, where it is no more than a transfer between payers.
    pub recipient: Option<Text>,
    /// Of which area, where it is of one.
    pub area: Option<Text>,
    /// Pounds, once or a year; `None` where neither could be read.
    pub pounds: Option<Spanned<f64>>,
    /// Whether the pounds are a year's.
    pub is_yearly: bool,
    /// In whose prices.
    pub price_year: Text,
    /// Whether it is no cash: time of staff who are there anyway.
    pub is_in_kind: bool,
    /// How good the evidence is.
    pub grade: Text,
    /// Why.
    pub source: Text,
    /// The whole of it.
    pub at: At,
}

/// Allowances for optimism bias, as written.
#[derive(Debug, Clone)]
pub struct OptimismFile {
    /// By grade of evidence, the share by which costs turn out higher and savings lower.
    pub shares: Vec<(Grade, Spanned<f64>)>,
    /// Why.
    pub source: Text,
    /// The whole of it.
    pub at: At,
}

/// Weights of groups of people, as written.
#[derive(Debug, Clone)]
pub struct WeightsFile {
    /// `area`, `sex` or `age`.
    pub by: Text,
    /// Weights by group.
    pub weights: Vec<(Text, Spanned<f64>)>,
    /// Incomes by group, from which weights follow.
    pub incomes: Vec<(Text, Spanned<f64>)>,
    /// The income whose weight is one.
    pub reference: Option<Spanned<f64>>,
    /// The elasticity of the marginal utility of income.
    pub eta: Option<Spanned<f64>>,
    /// Why.
    pub source: Text,
    /// The whole of it.
    pub at: At,
}

pub(super) fn one_off(fields: Fields<'_>) -> OneOffFile {
    let is_yearly = fields.has("gbp_per_year");
    let has_until = fields.has("until");
    if !is_yearly {
        fields.require(
            "gbp",
            "a number of pounds, or `gbp_per_year` of pounds a year",
        );
    }
    if is_yearly && fields.has("gbp") {
        let fault = Diagnostic::error("E110", "a cost is paid once or every year, not both")
            .expected("one of `gbp`, `gbp_per_year`")
            .found("both");
        fields.report(fields.at, fault);
    } else if has_until && !is_yearly {
        let fault = Diagnostic::error("E110", "a cost that is paid once has no end")
            .expected("`until` beside `gbp_per_year` only")
            .found("`until` beside `gbp`");
        fields.report(fields.at, fault);
    }
    let grade = fields.grade();
    let cost = OneOffFile {
        from: fields.month("from"),
        until: if has_until {
            fields.month("until")
        } else {
            None
        },
        title: fields.text("title"),
        payer: fields.text("payer"),
        recipient: fields.optional_text("to"),
        area: fields.optional_text("area"),
        pounds: match is_yearly {
            true => fields.number("gbp_per_year"),
            false => fields.number("gbp"),
        },
        is_yearly,
        price_year: fields.text("price_year"),
        is_in_kind: fields.flag("in_kind"),
        grade,
        source: fields.text("source"),
        at: fields.at,
    };
    fields.close();
    cost
}

pub(super) fn optimism(fields: Fields<'_>) -> OptimismFile {
    let share = |grade: Grade| Some((grade, fields.number(grade.name())?));
    let optimism = OptimismFile {
        shares: Grade::ALL.into_iter().filter_map(share).collect(),
        source: fields.text("source"),
        at: fields.at,
    };
    fields.close();
    optimism
}

pub(super) fn weights(fields: Fields<'_>) -> WeightsFile {
    let numbers = |key| {
        let table = fields.optional_table(key);
        table.map_or_else(Vec::new, |table| table.named_numbers())
    };
    let (is_direct, has_incomes) = (fields.has("weights"), fields.has("incomes"));
    if is_direct == has_incomes {
        let fault = Diagnostic::error("E110", "weights are given or follow from incomes")
            .expected("either `weights`, or `incomes` with `reference` and `eta`")
            .found(if is_direct { "both" } else { "neither" });
        fields.report(fields.at, fault);
    }
    let (given, incomes) = (numbers("weights"), numbers("incomes"));
    if is_direct != has_incomes && given.is_empty() && incomes.is_empty() {
        let fault = Diagnostic::error("E108", "weights of no group")
            .expected("a number for every group")
            .found("none");
        fields.report(fields.at, fault);
    }
    if has_incomes {
        fields.require("reference", "the income whose weight is one, in pounds");
        fields.require("eta", "the elasticity of the marginal utility of income");
    }
    let file = WeightsFile {
        by: match fields.has("by") {
            true => fields.word("by", &["area", "sex", "age"]),
            false => fields.text("by"),
        },
        weights: given,
        incomes,
        reference: fields.number("reference"),
        eta: fields.number("eta"),
        source: fields.text("source"),
        at: fields.at,
    };
    fields.close();
    file
}

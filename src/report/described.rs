//! What every table of a run holds, column by column: one description for the data package, the workbooks and the notes.

/// A table that a run writes: file, title, what it holds.
pub(super) struct Described {
    /// Its file.
    pub file: &'static str,
    /// For people.
    pub title: &'static str,
    /// What it holds, in a sentence.
    pub about: &'static str,
}

/// The tables, in reading order.
pub(super) const TABLES: &[Described] = &[
    Described {
        file: "forecast.csv",
        title: "Every estimate",
        about: "Each option, area, measure and period: mean, percentiles and Monte Carlo error. Years before the forecast are the hindcast.",
    },
    Described {
        file: "contrasts.csv",
        title: "What the options change",
        about: "Each option less the comparator, paired draw by draw, by year and over the whole forecast.",
    },
    Described {
        file: "appraisal.csv",
        title: "Options side by side",
        about: "Costs by payer, outcomes, and what they come to, over the whole forecast.",
    },
    Described {
        file: "distribution.csv",
        title: "Who gains and who pays",
        about: "Need, need met and the gap by sex, age band and area, and costs by area and payer, under each option and against the comparator.",
    },
    Described {
        file: "options.csv",
        title: "Options on money and one outcome",
        about: "What each option costs and achieves, and whether others dominate it.",
    },
    Described {
        file: "increments.csv",
        title: "Options against the comparator",
        about: "Extra cost, extra outcome and extra net benefit, draw by draw.",
    },
    Described {
        file: "choices.csv",
        title: "Which option to choose",
        about: "By worth of an outcome: net benefit, the probability of being best, regret, and what perfect information is worth.",
    },
    Described {
        file: "sensitivity.csv",
        title: "What the choice is sensitive to",
        about: "Each parameter at its low and its high end, and where the choice changes.",
    },
    Described {
        file: "information.csv",
        title: "What is worth finding out",
        about: "What knowing a parameter, or everything, would be worth.",
    },
    Described {
        file: "criteria.csv",
        title: "Options by criteria",
        about: "Scores, weights and values of each option on each criterion, and their sum.",
    },
    Described {
        file: "crossovers.csv",
        title: "Weights at which ranks change",
        about: "For each criterion the exact weights at which two options change places.",
    },
    Described {
        file: "drivers.csv",
        title: "What drives change",
        about: "Changes between two years or two options, split into parts that add up exactly.",
    },
    Described {
        file: "checks.csv",
        title: "Duties of a plan",
        about: "What law and guidance ask of a plan: met, not met or cannot tell, and why.",
    },
    Described {
        file: "fit.csv",
        title: "The hindcast beside the record",
        about: "What the model retells of the past, next to what was published.",
    },
    Described {
        file: "assumptions.csv",
        title: "Every number that went in",
        about: "Each value with its interval, unit, period, source and grade, and how much of the answer rests on it.",
    },
    Described {
        file: "scores.csv",
        title: "Scores of earlier forecasts",
        about: "Skill, coverage and width by method, horizon and area.",
    },
];

/// A column, the same in every table: name, type of the data package, what it holds.
pub(super) const COLUMNS: &[(&str, &str, &str)] = &[
    ("option", "string", "Id of the option"),
    (
        "comparator",
        "string",
        "Id of the option it is compared with; blank between years",
    ),
    (
        "area_code",
        "string",
        "GSS code of the area, or the code of the sum",
    ),
    ("area_name", "string", "Name of the area, or of the sum"),
    (
        "measure",
        "string",
        "Id of the measure; with its breakdown in brackets where there is no column for it",
    ),
    ("breakdown", "string", "key=value, or blank for the whole"),
    (
        "period",
        "string",
        "Financial year (2026-27), month (2026-04), or the first and the last year",
    ),
    ("unit", "string", "Of the number"),
    ("mean", "number", "Mean over the draws"),
    ("p05", "number", "5th percentile over the draws"),
    ("p25", "number", "25th percentile over the draws"),
    ("p50", "number", "Median over the draws"),
    ("p75", "number", "75th percentile over the draws"),
    ("p95", "number", "95th percentile over the draws"),
    (
        "mc_error",
        "number",
        "Standard error of the mean from having finitely many draws",
    ),
    (
        "probability_better",
        "number",
        "Share of draws in which the option is better, ties counting half",
    ),
    (
        "perspective",
        "string",
        "Whose: a payer's id, public-sector, people or another named in the table",
    ),
    (
        "note",
        "string",
        "What the reader should know of the number",
    ),
    (
        "from",
        "string",
        "First period; of a value, the month from which it holds",
    ),
    ("to", "string", "Last period"),
    (
        "driver",
        "string",
        "before, each part of the change, change, after",
    ),
    ("rule", "string", "Id of the duty"),
    ("title", "string", "For people"),
    ("citation", "string", "Where it stands"),
    (
        "wording",
        "string",
        "read in the source, or recalled and to be confirmed",
    ),
    ("verdict", "string", "met, not met or cannot tell"),
    ("reason", "string", "Why"),
    ("recorded", "number", "As published"),
    ("modelled", "number", "Mean of the hindcast"),
    (
        "relative_error",
        "number",
        "Modelled less recorded, as a share of recorded",
    ),
    (
        "inside_90",
        "boolean",
        "Whether the record lies within the 5th and the 95th percentile",
    ),
    ("id", "string", "Id of the parameter"),
    ("keys", "string", "For whom: area, sex, age and so on"),
    ("value", "number", "The central value"),
    ("low", "number", "Lower end of the interval"),
    ("high", "number", "Upper end of the interval"),
    ("interval", "string", "What the interval is"),
    ("population", "string", "Of whom the number is"),
    ("source", "string", "Where it comes from"),
    ("url", "string", "Where that can be read"),
    (
        "grade",
        "string",
        "official, study, transferred, judgement or placeholder",
    ),
    ("used_by", "string", "What uses it"),
    (
        "share_of_variance",
        "number",
        "Share of the variance of the leading result that is traced to it",
    ),
    (
        "dimension",
        "string",
        "What groups are told apart by: area, sex or age",
    ),
    (
        "group",
        "string",
        "Code of the area, or id of the sex or the age band",
    ),
    ("group_name", "string", "The group, for people"),
    ("dominance", "string", "none, strong or extended"),
    (
        "icer",
        "number",
        "Cost of one more outcome along the frontier",
    ),
    ("threshold", "number", "Worth of one outcome, in pounds"),
    (
        "is_best",
        "string",
        "yes where the option has the highest mean net benefit",
    ),
    (
        "probability_best",
        "number",
        "Share of draws in which the option is best",
    ),
    (
        "expected_regret",
        "number",
        "Mean of what the option loses against the best of each draw",
    ),
    (
        "maximum_regret",
        "number",
        "The most that it loses in any draw",
    ),
    ("evpi", "number", "What perfect information is worth"),
    (
        "evpi_mc_error",
        "number",
        "Standard error of that worth from having finitely many draws",
    ),
    (
        "benefit_cost_ratio",
        "number",
        "Extra worth over extra cost; blank where the option costs no more",
    ),
    ("parameter", "string", "Id of the parameter"),
    ("parameter_low", "number", "Low end of the parameter"),
    ("parameter_high", "number", "High end of the parameter"),
    (
        "net_benefit_increment_low",
        "number",
        "Extra net benefit at the low end",
    ),
    (
        "net_benefit_increment_high",
        "number",
        "Extra net benefit at the high end",
    ),
    (
        "rank_correlation",
        "number",
        "Rank correlation of the parameter with the extra net benefit",
    ),
    (
        "told_from_chance",
        "string",
        "yes where that correlation is more than chance would show",
    ),
    (
        "switching_values",
        "string",
        "Values of the parameter at which the choice changes, separated by spaces",
    ),
    (
        "known",
        "string",
        "What would be known: a parameter, a group of them, or everything",
    ),
    ("worth", "number", "What knowing it is worth"),
    (
        "share_of_all",
        "number",
        "That worth as a share of the worth of perfect information",
    ),
    ("criterion", "string", "Id of the criterion, or all of them"),
    (
        "weight",
        "number",
        "Weight of the criterion; of a crossover, the weight at which ranks change",
    ),
    (
        "current_weight",
        "number",
        "Weight of the criterion as it is",
    ),
    (
        "adds_to_value",
        "number",
        "What it adds to the value of the option",
    ),
    ("rank", "number", "Rank of the option by value"),
    (
        "probability_first",
        "number",
        "Share of draws in which the option has the highest value",
    ),
    (
        "ahead_below",
        "string",
        "Id of the option that is ahead below the weight",
    ),
    (
        "ahead_above",
        "string",
        "Id of the option that is ahead above the weight",
    ),
    (
        "changes_best",
        "string",
        "yes where the best option changes there",
    ),
    ("cost_mean", "number", "Mean cost over the draws"),
    ("cost_p05", "number", "5th percentile of the cost"),
    ("cost_p95", "number", "95th percentile of the cost"),
    ("cost_mc_error", "number", "Standard error of the mean cost"),
    ("outcome_mean", "number", "Mean outcome over the draws"),
    ("outcome_p05", "number", "5th percentile of the outcome"),
    ("outcome_p95", "number", "95th percentile of the outcome"),
    (
        "outcome_mc_error",
        "number",
        "Standard error of the mean outcome",
    ),
    (
        "net_benefit_mean",
        "number",
        "Mean net benefit over the draws",
    ),
    (
        "net_benefit_p05",
        "number",
        "5th percentile of the net benefit",
    ),
    (
        "net_benefit_p95",
        "number",
        "95th percentile of the net benefit",
    ),
    (
        "net_benefit_mc_error",
        "number",
        "Standard error of the mean net benefit",
    ),
    (
        "cost_increment_mean",
        "number",
        "Mean extra cost over the draws",
    ),
    (
        "cost_increment_p05",
        "number",
        "5th percentile of the extra cost",
    ),
    (
        "cost_increment_p95",
        "number",
        "95th percentile of the extra cost",
    ),
    (
        "cost_increment_mc_error",
        "number",
        "Standard error of the mean extra cost",
    ),
    (
        "outcome_increment_mean",
        "number",
        "Mean extra outcome over the draws",
    ),
    (
        "outcome_increment_p05",
        "number",
        "5th percentile of the extra outcome",
    ),
    (
        "outcome_increment_p95",
        "number",
        "95th percentile of the extra outcome",
    ),
    (
        "outcome_increment_mc_error",
        "number",
        "Standard error of the mean extra outcome",
    ),
    ("score_mean", "number", "Mean score over the draws"),
    ("score_p05", "number", "5th percentile of the score"),
    ("score_p95", "number", "95th percentile of the score"),
    (
        "score_mc_error",
        "number",
        "Standard error of the mean score",
    ),
    ("value_p05", "number", "5th percentile of the value"),
    ("value_p95", "number", "95th percentile of the value"),
    (
        "value_mc_error",
        "number",
        "Standard error of the mean value",
    ),
];

/// What is known of a file's table.
pub(super) fn table(file: &str) -> Option<&'static Described> {
    TABLES.iter().find(|table| table.file == file)
}

/// Type and description of a column.
pub(super) fn column(name: &str) -> Option<(&'static str, &'static str)> {
    let mut columns = COLUMNS.iter();
    columns
        .find(|column| column.0 == name)
        .map(|(_, kind, about)| (*kind, *about))
}

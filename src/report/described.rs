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
        file: "gap.csv",
        title: "Places that would close the gap",
        about: "Each option, area, service and year: people who would be in support if nobody waited, the places with which hardly anybody would, and how many more that is.",
    },
    Described {
        file: "gap_by_month.csv",
        title: "The gap by month",
        about: "Each option, area, service and month of the forecast: people who never start, and how many more places would do than there are.",
    },
    Described {
        file: "appraisal.csv",
        title: "Options side by side",
        about: "Costs by payer, outcomes, and what they come to, over the whole forecast.",
    },
    Described {
        file: "best.csv",
        title: "Which option does best on what",
        about: "The share of draws in which each option is the best, by net present social value and by each outcome that is a criterion, ties shared.",
    },
    Described {
        file: "options.csv",
        title: "Where options stand",
        about: "What each option costs and achieves on the outcome that is compared, dominance, the frontier and the cost of one more along it.",
    },
    Described {
        file: "increments.csv",
        title: "Options less the comparator and less do-minimum",
        about: "Extra cost, extra outcome and extra net benefit, draw by draw, at each worth of one more of the outcome.",
    },
    Described {
        file: "plane.csv",
        title: "Extra cost against extra outcome, by quarter",
        about: "Of the draws that the chart shows, the share in each quarter of the cost-effectiveness plane.",
    },
    Described {
        file: "choices.csv",
        title: "The choice at every worth of the outcome",
        about: "Net benefit, probability of being best, regret and what perfect information is worth.",
    },
    Described {
        file: "sensitivity.csv",
        title: "What the verdict turns on",
        about: "What each parameter does to the extra net benefit of each option, and where it would change the verdict.",
    },
    Described {
        file: "switching.csv",
        title: "What is given and what it would have to be",
        about: "Costs of an option's own and the discount rate: at which value the mean net present social value passes through 0, exactly.",
    },
    Described {
        file: "variance.csv",
        title: "Which evidence the uncertainty rests on",
        about: "Of each option's net present social value, the share of the variance that rests on each grade of evidence.",
    },
    Described {
        file: "information.csv",
        title: "What is worth finding out",
        about: "What it is worth to know each parameter, each group of them, and everything, before choosing.",
    },
    Described {
        file: "criteria.csv",
        title: "Options on several criteria",
        about: "Scores, what they are worth, and the value of each option with its cost beside it.",
    },
    Described {
        file: "crossovers.csv",
        title: "Weights at which options change places",
        about: "The weight of each criterion at which two options are worth the same, the others keeping their proportions.",
    },
    Described {
        file: "distribution.csv",
        title: "Who gains and who pays",
        about: "Need, need met and the gap by sex, age band and area, costs by area and payer, and what each option changes.",
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
        file: "backtest.csv",
        title: "How far earlier forecasts missed",
        about: "Headline series that are recorded for long enough: forecasts of each by itself, from every moment of its past, and the band that four in five of them would have needed, laid around the forecast.",
    },
    Described {
        file: "profile.csv",
        title: "What the areas are like",
        about: "The population by age band and year, and published figures that stand beside the forecast and are not computed with.",
    },
    Described {
        file: "assumptions.csv",
        title: "Every number that went in",
        about: "Each value with its interval, unit, period, source and grade, and how much of the answer rests on it.",
    },
    Described {
        file: "compare.csv",
        title: "What changed in the answers",
        about: "Every yearly answer and every line of the appraisal that two runs have in common, what changed most beyond chance first; the breakdown of an appraisal is whose it is.",
    },
    Described {
        file: "inputs_changed.csv",
        title: "What changed in what went in",
        about: "Settings, files and numbers of two runs that differ.",
    },
    Described {
        file: "track.csv",
        title: "The track of a forecast",
        about: "What the first run forecast, beside what has been recorded since; of councils whose record leaves people out, so much of the forecast as the record counts.",
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
    (
        "figure",
        "string",
        "What was counted or published, for people",
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
        "First period; of a value or a duty, the month from which it holds, or to be confirmed",
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
        "until",
        "string",
        "First month in which a duty no longer holds; blank where no end is known",
    ),
    (
        "wording",
        "string",
        "read in the source, or recalled and to be confirmed",
    ),
    ("verdict", "string", "met, not met or cannot tell"),
    ("reason", "string", "Why"),
    (
        "recorded",
        "number",
        "As published; of local origin, rounded or kept back",
    ),
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
    (
        "years_ahead",
        "integer",
        "How many years after the last record",
    ),
    (
        "n",
        "integer",
        "How many forecasts were set against the record",
    ),
    (
        "missed",
        "number",
        "At least four in five records lay no further from the median that was forecast than this share of it",
    ),
    (
        "quarter",
        "string",
        "Which quarter of the plane: more or no more of the outcome, dearer or no dearer",
    ),
    ("n_draws", "integer", "How many draws were counted"),
    (
        "share_of_draws",
        "number",
        "The share of those draws that lie there",
    ),
    ("id", "string", "Id of the parameter"),
    ("keys", "string", "For whom: area, sex, age and so on"),
    (
        "value",
        "number",
        "The central value; of a score, what it is worth; of an area, as published or projected",
    ),
    ("low", "number", "Lower end of the interval or band"),
    ("high", "number", "Upper end of the interval or band"),
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
        "What the groups are of: sex, age or area",
    ),
    ("group", "string", "Id of the group"),
    ("group_name", "string", "Name of the group"),
    ("dominance", "string", "strong, extended or none"),
    (
        "icer",
        "number",
        "Extra cost of one more outcome, or point of value, against the next cheaper option on the frontier",
    ),
    ("cost_mean", "number", "Mean present value of cost"),
    ("cost_p05", "number", "5th percentile of cost"),
    ("cost_p95", "number", "95th percentile of cost"),
    (
        "cost_mc_error",
        "number",
        "Monte Carlo error of the mean cost",
    ),
    (
        "outcome_mean",
        "number",
        "Mean outcome; below 0 where fewer is better",
    ),
    ("outcome_p05", "number", "5th percentile of the outcome"),
    ("outcome_p95", "number", "95th percentile of the outcome"),
    (
        "outcome_mc_error",
        "number",
        "Monte Carlo error of the mean outcome",
    ),
    (
        "cost_increment_mean",
        "number",
        "Mean extra cost over the comparator",
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
        "outcome_increment_mean",
        "number",
        "Mean extra outcome over the comparator",
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
        "threshold",
        "number",
        "What one more of the outcome is worth, in pounds; 0 where money alone counts",
    ),
    (
        "benefit_cost_ratio",
        "number",
        "Extra worth over extra cost; blank where the option costs no more",
    ),
    (
        "is_best",
        "string",
        "Whether its net benefit is highest on average: yes or no",
    ),
    (
        "net_benefit_mean",
        "number",
        "Mean of what the outcome is worth less the cost",
    ),
    ("net_benefit_p05", "number", "5th percentile of net benefit"),
    (
        "net_benefit_p95",
        "number",
        "95th percentile of net benefit",
    ),
    (
        "net_benefit_mc_error",
        "number",
        "Monte Carlo error of the mean net benefit",
    ),
    (
        "probability_best",
        "number",
        "Share of draws in which net benefit is highest, or the criterion best, ties shared",
    ),
    (
        "expected_regret",
        "number",
        "Mean of what is lost against the best option of each draw",
    ),
    (
        "maximum_regret",
        "number",
        "The most that is lost in any draw",
    ),
    (
        "evpi",
        "number",
        "What it is worth to know everything before choosing",
    ),
    ("evpi_mc_error", "number", "Monte Carlo error of that worth"),
    ("parameter", "string", "Id of the parameter"),
    (
        "parameter_low",
        "number",
        "One draw in twenty of the parameter is lower",
    ),
    (
        "parameter_high",
        "number",
        "One draw in twenty of the parameter is higher",
    ),
    (
        "net_benefit_increment_low",
        "number",
        "Extra net benefit that is expected where the parameter is low",
    ),
    (
        "net_benefit_increment_high",
        "number",
        "Extra net benefit that is expected where the parameter is high",
    ),
    (
        "rank_correlation",
        "number",
        "Of the parameter with the extra net benefit (Spearman)",
    ),
    (
        "told_from_chance",
        "string",
        "Whether what is expected of the net benefit is told from a constant (F test): yes or no; if not, nothing is said of low, high and switching values",
    ),
    (
        "switching_values",
        "string",
        "Values of the parameter at which the extra net benefit passes through 0, separated by spaces",
    ),
    (
        "switching_value_beyond_draws",
        "number",
        "Where one straight line would pass through 0 if it went on beyond the values drawn",
    ),
    (
        "input",
        "string",
        "What is given: own_cost, a cost of the option's own, or discount_rate",
    ),
    ("input_name", "string", "Its name"),
    ("given", "number", "Its value as given"),
    (
        "parameters",
        "integer",
        "How many parameters have evidence of this grade, the worst of their values counting",
    ),
    ("parameters_drawn", "integer", "How many of them are drawn"),
    (
        "smallest_share",
        "number",
        "The smallest share of one parameter that so many draws can tell from chance",
    ),
    (
        "known",
        "string",
        "What is known before choosing: a parameter, a group of them, or everything",
    ),
    ("worth", "number", "What knowing it is worth, in pounds"),
    (
        "share_of_all",
        "number",
        "That worth as a share of the worth of knowing everything",
    ),
    (
        "criterion",
        "string",
        "Id of the criterion; all for the sum",
    ),
    ("score_mean", "number", "Mean of the measure over the draws"),
    ("score_p05", "number", "5th percentile of the measure"),
    ("score_p95", "number", "95th percentile of the measure"),
    (
        "score_mc_error",
        "number",
        "Monte Carlo error of the mean of the measure",
    ),
    (
        "weight",
        "number",
        "Weight of the criterion as written; at a crossover, the weight there",
    ),
    (
        "value_p05",
        "number",
        "5th percentile of the value of the option",
    ),
    (
        "value_p95",
        "number",
        "95th percentile of the value of the option",
    ),
    (
        "value_mc_error",
        "number",
        "Monte Carlo error of the value of the option",
    ),
    (
        "adds_to_value",
        "number",
        "What the criterion adds to the value of the option",
    ),
    ("rank", "integer", "Of the option by its value; 1 is best"),
    (
        "probability_first",
        "number",
        "Share of draws in which the option is worth most, ties shared",
    ),
    (
        "ahead_below",
        "string",
        "Id of the option that is ahead at smaller weights",
    ),
    (
        "ahead_above",
        "string",
        "Id of the option that is ahead at larger weights",
    ),
    (
        "changes_best",
        "string",
        "Whether the first rank changes hands: yes or no",
    ),
    ("a", "string", "In the first run"),
    ("b", "string", "In the second run"),
    ("mean_a", "number", "Mean over the draws of the first run"),
    ("mean_b", "number", "Mean over the draws of the second run"),
    ("difference", "number", "Second less first"),
    (
        "beyond_chance",
        "string",
        "Whether the difference is more than the Monte Carlo errors of both runs explain at 95%, by Student's t for their draws: yes, no or cannot tell",
    ),
    (
        "shift",
        "number",
        "The difference as a share of the wider 90% range; of the first mean where there is no range",
    ),
    ("kind", "string", "setting, file or parameter"),
    (
        "what",
        "string",
        "changed, added or removed; of a parameter, the column that changed",
    ),
    ("error", "number", "Forecast less recorded"),
    (
        "inside_50",
        "boolean",
        "Whether the record lies within the 25th and the 75th percentile",
    ),
    (
        "current_weight",
        "number",
        "Weight of the criterion as written",
    ),
];

/// Columns that say how sure another is: the other's name, and one of these.
const MONTE_CARLO: [(&str, &str, &str); 4] = [
    (
        "values_mc_error",
        "string",
        "Monte Carlo errors of the values, in their order, separated by spaces",
    ),
    (
        "_mc_error",
        "number",
        "Monte Carlo error of the column that it is named after",
    ),
    (
        "_mc_low",
        "number",
        "Lower end of the 95% interval of the Monte Carlo error of the column that it is named after",
    ),
    (
        "_mc_high",
        "number",
        "Upper end of the 95% interval of the Monte Carlo error of the column that it is named after",
    ),
];

/// What is known of a file's table.
pub(super) fn table(file: &str) -> Option<&'static Described> {
    TABLES.iter().find(|table| table.file == file)
}

/// Type and description of a column.
pub(super) fn column(name: &str) -> Option<(&'static str, &'static str)> {
    let mut columns = COLUMNS.iter();
    let own = columns.find(|column| column.0 == name);
    let own = own.map(|(_, kind, about)| (*kind, *about));
    own.or_else(|| {
        let mut ends = MONTE_CARLO.iter();
        let end = ends.find(|(end, ..)| name.ends_with(end));
        end.map(|(_, kind, about)| (*kind, *about))
    })
}

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
pub(super) const TABLES: [Described; 8] = [
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
pub(super) const COLUMNS: [(&str, &str, &str); 43] = [
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

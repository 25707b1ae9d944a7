//! What the tables of sharing hold, column by column, for the data package of a run.

/// Title and contents of a table.
pub fn table(file: &str) -> Option<(&'static str, &'static str)> {
    let found = TABLES.iter().find(|(name, ..)| *name == file);
    found.map(|(_, title, about)| (*title, *about))
}

/// Type and description of a column.
pub fn column(name: &str) -> Option<(&'static str, &'static str)> {
    let own = COLUMNS.iter().find(|(own, ..)| *own == name);
    let end = || ENDS.iter().find(|(end, ..)| name.ends_with(end));
    own.or_else(end).map(|(_, kind, about)| (*kind, *about))
}

const TABLES: [(&str, &str, &str); 7] = [
    (
        "coalitions.csv",
        "What every coalition costs and does",
        "A row for each group of partners that was simulated in every draw, with each alone and together.",
    ),
    (
        "partners.csv",
        "Who gains and who loses by joining",
        "Each partner and criterion, alone and with everybody, its cost by the rule of the verdict.",
    ),
    (
        "shares.csv",
        "Fair shares of the cost",
        "What each partner pays by each rule, over the draws and of the expected cost.",
    ),
    (
        "rules.csv",
        "Whether shares hold",
        "By rule, how probably nobody is better out, and what would make it hold.",
    ),
    (
        "weights.csv",
        "What costs may be shared by",
        "Population, need and use by partner.",
    ),
    (
        "levers.csv",
        "What was tried",
        "Everybody together against everybody alone while one thing is moved.",
    ),
    (
        "switching.csv",
        "What would change it",
        "Where each lever changes the sign of a mean difference.",
    ),
];

const COLUMNS: [(&str, &str, &str); 29] = [
    ("members", "string", "The members, joined by +"),
    ("cost", "number", "Mean present value of cost, in pounds"),
    ("n_members", "integer", "How many members"),
    ("partner", "string", "The partner"),
    ("measure", "string", "Id of the criterion"),
    ("unit", "string", "Of the numbers"),
    ("value", "string", "Whether value is shown"),
    ("rule", "string", "Id of the rule, or name of the weight"),
    (
        "share_of_expected_cost",
        "number",
        "Of the expected cost, in pounds",
    ),
    (
        "share_mean",
        "number",
        "Mean share over the draws, in pounds",
    ),
    ("share_p05", "number", "5th percentile of the share"),
    ("share_p95", "number", "95th percentile of the share"),
    (
        "share_mc_error",
        "number",
        "Monte Carlo error of the mean share",
    ),
    (
        "probability_better_inside",
        "number",
        "Share of draws in which it pays no more than alone",
    ),
    (
        "is_in_core_of_expected_cost",
        "string",
        "Whether no group is better out by the expected costs: yes or no",
    ),
    (
        "probability_in_core",
        "number",
        "Share of draws in which no group is better out",
    ),
    (
        "probability_individually_rational",
        "number",
        "Share of draws in which nobody pays more than alone",
    ),
    (
        "side_payment_of_expected_cost",
        "number",
        "What the group that objects most is owed, by the expected costs",
    ),
    (
        "transfers_of_expected_cost",
        "number",
        "The least that must pass between partners so that no group is better out",
    ),
    (
        "probability_core_empty",
        "number",
        "Share of draws in which no shares at all would hold",
    ),
    (
        "population",
        "number",
        "People in the first year of the forecast",
    ),
    (
        "need",
        "number",
        "People who arise with the need, all together",
    ),
    ("use", "number", "People who start, all together"),
    ("lever", "string", "travel, scale, demand or running_cost"),
    ("at", "number", "What the lever is set to"),
    (
        "is_better_at_the_least",
        "string",
        "Whether together is better at the smallest value tried that tells: yes or no, blank where none does",
    ),
    (
        "changes",
        "integer",
        "How often the sign of the mean difference changes among the values tried that tell",
    ),
    (
        "switching_value",
        "number",
        "Where the mean difference changes sign; blank where it does not, or more than once",
    ),
    ("least_tried", "number", "The smallest value tried"),
];

/// Columns that every criterion has.
const ENDS: [(&str, &str, &str); 13] = [
    ("most_tried", "number", "The largest value tried"),
    ("alone_mean", "number", "Mean with each alone"),
    ("together_mean", "number", "Mean together"),
    ("together_p05", "number", "5th percentile together"),
    ("together_p95", "number", "95th percentile together"),
    ("difference_mean", "number", "Mean of together less alone"),
    (
        "difference_p05",
        "number",
        "5th percentile of together less alone",
    ),
    (
        "difference_p95",
        "number",
        "95th percentile of together less alone",
    ),
    (
        "difference_mc_error",
        "number",
        "Monte Carlo error of the mean difference",
    ),
    (
        "probability_better",
        "number",
        "Share of draws in which together is better, ties counting half",
    ),
    (
        "side_payment_mean",
        "number",
        "Mean of what the group that objects most is owed",
    ),
    (
        "side_payment_p05",
        "number",
        "5th percentile of what it is owed",
    ),
    (
        "side_payment_p95",
        "number",
        "95th percentile of what it is owed",
    ),
];

//! Measures that every run has and every appraisal makes, with how they are counted.

/// A measure that no model names.
pub(super) struct Defined {
    pub id: &'static str,
    pub title: &'static str,
    pub unit: &'static str,
    pub about: &'static str,
    /// Files in which it stands beside forecast.csv and contrasts.csv.
    pub files: &'static [&'static str],
}

const fn defined(
    id: &'static str,
    unit: &'static str,
    title: &'static str,
    about: &'static str,
    files: &'static [&'static str],
) -> Defined {
    Defined {
        id,
        title,
        unit,
        about,
        files,
    }
}

/// What stands at the end of a measure's name in the appraisal.
pub(super) const ENDINGS: &[(&str, &str)] = &[
    (
        "_probability_better",
        "the share of draws in which the option is better than the comparator, ties counting half",
    ),
    ("_increment", "the option less the comparator, draw by draw"),
    (
        "_discounted",
        "over the whole forecast, later years discounted",
    ),
    (
        "_weighted",
        "weighted by the groups of the scenario's distributional weights",
    ),
    (
        "_in_all",
        "a headline measure of the model, beside an outcome of the same name that every run has",
    ),
];

const APPRAISAL: &[&str] = &["appraisal.csv"];
const BOTH: &[&str] = &["appraisal.csv", "distribution.csv"];
const SHARED_OUT: &[&str] = &["distribution.csv"];
const INCREMENTS: &[&str] = &["increments.csv"];
const GAP_OF_PEOPLE: &[&str] = &["appraisal.csv", "distribution.csv", "gap_by_month.csv"];
const GAP: &[&str] = &["gap.csv"];
const GAPS: &[&str] = &["gap.csv", "gap_by_month.csv"];

/// The measures.
pub(super) const DEFINED: &[Defined] = &[
    defined(
        "need_arising",
        "people",
        "People arising with a need",
        "Everybody who enters a state that draws this need and is found to have it, as often as that happens. A need that is brought along was counted where it arose.",
        &[],
    ),
    defined(
        "people_by_number_of_needs",
        "people",
        "People arising, by how many needs they have",
        "Everybody who enters a state that draws needs, by how many of those that it draws they are found to have.",
        &[],
    ),
    defined(
        "people_by_needs",
        "people",
        "People arising, by which needs they have",
        "Everybody who enters a state that draws needs, by the set of those that it draws which they are found to have; of models with two to five needs.",
        &[],
    ),
    defined(
        "support_load",
        "people",
        "People who would be in support if nobody waited",
        "Those who would start in a month times the months that support lasts (Little's law).",
        GAP,
    ),
    defined(
        "places_needed",
        "places",
        "Places with which hardly anybody would wait",
        "The 90th percentile of the Poisson law around the people who would be in support if nobody waited.",
        GAP,
    ),
    defined(
        "places_short",
        "places",
        "How many more places that is than there are",
        "Places with which hardly anybody would wait, less places; 0 where there are enough.",
        GAPS,
    ),
    defined(
        "reconviction_cohort",
        "people",
        "People with an index conviction in the year",
        "Everybody for whom the return clock starts in the year, once.",
        &[],
    ),
    defined(
        "reconviction_rate",
        "share",
        "Share of the year's cohort reconvicted",
        "Of the year's cohort, those whose clock fires within the published time.",
        &[],
    ),
    defined(
        "deaths",
        "people",
        "Deaths among people in the model",
        "Everybody who dies while being followed.",
        &[],
    ),
    defined(
        "referrals",
        "people",
        "People referred who join the queue",
        "Everybody who is referred on entering one of the service's states, has its need, and joins.",
        &[],
    ),
    defined(
        "declined",
        "people",
        "People with the need who do not take it up",
        "Everybody who could be referred, has the need and does not join.",
        &[],
    ),
    defined(
        "starts",
        "people",
        "People who start",
        "Everybody for whom a place comes free while they wait, or is free at once.",
        APPRAISAL,
    ),
    defined(
        "completions",
        "people",
        "People who complete",
        "Everybody who starts and stays to the end of support.",
        APPRAISAL,
    ),
    defined(
        "needs_met",
        "people",
        "People whose need is met",
        "Everybody who completes and whose need is met by it.",
        BOTH,
    ),
    defined(
        "gave_up",
        "people",
        "People who give up waiting",
        "Everybody who leaves the queue because patience ends.",
        APPRAISAL,
    ),
    defined(
        "dropped_out",
        "people",
        "People who leave the queue or support for another reason",
        "Everybody who leaves because they enter a state in which the service does not go on, or die, or stop early.",
        &[],
    ),
    defined(
        "waiting",
        "people",
        "People waiting at the month's end",
        "People in the queue at the end of each month; of a year, the mean of its months.",
        &[],
    ),
    defined(
        "in_support",
        "people",
        "People in support at the month's end",
        "People with a place at the end of each month; of a year, the mean of its months.",
        &[],
    ),
    defined(
        "places",
        "places",
        "Places",
        "Places of the service, a pool's at its host; of a year, the mean of its months.",
        &[],
    ),
    defined(
        "occupancy",
        "share",
        "Share of places in use",
        "People in support for each place, over the year.",
        &[],
    ),
    defined(
        "unmet_need",
        "people",
        "People with the need who never start",
        "Referrals that end without a start: who declined, gave up or dropped out of the queue.",
        GAP_OF_PEOPLE,
    ),
    defined(
        "wait_months_mean",
        "months",
        "Mean wait of those who start",
        "From joining the queue to the start, over everybody who starts in the year; none where nobody does.",
        APPRAISAL,
    ),
    defined(
        "wait_months_p50",
        "months",
        "Median wait of those who start",
        "Half of those who start in the year have waited no longer.",
        &[],
    ),
    defined(
        "wait_months_p90",
        "months",
        "Wait that nine in ten who start do not exceed",
        "Nine in ten of those who start in the year have waited no longer.",
        &[],
    ),
    defined(
        "share_who_wait",
        "share",
        "Share of those who start who wait at all",
        "Of those who start in the year, those who did not start at once.",
        &[],
    ),
    defined(
        "group_need",
        "people",
        "People with the need who could be referred, by group",
        "By sex and by age band, at the age at which somebody is referred.",
        &[],
    ),
    defined(
        "group_needs_met",
        "people",
        "People whose need is met, by group",
        "By sex and by age band, at the age at which the need is met.",
        &[],
    ),
    defined(
        "group_unmet_need",
        "people",
        "People with the need who never start, by group",
        "By sex and by age band, at the age at which somebody leaves the queue or declines.",
        &[],
    ),
    defined(
        "need",
        "people",
        "People with the need whom a service could have taken",
        "Over the whole forecast and all services, by group.",
        SHARED_OUT,
    ),
    defined(
        "share_met",
        "share",
        "Share of the need that is met",
        "Needs met for each person with the need whom a service could have taken.",
        SHARED_OUT,
    ),
    defined(
        "prison_months",
        "months",
        "Months spent in prison",
        "Person-months in custody over the whole forecast.",
        APPRAISAL,
    ),
    defined(
        "reconvictions",
        "people",
        "People reconvicted within the published time",
        "Over the cohorts of the whole forecast.",
        APPRAISAL,
    ),
    defined(
        "cost",
        "GBP",
        "Cost",
        "Real, in the scenario's price year, over the whole forecast and not discounted, by payer; in increments.csv the extra present value.",
        &["appraisal.csv", "increments.csv"],
    ),
    defined(
        "present_value_of_cost",
        "GBP",
        "Present value of cost",
        "Real cost over the whole forecast, later years discounted, by payer.",
        BOTH,
    ),
    defined(
        "present_value_of_own_cost",
        "GBP",
        "Present value of an option's own cost",
        "Costs that the option itself lists, later years discounted, by payer.",
        APPRAISAL,
    ),
    defined(
        "present_value_of_transfers",
        "GBP",
        "Present value of transfers",
        "Money between payers: it adds up to nothing over all of them.",
        APPRAISAL,
    ),
    defined(
        "cashable_increment",
        "GBP",
        "Extra cost that is cash",
        "The part of the extra present value that changes what is paid out.",
        APPRAISAL,
    ),
    defined(
        "non_cashable_increment",
        "GBP",
        "Extra cost that is capacity",
        "The part of the extra present value that frees or takes capacity without changing what is paid out.",
        APPRAISAL,
    ),
    defined(
        "cost_per_additional_need_met",
        "GBP per need met",
        "Cost of one more need met",
        "Extra present value over extra needs met; none where the option meets no more.",
        APPRAISAL,
    ),
    defined(
        "benefit_cost_ratio",
        "ratio",
        "Benefit-cost ratio",
        "What the option spares over what it costs more, in present value; none where its cost is a saving. Reported, and never held against a threshold.",
        APPRAISAL,
    ),
    defined(
        "cost_per_outcome",
        "GBP per outcome",
        "Cost of one more of the outcome",
        "Extra cost over extra outcome against the option that it is held against; none where there is no more of it.",
        INCREMENTS,
    ),
    defined(
        "npsv",
        "GBP",
        "Net present social value",
        "Present value of the comparator's cost less the option's: below 0 where the option costs more. Only public costs are priced, outcomes are not.",
        APPRAISAL,
    ),
    defined(
        "npsv_of_society",
        "GBP",
        "Net present social value to society",
        "The same with what victims of crime bear, where the scenario asks for it.",
        APPRAISAL,
    ),
    defined(
        "npsv_weighted",
        "GBP",
        "Net present social value, weighted by group",
        "With the scenario's distributional weights on what people bear.",
        APPRAISAL,
    ),
    defined(
        "npsv_after_optimism_bias",
        "GBP",
        "Net present social value after optimism bias",
        "With the scenario's allowance: extra costs dearer, savings smaller.",
        APPRAISAL,
    ),
    defined(
        "optimism_bias",
        "GBP",
        "Allowance for optimism bias",
        "By how much extra cost is raised and savings are lowered, by grade of evidence.",
        APPRAISAL,
    ),
    defined(
        "npv_cashable",
        "GBP",
        "Net present value of cash",
        "As net present social value, of what is cash alone.",
        APPRAISAL,
    ),
    defined(
        "probability_best",
        "share",
        "Probability of being best",
        "Share of draws in which no other option has a higher net present social value, ties shared.",
        APPRAISAL,
    ),
    defined(
        "probability_npsv_positive",
        "share",
        "Probability of saving",
        "Share of draws in which net present social value is above 0.",
        APPRAISAL,
    ),
    defined(
        "outcome",
        "as the outcome",
        "Extra outcome",
        "Of the outcome that options are compared on, the option less the comparator or do-minimum.",
        INCREMENTS,
    ),
    defined(
        "net_benefit",
        "GBP",
        "Extra net benefit",
        "What the extra outcome is worth, at each worth of one more of it, less the extra cost.",
        INCREMENTS,
    ),
];

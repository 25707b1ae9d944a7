//! The published labels of justice social work and the ids they become.

/// Published measures, the ids they become and the key under which their
/// categories, other than `All`, are stated.
pub const MEASURES: &[(&str, &str, &str)] = &[
    (
        "Average length of unpaid work requirement",
        "unpaid_work_mean_hours",
        "",
    ),
    (
        "Bail supervision cases commenced",
        "bail_supervision_cases_commenced",
        "",
    ),
    (
        "Bail supervision individuals",
        "bail_supervision_individuals",
        "",
    ),
    ("CJSW reports requested", "jsw_reports_requested", ""),
    ("CJSW reports submitted", "jsw_reports_submitted", ""),
    (
        "CJSW reports: main outcome",
        "jsw_reports_outcome",
        "outcome",
    ),
    (
        "CPO commencements with unpaid work requirement: time to start placement",
        "cpo_unpaid_work_time_to_start",
        "time",
    ),
    ("CPO requirements", "cpo_requirements", "requirement"),
    (
        "CPOs in force at 31 March (end of year)",
        "cpo_orders_in_force",
        "",
    ),
    ("CPOs terminated", "cpo_orders_terminated", ""),
    (
        "CPOs with unpaid work Level 1 (100 hours or less)",
        "cpo_unpaid_work_level_1",
        "",
    ),
    (
        "CPOs with unpaid work Level 2 (over 100 - 300 hours)",
        "cpo_unpaid_work_level_2",
        "",
    ),
    (
        "CPOs with unpaid work/other activity requirement",
        "cpo_unpaid_work_orders",
        "",
    ),
    (
        "Community payback orders commenced",
        "cpo_orders_commenced",
        "",
    ),
    (
        "Community service orders commenced",
        "cso_orders_commenced",
        "",
    ),
    ("Completion/discharge rate, CPOs", "cpo_completion_rate", ""),
    (
        "Completion/discharge rate, all orders",
        "all_orders_completion_rate",
        "",
    ),
    (
        "DTTOs in force at 31 March (end of year)",
        "dtto_orders_in_force",
        "",
    ),
    ("DTTOs terminated", "dtto_orders_terminated", ""),
    (
        "Diversion from prosecution cases commenced",
        "diversion_cases_commenced",
        "",
    ),
    (
        "Drug treatment and testing orders commenced",
        "dtto_orders_commenced",
        "",
    ),
    (
        "Fiscal work orders commenced",
        "fiscal_work_orders_commenced",
        "",
    ),
    (
        "Fiscal work orders terminated",
        "fiscal_work_orders_terminated",
        "",
    ),
    (
        "Home detention curfew assessment individuals",
        "hdc_assessment_individuals",
        "",
    ),
    (
        "Home detention curfew assessment reports",
        "hdc_assessment_reports",
        "",
    ),
    ("Home leave reports", "home_leave_reports", ""),
    (
        "Individuals with CJSW reports submitted",
        "jsw_reports_individuals",
        "",
    ),
    (
        "Individuals with CPO commenced",
        "cpo_individuals_commenced",
        "",
    ),
    (
        "Individuals with DTTO commenced",
        "dtto_individuals_commenced",
        "",
    ),
    (
        "Individuals with orders commenced",
        "all_orders_individuals_commenced",
        "",
    ),
    (
        "Justice social work reports submitted (incl. supplementary)",
        "jsw_reports_submitted_with_supplementary",
        "",
    ),
    ("Parole/non-parole reports", "parole_reports", ""),
    ("Post sentence interviews", "post_sentence_interviews", ""),
    (
        "Probation orders commenced",
        "probation_orders_commenced",
        "",
    ),
    (
        "Probation orders with unpaid work commenced",
        "probation_unpaid_work_orders_commenced",
        "",
    ),
    (
        "Requests from court for bail information",
        "bail_information_requests",
        "",
    ),
    ("Same day reports", "same_day_reports", ""),
    ("Social work orders commenced", "all_orders_commenced", ""),
    ("Social work orders terminated", "all_orders_terminated", ""),
    (
        "Statutory throughcare in community: cases commenced",
        "statutory_throughcare_community_cases_commenced",
        "",
    ),
    (
        "Statutory throughcare in custody: cases commenced",
        "statutory_throughcare_custody_cases_commenced",
        "",
    ),
    (
        "Structured deferred sentences imposed",
        "structured_deferred_sentences",
        "",
    ),
    (
        "Supervised attendance orders commenced",
        "sao_orders_commenced",
        "",
    ),
    (
        "Supplementary CJSW reports submitted",
        "jsw_supplementary_reports_submitted",
        "",
    ),
    (
        "Voluntary throughcare cases commenced",
        "voluntary_throughcare_cases_commenced",
        "",
    ),
    (
        "Voluntary throughcare cases commenced (incl. addiction services)",
        "voluntary_throughcare_cases_commenced_with_addiction_services",
        "",
    ),
    (
        "Voluntary throughcare individuals assisted (incl. addiction services)",
        "voluntary_throughcare_individuals_with_addiction_services",
        "",
    ),
];

/// Categories of employment in table 8 of 2020-21.
pub const EMPLOYMENT: &[&str] = &[
    "Economically inactive",
    "Employed/self employed",
    "Employment status not known",
    "Full-time education",
    "Government training scheme",
    "Other employment status",
    "Unemployed",
];
/// Categories of ethnicity in the same table.
pub const ETHNICITY: &[&str] = &[
    "African, Caribbean or Black",
    "Asian",
    "Ethnicity not known/provided",
    "Mixed",
    "Other ethnicity",
    "White",
];

//! Sheets that say what could be done and what it would cost. No source knows, so that they wait for the user.

use super::super::workbook::{Cell, Sheet};
use super::sheet;
use crate::document::Documents;

/// Options, their changes and costs, what running a service costs, and a budget.
pub(super) fn sheets(documents: &Documents) -> Vec<Sheet> {
    let services: Vec<&str> = documents.services.iter().map(|s| s.id.as_str()).collect();
    let payers: Vec<&str> = documents.payers.iter().map(|p| p.id.as_str()).collect();
    let services = format!("The services: {}.", services.join(", "));
    let payers = format!("Who may pay: {}.", payers.join(", "));
    vec![
        options(),
        changes(&services),
        option_costs(&payers),
        running_costs(&services, &payers),
        budget(),
        bounds(&services),
    ]
}

fn options() -> Sheet {
    let usual = ["business-as-usual", "Business as usual", ""].map(Cell::text);
    sheet(
        "Options",
        "The options that are compared, a row each".to_owned(),
        &[
            "The first is what goes on if nothing is decided. Give each other one an id of its own, and say on the sheet Changes what differs.",
            "An option that costs nothing of its own says why under Without costs; otherwise its costs stand on the sheet Option costs.",
        ],
        &["Id", "Title", "Without costs"],
        vec![usual.to_vec()],
    )
}

fn changes(services: &str) -> Sheet {
    sheet(
        "Changes",
        "What differs under each option, a row for each change".to_owned(),
        &[
            "Option is the id from the sheet Options; From is the first month, such as 2026-04; Source says whose figure it is.",
            "Of a service: fill in Places, Uptake or Completion once, under Set (the new number), Multiply (times today's) or Add.",
            "To share a service, list its areas under Arrangement: pool, with semicolons between them, and name the one that runs it under Arrangement: host.",
            services,
            "Of any other number: its id under Parameter, and the number under Set, Multiply or Add. docs/workbook.md has every heading.",
        ],
        &[
            "Option",
            "From",
            "Service",
            "Areas",
            "Places: set",
            "Places: multiply",
            "Places: add",
            "Uptake: multiply",
            "Completion: multiply",
            "Arrangement: pool",
            "Arrangement: host",
            "Parameter",
            "Set",
            "Multiply",
            "Add",
            "Source",
        ],
        Vec::new(),
    )
}

fn option_costs(payers: &str) -> Sheet {
    sheet(
        "Option costs",
        "What an option costs by itself, once or every year".to_owned(),
        &[
            "Fill in Gbp for a cost that is paid once, or Gbp per year for one that goes on until a month, or to the end.",
            payers,
        ],
        &[
            "Option",
            "From",
            "Until",
            "Title",
            "Payer",
            "Gbp",
            "Gbp per year",
            "Price year",
            "In kind",
            "Grade",
            "Source",
        ],
        Vec::new(),
    )
}

fn running_costs(services: &str, payers: &str) -> Sheet {
    sheet(
        "Running costs",
        "Staff and premises: what running a service costs, however few people it serves".to_owned(),
        &[
            "Pounds a year for each service; with Every places, for each so many places begun, such as a team or a manager.",
            "No such figure is published, so that none stands here.",
            services,
            payers,
        ],
        &[
            "Title",
            "Service",
            "Payer",
            "Gbp",
            "Every places",
            "Price year",
            "Grade",
            "Source",
        ],
        Vec::new(),
    )
}

fn budget() -> Sheet {
    sheet(
        "Budget",
        "What may be spent on places, for `needscast optimise`: one row".to_owned(),
        &[
            "Outcome is what there should be most of, such as needs_met. Budget: per is year or horizon. Services, with semicolons between them; blank for all.",
        ],
        &[
            "Outcome",
            "Services",
            "Budget: gbp",
            "Budget: per",
            "Budget: price year",
            "Budget: source",
        ],
        Vec::new(),
    )
}

fn bounds(services: &str) -> Sheet {
    sheet(
        "Bounds",
        "How few and how many places of a service there could be, for `needscast optimise`"
            .to_owned(),
        &[
            "A row for each service and area, or for several areas with semicolons between them.",
            services,
        ],
        &["Service", "Areas", "Least", "Most", "Source"],
        Vec::new(),
    )
}

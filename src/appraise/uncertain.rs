//! The uncertain inputs of a run as numbers by draw: each parameter, and groups of them that could be found out together.

use super::variance::{cells, worst};
use crate::compile::{Law, Parameter, ParameterIdx, Plan};
use crate::draw::Draws;
use crate::quantity::{Grade, Unit};
use crate::summarise::Estimate;

/// An uncertain input: a parameter, or several that could be found out together.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// As in the tables: a parameter's id, or `grade=…`, `part=…` or `all`.
    pub id: String,
    /// For people.
    pub title: String,
    /// The parameters it is made of; one alone for a parameter.
    pub members: Vec<ParameterIdx>,
    /// Whether it is a group, however few belong to it.
    pub is_group: bool,
    /// Of its values: the parameter's, or `of its central value` for the mean of several values.
    pub unit: String,
    /// What it says in every draw: one number for each member.
    pub(super) values: Vec<Vec<f64>>,
}

impl Input {
    /// One draw in twenty of a parameter is lower than the first, one in twenty higher than the second; not a number for
    /// a group.
    pub fn low_and_high(&self) -> [f64; 2] {
        match &self.values[..] {
            [values] if !self.is_group => {
                let spread = Estimate::of_column(&mut values.clone());
                [spread.p05, spread.p95]
            }
            _ => [f64::NAN; 2],
        }
    }
}

/// What a parameter of several values is counted in.
pub const OF_CENTRAL: &str = "times its central value";

/// What associations between needs are said to be used by.
const TOGETHER: &str = "Needs together";

/// Every parameter that varies over these rows of the draws, then groups of them.
pub(super) fn inputs(plan: &Plan, draws: &Draws, rows: &[usize]) -> Vec<Input> {
    let single = |index: usize| input(plan, draws, rows, index);
    let parameters: Vec<Input> = (0..plan.parameters.len()).filter_map(single).collect();
    let mut groups = Vec::new();
    let mut gather = |id: String, title: String, is_in: &dyn Fn(&Parameter) -> bool| {
        let members = |input: &&Input| is_in(&plan.parameters[input.members[0]]);
        let members: Vec<&Input> = parameters.iter().filter(members).collect();
        if !members.is_empty() {
            groups.push(Input {
                id,
                title: format!("{title} ({})", members.len()),
                members: members.iter().map(|input| input.members[0]).collect(),
                is_group: true,
                unit: String::new(),
                values: members
                    .iter()
                    .map(|input| input.values[0].clone())
                    .collect(),
            });
        }
    };
    for grade in Grade::ALL {
        let title = format!("Grade {}", grade.name());
        gather(format!("grade={}", grade.name()), title, &|parameter| {
            worst(plan, parameter) == Some(grade)
        });
    }
    gather("part=costs".to_owned(), "Unit costs".to_owned(), &|p| {
        part(plan, p) == Part::Costs
    });
    gather(
        "part=needs".to_owned(),
        "How common needs are".to_owned(),
        &|p| part(plan, p) == Part::Needs,
    );
    for (index, service) in plan.services.iter().enumerate() {
        gather(
            format!("part={}", service.id),
            service.title.clone(),
            &|p| part(plan, p) == Part::Service(index),
        );
    }
    gather("part=journey".to_owned(), "The journey".to_owned(), &|p| {
        part(plan, p) == Part::Journey
    });
    gather(
        "all".to_owned(),
        "All uncertain parameters".to_owned(),
        &|_| true,
    );
    parameters.into_iter().chain(groups).collect()
}

/// Which part of the question a parameter belongs to: what alone uses it.
#[derive(PartialEq)]
enum Part {
    Costs,
    Needs,
    Service(usize),
    Journey,
}

fn part(plan: &Plan, parameter: &Parameter) -> Part {
    if matches!(parameter.unit, Unit::Gbp(_)) {
        return Part::Costs;
    }
    let is_used_by = |is_one: &dyn Fn(&String) -> bool| {
        !parameter.used_by.is_empty() && parameter.used_by.iter().all(is_one)
    };
    let mut services = plan.services.iter();
    if let Some(service) = services.position(|s| is_used_by(&|title| *title == s.title)) {
        return Part::Service(service);
    }
    let is_need =
        |title: &String| title == TOGETHER || plan.needs.iter().any(|need| need.title == *title);
    match is_used_by(&is_need) {
        true => Part::Needs,
        false => Part::Journey,
    }
}

/// A parameter in every row: its value, or where it has several that are drawn the mean of each over its central value.
fn input(plan: &Plan, draws: &Draws, rows: &[usize], index: usize) -> Option<Input> {
    let parameter = &plan.parameters[index];
    let is_drawn = |cell: &usize| plan.cells[*cell].law != Law::Fixed;
    let drawn: Vec<usize> = cells(parameter).filter(is_drawn).collect();
    let of_row = |row: &usize| -> f64 {
        let row = draws.cells(*row);
        match drawn[..] {
            [one] => row[one],
            _ => {
                let relative = |cell: &usize| match plan.cells[*cell].value {
                    0.0 => row[*cell],
                    central => row[*cell] / central,
                };
                drawn.iter().map(relative).sum::<f64>() / drawn.len() as f64
            }
        }
    };
    if drawn.is_empty() || rows.iter().any(|row| *row >= draws.n_rows()) {
        return None;
    }
    let values: Vec<f64> = rows.iter().map(of_row).collect();
    let first = values.first()?;
    let varies = values.iter().any(|value| value != first);
    let is_sound = values.iter().all(|value| value.is_finite());
    (varies && is_sound).then(|| Input {
        id: parameter.id.clone(),
        title: parameter.id.replace('_', " "),
        members: vec![index],
        is_group: false,
        unit: match drawn.len() {
            1 => parameter.unit.to_string(),
            _ => OF_CENTRAL.to_owned(),
        },
        values: vec![values],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appraise::tests::tiny;
    use crate::draw::draw;

    /// Money is of costs, what a service alone uses is of that service, what needs alone use is of needs, and everything
    /// else belongs to the journey: every uncertain number has one place.
    #[test]
    fn every_uncertain_number_belongs_to_one_part() {
        let plan = tiny();
        let draws = draw(&plan);
        let rows: Vec<usize> = (1..draws.n_rows()).collect();
        let found = inputs(&plan, &draws, &rows);
        let members = |id: &str| -> Vec<&str> {
            let group = found.iter().find(|input| input.id == id);
            let members = group.iter().flat_map(|group| &group.members);
            members.map(|p| plan.parameters[*p].id.as_str()).collect()
        };
        let parts = ["costs", "needs", "homes", "journey"].map(|part| format!("part={part}"));
        assert_eq!(members(&parts[0]), ["homes_cost"]);
        let mut needs = members(&parts[1]);
        needs.sort_unstable();
        assert_eq!(needs, ["health_need", "housing_health", "housing_need"]);
        let mut homes = members(&parts[2]);
        homes.sort_unstable();
        assert_eq!(homes, ["homes_effect", "homes_uptake"]);
        let n: usize = parts.iter().map(|part| members(part).len()).sum();
        assert_eq!(n, members("all").len());
        assert_eq!(n, found.iter().filter(|input| !input.is_group).count());
    }
}

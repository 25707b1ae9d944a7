//! The laws of stays and supports that have a shape, shared by rows and worlds in which the shape is the same.

use super::laws::Laws;
use super::scope::{FIRST, Scope};
use super::stay::{QuantileTable, Shaped, listed};
use super::versions::Versions;
use crate::compile::{Listed, Plan, QuantityIdx, Stay, Stratum};
use crate::draw::Draws;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Shapes are kept by the family and the shape's bits.
type Kept<T> = BTreeMap<(u8, u64), Arc<T>>;

/// The shapes of row 0, which most rows share because shapes are mostly fixed.
#[derive(Default)]
pub struct CentralShapes {
    stays: Kept<Shaped>,
    residuals: Kept<QuantileTable>,
}

/// The shapes and lists of a row, by place: of each state's stay, then of each service's support, then of the stays of
/// exits.
#[derive(Default)]
pub struct Shapes<'a> {
    central: Option<&'a CentralShapes>,
    stays: Vec<Stay>,
    shaped: Vec<Option<Versions<Arc<Shaped>>>>,
    lists: Vec<Option<Versions<Lists>>>,
    /// What the central row has not.
    own: RefCell<Kept<Shaped>>,
}

/// Whole steps with the share that is gone by then, by stratum.
struct Lists {
    scope: Scope,
    cells: Vec<Vec<(f64, f64)>>,
}

impl CentralShapes {
    /// The shapes of the central row when the run begins.
    pub fn of(plan: &Plan, draws: &Draws) -> CentralShapes {
        let mut central = CentralShapes::default();
        for stay in stays(plan) {
            let Some((family, quantity)) = shape(&stay) else {
                continue;
            };
            let value = draws.value_with(plan, 0, &[], quantity, FIRST, plan.history_from);
            let key = (family, value.to_bits());
            let stays = central.stays.entry(key);
            stays.or_insert_with(|| Arc::new(make(family, value)));
            if family == GAMMA {
                let residuals = central.residuals.entry(key);
                residuals.or_insert_with(|| Arc::new(residual(value)));
            }
        }
        central
    }
}

impl<'a> Shapes<'a> {
    /// No shapes yet.
    pub fn new(plan: &Plan, central: &'a CentralShapes) -> Shapes<'a> {
        let stays = stays(plan);
        Shapes {
            central: Some(central),
            shaped: stays.iter().map(|_| None).collect(),
            lists: stays.iter().map(|_| None).collect(),
            stays,
            own: RefCell::default(),
        }
    }

    /// Takes up the shapes that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        let Some(central) = self.central else { return };
        for (stay, lists) in self.stays.iter().zip(&mut self.lists) {
            if let Stay::Listed(list) = *stay
                && list.steps().any(|(_, quantity)| changed[quantity])
            {
                let quantities = stay.quantities();
                let made = |world| Lists::of(laws, world, list, laws.scope(&quantities));
                *lists = Some(laws.versions(&quantities, made));
            }
        }
        for (stay, shaped) in self.stays.iter().zip(&mut self.shaped) {
            let Some((family, quantity)) = shape(stay).filter(|s| changed[s.1]) else {
                continue;
            };
            *shaped = Some(laws.versions(&[quantity], |world| {
                let value = laws.number(world, quantity);
                let key = (family, value.to_bits());
                let kept = central.stays.get(&key).cloned();
                kept.unwrap_or_else(|| {
                    let mut own = self.own.borrow_mut();
                    own.entry(key)
                        .or_insert_with(|| Arc::new(make(family, value)))
                        .clone()
                })
            }));
        }
    }

    /// The list of a stay, for a stratum.
    pub fn listed(&self, world: usize, place: usize, stratum: Stratum) -> &[(f64, f64)] {
        let lists = self.lists[place]
            .as_ref()
            .map(|versions| versions.of(world));
        lists.map_or(&[], |lists| &lists.cells[lists.scope.cell(stratum)])
    }

    /// The shape of a stay.
    #[inline]
    pub fn of(&self, world: usize, place: usize) -> Option<&Shaped> {
        self.shaped[place]
            .as_ref()
            .map(|versions| versions.of(world).as_ref())
    }
}

/// The length-biased tables of a stay in every world, for an opening stock; `None` where it needs none.
pub fn residuals(laws: &Laws, stay: &Stay) -> Option<Versions<Arc<QuantileTable>>> {
    let (_, quantity) = shape(stay).filter(|(family, _)| *family == GAMMA)?;
    let central = &laws.study.shapes.residuals;
    Some(laws.versions(&[quantity], |world| {
        let value = laws.number(world, quantity);
        let kept = central.get(&(GAMMA, value.to_bits())).cloned();
        kept.unwrap_or_else(|| Arc::new(residual(value)))
    }))
}

impl Lists {
    fn of(laws: &Laws, world: usize, list: Listed, scope: Scope) -> Lists {
        let cell = |cell: usize| {
            let stratum = scope.stratum(cell);
            let weights = list.steps();
            listed(weights.map(|(steps, quantity)| (steps, laws.value(world, quantity, stratum))))
        };
        Lists {
            scope,
            cells: (0..scope.n_cells).map(cell).collect(),
        }
    }
}

/// The stays of a plan, by place.
fn stays(plan: &Plan) -> Vec<Stay> {
    let states = plan.states.iter().map(|state| state.stay);
    let services = plan.services.iter().map(|service| service.support);
    let exits = plan.states.iter().flat_map(|state| &state.exits);
    let of_exits = exits.map(|exit| exit.stay.unwrap_or(Stay::None));
    states.chain(services).chain(of_exits).collect()
}

/// The place of the stay of a state's first exit; the others follow.
pub fn first_exit(plan: &Plan, state: usize) -> usize {
    let before = plan.states[..state].iter().map(|state| state.exits.len());
    plan.states.len() + plan.services.len() + before.sum::<usize>()
}

const GAMMA: u8 = 0;
const WEIBULL: u8 = 1;
const LOGNORMAL: u8 = 2;

/// The family of a stay and the quantity of its shape.
fn shape(stay: &Stay) -> Option<(u8, QuantityIdx)> {
    match *stay {
        Stay::Gamma(_, shape) => Some((GAMMA, shape)),
        Stay::Weibull(_, shape) => Some((WEIBULL, shape)),
        Stay::LogNormal(_, spread) => Some((LOGNORMAL, spread)),
        _ => None,
    }
}

fn make(family: u8, value: f64) -> Shaped {
    match family {
        GAMMA => Shaped::gamma(value),
        WEIBULL => Shaped::weibull(value),
        _ => Shaped::lognormal(value),
    }
}

/// The length-biased gamma has one more shape, and (shape + 1) / shape times the mean.
fn residual(shape: f64) -> QuantileTable {
    QuantileTable::gamma(shape + 1.0, (shape + 1.0) / shape)
}

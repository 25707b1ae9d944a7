//! The laws of stays and supports that have a shape, shared by rows and worlds in which the shape is the same.

use super::laws::Laws;
use super::scope::FIRST;
use super::stay::{QuantileTable, Shaped};
use super::versions::Versions;
use crate::compile::{Plan, QuantityIdx, Stay};
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

/// The shapes of a row: of each state's stay, then of each service's support.
#[derive(Default)]
pub struct Shapes<'a> {
    central: Option<&'a CentralShapes>,
    stays: Vec<Stay>,
    shaped: Vec<Option<Versions<Arc<Shaped>>>>,
    /// What the central row has not.
    own: RefCell<Kept<Shaped>>,
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
            stays,
            own: RefCell::default(),
        }
    }

    /// Takes up the shapes that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        let Some(central) = self.central else { return };
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

    /// The shape of a state's stay, or of a service's support (numbered after the states).
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

fn stays(plan: &Plan) -> Vec<Stay> {
    let states = plan.states.iter().map(|state| state.stay);
    states
        .chain(plan.services.iter().map(|service| service.support))
        .collect()
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

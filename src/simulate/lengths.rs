//! How long the stays of a row are, ready to be looked up: by place, world and stratum. Shapes are shared by rows and
//! worlds in which they are the same.

use super::laws::Laws;
use super::scope::{ByStratum, Scope, StratumIdx};
use super::stay::{Geometric, Listed, QuantileTable, Shaped, StayLaw, listed, whole_steps};
use super::versions::Versions;
use crate::compile::{Plan, QuantityIdx, Stay, Stratum};
use crate::draw::Draws;
use crate::random::Key;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A stratum for what is the same in all.
const FIRST: Stratum = Stratum {
    area: 0,
    sex: 0,
    age: 0,
    priors: 0,
};

/// Shapes are kept by the family and the shape's bits.
type Kept<T> = BTreeMap<(u8, u64), Arc<T>>;

/// The shapes of row 0, which most rows share because shapes are mostly fixed.
pub struct CentralShapes {
    /// Exponential, of mean 1.
    pub exponential: Arc<Shaped>,
    stays: Kept<Shaped>,
    residuals: Kept<QuantileTable>,
}

/// The lengths of a row's stays, by place: of each state's stay, then of each service's support, then of the stays of
/// exits.
#[derive(Default)]
pub struct Stays {
    stays: Vec<Stay>,
    lengths: Vec<Versions<Lengths>>,
    /// The shapes that the central row has not.
    own: RefCell<Kept<Shaped>>,
    own_residuals: RefCell<Kept<QuantileTable>>,
}

/// The lengths of one stay, by stratum.
pub enum Lengths {
    /// None: they are not drawn.
    None,
    /// Exactly so long.
    Fixed(ByStratum<f64>),
    /// Geometric from 1.
    Geometric(ByStratum<Geometric>),
    /// A law of mean 1, and the means.
    Shaped(Arc<Shaped>, ByStratum<f64>),
    /// Whole steps with the share that is gone by then.
    Listed(ByStratum<Listed>),
}

impl Lengths {
    /// The law for a stratum.
    pub fn law(&self, stratum: StratumIdx) -> StayLaw<'_> {
        match self {
            Lengths::None => StayLaw::Fixed(0.0),
            Lengths::Fixed(lengths) => StayLaw::Fixed(*lengths.at(stratum)),
            Lengths::Geometric(laws) => StayLaw::Geometric(laws.at(stratum).mean()),
            Lengths::Shaped(shaped, means) => StayLaw::Shaped(*means.at(stratum), shaped),
            Lengths::Listed(lists) => StayLaw::Listed(lists.at(stratum).gone()),
        }
    }

    /// The length at an address in whole steps, rounded at another.
    #[inline(always)]
    pub fn whole_steps(&self, stratum: StratumIdx, at: Key, round: impl Fn() -> Key) -> i32 {
        match self {
            Lengths::Shaped(shaped, means) => {
                shaped.whole_steps(*means.at(stratum), at, round().uniform())
            }
            Lengths::Geometric(laws) => laws.at(stratum).steps(at),
            Lengths::Listed(lists) => lists.at(stratum).steps(at),
            Lengths::Fixed(lengths) => whole_steps(*lengths.at(stratum), round().uniform()),
            Lengths::None => 0,
        }
    }

    fn of(laws: &Laws, world: usize, stay: &Stay, own: &RefCell<Kept<Shaped>>) -> Lengths {
        let scope: &Scope = laws.scope(&stay.quantities());
        let values = |quantity: QuantityIdx| {
            ByStratum::of(scope, |stratum| laws.value(world, quantity, stratum))
        };
        let central = &laws.study.shapes;
        match *stay {
            Stay::None | Stay::Clock | Stay::Open | Stay::OfExit => Lengths::None,
            Stay::Fixed(length) => Lengths::Fixed(values(length)),
            Stay::Exponential(mean) => Lengths::Shaped(central.exponential.clone(), values(mean)),
            Stay::Geometric(mean) => Lengths::Geometric(ByStratum::of(scope, |stratum| {
                let mean = laws.value(world, mean, stratum);
                Geometric::new(mean, &central.exponential)
            })),
            Stay::Gamma(mean, shape)
            | Stay::Weibull(mean, shape)
            | Stay::LogNormal(mean, shape) => {
                let shape = laws.number(world, shape);
                Lengths::Shaped(central.shaped(family(stay), shape, own), values(mean))
            }
            Stay::Listed(list) => Lengths::Listed(ByStratum::of(scope, |stratum| {
                let weights = list.steps();
                Listed::new(listed(
                    weights.map(|(steps, q)| (steps, laws.value(world, q, stratum))),
                ))
            })),
        }
    }
}

impl CentralShapes {
    /// The shapes of the central row when the run begins.
    pub fn of(plan: &Plan, draws: &Draws) -> CentralShapes {
        let mut central = CentralShapes {
            exponential: Arc::new(Shaped::exponential()),
            stays: Kept::default(),
            residuals: Kept::default(),
        };
        for stay in stays(plan) {
            let Some(quantity) = shape(&stay) else {
                continue;
            };
            let value = draws.value_with(plan, 0, &[], quantity, FIRST, plan.history_from);
            let key = (family(&stay), value.to_bits());
            let stays = central.stays.entry(key);
            stays.or_insert_with(|| Arc::new(make(family(&stay), value)));
            if family(&stay) == GAMMA {
                let residuals = central.residuals.entry(key);
                residuals.or_insert_with(|| Arc::new(residual(value)));
            }
        }
        central
    }

    fn shaped(&self, family: u8, shape: f64, own: &RefCell<Kept<Shaped>>) -> Arc<Shaped> {
        let key = (family, shape.to_bits());
        let kept = self.stays.get(&key).cloned();
        kept.unwrap_or_else(|| {
            let mut own = own.borrow_mut();
            let made = own.entry(key);
            made.or_insert_with(|| Arc::new(make(family, shape)))
                .clone()
        })
    }
}

impl Stays {
    /// The stays of a plan, with no numbers yet.
    pub fn new(plan: &Plan) -> Stays {
        let stays = stays(plan);
        let nothing = || Versions::new(Lengths::None, Vec::new(), vec![0; plan.areas.len()]);
        Stays {
            lengths: stays.iter().map(|_| nothing()).collect(),
            stays,
            own: RefCell::default(),
            own_residuals: RefCell::default(),
        }
    }

    /// Takes up the numbers that have changed.
    pub fn follow(&mut self, laws: &Laws, changed: &[bool]) {
        for (stay, lengths) in self.stays.iter().zip(&mut self.lengths) {
            let quantities = stay.quantities();
            if quantities.iter().any(|&quantity| changed[quantity]) {
                let own = &self.own;
                *lengths = laws.versions(&quantities, |world| Lengths::of(laws, world, stay, own));
            }
        }
    }

    /// The length-biased tables of a stay in every world, for an opening stock; `None` where it needs none. Crowds open
    /// one after the other, so that a table is kept for the next.
    pub fn residuals(&self, laws: &Laws, stay: &Stay) -> Option<Versions<Arc<QuantileTable>>> {
        let quantity = shape(stay).filter(|_| family(stay) == GAMMA)?;
        let central = &laws.study.shapes.residuals;
        Some(laws.versions(&[quantity], |world| {
            let value = laws.number(world, quantity);
            let key = (GAMMA, value.to_bits());
            let kept = central.get(&key).cloned();
            kept.unwrap_or_else(|| {
                let mut own = self.own_residuals.borrow_mut();
                let made = own.entry(key);
                made.or_insert_with(|| Arc::new(residual(value))).clone()
            })
        }))
    }

    /// The lengths of the stay at a place.
    #[inline]
    pub fn at(&self, place: usize) -> &Versions<Lengths> {
        &self.lengths[place]
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

fn family(stay: &Stay) -> u8 {
    match stay {
        Stay::Gamma(..) => GAMMA,
        Stay::Weibull(..) => WEIBULL,
        _ => LOGNORMAL,
    }
}

/// The quantity of a stay's shape.
fn shape(stay: &Stay) -> Option<QuantityIdx> {
    match *stay {
        Stay::Gamma(_, shape) | Stay::Weibull(_, shape) | Stay::LogNormal(_, shape) => Some(shape),
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

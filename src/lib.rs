//! `needscast` forecasts what people in the Scottish justice system will need from local services — housing,
//! employability, health, through-care — and appraises the ways of commissioning them.
//!
//! The pipeline is the architecture. Each room exports one function named by its verb and one type that the next room
//! takes; a room imports only rooms before it, and a test proves it.
//!
//! ```text
//! profile ┐
//! model   ├─ read ─▶ compile ─▶ draw ─▶ simulate ─▶ summarise ─▶ appraise ─▶ report
//! scenario┘ Documents   Plan     Draws  Trajectories  Forecast   Appraisal    files
//! ```
//!
//! A whole run, on one of the shipped scenarios:
//!
//! ```
//! use needscast::{compile, document, draw, simulate, summarise};
//!
//! let documents = document::read("scenarios/one-council.toml".as_ref()).expect("every fault is a diagnostic");
//! let mut plan = compile::compile(&documents).expect("a Plan cannot be wrong");
//! plan.n_draws = 2;
//! let draws = draw::draw(&plan);
//! let trajectories = simulate::simulate(&plan, &draws, &|| {});
//! let forecast = summarise::summarise(&plan, &trajectories);
//! assert!(forecast.layout.find("need_arising", "need=housing").is_some());
//! ```
//!
//! Options that were worked out elsewhere take a shorter way, from tables of draws or of scores: `document::drawn` ─▶
//! `compile::alternatives` ─▶ `appraise::compare`, and `document::scored` ─▶ `compile::scores` ─▶ `appraise::value`.
//! A history goes from `document::read_series` ─▶ `compile::compile_series` ─▶ `calibrate::backtest`, and the cost of a
//! joint service: `document::coalitions` ─▶ `compile::coalitions` ─▶ `appraise::sharing::share`.
//!
//! What it does not do: it holds no record of any real person; it decides nothing; and where no evidence exists it
//! says `placeholder`, draws widely, and tells the reader how much of the answer rests on it.

pub mod diagnostic;

pub mod quantity;

pub mod random;

pub mod document;

pub mod compile;

pub mod draw;

pub mod simulate;

pub mod summarise;

pub mod calibrate;

pub mod appraise;

pub mod report;

pub mod command;

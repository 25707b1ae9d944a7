//! Trajectories as Parquet, part by part: what a run leaves behind while it goes on, and what shards are made of.
//!
//! A part holds whole rows of the draws and says of which run they are ([`Label`]). Which rows belong to which part
//! follows from the question alone ([`chunks`]), so that a part has the same bytes whoever makes it and however often,
//! and a part that is missing can be named.

mod gather;
mod label;
mod merge;
mod read;
mod words;
mod write;

pub use gather::{Gathering, Kept, Rows, Table};
pub use label::{Label, Question, Share};
pub use merge::{Shards, shards};
pub use read::{read_label, read_part};

use crate::simulate::Value;
use parquet::data_type::{DataType, DoubleType, FloatType};

/// A value that a part can hold as it is.
pub trait Stored: Value {
    /// As Parquet calls it.
    type Kind: DataType<T = Self>;
    /// Its name in a Parquet schema.
    const NAME: &'static str;
}

impl Stored for f32 {
    type Kind = FloatType;
    const NAME: &'static str = "FLOAT";
}

impl Stored for f64 {
    type Kind = DoubleType;
    const NAME: &'static str = "DOUBLE";
}

/// How many values a part holds, about.
const USUAL_VALUES: usize = 2 << 20;

/// The fewest and the most rows of a part: few enough that little is lost with one, and many enough that a long run is
/// not a folder of many thousands.
const ROWS: (usize, usize) = (16, 128);

/// Rows, part by part, where a row has so many values.
pub fn chunks(rows: &[usize], n_values: usize) -> Vec<Vec<usize>> {
    let n_rows = (USUAL_VALUES / n_values.max(1)).clamp(ROWS.0, ROWS.1);
    rows.chunks(n_rows).map(<[usize]>::to_vec).collect()
}

/// The file of a part: `draws-00003.parquet`, or `life-1-00003.parquet` for a life that tells what drives changes.
pub fn file_name(table: usize, chunk: usize) -> String {
    match table {
        0 => format!("draws-{chunk:05}.parquet"),
        life => format!("life-{life}-{chunk:05}.parquet"),
    }
}

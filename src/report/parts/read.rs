//! A part read back, or what is wrong with it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::DataType;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;
use parquet::schema::types::SchemaDescriptor;
use sha2::{Digest, Sha256};

use super::Stored;
use super::label::{KEY, Label};
use super::write::{hash_values, in_hexadecimal, schema};
use crate::diagnostic::{Diagnostic, Place};

/// What a part says of itself, without its values.
///
/// # Errors
/// When it is no part, or was cut off.
pub fn read_label(path: &Path) -> Result<Label, Box<Diagnostic>> {
    // What kind of number the values are does not matter for what stands beside them.
    guarded::<f32, _>(path, label)
}

/// The values of a part, one vector for each of its rows, where a row has `n_values`.
///
/// # Errors
/// When it is no part, was cut off, or holds other values than were written.
pub fn read_part<N: Stored>(
    path: &Path,
    label: &Label,
    n_values: usize,
) -> Result<Vec<Vec<N>>, Box<Diagnostic>> {
    let (rows, sha256) = guarded::<N, _>(path, |reader| {
        values::<N>(reader, label.rows.len(), n_values)
    })?;
    if sha256 != label.sha256 {
        let error = ParquetError::General("values other than those that were written".to_owned());
        return Err(Box::new(unreadable(path, &error)));
    }
    Ok(rows)
}

/// Opens a part and takes something from it. The library that decodes it panics on some damaged pages (a dictionary
/// that is not there, a length beyond the page) where it should return an error; nothing of it outlives the panic. It
/// makes room for as many columns as a damaged schema claims, thousands of millions, so that it is told the schema.
fn guarded<N: Stored, T>(
    path: &Path,
    take: impl FnOnce(&SerializedFileReader<Finite>) -> Result<T, ParquetError>,
) -> Result<T, Box<Diagnostic>> {
    let read = catch_unwind(AssertUnwindSafe(|| {
        let file = Finite(File::open(path)?);
        let schema = Arc::new(SchemaDescriptor::new(schema::<N>()?));
        let options = ReadOptionsBuilder::new()
            .with_parquet_schema(schema)
            .build();
        take(&SerializedFileReader::new_with_options(file, options)?)
    }));
    let damaged = || ParquetError::General("pages that cannot be decoded".to_owned());
    let read = read.unwrap_or_else(|_| Err(damaged()));
    read.map_err(|error| Box::new(unreadable(path, &error)))
}

/// A file whose end is an error for whoever reads on. The library takes the end for a field of no bytes, so that a
/// damaged list of two thousand million fields was read to its last.
struct Finite(File);

/// What is left of a [`Finite`] file from a place on.
struct Rest(BufReader<File>);

impl Length for Finite {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Finite {
    type T = Rest;

    fn get_read(&self, start: u64) -> Result<Rest, ParquetError> {
        self.0.get_read(start).map(Rest)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        self.0.get_bytes(start, length)
    }
}

impl Read for Rest {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(into)?;
        if n == 0 && !into.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(n)
    }
}

fn unreadable(path: &Path, error: &ParquetError) -> Diagnostic {
    let place = Place {
        file: path.display().to_string(),
        ..Place::default()
    };
    Diagnostic::error("E952", "this part of a run cannot be read")
        .at(&place)
        .expected("a Parquet file as this program wrote it, whole")
        .found(
            error
                .to_string()
                .trim_start_matches("Parquet error: ")
                .to_owned(),
        )
        .hint("remove the folder of that shard, and run it again")
}

fn label(reader: &SerializedFileReader<Finite>) -> Result<Label, ParquetError> {
    let pairs = reader.metadata().file_metadata().key_value_metadata();
    let mut pairs = pairs.into_iter().flatten();
    let text = pairs
        .find(|pair| pair.key == KEY)
        .and_then(|pair| pair.value.as_ref());
    let text =
        text.ok_or_else(|| ParquetError::General("a Parquet file of another program".to_owned()))?;
    serde_json::from_str(text)
        .map_err(|error| ParquetError::General(format!("a label that cannot be read: {error}")))
}

type Rows<N> = Vec<Vec<N>>;

fn values<N: Stored>(
    reader: &SerializedFileReader<Finite>,
    n_rows: usize,
    n_values: usize,
) -> Result<(Rows<N>, String), ParquetError> {
    let other = || {
        ParquetError::General(format!(
            "another number of values than {n_rows} draws of {n_values}"
        ))
    };
    let n_all: i64 = reader
        .metadata()
        .row_groups()
        .iter()
        .map(|group| group.num_rows())
        .sum();
    if usize::try_from(n_all).ok() != n_rows.checked_mul(n_values) {
        return Err(other());
    }
    let mut hash = Sha256::new();
    let mut rows: Rows<N> = (0..n_rows).map(|_| Vec::with_capacity(n_values)).collect();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let n = usize::try_from(group.metadata().num_rows()).unwrap_or(0);
        let last = group.num_columns().checked_sub(1).ok_or_else(other)?;
        if group.metadata().column(last).column_type() != N::Kind::get_physical_type() {
            return Err(ParquetError::General("values of another kind".to_owned()));
        }
        let mut column = get_typed_column_reader::<N::Kind>(group.get_column_reader(last)?);
        let (mut known, mut levels) = (Vec::new(), Vec::new());
        // A damaged column may have no levels at all and say that it has two thousand million values.
        let mut n_read = 0;
        while n_read < n {
            let (read, _, _) =
                column.read_records(n - n_read, Some(&mut levels), None, &mut known)?;
            if read == 0 {
                return Err(other());
            }
            n_read += read;
        }
        if levels.len() != n {
            return Err(other());
        }
        let mut known = known.into_iter();
        let mut all = levels.iter().map(|level| match level {
            0 => N::MISSING,
            _ => known.next().unwrap_or(N::MISSING),
        });
        let mut slot = Vec::with_capacity(n_rows);
        for _ in 0..n / n_rows.max(1) {
            slot.clear();
            slot.extend(all.by_ref().take(n_rows));
            hash_values(&mut hash, &slot);
            rows.iter_mut()
                .zip(&slot)
                .for_each(|(row, value)| row.push(*value));
        }
    }
    Ok((rows, in_hexadecimal(hash)))
}

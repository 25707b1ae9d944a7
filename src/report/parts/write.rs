//! A part to a Parquet file: one row per option × area × measure × period × draw.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use sha2::{Digest, Sha256};

use super::Stored;
use super::label::{KEY, Label};
use crate::compile::Plan;
use crate::report::WriteError;
use crate::simulate::Layout;
use crate::summarise::reported_areas;

/// Writes a part into a folder, whole or not at all: `values` are those of the label's rows, one after another.
///
/// # Errors
/// When the machine refuses; no file of that name is there then, unless there was one before.
pub(super) fn write_part<N: Stored>(
    path: &Path,
    (plan, layout): (&Plan, &Layout),
    label: &Label,
    rows: &[Vec<N>],
) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(path.to_owned(), error);
    let partial = path.with_extension("partial");
    let written = write_file(&partial, (plan, layout), label, rows)
        .map_err(io_of)
        .and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        // Best effort: the error that is reported is the one that came first.
        let _ = fs::remove_file(&partial);
    }
    written.map_err(at)
}

/// What the machine said, where it was the machine.
fn io_of(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

fn write_file<N: Stored>(
    path: &Path,
    (plan, layout): (&Plan, &Layout),
    label: &Label,
    rows: &[Vec<N>],
) -> Result<(), ParquetError> {
    let schema = Arc::new(parse_message_type(&message(N::NAME))?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        // Readers pass over whole options by it; of other columns every part holds every value.
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled("option".into(), EnabledStatistics::Chunk)
        .set_created_by("needscast".to_owned())
        .build();
    let file = BufWriter::new(File::create(path)?);
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    let mut hash = Sha256::new();
    for option in 0..layout.n_options {
        let words = words(plan, layout, option);
        let n_slots = words[0].len();
        let blocks = || (0..n_slots).step_by(block(rows.len()));
        let within = |first: usize| first..(first + block(rows.len())).min(n_slots);
        let mut group = writer.next_row_group()?;
        for column in &words {
            let mut next = next_column(&mut group)?;
            for first in blocks() {
                let words = column[within(first)].iter();
                let words = words.flat_map(|word| std::iter::repeat_n(word.clone(), rows.len()));
                let words: Vec<ByteArray> = words.collect();
                next.typed::<ByteArrayType>()
                    .write_batch(&words, None, None)?;
            }
            next.close()?;
        }
        let numbers = label.rows.iter().map(|row| *row as i32);
        let mut next = next_column(&mut group)?;
        for first in blocks() {
            let numbers = within(first).flat_map(|_| numbers.clone());
            let numbers: Vec<i32> = numbers.collect();
            next.typed::<Int32Type>()
                .write_batch(&numbers, None, None)?;
        }
        next.close()?;
        let mut next = next_column(&mut group)?;
        let offset = layout.at(option, 0, 0, 0);
        for first in blocks() {
            let slots = within(first).map(|slot| offset + slot);
            let values = slots.flat_map(|slot| rows.iter().map(move |row| row[slot]));
            write_values(&mut next, &values.collect::<Vec<N>>(), &mut hash)?;
        }
        next.close()?;
        group.close()?;
    }
    let label = Label {
        sha256: in_hexadecimal(hash),
        ..label.clone()
    };
    let text =
        serde_json::to_string(&label).map_err(|error| ParquetError::External(Box::new(error)))?;
    writer.append_key_value_metadata(KeyValue::new(KEY.to_owned(), text));
    let mut file = writer.into_inner()?;
    file.flush()?;
    file.get_ref().sync_all()?;
    Ok(())
}

/// How many slots are handed over at once.
fn block(n_rows: usize) -> usize {
    (65_536 / n_rows.max(1)).max(1)
}

fn message(value: &str) -> String {
    let words = WORDS.map(|name| format!("REQUIRED BYTE_ARRAY {name} (STRING);"));
    format!(
        "message draws {{ {} REQUIRED INT32 draw; OPTIONAL {value} value; }}",
        words.join(" ")
    )
}

/// The columns that say what a value is of.
const WORDS: [&str; 6] = [
    "option",
    "area_code",
    "measure",
    "breakdown",
    "period",
    "unit",
];

/// By column of words, one for every value of an option.
fn words(plan: &Plan, layout: &Layout, option: usize) -> Vec<Vec<ByteArray>> {
    let mut columns = vec![Vec::new(); WORDS.len()];
    let option = ByteArray::from(plan.options[option].id.as_str());
    for area in reported_areas(plan) {
        let area = ByteArray::from(area.code.as_str());
        for (index, series) in layout.series.iter().enumerate() {
            let [measure, breakdown, unit] = [&series.measure, &series.breakdown, &series.unit]
                .map(|word| ByteArray::from(word.as_str()));
            for period in 0..series.n_periods {
                let period = ByteArray::from(layout.period_name(index, period).into_bytes());
                let row = [&option, &area, &measure, &breakdown, &period, &unit];
                for (column, word) in columns.iter_mut().zip(row) {
                    column.push(word.clone());
                }
            }
        }
    }
    columns
}

type Group<'a> = parquet::file::writer::SerializedRowGroupWriter<'a, BufWriter<File>>;

fn next_column<'a>(group: &'a mut Group<'_>) -> Result<SerializedColumnWriter<'a>, ParquetError> {
    let next = group.next_column()?;
    next.ok_or_else(|| ParquetError::General("fewer columns than the schema has".to_owned()))
}

/// A value that does not exist, such as the wait of nobody, is null.
fn write_values<N: Stored>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[N],
    hash: &mut Sha256,
) -> Result<(), ParquetError> {
    let levels: Vec<i16> = values
        .iter()
        .map(|value| i16::from(!value.is_missing()))
        .collect();
    let known: Vec<N> = values
        .iter()
        .copied()
        .filter(|value| !value.is_missing())
        .collect();
    hash_values(hash, values);
    column
        .typed::<N::Kind>()
        .write_batch(&known, Some(&levels), None)?;
    Ok(())
}

/// Adds values to a fingerprint; all that do not exist are the same.
pub(super) fn hash_values<N: Stored>(hash: &mut Sha256, values: &[N]) {
    for value in values {
        let value: f64 = (*value).into();
        let value = if value.is_nan() { f64::NAN } else { value };
        hash.update(value.to_bits().to_le_bytes());
    }
}

pub(super) fn in_hexadecimal(hash: Sha256) -> String {
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

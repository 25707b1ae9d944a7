//! A part to a Parquet file: one row per option × area × measure × period × draw.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::Int32Type;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;
use sha2::{Digest, Sha256};

use super::Stored;
use super::label::{KEY, Label};
use super::words::{Words, columns};
use crate::report::WriteError;
use crate::simulate::Layout;

/// Writes a part into a folder, whole or not at all: `values` are those of the label's rows, one after another.
///
/// # Errors
/// When the machine refuses; no file of that name is there then, unless there was one before.
pub(super) fn write_part<N: Stored>(
    path: &Path,
    (words, layout): (&Words, &Layout),
    label: &Label,
    rows: &[Vec<N>],
) -> Result<(), WriteError> {
    let at = |error| WriteError::Io(path.to_owned(), error);
    let partial = path.with_extension("partial");
    let written = write_file(&partial, (words, layout), label, rows)
        .map_err(io_of)
        .and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        // Best effort: the error that is reported is the one that came first.
        let _ = fs::remove_file(&partial);
    }
    written.map_err(at)
}

/// What the machine said, where it was the machine.
pub(super) fn io_of(error: ParquetError) -> io::Error {
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
    (words, layout): (&Words, &Layout),
    label: &Label,
    rows: &[Vec<N>],
) -> Result<(), ParquetError> {
    let schema = schema::<N>()?;
    let file = BufWriter::new(File::create(path)?);
    let mut writer = SerializedFileWriter::new(file, schema, properties())?;
    let mut hash = Sha256::new();
    let n_slots = layout.n_values() / layout.n_options;
    let numbers: Vec<i32> = label.rows.iter().map(|row| *row as i32).collect();
    for option in 0..layout.n_options {
        let offset = layout.at(option, 0, 0, 0);
        let slots: Vec<usize> = (offset..offset + n_slots).collect();
        let mut group = writer.next_row_group()?;
        words.append(option, &mut group)?;
        let mut next = next_column(&mut group)?;
        for slots in slots.chunks(block(rows.len())) {
            next.typed::<Int32Type>()
                .write_batch(&numbers.repeat(slots.len()), None, None)?;
        }
        next.close()?;
        let mut next = next_column(&mut group)?;
        for slots in slots.chunks(block(rows.len())) {
            let values = slots
                .iter()
                .flat_map(|slot| rows.iter().map(move |row| row[*slot]));
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

/// How every part is encoded.
pub(super) fn properties() -> Arc<WriterProperties> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        // Readers pass over whole options by it; of other columns every part holds every value.
        .set_statistics_enabled(EnabledStatistics::None)
        .set_column_statistics_enabled("option".into(), EnabledStatistics::Chunk)
        // Looking every number up in a dictionary takes more time than bringing together the bytes that are alike.
        .set_column_dictionary_enabled("draw".into(), false)
        .set_column_encoding("draw".into(), Encoding::DELTA_BINARY_PACKED)
        .set_column_dictionary_enabled("value".into(), false)
        .set_column_encoding("value".into(), Encoding::BYTE_STREAM_SPLIT)
        .set_created_by("needscast".to_owned())
        .build();
    Arc::new(properties)
}

/// How many slots are handed over at once.
pub(super) fn block(n_rows: usize) -> usize {
    (65_536 / n_rows.max(1)).max(1)
}

/// The columns of a part.
pub(super) fn schema<N: Stored>() -> Result<TypePtr, ParquetError> {
    let (words, value) = (columns(), N::NAME);
    let message =
        format!("message draws {{ {words} REQUIRED INT32 draw; OPTIONAL {value} value; }}");
    parse_message_type(&message).map(Arc::new)
}

/// The column of a group that is written next.
pub(super) fn next_column<'a, W: Write + Send>(
    group: &'a mut SerializedRowGroupWriter<'_, W>,
) -> Result<SerializedColumnWriter<'a>, ParquetError> {
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
    let bytes = values.iter().flat_map(|value| {
        let value: f64 = (*value).into();
        let value = if value.is_nan() { f64::NAN } else { value };
        value.to_bits().to_le_bytes()
    });
    hash.update(bytes.collect::<Vec<u8>>());
}

pub(super) fn in_hexadecimal(hash: Sha256) -> String {
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

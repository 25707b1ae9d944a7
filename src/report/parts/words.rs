//! The columns of a part that say what its values are of: the same in every part of a table that has as many rows, so
//! they are encoded once and copied into each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use super::write::{block, next_column, properties};
use crate::compile::Plan;
use crate::simulate::Layout;
use crate::summarise::reported_areas;

/// What a value is of, in the order of the columns.
const NAMES: [&str; 6] = [
    "option",
    "area_code",
    "measure",
    "breakdown",
    "period",
    "unit",
];

/// The columns of words as a Parquet schema has them.
pub(super) fn columns() -> String {
    NAMES
        .map(|name| format!("REQUIRED BYTE_ARRAY {name} (STRING);"))
        .join(" ")
}

/// The columns of words of one table, for parts of a number of rows.
pub(super) struct Words {
    file: Bytes,
    /// By option.
    groups: Vec<RowGroupMetaData>,
}

impl Words {
    fn of(plan: &Plan, layout: &Layout, n_rows: usize) -> Result<Words, ParquetError> {
        let schema = parse_message_type(&format!("message draws {{ {} }}", columns()))?;
        let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), properties())?;
        for option in 0..layout.n_options {
            let mut group = writer.next_row_group()?;
            for column in &words(plan, layout, option) {
                let mut next = next_column(&mut group)?;
                for words in column.chunks(block(n_rows)) {
                    let words = words.iter();
                    let words = words.flat_map(|word| std::iter::repeat_n(word.clone(), n_rows));
                    let words: Vec<ByteArray> = words.collect();
                    next.typed::<ByteArrayType>()
                        .write_batch(&words, None, None)?;
                }
                next.close()?;
            }
            group.close()?;
        }
        let file = Bytes::from(writer.into_inner()?);
        let reader = SerializedFileReader::new(file.clone())?;
        let groups = reader.metadata().row_groups().to_vec();
        Ok(Words { file, groups })
    }

    /// Puts the words of an option before its values.
    pub(super) fn append<W: std::io::Write + Send>(
        &self,
        option: usize,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        for column in self.groups[option].columns() {
            let encoded = ColumnCloseResult {
                bytes_written: column.compressed_size().unsigned_abs(),
                rows_written: column.num_values().unsigned_abs(),
                metadata: column.clone(),
                bloom_filter: None,
                column_index: None,
                offset_index: None,
            };
            group.append_column(&self.file, encoded)?;
        }
        Ok(())
    }
}

/// The words of every table, by table and number of rows.
#[derive(Default)]
pub(super) struct Wordings(Mutex<BTreeMap<(usize, usize), Arc<Words>>>);

impl Wordings {
    /// Those of a table, encoded when they are first asked for.
    pub(super) fn of(
        &self,
        table: usize,
        (plan, layout): (&Plan, &Layout),
        n_rows: usize,
    ) -> Result<Arc<Words>, ParquetError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = known.get(&(table, n_rows)) {
            return Ok(words.clone());
        }
        let words = Arc::new(Words::of(plan, layout, n_rows)?);
        known.insert((table, n_rows), words.clone());
        Ok(words)
    }
}

/// By column, one word for every value of an option.
fn words(plan: &Plan, layout: &Layout, option: usize) -> Vec<Vec<ByteArray>> {
    let mut columns = vec![Vec::new(); NAMES.len()];
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

//! Rows in whatever order they are done, put away part by part; and parts that are there already, taken up again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::words::Wordings;
use super::write::{io_of, write_part};
use super::{Label, Question, Share, Stored, chunks, file_name, read_label, read_part};
use crate::compile::Plan;
use crate::diagnostic::{Diagnostic, Place};
use crate::report::WriteError;
use crate::simulate::Layout;

/// A table of a run: the draws, or a life that tells what drives changes.
pub struct Table<'a> {
    /// Whose options and areas its values are of.
    pub plan: &'a Plan,
    /// Where they stand.
    pub layout: &'a Layout,
    /// The rows of the draws that a whole run has of it.
    pub rows: Vec<usize>,
}

/// What becomes of values that have been put away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// They are kept in memory as well, because they are summarised next.
    Everything,
    /// They are given up, so that memory does not grow with the number of draws.
    Nothing,
}

/// A share of a run while it is being lived, part by part in a folder.
pub struct Gathering<'a, N> {
    folder: PathBuf,
    question: Question,
    share: Share,
    kept: Kept,
    tables: Vec<Table<'a>>,
    parts: Vec<Part<N>>,
    /// By table, the part that a row belongs to and its place in it.
    places: Vec<BTreeMap<usize, (usize, usize)>>,
    wordings: Wordings,
}

struct Part<N> {
    table: usize,
    chunk: usize,
    rows: Vec<usize>,
    state: Mutex<State<N>>,
}

struct State<N> {
    /// By row of the part.
    values: Vec<Option<Vec<N>>>,
    shared: Vec<Option<f64>>,
    is_written: bool,
}

/// By table and row, the values of a share.
pub type Rows<N> = Vec<BTreeMap<usize, Vec<N>>>;

impl<'a, N: Stored> Gathering<'a, N> {
    /// Nothing done yet. The tables are numbered as they come: the draws first.
    pub fn new(
        folder: &Path,
        question: &Question,
        share: Share,
        tables: Vec<Table<'a>>,
        kept: Kept,
    ) -> Gathering<'a, N> {
        let mut parts = Vec::new();
        let mut places = Vec::new();
        for (index, table) in tables.iter().enumerate() {
            let mut of_table = BTreeMap::new();
            let rows = share.of_rows(table.rows.iter().copied());
            for (chunk, rows) in chunks(&rows, table.layout.n_values())
                .into_iter()
                .enumerate()
            {
                let numbered = rows.iter().enumerate();
                of_table.extend(numbered.map(|(place, row)| (*row, (parts.len(), place))));
                let state = State {
                    values: rows.iter().map(|_| None).collect(),
                    shared: Vec::new(),
                    is_written: false,
                };
                parts.push(Part {
                    table: index,
                    chunk,
                    rows,
                    state: Mutex::new(state),
                });
            }
            places.push(of_table);
        }
        Gathering {
            folder: folder.to_owned(),
            question: question.clone(),
            share,
            kept,
            tables,
            parts,
            places,
            wordings: Wordings::default(),
        }
    }

    /// Takes up the parts that are there already. Returns what is wrong with those that cannot be.
    pub fn take_up(&mut self) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        for part in &mut self.parts {
            let path = self.folder.join(file_name(part.table, part.chunk));
            if !path.exists() {
                continue;
            }
            let wanted = (&self.question, self.share, &*part);
            let n_values = self.tables[part.table].layout.n_values();
            let read = check(&path, wanted).and_then(|label| {
                let rows = read_part::<N>(&path, &label, n_values)?;
                Ok((label, rows))
            });
            let state = part.state.get_mut().unwrap_or_else(PoisonError::into_inner);
            match read {
                Ok((label, rows)) => {
                    state.is_written = true;
                    state.shared = label.shared;
                    if self.kept == Kept::Everything {
                        state.values = rows.into_iter().map(Some).collect();
                    }
                }
                Err(fault) => faults.push(*fault),
            }
        }
        faults
    }

    /// Encodes what is the same in all parts of a table now, so that no part is timed with it.
    ///
    /// # Errors
    /// When it cannot be encoded, which is a fault of this program.
    pub fn prepare(&self) -> Result<(), WriteError> {
        for part in &self.parts {
            let of = &self.tables[part.table];
            let path = self.folder.join(file_name(part.table, part.chunk));
            self.wordings
                .of(part.table, (of.plan, of.layout), part.rows.len())
                .map_err(|error| WriteError::Io(path, io_of(error)))?;
        }
        Ok(())
    }

    /// The files that are not there yet.
    pub fn missing(&self) -> Vec<PathBuf> {
        let parts = self
            .parts
            .iter()
            .filter(|part| !lock(&part.state).is_written);
        parts
            .map(|part| self.folder.join(file_name(part.table, part.chunk)))
            .collect()
    }

    /// Whether a row of a table belongs to this share and is not done.
    pub fn lacks(&self, table: usize, row: usize) -> bool {
        let place = self.places[table].get(&row);
        place.is_some_and(|&(part, place)| {
            let state = lock(&self.parts[part].state);
            !state.is_written && state.values[place].is_none()
        })
    }

    /// One row is done; the part that it completes is written. Rows that are not lacking are left alone.
    ///
    /// # Errors
    /// When the machine refuses.
    pub fn take(
        &self,
        table: usize,
        row: usize,
        values: Vec<N>,
        shared: &[f64],
    ) -> Result<(), WriteError> {
        let Some(&(index, place)) = self.places[table].get(&row) else {
            return Ok(());
        };
        let part = &self.parts[index];
        let mut state = lock(&part.state);
        if state.is_written {
            return Ok(());
        }
        state.values[place] = Some(values);
        if row == 0 {
            let known = |share: &f64| share.is_finite().then_some(*share);
            state.shared = shared.iter().map(known).collect();
        }
        if state.values.iter().any(Option::is_none) {
            return Ok(());
        }
        let rows: Vec<Vec<N>> = state.values.iter_mut().filter_map(Option::take).collect();
        let label = Label {
            question: self.question.clone(),
            share: self.share,
            table,
            chunk: part.chunk,
            rows: part.rows.clone(),
            sha256: String::new(),
            shared: state.shared.clone(),
        };
        state.is_written = true;
        // Nobody else has anything to do with this part any more, so others need not wait for the disk.
        drop(state);
        let of = &self.tables[table];
        let path = self.folder.join(file_name(table, part.chunk));
        let words = self
            .wordings
            .of(table, (of.plan, of.layout), rows.len())
            .map_err(|error| WriteError::Io(path.clone(), io_of(error)))?;
        write_part(&path, (&words, of.layout), &label, &rows)?;
        if self.kept == Kept::Everything {
            lock(&part.state).values = rows.into_iter().map(Some).collect();
        }
        Ok(())
    }

    /// Everything that was kept: by table and row; and what the central row tells of the lives that options share.
    pub fn into_rows(self) -> (Rows<N>, Vec<f64>) {
        let mut tables: Rows<N> = self.tables.iter().map(|_| BTreeMap::new()).collect();
        let mut shared = Vec::new();
        for part in self.parts {
            let state = part
                .state
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner);
            if part.table == 0 && part.rows.first() == Some(&0) {
                let known = state.shared.iter();
                shared = known.map(|share| share.unwrap_or(f64::NAN)).collect();
            }
            let rows = part.rows.into_iter().zip(state.values);
            tables[part.table].extend(rows.filter_map(|(row, values)| Some((row, values?))));
        }
        (tables, shared)
    }
}

/// A thread that panicked elsewhere leaves no part half done: values go in whole.
fn lock<N>(state: &Mutex<State<N>>) -> std::sync::MutexGuard<'_, State<N>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The label of a part that is the one that is wanted.
fn check<N>(
    path: &Path,
    (question, share, part): (&Question, Share, &Part<N>),
) -> Result<Label, Box<Diagnostic>> {
    let label = read_label(path)?;
    let place = Place {
        file: path.display().to_string(),
        ..Place::default()
    };
    if let Some(difference) = question.difference(&label.question) {
        let fault = Diagnostic::error("E953", format!("a part of another run: another {}", difference.what))
            .at(&place)
            .expected(difference.first)
            .found(difference.second)
            .hint("without --resume the run begins anew; shards of different runs are merged each by themselves");
        return Err(Box::new(fault));
    }
    if (label.share, label.table, label.chunk) != (share, part.table, part.chunk)
        || label.rows != part.rows
    {
        let fault = Diagnostic::error("E953", "a part of another share of this run")
            .at(&place)
            .expected(format!(
                "{} of share {share}",
                file_name(part.table, part.chunk)
            ))
            .found(format!(
                "{} of share {}",
                file_name(label.table, label.chunk),
                label.share
            ))
            .hint("shards are folders of their own, and parts keep their names");
        return Err(Box::new(fault));
    }
    Ok(label)
}

/// The parts in a folder, by name.
pub(super) fn parts_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "parquet")
    });
    paths.sort();
    paths
}

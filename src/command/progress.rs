//! How far a run has come: a bar on a terminal, a line for every tenth elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

/// Draws done of draws to do; told from any thread.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    n_done: AtomicUsize,
    n_rows: usize,
}

impl Progress {
    pub(super) fn start(n_rows: usize) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(n_rows as u64);
            let style = ProgressStyle::with_template("{bar:32} {pos} of {len} draws, {eta} left");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Progress {
            bar,
            n_done: AtomicUsize::new(0),
            n_rows,
        }
    }

    /// One more draw is done.
    pub(super) fn step(&self) {
        let n_done = self.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            None if n_done * 10 / self.n_rows > (n_done - 1) * 10 / self.n_rows => {
                super::tell(&format!("{n_done} of {} draws", self.n_rows));
            }
            None => {}
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

//! How far a run has come: a bar on a terminal, a line for every tenth elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

/// Things done of things to do; told from any thread.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    n_done: AtomicUsize,
    n_rows: usize,
    /// What is counted.
    things: &'static str,
}

impl Progress {
    pub(super) fn start(n_rows: usize, things: &'static str) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(n_rows as u64);
            let template = format!("{{bar:32}} {{pos}} of {{len}} {things}, {{eta}} left");
            let style = ProgressStyle::with_template(&template);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Progress {
            bar,
            n_done: AtomicUsize::new(0),
            n_rows,
            things,
        }
    }

    /// Of things that nobody knows the number of yet.
    pub(super) fn open(things: &'static str) -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template(&format!("{{spinner}} {{pos}} {things}"));
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        Progress {
            bar,
            n_done: AtomicUsize::new(0),
            n_rows: 0,
            things,
        }
    }

    /// So many more are done, of how many nobody knows: a line for every ten thousand where there is no terminal.
    pub(super) fn add(&self, n: usize) {
        const EVERY: usize = 10_000;
        let n_done = self.n_done.fetch_add(n, Ordering::Relaxed) + n;
        match &self.bar {
            Some(bar) => bar.inc(n as u64),
            None if n_done / EVERY > (n_done - n) / EVERY => {
                super::tell(&format!("{n_done} {}", self.things));
            }
            None => {}
        }
    }

    /// One more draw is done.
    pub(super) fn step(&self) {
        let n_done = self.n_done.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.bar {
            Some(bar) => bar.inc(1),
            None if n_done * 10 / self.n_rows > (n_done - 1) * 10 / self.n_rows => {
                super::tell(&format!("{n_done} of {} {}", self.n_rows, self.things));
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

//! How a run was made, so that it can be made again.

use serde_json::json;

use super::parts::{Question, Share};
use super::{BacktestRun, CalibrationRun, MixReport, Run};
use crate::document::Disclosure;

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The commit it was built from, as far as the build knew.
pub fn commit() -> &'static str {
    option_env!("NEEDSCAST_COMMIT").unwrap_or("unknown")
}

/// What lived the journey.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Engine {
    /// People, one by one.
    #[default]
    People,
    /// Expectations, without chance.
    ExpectedFlows,
    /// The same, with people told apart by year of birth.
    ExpectedFlowsByYear,
    /// The same, with people told apart by age band.
    ExpectedFlowsByBand,
}

impl Engine {
    /// As in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Engine::People => "people",
            Engine::ExpectedFlows => "expected flows",
            Engine::ExpectedFlowsByYear => "expected flows, by year of birth (approximate)",
            Engine::ExpectedFlowsByBand => "expected flows, by age band (approximate)",
        }
    }
}

impl Engine {
    /// Every engine.
    pub const ALL: [Engine; 4] = [
        Engine::People,
        Engine::ExpectedFlows,
        Engine::ExpectedFlowsByYear,
        Engine::ExpectedFlowsByBand,
    ];

    /// The engine of this name.
    pub fn named(name: &str) -> Option<Engine> {
        Engine::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// How a command asks for it; blank for people.
    fn asked(self) -> &'static str {
        match self {
            Engine::People => "",
            Engine::ExpectedFlows => " --expected",
            Engine::ExpectedFlowsByYear => " --expected=by-year",
            Engine::ExpectedFlowsByBand => " --expected=by-band",
        }
    }

    /// What the report must say of it.
    pub fn notes(self) -> impl Iterator<Item = &'static str> {
        let notes: &[&str] = match self {
            Engine::People => &[],
            Engine::ExpectedFlows => &[WITHOUT_CHANCE],
            Engine::ExpectedFlowsByYear => &[WITHOUT_CHANCE, BY_YEAR],
            Engine::ExpectedFlowsByBand => &[WITHOUT_CHANCE, BY_BAND],
        };
        notes.iter().copied()
    }
}

/// What a report must say where ages are told apart by year of birth.
const BY_YEAR: &str = "Ages are approximate: people born in the same year share the mean of two age bands\u{2019} chances in the year in which they pass from one to the other.";

/// What a report must say where people are told apart by age band.
const BY_BAND: &str = "These expected flows are rough: once a year a share of every age band passes into the next, previous convictions are told in two classes a band, people who have been somewhere for long are followed together by quarter of entry, and needs are mostly drawn anew at every entry. Where it was measured, flows and stocks were within about 1%, reconvictions within 2% and the numbers of people with so many needs within 3.5%.";

/// What a report of expected flows must say.
const WITHOUT_CHANCE: &str = "These are expected flows: numbers of people on average, without chance in people\u{2019}s lives. Ranges, where there are any, come from uncertain parameters alone; a rate or a share is the ratio of two expectations.";

/// What the run was given and what it took; the clock is read by whoever calls.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// Names and SHA-256 of every file read.
    pub inputs: Vec<(String, String)>,
    /// What lived the journey.
    pub engine: Engine,
    /// Threads used; they change no number.
    pub threads: usize,
    /// As typed.
    pub command_line: String,
    /// When, in Coordinated Universal Time.
    pub started: String,
    /// How long it took.
    pub seconds: f64,
    /// What a run of a scenario follows from.
    pub question: Option<Question>,
}

/// A word as a shell reads it: quoted where it must be.
pub fn in_shell(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=:,+".contains(c);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// What was asked, for whoever compares two runs.
fn asked(run: &Run) -> serde_json::Value {
    let plan = run.plan;
    let headline = plan.measures.iter().filter(|measure| measure.is_headline);
    json!({
        "start": plan.start.to_string(),
        "end": plan.end.to_string(),
        "comparator": plan.options[plan.comparator].id,
        "options": plan.options.iter().map(|o| (&o.id, &o.title)).collect::<Vec<_>>(),
        "headline": headline.map(|m| (&m.id, &m.title)).collect::<Vec<_>>(),
    })
}

/// How recorded counts of local origin were made safe to publish. The hashes of their files are of the text as it was
/// used, because few small numbers can be guessed from the hash of a text of which everything else is known.
fn disclosure(disclosure: &Disclosure) -> serde_json::Value {
    let files = disclosure.files.iter().map(
        |file| json!({ "name": file.name, "rows": file.n_counts, "withheld": file.n_withheld }),
    );
    json!({
        "below": disclosure.rule.map(|rule| rule.below),
        "round_to": disclosure.rule.map(|rule| rule.round_to),
        "off": disclosure.is_off,
        "reason": disclosure.reason,
        "local_files": files.collect::<Vec<_>>(),
        "hashes": match disclosure.rule {
            Some(_) => "of local files: of the text as it was used, counts rounded and withheld",
            None => "of every file as it stands",
        },
    })
}

/// What marks a folder as ours.
pub(super) const PROGRAM: &str = "\"program\": \"needscast\"";

impl Manifest {
    pub(super) fn json(&self, run: &Run) -> Vec<u8> {
        self.with(json!({
            "title": run.plan.title,
            "engine": self.engine.name(),
            "seed": run.plan.seed,
            "draws": run.forecast.n_draws,
            "scenario": self.question.as_ref().map(|question| &question.scenario),
            "drivers": self.question.as_ref().map(|question| question.drivers),
            "share": self.question.as_ref().map(|question| question.share),
            "fingerprint": self.question.as_ref().map(Question::fingerprint),
            "price_year": crate::quantity::FinancialYear::starting(run.plan.price_year).to_string(),
            "discounting": run.appraisal.schedule.edition,
            "asked": asked(run),
            "disclosure": disclosure(&run.plan.disclosure),
        }))
    }

    /// Of one share of a run.
    pub fn json_of_share(&self, title: &str, question: &Question, share: Share) -> Vec<u8> {
        self.with(json!({
            "title": title,
            "engine": question.engine,
            "seed": question.seed,
            "draws": question.draws,
            "scenario": question.scenario,
            "drivers": question.drivers,
            "share": question.share,
            "fingerprint": question.fingerprint(),
            "shard": share.to_string(),
        }))
    }

    /// The command that gives this report again: the same for whoever asks for it in whatever way.
    pub(super) fn command(&self) -> String {
        let Some(question) = &self.question else {
            return self.command_line.clone();
        };
        let engine = match self.engine {
            Engine::People => format!(" --share {}", question.share),
            other => other.asked().to_owned(),
        };
        format!(
            "needscast run {} --draws {} --seed {} --drivers {}{engine}",
            in_shell(&question.scenario),
            question.draws,
            question.seed,
            question.drivers,
        )
    }

    pub(super) fn backtest_json(&self, run: &BacktestRun) -> Vec<u8> {
        let series = run.tested.iter().map(|tested| {
            json!({
                "name": tested.panel.series,
                "unit": tested.panel.unit,
                "periods": tested.panel.periods.len(),
                "strands": tested.panel.strands.len(),
                "first_origin": tested.backtest.first,
                "log_score_resolution": tested.panel.resolution,
                "declared_breaks": tested.panel.breaks.len(),
            })
        });
        self.with(json!({
            "title": "Back-test",
            "first": run.first,
            "horizons": run.horizons,
            "series": series.collect::<Vec<_>>(),
            "notes": run.notes,
        }))
    }

    pub(super) fn json_of_mix(&self, report: &MixReport) -> Vec<u8> {
        let (plan, mixing) = (report.plan, report.mixing);
        self.with(json!({
            "title": plan.title,
            "engine": self.engine.name(),
            "seed": plan.seed,
            "draws": plan.n_draws,
            "price_year": crate::quantity::FinancialYear::starting(plan.price_year).to_string(),
            "outcome": mixing.outcome.id,
            "budget": mixing.budget.pounds,
            "budget_is_yearly": mixing.budget.is_yearly,
            "disclosure": disclosure(&plan.disclosure),
        }))
    }

    pub(super) fn calibration_json(&self, run: &CalibrationRun) -> Vec<u8> {
        let learned = run.learned;
        self.with(json!({
            "title": format!("Calibration: {}", run.before.title),
            "seed": run.before.seed,
            "draws": learned.n_draws,
            "draws_of_fit": run.n_draws,
            "disclosure": disclosure(&run.before.disclosure),
            "rounds": run.distances.len(),
            "discrepancy": learned.discrepancy.is_finite().then_some(learned.discrepancy),
        }))
    }

    /// Of tables made elsewhere, which nothing was simulated for.
    pub(super) fn json_of_tables(&self) -> Vec<u8> {
        self.with(json!({ "title": "Tables made elsewhere" }))
    }

    /// Of a sweep.
    pub fn json_of_sweep(&self, title: &str) -> Vec<u8> {
        self.with(json!({ "title": title }))
    }

    pub(super) fn json_of_benchmark(&self) -> Vec<u8> {
        self.with(json!({ "title": "Benchmark" }))
    }

    /// What every manifest says, and what only this one does.
    fn with(&self, own: serde_json::Value) -> Vec<u8> {
        let inputs: Vec<_> = self
            .inputs
            .iter()
            .map(|(name, sha256)| json!({ "name": name, "sha256": sha256 }))
            .collect();
        let mut manifest = json!({
            "program": "needscast",
            "version": VERSION,
            "commit": commit(),
            "inputs": inputs,
            "threads": self.threads,
            "command_line": self.command_line,
            "started": self.started,
            "duration_seconds": (self.seconds * 1000.0).round() / 1000.0,
        });
        if let (Some(all), serde_json::Value::Object(own)) = (manifest.as_object_mut(), own) {
            all.extend(own);
        }
        // Pretty printing of a value made here cannot fail; an empty manifest would be caught by the next run's check.
        let mut bytes = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

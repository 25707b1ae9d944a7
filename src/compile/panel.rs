//! A table of figures by area and period as a back-test takes it: one row of values per strand, and what was known when.

use crate::quantity::Cadence;

/// One series: the same figure of several areas (and strata) over the same periods.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Its name.
    pub series: String,
    /// Of the values, such as `people`; empty when the file does not say.
    pub unit: String,
    /// How long a period is.
    pub cadence: Cadence,
    /// The periods, one after the other without a gap, as they are written.
    pub periods: Vec<String>,
    /// One row of values per area and stratum, by area code and then by stratum.
    pub strands: Vec<Strand>,
    /// Whether all values are whole numbers, so that they may be counts.
    pub is_count: bool,
    /// The step in which values are recorded: 1 for counts, otherwise a power of ten. Above 0.
    pub resolution: f64,
    /// What was declared to break the series, as far as it is known.
    pub breaks: Vec<Break>,
    /// For every period, the edition in which a figure of it was published first; empty where all is of one edition.
    pub first_editions: Vec<u32>,
}

/// The values of one area and stratum.
#[derive(Debug, Clone, PartialEq)]
pub struct Strand {
    /// The area's code, or its name where the file gives no code.
    pub area_code: String,
    /// The area's name; empty when the file does not give it.
    pub area_name: String,
    /// `sex=men; age=16-20`, or empty.
    pub stratum: String,
    /// One value per period, in the panel's unit, 0 or more; NaN where none is recorded.
    pub values: Vec<f64>,
    /// What the values may be set against, such as people living there: 0 (where the value is 0) or more, NaN where none
    /// is recorded.
    pub exposure: Option<Vec<f64>>,
    /// Everything that was ever published, in order of period and edition; empty where all is of one edition.
    pub published: Vec<Published>,
}

/// One figure in one edition.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    /// Index of the period.
    pub period: usize,
    /// The edition, numbered from 0 in order of publication.
    pub edition: u32,
    /// The value; NaN where the edition leaves it blank.
    pub value: f64,
    /// The exposure, NaN where none is given.
    pub exposure: f64,
}

/// Something that was declared to break the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Break {
    /// The area it is about; `None` for all.
    pub area_code: Option<String>,
    /// Index of the first period that it touches.
    pub from: usize,
    /// Index of the last period that it touches; the last period known where the end is not known yet.
    pub to: usize,
    /// What it does to the values.
    pub kind: BreakKind,
    /// Why, for the reader.
    pub reason: String,
    /// Who says so.
    pub source: String,
}

/// What a break does to the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreakKind {
    /// The values of its periods are not typical; before and after they are.
    Disrupted,
    /// From its first period on, values are on another level or recorded in another way.
    Level,
    /// What is counted was abolished: no more begin, and what is left of it runs out.
    Ending,
}

impl BreakKind {
    /// As it is written in every table of breaks.
    pub fn name(self) -> &'static str {
        match self {
            BreakKind::Disrupted => "disrupted",
            BreakKind::Level => "level",
            BreakKind::Ending => "ending",
        }
    }

    /// Every kind.
    pub const ALL: [BreakKind; 3] = [BreakKind::Disrupted, BreakKind::Level, BreakKind::Ending];

    /// From its name; what is blank is disrupted.
    pub fn parse(name: &str) -> BreakKind {
        let found = BreakKind::ALL.into_iter().find(|kind| kind.name() == name);
        found.unwrap_or(BreakKind::Disrupted)
    }
}

impl Panel {
    /// The panel as it was known when only its first `n_periods` periods were over.
    ///
    /// Where figures were published in editions, that moment is the first publication of any figure of the last of
    /// these periods: editions that came later are hidden, and so are breaks that begin later and the ends of breaks
    /// that go on. Whether values are whole numbers is judged by what is left. Resolution is kept: it belongs to the
    /// scores, and no forecast may use it.
    pub fn known_at(&self, n_periods: usize) -> Panel {
        let n = n_periods.min(self.periods.len());
        let last_edition = n
            .checked_sub(1)
            .and_then(|last| self.first_editions.get(last));
        let strands: Vec<Strand> = self
            .strands
            .iter()
            .map(|strand| strand.known_at(n, last_edition.copied()))
            .collect();
        let is_count = are_whole(strands.iter().flat_map(|strand| &strand.values));
        let breaks = self.breaks.iter().filter(|found| found.from < n);
        Panel {
            series: self.series.clone(),
            unit: self.unit.clone(),
            cadence: self.cadence,
            periods: self.periods[..n].to_vec(),
            strands,
            is_count,
            resolution: self.resolution,
            breaks: breaks
                .map(|found| Break {
                    to: found.to.min(n - 1),
                    ..found.clone()
                })
                .collect(),
            first_editions: self.first_editions.iter().take(n).copied().collect(),
        }
    }

    /// Whether a value lies in a period that was declared disrupted, or in which what is counted runs out.
    pub fn is_disrupted(&self, strand: &Strand, period: usize) -> bool {
        let of_area = |found: &Break| match &found.area_code {
            Some(code) => *code == strand.area_code,
            None => true,
        };
        self.breaks.iter().any(|found| {
            found.kind != BreakKind::Level
                && of_area(found)
                && (found.from..=found.to).contains(&period)
        })
    }
}

impl Strand {
    fn known_at(&self, n: usize, last_edition: Option<u32>) -> Strand {
        let mut known = Strand {
            values: self.values[..n].to_vec(),
            exposure: self.exposure.as_ref().map(|all| all[..n].to_vec()),
            published: Vec::new(),
            ..self.clone()
        };
        let Some(last) = last_edition.filter(|_| !self.published.is_empty()) else {
            return known;
        };
        known.values.fill(f64::NAN);
        if let Some(exposure) = &mut known.exposure {
            exposure.fill(f64::NAN);
        }
        let was_out = |figure: &&Published| figure.period < n && figure.edition <= last;
        // Later editions follow earlier ones, so the last that was out stands.
        for figure in self.published.iter().filter(was_out) {
            known.values[figure.period] = figure.value;
            if let Some(exposure) = &mut known.exposure {
                exposure[figure.period] = figure.exposure;
            }
            known.published.push(*figure);
        }
        known
    }
}

/// Whether every value that is recorded is a whole number.
pub(super) fn are_whole<'a>(values: impl Iterator<Item = &'a f64>) -> bool {
    let mut recorded = values.filter(|value| !value.is_nan());
    recorded.all(|value| value.fract() == 0.0)
}

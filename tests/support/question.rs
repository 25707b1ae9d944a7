//! A small question written as files, and its answer: the way in for tests that go the public path.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use needscast::compile::{Plan, compile};
use needscast::diagnostic::render;
use needscast::document;
use needscast::draw::draw;
use needscast::simulate::{Trajectories, simulate};
use needscast::summarise::reported_areas;

/// The files of a question, by path: a model, a profile and a scenario.
#[derive(Clone)]
pub struct Question {
    files: BTreeMap<String, String>,
    n_draws: usize,
    years: usize,
    areas: Vec<String>,
    options: String,
}

/// Every question's seed, moved by `FRESH_SEED` when that is set.
const SEED: u64 = 20_251_121;

const HEAD: &str = r#"
title        = "A question"
history_from = "2024-04"
[strata]
sexes  = ["people"]
ages   = [{ id = "all", from = 16 }]
priors = [{ id = "any", from = 0 }]
"#;

/// Where the files of the tiny model stand, and where they are put.
const TINY: [(&str, &str); 11] = [
    ("scenario.toml", "scenario.toml"),
    ("model.toml", "model/model.toml"),
    ("services.toml", "model/services.toml"),
    ("outcomes.toml", "model/outcomes.toml"),
    ("costs.toml", "model/costs.toml"),
    ("rules.toml", "model/rules.toml"),
    ("deflators.csv", "model/deflators.csv"),
    ("parameters/tiny.csv", "model/parameters/numbers.csv"),
    ("profile/areas.csv", "profile/areas.csv"),
    ("profile/population.csv", "profile/population.csv"),
    ("profile/recorded.csv", "profile/recorded.csv"),
];

const COLUMNS: &str = "id,area,sex,age,priors,from,value,unit,period,source,grade";

impl Question {
    /// A model of these states (and anything else that `model.toml` may say but its head) with one stratum and one area
    /// of 1,000 people.
    pub fn new(states: &str) -> Question {
        let mut question = Question {
            files: BTreeMap::new(),
            n_draws: 1,
            years: 1,
            areas: Vec::new(),
            options: String::new(),
        };
        question.put("model/model.toml", &format!("{HEAD}{states}"));
        for name in ["outcomes", "services", "costs", "rules"] {
            question.put(&format!("model/{name}.toml"), "");
        }
        question.put("model/parameters/numbers.csv", &format!("{COLUMNS}\n"));
        question
            .areas(&["Shire"])
            .rows("everyone,,,,any,,1,share,2024,a test,judgement")
    }

    /// The tiny textbook model, with its own scenario.
    pub fn tiny() -> Question {
        let mut question = Question::new("");
        question.files.clear();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny");
        for (from, to) in TINY {
            let text = fs::read_to_string(folder.join(from)).unwrap();
            question.put(to, &text.replace("\"textbook/tiny\"", "\"./model\""));
        }
        question
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> &str {
        &self.files[path]
    }

    /// With one place of a file written otherwise.
    pub fn edit(self, path: &str, from: &str, to: &str) -> Question {
        let text = self.text(path);
        assert_eq!(
            text.matches(from).count(),
            1,
            "{from:?} stands once in {path}"
        );
        let text = text.replace(from, to);
        self.file(path, &text)
    }

    /// With more text at the end of a file.
    pub fn more(self, path: &str, text: &str) -> Question {
        let text = format!("{}{text}", self.text(path));
        self.file(path, &text)
    }

    fn put(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.to_owned());
    }

    /// A file of the folder in place of what the question has there.
    pub fn file(mut self, path: &str, text: &str) -> Question {
        self.put(path, text);
        self
    }

    /// A parameter with one fixed value.
    pub fn number(self, id: &str, value: f64, unit: &str) -> Question {
        self.rows(&format!("{id},,,,,,{value},{unit},2024,a test,judgement"))
    }

    /// Rows of a parameter table: `id,area,sex,age,priors,from,value,unit,period,source,grade`.
    pub fn rows(mut self, rows: &str) -> Question {
        let table = self.files.get_mut("model/parameters/numbers.csv").unwrap();
        table.push_str(rows);
        table.push('\n');
        self
    }

    /// A measure that is reported by month; `counts` is its stock, its entries, its moves or its departures.
    pub fn measure(mut self, id: &str, counts: &str) -> Question {
        let table = self.files.get_mut("model/outcomes.toml").unwrap();
        table.push_str(&format!(
            "[[measure]]\nid = \"{id}\"\ntitle = \"{id}\"\nunit = \"people\"\nmonthly = true\n{counts}\n"
        ));
        self
    }

    /// The services.
    pub fn services(self, text: &str) -> Question {
        self.file("model/services.toml", text)
    }

    /// The areas, with 1,000 people each.
    pub fn areas(mut self, names: &[&str]) -> Question {
        self.areas = names.iter().map(|name| (*name).to_owned()).collect();
        let rows = |row: &dyn Fn(&str) -> String| names.iter().map(|name| row(name)).collect();
        let areas: String = rows(&|name| format!("{name},{name},\n"));
        let people: String = rows(&|name| {
            let years = 2024..=2040;
            years
                .map(|year| format!("{name},{year},people,16,,1000,projection\n"))
                .collect()
        });
        self.put(
            "profile/areas.csv",
            &format!("area_code,area_name,aliases\n{areas}"),
        );
        self.put(
            "profile/population.csv",
            &format!("area_code,year,sex,age_from,age_to,population,status\n{people}"),
        );
        self
    }

    /// How many draws beside row 0.
    pub fn draws(mut self, n_draws: usize) -> Question {
        self.n_draws = n_draws;
        self
    }

    /// How many years from 2024-04.
    pub fn years(mut self, years: usize) -> Question {
        self.years = years;
        self
    }

    /// The options, as the scenario says them.
    pub fn options(mut self, text: &str) -> Question {
        self.options = text.to_owned();
        self
    }

    /// What the files come to.
    pub fn plan(&self) -> Plan {
        let folder = tempfile::tempdir().expect("a temporary folder");
        self.write_to(folder.path());
        plan_of(&folder.path().join("scenario.toml"))
    }

    /// Writes the files to a folder.
    pub fn write_to(&self, folder: &Path) {
        let names: Vec<String> = self.areas.iter().map(|name| format!("{name:?}")).collect();
        let scenario = format!(
            "title = \"A question\"\nmodel = \"./model\"\nprofile = \"./profile\"\nareas = [{}]\nstart = \"2024-04\"\n\
             years = {}\ndraws = {}\nseed = {}\nprice_year = \"2024-25\"\n{}\n[disclosure]\noff = \"made-up figures, of few people too\"\n",
            names.join(", "),
            self.years,
            self.n_draws,
            SEED + fresh_seed(),
            self.options
        );
        for (path, text) in &self.files {
            write(folder, path, text);
        }
        if !self.files.contains_key("scenario.toml") {
            write(folder, "scenario.toml", &scenario);
        }
    }

    /// The answer.
    pub fn answer(&self) -> Answer {
        Answer::of(self.plan())
    }
}

/// What the scenario at a path comes to.
pub fn plan_of(scenario: &Path) -> Plan {
    let documents = document::read(scenario).unwrap_or_else(|faults| panic!("{}", render(&faults)));
    compile(&documents).unwrap_or_else(|faults| panic!("{}", render(&faults)))
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The number by which `FRESH_SEED` moves every seed: a failure is run again under ten of them before any code is
/// touched, and a test that passes under most is then known to have been unlucky.
pub fn fresh_seed() -> u64 {
    std::env::var("FRESH_SEED").map_or(0, |text| {
        1000 * text.parse::<u64>().expect("a whole number")
    })
}

/// Trajectories that can be asked by name.
pub struct Answer {
    /// What was asked.
    pub plan: Plan,
    /// What happened.
    pub out: Trajectories,
    /// Whose numbers are asked for.
    pub option: usize,
}

impl Answer {
    /// Of a plan.
    pub fn of(plan: Plan) -> Answer {
        let out = simulate(&plan, &draw(&plan), &|| {});
        Answer {
            plan,
            out,
            option: 0,
        }
    }

    /// The rows of the draws, without row 0.
    pub fn draws(&self) -> std::ops::Range<usize> {
        1..self.out.rows.len()
    }

    /// The number of a series in a month of the forecast: the stock at its end, or the flow of it.
    pub fn month(
        &self,
        row: usize,
        area: usize,
        (measure, breakdown): (&str, &str),
        month: usize,
    ) -> f64 {
        let layout = &self.out.layout;
        let series = layout
            .series
            .iter()
            .position(|s| s.is_monthly && s.measure == measure && s.breakdown == breakdown)
            .unwrap_or_else(|| panic!("no monthly series {measure} {breakdown}"));
        assert!(month < layout.months.len(), "{month} is beyond the run");
        f64::from(self.out.rows[row].values[layout.at(self.option, area, series, month)])
    }

    /// The number of a series in a year.
    pub fn year(
        &self,
        row: usize,
        area: usize,
        (measure, breakdown): (&str, &str),
        year: usize,
    ) -> f64 {
        let layout = &self.out.layout;
        let series = layout
            .find(measure, breakdown)
            .unwrap_or_else(|| panic!("no series {measure} {breakdown}"));
        f64::from(self.out.rows[row].values[layout.at(self.option, area, series, year)])
    }

    /// Every number of the draws and of row 0 to the bit, under a name that tells neither its place nor its neighbours.
    pub fn numbers(&self) -> BTreeMap<String, u32> {
        let layout = &self.out.layout;
        let mut numbers = BTreeMap::new();
        for (option, described) in self.plan.options.iter().enumerate() {
            for (area, place) in reported_areas(&self.plan).into_iter().enumerate() {
                for (index, series) in layout.series.iter().enumerate() {
                    for period in 0..series.n_periods {
                        let name = format!(
                            "{} {} {} {} {}",
                            described.id,
                            place.code,
                            series.measure,
                            series.breakdown,
                            layout.period_name(index, period)
                        );
                        for (row, values) in self.out.rows.iter().enumerate() {
                            let value = values.values[layout.at(option, area, index, period)];
                            numbers.insert(format!("{name} in row {row}"), value.to_bits());
                        }
                    }
                }
            }
        }
        numbers
    }

    /// How often each count 0, 1, 2 … was seen; the last cell takes everything above.
    pub fn tally(&self, n_cells: usize, count: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut cells = vec![0.0; n_cells];
        for row in self.draws() {
            cells[(count(row).round() as usize).min(n_cells - 1)] += 1.0;
        }
        cells
    }

    /// Counts by month, summed over the draws.
    pub fn by_month(&self, n_months: usize, count: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        (0..n_months)
            .map(|month| self.draws().map(|row| count(row, month)).sum())
            .collect()
    }
}

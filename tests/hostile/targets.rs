//! The readers, each with files that it takes and what becomes of a spoilt one.

use std::collections::BTreeSet;
use std::path::Path;

use needscast::diagnostic::{Diagnostic, render};
use needscast::{compile, document};

use super::words::files;
use super::{books, parts};

/// Files that stand together in a folder, and which of them may be spoilt.
pub struct Base {
    pub files: Vec<(String, Vec<u8>)>,
    pub spoilt: Vec<usize>,
    /// Whether it takes much longer to read than the other bases, and is spoilt once in a while.
    pub is_rare: bool,
}

impl Base {
    fn new(files: Vec<(String, Vec<u8>)>, is_spoilt: impl Fn(&str) -> bool) -> Base {
        let spoilt = files.iter().enumerate();
        let spoilt = spoilt.filter(|(_, (name, _))| is_spoilt(name));
        Base {
            spoilt: spoilt.map(|(index, _)| index).collect(),
            files,
            is_rare: false,
        }
    }

    pub fn rare(self) -> Base {
        Base {
            is_rare: true,
            ..self
        }
    }

    fn of(files: &[(&str, &str)], is_spoilt: impl Fn(&str) -> bool) -> Base {
        let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), text.as_bytes().to_vec());
        Base::new(files.iter().map(owned).collect(), is_spoilt)
    }
}

/// Workbooks that are faulty before they are spoilt would try little of what follows from them.
#[test]
fn whole_workbooks_are_sound() {
    for base in books::bases(queue, tiny) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &base.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        assert_eq!(read_scenario(folder.path()), Ok(()));
    }
}

/// What a reader said of a folder: nothing, or its faults.
pub type Verdict = Result<(), Vec<Diagnostic>>;

/// How files become wrong ones.
pub enum Spoiling {
    Text,
    Bytes,
    Archives,
}

/// One reader.
pub struct Target {
    pub name: &'static str,
    pub bases: fn() -> Vec<Base>,
    pub read: fn(&Path) -> Verdict,
    pub spoiling: Spoiling,
}

const fn of_text(
    name: &'static str,
    bases: fn() -> Vec<Base>,
    read: fn(&Path) -> Verdict,
) -> Target {
    Target {
        name,
        bases,
        read,
        spoiling: Spoiling::Text,
    }
}

/// Every reader. One more is one line more here, and a test in `main.rs`.
pub const TARGETS: [Target; 12] = [
    of_text("scenario", scenarios, read_scenario),
    of_text("model", models, read_scenario),
    of_text("rules", rules, read_scenario),
    of_text("parameters", parameters, read_scenario),
    of_text("profile", profiles, read_scenario),
    of_text("draws", draws, read_draws),
    of_text("scores", scores, read_scores),
    of_text("coalitions", coalitions, read_coalitions),
    of_text("series", series, read_series),
    of_text("jobs", jobs, read_jobs),
    Target {
        name: "shards",
        bases: parts::bases,
        read: parts::read,
        spoiling: Spoiling::Bytes,
    },
    Target {
        name: "workbook",
        bases: || books::bases(queue, tiny),
        read: read_scenario,
        spoiling: Spoiling::Archives,
    },
];

/// Of the textbook models the one that takes ten times as long to read as the others: a band for each year of age.
const LONG: &str = "sick-sicker";

/// The textbook models, each with its scenario beside it, spoilt in some files.
fn textbooks(is_spoilt: fn(&str) -> bool) -> Vec<Base> {
    let names = [
        "tiny",
        "queue",
        "hiv",
        "length-of-stay",
        "dated-lever",
        "wear",
        LONG,
    ];
    let base = |name: &&str| {
        let all = files(&format!("models/textbook/{name}"), &[".toml", ".csv"]);
        let moved = all.into_iter().map(|(path, bytes)| {
            let is_beside = path == "scenario.toml" || path.starts_with("profile/");
            let folder = if is_beside {
                String::new()
            } else {
                format!("models/textbook/{name}/")
            };
            (folder + &path, bytes)
        });
        let mut moved: Vec<(String, Vec<u8>)> = moved.collect();
        // A scenario without a profile means all of Scotland, which takes a hundred times as long to read.
        let beside = moved.iter().filter_map(|(path, bytes)| {
            let name = path.strip_prefix("profile/")?;
            Some((format!("profiles/scotland/{name}"), bytes.clone()))
        });
        let beside: Vec<_> = beside.collect();
        moved.extend(beside);
        let base = Base::new(moved, is_spoilt);
        if *name == LONG { base.rare() } else { base }
    };
    names.iter().map(base).collect()
}

fn is_scenario(path: &str) -> bool {
    path == "scenario.toml"
}

fn tiny() -> Base {
    textbooks(is_scenario).swap_remove(0)
}

/// The shortest of the models.
fn queue() -> Base {
    textbooks(is_scenario).swap_remove(1)
}

/// The shipped questions too, asked of the tiny model: most of what they name is then unknown, and their shape is not.
fn scenarios() -> Vec<Base> {
    let mut all = textbooks(is_scenario);
    for (_, bytes) in files("scenarios", &[".toml"]) {
        let text = String::from_utf8(bytes).unwrap();
        let mut base = tiny();
        let text = text.replace("\"scotland\"", "\"textbook/tiny\"\nprofile = \"./profile\"");
        let place = base.spoilt[0];
        base.files[place].1 = text.into_bytes();
        all.push(base.rare());
    }
    all
}

fn models() -> Vec<Base> {
    textbooks(|path| path.ends_with(".toml") && !is_scenario(path) && !path.ends_with("rules.toml"))
}

/// The Scottish duties are too long for the rate; their first tables are as good. They stand beside the shortest model,
/// and once in a while beside the tiny one.
fn rules() -> Vec<Base> {
    let mut all = textbooks(|path| path.ends_with("rules.toml"));
    let scottish = files("models/scotland", &["rules.toml"]).swap_remove(0).1;
    let text = String::from_utf8(scottish).unwrap();
    for kind in ["[[framework]]", "[[outcome]]", "[[duty]]"] {
        let tables: Vec<&str> = text
            .split("\n\n")
            .filter(|part| part.contains(kind))
            .take(4)
            .collect();
        let longer = |index: usize| {
            let mut base = textbooks(|path| path.ends_with("rules.toml")).swap_remove(index);
            let place = base.spoilt[0];
            let tables = format!("\n{}\n", tables.join("\n\n"));
            base.files[place].1.extend(tables.bytes());
            base
        };
        all.extend([longer(1), longer(0).rare()]);
    }
    all
}

fn parameters() -> Vec<Base> {
    textbooks(|path| path.contains("parameters/") || path.ends_with("deflators.csv"))
}

fn profiles() -> Vec<Base> {
    let mut all = textbooks(|path| path.starts_with("profile/"));
    let breaks = "series,area_code,from,to,kind,reason,source\nprison_population,,2020-21,2020-21,disrupted,a fire,a paper\nprison_population,T01,2022-23,,level,another count,a paper\n";
    let base = &mut all[0];
    base.spoilt.push(base.files.len());
    base.files
        .push(("profile/breaks.csv".to_owned(), breaks.into()));
    all
}

fn told(faults: Vec<Diagnostic>) -> Verdict {
    assert!(!faults.is_empty(), "refused, and nothing is said");
    assert!(!render(&faults).is_empty());
    Err(faults)
}

fn read_scenario(folder: &Path) -> Verdict {
    let documents = document::read(&folder.join("scenario.toml"))
        .or_else(|f| told(f).map(|()| unreachable!()))?;
    match compile::compile(&documents) {
        Err(faults) => told(faults),
        // A Plan cannot be wrong: its numbers can be drawn, and be read again from the edited text.
        Ok(plan) => {
            if plan.cells.len() < 2000 {
                needscast::draw::draw_rows(&plan, vec![0, 1]);
            }
            Ok(())
        }
    }
}

fn draws() -> Vec<Base> {
    let table = "option,draw,cost,outcome,rate\nnow,1,100,10,0.1\nnow,2,110,11,0.2\nmore,1,150,14,0.1\nmore,2,160,13,0.2\nless,1,80,9,0.1\nless,2,85,9.5,0.2\n";
    let streams = "option,draw,year,cost,outcome,rate\nnow,1,0,100,10,0.1\nnow,1,1,100,10,0.1\nmore,1,0,150,14,0.3\nmore,1,1,150,15,0.3\n";
    let all = [table, streams];
    all.map(|text| Base::of(&[("draws.csv", text)], |_| true))
        .into()
}

fn read_draws(folder: &Path) -> Verdict {
    let path = folder.join("draws.csv");
    // One of the two things that may be asked of a table, as good as drawn by its length.
    let (parameters, needs_years) = match std::fs::metadata(&path).is_ok_and(|f| f.len() % 2 == 0) {
        true => (vec![], false),
        false => (vec!["rate".to_owned()], true),
    };
    let read = document::drawn(&path, "outcome", &parameters, needs_years);
    let read = read.and_then(|table| compile::alternatives(&table, None));
    read.map(drop).or_else(told)
}

fn scores() -> Vec<Base> {
    let weights = "criterion,weight,title,direction,low,high,points\nreach,0.6,Reach,higher,0,100,\nspeed,0.4,Speed,lower,0,30,\n";
    let curve = "criterion,weight,points\nreach,50,0:0 50:80 100:100\nspeed,50,0:100 30:0\n";
    let long = "option,criterion,value\nnow,reach,10\nnow,speed,20\nmore,reach,80\nmore,speed,12\nnow,cost,5\nmore,cost,6\n";
    let wide = "option,reach,speed,cost\nnow,10,20,100\nmore,80,12,150\n";
    let pairs = [(long, weights), (wide, weights), (wide, curve)];
    pairs
        .map(|(s, w)| Base::of(&[("scores.csv", s), ("weights.csv", w)], |_| true))
        .into()
}

fn read_scores(folder: &Path) -> Verdict {
    let tables = document::scored(&folder.join("scores.csv"), &folder.join("weights.csv"));
    let read = tables.and_then(|tables| {
        compile::scores(&tables, true).and_then(|_| compile::scores(&tables, false))
    });
    read.map(drop).or_else(told)
}

fn coalitions() -> Vec<Base> {
    let costs = "members,cost,note\nA,10,\nB,12,\nC,8,alone\nA+B,18,\nA+C,15,\nB+C,17,\nA+B+C,24,\"all, together\"\n";
    let weights = "partner,people,need,title\nA,1000,5,The first\nB,2000,7,\nC,500,2,\n";
    vec![Base::of(
        &[("costs.csv", costs), ("weights.csv", weights)],
        |_| true,
    )]
}

fn read_coalitions(folder: &Path) -> Verdict {
    let weights = folder.join("weights.csv");
    let tables = document::coalitions(&folder.join("costs.csv"), Some(&weights));
    let read = tables.and_then(|tables| compile::coalitions(&tables, &["shapley", "equal"]));
    read.map(drop).or_else(told)
}

/// The first rows of each shipped series, with what has broken them: a few, or many.
fn series() -> Vec<Base> {
    let breaks = files("profiles/scotland", &["breaks.csv"]).swap_remove(0).1;
    let endings = [
        "history/prison_population_months.csv",
        "history/reconviction.csv",
        "history/social_work.csv",
        "prison_arrivals.csv",
        "national.csv",
    ];
    let all = files("profiles/scotland", &endings);
    let first = |n: usize, bytes: &[u8]| {
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').take(n).collect();
        lines.join(&b'\n')
    };
    let base = |n_rows: usize, n_breaks: usize, bytes: &[u8]| {
        let files = vec![
            ("series.csv".to_owned(), first(n_rows, bytes)),
            ("breaks.csv".to_owned(), first(n_breaks, &breaks)),
        ];
        Base::new(files, |_| true)
    };
    let short = all.iter().map(|(_, bytes)| base(8, 4, bytes));
    let long = all.iter().map(|(_, bytes)| base(20, 20, bytes).rare());
    short.chain(long).collect()
}

fn read_series(folder: &Path) -> Verdict {
    let breaks = folder.join("breaks.csv");
    let mut verdict = Ok(());
    for by in [vec![], vec!["breakdown".to_owned()]] {
        let read = document::read_series(&folder.join("series.csv"), &by, Some(&breaks));
        if let Err(faults) = read.and_then(|file| compile::compile_series(&file)) {
            verdict = told(faults);
        }
    }
    verdict
}

/// What jobs are described by: a suite with its projections, the history of a suite, a sweep with its scenario.
fn jobs() -> Vec<Base> {
    let text = |path: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(root.join(path)).unwrap()
    };
    let sweep = "title = \"A sweep\"\nscenario = \"scenario.toml\"\nmeasures = [\"needs_met\", \"starts;service=homes\"]\n\n[[axis]]\ntitle = \"Places\"\nset = \"option.shared.change.1.places.set\"\nvalues = [20, 36, 50]\n\n[[axis]]\ntitle = \"Seed\"\nset = \"seed\"\nvalues = [1, 2]\n";
    let cases = "scenario = \"scenario.toml\"\n[[case]]\ntitle = \"few\"\nset = { \"option.shared.change.1.places.set\" = 10, seed = 2 }\n[[case]]\ntitle = \"short\"\nset = { years = 3 }\n";
    let suite = text("profiles/scotland/suite.toml");
    let projections = text("profiles/scotland/projections.csv");
    let history = text("benchmark-history.csv");
    let scenario = text("models/textbook/tiny/scenario.toml");
    let of_sweep = |sweep: &str| {
        let files = [("sweep.toml", sweep), ("scenario.toml", scenario.as_str())];
        Base::of(&files, |path| path != "scenario.toml")
    };
    let of_suite = [
        ("suite.toml", suite.as_str()),
        ("projections.csv", &projections),
    ];
    vec![
        Base::of(&of_suite, |_| true),
        Base::of(&[("history.csv", &history)], |_| true),
        of_sweep(sweep),
        of_sweep(cases),
    ]
}

fn read_jobs(folder: &Path) -> Verdict {
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    if let Some(suite) = there("suite.toml") {
        return document::read_suite(&suite).map(drop).or_else(told);
    }
    if let Some(history) = there("history.csv") {
        return document::read_history(&history).map(drop).or_else(told);
    }
    let mut verdict = Ok(());
    let sweep = match document::read_sweep(&folder.join("sweep.toml")) {
        Ok(sweep) => sweep,
        Err(faults) => return told(faults),
    };
    let axes = sweep.axes.iter().flat_map(|axis| {
        let edit = |value: &document::Spanned<String>| document::Edit {
            path: axis.set.clone(),
            value: value.value.clone(),
        };
        axis.values.iter().take(3).map(edit).collect::<Vec<_>>()
    });
    for edit in axes.take(6) {
        let edited = document::read_edited(&sweep.scenario, &[edit], &sweep.sources);
        if let Err(faults) = edited {
            verdict = told(faults);
        }
    }
    verdict
}

/// The kinds of things that were said: code and message, without what varies.
pub fn kinds(faults: &[Diagnostic]) -> BTreeSet<String> {
    let kind = |fault: &Diagnostic| {
        let mut kind = fault.code.to_owned();
        let said = [Some(fault.message.as_str()), fault.expected.as_deref()];
        for text in said.into_iter().flatten() {
            for part in text.split('`').step_by(2) {
                kind.extend(part.chars().filter(|c| !c.is_ascii_digit()));
            }
        }
        kind
    };
    faults.iter().map(kind).collect()
}

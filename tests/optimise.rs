//! Places for a budget: the best mix of a small model is found, Tayside's is no worse than a grid's, and the command
//! says what is wrong with a question that only a run can judge.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use needscast::appraise::mix::{Mixed, Sample, live, optimise};
use needscast::compile::{Mixing, Plan, compile};
use needscast::diagnostic::render;
use needscast::document;
use needscast::draw::{Draws, draw};
use serde_json::Value;

use crate::laws::shipped;

/// A second service for the other need, cheaper and shorter, and one that nobody takes up.
const MORE_SERVICES: &str = r#"
[[service]]
id           = "clinic"
title        = "A clinic"
need         = "health"
refers_on    = ["at_liberty"]
stays_in     = ["at_liberty"]
uptake       = ["clinic_uptake"]
patience     = ["homes_patience"]
support      = { geometric = ["clinic_length"] }
meets_need   = ["homes_meets_need"]
places       = ["homes_places"]

[[service]]
id        = "unused"
title     = "A service that nobody takes up"
need      = "health"
refers_on = ["at_liberty"]
stays_in  = ["at_liberty"]
uptake    = ["nobody"]
patience  = ["homes_patience"]
support   = { geometric = ["clinic_length"] }
places    = ["homes_places"]
"#;

const MORE_COSTS: &str = r#"
[[cost]]
id        = "clinic"
title     = "Places in the clinic"
payer     = "council"
measure   = "places"
breakdown = "service=clinic"
unit_cost = ["clinic_cost"]
cashable  = true

[[cost]]
id        = "unused"
title     = "Help that nobody takes up"
payer     = "council"
measure   = "starts"
breakdown = "service=unused"
unit_cost = ["unused_cost"]
cashable  = true
"#;

const MORE_ROWS: &str = "\
clinic_uptake,,,,,,0.8,,,,,,share,2023-24,a textbook,judgement,
clinic_length,,,,,,3,2,4.5,,,,months,2023-24,a textbook,judgement,
nobody,,,,,,0,,,,,,share,2023-24,a textbook,judgement,
clinic_cost,,,,,,3000,2000,4500,,,,GBP per place-year,2024-25,a textbook,judgement,
unused_cost,,,,,,100,,,,,,GBP per start,2024-25,a textbook,judgement,
";

/// The tiny model with these services, in a folder of its own, and a scenario that asks for places.
struct Small {
    folder: tempfile::TempDir,
}

impl Small {
    fn new(budget: &str, places: &str) -> Small {
        let folder = tempfile::tempdir().unwrap();
        let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/textbook/tiny");
        copy(&tiny, &folder.path().join("model"));
        copy(&tiny.join("profile"), &folder.path().join("profile"));
        let add = |file: &str, more: &str| {
            let path = folder.path().join("model").join(file);
            let text = fs::read_to_string(&path).unwrap();
            fs::write(path, text + more).unwrap();
        };
        add("services.toml", MORE_SERVICES);
        add("costs.toml", MORE_COSTS);
        add("parameters/tiny.csv", MORE_ROWS);
        let scenario = format!(
            "title = \"Two shires\"\nmodel = \"./model\"\nprofile = \"./profile\"\nareas = \"all\"\nstart = \"2025-04\"\nyears = 2\ndraws = 24\nseed = 7\nprice_year = \"2024-25\"\n[optimise]\noutcome = \"needs_met\"\nbudget = {{ {budget}, price_year = \"2024-25\", source = \"a plan\" }}\n{places}"
        );
        fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
        Small { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("scenario.toml")
    }

    fn plan(&self) -> Plan {
        let documents = document::read(&self.path());
        let plan = documents.and_then(|documents| compile(&documents));
        plan.unwrap_or_else(|faults| panic!("{}", render(&faults)))
    }

    fn optimise(&self, more: &[&str]) -> Output {
        let out = self.folder.path().join("out");
        let scenario = self.path();
        let named = [
            "optimise",
            scenario.to_str().unwrap(),
            "--out",
            out.to_str().unwrap(),
        ];
        needscast(&[&named, more].concat())
    }
}

fn needscast(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_needscast"));
    let command = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments);
    command.output().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => {
                fs::copy(&path, target).unwrap();
            }
        }
    }
}

const BOUNDS: &str = "\
[[optimise.places]]
service = \"homes\"
most = 5
source = \"a plan\"
[[optimise.places]]
service = \"clinic\"
most = 5
source = \"a plan\"
[[optimise.places]]
service = \"unused\"
most = 2
source = \"a plan\"
";

fn found(plan: &Plan) -> (Mixing, Draws, Mixed) {
    let (mixing, draws) = (plan.mixing.clone().unwrap(), draw(plan));
    let mixed = optimise(plan, &mixing, &draws, &|_| {}).unwrap_or_else(|f| panic!("{f:?}"));
    (mixing, draws, mixed)
}

fn mean(samples: &[Sample], of: impl Fn(&Sample) -> f64) -> f64 {
    samples.iter().map(of).sum::<f64>() / samples.len() as f64
}

/// The best of all 1,296 mixes of two services in two areas, in the draws that mixes are chosen by; and the service that
/// nobody takes up, whose places cost nothing, has none.
#[test]
fn the_best_of_every_mix_there_is_is_found() {
    let plan = Small::new("gbp = 40000, per = \"year\"", BOUNDS).plan();
    let (mixing, draws, mixed) = found(&plan);
    let choice = &mixed.mixes[mixed.choice];
    assert_eq!(choice.places[4..], [0, 0]);
    let four = |n: u32| [n % 6, n / 6 % 6, n / 36 % 6, n / 216, 0, 0].to_vec();
    let all: Vec<Vec<u32>> = (0..1296).map(four).collect();
    let lived = live(&plan, &mixing, &draws, (&all, &mixed.chosen_by));
    let budget = mixing.budget.pounds * mixed.present_value;
    let within = all
        .iter()
        .zip(&lived)
        .filter(|(_, s)| mean(s, |s| s.cost) <= budget * (1.0 + 1e-9));
    let best = within.max_by(|a, b| mean(a.1, |s| s.gain).total_cmp(&mean(b.1, |s| s.gain)));
    let (places, best) = best.unwrap();
    let own = &lived[all.iter().position(|mix| *mix == choice.places).unwrap()];
    let (own, best) = (mean(own, |s| s.gain), mean(best, |s| s.gain));
    assert!(
        (best - own).abs() < 1e-9,
        "{:?} gains {own}, {places:?} {best}",
        choice.places
    );
    assert!(
        mixed.mixes.len() < 300,
        "{} mixes were tried",
        mixed.mixes.len()
    );
}

/// Numbers of levels of the four services: as even as can be, and no more mixes than these.
fn levels(n_mixes: usize) -> [u32; 4] {
    let mut levels = [1_u32; 4];
    loop {
        let at = (0..4).min_by_key(|at| levels[*at]).unwrap_or(0);
        let mut more = levels;
        more[at] += 1;
        if more.iter().product::<u32>() as usize > n_mixes {
            return levels;
        }
        levels = more;
    }
}

/// On Tayside (four services in three areas, over two years instead of ten) the choice is no worse than the best of a
/// grid, a number of levels for each service in all areas, and than the best of mixes at random: each of the three found
/// with as many lives, by the same 48 draws, within the same budget by the same measure. They meet in 120 draws that
/// nothing was chosen by, where ours must gain as much or more: with a fixed seed that is a yes or a no. A search that
/// gains less by 2.3 standard errors of those draws is caught with a probability of 99%; the failure states the errors.
#[test]
fn tayside_is_no_worse_than_a_grid_or_chance_with_as_many_lives() {
    let mut plan = shipped("tayside-mix", 216);
    plan.end = plan.start.plus(24);
    let all = draw(&plan);
    plan.n_draws = 96;
    let (mixing, _, mixed) = found(&plan);
    let chosen_by = mixed.chosen_by.clone();
    let others: Vec<usize> = (97..=216).collect();
    let n_mixes = mixed.n_lives / chosen_by.len();
    let levels = levels(n_mixes);
    let on_grid = |mut n: u32| -> Vec<u32> {
        let at = levels.map(|of| {
            let level = n % of;
            n /= of;
            level
        });
        let places = mixing.sites.iter().map(|site| match levels[site.service] {
            1 => site.most / 2,
            of => site.most * at[site.service] / (of - 1),
        });
        places.collect()
    };
    let grid: Vec<Vec<u32>> = (0..levels.iter().product()).map(on_grid).collect();
    let key = needscast::random::Key::new(5);
    let at_random = |n: usize| -> Vec<u32> {
        let of = |site: usize| {
            let most = f64::from(mixing.sites[site].most + 1);
            (key.with(n as u64).with(site as u64).uniform() * most) as u32
        };
        (0..mixing.sites.len()).map(of).collect()
    };
    let random: Vec<Vec<u32>> = (0..n_mixes).map(at_random).collect();
    let budget = mixing.budget.pounds * mixed.present_value;
    let mut told = Vec::new();
    for (name, mixes) in [("grid", grid), ("chance", random)] {
        let lived = live(&plan, &mixing, &all, (&mixes, &chosen_by));
        let cost = |mix: &usize| mean(&lived[*mix], |s| s.cost) * mixed.cost_scale;
        let within = (0..mixes.len()).filter(|mix| cost(mix) <= budget);
        let best = within
            .max_by(|a, b| mean(&lived[*a], |s| s.gain).total_cmp(&mean(&lived[*b], |s| s.gain)));
        let best = mixes[best.expect("a mix within the budget")].clone();
        let pair = [mixed.mixes[mixed.choice].places.clone(), best];
        let lived = live(&plan, &mixing, &all, (&pair, &others));
        let less: Vec<f64> = (lived[0].iter().zip(&lived[1]))
            .map(|(ours, theirs)| ours.gain - theirs.gain)
            .collect();
        let n = less.len() as f64;
        let middle = less.iter().sum::<f64>() / n;
        let squares: f64 = less.iter().map(|l| (l - middle).powi(2)).sum();
        let error = (squares / (n - 1.0) / n).sqrt();
        let costs = [0, 1].map(|mix: usize| mean(&lived[mix], |s| s.cost) / budget);
        let words = format!(
            "{name} of {}: ours gains {middle:.1} more (error {error:.1}) of {:.0}, for {costs:.3?} of the budget",
            mixes.len(),
            mean(&lived[0], |s| s.gain)
        );
        told.push((middle / error, words));
    }
    let worst = told.iter().map(|(z, _)| *z).fold(f64::INFINITY, f64::min);
    eprintln!("{told:#?}");
    assert!(worst >= 0.0, "{told:#?}");
}

/// What the next £10,000 bring is never scaled up more than twice: where less can be bought, or too few draws use it, it
/// is said so, and what can be bought is told as it is.
#[test]
fn little_is_never_scaled_up_to_the_next_ten_thousand() {
    let small = Small::new("gbp = 40000, per = \"year\"", BOUNDS);
    let output = small.optimise(&["--draws", "16", "--format", "json"]);
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let margins = answer["next_pounds"].as_array().unwrap();
    let (mut n_told, mut n_little) = (0, 0);
    for margin in margins {
        let cost = margin["step_cost"].as_f64().unwrap();
        if margin["gain"]["mean"].is_number() {
            assert!(cost.abs() >= 5_000.0, "{margin}");
            n_told += 1;
        } else if margin["note"]
            .as_str()
            .unwrap()
            .starts_with("no more can be bought")
        {
            assert!(margin["gain_of_step"]["mean"].is_number(), "{margin}");
            n_little += 1;
        }
    }
    assert!(n_told > 0 && n_little + n_told >= 4, "{answer:#}");
}

#[test]
fn threads_change_no_byte_and_everything_asked_for_is_written() {
    let small = Small::new("gbp = 80000, per = \"horizon\"", BOUNDS);
    let tables = |more: &[&str]| -> (Vec<u8>, Vec<Vec<u8>>) {
        let output = small.optimise(more);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let read = |name: &str| fs::read(small.folder.path().join("out").join(name)).unwrap();
        (
            output.stdout,
            ["mixes.csv", "marginal.csv"].map(read).to_vec(),
        )
    };
    let one = tables(&["--threads", "1", "--format", "json"]);
    assert_eq!(one, tables(&["--threads", "2", "--format", "json"]));
    assert_ne!(one.1, tables(&["--seed", "8"]).1);
    let answer: Value = serde_json::from_slice(&one.0).unwrap();
    assert_eq!(answer["choice"]["places"].as_array().unwrap().len(), 6);
    assert!(answer["choice"]["cost"]["mean"].as_f64().unwrap() <= 84_000.0);
    let mixes = String::from_utf8(one.1[0].clone()).unwrap();
    assert_eq!(
        mixes.lines().count(),
        1 + answer["mixes_tried"].as_u64().unwrap() as usize
    );
    assert_eq!(mixes.matches(",choice,").count(), 1);
    let page = fs::read_to_string(small.folder.path().join("out/optimise.html")).unwrap();
    assert!(page.contains("Places chosen, and today") && !page.contains("NaN"));
}

/// The page of a small question, as the command writes it.
pub fn page() -> String {
    let small = Small::new("gbp = 40000", BOUNDS);
    let output = small.optimise(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    fs::read_to_string(small.folder.path().join("out/optimise.html")).unwrap()
}

#[test]
fn no_money_buys_nothing_and_too_much_buys_no_idle_service() {
    let none = Small::new("gbp = 0", BOUNDS).plan();
    let (_, _, mixed) = found(&none);
    assert_eq!(mixed.mixes[mixed.choice].places, [0; 6]);
    let plenty = Small::new("gbp = 1e12", BOUNDS).plan();
    let (_, _, mixed) = found(&plenty);
    assert_eq!(mixed.mixes[mixed.choice].places, [5, 5, 5, 5, 0, 0]);
}

#[test]
fn what_only_a_run_can_find_is_told_with_its_place() {
    let words = |output: Output| {
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let least = BOUNDS.replace("most = 5", "least = 3\nmost = 5");
    let poor = Small::new("gbp = 1000", &least);
    let told = words(poor.optimise(&[]));
    assert!(
        told.contains("E539") && told.contains("scenario.toml:12"),
        "{told}"
    );
    assert!(!poor.folder.path().join("out").exists());
    let told = words(Small::new("gbp = 1000", BOUNDS).optimise(&["--draws", "15"]));
    assert!(
        told.contains("E540") && told.contains("at least 16 draws"),
        "{told}"
    );
    let told = words(needscast(&["optimise", "scenarios/one-council.toml"]));
    assert!(
        told.contains("E541") && told.contains("one-council.toml"),
        "{told}"
    );
}

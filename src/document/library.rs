//! Where files are found: the folders that the user means, then the copies compiled into the program.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use include_dir::{Dir, File as BuiltIn, include_dir};

use super::source::Source;
use crate::diagnostic::{Diagnostic, Place, nearest};

static MODELS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/models");
static SCOTLAND: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/profiles/scotland");
static SCENARIOS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/scenarios");

/// The folders in which names are looked for.
#[derive(Debug, Clone)]
pub struct Library {
    /// The scenario's folder, if the scenario is a file of the user's.
    beside: PathBuf,
    roots: Vec<PathBuf>,
}

/// A folder of files, on the disk or compiled in.
#[derive(Debug, Clone)]
pub(super) enum Folder {
    Disk(PathBuf),
    BuiltIn(&'static Dir<'static>, String),
}

impl Library {
    /// The library of a scenario: its own folder, then the current folder, then the folders above the scenario.
    pub fn beside(scenario: &Path) -> Library {
        let beside = scenario.parent().map(Path::to_path_buf).unwrap_or_default();
        let mut roots = vec![beside.clone(), PathBuf::new()];
        let absolute = std::path::absolute(&beside).unwrap_or_else(|_| beside.clone());
        roots.extend(absolute.ancestors().skip(1).map(Path::to_path_buf));
        Library { beside, roots }
    }

    /// The folder of a model or profile (`kind` is `models` or `profiles`). A folder without its marker is still the one
    /// that is meant.
    pub(super) fn folder(
        &self,
        kind: &str,
        name: &str,
        marker: &str,
    ) -> Result<Folder, Box<Diagnostic>> {
        let path = Path::new(name);
        if name.starts_with('.') || path.is_absolute() {
            let candidates = [self.beside.join(path), path.to_path_buf()];
            if let Some(found) = candidates.iter().find(|c| c.join(marker).is_file()) {
                return Ok(Folder::Disk(tidy(found)));
            }
            return match candidates.iter().find(|c| c.is_dir()) {
                Some(found) => Ok(Folder::Disk(tidy(found))),
                None => Err(Box::new(self.not_found(kind, name, marker))),
            };
        }
        // The nearest folder of that name is the one that is meant, so what it lacks is not made up for elsewhere.
        let mut candidates = self.roots.iter().map(|root| root.join(kind).join(path));
        if let Some(found) = candidates.find(|c| !name.is_empty() && c.is_dir()) {
            return Ok(Folder::Disk(tidy(&found)));
        }
        let built_in = match kind {
            "models" => MODELS.get_dir(name),
            _ if name == "scotland" => Some(&SCOTLAND),
            _ => None,
        };
        let shown = format!("{kind}/{name}");
        match built_in.map(|dir| Folder::BuiltIn(dir, shown)) {
            Some(folder) if folder.has(marker) => Ok(folder),
            _ => Err(Box::new(self.not_found(kind, name, marker))),
        }
    }

    /// The bytes of a file that the scenario names: beside it, then in the current folder. Says under which name it is
    /// shown.
    pub(super) fn file(&self, name: &str) -> Result<(String, Vec<u8>), Box<Diagnostic>> {
        self.file_up_to(name, u64::MAX - 1)
    }

    /// The same, and no more of it than so many bytes and one.
    pub(super) fn file_up_to(
        &self,
        name: &str,
        most_bytes: u64,
    ) -> Result<(String, Vec<u8>), Box<Diagnostic>> {
        let candidates = [self.beside.join(name), PathBuf::from(name)].map(|path| tidy(&path));
        let found = candidates.iter().find(|path| path.exists());
        let path = found.unwrap_or(&candidates[0]);
        let shown = path.to_string_lossy().replace('\\', "/");
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| {
            let mut file = file.take(most_bytes + 1);
            file.read_to_end(&mut bytes)
        });
        match read {
            Ok(_) => Ok((shown, bytes)),
            Err(error) => Err(Box::new(unreadable(&shown, &error))),
        }
    }

    fn not_found(&self, kind: &str, name: &str, marker: &str) -> Diagnostic {
        let names = self.names(kind, marker);
        let what = kind.trim_end_matches('s');
        Diagnostic::error("E002", format!("no {what} named `{name}`"))
            .expected(format!(
                "a folder {kind}/{name} with a file {marker}, or one of {}",
                names.join(", ")
            ))
            .found("no such folder")
            .nearest(name, names.iter().map(String::as_str))
    }

    /// Names that would have been found, on the disk and compiled in.
    fn names(&self, kind: &str, marker: &str) -> Vec<String> {
        let mut names: Vec<String> = match kind {
            "models" => built_in_names(&MODELS, marker),
            _ => vec!["scotland".to_owned()],
        };
        for root in &self.roots {
            let Ok(entries) = std::fs::read_dir(root.join(kind)) else {
                continue;
            };
            let folders = entries
                .flatten()
                .filter(|e| e.path().join(marker).is_file());
            names.extend(folders.map(|e| e.file_name().to_string_lossy().into_owned()));
        }
        names.sort();
        names.dedup();
        names
    }
}

/// A file that must be there and is not.
pub(super) fn missing_file(shown: &str) -> Diagnostic {
    unreadable(shown, &std::io::Error::from(std::io::ErrorKind::NotFound))
}

/// Whether a file is one that the program brings along, to the last letter.
pub(super) fn is_shipped(source: &Source) -> bool {
    let name = source.name.trim_end_matches(" (built in)");
    let name = name.rsplit('/').next().unwrap_or(name);
    let is_it = |file: &BuiltIn<'_>| {
        // Few files have the length, so that few are compared, and few paths taken apart.
        file.contents() == source.text.as_bytes()
            && file.path().file_name().and_then(|own| own.to_str()) == Some(name)
    };
    let mut all = [&MODELS, &SCOTLAND, &SCENARIOS].into_iter();
    all.any(|dir| any_file(dir, &is_it))
}

fn any_file(dir: &'static Dir<'static>, is_it: &impl Fn(&BuiltIn<'_>) -> bool) -> bool {
    dir.files().any(is_it) || dir.dirs().any(|inner| any_file(inner, is_it))
}

/// The texts of every table that the program brings along.
pub(super) fn shipped_tables() -> Vec<&'static str> {
    let mut texts = Vec::new();
    for dir in [&MODELS, &SCOTLAND] {
        tables(dir, &mut texts);
    }
    texts
}

fn tables(dir: &'static Dir<'static>, found: &mut Vec<&'static str>) {
    let is_table = |file: &&BuiltIn<'_>| file.path().extension().is_some_and(|own| own == "csv");
    let files = dir.files().filter(is_table);
    found.extend(files.filter_map(BuiltIn::contents_utf8));
    dir.dirs().for_each(|inner| tables(inner, found));
}

fn built_in_names(dir: &Dir<'_>, marker: &str) -> Vec<String> {
    let mut names = Vec::new();
    for inner in dir.dirs() {
        if inner.files().any(|file| file.path().ends_with(marker)) {
            names.push(inner.path().to_string_lossy().into_owned());
        }
        names.extend(built_in_names(inner, marker));
    }
    names
}

/// The path as a person would write it, without `./` steps.
fn tidy(path: &Path) -> PathBuf {
    path.components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .collect()
}

/// The bytes of a scenario: a file, or a built-in one by name. Says under which name it is shown.
pub(super) fn scenario(path: &Path) -> Result<(String, Vec<u8>), Box<Diagnostic>> {
    let shown = tidy(path).to_string_lossy().into_owned();
    let error = match std::fs::read(path) {
        Ok(bytes) => return Ok((shown, bytes)),
        Err(error) => error,
    };
    let name = shown.trim_end_matches(".toml");
    let name = name.strip_prefix("scenarios/").unwrap_or(name);
    let built_in = SCENARIOS.get_file(format!("{name}.toml"));
    if let Some(file) = built_in.filter(|_| error.kind() == std::io::ErrorKind::NotFound) {
        return Ok((format!("scenarios/{name}.toml"), file.contents().to_vec()));
    }
    let names: Vec<String> = SCENARIOS
        .files()
        .filter_map(|file| Some(file.path().file_stem()?.to_string_lossy().into_owned()))
        .collect();
    let mut fault =
        unreadable(&shown, &error).expected("a scenario file, or the name of a built-in one");
    if let Some(near) = nearest(name, names.iter().map(String::as_str)) {
        fault = fault.hint(format!("did you mean the built-in scenario `{near}`?"));
    } else if !names.is_empty() {
        fault = fault.hint(format!("the built-in ones are {}", names.join(", ")));
    }
    Err(Box::new(fault))
}

pub(super) fn unreadable(shown: &str, error: &std::io::Error) -> Diagnostic {
    let found = match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "a file that may not be read".to_owned(),
        _ => error.to_string(),
    };
    let place = Place {
        file: shown.to_owned(),
        ..Place::default()
    };
    Diagnostic::error("E001", format!("cannot read `{shown}`"))
        .at(&place)
        .found(found)
}

impl Folder {
    /// Whether it holds this file.
    pub fn has(&self, relative: &str) -> bool {
        match self {
            Folder::Disk(path) => path.join(relative).is_file(),
            Folder::BuiltIn(dir, _) => dir.get_file(dir.path().join(relative)).is_some(),
        }
    }

    /// The fault of lacking the file that every folder of its kind has.
    pub fn lacks(&self, marker: &str) -> Diagnostic {
        missing_file(&self.shown(marker))
            .expected(format!("a file {marker} in this folder"))
            .hint(format!(
                "add {marker}, or rename the folder to use another one of that name"
            ))
    }

    /// The name of one of its files as shown to the user.
    pub fn shown(&self, relative: &str) -> String {
        match self {
            Folder::Disk(path) => path.join(relative).to_string_lossy().replace('\\', "/"),
            Folder::BuiltIn(_, shown) => format!("{shown}/{relative} (built in)"),
        }
    }

    /// The bytes of a file; `None` when there is no such file.
    pub fn read(&self, relative: &str) -> Option<Result<Vec<u8>, Diagnostic>> {
        if !self.has(relative) {
            return None;
        }
        Some(match self {
            Folder::Disk(path) => std::fs::read(path.join(relative))
                .map_err(|error| unreadable(&self.shown(relative), &error)),
            Folder::BuiltIn(dir, _) => Ok(dir
                .get_file(dir.path().join(relative))
                .map(|file| file.contents().to_vec())
                .unwrap_or_default()),
        })
    }

    /// The CSV files of a folder within it (`""` for itself), sorted.
    pub fn tables(&self, within: &str) -> Vec<String> {
        let names: Vec<String> = match self {
            Folder::Disk(path) => std::fs::read_dir(path.join(within))
                .map(|entries| {
                    entries
                        .flatten()
                        .map(|e| e.file_name().to_string_lossy().into_owned())
                        .collect()
                })
                .unwrap_or_default(),
            Folder::BuiltIn(dir, _) => {
                let inner = if within.is_empty() {
                    Some(*dir)
                } else {
                    dir.get_dir(dir.path().join(within))
                };
                let files = inner.into_iter().flat_map(|dir| dir.files());
                files
                    .filter_map(|file| {
                        Some(file.path().file_name()?.to_string_lossy().into_owned())
                    })
                    .collect()
            }
        };
        let is_table = |name: &String| name.ends_with(".csv") && !name.starts_with(['.', '~']);
        let mut names: Vec<String> = names.into_iter().filter(is_table).collect();
        names.sort();
        if within.is_empty() {
            return names;
        }
        names
            .into_iter()
            .map(|name| format!("{within}/{name}"))
            .collect()
    }
}

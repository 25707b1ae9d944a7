//! One target, execution by execution: what it is given, how long it may take, and what is kept when it fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Seek, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::books::spoil_archive;
use super::chance::Chance;
use super::spoil::{spoil, spoil_binary};
use super::targets::{Base, Spoiling, Target, kinds};
use super::words::Words;

/// The most memory that the process may hold for its data, of all targets together.
const MOST_BYTES: u64 = 512 << 20;

/// No file takes a reader longer than this; the slowest shipped one takes a thousandth of it.
const MOST_SECONDS: f64 = 10.0;

/// How many executions of each target `cargo test` does.
pub const OF_A_TEST: u64 = 3000;

/// The most files of either kind of base that are kept because something new was said of them.
const MOST_KEPT: usize = 2000;

/// How often a base is spoilt that takes long to read: once in so many executions.
const RARE: usize = 50;

/// How long, and from which execution on.
pub struct Wish {
    pub until: Until,
    pub from: u64,
}

pub enum Until {
    Executions(u64),
    Seconds(u64),
}

/// What became of a target.
#[derive(Debug)]
pub struct Done {
    pub executions: u64,
    pub seconds: f64,
    /// How many files were read without a fault.
    pub sound: u64,
    /// How many kinds of things were said.
    pub kinds: usize,
    /// The files after which it panicked.
    pub failures: Vec<PathBuf>,
}

/// Forbids this process more memory than readers may take. Where there is no `prlimit`, nothing is forbidden.
pub fn forbid_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let pid = std::process::id().to_string();
        let limit = format!("--data={MOST_BYTES}:{MOST_BYTES}");
        let status = Command::new("prlimit")
            .args(["--pid", &pid, &limit])
            .status();
        let is_forbidden = status.is_ok_and(|status| status.success());
        assert!(is_forbidden || !cfg!(target_os = "linux"), "no prlimit");
    });
}

/// A spoilt file that had something new said of it is spoilt further.
struct Kept {
    base: usize,
    file: usize,
    bytes: Vec<u8>,
}

/// A folder in memory with the files of every base, and which file of each is spoilt now.
struct Desk<'a> {
    folder: tempfile::TempDir,
    bases: &'a [Base],
    spoilt: Vec<Option<usize>>,
    /// Files that have been spoilt, open: to make one anew takes longer than to read it.
    open: BTreeMap<(usize, usize), fs::File>,
}

impl<'a> Desk<'a> {
    fn new(bases: &'a [Base]) -> Desk<'a> {
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let desk = Desk {
            folder: folder.unwrap(),
            bases,
            spoilt: vec![None; bases.len()],
            open: BTreeMap::new(),
        };
        for (index, base) in bases.iter().enumerate() {
            for file in 0..base.files.len() {
                let path = desk.path(index, file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, &base.files[file].1).unwrap();
            }
        }
        desk
    }

    fn of(&self, base: usize) -> PathBuf {
        self.folder.path().join(base.to_string())
    }

    fn path(&self, base: usize, file: usize) -> PathBuf {
        self.of(base).join(&self.bases[base].files[file].0)
    }

    /// Spoils one file of a base, and mends the one that was spoilt before.
    fn put(&mut self, base: usize, file: usize, bytes: &[u8]) {
        let before = self.spoilt[base].replace(file);
        if let Some(other) = before.filter(|other| *other != file) {
            self.write(base, other, &self.bases[base].files[other].1);
        }
        self.write(base, file, bytes);
    }

    fn write(&mut self, base: usize, file: usize, bytes: &[u8]) {
        let path = self.path(base, file);
        let open = || fs::File::options().write(true).open(path).unwrap();
        let file = self.open.entry((base, file)).or_insert_with(open);
        file.rewind().unwrap();
        file.write_all(bytes).unwrap();
        file.set_len(bytes.len() as u64).unwrap();
    }
}

/// The seconds for which a thread has had a processor; since the beginning, where the system does not tell.
fn busy(thread: Option<&Path>, clock: Instant) -> f64 {
    let told = thread.and_then(|thread| {
        let text = fs::read_to_string(Path::new("/proc").join(thread).join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    told.map_or(clock.elapsed().as_secs_f64(), |nanoseconds| {
        nanoseconds / 1e9
    })
}

/// Ends the process when an execution takes too long: a thread cannot be stopped from outside. A machine that is busy
/// with something else is not a reader that is slow, so that it is the thread's own time that counts.
fn watch(executions: &'static AtomicU64, clock: Instant, name: &'static str, at: PathBuf) {
    let thread = fs::read_link("/proc/thread-self").ok();
    std::thread::spawn(move || {
        let mut last = (0, 0.0);
        loop {
            std::thread::sleep(Duration::from_millis(500));
            let n = executions.load(Ordering::Relaxed);
            if n == u64::MAX {
                return;
            }
            let now = busy(thread.as_deref(), clock);
            if n != last.0 {
                last = (n, now);
            }
            if now - last.1 > MOST_SECONDS {
                eprintln!(
                    "{name}: longer than {MOST_SECONDS} s; the files are in {}",
                    at.display()
                );
                std::process::abort();
            }
        }
    });
}

/// Where files are kept after which a reader failed.
fn failures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("hostile")
        .join(name)
}

/// Spoils files and reads them until it is time to stop.
pub fn drive(target: &'static Target, wish: &Wish) -> Done {
    forbid_memory();
    let bases = (target.bases)();
    let all: Vec<Vec<u8>> = bases
        .iter()
        .flat_map(|base| base.files.iter().map(|(_, bytes)| bytes.clone()))
        .collect();
    let words = match target.spoiling {
        Spoiling::Bytes => Words::of(&[]),
        Spoiling::Text | Spoiling::Archives => Words::of(&all),
    };
    let mut desk = Desk::new(&bases);
    let counted: &'static AtomicU64 = Box::leak(Box::new(AtomicU64::new(0)));
    let clock = Instant::now();
    watch(counted, clock, target.name, desk.folder.path().to_owned());
    // Names of columns make millions of kinds in a long run, which as texts would be most of the memory.
    let mut said: BTreeSet<u64> = BTreeSet::new();
    let (rare, usual): (Vec<usize>, Vec<usize>) =
        (0..bases.len()).partition(|base| bases[*base].is_rare);
    let mut kept: [Vec<Kept>; 2] = Default::default();
    let mut done = Done {
        executions: 0,
        seconds: 0.0,
        sound: 0,
        kinds: 0,
        failures: Vec::new(),
    };
    let is_over = |n: u64| match wish.until {
        Until::Executions(most) => n >= most,
        Until::Seconds(most) => n.is_multiple_of(256) && clock.elapsed().as_secs() >= most,
    };
    while !is_over(done.executions) && done.failures.len() < 10 {
        let mut chance = Chance::new(target.name, wish.from + done.executions);
        let is_rare = !rare.is_empty() && chance.once_in(RARE);
        let kept = &mut kept[usize::from(is_rare)];
        let (base, file, bytes) = match kept.is_empty() || chance.once_in(2) {
            true => {
                let base = *chance.of(if is_rare { &rare } else { &usual });
                let file = *chance.of(&bases[base].spoilt);
                (base, file, &bases[base].files[file].1)
            }
            false => {
                let one = chance.of(kept);
                (one.base, one.file, &one.bytes)
            }
        };
        let bytes = match target.spoiling {
            Spoiling::Text => spoil(bytes, &words, &mut chance),
            Spoiling::Bytes => spoil_binary(bytes, &mut chance),
            Spoiling::Archives => spoil_archive(bytes, &words, &mut chance),
        };
        desk.put(base, file, &bytes);
        counted.store(done.executions, Ordering::Relaxed);
        let folder = desk.of(base);
        let verdict = catch_unwind(AssertUnwindSafe(|| (target.read)(&folder)));
        done.executions += 1;
        match verdict {
            Ok(Ok(())) => done.sound += 1,
            Ok(Err(faults)) => {
                let n = said.len();
                said.extend(
                    kinds(&faults)
                        .iter()
                        .map(|kind| Chance::new(kind, 0).next()),
                );
                if said.len() > n && kept.len() < MOST_KEPT {
                    kept.push(Kept { base, file, bytes });
                }
            }
            Err(_) => done.failures.push(keep(target, &bases[base], file, &bytes)),
        }
    }
    counted.store(u64::MAX, Ordering::Relaxed);
    done.seconds = clock.elapsed().as_secs_f64();
    done.kinds = said.len();
    done
}

/// Puts a whole folder away in which one file ended the program.
fn keep(target: &Target, base: &Base, spoilt: usize, bytes: &[u8]) -> PathBuf {
    let mut chance = Chance::new(&String::from_utf8_lossy(bytes), 0);
    let folder = failures(target.name).join(format!("{:016x}", chance.next()));
    for (index, (name, sound)) in base.files.iter().enumerate() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, if index == spoilt { bytes } else { sound }).unwrap();
    }
    folder.join(&base.files[spoilt].0)
}

//! What this runs on, by which times can be compared.

/// The name of the processor, or its kind where the system does not tell.
pub(super) fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut names = text.lines().filter(|line| line.starts_with("model name"));
    let name = names.next().and_then(|line| line.split_once(':'));
    name.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |(_, name)| name.trim().to_owned(),
    )
}

/// How many threads can run at once.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// The memory of this process, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    /// What it holds now.
    pub now: f64,
    /// The most that it has held so far.
    pub most: f64,
}

/// The memory of this process, where the system tells.
pub(super) fn memory() -> Option<Held> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let bytes = |name: &str| -> Option<f64> {
        let line = text.lines().find(|line| line.starts_with(name))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kilobytes * 1024.0)
    };
    Some(Held {
        now: bytes("VmRSS:")?,
        most: bytes("VmHWM:")?,
    })
}

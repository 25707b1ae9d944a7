//! `needscast completions` and `needscast man`: what shells and manual readers take, made from the command line itself.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Arguments, Failure, say, tell};

/// Writes the completions of a shell to stdout.
pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "needscast", &mut script);
    say(&String::from_utf8_lossy(&script))
}

/// Writes the page of the program to stdout, or all pages into a folder.
pub(super) fn man(out: Option<&Path>) -> Result<(), Failure> {
    let Some(folder) = out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
        return say(&String::from_utf8_lossy(&page));
    };
    let refused =
        |error| Failure::Machine(format!("cannot write into {}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(refused)?;
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    clap_mangen::generate_to(command, folder).map_err(refused)?;
    tell(&format!("The manual pages: {}", folder.display()));
    Ok(())
}

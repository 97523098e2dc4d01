//! The browser of the tests of passkeys, and of the journeys: Debian's Chromium with its driver, installed once.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::Steps;

const NAME: &str = "install Chromium";
/// What the tests start, and what that starts.
const PROGRAMS: [&str; 2] = ["chromedriver", "chromium"];
const ADVICE: &str = "apt-get install chromium chromium-driver (Debian, as root)";

/// Installs it unless it is there. Where it cannot be, everything else is still tested, and the
/// summary says what was not.
pub(crate) fn install(steps: &mut Steps) {
    if PROGRAMS.iter().all(|program| is_there(program)) {
        return;
    }
    match fetch() {
        Ok(()) => println!("==> {NAME}: done"),
        Err(reason) => steps.skip(
            NAME,
            &format!("passkeys and journeys in a browser: {reason:#}"),
        ),
    }
}

/// The browser itself, where there is one.
pub(crate) fn program() -> Option<PathBuf> {
    find("chromium")
}

fn is_there(program: &str) -> bool {
    find(program).is_some()
}

/// Where the `PATH` has a program of this name.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let programs = std::env::split_paths(&path).map(|folder| folder.join(program));
    programs.into_iter().find(|program| program.is_file())
}

/// By the system's packages: unlike a server's, a browser's libraries are too many to be unpacked
/// in a folder of ours.
fn fetch() -> Result<()> {
    if !is_there("apt-get") || !is_root()? {
        bail!("{ADVICE}");
    }
    let packages = ["chromium", "chromium-driver"];
    let install = ["install", "--yes", "--no-install-recommends"];
    for words in [&["update"][..], &[&install[..], &packages].concat()] {
        let mut command = Command::new("apt-get");
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        shell::capture(&mut command).context(ADVICE)?;
    }
    match PROGRAMS.iter().find(|program| !is_there(program)) {
        Some(missing) => bail!("the packages have no {missing}; {ADVICE}"),
        None => Ok(()),
    }
}

fn is_root() -> Result<bool> {
    let id = shell::capture(Command::new("id").arg("-u"))?;
    Ok(id.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_on_the_path_by_its_name() {
        assert!(is_there("sh"));
        assert!(!is_there("no-program-has-this-name"));
        // A folder is no program.
        assert!(!is_there("."));
    }
}

//! Node and npm, as everything here that is written in JavaScript uses them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// What says which modules are in a folder.
pub(crate) const LOCK: &str = "package-lock.json";
/// What npm writes when all of them are there.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// By the lock file. No module's script is run: none of them needs one.
const INSTALL: [&str; 5] = [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--fetch-retries=1",
];

/// Whether there is a Node of this version or a later one, with npm.
pub(crate) fn is_there(oldest: u32) -> Result<()> {
    let advice = format!("install Node.js {oldest} or later, with npm");
    let version = shell::capture(Command::new("node").arg("--version")).context(advice.clone())?;
    if major(&version).is_none_or(|major| major < oldest) {
        bail!("{advice}: node is {}", version.trim());
    }
    shell::capture(Command::new("npm").arg("--version")).context(advice)?;
    Ok(())
}

/// `20` in `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Puts the modules of a folder's lock file there.
pub(crate) fn install(folder: &Path) -> Result<()> {
    shell::capture(npm(folder).args(INSTALL))?;
    Ok(())
}

/// The same, unless it was done after the lock file was last changed.
pub(crate) fn install_once(folder: &Path) -> Result<()> {
    let installed = shell::changed(&folder.join(INSTALLED));
    match installed.is_some() && installed >= shell::changed(&folder.join(LOCK)) {
        true => Ok(()),
        false => install(folder),
    }
}

/// Runs one of a package's scripts.
pub(crate) fn script(folder: &Path, name: &str) -> Result<()> {
    shell::capture(npm(folder).args(["run", name]))?;
    Ok(())
}

fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    // The browser is the system's.
    command
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    command
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_version_of_node_is_read_as_it_writes_it() {
        assert_eq!(major("v20.19.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("nonsense"), None);
    }

    #[test]
    fn the_lock_files_name_no_registry_but_npms_own() {
        for folder in ["tests/clients", "tests/journeys", "examples/beatpass/web"] {
            let lock = fs::read_to_string(shell::workspace().join(folder).join(LOCK));
            let lock = lock.expect("it is there");
            let foreign: Vec<&str> = lock
                .lines()
                .filter(|line| line.contains("\"resolved\""))
                .filter(|line| !line.contains("\"https://registry.npmjs.org/"))
                .collect();
            assert!(foreign.is_empty(), "{folder}: {foreign:?}");
            assert!(lock.contains("\"integrity\": \"sha512-"), "{folder}");
        }
    }
}

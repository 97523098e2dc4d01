//! What the clients in `tests/clients` are made of: installed by npm into `target/test-clients`, by
//! their lock file, once.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::steps::Steps;

const NAME: &str = "install the clients";
/// What says which modules are in a folder.
const LOCK: &str = "package-lock.json";
/// The oldest Node that the clients' own modules run on.
const OLDEST: u32 = 18;

/// Installs them unless they are there. Without Node, npm or their registry everything else is still
/// tested, and the summary says what was not. Neither is fetched as the servers are: the system's npm
/// is some four hundred packages.
pub(crate) fn install(steps: &mut Steps) {
    let source = shell::workspace().join("tests/clients");
    let root = shell::target().join("test-clients");
    if is_current(&source, &root) {
        return;
    }
    let done = node_is_there().and_then(|()| fetch(&source, &root));
    match done {
        Ok(()) => println!("==> {NAME}: done"),
        Err(reason) => steps.skip(NAME, &format!("the walks in tests/clients: {reason:#}")),
    }
}

fn is_current(source: &Path, root: &Path) -> bool {
    let lock = |folder: &Path| fs::read(folder.join(LOCK)).ok();
    lock(root).is_some_and(|installed| Some(installed) == lock(source))
}

fn node_is_there() -> Result<()> {
    let advice = "install Node.js 18 or later, with npm";
    let version = shell::capture(Command::new("node").arg("--version")).context(advice)?;
    if major(&version).is_none_or(|major| major < OLDEST) {
        bail!("{advice}: node is {}", version.trim());
    }
    shell::capture(Command::new("npm").arg("--version")).context(advice)?;
    Ok(())
}

/// `20` in `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn fetch(source: &Path, root: &Path) -> Result<()> {
    // Of this run alone until it is whole: two runs may install at once, and either may be ended.
    let draft = root.with_extension(std::process::id().to_string());
    let done = fill(&draft, source).and_then(|()| {
        clear(root)?;
        fs::rename(&draft, root).with_context(|| format!("cannot make {}", root.display()))
    });
    clear(&draft)?;
    done
}

fn fill(draft: &Path, source: &Path) -> Result<()> {
    clear(draft)?;
    fs::create_dir_all(draft).with_context(|| format!("cannot make {}", draft.display()))?;
    for file in ["package.json", LOCK] {
        fs::copy(source.join(file), draft.join(file)).context(file)?;
    }
    // No module's script is run: none of them needs one.
    let words = [
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-retries=1",
    ];
    shell::capture(Command::new("npm").args(words).current_dir(draft))?;
    Ok(())
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read_as_it_writes_it() {
        assert_eq!(major("v20.19.2\n"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major("nonsense"), None);
    }

    #[test]
    fn the_lock_file_names_no_registry_but_npms_own() {
        let lock = fs::read_to_string(shell::workspace().join("tests/clients").join(LOCK));
        let lock = lock.expect("it is there");
        let foreign: Vec<&str> = lock
            .lines()
            .filter(|line| line.contains("\"resolved\""))
            .filter(|line| !line.contains("\"https://registry.npmjs.org/"))
            .collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert!(lock.contains("\"integrity\": \"sha512-"));
    }
}

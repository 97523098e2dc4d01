//! What the clients in `tests/clients` are made of: installed by npm into `target/test-clients`, by
//! their lock file, once.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::npm::{self, LOCK};
use crate::shell;
use crate::steps::Steps;

const NAME: &str = "install the clients";
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
    let done = npm::is_there(OLDEST).and_then(|()| fetch(&source, &root));
    match done {
        Ok(()) => println!("==> {NAME}: done"),
        Err(reason) => steps.skip(NAME, &format!("the walks in tests/clients: {reason:#}")),
    }
}

fn is_current(source: &Path, root: &Path) -> bool {
    let lock = |folder: &Path| fs::read(folder.join(LOCK)).ok();
    lock(root).is_some_and(|installed| Some(installed) == lock(source))
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
    npm::install(draft)
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

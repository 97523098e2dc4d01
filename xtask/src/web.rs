//! BeatPass's front end: its modules, its types checked, and the pages built of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::steps::Steps;
use crate::{npm, shell};

const NAME: &str = "build the front end";
/// The oldest Node that its tools run on.
const OLDEST: u32 = 20;

/// Builds it, for a person who asks for that alone.
pub(crate) fn run(steps: &mut Steps) {
    steps.run(NAME, || obtain().and_then(|()| build()));
}

/// Builds it for the tests, and tells whether it is there. Without Node, npm or their registry
/// everything else is tested.
pub(crate) fn build_if_possible(steps: &mut Steps) -> bool {
    match obtain() {
        Ok(()) => steps.run(NAME, build).is_some(),
        Err(reason) => {
            steps.skip(NAME, &format!("BeatPass in a browser: {reason:#}"));
            false
        }
    }
}

fn obtain() -> Result<()> {
    npm::is_there(OLDEST)?;
    npm::install_once(&sources())
}

fn build() -> Result<()> {
    let folder = sources();
    let made = shell::changed(&folder.join("dist/index.html"));
    if made.is_some() && made >= newest(&folder)? {
        return Ok(());
    }
    npm::script(&folder, "check")?;
    npm::script(&folder, "build")
}

fn sources() -> PathBuf {
    shell::workspace().join("examples/beatpass/web")
}

/// When the youngest of the sources was changed.
fn newest(folder: &Path) -> Result<Option<SystemTime>> {
    let mut newest = None;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            match path.is_dir() {
                true if is_made(&path) => {}
                true => folders.push(path),
                false => newest = newest.max(shell::changed(&path)),
            }
        }
    }
    Ok(newest)
}

/// Whether it is no source but what comes of them.
fn is_made(folder: &Path) -> bool {
    let made = ["dist", "node_modules"].map(PathBuf::from);
    made.iter().any(|name| folder.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_is_no_source() {
        assert!(is_made(Path::new("web/node_modules")));
        assert!(is_made(Path::new("web/dist")));
        assert!(!is_made(Path::new("web/src")));
    }
}

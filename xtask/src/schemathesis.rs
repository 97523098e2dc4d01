//! What holds an API against its description: schemathesis, installed by pip into
//! `target/test-servers/schemathesis`, in the versions that the example's tests name.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;
use crate::steps::Steps;

const NAME: &str = "install schemathesis";
/// What says which versions are in a folder.
const VERSIONS: &str = "requirements.txt";
const ADVICE: &str = "install Python 3.10 or later, with venv and pip";

/// Installs it unless it is there. Without Python or its registry everything else is still tested,
/// and the summary says what was not.
pub(crate) fn install(steps: &mut Steps) {
    let source = shell::workspace().join("examples/site/tests/schemathesis");
    let root = shell::target().join("test-servers/schemathesis");
    if is_current(&source, &root) {
        return;
    }
    match fetch(&source, &root) {
        Ok(()) => println!("==> {NAME}: done"),
        Err(reason) => steps.skip(NAME, &format!("the Site's description: {reason:#}")),
    }
}

fn is_current(source: &Path, root: &Path) -> bool {
    let versions = |folder: &Path| fs::read(folder.join(VERSIONS)).ok();
    versions(root).is_some_and(|installed| Some(installed) == versions(source))
}

/// An environment of its own: nothing of the system's Python is changed. What says that it is whole
/// is written last.
fn fetch(source: &Path, root: &Path) -> Result<()> {
    if root.exists() {
        fs::remove_dir_all(root).with_context(|| format!("cannot remove {}", root.display()))?;
    }
    let versions = source.join(VERSIONS);
    let mut make = Command::new("python3");
    make.args(["-m", "venv"]).arg(root);
    shell::capture(&mut make).context(ADVICE)?;
    let mut fill = Command::new(root.join("bin/pip"));
    // Their list is whole: nothing that it does not name is fetched.
    fill.args(["install", "--quiet", "--no-deps", "--requirement"]);
    shell::capture(fill.arg(&versions)).context(ADVICE)?;
    fs::copy(&versions, root.join(VERSIONS)).context(VERSIONS)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_named_exactly() {
        let source = shell::workspace().join("examples/site/tests/schemathesis");
        let versions = fs::read_to_string(source.join(VERSIONS)).expect("it is there");
        let loose = versions.lines().find(|line| !line.contains("=="));
        assert_eq!(loose, None);
        assert!(versions.contains("\nschemathesis=="));
        assert!(is_current(&source, &source));
        assert!(!is_current(&source, Path::new("nowhere")));
    }
}

//! Somebody else's stand-in for Stripe, against which BeatPass's payments are tested: localstripe, of
//! PyPI, installed by pip into a folder of ours, once.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::shell;
use crate::steps::Steps;

const NAME: &str = "install localstripe";
const WANTED: &str = "localstripe==1.15.10";
const ADVICE: &str = "install Python 3.10 or later, with pip";

/// What tells the tests where it is.
pub(crate) const VARIABLE: &str = "ADYTON_TEST_LOCALSTRIPE";

/// Installs it unless it is there. Without Python, pip or its registry everything else is still tested,
/// and the summary says what was not.
pub(crate) fn install(steps: &mut Steps) {
    if works(&folder()) {
        return;
    }
    match fetch() {
        Ok(()) => println!("==> {NAME}: done"),
        Err(reason) => steps.skip(NAME, &format!("payments against localstripe: {reason:#}")),
    }
}

/// The folder of its modules, where they can be used.
pub(crate) fn installed() -> Option<PathBuf> {
    Some(folder()).filter(works)
}

fn folder() -> PathBuf {
    shell::target().join("test-servers").join("localstripe")
}

fn works(folder: &PathBuf) -> bool {
    let mut command = Command::new("python3");
    command.env("PYTHONPATH", folder).current_dir("/");
    command.args(["-c", "import localstripe.server"]);
    folder.is_dir() && shell::capture(&mut command).is_ok()
}

fn fetch() -> Result<()> {
    let folder = folder();
    // Of this run alone until it is whole: two runs may install at once, and either may be ended.
    let draft = folder.with_extension(std::process::id().to_string());
    let mut command = Command::new("python3");
    command.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--retries",
        "1",
        "--target",
    ]);
    let done = shell::capture(command.arg(&draft).arg(WANTED)).context(ADVICE);
    let kept = done.and_then(|_| {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::rename(&draft, &folder)
            .with_context(|| format!("cannot make {}", folder.display()))
    });
    let _ = std::fs::remove_dir_all(&draft);
    kept
}

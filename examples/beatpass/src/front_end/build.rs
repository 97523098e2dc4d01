//! Builds the front end, for whoever runs `--demo` and has never heard of it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use super::{VARIABLE, sources};

/// The oldest Node that its tools run on.
const OLDEST: u32 = 20;
const ADVICE: &str = "for the pages, install Node.js 20 or later with npm (https://nodejs.org) and \
                      start once more; the API works without";

/// What npm writes when all modules are there.
const INSTALLED: &str = "node_modules/.package-lock.json";

/// Makes `web/dist` of `web/`, unless it is newer than its sources. Where that cannot be, it says
/// why, and the product goes on with a page that says the same.
pub fn build() {
    let sources = sources();
    // A folder of somebody's choice is theirs to fill.
    if std::env::var_os(VARIABLE).is_some() || !sources.join("package.json").is_file() {
        return;
    }
    if is_current(sources) {
        return;
    }
    if let Err(reason) = make(sources) {
        say(&format!("beatpass: the front end was not built: {reason}"));
    }
}

fn is_current(sources: &Path) -> bool {
    let made = changed(&sources.join("dist/index.html"));
    made.is_some() && made >= newest(sources)
}

fn make(sources: &Path) -> Result<(), String> {
    match major_of_node() {
        Some(version) if version >= OLDEST => {}
        Some(version) => return Err(format!("Node.js is {version}; {ADVICE}")),
        None => return Err(ADVICE.to_owned()),
    }
    let installed = changed(&sources.join(INSTALLED));
    if installed.is_none() || installed < changed(&sources.join("package-lock.json")) {
        say("beatpass: fetches what the front end is built with (once)");
        npm(
            sources,
            &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        )?;
    }
    say("beatpass: builds the front end");
    npm(sources, &["run", "build"])
}

/// Runs npm before the person's eyes.
fn npm(folder: &Path, words: &[&str]) -> Result<(), String> {
    let command = &mut Command::new("npm");
    // Standard output is the program's own.
    let command = command
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(io::stderr());
    let line = format!("`npm {}`", words.join(" "));
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{line} ended with {status}")),
        Err(error) => Err(format!("{line} cannot be started ({error}); {ADVICE}")),
    }
}

/// `20` of `v20.19.2`.
fn major_of_node() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// When the youngest of the sources was changed.
fn newest(folder: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let times = entries.filter_map(|entry| match entry.file_type().ok()?.is_dir() {
        true if ["node_modules", "dist"]
            .iter()
            .any(|made| entry.file_name() == *made) =>
        {
            None
        }
        true => newest(&entry.path()),
        false => changed(&entry.path()),
    });
    times.max()
}

fn changed(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).ok()?.modified().ok()
}

/// Progress goes where the program's other words go; that nobody reads it is no reason to end.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::Duration;

    use super::*;

    fn write(folder: &Path, name: &str, minute: u64) {
        let file = folder.join(name);
        fs::create_dir_all(file.parent().expect("it is in the folder")).expect("it can be made");
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(minute * 60);
        let file = File::create(file).expect("it can be written");
        file.set_modified(time).expect("its time can be set");
    }

    #[test]
    fn it_is_built_again_when_a_source_is_younger() {
        let folder = std::env::temp_dir().join(format!("beatpass-sources-{}", std::process::id()));
        write(&folder, "src/pages/Home.tsx", 1);
        assert!(!is_current(&folder));
        write(&folder, "dist/index.html", 2);
        assert!(is_current(&folder));
        write(&folder, "node_modules/react/index.js", 3);
        write(&folder, "dist/assets/index.js", 3);
        assert!(is_current(&folder));
        write(&folder, "src/pages/Home.tsx", 3);
        assert!(!is_current(&folder));
        fs::remove_dir_all(folder).expect("it can be removed");
    }
}

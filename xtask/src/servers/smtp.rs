//! What an SMTP server for tests is made of: Python, and its module aiosmtpd. The tests start and
//! kill the server themselves, again and again.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::packages;
use crate::shell;

const PYTHONS: [&str; 2] = ["python3", "/usr/bin/python3"];

const PACKAGES: [&str; 1] = ["python3-aiosmtpd"];

const ADVICE: &str = "Install it: apt-get install python3-aiosmtpd (Debian, Ubuntu), \
     pip install aiosmtpd (elsewhere). Or run the quick part, which needs no server: \
     cargo xtask test --database sqlite";

/// The Python that can be the server, and the folder of the modules that it needs for that.
pub(super) fn obtain() -> Result<(String, String)> {
    let root = shell::target().join("test-servers").join("aiosmtpd");
    let modules = root.join("usr/lib/python3/dist-packages");
    let none = Path::new("");
    if let Ok(python) = able(none).or_else(|_| able(&modules)) {
        return Ok(told(python, &modules));
    }
    println!("    aiosmtpd is not installed");
    packages::fetch(&PACKAGES, &root).context(ADVICE)?;
    Ok(told(able(&modules).context(ADVICE)?, &modules))
}

fn told(python: &str, modules: &Path) -> (String, String) {
    println!("    aiosmtpd ({python})");
    (python.to_owned(), modules.display().to_string())
}

/// The first Python that finds the module, there or among its own.
fn able(modules: &Path) -> Result<&'static str> {
    for python in PYTHONS {
        let mut command = Command::new(python);
        command.env("PYTHONPATH", modules).current_dir("/");
        command.args(["-c", "import aiosmtpd.smtp"]);
        if shell::capture(&mut command).is_ok() {
            return Ok(python);
        }
    }
    bail!("no python3 that has the module aiosmtpd")
}

//! The journeys in `tests/journeys`: a stranger's ways through BeatPass in a real browser, against the
//! real program with its demo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell::{self, cargo};
use crate::steps::Steps;
use crate::{chromium, clients, npm, web};

const NAME: &str = "journeys in a browser";
/// Pictures that are called so are shown in a README.
const SHOWN: (&str, &str) = ("beatpass-", ".jpg");
/// A README stays light.
const LARGEST: u64 = 200 * 1024;

/// Walks them, for a person who asks for that alone; `words` are Playwright's.
pub(crate) fn run(words: &[String], steps: &mut Steps) {
    clients::install(steps);
    chromium::install(steps);
    if web::build_if_possible(steps) {
        walk_if_possible(words, steps);
    }
}

/// Walks them, where there is what they are walked with.
pub(crate) fn walk_if_possible(words: &[String], steps: &mut Steps) {
    match obtain() {
        Ok(browser) => drop(steps.run(NAME, || walk(words, &browser))),
        Err(reason) => steps.skip(NAME, &format!("{reason:#}")),
    }
}

/// Playwright's modules, and the browser.
fn obtain() -> Result<PathBuf> {
    npm::install_once(&sources())?;
    chromium::program().context("there is no Chromium")
}

fn sources() -> PathBuf {
    shell::workspace().join("tests/journeys")
}

/// Walks them, and keeps the pictures that the READMEs show.
pub(crate) fn pictures(steps: &mut Steps) {
    run(&[], steps);
    if steps.all_passed() {
        steps.run("keep the pictures", keep);
    }
}

fn walk(words: &[String], browser: &Path) -> Result<()> {
    // As the tests have it, with the same features: after them there is nothing left to build.
    shell::run(&mut cargo(&["test", "--workspace", "--no-run"]))?;
    let mut command = Command::new("node");
    command
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(words)
        .current_dir(sources())
        .env("BEATPASS_PROGRAM", shell::target().join("debug/beatpass"))
        .env("JOURNEYS_BROWSER", browser)
        .env("JOURNEYS_OUTPUT", output())
        .env(
            "NODE_PATH",
            shell::target().join("test-clients/node_modules"),
        );
    shell::run(&mut command)
}

/// Where they leave their pictures, and traces of what failed.
fn output() -> PathBuf {
    shell::target().join("test-journeys")
}

fn keep() -> Result<()> {
    let to = shell::workspace().join("docs/pictures");
    fs::create_dir_all(&to)?;
    let from = output().join("pictures");
    for entry in fs::read_dir(&from).with_context(|| from.display().to_string())? {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name()))?;
        let name = name.to_string_lossy().into_owned();
        if !name.starts_with(SHOWN.0) || !name.ends_with(SHOWN.1) {
            continue;
        }
        let size = fs::metadata(&path)?.len();
        if size > LARGEST {
            bail!("{name} has {size} bytes, and may have {LARGEST}");
        }
        fs::copy(&path, to.join(&name)).with_context(|| name.clone())?;
    }
    Ok(())
}

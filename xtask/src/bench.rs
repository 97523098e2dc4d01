//! `cargo xtask bench`: builds the benchmark with optimisation and runs it.

use anyhow::Result;

use crate::shell;
use crate::steps::Steps;

/// Measures; the figures go to stdout.
pub(crate) fn run(options: &[String], steps: &mut Steps) {
    steps.run("bench", || measure(options));
}

fn measure(options: &[String]) -> Result<()> {
    let build = [
        "run",
        "--quiet",
        "--release",
        "--package",
        "adyton-bench",
        "--",
        "measure",
    ];
    let mut command = shell::cargo(&build);
    shell::run(command.args(options))
}

//! `cargo xtask ci`: what has to pass before a change lands, cheapest first.

use crate::shell::{cargo, run as show};
use crate::steps::Steps;
use crate::test;

const CLIPPY: &[&str] = &[
    "clippy",
    "--workspace",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];

pub(crate) fn run(steps: &mut Steps) {
    // Stops at the first failure: what follows would repeat it at length.
    let _ = steps
        .run("format", || show(&mut cargo(&["fmt", "--all", "--check"])))
        .and_then(|()| steps.run("clippy", || show(&mut cargo(CLIPPY))))
        .and_then(|()| test::everything(steps))
        .and_then(|()| steps.run("documentation", documentation));
}

fn documentation() -> anyhow::Result<()> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps"]);
    show(command.env("RUSTDOCFLAGS", "-D warnings"))
}

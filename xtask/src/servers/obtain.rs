//! Getting hold of a server's program: installed, fetched by an earlier run, or fetched now.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::account::Account;
use super::ground::Ground;
use super::packages;
use super::program::{Program, Wanted};
use crate::shell;

/// The program, able to run as `account` when there is one.
pub(super) fn obtain(
    wanted: &Wanted,
    account: Option<Account>,
    ground: &Ground,
) -> Result<Program> {
    let program = match Program::installed(wanted, account) {
        Ok(program) => program,
        Err(_) => fetched(wanted, account, ground).with_context(|| missing(wanted))?,
    };
    println!(
        "    {} {} ({})",
        wanted.name,
        program.version,
        program.path.display()
    );
    Ok(program)
}

fn missing(wanted: &Wanted) -> String {
    format!(
        "{} is not installed and could not be fetched.\n    Install it: {}.\n    \
         Or run the quick part, which needs no server: cargo xtask test --database sqlite.\n    \
         Why it could not be fetched",
        wanted.name, wanted.advice
    )
}

fn fetched(wanted: &Wanted, account: Option<Account>, ground: &Ground) -> Result<Program> {
    let root = shell::target().join("test-servers").join(wanted.name);
    if let Ok(program) = unpacked(wanted, account, ground, &root) {
        return Ok(program);
    }
    // Nothing there, or it no longer runs, as after an upgrade of the system.
    println!("    {} is not installed", wanted.name);
    packages::fetch(wanted.packages, &root)?;
    unpacked(wanted, account, ground, &root)
        .with_context(|| format!("what was fetched into {} does not run here", root.display()))
}

/// The program in `root`, or in a copy where the account can reach it: a checkout in a home folder
/// is often closed to everybody else.
fn unpacked(
    wanted: &Wanted,
    account: Option<Account>,
    ground: &Ground,
    root: &Path,
) -> Result<Program> {
    let here = Program::unpacked(wanted, account, root);
    if here.is_ok() || account.is_none() || Program::unpacked(wanted, None, root).is_err() {
        return here;
    }
    let copy = ground.folder().join(wanted.name);
    shell::capture(Command::new("cp").arg("-R").arg(root).arg(&copy))?;
    Program::unpacked(wanted, account, &copy)
}

//! The reference pages, made from what reads the settings and the arguments.

use std::fmt::Write as _;

use clap::{Command, CommandFactory as _};

use crate::Cli;

/// Every setting: `docs/reference/configuration.md`.
pub fn configuration() -> String {
    format!(
        "# Settings\n\n\
         Printed by `adyton config reference`; a test keeps it so.\n\n\
         Flags win over the environment (`ADYTON_<SECTION>_<KEY>`), the environment over \
         `adyton.toml`, the file over the defaults. An unknown key or variable is an error that \
         names the nearest right one. The file is `./adyton.toml`, or what `ADYTON_CONFIG` or \
         `--config` names. In a variable, a list is written with commas.\n\n\
         `adyton dev` has defaults of its own: `debug = true`, \
         `public_url = \"http://localhost:8000\"` by the port that it takes, every origin on this \
         machine in `stateful.origins`, its own page in `redirects` for `social.failed` and \
         `two-factor.login`, and a key and a database in `./.adyton/`.\n\n{}",
        adyton::config::reference()
    )
}

/// Every command: `docs/reference/cli.md`.
pub fn command_line() -> String {
    let mut page = "# The command line\n\n\
        Printed by `adyton config cli-reference`; a test keeps it so.\n"
        .to_owned();
    let mut root = Cli::command().term_width(96);
    root.build();
    section(&mut page, &mut root);
    page
}

fn section(page: &mut String, command: &mut Command) {
    let name = command.get_bin_name().unwrap_or("adyton").to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    let help = help.join("\n");
    // Writing to a String cannot fail.
    let _ = write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", help.trim_end());
    let mut inner: Vec<&mut Command> = command
        .get_subcommands_mut()
        .filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
        .collect();
    for command in &mut inner {
        section(page, command);
    }
}

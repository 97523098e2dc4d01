//! `cargo xtask`: the project's own commands, the same on a contributor's machine and in CI.

#![allow(
    clippy::print_stdout,
    reason = "telling a person at a terminal what happens is this program's purpose"
)]

mod bench;
mod chromium;
mod ci;
mod clients;
mod journeys;
mod localstripe;
mod npm;
mod ports;
mod schemathesis;
mod servers;
mod shell;
mod steps;
mod test;
mod web;

use std::process::ExitCode;

use steps::Steps;

const HELP: &str = "\
The project's own commands.

Usage: cargo xtask <COMMAND>

Commands:
  test [--database sqlite|postgres|mariadb] [-- <FILTER AND TEST ARGUMENTS>]
          Run the tests. Without --database: everything, on all three databases.
          Servers that are needed are started for the run, on free ports and in a
          temporary folder, and are gone at its end; one that is not installed is
          fetched from the system's packages into target/test-servers.
  web     Build BeatPass's front end, examples/beatpass/web, and check its types. Nothing is
          done that is done already. Wants Node.js 20 with npm.
  journeys [-- <PLAYWRIGHT'S ARGUMENTS>]
          Walk through BeatPass in Chromium, as `test` does at its end.
  pictures
          Walk the journeys, and keep the pictures that the READMEs show in docs/pictures.
  bench [--rows N,N] [--seconds N] [--rounds N]
          What verifying a request costs against the same route without it, and a login:
          server CPU a request and ratios, at 1 thousand and 1 million tokens and sessions.
          Linux only. Docs: docs/performance.md.
  ci      Format, clippy, every test, documentation: what has to pass before a change lands.

Examples:
  cargo xtask test                                      everything
  cargo xtask test --database sqlite                    the quick part: starts no server
  cargo xtask test --database mariadb -- login          tests with `login` in their name
  cargo xtask test --database sqlite -- --nocapture     show what tests print
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into())
        .collect();
    let command = match Command::parse(&arguments) {
        Ok(command) => command,
        Err(reason) => {
            eprintln!("error: {reason}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };

    let mut steps = Steps::begin();
    match command {
        Command::Help => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Command::Test(options) => test::run(&options, &mut steps),
        Command::Web => web::run(&mut steps),
        Command::Journeys(words) => journeys::run(&words, &mut steps),
        Command::Pictures => journeys::pictures(&mut steps),
        Command::Ci => ci::run(&mut steps),
        Command::Bench(options) => bench::run(&options, &mut steps),
    }
    if steps.summary() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What the person asked for.
#[derive(Debug, PartialEq)]
enum Command {
    Help,
    Test(test::Options),
    Web,
    Journeys(Vec<String>),
    Pictures,
    Ci,
    Bench(Vec<String>),
}

impl Command {
    fn parse(arguments: &[String]) -> Result<Self, String> {
        let Some((name, rest)) = arguments.split_first() else {
            return Ok(Self::Help);
        };
        let before_tests = rest.iter().take_while(|argument| *argument != "--");
        if before_tests
            .into_iter()
            .any(|argument| argument == "--help" || argument == "-h")
        {
            return Ok(Self::Help);
        }
        match name.as_str() {
            "help" | "--help" | "-h" => Ok(Self::Help),
            "test" => test::Options::parse(rest).map(Self::Test),
            "bench" => Ok(Self::Bench(rest.to_vec())),
            "journeys" => match rest.split_first() {
                None => Ok(Self::Journeys(Vec::new())),
                Some((dashes, words)) if dashes == "--" => Ok(Self::Journeys(words.to_vec())),
                Some(_) => Err("`journeys` takes Playwright's arguments after `--`".to_owned()),
            },
            "ci" | "web" | "pictures" if !rest.is_empty() => Err(format!(
                "`{name}` takes no arguments, and was given `{}`",
                rest.join(" ")
            )),
            "ci" => Ok(Self::Ci),
            "web" => Ok(Self::Web),
            "pictures" => Ok(Self::Pictures),
            other => Err(format!("there is no command `{other}`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        let arguments: Vec<String> = line.split_whitespace().map(Into::into).collect();
        Command::parse(&arguments)
    }

    #[test]
    fn help_is_shown_when_asked_for_and_when_nothing_is_asked() {
        for line in ["", "help", "--help", "-h", "test --help", "ci -h"] {
            assert_eq!(parse(line), Ok(Command::Help), "for `{line}`");
        }
    }

    #[test]
    fn help_after_two_dashes_is_for_the_tests() {
        assert!(matches!(parse("test -- --help"), Ok(Command::Test(_))));
    }

    #[test]
    fn words_after_two_dashes_are_playwrights() {
        let words = vec!["buy".to_owned(), "--project=phone".to_owned()];
        let line = "journeys -- buy --project=phone";
        assert_eq!(parse(line), Ok(Command::Journeys(words)));
        assert!(parse("journeys buy").is_err_and(|reason| reason.contains("`--`")));
    }

    #[test]
    fn unknown_commands_and_arguments_are_refused_by_name() {
        assert!(parse("tset").is_err_and(|reason| reason.contains("`tset`")));
        assert!(parse("ci --fast").is_err_and(|reason| reason.contains("`--fast`")));
    }
}

//! A server's program: where it may be, whether it is what it claims, and how to run it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use super::account::Account;
use crate::shell;

/// What to look for.
pub(super) struct Wanted {
    pub(super) name: &'static str,
    pub(super) programs: &'static [&'static str],
    /// Programs that have to be beside it.
    pub(super) beside: &'static [&'static str],
    /// The output of `--version` contains one of these.
    pub(super) says: &'static [&'static str],
    /// Packages of Debian and Ubuntu that hold it, the smallest first.
    pub(super) packages: &'static [&'static str],
    /// How a person installs it.
    pub(super) advice: &'static str,
}

/// A program that has been run and is what we want.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    pub(super) version: String,
    /// Folders of the shared libraries fetched with it; empty when it is installed.
    libraries: Vec<PathBuf>,
}

impl Program {
    /// The first of the system's own programs that proves to be `wanted`.
    pub(super) fn installed(wanted: &Wanted, account: Option<Account>) -> Result<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path).chain(folders_in(Path::new("/")));
        first(wanted, account, folders, &[])
    }

    /// The program in a folder that packages were unpacked into.
    pub(super) fn unpacked(wanted: &Wanted, account: Option<Account>, root: &Path) -> Result<Self> {
        first(
            wanted,
            account,
            folders_in(root).into_iter(),
            &libraries_in(root),
        )
    }

    fn verify(
        wanted: &Wanted,
        account: Option<Account>,
        path: &Path,
        libraries: &[PathBuf],
    ) -> Result<Self> {
        let (path, libraries) = (follow(path)?, libraries.to_vec());
        let mut program = Self {
            path,
            version: String::new(),
            libraries,
        };
        let mut command = program.command();
        command.arg("--version").current_dir("/");
        if let Some(account) = account {
            account.run(&mut command);
        }
        let said = shell::capture(&mut command)?;
        if !wanted.says.iter().any(|words| said.contains(words)) {
            bail!("{} is not {}", program.path.display(), wanted.name);
        }
        let mut beside = wanted.beside.iter();
        if let Some(name) = beside.find(|name| !program.path.with_file_name(name).exists()) {
            bail!("{} has no {name} beside it", program.path.display());
        }
        program.version = version_in(&said)
            .context("it does not tell its version")?
            .into();
        Ok(program)
    }

    /// A command that runs it.
    pub(super) fn command(&self) -> Command {
        self.command_of(&self.path)
    }

    /// A command that runs a program beside it.
    pub(super) fn sibling(&self, name: &str) -> Command {
        self.command_of(&self.path.with_file_name(name))
    }

    fn command_of(&self, path: &Path) -> Command {
        let mut command = Command::new(path);
        // What cargo says of its own libraries is not for a server.
        command.env_remove("LD_LIBRARY_PATH");
        if let Ok(folders) = std::env::join_paths(&self.libraries)
            && !folders.is_empty()
        {
            command.env("LD_LIBRARY_PATH", folders);
        }
        command
    }

    /// The folder it is installed under: `/usr` for `/usr/sbin/mariadbd`.
    pub(super) fn prefix(&self) -> &Path {
        self.path
            .parent()
            .and_then(Path::parent)
            .unwrap_or(Path::new("/"))
    }
}

fn first(
    wanted: &Wanted,
    account: Option<Account>,
    folders: impl Iterator<Item = PathBuf>,
    libraries: &[PathBuf],
) -> Result<Program> {
    let mut refusal = anyhow!("there is no {}", wanted.programs.join(" and no "));
    for folder in folders {
        for path in wanted
            .programs
            .iter()
            .map(|name| folder.join(name))
            .filter(|it| it.exists())
        {
            match Program::verify(wanted, account, &path, libraries) {
                Ok(program) => return Ok(program),
                Err(error) => refusal = error.context(path.display().to_string()),
            }
        }
    }
    Err(refusal)
}

/// The file behind a link: the programs and files that belong to it are beside that one. But a link
/// from another name is the program under that name: Debian's `redis-server` is a link to
/// `redis-check-rdb`, which looks at how it was called.
fn follow(path: &Path) -> Result<PathBuf> {
    let real = path.canonicalize()?;
    Ok(if real.file_name() == path.file_name() {
        real
    } else {
        path.to_path_buf()
    })
}

/// Where packages put servers, outside an ordinary user's PATH too.
fn folders_in(root: &Path) -> Vec<PathBuf> {
    let postgres = root.join("usr/lib/postgresql");
    let mut versions: Vec<PathBuf> = entries(&postgres);
    versions.sort_by_key(|folder| std::cmp::Reverse(major_version(folder)));
    let mut folders: Vec<PathBuf> = versions.iter().map(|folder| folder.join("bin")).collect();
    folders.extend(["usr/sbin", "usr/bin"].map(|folder| root.join(folder)));
    folders
}

/// `lib` and the folders of this machine's architecture in it, such as `lib/x86_64-linux-gnu`.
fn libraries_in(root: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for library in ["usr/lib", "lib"].map(|folder| root.join(folder)) {
        let all = entries(&library).into_iter();
        folders.extend(all.filter(|folder| folder.to_string_lossy().contains("-linux-")));
        folders.push(library);
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn major_version(folder: &Path) -> Option<u32> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// `15.18` in `postgres (PostgreSQL) 15.18`, `7.0.15` in `Redis server v=7.0.15 sha=0`.
fn version_in(said: &str) -> Option<&str> {
    let mut words = said
        .split_whitespace()
        .map(|word| word.strip_prefix("v=").unwrap_or(word));
    let word = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    let end = word
        .find(|one: char| !one.is_ascii_digit() && one != '.')
        .unwrap_or(word.len());
    Some(&word[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_each_server_writes_them() {
        let said = [
            (
                "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)",
                Some("15.18"),
            ),
            ("postgres (PostgreSQL) 19beta1", Some("19")),
            (
                "mariadbd  Ver 10.11.14-MariaDB-0+deb12u2 for debian-linux-gnu",
                Some("10.11.14"),
            ),
            (
                "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0",
                Some("7.0.15"),
            ),
            ("usage: postgres", None),
        ];
        for (line, version) in said {
            assert_eq!(version_in(line), version, "in `{line}`");
        }
    }

    #[test]
    fn the_newest_postgresql_is_looked_at_first_by_number_not_by_letter() {
        let root = std::env::temp_dir().join(format!("adyton-xtask-{}", std::process::id()));
        for version in ["9", "15", "16", "common"] {
            let folder = root.join("usr/lib/postgresql").join(version);
            std::fs::create_dir_all(folder).expect("the temporary folder is writable");
        }
        let folders = folders_in(&root);
        std::fs::remove_dir_all(&root).expect("it was made above");
        let order = ["16", "15", "9", "common"].map(|it| root.join("usr/lib/postgresql").join(it));
        assert_eq!(folders[..4], order.map(|folder| folder.join("bin")));
    }

    #[test]
    fn a_program_that_only_has_the_name_is_not_believed() {
        let wanted = Wanted {
            name: "PostgreSQL",
            programs: &["echo"],
            beside: &[],
            says: &["(PostgreSQL)"],
            packages: &[],
            advice: "",
        };
        let refusal = Program::installed(&wanted, None).expect_err("it is not PostgreSQL");
        assert!(
            format!("{refusal:#}").contains("is not PostgreSQL"),
            "{refusal:#}"
        );
    }
}

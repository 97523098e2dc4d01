//! Packages of Debian and Ubuntu, unpacked into a folder of ours: nothing is installed, and root is
//! not needed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;

/// Unpacks the first of `alternatives` that can be had, with what it needs, into `root`.
pub(super) fn fetch(alternatives: &[&str], root: &Path) -> Result<()> {
    for tool in ["apt-get", "dpkg"] {
        if shell::capture(Command::new(tool).arg("--version")).is_err() {
            bail!("this system has no {tool}, so there is nothing to fetch from");
        }
    }
    // Of this run alone until it is whole: two runs may fetch at once, and either may be ended.
    let draft = root.with_extension(std::process::id().to_string());
    clear(&draft)?;
    let done = download(alternatives, &draft).and_then(|debs| unpack(&debs, &draft));
    if done.is_ok() {
        clear(root)?;
        std::fs::rename(draft.join("root"), root)
            .with_context(|| format!("cannot make {}", root.display()))?;
    }
    clear(&draft)?;
    done
}

fn download(alternatives: &[&str], draft: &Path) -> Result<Vec<PathBuf>> {
    let debs = draft.join("debs");
    std::fs::create_dir_all(&debs).with_context(|| format!("cannot make {}", debs.display()))?;
    let system = Apt {
        settings: Vec::new(),
    };
    if system.download_any(alternatives, &debs).is_err() {
        // The system's package lists are missing, as in most container images, or out of date.
        println!("    reading the package lists (into a folder of ours)");
        let own = Apt::with_own_lists(draft)?;
        shell::capture(own.command("update").arg("-qq"))?;
        own.download_any(alternatives, &debs)?;
    }
    let files = std::fs::read_dir(&debs)?.flatten().map(|file| file.path());
    Ok(files
        .filter(|file| file.extension().is_some_and(|it| it == "deb"))
        .collect())
}

fn unpack(debs: &[PathBuf], draft: &Path) -> Result<()> {
    let root = draft.join("root");
    std::fs::create_dir_all(&root)?;
    for deb in debs {
        shell::capture(Command::new("dpkg").arg("-x").arg(deb).arg(&root))?;
    }
    Ok(())
}

fn clear(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// `apt-get`, with the system's package lists or with our own.
struct Apt {
    settings: Vec<String>,
}

impl Apt {
    fn with_own_lists(draft: &Path) -> Result<Self> {
        let (lists, cache) = (draft.join("lists"), draft.join("cache"));
        std::fs::create_dir_all(lists.join("partial"))?;
        std::fs::create_dir_all(cache.join("archives/partial"))?;
        let settings = vec![
            format!("Dir::State::Lists={}", lists.display()),
            format!("Dir::Cache={}", cache.display()),
            // Root's apt fetches as a user of its own, who may not enter our folder.
            "APT::Sandbox::User=".into(),
        ];
        Ok(Self { settings })
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new("apt-get");
        command
            .env("LC_ALL", "C")
            .args(["-o", "Debug::NoLocking=1"]);
        for setting in &self.settings {
            command.args(["-o", setting]);
        }
        command.arg(verb);
        command
    }

    fn download_any(&self, alternatives: &[&str], into: &Path) -> Result<()> {
        let mut reasons = Vec::new();
        for package in alternatives {
            match self.download(package, into) {
                Ok(()) => return Ok(()),
                Err(error) => reasons.push(format!("{error:#}")),
            }
        }
        bail!(reasons.join("\n"))
    }

    fn download(&self, package: &str, into: &Path) -> Result<()> {
        let mut ask = self.command("install");
        ask.args(["--print-uris", "-qq", "--no-install-recommends", package]);
        let needed = parse_uris(&shell::capture(&mut ask)?);
        if needed.is_empty() {
            bail!("{package} is installed, and its server is in none of the usual places");
        }
        let size = needed
            .iter()
            .map(|package| package.size)
            .sum::<u64>()
            .div_ceil(1_000_000);
        println!(
            "    fetching {package}: {} packages, {size} MB",
            needed.len()
        );
        let names = needed
            .iter()
            .map(|package| format!("{}={}", package.name, package.version));
        shell::capture(
            self.command("download")
                .arg("-qq")
                .args(names)
                .current_dir(into),
        )?;
        Ok(())
    }
}

/// A package that is not on this system.
#[derive(Debug, PartialEq)]
struct Package {
    name: String,
    version: String,
    size: u64,
}

/// Reads `apt-get install --print-uris`: `'http://…' redis-server_5%3a7.0.15-1_amd64.deb 73392 …`.
fn parse_uris(printed: &str) -> Vec<Package> {
    printed.lines().filter_map(parse_uri).collect()
}

fn parse_uri(line: &str) -> Option<Package> {
    let mut words = line.strip_prefix('\'')?.split_once("' ")?.1.split(' ');
    let (file, size) = (words.next()?, words.next()?);
    let mut parts = file.strip_suffix(".deb")?.split('_');
    let (name, version) = (parts.next()?, parts.next()?);
    // The colon of a version's epoch is the one character apt writes otherwise in a file's name.
    let version = version.replace("%3a", ":");
    Some(Package {
        name: name.into(),
        version,
        size: size.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_read_from_what_apt_prints() {
        let printed = "'http://mirror/pool/r/redis-server_7.0.15-1%7edeb12u7_amd64.deb' \
             redis-server_5%3a7.0.15-1~deb12u7_amd64.deb 73392 \n\
             NOTE: a word to the person\n\
             'http://mirror/pool/m/mysql-common_5.8%2b1.1.0_all.deb' \
             mysql-common_5.8+1.1.0_all.deb 6636 MD5Sum:2cf95538b4e438afdcce35dac5ccac1f\n";
        let package = |name: &str, version: &str, size| Package {
            name: name.into(),
            version: version.into(),
            size,
        };
        let expected = [
            package("redis-server", "5:7.0.15-1~deb12u7", 73392),
            package("mysql-common", "5.8+1.1.0", 6636),
        ];
        assert_eq!(parse_uris(printed), expected);
        assert_eq!(parse_uris(""), []);
    }
}

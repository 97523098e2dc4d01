//! The unprivileged account that PostgreSQL runs under when we are root, as it refuses to be root.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::ground::Ground;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// `nobody` for root, and for everybody else nothing: they are unprivileged already.
    pub(super) fn unprivileged(ground: &Ground) -> Result<Option<Self>> {
        if !ground.is_ours_by_root()? {
            return Ok(None);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        let nobody = Self::find("nobody", &accounts).context(
            "PostgreSQL does not run as root, and there is no user `nobody` to run it: \
             make one, or run the tests as an ordinary user",
        )?;
        Ok(Some(nobody))
    }

    fn find(name: &str, accounts: &str) -> Option<Self> {
        let mut lines = accounts
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        lines.find_map(|fields| match fields[..] {
            [user, _, id, group, ..] if user == name => Some(Self {
                user: id.parse().ok()?,
                group: group.parse().ok()?,
            }),
            _ => None,
        })
    }

    pub(super) fn own(self, folder: &Path) -> Result<()> {
        std::os::unix::fs::chown(folder, Some(self.user), Some(self.group))
            .with_context(|| format!("cannot give {} to another user", folder.display()))
    }

    pub(super) fn run(self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nnobody2:x:7:7::/:\n\
                        nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
        let nobody = Account {
            user: 65534,
            group: 65533,
        };
        assert_eq!(Account::find("nobody", accounts), Some(nobody));
        assert_eq!(Account::find("postgres", accounts), None);
    }
}

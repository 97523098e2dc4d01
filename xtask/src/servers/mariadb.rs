//! MariaDB with one user, `adyton`, who may make and drop any database.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::ground::Ground;
use super::obtain::obtain;
use super::process::{self, Server};
use super::program::{Program, Wanted};
use crate::shell;

const WANTED: Wanted = Wanted {
    name: "MariaDB",
    programs: &["mariadbd", "mysqld"],
    beside: &[],
    says: &["MariaDB"],
    packages: &["mariadb-server-core", "mariadb-server"],
    advice: "apt-get install mariadb-server (Debian, Ubuntu), dnf install mariadb-server (Fedora), \
             brew install mariadb (macOS)",
};

const SERVER: Server = Server {
    name: "MariaDB",
    ready: "ready for connections",
    stop: "KILL",
};

const USER: &str = "\
CREATE DATABASE adyton;
CREATE USER 'adyton'@'%' IDENTIFIED BY 'adyton';
GRANT ALL PRIVILEGES ON *.* TO 'adyton'@'%' WITH GRANT OPTION;
";

/// The scripts that make the system's own tables. Since 11 they carry the new name.
const SCRIPTS: [&str; 3] = ["system_tables", "performance_tables", "system_tables_data"];

pub(super) fn start(ground: &mut Ground) -> Result<String> {
    let program = obtain(&WANTED, None, ground)?;
    let installation = Installation {
        share: share(program.prefix())?,
        program,
        folder: ground.folder().join("mariadb"),
        runs_as_root: ground.is_ours_by_root()?,
    };
    installation.initialise()?;
    let port = process::start(ground, &SERVER, |port| installation.server(port))?;
    Ok(format!("mysql://adyton:adyton@127.0.0.1:{port}/adyton"))
}

/// Where its scripts and messages are: the folder has the old name or the new.
fn share(prefix: &Path) -> Result<PathBuf> {
    let places = ["share/mysql", "share/mariadb"].map(|folder| prefix.join(folder));
    places
        .into_iter()
        .find(|place| script(place, SCRIPTS[0]).is_some())
        .with_context(|| format!("MariaDB's scripts are not in {}/share", prefix.display()))
}

fn script(share: &Path, name: &str) -> Option<PathBuf> {
    let names = ["mysql", "mariadb"].map(|prefix| share.join(format!("{prefix}_{name}.sql")));
    names.into_iter().find(|path| path.is_file())
}

struct Installation {
    program: Program,
    share: PathBuf,
    folder: PathBuf,
    runs_as_root: bool,
}

impl Installation {
    fn initialise(&self) -> Result<()> {
        std::fs::create_dir_all(self.folder.join("data"))?;
        std::fs::create_dir_all(self.folder.join("tmp"))?;
        std::fs::write(self.folder.join("user.sql"), USER)?;

        let mut sql = String::from("CREATE DATABASE mysql;\nUSE mysql;\n");
        for name in SCRIPTS {
            let path = script(&self.share, name)
                .with_context(|| format!("{name}.sql is not in {}", self.share.display()))?;
            sql += &std::fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
        }
        let bootstrap = self.folder.join("bootstrap.sql");
        std::fs::write(&bootstrap, sql)?;

        let mut command = self.command();
        command.arg("--bootstrap").stdin(File::open(&bootstrap)?);
        let output = command.output().context("cannot start MariaDB")?;
        shell::finish(&command, &output).map(drop)
    }

    fn server(&self, port: u16) -> Command {
        let mut command = self.command();
        command.arg(format!("--port={port}")).args([
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--max-connections=500",
            "--performance-schema=off",
        ]);
        for (option, file) in [
            ("socket", "socket"),
            ("pid-file", "pid"),
            ("init-file", "user.sql"),
        ] {
            command.arg(self.option(option, file));
        }
        command
    }

    fn command(&self) -> Command {
        let mut command = self.program.command();
        // First, as it has to be: the machine's own settings are not for us.
        command.arg("--no-defaults");
        if self.runs_as_root {
            command.arg("--user=root");
        }
        command
            .arg(self.option("datadir", "data"))
            .arg(self.option("tmpdir", "tmp"));
        command.arg(format!("--lc-messages-dir={}", self.share.display()));
        let plugins = self.program.prefix().join("lib/mysql/plugin");
        if plugins.is_dir() {
            command.arg(format!("--plugin-dir={}", plugins.display()));
        }
        // utf8mb4 is Debian's own setting; and nothing here has to survive the machine.
        command.args([
            "--character-set-server=utf8mb4",
            "--skip-log-bin",
            "--innodb-buffer-pool-size=64M",
            "--innodb-log-file-size=16M",
            "--innodb-flush-log-at-trx-commit=0",
        ]);
        command
    }

    fn option(&self, name: &str, file: &str) -> String {
        format!("--{name}={}", self.folder.join(file).display())
    }
}

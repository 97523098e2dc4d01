//! Redis, or Valkey where that took its place, with nothing kept on disk.

use anyhow::Result;

use super::ground::Ground;
use super::obtain::obtain;
use super::process::{self, Server};
use super::program::Wanted;

const WANTED: Wanted = Wanted {
    name: "Redis",
    programs: &["redis-server", "valkey-server"],
    beside: &[],
    says: &["Redis server", "Valkey server"],
    packages: &["redis-server", "valkey-server"],
    advice: "apt-get install redis-server (Debian, Ubuntu), dnf install valkey (Fedora), \
             brew install redis (macOS)",
};

const SERVER: Server = Server {
    name: "Redis",
    ready: "Ready to accept connections",
    stop: "KILL",
};

pub(super) fn start(ground: &mut Ground) -> Result<String> {
    let program = obtain(&WANTED, None, ground)?;
    let folder = ground.folder().join("redis");
    std::fs::create_dir_all(&folder)?;
    let port = process::start(ground, &SERVER, |port| {
        let mut command = program.command();
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
        command
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(&folder);
        command
    })?;
    Ok(format!("redis://127.0.0.1:{port}"))
}

//! The temporary folder the servers live in, and the keeper that clears it whatever happens.
//!
//! The keeper is a small shell that outlives us on purpose. It holds one end of a pipe; when we
//! end, in whatever way (done, a panic, Ctrl-C, even `kill -9`), the pipe closes, and it ends the
//! servers and removes the folder. A signal handler would need `unsafe` or a dependency, and would
//! not be told of a `kill -9`. The servers have process groups of their own, so that Ctrl-C at the
//! terminal reaches the tests first, and the servers by the keeper alone.

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, Result, bail};

/// Each line replaces the last and names the servers that run: `QUIT:123 KILL:456`.
const KEEPER: &str = r#"
trap '' HUP INT QUIT TERM
PATH=$PATH:/usr/bin:/bin
servers=
while read -r line; do servers=$line; done
for server in $servers; do
    kill -s "${server%:*}" "${server#*:}"
done
for server in $servers; do
    pid=${server#*:} patience=50
    while kill -0 "$pid" && [ "$patience" -gt 0 ]; do
        sleep 0.1
        patience=$((patience - 1))
    done
    kill -s KILL "$pid"
done
rm -rf -- "$1"
"#;

pub(super) struct Ground {
    folder: PathBuf,
    keeper: Child,
    /// Closing it is the keeper's signal.
    pipe: Option<ChildStdin>,
    servers: Vec<(&'static str, Child)>,
}

impl Ground {
    pub(super) fn prepare() -> Result<Self> {
        let folder = make_folder()?;
        let mut keeper = Command::new("/bin/sh")
            .args(["-c", KEEPER, "keeper"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .context("cannot start /bin/sh")?;
        let pipe = keeper.stdin.take();
        Ok(Self {
            folder,
            keeper,
            pipe,
            servers: Vec::new(),
        })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether we are root: what root makes belongs to user 0.
    pub(super) fn is_ours_by_root(&self) -> Result<bool> {
        Ok(self.folder.metadata()?.uid() == 0)
    }

    /// Gives a server into the keeper's hands, with the signal that ends it.
    pub(super) fn keep(&mut self, signal: &'static str, server: Child) -> Result<()> {
        self.servers.push((signal, server));
        self.tell_keeper()
    }

    /// The server taken in last.
    pub(super) fn newest(&mut self) -> Option<&mut Child> {
        self.servers.last_mut().map(|(_, server)| server)
    }

    /// Forgets the server taken in last, which has ended: its number may soon be another's.
    pub(super) fn forget_newest(&mut self) -> Result<()> {
        self.servers.pop();
        self.tell_keeper()
    }

    fn tell_keeper(&mut self) -> Result<()> {
        let words: Vec<String> = self
            .servers
            .iter()
            .map(|(signal, server)| format!("{signal}:{}", server.id()))
            .collect();
        let Some(pipe) = &mut self.pipe else {
            bail!("the keeper of the test servers is gone")
        };
        writeln!(pipe, "{}", words.join(" ")).context("the keeper of the test servers is gone")
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // The keeper waits until they are gone, and they are not before we have taken note of it.
        for (_, server) in &mut self.servers {
            let _ = server.wait();
        }
        let _ = self.keeper.wait();
    }
}

/// In the system's temporary folder: a database server's own user must be able to reach it, and
/// often may not enter the folder this checkout is in.
fn make_folder() -> Result<PathBuf> {
    let place = std::env::temp_dir();
    for attempt in 0..100 {
        let folder = place.join(format!("adyton-test-{}-{attempt}", std::process::id()));
        match std::fs::DirBuilder::new().mode(0o711).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(error).with_context(|| format!("cannot make {}", folder.display()));
            }
        }
    }
    bail!(
        "{} is full of folders of ended runs: remove adyton-test-*",
        place.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_the_ground_ends_its_servers_and_removes_the_folder() {
        let mut ground = Ground::prepare().expect("a temporary folder");
        // Its name is free again at once for another test, so look for what is in it.
        let data = ground.folder().join("kept-by-the-first");
        std::fs::write(&data, "x").expect("the folder is ours");
        let server = Command::new("sleep")
            .arg("600")
            .spawn()
            .expect("sleep is everywhere");
        let id = server.id().to_string();
        ground.keep("TERM", server).expect("the keeper lives");
        drop(ground);

        assert!(!data.exists());
        let alive = Command::new("/bin/sh")
            .args(["-c", "kill -0 \"$1\"", "sh", &id])
            .output();
        assert!(!alive.expect("a shell").status.success());
    }
}

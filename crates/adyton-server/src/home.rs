//! `./.adyton/`: what `adyton dev` keeps between two starts, for this user's eyes only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use adyton::{Keys, Secret};
use anyhow::{Context as _, bail};

use crate::output::Wrong;

const FOLDER: &str = ".adyton";

/// The database of `adyton dev`.
pub const DATABASE: &str = ".adyton/adyton.db";

/// Its address.
pub fn database_url() -> String {
    format!("sqlite://{DATABASE}")
}

/// Makes the folder if it is missing, out of others' sight and out of version control.
pub fn make() -> anyhow::Result<()> {
    if Path::new(FOLDER).is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(FOLDER)
        .with_context(|| format!("the folder ./{FOLDER} cannot be made"))?;
    fs::write(Path::new(FOLDER).join(".gitignore"), "*\n")?;
    Ok(())
}

/// The key of this folder, made the first time.
pub fn key() -> anyhow::Result<Secret<String>> {
    make()?;
    let path = path("key");
    let kept = Keys::kept_in(&path);
    let key = kept.with_context(|| format!("{} cannot be read or made", path.display()))?;
    if let Err(error) = Keys::parse(key.expose(), &[]) {
        let problem = format!("{}: {error}; or delete the file", path.display());
        bail!(Wrong(problem));
    }
    Ok(key)
}

/// What a file of the folder holds.
pub fn read(name: &str) -> anyhow::Result<Option<Secret<String>>> {
    let path = path(name);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(Secret::new(text.trim().to_owned()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

/// Writes a file of the folder, whole or not at all.
pub fn write(name: &str, secret: &Secret<String>) -> anyhow::Result<()> {
    make()?;
    let path = path(name);
    let unfinished = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&unfinished).and_then(|mut file| {
        writeln!(file, "{}", secret.expose())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&unfinished, &path))
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(name)
}

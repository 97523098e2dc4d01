//! A key that a program keeps beside itself, where nobody configured one.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::keys::Keys;
use super::secret::Secret;

impl Keys {
    /// The key in a file, made the first time and readable by this system user alone: for
    /// development, and for hosts on one machine. Two processes that start at once get the same.
    ///
    /// # Errors
    /// When the file can be neither read nor made.
    pub fn kept_in(file: impl AsRef<Path>) -> io::Result<Secret<String>> {
        let file = file.as_ref();
        if !file.exists() {
            make(file)?;
        }
        let text = fs::read_to_string(file)?;
        Ok(Secret::new(text.trim().to_owned()))
    }
}

/// Written beside and then linked: it is there whole or not at all, and the first one stays.
fn make(file: &Path) -> io::Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.exists()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let unfinished = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&unfinished)?;
    let key = Secret::new(Keys::generate());
    writeln!(written, "{}", key.expose())?;
    written.sync_all()?;
    let linked = fs::hard_link(&unfinished, file);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_key_is_made_once_and_for_its_owner_alone() {
        let folder = std::env::temp_dir().join(format!("adyton-kept-key-{}", std::process::id()));
        let file = folder.join(".adyton/key");
        let first = Keys::kept_in(&file).expect("it can be made");
        let again = Keys::kept_in(&file).expect("it can be read");
        assert_eq!(first.expose(), again.expose());
        Keys::parse(first.expose(), &[]).expect("it is a key");
        let kept = fs::read_dir(folder.join(".adyton")).expect("the folder");
        assert_eq!(kept.count(), 1, "nothing unfinished is left");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| {
                fs::metadata(path)
                    .expect("it is there")
                    .permissions()
                    .mode()
            };
            assert_eq!(mode(&file) & 0o777, 0o600);
            assert_eq!(mode(&folder.join(".adyton")) & 0o777, 0o700);
        }
        fs::remove_dir_all(folder).expect("it can be removed");
    }
}

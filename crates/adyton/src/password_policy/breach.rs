//! Whether a password is among those that leaked somewhere: in a file, or at a service that is not
//! told which one it is.

mod file;
mod service;

use std::io;
use std::path::Path;

use sha1::{Digest as _, Sha1};

use crate::config::{BreachCheck, Passwords};
use crate::crypto::secret::{Secret, hex};

/// Why nobody knows. It goes to the log: nothing of the password and its hash is in it.
#[derive(Debug, thiserror::Error)]
enum Unknown {
    #[error("passwords.breach_file cannot be read: {0}")]
    File(#[from] io::Error),
    #[error("passwords.breach_url cannot be asked: {0}")]
    Service(#[source] reqwest::Error),
    #[error("passwords.breach_url answered {0}")]
    Status(u16),
    #[error("what was read has another form than a list of hashes")]
    Rubbish,
    #[error("it took longer than passwords.breach_timeout")]
    Late,
    #[error("{0}")]
    Broken(String),
}

impl From<reqwest::Error> for Unknown {
    /// The address that was asked ends in the first digits of the hash.
    fn from(error: reqwest::Error) -> Self {
        Self::Service(error.without_url())
    }
}

/// Whether a composed password leaked. Where nobody can say, it did not: a service that is down
/// must not keep people from registering.
pub(super) async fn has_leaked(passwords: &Passwords, normalized: &Secret<String>) -> bool {
    if passwords.breach_check == BreachCheck::Off {
        return false;
    }
    let hash = hash(normalized);
    let found = tokio::time::timeout(passwords.breach_timeout, find(passwords, hash)).await;
    match found.unwrap_or(Err(Unknown::Late)) {
        Ok(has_leaked) => has_leaked,
        Err(error) => {
            tracing::warn!(%error, "a new password was not looked up among those that leaked");
            false
        }
    }
}

async fn find(passwords: &Passwords, hash: Secret<String>) -> Result<bool, Unknown> {
    match (passwords.breach_check, &passwords.breach_file) {
        (BreachCheck::Off, _) | (BreachCheck::File, None) => Ok(false),
        (BreachCheck::File, Some(path)) => {
            let path = path.clone();
            let found =
                tokio::task::spawn_blocking(move || file::holds(Path::new(&path), hash.expose()));
            found
                .await
                .unwrap_or_else(|error| Err(Unknown::Broken(error.to_string())))
        }
        (BreachCheck::Service, _) => service::knows(&passwords.breach_url, hash.expose()).await,
    }
}

/// SHA-1 in forty upper-case digits. It protects nothing here: the lists that leaked are kept so.
fn hash(normalized: &Secret<String>) -> Secret<String> {
    let digest = Sha1::digest(normalized.expose().as_bytes());
    let mut digits = hex(&digest);
    digits.make_ascii_uppercase();
    Secret::new(digits)
}

/// A line of `digits` digits, and how often it was seen where that stands behind a colon. Padding
/// was never seen.
fn line(text: &str, digits: usize) -> Result<(&str, u64), Unknown> {
    let text = text.trim_end_matches(['\r', '\n']);
    let (hash, count) = match text.split_once(':') {
        Some((hash, count)) => (hash, count.trim().parse().map_err(|_| Unknown::Rubbish)?),
        None => (text, 1),
    };
    if hash.len() == digits && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok((hash, count))
    } else {
        Err(Unknown::Rubbish)
    }
}

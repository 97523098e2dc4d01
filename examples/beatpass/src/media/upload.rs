//! A file that has come whole and is kept as soon as a row names it.

use adyton::Secret;

use super::kind::Role;
use super::store::Media;

/// Random letters and digits of a key: nobody guesses the file of an unpublished track.
const NAME: usize = 24;

/// A file that no row names yet. It is removed unless it is [kept](Upload::keep): whatever ends the
/// request before, a refusal or a fault, leaves nothing behind.
#[derive(Debug)]
pub struct Upload {
    media: Media,
    key: Option<String>,
    /// How long the recording is, where it says so.
    pub seconds: Option<i64>,
}

impl Upload {
    pub(super) fn new(media: &Media, key: String, seconds: Option<i64>) -> Self {
        Self {
            media: media.clone(),
            key: Some(key),
            seconds,
        }
    }

    /// What a row names it by.
    pub fn key(&self) -> Option<String> {
        self.key.clone()
    }

    /// A row names it now.
    pub fn keep(mut self) {
        self.key = None;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let media = self.media.clone();
            tokio::spawn(async move { media.remove([key]).await });
        }
    }
}

/// A name that no file has had.
pub fn fresh_key(role: Role, extension: &str) -> String {
    let name = Secret::random(NAME);
    format!("{}/{}.{extension}", role.folder(), name.expose())
}

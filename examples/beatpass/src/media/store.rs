//! Where files are kept: on this machine's disk or in an S3 bucket, as `BEATPASS_MEDIA` says.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::local::LocalFileSystem;

/// The variable that says where: `file:PATH` or `s3://bucket/prefix`.
const VARIABLE: &str = "BEATPASS_MEDIA";

/// Where they are without it.
const DEFAULT: &str = "file:.beatpass/media";

/// The place where files are kept. Clones share it.
#[derive(Clone, Debug)]
pub struct Media {
    store: Arc<dyn ObjectStore>,
}

impl Media {
    /// The place that the environment names.
    ///
    /// # Errors
    /// When it names none, or one that cannot be used; it says why.
    pub fn from_environment() -> Result<Self, String> {
        let place = std::env::var(VARIABLE).unwrap_or_else(|_| DEFAULT.to_owned());
        Self::at(&place).map_err(|error| format!("{VARIABLE}={place}: {error}"))
    }

    fn at(place: &str) -> Result<Self, String> {
        let Some(folder) = place.strip_prefix("file:") else {
            return Err("say file:PATH or s3://bucket/prefix".to_owned());
        };
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| error.to_string())?;
        Ok(Self {
            store: Arc::new(store),
        })
    }
}

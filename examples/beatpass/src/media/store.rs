//! Where files are kept: on this machine's disk or in an S3 bucket, as `BEATPASS_MEDIA` says.

use std::sync::Arc;

use adyton::{Error, Result};
use axum::body::Bytes;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt as _};
use object_store::{PutPayload, WriteMultipart};

use super::s3;

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
    pub fn from_environment() -> std::result::Result<Self, String> {
        let place = std::env::var(VARIABLE).unwrap_or_else(|_| DEFAULT.to_owned());
        Self::at(&place).map_err(|error| format!("{VARIABLE}={place}: {error}"))
    }

    fn at(place: &str) -> std::result::Result<Self, String> {
        let store: Arc<dyn ObjectStore> = if let Some(folder) = place.strip_prefix("file:") {
            std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
            let disk = LocalFileSystem::new_with_prefix(folder);
            // What was acknowledged outlives a power cut.
            Arc::new(disk.map_err(|error| error.to_string())?.with_fsync(true))
        } else if let Some(rest) = place.strip_prefix("s3://") {
            let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let bucket = s3::bucket(name).map_err(|error| error.to_string())?;
            Arc::new(PrefixStore::new(bucket, Path::from(prefix)))
        } else {
            return Err("say file:PATH or s3://bucket/prefix".to_owned());
        };
        Ok(Self { store })
    }

    /// Keeps a small file that is whole already.
    ///
    /// # Errors
    /// When the place cannot be written.
    pub async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<()> {
        let payload = PutPayload::from(Bytes::from(bytes));
        let put = self.store.put(&Path::from(key), payload).await;
        put.map(drop).map_err(trouble)
    }

    /// Begins a file that comes in parts.
    pub(super) async fn begin(&self, key: &str) -> Result<WriteMultipart> {
        let upload = self.store.put_multipart(&Path::from(key)).await;
        Ok(WriteMultipart::new(upload.map_err(trouble)?))
    }

    /// How many bytes a file has.
    pub(super) async fn size(&self, key: &str) -> Result<u64> {
        let found = self.store.head(&Path::from(key)).await;
        Ok(found.map_err(trouble)?.size)
    }

    /// A file, or a part of it.
    pub(super) async fn get(&self, key: &str, range: Option<GetRange>) -> Result<GetResult> {
        let options = GetOptions {
            range,
            ..GetOptions::default()
        };
        let found = self.store.get_opts(&Path::from(key), options).await;
        found.map_err(trouble)
    }

    /// Removes files that nothing names any more. One that stays costs room and nothing else, so
    /// that it could not be removed is told to the log alone.
    pub async fn remove(&self, keys: impl IntoIterator<Item = String>) {
        for key in keys {
            match self.store.delete(&Path::from(key.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => tracing::warn!(%error, key, "a file could not be removed"),
            }
        }
    }
}

/// What went wrong, as a request is answered for it.
pub(super) fn trouble(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::NotFound,
        error => Error::unavailable(error),
    }
}

//! What is wrong with a request itself.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What makes a request unreadable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Malformed {
    /// The JSON text breaks off or is none, at this line and column.
    #[error("JSON, line {line}, column {column}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// A name stands twice in the JSON object.
    #[error("the JSON name `{0}` stands twice")]
    JsonDuplicate(String),
    /// The JSON text is not an object.
    #[error("not a JSON object")]
    JsonNotObject,
    /// Bytes that are not UTF-8.
    #[error("not UTF-8")]
    Utf8,
    /// A multipart body that cannot be split, or names no boundary.
    #[error("multipart")]
    Multipart,
    /// The body ended early or its connection broke.
    #[error("body")]
    Body,
}

/// A limit that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Throttled {
    /// The limit's name, such as `login`.
    pub limit: &'static str,
    /// Requests that it lets through in a window.
    pub max: u32,
    /// How long to wait.
    pub retry_after: Duration,
    /// When the window ends.
    pub resets_at: DateTime<Utc>,
}

impl Throttled {
    /// A limit that was reached.
    pub fn new(
        limit: &'static str,
        max: u32,
        retry_after: Duration,
        resets_at: DateTime<Utc>,
    ) -> Self {
        Self {
            limit,
            max,
            retry_after,
            resets_at,
        }
    }
}

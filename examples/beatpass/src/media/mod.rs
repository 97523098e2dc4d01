//! Media: the files that belong to tracks and albums, on a disk or in a bucket.
//!
//! `store.rs` is where they are, `receive.rs` how they come, `serve.rs` how they go. What a file is
//! says its content (`kind.rs`), and a name that its sender gave it is never used.

mod kind;
mod length;
mod receive;
pub mod refusals;
mod s3;
mod serve;
mod store;
mod upload;

pub use kind::Role;
pub use receive::{MOST_BYTES, Received};
pub use serve::{Asked, Freshness, version};
pub use store::Media;
pub use upload::fresh_key;

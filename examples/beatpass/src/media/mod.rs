//! Media: the files that belong to tracks and albums, on a disk or in a bucket.

mod store;

pub use store::Media;

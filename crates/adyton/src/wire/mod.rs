//! The only words: replies and errors as values, and the dialects that put them on the wire.
//!
//! A handler returns a [`Reply`] or an [`Error`](crate::Error). Both travel through the response
//! as values; the layer takes them out, outermost, and lets the dialect in force write the body.
//! This room is told everything it says: it never looks anything up.

mod ask;
mod edge;
mod envelope;
mod explain;
mod landing;
mod laravel;
mod letter;
mod overlay;
mod reply;
mod texts;

use axum::response::Response;

pub use ask::Ask;
pub(crate) use ask::Manners;
pub(crate) use edge::Outcome;
pub use envelope::Envelope;
pub(crate) use explain::explain;
pub use landing::{Landing, LandingField};
pub use laravel::Laravel;
pub(crate) use laravel::escaped;
pub(crate) use letter::{Letter, Notice, NoticeKind};
pub use overlay::Overlay;
pub use reply::{Admitted, Page, Reply};
pub(crate) use texts::Texts;

use crate::error::Error;

/// How Adyton speaks. Implement it, or lay an [`Overlay`] over one that exists.
pub trait Dialect: Send + Sync + 'static {
    /// The wire's name of one of our fields: `email` may be called `correo`.
    fn field<'a>(&'a self, name: &'a str) -> &'a str {
        name
    }

    /// Puts a success into words.
    fn reply(&self, reply: &Reply, ask: &Ask) -> Response;

    /// Puts a refusal or a failure into words.
    fn error(&self, error: &Error, ask: &Ask) -> Response;
}

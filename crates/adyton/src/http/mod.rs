//! How a request arrives: the layer around everything, the gates before a handler, the extractors
//! in it, and how Adyton's own routes are declared.

pub(crate) mod accept;
pub(crate) mod address;
pub(crate) mod caller;
pub(crate) mod client;
pub(crate) mod context;
pub(crate) mod cookies;
mod cors;
pub(crate) mod csrf;
mod dev_mail;
pub(crate) mod gate;
mod host_fields;
pub(crate) mod input;
mod language;
pub(crate) mod layer;
pub(crate) mod link_secret;
mod method_override;
pub(crate) mod origin;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod reader;
pub(crate) mod return_to;
pub(crate) mod route;
pub(crate) mod stateful;

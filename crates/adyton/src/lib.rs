//! First-party authentication for products that own their users.

mod admission;
mod adyton;
mod builder;
mod clock;
pub mod config;
mod core;
mod crypto;
pub mod db;
mod email;
mod error;
mod event;
mod features;
mod freshness;
mod guard;
mod http;
mod limit;
mod operator;
mod route_table;
mod serve;
mod session;
mod store;
mod throttle;
mod token;
mod user;
mod validate;
mod wire;

pub use crate::adyton::Adyton;
pub use crate::builder::{BuildError, Builder, loopback_origins};
pub use crate::clock::Clock;
pub use crate::config::Config;
pub use crate::crypto::keys::Keys;
pub use crate::crypto::secret::Secret;
pub use crate::db::{Db, Tx};
pub use crate::error::{
    CsrfMismatch, Error, Forbidden, Malformed, Result, Throttled, Unauthenticated,
};
pub use crate::event::{Event, Via};
pub use crate::guard::Auth;
pub use crate::http::gate::Gate;
pub use crate::http::input::Input;
pub use crate::http::layer::AdytonLayer;
pub use crate::http::query::{Paging, Query};
pub use crate::http::reader::Reader;
pub use crate::operator::{SessionInfo, UserDraft};
pub use crate::route_table::RouteInfo;
pub use crate::serve::{ctrl_c, serve};
pub use crate::store::users::UsersTable;
pub use crate::token::{Abilities, IssuedToken, NewToken, Token};
pub use crate::user::{Changes, Fields, NewUser, User, UserId, UserQuery, Users, timestamp};
pub use crate::validate::{Invalid, Rule};
pub use crate::wire::{Admitted, Ask, Dialect, Envelope, Laravel, Overlay, Page, Reply};
/// The crates whose types stand in this surface, in the versions that fit.
pub use {async_trait::async_trait, axum, chrono, sqlx};

//! First-party authentication for products that own their users: login by password, passkey or
//! provider, into a session or for a token, in the words that Laravel's clients know, on SQLite,
//! PostgreSQL, MariaDB or MySQL.
//!
//! Adyton's routes are merged into yours and its layer goes around everything. Then a handler asks
//! who is calling by [`Auth`], or by `Option<Auth>` where everybody is welcome, and a gate before a
//! route lets in those who may:
//!
//! ```
//! use adyton::{Abilities, Adyton, Auth, Db, NewToken, UserDraft};
//! use axum::routing::{get, post};
//! use axum::{Router, body::Body};
//! use http::Request;
//! use tower::ServiceExt as _;
//!
//! async fn home(auth: Option<Auth>) -> String {
//!     auth.map_or("Hello, stranger".into(), |auth| format!("Hello, {}", auth.user().name))
//! }
//!
//! async fn open_ticket(auth: Auth) -> String {
//!     format!("A ticket for {}", auth.user().email)
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let address = "sqlite://app.db";
//! #   let folder = std::env::temp_dir().join(format!("adyton-front-page-{}", std::process::id()));
//! #   std::fs::create_dir_all(&folder)?;
//! #   let address = &format!("sqlite://{}", folder.join("app.db").display());
//!     let adyton = Adyton::builder(Db::connect(address, Default::default()).await?).build()?;
//!     adyton.migrate().await?;
//!
//!     let may_write = adyton.require_ability("tickets:write");
//!     let app = Router::new()
//!         .route("/", get(home))
//!         .route("/tickets", post(open_ticket).route_layer(may_write))
//!         .merge(adyton.routes()) // POST /login, GET /api/user, POST /api/v1/me/tokens, …
//!         .layer(adyton.layer());
//!
//!     // `adyton::serve` would serve it. Here Ana asks, and somebody without a token.
//!     let ana = adyton.create_user(UserDraft::new("Ana", "ana@example.com")).await?;
//!     let new = NewToken::new("her laptop", Abilities::new(["tickets:write"]));
//!     let token = adyton.issue_token(&ana, new).await?.plain_text;
//!     let hers = Request::post("/tickets").header("authorization", format!("Bearer {}", token.expose()));
//!     assert_eq!(app.clone().oneshot(hers.body(Body::empty())?).await?.status(), 200);
//!     let nobodys = Request::post("/tickets").body(Body::empty())?;
//!     assert_eq!(app.oneshot(nobodys).await?.status(), 401);
//! #   std::fs::remove_dir_all(folder)?;
//!     Ok(())
//! }
//! ```
//!
//! A host brings what it has: settings ([`Config`]), users of its own ([`Users`]), its own words
//! ([`Dialect`]), ears ([`Builder::on_event`]) and the pool it opened ([`Db`]).

mod access;
mod admission;
mod adyton;
mod audit;
mod builder;
mod clock;
pub mod config;
mod core;
mod courier;
mod crypto;
pub mod db;
mod deletion;
mod device;
mod email;
mod errands;
mod error;
mod event;
mod features;
mod flow;
mod freshness;
mod guard;
mod http;
mod limit;
mod mail;
mod mailed_link;
mod notices;
mod operator;
mod outbound;
mod outbox;
mod passkey;
mod password_policy;
#[cfg(feature = "program")]
mod program;
mod revocation;
mod rotation;
mod route_table;
mod second_factor;
mod serve;
mod session;
mod social;
mod store;
mod throttle;
mod token;
mod upkeep;
mod user;
mod validate;
mod verification;
mod ways_in;
mod wire;

pub use crate::adyton::Adyton;
pub use crate::audit::{AuditEntry, AuditFault, AuditHead, AuditVerdict};
pub use crate::builder::{Builder, loopback_origins};
pub use crate::clock::Clock;
pub use crate::config::Config;
pub use crate::crypto::keys::Keys;
pub use crate::crypto::secret::Secret;
pub use crate::db::{Db, Tx};
pub use crate::error::{
    BuildError, CsrfMismatch, Error, Forbidden, Malformed, Result, SocialRefusal, Throttled,
    Unauthenticated,
};
pub use crate::event::{Event, Outcome, Via};
pub use crate::guard::Auth;
pub use crate::http::gate::Gate;
pub use crate::http::input::Input;
pub use crate::http::layer::AdytonLayer;
pub use crate::http::query::{Paging, Query};
pub use crate::http::reader::Reader;
pub use crate::mail::{DevMailbox, Mail, MailError, Mailer};
pub use crate::operator::{Forget, SessionInfo, UserDraft, WaysIn};
#[cfg(feature = "program")]
pub use crate::program::{Program, start_log};
pub use crate::rotation::{KeyRefusal, KeyRotation, KeyStatus, UnopenedRow};
pub use crate::route_table::RouteInfo;
pub use crate::serve::{ctrl_c, serve};
pub use crate::store::users::UsersTable;
pub use crate::token::{Abilities, IssuedToken, NewToken, Token};
pub use crate::user::{Changes, Fields, NewUser, User, UserId, UserQuery, Users, timestamp};
pub use crate::validate::{CodeRefusal, Invalid, PasskeyRefusal, Refusal, Rule};
pub use crate::wire::{
    Admitted, Ask, Dialect, Envelope, Landing, LandingField, Laravel, Overlay, Page, Reply,
};
/// The crates whose types stand in this surface, in the versions that fit.
pub use {async_trait::async_trait, axum, chrono, sqlx};

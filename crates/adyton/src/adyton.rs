//! Adyton as the host holds it: its routes, its layer, its gates and its operations.

mod keys;
mod security_log;
mod ways_in;

use std::sync::Arc;
use std::time::Duration;

use crate::audit::By;
use crate::builder::Builder;
use crate::clock::Clock;
use crate::config::Config;
use crate::courier;
use crate::crypto::secret::Secret;
use crate::db::{Db, Migration, Tx};
use crate::deletion;
use crate::error::Result;
use crate::http::context::Context;
use crate::http::gate::{Asks, Gate};
use crate::http::layer::AdytonLayer;
use crate::http::route::mount;
use crate::limit::LimitName;
use crate::operator::{self, SessionInfo, UserDraft};
use crate::route_table::{self, RouteInfo};
use crate::store::migrations::STEPS;
use crate::store::users::UsersTable;
use crate::token::{self, IssuedToken, NewToken, Token};
use crate::upkeep;
use crate::user::{User, UserId, Users};
use axum::Router;

/// Authentication around a host's routes. Cloning it is cheap; clones are the same.
#[derive(Clone)]
pub struct Adyton {
    context: Arc<Context>,
    /// Where Adyton keeps the users itself.
    own_table: Option<UsersTable>,
}

impl Adyton {
    /// Begins with a database: an sqlx pool of the host's own, or [`Db::connect`].
    pub fn builder(db: impl Into<Db>) -> Builder {
        Builder::new(db.into())
    }

    pub(crate) fn of(
        context: Arc<Context>,
        own_table: Option<UsersTable>,
        has_courier: bool,
    ) -> Self {
        tokio::spawn(upkeep::run(Arc::downgrade(&context)));
        if has_courier && context.core.has_mailer() {
            tokio::spawn(courier::run(Arc::downgrade(&context.core)));
        }
        Self { context, own_table }
    }

    /// Adyton's routes: `.merge(adyton.routes())`.
    pub fn routes(&self) -> Router {
        let routes = route_table::active(self.config());
        mount(&self.context, routes.map(|(_, route)| route))
    }

    /// The layer that must be around all routes, outermost: `.layer(adyton.layer())`.
    pub fn layer(&self) -> AdytonLayer {
        AdytonLayer::new(Arc::clone(&self.context))
    }

    /// A gate for those who are known: 401 for others.
    pub fn require_auth(&self) -> Gate {
        self.gate(Asks {
            auth: true,
            ..Asks::default()
        })
    }

    /// A gate for those who may do this: a token that was given the ability, or a session unless
    /// the ability is reserved. 403 for others who are known.
    pub fn require_ability(&self, ability: &str) -> Gate {
        self.require_any_ability(&[ability])
    }

    /// A gate for those who may do any one of these.
    pub fn require_any_ability(&self, abilities: &[&str]) -> Gate {
        self.gate(Asks {
            auth: true,
            abilities: owned(abilities),
            ..Asks::default()
        })
    }

    /// A gate for users with any one of these roles: 403 for others who are known. Each refusal
    /// is an [`Event::AccessRefused`](crate::Event::AccessRefused).
    pub fn require_role(&self, roles: &[&str]) -> Gate {
        self.gate(Asks {
            auth: true,
            roles: owned(roles),
            ..Asks::default()
        })
    }

    /// A gate for users whose address is proved to be theirs: 403 for others who are known.
    pub fn require_verified(&self) -> Gate {
        self.gate(Asks {
            auth: true,
            verified: true,
            ..Asks::default()
        })
    }

    /// A gate for those who have proved of late, in this session, once more who they are: 423 for
    /// others, who do so at `POST /user/confirm-password`. Setting: `confirm.lifetime`.
    pub fn require_confirmed(&self) -> Gate {
        self.gate(Asks {
            auth: true,
            session: true,
            confirmed: true,
            ..Asks::default()
        })
    }

    /// A gate that counts requests against one of the configured limits, by client address, or by
    /// user for `me` and `admin`, which also ask who is calling.
    ///
    /// # Panics
    /// When there is no limit of this name: see the settings `throttle.NAME`.
    pub fn throttle(&self, limit: &str) -> Gate {
        let Some(limit) = LimitName::named(limit) else {
            let known = LimitName::ALL.map(LimitName::as_str).join(", ");
            panic!("there is no limit `{limit}`; there are {known}");
        };
        self.gate(Asks {
            limit: Some(limit),
            auth: limit.is_per_user(),
            ..Asks::default()
        })
    }

    /// Makes and changes the tables, and tells which steps were taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn migrate(&self) -> Result<Vec<String>> {
        let user = match self.config().users.id {
            crate::config::IdKind::Text => "varchar(36)",
            _ => "{ref}",
        };
        let applied = self
            .db()
            .migrate(STEPS, &[("{user}", user)], self.clock().now())
            .await?;
        let mut applied: Vec<String> = applied.into_iter().map(str::to_owned).collect();
        if let Some(table) = &self.own_table {
            let added = table.add_missing_columns().await?;
            applied.extend(added.into_iter().map(|column| format!("users.{column}")));
        }
        Ok(applied)
    }

    /// What [`migrate`](Self::migrate) would do: the steps and columns that the database lacks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pending_migrations(&self) -> Result<Vec<String>> {
        let steps = self.db().pending(STEPS).await?;
        let mut pending: Vec<String> = steps.into_iter().map(str::to_owned).collect();
        if let Some(table) = &self.own_table {
            let lacking = table.missing_columns().await?;
            pending.extend(lacking.into_iter().map(|column| format!("users.{column}")));
        }
        Ok(pending)
    }

    /// Runs a host's own migrations, by the same rules and in the same table as Adyton's.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn migrate_host(&self, steps: &[Migration]) -> Result<Vec<&'static str>> {
        Ok(self.db().migrate(steps, &[], self.clock().now()).await?)
    }

    /// The database, for the host's own rows.
    pub fn db(&self) -> &Db {
        &self.context.core.db
    }

    /// The users.
    pub fn users(&self) -> &Arc<dyn Users> {
        &self.context.core.users
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        self.context.config()
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.context.core.clock
    }

    /// Adyton's routes as a list.
    pub fn route_table(&self) -> Vec<RouteInfo> {
        RouteInfo::all(self.config())
    }

    /// Tells that the host changed something of a user by itself, such as what its own
    /// [`Users`] shows of them: from now on nothing is answered from memory that was read before.
    pub fn user_changed(&self, user: &UserId) {
        self.context.core.freshness.changed(user);
    }

    /// Writes what is noted in memory: when tokens and sessions were last used.
    ///
    /// # Errors
    /// When the database cannot be written; what was noted stays.
    pub async fn flush(&self) -> Result<()> {
        self.context.guard.flush().await
    }

    /// Sends all mail that is due now, and tells how many mails left. The courier does so by itself
    /// all the time; this is for tests, and for programs without one.
    ///
    /// # Errors
    /// When the database cannot be read or written. A mail that its server did not take is no
    /// error: it is tried again later.
    pub async fn deliver_mail(&self) -> Result<usize> {
        courier::deliver(&self.context.core).await
    }

    /// Lets the mails that are on their way arrive: before a server ends.
    pub(crate) async fn finish_mail(&self) {
        courier::finish(&self.context.core).await;
    }

    fn gate(&self, asks: Asks) -> Gate {
        Gate::new(&self.context, asks)
    }
}

/// An operator's powers: what the command line does.
impl Adyton {
    /// Makes a user.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) by field.
    pub async fn create_user(&self, draft: UserDraft) -> Result<User> {
        operator::create(&self.context.core, draft).await
    }

    /// The user of an address or an id.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when there is none.
    pub async fn find_user(&self, who: &str) -> Result<User> {
        operator::find(&self.context.core, who).await
    }

    /// Disables a user and ends their sessions.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn disable_user(&self, user: &User) -> Result<()> {
        operator::disable(&self.context.core, user).await
    }

    /// Enables a user again.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enable_user(&self, user: &User) -> Result<()> {
        operator::enable(&self.context.core, user).await
    }

    /// Deletes a user with everything that proves them; the security log keeps what happened.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when the user is gone already.
    pub async fn delete_user(&self, user: &User) -> Result<()> {
        deletion::delete(&self.context.core, user, None, By::Operator).await
    }

    /// Gives a user a role, or none.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for a role that is not configured.
    pub async fn set_role(&self, user: &User, role: Option<String>) -> Result<()> {
        operator::set_role(&self.context.core, user, role).await
    }

    /// Gives a user a role, or none, as the last act of a transaction of the host's own: both happen
    /// or neither. It commits.
    ///
    /// # Errors
    /// As [`set_role`](Self::set_role); then nothing of the transaction happened.
    pub async fn set_role_in(&self, tx: Tx, user: &User, role: Option<String>) -> Result<()> {
        operator::set_role_in(&self.context.core, tx, user, role).await
    }

    /// Gives a user a password and ends their sessions.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) for one that a registration would not take.
    pub async fn set_password(&self, user: &User, password: Secret<String>) -> Result<()> {
        operator::set_password(&self.context.core, user, password).await
    }

    /// Whether this is the user's password. It lets nobody in, counts no attempt and tells no
    /// event: for an operator's tools, never for a login.
    ///
    /// # Errors
    /// [`Error::Busy`](crate::Error::Busy) when all hashing threads are taken.
    pub async fn is_password_of(&self, user: &User, password: Secret<String>) -> Result<bool> {
        operator::is_password_of(&self.context.core, user, password).await
    }

    /// Issues a token to a user, with any ability: no HTTP route can do that.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) by field: `name`, `abilities`, `expires_at`.
    pub async fn issue_token(&self, owner: &User, new: NewToken) -> Result<IssuedToken> {
        operator::check_token(&self.context.core, &new)?;
        token::issue(&self.context.core, owner, new, (By::Operator, None)).await
    }

    /// A user's tokens, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn tokens_of(&self, owner: &UserId) -> Result<Vec<Token>> {
        token::list(&self.context.core, owner).await
    }

    /// Revokes a token, whoever has it.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when there is none.
    pub async fn revoke_token(&self, id: i64) -> Result<()> {
        token::revoke_any(&self.context.core, id).await
    }

    /// Deletes tokens that ended more than `grace` ago, and tells how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn prune_tokens(&self, grace: Duration) -> Result<u64> {
        token::prune(&self.context.core, grace).await
    }

    /// A user's sessions, the most recently used first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn sessions_of(&self, user: &UserId) -> Result<Vec<SessionInfo>> {
        operator::sessions_of(&self.context.core, user).await
    }

    /// Ends one session, by the stored form of its id.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) when there is none.
    pub async fn end_session(&self, id: &str) -> Result<()> {
        operator::end_session(&self.context.core, id).await
    }

    /// Ends all sessions of a user and forgets their browsers; tells how many sessions.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn end_sessions(&self, user: &User) -> Result<u64> {
        operator::end_sessions(&self.context.core, user).await
    }

    /// Deletes sessions and remembered browsers whose time is over, and tells how many.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn prune_sessions(&self) -> Result<u64> {
        // The last use of a session that is alive may be in memory only.
        self.flush().await?;
        operator::prune_sessions(&self.context.core).await
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

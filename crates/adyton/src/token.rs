//! Personal access tokens: what they may do, and their issuing, listing and revoking, for HTTP
//! and the command line alike.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde_json::{Value as Json, json};

use crate::audit::{self, By};
use crate::clock::earlier;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::crypto::token_text;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Standing};
use crate::store::security;
use crate::store::tokens::{self, NewRow, TokenRow};
use crate::user::{User, UserId, timestamp};
use crate::validate::{Invalid, Rule};
use crate::wire::NoticeKind;

/// Tokens of one user that a list shows at most.
const LISTED: i64 = 1000;

/// What a token may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Abilities(Vec<String>);

impl Abilities {
    /// These abilities.
    pub fn new(abilities: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(abilities.into_iter().map(Into::into).collect())
    }

    /// The abilities in their order.
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// Whether the ability is there, by its exact name or by `*`.
    ///
    /// Deliberately stricter than Sanctum: `*` does not stand for a reserved ability (setting
    /// `tokens.reserved`, by default `admin`). A login may issue `*` over HTTP; a reserved
    /// ability is only ever given on the server's command line, by its name.
    pub fn can(&self, ability: &str, reserved: &[String]) -> bool {
        let is_reserved = reserved.iter().any(|name| name == ability);
        self.0
            .iter()
            .any(|held| held == ability || (held == "*" && !is_reserved))
    }
}

/// A token that is to be issued.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewToken {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub abilities: Abilities,
    /// When it ends; `None` for as long as `tokens.expiration` lets it live.
    pub expires_at: Option<DateTime<Utc>>,
}

impl NewToken {
    /// A token with a name and abilities, without a date.
    pub fn new(name: impl Into<String>, abilities: Abilities) -> Self {
        Self {
            name: name.into(),
            abilities,
            expires_at: None,
        }
    }
}

/// A token as its owner may see it: never its secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Token {
    /// The row's id, the part before `|`.
    pub id: i64,
    /// Whose it is.
    pub owner: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub abilities: Abilities,
    /// When it last let a request in, as of the last flush.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was issued.
    pub created_at: Option<DateTime<Utc>>,
}

impl Token {
    /// The token in JSON.
    pub fn to_json(&self) -> Json {
        json!({
            "id": self.id,
            "name": self.name,
            "abilities": self.abilities.as_slice(),
            "last_used_at": self.last_used_at.map(timestamp),
            "expires_at": self.expires_at.map(timestamp),
            "created_at": self.created_at.map(timestamp),
        })
    }
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            owner: row.owner,
            name: row.name,
            abilities: Abilities(row.abilities),
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            created_at: row.created_at,
        }
    }
}

/// A token that was issued just now: the only time its text is known.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IssuedToken {
    /// The row.
    pub token: Token,
    /// `id|secret`, to be shown once and kept nowhere.
    pub plain_text: Secret<String>,
}

/// Issues a token to a user, in a transaction of its own, and tells them by mail. A caller who asks
/// for it must still be known: what was ended leaves no token behind.
///
/// # Errors
/// [`Error::Invalid`] for a date that the database cannot keep; [`Error::Unauthenticated`] when
/// what the caller is known by was ended.
pub(crate) async fn issue(
    core: &Core,
    owner: &User,
    new: NewToken,
    (by, caller): (By<'_>, Option<Standing<'_>>),
) -> Result<IssuedToken> {
    security::epoch(&core.db, &owner.id).await?;
    let mut tx = core.db.begin().await?;
    if let Some(standing) = caller {
        revocation::refuse_if_ended(core, &mut tx, &owner.id, standing).await?;
    }
    let issued = issue_in(core, &mut tx, owner, new).await?;
    let name = issued.token.name.clone();
    notices::tell(core, &mut tx, owner, NoticeKind::TokenCreated { name }, by).await?;
    let event = Event::TokenIssued {
        user: owner.id.clone(),
        token: issued.token.id,
    };
    audit::conclude(core, tx, by, &[event]).await?;
    Ok(issued)
}

/// Issues a token inside a transaction. Whoever commits it tells the event.
pub(crate) async fn issue_in(
    core: &Core,
    tx: &mut Tx,
    owner: &User,
    new: NewToken,
) -> Result<IssuedToken> {
    let secret = token_text::generate(&core.config.tokens.prefix);
    // To the second, as the columns keep them: what is told now is what a list tells later.
    let now = core.clock.now().trunc_subsecs(0);
    let expires_at = new.expires_at.map(|end| end.trunc_subsecs(0));
    let end = core.db.end_of_time();
    if expires_at.is_some_and(|moment| moment >= end) {
        return Err(Invalid::field("expires_at", Rule::Before(end)).into());
    }
    let hash = token_text::stored_hash(&secret);
    let row = NewRow {
        owner_type: &core.config.tokens.owner_type,
        owner: &owner.id,
        name: &new.name,
        hash: &hash,
        abilities: new.abilities.as_slice(),
        expires_at,
        now,
    };
    let id = tokens::insert(tx, row).await?;
    let token = Token {
        id,
        owner: owner.id.clone(),
        name: new.name,
        abilities: new.abilities,
        last_used_at: None,
        expires_at,
        created_at: Some(now),
    };
    Ok(IssuedToken {
        token,
        plain_text: Secret::new(format!("{id}|{secret}")),
    })
}

/// A user's tokens, the newest first.
pub(crate) async fn list(core: &Core, owner: &UserId) -> Result<Vec<Token>> {
    let rows = tokens::of_owner(&core.db, &core.config.tokens.owner_type, owner, LISTED).await?;
    Ok(rows.into_iter().map(Token::from).collect())
}

/// Revokes a user's token.
///
/// # Errors
/// [`Error::NotFound`] when the user has no such token.
pub(crate) async fn revoke(core: &Core, owner: &UserId, id: i64, by: By<'_>) -> Result<()> {
    let owner = (core.config.tokens.owner_type.as_str(), owner);
    revoke_of(core, owner, id, by).await
}

/// Revokes a token whoever has it: for an operator.
///
/// # Errors
/// [`Error::NotFound`] when there is no such token.
pub(crate) async fn revoke_any(core: &Core, id: i64) -> Result<()> {
    let row = tokens::find(&core.db, id).await?.ok_or(Error::NotFound)?;
    revoke_of(core, (&row.owner_type, &row.owner), id, By::Operator).await
}

async fn revoke_of(
    core: &Core,
    (owner_type, owner): (&str, &UserId),
    id: i64,
    by: By<'_>,
) -> Result<()> {
    let mut tx = core.db.begin().await?;
    if !tokens::delete(&mut tx, id, owner_type, owner).await? {
        return Err(Error::NotFound);
    }
    let event = Event::TokenRevoked {
        user: owner.clone(),
        token: id,
    };
    audit::conclude(core, tx, by, &[event]).await?;
    core.freshness.changed(owner);
    Ok(())
}

/// Deletes tokens that ended more than `grace` ago, as `sanctum:prune-expired` does, and tells
/// how many.
pub(crate) async fn prune(core: &Core, grace: std::time::Duration) -> Result<u64> {
    let ended = earlier(core.clock.now(), grace);
    let made = core.config.tokens.expiration.map(|age| earlier(ended, age));
    Ok(tokens::prune(&core.db, ended, made).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_abilities_deny_everything() {
        assert!(!Abilities::default().can("posts:write", &[]));
    }

    #[test]
    fn abilities_are_exact_names() {
        let abilities = Abilities::new(["posts"]);
        assert!(abilities.can("posts", &[]));
        for other in ["posts:write", "post", "Posts", "posts ", "*"] {
            assert!(!abilities.can(other, &[]), "{other}");
        }
    }

    #[test]
    fn a_star_stands_for_all_but_reserved_abilities() {
        let (all, reserved) = (Abilities::new(["*"]), ["admin".to_owned()]);
        assert!(all.can("posts:write", &reserved));
        assert!(!all.can("admin", &reserved));
        assert!(
            all.can("admin", &[]),
            "as in Sanctum when nothing is reserved"
        );
        assert!(Abilities::new(["admin"]).can("admin", &reserved));
    }
}

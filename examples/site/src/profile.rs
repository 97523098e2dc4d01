//! The profile: what a user calls themselves. Reading it is Adyton's own `GET /api/v1/me`.
//!
//! The address and the password are not changed by a token: Adyton asks a session for that, and a
//! lost phone must not lose the account. A forgotten password is replaced by mail.

use adyton::{Adyton, Auth, Changes, Input, Reply, Result};
use axum::extract::State;
use utoipa::ToSchema;

use crate::openapi::shapes::{Found, Profile};

/// What may be changed of a profile.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct ProfileInput {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    name: String,
}

/// What may be changed of a profile, or left as it is.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct ProfileChange {
    #[schema(max_length = 255, pattern = "^[^\\u0000]*$")]
    name: Option<String>,
}

/// Puts another profile in this one's place.
#[utoipa::path(put, path = "/me", tag = "account", operation_id = "replace_profile",
    request_body = ProfileInput, security(("token" = ["user"])),
    responses((status = 200, description = "As it is now", body = Found<Profile>)))]
pub async fn replace(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let name = read.text("name", 255);
    read.finish()?;
    change(&adyton, &auth, Some(name)).await
}

/// Changes what is sent of it.
#[utoipa::path(patch, path = "/me", tag = "account", operation_id = "change_profile",
    request_body = Option<ProfileChange>, security(("token" = ["user"])),
    responses((status = 200, description = "As it is now", body = Found<Profile>)))]
pub async fn update(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let name = read.optional_text("name", 255);
    read.finish()?;
    change(&adyton, &auth, name).await
}

async fn change(adyton: &Adyton, auth: &Auth, name: Option<String>) -> Result<Reply> {
    let (users, id) = (adyton.users(), &auth.user().id);
    let mut changes = Changes::default();
    changes.name = name;
    let mut tx = adyton.db().begin().await?;
    users.update(id, changes, &mut tx).await?;
    tx.commit().await?;
    // What Adyton remembers of them for a moment is out of date now.
    adyton.user_changed(id);
    let user = users.find(id).await?.ok_or(adyton::Error::NotFound)?;
    Ok(Reply::data(users.present(&user)))
}

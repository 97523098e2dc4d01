//! `/admin/users`: who is a member, who may administrate, who is shut out.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Invalid, Page, Query, Reply, Result, Rule, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::ROLE;
use super::refusals::{OWN_ACCOUNT, OWN_ROLE};
use crate::id::Id;

/// What somebody without a role is called.
const MEMBER: &str = "member";

const COLUMNS: &str = "id, name, email, role, disabled_at, created_at";

const SORTS: [(&str, &str); 3] = [
    ("name", "name"),
    ("email", "email"),
    ("created_at", "created_at"),
];

/// `GET /admin/users?search=…&filter[role]=admin`, the newest first.
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let (paging, order) = (query.paging()?, query.sort(&SORTS, "id DESC")?);
    let mut users = Listing::new(COLUMNS, "users");
    if let Some(search) = query.text("search")? {
        let like = format!("%{}%", escaped(&search.to_lowercase()));
        let condition = "LOWER(name) LIKE ? ESCAPE '!' OR LOWER(email) LIKE ? ESCAPE '!'";
        users.only(condition, [&like, &like]);
    }
    match query.filters(&["role"])?.get("role").map(String::as_str) {
        None => {}
        Some(ROLE) => drop(users.only("role = ?", [ROLE])),
        Some(MEMBER) => drop(users.only("role IS NULL OR role <> ?", [ROLE])),
        Some(_) => return Err(Invalid::field("filter", Rule::In).into()),
    }
    let (rows, total) = users.page(adyton.db(), &order, paging.bounds()).await?;
    let items = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(Page::new(
        items,
        paging.page,
        paging.per_page,
        total,
    )))
}

/// `PUT /admin/users/{user}`: what is not sent stays.
pub async fn update(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let user = adyton
        .users()
        .find(&id.into())
        .await?
        .ok_or(Error::NotFound)?;
    let (role, disabled) = changes(&input)?;
    // Somebody is always left who can undo it.
    let is_own = user.id == auth.user().id;
    if is_own && role.as_deref() == Some(MEMBER) {
        return Err(OWN_ROLE.into());
    }
    if is_own && disabled == Some(true) {
        return Err(OWN_ACCOUNT.into());
    }
    if let Some(role) = role {
        adyton
            .set_role(&user, Some(role).filter(|role| role == ROLE))
            .await?;
    }
    match disabled {
        Some(true) if !user.is_disabled() => adyton.disable_user(&user).await?,
        Some(false) if user.is_disabled() => adyton.enable_user(&user).await?,
        _ => {}
    }
    let sql = format!("SELECT {COLUMNS} FROM users WHERE id = $1");
    let row = adyton.db().one(&sql, &[id.into()]).await?;
    Ok(Reply::data(shown(&row.ok_or(Error::NotFound)?)?))
}

/// What is to change: a role, and whether somebody is shut out.
fn changes(input: &Input) -> Result<(Option<String>, Option<bool>)> {
    let mut read = input.reader();
    let role = read.optional_text("role", 64);
    let disabled = read.is_sent("disabled").then(|| read.boolean("disabled"));
    if role
        .as_deref()
        .is_some_and(|role| role != ROLE && role != MEMBER)
    {
        read.broken("role", Rule::In);
    }
    read.finish()?;
    Ok((role, disabled))
}

fn shown(row: &Row) -> Result<Json> {
    let role: Option<String> = row.get("role")?;
    let created: Option<chrono::DateTime<chrono::Utc>> = row.get("created_at")?;
    let disabled: Option<chrono::DateTime<chrono::Utc>> = row.get("disabled_at")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "name": row.get::<String>("name")?,
        "email": row.get::<String>("email")?,
        "role": role.unwrap_or_else(|| MEMBER.to_owned()),
        "disabled": disabled.is_some(),
        "created_at": created.map(timestamp),
    }))
}

/// What is looked for, with nothing in it that `LIKE` takes for any letter.
fn escaped(text: &str) -> String {
    let mut literal = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '!' | '%' | '_') {
            literal.push('!');
        }
        literal.push(character);
    }
    literal
}

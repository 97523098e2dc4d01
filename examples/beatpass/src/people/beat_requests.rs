//! Beat requests: a member says what they look for and what they would pay, and producers look
//! through them.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Auth, Error, Input, Invalid, Query, Reader, Reply, Result, Rule, timestamp};
use axum::extract::State;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value as Json, json};

use super::offers;
use crate::catalog::search::spellings;
use crate::id::Id;

pub const OPEN: &str = "open";
const CLOSED: &str = "closed";

/// A hundred thousand dollars, in cents.
pub const HIGHEST: i64 = 10_000_000;

/// Days that a deadline may be ahead.
const FARTHEST: i64 = 730;

const COLUMNS: &str = "b.id, b.user_id, users.name AS member, b.title, b.details, b.genre, \
     b.budget_cents, b.status, b.deadline, b.created_at, \
     (SELECT COUNT(*) FROM beat_offers o WHERE o.beat_request_id = b.id) AS offers";

const FROM: &str = "beat_requests b JOIN users ON users.id = b.user_id";

const SORTS: [(&str, &str); 2] = [("budget", "b.budget_cents"), ("created_at", "b.created_at")];

/// What a request says, as far as it was sent.
struct Draft {
    title: Option<String>,
    details: Option<String>,
    genre: Option<String>,
    budget: Option<i64>,
    deadline: Option<DateTime<Utc>>,
}

/// `GET /beat-requests`: those that are open, unless one asks for one's own or by status.
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let (paging, order) = (query.paging()?, query.sort(&SORTS, "b.id DESC")?);
    let filters = query.filters(&["status", "genre", "mine"])?;
    let mut requests = Listing::new(COLUMNS, FROM);
    let is_mine = match filters.get("mine").map(String::as_str) {
        None | Some("0" | "false" | "no") => false,
        Some("1" | "true" | "yes") => true,
        Some(_) => return Err(Invalid::field("filter", Rule::In).into()),
    };
    if is_mine {
        requests.only("b.user_id = ?", [&auth.user().id]);
    }
    match filters.get("status").map(String::as_str) {
        Some(status @ (OPEN | CLOSED)) => drop(requests.only("b.status = ?", [status])),
        Some(_) => return Err(Invalid::field("filter", Rule::In).into()),
        None if is_mine => {}
        None => drop(requests.only("b.status = ?", [OPEN])),
    }
    if let Some(genre) = filters.get("genre") {
        requests.only("LOWER(b.genre) IN (?, ?, ?, ?)", spellings(genre));
    }
    let (rows, total) = requests.page(adyton.db(), &order, paging.bounds()).await?;
    let items = rows
        .iter()
        .map(|row| shown(row, &auth))
        .collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(items, total)))
}

/// `GET /beat-requests/{beat_request}`: its member sees all offers, a producer their own.
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let row = find(&adyton, id).await?;
    let mut request = shown(&row, &auth)?;
    let of = (!is_mine(&row, &auth)?).then_some(&auth.user().id);
    request["offers"] = offers::of(&adyton, id, of).await?.into();
    Ok(Reply::data(request))
}

/// `POST /beat-requests`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let now = adyton.clock().now();
    let mut read = input.reader();
    let draft = draft(&mut read, now);
    if draft.title.is_none() {
        read.broken("title", Rule::Required);
    }
    if draft.budget.is_none() {
        read.broken("budget_cents", Rule::Required);
    }
    read.finish()?;
    let sql = "INSERT INTO beat_requests \
               (user_id, title, details, genre, budget_cents, status, deadline, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        (&auth.user().id).into(),
        draft.title.into(),
        draft.details.into(),
        draft.genre.into(),
        draft.budget.into(),
        OPEN.into(),
        draft.deadline.into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = shown(&find(&adyton, id).await?, &auth)?;
    Ok(Reply::Created(made, "beat_requests.created"))
}

/// `PUT /beat-requests/{beat_request}`, for its member alone: what is not sent stays.
pub async fn update(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    if !is_mine(&find(&adyton, id).await?, &auth)? {
        return Err(Error::not_yours());
    }
    let mut read = input.reader();
    let draft = draft(&mut read, adyton.clock().now());
    let status = read.optional_text("status", 16);
    if status
        .as_deref()
        .is_some_and(|status| status != OPEN && status != CLOSED)
    {
        read.broken("status", Rule::In);
    }
    read.finish()?;
    let sql = "UPDATE beat_requests SET title = COALESCE($1, title), \
               details = COALESCE($2, details), genre = COALESCE($3, genre), \
               budget_cents = COALESCE($4, budget_cents), deadline = COALESCE($5, deadline), \
               status = COALESCE($6, status) WHERE id = $7";
    let values: [Value; 7] = [
        draft.title.into(),
        draft.details.into(),
        draft.genre.into(),
        draft.budget.into(),
        draft.deadline.into(),
        status.into(),
        id.into(),
    ];
    adyton.db().run(sql, &values).await?;
    Ok(Reply::data(shown(&find(&adyton, id).await?, &auth)?))
}

/// A request, whoever asks.
pub async fn find(adyton: &Adyton, id: i64) -> Result<Row> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE b.id = $1");
    adyton
        .db()
        .one(&sql, &[id.into()])
        .await?
        .ok_or(Error::NotFound)
}

/// Whether it is this member's request.
pub fn is_mine(row: &Row, auth: &Auth) -> Result<bool> {
    Ok(auth.user().id == row.get::<i64>("user_id")?.into())
}

fn draft(read: &mut Reader<'_>, now: DateTime<Utc>) -> Draft {
    let budget = read
        .is_sent("budget_cents")
        .then(|| read.integer("budget_cents", 0..=HIGHEST));
    let end = now + TimeDelta::days(FARTHEST);
    let deadline = read.future("deadline", now);
    if deadline.is_some_and(|deadline| deadline >= end) {
        read.broken("deadline", Rule::Before(end));
    }
    Draft {
        title: read.optional_text("title", 255),
        details: read.optional_text("details", 4000),
        genre: read.optional_text("genre", 64),
        budget,
        deadline,
    }
}

fn shown(row: &Row, auth: &Auth) -> Result<Json> {
    let deadline: Option<DateTime<Utc>> = row.get("deadline")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "title": row.get::<String>("title")?,
        "details": row.get::<Option<String>>("details")?,
        "genre": row.get::<Option<String>>("genre")?,
        "budget_cents": row.get::<i64>("budget_cents")?,
        "status": row.get::<String>("status")?,
        "deadline": deadline.map(timestamp),
        "offers_count": row.get::<i64>("offers")?,
        "is_mine": is_mine(row, auth)?,
        "member": { "id": row.get::<i64>("user_id")?, "name": row.get::<String>("member")? },
        "created_at": timestamp(row.get("created_at")?),
    }))
}

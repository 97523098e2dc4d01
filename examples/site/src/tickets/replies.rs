//! What is said on a ticket, by its reader and by the owner.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Auth, Input, Query, Reply, Result, timestamp};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Status, WholeTicket, find};
use crate::id::Id;
use crate::openapi::shapes::{Found, Paged, Paging};
use crate::page;

/// Replies that stand with their ticket.
const SHOWN: i64 = 50;

const FROM: &str = "ticket_replies LEFT JOIN users ON users.id = ticket_replies.user_id";
const COLUMNS: &str = "ticket_replies.id, users.name AS author, ticket_replies.by_owner, \
     ticket_replies.body, ticket_replies.created_at";

/// A reply on a ticket.
#[derive(Serialize, ToSchema)]
pub struct TicketReply {
    #[schema(minimum = 1)]
    id: i64,
    /// Who wrote it; null once they are gone.
    author: Option<String>,
    /// Whether it is the owner's answer.
    by_owner: bool,
    body: String,
    #[schema(format = DateTime)]
    created_at: String,
}

/// A reply to be written.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct ReplyInput {
    #[schema(
        min_length = 1,
        max_length = 10000,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    body: String,
}

/// What was said on one's own ticket, the first first.
#[utoipa::path(get, path = "/me/tickets/{ticket_id}/replies", tag = "tickets",
    operation_id = "my_ticket_replies",
    params(("ticket_id" = i64, Path, minimum = 1), Paging),
    security(("token" = ["tickets:write"])),
    responses((status = 200, description = "A page of replies", body = Paged<TicketReply>)))]
pub async fn index(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    query: Query,
) -> Result<Reply> {
    find(&adyton, id, Some(&auth.user().id)).await?;
    let replies = of(id);
    page::of(&adyton, &replies, "ticket_replies.id", &query, shown).await
}

/// Says more on one's own ticket: it is open again, and the owner's turn.
#[utoipa::path(post, path = "/me/tickets/{ticket_id}/replies", tag = "tickets",
    operation_id = "reply_to_ticket",
    params(("ticket_id" = i64, Path, minimum = 1)),
    request_body = ReplyInput, security(("token" = ["tickets:write"])),
    responses((status = 201, description = "The ticket with it", body = Found<WholeTicket>)))]
pub async fn store(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let body = read(&input)?;
    find(&adyton, id, Some(&auth.user().id)).await?;
    write(&adyton, &auth, id, body, Status::Open).await
}

pub(super) fn read(input: &Input) -> Result<String> {
    let mut read = input.reader();
    let body = read.text("body", 10_000);
    read.finish()?;
    Ok(body)
}

/// Writes a reply on a ticket that is there, and whose turn it is from now on. None is ever deleted.
pub(super) async fn write(
    adyton: &Adyton,
    auth: &Auth,
    ticket: i64,
    body: String,
    status: Status,
) -> Result<Reply> {
    let now = adyton.clock().now();
    let mut tx = adyton.db().begin().await?;
    let sql = "UPDATE tickets SET status = $1, updated_at = $2 WHERE id = $3";
    let values = [status.name().into(), now.into(), ticket.into()];
    tx.run(sql, &values).await?;
    let sql = "INSERT INTO ticket_replies (ticket_id, user_id, by_owner, body, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        ticket.into(),
        (&auth.user().id).into(),
        matches!(status, Status::Answered).into(),
        body.into(),
        now.into(),
    ];
    tx.insert(sql, &values).await?;
    tx.commit().await?;
    let ticket = page::json(&find(adyton, ticket, None).await?)?;
    Ok(Reply::Created(ticket, "tickets.replied"))
}

/// The newest replies on a ticket, the older first.
pub(super) async fn last_of(adyton: &Adyton, ticket: i64) -> Result<Vec<TicketReply>> {
    let replies = of(ticket);
    let newest = replies.first(adyton.db(), "ticket_replies.id DESC", SHOWN);
    newest.await?.iter().rev().map(shown).collect()
}

/// All replies on a ticket.
pub(super) fn of(ticket: i64) -> Listing {
    let mut replies = Listing::new(COLUMNS, FROM);
    replies.only("ticket_replies.ticket_id = ?", [ticket]);
    replies
}

pub(super) fn shown(row: &Row) -> Result<TicketReply> {
    Ok(TicketReply {
        id: row.get("id")?,
        author: row.get("author")?,
        by_owner: row.get("by_owner")?,
        body: row.get("body")?,
        created_at: timestamp(row.get("created_at")?),
    })
}

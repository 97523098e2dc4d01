//! The owner's desk: everybody's tickets, answered and closed.

use adyton::db::Listing;
use adyton::{Adyton, Auth, Input, Query, Reply, Result, Rule};
use axum::extract::State;
use utoipa::ToSchema;

use super::replies::{self, ReplyInput, TicketReply};
use super::{COLUMNS, FROM, Filters, Status, Ticket, WholeTicket, find, listed};
use crate::id::Id;
use crate::openapi::shapes::{Found, Paged, Paging};
use crate::page;

/// What is to become of a ticket.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct TicketChange {
    status: Status,
}

/// All tickets, the newest first.
#[utoipa::path(get, path = "/admin/tickets", tag = "admin", operation_id = "admin_tickets",
    params(Paging, Filters), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of tickets", body = Paged<Ticket>)))]
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    listed(&adyton, Listing::new(COLUMNS, FROM), &query).await
}

/// A ticket, with what was said last.
#[utoipa::path(get, path = "/admin/tickets/{ticket_id}", tag = "admin",
    operation_id = "admin_ticket",
    params(("ticket_id" = i64, Path, minimum = 1)), security(("token" = ["admin"])),
    responses((status = 200, description = "The ticket", body = Found<WholeTicket>)))]
pub async fn show(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    Ok(Reply::data(page::json(&find(&adyton, id, None).await?)?))
}

/// What was said on a ticket, the first first.
#[utoipa::path(get, path = "/admin/tickets/{ticket_id}/replies", tag = "admin",
    operation_id = "admin_ticket_replies",
    params(("ticket_id" = i64, Path, minimum = 1), Paging), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of replies", body = Paged<TicketReply>)))]
pub async fn replies(State(adyton): State<Adyton>, Id(id): Id, query: Query) -> Result<Reply> {
    find(&adyton, id, None).await?;
    let all = replies::of(id);
    page::of(&adyton, &all, "ticket_replies.id", &query, replies::shown).await
}

/// Answers a ticket: it is the reader's turn.
#[utoipa::path(post, path = "/admin/tickets/{ticket_id}/replies", tag = "admin",
    operation_id = "answer_ticket",
    params(("ticket_id" = i64, Path, minimum = 1)),
    request_body = ReplyInput, security(("token" = ["admin"])),
    responses((status = 201, description = "The ticket with it", body = Found<WholeTicket>)))]
pub async fn reply(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let body = replies::read(&input)?;
    find(&adyton, id, None).await?;
    replies::write(&adyton, &auth, id, body, Status::Answered).await
}

/// Closes a ticket, or opens it again.
#[utoipa::path(put, path = "/admin/tickets/{ticket_id}", tag = "admin",
    operation_id = "set_ticket_status",
    params(("ticket_id" = i64, Path, minimum = 1)),
    request_body = TicketChange, security(("token" = ["admin"])),
    responses((status = 200, description = "As it is now", body = Found<WholeTicket>)))]
pub async fn update(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let asked = read.text("status", 16);
    let status = Status::named(&asked);
    if status.is_none() && !asked.is_empty() {
        read.broken("status", Rule::In);
    }
    read.finish()?;
    let status = status.unwrap_or(Status::Open).name();
    let sql = "UPDATE tickets SET status = $1, updated_at = $2 WHERE id = $3";
    let values = [status.into(), adyton.clock().now().into(), id.into()];
    adyton.db().run(sql, &values).await?;
    Ok(Reply::data(page::json(&find(&adyton, id, None).await?)?))
}

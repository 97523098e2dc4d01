//! Support tickets: each reader opens, follows and closes their own.

pub mod desk;
pub mod replies;

use adyton::db::{Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result, UserId, timestamp};
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use self::replies::TicketReply;
use crate::id::Id;
use crate::openapi::shapes::{Found, Paged, Paging};
use crate::page;

const FROM: &str = "tickets LEFT JOIN users ON users.id = tickets.user_id";
const COLUMNS: &str = "tickets.id, users.name AS author, tickets.subject, tickets.body, \
     tickets.status, tickets.created_at, tickets.updated_at, (SELECT COUNT(*) FROM ticket_replies \
     WHERE ticket_replies.ticket_id = tickets.id) AS replies_count";

/// A ticket in a list.
#[derive(Serialize, ToSchema)]
pub struct Ticket {
    #[schema(minimum = 1)]
    id: i64,
    /// Who opened it; null once they are gone.
    author: Option<String>,
    subject: String,
    body: String,
    status: Status,
    #[schema(minimum = 0)]
    replies_count: i64,
    #[schema(format = DateTime)]
    created_at: String,
    /// When somebody last did something.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A ticket with what was said last.
#[derive(Serialize, ToSchema)]
pub struct WholeTicket {
    #[serde(flatten)]
    ticket: Ticket,
    /// The newest replies, the older first; all are at `…/replies`.
    replies: Vec<TicketReply>,
}

/// Whose turn it is: the owner's, the reader's, or nobody's.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TicketStatus)]
pub enum Status {
    Open,
    Answered,
    Closed,
}

impl Status {
    fn named(name: &str) -> Option<Self> {
        match name {
            "open" => Some(Status::Open),
            "answered" => Some(Status::Answered),
            "closed" => Some(Status::Closed),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Answered => "answered",
            Status::Closed => "closed",
        }
    }
}

/// A ticket to be opened.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct TicketInput {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    subject: String,
    #[schema(
        min_length = 1,
        max_length = 10000,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    body: String,
}

/// How a list of tickets is narrowed and ordered.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; this describes them")]
pub struct Filters {
    /// `open`, `answered` or `closed`.
    #[param(rename = "filter[status]", max_length = 255)]
    status: Option<String>,
    /// `created_at`, `updated_at`, `subject`; a minus before one for downwards.
    #[param(
        pattern = "^(-?(created_at|updated_at|subject)(,-?(created_at|updated_at|subject))*)?$",
        max_length = 255,
        example = "-updated_at"
    )]
    sort: Option<String>,
}

/// One's own tickets, the newest first.
#[utoipa::path(get, path = "/me/tickets", tag = "tickets", operation_id = "my_tickets",
    params(Paging, Filters), security(("token" = ["tickets:write"])),
    responses((status = 200, description = "A page of tickets", body = Paged<Ticket>)))]
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut tickets = Listing::new(COLUMNS, FROM);
    tickets.only("tickets.user_id = ?", [&auth.user().id]);
    listed(&adyton, tickets, &query).await
}

/// Asks for help.
#[utoipa::path(post, path = "/me/tickets", tag = "tickets", operation_id = "open_ticket",
    request_body = TicketInput, security(("token" = ["tickets:write"])),
    responses((status = 201, description = "It is open", body = Found<WholeTicket>)))]
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let subject = read.text("subject", 255);
    let body = read.text("body", 10_000);
    read.finish()?;
    let now = adyton.clock().now();
    let sql = "INSERT INTO tickets (user_id, subject, body, status, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        (&auth.user().id).into(),
        subject.into(),
        body.into(),
        Status::Open.name().into(),
        now.into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = page::json(&find(&adyton, id, None).await?)?;
    Ok(Reply::Created(made, "tickets.created"))
}

/// One's own ticket, with what was said last.
#[utoipa::path(get, path = "/me/tickets/{ticket_id}", tag = "tickets", operation_id = "my_ticket",
    params(("ticket_id" = i64, Path, minimum = 1)), security(("token" = ["tickets:write"])),
    responses((status = 200, description = "The ticket", body = Found<WholeTicket>)))]
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let ticket = find(&adyton, id, Some(&auth.user().id)).await?;
    Ok(Reply::data(page::json(&ticket)?))
}

/// Closes one's own ticket. A reply opens it again.
#[utoipa::path(post, path = "/me/tickets/{ticket_id}/close", tag = "tickets",
    operation_id = "close_ticket",
    params(("ticket_id" = i64, Path, minimum = 1)), security(("token" = ["tickets:write"])),
    responses((status = 200, description = "It is closed", body = Found<WholeTicket>)))]
pub async fn close(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let owner = &auth.user().id;
    let sql =
        "UPDATE tickets SET status = 'closed', updated_at = $1 WHERE id = $2 AND user_id = $3";
    let values = [adyton.clock().now().into(), id.into(), owner.into()];
    adyton.db().run(sql, &values).await?;
    let ticket = find(&adyton, id, Some(owner)).await?;
    Ok(Reply::data(page::json(&ticket)?))
}

async fn listed(adyton: &Adyton, mut tickets: Listing, query: &Query) -> Result<Reply> {
    if let Some(status) = query.filters(&["status"])?.get("status") {
        tickets.only("tickets.status = ?", [status]);
    }
    let known = [
        ("created_at", "tickets.created_at"),
        ("updated_at", "tickets.updated_at"),
        ("subject", "tickets.subject"),
    ];
    let order = query.sort(&known, "tickets.id DESC")?;
    page::of(adyton, &tickets, &order, query, shown).await
}

/// A ticket, if it is this reader's. Somebody else's is not found: tickets are nobody's business.
async fn find(adyton: &Adyton, id: i64, owner: Option<&UserId>) -> Result<WholeTicket> {
    let mut found = Listing::new(COLUMNS, FROM);
    found.only("tickets.id = ?", [id]);
    if let Some(owner) = owner {
        found.only("tickets.user_id = ?", [owner]);
    }
    let rows = found.first(adyton.db(), "tickets.id", 1).await?;
    Ok(WholeTicket {
        ticket: shown(rows.first().ok_or(Error::NotFound)?)?,
        replies: replies::last_of(adyton, id).await?,
    })
}

fn shown(row: &Row) -> Result<Ticket> {
    Ok(Ticket {
        id: row.get("id")?,
        author: row.get("author")?,
        subject: row.get("subject")?,
        body: row.get("body")?,
        status: Status::named(&row.get::<String>("status")?).unwrap_or(Status::Open),
        replies_count: row.get("replies_count")?,
        created_at: timestamp(row.get("created_at")?),
        updated_at: timestamp(row.get("updated_at")?),
    })
}

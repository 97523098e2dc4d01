//! What happened to a user's own account, failures included.
//!
//! | Route            | Method and path      | Gate                 | Limit |
//! |------------------|----------------------|----------------------|-------|
//! | `activity.index` | `GET /user/activity` | auth, ability `user` | `me`  |
//!
//! `?page=` and `?per_page=` turn pages.

use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::audit::{self, AuditEntry};
use crate::device::Device;
use crate::error::Result;
use crate::guard::Auth;
use crate::http::query::Query;
use crate::http::route::{Feature, Shared, get};
use crate::limit::LimitName;
use crate::wire::{Page, Reply};

pub(super) fn feature() -> Feature {
    let index = get("activity.index", "/user/activity", index)
        .web()
        .ability("user")
        .limited(LimitName::Me);
    Feature::new("activity").route(index)
}

async fn index(State(context): State<Shared>, auth: Auth, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let part = (paging.offset(), paging.per_page);
    let (found, total) = audit::of_user(&context.core, &auth.user().id, part).await?;
    let shown = found.iter().map(shown).collect();
    Ok(Reply::Page(Page::new(
        shown,
        paging.page,
        paging.per_page,
        total,
    )))
}

/// An event as its user is shown it: without the hash, which is for who verifies the log.
fn shown(entry: &AuditEntry) -> Json {
    let device = Device::of(entry.user_agent.as_deref());
    json!({
        "id": entry.number,
        "event": entry.event,
        "outcome": entry.outcome,
        "at": entry.at,
        "ip_address": entry.address,
        "agent": {
            "is_desktop": device.is_desktop,
            "platform": device.platform,
            "browser": device.browser,
        },
        "device": device.names(),
        "facts": entry.facts,
        "actor": entry.actor,
    })
}

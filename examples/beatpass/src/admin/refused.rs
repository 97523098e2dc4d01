//! `GET /admin/refusals`: what the security log knows of attempts that were refused.

use adyton::{Adyton, AuditEntry, Page, Query, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

/// The newest first.
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let (entries, total) = adyton.audit_refused(paging).await?;
    let items = entries.iter().map(shown).collect();
    Ok(Reply::Page(Page::new(
        items,
        paging.page,
        paging.per_page,
        total,
    )))
}

fn shown(entry: &AuditEntry) -> Json {
    json!({
        "number": entry.number,
        "at": entry.at,
        "event": entry.event,
        "user": entry.user,
        "code": entry.facts["code"],
        "address": entry.address,
        "user_agent": entry.user_agent,
    })
}

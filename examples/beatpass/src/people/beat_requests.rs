//! Beat requests: a member says what they look for and what they would pay.

use adyton::{Adyton, Auth, Input, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::json;

/// `POST /beat-requests`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let title = read.text("title", 255);
    let details = read.optional_text("details", 4000);
    let budget = read.integer("budget_cents", 0..=10_000_000);
    read.finish()?;
    let now = adyton.clock().now();
    let sql = "INSERT INTO beat_requests (user_id, title, details, budget_cents, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        (&auth.user().id).into(),
        title.as_str().into(),
        details.clone().into(),
        budget.into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = json!({
        "id": id,
        "title": title,
        "details": details,
        "budget_cents": budget,
        "created_at": timestamp(now),
    });
    Ok(Reply::Created(made, "beat_requests.created"))
}

//! What an operator is shown of a session.

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use crate::store::sessions::SessionRow;
use crate::user::{UserId, timestamp};

/// A session as a list shows it: never what its cookie holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The stored form of its id: it opens nothing.
    pub id: String,
    /// Whose it is.
    pub user: UserId,
    /// Where it was opened from.
    pub address: Option<String>,
    /// What the browser called itself.
    pub user_agent: Option<String>,
    /// How it was opened.
    pub via: Option<&'static str>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When it was last used, as of the last flush.
    pub last_activity: DateTime<Utc>,
}

impl SessionInfo {
    /// The session in JSON.
    pub fn to_json(&self) -> Json {
        json!({
            "id": self.id,
            "user_id": self.user,
            "ip_address": self.address,
            "user_agent": self.user_agent,
            "via": self.via,
            "created_at": timestamp(self.created_at),
            "last_activity": timestamp(self.last_activity),
        })
    }
}

impl From<SessionRow> for SessionInfo {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            user: row.user,
            address: row.address,
            user_agent: row.user_agent,
            via: row.via.map(|via| via.as_str()),
            created_at: row.created_at,
            last_activity: row.last_activity,
        }
    }
}

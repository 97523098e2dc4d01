//! One event of the security log, as it is shown, listed and exported.

use serde_json::{Value as Json, json};

use crate::store::events::EventRow;
use crate::user::UserId;

/// One event of the security log.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditEntry {
    /// From 1, without gaps.
    pub number: i64,
    /// When, in RFC 3339 and UTC.
    pub at: String,
    /// What: one of [`Event::NAMES`](crate::Event::NAMES).
    pub event: String,
    /// How it ended: `done` or `refused`.
    pub outcome: String,
    /// Whom it happened to, where somebody was aimed at.
    pub user: Option<UserId>,
    /// Who did it: `client`, `operator` or `system`.
    pub actor: String,
    /// Where the client was.
    pub address: Option<String>,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// What else is known.
    pub facts: Json,
    /// SHA-256 over this row and the hash before it, in lower-case hex.
    pub hash: String,
}

impl AuditEntry {
    /// The event in JSON.
    pub fn to_json(&self) -> Json {
        json!({
            "number": self.number,
            "at": self.at,
            "event": self.event,
            "outcome": self.outcome,
            "user_id": self.user,
            "actor": self.actor,
            "ip_address": self.address,
            "user_agent": self.user_agent,
            "facts": self.facts,
            "hash": self.hash,
        })
    }
}

impl AuditEntry {
    /// The event in JSON on one line, whatever a client called itself: what ends a line or turns
    /// the direction of writing is escaped.
    pub fn to_line(&self) -> String {
        // Outside of its texts JSON has none of these, so each stands where it may be escaped.
        let mut line = String::new();
        for character in self.to_json().to_string().chars() {
            match steers(character) {
                true => line.extend(format!("\\u{:04x}", u32::from(character)).chars()),
                false => line.push(character),
            }
        }
        line
    }
}

fn steers(character: char) -> bool {
    let turns = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}');
    let isolates = matches!(character, '\u{2066}'..='\u{2069}');
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') || turns || isolates
}

impl From<EventRow> for AuditEntry {
    fn from(row: EventRow) -> Self {
        // A row that was tampered with is shown as it is.
        let facts = serde_json::from_str(&row.facts).unwrap_or_else(|_| row.facts.into());
        Self {
            number: row.number,
            at: row.at,
            event: row.event,
            outcome: row.outcome,
            user: row.user,
            actor: row.actor,
            address: row.address,
            user_agent: row.user_agent,
            facts,
            hash: row.hash,
        }
    }
}

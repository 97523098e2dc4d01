//! What the practice Stripe remembers while the program runs, and what it refuses.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::NOTE;
use super::card::Card;
use super::intent::PracticeIntent;

/// Cards that strangers may leave behind.
const MOST_CARDS: usize = 10_000;

/// Everything, under one lock: each call happens before or after each other.
#[derive(Debug, Default)]
pub struct Book {
    cards: HashMap<String, Card>,
    pub intents: HashMap<String, PracticeIntent>,
    /// By intent.
    pub refunds: HashMap<String, Json>,
    /// By idempotency key: what was answered the first time.
    pub answered: HashMap<String, (u16, Json)>,
}

impl Book {
    /// Keeps a card under a name.
    pub fn keep(&mut self, name: &str, card: Card) {
        if self.cards.len() >= MOST_CARDS {
            self.cards.clear();
        }
        self.cards.insert(name.to_owned(), card);
    }

    pub fn card(&self, name: &str) -> Result<Card, Refused> {
        self.cards.get(name).copied().ok_or(Refused::MISSING)
    }

    pub fn intent(&mut self, id: &str) -> Result<&mut PracticeIntent, Refused> {
        self.intents.get_mut(id).ok_or(Refused::MISSING)
    }
}

/// An error as Stripe words it.
#[derive(Clone, Copy, Debug)]
pub struct Refused {
    pub status: u16,
    kind: &'static str,
    pub code: &'static str,
    pub decline_code: Option<&'static str>,
    says: &'static str,
}

impl Refused {
    pub const MISSING: Self = Self::request(404, "resource_missing", "No such object.");
    pub const KEY: Self = Self::request(401, "api_key_invalid", "The key is not that of practice.");
    pub const UNKNOWN: Self = Self::request(404, "url_invalid", "Practice has no such call.");
    pub const STATE: Self = Self::request(
        400,
        "payment_intent_unexpected_state",
        "The intent is not in a state that allows this.",
    );
    pub const PARAMETER: Self =
        Self::request(400, "parameter_invalid_empty", "A value is missing.");
    pub const REFUNDED: Self = Self::request(
        400,
        "charge_already_refunded",
        "The charge was refunded already.",
    );

    const fn request(status: u16, code: &'static str, says: &'static str) -> Self {
        Self {
            status,
            kind: "invalid_request_error",
            code,
            decline_code: None,
            says,
        }
    }

    /// A card is refused.
    pub const fn card(
        code: &'static str,
        decline_code: Option<&'static str>,
        says: &'static str,
    ) -> Self {
        Self {
            status: 402,
            kind: "card_error",
            code,
            decline_code,
            says,
        }
    }

    pub fn shown(self) -> Json {
        json!({ "practice": NOTE, "error": self.detail() })
    }

    pub fn detail(self) -> Json {
        let mut detail = json!({ "type": self.kind, "code": self.code, "message": self.says });
        if let Some(code) = self.decline_code {
            detail["decline_code"] = code.into();
        }
        detail
    }
}

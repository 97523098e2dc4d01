//! Payments, as the handlers hold them: Stripe where it is set up, and what everybody may know of it.

use std::sync::Arc;

use adyton::{Adyton, Error, Refusal, Reply, Result, Secret};
use axum::Router;
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::practice::{self, Practice};
use super::refusals::{PAYMENTS_NOT_CONFIGURED, PAYMENTS_UNREACHABLE};
use super::settings::{Keys, Settings};
use super::stripe::{CURRENCY, Stripe, Trouble};

/// Payments. Clones are the same.
#[derive(Clone, Debug)]
pub struct Payments {
    till: Option<Arc<Keys>>,
    practice: Option<Practice>,
    is_test: bool,
}

impl Payments {
    /// As the settings have it.
    pub fn new(adyton: &Adyton, settings: Settings) -> Self {
        let (till, practice, is_test) = match settings {
            Settings::Stripe(keys) => {
                let is_test = keys.is_test;
                (Some(*keys), None, is_test)
            }
            Settings::Practice => {
                let practice = Practice::of(adyton);
                (practice.as_ref().and_then(practised), practice, true)
            }
            Settings::Off { is_test } => (None, None, is_test),
        };
        Self {
            till: till.map(Arc::new),
            practice,
            is_test,
        }
    }

    /// Stripe, where it is set up.
    pub fn stripe(&self) -> Result<&Stripe> {
        match &self.till {
            Some(till) => Ok(&till.stripe),
            None => Err(PAYMENTS_NOT_CONFIGURED.into()),
        }
    }

    /// What Stripe signs its events with.
    pub fn webhook_secret(&self) -> Result<&Secret<String>> {
        match &self.till {
            Some(till) => Ok(&till.webhook),
            None => Err(PAYMENTS_NOT_CONFIGURED.into()),
        }
    }

    /// Whether real cards are charged.
    pub fn is_live(&self) -> bool {
        !self.is_test
    }

    /// Where pages load the script that asks for a card, where payments are set up.
    pub fn script(&self) -> Option<&str> {
        self.till.as_ref().map(|till| till.script.as_str())
    }

    /// The routes of the Stripe that this program plays, if it does.
    pub fn practice(&self) -> Router {
        match &self.practice {
            Some(practice) => practice::routes(practice),
            None => Router::new(),
        }
    }
}

/// The same for the Stripe that this program plays.
fn practised(practice: &Practice) -> Option<Keys> {
    Some(Keys {
        stripe: Stripe::at(&practice.address(), &practice.secret).ok()?,
        publishable: practice.publishable.clone(),
        webhook: practice.webhook.clone(),
        script: Practice::script(),
        is_test: true,
    })
}

/// `GET /payments/settings`: what a front end needs before it can ask for a card.
pub async fn show(State(payments): State<Payments>) -> Reply {
    let till = payments.till.as_ref();
    let mut shown = json!({
        "test_mode": payments.is_test,
        "is_configured": till.is_some(),
        "publishable_key": till.map(|till| &till.publishable),
        "script": till.map(|till| &till.script),
        "currency": CURRENCY,
    });
    if payments.is_test {
        shown["test_cards"] = test_cards();
    }
    Reply::data(shown)
}

/// Stripe's test cards, of its documentation. A live key refuses them; nothing here does.
fn test_cards() -> Json {
    json!([
        { "number": "4242 4242 4242 4242", "behavior": "The payment succeeds." },
        { "number": "4000 0000 0000 0002", "behavior": "The card is declined." },
        { "number": "4000 0000 0000 9995", "behavior": "The card has insufficient funds." },
    ])
}

/// The card is the member's to mend; the rest is logged and tried again.
impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        let refusal: Refusal = match trouble {
            Trouble::Declined(refusal) => refusal,
            Trouble::Missing => {
                tracing::warn!("Stripe misses what it made: is this the key of another account?");
                PAYMENTS_UNREACHABLE
            }
            Trouble::Unclear(why) => {
                tracing::warn!(why, "Stripe gave no clear answer");
                PAYMENTS_UNREACHABLE
            }
        };
        refusal.into()
    }
}

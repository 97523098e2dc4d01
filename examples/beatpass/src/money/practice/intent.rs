//! A PaymentIntent of the practice Stripe, and the ways that it goes.

use serde_json::{Value as Json, json};

use super::NOTE;
use super::book::Refused;
use super::card::Card;

#[derive(Debug)]
pub struct PracticeIntent {
    pub id: String,
    pub secret: String,
    pub amount: i64,
    pub currency: String,
    pub purchase: Option<String>,
    pub method: Option<String>,
    pub status: &'static str,
    pub error: Option<Refused>,
}

impl PracticeIntent {
    /// Takes another card, while it may still be charged.
    pub fn take(&mut self, method: String) -> Result<(), Refused> {
        match self.status {
            "requires_payment_method" | "requires_confirmation" => {
                self.method = Some(method);
                self.status = "requires_confirmation";
                Ok(())
            }
            _ => Err(Refused::STATE),
        }
    }

    /// Charges the card. An intent that succeeded, or was cancelled, charges none.
    pub fn confirm(&mut self, card: Card) -> Result<(), Refused> {
        if self.status != "requires_confirmation" {
            return Err(Refused::STATE);
        }
        if card == Card::AsksItsOwner {
            self.status = "requires_action";
            return Ok(());
        }
        self.end(card.refusal())
    }

    /// What the card's owner said to their bank.
    pub fn authenticate(&mut self, secret: &str, is_owner: bool) -> Result<(), Refused> {
        if self.status != "requires_action" || secret != self.secret {
            return Err(Refused::STATE);
        }
        let says = "The card's owner did not confirm the payment.";
        let refusal = Refused::card("payment_intent_authentication_failure", None, says);
        self.end((!is_owner).then_some(refusal))
    }

    pub fn cancel(&mut self) -> Result<(), Refused> {
        match self.status {
            "succeeded" | "canceled" => Err(Refused::STATE),
            _ => {
                self.status = "canceled";
                Ok(())
            }
        }
    }

    fn end(&mut self, refusal: Option<Refused>) -> Result<(), Refused> {
        self.error = refusal;
        match refusal {
            Some(refusal) => {
                self.status = "requires_payment_method";
                self.method = None;
                Err(refusal)
            }
            None => {
                self.status = "succeeded";
                Ok(())
            }
        }
    }

    pub fn shown(&self) -> Json {
        json!({
            "id": self.id,
            "object": "payment_intent",
            "practice": NOTE,
            "amount": self.amount,
            "currency": self.currency,
            "client_secret": self.secret,
            "status": self.status,
            "livemode": false,
            "payment_method": self.method,
            "metadata": { "purchase_id": self.purchase },
            "last_payment_error": self.error.map(Refused::detail),
        })
    }
}

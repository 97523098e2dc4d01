//! Stripe's documented test cards, and what becomes of each.

use super::book::Refused;

/// A card that was entered. Its number is not kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Card {
    Succeeds,
    Declined,
    HasInsufficientFunds,
    AsksItsOwner,
}

impl Card {
    /// The card of what was entered; practice takes no others than these.
    pub fn of(
        number: &str,
        cvc: &str,
        expires: Option<(i32, i32)>,
        now: (i32, i32),
    ) -> Result<Self, Refused> {
        let digits: String = number.chars().filter(|c| !c.is_whitespace()).collect();
        let card = match digits.as_str() {
            "4242424242424242" => Self::Succeeds,
            "4000000000000002" => Self::Declined,
            "4000000000009995" => Self::HasInsufficientFunds,
            "4000002500003155" => Self::AsksItsOwner,
            _ => {
                let says = "Practice takes Stripe's test cards only, such as 4242 4242 4242 4242.";
                return Err(Refused::card("incorrect_number", None, says));
            }
        };
        if !matches!(cvc.len(), 3 | 4) || !cvc.bytes().all(|byte| byte.is_ascii_digit()) {
            let says = "Your card's security code is incomplete.";
            return Err(Refused::card("incorrect_cvc", None, says));
        }
        match expires {
            Some((year, month)) if (1..=12).contains(&month) && (year, month) >= now => Ok(card),
            _ => {
                let says = "Your card's expiration date is in the past.";
                Err(Refused::card("expired_card", None, says))
            }
        }
    }

    /// What its bank says to a charge.
    pub fn refusal(self) -> Option<Refused> {
        match self {
            Self::Succeeds | Self::AsksItsOwner => None,
            Self::Declined => Some(Refused::card(
                "card_declined",
                Some("generic_decline"),
                "Your card was declined.",
            )),
            Self::HasInsufficientFunds => Some(Refused::card(
                "card_declined",
                Some("insufficient_funds"),
                "Your card has insufficient funds.",
            )),
        }
    }
}

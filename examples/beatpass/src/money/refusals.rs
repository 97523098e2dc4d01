//! All that is refused in this room, in words of its own. `docs/errors.md` lists them, and a test
//! compares the two.

use adyton::Refusal;

pub const OWN_TRACK: Refusal = Refusal::field("track", "OWN_TRACK", "This track is your own.");
pub const ALREADY_BOUGHT: Refusal =
    Refusal::field("track", "ALREADY_BOUGHT", "You have bought this track.");
pub const PURCHASE_REFUNDED: Refusal = Refusal::field(
    "track",
    "PURCHASE_REFUNDED",
    "This purchase was refunded. Write to us to buy the track again.",
);
pub const NOT_FOR_SALE: Refusal = Refusal::field(
    "track",
    "NOT_FOR_SALE",
    "This track is not for sale at the moment.",
);
pub const PRICE_TOO_LOW: Refusal = Refusal::field(
    "track",
    "PRICE_TOO_LOW",
    "This track costs less than a card can be charged.",
);

pub const CARD_DECLINED: Refusal = declined("CARD_DECLINED", "Your card was declined.");
pub const INSUFFICIENT_FUNDS: Refusal =
    declined("INSUFFICIENT_FUNDS", "Your card has insufficient funds.");
pub const CARD_EXPIRED: Refusal = declined("CARD_EXPIRED", "Your card has expired.");
pub const CVC_WRONG: Refusal = declined("CVC_WRONG", "Your card's security code is incorrect.");
pub const NUMBER_WRONG: Refusal = declined("NUMBER_WRONG", "Your card number is incorrect.");
pub const NOT_AUTHENTICATED: Refusal = declined(
    "NOT_AUTHENTICATED",
    "Your bank could not confirm that it is you. Try again, or take another card.",
);
pub const PAYMENT_METHOD_UNKNOWN: Refusal = declined(
    "PAYMENT_METHOD_UNKNOWN",
    "This card can not be used any more. Enter it again.",
);

pub const PAYMENTS_NOT_CONFIGURED: Refusal = Refusal::new(
    503,
    "PAYMENTS_NOT_CONFIGURED",
    "Payments are not set up on this server.",
);
pub const PAYMENTS_UNREACHABLE: Refusal = Refusal::new(
    503,
    "PAYMENTS_UNREACHABLE",
    "The payment service does not answer. You are never charged twice: try again in a moment.",
);
pub const SIGNATURE_WRONG: Refusal = Refusal::new(
    400,
    "SIGNATURE_WRONG",
    "The event is not signed by Stripe, or not of late.",
);
pub const EVENT_UNREADABLE: Refusal =
    Refusal::new(400, "EVENT_UNREADABLE", "The event is not one of Stripe's.");
pub const EVENT_MISMATCH: Refusal = Refusal::new(
    422,
    "EVENT_MISMATCH",
    "The event's amount, currency or mode is not that of the purchase.",
);
pub const NOT_CHARGED: Refusal = Refusal::new(
    409,
    "NOT_CHARGED",
    "No card was charged for this purchase here, so nothing can be paid back.",
);
pub const NOT_REFUNDABLE: Refusal = Refusal::new(
    409,
    "NOT_REFUNDABLE",
    "Only a purchase that is paid can be refunded, and only once.",
);

/// Why a card was not charged. A purchase keeps the code of the last of them.
pub const DECLINES: &[Refusal] = &[
    CARD_DECLINED,
    INSUFFICIENT_FUNDS,
    CARD_EXPIRED,
    CVC_WRONG,
    NUMBER_WRONG,
    NOT_AUTHENTICATED,
    PAYMENT_METHOD_UNKNOWN,
];

/// All others.
#[cfg(test)]
pub const REFUSALS: &[Refusal] = &[
    OWN_TRACK,
    ALREADY_BOUGHT,
    PURCHASE_REFUNDED,
    NOT_FOR_SALE,
    PRICE_TOO_LOW,
    PAYMENTS_NOT_CONFIGURED,
    PAYMENTS_UNREACHABLE,
    SIGNATURE_WRONG,
    EVENT_UNREADABLE,
    EVENT_MISMATCH,
    NOT_CHARGED,
    NOT_REFUNDABLE,
];

const fn declined(code: &'static str, says: &'static str) -> Refusal {
    Refusal::field("payment_method", code, says)
}

/// The refusal for what Stripe calls a decline: by its finer code, where there is one.
pub fn of_decline(code: Option<&str>, decline_code: Option<&str>) -> Refusal {
    match decline_code.or(code).unwrap_or_default() {
        "insufficient_funds" => INSUFFICIENT_FUNDS,
        "expired_card" => CARD_EXPIRED,
        "incorrect_cvc" | "invalid_cvc" => CVC_WRONG,
        "incorrect_number" | "invalid_number" => NUMBER_WRONG,
        "authentication_required" | "payment_intent_authentication_failure" => NOT_AUTHENTICATED,
        _ => CARD_DECLINED,
    }
}

/// The decline of a code that a purchase keeps.
pub fn kept(code: &str) -> Option<Refusal> {
    DECLINES
        .iter()
        .find(|decline| decline.code == code)
        .copied()
}

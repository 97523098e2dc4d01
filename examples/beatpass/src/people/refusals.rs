//! All that is refused in this room, in words of its own.

use adyton::Refusal;

pub const RECIPIENT_UNKNOWN: Refusal = Refusal::field(
    "user_id",
    "RECIPIENT_UNKNOWN",
    "Nobody who can be written to has this number.",
);
pub const OWN_REQUEST: Refusal = Refusal::field(
    "beat_request",
    "OWN_REQUEST",
    "You cannot make an offer to yourself.",
);
pub const REQUEST_CLOSED: Refusal = Refusal::field(
    "beat_request",
    "REQUEST_CLOSED",
    "This request takes no more offers.",
);
pub const OFFERED_ALREADY: Refusal = Refusal::field(
    "beat_request",
    "OFFERED_ALREADY",
    "You have made an offer to this request.",
);
pub const TRACK_NOT_YOURS: Refusal = Refusal::field(
    "track_id",
    "TRACK_NOT_YOURS",
    "Offer one of your own tracks that is published.",
);

#[cfg(test)]
pub const REFUSALS: &[Refusal] = &[
    RECIPIENT_UNKNOWN,
    OWN_REQUEST,
    REQUEST_CLOSED,
    OFFERED_ALREADY,
    TRACK_NOT_YOURS,
];

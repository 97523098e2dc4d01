//! What the catalogue refuses for reasons of its own.

use adyton::Refusal;

pub const TRACK_SOLD: Refusal = Refusal::field(
    "track",
    "TRACK_SOLD",
    "Somebody bought this track, so it stays theirs: unpublish it instead.",
);

pub const OWN_ARTIST: Refusal =
    Refusal::field("artist", "OWN_ARTIST", "You cannot follow yourself.");

pub const NOT_BOUGHT: Refusal = Refusal::new(
    403,
    "NOT_BOUGHT",
    "Only its artist and those who bought this track can download it.",
);

#[cfg(test)]
pub const REFUSALS: &[Refusal] = &[TRACK_SOLD, OWN_ARTIST, NOT_BOUGHT];
